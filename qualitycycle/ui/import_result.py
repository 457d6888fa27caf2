"""Reading in results: what will be stored of a file, and which rows will be kept aside."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import import_preview, import_words, refused_rows
from qualitycycle.cycle.import_preview import GroupRead, Prepared
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.fields import LEVELS, Status
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.imports.privacy import Drop, personal_columns
from qualitycycle.ui import failure, import_table, parts, words
from qualitycycle.ui.import_file import own_key
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

N_PREVIEW = 8
N_REFUSED = 100
# More rows get a place of their own to scroll in.
N_AT_ONCE = 12
PLACE = 480


def read(page: Page, prepared: Prepared, table: RawTable, mapping: Mapping) -> ImportResult | None:
    """Read the table with this mapping, once per mapping: a large file takes a second or two."""
    key = (prepared.content_hash, table.sheet, json.dumps(mapping.to_json(), sort_keys=True))
    known = st.session_state.setdefault(own_key("results"), {})
    if key in known:
        return known[key]  # type: ignore[no-any-return]
    try:
        with st.spinner(_("Reading the rows …")):
            result = import_preview.preview(page.store, page.actor, table, mapping)
    except QualityCycleError as error:
        failure.tell(error)
        _tell_left_out(table)
        return None
    # With the school's own words and without: two readings are kept, the others make room.
    while len(known) > 1:
        known.pop(next(iter(known)))
    known[key] = result
    return result


def _tell_left_out(table: RawTable) -> None:
    """Which columns cannot be chosen: what is missing may be among them."""
    dropped = [f"{name} ({_(import_words.DROPS[drop])})" for name, drop in personal_columns(table).items()]
    if dropped:
        parts.note(
            _("These columns are about persons and are never read in: {names}.").format(
                names=i18n.join(dropped)
            )
        )


def show_result(result: ImportResult, file_name: str) -> None:
    """What can be read in and what cannot; a file that is refused as a whole says so first."""
    counts = result.counts
    refusal = refused_rows.too_many(result, file_name)
    if refusal is not None:
        failure.tell(refusal)
    facts = [
        (_("Rows that can be read in"), i18n.number(counts.accepted)),
        (_("Rows to keep aside"), i18n.number(counts.refused)),
        (_("Empty rows"), i18n.number(counts.blank) if counts.blank else ""),
        (_("Columns left out"), _dropped(result)),
    ]
    parts.facts(facts)
    if not counts.accepted:
        st.warning(plain(_("No row can be read in this way. See below what is wrong with them.")))
        return
    parts.note(_("What is in it, group by group. Results of single pupils are not shown."))
    groups = import_preview.groups_in(result)
    with st.container(key="imports_preview"):
        _preview(groups[:N_PREVIEW])
    if len(groups) > N_PREVIEW:
        parts.note(_("The first {n} are shown.").format(n=N_PREVIEW))


def _dropped(result: ImportResult) -> str:
    personal = [
        f"{column.column} ({_(import_words.DROPS[column.reason])})"
        for column in result.dropped_columns
        if column.reason is not Drop.UNMAPPED
    ]
    others = [column.column for column in result.dropped_columns if column.reason is Drop.UNMAPPED]
    return ", ".join([*personal, *others])


def _preview(groups: Sequence[GroupRead]) -> None:
    rows = [
        (
            one.school_year,
            _group(one),
            _(words.SUBJECTS.get(one.subject, one.subject)),
            one.moment or "–",
            _about(one),
            _result(one),
        )
        for one in groups
    ]
    columns = (_("Year"), _("Group"), _("Subject"), _("Moment"), _("About"), _("Result"))
    import_table.show(columns, rows, new_lines=(4,))


def _group(one: GroupRead) -> str:
    """Year group and name of the group; a name that begins with its year group says both."""
    year_group, name = one.year_group or "", one.group_name or ""
    return name if year_group and name.startswith(year_group) else f"{year_group} {name}".strip() or "–"


def _about(one: GroupRead) -> str:
    if one.n is None:
        return "–"
    return ngettext("{n} pupil", "{n} pupils", one.n).format(n=i18n.number(one.n))


def _result(one: GroupRead) -> str:
    if one.status != Status.VALUE:
        return _(import_words.STATUSES[Status(one.status)])
    if one.low is None and not one.levels:
        return _("too few to show")
    levels = sorted(one.levels, key=lambda level: LEVELS.index(level) if level in LEVELS else len(LEVELS))
    return " · ".join(filter(None, (_range(one), ", ".join(levels))))


def _range(one: GroupRead) -> str:
    if one.low is None or one.high is None:
        return ""
    sign = "%" if one.score_kind == "percentage" else ""
    low, high = (f"{i18n.number(figure)}{sign}" for figure in (one.low, one.high))
    return low if one.low == one.high else _("{low} to {high}").format(low=low, high=high)


# --- rows that are kept aside ----------------------------------------------------------------------------


def show_refused(result: ImportResult) -> None:
    if not result.counts.refused:
        return
    parts.heading(
        ngettext("{n} row to keep aside", "{n} rows to keep aside", result.counts.refused).format(
            n=i18n.number(result.counts.refused)
        )
    )
    rows = refused_rows.refused_in(result, N_REFUSED)
    asked = set(refused_rows.unknown_words(result))
    hints = [import_words.hint(row.hint, may_ask=(row.column, row.value) in asked) for row in rows]
    _refused_table(rows, hints, result.counts.refused, key="preview")


def kept_aside(rows: Sequence[RefusedRow], n_all: int, *, key: str) -> None:
    """Rows that were kept aside, each with what can be done about it now."""
    hints = [import_words.kept_hint(row.hint, row.reason) for row in rows]
    _refused_table(rows, hints, n_all, key=key)


def _refused_table(rows: Sequence[RefusedRow], hints: Sequence[str], n_all: int, *, key: str) -> None:
    cells = [
        (row.line, row.column or "–", row.value or "–", import_words.reason(row.reason), told or "–")
        for row, told in zip(rows, hints, strict=True)
    ]
    columns = (_("Line"), _("Column"), _("Value"), _("What is wrong"), _("What to do"))
    with st.container(
        height=PLACE if len(rows) > N_AT_ONCE else "content", border=False, key=f"imports_refused_{key}"
    ):
        import_table.show(columns, cells, new_lines=(3, 4), named=(0,))
    if n_all > len(rows):
        parts.note(_("The first {n} are shown.").format(n=len(rows)))
