"""One scale up close: its statements in this round, and the scale over the rounds."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import results
from qualitycycle.cycle.frozen import SCHOOL, GroupResult, RoundResult
from qualitycycle.i18n import _
from qualitycycle.model import Instrument, Round
from qualitycycle.ui import change_parts, figures, forms, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.results import team_groups


def _pick_both(page: Page, result: RoundResult, instrument: Instrument) -> tuple[str, str]:
    """Which scale, and of whom."""
    groups = {SCHOOL: _("The whole school")} | {group.key: name for name, group in team_groups(page, result)}
    scales = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    with st.container(horizontal=True, key="pick_scale"):
        scale = _pick(_("Scale"), scales, "results_scale", 380)
        group = _pick(_("Of whom"), groups, "results_group", 260)
    return scale, group


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


def show(page: Page, result: RoundResult, instrument: Instrument, same: Sequence[Round]) -> None:
    """One scale of the school or of a team: how each statement was answered, and the rounds before."""
    scale, group = _pick_both(page, result, instrument)
    left, right = st.columns(2, gap="medium")
    with left:
        _statements(page, result, instrument, scale, group)
    with right:
        _over_rounds(page, same, instrument, scale, group)


def _statements(
    page: Page, result: RoundResult, instrument: Instrument, scale_key: str, group_key: str
) -> None:
    """How people answered each statement of a scale; below ten people that would give single answers away."""
    group = next(group for group in result.groups if group.key == group_key)
    scale = next((scale for scale in group.scales if scale.key == scale_key), None)
    with parts.card("statements"):
        parts.heading(_("Per statement"))
        if scale is None or not scale.items:
            change_parts.unknown(_why_not(result, group))
            return
        figures.chart(charts.statements(result, scale, instrument, theme=page.theme), key="statements")
        parts.note(_range(instrument))


def _why_not(result: RoundResult, group: GroupResult) -> str:
    floor = max(result.floor, disclosure.FLOOR_DISTRIBUTION)
    if not group.shown:
        return _("Too few answers to show.")
    text = _(
        "Answers per statement are shown from {floor} people on, and only when those of a smaller group cannot be "
        "worked out from them."
    )
    return text.format(floor=floor)


def _range(instrument: Instrument) -> str:
    language = i18n.language()
    return _(
        "{low} is “{low_words}”, {high} is “{high_words}”. Above each column: the number of people."
    ).format(
        low=instrument.minimum,
        low_words=instrument.labels[instrument.minimum][language],
        high=instrument.maximum,
        high_words=instrument.labels[instrument.maximum][language],
    )


def _over_rounds(
    page: Page, same: Sequence[Round], instrument: Instrument, scale_key: str, group_key: str
) -> None:
    """A scale of the school or of one team over the rounds of this questionnaire."""
    title = next(scale.title[i18n.language()] for scale in instrument.scales if scale.key == scale_key)
    points = results.over_rounds(page.store, page.actor, same, group_key, scale_key)
    with parts.card("over_rounds"):
        parts.heading(_("Over the rounds"))
        if not any(point.scale for point in points):
            change_parts.unknown(_("There is no round of this group with enough answers to show."))
            return
        figure = charts.scale_over_rounds(points, instrument, title, theme=page.theme)
        figures.chart(figure, key="over_rounds")
        if len(points) < charts.N_FOR_A_LINE:
            parts.note(
                _("With fewer than three rounds there are only values; nobody can see a trend in them.")
            )
