"""Every report in both languages, on the example school and on one that did nothing yet, as every kind of file."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from datetime import date

import docx
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from qualitycycle import i18n
from qualitycycle.cycle import plan, reports, school, standards
from qualitycycle.cycle.reached_levels import Beside
from qualitycycle.cycle.reports import Kind
from qualitycycle.errors import NotAllowed, NotFound
from qualitycycle.i18n import LANGUAGES
from qualitycycle.imports.inspectie import Verdict
from qualitycycle.model import Actor, CycleState, Evidence, EvidenceKind, Judgement, Link, Role, Says
from qualitycycle.reports import kinds, making, sheets, weighing
from qualitycycle.reports.content import Callout, Column, Heading, Picture, Table, Value, shown, tables
from qualitycycle.reports.kinds import Format
from qualitycycle.reports.making import Wanted
from tests.reports import checking
from tests.reports.conftest import LEADER, TODAY

KINDS = [kind for kind in Kind if kind is not Kind.MINUTES]
CASES = [
    pytest.param(kind, language, closed, id=f"{kind}-{language}-{'closed' if closed else 'running'}")
    for kind, language, closed in itertools.product(Kind, LANGUAGES, (False, True))
    # The other language of a closed cycle is drawn by the same code.
    if language == "nl" or not closed
]
EMPTY = [
    pytest.param(kind, language, id=f"{kind}-{language}")
    for kind, language in itertools.product(KINDS, LANGUAGES)
]


def words_of(report):
    """Everything a report says, but for what is drawn."""
    return "\n".join(_words(block) for block in [*report.blocks, *report.data])


def _words(block):
    if isinstance(block, Table):
        cells = [shown(cell) for row in block.rows for cell in row]
        return "\n".join([block.title, *(column.title for column in block.columns), *cells, *block.notes])
    if isinstance(block, Picture):
        return "\n".join([block.alternative, *block.said, block.legend, block.n, _words(block.table)])
    return "\n".join(str(value) for value in vars(block).values())


def of_kind(report, kind):
    return [block for block in report.blocks if isinstance(block, kind)]


# --- as a PDF --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language", "closed"), CASES)
def test_a_pdf_can_be_read_by_a_screen_reader(example_desk, kind, language, closed):
    report = example_desk.report(kind, language, closed=closed)

    content = example_desk.file(kind, language, Format.PDF, closed=closed)

    assert checking.faults(content, language=language, title=report.title) == []


@pytest.mark.parametrize(("kind", "language"), EMPTY)
def test_the_pdf_of_an_empty_cycle_says_so_and_is_sound(empty_desk, kind, language):
    report = empty_desk.report(kind, language)

    content = empty_desk.file(kind, language, Format.PDF)

    said = {"nl": "nog niets vastgelegd", "en": "Nothing has been recorded"}[language]
    assert checking.faults(content, language=language, title=report.title) == []
    assert said in words_of(report)


def test_the_checker_sees_what_is_wrong(example_desk):
    content = example_desk.file(Kind.GOAL, "nl", Format.PDF)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        next(one for one in checking.elements(pdf) if str(one.S) == "/Figure").Alt = ""
        next(one for one in checking.elements(pdf) if str(one.S) == "/H2").S = pikepdf.Name("/H4")
        del pdf.Root.MarkInfo
        pdf.pages[0].Contents = pdf.make_stream(b"BT (los) Tj ET")
        spoilt = io.BytesIO()
        pdf.save(spoilt)

    found = checking.faults(spoilt.getvalue(), language="en", title="Iets anders")

    assert {"a figure without words", "heading 4 below 1", "not marked as tagged", "no title"} <= set(found)
    assert any("neither tagged nor an artifact" in fault for fault in found)
    assert any("language is nl" in fault for fault in found)


@pytest.mark.parametrize(("language", "closed"), list(itertools.product(LANGUAGES, (False, True))))
def test_one_goal_and_the_minutes_stand_on_one_page(example_desk, language, closed):
    for kind in (Kind.GOAL, Kind.MINUTES):
        content = example_desk.file(kind, language, Format.PDF, closed=closed)

        assert len(pypdfium2.PdfDocument(content)) == 1


def test_pictures_are_vectors_and_letters_stay_letters(example_desk):
    page = pypdfium2.PdfDocument(example_desk.file(Kind.GOAL, "nl", Format.PDF))[0]

    assert "mediaan" in page.get_textpage().get_text_bounded()
    assert not [one for one in page.get_objects() if isinstance(one, pypdfium2.PdfImage)]


# --- as a Word file --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language", "closed"), CASES)
def test_a_word_file_opens_with_headings_tables_and_words_for_pictures(example_desk, kind, language, closed):
    report = example_desk.report(kind, language, closed=closed)

    document = docx.Document(io.BytesIO(example_desk.file(kind, language, Format.WORD, closed=closed)))

    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    pictures = document.element.body.findall(f".//{qn('wp:docPr')}")
    own = document.core_properties
    assert (own.title, own.language, own.author) == (report.title, language, report.school)
    assert [one.text for one in of_kind(report, Heading)] == headings[: len(of_kind(report, Heading))]
    assert [one.get("descr") for one in pictures] == [one.alternative for one in of_kind(report, Picture)]
    behind = 0 if report.one_page else len({id(one.table) for one in of_kind(report, Picture)})
    assert len(document.tables) == len(of_kind(report, Table)) + behind
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in document.tables)


@pytest.mark.parametrize(("kind", "language"), EMPTY)
def test_the_word_file_of_an_empty_cycle_says_so(empty_desk, kind, language):
    document = docx.Document(io.BytesIO(empty_desk.file(kind, language, Format.WORD)))

    text = "\n".join(one.text for one in document.paragraphs)
    assert {"nl": "nog niets vastgelegd", "en": "Nothing has been recorded"}[language] in text


def test_a_word_file_says_which_language_it_speaks(example_desk):
    document = docx.Document(io.BytesIO(example_desk.file(Kind.MR, "nl", Format.WORD)))

    normal = document.styles["Normal"].element.find(f".//{qn('w:lang')}")
    assert normal.get(qn("w:val")) == "nl-NL"


# --- as a workbook ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language", "closed"), CASES)
def test_a_workbook_has_a_sheet_per_table_with_figures_as_figures(example_desk, kind, language, closed):
    report = example_desk.report(kind, language, closed=closed)

    book = CalamineWorkbook.from_filelike(
        io.BytesIO(example_desk.file(kind, language, Format.SHEETS, closed=closed))
    )

    wanted = tables(report)
    assert len(book.sheet_names) == 1 + len(wanted)
    assert all(name[0].isalnum() for name in book.sheet_names), "a sheet has no name of its own"
    for name, table in zip(book.sheet_names[1:], wanted, strict=True):
        rows = book.get_sheet_by_name(name).to_python()
        figures = [
            cell.raw for row in table.rows for cell in row if isinstance(cell, Value) and cell.raw is not None
        ]
        read = [cell for row in rows[1:] for cell in row if not isinstance(cell, str)]
        assert rows[0][: len(table.columns)] == [column.title for column in table.columns]
        assert len(read) == len(figures)


@pytest.mark.parametrize(("kind", "language"), EMPTY)
def test_the_workbook_of_an_empty_cycle_tells_what_it_is(empty_desk, kind, language):
    book = CalamineWorkbook.from_filelike(io.BytesIO(empty_desk.file(kind, language, Format.SHEETS)))

    first = book.get_sheet_by_index(0).to_python()
    assert any(row[0] == {"nl": "Dataversie", "en": "Data version"}[language] for row in first)


def test_what_somebody_typed_is_never_a_formula(example_desk):
    typed = Table("=1+1", (Column("=cmd"),), (("=SUM(A1:A9)",),))
    report = replace(example_desk.report(Kind.MR, "nl"), data=(typed,))

    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets.render(report)))

    assert book.get_sheet_by_index(len(book.sheet_names) - 1).to_python()[1][0] == "=SUM(A1:A9)"


# --- what a report tells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "language", "closed"), CASES)
def test_a_report_tells_its_period_sources_numbers_gaps_and_version(example_desk, kind, language, closed):
    report = example_desk.report(kind, language, closed=closed)
    own, said = report.account, words_of(report)

    assert own.period in said
    assert all(text in said for text in (*own.sources, *own.hidden))
    assert own.sources
    assert own.hidden
    assert report.one_page or all(text in said for text in own.numbers)
    assert re.search(rf"(?m)^.*\b{own.data_version}\b", said)


@pytest.mark.parametrize(("kind", "language", "closed"), CASES)
def test_a_report_promises_nothing_ranks_nobody_and_calls_nothing_proof(example_desk, kind, language, closed):
    said = words_of(example_desk.report(kind, language, closed=closed))

    for forbidden in (
        r"1[.,]57",
        r"(?i)\bbewijst\b(?! niet)",
        r"(?i)\bproves\b(?! not)",
        r"(?i)\bbest[e]? (school|team)\b",
    ):
        assert not re.search(forbidden, said)


def test_the_account_for_others_names_nobody(example_desk, example):
    people = {one.name for one in school.staff(example).people}
    for kind in reports.NAMELESS:
        said = words_of(example_desk.report(kind, "nl"))
        assert not [name for name in people if re.search(rf"\b{re.escape(name)}\b", said)]
    assert any(name in words_of(example_desk.report(Kind.YEAR_PLAN, "nl")) for name in people)


def test_contradicting_evidence_stands_first(example_desk):
    for kind in (Kind.GOAL, Kind.CYCLE, Kind.STANDARDS):
        for table in of_kind(example_desk.report(kind, "nl"), Table):
            if table.columns[0].title == "Zegt":
                order = [
                    ("Spreekt tegen", "Ondersteunt", "Zegt nog niets").index(row[0]) for row in table.rows
                ]
                assert order == sorted(order)


def test_a_goal_with_contradicting_evidence_says_so_before_its_figures(example_desk):
    blocks = example_desk.report(Kind.GOAL, "nl").blocks
    kinds_of = [type(block) for block in blocks]

    assert blocks[kinds_of.index(Callout)].title == "Wat het bewijs zegt: in tegenspraak"
    assert kinds_of.index(Callout) < kinds_of.index(Picture)


def test_a_report_of_a_closed_cycle_stops_where_the_cycle_stopped(example, example_desk):
    closed = plan.all_cycles(example)[1]
    found = reports.review(example, LEADER, Kind.CYCLE, closed.cycle_id)

    assert closed.state is CycleState.CLOSED
    assert all(
        point.on <= closed.last_on for goal in found.goals for line in goal.lines for point in line.points
    )
    assert all(point.on <= closed.last_on for one in found.outcomes for point in one.points)


def test_the_board_sees_what_is_asked_and_what_to_talk_about(example):
    cycle = plan.all_cycles(example)[1]
    wanted = Wanted(Kind.BOARD, "nl", cycle.cycle_id, asked="Geef ons een dag extra.")

    said = words_of(making.content(example, LEADER, wanted))

    not_reached = [
        goal.title
        for goal in reports.goals_of(example, LEADER, cycle.cycle_id)
        if goal.judgement is Judgement.NOT_REACHED
    ]
    assert "Geef ons een dag extra." in said
    assert not_reached and all(f"“{title}”: niet bereikt." in said for title in not_reached)
    assert "Signaleringswaarde van de Inspectie" in said


def test_every_standard_of_the_sector_is_told_or_named(example_desk, example):
    said = words_of(example_desk.report(Kind.STANDARDS, "nl"))

    assert all(one.name_nl in said for one in standards.standards(school.find_school(example).sector))


# --- weighing --------------------------------------------------------------------------------------------


def _pair(says, kind="observation", until=None):
    piece = Evidence(
        evidence_id="e",
        cycle_id="c",
        kind=EvidenceKind(kind),
        title="Gezien",
        evidence_on=date(2026, 10, 1),
        added_on=date(2026, 10, 1),
        valid_until=until,
    )
    return Link(link_id="l", evidence_id="e", noun="goal", noun_id="g", says=says), piece


@pytest.mark.parametrize(
    ("pairs", "weight"),
    [
        ([], weighing.Weight.NONE),
        ([_pair(Says.NOTHING_YET)], weighing.Weight.NOT_YET),
        ([_pair(Says.SUPPORTS, "research")], weighing.Weight.ELSEWHERE),
        ([_pair(Says.SUPPORTS)], weighing.Weight.INDICATION),
        ([_pair(Says.SUPPORTS)] * 9, weighing.Weight.INDICATION),
        ([_pair(Says.SUPPORTS)] * 9 + [_pair(Says.CONTRADICTS)], weighing.Weight.CONTRADICTED),
        ([_pair(Says.SUPPORTS, until=date(2026, 11, 1))], weighing.Weight.NOT_YET),
    ],
)
def test_evidence_weighs_by_fixed_rules_and_never_more_than_an_indication(pairs, weight):
    assert weighing.weigh(pairs, TODAY) is weight


# --- who may ---------------------------------------------------------------------------------------------


def test_a_reader_reports_on_closed_cycles_only(example):
    running, closed = plan.all_cycles(example)[:2]
    reader = Actor(Role.READER)

    with pytest.raises(NotFound):
        making.content(example, reader, Wanted(Kind.MR, "nl", running.cycle_id))
    with pytest.raises(NotAllowed):
        reports.review(example, reader, Kind.MR, running.cycle_id)
    assert making.content(example, reader, Wanted(Kind.MR, "nl", closed.cycle_id)).blocks
    assert making.content(example, reader, Wanted(Kind.MR, "nl")).subtitle.count(closed.title) == 1


@pytest.mark.parametrize("kind", [Kind.BOARD, Kind.STANDARDS])
def test_a_member_does_not_account_to_others(example, kind):
    cycle = plan.all_cycles(example)[0]

    for ask in (
        lambda: making.content(example, Actor(Role.MEMBER), Wanted(kind, "nl", cycle.cycle_id)),
        lambda: reports.review(example, Actor(Role.MEMBER), kind, cycle.cycle_id),
    ):
        with pytest.raises(NotAllowed):
            ask()


@pytest.mark.parametrize("kind", Kind)
def test_a_respondent_gets_no_report(example, kind):
    with pytest.raises(NotAllowed):
        making.content(example, Actor(Role.RESPONDENT), Wanted(kind, "nl"))


def test_a_file_has_a_plain_dated_name(example):
    cycle = plan.all_cycles(example)[0]
    goal = reports.goals_of(example, LEADER, cycle.cycle_id)[0]

    names = {
        making.file_name(example, LEADER, Wanted(Kind.MR, "nl", cycle.cycle_id), Format.PDF),
        making.file_name(example, LEADER, Wanted(Kind.GOAL, "en", cycle.cycle_id, goal.goal_id), Format.WORD),
    }

    assert "2026-11-22-mr-verslag-2026-2027.pdf" in names
    assert all(re.fullmatch(r"[a-z0-9-]+\.(pdf|docx)", name) for name in names)


def test_the_name_on_the_page_is_the_name_of_the_file(example):
    wanted = Wanted(Kind.YEAR_PLAN, "en", plan.all_cycles(example)[0].cycle_id)

    made = making.make(example, LEADER, wanted, Format.SHEETS)

    assert made.file_name == making.file_name(example, LEADER, wanted, Format.SHEETS)


# --- the threshold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verdict", "said"), [(Verdict.BELOW, True), (Verdict.ABOVE, False)])
def test_the_board_hears_of_the_threshold_over_three_years_and_not_of_one_year(example, verdict, said):
    cycle = reports.cycle_for(example, LEADER, None)
    found = reports.review(example, LEADER, Kind.BOARD, cycle.cycle_id)
    line = next(iter(found.reached))
    one = replace(
        found.reached[line], share=40.0, verdict=verdict, beside=(Beside("threshold", 43.5, "2023", "2025"),)
    )

    with i18n.speaking("en"):
        report = kinds.build(replace(found, reached={line: one}))

    asked = str([block for block in report.blocks if not isinstance(block, Table)])
    assert ("below the Inspectorate's threshold of 43.5%" in asked) is said
