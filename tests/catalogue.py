"""The texts of the program and their Dutch: `python -m tests.catalogue` says what is missing, `--update` adds it."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
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
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def template() -> Catalog:
    """Every text in the code, with the files it stands in."""
    catalog = Catalog(project="qualitycycle", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",)
        )
        for file, _line, message, comments, context in found:
            catalog.add(
                message, locations=[(f"{folder}/{file}", None)], auto_comments=comments, context=context
            )
    return catalog


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
