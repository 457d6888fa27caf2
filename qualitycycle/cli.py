"""What the pages do, said in a terminal: run, demo, import, backup, restore, doctor, export, report, reset-passphrase.

Exit codes: 0 done, 1 not done or something to look at (with a sentence that says what), 2 a wrong command line.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
import typer.core
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from typer import rich_utils

from qualitycycle import config, i18n, sentences
from qualitycycle.errors import QualityCycleError, StoreBusy
from qualitycycle.i18n import N_, _
from qualitycycle.server import remote, running, start
from qualitycycle.server.verbs import VERBS, Fields
from qualitycycle.store import backup as backups
from qualitycycle.store.connect import Store, open_store

app = typer.Typer(
    help=N_("The program with which a school runs its quality cycle."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Language = Literal["nl", "en"]
# What --lang or QUALITYCYCLE_LANG asks for; empty follows the school's language once its file is open.
_asked: list[str] = []


# --- options that several commands share: functions, so that their texts wait for the language ---------------


def data_option() -> Any:
    return typer.Option("--data", metavar="DIR", help=_("Folder with the school's file."))


def port_option() -> Any:
    return typer.Option("--port", min=1, max=65535, help=_("Port to answer at; else the first free one."))


def browser_option() -> Any:
    return typer.Option("--no-browser", help=_("Do not open a browser."))


def lan_option() -> Any:
    return typer.Option(
        "--lan", help=_("Let phones on the school's network reach the questionnaire, and only that.")
    )


def language_option() -> Any:
    return typer.Option("--lang", metavar="nl|en", help=_("Language of this terminal."))


# --- run and demo ----------------------------------------------------------------------------------------


@app.command(help=N_("Open the school on this computer and show it in the browser."))
def run(
    data: Annotated[Path | None, data_option()] = None,
    port: Annotated[int | None, port_option()] = None,
    no_browser: Annotated[bool, browser_option()] = False,
    lan: Annotated[bool, lan_option()] = False,
    https: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--https",
            metavar="CERT KEY",
            help=_("Serve over https; together with --lan colleagues can also sign in from other computers."),
        ),
    ] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    settings = config.settings()
    certificate = start.Certificate(*(path.resolve() for path in https)) if https else None
    if certificate:
        certificate.check()
    _serve(
        folder_of(data),
        port or _port_from_environment(),
        demo=settings.demo,
        open_browser=settings.open_browser and not no_browser,
        lan=lan,
        https=certificate,
    )


@app.command(help=N_("Show an invented school to look around in; nothing of your own school is touched."))
def demo(
    data: Annotated[Path | None, data_option()] = None,
    port: Annotated[int | None, port_option()] = None,
    no_browser: Annotated[bool, browser_option()] = False,
    lan: Annotated[bool, lan_option()] = False,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    open_browser = config.settings().open_browser and not no_browser
    if data is not None:
        _serve(folder_of(data), port, demo=True, open_browser=open_browser, lan=lan)
        return
    # On Windows a file that is still open cannot be removed; the system tidies it up later.
    with tempfile.TemporaryDirectory(prefix="qualitycycle-demo-", ignore_cleanup_errors=True) as folder:
        say(_("The example school lives in a temporary folder and is gone when you stop."))
        _serve(Path(folder), port, demo=True, open_browser=open_browser, lan=lan)


def _serve(
    folder: Path,
    port: int | None,
    *,
    demo: bool,
    open_browser: bool,
    lan: bool = False,
    https: start.Certificate | None = None,
) -> None:
    note = running.find(folder)
    if note and remote.is_there(note):
        say(_("qualitycycle is already open at {address}.").format(address=note.address))
        if open_browser:
            webbrowser.open(note.address)
        return
    _try_to_open(folder, demo=demo)
    if _asked:
        os.environ["QUALITYCYCLE_LANG"] = _asked[0]
    # Ctrl+C reaches us here after the web server has closed everything.
    with suppress(KeyboardInterrupt):
        start.serve(folder, _choose_port(port), demo=demo, open_browser=open_browser, lan=lan, https=https)
    say(_("Stopped. Everything that was saved is safe."))


def _try_to_open(folder: Path, *, demo: bool) -> None:
    """Meet a file that cannot be opened here, where one sentence is enough, and fill a new example school."""
    from qualitycycle.cycle import office

    if demo and not (folder / config.DATABASE).exists():
        say(_("Making the example school …"))
    store = office.open_school(folder, demo=demo)
    _speak_like(_language_of(store))
    office.close()


def _choose_port(asked: int | None) -> int:
    """The port that was asked for, else the first free one; says so when it is not the usual one."""
    if asked is not None:
        if start.is_free(asked):
            return asked
        fail(
            _(
                "Port {port} is in use by another program. Choose another one, or leave --port out: "
                "then the first free port is taken."
            ).format(port=asked)
        )
    port = start.next_free(config.DEFAULT_PORT)
    if port is None:
        fail(_("No free port from {port} on. Choose one with --port.").format(port=config.DEFAULT_PORT))
    if port != config.DEFAULT_PORT:
        say(
            _("Port {usual} is in use by another program; taking {port}.").format(
                usual=config.DEFAULT_PORT, port=port
            )
        )
    return port


def _port_from_environment() -> int | None:
    return config.settings().port if os.environ.get("QUALITYCYCLE_PORT") else None


# --- work on the school's file ---------------------------------------------------------------------------


@app.command(name="import", help=N_("Read in a file with results: Excel, CSV, XML or open data."))
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file to read in."))],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help=_("Only accept this kind of file, such as pupil_results, group_results, oso or edexml."),
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            metavar="NAME",
            help=_("Which sheet of a workbook or table of a zip; else the largest."),
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help=_("Name of the remembered columns to use."))
    ] = None,
    brin: Annotated[
        str | None, typer.Option("--brin", help=_("Which school of a file with many schools."))
    ] = None,
    all_or_nothing: Annotated[
        bool, typer.Option("--all-or-nothing", help=_("Store nothing when a row is refused."))
    ] = False,
    keep_earlier: Annotated[
        bool, typer.Option("--keep-earlier", help=_("Let an older version of the file count as well."))
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only say what would happen."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("Answer in JSON, for another program."))] = False,
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    done = perform(
        folder_of(data),
        "import",
        {
            "path": str(file.resolve()),
            "kind": kind,
            "sheet": sheet,
            "profile": profile,
            "brin": brin,
            "dry_run": dry_run,
            "all_or_nothing": all_or_nothing,
            "keep_earlier": keep_earlier,
        },
    )
    if as_json:
        fields = (*IMPORT_FIELDS, "unread") if done.get("unread") else IMPORT_FIELDS
        typer.echo(json.dumps({name: done[name] for name in fields}, ensure_ascii=False))
    else:
        _say_import(done, dry_run=dry_run, nothing=all_or_nothing and bool(done["refused"]))
    if done["refused"] or done.get("unread"):
        raise typer.Exit(1)


# What another program may count on; the files of a zip that cannot be read come beside it, where there are any.
IMPORT_FIELDS = ("kind", "accepted", "refused", "reasons", "dropped_columns")


def _say_import(done: Fields, *, dry_run: bool, nothing: bool) -> None:
    if dry_run:
        say(_("A rehearsal: nothing was stored."))
    elif nothing:
        say(_("Nothing was stored, because not every row could be read in."))
    counted = (
        _("{accepted} rows can be read in, {refused} cannot.")
        if dry_run
        else _("{accepted} rows read in, {refused} refused.")
    )
    say(counted.format(**_figures(done, "accepted", "refused")))
    if done.get("sheet"):
        told = _("Read was “{sheet}”.") if done.get("zipped") else _("Read was the sheet “{sheet}”.")
        say(told.format(sheet=done["sheet"]))
    if done.get("left"):
        names = i18n.join([f"“{name}”" for name in done["left"]])
        say(_("Not read in yet: {names}. Choose one with --sheet.").format(names=names))
    from qualitycycle import sentences
    from qualitycycle.cycle import import_words
    from qualitycycle.errors import ImportRejected

    for one in done.get("unread", ()):
        say(sentences.of(ImportRejected(one["file"], one["reason"])))
    for reason, n in sorted(done["reasons"].items(), key=lambda counted: (-counted[1], counted[0])):
        say(f"  {i18n.number(n)} × {import_words.reason(reason)}")
    if done["dropped_columns"]:
        names = i18n.join(list(done["dropped_columns"]))
        say(_("Left out for privacy: {names}.").format(names=names))
    if done["replaced"]:
        say(
            _(
                "It takes the place of {file}, which stays under “Read in results” and can be put back."
            ).format(file=done["replaced"])
        )
    if done["refused"] and not (dry_run or nothing):
        say(_("The refused rows are kept apart, each with its reason: see “Read in results” in the program."))


@app.command(help=N_("Make a backup, also while the program is open."))
def backup(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help=_("Folder for the backup; else beside the file.")),
    ] = None,
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    done = perform(folder_of(data), "backup", {"folder": str(to.resolve()) if to else None})
    say(_("Backup made: {path} ({n_rows} records).").format(path=done["path"], **_figures(done, "n_rows")))


@app.command(help=N_("Put a backup back. The program must be stopped; the present file is kept aside."))
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup to put back."))],
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask whether you are sure."))] = False,
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    folder = folder_of(data)
    note = running.find(folder)
    if note and remote.is_there(note):
        fail(_("qualitycycle is open at {address}. Stop it first.").format(address=note.address))
    found = backups.inspect(file.resolve())
    question = _("Put {path} ({n_rows} records) in the place of the school's file in {folder}?")
    if not yes and not typer.confirm(
        question.format(path=found.path.name, n_rows=i18n.number(found.n_rows), folder=folder)
    ):
        fail(_("Nothing was changed."))
    aside = backups.restore(file.resolve(), folder)
    say(_("The backup is back in place, with {n_rows} records.").format(n_rows=i18n.number(found.n_rows)))
    if aside:
        say(_("The file that was there is kept as {path}.").format(path=aside))


@app.command(help=N_("Check the school's file and say what needs attention."))
def doctor(
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    findings = perform(folder_of(data), "doctor", {})["findings"]
    if not findings:
        say(_("Everything is in order."))
        return
    # Here and not above: it brings pandas along, for which no help text should wait.
    from qualitycycle.cycle import upkeep

    for finding in findings:
        say(f"- {upkeep.finding_sentence(upkeep.Finding(**finding))}")
    raise typer.Exit(1)


@app.command(help=N_("Write everything out as CSV files that any program can read."))
def export(
    to: Annotated[Path, typer.Argument(metavar="DIR", help=_("Folder to write to."))],
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    done = perform(folder_of(data), "export", {"folder": str(to.resolve())})
    say(
        _("{n_tables} tables with {n_rows} records written to {path}.").format(
            path=done["path"], **_figures(done, "n_tables", "n_rows")
        )
    )


ReportKind = Literal["mr", "bestuur", "zelfevaluatie", "jaarplan", "halfjaar", "notulen", "doel", "cyclus"]
ReportFormat = Literal["pdf", "docx", "xlsx"]


@app.command(help=N_("Write a report for the MR, the board, the Inspectorate or yourselves."))
def report(
    kind: Annotated[ReportKind, typer.Option("--kind", help=_("Which report."))],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("File to write, or a folder."))],
    made_as: Annotated[
        ReportFormat, typer.Option("--format", help=_("PDF, Word, or a workbook with the figures."))
    ] = "pdf",
    language: Annotated[
        Language | None,
        typer.Option("--language", metavar="nl|en", help=_("Language of the report; else the school's.")),
    ] = None,
    cycle: Annotated[
        str | None,
        typer.Option("--cycle", metavar="NAME", help=_("Name of the quality cycle; else the latest.")),
    ] = None,
    goal: Annotated[
        str | None, typer.Option("--goal", metavar="NAME", help=_("Which goal, for the kind “doel”."))
    ] = None,
    meeting: Annotated[
        str | None,
        typer.Option(
            "--meeting", metavar="DATE", help=_("Day of the meeting, as 2026-11-18; else the last.")
        ),
    ] = None,
    ask: Annotated[
        str | None, typer.Option("--ask", metavar="TEXT", help=_("What you ask of who reads the report."))
    ] = None,
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    path = out.resolve()
    if not path.parent.is_dir():
        fail(_("There is no folder {folder}. Make it first, or choose another.").format(folder=path.parent))
    done = perform(
        folder_of(data),
        "report",
        {
            "kind": kind,
            "format": made_as,
            "language": language,
            "cycle": cycle,
            "goal": goal,
            "meeting": meeting,
            "asked": ask,
            "path": str(path),
        },
    )
    if done["path"] is None:
        names = i18n.join([f"“{title}”" for title in done["titles"]])
        fail(_("Say which goal with --goal. There are: {names}.").format(names=names))
    say(_("Report written: {path}.").format(path=done["path"]))


@app.command(
    "reset-passphrase", help=N_("Give a school leader who forgot the passphrase a word to come in with.")
)
def reset_passphrase(
    name: Annotated[
        str | None, typer.Option("--name", help=_("Which person; needed when there are several leaders."))
    ] = None,
    data: Annotated[Path | None, data_option()] = None,
    lang: Annotated[Language | None, language_option()] = None,
) -> None:
    done = perform(folder_of(data), "reset-passphrase", {"name": name})
    if not done["word"]:
        fail(
            _("Say for whom with --name. The school leaders are: {names}.").format(
                names=i18n.join(done["names"])
            )
        )
    say(_("Word for {name}: {word}").format(name=done["names"][0], word=done["word"]))
    say(_("Sign in with the name and this word, once, within a day; then choose a passphrase of your own."))


def perform(folder: Path, verb: str, arguments: Fields) -> Fields:
    """Do a verb on the file itself, or have the program do it that has the file open."""
    if not (folder / config.DATABASE).exists():
        fail(_("There is no school in {folder} yet. Start with “qualitycycle run”.").format(folder=folder))
    with progress_bar() as on_progress:
        try:
            store = open_store(folder)
        except StoreBusy as busy:
            return _have_it_done(folder, verb, arguments, on_progress, busy)
        with closing(store):
            _speak_like(_language_of(store))
            return VERBS[verb](store, arguments, on_progress)


def _have_it_done(folder: Path, verb: str, arguments: Fields, on_progress: Any, busy: StoreBusy) -> Fields:
    note = running.find(folder)
    if note is None or not remote.is_there(note):
        raise busy
    _speak_like(remote.language(note))
    return remote.run(note, verb, arguments, on_progress)


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A bar on a terminal; in a file or a pipe nothing."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Working …"), total=1.0)
        yield lambda share: progress.update(task, completed=share)


# --- speaking --------------------------------------------------------------------------------------------


def say(sentence: str) -> None:
    typer.echo(sentence)


def fail(sentence: str) -> NoReturn:
    """Say why it is not done, and stop."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def folder_of(data: Path | None) -> Path:
    return config.data_folder(str(data)) if data else config.settings().folder


