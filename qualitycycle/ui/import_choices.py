"""Reading in results: what is chosen before the rows are stored, and the one button that stores them."""

from __future__ import annotations

import json
from collections import Counter

import streamlit as st

from qualitycycle import config, i18n
from qualitycycle.cycle import import_storing, import_versions, import_words, refused_rows
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.imports.refusals import may_become_right
from qualitycycle.model import Batch
from qualitycycle.ui import failure, parts
from qualitycycle.ui.import_corrections import save_list
from qualitycycle.ui.import_file import done, go_on, own_key
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

REPLACE, BOTH = "replace", "both"
GOOD_ROWS, NOTHING = "good_rows", "nothing"


def store(
    page: Page, prepared: Prepared, result: ImportResult, mapping: Mapping, profile: str | None = None
) -> None:
    """Ask what there is to choose and store the rows; without a `profile` its columns can be remembered under a name.

    A file that is refused as a whole leaves nothing to choose.
    """
    if result.too_many_refused:
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
        return
    remember_as = _ask_profile() if profile is None else profile
    older = _older(page, prepared.content_hash, result, mapping)
    replaces = _ask_older(older) if older and result.counts.accepted else None
    never = _never_right(result, told=prepared.mapping is not None)
    if never:
        _tell_never(never)
    nothing = bool(result.counts.refused) and not never and _ask_refused()
    if not _sent(result, nothing):
        return
    with st.spinner(_("Storing the rows …")):
        stored = failure.attempt(
            lambda: import_storing.import_table(
                page.store,
                page.actor,
                prepared,
                result,
                mapping,
                all_or_nothing=nothing,
                remember_as=remember_as,
                replaces=replaces,
            )
        )
    if stored is not None:
        _go_on_or_end(prepared, stored.n_accepted)


def _sent(result: ImportResult, nothing: bool) -> bool:
    """The buttons under the choices; True when the rows must be stored now."""
    with st.container(horizontal=True):
        sent = st.button(
            _label(result, nothing),
            type="primary",
            key=own_key("store"),
            disabled=nothing or not result.counts.accepted,
        )
        if nothing:
            save_list(
                lambda: refused_rows.refused_in(result, result.counts.refused),
                name=_("rows to correct in the file"),
                key=own_key("list"),
            )
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
    if nothing:
        parts.note(_("Correct these rows in the file itself, export it again and choose the new file."))
    return sent


def _go_on_or_end(prepared: Prepared, n_rows: int) -> None:
    """Tell how many rows came in, and go on with the next sheet of a workbook or file of a zip where there is one."""
    told = ngettext("{n} row read in.", "{n} rows read in.", n_rows).format(n=i18n.number(n_rows))
    if prepared.left:
        names = i18n.join([f"“{name}”" for name in prepared.left])
        more = (
            _("There is more in this zip: {names}.")
            if prepared.zipped
            else _("There is more in this workbook: {names}.")
        )
        go_on(told + " " + more.format(names=names))
    done(told)


def _label(result: ImportResult, nothing: bool) -> str:
    counts = result.counts
    label = ngettext("Read in {n} row", "Read in {n} rows", counts.accepted).format(
        n=i18n.number(counts.accepted)
    )
    if counts.refused and not nothing:
        label += ", " + _("keep {n} aside").format(n=i18n.number(counts.refused))
    return label


def _older(page: Page, content_hash: str, result: ImportResult, mapping: Mapping) -> Batch | None:
    """The import of which this is a newer version, asked once per table, mapping and version of the store."""
    key = own_key("older")
    asked = (page.store.data_version, content_hash, json.dumps(mapping.to_json(), sort_keys=True))
    known = st.session_state.get(key)
    if known is None or known[0] != asked:
        known = (asked, import_versions.older_version(page.store, page.actor, result, mapping))
        st.session_state[key] = known
    found: Batch | None = known[1]
    return found


def _ask_older(older: Batch) -> str | None:
    day = i18n.moment(config.local_time(older.imported_at))
    labels = {
        REPLACE: _("Replace the earlier one; it can be put back"),
        BOTH: _("Let both count"),
    }
    chosen = st.radio(
        plain(_("This looks like a newer version of “{file}” ({day})").format(file=older.file_name, day=day)),
        list(labels),
        format_func=lambda one: labels.get(one, one),
        key=own_key("replaces"),
    )
    return older.batch_id if chosen == REPLACE else None


def _never_right(result: ImportResult, *, told: bool) -> Counter[str]:
    """How many refused rows no later export can put right, by reason: waiting for those would be for ever."""
    found: Counter[str] = Counter()
    for (reason, _column), n in result.refused_for.items():
        if not may_become_right(reason, told=told):
            found[reason] += n
    return found


def _tell_never(never: Counter[str]) -> None:
    told = ngettext(
        "{n} row cannot become right in this file, however often you export it: {why} Read in the good rows; it is "
        "kept aside.",
        "{n} rows cannot become right in this file, however often you export it: {why} Read in the good rows; they are "
        "kept aside.",
        never.total(),
    )
    why = " ".join(import_words.reason(reason) for reason, _n in never.most_common())
    parts.note(told.format(n=i18n.number(never.total()), why=why))


def _ask_refused() -> bool:
    """Whether nothing is to be stored as long as a row cannot be read."""
    labels = {
        GOOD_ROWS: _("Read in the good rows, keep the others aside"),
        NOTHING: _("Read in nothing until every row is right"),
    }
    chosen = st.radio(
        _("Not every row can be read"),
        list(labels),
        format_func=lambda one: labels.get(one, one),
        key=own_key("refused"),
    )
    return bool(chosen == NOTHING)


def _ask_profile() -> str:
    parts.heading(_("3. Read in"))
    place, _rest = st.columns([1, 1])
    name = place.text_input(
        _("Remember these columns as (optional)"),
        "",
        key=own_key("profile"),
        max_chars=80,
        placeholder=_("Such as: results from our LVS"),
        help=_("A next file with the same columns is then read in the same way."),
    )
    return str(name or "")
