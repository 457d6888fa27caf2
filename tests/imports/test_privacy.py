"""Columns about a person do not come further than the door."""

from __future__ import annotations

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import privacy
from qualitycycle.imports.fields import Reason
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.mapping import suggest_mapping
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.privacy import Drop
from tests.imports.made import HEADER, pseudonym, read, table, with_good_rows

# Made up so that they pass the eleven-test.
BSNS = ["111222333", "123456782", "999990019", "100000009"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Naam", Drop.NAME),
        ("Roepnaam", Drop.NAME),
        ("Achternaam leerling", Drop.NAME),
        ("Groepsleerkracht", Drop.STAFF_NAME),
        ("BSN", Drop.BSN),
        ("ECK iD", Drop.ECK_ID),
        ("Geb. datum", Drop.BIRTH_DATE),
        ("Postcode", Drop.ADDRESS),
        ("E-mail ouder", Drop.EMAIL),
        ("Telefoonnummer", Drop.PHONE),
        ("TIQ", Drop.INTELLIGENCE),
        ("Dyslexieverklaring", Drop.HEALTH),
        ("Geslacht", Drop.HOME),
        ("Opmerkingen", Drop.FREE_TEXT),
    ],
)
def test_a_personal_column_is_known_by_its_name(header, expected):
    assert privacy.by_name(header) is expected


@pytest.mark.parametrize(
    "header", ["Naam toets", "Toetsnaam", "Groepsnaam", "Leerlingnummer", "Vaardigheidsscore", "Niveau"]
)
def test_a_name_of_a_test_or_group_is_not_personal(header):
    assert privacy.by_name(header) is None


@pytest.mark.parametrize("number", BSNS)
def test_the_eleven_test_finds_a_bsn(number):
    assert privacy.is_bsn(number)


@pytest.mark.parametrize("text", ["123456789", "000000000", "12345", "2025-2026", "12-03-2026", ""])
def test_what_fails_the_eleven_test_or_is_no_number_is_no_bsn(text):
    assert not privacy.is_bsn(text)


def test_bsns_are_found_under_an_innocent_name():
    found = table("Code;Groep\n" + "".join(f"{bsn};5a\n" for bsn in BSNS))

    assert privacy.personal_columns(found) == {"Code": Drop.BSN}


def test_compact_dates_are_not_taken_for_bsns():
    found = table("Peildatum;Groep\n" + "".join(f"202603{day:02d};5a\n" for day in range(1, 29)))

    assert privacy.personal_columns(found) == {}


def test_mail_addresses_are_found_under_an_innocent_name():
    assert privacy.personal_columns(
        table("Account;n\nleerling1@school.test;1\nleerling2@school.test;2\n")
    ) == {"Account": Drop.EMAIL}


def test_pupils_are_dropped_when_they_stand_there_by_name_and_kept_by_number():
    assert privacy.by_values("Leerling", ["(voornaam a)", "(voornaam b)"]) is Drop.NAME
    assert privacy.by_values("Leerling", ["1001", "1002"]) is None


def test_a_pupil_column_full_of_bsns_refuses_the_file():
    found = table(f"{HEADER}\n" + "".join(f"{bsn};2025-2026;5;rekenen;M5;7\n" for bsn in BSNS))
    mapping = suggest_mapping(found).with_columns(pupil="Leerlingnummer")

    with pytest.raises(ImportRejected) as caught:
        read_outcomes(found, mapping, pseudonym=pseudonym)

    assert caught.value.reason == FileReason.PUPIL_COLUMN_BSN


def test_a_pupil_column_with_names_refuses_the_file():
    found = table("Naam;Schooljaar;Jaargroep;Vakgebied;Score\n(naam);2025-2026;5;rekenen;7\n")

    with pytest.raises(ImportRejected) as caught:
        read_outcomes(found, suggest_mapping(found).with_columns(pupil="Naam"), pseudonym=pseudonym)

    assert caught.value.reason == FileReason.PUPIL_COLUMN_PERSONAL


def test_names_under_the_header_of_a_number_refuse_the_file():
    found = table("Code;Schooljaar;Jaargroep;Vakgebied;Score\n(naam), (voornaam);2025-2026;5;rekenen;7\n")

    with pytest.raises(ImportRejected) as caught:
        read_outcomes(found, suggest_mapping(found).with_columns(pupil="Code"), pseudonym=pseudonym)

    assert caught.value.reason == FileReason.PUPIL_COLUMN_PERSONAL


def test_dropped_columns_are_reported_and_leave_no_trace():
    header = f"{HEADER};Roepnaam;Kleur"
    result = read(
        f"{header}\n1001;2025-2026;9;rekenen;M5;7;geheim;blauw\n1002;2025-2026;5;rekenen;M5;7;geheim;blauw\n"
    )

    assert {(d.column, d.reason) for d in result.dropped_columns} == {
        ("Roepnaam", Drop.NAME),
        ("Kleur", Drop.UNMAPPED),
    }
    assert "geheim" not in result.refused.to_csv()
    assert "blauw" not in result.refused.to_csv()


def test_a_bsn_in_a_score_is_not_repeated_in_the_refused_rows():
    result = with_good_rows("1001;2025-2026;5;rekenen;M5;111222333")

    assert result.counts.refused == 1
    assert "111222333" not in result.refused.to_csv()


def test_a_stray_bsn_among_pupil_numbers_is_refused():
    result = with_good_rows("111222333;2025-2026;5;rekenen;M5;7")

    assert result.refused["reason"].tolist() == [Reason.PERSONAL_DATA]


def test_the_pupil_number_is_nowhere_in_what_is_kept():
    result = read(
        f"{HEADER}\n77001;2025-2026;5;rekenen;M5;7\n77002;2025-2026;5;rekenen;M5;x\n",
    )

    kept = result.accepted.to_csv() + result.refused.to_csv()
    assert "p-77001" in kept
    assert "p-77002" in kept
    assert "77001" not in kept.replace("p-77001", "")
    assert "77002" not in kept.replace("p-77002", "")


def test_a_long_text_without_an_address_is_looked_through_once():
    # From each of its signs on it would take hours.
    assert not privacy.is_personal("A" * 1_000_000)
    assert privacy.is_personal("A" * 1_000_000 + " iemand@school.test")
