"""The parts of the page about collective efficacy."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import evidence, plan, questionnaires, results, rounds
from qualitycycle.cycle.frozen import SCHOOL, GroupResult, RoundResult, ScaleResult
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument, Round
from qualitycycle.ui import figures, forms, parts, tie
from qualitycycle.ui.page import Page

# Average deviation up to a sixth of the number of answers counts as agreement (Burke & Dunlap 2002).
AGREEMENT_SHARE = 6


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
    parts.note(text.format(n=result.n_answered, all=result.n_invited, share=share))
    if not instrument.validated:
        st.info(instrument.source[i18n.language()], icon=":material/info:")


def school(page: Page, result: RoundResult, instrument: Instrument) -> None:
    """The school's scales: the picture, and each figure in words."""
    if not result.school.shown:
        parts.empty(
            _("Too few answers to show anything of this round: at least {floor} are needed.").format(
                floor=result.floor
            )
        )
        return
    picture, text = st.columns([1.15, 1], gap="medium")
    with picture, parts.card("school_scales"):
        figures.chart(
            charts.scale_results(result, result.school, instrument, theme=page.theme), key="school_scales"
        )
        parts.note(_range_words(instrument))
    with text, parts.card("school_words"):
        scale_lines(result.school, instrument)


def _range_words(instrument: Instrument) -> str:
    language = i18n.language()
    return _("{low} is “{low_words}”, {high} is “{high_words}”.").format(
        low=instrument.minimum,
        low_words=instrument.labels[instrument.minimum][language],
        high=instrument.maximum,
        high_words=instrument.labels[instrument.maximum][language],
    )


def scale_lines(group: GroupResult, instrument: Instrument) -> None:
    """Per scale: mean, interval, n, and how far apart the answers lie."""
    titles = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    parts.lines(
        (titles[scale.key], "· ".join(_quiet_words(scale, instrument)), _mean_words(scale))
        for scale in group.scales
    )


def _quiet_words(scale: ScaleResult, instrument: Instrument) -> list[str]:
    if scale.mean is None:
        return []
    return [f"n = {scale.n} ", spread_words(scale, instrument)]


def _mean_words(scale: ScaleResult) -> str:
    if scale.mean is None:
        return _("too few to show")
    decimals = disclosure.decimals_for(scale.n or 0)
    interval = charts.interval_text(scale.low, scale.high, decimals)
    mean = i18n.number(scale.mean, decimals)
    return mean if scale.low is None else f"{mean} ({interval})"


def spread_words(scale: ScaleResult, instrument: Instrument) -> str:
    """How far answers lie from the mean on average, and whether that is close together."""
    if scale.ad is None:
        return _("spread unknown")
    n_options = instrument.maximum - instrument.minimum + 1
    close = scale.ad * AGREEMENT_SHARE <= n_options
    words = _("answers close together") if close else _("answers far apart: talk about it")
    return f"{words} " + _("({ad} point from the mean)").format(ad=i18n.number(scale.ad, 1))


# --- teams -----------------------------------------------------------------------------------------------


def teams(page: Page, result: RoundResult, instrument: Instrument) -> None:
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
    # Two by two, so that on a phone the order stays the school's own.
    for n in range(0, len(groups), 2):
        for column, (name, group) in zip(st.columns(2, gap="medium"), groups[n : n + 2], strict=False):
            with column, parts.card(f"team_{group.key}"):
                _team(page, name, group, result, instrument)


def _team(page: Page, name: str, group: GroupResult, result: RoundResult, instrument: Instrument) -> None:
    parts.heading(name)
    if not group.shown:
        parts.note(_("Too few answers to show."))
        return
    parts.note(ngettext("{n} person answered.", "{n} people answered.", group.n or 0).format(n=group.n))
    figure = charts.scale_results(result, group, instrument, theme=page.theme, compact=True)
    figures.chart(figure, key=f"team_{group.key}", compact=True)


def team_groups(page: Page, result: RoundResult) -> list[tuple[str, GroupResult]]:
    """The teams of a round with their names, in the school's order."""
    order = {team.team_id: n for n, team in enumerate(page.staff.teams)}
    found = [group for group in result.groups if group.key != SCHOOL]
    ordered = sorted(found, key=lambda group: order.get(group.key, len(order)))
    return [(page.staff.team_name(group.key) or "–", group) for group in ordered]


# --- over rounds -----------------------------------------------------------------------------------------


def over_rounds(page: Page, same: Sequence[Round], result: RoundResult, instrument: Instrument) -> None:
    """One scale of the school or of one team over the rounds of this questionnaire."""
    groups = {SCHOOL: _("The whole school")} | {group.key: name for name, group in team_groups(page, result)}
    scales = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    with st.container(horizontal=True, key="pick_scale"):
        scale = _pick(_("Scale"), scales, "results_scale", 380)
        group = _pick(_("Of whom"), groups, "results_group", 260)
    points = results.over_rounds(page.store, page.actor, same, group, scale)
    with parts.card("over_rounds"):
        if not any(point.scale for point in points):
            parts.note(_("There is no round of this group with enough answers to show."))
            return
        figure = charts.scale_over_rounds(points, instrument, scales[scale], theme=page.theme)
        figures.chart(figure, key="over_rounds")
        if len(points) < charts.N_FOR_A_LINE:
            parts.note(
                _("With fewer than three rounds there are only values; nobody can see a trend in them.")
            )


def _pick(label: str, options: dict[str, str], key: str, width: int) -> str:
    keys, labels = list(options), list(forms.distinct(options).values())
    chosen = st.selectbox(
        label,
        range(len(keys)),
        format_func=lambda n: labels[n] if n < len(labels) else "",
        key=key,
        width=width,
    )
    return keys[chosen if chosen is not None and chosen < len(keys) else 0]


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
