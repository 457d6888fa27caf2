"""Files of others in: a clean frame and the refused rows, each with its reason. Nothing here writes."""

from __future__ import annotations

from enum import StrEnum

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import inspectie, workbooks
from qualitycycle.imports.files import Container, Content, FileReason, container, opened

__all__ = ["Kind", "recognise"]


class Kind(StrEnum):
    """What a file is, so that the screen knows which way in it takes."""

    TABLE = "table"
    INSPECTIE = "inspectie_ods"


def recognise(content: Content, filename: str) -> Kind:
    """What the content is, whatever the file is called; a `table` may still turn out to have none.

    Raises
    ------
    ImportRejected : the content is empty, binary, or a workbook that cannot be opened.
    """
    with opened(content) as stream:
        if container(stream, filename) is Container.TEXT:
            return Kind.TABLE
        try:
            found = workbooks.find_rows(stream, inspectie.is_header)
        except workbooks.Refusal as refusal:
            raise ImportRejected(filename, FileReason(refusal.reason), refusal.detail) from refusal
        return Kind.TABLE if found is None else Kind.INSPECTIE
