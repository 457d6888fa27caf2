"""What the property tests of the analysis room draw: forms, teams, publication plans."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from qualitycycle.analysis.disclosure import Group
from qualitycycle.analysis.scoring import ScoringRules, TotalRule

quick = settings(deadline=None, max_examples=60)

KEYS = ("ce_01", "ce_02", "ce_03", "ce_04", "ce_05", "ce_06")
RULES = ScoringRules(
    items=KEYS,
    scale_min=1,
    scale_max=6,
    reverse=frozenset({"ce_03", "ce_06"}),
    subscales={"goals": KEYS[:3], "evidence": KEYS[3:]},
)
ONE_SCALE = ScoringRules(items=KEYS, scale_min=1, scale_max=6, total_rule=TotalRule.MEAN_OF_ITEMS)

answer = st.one_of(st.integers(1, 6).map(float), st.just(float("nan")))
form = st.lists(answer, min_size=len(KEYS), max_size=len(KEYS))
forms = st.lists(form, min_size=1, max_size=14).map(np.array)
full_forms = st.lists(
    st.lists(st.integers(1, 6).map(float), min_size=6, max_size=6), min_size=4, max_size=14
).map(np.array)
scores = st.lists(st.integers(10, 60).map(lambda tenths: tenths / 10), min_size=2, max_size=20)


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[str, int], list[Group]]:
    """Cells with few or no people in them, and groups that overlap in any way, the total first or not there."""
    names = [f"c{number}" for number in range(draw(st.integers(2, 8)))]
    cells = {name: draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 14])) for name in names}
    drawn = draw(st.lists(st.sets(st.sampled_from(names), min_size=1), min_size=1, max_size=7))
    groups = [Group(f"g{number}", frozenset(chosen)) for number, chosen in enumerate(drawn)]
    total = [Group("school", frozenset(names))] if draw(st.booleans()) else []
    return cells, total + groups
