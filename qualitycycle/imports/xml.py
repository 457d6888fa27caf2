"""The one door for XML: streamed, bounded, without entities, DTD or network; only what a format asks for is kept.

A dossier holds names, diagnoses and whole documents beside the few figures we want. So a reader names the paths that
may come in, and the text of every other element is never held at all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from qualitycycle.errors import ImportRejected
from qualitycycle.imports.files import FileReason

MAX_BYTES = 200 * 1024**2
MAX_DEPTH = 64
MAX_ELEMENTS = 5_000_000
# What is kept of them; a school of three thousand pupils needs a tenth of it.
MAX_KEPT = 500_000
# No figure, date, code or name of a test is longer: what is, is cut and refused later on.
MAX_TEXT = 1_000
_BLOCK = 64 * 1024
_SNIFFED = 4_096
_HTML = re.compile(r"<!doctype html|<html|<head|<body|<table|<\?xml[^>]*\?>\s*<(!doctype )?html")
_MARKUP = re.compile(r"<[?a-z!]")


@dataclass
class Element:
    """An element that may come in: its name without namespace, where it starts, and what is kept inside it."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, path: str) -> Iterator[Element]:
        """Every element under this one at a path such as `toetslijst/toets`, in the order of the file."""
        first, _, rest = path.partition("/")
        for child in self.children:
            if child.name == first:
                yield from child.all(rest) if rest else [child]

    def text_at(self, path: str) -> str:
        """The text of the first element at a path; empty when it is not there."""
        return next((found.text for found in self.all(path)), "")


@dataclass(frozen=True)
class Root:
    """The outermost element: what a format is recognised by."""

    name: str
    namespace: str


def is_markup(stream: BinaryIO) -> bool:
    """Whether a text begins as XML does; HTML is no XML."""
    start = _start(stream)
    return bool(_MARKUP.match(start)) and not _HTML.match(start)


def _start(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(_SNIFFED)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="ignore").lstrip().casefold()
    return head.replace(b"\0", b"").decode("latin-1").lstrip().casefold()


def root_of(stream: BinaryIO, filename: str) -> Root:
    """Name and namespace of the outermost element, without reading further.

    Raises
    ------
    ImportRejected : the file is no XML, or has a document type.
    """
    door = _Door(frozenset(), only_root=True)
    _feed(door, stream, filename)
    if door.root is None:
        raise ImportRejected(filename, FileReason.BROKEN_XML)
    return door.root


def read(stream: BinaryIO, filename: str, paths: Iterable[str]) -> Element:
    """The outermost element with, below it, only the elements at `paths` (from the outermost one on) and their parents.

    Raises
    ------
    ImportRejected : too large, nested too deep, broken, or with a document type (where entities live).
    """
    door = _Door(_with_parents(paths))
    _feed(door, stream, filename)
    if door.top is None:
        raise ImportRejected(filename, FileReason.BROKEN_XML)
    return door.top


def _with_parents(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(
        "/".join(parts[:n]) for parts in (path.split("/") for path in paths) for n in range(1, len(parts) + 1)
    )


class _Stop(Exception):
    """Enough has been read, or too much: `reason` says which."""

    def __init__(self, reason: FileReason | None = None) -> None:
        super().__init__(reason)
        self.reason = reason


def _feed(door: _Door, stream: BinaryIO, filename: str) -> None:
    if stream.seek(0, 2) > MAX_BYTES:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(stream.tell()))
    stream.seek(0)
    parser = etree.XMLParser(
        target=door,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        while block := stream.readline(_BLOCK):
            parser.feed(block)
            # Fed a line at a time, an element that ends in this line began in it.
            door.line += block.endswith(b"\n")
        parser.close()
    except _Stop as stop:
        if stop.reason is not None:
            raise ImportRejected(filename, stop.reason) from stop
    except etree.LxmlError as error:
        raise ImportRejected(filename, FileReason.BROKEN_XML, f"line {door.line}") from error


class _Door:
    """What the parser tells, event by event; nothing that was not asked for is held longer than its event."""

    def __init__(self, kept: frozenset[str], *, only_root: bool = False) -> None:
        self.kept = kept
        self.only_root = only_root
        self.line = 1
        self.root: Root | None = None
        self.top: Element | None = None
        self._open: list[Element] = []
        self._path: list[str] = []
        self._n_elements = self._n_kept = 0

    def doctype(self, *_: object) -> None:
        # Told before the first entity is: none is ever declared, so none can grow or point anywhere.
        raise _Stop(FileReason.XML_DOCTYPE)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if self.root is None:
            self.root = Root(name, tag[1:].partition("}")[0] if tag.startswith("{") else "")
            if self.only_root:
                raise _Stop
        self._n_elements += 1
        if len(self._path) >= MAX_DEPTH or self._n_elements > MAX_ELEMENTS:
            raise _Stop(FileReason.XML_TOO_COMPLEX)
        self._path.append(name)
        # Below an element that is not kept, nothing is.
        if len(self._open) == len(self._path) - 1 and "/".join(self._path) in self.kept:
            self._keep(Element(name, self.line, _short(attributes)))

    def _keep(self, element: Element) -> None:
        self._n_kept += 1
        if self._n_kept > MAX_KEPT:
            raise _Stop(FileReason.XML_TOO_COMPLEX)
        if self._open:
            self._open[-1].children.append(element)
        elif self.top is None:
            self.top = element
        self._open.append(element)

    def data(self, text: str) -> None:
        if len(self._open) == len(self._path) and self._open:
            element = self._open[-1]
            if len(element.text) <= MAX_TEXT:
                element.text = (element.text + text)[: MAX_TEXT + 1]

    def end(self, tag: str) -> None:
        if len(self._open) == len(self._path) and self._open:
            element = self._open.pop()
            element.text = " ".join(element.text.split())
        self._path.pop()

    def close(self) -> None:
        return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _short(attributes: dict[str, str]) -> dict[str, str]:
    # An ECK iD stands in an attribute; a key and a type are all that any format needs.
    return {name: str(attributes[name])[:MAX_TEXT] for name in ("key",) if name in attributes}
