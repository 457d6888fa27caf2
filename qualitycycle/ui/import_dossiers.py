"""Reading in results: several dossiers in one file, and which of them could not be read."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n, sentences
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.files import RawTable
from qualitycycle.ui import parts
from qualitycycle.ui.text import plain

# A zip of wrong files says so often enough.
N_SHOWN = 20


def show(table: RawTable) -> None:
    """How many files were read as one, and of each that was not why."""
    if not table.parts:
        return
    n_read = len(table.parts) - len(table.unread)
    parts.facts(
        [
            (_("Dossiers read"), i18n.number(n_read)),
            (_("Dossiers left aside"), i18n.number(len(table.unread)) if table.unread else ""),
        ]
    )
    if not table.unread:
        return
    told = ngettext(
        "{n} dossier is left aside. The others can be read in.",
        "{n} dossiers are left aside. The others can be read in.",
        len(table.unread),
    )
    st.warning(plain(told.format(n=i18n.number(len(table.unread)))))
    for _line, rejected in table.unread[:N_SHOWN]:
        parts.note(sentences.of(rejected))
    if len(table.unread) > N_SHOWN:
        parts.note(_("The first {n} are shown.").format(n=N_SHOWN))
