"""Numbered SQL files, each run once in one transaction; never edited after they were released."""
