"""A million outcome rows with thirty wrong cells read in and stored, beside a bare `read_csv` into a table.

Each side runs in a process of its own, in turns, on a file database of its own. Ours recognises the file, suggests the
mapping, makes pseudonyms, checks every row, stores the good ones and keeps the wrong ones aside, each with its reason.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import Row

N_ROWS, N_BAD, N_TURNS = 1_000_000, 30, 3
HEADER = "Leerlingnummer;Schooljaar;Jaargroep;Groep;Vakgebied;Toets;Afnamemoment;Afnamedatum;Vaardigheidsscore;Niveau"
YEARS = [f"{year}-{year + 1}" for year in range(2015, 2025)]
SUBJECTS = {
    "Rekenen": "Rekenen-Wiskunde 3.0",
    "Begrijpend lezen": "Begrijpend Lezen 3.0",
    "Spelling": "Spelling 3.0",
}
# A wrong cell: its column, what stands there, and the reason that must come back.
WRONG = (
    (1, "20-19", "school_year_unreadable"),
    (2, "groep elf", "year_group_unreadable"),
    (4, "knutselen", "subject_unknown"),
    (6, "kerst", "moment_unreadable"),
    (7, "31-02-2020", "date_unreadable"),
    (8, "12a", "number_unreadable"),
)  # fmt: skip


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "toetsen.csv"
        planted = write(file)
        taken: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": []}
        for turn in range(N_TURNS):
            for side, found in taken.items():
                found.append(_played(side, file, folder / f"{side}{turn}"))
        for one in taken["ours"]:
            check(one, planted)
        for one in taken["bare"]:
            if one["n"] != N_ROWS:
                raise AssertionError(one)
    ours, bare = (statistics.median(one["seconds"] for one in found) for found in taken.values())
    memory = max(one["memory"] for one in taken["ours"])
    beside = max(one["memory"] for one in taken["bare"])
    return [
        Row(
            f"{N_ROWS:,} rows, {N_BAD} of them wrong, read in and stored",
            ours,
            "s",
            ours / bare,
            f"bare read_csv ({bare:.3g} s)",
            "at most 2.5 ×",
        ),
        Row(
            "most memory of the process", memory, "MB", memory / beside, f"bare ({beside:.0f} MB)", "< 500 MB"
        ),
        Row("wrong rows kept aside, each with its reason", N_BAD, "", aim=f"{N_BAD}"),
    ]


def write(file: Path, n_rows: int = N_ROWS, n_bad: int = N_BAD) -> dict[int, str]:
    """A school's export of ten years; gives the planted lines, each with the reason that must come back."""
    rng = random.Random(1_000_000)
    bad = {place: WRONG[n % len(WRONG)] for n, place in enumerate(sorted(rng.sample(range(n_rows), n_bad)))}
    subjects = list(SUBJECTS.items())
    with file.open("w", encoding="utf-8", newline="\r\n") as out:
        out.write(HEADER + "\n")
        for n in range(n_rows):
            cells = _row(n, subjects, rng)
            if n in bad:
                column, text, _reason = bad[n]
                cells[column] = text
            out.write(";".join(cells) + "\n")
    return {place + 2: reason for place, (_column, _text, reason) in bad.items()}


def _row(n: int, subjects: list[tuple[str, str]], rng: random.Random) -> list[str]:
    # Each pupil has three subjects at two moments in each of ten years: no row stands there twice.
    pupil, rest = divmod(n, 60)
    year, rest = divmod(rest, 6)
    which, moment = divmod(rest, 2)
    subject, test = subjects[which]
    group = 3 + (pupil + year) % 6
    first = 2015 + year
    day = f"{rng.randint(10, 28)}-{'01' if moment == 0 else '06'}-{first + 1}"
    score = f"{rng.gauss(120 + 12 * group, 15):.1f}".replace(".", ",")
    level = rng.choice(("I", "II", "III", "IV", "V"))
    return [
        f"{100_000 + pupil}", YEARS[year], f"{group}", f"{group}{'ab'[pupil % 2]}", subject, test,
        "ME"[moment], day, score, level,
    ]  # fmt: skip


def check(found: dict[str, Any], planted: dict[int, str]) -> None:
    """A figure without the right rows is worth nothing."""
    kept = {int(line): reason for line, reason in found["refused"].items()}
    if kept != planted or found["n"] + len(planted) != N_ROWS:
        raise AssertionError(f"{found['n']} stored, refused {kept}, planted {planted}")


# --- each in a process of its own ------------------------------------------------------------------------


def _played(side: str, file: Path, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks._import_once", side, str(file), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))
