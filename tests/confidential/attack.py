"""What the owner of the file can try: to find out from bytes and rows which answers are whose.

The owner has the school's folder with its key, every backup and export, and a copy of the folder stolen while the
round was open; and knows who got which code, and in which order people filled in. Each attack gives guesses:
person to sheet. A guess is right when both have the same number, because person n gave the nth answers.
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from scipy import stats

from qualitycycle.store import sealed

# Person to sheet.
Guesses = dict[int, int]
STEPS = 60


@dataclass(frozen=True)
class Known:
    """What the owner knows beside the file: whose code is whose, and how to tell sheets apart."""

    round_id: str
    person_of_code: Mapping[str, int]
    sheet_numbers: Mapping[str, int]

    def sheet(self, answers: Mapping[str, int]) -> int:
        return self.sheet_numbers[json.dumps(dict(sorted(answers.items())))]


@dataclass(frozen=True)
class Seen:
    """One database as it can be read: spent codes, sheets, and orders in which the sheets lie."""

    spent: frozenset[str]
    sheets: frozenset[int]
    ids: Mapping[str, int]
    orders: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Score:
    """How often the guesses of one attack were right, beside how often they would be by chance."""

    hits: int = 0
    by_chance: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.by_chance + other.by_chance)

    @property
    def p(self) -> float:
        """How likely at least so many right guesses are when nothing can be known (Poisson)."""
        return float(stats.poisson.sf(self.hits - 1, self.by_chance)) if self.hits else 1.0


def score(guesses: Guesses, n_sheets: int) -> Score:
    return Score(sum(person == sheet for person, sheet in guesses.items()), len(guesses) / n_sheets)


# --- reading what there is -------------------------------------------------------------------------------


def databases(folders: Sequence[Path]) -> list[Path]:
    """Every database in these folders, in the order of their making."""
    found = [path for folder in folders for path in folder.rglob("*.duckdb")]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of a database with its log; the loot itself stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        shutil.copyfile(path, copy)
        if Path(f"{path}.wal").exists():
            shutil.copyfile(f"{path}.wal", f"{copy}.wal")
        con = duckdb.connect(str(copy))
        try:
            yield con
        finally:
            con.close()


def look_into(path: Path, known: Known, keys: Sequence[bytes]) -> Seen:
    with opened(path) as con:
        one = {"round": known.round_id}
        spent = con.execute("SELECT code_hash FROM invite WHERE spent AND round_id = $round", one).fetchall()
        ids = sheets_by_id(con, known)
        orders = [
            [row[0] for row in con.execute(sql, one).fetchall()]
            for sql in (
                "SELECT response_id FROM response WHERE round_id = $round",
                "SELECT response_id FROM response WHERE round_id = $round ORDER BY rowid",
                "SELECT response_id FROM response WHERE round_id = $round ORDER BY response_id",
                "SELECT response_id FROM answer JOIN response USING (response_id) WHERE round_id = $round"
                " GROUP BY response_id ORDER BY min(answer.rowid)",
            )
        ]
        pieces = con.execute("SELECT sealed FROM open_answers WHERE asked_id = $round", one).fetchall()
    read = [tuple(ids[one] for one in order) for order in orders]
    for (piece,) in pieces:
        lines = [line for key in keys for line in lines_at(piece, 0, key)]
        read.append(tuple(known.sheet(json.loads(line)[1]) for line in lines))
    sheets = frozenset(itertools.chain.from_iterable(read))
    return Seen(frozenset(row[0] for row in spent), sheets, ids, tuple(read))


def sheets_by_id(con: duckdb.DuckDBPyConnection, known: Known) -> dict[str, int]:
    rows = con.execute(
        "SELECT response_id, item_key, value FROM response LEFT JOIN answer USING (response_id) WHERE round_id = $r",
        {"r": known.round_id},
    ).fetchall()
    sheets: dict[str, dict[str, int]] = {}
    for own, key, value in rows:
        sheets.setdefault(own, {})[key] = value
    return {own: known.sheet(sheet) for own, sheet in sheets.items()}


def keys_in(folders: Sequence[Path]) -> list[bytes]:
    """Every key that lies about, and those that follow from it."""
    found = []
    for path in {path for folder in folders for path in folder.rglob("*.key")}:
        content = path.read_bytes()
        key = content if len(content) == sealed.N_KEY else bytes.fromhex(content.decode())
        for _step in range(STEPS):
            found.append(key)
            key = sealed.next_key(key)
    return list(dict.fromkeys(found))


def lines_at(content: bytes, at: int, key: bytes) -> list[bytes]:
    """The lines of a sealed piece that begins here, read without knowing where it ends; none with another key."""
    if content[at : at + sealed.N_MARK] != sealed.mark(key):
        return []
    start = at + sealed.N_MARK + sealed.N_NONCE
    # GCM counts from 2 for the content; its checksum is not needed to read.
    counter = content[at + sealed.N_MARK : start] + (2).to_bytes(4, "big")
    reader = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor()
    try:
        return zlib.decompressobj().decompress(reader.update(content[start : start + 65536])).split(b"\n")
    except zlib.error:
        return []


def states_in(folders: Sequence[Path], keys: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """Every sealed piece that can be read, in any file and wherever in it, the shortest first."""
    by_mark = {sealed.mark(key): key for key in keys}
    states = set()
    for path in files_in(folders):
        content = path.read_bytes()
        for at in places_of(by_mark, content):
            states.add(tuple(lines_at(content, at, by_mark[content[at : at + sealed.N_MARK]])))
    return sorted((state for state in states if state), key=len)


def files_in(folders: Sequence[Path]) -> set[Path]:
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def places_of(marks: Collection[bytes], content: bytes) -> list[int]:
    """Where one of the marks begins. Their first two bytes are looked for everywhere at once, for speed."""
    begins = np.zeros(2**16, dtype=bool)
    begins[[int.from_bytes(mark[:2], "little") for mark in marks]] = True
    found = []
    for shift in (0, 1):
        pairs = np.frombuffer(content, dtype="<u2", offset=shift, count=max(0, (len(content) - shift) // 2))
        found += [int(2 * place + shift) for place in np.flatnonzero(begins[pairs])]
    return [at for at in found if content[at : at + sealed.N_MARK] in marks]


# --- the attacks -----------------------------------------------------------------------------------------


def attack(folders: Sequence[Path], known: Known) -> dict[str, Score]:
    """All attacks on a round of which everybody filled in, person 0 first."""
    keys = keys_in(folders)
    seen = [look_into(path, known, keys) for path in databases(folders)]
    ids = {own: sheet for one in seen for own, sheet in one.ids.items()}
    guesses = {
        "order of rows": [by_order(order) for one in seen for order in one.orders],
        "place in bytes": [by_order(order) for order in by_place_in_bytes(folders, ids)],
        "earlier pieces": [
            by_growth(states_in(folders, keys), lambda line: known.sheet(json.loads(line)[1]))
        ],
        "between two copies": [by_difference(seen, known)],
    }
    return scores_of(guesses, len(known.sheet_numbers))


def attack_vote(folders: Sequence[Path], vote_id: str, values: Sequence[int]) -> dict[str, Score]:
    """The same on a vote in which person n gave the nth value."""
    keys = keys_in(folders)
    rows = []
    for path in databases(folders):
        with opened(path) as con:
            sql = "SELECT value FROM confidence_answer WHERE confidence_vote_id = $vote ORDER BY rowid"
            rows.append([values.index(row[0]) for row in con.execute(sql, {"vote": vote_id}).fetchall()])
    states = states_in(folders, keys)
    guesses = {
        "order of rows": [by_order(order) for order in rows],
        "order in a piece": [by_order([values.index(int(one)) for one in state]) for state in states],
        "earlier pieces": [by_growth(states, lambda line: values.index(int(line)))],
    }
    return scores_of(guesses, len(values))


def scores_of(guesses: Mapping[str, Sequence[Guesses]], n_sheets: int) -> dict[str, Score]:
    return {name: sum((score(one, n_sheets) for one in found), Score()) for name, found in guesses.items()}


def by_order(order: Sequence[int]) -> Guesses:
    """The first to lie there came first."""
    return dict(enumerate(order))


def by_place_in_bytes(folders: Sequence[Path], ids: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    for path in files_in(folders):
        content = path.read_bytes()
        places = {own: content.find(own.encode()) for own in ids}
        there = sorted((place, own) for own, place in places.items() if place >= 0)
        yield tuple(ids[own] for _place, own in there)


def by_growth(states: Sequence[Sequence[bytes]], sheet_of: Callable[[bytes], int]) -> Guesses:
    """Of two pieces of which the second has one answer more, that one is of who came in between."""
    guesses: Guesses = {}
    for before, after in itertools.pairwise(states):
        new = {sheet_of(line) for line in after} - {sheet_of(line) for line in before}
        if len(after) == len(before) + 1 and len(new) == 1:
            guesses[len(before)] = new.pop()
    return guesses


def by_difference(seen: Sequence[Seen], known: Known) -> Guesses:
    """Of two copies of the file with one spent code and one sheet between them, these belong together."""
    guesses: Guesses = {}
    for before, after in itertools.combinations(seen, 2):
        codes, sheets = after.spent - before.spent, after.sheets - before.sheets
        if len(codes) == len(sheets) == 1:
            person = known.person_of_code.get(next(iter(codes)))
            if person is not None:
                guesses[person] = next(iter(sheets))
    return guesses
