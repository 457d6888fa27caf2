"""The Inspectie's open data: every figure and verdict in the published file, and one school's line."""

from __future__ import annotations

import numpy as np
import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import inspectie, schemas
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.inspectie import Indicator, Verdict
from tests.imports.made import workbook

YEARS = ("2022-2023", "2023-2024", "2024-2025")
HEADER = [
    "ovt",
    "Naam",
    "Plaats",
    "Gemiddeld %1F 2023",
    "Gemiddeld %1S/2F 2023",
    "Aantal leerlingen 2023",
    "Gemiddelde %1F 2324",
    "Gemiddelde %1S/2F 2324",
    "Aantal leerlingen 2324",
    "Gemiddelde %1F 2425",
    "Gemiddelde %1S/2F 2425",
    "Aantal leerlingen 2425",
    "Schoolweging",
    "Schoolwegingscategorie",
    "Signaleringswaarde 1F",
    "Signaleringswaarde 1S/2F",
    "Gewogen driejaarsgemiddelde %1F",
    "Gewogen driejaarsgemiddelde %1S/2F",
    "Totaal aantal leerlingen 3 jaar",
    "Uitkomst indicator 1F",
    "Uitkomst indicator 1S/2F",
]
ABOVE, BELOW = "Boven de signaleringswaarde", "Onder de signaleringswaarde"
ROWS = [
    [
        "99AA|C1",
        "De Eerste",
        "Ergens",
        "80",
        "40,5",
        "10",
        90.0,
        "50",
        "10",
        "85",
        59.5,
        "10",
        31.47,
        "[31,32)",
        85.0,
        43.5,
        "85",
        "50",
        "30",
        ABOVE,
        ABOVE,
    ],
    [
        "99AA|C2",
        "De Tweede",
        "Elders",
        "*",
        "*",
        "*",
        "*",
        "*",
        "*",
        "*",
        "*",
        "*",
        29.9,
        "[29,30)",
        85.0,
        47.1,
        "75,44",
        "31,58",
        "19",
        BELOW,
        BELOW,
    ],
    [
        "99BB|C1",
        "De Derde",
        "Ergens",
        "",
        "",
        "",
        "93,06",
        "47,22",
        "24",
        "96",
        "64",
        "25",
        "",
        "",
        85.0,
        "",
        "94,56",
        "55,78",
        "49",
        "Te weinig gegevens",
        "Te weinig gegevens",
    ],
]


@pytest.fixture(scope="module")
def made():
    content = workbook({"Toelichting": [["Lees mij"]], "Data": [HEADER, *ROWS]})
    return inspectie.read_open_data(content, "zelfgemaakt.xlsx")


# --- the published file


def test_every_school_in_the_file_is_read_once(open_data):
    assert len(open_data.frame) == 6205
    assert open_data.frame["ovt"].nunique() == 6205
    assert open_data.school_years == YEARS


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        (Indicator.FUNDAMENTAL, {"above": 5960, "below": 56, "small_school": 68, "too_little_data": 121}),
        (Indicator.TARGET, {"above": 5324, "below": 690, "small_school": 68, "too_little_data": 123}),
    ],
)
def test_the_published_outcomes_are_counted_as_published(open_data, indicator, expected):
    assert open_data.frame[f"verdict_{indicator}"].value_counts().to_dict() == expected


@pytest.mark.parametrize("indicator", Indicator)
def test_a_yearly_percentage_counts_three_levels_a_pupil(open_data, indicator):
    frame = open_data.frame[open_data.frame["n_2024-2025"].notna()]
    n = frame["n_2024-2025"]
    levels = frame[f"pct_{indicator}_2024-2025"] / 100 * 3 * n

    assert len(frame) == 5908
    # The file rounds to two decimals, so a level is found back within half a hundredth of a percent of all levels.
    assert ((levels - levels.round()).abs() <= 0.00005 * 3 * n + 1e-9).all()


@pytest.mark.parametrize("indicator", Indicator)
def test_the_three_year_figure_is_reproduced_for_every_school_with_three_years(open_data, indicator):
    shares = open_data.frame[[f"pct_{indicator}_{year}" for year in YEARS]].to_numpy()
    n = open_data.frame[[f"n_{year}" for year in YEARS]].to_numpy()
    complete = ~np.isnan(shares).any(axis=1)

    recomputed = inspectie.three_year_share(shares[complete], n[complete])

    published = open_data.frame.loc[complete, f"total_{indicator}"].to_numpy()
    assert complete.sum() == 5820
    assert np.abs(recomputed - published).max() <= 0.01 + 1e-9


