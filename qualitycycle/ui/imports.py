"""Reading in results: a file is recognised, its columns are named, the rows are looked at, and then it is read in."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import streamlit as st

from qualitycycle import charts, config, i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, import_words, outcomes
from qualitycycle.cycle.outcomes import GroupRead, Prepared, RefusedRow
from qualitycycle.cycle.upkeep import harmless
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.fields import LEVELS, MOMENTS, SUBJECTS, YEAR_GROUPS, Field, Sector, Status
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.inspectie import SchoolResults
from qualitycycle.imports.locations import Own
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.imports.privacy import Drop, personal_columns
from qualitycycle.imports.rosters import Roster
from qualitycycle.model import Batch, Profile
from qualitycycle.model import Sector as SchoolSector
from qualitycycle.ui import failure, forms, parts, words
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

TYPES = ["csv", "txt", "tsv", "xlsx", "xls", "ods", "xml", "zip", "parquet"]
# What the page remembers of the file at hand begins with this; a saved or dropped file takes it all along.
FILE = "imports.file."
PREPARED = f"{FILE}prepared"
ROUND = "imports.round"
NOT_THERE, SAME = "", "="
N_PREVIEW = 8
N_REFUSED = 100
N_WORDS = 8
# The Inspectie numbers locations in its own way: only the school's part of the code is the same.
BRIN_LENGTH = 4

# The fields without which nothing can be read come first; the rest folds away.
FIRST = (
    Field.SUBJECT, Field.SCHOOL_YEAR, Field.YEAR_GROUP, Field.MOMENT, Field.PUPIL, Field.N_PUPILS,
    Field.VALUE, Field.SCORE_KIND, Field.LEVEL,
)  # fmt: skip
REST = (Field.GROUP_NAME, Field.MEASURED_ON, Field.TEST, Field.TEST_MAKER, Field.EDITION, Field.SCALE)
# One value for all rows makes no sense for these.
ALWAYS_A_COLUMN = (Field.PUPIL, Field.VALUE, Field.LEVEL, Field.N_PUPILS)


def upload(page: Page) -> Prepared | None:
    """Ask for a file; what was recognised in it, or None."""
    number = st.session_state.setdefault(ROUND, 0)
    file = st.file_uploader(
        _("A file with results: CSV, Excel, ODS, XML or open data"),
        type=TYPES,
        key=f"imports.upload.{number}",
        help=_(
            "From your LVS or LAS, or the Inspectie's open data. Names, BSN and birth dates are not read in; pupil "
            "numbers become a code that only this school's file understands."
        ),
    )
    if file is None:
        _forget()
        return None
    known = st.session_state.get(PREPARED)
    if known and known[0] == file.file_id:
        return known[1]  # type: ignore[no-any-return]
    _forget()
    try:
        with st.spinner(_("Reading the file …")):
            prepared = outcomes.read_file(page.store, page.actor, file.getvalue(), file.name)
    except QualityCycleError as error:
        failure.tell(error)
        return None
    st.session_state[PREPARED] = (file.file_id, prepared)
    return prepared


def _key(name: str) -> str:
    """A key of its own per file: what was chosen for one file means nothing for the next."""
    return f"{FILE}{st.session_state[PREPARED][0]}.{name}"


def _forget() -> None:
    forms.forget(FILE.removesuffix("."))


def _done(message: str) -> None:
    """The file is dealt with: say so and make room for the next one."""
    _forget()
    st.session_state[ROUND] += 1
    st.session_state["flash"] = message
    st.rerun()


def show(page: Page, prepared: Prepared) -> None:
    """What was recognised, and the steps to store it."""
    if prepared.already is not None:
        day = i18n.moment(config.local_time(prepared.already.imported_at))
        st.warning(
            plain(
                _(
                    "This very file was read in before ({day}). Reading it in again brings nothing new: "
                    "take the earlier one back first."
                ).format(day=day)
            )
        )
    if prepared.kind == outcomes.INSPECTIE:
        _inspectie(page, prepared)
    elif prepared.locations is not None:
        _own_lines(page, prepared)
    elif prepared.roster is not None:
        _roster(prepared.roster)
    elif prepared.mapping is not None:
        _told(page, prepared, prepared.mapping)
    else:
        _table(page, prepared)


# --- a table of the school's own -------------------------------------------------------------------------


def _table(page: Page, prepared: Prepared) -> None:
    table = _pick_table(prepared)
    mapping, profile = _suggested(page, table)
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        parts.heading(_("1. Which column is what"))
        parts.note(_about_mapping(page, profile))
        mapping = _ask_mapping(page, table, mapping)
    with right:
        parts.heading(_("2. What will be stored"))
        result = _read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    with right:
        _show_result(result)
    _show_refused(result)
    _store(page, prepared, result, mapping, profile)


def _roster(roster: Roster) -> None:
    """Groups without results: what was found, and that nothing of it is stored."""
    parts.heading(_("Groups in this file"))
    parts.note(
        _(
            "This file holds groups and year groups, and no results: nothing of it is stored. Names, BSN and birth "
            "dates were not read. For results, export them from your LVS."
        )
    )
    parts.facts(
        [
            (_("School year"), roster.school_year),
            (_("Pupils without a year group"), _("some") if roster.n_unplaced else ""),
        ]
    )
    held = outcomes.groups_of(roster)
    shown = {
        _("Year group"): [one.year_group for one in held],
        _("Group"): [one.group_name or "–" for one in held],
        _("Pupils"): [_("fewer than 5") if one.n is None else i18n.number(one.n) for one in held],
    }
    parts.table(pd.DataFrame(shown))
    if st.button(_("Close"), key=_key("cancel")):
        _done(_("Nothing was read in."))


def _told(page: Page, prepared: Prepared, mapping: Mapping) -> None:
    """A format that says itself what is what: nothing to choose, only to look at."""
    table = prepared.tables[0]
    parts.heading(_("What will be stored"))
    parts.note(_(import_words.KINDS_OF_FILE[prepared.kind]))
    result = _read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    _show_result(result)
    _show_refused(result)
    _store(page, prepared, result, mapping, None)


def _with_words(
    page: Page, prepared: Prepared, table: RawTable, mapping: Mapping, result: ImportResult
) -> tuple[Mapping, ImportResult]:
    """The mapping and the result after the school has said what its own words mean."""
    told = _ask_words(table, mapping, result)
    if told == mapping:
        return mapping, result
    again = _read(page, prepared, table, told)
    return (told, again) if again is not None else (mapping, result)


def _pick_table(prepared: Prepared) -> RawTable:
    tables = prepared.tables
    if len(tables) == 1:
        return tables[0]
    largest = max(range(len(tables)), key=lambda n: len(tables[n].frame))
    chosen = st.selectbox(
        _("Sheet"),
        range(len(tables)),
        index=largest,
        format_func=lambda n: tables[n].sheet,
        key=_key("sheet"),
        width=360,
    )
    return tables[chosen]


def _suggested(page: Page, table: RawTable) -> tuple[Mapping, Profile | None]:
    key = _key(f"suggested.{table.sheet}")
    if key not in st.session_state:
        st.session_state[key] = outcomes.mapping_for(page.store, table)
    mapping, profile = st.session_state[key]
    if page.staff.school.sector is SchoolSector.VO:
        mapping = replace(mapping, sector=Sector.VO)
    return mapping, profile


def _about_mapping(page: Page, profile: Profile | None) -> str:
    if profile is not None:
        return _("As you did it last time with “{name}”. Change what is different now.").format(
            name=profile.name
        )
    return _("Our suggestion. Correct it where it is wrong; the right side follows.")


def _ask_mapping(page: Page, table: RawTable, mapping: Mapping) -> Mapping:
    personal = personal_columns(table)
    columns = [column for column in table.columns if column not in personal]
    chosen: dict[Field, str] = {}
    constants: dict[Field, str] = {}
    _ask_fields(table, FIRST, columns, mapping, chosen, constants)
    with st.expander(_("More columns"), key=_key("more")):
        _ask_fields(table, REST, columns, mapping, chosen, constants)
    shares = mapping.shares
    if constants.get(Field.SCORE_KIND) == "percentage":
        shares = st.checkbox(
            _("85% is written as 0,85 in this file"), mapping.shares, key=_key(f"shares.{table.sheet}")
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
        key=_key(f"field.{table.sheet}.{field}"),
    )


def _source_label(table: RawTable, option: str) -> str:
    if option == NOT_THERE:
        return _("not in this file")
    if option == SAME:
        return _("the same for all rows")
    samples = outcomes.samples(table, option)
    return f"{option} ({', '.join(samples)})" if samples else option


def _ask_constant(table: RawTable, field: Field, value: str) -> str:
    label = _("{field}, for all rows").format(field=_(import_words.FIELDS[field]))
    key = _key(f"constant.{table.sheet}.{field}")
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


# --- what will be stored ---------------------------------------------------------------------------------


def _read(page: Page, prepared: Prepared, table: RawTable, mapping: Mapping) -> ImportResult | None:
    """Read the table with this mapping, once per mapping: a large file takes a second or two."""
    key = (prepared.content_hash, table.sheet, json.dumps(mapping.to_json(), sort_keys=True))
    known = st.session_state.setdefault(_key("results"), {})
    if key in known:
        return known[key]  # type: ignore[no-any-return]
    try:
        result = outcomes.preview(page.store, page.actor, table, mapping)
    except QualityCycleError as error:
        failure.tell(error)
        return None
    # With the school's own words and without: two readings are kept, the others make room.
    while len(known) > 1:
        known.pop(next(iter(known)))
    known[key] = result
    return result


def _show_result(result: ImportResult) -> None:
    counts = result.counts
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
    groups = outcomes.groups_in(result)
    with st.container(key="imports_preview"):
        parts.table(_preview(groups[:N_PREVIEW]))
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


def _preview(groups: list[GroupRead]) -> pd.DataFrame:
    shown = {
        _("Year"): [one.school_year for one in groups],
        _("Group"): [" ".join(filter(None, (one.year_group, one.group_name))) or "–" for one in groups],
        _("Subject"): [_(words.SUBJECTS.get(one.subject, one.subject)) for one in groups],
        _("Moment"): [one.moment or "–" for one in groups],
        _("About"): [_about(one) for one in groups],
        _("Result"): [_result(one) for one in groups],
    }
    return pd.DataFrame(shown)


def _about(one: GroupRead) -> str:
    if one.n is None:
        return "–"
    return ngettext("{n} pupil", "{n} pupils", one.n).format(n=i18n.number(one.n))


def _result(one: GroupRead) -> str:
    if one.status != Status.VALUE:
        return _(import_words.STATUSES[Status(one.status)])
    if one.low is None and not one.levels:
        return _("too few to show")
    return " · ".join(filter(None, (_range(one), ", ".join(one.levels))))


def _range(one: GroupRead) -> str:
    if one.low is None or one.high is None:
        return ""
    sign = "%" if one.score_kind == "percentage" else ""
    low, high = (f"{i18n.number(figure)}{sign}" for figure in (one.low, one.high))
    return low if one.low == one.high else _("{low} to {high}").format(low=low, high=high)


# --- rows that are kept aside ----------------------------------------------------------------------------


def _ask_words(table: RawTable, mapping: Mapping, result: ImportResult) -> Mapping:
    """The school's own words that we do not know, each with what it may mean."""
    by_column = {column: field for field, column in mapping.columns.items()}
    found = outcomes.unknown_words(result)[:N_WORDS]
    asked = st.session_state.setdefault(_key(f"words.{table.sheet}"), [])
    for column, value in found:
        field = by_column.get(column)
        # A test whose name does not say its subject is told which subject it is.
        if field is not None and (field, value) not in asked:
            asked.append((field, value))
    if not asked:
        return mapping
    parts.heading(_("Words we do not know"))
    places = st.columns(4)
    told: dict[Field, dict[str, str]] = {field: dict(own) for field, own in mapping.translations.items()}
    for n, (field, value) in enumerate(asked):
        choices = _choices(Field.SUBJECT if field is Field.TEST else field)
        with places[n % 4]:
            meant = _ask_word(value, choices, _key(f"word.{table.sheet}.{n}"))
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


