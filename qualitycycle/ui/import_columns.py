"""Reading in results: which column is what, and what the school's own words mean."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, import_preview, import_words, refused_rows
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.fields import LEVELS, MOMENTS, SUBJECTS, YEAR_GROUPS, Field, Sector
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.imports.privacy import personal_columns
from qualitycycle.model import Profile
from qualitycycle.model import Sector as SchoolSector
from qualitycycle.ui import parts, words
from qualitycycle.ui.import_file import own_key
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

NOT_THERE, SAME = "", "="
N_WORDS = 24
# The fields without which nothing can be read come first; the rest folds away.
FIRST = (
    Field.SUBJECT, Field.SCHOOL_YEAR, Field.YEAR_GROUP, Field.MOMENT, Field.PUPIL, Field.N_PUPILS,
    Field.VALUE, Field.SCORE_KIND, Field.LEVEL,
)  # fmt: skip
REST = (Field.GROUP_NAME, Field.MEASURED_ON, Field.TEST, Field.TEST_MAKER, Field.EDITION, Field.SCALE)
# One value for all rows makes no sense for these.
ALWAYS_A_COLUMN = (Field.PUPIL, Field.VALUE, Field.LEVEL, Field.N_PUPILS)


def pick_table(page: Page, prepared: Prepared) -> RawTable:
    """The only table, or the sheet that somebody chose; the largest one that was not read in yet comes first."""
    tables = prepared.tables
    if len(tables) == 1:
        return tables[0]
    read = import_preview.sheets_read(page.store, page.actor, prepared)
    waiting = [n for n, table in enumerate(tables) if table.sheet not in read] or [*range(len(tables))]
    told = (
        _("There are {n} tables in this zip. Each is read in by itself.")
        if prepared.zipped
        else _("This workbook has {n} sheets with a table. Each is read in by itself.")
    )
    parts.note(told.format(n=i18n.number(len(tables))))
    chosen = st.selectbox(
        _("Table") if prepared.zipped else _("Sheet"),
        range(len(tables)),
        index=max(waiting, key=lambda n: len(tables[n].frame)),
        format_func=lambda n: _sheet_label(tables[n], tables[n].sheet in read),
        # When a sheet has been read in, the next one comes first.
        key=own_key(f"sheet.{len(read)}"),
        width=460,
    )
    return tables[chosen]


def _sheet_label(table: RawTable, is_read: bool) -> str:
    n = len(table.frame)
    rows = ngettext("{n} row", "{n} rows", n).format(n=i18n.number(n))
    return " · ".join(filter(None, (table.sheet, rows, _("was read in") if is_read else "")))


def suggested(page: Page, table: RawTable) -> tuple[Mapping, Profile | None]:
    key = own_key(f"suggested.{table.sheet}")
    if key not in st.session_state:
        st.session_state[key] = import_preview.mapping_for(page.store, table)
    mapping, profile = st.session_state[key]
    if page.staff.school.sector is SchoolSector.VO:
        mapping = replace(mapping, sector=Sector.VO)
    return mapping, profile


def ask_mapping(page: Page, table: RawTable, mapping: Mapping) -> Mapping:
    if table.wide:
        parts.note(
            _(
                "Each test has a column of its own in this file: its subject and moment come from the name of the "
                "column."
            )
        )
    personal = personal_columns(table)
    columns = [column for column in table.columns if column not in personal]
    chosen: dict[Field, str] = {}
    constants: dict[Field, str] = {}
    _ask_fields(table, FIRST, columns, mapping, chosen, constants)
    with st.expander(_("More columns"), key=own_key("more")):
        _ask_fields(table, REST, columns, mapping, chosen, constants)
    shares = mapping.shares
    if constants.get(Field.SCORE_KIND) == "percentage":
        shares = st.checkbox(
            _("85% is written as 0,85 in this file"), mapping.shares, key=own_key(f"shares.{table.sheet}")
        )
    return replace(mapping, columns=chosen, constants=constants, shares=shares)


def _ask_fields(
    table: RawTable,
    fields: tuple[Field, ...],
    columns: list[str],
    mapping: Mapping,
    chosen: dict[Field, str],
    constants: dict[Field, str],
) -> None:
    places = st.columns(2)
    for n, field in enumerate(fields):
        with places[n % 2]:
            source = _ask_source(table, field, columns, mapping)
            if source == SAME:
                constants[field] = _ask_constant(table, field, mapping.constants.get(field, ""))
            elif source != NOT_THERE:
                chosen[field] = source


def _ask_source(table: RawTable, field: Field, columns: list[str], mapping: Mapping) -> str:
    options = [NOT_THERE, *([] if field in ALWAYS_A_COLUMN else [SAME]), *columns]
    start = mapping.columns.get(field, SAME if field in mapping.constants else NOT_THERE)
    return st.selectbox(
        _(import_words.FIELDS[field]),
        options,
        index=options.index(start) if start in options else 0,
        format_func=lambda option: _source_label(table, option),
        key=own_key(f"field.{table.sheet}.{field}"),
    )


def _source_label(table: RawTable, option: str) -> str:
    if option == NOT_THERE:
        return _("not in this file")
    if option == SAME:
        return _("the same for all rows")
    samples = import_preview.samples(table, option)
    # Dutch numbers have commas of their own.
    return f"{option} ({' · '.join(samples)})" if samples else option


def _ask_constant(table: RawTable, field: Field, value: str) -> str:
    label = _("{field}, for all rows").format(field=_(import_words.FIELDS[field]))
    key = own_key(f"constant.{table.sheet}.{field}")
    choices = _choices(field)
    if not choices:
        return str(st.text_input(label, value, key=key, max_chars=120, label_visibility="collapsed") or "")
    options = [*choices]
    return str(
        st.selectbox(
            label,
            options,
            index=options.index(value) if value in options else 0,
            format_func=lambda option: choices[option],
            key=key,
            label_visibility="collapsed",
        )
    )


def _choices(field: Field) -> dict[str, str]:
    """The values a field can have, with their words; empty for free text."""
    match field:
        case Field.SUBJECT:
            # Kept as the first Dutch word for it, which the import room reads back.
            return {SUBJECTS[key][0]: _(text) for key, text in words.SUBJECTS.items()}
        case Field.SCHOOL_YEAR:
            first = int(calendar.school_year_of(today())[:4])
            return {f"{year}-{year + 1}": f"{year}-{year + 1}" for year in range(first, first - 12, -1)}
        case Field.MOMENT:
            return {key: _(charts.MOMENTS[key]) for key in MOMENTS}
        case Field.SCORE_KIND:
            return {str(key): _(text) for key, text in import_words.KINDS.items()}
        case Field.YEAR_GROUP:
            return {key: key for key in YEAR_GROUPS}
        case Field.LEVEL:
            return {key: key for key in LEVELS}
    return {}


def ask_words(table: RawTable, mapping: Mapping, result: ImportResult) -> Mapping:
    """The school's own words that we do not know, each with what it may mean."""
    by_column = {column: field for field, column in mapping.columns.items()}
    found = [
        (by_column[column], value)
        for column, value in refused_rows.unknown_words(result)
        if column in by_column
    ]
    asked = st.session_state.setdefault(own_key(f"words.{table.sheet}"), [])
    asked += [one for one in found if one not in asked]
    if not asked:
        return mapping
    parts.heading(_("Words we do not know"))
    parts.note(
        _("Choose what your word means, and its rows can be read in. It is remembered with the columns.")
    )
    places = st.columns(4)
    told: dict[Field, dict[str, str]] = {field: dict(own) for field, own in mapping.translations.items()}
    for n, (field, value) in enumerate(asked[:N_WORDS]):
        # A test whose name does not say its subject is told which subject it is.
        choices = _choices(Field.SUBJECT if field is Field.TEST else field)
        with places[n % 4]:
            meant = _ask_word(value, choices, own_key(f"word.{table.sheet}.{n}"))
        if meant:
            # A test keeps its name, with the subject behind it.
            told.setdefault(field, {})[value] = f"{value} ({meant})" if field is Field.TEST else meant
    return replace(mapping, translations=told)


def _ask_word(value: str, choices: dict[str, str], key: str) -> str:
    options: list[str] = [NOT_THERE, *choices]
    return st.selectbox(
        _("“{word}” means").format(word=plain(value)),
        options,
        format_func=lambda option: choices.get(option, _("leave aside")),
        key=key,
    )
