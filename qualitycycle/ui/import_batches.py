"""Reading in results: what was read in so far, what waits, and the way back."""

from __future__ import annotations

import csv
import io

import streamlit as st

from qualitycycle import config, i18n
from qualitycycle.cycle import import_batches, import_words, refused_rows
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.cycle.upkeep import harmless
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Batch
from qualitycycle.ui import failure, parts
from qualitycycle.ui.import_result import refused_table
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe


def batches(page: Page) -> None:
    """Every import with its counts, the rows kept aside, and the way back."""
    parts.heading(_("Read in so far"))
    found = import_batches.batches(page.store, page.actor)
    if not found:
        parts.empty(_("Nothing has been read in yet. Choose a file above."))
    else:
        with st.container(border=True, key="card_batches", gap="xxsmall"):
            for batch in found:
                _batch(page, batch)
    undone = import_batches.undone_batches(page.store, page.actor)
    if undone:
        with st.expander(_("Taken back ({n})").format(n=len(undone)), key="imports.undone"):
            for batch in undone:
                _undone(page, batch)


def _batch(page: Page, batch: Batch) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(_batch_line(batch), width="stretch")
        if st.button(
            _("Take back"), key=f"imports.undo.{batch.batch_id}", type="tertiary", icon=":material/undo:"
        ):
            done = _("Taken back: its rows no longer count. You find it under “Taken back”.")
            if failure.attempt(
                lambda: import_batches.undo(page.store, page.actor, batch.batch_id), done=done
            ):
                st.rerun()
    n_waiting = refused_rows.n_refused(page.store, page.actor, batch.batch_id)
    if n_waiting:
        _waiting(page, batch, n_waiting)


def _batch_line(batch: Batch) -> str:
    """One import in a line: file, when, how many rows."""
    rows = ngettext("{n} row", "{n} rows", batch.n_accepted).format(n=i18n.number(batch.n_accepted))
    moment = i18n.moment(config.local_time(batch.imported_at))
    return f'<b>{safe(batch.file_name)}</b> <span class="qc-quiet">{safe(rows)} · {safe(moment)}</span>'


def _waiting(page: Page, batch: Batch, n_waiting: int) -> None:
    label = ngettext("{n} row kept aside", "{n} rows kept aside", n_waiting).format(n=i18n.number(n_waiting))
    with st.expander(label, key=f"imports.waiting.{batch.batch_id}", icon=":material/rule:"):
        rows = refused_rows.refused_rows(page.store, page.actor, batch.batch_id)
        refused_table(rows, n_waiting, key=batch.batch_id)
        with st.container(horizontal=True):
            st.download_button(
                _("Save this list"),
                _as_csv(rows),
                file_name=_("rows kept aside") + ".csv",
                mime="text/csv",
                key=f"imports.list.{batch.batch_id}",
                on_click="ignore",
            )
            if st.button(_("These have been dealt with"), key=f"imports.dealt.{batch.batch_id}"):
                failure.attempt(
                    lambda: refused_rows.deal_with(page.store, page.actor, batch.batch_id),
                    done=_("Noted. The rows stay stored, and are no longer shown."),
                )
                st.rerun()


def _as_csv(rows: list[RefusedRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("Line"), _("Column"), _("Value"), _("What is wrong"), _("What to do")])
    for row in rows:
        writer.writerow(
            [
                row.line,
                harmless(row.column),
                harmless(row.value),
                import_words.reason(row.reason),
                import_words.hint(row.hint),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _undone(page: Page, batch: Batch) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(_batch_line(batch), width="stretch")
        if st.button(_("Let it count again"), key=f"imports.redo.{batch.batch_id}", type="tertiary"):
            done = _("It counts again.")
            if failure.attempt(
                lambda: import_batches.redo(page.store, page.actor, batch.batch_id), done=done
            ):
                st.rerun()
