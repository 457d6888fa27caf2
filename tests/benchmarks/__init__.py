"""Speed, measured beside something else in the same run. A figure by itself says more about the computer.

A module here with a function `run() -> list[Row]` is a benchmark of that name; `python -m tests.benchmarks` runs them.
"""
