"""Expertise in the team: everybody her own, matched by theme and words, agreed by a person."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import (
    expertise,
    expertise_matches,
    expertise_requests,
    guidance,
    history,
    plan,
    shared_words,
    to_do,
    upkeep,
)
from qualitycycle.errors import Incomplete, NotAllowed, NotFound, NotYours
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Expertise,
    ExpertiseKind,
    ExpertiseTheme,
    Person,
    Role,
)
from qualitycycle.store.records import new_id

OFFER, QUESTION = ExpertiseKind.OFFER, ExpertiseKind.QUESTION
READING = "Voorlezen met prentenboeken"


@pytest.fixture
def offer(north_school):
    """What the member offers."""
    return expertise.add(north_school.store, north_school.member, kind=OFFER, title=READING)


@pytest.fixture
def action(north_school):
    """An action of the coach for which that offer fits."""
    return north_school.action("Elke dag voorlezen", owner_id=north_school.coach.person_id)


def _theme(world, title, *words):
    new = ExpertiseTheme(expertise_theme_id=new_id(), title=title, words=words)
    return plan.record(world.store, world.leader, new)


def _board(world, actor=None):
    return expertise.board(world.store, actor or world.leader)


def _ask(world, actor, offer, thing):
    return expertise_requests.ask(world.store, actor, offer.id, thing.TABLE, thing.id)


def _waits(world, actor):
    return [one.offer for one in expertise_requests.waiting(world.store, actor)]


def _another_member(world):
    new = Person(person_id=new_id(), name="Otto", role=Role.MEMBER)
    plan.record(world.store, world.leader, new)
    return Actor(Role.MEMBER, new.person_id)


# --- one's own -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "coach"])
@pytest.mark.parametrize(
    "verb",
    [
        lambda store, who, one: expertise.change(store, who, one.id, None, title="x", theme_id=None, note=""),
        lambda store, who, one: expertise.put_aside(store, who, one.id),
        lambda store, who, one: expertise.bring_back(store, who, one.id),
    ],
)
def test_nobody_changes_anothers_expertise_the_leader_neither(north_school, offer, who, verb):
    with pytest.raises(NotYours):
        verb(north_school.store, getattr(north_school, who), offer)

    assert _board(north_school).offers == (offer,)


def test_a_reader_and_somebody_without_a_name_keep_out(north_school, offer):
    with pytest.raises(NotAllowed):
        expertise.board(north_school.store, north_school.reader)
    with pytest.raises(NotAllowed):
        plan.get(north_school.store, north_school.reader, Expertise, offer.id)
    assert plan.find(north_school.store, north_school.reader, Expertise) == []
    with pytest.raises(NotYours):
        expertise.add(north_school.store, Actor(Role.MEMBER), kind=OFFER, title="x")


def test_it_needs_words_and_not_too_many(north_school):
    for title, note in ((" ", ""), ("x" * 121, ""), ("x", "x" * 601)):
        with pytest.raises(Incomplete):
            expertise.add(north_school.store, north_school.member, kind=OFFER, title=title, note=note)


def test_what_is_put_aside_is_on_the_board_of_nobody_and_comes_back(north_school, offer):
    store, member = north_school.store, north_school.member

    expertise.put_aside(store, member, offer.id)
    assert _board(north_school).offers == ()
    assert [one.id for one in expertise.own(store, member, archived=True)] == [offer.id]
    expertise.bring_back(store, member, offer.id)

    assert [one.id for one in _board(north_school).offers] == [offer.id]


def test_who_left_stands_on_the_board_no_more(north_school, offer):
    plan.archive(north_school.store, north_school.leader, Person, north_school.member.person_id)

    assert _board(north_school).offers == ()


def test_only_who_edits_the_thread_changes_the_list_of_themes(north_school):
    with pytest.raises(NotAllowed):
        expertise.lay_out_themes(north_school.store, north_school.member)
    with pytest.raises(NotAllowed):
        plan.record(
            north_school.store, north_school.member, ExpertiseTheme(expertise_theme_id="t", title="x")
        )

    assert expertise.lay_out_themes(north_school.store, north_school.coach) == len(expertise.FIRST_THEMES)
    assert expertise.lay_out_themes(north_school.store, north_school.coach) == 0


# --- words in common -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("lezen", "lees", True),
        ("lezen", "lezer", True),
        ("gesprek", "gesprekken", True),
        ("schrijf", "schrijven", True),
        ("brief", "brieven", True),
        ("reken", "rekenen", True),
        ("rekenen", "rekenles", True),
        ("spelling", "spellen", True),
        ("reading", "reads", True),
        ("lezen", "lessenrooster", False),
        ("ouders", "oudste", False),
    ],
)
def test_endings_make_no_other_word(one, other, together):
    assert bool(shared_words.shared(shared_words.words_of(one), shared_words.words_of(other))) is together


def test_a_word_that_stands_everywhere_says_nothing():
    assert shared_words.words_of("De leerlingen van onze groep werken samen aan een doel") == {}


def test_an_offer_fits_by_a_word_in_common_and_says_which(north_school, offer, action):
    (fit,) = expertise_matches.for_action(_board(north_school), action, None)

    assert (fit.offer.id, fit.theme, fit.words) == (offer.id, None, ("voorlezen",))


def test_an_offer_fits_by_the_words_of_its_theme(north_school, action):
    theme = _theme(north_school, "Lezen", "voorlezen")
    expertise.add(
        north_school.store, north_school.member, kind=OFFER, title="Boeken kiezen", theme_id=theme.id
    )

    (fit,) = expertise_matches.for_action(_board(north_school), action, None)

    assert (fit.theme, fit.words) == (theme, ("voorlezen",))


def test_a_theme_that_is_not_in_the_text_is_no_reason(north_school, offer, action):
    theme = _theme(north_school, "Rekenen", "sommen")
    expertise.change(
        north_school.store, north_school.member, offer.id, None, title=READING, theme_id=theme.id, note=""
    )

    (fit,) = expertise_matches.for_action(_board(north_school), action, None)

    assert fit.theme is None


def test_a_question_fits_an_offer_of_the_same_theme_and_never_ones_own(north_school):
    store, theme = north_school.store, _theme(north_school, "Lezen")
    for who in (north_school.member, north_school.coach):
        expertise.add(store, who, kind=OFFER, title="Prentenboeken", theme_id=theme.id)
    question = expertise.add(
        store, north_school.member, kind=QUESTION, title="Spannend vertellen", theme_id=theme.id
    )

    fits = expertise_matches.for_question(_board(north_school), question)

    assert [one.offer.person_id for one in fits] == [north_school.coach.person_id]


def test_what_lacks_expertise_stands_first_and_what_is_used_is_not_called_unused(north_school, offer, action):
    north_school.goal("Ouders horen meer")
    reading = north_school.goal("Meer voorlezen in de groep")
    other = expertise.add(north_school.store, north_school.coach, kind=OFFER, title="Judo")
    expertise.add(north_school.store, north_school.coach, kind=QUESTION, title="Zwemmen")
    _ask(north_school, north_school.coach, offer, reading)
    (asked,) = expertise_requests.waiting(north_school.store, north_school.member)
    expertise_requests.answer(north_school.store, north_school.member, asked.id, yes=True)

    whole = expertise_matches.whole(north_school.store, north_school.leader, _board(north_school))

    assert [one.goal.title for one in whole.goals] == ["Ouders horen meer", "Meer voorlezen in de groep"]
    assert [len(one.agreed) for one in whole.goals] == [0, 1]
    assert whole.unused == (other,)
    assert [one.title for one in whole.unanswered] == ["Zwemmen"]


def test_a_learning_question_is_matched_for_who_works_on_it_alone(north_school, offer):
    guidance.begin(
        north_school.store,
        north_school.coach,
        question="Hoe wordt voorlezen een gesprek?",
        colleague_id=_another_member(north_school).person_id,
        serves="Lezen",
    )

    seen = {
        name: expertise_matches.whole(
            north_school.store, getattr(north_school, name), _board(north_school)
        ).learning
        for name in ("coach", "leader", "member")
    }

    ((_one, fits),) = seen["coach"]
    assert [fit.offer for fit in fits] == [offer]
    assert (seen["leader"], seen["member"]) == ((), ())


# --- asking and answering --------------------------------------------------------------------------------


def test_who_carries_an_action_asks_and_who_offers_says_yes(north_school, offer, action):
    state = _ask(north_school, north_school.coach, offer, action)
    assert state is expertise_requests.RequestState.OPEN
    assert _waits(north_school, north_school.member) == [READING]
    assert _waits(north_school, north_school.coach) == _waits(north_school, north_school.leader) == []
    (asked,) = expertise_requests.waiting(north_school.store, north_school.member)

    expertise_requests.answer(north_school.store, north_school.member, asked.id, yes=True)

    (agreed,) = expertise_requests.about(north_school.store, north_school.leader, "action", action.id)
    assert (agreed.offer, agreed.state) == (READING, "agreed")
    assert expertise_matches.of_action(north_school.store, north_school.coach, action, None) == ()


def test_who_holds_out_her_own_offer_waits_for_the_owner(north_school, offer, action):
    _ask(north_school, north_school.member, offer, action)

    assert _waits(north_school, north_school.coach) == [READING]
    assert _waits(north_school, north_school.member) == []


def test_a_thing_that_is_nobodys_waits_for_who_guides(north_school, offer):
    _ask(north_school, north_school.member, offer, north_school.goal("Voorlezen"))

    assert _waits(north_school, north_school.coach) == _waits(north_school, north_school.leader) == [READING]


def test_an_own_offer_for_an_own_action_needs_no_yes(north_school, offer):
    own = north_school.action("Voorlezen", owner_id=north_school.member.person_id)

    assert _ask(north_school, north_school.member, offer, own) is expertise_requests.RequestState.AGREED


def test_who_has_no_part_in_an_action_does_not_ask_for_it(north_school, offer, action):
    with pytest.raises(NotYours):
        _ask(north_school, _another_member(north_school), offer, action)


@pytest.mark.parametrize("who", ["leader", "coach"])
def test_nobody_answers_for_another(north_school, offer, action, who):
    _ask(north_school, north_school.coach, offer, action)
    (asked,) = expertise_requests.waiting(north_school.store, north_school.member)

    with pytest.raises(NotYours):
        expertise_requests.answer(north_school.store, getattr(north_school, who), asked.id, yes=True)
    if who == "leader":
        with pytest.raises(NotYours):
            expertise_requests.end(north_school.store, north_school.leader, asked.id)


def test_a_no_is_seen_by_the_two_alone_and_stands_in_no_record(north_school, offer, action, tmp_path):
    store = north_school.store
    expertise_requests.ask(
        store, north_school.coach, offer.id, "action", action.id, message="zilverreigervraag"
    )
    (asked,) = expertise_requests.waiting(store, north_school.member)
    expertise_requests.answer(store, north_school.member, asked.id, yes=False)

    assert expertise_requests.about(store, north_school.leader, "action", action.id) == []
    assert expertise_requests.concerning(store, north_school.leader) == []
    (told,) = expertise_requests.concerning(store, north_school.coach)
    assert told.state is expertise_requests.RequestState.DECLINED
    folder = upkeep.export(store, north_school.leader, tmp_path).path
    exported = "".join(path.read_text(encoding="utf-8-sig") for path in folder.iterdir())
    said = exported + repr(history.changes(store, north_school.leader, limit=10_000))
    assert [word for word in ("zilverreiger", "declined") if word in said] == []


def test_it_is_asked_once_and_either_ends_what_was_agreed(north_school, offer, action):
    store = north_school.store
    _ask(north_school, north_school.coach, offer, action)
    with pytest.raises(Incomplete):
        _ask(north_school, north_school.coach, offer, action)
    (asked,) = expertise_requests.waiting(store, north_school.member)
    expertise_requests.answer(store, north_school.member, asked.id, yes=True)
    with pytest.raises(Incomplete):
        _ask(north_school, north_school.leader, offer, action)

    expertise_requests.end(store, north_school.member, asked.id)

    assert expertise_requests.agreed(store, north_school.coach) == []
    with pytest.raises(NotFound):
        expertise_requests.answer(store, north_school.member, asked.id, yes=True)
    assert _ask(north_school, north_school.coach, offer, action) is expertise_requests.RequestState.OPEN


def test_who_holds_out_what_was_asked_of_her_has_said_yes(north_school, offer, action):
    _ask(north_school, north_school.coach, offer, action)

    assert _ask(north_school, north_school.member, offer, action) is expertise_requests.RequestState.AGREED
    assert _waits(north_school, north_school.member) == _waits(north_school, north_school.coach) == []


def test_who_asks_the_same_does_not_learn_that_another_waits_for_it(north_school, offer, action):
    _ask(north_school, north_school.coach, offer, action)

    assert _ask(north_school, north_school.leader, offer, action) is expertise_requests.RequestState.OPEN
    first, _second = expertise_requests.waiting(north_school.store, north_school.member)
    expertise_requests.answer(north_school.store, north_school.member, first.id, yes=True)

    assert _waits(north_school, north_school.member) == []
    assert len(expertise_requests.agreed(north_school.store, north_school.leader)) == 1


def test_what_is_over_is_not_asked_for(north_school, offer, action):
    plan.change(north_school.store, north_school.leader, Action, action.id, None, state=ActionState.DONE)
    with pytest.raises(NotFound):
        _ask(north_school, north_school.coach, offer, action)


def test_what_is_put_aside_waits_for_no_answer(north_school, offer, action):
    _ask(north_school, north_school.coach, offer, action)

    expertise.put_aside(north_school.store, north_school.member, offer.id)
    expertise.bring_back(north_school.store, north_school.member, offer.id)

    assert _waits(north_school, north_school.member) == []


def test_it_stands_in_to_do_now_of_who_is_asked_and_of_nobody_else(north_school, offer, action):
    _ask(north_school, north_school.coach, offer, action)

    def asked(actor):
        return [
            one.title for one in to_do.everything(north_school.store, actor) if one.task == "expertise_asked"
        ]

    assert asked(north_school.member) == [f"{READING} · Elke dag voorlezen"]
    assert asked(north_school.leader) == asked(north_school.coach) == []


# --- nobody is counted -----------------------------------------------------------------------------------


def test_nothing_that_comes_out_is_a_number_about_somebody(north_school, offer, action):
    expertise.add(north_school.store, north_school.member, kind=OFFER, title="Zingen")
    found = [
        _board(north_school),
        expertise_matches.whole(north_school.store, north_school.leader, _board(north_school)),
        expertise_matches.for_action(_board(north_school), action, None),
    ]

    numbers = [one for part in found for one in _numbers(part)]

    assert numbers == []


def _numbers(part):
    if isinstance(part, (int, float)) and not isinstance(part, bool):
        yield part
    elif isinstance(part, (tuple, list)):
        for one in part:
            yield from _numbers(one)
    elif hasattr(part, "__dataclass_fields__"):
        # What a record has by itself is about the record.
        own = {name: value for name, value in vars(part).items() if name not in ("revision", "position")}
        for one in own.values():
            yield from _numbers(one)
