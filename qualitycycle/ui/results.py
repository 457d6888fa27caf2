"""The parts of the page about collective efficacy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.cycle import evidence, frozen, plan, questionnaires, results, rounds
from qualitycycle.cycle.frozen import SCHOOL, GroupResult, RoundResult
from qualitycycle.cycle.results import ScaleChange
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument, Round
from qualitycycle.ui import change_parts, figures, forms, parts, tie
from qualitycycle.ui.page import Page

# --- choosing --------------------------------------------------------------------------------------------


def pick_round(page: Page) -> tuple[Round, list[Round]] | None:
    """The chosen closed round, latest first, and all closed rounds of its questionnaire; None without any."""
    closed = results.closed_rounds(page.store, page.actor)
    if not closed:
        return None
    asked = st.query_params.get("round")
    with st.container(horizontal=True, key="pick_round"):
        key = _pick_instrument(page, closed, asked)
        same = [one for one in closed if one.instrument_key == key]
        labels = forms.distinct({one.round_id: _round_label(one) for one in same})
        ids = list(labels)
        chosen = st.selectbox(
            _("Questionnaire round"),
            ids,
            index=ids.index(asked) if asked in ids else 0,
            format_func=lambda one: labels.get(one, ""),
            key=f"results_round.{key}",
            width=380,
        )
    return next((one for one in same if one.round_id == chosen), same[0]), same


def _pick_instrument(page: Page, closed: Sequence[Round], asked: str | None) -> str:
    keys = list(dict.fromkeys(one.instrument_key for one in closed))
    if len(keys) == 1:
        return keys[0]
    # The short weekly poll may be newer; the questionnaire is what this page is about.
    known = {key: questionnaires.get(page.store, key) for key in keys}
    main = max(keys, key=lambda key: len(known[key].items))
    first = next((one.instrument_key for one in closed if one.round_id == asked), main)
    titles = {key: one.title[i18n.language()] for key, one in known.items()}
    chosen = st.selectbox(
        _("Questionnaire"),
        keys,
        index=keys.index(first),
        format_func=lambda key: titles.get(key, ""),
        key="results_instrument",
        width=380,
    )
    return str(chosen)


def _round_label(one: Round) -> str:
    return f"{one.title} ({i18n.short_day(one.closed_on)})"


def instrument_of(page: Page, one: Round) -> Instrument:
    return questionnaires.get(page.store, one.instrument_key, one.instrument_version)


# --- one round -------------------------------------------------------------------------------------------


def response(result: RoundResult, instrument: Instrument) -> None:
    """How many answered, and what kind of questionnaire this is."""
    text = ngettext(
        "{n} of {all} person answered ({share}).", "{n} of {all} people answered ({share}).", result.n_invited
    )
    share = i18n.percent(result.response_share)
    said = text.format(n=result.n_answered, all=result.n_invited, share=share)
    parts.note(" ".join([said, _pattern_words(result)]).strip())
    if not instrument.validated:
        st.info(instrument.source[i18n.language()], icon=":material/info:")


def _pattern_words(result: RoundResult) -> str:
    """How many ticked one and the same answer everywhere; never exactly when it is a few."""
    school = result.school
    texts = {
        frozen.FEW: _("Fewer than {floor} gave the same answer everywhere."),
        frozen.SOME: ngettext(
            "{n} person gave the same answer everywhere: were the statements read?",
            "{n} people gave the same answer everywhere: were the statements read?",
            school.n_patterns or 0,
        ),
        frozen.NEARLY_ALL: _("Nearly everybody gave the same answer everywhere: were the statements read?"),
    }
    return texts.get(school.patterns or "", "").format(n=school.n_patterns, floor=result.floor)


def school(
    page: Page, one: Round, result: RoundResult, instrument: Instrument, same: Sequence[Round]
) -> None:
    """The school's scales, and beside them what changed since the round before."""
    if not result.school.shown:
        parts.empty(
            _("Too few answers to show anything of this round: at least {floor} are needed.").format(
                floor=result.floor
            )
        )
        return
    now, since = st.columns(2, gap="medium")
    with now, parts.card("school_scales"):
        parts.heading(_("Where we stand"))
        figures.chart(
            charts.scale_results(result, result.school, instrument, theme=page.theme), key="school_scales"
        )
        parts.note(f"{_range_words(instrument)} {_spread_words()}")
    with since, parts.card("school_change"):
        parts.heading(_("What changed"))
        found = results.changes(page.store, page.actor, one, same)
        change_parts.show(page, found[SCHOOL], result, instrument, key="school")


