"""What a file is, by its content and not by its name."""

from __future__ import annotations

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, recognise
from tests.imports.conftest import INSPECTIE_FILE
from tests.imports.made import HEADER, workbook
from tests.imports.test_inspectie import HEADER as INSPECTIE_HEADER


def test_a_text_file_is_a_table():
    assert recognise(f"{HEADER}\n".encode(), "iets.ods") is Kind.TABLE


def test_a_workbook_of_a_school_is_a_table():
    assert recognise(workbook({"A": [["a", "b"], [1, 2]]}), "export.csv") is Kind.TABLE


def test_the_inspecties_headers_are_recognised_under_another_name():
    assert recognise(workbook({"Uitleg": [["x"]], "D": [INSPECTIE_HEADER]}), "iets.xlsx") is Kind.INSPECTIE


def test_the_published_file_is_recognised(open_data):
    assert recognise(INSPECTIE_FILE, "resultaten") is Kind.INSPECTIE


def test_a_picture_is_refused():
    with pytest.raises(ImportRejected):
        recognise(b"\x89PNG\r\n\x1a\n", "export.csv")


@pytest.mark.parametrize("header", ["sourcedId,status,title", '"propertyName","value"'])
def test_one_file_of_oneroster_asks_for_the_others(header):
    with pytest.raises(ImportRejected) as caught:
        recognise(f"{header}\na,b,c\n".encode(), "classes.csv")

    assert caught.value.reason == "one_of_oneroster"
