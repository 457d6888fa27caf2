"""The minutes of a weekly meeting: one page to read back, and the start of the next."""

from __future__ import annotations

from collections.abc import Sequence

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts import value_text
from qualitycycle.charts.beside import vote_words
from qualitycycle.cycle import meeting_words, waiting_words
from qualitycycle.cycle.minutes import (
    DecisionLine,
    Feeling,
    GoalLine,
    Minutes,
    ObstacleLine,
    PointLine,
    PredictionLine,
    PromiseLine,
)
from qualitycycle.i18n import _, ngettext
from qualitycycle.reports.content import (
    Account,
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    Value,
    without_empty,
)

MINUTE = 60


def blocks(minutes: Minutes) -> list[Block]:
    """What was promised, said, decided and agreed, in the order in which it is read back."""
    return [
        _who(minutes),
        *_agreed(minutes),
        *_decided(minutes),
        *_looked_back(minutes),
        *_goals(minutes),
        *_listed(_("Successes"), [_with(one.title, one.about) for one in minutes.successes]),
        *_listed(_("Obstacles"), [_obstacle(one) for one in minutes.obstacles]),
        *_listed(_("Support, policy and calendar"), [_point(one) for one in minutes.points]),
        *_listed(_("Questionnaire rounds closed"), minutes.rounds),
        *_listed(_("Kept for later"), minutes.parked),
        *_notes(minutes),
        *_next(minutes),
    ]


def _who(minutes: Minutes) -> Block:
    roles = [
        (name, person)
        for name, person in (
            (_("Leads"), minutes.leader),
            (_("Takes notes"), minutes.notes_by),
            (_("Keeps time"), minutes.time_keeper),
        )
        if person
    ]
    streak = ngettext("{n} week in a row", "{n} weeks in a row", minutes.streak).format(n=minutes.streak)
    return without_empty(
        [
            (_("Present"), i18n.join(list(minutes.present))),
            (_("Roles"), " · ".join(f"{name}: {person}" for name, person in roles)),
            (_("Time"), _time(minutes)),
            (_("Meetings held"), streak if minutes.streak > 1 else ""),
            (_("Check-in"), _feeling(minutes.check_in, meeting_words.CHECK_IN)),
            (_("How the meeting was"), _feeling(minutes.rating, meeting_words.RATING)),
        ]
    )


def _time(minutes: Minutes) -> str:
    if not minutes.seconds:
        return ""
    took = max(1, round(minutes.seconds / MINUTE))
    return _("{took} minutes, of {planned} planned").format(took=took, planned=minutes.planned_minutes)


def _feeling(feeling: Feeling, words: Sequence[str]) -> str:
    """The room on three levels, where the gate let the counts out; else only that it was asked."""
    if not feeling.asked:
        return ""
    if not feeling.counts:
        return _("asked; too few answers to show")
    return " · ".join(f"{_(word)}: {n}" for word, n in zip(words, feeling.counts, strict=True))


def _promises(name: str, lines: Sequence[PromiseLine], *, turned: bool) -> list[Block]:
    """A heading with a table below it, whose sheet has the same name."""
    columns = [
        Column(_("Action"), 3.4),
        Column(_("Owner"), 1.5),
        Column(_("By"), 1.3),
        Column(_("Goal"), 2.4),
        *([Column(_("What became of it"), 2.0)] if turned else []),
    ]
    rows: list[tuple[Cell, ...]] = [
        (
            one.title,
            one.owner or "–",
            Value(i18n.short_day(one.due_on), one.due_on),
            one.goal or "–",
            *([_turn(one)] if turned else []),
        )
        for one in lines
    ]
    return [Heading(name), Table("", tuple(columns), tuple(rows), sheet=name)]


def _turn(one: PromiseLine) -> str:
    said = _(meeting_words.TURNS[one.turn])
    return f"{said}: {_(meeting_words.REASONS[one.reason])}" if one.reason else said


def _agreed(minutes: Minutes) -> list[Block]:
    if not minutes.made:
        return [Heading(_("New agreements")), Paragraph(_("No new actions."))]
    return _promises(_("New agreements"), minutes.made, turned=False)


