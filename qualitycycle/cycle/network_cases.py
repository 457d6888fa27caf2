"""What the figures for the network rest on: learning questions with a theme, requests for help, and shared hours.

Each case gets a sign that only this school's key makes, and another one when it changes: so that versions of a period
can be laid beside each other without keeping whose case it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qualitycycle.analysis.disclosure import TOO_FEW
from qualitycycle.cycle import help_requests
from qualitycycle.cycle.coaching_totals import CONVERSATIONS
from qualitycycle.cycle.help_requests import HelpRequest
from qualitycycle.cycle.network_figures import ALL, NOT_SHARED, Candidate, Cases, Measure, half_had_help
from qualitycycle.cycle.network_file import Period
from qualitycycle.cycle.network_words import KINDS, THEMES
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store


def found(store: Store, actor: Actor, period: Period) -> dict[str, Candidate]:
    """Every figure of a period that could leave. Nobody looks at these: `network_figures.put_down` lets them out."""

    def sign(text: str) -> str:
        return hashlib.blake2b(text.encode(), key=store.secret[:64], digest_size=8).hexdigest()

    return {
        **_learning(store, period, sign),
        **_help(store, period, sign),
        **_time(store, actor, period, sign),
    }


def _learning(store: Store, period: Period, sign: Callable[[str], str]) -> dict[str, Candidate]:
    """Who asked counts once, however often she asked: five questions of one colleague are about one colleague."""
    rows = store.rows(
        """
        SELECT coalesce(colleague_id, team_id) AS asker, theme
        FROM guidance_trajectory
        JOIN learning_theme USING (guidance_trajectory_id)
        WHERE archived_at IS NULL AND asker IS NOT NULL AND started_on BETWEEN $first AND $last
        """,
        first=period.first_on,
        last=period.last_on,
    )
    asked: dict[str, set[str]] = {}
    for row in rows:
        asked.setdefault(row["asker"], set()).add(row["theme"])
    return of_learning(asked, sign)


def of_learning(asked: Mapping[str, set[str]], sign: Callable[[str], str]) -> dict[str, Candidate]:
    """Figures of learning questions; `asked` has the themes by who asked."""
    signs = {asker: sign(f"asker {asker} {sorted(themes)}") for asker, themes in asked.items()}
    wanted = {key: {signs[one]: 1 for one in asked if key in (ALL, *asked[one])} for key in (ALL, *THEMES)}
    return {f"{Measure.LEARNING}:{key}": Candidate(cases) for key, cases in wanted.items()}


def _help(store: Store, period: Period, sign: Callable[[str], str]) -> dict[str, Candidate]:
    """Requests asked in the period, as they stood on its last day: what came later does not change them."""
    asked = [
        one
        for one in help_requests.of_everybody(store)
        if one.archived_at is None and period.first_on <= one.asked_on <= period.last_on
    ]
    return of_help(asked, period, sign)


def of_help(asked: Sequence[HelpRequest], period: Period, sign: Callable[[str], str]) -> dict[str, Candidate]:
    """Figures of requests for help, those of waiting included."""

    def cases(own: Sequence[HelpRequest]) -> Cases:
        last_on = period.last_on
        return {
            sign(f"{one.id} {one.kind} {one.theme} {one.asked_on} {one.until(last_on)}"): 1 for one in own
        }

    told = {
        f"{Measure.HELP}:{key}": Candidate(cases([one for one in asked if key in (ALL, one.theme)]))
        for key in (ALL, *THEMES)
    }
    for key in (ALL, *KINDS):
        own = [one for one in asked if key in (ALL, one.kind)]
        waits = [(one.weeks(period.last_on), one.until(period.last_on)[1]) for one in own]
        told[f"{Measure.WAITING}:{key}"] = Candidate(cases(own), half_had_help(waits))
    return told


def _time(store: Store, actor: Actor, period: Period, sign: Callable[[str], str]) -> dict[str, Candidate]:
    """Only what the coach who puts it down shares of her own log already."""
    rows = store.rows(
        """
        SELECT what, month, kind, minutes, planned_minutes, n
        FROM coaching_total
        WHERE owner_id = $own AND month BETWEEN $first AND $last
        """,
        own=actor.person_id or "",
        first=period.first_on,
        last=period.last_on,
    )
    talks = [row for row in rows if row["what"] == CONVERSATIONS]
    weeks = [row for row in rows if row["what"] != CONVERSATIONS and row["kind"] == "guiding"]
    n_months = len({row["month"] for row in talks})
    n_weeks = sum(row["n"] for row in weeks)

    def candidate(own: Sequence[Mapping[str, Any]], minutes: str, per: int) -> Candidate:
        cases = {sign(f"{actor.person_id} {row}"): int(row["n"]) for row in own}
        hours = sum(row[minutes] or 0 for row in own) / 60 / per if per else None
        return Candidate(cases, hours, TOO_FEW if own else NOT_SHARED)

    return {
        f"{Measure.TIME}:conversations": candidate(talks, "minutes", n_months),
        f"{Measure.TIME}:guiding": candidate(weeks, "minutes", n_weeks),
        f"{Measure.TIME}:planned": candidate(weeks, "planned_minutes", n_weeks),
    }
