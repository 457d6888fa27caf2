"""Made-up outcomes of the example school: the same pupils over moments and years, and the doorstroomtoets.

No real pupil, school or norm stands behind any of these figures.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from qualitycycle import config
from qualitycycle.cycle.demo_texts import MAKER, TESTS
from qualitycycle.model import Batch
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

N_YEARS = 5
# Two by two these make 180 pupils in eight year groups.
COHORT_SIZES = (22, 23)
CLASS_SIZE = 24
CORRELATION = 0.6
# A score is made of what a pupil can do and of the day; with these shares its variance stays one.
ABILITY, DAY = 0.93, 0.37
SHARE_NO_ROW, SHARE_NOT_TAKEN, SHARE_EMPTY = 0.02, 0.02, 0.01
# Levels I to V are five equal parts of the reference group: the z-values between them.
LEVEL_BOUNDS = (0.8416, 0.2533, -0.2533, -0.8416)
LEVELS = ("I", "II", "III", "IV", "V")
MOMENT_DAYS = {"M": (1, 27), "E": (6, 3)}
# The z-values from which a pupil reaches 1F and 1S/2F here.
REFERENCE_LEVELS = {"1F": -1.75, "1S/2F": -0.2}
MATHS_LEVELS = {"1F": -1.75, "1S": -0.2}
# What the doorstroomtoets is about here, in the order of NORMS, each with its higher level.
FINAL_SUBJECTS = (("reading", "2F"), ("maths", "1S"), ("language_conventions", "2F"))
FINAL_TEST = "Doorstroomtoets"
THRESHOLDS = {"1F": 85.0, "1S/2F": 47.1}
NATIONAL = {"1F": 96.0, "1S/2F": 58.5}
DOORSTROOMTOETS_KNOWN = (3, 15)
COLUMNS = (
    "batch_id", "line", "pupil", "school_year", "moment", "measured_on", "year_group", "group_name", "subject",
    "test_maker", "test", "edition", "scale", "score_kind", "value", "level_name", "status", "n_pupils",
)  # fmt: skip


@dataclass(frozen=True)
class Norm:
    """Mean of the reference group at M3, growth per half year, how fast that slows down, and the spread."""

    base: float
    growth: float
    slowing: float
    sd: float
    first_step: int = 0

    def mean(self, step: int) -> float:
        return self.base + self.growth * step - self.slowing * step**2


NORMS = {
    "reading_comprehension": Norm(104.0, 13.0, 0.35, 19.0, first_step=1),
    "maths": Norm(112.0, 22.0, 0.6, 27.0),
    "spelling": Norm(168.0, 30.0, 0.9, 34.0),
}


def years_with_outcomes(today: date) -> list[int]:
    """The first calendar years of the last five school years of which something has been measured."""
    first = today.year if today.month >= 8 else today.year - 1
    last = first if moment_day(first, "M") <= today else first - 1
    return list(range(last - N_YEARS + 1, last + 1))


def moment_day(first_year: int, moment: str) -> date:
    return date(first_year + 1, *MOMENT_DAYS[moment])


def known_on(first_year: int, today: date) -> date:
    """When a year's figures come in: ten days after its last test, or today."""
    moment = "E" if moment_day(first_year, "E") <= today else "M"
    return min(moment_day(first_year, moment) + timedelta(days=10), today)


