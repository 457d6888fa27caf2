"""The page on which results are read in: several files, several sheets, files that belong elsewhere, long files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import import_batches, office
from qualitycycle.i18n import _
from qualitycycle.imports import rows as reading
from qualitycycle.ui import import_file
from tests.imports.made import workbook
from tests.pages import every
from tests.pages.every import LEADER
from tests.pages.test_manage import manage, own_key

DATA = Path(__file__).parents[1] / "data" / "imports"
HEADER = ["Leerlingnummer", "Schooljaar", "Jaargroep", "Vakgebied", "Afnamemoment", "Vaardigheidsscore"]


@pytest.fixture
def store(tmp_path):
    opened = office.open_school(tmp_path)
    every.new_school(opened)
    yield opened
    office.close()


def rows(subject, n=12):
    return [[4100 + pupil, "2025-2026", 4, subject, "M4", 100 + pupil] for pupil in range(n)]


def csv(subject, n=12):
    return "\n".join(";".join(map(str, row)) for row in [HEADER, *rows(subject, n)]).encode()


def choose(*files):
    at = manage("imports")
    for name, content in files:
        at.file_uploader[0].upload(name, content, "application/octet-stream")
    return at.run()


def read_in(at):
    return at.button(key=own_key(at, "store")).click().run()


def names(store):
    return [batch.file_name for batch in import_batches.batches(store, LEADER)]


# --- several at once -------------------------------------------------------------------------------------


def test_files_that_are_chosen_together_are_read_in_one_after_the_other(store):
    at = choose(("rekenen.csv", csv("rekenen")), ("lezen.csv", csv("lezen")))

    read_in(read_in(at))

    assert sorted(names(store)) == ["lezen.csv", "rekenen.csv"]


def test_the_file_whose_turn_it_is_can_be_chosen(store):
    at = choose(("rekenen.csv", csv("rekenen")), ("lezen.csv", csv("lezen")))

    turn = next(one for one in at.selectbox if ".turn." in one.key)
    read_in(turn.set_value(1).run())

    assert names(store) == ["lezen.csv"]


def test_a_wrong_file_among_several_says_so_and_holds_up_no_other(store):
    at = choose(("brief.pdf", b"%PDF-1.7 x"), ("lezen.csv", csv("lezen")))

    assert "brief.pdf" in at.error[0].value.replace("\\", "")
    read_in(at)

    assert names(store) == ["lezen.csv"]


def test_two_dossiers_of_one_name_are_both_read(store):
    dossier = (DATA / "oso_dossier.xml").read_bytes()
    other = dossier.replace(b"</dossier>", b"<!-- x --></dossier>")
    at = choose(("dossier.xml", dossier), ("dossier.xml", other))

    facts = "".join(block.proto.body for block in at.main if block.type == "html")

    assert f"<dt>{_('Dossiers read')}</dt><dd>2</dd>" in facts


def test_sheets_are_read_in_one_after_the_other_and_then_the_workbook_is_done(store):
    sheets = {"Rekenen": [HEADER, *rows("rekenen")], "Lezen": [HEADER, *rows("lezen", 10)]}
    at = choose(("werkmap.xlsx", workbook(sheets)))

    at = read_in(read_in(at))

    assert sorted(names(store)) == ["werkmap.xlsx · Lezen", "werkmap.xlsx · Rekenen"]
    assert not at.file_uploader[0].value


def test_the_tables_of_a_zip_are_read_in_one_after_the_other_and_a_letter_in_it_is_named(store):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in {"rekenen.csv": csv("rekenen"), "lezen.csv": csv("lezen", 10)}.items():
            archive.writestr(name, content)
        archive.writestr("brief.pdf", "%PDF-1.7 x")
    at = choose(("mail.zip", made.getvalue()))

    told = [note.value.replace("\\", "") for note in at.caption]
    assert any("brief.pdf" in note for note in told)
    assert _("There are {n} tables in this zip. Each is read in by itself.").format(n=2) in told
    at = read_in(read_in(at))

    assert sorted(names(store)) == ["mail.zip · lezen.csv", "mail.zip · rekenen.csv"]
    assert not at.file_uploader[0].value


# --- what was there before, and what belongs elsewhere ---------------------------------------------------


def test_a_file_that_was_taken_back_is_known_again(store):
    read_in(choose(("rekenen.csv", csv("rekenen"))))
    [batch] = import_batches.batches(store, LEADER)
    import_batches.undo(store, LEADER, batch.batch_id)

    at = choose(("anders.csv", csv("rekenen")))

    told = _("Replaced or taken back ({n})").partition(" (")[0]
    assert any(told in note.value for note in at.caption)
    assert own_key(at, "store")


def test_a_colleague_who_reads_in_the_same_file_meanwhile_makes_it_count_once(store):
    here, there = (choose(("rekenen.csv", csv("rekenen"))) for _tab in range(2))

    read_in(here)
    there.run()

    assert names(store) == ["rekenen.csv"]
    assert there.warning


@pytest.mark.parametrize("language", ["nl", "en"])
def test_answers_to_a_questionnaire_are_sent_to_the_page_where_they_belong(store, language):
    at = every.app(language=language)
    at = every.visit(at, next(one for one in every.pages_for(every.Role.LEADER) if one.name == "imports"))
    at.file_uploader[0].upload("form.csv", (DATA / "microsoft_forms_nl.csv").read_bytes(), "text/csv").run()

    assert _("Questionnaire rounds") in at.error[0].value
    assert at.get("page_link")[0].proto.query_string == "elsewhere=1"
    assert i18n.language() == language


# --- long files ------------------------------------------------------------------------------------------


def test_a_large_file_shows_how_far_it_is(store, monkeypatch):
    shares = []

    class Bar:
        def progress(self, share, text):
            shares.append(share)

        def empty(self):
            shares.append("gone")

    monkeypatch.setattr(import_file, "LARGE", 1)
    monkeypatch.setattr(import_file.st, "progress", lambda share, text: Bar())

    choose(("rekenen.csv", csv("rekenen", 500)))

    *told, last = shares
    assert told and told == sorted(told) and all(0 < share <= 1 for share in told)
    assert last == "gone"


def test_more_rows_than_anybody_corrects_are_refused_before_anything_else_is_shown(store, monkeypatch):
    monkeypatch.setattr(reading, "MOST_REFUSED", 5)
    wrong = csv("rekenen") + b"".join(b"\n%d;2025-2026;4;rekenen;M4;veel" % pupil for pupil in range(8))

    at = choose(("toetsen.csv", wrong))

    assert "toetsen.csv" in at.error[0].value.replace("\\", "")
    assert not [one for one in at.button if one.key and one.key.endswith(".store")]
