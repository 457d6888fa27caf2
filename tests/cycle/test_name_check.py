"""The warning about pupils' names: what it notices, and what it leaves alone."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import name_check

KNOWN = ("Karin", "Farid", "Onderbouw", "Voorbeeldschool De Lindeboom", "Begrijpend lezen in groep 5")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Jayden leest nu mee", ("Jayden",)),
        ("Gisteren las Jayden voor", ("Jayden",)),
        ("Het groepje van Milou en Sem ging goed", ("Milou", "Sem")),
        ("Milou's ouders waren blij", ("Milou's",)),
        ("Gisteren hielp Zwanet de kleuters", ("Zwanet",)),
        ("De toets van J. de Wit", ("J. de Wit",)),
        ("Leerling 102938 deed mee", ("102938",)),
        ("Mail naar ouder@voorbeeld.nl", ("ouder@voorbeeld.nl",)),
    ],
)
def test_what_may_be_a_pupil_is_noticed(line, found):
    assert name_check.suspects(line, KNOWN) == found


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Karin oefent met Farid in de Onderbouw",
        "Wij kijken in januari weer. Dan is de Cito-toets klaar",
        "De IB'er en de MR lezen mee in OP2",
        "Groep 5 haalt 84% (21 van 25) in 2026",
        "Begrijpend lezen: elke dag een kwartier",
        "sem is een woord zonder hoofdletter",
        "Samen lezen. Elke ochtend!",
    ],
)
def test_colleagues_words_of_the_school_and_beginnings_of_sentences_are_left_alone(line):
    assert name_check.suspects(line, KNOWN) == ()
