"""Reading in results: several dossiers or tables in one file, and which of them could not be read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n, sentences
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.errors import ImportRejected
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
    told = ngettext(
        "{n} dossier is left aside. The others can be read in.",
        "{n} dossiers are left aside. The others can be read in.",
        len(table.unread),
    )
    _left_aside(told, [rejected for _line, rejected in table.unread])


def show_unread(prepared: Prepared) -> None:
    """Of each file of a zip that could not be read why."""
    told = ngettext(
        "{n} file in this zip is left aside. The others can be read in.",
        "{n} files in this zip are left aside. The others can be read in.",
        len(prepared.unread),
    )
    _left_aside(told, prepared.unread)


def _left_aside(told: str, unread: Sequence[ImportRejected]) -> None:
    if not unread:
        return
    st.warning(plain(told.format(n=i18n.number(len(unread)))))
    for rejected in unread[:N_SHOWN]:
        parts.note(sentences.of(rejected))
    if len(unread) > N_SHOWN:
        parts.note(_("The first {n} are shown.").format(n=N_SHOWN))
