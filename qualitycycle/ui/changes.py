"""The record of changes in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from qualitycycle import config, i18n, sentences, weighing_words
from qualitycycle.cycle import history, meeting_words, support_words
from qualitycycle.cycle.history import Change, FieldChange
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Role
from qualitycycle.ui import expertise, guidance_calendar, parts, way_of_working, words
from qualitycycle.ui.page import ROLE_NAMES, Page
from qualitycycle.ui.text import safe

PER_PAGE = 25
# More fields than this fold away under the line.
N_OPEN = 3
LONGEST = 300
# Kinds a user can ask for; what belongs to them is found under “all”.
KINDS = (
    "goal", "indicator", "measurement", "baseline", "action", "evidence", "link", "vision", "ambition", "cycle",
    "round", "confidence_vote", "meeting", "decision", "success", "obstacle",
    "batch", "person", "team", "school", "school_year", "holiday",
)  # fmt: skip
# A noun that is also the name of a field needs a word of its own here.
NOUNS = {"phase_move": N_("phase"), "baseline": N_("start period or new start")}
# The fields a person fills in, in words. A field that is not here is not shown.
FIELDS = {
    "name": N_("Name"),
    "title": N_("Title"),
    "text": N_("Text"),
    "sector": N_("Sector"),
    "brin": N_("BRIN code"),
    "region": N_("Holidays of region"),
    "language": N_("Language"),
    "role": N_("Access"),
    "team_ids": N_("Teams"),
    "year_groups": N_("Year groups"),
    "first_on": N_("First day"),
    "last_on": N_("Last day"),
    "state": N_("State"),
    "phase": N_("Phase"),
    "closed_on": N_("Closed on"),
    "went_well": N_("What went well"),
    "learned": N_("What we learned"),
    "vision_id": N_("Vision"),
    "ambition_id": N_("Ambition"),
    "cycle_id": N_("Quality cycle"),
    "goal_id": N_("Goal"),
    "team_id": N_("Team"),
    "owner_id": N_("Owner"),
    "helper_ids": N_("Helpers"),
    "due_on": N_("Due date"),
    "start_on": N_("Start date"),
    "standards": N_("Standards"),
    "over_limit_reason": N_("Why one goal more"),
    "predicted": N_("What we predicted"),
    "happened": N_("What happened"),
    "judgement": N_("Judgement"),
    "next_step": N_("Next step"),
    "kind": N_("Kind"),
    "unit": N_("Unit"),
    "direction": N_("Direction"),
    "baseline": N_("Baseline"),
    "baseline_on": N_("Date of the baseline"),
    "target": N_("Target"),
    "levels": N_("Levels"),
    "measured_on": N_("Measured on"),
    "value": N_("Value"),
    "n": N_("Number of people"),
    "note": N_("Note"),
    "applies_on": N_("Applies from or up to"),
    "reason": N_("Reason"),
    "moved_on": N_("Moved on"),
    "held_on": N_("Held on"),
    "happened_on": N_("Happened on"),
    "raised_on": N_("Raised on"),
    "solved_on": N_("Solved on"),
    "turn": N_("What was done with it"),
    "notes": N_("Notes"),
    "grounds": N_("Why it should work"),
    "prediction": N_("What we expect"),
    "signal": N_("How we will see it"),
    "led_by": N_("The data that led to it"),
    "for_whom": N_("For whom"),
    "expected_on": N_("By when"),
    "change_mind": N_("What would change our mind"),
    "locked_on": N_("Locked on"),
    "sessions_planned": N_("Planned sessions"),
    "sessions_held": N_("Held sessions"),
    "follows_action_id": N_("Small test it builds on"),
    "ground_source": N_("Source from outside"),
    "ground_read_on": N_("Read on"),
    "ground_population": N_("About whom it was"),
    "repeated_in": N_("Repeated in"),
    "reliability": N_("Reliability"),
    "n_measured": N_("Pupils measured"),
    "n_missing": N_("Pupils missing"),
    "verdict": N_("Verdict"),
    "derived": N_("What the rules said"),
    "erased_on": N_("Erased on"),
    "erased_why": N_("Why it was erased"),
    "stopped_on": N_("Ended on"),
    "done_as_planned": N_("Done as planned"),
    "evaluated_on": N_("Evaluated on"),
    "source": N_("Source"),
    "evidence_on": N_("Date of the evidence"),
    "valid_until": N_("Use it until"),
    "reviewed_on": N_("Looked at on"),
    "evidence_id": N_("Evidence"),
    "noun_id": N_("About"),
    "says": N_("What it says"),
    "opened_on": N_("Opened on"),
    "asked_on": N_("Asked on"),
    "n_present": N_("Number of people present"),
    "closes_on": N_("Closing date"),
    "floor": N_("Smallest group shown"),
    "file_name": N_("File"),
    "n_accepted": N_("Rows read in"),
    "n_refused": N_("Rows kept aside"),
    "dropped_columns": N_("Columns left out"),
}
STATES = {
    "running": N_("Running"),
    "open": N_("Open"),
    "closed": N_("Closed"),
    "planned": N_("Planned"),
    "done": N_("Done"),
    "stopped": N_("Stopped"),
    "cancelled": N_("Cancelled"),
    "current": N_("Counts"),
    "undone": N_("Taken back"),
}
VALUES: dict[str, Mapping[Any, str]] = {
    "sector": words.SECTORS,
    "region": words.REGIONS,
    "role": ROLE_NAMES,
    "state": {**STATES, **way_of_working.STATES},
    "phase": words.PHASES,
    "judgement": words.JUDGEMENTS,
    "next_step": words.NEXT_STEPS,
    "direction": words.DIRECTIONS,
    "done_as_planned": words.AS_PLANNED,
    "says": {**words.SAYS, **meeting_words.COURSES},
    "verdict": weighing_words.VERDICTS,
    "derived": weighing_words.VERDICTS,
    "kind": {
        **words.INDICATOR_KINDS,
        **words.BASELINE_KINDS,
        **words.EVIDENCE_KINDS,
        **meeting_words.OBSTACLES,
        **guidance_calendar.KINDS,
        **expertise.BADGES,
        **support_words.REASONS,
    },
    "reason": meeting_words.REASONS,
    "turn": meeting_words.TURNS,
}


def show(page: Page) -> None:
    """Filters, a page of changes, and the way to the next page."""
    noun, person_id = _filters(page)
    total = history.n_changes(page.store, page.actor, noun=noun, person_id=person_id)
    if not total:
        parts.empty(_("No changes to show. Choose another kind or another person."))
        return
    n_pages = -(-total // PER_PAGE)
    place = st.container()
    number = (
        min(n_pages, st.pagination(n_pages, key=f"changes.page.{noun}.{person_id}")) if n_pages > 1 else 1
    )
    found = history.changes(
        page.store,
        page.actor,
        noun=noun,
        person_id=person_id,
        limit=PER_PAGE,
        offset=PER_PAGE * (number - 1),
    )
    with place:
        parts.note(
            ngettext("{n} change, latest first", "{n} changes, latest first", total).format(
                n=i18n.number(total)
            )
        )
        with parts.card("changes"):
            st.html("".join(_line(page, one) for one in found))


def _filters(page: Page) -> tuple[str | None, str | None]:
    kind, who = st.columns([1, 1], width=620)
    noun = kind.selectbox(
        _("Kind"),
        [None, *KINDS],
        format_func=lambda noun: _noun(noun) if noun else _("All kinds"),
        key="changes.noun",
    )
    people = {person.person_id: person.name for person in page.staff.people}
    person_id = who.selectbox(
        _("Person"),
        [None, *people],
        format_func=lambda person_id: people[person_id] if person_id else _("Everybody"),
        key="changes.person",
    )
    return noun, person_id


def _noun(noun: str) -> str:
    return _(NOUNS[noun]) if noun in NOUNS else sentences.word(noun)


def _line(page: Page, one: Change) -> str:
    """One change; its fields fold out, and stand open when they are few."""
    fields = [field for field in one.fields if field.name in FIELDS and _differs(one, field)]
    head = (
        f"<b>{safe(_what(one))}</b> "
        f'<span class="qc-quiet">{safe(_who(page, one))} · {safe(i18n.moment(one.changed_at))}</span>'
    )
    if not fields or one.archived or one.brought_back:
        return f'<div class="qc-change">{head}</div>'
    is_open = "" if one.added or len(fields) > N_OPEN else " open"
    details = "".join(_field(page, one, field) for field in fields)
    return (
        f'<details class="qc-change"{is_open}><summary>{head}</summary>'
        f'<dl class="qc-facts">{details}</dl></details>'
    )


def _differs(one: Change, field: FieldChange) -> bool:
    # A new record has many empty fields, which say nothing.
    return bool(field.after) if one.added else field.before != field.after


def _what(one: Change) -> str:
    text = _("Changed: {noun}")
    if one.added:
        text = _("Added: {noun}")
    elif one.archived:
        text = _("Archived: {noun}")
    elif one.brought_back:
        text = _("Brought back: {noun}")
    named = f" “{one.title}”" if one.title else ""
    return text.format(noun=_noun(one.noun)) + named


def _who(page: Page, one: Change) -> str:
    role = _(ROLE_NAMES[Role(one.role)]) if one.role in ROLE_NAMES else one.role
    return page.staff.person_name(one.person_id) or role


def _field(page: Page, one: Change, field: FieldChange) -> str:
    after = _value(page, field.name, field.after)
    text = after if one.added else f"{_value(page, field.name, field.before)} → {after}"
    return f"<dt>{safe(_(FIELDS[field.name]))}</dt><dd>{safe(text)}</dd>"


def _value(page: Page, name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, list):
        return ", ".join(_value(page, name, one) for one in value)
    if name == "phase" and value in words.PHASES:
        return next(words.phase(phase, page.staff.school) for phase in words.PHASES if phase == value)
    if name in VALUES and value in VALUES[name]:
        return _(VALUES[name][value])
    if name == "language":
        return i18n.LANGUAGES.get(value, str(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return i18n.number(value)
    return _date(name, str(value)) or _short(str(value))


def _date(name: str, text: str) -> str:
    if name.endswith("_on") or name == "valid_until":
        return i18n.short_day(date.fromisoformat(text[:10]))
    if name.endswith("_at"):
        return i18n.moment(config.local_time(datetime.fromisoformat(text)))
    return ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