def _range_words(instrument: Instrument) -> str:
    language = i18n.language()
    return _("{low} is “{low_words}”, {high} is “{high_words}”.").format(
        low=instrument.minimum,
        low_words=instrument.labels[instrument.minimum][language],
        high=instrument.maximum,
        high_words=instrument.labels[instrument.maximum][language],
    )


def _spread_words() -> str:
    return _("In brackets: how far answers lie from the mean on average. The bar is the 95% interval.")


# --- teams -----------------------------------------------------------------------------------------------


def teams(page: Page, one: Round, result: RoundResult, instrument: Instrument, same: Sequence[Round]) -> None:
    """Each team by itself in the school's own order; hidden and empty look the same."""
    groups = team_groups(page, result)
    if not groups:
        parts.note(_("One team took part, so the result of the school is the result of that team."))
        return
    parts.note(
        _(
            "In the school's own order. Teams differ in size and work: this is no ranking. Talk within the team."
        )
    )
    found = results.changes(page.store, page.actor, one, same)
    # Two by two, so that on a phone the order stays the school's own.
    for n in range(0, len(groups), 2):
        for column, (name, group) in zip(st.columns(2, gap="medium"), groups[n : n + 2], strict=False):
            with column, parts.card(f"team_{group.key}"):
                _team(page, name, group, result, instrument, found[group.key])


def _team(
    page: Page,
    name: str,
    group: GroupResult,
    result: RoundResult,
    instrument: Instrument,
    found: Sequence[ScaleChange],
) -> None:
    parts.heading(name)
    if not group.shown:
        parts.note(_("Too few answers to show."))
        return
    parts.note(ngettext("{n} person answered.", "{n} people answered.", group.n or 0).format(n=group.n))
    figure = charts.scale_results(result, group, instrument, theme=page.theme, compact=True)
    figures.chart(figure, key=f"team_{group.key}", compact=True)
    parts.note(_("What changed"))
    change_parts.show(page, found, result, instrument, key=group.key, team=True)


def team_groups(page: Page, result: RoundResult) -> list[tuple[str, GroupResult]]:
    """The teams of a round with their names, in the school's order."""
    order = {team.team_id: n for n, team in enumerate(page.staff.teams)}
    found = [group for group in result.groups if group.key != SCHOOL]
    ordered = sorted(found, key=lambda group: order.get(group.key, len(order)))
    return [(page.staff.team_name(group.key) or "–", group) for group in ordered]


# --- what it means, and making it evidence ---------------------------------------------------------------


def limits() -> None:
    """What a score does not say."""
    parts.note(_("A higher score does not promise that pupils will learn more. It opens a conversation."))
    parts.note(
        _(
            "You may read elsewhere that collective efficacy has an effect of d = 1.57 on learning. That figure "
            "rests on correlations and is contested: it says that the two occur together, not that one causes "
            "the other, and later calculations came out lower."
        )
    )


def make_evidence(page: Page, one: Round, result: RoundResult) -> None:
    """Two clicks from this round to evidence about a goal or an action."""
    if not result.school.shown:
        return
    cycle = plan.running_cycle(page.store)
    existing = cycle and results.evidence_of(page.store, page.actor, one.round_id, cycle.cycle_id)
    tie.make_evidence(
        page,
        f"round.{one.round_id}",
        lambda cycle_id: evidence.from_round(page.store, page.actor, one.round_id, cycle_id),
        existing=existing or None,
    )


def result_of(page: Page, one: Round) -> RoundResult:
    return rounds.result(page.store, page.actor, one.round_id)
