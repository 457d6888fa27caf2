"""Every case of the reference set, one test each."""

from pathlib import Path

import pytest

from tests import reference

DATA = Path(__file__).parents[1] / "data" / "reference"
PUBLISHED = DATA / "psychometrics" / "published"


def _parameters(directory):
    return [pytest.param(run, id=name) for name, run in reference.cases(directory)]


def _disagreements(run):
    return [f"{check.key}: {check.expected!r} / {check.got!r}" for check in run() if _differs(check)]


def _differs(outcome):
    return isinstance(outcome, reference.Check) and not outcome.agrees


@pytest.mark.parametrize("run", _parameters(DATA / "psychometrics"))
def test_scores_and_statistics_agree_with_the_reference_case(run):
    assert _disagreements(run) == []


@pytest.mark.parametrize("run", _parameters(DATA / "spc"))
def test_charts_and_shares_agree_with_the_reference_case(run):
    assert _disagreements(run) == []


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published examples are not part of this repository")
def test_published_examples_are_reproduced():
    disagreements = [line for _, run in reference.cases(PUBLISHED) for line in _disagreements(run)]

    assert disagreements == []
