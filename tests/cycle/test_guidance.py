"""Learning questions on their way through the phases, and the calendar of group reviews."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import group_reviews, guidance, history, plan, upkeep
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NotAllowed, NotFound
from qualitycycle.model import Holiday, Person, Phase, ReviewKind

QUESTION = "Hoe laat ik leerlingen zelf doelen kiezen?"
SAID = "zilverreigergesprek"


@pytest.fixture
def begun(north_school):
    """A learning question of the member, guided by the coach, that hangs on a goal."""
    return guidance.begin(
        north_school.store,
        north_school.coach,
        question=QUESTION,
        colleague_id=north_school.member.person_id,
        goal_id=north_school.goal().goal_id,
    )


def _seen(north_school, actor):
    return [one.question for one in guidance.trajectories(north_school.store, actor)]


def test_the_coach_and_the_colleague_see_it_and_nobody_else(north_school, begun):
    assert _seen(north_school, north_school.coach) == [QUESTION]
    assert _seen(north_school, north_school.member) == [QUESTION]
    assert _seen(north_school, north_school.leader) == []
    with pytest.raises(NotFound):
        guidance.find(north_school.store, north_school.leader, begun.id)
    with pytest.raises(NotAllowed):
        guidance.trajectories(north_school.store, north_school.reader)


def test_a_question_of_a_team_is_seen_by_that_team(north_school):
    store = north_school.store
    for team in ("Onderbouw", "Bovenbouw"):
        guidance.begin(
            store, north_school.coach, question=team, team_id=north_school.teams[team], serves="Samen lezen"
        )
    # A leader who is put in a team does not get to see it that way.
    own = (north_school.teams["Onderbouw"],)
    plan.change(store, north_school.leader, Person, north_school.leader.person_id, None, team_ids=own)

    assert _seen(north_school, north_school.member) == ["Onderbouw"]
    assert _seen(north_school, north_school.leader) == []


def test_without_a_goal_it_has_to_say_what_the_team_gains(north_school):
    about = {"question": QUESTION, "colleague_id": north_school.member.person_id}

    with pytest.raises(Incomplete) as error:
        guidance.begin(north_school.store, north_school.coach, **about)
    made = guidance.begin(north_school.store, north_school.coach, **about, serves="Meer eigenaarschap")

    assert error.value.name == "serves"
    assert (made.goal_id, made.serves) == (None, "Meer eigenaarschap")


@pytest.mark.parametrize(
    "about", [{}, {"colleague_id": "member", "team_id": "team"}, {"colleague_id": "coach"}]
)
def test_it_is_of_one_colleague_or_one_team_and_not_of_the_coach(north_school, about):
    ids = {
        "member": north_school.member.person_id,
        "coach": north_school.coach.person_id,
        "team": next(iter(north_school.teams.values())),
    }

    with pytest.raises(Incomplete):
        guidance.begin(
            north_school.store,
            north_school.coach,
            question=QUESTION,
            serves="x",
            **{name: ids[one] for name, one in about.items()},
        )


def test_it_moves_through_the_phases_with_the_day_of_each(north_school, begun):
    moved = guidance.move(north_school.store, north_school.coach, begun.id, Phase.UNDERSTAND)

    assert moved.phase is Phase.UNDERSTAND
    assert moved.moves == {"observe": "2026-11-22", "understand": "2026-11-22"}


def test_both_write_what_was_agreed_and_neither_overwrites_the_other(north_school, begun):
    store = north_school.store
    first = guidance.write_together(
        store, north_school.member, begun.id, begun.revision, Phase.PLAN, "Elke vrijdag kiezen"
    )

    with pytest.raises(ChangedMeanwhile):
        guidance.write_together(store, north_school.coach, begun.id, begun.revision, Phase.PLAN, "Anders")
    last = guidance.write_together(store, north_school.coach, begun.id, first.revision, Phase.DO, "Gedaan")

    assert last.together == {"plan": "Elke vrijdag kiezen", "do": "Gedaan"}


@pytest.mark.parametrize(
    "verb",
    [
        lambda store, who, one: guidance.move(store, who, one.id, Phase.DO),
        lambda store, who, one: guidance.close(store, who, one.id),
        lambda store, who, one: guidance.reopen(store, who, one.id),
        lambda store, who, one: guidance.change(
            store, who, one.id, None, question="x", goal_id=None, serves="x"
        ),
    ],
)
def test_only_its_coach_moves_closes_and_words_it(north_school, begun, verb):
    with pytest.raises(NotAllowed):
        verb(north_school.store, north_school.member, begun)
    with pytest.raises(NotFound):
        verb(north_school.store, north_school.leader, begun)


def test_it_closes_with_what_was_learned(north_school, begun):
    store, coach = north_school.store, north_school.coach
    with pytest.raises(Incomplete):
        guidance.close(store, coach, begun.id)
    guidance.write_together(store, coach, begun.id, None, Phase.EVALUATE, "Kiezen lukt met twee opties")

    assert guidance.close(store, coach, begun.id).closed_on == date(2026, 11, 22)
    assert guidance.reopen(store, coach, begun.id).closed_on is None


def test_what_was_said_leaves_with_no_export_and_stands_in_no_record(north_school, begun, tmp_path):
    store = north_school.store
    guidance.write_together(store, north_school.coach, begun.id, None, Phase.OBSERVE, SAID)

    folder = upkeep.export(store, north_school.leader, tmp_path).path
    exported = "".join(path.read_text(encoding="utf-8-sig") for path in folder.iterdir())
    changes = history.changes(store, north_school.leader, limit=10_000)

    assert [word for word in (SAID, QUESTION) if word in exported or word in repr(changes)] == []
    assert store.rows("SELECT 1 FROM audit WHERE before LIKE '%zilver%' OR after LIKE '%zilver%'") == []


# --- the calendar ----------------------------------------------------------------------------------------


def test_a_year_is_laid_out_in_rounds_with_a_review_of_every_team(north_school):
    store, coach = north_school.store, north_school.coach

    made = group_reviews.lay_out(store, coach, "2026-2027", 3)

    year = group_reviews.year(store, north_school.member, "2026-2027")
    assert made == len(year.reviews) == 3 * (1 + 3)
    assert [one.kind for one in year.reviews[:4]] == [ReviewKind.ROUND, *[ReviewKind.REVIEW] * 3]
    holidays = plan.find(store, coach, Holiday)
    assert not [
        one for one in year.reviews for free in holidays if free.first_on <= one.planned_on <= free.last_on
    ]


def test_a_year_is_laid_out_once(north_school):
    group_reviews.lay_out(north_school.store, north_school.coach, "2026-2027", 2)

    with pytest.raises(Incomplete):
        group_reviews.lay_out(north_school.store, north_school.coach, "2026-2027", 2)


def test_what_was_not_held_and_lies_before_two_weeks_from_now_is_due(north_school):
    store, coach = north_school.store, north_school.coach
    for title, planned_on in (
        ("Geweest", date(2026, 11, 2)),
        ("Laat", date(2026, 11, 9)),
        ("Straks", date(2026, 12, 4)),
        ("Later", date(2026, 12, 18)),
    ):
        one = group_reviews.add(store, coach, kind=ReviewKind.REVIEW, title=title, planned_on=planned_on)
        if title == "Geweest":
            group_reviews.hold(store, coach, one.id)

    due = group_reviews.year(store, coach, "2026-2027").due

    assert [one.title for one in due] == ["Laat", "Straks"]


def test_a_member_looks_at_the_calendar_and_a_reader_does_not(north_school):
    store, member = north_school.store, north_school.member

    assert group_reviews.year(store, member, "2026-2027").reviews == ()
    with pytest.raises(NotAllowed):
        group_reviews.lay_out(store, member, "2026-2027", 2)
    with pytest.raises(NotAllowed):
        group_reviews.add(store, member, kind=ReviewKind.REVIEW, title="x", planned_on=date(2026, 12, 1))
    with pytest.raises(NotAllowed):
        group_reviews.year(store, north_school.reader, "2026-2027")


def test_what_is_put_aside_comes_back(north_school):
    store, coach = north_school.store, north_school.coach
    one = group_reviews.add(store, coach, kind=ReviewKind.REVIEW, title="x", planned_on=date(2026, 12, 1))

    group_reviews.archive(store, coach, one.id)
    assert group_reviews.year(store, coach, "2026-2027").reviews == ()
    assert [each.id for each in group_reviews.put_aside(store, coach)] == [one.id]
    group_reviews.bring_back(store, coach, one.id)

    assert [each.id for each in group_reviews.year(store, coach, "2026-2027").reviews] == [one.id]


def test_a_calendar_that_was_laid_out_speaks_the_language_of_who_looks(north_school):
    store, coach = north_school.store, north_school.coach
    group_reviews.lay_out(store, coach, "2026-2027", 2)
    i18n.use("en")

    first, review = group_reviews.year(store, coach, "2026-2027").reviews[:2]
    kept = group_reviews.change(
        store, coach, first.id, None, title=first.title, planned_on=date(2026, 9, 1), done_on=None
    )
    group_reviews.change(
        store, coach, review.id, None, title="Met de bovenbouw", planned_on=review.planned_on, done_on=None
    )
    i18n.use("nl")

    assert (first.title, review.title.split(":")[0]) == ("HGW round 1", "Group review 1")
    assert kept.planned_on == date(2026, 9, 1)
    titles = {one.id: one.title for one in group_reviews.year(store, coach, "2026-2027").reviews}
    assert (titles[first.id], titles[review.id]) == ("HGW-ronde 1", "Met de bovenbouw")


# --- a teacher with her own group ------------------------------------------------------------------------


def _with_group(school, **shared):
    return guidance.begin_with_group(
        school.store, school.member, group_name="groep 5", question="Wat begrijpen zij van breuken?", **shared
    )


def test_a_teachers_way_with_her_group_is_hers_alone(north_school):
    one = _with_group(north_school)

    assert _seen(north_school, north_school.member) == [one.question]
    assert _seen(north_school, north_school.coach) == _seen(north_school, north_school.leader) == []
    with pytest.raises(NotAllowed):
        guidance.begin_with_group(
            north_school.store, north_school.reader, group_name="groep 5", question="Wat zien zij?"
        )


def test_she_shares_it_and_takes_that_back(north_school):
    store, member, coach = north_school.store, north_school.member, north_school.coach
    one = _with_group(north_school, colleague_id=coach.person_id)
    guidance.write_together(store, coach, one.id, None, Phase.OBSERVE, "Ze tekenen eerst")
    words = {"group_name": one.group_name, "question": one.question, "goal_id": None}

    with pytest.raises(NotAllowed):
        guidance.change_with_group(store, coach, one.id, None, **words, colleague_id=None, team_id=None)
    with pytest.raises(NotAllowed):
        guidance.move(store, coach, one.id, Phase.PLAN)
    guidance.change_with_group(store, member, one.id, None, **words, colleague_id=None, team_id=None)

    assert _seen(north_school, coach) == []
    assert guidance.find(store, member, one.id).together == {"observe": "Ze tekenen eerst"}


def test_she_goes_through_the_five_phases_herself(north_school):
    store, member = north_school.store, north_school.member
    one = _with_group(north_school, goal_id=north_school.goal().goal_id)

    for phase in Phase:
        guidance.move(store, member, one.id, phase)
        guidance.write_together(store, member, one.id, None, phase, str(phase))
    closed = guidance.close(store, member, one.id)

    assert list(closed.together) == list(closed.moves) == [str(phase) for phase in Phase]


@pytest.mark.parametrize(
    "wrong",
    [{"group_name": " "}, {"question": " "}, {"colleague_id": "me"}, {"colleague_id": "x", "team_id": "y"}],
)
def test_it_needs_a_group_and_a_question_and_one_to_share_it_with(north_school, wrong):
    typed = {"group_name": "groep 5", "question": "Wat zien zij?", **wrong}
    if typed.get("colleague_id") == "me":
        typed["colleague_id"] = north_school.member.person_id

    with pytest.raises(Incomplete):
        guidance.begin_with_group(north_school.store, north_school.member, **typed)


def test_the_words_of_one_kind_do_not_fit_the_other(north_school, begun):
    store, coach, member = north_school.store, north_school.coach, north_school.member
    one = _with_group(north_school)

    with pytest.raises(Incomplete):
        guidance.change(store, member, one.id, None, question="x", goal_id=None, serves="x")
    with pytest.raises(Incomplete):
        guidance.change_with_group(
            store,
            coach,
            begun.id,
            None,
            group_name="x",
            question="x",
            goal_id=None,
            colleague_id=None,
            team_id=None,
        )