def _show_refused(result: ImportResult) -> None:
    if not result.counts.refused:
        return
    parts.heading(
        ngettext("{n} row to keep aside", "{n} rows to keep aside", result.counts.refused).format(
            n=i18n.number(result.counts.refused)
        )
    )
    rows = outcomes.refused_in(result, N_REFUSED)
    _refused_table(rows, result.counts.refused, key="preview")


def _refused_table(rows: list[RefusedRow], n_all: int, *, key: str) -> None:
    with st.container(height=280 if len(rows) > 6 else "content", border=False, key=f"imports_refused_{key}"):
        parts.table(
            pd.DataFrame(
                [
                    (
                        row.line,
                        row.column or "–",
                        row.value or "–",
                        import_words.reason(row.reason),
                        import_words.hint(row.hint),
                    )
                    for row in rows
                ],
                columns=[_("Line"), _("Column"), _("Value"), _("What is wrong"), _("What to do")],
            )
        )
    if n_all > len(rows):
        parts.note(_("The first {n} are shown.").format(n=len(rows)))


def _store(
    page: Page, prepared: Prepared, result: ImportResult, mapping: Mapping, profile: Profile | None
) -> None:
    name = "" if prepared.mapping else _ask_profile(profile)
    counts = result.counts
    label = ngettext("Read in {n} row", "Read in {n} rows", counts.accepted).format(
        n=i18n.number(counts.accepted)
    )
    if counts.refused:
        label += ", " + _("keep {n} aside").format(n=i18n.number(counts.refused))
    with st.container(horizontal=True):
        sent = st.button(label, type="primary", key=_key("store"), disabled=not counts.accepted)
        if st.button(_("Cancel"), key=_key("cancel"), type="tertiary"):
            _done(_("Nothing was read in."))
    if not sent:
        return
    stored = failure.attempt(
        lambda: outcomes.import_table(page.store, page.actor, prepared, result, mapping, remember_as=name)
    )
    if stored is not None:
        _done(
            ngettext("{n} row read in.", "{n} rows read in.", stored.n_accepted).format(
                n=i18n.number(stored.n_accepted)
            )
        )