def import_year(store: Store, tx: Transaction, first_year: int, today: date, factor: int, seed: int) -> Batch:
    """Store one school year's rows as one batch, as an import would."""
    name = f"{first_year}-{first_year + 1}"
    years_ago = years_with_outcomes(today)[-1] - first_year
    rows = [
        row
        for moment in MOMENT_DAYS
        if moment_day(first_year, moment) <= today
        for row in _pupil_rows(Sitting(store.secret, first_year, moment, years_ago, factor, seed))
    ]
    final: list[Row] = []
    if known := date(first_year + 1, *DOORSTROOMTOETS_KNOWN) <= today:
        own = _final_rows(Sitting(store.secret, first_year, "M", years_ago, factor, seed))
        final = [*own, *_shares(first_year, factor, seed)]
    frame = pd.DataFrame([*rows, *final], columns=COLUMNS)
    batch = tx.insert(
        Batch(
            batch_id=new_id(),
            kind="demo",
            file_name=f"resultaten {name}.csv",
            content_hash=hashlib.sha256(f"demo {seed} {factor} {name}".encode()).hexdigest(),
            imported_at=config.now(),
            data_version=tx.data_version,
            n_accepted=len(frame),
            n_refused=0,
        )
    )
    frame["batch_id"], frame["line"] = batch.batch_id, np.arange(2, len(frame) + 2)
    tx.con.register("demo_rows", frame)
    tx.con.execute(f"INSERT INTO outcome ({', '.join(COLUMNS)}) SELECT {', '.join(COLUMNS)} FROM demo_rows")  # noqa: S608
    tx.con.unregister("demo_rows")
    for row in _references(name) if known else ():
        tx.execute(
            """
            INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
            VALUES ($batch, $year, 'language_and_maths', $name, $value, $label)
            """,
            batch=batch.batch_id,
            year=name,
            **row,
        )
    return batch


# --- pupils ----------------------------------------------------------------------------------------------

Row = tuple[object, ...]


def _cohort_size(cohort: int, factor: int) -> int:
    return COHORT_SIZES[cohort % 2] * factor


def _abilities(cohort: int, factor: int, seed: int) -> np.ndarray:
    """What each pupil of a cohort can do per subject, as a z-value that stays hers."""
    rng = np.random.default_rng([seed, 1, cohort])
    n = _cohort_size(cohort, factor)
    common = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, len(NORMS)))
    found: np.ndarray = np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own
    return found


@dataclass(frozen=True)
class Sitting:
    """One moment at which everybody takes the tests."""

    secret: bytes
    first_year: int
    moment: str
    years_ago: int
    factor: int
    seed: int


def _pupil_rows(sitting: Sitting) -> list[Row]:
    # Group 8 takes the doorstroomtoets; there is no test at the end of that year.
    last_group = 8 if sitting.moment == "M" else 7
    return [row for group in range(3, last_group + 1) for row in _group_rows(sitting, group)]


def _group_rows(sitting: Sitting, group: int) -> list[Row]:
    cohort = sitting.first_year - group + 1
    step = 2 * (group - 3) + (sitting.moment == "E")
    abilities = _abilities(cohort, sitting.factor, sitting.seed)
    rng = np.random.default_rng([sitting.seed, 2, sitting.first_year, group, step])
    heads = [_head(sitting, cohort, group, n, len(abilities)) for n in range(len(abilities))]
    rows: list[Row] = []
    for place, (subject, norm) in enumerate(NORMS.items()):
        noise, fate = rng.standard_normal(len(heads)), rng.random(len(heads))
        if step < norm.first_step:
            continue
        z = ABILITY * abilities[:, place] + DAY * noise + _school_effect(subject, sitting.years_ago)
        scores = np.round(norm.mean(step) + norm.sd * z)
        for head, score, luck in zip(heads, scores.tolist(), fate.tolist(), strict=True):
            rows += _two_rows(head, subject, score, (score - norm.mean(step)) / norm.sd, luck)
    return rows


def _school_effect(subject: str, years_ago: int) -> float:
    # Reading and spelling creep up since the school works on them; nobody can say that this is why.
    now = {"reading_comprehension": 0.05, "maths": -0.12, "spelling": 0.05}[subject]
    yearly = {"reading_comprehension": 0.1, "maths": 0.0, "spelling": 0.05}[subject]
    return now - yearly * years_ago


def _pseudonym(secret: bytes, cohort: int, n: int) -> str:
    return hmac.new(secret, f"demo pupil {cohort} {n}".encode(), hashlib.sha256).hexdigest()[:16]


def _head(sitting: Sitting, cohort: int, group: int, n: int, n_cohort: int) -> Row:
    return (
        "",
        0,
        _pseudonym(sitting.secret, cohort, n),
        f"{sitting.first_year}-{sitting.first_year + 1}",
        sitting.moment,
        moment_day(sitting.first_year, sitting.moment),
        str(group),
        _class_name(group, n, n_cohort),
    )