def _figures(fields: Fields, *names: str) -> dict[str, str]:
    return {name: i18n.number(fields[name]) for name in names}


def _speak_like(school_language: str | None) -> None:
    """Go over to the school's language, unless --lang asked for one."""
    if school_language and not _asked:
        i18n.use(school_language)


def _language_of(store: Store) -> str | None:
    from qualitycycle.cycle import school

    found = school.find_school(store)
    return found.language if found else None


def asked_language(arguments: Sequence[str]) -> str | None:
    """The value of --lang, read before anything else because the help itself is translated."""
    for n, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and n + 1 < len(arguments):
            value = arguments[n + 1]
        if value in i18n.LANGUAGES:
            return value
    return None


def language_of_environment(environment: Mapping[str, str]) -> str:
    """What the computer speaks: English when it says so, else Dutch."""
    said = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return "en" if said.lower().startswith("en") else i18n.DEFAULT


def translated(group: Any) -> Any:
    """The commands with their help in the language of now."""
    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.ERRORS_PANEL_TITLE = _("Not possible")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    for command in (group, *group.commands.values()):
        command.help = _(command.help)
        command.get_help_option(typer.Context(command)).help = _("Show this text and stop.")
    return group


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `qualitycycle`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a sign gets a question mark, not a crash.
        getattr(stream, "reconfigure", lambda **_options: None)(errors="replace")
    try:
        asked = asked_language(given) or config.settings().language
        _asked[:] = [asked] if asked else []
        i18n.use(asked or language_of_environment(os.environ))
        translated(typer.main.get_command(app))(given, prog_name="qualitycycle")
    except QualityCycleError as error:
        typer.echo(sentences.of(error), err=True)
        raise SystemExit(1) from None
