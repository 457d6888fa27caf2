"""Study: files with a piece of evidence. They weigh nothing: a verdict never looks at them.

What lies in a file went through no gate, so only the school's own staff opens one, and a file can be erased for good
when it should not have been there; that it was, by whom and why stays known.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from qualitycycle import config
from qualitycycle.cycle import name_check, plan
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import AttachmentRefused, Incomplete, NotFound
from qualitycycle.imports import attached as files
from qualitycycle.model import Actor, Attachment, Evidence
from qualitycycle.store import attached, backup
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# More than this is a folder of its own, elsewhere.
MOST_FILES = 10


def of_evidence(store: Store, actor: Actor, evidence_id: str) -> list[Attachment]:
    """The files of a piece of evidence, the erased ones too; empty for who may not open them."""
    found = plan.find(store, actor, Attachment, evidence_id=evidence_id)
    return sorted(found, key=lambda one: (one.added_on, one.title, one.attachment_id))


def attach(store: Store, actor: Actor, evidence_id: str, name: str, content: bytes) -> Attachment:
    """Keep a file with a piece of evidence, a picture without its metadata.

    Raises `AttachmentRefused` for a kind, size or content that is not kept, or when the very file is there already.
    """
    require(actor, Right.EDIT_THREAD)
    checked = files.check(name, content)
    own_hash = attached.hash_of(checked.content)
    new = Attachment(
        attachment_id=new_id(),
        evidence_id=evidence_id,
        title=checked.name,
        file_kind=checked.kind,
        n_bytes=len(checked.content),
        content_hash=own_hash,
        added_on=config.today(),
        person_id=actor.person_id,
    )

    def use_case(tx: Transaction) -> Attachment:
        plan.refuse_closed(tx, tx.get(Evidence, evidence_id))
        there = tx.find(Attachment, where="evidence_id = $id AND erased_on IS NULL", id=evidence_id)
        if any(one.content_hash == own_hash for one in there):
            raise AttachmentRefused(checked.name, "there_already")
        if len(there) >= MOST_FILES:
            raise AttachmentRefused(checked.name, "too_many", str(MOST_FILES))
        # The file before its row: a crash in between leaves a file that nobody names, never a row without a file.
        attached.put(attached.folder_of(store.path), checked.content)
        return tx.insert(new)

    return store.write(use_case, actor=actor, verb="add_attachment")


def content_of(store: Store, actor: Actor, attachment_id: str) -> bytes:
    """What is in a file. Raises `NotAllowed` for who is not of the staff, and `NotFound` when it is gone or damaged."""
    require(actor, Right.EDIT_OWN_ACTION)
    one = plan.get(store, actor, Attachment, attachment_id)
    if one.erased_on is not None:
        raise NotFound("attachment", attachment_id)
    return attached.read(attached.folder_of(store.path), one.content_hash)


def media_type(one: Attachment) -> str:
    return files.KINDS[one.file_kind][1]


def suspects(name: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """What in a file's name may be the name or number of a pupil. A warning, never a refusal."""
    stem = name.rpartition(".")[0] or name
    words = "".join(sign if sign.isalnum() or sign in "'’." else " " for sign in stem)
    # The first word of a file's name begins no sentence.
    return name_check.suspects(f"x {words}", known)


def erase(store: Store, actor: Actor, attachment_id: str, why: str) -> Attachment:
    """Erase a file for good, here and in this school's own backups; its row stays, with the reason.

    Raises `Incomplete` without a reason. Also in a closed cycle: what should not be there must be able to go.
    """
    require(actor, Right.EDIT_THREAD)
    if not why.strip():
        raise Incomplete("attachment", "erased_why")

    def use_case(tx: Transaction) -> Attachment:
        before = tx.get(Attachment, attachment_id)
        if before.erased_on is not None:
            return before
        changed = tx.change(
            Attachment, attachment_id, None, erased_on=config.today(), erased_why=why.strip(), title=ERASED
        )
        # The audit of this erasing holds the name as well.
        tx.write_audit()
        for sql in _FORGET_NAME:
            tx.execute(sql, id=attachment_id, name=json.dumps({"title": ERASED}))
        return changed

    gone = store.write(use_case, actor=actor, verb="erase_attachment")
    _remove_unused(store, gone.content_hash)
    return gone


# The name goes with the file: it may be what should not have been there.
ERASED = "–"
# Also from the record of changes, which otherwise keeps everything.
_FORGET_NAME = tuple(
    f"UPDATE audit SET {side} = json_merge_patch({side}, $name)"  # noqa: S608
    f" WHERE noun = 'attachment' AND noun_id = $id AND json_extract_string({side}, '$.title') IS NOT NULL"
    for side in ("before", "after")
)


def _remove_unused(store: Store, own_hash: str) -> None:
    """Remove a file that no other piece of evidence has."""
    with store.cursor() as con:
        sql = "SELECT 1 FROM attachment WHERE content_hash = $hash AND erased_on IS NULL"
        if con.execute(sql, {"hash": own_hash}).fetchone():
            return
    for folder in folders(store):
        attached.remove(folder, own_hash)


def folders(store: Store) -> list[Path]:
    """Where the files are: beside the school's file, and beside its own backups."""
    return [attached.folder_of(store.path), store.path.parent / backup.FOLDER / attached.FOLDER]


def faults(store: Store) -> list[str]:
    """The files that should be there and are not, or are no longer what they were, by the start of their hash."""
    rows = store.rows("SELECT DISTINCT content_hash FROM attachment WHERE erased_on IS NULL")
    found = attached.faults(attached.folder_of(store.path), [row["content_hash"] for row in rows])
    return [own_hash[:12] for own_hash in found]


def export(store: Store, actor: Actor, folder: Path) -> int:
    """Copy the files into a folder of an export, under the id of their row; give their number."""
    require(actor, Right.MANAGE)
    with store.cursor() as con:
        rows = con.execute(
            "SELECT attachment_id, content_hash, file_kind FROM attachment WHERE erased_on IS NULL ORDER BY 1"
        ).fetchall()
    n = 0
    for attachment_id, own_hash, kind in rows:
        try:
            content = attached.read(attached.folder_of(store.path), own_hash)
        except NotFound:
            # The check-up says which one; the rest of the export is no less needed for it.
            continue
        target = folder / attached.FOLDER
        target.mkdir(parents=True, exist_ok=True)
        (target / f"{attachment_id}.{files.KINDS[kind][0]}").write_bytes(content)
        n += 1
    return n
