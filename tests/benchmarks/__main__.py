"""`python -m tests.benchmarks [NAME …]`: run the benchmarks (all without a name) and print one table."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from tests import benchmarks
from tests.benchmarks.measuring import Row


def found() -> dict[str, Callable[[], list[Row]]]:
    """Every module here that has something to run."""
    inner = ("_", "test_")
    names = [one.name for one in pkgutil.iter_modules(benchmarks.__path__) if not one.name.startswith(inner)]
    modules = {name: importlib.import_module(f"{benchmarks.__name__}.{name}") for name in names}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def main(wanted: list[str]) -> int:
    there = found()
    if unknown := set(wanted) - set(there):
        print(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(there)}", file=sys.stderr)
        return 2
    table = Table("benchmark", "what", "figure", "beside it", "aim")
    for name in wanted or there:
        for row in there[name]():
            table.add_row(name, row.what, figure(row), beside(row), row.aim)
    # Into a file or a pipe the table is as wide as it needs to be.
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


def figure(row: Row) -> str:
    return row.note if row.value is None else f"{row.value:,.3g} {row.unit}".strip()


def beside(row: Row) -> str:
    return "" if row.ratio is None else f"{row.ratio:.3g} × {row.beside}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
