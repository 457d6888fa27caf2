"""Every page of a school with ten school years and two million rows of outcomes, beside the same page of the example.

Both schools are served by the real program. A click is a run of the page over its own websocket, until all of its
content is there; the two schools take turns. The pages are the program's own list, those about one thing with a thing
that stands on outcomes. What is remembered of outcomes is forgotten after each import: the first click after one is a
figure of its own.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from qualitycycle import config
from qualitycycle.cycle import cohorts, demo, plan, series, views
from qualitycycle.cycle.comparing import fitting
from qualitycycle.cycle.series import Measure, Selection
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import ViewRefused
from qualitycycle.model import Actor, Batch, Evidence, EvidenceKind, Goal, Indicator, Role
from qualitycycle.server import remote, running
from qualitycycle.store.connect import Store, open_store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.ui import navigation, pictures
from tests import browser, large_school, phones
from tests.benchmarks.measuring import Row
from tests.sockets import Socket

LEADER = Actor(Role.LEADER)
# Pictures of figures about a whole school, not of pupils.
PUBLISHED = (ViewKind.COUNTS, ViewKind.THREE_YEARS)
N_TURNS, N_IMPORTS = 9, 3
AIM = "≤ 2 ×"
EXAMPLE = "the example school"


@dataclass(frozen=True)
class Visit:
    """One page as it is clicked: what it is called here, its address, and what is asked of it."""

    name: str
    page: str
    query: str = ""


@dataclass(frozen=True)
class Timed:
    """Seconds per click on one page, of the example and of the large school, in turns."""

    name: str
    after_import: tuple[list[float], list[float]]
    clicks: tuple[list[float], list[float]]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        folders = (Path(place) / "example", Path(place) / "large")
        for folder in folders:
            folder.mkdir()
        _example(folders[0])
        large_school.fill(folders[1], today=config.today())
        for folder in folders:
            _add_numbers(folder)
        taken = clicked(folders)
    return [
        *(_row(f"{one.name}: click", one.clicks, AIM) for one in taken),
        *(_row(f"{one.name}: first click after an import", one.after_import, "") for one in taken),
    ]


def clicked(folders: tuple[Path, Path]) -> list[Timed]:
    """Serve both schools and click on every page of both."""
    visits = [list(_visits(folder)) for folder in folders]
    env = {"QUALITYCYCLE_DEMO": "1", "QUALITYCYCLE_TODAY": config.today().isoformat()}
    with browser.serve(folders[0], env=env) as example, browser.serve(folders[1], env=env) as large:
        served = (example, large)
        return phones.now(_in_turns(served, list(zip(*visits, strict=True))))


def _example(folder: Path) -> None:
    store = open_store(folder)
    try:
        demo.fill(store, today=config.today())
    finally:
        store.close()


def _add_numbers(folder: Path) -> None:
    """Where pupils went after the last year, as counts: neither school has any."""

    def use_case(tx: Transaction) -> None:
        batch = Batch(
            batch_id=new_id(),
            kind="table",
            file_name="uitstroom.csv",
            content_hash=new_id(),
            mapping={},
            imported_at=config.now(),
            data_version=tx.data_version,
            n_accepted=15,
            n_refused=0,
        )
        tx.insert(batch)
        tx.execute(
            """
            INSERT INTO outcome
              (batch_id, line, school_year, year_group, subject, test, score_kind, value, level_name, status, n_pupils)
            SELECT
              $batch, 10 * year + place, concat(year, '-', year + 1), '8', 'school_advice', kind, 'count', 20 + place,
              kind, 'value', 63
            FROM range(2021, 2026) years(year), (VALUES (0, 'vmbo'), (1, 'havo'), (2, 'vwo')) AS kinds(place, kind)
            """,
            batch=batch.batch_id,
        )

    store = open_store(folder)
    try:
        store.write(use_case, actor=LEADER, verb="import_outcomes")
    finally:
        store.close()


# --- what is clicked -------------------------------------------------------------------------------------


def _visits(folder: Path) -> Iterator[Visit]:
    store = open_store(folder)
    try:
        asked = dict(_asked(store))
        pictures_ = list(_pictures(store))
    finally:
        store.close()
    for entry in navigation.ENTRIES:
        if entry.name not in asked or not entry.hidden:
            yield Visit(entry.name, "" if entry.file == navigation.START else entry.name)
        if entry.name in asked:
            yield Visit(f"one {entry.name}", entry.name, asked[entry.name])
    yield from (Visit(f"outcomes as {kind}", "outcomes", query) for kind, query in pictures_)


def _asked(store: Store) -> Iterator[tuple[str, str]]:
    """For pages about one thing: a thing that stands on outcomes."""
    cycle = plan.running_cycle(store)
    assert cycle is not None
    fed = {one.goal_id for one in plan.find(store, LEADER, Indicator) if one.series}
    goals = plan.find(store, LEADER, Goal, cycle_id=cycle.cycle_id)
    goal = next(one for one in goals if one.goal_id in fed)
    yield "goal", f"goal={goal.goal_id}"
    yield "action", f"action={_action_of(store, goal)}"
    pieces = plan.find(store, LEADER, Evidence, cycle_id=cycle.cycle_id)
    piece = next(one for one in pieces if one.kind is EvidenceKind.OUTCOME)
    yield "evidence", f"evidence={piece.evidence_id}"


def _action_of(store: Store, goal: Goal) -> str:
    rows = store.rows(
        "SELECT action_id FROM action WHERE goal_id = $goal ORDER BY position, title", goal=goal.id
    )
    return str(rows[0]["action_id"])


def _pictures(store: Store) -> Iterator[tuple[ViewKind, str]]:
    """Every kind of picture, of the first line and the latest moments of which it shows figures."""
    lines = series.selections(store, LEADER)
    for kind in ViewKind:
        own = [one for one in lines if fitting(one)[kind] is None and one.pupils != (kind in PUBLISHED)]
        views_ = (view for line in own for view in _views(store, kind, line))
        view = next(view for view in views_ if _shows(store, view))
        yield kind, urlencode(pictures.address(view))


def _views(store: Store, kind: ViewKind, line: Selection) -> Iterator[View]:
    own = replace(line, level="III") if line.measure is Measure.SHARE else line
    sat = [one.label for one in cohorts.sat(store, LEADER, line) if one.year_group == line.year_group]
    labels = list(dict.fromkeys(reversed(sat)))
    if kind is ViewKind.LINE or kind in PUBLISHED:
        yield View(kind, own)
    elif kind is ViewKind.LEVELS:
        yield from (View(kind, line, end=one.partition(" ")[2]) for one in labels[:1])
    elif kind is ViewKind.COHORT:
        yield from (View(kind, line, start=one) for one in reversed(labels))
    elif kind is ViewKind.FUNNEL:
        yield from (View(kind, replace(own, year_group=None), end=one) for one in labels)
    else:
        yield from (View(kind, own, start=one, end=two) for two in labels for one in labels if one < two)


def _shows(store: Store, view: View) -> bool:
    try:
        return views.result(store, LEADER, view).figures is not None
    except ViewRefused:
        return False


# --- clicking --------------------------------------------------------------------------------------------


async def _in_turns(
    served: tuple[browser.Served, browser.Served], visits: Sequence[tuple[Visit, ...]]
) -> list[Timed]:
    # Whoever comes first loads charts and statistics.
    for pair in visits:
        for one, visit in zip(served, pair, strict=True):
            await (await _opened(one, visit)).run()
    return [await _timed(served, pair) for pair in visits]


async def _opened(served: browser.Served, visit: Visit) -> Socket:
    return await Socket.open(served.url, visit.page, visit.query, "")


async def _timed(served: tuple[browser.Served, browser.Served], pair: tuple[Visit, ...]) -> Timed:
    sockets = [await _opened(one, visit) for one, visit in zip(served, pair, strict=True)]
    taken = Timed(pair[0].name, ([], []), ([], []))
    for turn in range(N_IMPORTS):
        for place, one in enumerate(served):
            _import(one, f"{pair[0].name} {turn}")
            taken.after_import[place].append(await sockets[place].run())
    for _turn in range(N_TURNS):
        for place, socket in enumerate(sockets):
            taken.clicks[place].append(await socket.run())
    for socket in sockets:
        await socket.close()
    return taken


def _import(served: browser.Served, title: str) -> None:
    """A small file of another test, read in by the running program as the terminal asks it to."""
    file = served.folder / "klein.csv"
    rows = [f"{n};2025-2026;4;studievaardigheden;M4;{90 + n};{title}\n" for n in range(12)]
    head = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore;Toets\n"
    file.write_text(head + "".join(rows), encoding="utf-8")
    note = running.find(served.folder)
    assert note is not None
    remote.run(note, "import", {"path": str(file)}, lambda share: None)


def _row(name: str, times: tuple[list[float], list[float]], aim: str) -> Row:
    example, large = (1000 * statistics.median(one) for one in times)
    return Row(name, large, ratio=large / example, beside=f"{EXAMPLE} ({example:.3g} ms)", aim=aim)