def _ask_profile(profile: Profile | None) -> str:
    parts.heading(_("3. Read in"))
    place, _rest = st.columns([1, 1])
    name = place.text_input(
        _("Remember these columns as (optional)"),
        profile.name if profile else "",
        key=_key("profile"),
        max_chars=80,
        placeholder=_("Such as: results from our LVS"),
        help=_("A next file with the same columns is then read in the same way."),
    )
    return str(name or "")


# --- the Inspectie's file --------------------------------------------------------------------------------


def _inspectie(page: Page, prepared: Prepared) -> None:
    """The school's own line of the Inspectie's open data, looked at and read in with one click."""
    parts.heading(_("The Inspectie's open data on results"))
    own = page.staff.school
    search = st.text_input(
        _("Your school: BRIN code, name or place"),
        own.brin[:BRIN_LENGTH] or own.name,
        key=_key("search"),
        width=460,
    )
    found = outcomes.inspectie_schools(prepared, search or "")
    if not found:
        parts.empty(
            _(
                "No school in this file fits. Check the BRIN code; some years have no names or places in the file."
            )
        )
        return
    labels = {one.ovt: " · ".join(part for part in (one.ovt, one.name, one.place) if part) for one in found}
    ovt = st.selectbox(
        ngettext("{n} school fits", "{n} schools fit", len(found)).format(n=i18n.number(len(found))),
        [*labels],
        format_func=lambda ovt: labels.get(ovt, ovt),
        key=_key("school"),
        width=460,
    )
    results = failure.attempt(lambda: outcomes.inspectie_school(prepared, ovt))
    if results is None:
        return
    _show_inspectie(results)
    with st.container(horizontal=True):
        sent = st.button(_("Read in this school"), type="primary", key=_key("store"))
        if st.button(_("Cancel"), key=_key("cancel"), type="tertiary"):
            _done(_("Nothing was read in."))
    if not sent:
        return
    stored = failure.attempt(lambda: outcomes.import_inspectie(page.store, page.actor, prepared, results))
    if stored is not None:
        _done(_("The Inspectie's figures are read in. An earlier reading no longer counts."))