def _looked_back(minutes: Minutes) -> list[Block]:
    if not minutes.promises:
        return []
    return _promises(_("Looked back on"), minutes.promises, turned=True)


def _decided(minutes: Minutes) -> list[Block]:
    if not minutes.decisions:
        return []
    columns = (Column(_("Decision"), 3), Column(_("Why"), 2.6), Column(_("Goal"), 2), Column(_("Present"), 2))
    rows = tuple(
        (one.title, one.reason or "–", one.goal or "–", _there(one, minutes)) for one in minutes.decisions
    )
    return [Heading(_("Decisions")), Table("", columns, rows, sheet=_("Decisions"))]


def _there(one: DecisionLine, minutes: Minutes) -> str:
    """Who was there when it was decided, in one word when that is everybody of the meeting."""
    if set(one.present) == set(minutes.present):
        return _("everybody who was there")
    return i18n.join(list(one.present)) or "–"


def _point(one: PointLine) -> str:
    words = waiting_words
    return _with(
        words.title(one.about, one.title), " · ".join(filter(None, [words.said(one), words.kind(one.about)]))
    )


def _goals(minutes: Minutes) -> list[Block]:
    return _listed(_("Goals"), [_goal(one) for one in minutes.goals])


def _goal(one: GoalLine) -> str:
    said = [
        _("in focus") if one.is_focus else "",
        "; ".join(_(meeting_words.WHYS[why]) for why in one.why),
        _("the team says: {words}").format(words=_(meeting_words.COURSES[one.said]).lower())
        if one.said
        else "",
        f"{_('How sure')}: {vote_words(one.vote)}" if one.vote else "",
        *(_prediction(line) for line in one.predictions),
    ]
    return f"{one.title}: {'; '.join(part for part in said if part)}" if any(said) else one.title


def _prediction(line: PredictionLine) -> str:
    """What the room expected, beside what it saw."""
    seen = value_text(line.indicator, line.shown, line.n, short=True)
    shown = _("too few to show") if line.shown is None else seen
    n = f" (n = {line.n})" if line.n is not None else ""
    if line.predicted is None:
        return f"{line.indicator.title}: {shown}{n}"
    return _("{indicator}: expected {predicted}, seen {shown}").format(
        indicator=line.indicator.title,
        predicted=value_text(line.indicator, line.predicted, short=True),
        shown=f"{shown}{n}",
    )


def _obstacle(one: ObstacleLine) -> str:
    since = _("since {day}").format(day=i18n.short_day(one.raised_on))
    parts = [_(meeting_words.OBSTACLES[one.kind]), one.owner, _("solved") if one.solved_on else since]
    return f"{_with(one.title, one.goal)} ({', '.join(part for part in parts if part)})"


def _with(title: str, about: str) -> str:
    return f"{title} ({about})" if about else title


def _listed(title: str, items: Sequence[str]) -> list[Block]:
    return [Heading(title), Bullets(tuple(items))] if items else []


def _notes(minutes: Minutes) -> list[Block]:
    return [Heading(_("Notes")), Paragraph(minutes.notes)] if minutes.notes.strip() else []


def _next(minutes: Minutes) -> list[Block]:
    own = minutes.next
    facts = without_empty(
        [
            (_("When"), f"{i18n.weekday(own.on)} {i18n.day(own.on)}" if own.on else ""),
            (_("Goal in focus"), own.focus),
            (_("First on the agenda"), "\n".join(f"{one.title} ({one.owner})" for one in own.promises)),
        ]
    )
    return [Heading(_("Next meeting")), facts] if facts.rows else []


def account(minutes: Minutes) -> Account:
    """What the minutes rest on."""
    return Account(
        period=i18n.day(minutes.held_on),
        sources=(_("What was ticked, typed and decided in the meeting itself."),),
        numbers=(
            ngettext("{n} person was there.", "{n} people were there.", len(minutes.present)).format(
                n=len(minutes.present)
            ),
        ),
        hidden=(
            _(
                "Check-in, rating and votes with fewer than {floor} answers: otherwise one could recognise somebody. "
                "Nobody can see who answered what."
            ).format(floor=disclosure.FLOOR),
        ),
        data_version=minutes.data_version,
        made_on=minutes.held_on,
    )
