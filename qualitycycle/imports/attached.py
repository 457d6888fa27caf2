"""A file that comes with evidence: what it is by its content, how large it may be, and a picture without its metadata.

A name may lie, so only the content counts. A picture from a phone tells where and when it was taken and with which
device; it is drawn anew, so that nothing but the picture is left.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from qualitycycle.errors import AttachmentRefused

MEGABYTE = 1_000_000
MOST_BYTES = 10 * MEGABYTE
# A packed file may not unfold into more than this.
MOST_UNFOLDED = 200 * MEGABYTE
# A picture of more is a bomb or a poster; a phone's camera makes 12 to 50 million.
MOST_PIXELS = 64_000_000
# On a screen or on A4 nobody sees more.
LONGEST_SIDE = 2400
LONGEST_NAME = 120

# Kind of file to its extension and media type.
KINDS = {
    "pdf": ("pdf", "application/pdf"),
    "jpeg": ("jpg", "image/jpeg"),
    "png": ("png", "image/png"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "odt": ("odt", "application/vnd.oasis.opendocument.text"),
    "ods": ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    "odp": ("odp", "application/vnd.oasis.opendocument.presentation"),
    "text": ("txt", "text/plain; charset=utf-8"),
}
# What a browser may be asked to look for; the content decides.
EXTENSIONS = ("pdf", "jpg", "jpeg", "png", "webp", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt")
_PICTURES = ("JPEG", "PNG", "WEBP")
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
# What can do something when it is opened.
_ACTIVE = ("vbaproject.bin", "basic/script", "/scripts/", "activex/")


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name without folders, its kind, and its content as it will be stored."""

    name: str
    kind: str
    content: bytes


def check(name: str, content: bytes) -> Checked:
    """Look at a file and make it fit to be kept. Raises `AttachmentRefused` with a reason."""
    own = _own_name(name)
    if not content:
        raise AttachmentRefused(own, "empty_file")
    if len(content) > MOST_BYTES:
        raise AttachmentRefused(own, "too_large", str(MOST_BYTES // MEGABYTE))
    if content[:1024].lstrip()[:5] == b"%PDF-":
        return Checked(_named(own, "pdf"), "pdf", content)
    if content[:2] == b"PK":
        kind = _packed_kind(own, content)
        return Checked(_named(own, kind), kind, content)
    picture = _picture(own, content)
    if picture is not None:
        kind, drawn = picture
        return Checked(_named(own, kind), kind, drawn)
    if _is_text(content):
        return Checked(_named(own, "text"), "text", content)
    raise AttachmentRefused(own, "unknown_kind")


def _own_name(name: str) -> str:
    """The name without folders and without signs that a file system or a header could trip over."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"/\\|?*').strip(" .")
    return kept[:LONGEST_NAME] or "-"


def _named(name: str, kind: str) -> str:
    """With the extension of what it is, whatever it was called."""
    extension = KINDS[kind][0]
    stem, _point, given = name.rpartition(".")
    known = given.lower() in (*EXTENSIONS, extension)
    return f"{stem if stem and known else name}.{extension}"


def _packed_kind(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNFOLDED:
                raise AttachmentRefused(name, "too_large", str(MOST_UNFOLDED // MEGABYTE))
            inside = [one.lower() for one in packed.namelist()]
            if any(part in one for one in inside for part in _ACTIVE):
                raise AttachmentRefused(name, "has_macros")
            if "[content_types].xml" in inside:
                found = next(
                    (k for start, k in _OFFICE.items() if any(i.startswith(start) for i in inside)), ""
                )
            elif "mimetype" in inside:
                found = _open_document(packed.read("mimetype").decode("ascii", "replace").strip())
            else:
                found = ""
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise AttachmentRefused(name, "damaged") from error
    if not found:
        raise AttachmentRefused(name, "unknown_kind")
    return found


def _open_document(media_type: str) -> str:
    return next((kind for kind in ("odt", "ods", "odp") if KINDS[kind][1] == media_type), "")


def _picture(name: str, content: bytes) -> tuple[str, bytes] | None:
    """A picture drawn anew: upright, no larger than needed, without place, time, device or hidden preview."""
    try:
        with warnings.catch_warnings():
            # Pillow warns from a limit of its own; ours refuses first.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_PICTURES) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise AttachmentRefused(name, "too_many_pixels")
                return _drawn(opened)
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise AttachmentRefused(name, "damaged") from error


def _drawn(opened: Image.Image) -> tuple[str, bytes]:
    as_photo = opened.format == "JPEG" or (opened.format == "WEBP" and opened.mode == "RGB")
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = upright.convert("RGB" if as_photo else "RGBA")
    # Only the pixels go over to a new picture: whatever was said beside them stays behind.
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    out = io.BytesIO()
    if as_photo:
        clean.save(out, "JPEG", quality=85)
        return "jpeg", out.getvalue()
    clean.save(out, "PNG", optimize=True)
    return "png", out.getvalue()


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # A page or a script is text as well, and does something when a browser opens it.
    starts = text.lstrip().lower().startswith(("<", "#!", "{\\rtf"))
    return not starts and all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text)
