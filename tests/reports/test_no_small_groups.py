"""Every report as every role, on a school whose small groups have unmistakable figures (see `tests.planted`)."""

from __future__ import annotations

import contextlib
import io

import docx
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import plan, reports
from qualitycycle.cycle.reports import MR_FLOOR, Kind
from qualitycycle.errors import QualityCycleError
from qualitycycle.model import Actor, Role
from qualitycycle.reports import kinds, making, pictures
from qualitycycle.reports.content import Picture, Value, tables
from qualitycycle.reports.kinds import Format
from qualitycycle.reports.making import Wanted
from qualitycycle.store.connect import open_store
from tests import planted
from tests.reports.conftest import LEADER, TODAY
from tests.reports.test_reports import KINDS, words_of

ROLES = (Role.LEADER, Role.COACH, Role.MEMBER, Role.READER)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", TODAY.isoformat())
        store = open_store(tmp_path_factory.mktemp("planted"))
        yield planted.school(store)
        store.close()


def _goals(made):
    return [goal.goal_id for goal in reports.goals_of(made.world.store, LEADER, made.world.running)]


def _wanted(made, kind, language="nl"):
    goals = _goals(made) if kind is Kind.GOAL else [None]
    return [Wanted(kind, language, made.world.running, goal) for goal in goals]


def _everything(report):
    """Its words, the figures that a workbook counts with, and its pictures as they are drawn."""
    raw = [
        str(cell.raw)
        for table in tables(report)
        for row in table.rows
        for cell in row
        if isinstance(cell, Value)
    ]
    drawn = [block for block in report.blocks if isinstance(block, Picture)]
    data = [block.figure.data.to_csv() for block in drawn]
    letters = [_letters(pictures.svg(block.figure, block.height)) for block in drawn]
    return "\n".join([words_of(report), *raw, *data, *letters])


def _letters(svg):
    """What is written in a picture: its lines are full of numbers that are about nobody."""
    return "\n".join(part.split("</text>")[0].split(">")[-1] for part in svg.split("<text")[1:])


def _planted_in(text):
    return planted.HIDDEN_SCORE.findall(text), planted.SMALL_MEAN.findall(text)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_report_lets_no_small_group_out(made, kind, role):
    seen = []
    for wanted in _wanted(made, kind):
        with contextlib.suppress(QualityCycleError):
            seen.append(_everything(making.content(made.world.store, Actor(role), wanted)))

    assert bool(seen) == (reports.may_make(Actor(role), kind) and role is not Role.READER)
    assert _planted_in("\n".join(seen)) == ([], [])


def test_neither_do_the_files(made):
    wanted = _wanted(made, Kind.CYCLE, "en")[0]
    report = making.content(made.world.store, LEADER, wanted)

    with i18n.speaking("en"):
        pdf, word, book = (kinds.render(report, drawn) for drawn in Format)

    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    document = docx.Document(io.BytesIO(word))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book))
    rows = [str(row) for name in sheets.sheet_names for row in sheets.get_sheet_by_name(name).to_python()]
    assert "Lezen met begrip" in "\n".join(pages)
    assert _planted_in("\n".join([*pages, *(one.text for one in document.paragraphs), *cells, *rows])) == (
        [],
        [],
    )


def test_without_the_gate_the_same_search_finds_them(tmp_path, monkeypatch):
    def whoever_there_is(cells, groups, *, floor=5, already=()):
        sizes = {group.name: sum(cells[cell] for cell in group.cells) for group in groups}
        shown = {True: disclosure.Shown.SHOWN, False: disclosure.Shown.HIDDEN}
        return {
            group.name: disclosure.Verdict(group, shown[sizes[group.name] > 0], sizes[group.name], None)
            for group in groups
        }

    monkeypatch.setattr(disclosure, "decide", whoever_there_is)
    store = open_store(tmp_path / "open")
    made = planted.school(store)

    seen = _everything(making.content(store, LEADER, _wanted(made, Kind.CYCLE)[0]))

    store.close()
    scores, means = _planted_in(seen)
    assert scores and means


def test_the_mr_reads_of_no_group_under_ten(example_desk, example):
    cycle = plan.all_cycles(example)[1]
    found = reports.review(example, LEADER, Kind.MR, cycle.cycle_id)
    others = reports.review(example, LEADER, Kind.BOARD, cycle.cycle_id)

    shown = [
        point
        for goal in found.goals
        for line in goal.lines
        for point in line.points
        if point.value is not None
    ]
    assert shown and all((point.n or 0) >= MR_FLOOR for point in shown)
    assert found.kept_back > 0
    assert others.kept_back == 0
    assert all(one.result.school.n is None or one.result.school.n >= MR_FLOOR for one in found.rounds)
    assert all(len(one.result.groups) == 1 for one in found.rounds)


def test_a_team_under_ten_stands_in_the_whole_cycle_but_not_before_the_mr(example):
    cycle_id = plan.all_cycles(example)[1].cycle_id

    cycle = reports.review(example, LEADER, Kind.CYCLE, cycle_id)
    mr = reports.review(example, LEADER, Kind.MR, cycle_id)

    assert any(group.shown and group.n < MR_FLOOR for one in cycle.rounds for group in one.result.groups)
    assert {len(one.result.groups) for one in mr.rounds} == {1}


def test_evidence_about_few_does_not_say_about_how_few(example):
    cycle = plan.all_cycles(example)[0]

    found = reports.review(example, LEADER, Kind.CYCLE, cycle.cycle_id)

    told = [piece for goal in found.goals for _link, piece in goal.evidence]
    assert {piece.title for piece in told if piece.n is None} >= {"Leesmoment in vier groepen bekeken"}
    assert all(piece.n is None or piece.n >= disclosure.FLOOR for piece in told)
    assert all(piece.figure == {} for piece in told)
