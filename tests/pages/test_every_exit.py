"""Every page as every role, on a school whose small groups have unmistakable figures (see `tests.planted`).

Looked at is all that goes to the browser: texts, tables, the data behind charts, tooltips, labels and choices.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from qualitycycle.analysis import disclosure
from qualitycycle.cycle import import_batches, office, school, series
from qualitycycle.model import Batch, Role, School
from qualitycycle.ui import navigation
from tests import planted
from tests.pages import every

CASES = [
    pytest.param(role, entry, id=f"{role}-{entry.name}")
    for role in every.ROLES
    for entry in every.pages_for(role)
]
# Styles and vector pictures are full of numbers that are about nobody.
DRAWING = re.compile(r"<style.*?</style>|<svg.*?</svg>", re.DOTALL)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        made = office.open_school(tmp_path_factory.mktemp("planted"))
        planted.school(made)
        # In an example school a session may look as any role.
        own = school.find_school(made)
        made.write(lambda tx: tx.change(School, own.id, None, is_demo=True), actor=every.LEADER, verb="test")
        yield made
    office.close()


@pytest.fixture(scope="module")
def sessions():
    return {}


def _sent(at):
    """Everything of a page that goes to the browser, as text."""
    return "\n".join(_of_element(element) for element in _elements(at._tree))


def _elements(node):
    for child in node.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _elements(child)


def _of_element(element):
    proto = getattr(element, "proto", None)
    return "\n".join(_of_message(proto)) if isinstance(proto, Message) else ""


def _of_message(message):
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        for one in values:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                yield from _of_message(one) if isinstance(one, Message) else [str(one)]
            elif field.type == FieldDescriptor.TYPE_BYTES:
                yield _of_bytes(one)
            # What identifies an element is made of random signs.
            elif field.name not in ("id", "form_id", "hash"):
                yield DRAWING.sub("", str(one))


def _of_bytes(content):
    try:
        return pa.ipc.open_stream(content).read_pandas().to_csv()
    except pa.ArrowInvalid:
        return ""


def _planted_in(text):
    return planted.HIDDEN_SCORE.findall(text), planted.SMALL_MEAN.findall(text)


@pytest.mark.parametrize(("role", "entry"), CASES)
def test_a_page_sends_no_figure_of_a_small_group(store, sessions, role, entry):
    if role not in sessions:
        sessions[role] = every.app(role, "nl")
    session = sessions[role]

    at = every.visit(session, entry)

    assert len(at.title) == 1
    assert _planted_in(_sent(at)) == ([], [])


def _walked(store, at):
    """The page of outcomes for every line and level that can be chosen."""
    entry = next(entry for entry in navigation.ENTRIES if entry.name == "outcomes")
    at = every.visit(at, entry)
    lines = series.selections(store, every.LEADER)
    for subject in dict.fromkeys(line.subject for line in lines):
        at.selectbox(key="outcome_subject").set_value(subject).run()
        for place, line in enumerate(one for one in lines if one.subject == subject):
            at.selectbox(key=f"outcome_line.{subject}").set_value(str(place)).run()
            yield _sent(at)
            for level in series.levels_of(store, line) if line.score_kind == "level" else ():
                at.selectbox(key="outcome_level").set_value(level).run()
                yield _sent(at)


def test_no_choice_of_line_or_level_sends_one(store):
    seen = list(_walked(store, every.app(Role.LEADER, "en")))

    assert len(seen) > 5
    assert _planted_in("\n".join(seen)) == ([], [])


def test_no_choice_of_scale_and_team_sends_one(store):
    entry = next(entry for entry in navigation.ENTRIES if entry.name == "results")
    at = every.visit(every.app(Role.MEMBER, "nl"), entry)
    seen = []

    for scale in range(len(at.selectbox(key="results_scale").options)):
        for group in range(len(at.selectbox(key="results_group").options)):
            at.selectbox(key="results_scale").set_value(scale)
            at.selectbox(key="results_group").set_value(group).run()
            seen.append(_sent(at))

    assert len(seen) >= 4 * (1 + len(planted.TEAMS))
    assert _planted_in("\n".join(seen)) == ([], [])


def test_a_file_that_is_looked_at_before_it_is_read_in_sends_none(store):
    entry = next(entry for entry in navigation.ENTRIES if entry.name == "imports")
    at = every.visit(every.app(Role.LEADER, "nl"), entry)

    # The very same file would not be looked at twice.
    content = planted.FILE.replace("\n", "\r\n").encode()
    at.file_uploader[0].upload("andere.csv", content, "text/csv")
    text = _sent(at.run())

    assert "13 leerlingen" in text
    assert "rekenuh" in text
    assert "90 tot 102" in text
    assert _planted_in(text) == ([], [])


def test_without_the_gate_the_pages_send_them(store, monkeypatch):
    def whoever_there_is(cells, plan, *, floor=5, already=()):
        sizes = {group.name: sum(cells[cell] for cell in group.cells) for group in plan}
        return {
            group.name: disclosure.Verdict(group, disclosure.Shown.SHOWN, sizes[group.name], None)
            for group in plan
        }

    monkeypatch.setattr(disclosure, "decide", whoever_there_is)
    # What was let out before is remembered until an import changes.
    (batch, *_rest) = import_batches.batches(store, every.LEADER)
    store.write(
        lambda tx: tx.change(Batch, batch.batch_id, None, file_name="anders.csv"),
        actor=every.LEADER,
        verb="test",
    )

    seen = "\n".join(_walked(store, every.app(Role.LEADER, "en")))

    assert planted.HIDDEN_SCORE.findall(seen)
