from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from datetime import date

import pytest

from qualitycycle import cli, config, i18n, sentences
from qualitycycle.errors import StoreBusy
from qualitycycle.server import start
from qualitycycle.store.connect import open_store
from tests import browser
from tests.cycle.conftest import set_up
from tests.imports.made import workbook

COMMANDS = ("run", "demo", "import", "backup", "restore", "doctor", "export", "report", "reset-passphrase")


@pytest.fixture
def school(tmp_path):
    """A folder with a school's file that nobody has open."""
    folder = tmp_path / "school"
    open_store(folder).close()
    return folder


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in [*os.environ]:
        if name.startswith("QUALITYCYCLE_") or name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")


def terminal(capsys, *arguments):
    """Run a command line here; its exit code and what it said."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err


class Marked:
    """A catalogue in which every text is visibly looked up."""

    def gettext(self, text):
        return f"«{text}"


@pytest.fixture
def marked_catalogue(monkeypatch):
    monkeypatch.setattr(i18n, "catalogue", lambda language: Marked())
    # Wide enough for every description to stand beside its option.
    monkeypatch.setenv("COLUMNS", "300")


HELP = {command.name or command.callback.__name__: command.help for command in cli.app.registered_commands}


# --- help ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), *[(name,) for name in COMMANDS]])
def test_help_is_given_without_loading_streamlit(command):
    arguments = [*command, "--help"]
    code = (
        "import sys; from qualitycycle import cli\n"
        f"try: cli.main({arguments!r})\n"
        "finally: assert not {'streamlit', 'pandas', 'altair'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(capsys, command):
    code, said, _errors = terminal(capsys, command, "--help", "--lang", "en")

    assert code == 0
    assert "--data" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_and_option_is_looked_up_in_the_catalogue(
    capsys, command, marked_catalogue
):
    _code, said, _errors = terminal(capsys, command, "--help")

    described = [line for line in said.splitlines() if "--" in line]
    assert f"«{HELP[command][:20]}" in said
    assert [line for line in described if "«" not in line] == []


# --- on a file that nobody has open ------------------------------------------------------------------------


def test_a_healthy_file_is_in_order(capsys, school):
    code, said, _errors = terminal(capsys, "doctor", "--data", school, "--lang", "en")

    assert (code, said) == (0, "Everything is in order.\n")


def test_a_backup_says_where_it_is(capsys, school, tmp_path):
    code, said, _errors = terminal(capsys, "backup", "--to", tmp_path / "stick", "--data", school)

    made = next((tmp_path / "stick").glob("*.duckdb"))
    assert code == 0
    assert str(made) in said


def test_an_export_says_how_much_it_wrote(capsys, school, tmp_path):
    code, said, _errors = terminal(capsys, "export", tmp_path / "out", "--data", school, "--lang", "en")

    assert code == 0
    assert "tables with" in said


def test_a_folder_without_a_school_is_not_made_into_one(capsys, tmp_path):
    code, _said, errors = terminal(capsys, "backup", "--data", tmp_path / "nothing", "--lang", "en")

    assert code == 1
    assert "There is no school in" in errors
    assert not (tmp_path / "nothing").exists()


def test_a_damaged_file_is_one_sentence(capsys, school):
    (school / config.DATABASE).write_bytes(b"not a database at all")

    code, _said, errors = terminal(capsys, "doctor", "--data", school)

    assert code == 1
    assert len(errors.strip().splitlines()) == 1


def test_a_wrong_setting_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("QUALITYCYCLE_PORT", "many")

    code, _said, errors = terminal(capsys, "doctor")

    assert code == 1
    assert "QUALITYCYCLE_PORT" in errors


# --- reports ---------------------------------------------------------------------------------------------


@pytest.fixture
def small_school(tmp_path):
    """A folder with a school that has two goals."""
    store = open_store(tmp_path / "small")
    world = set_up(store, "Zuiderschool", {"Team": 4}, "2026-2027", date(2026, 8, 31), date(2027, 7, 16))
    for title in ("Lezen met begrip", "Rekenen tot 100"):
        world.goal(title)
    store.close()
    return tmp_path / "small"


def report(capsys, school, out, *more):
    return terminal(capsys, "report", *more, "--out", out, "--data", school, "--lang", "en")


@pytest.mark.parametrize(("drawn", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_a_report_is_written(capsys, small_school, tmp_path, drawn, begins):
    out = tmp_path / f"verslag.{drawn}"

    code, said, errors = report(capsys, small_school, out, "--kind", "mr", "--format", drawn)

    assert (code, errors) == (0, "")
    assert str(out) in said
    assert out.read_bytes().startswith(begins)


def test_a_report_in_a_folder_gets_its_own_name_in_its_own_language(capsys, small_school, tmp_path):
    (tmp_path / "uit").mkdir()

    report(capsys, small_school, tmp_path / "uit", "--kind", "jaarplan", "--language", "nl")

    assert [path.name[10:] for path in (tmp_path / "uit").iterdir()] == ["-jaarplan-2026-2027.pdf"]


def test_a_report_of_one_goal_asks_which(capsys, small_school, tmp_path):
    out = tmp_path / "doel.pdf"

    code, _said, errors = report(capsys, small_school, out, "--kind", "doel")
    done, _said, _errors = report(capsys, small_school, out, "--kind", "doel", "--goal", "Rekenen tot 100")

    assert code == 1
    assert "“Lezen met begrip” and “Rekenen tot 100”" in errors
    assert (done, out.exists()) == (0, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--kind", "mr", "--cycle", "1999-2000"), "This quality cycle is not there"),
        (("--kind", "notulen"), "This weekly meeting is not there"),
        (("--kind", "doel", "--goal", "Iets anders"), "This goal is not there"),
    ],
)
def test_a_report_of_what_is_not_there_says_so(capsys, small_school, tmp_path, more, said):
    code, _said, errors = report(capsys, small_school, tmp_path / "uit.pdf", *more)

    assert code == 1
    assert said in errors
    assert not (tmp_path / "uit.pdf").exists()


def test_a_report_of_a_school_that_is_not_set_up_is_refused(capsys, school, tmp_path):
    code, _said, errors = report(capsys, school, tmp_path / "uit.pdf", "--kind", "mr")

    assert code == 1
    assert "This school is not there" in errors


def test_a_report_needs_a_folder_that_is_there(capsys, small_school, tmp_path):
    code, _said, errors = report(capsys, small_school, tmp_path / "weg" / "uit.pdf", "--kind", "mr")

    assert code == 1
    assert "There is no folder" in errors


# --- restore ---------------------------------------------------------------------------------------------


@pytest.fixture
def backup_file(capsys, school, tmp_path):
    terminal(capsys, "backup", "--to", tmp_path / "stick", "--data", school)
    return next((tmp_path / "stick").glob("*.duckdb"))


def test_a_backup_is_put_back_and_the_old_file_kept(capsys, school, backup_file):
    code, _said, _errors = terminal(capsys, "restore", backup_file, "--yes", "--data", school)

    assert code == 0
    assert len(list(school.glob("school-before-restore-*.duckdb"))) == 1


def test_no_answer_to_the_question_changes_nothing(capsys, school, backup_file, monkeypatch):
    monkeypatch.setattr("typer.confirm", lambda question: False)

    code, _said, errors = terminal(capsys, "restore", backup_file, "--data", school, "--lang", "en")

    assert (code, errors) == (1, "Nothing was changed.\n")
    assert list(school.glob("school-before-restore-*")) == []


def test_a_file_that_is_no_backup_is_refused(capsys, school, tmp_path):
    (tmp_path / "letter.duckdb").write_text("Dear parents")

    code, _said, errors = terminal(capsys, "restore", tmp_path / "letter.duckdb", "--yes", "--data", school)

    assert code == 1
    assert "letter.duckdb" in errors


# --- import ----------------------------------------------------------------------------------------------


@pytest.fixture
def imported(monkeypatch):
    """What the import would answer; the import itself is tested in its own room."""
    answer = {
        "kind": "outcomes",
        "accepted": 3,
        "refused": 0,
        "reasons": {},
        "dropped_columns": [],
        "replaced": "",
    }
    monkeypatch.setitem(cli.VERBS, "import", lambda store, arguments, on_progress: answer)
    return answer


def test_an_import_without_refusals_ends_well(capsys, school, imported):
    code, said, _errors = terminal(capsys, "import", "lvs.csv", "--data", school, "--lang", "en")

    assert code == 0
    assert "3 rows read in, 0 refused" in said


def test_an_import_with_refusals_tells_so_by_its_exit_code(capsys, school, imported):
    imported["refused"] = 2

    code, _said, _errors = terminal(capsys, "import", "lvs.csv", "--data", school)

    assert code == 1


def test_an_import_answers_another_program_in_json(capsys, school, imported):
    imported.update(refused=1, reasons={"bad_date": 1}, dropped_columns=["BSN"])

    code, said, _errors = terminal(capsys, "import", "lvs.csv", "--json", "--data", school)

    assert (code, json.loads(said)) == (
        1,
        {name: one for name, one in imported.items() if name in cli.IMPORT_FIELDS},
    )


RESULTS = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
GOOD = "".join(f"{4100 + n};2025-2026;4;rekenen;M4;{100 + n}\n" for n in range(12))
BAD = "4150;2025-2026;4;rekenen;M4;veel\n"


def written(folder, name, rows):
    path = folder / name
    path.write_text(RESULTS + rows, encoding="utf-8")
    return path


def counting(folder):
    store = open_store(folder)
    rows = store.rows("SELECT file_name FROM batch WHERE state = 'current' ORDER BY file_name")
    store.close()
    return [row["file_name"] for row in rows]


def test_good_rows_go_in_and_the_exit_code_tells_that_not_all_did(capsys, school, tmp_path):
    file = written(tmp_path, "toetsen.csv", GOOD + BAD)

    code, said, _errors = terminal(capsys, "import", file, "--data", school, "--lang", "en")

    assert code == 1
    assert "12 rows read in, 1 refused." in said
    assert "1 × This is not a number." in said
    assert counting(school) == ["toetsen.csv"]


def test_all_or_nothing_stores_nothing_of_a_file_with_a_refused_row(capsys, school, tmp_path):
    file = written(tmp_path, "toetsen.csv", GOOD + BAD)

    code, said, _errors = terminal(
        capsys, "import", file, "--all-or-nothing", "--data", school, "--lang", "en"
    )

    assert code == 1
    assert "Nothing was stored, because not every row could be read in." in said
    assert counting(school) == []


def test_a_newer_version_takes_the_place_of_the_older_one_unless_both_are_kept(capsys, school, tmp_path):
    first = written(tmp_path, "eerste.csv", GOOD)
    second = written(tmp_path, "tweede.csv", GOOD.replace(";100", ";140"))
    third = written(tmp_path, "derde.csv", GOOD.replace(";100", ";150"))
    terminal(capsys, "import", first, "--data", school)

    _code, said, _errors = terminal(capsys, "import", second, "--data", school)
    terminal(capsys, "import", third, "--keep-earlier", "--data", school)

    assert "eerste.csv" in said
    assert counting(school) == ["derde.csv", "tweede.csv"]


def test_a_rehearsal_in_json_says_what_would_happen_and_stores_nothing(capsys, school, tmp_path):
    file = written(tmp_path, "toetsen.csv", GOOD + BAD)

    code, said, _errors = terminal(capsys, "import", file, "--dry-run", "--json", "--data", school)

    assert (code, json.loads(said)) == (
        1,
        {
            "kind": "pupil_results",
            "accepted": 12,
            "refused": 1,
            "reasons": {"number_unreadable": 1},
            "dropped_columns": [],
        },
    )
    assert counting(school) == []


def test_a_workbook_says_which_sheet_was_read_and_which_was_not(capsys, school, tmp_path):
    header, *rows = ((RESULTS + GOOD).replace(";", "\t")).splitlines()
    lines = [line.split("\t") for line in (header, *rows)]
    file = tmp_path / "toetsen.xlsx"
    file.write_bytes(workbook({"Groep 4": lines, "Groep 4 nog": lines[:5]}))

    code, said, _errors = terminal(capsys, "import", file, "--data", school, "--lang", "en")
    _code, wrong, errors = terminal(
        capsys, "import", file, "--sheet", "Groep 9", "--data", school, "--lang", "en"
    )

    assert code == 0
    assert "Read was the sheet “Groep 4”." in said
    assert "Not read in yet: “Groep 4 nog”. Choose one with --sheet." in said
    assert (wrong, "There are: “Groep 4” and “Groep 4 nog”." in errors) == ("", True)


def test_a_zip_says_which_file_was_read_and_which_cannot_be(capsys, school, tmp_path):
    file = tmp_path / "mail.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Groep 4.csv", RESULTS + GOOD)
        archive.writestr("Groep 5.csv", (RESULTS + GOOD).replace(";4;", ";5;").rstrip().rpartition("\n")[0])
        archive.writestr("brief.pdf", "%PDF-1.7 x")

    code, said, _errors = terminal(capsys, "import", file, "--data", school, "--lang", "en")
    _code, told, _errors = terminal(capsys, "import", file, "--data", school, "--json")

    assert code == 1
    assert "Read was “Groep 4.csv”." in said
    assert "Not read in yet: “Groep 5.csv”. Choose one with --sheet." in said
    assert "The file brief.pdf is no table" in said
    assert json.loads(told)["unread"] == [{"file": "brief.pdf", "reason": "not_text"}]


# --- ports and languages -----------------------------------------------------------------------------------


def test_a_port_that_was_asked_for_and_is_taken_is_one_sentence(capsys, school, monkeypatch):
    monkeypatch.setattr(start, "is_free", lambda port: False)

    code, _said, errors = terminal(
        capsys, "run", "--port", 8600, "--no-browser", "--data", school, "--lang", "en"
    )

    assert code == 1
    assert "Port 8600 is in use" in errors


def test_the_next_free_port_is_taken_and_said(capsys, school, monkeypatch):
    served = []
    monkeypatch.setattr(start, "is_free", lambda port: port > 8502)
    monkeypatch.setattr(start, "serve", lambda folder, port, **options: served.append(port))

    _code, said, _errors = terminal(capsys, "run", "--no-browser", "--data", school, "--lang", "en")

    assert served == [8503]
    assert "taking 8503" in said


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "C.UTF-8"}, "nl"),
        ({}, "nl"),
        ({"LANG": "nl_NL", "LC_ALL": "en_US"}, "en"),
    ],
)
def test_the_terminal_speaks_as_the_computer_does(environment, language):
    assert cli.language_of_environment(environment) == language


@pytest.mark.parametrize("arguments", [["doctor", "--lang", "en"], ["--lang=en"], ["x", "--lang=en", "y"]])
def test_the_asked_language_is_read_before_the_help_is_made(arguments):
    assert cli.asked_language(arguments) == "en"


# --- beside the running program ----------------------------------------------------------------------------


def command(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "qualitycycle", *map(str, arguments), "--data", str(folder)],
        env=browser.environment(folder, LANG="en_GB.UTF-8"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def open_school(tmp_path_factory):
    """A folder whose school is open in the running program."""
    with browser.serve(tmp_path_factory.mktemp("open"), "qualitycycle", "run", "--no-browser") as program:
        yield program


def test_a_backup_is_made_while_the_program_runs(open_school, tmp_path):
    done = command(open_school.folder, "backup", "--to", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(tmp_path.glob("*.duckdb"))) == 1


def test_the_check_up_runs_while_the_program_runs(open_school):
    done = command(open_school.folder, "doctor", "--lang", "en")

    assert done.stdout == "Everything is in order.\n"


def test_an_error_in_the_running_program_comes_back_as_its_sentence(open_school, tmp_path):
    done = command(open_school.folder, "import", tmp_path / "nothing.csv")

    assert done.returncode == 1
    assert "nothing.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_is_read_in_while_the_program_runs(open_school, tmp_path):
    file = written(tmp_path, "toetsen.csv", GOOD + BAD)

    done = command(open_school.folder, "import", file, "--json")

    assert (done.returncode, done.stderr) == (1, "")
    assert (json.loads(done.stdout)["accepted"], json.loads(done.stdout)["refused"]) == (12, 1)


def test_a_second_start_points_at_the_first(open_school):
    done = command(open_school.folder, "run", "--no-browser", "--lang", "en")

    assert done.returncode == 0
    assert done.stdout == f"qualitycycle is already open at {open_school.url}.\n"


def test_a_backup_cannot_be_put_back_under_the_running_program(open_school, tmp_path):
    done = command(open_school.folder, "restore", tmp_path / "any.duckdb", "--yes", "--lang", "en")

    assert done.returncode == 1
    assert "Stop it first" in done.stderr


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_file_held_by_something_else_is_one_sentence(tmp_path, language):
    folder = tmp_path / "held"
    store = open_store(folder)

    done = command(folder, "doctor", "--lang", language)

    store.close()
    with i18n.speaking(language):
        sentence = sentences.of(StoreBusy(str(folder / config.DATABASE)))
    assert (done.returncode, done.stderr) == (1, sentence + "\n")


def test_a_stale_note_does_not_stop_a_start(serve, tmp_path):
    folder = tmp_path / "stale"
    folder.mkdir()
    (folder / "running.json").write_text('{"port": 1, "token": "old"}', encoding="utf-8")

    program = serve("qualitycycle", "run", "--no-browser", folder=folder)

    assert program.process.poll() is None


def test_both_ways_to_start_answer_with_the_same_page(open_school, serve):
    def page(program):
        with urllib.request.urlopen(program.url) as answer:
            headers = {k: v for k, v in answer.headers.items() if k not in ("date", "content-length")}
            return answer.read(), headers

    assert page(serve()) == page(open_school)


def test_an_example_school_is_served_and_leaves_nothing_behind(serve, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    program = serve("qualitycycle", "demo", "--no-browser", "--lang", "en", env={"TMPDIR": str(temporary)})
    made = list(temporary.glob("qualitycycle-demo-*/school.duckdb"))
    program.interrupt()

    assert len(made) == 1
    assert list(temporary.glob("qualitycycle-demo-*")) == []
    assert "Stopped. Everything that was saved is safe." in program.output()
