"""The texts of the program and their Dutch: `python -m tests.catalogue` says what is missing, `--update` adds it."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDERS = ("qualitycycle", "pages")
DUTCH = ROOT / "qualitycycle" / "locale" / "nl" / "LC_MESSAGES" / "qualitycycle.po"
# Header lines that change without a text changing, or that name a person.
NOISE = tuple(
    f'"{name}:'
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
        "Generated-By",
        "Project-Id-Version",
    )
)


def template() -> Catalog:
    """Every text in the code, with the files it stands in."""
    catalog = Catalog(project="qualitycycle", charset="utf-8")
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for message in texts_in(file.read_text(encoding="utf-8")):
                catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), None)])
    return catalog


def texts_in(source: str) -> Iterator[str | tuple[str, str]]:
    """The texts that a module marks. Read from its syntax tree: a text inside an f-string counts too."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        words = [
            part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        if name in ("_", "N_") and words:
            yield words[0]
        elif name == "ngettext" and len(words) == 2:
            yield words[0], words[1]


def dutch() -> Catalog:
    with DUTCH.open("rb") as file:
        return read_po(file, locale="nl")


def missing() -> list[str]:
    """Texts in the code that have no Dutch."""
    known = dutch()
    return [str(message.id) for message in template() if message.id and not translated(known.get(message.id))]


def unused() -> list[str]:
    """Texts in the catalogue that are in the code no longer."""
    wanted = template()
    return [str(message.id) for message in dutch() if message.id and wanted.get(message.id) is None]


def translated(message: object) -> bool:
    text = getattr(message, "string", "")
    return bool(all(text) if isinstance(text, tuple | list) else text) and not getattr(
        message, "fuzzy", False
    )


def update() -> None:
    """Add new texts to the Dutch catalogue without a translation, and drop the ones that are gone."""
    catalog = dutch() if DUTCH.exists() else Catalog(locale="nl", project="qualitycycle", charset="utf-8")
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = "# Dutch texts of qualitycycle."
    DUTCH.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, width=110, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(NOISE)]
    DUTCH.write_text("".join(kept).replace('#, fuzzy\nmsgid ""', 'msgid ""', 1), encoding="utf-8")


def main(arguments: list[str]) -> int:
    if "--update" in arguments:
        update()
    for text in lines():
        print(text)
    return 1 if missing() or unused() else 0


def lines() -> Iterator[str]:
    yield from (f"no Dutch: {text!r}" for text in missing())
    yield from (f"not in the code: {text!r}" for text in unused())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