def _show_inspectie(results: SchoolResults) -> None:
    years = [
        (
            year.school_year,
            str(year.indicator),
            f"{i18n.number(year.percentage, 1)}%"
            if year.percentage is not None
            else _(import_words.STATUSES[year.status]),
            i18n.number(year.n_pupils) if year.n_pupils is not None else "–",
        )
        for year in results.years
    ]
    three = [
        (
            str(one.indicator),
            f"{i18n.number(one.percentage, 1)}%" if one.percentage is not None else "–",
            f"{i18n.number(one.threshold, 1)}%" if one.threshold is not None else "–",
            _(import_words.VERDICTS[one.verdict]) if one.verdict else "–",
        )
        for one in results.three_years
    ]
    left, right = st.columns(2, gap="large")
    with left:
        parts.note(_("Per year: share of reached levels"))
        parts.table(pd.DataFrame(years, columns=[_("Year"), _("Indicator"), _("Reached"), _("Pupils")]))
    with right:
        parts.note(_("Three years together, as published"))
        parts.table(pd.DataFrame(three, columns=[_("Indicator"), _("Reached"), _("Threshold"), _("Verdict")]))


# --- other open data with a line per location ------------------------------------------------------------


def _own_lines(page: Page, prepared: Prepared) -> None:
    """The school's own line of DUO's open data or of the school weightings, read in with one click."""
    parts.heading(_(import_words.OPEN_DATA[prepared.kind]))
    own = page.staff.school
    search = st.text_input(
        _("Your school: BRIN code, name or place"), own.brin or own.name, key=_key("search"), width=460
    )
    schools = outcomes.own_schools(prepared, search or "")
    if not schools:
        parts.empty(_("No school in this file fits. Check the BRIN code, or search by name or place."))
        return
    labels = {one.ovt: " · ".join(part for part in (one.ovt, one.name, one.place) if part) for one in schools}
    ovt = st.selectbox(
        ngettext("{n} school fits", "{n} schools fit", len(schools)).format(n=i18n.number(len(schools))),
        [*labels],
        format_func=lambda ovt: labels.get(ovt, ovt),
        key=_key("school"),
        width=460,
    )
    found = failure.attempt(lambda: outcomes.own_lines(prepared, ovt))
    if found is None:
        return
    parts.table(_levels_read(found) if found.levels else _weightings_read(found))
    with st.container(horizontal=True):
        sent = st.button(_("Read in this school"), type="primary", key=_key("store"))
        if st.button(_("Cancel"), key=_key("cancel"), type="tertiary"):
            _done(_("Nothing was read in."))
    if not sent:
        return
    stored = failure.attempt(lambda: outcomes.import_own_lines(page.store, page.actor, prepared, found))
    if stored is not None:
        _done(_("Read in. An earlier reading of the same school years no longer counts."))


