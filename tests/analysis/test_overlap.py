"""Overlapping sets of pupils, published in any order: no few follow from them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle.analysis import overlap
from qualitycycle.analysis.disclosure import Group, violations

FLOOR = 5
PUPILS = [f"p{n:02}" for n in range(24)]
everybody = frozenset(PUPILS)
some = st.sets(st.sampled_from(PUPILS), min_size=8).map(frozenset)


def _lot(pupil):
    return int(pupil[1:])


def _publish(wanted_sets, floor=FLOOR):
    blocks, published = [everybody], [everybody]
    for wanted in wanted_sets:
        kept = overlap.admitted(wanted, [blocks], floor=floor, lot=_lot)
        blocks = overlap.cut(blocks, kept)
        published.append(kept)
    return published


@settings(max_examples=60, deadline=None)
@given(st.lists(some, max_size=6))
def test_no_few_follow_from_sets_in_any_order(wanted_sets):
    published = [Group(str(n), one) for n, one in enumerate(_publish(wanted_sets)) if one]

    assert violations(dict.fromkeys(PUPILS, 1), published, k_min=FLOOR) == ()


def test_everybody_twice_leaves_nobody_out():
    assert _publish([everybody])[1] == everybody


def test_two_who_are_missing_take_three_along_by_lot():
    kept = _publish([everybody - {"p00", "p01"}])[1]

    assert everybody - kept == {"p00", "p01", "p23", "p22", "p21"}


def test_a_set_of_fewer_than_five_is_empty():
    assert _publish([frozenset(PUPILS[:4])])[1] == frozenset()


def test_a_set_with_two_sides_is_the_same_at_both():
    here = [frozenset(PUPILS[:20])]
    there = [frozenset(PUPILS[:10]), frozenset(PUPILS[10:])]

    kept = overlap.admitted(frozenset(PUPILS[:20]), [here, there], floor=FLOOR, lot=_lot)

    # The four who are only there take one along by lot, who then takes four along here.
    assert everybody - kept == {f"p{n}" for n in range(15, 24)}
