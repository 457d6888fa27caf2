"""What the terminal can ask of a school's file, whether it is closed or open in the running program.

Each verb takes an open store and plain arguments and returns plain fields, so that both ways give the same.
The rooms behind them are imported inside: they bring pandas along, for which no help text should wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qualitycycle.errors import NotFound
from qualitycycle.model import Actor, Role
from qualitycycle.store.connect import Store

Fields = dict[str, Any]
Progress = Callable[[float], None]
Verb = Callable[[Store, Fields, Progress], Fields]

# Whoever can read the school's folder on this computer is its leader here; no person is known.
TERMINAL = Actor(Role.LEADER)


def back_up(store: Store, arguments: Fields, _on_progress: Progress) -> Fields:
    from qualitycycle.cycle import upkeep

    made = upkeep.back_up(store, TERMINAL, folder=_path(arguments.get("folder")))
    return {"path": str(made.path), "n_rows": made.n_rows}


def doctor(store: Store, _arguments: Fields, _on_progress: Progress) -> Fields:
    from qualitycycle.cycle import upkeep

    return {"findings": [asdict(finding) for finding in upkeep.doctor(store)]}


def export(store: Store, arguments: Fields, on_progress: Progress) -> Fields:
    from qualitycycle.cycle import upkeep

    done = upkeep.export(store, TERMINAL, Path(arguments["folder"]), on_progress=on_progress)
    return {"path": str(done.path), "n_tables": done.n_tables, "n_rows": done.n_rows}


def import_file(store: Store, arguments: Fields, on_progress: Progress) -> Fields:
    from qualitycycle.cycle import import_files

    summary = import_files.import_file(
        store,
        TERMINAL,
        Path(arguments["path"]),
        kind=arguments.get("kind"),
        sheet=arguments.get("sheet"),
        profile=arguments.get("profile"),
        brin=arguments.get("brin"),
        dry_run=bool(arguments.get("dry_run")),
        all_or_nothing=bool(arguments.get("all_or_nothing")),
        keep_earlier=bool(arguments.get("keep_earlier")),
        on_progress=on_progress,
    )
    return {
        "kind": summary.kind,
        "accepted": summary.accepted,
        "refused": summary.refused,
        "reasons": dict(summary.reasons),
        "dropped_columns": list(summary.dropped_columns),
        "replaced": summary.replaced,
        "sheet": summary.sheet,
        "left": list(summary.left),
        "zipped": summary.zipped,
        "unread": [{"file": one.file, "reason": str(one.reason)} for one in summary.unread],
    }


def reset_passphrase(store: Store, arguments: Fields, _on_progress: Progress) -> Fields:
    """A word for one person, or the names to choose from."""
    from qualitycycle.cycle import school, sign_in

    if school.find_school(store) is None:
        raise NotFound("school", "")
    people = school.staff(store, archived=False).people
    asked = arguments.get("name")
    found = [
        person
        for person in people
        if (person.name.casefold() == str(asked).strip().casefold() if asked else person.role is Role.LEADER)
    ]
    if len(found) != 1:
        leaders = [person.name for person in people if person.role is Role.LEADER]
        return {"word": None, "names": leaders}
    word = sign_in.hand_out(store, TERMINAL, found[0].person_id)
    return {"word": word, "names": [found[0].name]}


def report(store: Store, arguments: Fields, on_progress: Progress) -> Fields:
    """A report as a file; without a path, what there is to choose from."""
    from qualitycycle.cycle import school
    from qualitycycle.cycle.reports import Kind
    from qualitycycle.reports import making
    from qualitycycle.reports.kinds import Format

    if school.find_school(store) is None:
        raise NotFound("school", "")
    wanted = making.Wanted(
        kind=Kind(arguments["kind"]),
        language=arguments.get("language") or school.staff(store).school.language,
        cycle=arguments.get("cycle"),
        goal=arguments.get("goal"),
        meeting=arguments.get("meeting"),
        asked=arguments.get("asked") or "",
    )
    goals = making.goals_to_choose(store, TERMINAL, wanted)
    if len(goals) > 1 and not wanted.goal:
        return {"path": None, "titles": list(goals.values())}
    on_progress(0.2)
    made = making.make(store, TERMINAL, wanted, Format(arguments["format"]))
    path = Path(arguments["path"])
    path = path / made.file_name if path.is_dir() else path
    path.write_bytes(made.content)
    return {"path": str(path), "titles": []}


VERBS: dict[str, Verb] = {
    "backup": back_up,
    "doctor": doctor,
    "export": export,
    "import": import_file,
    "report": report,
    "reset-passphrase": reset_passphrase,
}


def _path(value: object) -> Path | None:
    return Path(str(value)) if value else None
