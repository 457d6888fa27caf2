"""The door for XML: what is asked for comes in, what can hurt does not."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import xml
from qualitycycle.imports.files import FileReason
from tests.imports.conftest import SAMPLES

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a k="&l11;">&l11;</a>'


def read(text, *paths):
    content = text.encode() if isinstance(text, str) else text
    return xml.read(io.BytesIO(content), "dossier.xml", paths)


def refused(text, *paths):
    with pytest.raises(ImportRejected) as caught:
        read(text, *paths)
    return caught.value.reason


def test_only_what_is_asked_for_comes_in():
    top = read('<a><b><c key="1" eckid="x">een</c><name>Piet</name></b><d>weg</d></a>', "a/b/c")

    assert [found.text for found in top.all("b/c")] == ["een"]
    assert next(top.all("b/c")).attributes == {"key": "1"}
    assert "Piet" not in repr(top) and "weg" not in repr(top)


def test_what_has_the_same_name_elsewhere_stays_outside():
    top = read("<a><x><b>niet deze</b></x><b>deze</b></a>", "a/b")

    assert [found.text for found in top.all("b")] == ["deze"]
    assert "niet deze" not in repr(top)


def test_namespaces_and_lines_are_told():
    text = '<a xmlns="urn:school">\n<b>\neen\n</b>\n<b>twee</b></a>'

    assert [(b.text, b.line) for b in read(text, "a/b").all("b")] == [("een", 2), ("twee", 5)]
    assert xml.root_of(io.BytesIO(text.encode()), "x") == xml.Root("a", "urn:school")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7"])
def test_entities_are_refused_before_there_is_one(encoding):
    declared = BOMB.replace('"1.0"', f'"1.0" encoding="{encoding}"')
    tracemalloc.start()

    reason = refused(declared.encode(encoding), "a")

    assert reason == FileReason.XML_DOCTYPE
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_file_elsewhere_is_never_fetched(tmp_path):
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim", encoding="utf-8")

    for kind in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', '<!ENTITY % x SYSTEM "http://192.0.2.1/x">%x;'):
        assert refused(f"<!DOCTYPE a [{kind}]><a>&x;</a>", "a") == FileReason.XML_DOCTYPE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<a>" * 100 + "</a>" * 100, FileReason.XML_TOO_COMPLEX),
        ("<a><b></a>", FileReason.BROKEN_XML),
        ("<a>&onbekend;</a>", FileReason.BROKEN_XML),
        ("<a>" + "<b>x</b>" * 5, FileReason.BROKEN_XML),
        ("<?xml version='1.0' encoding='utf-8'?>", FileReason.BROKEN_XML),
        ('<a k="' + "x" * 20_000_000 + '"/>', FileReason.BROKEN_XML),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text, reason):
    assert refused(text, "a/b") == reason


def test_too_many_elements_are_refused(monkeypatch):
    monkeypatch.setattr(xml, "MAX_KEPT", 100)

    assert refused("<a>" + "<b/>" * 101 + "</a>", "a/b") == FileReason.XML_TOO_COMPLEX
    assert len(list(read("<a>" + "<b/>" * 99 + "</a>", "a/b").children)) == 99


def test_a_document_inside_takes_no_room():
    big = "<a><document>" + "x" * 40_000_000 + "</document><b>een</b></a>"
    stream = io.BytesIO(big.encode())
    tracemalloc.start()

    top = xml.read(stream, "dossier.xml", ["a/b"])

    assert top.text_at("b") == "een"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_text_that_goes_on_is_cut():
    assert len(read("<a><b>" + "x" * 5_000_000 + "</b></a>", "a/b").text_at("b")) <= xml.MAX_TEXT + 1


def test_a_web_page_and_a_table_are_no_xml():
    for text in ("<!DOCTYPE html><html>", "<html><body>", "a;b\n1;2", "", "<5;6"):
        assert not xml.is_markup(io.BytesIO(text.encode()))
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        assert xml.is_markup(io.BytesIO("<?xml version='1.0'?><a/>".encode(encoding)))


OWN = (SAMPLES / "oso_dossier.xml").read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_was_done_to_a_file_it_is_read_or_refused(data):
    spoiled = bytearray(OWN)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        end = data.draw(st.integers(at, min(at + 400, len(spoiled))))
        spoiled[at:end] = data.draw(
            st.binary(max_size=40) | st.sampled_from([b"", b"<", b"</toets>", b"&x;", b"]]>"])
        )
    try:
        xml.read(io.BytesIO(bytes(spoiled)), "x.xml", ["dossier/huidigeschool/leerling/leerlingid"])
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason)
