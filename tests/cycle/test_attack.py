"""Somebody who sees everything that is published, at every moment, and can add and subtract.

What is known of each figure is its group, its n and its mean as published. No set of fewer than five people may follow
from those, not even by adding n times the mean with other weights.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle import config, instruments
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group, violations
from qualitycycle.cycle import answering, evidence, import_batches, results, rounds, series
from qualitycycle.store.connect import open_store
from tests import planted
from tests.cycle.conftest import set_up

FLOOR = disclosure.FLOOR
slow = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
TEAM_NAMES = ("Alfa", "Bravo", "Charlie", "Delta")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        store = open_store(tmp_path_factory.mktemp("attacked"))
        with config.as_of(date(2026, 9, 1)):
            made = set_up(
                store,
                "Aanvalschool",
                dict.fromkeys(TEAM_NAMES, 12),
                "2026-2027",
                date(2026, 8, 31),
                date(2027, 7, 16),
            )
        yield made
        store.close()


# --- a staff round ---------------------------------------------------------------------------------------

INSTRUMENT = instruments.instrument("collectief_vakmanschap")
SCALE = INSTRUMENT.scales[0]
# Per team: how many answered everything, and how many left the first statement open.
team = st.tuples(st.integers(0, 12), st.integers(0, 3))
teams = st.lists(team, min_size=2, max_size=4)


def _closed(world, sizes):
    """A closed round; each person gives one value, so that figures differ between teams."""
    names = [world.teams[name] for name in TEAM_NAMES[: len(sizes)]]
    opened = rounds.open_round(
        world.store,
        world.leader,
        cycle_id=world.running,
        instrument_key=INSTRUMENT.key,
        title="Afname",
        invited=dict.fromkeys(names, 16),
    )
    given_in = [
        (name, {item.key: 1 + (place + person) % 6 for item in INSTRUMENT.items if item.key != left_out})
        for place, (name, (n_all, n_some)) in enumerate(zip(names, sizes, strict=True))
        for person, left_out in enumerate([""] * n_all + [SCALE.items[0]] * n_some)
    ]
    round_id = opened.round.round_id
    world.store.write(
        lambda tx: answering.store_responses(tx, round_id, given_in), actor=world.leader, verb="test"
    )
    return rounds.close_round(world.store, world.leader, round_id), names


def _cells(names, sizes):
    return {
        f"{name} {kind}": n
        for name, size in zip(names, sizes, strict=True)
        for kind, n in zip(("all", "some"), size, strict=True)
    }


def _of(key, names, *kinds):
    return frozenset(f"{name} {kind}" for name in names for kind in kinds if key in (rounds_school(), name))


def rounds_school():
    return results.SCHOOL


def _published(world, one, names):
    """What each exit tells, as groups per figure: the scale, each statement, and what those say together."""
    told = {"scale": [], "first": [], "together": []}
    result = rounds.result(world.store, world.leader, one.round_id)
    piece = evidence.from_round(world.store, world.leader, one.round_id, world.running)
    snapshot = evidence.frozen.from_json(piece.figure)
    line = {
        group.key: results.over_rounds(world.store, world.leader, [one], group.key, SCALE.key)
        for group in result.groups
    }
    for seen in (result, snapshot):
        for group in seen.groups:
            for scale in group.scales:
                if scale.key == SCALE.key and scale.mean is not None:
                    _tell(told, group.key, scale, names)
    for key, points in line.items():
        if any(point.scale for point in points):
            told["scale"].append(Group(f"line {key}", _of(key, names, "all", "some")))
    return told


def _tell(told, key, scale, names):
    name = f"{key} {len(told['scale'])}"
    told["scale"].append(Group(name, _of(key, names, "all", "some")))
    shown = {item.key for item in scale.items}
    if SCALE.items[0] in shown:
        told["first"].append(Group(name, _of(key, names, "all")))
    # A score is the mean of what was answered: the sum of scores less the sums of all statements is about those who
    # left one open.
    if shown == set(SCALE.items):
        told["together"].append(Group(name, _of(key, names, "some")))


@slow
@given(teams)
def test_no_few_follow_from_a_round(world, sizes):
    one, names = _closed(world, sizes)
    told = _published(world, one, names)

    cells = _cells(names, sizes)
    assert violations(cells, told["scale"], k_min=FLOOR) == ()
    assert violations(cells, told["first"], k_min=FLOOR) == ()
    # That nobody left a statement open is no figure about anybody.
    assert [found for found in violations(cells, told["together"], k_min=FLOOR) if found.n] == []


def test_the_attack_on_a_round_succeeds_without_the_gate(world, no_gate):
    sizes = [(12, 0), (3, 0)]
    one, names = _closed(world, sizes)

    assert violations(_cells(names, sizes), _published(world, one, names)["scale"], k_min=FLOOR)


@slow
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_an_open_round_tells_only_how_many_answered_in_all(world, sizes):
    names = [world.teams[name] for name in TEAM_NAMES[: len(sizes)]]
    opened = rounds.open_round(
        world.store,
        world.leader,
        cycle_id=world.running,
        instrument_key="weekpeiling",
        title="Loopt",
        invited=dict.fromkeys(names, 9),
    )
    pulse = instruments.instrument("weekpeiling").items
    for name, n in zip(names, sizes, strict=True):
        for code in opened.codes[name][:n]:
            answering.answer(world.store, world.member, code, {item.key: 3 for item in pulse})

    told = rounds.progress(world.store, world.leader, opened.round.round_id)

    assert vars(told) == {"n_answered": sum(sizes), "n_invited": 9 * len(sizes)}
    assert set(vars(told)) == {"n_answered", "n_invited"}


def test_one_statement_is_kept_back_when_one_person_left_it_open(world):
    one, _names = _closed(world, [(12, 1), (11, 0)])

    result = rounds.result(world.store, world.leader, one.round_id)

    shown = {
        scale.key: [item.key for item in scale.items] for group in result.groups for scale in group.scales
    }
    assert shown[SCALE.key] == list(SCALE.items[1:])
    assert all(len(shown[other.key]) == len(other.items) for other in INSTRUMENT.scales[1:])


# --- pupils, import after import -------------------------------------------------------------------------

# Each pupil has a score of her own of which no sum of others is near: n times a published mean names the pupils.
UNIT = 1000.0
N_PUPILS = 14
pupils = st.sets(st.integers(0, N_PUPILS - 1), min_size=1)
# An import of some pupils, with other scores than before or not; an earlier import taken back or counting again; one
# that takes the place of an earlier one, or brings more of its pupils.
versions = st.tuples(pupils, st.integers(0, 1))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("in"), versions),
        st.tuples(st.just("turn"), st.integers(0, 4)),
        st.tuples(st.just("replace"), st.tuples(st.integers(0, 4), versions)),
        st.tuples(st.just("correct"), st.tuples(st.integers(0, 4), versions)),
    ),
    min_size=1,
    max_size=6,
)


def _import(world, who, year_group, version=0, **beside):
    frame = pd.DataFrame(
        [
            {
                "line": n,
                "pupil": f"{year_group} p{n}",
                "school_year": "2025-2026",
                "moment": "M",
                "year_group": year_group,
                "subject": "reading_comprehension",
                "test_maker": "cito",
                "test": "BL",
                "edition": "3.0",
                "scale": "BL 3.0",
                "score_kind": "score",
                # A corrected score is as unmistakable as the first.
                "value": UNIT * 2.0 ** (n + version * N_PUPILS),
                "status": "value",
            }
            for n in sorted(who)
        ]
    )
    return world.import_frame(frame, **beside)


def _attacked(world, told, year_group):
    """Play the steps; after each one look at the line, and make evidence of it."""
    batches, seen = [], []
    for what, how in told:
        if what == "in":
            who, version = how
            batches.append(_import(world, who, year_group, version))
        elif what == "turn" and batches:
            _turn(world, batches[how % len(batches)])
        elif batches:
            place, (who, version) = how
            earlier = batches[place % len(batches)]
            beside = {"replaces" if what == "replace" else "corrects": earlier.batch_id}
            if earlier.corrects is None and _counts(world, earlier):
                batches.append(_import(world, who, year_group, version, **beside))
        selection = planted.line(year_group)
        for point in series.series(world.store, world.leader, selection).points:
            if point.value is not None:
                seen.append(_who(point))
                piece = evidence.from_series(world.store, world.leader, selection, world.running, "x")
                seen += [_who(one) for one in evidence.points_in(piece) if one.value is not None]
    return [Group(str(n), frozenset(who)) for n, who in enumerate(seen)]


def _counts(world, batch):
    return batch.batch_id in {one.batch_id for one in import_batches.batches(world.store, world.leader)}


def _turn(world, batch):
    if _counts(world, batch):
        import_batches.undo(world.store, world.leader, batch.batch_id)
    elif batch.corrects is None:
        import_batches.redo(world.store, world.leader, batch.batch_id)


def _who(point):
    """Whose results are in a figure; the same pupil with a corrected score is somebody else."""
    total = round(point.value * point.n / UNIT)
    who = [f"p{n}" for n in range(2 * N_PUPILS) if total >> n & 1]
    assert len(who) == point.n
    return who


EVERYBODY = {f"p{n}": 1 for n in range(2 * N_PUPILS)}


@slow
@given(steps)
def test_no_few_pupils_follow_from_what_was_shown_between_imports(world, told):
    seen = _attacked(world, told, f"g{_next()}")

    assert violations(EVERYBODY, seen, k_min=FLOOR) == ()


def test_a_newer_version_with_one_pupil_more_or_less_gives_nobody_away(world):
    for newer in (set(range(11)), set(range(9))):
        told = [("in", (set(range(10)), 0)), ("replace", (0, (newer, 0))), ("turn", 0)]

        seen = _attacked(world, told, f"g{_next()}")

        assert seen
        assert violations(EVERYBODY, seen, k_min=FLOOR) == ()


def test_a_newer_version_with_other_scores_of_enough_pupils_is_shown(world):
    group = f"g{_next()}"
    first = _import(world, range(12), group)

    _import(world, range(12), group, 1, replaces=first.batch_id)

    (point,) = series.series(world.store, world.leader, planted.line(group)).points
    assert _who(point) == [f"p{n + N_PUPILS}" for n in range(12)]


@pytest.mark.parametrize(
    "added", [{"measured_on": "2026-01-20"}, {"level_name": "II"}], ids=["a date", "levels"]
)
def test_a_file_with_something_more_about_the_same_scores_gives_nobody_away(world, added):
    group = f"g{_next()}"
    scores = [UNIT * 2.0**n for n in range(12)]
    first = world.import_scores({"2025-2026": scores}, year_group=group)
    import_batches.undo(world.store, world.leader, first.batch_id)

    world.import_scores({"2025-2026": scores[:11]}, year_group=group, **added)

    assert _shown(world, group) is None


def test_one_corrected_row_waits_until_there_are_more(world):
    group = f"g{_next()}"
    first = _import(world, range(10), group)

    _import(world, {10}, group, corrects=first.batch_id)

    assert _shown(world, group) == 10


def test_the_attack_on_newer_versions_succeeds_without_the_gate(world, no_gate):
    told = [("in", (set(range(10)), 0)), ("replace", (0, (set(range(11)), 0)))]

    assert violations(EVERYBODY, _attacked(world, told, f"g{_next()}"), k_min=FLOOR)


def test_the_attack_on_imports_succeeds_without_the_gate(world, no_gate):
    told = [("in", (set(range(10)), 0)), ("in", ({10, 11}, 0))]

    seen = _attacked(world, told, f"g{_next()}")

    assert violations(EVERYBODY, seen, k_min=FLOOR)


_numbers = iter(range(100_000))


def _next():
    return next(_numbers)


# --- what the rule means -----------------------------------------------------------------------------------


def _shown(world, year_group):
    (point,) = series.series(world.store, world.leader, planted.line(year_group)).points
    return point.n


@pytest.mark.parametrize(("extra", "shown"), [(range(10, 12), 10), (range(10, 14), 10)])
def test_two_who_come_late_wait(world, extra, shown):
    group = f"g{_next()}"
    _import(world, range(10), group)

    _import(world, extra, group)

    assert _shown(world, group) == shown


def test_five_who_come_late_together_count(world):
    group = f"g{_next()}"
    _import(world, range(9), group)
    _import(world, {9, 10}, group)

    _import(world, {11, 12, 13}, group)

    assert _shown(world, group) == 14


def test_the_same_pupils_read_in_twice_are_no_more_pupils(world):
    group = f"g{_next()}"
    _import(world, range(4), group)

    _import(world, range(4), group)

    assert _shown(world, group) is None


def test_what_was_taken_back_is_not_shown_any_more(world):
    group = f"g{_next()}"
    first = _import(world, range(10), group)
    _import(world, {10, 11}, group)

    import_batches.undo(world.store, world.leader, first.batch_id)

    assert _shown(world, group) is None


def test_a_total_is_not_given_with_all_but_a_few_of_its_pupils(world):
    group = f"g{_next()}"
    _import(world, range(14), group)

    world.import_scores({"2025-2026": [UNIT]}, pupil=None, n_pupils=12, group_name="a", year_group=group)

    (point,) = series.series(world.store, world.leader, planted.line(group, pupils=False)).points
    assert (point.value, point.n) == (None, None)
