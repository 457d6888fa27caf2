"""Reading in results: refused rows that come back corrected, and the list on which they are corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import corrections
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.i18n import _, ngettext
from qualitycycle.reports import refused_list
from qualitycycle.ui import failure, parts
from qualitycycle.ui.import_file import done, own_key
from qualitycycle.ui.import_result import kept_aside
from qualitycycle.ui.page import Page


def show(page: Page, prepared: Prepared) -> None:
    """What of a list that comes back can go in now, and what still cannot."""
    parts.heading(_("Corrected rows"))
    found = failure.attempt(lambda: corrections.look_at(page.store, page.actor, prepared))
    if found is None:
        return
    n = len(found.accepted)
    parts.note(
        _("Of “{file}”. They join that import; what was read in before does not change.").format(
            file=found.batch.file_name
        )
    )
    parts.facts(
        [
            (_("Rows that can be read in"), i18n.number(n)),
            (_("Rows that still cannot"), i18n.number(len(found.still_refused))),
            (
                _("Rows that no longer wait"),
                i18n.number(found.n_unknown) if found.n_unknown else "",
            ),
        ]
    )
    if found.still_refused:
        kept_aside(found.still_refused, len(found.still_refused), key="corrected")
    with st.container(horizontal=True):
        label = ngettext("Read in {n} row", "Read in {n} rows", n).format(n=i18n.number(n))
        sent = st.button(label, type="primary", key=own_key("store"), disabled=not n)
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
    if sent and failure.worked(lambda: corrections.read_in(page.store, page.actor, prepared, found)):
        done(ngettext("{n} row read in.", "{n} rows read in.", n).format(n=i18n.number(n)))


def save_list(rows: Callable[[], Sequence[RefusedRow]], *, name: str, key: str) -> None:
    """Buttons that save refused rows as a list with this name; the list is made when it is asked for."""
    language = i18n.language()

    def make(render: Callable[[Sequence[RefusedRow]], bytes]) -> bytes:
        with i18n.speaking(language):
            return render(rows())

    st.download_button(
        _("Save this list"),
        lambda: make(refused_list.render),
        file_name=f"{name}.xlsx",
        mime=refused_list.MIME,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )
    st.download_button(
        _("As CSV"),
        lambda: make(refused_list.render_csv),
        file_name=f"{name}.csv",
        mime=refused_list.CSV_MIME,
        key=f"{key}.csv",
        on_click="ignore",
        type="tertiary",
    )
