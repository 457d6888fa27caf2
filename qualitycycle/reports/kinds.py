"""The reports there are: what each is called, for whom it is, and how its content is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from qualitycycle import config, i18n
from qualitycycle.cycle.minutes import Minutes
from qualitycycle.cycle.reports import Kind, Review
from qualitycycle.i18n import N_, _
from qualitycycle.reports import handed_over, meeting, pdf, planned, school, sheets, whole, word
from qualitycycle.reports.content import Block, Report, without_echo


class Format(StrEnum):
    """What a report is drawn on."""

    PDF = "pdf"
    WORD = "docx"
    SHEETS = "xlsx"


@dataclass(frozen=True)
class Description:
    """A kind of report in words: its name, for whom, and its name in a file's name."""

    title: str
    audience: str
    file_name: str


DESCRIPTIONS: Mapping[Kind, Description] = {
    Kind.MR: Description(
        N_("Report for the MR"),
        N_("For parents and staff in the MR: plain words, no small groups, no names."),
        N_("mr-report"),
    ),
    Kind.BOARD: Description(
        N_("Report for the board"),
        N_("For the board: goals and progress, results against ambition and threshold, and what you ask."),
        N_("board-report"),
    ),
    Kind.STANDARDS: Description(
        N_("Self-evaluation per standard"),
        N_("For the Inspectorate and the board: evidence for each inspection standard, with your judgement."),
        N_("self-evaluation"),
    ),
    Kind.YEAR_PLAN: Description(
        N_("Year plan"),
        N_("For team, MR and board: from vision to action, with who, when and how you will see it."),
        N_("year-plan"),
    ),
    Kind.HALF_YEAR: Description(
        N_("Half-year review"),
        N_("For the team: what you planned, what came of it, and what is still open."),
        N_("half-year-review"),
    ),
    Kind.MINUTES: Description(
        N_("Minutes"),
        N_("For who was there and who was not: what was agreed and decided in one meeting."),
        N_("minutes"),
    ),
    Kind.GOAL: Description(
        N_("One goal on one page"),
        N_("For the wall or a conversation: one goal, its line, its actions and its evidence."),
        N_("goal"),
    ),
    Kind.CYCLE: Description(
        N_("Everything of one cycle"),
        N_("For your own archive: all goals, actions, evidence and results of a quality cycle."),
        N_("quality-cycle"),
    ),
}
_BLOCKS: Mapping[Kind, Callable[[Review], list[Block]]] = {
    Kind.MR: handed_over.mr,
    Kind.BOARD: handed_over.board,
    Kind.STANDARDS: handed_over.standards,
    Kind.YEAR_PLAN: planned.year_plan,
    Kind.HALF_YEAR: planned.half_year,
    Kind.GOAL: whole.one_goal,
    Kind.CYCLE: whole.cycle,
}
RENDER: Mapping[Format, Callable[[Report], bytes]] = {
    Format.PDF: pdf.render,
    Format.WORD: word.render,
    Format.SHEETS: sheets.render,
}
MIME: Mapping[Format, str] = {Format.PDF: pdf.MIME, Format.WORD: word.MIME, Format.SHEETS: sheets.MIME}


def build(review: Review) -> Report:
    """The content of a report, in the language of now."""
    kind = review.kind
    own = DESCRIPTIONS[kind]
    account = school.account(review)
    on_one_page = kind is Kind.GOAL
    goal = review.goals[0].goal.title if on_one_page and review.goals else ""
    told = whole.short_account(account) if on_one_page else school.account_blocks(account)
    return Report(
        kind=str(kind),
        title=goal or _(own.title),
        subtitle=" · ".join([review.school.name, review.cycle.title, school.period(review)]),
        school=review.school.name,
        language=i18n.language(),
        blocks=without_echo([*_BLOCKS[kind](review), *told]),
        account=account,
        one_page=on_one_page,
        name=name(kind, goal, review.cycle.title),
    )


def build_minutes(minutes: Minutes) -> Report:
    """The minutes of a meeting, in the language of now."""
    account = replace(meeting.account(minutes), made_on=config.today())
    team = minutes.team or _("the whole school")
    week = _("school week {n}").format(n=minutes.week) if minutes.week is not None else ""
    day = f"{i18n.weekday(minutes.held_on)} {i18n.day(minutes.held_on)}"
    return Report(
        kind=str(Kind.MINUTES),
        title=_("Minutes of the weekly meeting"),
        subtitle=" · ".join(filter(None, [minutes.school, team, day, week])),
        school=minutes.school,
        language=i18n.language(),
        blocks=without_echo([*meeting.blocks(minutes), *whole.short_account(account)]),
        account=account,
        one_page=True,
        name=name(Kind.MINUTES, minutes.team, minutes.held_on.isoformat()),
    )


def name(kind: Kind, *about: str) -> str:
    """The name of a report's file without its day and ending, in the language of now."""
    return "-".join(filter(None, [_(DESCRIPTIONS[kind].file_name), *(_plain(text) for text in about)]))


def render(report: Report, wanted: Format) -> bytes:
    """A report drawn, in the language it was built in."""
    with i18n.speaking(report.language):
        return RENDER[wanted](report)


def _plain(text: str) -> str:
    """Text as part of a file's name: small letters, figures and dashes, and not too long."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[:50].strip("-")
