"""What stands in a report, whatever it is drawn on: blocks of words, tables and pictures, and the account of it.

One content, several drawings: `pdf`, `word` and `sheets` know these blocks and nothing of a school.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qualitycycle.charts import Figure

# A date as tables say it: 3 jun 2026.
DATE = re.compile(r"\b(\d{1,2}) (\w{3,4}) (\d{4})\b")
# An address or a word without an end, and the pieces in which a narrow column may break it.
ENDLESS, PIECES = re.compile(r"\S{36,}"), re.compile(r".{1,18}")
# What fits at the foot of a page beside its number.
N_FOOT = 90


@dataclass(frozen=True)
class Value:
    """A figure as it is read, and as a workbook counts with it."""

    shown: str
    raw: float | int | date | None = None


Cell = str | Value


def shown(cell: Cell) -> str:
    """A cell as it is read."""
    return cell.shown if isinstance(cell, Value) else cell


def drawn(cell: Cell) -> str:
    """A cell as it is drawn: a date stays on one line, and a word without an end does not."""
    dated = DATE.sub("\N{NO-BREAK SPACE}".join((r"\1", r"\2", r"\3")), shown(cell))
    return ENDLESS.sub(lambda word: "\N{ZERO WIDTH SPACE}".join(PIECES.findall(word[0])), dated)


@dataclass(frozen=True)
class Heading:
    """A heading in the report; the report's own title is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text; line breaks stay. `quiet`: an explanation beside what matters."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Callout:
    """What must not be missed: a verdict, a request, or that there is nothing and what to do then."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class Facts:
    """Label and value, one below the other; without a value a row is left out."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bullets:
    """Sentences one below the other."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column: its name, how wide it is beside the others, and whether it holds figures."""

    title: str
    share: float = 1.0
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a name. `sheet` names its sheet in a workbook; `notes` say what its figures rest on.

    `narrow`: a few short columns, which do not have to be pulled apart over a whole page.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    sheet: str = ""
    narrow: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure with its name, what it says, how its signs are read, and on how many it rests.

    `table` is what stands behind it: every value of the picture in words and figures. `height` in pixels; None is as
    high as it draws itself.
    """

    title: str
    figure: Figure
    said: tuple[str, ...]
    n: str
    table: Table
    legend: str = ""
    height: int | None = None

    @property
    def alternative(self) -> str:
        """The picture in words, for whoever does not see it."""
        return f"{self.title}. {self.figure.alt}"


Block = Heading | Paragraph | Callout | Facts | Bullets | Table | Picture


@dataclass(frozen=True)
class Account:
    """What every report tells about itself."""

    period: str
    sources: tuple[str, ...]
    numbers: tuple[str, ...]
    hidden: tuple[str, ...]
    data_version: int
    made_on: date


@dataclass(frozen=True)
class Report:
    """A report before it is drawn. `data` are tables that a workbook has besides those in the text."""

    kind: str
    title: str
    subtitle: str
    school: str
    language: str
    blocks: tuple[Block, ...]
    account: Account
    data: tuple[Table, ...] = ()
    one_page: bool = False
    name: str = ""

    @property
    def foot(self) -> str:
        """What stands at the foot of every page."""
        whole = f"{self.school} · {self.title}"
        return whole if len(whole) <= N_FOOT else f"{whole[:N_FOOT].rstrip()}…"

    def file_name(self, ending: str) -> str:
        return file_name(self.account.made_on, self.name, ending)


def file_name(made_on: date, name: str, ending: str) -> str:
    """Plain and dated: 2026-11-22-mr-verslag-2026-2027.pdf."""
    return f"{made_on.isoformat()}-{name}.{ending}"


def tables(report: Report) -> list[Table]:
    """Every table of a report: in the text, behind its pictures, and kept beside it; one that is there twice, once."""
    found = [
        block.table if isinstance(block, Picture) else block
        for block in report.blocks
        if isinstance(block, Picture | Table)
    ]
    return list(dict.fromkeys([*found, *report.data]))


def behind_pictures(report: Report) -> list[Table]:
    """The tables behind the pictures of a report, each once."""
    found = [block.table for block in report.blocks if isinstance(block, Picture)]
    return list(dict.fromkeys(found))


def without_echo(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks without the name of a table that stands in the heading right above it."""
    return tuple(
        replace(block, title="", sheet=block.sheet or block.title)
        if isinstance(block, Table) and isinstance(above, Heading) and above.text == block.title
        else block
        for above, block in zip((None, *blocks), blocks, strict=False)
    )


def without_empty(rows: Iterable[tuple[str, str]]) -> Facts:
    """Facts without the rows that have nothing to say."""
    return Facts(tuple((label, text) for label, text in rows if text.strip()))