@pytest.mark.parametrize(("indicator", "n_judged"), [(Indicator.FUNDAMENTAL, 6016), (Indicator.TARGET, 6013)])
def test_the_verdict_is_reproduced_for_every_school_that_has_one(open_data, indicator, n_judged):
    frame = open_data.frame
    # One school has an outcome for 1S/2F and no published threshold: there is nothing to compare.
    has_threshold = frame[f"threshold_{indicator}"].notna()
    judged = frame[frame[f"verdict_{indicator}"].isin(["above", "below"]) & has_threshold]

    verdicts = [
        inspectie.verdict_of(figure, threshold)
        for figure, threshold in zip(
            judged[f"total_{indicator}"], judged[f"threshold_{indicator}"], strict=True
        )
    ]

    assert verdicts == judged[f"verdict_{indicator}"].tolist()
    assert len(judged) == n_judged


def test_two_schools_stand_exactly_on_the_threshold_and_are_above(open_data):
    exactly = open_data.frame[open_data.frame["total_1F"] == 85]

    assert exactly["verdict_1F"].tolist().count("above") == 2
    assert set(exactly["verdict_1F"]) == {"above"}


def test_hidden_years_are_counted_as_hidden(open_data):
    assert (open_data.frame["status_2024-2025"] == "masked").sum() == 277
    assert (open_data.frame["status_2022-2023"] == "empty").sum() == 97


def test_the_whole_file_can_be_read_school_by_school(open_data):
    for ovt in open_data.frame["ovt"].iloc[::500]:
        found = inspectie.read_school(open_data, ovt)
        assert found.school.ovt == ovt
        assert len(found.to_outcomes()) == 6


# --- a file of our own


def test_both_spellings_of_the_headers_mean_the_same_years(made):
    assert made.school_years == YEARS


def test_figures_as_text_and_as_numbers_are_both_read(made):
    found = inspectie.read_school(made, "99AA|C1")

    assert [year.percentage for year in found.years if year.indicator is Indicator.TARGET] == [
        40.5,
        50.0,
        59.5,
    ]


def test_the_three_year_figure_stands_beside_its_threshold_and_verdict(made):
    first = inspectie.read_school(made, "99AA|C1").three_years[0]

    assert (first.percentage, first.recomputed, first.threshold, first.verdict) == (
        85.0,
        85.0,
        85.0,
        Verdict.ABOVE,
    )


def test_a_hidden_year_stays_hidden_to_the_end(made):
    outcomes = inspectie.read_school(made, "99AA|C2").to_outcomes()

    assert set(outcomes["status"]) == {"masked"}
    assert outcomes["value"].isna().all()
    assert inspectie.read_school(made, "99AA|C2").three_years[0].recomputed is None


def test_an_absent_year_is_empty_and_an_unknown_weighting_is_none(made):
    found = inspectie.read_school(made, "99BB")

    assert [year.status for year in found.years[:3]] == ["empty", "value", "value"]
    assert found.school_weighting is None
    assert found.three_years[1].threshold is None


def test_a_school_becomes_one_canonical_row_per_indicator_and_year(made):
    outcomes = inspectie.read_school(made, "99AA|C1").to_outcomes()

    schemas.OUTCOMES.validate(outcomes, lazy=True)
    assert outcomes["test"].tolist() == ["1F"] * 3 + ["1S/2F"] * 3
    assert outcomes["n_pupils"].tolist() == [10] * 6
    assert set(outcomes["school_year"]) == set(YEARS)


@pytest.mark.parametrize("code", ["99AA|C1", "99aa-c1", "99AA C1", "99AAC1"])
def test_a_location_is_found_however_its_code_is_written(made, code):
    assert inspectie.read_school(made, code).school.name == "De Eerste"


@pytest.mark.parametrize("code", ["99BB", "99bb00", "99BB|C1"])
def test_the_only_location_needs_no_number(made, code):
    assert inspectie.read_school(made, code).school.ovt == "99BB|C1"


def test_several_locations_are_offered_for_choice(made):
    assert [school.ovt for school in inspectie.read_school(made, "99AA")] == ["99AA|C1", "99AA|C2"]


@pytest.mark.parametrize("code", ["", "9", "99ZZ", "99AA|C7"])
def test_an_unknown_code_offers_nothing(made, code):
    assert inspectie.read_school(made, code) == []


def test_schools_are_searched_by_every_word(made):
    assert [school.ovt for school in inspectie.list_schools(made, "ergens DERDE")] == ["99BB|C1"]
    assert len(inspectie.list_schools(made)) == 3


def test_another_workbook_is_not_the_inspecties():
    with pytest.raises(ImportRejected) as caught:
        inspectie.read_open_data(workbook({"A": [["a", "b"], [1, 2]]}), "boek.xlsx")

    assert caught.value.reason == FileReason.NOT_INSPECTIE


def test_no_pupils_give_no_share():
    assert np.isnan(inspectie.three_year_share([80.0, 90.0], [0, 0]))