def _class_name(group: int, n: int, n_cohort: int) -> str:
    """Groups 5 and 6 share two combination groups; a big school has parallel groups."""
    parallel = max(1, round(n_cohort / CLASS_SIZE)) * (2 if group in (5, 6) else 1)
    letter = chr(ord("a") + n * parallel // n_cohort) if parallel > 1 else ""
    return f"Groep {'5/6' if group in (5, 6) else group}{letter}"


def _two_rows(head: Row, subject: str, score: float, z: float, fate: float) -> list[Row]:
    """Score and level as separate rows; now and then not taken, empty, or no row at all."""
    if fate < SHARE_NO_ROW:
        return []
    status = "value"
    if fate < SHARE_NO_ROW + SHARE_NOT_TAKEN:
        status = "not_taken"
    elif fate < SHARE_NO_ROW + SHARE_NOT_TAKEN + SHARE_EMPTY:
        status = "empty"
    there = status == "value"
    level = LEVELS[sum(z < bound for bound in LEVEL_BOUNDS)]
    about = (*head, subject, MAKER, *TESTS[subject])
    return [
        (*about, "score", score if there else None, None, status, None),
        (*about, "level", None, level if there else None, status, None),
    ]


# --- the doorstroomtoets ---------------------------------------------------------------------------------


def _shares(first_year: int, factor: int, seed: int) -> list[Row]:
    """Reached reference levels as a share of all that could be reached: three per pupil, as the Inspectie counts."""
    z = _final(first_year, factor, seed)
    shares = [
        _share_row(first_year, level, float(np.mean(z >= bound)) * 100, len(z))
        for level, bound in REFERENCE_LEVELS.items()
    ]
    maths = z[:, list(NORMS).index("maths")]
    counts = [
        _count_row(first_year, level, int(np.sum(maths >= bound)), len(maths))
        for level, bound in MATHS_LEVELS.items()
    ]
    return [*shares, *counts]


def _final(first_year: int, factor: int, seed: int) -> np.ndarray:
    """How the pupils of group 8 do on the doorstroomtoets, per subject, as a z-value."""
    abilities = _abilities(first_year - 7, factor, seed)
    noise = np.random.default_rng([seed, 3, first_year]).standard_normal(abilities.shape)
    found: np.ndarray = ABILITY * abilities + DAY * noise
    return found


def _final_rows(sitting: Sitting) -> list[Row]:
    """The reference levels of each pupil of group 8, as the school reads them in itself."""
    z = _final(sitting.first_year, sitting.factor, sitting.seed)
    cohort = sitting.first_year - 7
    return [
        (
            *_head(sitting, cohort, 8, n, len(z))[:4], "DT", None, "8", _class_name(8, n, len(z)), subject,
            None, FINAL_TEST, None, "reference", "level", None, _reference_level(z[n, place], high), "value", None,
        )
        for n in range(len(z))
        for place, (subject, high) in enumerate(FINAL_SUBJECTS)
    ]  # fmt: skip


def _reference_level(z: float, high: str) -> str:
    if z >= REFERENCE_LEVELS["1S/2F"]:
        return high
    return "1F" if z >= REFERENCE_LEVELS["1F"] else "<1F"


def _share_row(first_year: int, level: str, share: float, n_pupils: int) -> Row:
    name = f"{first_year}-{first_year + 1}"
    about = ("", 0, None, name, "DT", None, "8", None, "language_and_maths", None, level, None, "reference")
    return (*about, "percentage", round(share, 1), level, "value", n_pupils)


def _count_row(first_year: int, level: str, reached: int, n_pupils: int) -> Row:
    name = f"{first_year}-{first_year + 1}"
    about = ("", 0, None, name, "DT", None, "8", None, "maths", None, level, None, "reference")
    return (*about, "count", float(reached), level, "value", n_pupils)


def _references(name: str) -> list[dict[str, object]]:
    return [
        {"name": kind, "label": level, "value": value}
        for kind, values in (("threshold", THRESHOLDS), ("national", NATIONAL))
        for level, value in values.items()
    ]
