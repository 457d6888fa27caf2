"""Reading in results: the school's own line of open data of others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import import_words, open_data
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports import exams
from qualitycycle.imports.inspectie import School, SchoolResults
from qualitycycle.imports.locations import Own
from qualitycycle.ui import failure, import_table, parts, words
from qualitycycle.ui.import_file import done, own_key
from qualitycycle.ui.page import Page

# The Inspectie numbers locations in its own way: only the school's part of the code is the same.
BRIN_LENGTH = 4


# --- which school ----------------------------------------------------------------------------------------


def _searched(page: Page, brin: str) -> str:
    """What is searched for: the own school, until somebody types."""
    search = st.text_input(
        _("Your school: BRIN code, name or place"),
        brin or page.staff.school.name,
        key=own_key("search"),
        width=460,
    )
    return search or ""


def _pick_school(found: Sequence[School]) -> str:
    labels = {one.ovt: " · ".join(part for part in (one.ovt, one.name, one.place) if part) for one in found}
    return st.selectbox(
        ngettext("{n} school fits", "{n} schools fit", len(found)).format(n=i18n.number(len(found))),
        [*labels],
        format_func=lambda ovt: labels.get(ovt, ovt),
        key=own_key("school"),
        width=460,
    )


def _sent() -> bool:
    with st.container(horizontal=True):
        sent = st.button(_("Read in this school"), type="primary", key=own_key("store"))
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
    return sent


# --- the Inspectie's file --------------------------------------------------------------------------------


def show_inspectie(page: Page, prepared: Prepared) -> None:
    """The school's own line of the Inspectie's open data, looked at and read in with one click."""
    parts.heading(_("The Inspectie's open data on results"))
    found = open_data.inspectie_schools(prepared, _searched(page, page.staff.school.brin[:BRIN_LENGTH]))
    if not found:
        parts.empty(
            _(
                "No school in this file fits. Check the BRIN code; some years have no names or places in the file."
            )
        )
        return
    ovt = _pick_school(found)
    results = failure.attempt(lambda: open_data.inspectie_school(prepared, ovt))
    if results is None:
        return
    _show_inspectie(results)
    if not _sent():
        return
    stored = failure.attempt(lambda: open_data.import_inspectie(page.store, page.actor, prepared, results))
    if stored is not None:
        done(_("The Inspectie's figures are read in. An earlier reading no longer counts."))


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
        columns = (_("Year"), _("Indicator"), _("Reached"), _("Pupils"))
        import_table.show(columns, years, new_lines=(2,), named=(3,))
    with right:
        parts.note(_("Three years together, as published"))
        columns = (_("Indicator"), _("Reached"), _("Threshold"), _("Verdict"))
        import_table.show(columns, three, new_lines=(1,), named=(2,))


# --- other open data with a line per location ------------------------------------------------------------


def show_own_lines(page: Page, prepared: Prepared) -> None:
    """The school's own line of DUO's open data or of the school weightings, read in with one click."""
    parts.heading(_(import_words.OPEN_DATA[prepared.kind]))
    schools = open_data.own_schools(prepared, _searched(page, page.staff.school.brin))
    if not schools:
        parts.empty(_("No school in this file fits. Check the BRIN code, or search by name or place."))
        return
    ovt = _pick_school(schools)
    found = failure.attempt(lambda: open_data.own_lines(prepared, ovt))
    if found is None:
        return
    _show_lines(found)
    if found.part == exams.Layout.SUBJECTS:
        parts.note(
            _(
                "The mean mark on the final list stands in this file without the number of pupils it is about, so it "
                "is not read in."
            )
        )
    if not _sent():
        return
    stored = failure.attempt(lambda: open_data.import_own_lines(page.store, page.actor, prepared, found))
    if stored is not None:
        done(_("Read in. An earlier reading of the same school years no longer counts."))


def _show_lines(found: Own) -> None:
    if found.exams:
        _show_exams(found)
    elif found.levels:
        _show_levels(found)
    else:
        rows = [(one.school_year, i18n.number(one.value, 2)) for one in found.weightings]
        import_table.show((_("Year"), _("School weighting")), rows)


def _show_exams(found: Own) -> None:
    """The share that passed and the mean marks, each with the number it is about."""
    rows = [
        (
            one.school_year,
            " · ".join(filter(None, (one.track, one.profile))),
            _("Passed") if one.test == exams.PASSED else one.test,
            _exam_figure(one),
            i18n.number(one.n) if one.n is not None else "–",
        )
        for one in found.exams
    ]
    columns = (_("Year"), _("School type"), _("Exam"), _("Result"), _("Number of pupils"))
    import_table.show(columns, rows, new_lines=(3,), named=(4,))


def _exam_figure(one: exams.Exam) -> str:
    if one.value is None:
        return _(import_words.STATUSES[one.status])
    figure = i18n.number(one.value, 1)
    return f"{figure}%" if one.test == exams.PASSED else figure


def _show_levels(found: Own) -> None:
    rows = [
        (
            one.school_year,
            _(words.SUBJECTS[one.subject]),
            one.level,
            i18n.number(one.n) if one.n is not None else _(import_words.STATUSES[one.status]),
        )
        for one in found.levels
    ]
    import_table.show(
        (_("Year"), _("Subject"), _("Highest level"), _("Pupils")), rows, new_lines=(3,), named=(3,)
    )
