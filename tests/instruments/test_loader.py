"""Questionnaires are data files; one that does not fit is refused with the place."""

from importlib import resources

import pytest

from qualitycycle import instruments
from qualitycycle.errors import InstrumentInvalid

TEXT = resources.files(instruments).joinpath("collectief_vakmanschap.toml").read_text(encoding="utf-8")


def test_the_three_characteristics_stand_together_and_culture_and_roles_beside_them():
    scales = instruments.instrument("collectief_vakmanschap").scales

    assert [(scale.key, scale.group) for scale in scales] == [
        ("goals", "efficacy"),
        ("action", "efficacy"),
        ("evidence", "efficacy"),
        ("culture", "beside"),
        ("roles", "beside"),
    ]


@pytest.mark.parametrize("one", instruments.all_instruments(), ids=lambda one: one.key)
def test_every_group_has_a_title_in_each_language_and_a_scale(one):
    assert {scale.group for scale in one.scales} == set(one.groups)
    assert all(set(title) == set(one.languages) for title in one.groups.values())


def test_a_scale_of_an_unknown_group_is_refused():
    with pytest.raises(InstrumentInvalid) as refused:
        instruments.read(TEXT.replace('group = "beside"', 'group = "elsewhere"'), "own.toml")

    assert (refused.value.file, refused.value.where) == ("own.toml", "scales 4 (culture) group")


def test_a_questionnaire_without_groups_is_read():
    start, end = TEXT.index("# Scales of one group"), TEXT.index("[[scales]]")
    text = "\n".join(
        line for line in (TEXT[:start] + TEXT[end:]).splitlines() if not line.startswith("group =")
    )

    assert {scale.group for scale in instruments.read(text, "own.toml").scales} == {""}
