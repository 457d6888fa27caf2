"""Files that are nearly right: bytes and parts of a real sample changed, doubled, torn off or swollen."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from random import Random

# What breaks readers: signs of the formats themselves, numbers at a bound, marks of encodings.
PIECES = (
    b"<", b">", b"&", b'"', b"'", b"/", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
    b"&#0;", b"&#x10FFFF;", b"<?xml version='1.1'?>", b" xmlns='x'", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81",
    b"\r", b"\n\n", b";", b",", b"\t", b"\x1a", b"-1", b"0", b"1e309", b"NaN", b"99999999999999999999", b"-0,0",
    b"1.234", b"1,5", b"%", b"<5", b"*", b"2025-2026", b"31-02-2026", b"00000000", b"5/6", b"\xc3\xa9", b"=1+1",
    b"\xf0\x9f\x98\x80", b"A" * 2_000, b"XFD1048576", b"table:number-rows-repeated='1048576'", b"\xe2\x80\x8f",
)  # fmt: skip

Mutate = Callable[[bytes, Random], bytes]


def of_bytes(content: bytes, random: Random) -> bytes:
    """A few changes anywhere."""
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 3, 8, 40))):
        at = random.randrange(len(made) + 1)
        random.choice(_CHANGES)(made, at, random)
    return bytes(made)


def _replace(made: bytearray, at: int, random: Random) -> None:
    made[at : at + random.choice((0, 1, 1, 4, 40))] = random.choice(PIECES)


def _flip(made: bytearray, at: int, random: Random) -> None:
    made[at : at + 1] = random.randbytes(1)


def _cut(made: bytearray, at: int, random: Random) -> None:
    del made[at : at + random.choice((1, 5, 50, 500))]


def _end(made: bytearray, at: int, random: Random) -> None:
    if random.random() < 0.2:
        del made[at:]


def _double(made: bytearray, at: int, random: Random) -> None:
    n = random.choice((1, 10, 100, 1_000))
    made[at:at] = made[at : at + n] * random.choice((1, 2, 50))


def _move(made: bytearray, at: int, random: Random) -> None:
    n = random.choice((1, 10, 100))
    piece = made[at : at + n]
    del made[at : at + n]
    to = random.randrange(len(made) + 1)
    made[to:to] = piece


_CHANGES = (_replace, _replace, _flip, _cut, _end, _double, _move)


def of_lines(content: bytes, random: Random) -> bytes:
    """Lines doubled, swapped, thrown out and glued together, or another separator; now and then bytes too."""
    lines = content.splitlines(keepends=True)
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(lines))
        kind = random.randrange(5)
        if kind == 0:
            lines[at:at] = lines[at : at + 1] * random.choice((1, 3, 200))
        elif kind == 1:
            lines[at] = lines[at].rstrip(b"\r\n")
        elif kind == 2 and len(lines) > 1:
            del lines[at]
        elif kind == 3:
            random.shuffle(lines)
        else:
            old, new = random.choice((b";", b",", b"\t")), random.choice((b";", b",", b"\t", b"|"))
            lines = [line.replace(old, new) for line in lines]
    made = b"".join(lines)
    if random.random() < 0.1:
        made = made.decode("utf-8", errors="replace").encode(
            random.choice(("utf-16", "cp1252", "utf-8-sig")), "replace"
        )
    return of_bytes(made, random) if made and random.random() < 0.5 else made


def of_zip(inside: Mutate) -> Mutate:
    """A zip with a file inside it changed and packed again, or left out, doubled or renamed; or its own bytes."""

    def mutate(content: bytes, random: Random) -> bytes:
        if random.random() < 0.25:
            return of_bytes(content, random)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [(member.filename, archive.read(member)) for member in archive.infolist()]
        for _ in range(random.choice((1, 1, 2))):
            at = random.randrange(len(files))
            name, held = files[at]
            kind = random.random()
            if kind < 0.8:
                files[at] = (name, inside(held, random) if held else b"")
            elif kind < 0.87:
                files[at] = (random.choice((name.upper(), f"map/{name}", f"../{name}", "x.xml", "")), held)
            elif kind < 0.94:
                files.append((name, held))
            elif len(files) > 1:
                del files[at]
        return _packed(files, random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))

    return mutate


def _packed(files: list[tuple[str, bytes]], method: int) -> bytes:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", method) as archive:
        # A doubled name is meant.
        warnings.simplefilter("ignore")
        for name, held in files:
            archive.writestr(zipfile.ZipInfo(name or "leeg"), held, method)
    return made.getvalue()
