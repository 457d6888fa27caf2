"""Scores, intervals, agreement, change, chart rules and the disclosure gate: arrays in, results out."""
