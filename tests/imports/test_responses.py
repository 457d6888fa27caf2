"""A form filled in elsewhere: what comes through the door, what stays behind, and how words become values."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from qualitycycle import instruments
from qualitycycle.imports import responses
from qualitycycle.imports.responses import Aside, FormMapping, Gone

DATA = Path(__file__).parent.parent / "data" / "imports"
ONE = instruments.instrument("collectief_vakmanschap")
TEAMS = ["Onderbouw", "Bovenbouw"]
STATEMENTS = [item.text["nl"] for item in ONE.items]


def forms(text, name="formulier.csv", teams=TEAMS):
    return responses.read_forms(text.encode() if isinstance(text, str) else text, name, ONE, teams)


def made(*rows, heads=("Naam", *STATEMENTS)):
    """A file with a column of names before the statements."""
    return "\n".join(";".join(row) for row in (heads, *rows)) + "\n"


def row(name="Iemand", value="mee eens", **by_place):
    return [name, *[by_place.get(f"v{n}", value) for n in range(1, 17)]]


def read(text, **mapping):
    found = forms(text)
    start = {"columns": found.suggested, "team": "t", **mapping}
    return responses.read_rows(found, FormMapping(**start), ONE)


def workbook(*rows):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Form1")
        for n, one in enumerate(rows):
            sheet.write_row(n, 0, one)
    return made.getvalue()


@pytest.mark.parametrize("name", ["microsoft_forms_nl.csv", "google_forms_en.csv"])
def test_both_exports_are_read_without_a_choice_by_hand(name):
    found = responses.read_forms(DATA / name, name, ONE, TEAMS)

    assert list(found.suggested) == [item.key for item in ONE.items]
    assert found.n == 12
    assert len(found.teams) == 1


def test_a_microsoft_export_leaves_times_mail_name_and_remarks_behind():
    found = responses.read_forms(DATA / "microsoft_forms_nl.csv", "f.csv", ONE, TEAMS)

    assert {one.heading: one.why for one in found.left} == {
        "Id": Gone.NUMBER,
        "Begintijd": Gone.TIME,
        "Tijd van voltooien": Gone.TIME,
        "E-mail": Gone.MAIL,
        "Naam": Gone.NAME,
        "Tijd van laatste wijziging": Gone.TIME,
        "Wil je nog iets kwijt?": Gone.OTHER,
    }
    assert found.n_empty == 1


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Starttijd", ["3-11-2026 9:00", "3-11-2026 9:01", "4-11-2026 9:02"]),
        ("Start time", ["11/3/26 9:00:01", "11/3/26 9:01:01", "11/4/26 9:02:01"]),
        ("Wanneer?", ["2026-11-03 09:00:00", "2026-11-03 09:00:00", "2026-11-04 09:02:00"]),
        ("Tijdstempel", ["x", "y", "z"]),
        ("Score", ["1", "2", "2"]),
        ("Punten - vraag 1", ["1", "2", "2"]),
        ("ID", ["4", "3", "2"]),
        ("Volgnr", ["1", "2", "3"]),
        ("IP", ["10.0.0.1", "10.0.0.2", "10.0.0.2"]),
        ("Herkomst", ["10.0.0.1", "10.0.0.2", "10.0.0.2"]),
        ("Wie?", ["een@school.example", "twee@school.example", "drie@school.example"]),
        ("Gebruikersnaam", ["een", "twee", "drie"]),
        ("Wat wil je nog kwijt?", ["Dit", "Dat", "Niets"]),
    ],
)
def test_what_is_no_answer_stays_behind(heading, values):
    found = forms(made(*([value, *row()[1:]] for value in values), heads=(heading, *STATEMENTS)))

    assert [one.heading for one in found.left] == [heading]
    assert heading not in found.answers
    assert heading not in found.teams


def test_a_statement_about_parents_is_no_column_about_parents():
    own = "Wij spreken als team met ouders over de leerkracht."
    heads = ("Naam", own, *STATEMENTS[1:])

    found = forms(made(row(), row(), row(value="mee oneens"), heads=heads))

    assert own in found.answers
    assert found.suggested["cv_01"] == own


def test_statements_in_another_order_find_their_own_column():
    heads = ("Naam", *reversed(STATEMENTS))

    found = forms(made(row(), row(), heads=heads))

    assert found.suggested == {item.key: item.text["nl"] for item in ONE.items}


def test_numbered_columns_are_taken_by_number():
    found = forms(made(row(value="4"), row(value="2"), heads=("Naam", *[f"Vraag {n}" for n in range(1, 17)])))

    assert found.suggested["cv_07"] == "Vraag 7"
    assert len(found.suggested) == 16


def test_the_words_of_a_grid_are_those_between_the_brackets():
    heads = ("Naam", *[f"Wat vind je? [{text}]" for text in STATEMENTS])

    assert forms(made(row(), row(), heads=heads)).suggested["cv_16"] == heads[16]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("helemaal mee eens", 6), ("Helemaal mee eens.", 6), ("strongly agree", 6), ("4", 4), ("4,0", 4), ("4.0", 4),
        ("4 - enigszins mee eens", 4), ("geen antwoord", 0), ("", 0), ("4 - mee eens", None), ("7", None),
        ("0", None), ("eens", None), ("4,5", None),
    ],
)  # fmt: skip
def test_only_what_is_certain_becomes_a_value(cell, value):
    assert responses.value_of(cell, responses.choices(ONE)) == value


def test_choices_we_do_not_know_are_listed_and_never_guessed():
    text = made(row(value="eens"), row(value="oneens"), row(value="mee eens"))
    found = forms(text)
    mapping = FormMapping(found.suggested, team="t")

    assert set(responses.unknown_words(found, mapping, ONE)) == {"eens", "oneens"}
    assert len(responses.read_rows(found, mapping, ONE).given) == 1
    told = read(text, words={"eens": 5, "oneens": 2})
    assert sorted(answers["cv_01"] for _team, answers in told.given) == [2, 5, 5]


def test_what_one_person_typed_is_nowhere_to_be_seen():
    text = made(row(), row(v3="Ik ben het, iemand@school.example"), row(v4="Vraag maar aan mij"))
    found = forms(text)

    assert "Ik ben" not in repr(found)
    assert "aan mij" not in repr(vars(found))
    assert responses.unknown_words(found, FormMapping(found.suggested), ONE) == []


def test_a_row_with_an_impossible_value_is_kept_out_by_its_place_alone():
    found = read(made(row(), row(v3="9"), row()))

    assert [(one.line, one.column, one.why) for one in found.aside] == [(3, STATEMENTS[2], Aside.ANSWER)]
    assert len(found.given) == 2


def test_people_who_answered_alike_all_count():
    assert len(read(made(*[row() for _n in range(7)])).given) == 7


def test_a_row_without_an_answer_is_empty():
    found = forms(made(row(), row(), ["Iemand", *[""] * 16]))

    assert (found.n, found.n_empty) == (2, 1)


def test_a_team_that_is_not_told_is_kept_out():
    heads = ("Team", *STATEMENTS)
    text = made(row("Onderbouw"), row("Onderbouw"), row("Middenbouw"), row("Middenbouw"), heads=heads)

    found = read(text, team_column="Team", teams={"Onderbouw": "ob"})

    assert found.n_by_team == {"ob": 2}
    assert {(one.line, one.why) for one in found.aside} == {(4, Aside.TEAM), (5, Aside.TEAM)}


def test_rows_are_in_no_order():
    text = made(*[row(v1=str(1 + n % 6), v2=str(1 + n // 6)) for n in range(36)])

    orders = {tuple(forms(text).lines) for _n in range(5)}

    assert len(orders) == 5


def test_a_workbook_with_moments_is_read_like_the_text():
    content = workbook(
        ["ID", "Begintijd", "E-mail", "Naam", *STATEMENTS],
        *[[n, "2026-11-03 15:00:00", "anonymous", "", *["Mee eens"] * 16] for n in range(1, 7)],
    )

    found = forms(content, "formulier.xlsx")

    assert {one.why for one in found.left} == {Gone.NUMBER, Gone.TIME, Gone.MAIL, Gone.NAME}
    assert len(responses.read_rows(found, FormMapping(found.suggested, team="t"), ONE).given) == 6
