"""Codes of a round, shown once: to print as slips, to save, to copy; and further ones within the promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Round
from qualitycycle.reports import slips
from qualitycycle.ui import failure, forms, navigation, parts, phone_address
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

CODES = "rounds.codes"
MOST_AT_ONCE = 500


@dataclass
class Waiting:
    """Codes that have not been put away yet, by team name. They live in this session and nowhere else."""

    round: Round
    codes: dict[str, list[str]]
    saved: bool = False


def hand_out(page: Page, one: Round, codes: Mapping[str, Sequence[str]]) -> None:
    """Keep new codes, by team id, for the page to show."""
    by_name = {page.staff.team_name(team_id) or "": slips.shuffled(own) for team_id, own in codes.items()}
    st.session_state[CODES] = Waiting(one, by_name)


def to_hand_out() -> bool:
    """Whether codes wait to be printed or saved."""
    return CODES in st.session_state


# --- shown once ------------------------------------------------------------------------------------------


def show(page: Page) -> None:
    """The codes of a round, once."""
    waiting: Waiting = st.session_state[CODES]
    # The browser asks before it leaves a page on which codes wait that nobody has saved.
    with st.container(key="codes_saved" if waiting.saved else "codes_waiting"):
        with st.container(key="codes_tools"):
            parts.heading(waiting.round.title)
            _how(waiting)
            _tools(page, waiting)
        st.html(_sheet(page, waiting))


def _how(waiting: Waiting) -> None:
    st.warning(
        plain(
            _(
                "Print or save these codes now: they are shown only once. The school's file does not hold them, "
                "and when this page is loaded again they are gone."
            )
        ),
        icon=":material/key:",
    )
    if not phone_address.reaches_phones():
        st.warning(plain(_not_reached()), icon=":material/wifi_off:")
        navigation.link("phones", _("Let phones in"))
    envelope = (
        _("Cut the slips, put those of one team in one envelope, and let everybody draw one.")
        if len(waiting.codes) > 1
        else _("Cut the slips, put them in an envelope, and let everybody draw one.")
    )
    parts.note(f"{envelope} {_('Do not write down who got which.')}")


def _not_reached() -> str:
    return _(
        "Phones cannot reach this computer yet, so the address on the slips works on this computer only. "
        "Let phones in first, then print the slips."
    )


def _tools(page: Page, waiting: Waiting) -> None:
    language = _which_language(page, waiting.round)
    address = phone_address.form()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Slips to print (PDF)"),
            # Made at the click: five hundred of them take some seconds.
            lambda: slips_pdf(page, waiting, language, address),
            file_name=_("codes") + ".pdf",
            mime="application/pdf",
            type="primary",
            icon=":material/print:",
            key="codes.slips",
            on_click=_saved,
        )
        st.download_button(
            _("Save as text"),
            as_text(page, waiting),
            file_name=_("codes") + ".txt",
            mime="text/plain",
            key="codes.save",
            on_click=_saved,
        )
        with st.popover(_("Copy"), key="codes.copy"):
            st.code(as_text(page, waiting), language=None)
        if st.button(_("I have them, go on"), key="codes.done"):
            forms.forget("rounds")
            st.rerun()


def _saved() -> None:
    st.session_state[CODES].saved = True


def _which_language(page: Page, one: Round) -> str:
    """The language of the slips, where there is a choice."""
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    offered = promise.languages(one.promise, instrument)
    if len(offered) < 2:
        return offered[0]
    start = page.language if page.language in offered else offered[0]
    chosen = st.segmented_control(
        _("Language of the slips"),
        offered,
        default=start,
        format_func=lambda language: i18n.LANGUAGES.get(language, language),
        required=True,
        key="codes.language",
    )
    return str(chosen or start)


def slips_pdf(page: Page, waiting: Waiting, language: str, address: str) -> bytes:
    """The slips to cut, in one language."""
    one = waiting.round
    with i18n.speaking(language):
        sheet = slips.Sheet(
            page.staff.school.name, one.title, address, one.closes_on, promise.in_short(one.promise)
        )
        return slips.pdf(sheet, waiting.codes)


def _sheet(page: Page, waiting: Waiting) -> str:
    """The codes on screen, which Ctrl+P prints as well."""
    where = safe(slips.bare(phone_address.form()))
    sheets = []
    for team, own in waiting.codes.items():
        boxes = "".join(
            f"<li><small>{safe(page.staff.school.name)}<br>{safe(waiting.round.title)}</small>"
            f"<b>{safe(slips.chunked(code))}</b><small>{where}</small></li>"
            for code in own
        )
        count = ngettext("{n} code", "{n} codes", len(own)).format(n=len(own))
        sheets.append(f'<h3>{safe(team)} ({safe(count)})</h3><ul class="qc-slips">{boxes}</ul>')
    return f'<section class="qc-sheet">{"".join(sheets)}</section>'


def as_text(page: Page, waiting: Waiting) -> str:
    blocks = [f"{page.staff.school.name}\n{waiting.round.title}\n{phone_address.form()}"]
    blocks += [
        "\n".join([team, *(slips.chunked(code) for code in own)]) for team, own in waiting.codes.items()
    ]
    return "\n\n".join(blocks) + "\n"


# --- later -----------------------------------------------------------------------------------------------


def later(page: Page, one: Round) -> None:
    """Reminding, and further codes for an open round."""
    with st.popover(_("Remind, more codes"), key=f"rounds.more.{one.round_id}"):
        parts.heading(_("Remind"))
        st.write(
            plain(
                _(
                    "Nobody knows who has answered: not you, and not this program. So remind everybody at once, and "
                    "hand out the slips that are left over again. Every code works once, until the round is closed."
                )
            )
        )
        parts.heading(_("More codes"))
        _more_codes(page, one)


def _more_codes(page: Page, one: Round) -> None:
    parts.note(
        _("For a colleague who was forgotten, or a slip that got lost. Each code counts as one more invited.")
    )
    invited = rounds.invited_teams(page.store, one.round_id)
    team_id = st.selectbox(
        _("Team"),
        [*invited],
        format_func=lambda team_id: page.staff.team_name(team_id) or "",
        key=f"rounds.more.team.{one.round_id}",
    )
    most = promise.most_invited(one.promise, team_id)
    left = MOST_AT_ONCE if most is None else most - invited[team_id]
    if most is not None:
        parts.note(
            ngettext(
                "The promise leaves room for {n} more code in this team.",
                "The promise leaves room for {n} more codes in this team.",
                left,
            ).format(n=left)
        )
    n = st.number_input(_("How many"), 1, MOST_AT_ONCE, 1, step=1, key=f"rounds.more.n.{one.round_id}")
    if st.button(_("Make codes"), key=f"rounds.more.send.{one.round_id}"):
        made = failure.attempt(
            lambda: rounds.more_codes(page.store, page.actor, one.round_id, team_id, int(n))
        )
        if made:
            hand_out(page, one, {team_id: made})
            st.rerun()
