"""Scores, intervals, agreement, change, charts' rules and the disclosure gate: arrays in, frozen results out."""
