"""Pictures of outcomes: asked as a view, answered through the gate, kept as they were."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from qualitycycle import i18n, sentences
from qualitycycle.analysis import proportions, pupils
from qualitycycle.cycle import comparing, series, views
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import NotAllowed, ViewRefused
from qualitycycle.model import Team
from qualitycycle.ui import pictures
from tests import planted

SCORES = [90.0 + n for n in range(20)]


def test_a_view_is_kept_and_read_back():
    view = View(ViewKind.LINE, planted.line("5"), end="2025-2026 M", expected=8.0)

    kept = json.loads(json.dumps(views.as_json(view)))

    assert views.view_from(kept) == view
    assert "start" not in kept


def test_what_is_no_view_is_not_read():
    with pytest.raises(ValueError, match="kind"):
        views.view_from({"selection": planted.line("5").as_json()})


def test_a_word_is_no_number():
    with pytest.raises(TypeError, match="float"):
        views.view_from({"kind": "gain", "selection": planted.line("5").as_json(), "expected": "much"})


def test_a_line_is_a_view(north_school):
    north_school.import_scores({"2024-2025": SCORES, "2025-2026": SCORES[:10]})
    view = View(ViewKind.LINE, planted.line("5"))

    found = views.result(north_school.store, north_school.leader, view)

    assert found.figures == series.series(north_school.store, north_school.leader, planted.line("5"))
    assert (found.n, found.data_version) == (10, north_school.store.data_version)
    assert [point.value for point in found.points] == [99.5, 94.5]


def test_moments_without_a_date_stand_in_time_and_not_by_their_letter(north_school):
    earlier = [score - 9.5 for score in SCORES]
    for moment, scores in (("E", SCORES[5:]), ("B", earlier[:10]), ("M", earlier[4:])):
        north_school.import_scores({"2025-2026": scores}, moment=moment)

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LINE, planted.line("5")))

    assert [point.label for point in found.points] == ["2025-2026 B", "2025-2026 M", "2025-2026 E"]
    with i18n.speaking("en"):
        alt = pictures.figure(found, theme="light").alt
    assert alt.endswith(
        "3 values, the last 102.0 (2025-2026, end of the year (E), n = 15, 95% interval 99.5 to 104.5)."
    )


def test_a_result_is_kept_and_read_back(north_school):
    north_school.import_scores({"2024-2025": SCORES, "2025-2026": SCORES[:10]})
    found = views.result(north_school.store, north_school.leader, View(ViewKind.LINE, planted.line("5")))

    kept = json.loads(json.dumps(views.result_as_json(found)))

    assert views.result_from(kept) == found


def test_a_view_of_too_few_says_so(north_school):
    north_school.import_scores({"2025-2026": SCORES[:4]})

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LINE, planted.line("5")))

    assert (found.figures, found.n, found.points, found.reason) == (None, None, (), "too_few")


def test_a_reader_sees_no_year_group(north_school):
    north_school.import_scores({"2025-2026": SCORES})

    with pytest.raises(NotAllowed):
        views.result(north_school.store, north_school.reader, View(ViewKind.LINE, planted.line("5")))


# --- the same pupils twice -------------------------------------------------------------------------------


def _reference(name):
    folder = Path(__file__).parents[1] / "data" / "reference" / "psychometrics"
    expected = json.loads((folder / f"{name}.json").read_text())["expected"]
    return pd.read_csv(folder / f"{name}.csv"), expected


def _import_twice(world, frame, years=("2024-2025", "2025-2026"), groups=("4", "5")):
    """Scores before and after as two moments of one cohort; without a score there is no row."""
    for column, year, group in zip(("pre", "post"), years, groups, strict=True):
        scores = frame.dropna(subset=column)
        world.import_frame(
            pd.DataFrame(
                {
                    "line": range(len(scores)),
                    "pupil": scores["pupil"],
                    "school_year": year,
                    "moment": "M",
                    "year_group": group,
                    "subject": "reading_comprehension",
                    "test_maker": "cito",
                    "test": "BL",
                    "edition": "3.0",
                    "scale": "BL 3.0",
                    "score_kind": "score",
                    "value": scores[column],
                    "status": "value",
                }
            )
        )


def _gain(world, who=None, **more):
    view = View(ViewKind.GAIN, planted.line("5"), start="2024-2025 M", end="2025-2026 M", **more)
    return views.result(world.store, who or world.leader, view)


def test_a_gain_is_that_of_the_reference(north_school):
    frame, expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)

    found = _gain(north_school)

    names = {
        "mean_start": "mean_pre", "mean_end": "mean_post", "gain": "mean_diff", "low": "diff_low", "high": "diff_high",
        "d": "d_av_rms", "d_low": "d_av_bonett_low", "d_high": "d_av_bonett_high",
    }  # fmt: skip
    told = {name: getattr(found.figures, name) for name in names}
    assert told == {name: round(expected[key], 2) for name, key in names.items()}
    assert (found.n, found.figures.n_start, found.figures.n_end) == (24, 24, 24)
    assert [(point.value, point.n) for point in found.points] == [(told["gain"], 24)]


def test_lost_pupils_are_counted_where_they_are_enough(north_school):
    frame = pd.DataFrame({"pupil": [f"p{n}" for n in range(30)], "pre": 90.0, "post": 100.0})
    frame.loc[:5, "post"] = None
    _import_twice(north_school, frame)

    found = _gain(north_school).figures

    assert (found.n_start, found.n_end, found.n_pairs, found.n_lost, found.n_came) == (30, 24, 24, 6, None)


def test_growth_is_set_against_a_named_norm(north_school):
    frame, _expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)

    found = _gain(north_school, expected=6.0, norm="Norm 2024", norm_spread=10.0).figures

    own = pupils.growth(frame["pre"], frame["post"], 6.0).excess
    assert (found.excess, found.excess_low) == (round(own.mean, 2), round(own.t_ci_low, 2))
    assert found.standard_excess == round(own.mean / 10, 2)
    assert found.norm.name == "Norm 2024"


def test_a_group_chosen_for_low_scores_rises_by_itself(north_school):
    frame, expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)

    found = _gain(north_school, chosen_from=105.0, reliability=0.8).figures

    assert found.regression == round(0.2 * (105.0 - expected["mean_pre"]), 2)


def test_a_cohort_is_followed_over_its_years(north_school):
    frame, expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)
    view = View(ViewKind.COHORT, planted.line("4"), start="2024-2025 M")

    found = views.result(north_school.store, north_school.leader, view)

    assert [(one.label, one.year_group, one.n) for one in found.figures.points] == [
        ("2024-2025 M", "4", 24),
        ("2025-2026 M", "5", 24),
    ]
    assert found.points[1].value == round(expected["mean_post"], 2)


# --- what is never done ----------------------------------------------------------------------------------

OTHERS = {
    "edition": "4.0",
    "test_maker": "iep",
    "test": "LB",
    "scale": "BL 4.0",
    "subject": "maths",
    "score_kind": "percentage",
}


@pytest.mark.parametrize("name", OTHERS)
def test_no_gain_over_two_scales(north_school, name):
    before = planted.line("4", **{name: OTHERS[name]})

    with pytest.raises(ViewRefused) as caught:
        _gain(north_school, before=before)

    assert caught.value.reason == f"other_{name}"
    assert "{" not in sentences.of(caught.value)
    assert sentences.of(caught.value) != sentences.of(ViewRefused("gain", "unheard of"))


@pytest.mark.parametrize(
    ("kind", "line", "reason"),
    [
        (ViewKind.GAIN, {"score_kind": "level"}, "levels_not_points"),
        (ViewKind.GAIN, {"score_kind": "mark"}, "mark"),
        (ViewKind.COHORT, {"score_kind": "percentage"}, "percentage"),
        (ViewKind.COHORT, {"score_kind": "count"}, "count"),
        (ViewKind.GAIN, {"test": None, "scale": None}, "scale_unknown"),
        (ViewKind.GAIN, {"year_group": "S"}, "year_group_unknown"),
        (ViewKind.GAIN, {"pupils": False}, "not_pupils"),
        (ViewKind.LEVELS, {}, "no_levels"),
        (ViewKind.FUNNEL, {}, "no_levels"),
        (ViewKind.COUNTS, {}, "not_counts"),
    ],
)
def test_a_picture_that_does_not_fit_says_why(north_school, kind, line, reason):
    selection = replace(planted.line("5"), **line)

    with pytest.raises(ViewRefused) as caught:
        views.result(north_school.store, north_school.leader, View(kind, selection, start="2024-2025 M"))

    assert caught.value.reason == reason
    assert comparing.fitting(selection)[kind] == reason
    assert (ViewRefused, reason) in sentences.REASONS


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("2025-2026 M", "2025-2026 M", "same_moment"),
        ("2026-2027 M", "2025-2026 M", "moment_unknown"),
    ],
)
def test_moments_that_cannot_be_subtracted(north_school, start, end, reason):
    frame, _expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)

    with pytest.raises(ViewRefused) as caught:
        views.result(
            north_school.store,
            north_school.leader,
            View(ViewKind.GAIN, planted.line("5"), start=start, end=end),
        )

    assert caught.value.reason == reason


def test_a_gain_of_other_pupils_is_refused(north_school):
    with pytest.raises(ViewRefused) as caught:
        _gain(north_school, before=planted.line("5"))

    assert caught.value.reason == "other_pupils"


def test_a_member_sees_no_gain_that_starts_in_another_team(north_school):
    frame, _expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)
    team = north_school.teams["Onderbouw"]
    own = {"year_groups": ["5"]}
    north_school.store.write(
        lambda tx: tx.change(Team, team, None, **own), actor=north_school.leader, verb="test"
    )

    assert views.result(
        north_school.store, north_school.member, View(ViewKind.LINE, planted.line("5"))
    ).points
    with pytest.raises(NotAllowed):
        _gain(north_school, north_school.member)


# --- levels ----------------------------------------------------------------------------------------------


def _levels(world, year, counts, group="Groep 5", year_group="5"):
    levels = " ".join(level for level, n in counts.items() for _ in range(n))
    world.import_levels(levels, school_year=year, group_name=group, year_group=year_group)


LEVELS = planted.line("5", score_kind="level")


def test_levels_are_counted_from_high_to_low(north_school):
    _levels(north_school, "2025-2026", {"V": 3, "I": 5, "III": 6})

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LEVELS, LEVELS))

    assert found.figures.levels == ("I", "III", "V")
    assert [(row.label, row.group, row.n, row.counts) for row in found.figures.rows] == [
        ("2025-2026 M", None, 14, (5, 6, 3))
    ]
    assert found.n == 14


def test_the_number_with_levels_is_of_everybody_and_not_of_the_last_group(north_school):
    rows = [
        {
            "line": n, "pupil": f"p{n}", "school_year": "2025-2026", "moment": "M", "year_group": "5",
            "group_name": "5a" if n < 14 else "5b", "subject": "reading_comprehension", "test_maker": "cito",
            "test": "BL", "edition": "3.0", "scale": "BL 3.0", "score_kind": "level", "level_name": "I",
            "status": "value",
        }
        for n in range(25)
    ]  # fmt: skip
    north_school.import_frame(pd.DataFrame(rows))

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LEVELS, LEVELS))

    assert [(row.group, row.n) for row in found.figures.rows] == [(None, 25), ("5a", 14), ("5b", 11)]
    assert found.n == 25


def test_fewer_than_ten_are_no_distribution(north_school):
    _levels(north_school, "2025-2026", {"I": 5, "III": 4})

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LEVELS, LEVELS))

    assert (found.figures, found.reason) == (None, "too_few")


def test_a_share_changes_with_newcombes_interval(north_school):
    _levels(north_school, "2024-2025", {"I": 40, "V": 20})
    _levels(north_school, "2025-2026", {"I": 52, "V": 9})
    view = View(ViewKind.CHANGE, replace(LEVELS, level="I"), start="2024-2025 M", end="2025-2026 M")

    found = views.result(north_school.store, north_school.leader, view).figures

    own = proportions.share_difference(40, 60, 52, 61)
    assert (found.reached_first, found.reached_last) == (40, 52)
    assert (found.difference, found.low) == (100 * own.diff, 100 * own.newcombe_lo)
    assert (round(found.low), round(found.high), found.distinguishable) == (3, 33, True)


def test_a_share_of_the_same_pupils_is_no_change_of_others(north_school):
    _levels(north_school, "2025-2026", {"I": 40, "V": 20})
    north_school.import_levels("I " * 30, moment="E")
    view = View(ViewKind.CHANGE, replace(LEVELS, level="I"), start="2025-2026 M", end="2025-2026 E")

    with pytest.raises(ViewRefused) as caught:
        views.result(north_school.store, north_school.leader, view)

    assert caught.value.reason == "same_pupils"


def _six_groups(world, n=12):
    rows = []
    for place in range(6):
        levels = ["I"] * (2 + place) + ["V"] * (n - 2 - place)
        rows += [
            (f"{place} {one}", f"Groep {3 + place}", str(3 + place), level)
            for one, level in enumerate(levels)
        ]
    frame = pd.DataFrame(rows, columns=["pupil", "group_name", "year_group", "level_name"])
    world.import_frame(
        frame.assign(
            line=range(len(rows)),
            school_year="2025-2026",
            moment="M",
            subject="maths",
            test="RW",
            score_kind="level",
            status="value",
        )
    )


FUNNEL = View(
    ViewKind.FUNNEL, series.Selection("maths", "level", True, test="RW", level="I"), end="2025-2026 M"
)


def test_groups_stand_in_a_funnel_around_the_whole(north_school):
    _six_groups(north_school)

    found = views.result(north_school.store, north_school.leader, FUNNEL)

    own = proportions.funnel([("a", 2, 12)] + [("b", 5, 12)] * 5, target=27 / 72)
    assert (found.n, found.figures.share, found.figures.enough) == (72, 100 * 27 / 72, True)
    assert found.figures.groups[0].high == 100 * own.points[0].exact_ul95
    # By number of pupils and name, never by what they reach.
    assert [group.name for group in found.figures.groups] == [f"Groep {3 + n}" for n in range(6)]


def test_a_funnel_of_all_groups_is_not_for_a_member(north_school):
    with pytest.raises(NotAllowed):
        views.result(north_school.store, north_school.member, FUNNEL)


def test_every_kind_is_kept_and_read_back(north_school):
    frame, _expected = _reference("D40_prepost_class")
    _import_twice(north_school, frame)
    _six_groups(north_school)
    _levels(north_school, "2024-2025", {"I": 40, "V": 20})
    _levels(north_school, "2025-2026", {"I": 52, "V": 9})
    north_school.import_scores(
        {"2025-2026": [7.0]}, pupil=None, score_kind="count", subject="maths", n_pupils=12
    )
    count = series.Selection("maths", "count", False, "cito", "BL", "3.0", "BL 3.0", "5")
    asked = [
        View(ViewKind.COHORT, planted.line("4"), start="2024-2025 M"),
        View(ViewKind.GAIN, planted.line("5"), start="2024-2025 M", end="2025-2026 M"),
        View(ViewKind.LEVELS, LEVELS),
        View(ViewKind.CHANGE, replace(LEVELS, level="I"), start="2024-2025 M", end="2025-2026 M"),
        FUNNEL,
        View(ViewKind.COUNTS, count),
    ]

    found = [views.result(north_school.store, north_school.leader, view) for view in asked]

    assert all(one.figures is not None and one.n for one in found)
    kept = [json.loads(json.dumps(views.result_as_json(one))) for one in found]
    assert [views.result_from(one) for one in kept] == found
