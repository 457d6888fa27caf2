"""The benchmarks compare the same figures, and say so when they cannot. No time is tested here."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import scale_report
from tests.benchmarks.measuring import Row


def test_both_sides_of_the_scale_report_give_the_same_figures():
    pg = pytest.importorskip("pingouin")

    scale_report.check_same(pg, scale_report.answers())


def test_without_pingouin_the_table_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pingouin", None)
    monkeypatch.setattr(scale_report, "in_turns", lambda *calls: [1.0 for _ in calls])

    rows = scale_report.run()

    assert rows[-1].value is None and "pip install" in command.figure(rows[-1])


def test_a_name_that_is_no_benchmark_is_refused(capsys):
    assert command.main(["no_such"]) == 2
    assert "scale_report" in capsys.readouterr().err


def test_a_row_says_its_figure_and_what_stands_beside_it():
    row = Row("a", 12.345, "ms", ratio=0.5, beside="b")

    assert (command.figure(row), command.beside(row)) == ("12.3 ms", "0.5 × b")
