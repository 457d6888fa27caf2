"""Files with evidence: checked by what they are, without metadata, and in step with backup, export and check-up."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from qualitycycle.cycle import attachments, plan, upkeep
from qualitycycle.errors import AttachmentRefused, CycleClosed, Incomplete, NotAllowed, NotFound
from qualitycycle.imports import attached as files
from qualitycycle.model import Attachment
from qualitycycle.store import attached, backup
from qualitycycle.store.connect import open_store

PLACE = b"52.3702"


def photo(kind="JPEG", size=(60, 40), **more):
    """A picture as a phone makes it: with a place, a device, a comment and turned on its side."""
    exif = Image.Exif()
    exif[0x0110] = "Telefoon van Jayden"
    exif[0x0112] = 6
    gps = exif.get_ifd(0x8825)
    gps[29] = "2026:11:20"
    gps[27] = PLACE
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, exif=exif.tobytes(), **more)
    return out.getvalue()


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


WORD = packed(**{"[Content_Types].xml": "<x/>", "word__document.xml": "<x/>"})
SHEET = packed(**{"[Content_Types].xml": "<x/>", "xl__workbook.xml": "<x/>"})
TEXT_DOCUMENT = packed(mimetype="application/vnd.oasis.opendocument.text")


def attach(world, name="les.pdf", content=b"%PDF-1.7 een plan", evidence=None):
    piece = evidence or world.piece()
    return attachments.attach(world.store, world.leader, piece.evidence_id, name, content)


# --- what is kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_keeps_nothing_but_the_picture(kind):
    raw = photo(kind)
    assert PLACE in raw and b"Jayden" in raw

    kept = files.check("bord.jpg", raw).content

    assert PLACE not in kept and b"Jayden" not in kept and b"Exif" not in kept and b"eXIf" not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert not opened.getexif() and opened.info.keys() <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
        }
        # Turned upright before the note about turning went.
        assert opened.size == (40, 60)


def test_a_large_picture_becomes_as_large_as_is_needed():
    with Image.open(io.BytesIO(files.check("x.png", photo("PNG", (5000, 3000))).content)) as opened:
        assert max(opened.size) == files.LONGEST_SIDE


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("plan.pdf", b"%PDF-1.7 x", "plan.pdf"),
        ("verslag", WORD, "verslag.docx"),
        ("lijst.docx", SHEET, "lijst.xlsx"),
        ("les.odt", TEXT_DOCUMENT, "les.odt"),
        ("notitie.txt", "Wij zagen: één les".encode(), "notitie.txt"),
        ("../../map/bord.png", photo(), "bord.jpg"),
        ('v"3.1: les.pdf', b"%PDF-1.7 x", "v3.1 les.pdf"),
    ],
)
def test_a_file_is_called_what_it_is(name, content, kept):
    assert files.check(name, content).name == kept


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("leeg.pdf", b"", "empty_file"),
        ("groot.pdf", b"%PDF-" + b"0" * files.MOST_BYTES, "too_large"),
        ("programma.pdf", b"MZ\x90\x00\x03", "unknown_kind"),
        ("pagina.txt", b"<html><script>1</script>", "unknown_kind"),
        ("map.docx", packed(a="x"), "unknown_kind"),
        ("half.docx", WORD[:40], "damaged"),
        (
            "macro.docm",
            packed(**{"[Content_Types].xml": "", "word__document.xml": "", "word__vbaProject.bin": ""}),
            "has_macros",
        ),
        ("half.jpg", photo()[:300], "damaged"),
    ],
)
def test_what_is_refused_says_why(name, content, reason):
    with pytest.raises(AttachmentRefused) as refused:
        files.check(name, content)

    assert refused.value.reason == reason


def test_a_picture_that_unfolds_too_far_is_refused_unread(monkeypatch):
    monkeypatch.setattr(files, "MOST_PIXELS", 1000)

    with pytest.raises(AttachmentRefused) as refused:
        files.check("bom.png", photo("PNG"))

    assert refused.value.reason == "too_many_pixels"


@pytest.mark.parametrize("name", ["Jayden de Wit.pdf", "toets_123456.pdf", "werk-Fatima.jpg"])
def test_a_name_in_the_name_of_a_file_is_warned_about(name):
    assert attachments.suspects(name)


@pytest.mark.parametrize("name", ["lesplan lezen.pdf", "bord-week-12.jpg"])
def test_a_plain_name_is_not(name):
    assert not attachments.suspects(name)


# --- kept and given back ---------------------------------------------------------------------------------


def test_a_file_comes_back_as_it_was_kept(north_school):
    kept = attach(north_school)

    content = attachments.content_of(north_school.store, north_school.member, kept.attachment_id)

    assert content == b"%PDF-1.7 een plan"
    assert kept.content_hash == attached.hash_of(content) and kept.n_bytes == len(content)


def test_who_reads_along_gets_no_file_and_no_name(north_school):
    kept = attach(north_school)

    assert attachments.of_evidence(north_school.store, north_school.reader, kept.evidence_id) == []
    with pytest.raises(NotAllowed):
        attachments.content_of(north_school.store, north_school.reader, kept.attachment_id)


def test_a_member_adds_and_erases_nothing(north_school):
    kept = attach(north_school)

    with pytest.raises(NotAllowed):
        attachments.attach(north_school.store, north_school.member, kept.evidence_id, "x.pdf", b"%PDF-1")
    with pytest.raises(NotAllowed):
        attachments.erase(north_school.store, north_school.member, kept.attachment_id, "zomaar")


def test_the_same_file_is_kept_once(north_school):
    piece = north_school.piece()
    attach(north_school, evidence=piece)

    with pytest.raises(AttachmentRefused) as refused:
        attach(north_school, name="anders.pdf", evidence=piece)

    assert refused.value.reason == "there_already"


def test_a_closed_cycle_takes_no_file(north_school):
    with pytest.raises(CycleClosed):
        attachments.attach(
            north_school.store, north_school.leader, north_school.old_evidence, "x.pdf", b"%PDF-1"
        )


def test_a_file_that_was_changed_on_disk_is_not_given(north_school):
    kept = attach(north_school)
    path = attached.folder_of(north_school.store.path) / kept.content_hash
    path.write_bytes(b"%PDF-1.7 iets anders")

    with pytest.raises(NotFound):
        attachments.content_of(north_school.store, north_school.leader, kept.attachment_id)
    assert [one.code for one in upkeep.doctor(north_school.store)] == ["attachment_missing"]


# --- erased ----------------------------------------------------------------------------------------------


def test_an_erased_file_is_gone_everywhere_and_its_reason_stays(north_school):
    kept = attach(north_school, name="werk van Jayden.pdf")
    backup.make(north_school.store)
    before = [folder / kept.content_hash for folder in attachments.folders(north_school.store)]
    assert all(path.exists() for path in before)

    attachments.erase(north_school.store, north_school.leader, kept.attachment_id, "Er stond een naam op")

    assert not any(path.exists() for path in before)
    gone = plan.get(north_school.store, north_school.leader, Attachment, kept.attachment_id)
    assert (gone.title, gone.erased_why) == (attachments.ERASED, "Er stond een naam op")
    told = north_school.store.rows("SELECT before, after FROM audit WHERE noun = 'attachment'")
    assert "Jayden" not in str(told)
    assert upkeep.doctor(north_school.store) == []


def test_a_file_that_other_evidence_has_too_stays_there(north_school):
    first, second = attach(north_school), attach(north_school)

    attachments.erase(north_school.store, north_school.leader, first.attachment_id, "Dubbel")

    assert attachments.content_of(north_school.store, north_school.leader, second.attachment_id)
    with pytest.raises(NotFound):
        attachments.content_of(north_school.store, north_school.leader, first.attachment_id)


def test_erasing_asks_why(north_school):
    with pytest.raises(Incomplete):
        attachments.erase(north_school.store, north_school.leader, attach(north_school).attachment_id, " ")


# --- backup, export --------------------------------------------------------------------------------------


def test_a_backup_that_is_put_back_brings_the_files(north_school, tmp_path):
    kept = attach(north_school)
    made = backup.make(north_school.store, tmp_path / "stick")

    backup.restore(made.path, tmp_path / "andere")

    store = open_store(tmp_path / "andere")
    assert attachments.content_of(store, north_school.leader, kept.attachment_id) == b"%PDF-1.7 een plan"
    assert upkeep.doctor(store) == []
    store.close()


def test_an_export_holds_the_files_that_are_there(north_school, tmp_path):
    kept, other = attach(north_school), attach(north_school, content=b"%PDF-1.7 weg")
    attachments.erase(north_school.store, north_school.leader, other.attachment_id, "Oud")

    done = upkeep.export(north_school.store, north_school.leader, tmp_path)

    found = list((done.path / attached.FOLDER).iterdir())
    assert [path.name for path in found] == [f"{kept.attachment_id}.pdf"]
    assert found[0].read_bytes() == b"%PDF-1.7 een plan"
