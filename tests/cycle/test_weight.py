"""The verdict follows fixed rules: a table of cases that covers every rule, and what holds whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.cycle import weight
from qualitycycle.cycle.weight import Design, Facts, Line, Piece, Rule, Signal
from qualitycycle.model import (
    Action,
    ActionState,
    Compared,
    DoneAsPlanned,
    EvidenceKind,
    GroundKind,
    MeasureKind,
    Says,
    Verdict,
    Weighing,
)

START = date(2026, 10, 1)
BEFORE, AFTER = START - timedelta(weeks=10), START + timedelta(weeks=10)

ACTION = Action(
    action_id="a",
    cycle_id="c",
    title="Samen lezen",
    state=ActionState.DONE,
    start_on=START,
    prediction="Acht punten erbij",
    locked_on=START,
    sessions_planned=10,
    sessions_held=9,
)
KNOWN = Weighing(
    weighing_id="w",
    action_id="a",
    measure_kind=MeasureKind.STANDARD_TEST,
    reliability=0.9,
    n_measured=24,
    n_missing=2,
    same_pupils=True,
    by_others=True,
)
TEST = Piece(EvidenceKind.OUTCOME, Says.SUPPORTS, (BEFORE, AFTER), "lezen", 24)
LAST = replace(TEST, days=(AFTER,))
TALK = Piece(EvidenceKind.CONVERSATION, Says.SUPPORTS, (AFTER,), "gesprek")
AGAINST = Piece(EvidenceKind.OBSERVATION, Says.CONTRADICTS, (AFTER,), "kijken", 6)
RESEARCH = Piece(EvidenceKind.RESEARCH, Says.SUPPORTS, (date(2021, 1, 1),), "leidraad")
GROUP = {"compared": Compared.GROUP, "similar_start": True}
STEADY = Line(14, True, Signal.NONE)


def facts(*pieces, lines=(), action=ACTION, **known):
    return Facts(action, replace(KNOWN, **known), pieces, tuple(lines))


# What is known, and what must follow: the verdict, the design, and every rule that speaks.
CASES = {
    "nothing": (facts(), Verdict.NOT_TESTED, None, [Rule.NO_OWN_EVIDENCE]),
    "only research from elsewhere": (facts(RESEARCH), Verdict.NOT_TESTED, None, [Rule.NO_OWN_EVIDENCE]),
    "a trial elsewhere does not test it here": (
        facts(RESEARCH, ground_kind=GroundKind.TRIAL),
        Verdict.NOT_TESTED,
        None,
        [Rule.NO_OWN_EVIDENCE],
    ),
    "what says nothing yet": (
        facts(replace(TEST, says=Says.NOTHING_YET)),
        Verdict.NOT_TESTED,
        None,
        [Rule.NO_OWN_EVIDENCE],
    ),
    "what has expired": (
        facts(replace(TEST, expired=True)),
        Verdict.NOT_TESTED,
        None,
        [Rule.NO_OWN_EVIDENCE],
    ),
    "an opinion": (facts(TALK), Verdict.NOT_TESTED, Design.OPINION, [Rule.ONLY_OPINION]),
    "something seen and not counted": (
        facts(replace(TALK, kind=EvidenceKind.OBSERVATION)),
        Verdict.NOT_TESTED,
        Design.OPINION,
        [Rule.ONLY_OPINION],
    ),
    "one measurement": (facts(LAST), Verdict.NOT_TESTED, Design.ONE_MEASUREMENT, [Rule.ONE_MEASUREMENT]),
    "before with one measure and after with another": (
        facts(replace(TEST, days=(BEFORE,)), replace(LAST, line="anders")),
        Verdict.NOT_TESTED,
        Design.ONE_MEASUREMENT,
        [Rule.ONE_MEASUREMENT],
    ),
    "an action without a start": (
        facts(TEST, action=replace(ACTION, start_on=None)),
        Verdict.NOT_TESTED,
        Design.ONE_MEASUREMENT,
        [Rule.ONE_MEASUREMENT],
    ),
    "before and after": (facts(TEST), Verdict.INDICATION, Design.BEFORE_AFTER, [Rule.BEFORE_AFTER]),
    "a group that was not alike at the start": (
        facts(TEST, compared=Compared.GROUP, similar_start=False),
        Verdict.INDICATION,
        Design.BEFORE_AFTER,
        [Rule.BEFORE_AFTER],
    ),
    "against expected growth": (
        facts(TEST, compared=Compared.EXPECTED_GROWTH),
        Verdict.SUPPORTED,
        Design.AGAINST_EXPECTED,
        [Rule.COMPARED],
    ),
    "a signal in a long line": (
        facts(TEST, lines=[Line(14, True, Signal.BETTER)]),
        Verdict.SUPPORTED,
        Design.AGAINST_EXPECTED,
        [Rule.COMPARED],
    ),
    "a signal without a frozen start period": (
        facts(TEST, lines=[Line(14, False, Signal.BETTER)]),
        Verdict.INDICATION,
        Design.BEFORE_AFTER,
        [Rule.BEFORE_AFTER],
    ),
    "a signal in a short line": (
        facts(TEST, lines=[Line(9, True, Signal.BETTER)]),
        Verdict.INDICATION,
        Design.BEFORE_AFTER,
        [Rule.BEFORE_AFTER],
    ),
    "a long line without a signal": (
        facts(TEST, lines=[STEADY]),
        Verdict.ORDINARY,
        Design.BEFORE_AFTER,
        [Rule.NO_SIGNAL],
    ),
    "a long line without a signal beside a group": (
        facts(TEST, lines=[STEADY], **GROUP),
        Verdict.SUPPORTED,
        Design.COMPARISON,
        [Rule.COMPARED],
    ),
    "a long line that went wrong": (
        facts(TEST, lines=[Line(14, True, Signal.WORSE)]),
        Verdict.CONTRADICTED,
        Design.BEFORE_AFTER,
        [Rule.LINE_WENT_WRONG],
    ),
    "class by class": (
        facts(TEST, compared=Compared.STAGGERED, similar_start=True),
        Verdict.SUPPORTED,
        Design.COMPARISON,
        [Rule.COMPARED],
    ),
    "repeated": (
        facts(TEST, **GROUP, repeated_in="groep 6"),
        Verdict.STRONG,
        Design.REPEATED,
        [Rule.REPEATED_WELL],
    ),
    "repeated with a test of unknown reliability": (
        facts(TEST, **GROUP, repeated_in="groep 6", reliability=None),
        Verdict.SUPPORTED,
        Design.REPEATED,
        [Rule.COMPARED],
    ),
    "repeated and measured by who carried it out": (
        facts(TEST, **GROUP, repeated_in="groep 6", by_others=False),
        Verdict.SUPPORTED,
        Design.REPEATED,
        [Rule.COMPARED],
    ),
    "repeated without a comparison": (
        facts(TEST, repeated_in="groep 6"),
        Verdict.INDICATION,
        Design.BEFORE_AFTER,
        [Rule.BEFORE_AFTER],
    ),
    "contradicted against a strong design": (
        facts(TEST, AGAINST, **GROUP, repeated_in="groep 6"),
        Verdict.CONTRADICTED,
        Design.REPEATED,
        [Rule.CONTRADICTING_EVIDENCE],
    ),
    "contradicted by research from elsewhere": (
        facts(TEST, replace(RESEARCH, says=Says.CONTRADICTS)),
        Verdict.CONTRADICTED,
        Design.BEFORE_AFTER,
        [Rule.CONTRADICTING_EVIDENCE],
    ),
    "contradicted by what has expired": (
        facts(TEST, replace(AGAINST, expired=True)),
        Verdict.CONTRADICTED,
        Design.BEFORE_AFTER,
        [Rule.CONTRADICTING_EVIDENCE],
    ),
    "nobody knows whether it was done": (
        facts(TEST, action=replace(ACTION, sessions_held=None)),
        Verdict.NOT_TESTED,
        Design.BEFORE_AFTER,
        [Rule.DONE_UNKNOWN],
    ),
    "hardly done": (
        facts(TEST, action=replace(ACTION, sessions_held=4), **GROUP),
        Verdict.NOT_TESTED,
        Design.COMPARISON,
        [Rule.HARDLY_DONE],
    ),
    "not done, says the owner": (
        facts(TEST, action=replace(ACTION, sessions_planned=None, done_as_planned=DoneAsPlanned.NO), **GROUP),
        Verdict.NOT_TESTED,
        Design.COMPARISON,
        [Rule.HARDLY_DONE],
    ),
    "done in part": (
        facts(TEST, action=replace(ACTION, sessions_held=7), **GROUP),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.DONE_PARTLY],
    ),
    "done, says the owner": (
        facts(
            TEST, action=replace(ACTION, sessions_planned=None, done_as_planned=DoneAsPlanned.YES), **GROUP
        ),
        Verdict.SUPPORTED,
        Design.COMPARISON,
        [Rule.COMPARED],
    ),
    "predicted after the result": (
        facts(TEST, action=replace(ACTION, locked_on=AFTER + timedelta(days=1)), **GROUP),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.NOT_SAID_BEFORE],
    ),
    "nothing predicted": (
        facts(TEST, action=replace(ACTION, prediction=" "), **GROUP),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.NOT_SAID_BEFORE],
    ),
    "a measure of our own": (
        facts(TEST, **GROUP, measure_kind=MeasureKind.OWN),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.MEASURE_UNKNOWN],
    ),
    "nine pupils": (
        facts(TEST, **GROUP, n_measured=9, n_missing=0),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.FEW_PUPILS],
    ),
    "a third missing": (
        facts(TEST, **GROUP, n_measured=20, n_missing=10),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.MANY_MISSING],
    ),
    "nobody counted who is missing": (
        facts(TEST, **GROUP, n_missing=None),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.MANY_MISSING],
    ),
    "other pupils at the end": (
        facts(TEST, **GROUP, same_pupils=False),
        Verdict.INDICATION,
        Design.COMPARISON,
        [Rule.OTHER_PUPILS],
    ),
    "chosen because they were low": (
        facts(TEST, compared=Compared.EXPECTED_GROWTH, chosen_low=True),
        Verdict.INDICATION,
        Design.AGAINST_EXPECTED,
        [Rule.CHOSEN_LOW],
    ),
    "more than one thing holds back": (
        facts(TEST, same_pupils=None, measure_kind=None),
        Verdict.INDICATION,
        Design.BEFORE_AFTER,
        [Rule.BEFORE_AFTER, Rule.MEASURE_UNKNOWN, Rule.OTHER_PUPILS],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_verdict_follows_from_the_facts(case):
    known, verdict, design, rules = CASES[case]

    found = weight.weigh(known)

    assert (found.verdict, found.design, list(found.rules)) == (verdict, design, rules)


def test_the_cases_cover_every_rule_verdict_and_design():
    told = [weight.weigh(case[0]) for case in CASES.values()]

    assert {rule for one in told for rule in one.rules} == set(Rule)
    assert {one.verdict for one in told} == set(Verdict)
    assert {one.design for one in told} == {None, *Design}
    assert set(weight.GIVES) | set(weight.HOLDS_BACK) == set(Rule)


def test_sessions_count_before_what_the_owner_says():
    action = replace(ACTION, sessions_planned=8, sessions_held=6, done_as_planned=DoneAsPlanned.YES)

    assert weight.done_share(action) == 0.75


def test_more_sessions_than_planned_are_as_planned():
    assert weight.done_share(replace(ACTION, sessions_held=12)) == 1


# --- whatever the facts ----------------------------------------------------------------------------------

RANK = list(Verdict)
days = st.sampled_from([BEFORE, START, AFTER])
pieces = st.builds(
    Piece,
    kind=st.sampled_from(EvidenceKind),
    says=st.sampled_from(Says),
    days=st.lists(days, min_size=1, max_size=3).map(tuple),
    line=st.sampled_from(["lezen", "rekenen"]),
    n=st.none() | st.integers(1, 40),
    expired=st.booleans(),
)
yes_no = st.none() | st.booleans()
weighings = st.builds(
    Weighing,
    weighing_id=st.just("w"),
    action_id=st.just("a"),
    ground_kind=st.sampled_from(GroundKind),
    compared=st.sampled_from(Compared),
    similar_start=yes_no,
    repeated_in=st.sampled_from(["", "groep 6"]),
    measure_kind=st.none() | st.sampled_from(MeasureKind),
    reliability=st.none() | st.floats(0, 1),
    n_measured=st.none() | st.integers(0, 60),
    n_missing=st.none() | st.integers(0, 60),
    same_pupils=yes_no,
    by_others=yes_no,
    blind=yes_no,
    chosen_low=yes_no,
)
actions = st.builds(
    lambda **fields: replace(ACTION, **fields),
    start_on=st.none() | st.just(START),
    locked_on=st.none() | days,
    prediction=st.sampled_from(["", "meer"]),
    sessions_planned=st.none() | st.integers(0, 10),
    sessions_held=st.none() | st.integers(0, 10),
    done_as_planned=st.none() | st.sampled_from(DoneAsPlanned),
)
lines = st.builds(Line, st.integers(2, 30), st.booleans(), st.none() | st.sampled_from(Signal))
any_facts = st.builds(
    Facts,
    actions,
    weighings,
    st.lists(pieces, max_size=4).map(tuple),
    st.lists(lines, max_size=2).map(tuple),
)


@given(any_facts)
def test_there_is_always_a_verdict_with_a_rule(known):
    found = weight.weigh(known)

    assert found.rules
    assert found.verdict is weight.GIVES.get(found.decided_by, Verdict.INDICATION)


@given(any_facts, pieces)
def test_contradicting_evidence_never_raises_it(known, piece):
    against = replace(piece, says=Says.CONTRADICTS)

    before = weight.weigh(known).verdict
    after = weight.weigh(replace(known, pieces=(*known.pieces, against))).verdict

    assert RANK.index(after) <= RANK.index(before)


@given(any_facts)
def test_before_and_after_alone_is_never_more_than_an_indication(known):
    alone = replace(known, weighing=replace(known.weighing, compared=Compared.NOBODY), lines=())

    assert RANK.index(weight.weigh(alone).verdict) <= RANK.index(Verdict.INDICATION)


@given(any_facts)
def test_the_same_evidence_again_never_raises_it(known):
    twice = replace(known, pieces=known.pieces * 2)

    assert weight.weigh(twice) == weight.weigh(known)


@given(any_facts, st.sampled_from(GroundKind))
def test_grounds_from_outside_never_change_it(known, kind):
    other = replace(known, weighing=replace(known.weighing, ground_kind=kind))

    assert weight.weigh(other) == weight.weigh(known)


@given(any_facts, st.integers(0, 10))
def test_doing_less_of_what_was_planned_never_raises_it(known, held):
    action = replace(known.action, sessions_planned=10, sessions_held=held)
    less = replace(action, sessions_held=max(0, held - 1))

    more_done = weight.weigh(replace(known, action=action)).verdict
    less_done = weight.weigh(replace(known, action=less)).verdict

    # Ordinary variation is said only of what was done.
    assert RANK.index(less_done) <= RANK.index(more_done)
