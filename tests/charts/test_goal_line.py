"""A goal's chart: which parts it has at which number of values."""

import json
from datetime import date, timedelta

import pytest

from qualitycycle import charts, i18n
from qualitycycle.cycle import baselines
from qualitycycle.cycle.series import Point
from qualitycycle.model import Action, ActionState, Baseline, BaselineKind, Indicator

NOISE = [71.5, 74, 70, 75, 72, 69, 73, 76, 70, 74, 71, 75, 72, 70, 74, 73, 69, 75, 71, 73]
NEAR_CEILING = [97, 99, 96, 100, 98, 95, 99, 97, 100, 96, 98, 99, 97]
FIRST = date(2026, 1, 5)
WEEK = timedelta(weeks=1)
ACTION = Action(
    action_id="a",
    cycle_id="c",
    title="Samen",
    state=ActionState.DONE,
    start_on=FIRST + 2 * WEEK,
    stopped_on=FIRST + 9 * WEEK,
)


def day(n):
    return FIRST + n * WEEK


def weekly(values, leave_out=(), low=None):
    return [
        Point(day(n), "", float(value), None, low, low and 90.0)
        for n, value in enumerate(values)
        if n not in leave_out
    ]


def decision(kind, n, reason="Nieuwe methode"):
    return Baseline(baseline_id=f"{kind}{n}", indicator_id="i", kind=kind, applies_on=day(n), reason=reason)


def figure(points, decisions=(), *, actions=(), language="en", compact=False, **fields):
    indicator = Indicator(
        indicator_id="i", goal_id="g", title="Lessen", **{"unit": "%", "target": 80.0, **fields}
    )
    with i18n.speaking(language):
        line = baselines.read(indicator, points, decisions)
        return charts.goal_line(line, actions, theme="light", compact=compact)


def parts(one):
    """The kinds of rows that the specification draws, and whether it draws a line."""
    kinds = {
        step["filter"].split("'")[1] for layer in one.spec["layer"] for step in layer.get("transform", [])
    }
    lines = {layer["mark"]["type"] for layer in one.spec["layer"]}
    return kinds & {"median", "limit", "provisional", "outside"} | lines & {"line"}


@pytest.mark.parametrize(
    ("n", "wanted"),
    [
        (2, set()),
        (3, {"line"}),
        (9, {"line"}),
        (10, {"line", "median"}),
        (12, {"line", "median", "limit", "provisional", "outside"}),
        (20, {"line", "median", "limit", "provisional", "outside"}),
    ],
)
def test_the_number_of_values_decides_which_parts_there_are(n, wanted):
    assert parts(figure(weekly(NOISE[:n]))) == wanted


@pytest.mark.parametrize(("n", "kind"), [(19, "provisional"), (20, "limit")])
def test_limits_are_provisional_until_twenty_values(n, kind):
    rows = figure(weekly(NOISE[:n])).data

    assert set(rows.kind) & {"provisional", "limit"} == {kind}


def test_a_specification_holds_no_data():
    text = json.dumps(figure(weekly(NOISE)).spec)

    assert "71.5" not in text and "datasets" not in text


def test_the_specification_is_the_same_for_the_same_kind():
    assert figure(weekly(NOISE)).spec is figure(weekly(NOISE[::-1])).spec


@pytest.mark.parametrize(("language", "sign"), [("nl", ","), ("en", ".")])
def test_numbers_carry_the_decimal_sign_of_the_language(language, sign):
    one = figure(weekly(NOISE), language=language)

    assert one.spec["config"]["locale"]["number"]["decimal"] == sign
    assert f"71{sign}5%" in set(one.table.iloc[:, 1])


@pytest.mark.parametrize(("n", "there"), [(9, True), (10, False)])
def test_intervals_stand_beside_values_that_are_not_judged_yet(n, there):
    rows = figure(weekly(NOISE[:n], low=60.0)).data

    assert bool(rows.low.notna().any()) is there


def test_a_missed_moment_leaves_a_gap_in_the_line():
    rows = figure(weekly(NOISE[:9], leave_out={4})).data

    assert rows[rows.kind == "value"].piece.nunique() == 2


def test_limits_of_a_percentage_are_drawn_up_to_a_hundred():
    one = figure(weekly(NEAR_CEILING))

    assert one.data[one.data.kind == "provisional"].value.max() == 100
    assert "The picture stops at 0% and 100%" in dict(one.how)["Median and limits:"]


def test_limits_of_another_unit_are_drawn_where_they_are():
    rows = figure(weekly(NEAR_CEILING), unit="punten").data

    assert rows[rows.kind == "provisional"].value.max() > 100


def test_old_parts_stay_visible_after_a_new_start():
    one = figure(weekly(NOISE), [decision(BaselineKind.REBASE, 12)])

    assert (one.data.kind == "value").sum() == 20
    assert (one.data.kind == "median").sum() == 1


def test_marks_differ_in_dashes_and_shapes():
    dashes = {tuple(dash) for _shape, _sign, dash, _text in charts.MARKS.values()}
    shapes = {shape for shape, _sign, _dash, _text in charts.MARKS.values()}

    assert len(dashes) == len(shapes) == len(charts.MARKS)


def test_every_mark_stands_in_the_table():
    found = [decision(BaselineKind.FREEZE, 8, "Vóór de actie"), decision(BaselineKind.REBASE, 12)]

    remarks = set(figure(weekly(NOISE), found, actions=[ACTION]).table["Note"])

    assert {
        "Action starts: Samen",
        "Action stops: Samen",
        "Start period ends: Vóór de actie",
        "Counting starts again: Nieuwe methode",
    } <= remarks


def test_an_action_that_is_only_planned_is_not_marked():
    planned = Action(action_id="a", cycle_id="c", title="Later", start_on=day(3), state=ActionState.PLANNED)

    assert "action" not in set(figure(weekly(NOISE), actions=[planned]).data.kind)


def test_a_value_outside_the_limits_has_a_ring_and_words():
    one = figure(weekly([*NOISE[:-1], 99]))

    assert (one.data.kind == "outside").sum() == 1
    assert "outside the limits" in set(one.table["Note"])


def test_the_card_has_neither_limits_nor_sentences():
    one = figure(weekly(NOISE), compact=True)

    assert (parts(one), one.notes) == ({"line"}, ())


def test_the_full_chart_says_its_verdict_and_why_it_is_this_chart():
    notes = figure(weekly(NOISE)).notes

    assert (notes[0], notes[2]) == (
        "No signal: what you see fits ordinary ups and downs.",
        "20 values: a run chart with firm limits.",
    )


def test_how_calculated_names_method_data_limits_false_alarms_and_source():
    labels = {label for label, _text in figure(weekly(NOISE)).how}

    assert {
        "Why this chart:",
        "Method:",
        "Data:",
        "Median and limits:",
        "Chance of a false alarm:",
        "Source:",
    } <= labels


def test_the_picture_in_words_says_the_verdict():
    assert "No signal" in figure(weekly(NOISE)).alt


def test_a_typed_note_stands_beside_the_date():
    points = [Point(FIRST, "tijdens de toetsweek", 70.0, None)]

    [row] = figure(points).table.to_dict("records")

    assert (row["When"], row["Note"]) == ("5 Jan 2026", "tijdens de toetsweek")
