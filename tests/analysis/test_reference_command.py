"""The command that compares: it must see a wrong value, an unknown key and a case that stops."""

import json
import shutil
from pathlib import Path

import pytest

from tests import reference

DATA = Path(__file__).parents[1] / "data" / "reference"
CASE = "D30_change_small"


@pytest.fixture
def one_case(tmp_path):
    for suffix in (".json", ".csv"):
        shutil.copy(DATA / "psychometrics" / f"{CASE}{suffix}", tmp_path)
    return tmp_path


def _rewrite(directory, change):
    path = directory / f"{CASE}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_directory_that_agrees_ends_with_zero(one_case, capsys):
    code = reference.main([str(one_case)])

    assert (code, capsys.readouterr().out.splitlines()[-1].split(",")[1]) == (0, " 0 differ")


def test_a_value_just_outside_its_tolerance_is_printed_with_case_and_key(one_case, capsys):
    _rewrite(one_case, lambda content: content["expected"].update(welch_se=0.498293258349505))

    code = reference.main([str(one_case)])

    assert code == 1
    assert capsys.readouterr().out.startswith(
        f"{CASE} welch_se: expected 0.498293258349505, got 0.49829325734950"
    )


def test_a_null_where_the_program_has_a_figure_is_a_difference(one_case):
    _rewrite(one_case, lambda content: content["expected"].update(g=None))

    assert reference.main([str(one_case)]) == 1


def test_a_key_the_program_does_not_know_is_a_difference(one_case):
    _rewrite(one_case, lambda content: content["expected"].update(a_new_statistic=1.0))

    assert reference.main([str(one_case)]) == 1


def test_a_case_that_stops_is_a_difference_and_the_others_go_on(one_case, capsys):
    shutil.copy(DATA / "psychometrics" / "D60_bootstrap_small.json", one_case)

    code = reference.main([str(one_case)])

    assert (code, "(stopped)" in capsys.readouterr().out) == (1, True)


def test_a_kind_nobody_has_heard_of_is_a_difference(one_case):
    _rewrite(one_case, lambda content: content.update(kind="horoscope"))

    assert reference.main([str(one_case)]) == 1


def test_a_directory_without_cases_does_not_pass(tmp_path):
    assert reference.main([str(tmp_path)]) == 1
