"""How the team of the example school answers: rounds and votes of confidence."""

from __future__ import annotations

import numpy as np

from qualitycycle import config, instruments
from qualitycycle.cycle import confidence, rounds
from qualitycycle.cycle.demo_telling import DAY, Story, Telling
from qualitycycle.cycle.demo_texts import RoundText, VoteText
from qualitycycle.model import Actor, Goal, Instrument, Role
from qualitycycle.store.records import Transaction

# How a team answers: a mean per scale, growth per round, and the spread of persons, statements and moments.
AGREEMENT, GROWTH = 4.35, 0.12
SCALE_SHIFT = {"goals": 0.35, "action": 0.0, "evidence": -0.7, "culture": 0.3, "roles": 0.1, "trust": 0.2}
# In the third year the tasks are divided anew, and that shows in the round after it.
CLEARER_ROLES, CLEARER_FROM = 0.7, 4
PERSON_SD, ITEM_SD, ANSWER_SD, EVIDENCE_SD = 0.55, 0.25, 0.65, 1.05
SHARE_SKIPPED = 0.025


def plan_round(told: Telling, place: int, text: RoundText) -> None:
    told.at(told.day(text.opened), lambda: _open_round(told, place, text))
    if text.closed is not None:
        told.at(told.day(text.closed), lambda: _close_round(told, place))


def _open_round(told: Telling, place: int, text: RoundText) -> None:
    story = told.story
    invited = {
        team_id: sum(team_id in person.team_ids for person in story.people.values())
        for team_id in story.teams.values()
    }
    opened = rounds.open_round(
        story.store,
        story.leader,
        cycle_id=told.cycle.cycle_id,
        instrument_key=text.instrument,
        title=text.title,
        invited=invited,
        closes_on=config.today() + 10 * DAY,
    )
    told.rounds[place] = opened
    _fill_in(story, opened, text)
    story.n_rounds += 1


def _close_round(told: Telling, place: int) -> None:
    rounds.close_round(told.story.store, told.story.leader, told.rounds[place].round.round_id)


def _fill_in(story: Story, opened: rounds.Opened, text: RoundText) -> None:
    """Fill in for part of each team: what `rounds.answer` does, for all of them in one transaction."""
    instrument = instruments.instrument(opened.round.instrument_key, opened.round.instrument_version)
    hashes: list[str] = []
    responses: list[tuple[str, dict[str, int]]] = []
    for (team_id, codes), share, place in zip(opened.codes.items(), text.answered, (0, 1, 2), strict=True):
        given = _answers(story, instrument, place, len(codes), round(share * len(codes)))
        hashes += [rounds.hash_code(story.store.secret, code) for code in codes[: len(given)]]
        responses += [(team_id, one) for one in given]

    def use_case(tx: Transaction) -> None:
        tx.execute(
            "UPDATE invite SET spent = true WHERE code_hash IN (SELECT unnest($hashes))", hashes=hashes
        )
        rounds.add(tx, opened.round.round_id, responses)

    story.store.write(use_case, actor=Actor(Role.RESPONDENT), verb="answer")


def _answers(
    story: Story, instrument: Instrument, team: int, n_people: int, n_answered: int
) -> list[dict[str, int]]:
    """Answers with a person, a statement and a team effect; the same person answers alike in each round."""
    items = instrument.items
    persons = np.random.default_rng([story.seed, 5, team]).normal(0, PERSON_SD, n_people)
    statements = np.random.default_rng([story.seed, 6, len(items)]).normal(0, ITEM_SD, len(items))
    rng = np.random.default_rng([story.seed, 7, story.n_rounds, team])
    who = rng.permutation(n_people)[:n_answered]
    shift = np.array([SCALE_SHIFT[item.scale] for item in items])
    spread = np.array([EVIDENCE_SD if item.scale == "evidence" else ANSWER_SD for item in items])
    team_effect = (0.1, -0.05, -0.1)[team]
    if story.n_rounds >= CLEARER_FROM:
        shift += [CLEARER_ROLES * (item.scale == "roles") for item in items]
    centre = AGREEMENT + shift + statements + GROWTH * story.n_rounds + team_effect
    felt = centre + persons[who][:, None] + rng.normal(0, 1, (len(who), len(items))) * spread
    values = np.clip(np.round(felt), instrument.minimum, instrument.maximum).astype(int)
    skipped = rng.random(values.shape) < SHARE_SKIPPED
    # Now and then somebody leaves a whole scale open.
    if team == 1 and story.n_rounds % 2 == 0:
        skipped[0] |= [item.scale == "evidence" for item in items]
    return [
        {
            item.key: int(instrument.minimum + instrument.maximum - value if item.reversed else value)
            for item, value, gone in zip(items, row, left, strict=True)
            if not gone
        }
        for row, left in zip(values, skipped, strict=True)
    ]


def hold_vote(told: Telling, goal: Goal, text: VoteText, place: int) -> None:
    """A confidence vote from opening to closing: the answers of all in one transaction."""
    story = told.story
    n_present, n_answered = text.n_present * story.factor, text.n_answered * story.factor
    opened = confidence.open_vote(story.store, story.leader, goal.goal_id, n_present)
    rng = np.random.default_rng([story.seed, 8, place, *map(ord, goal.title)])
    felt = np.clip(rng.normal(text.level, text.spread, n_answered), confidence.LOWEST, confidence.HIGHEST)
    # On a phone most people stop at a round number.
    values = [int(5 * round(value / 5)) for value in felt]
    vote_id = opened.vote.confidence_vote_id
    story.store.write(
        lambda tx: confidence.store_shuffled(tx, vote_id, values), actor=Actor(Role.RESPONDENT), verb="answer"
    )
    confidence.close_vote(story.store, story.leader, vote_id)