def _levels_read(found: Own) -> pd.DataFrame:
    rows = [
        (
            one.school_year,
            _(words.SUBJECTS[one.subject]),
            one.level,
            i18n.number(one.n) if one.n is not None else _(import_words.STATUSES[one.status]),
        )
        for one in found.levels
    ]
    return pd.DataFrame(rows, columns=[_("Year"), _("Subject"), _("Highest level"), _("Pupils")])


def _weightings_read(found: Own) -> pd.DataFrame:
    rows = [(one.school_year, i18n.number(one.value, 2)) for one in found.weightings]
    return pd.DataFrame(rows, columns=[_("Year"), _("School weighting")])


# --- what was read in ------------------------------------------------------------------------------------


def batches(page: Page) -> None:
    """Every import with its counts, the rows kept aside, and the way back."""
    parts.heading(_("Read in so far"))
    found = outcomes.batches(page.store, page.actor)
    if not found:
        parts.empty(_("Nothing has been read in yet. Choose a file above."))
    else:
        with st.container(border=True, key="card_batches", gap="xxsmall"):
            for batch in found:
                _batch(page, batch)
    undone = outcomes.undone_batches(page.store, page.actor)
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
            if failure.attempt(lambda: outcomes.undo(page.store, page.actor, batch.batch_id), done=done):
                st.rerun()
    n_waiting = outcomes.n_refused(page.store, page.actor, batch.batch_id)
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
        rows = outcomes.refused_rows(page.store, page.actor, batch.batch_id)
        _refused_table(rows, n_waiting, key=batch.batch_id)
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
                    lambda: outcomes.deal_with(page.store, page.actor, batch.batch_id),
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
            if failure.attempt(lambda: outcomes.redo(page.store, page.actor, batch.batch_id), done=done):
                st.rerun()
