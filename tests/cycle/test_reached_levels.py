"""Reached reference levels over three years, as the Inspectie counts them, and what stands beside them."""

import json
from pathlib import Path

import pytest

from qualitycycle import charts, i18n
from qualitycycle.cycle import (
    comparing,
    import_files,
    import_preview,
    level_sides,
    open_data,
    reached_levels,
    series,
    views,
)
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.imports.inspectie import Verdict
from tests.imports.made import workbook
from tests.imports.test_inspectie import HEADER as INSPECTIE_HEADER
from tests.imports.test_inspectie import ROWS as INSPECTIE_ROWS

PUBLISHED = (
    Path(__file__).parents[3] / "shared/reference/imports/open_data_po/leerresultaten_po_2023_2025.ods"
)
HEADER = "Schooljaar;Jaargroep;Vakgebied;Percentage;Referentieniveau;Aantal leerlingen"


def read_in(world, folder, name, content, **more):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_files.import_file(world.store, world.leader, path, **more)


def own_results(world, folder, years, level="1S/2F"):
    rows = [f"{year};8;taal en rekenen;{share};{level};{n}" for year, (share, n) in years.items()]
    return read_in(world, folder, "eigen.csv", "\n".join([HEADER, *rows]))


def weighting(world, folder, year="2024-2025", value="31,47"):
    sheet = {
        f"Schoolweging {year}": [["OVT", "Naam", "Plaats", "Schoolweging"], ["99ZZ|C1", "A", "B", value]]
    }
    return read_in(world, folder, f"weging {year}.xlsx", workbook(sheet), brin="99ZZ")


def asked(world, level="1S/2F", **more):
    lines = series.selections(world.store, world.leader)
    line = next(one for one in lines if reached_levels.is_reached_levels(one) and one.level == level)
    return views.result(world.store, world.leader, View(ViewKind.THREE_YEARS, line, **more))


def drawn(found):
    return charts.three_years(found.figures, "Taal en rekenen", theme="light")


THREE = {"2022-2023": ("40", 10), "2023-2024": ("50", 20), "2024-2025": ("46", 10)}


def test_own_results_and_the_school_weighting_give_the_threshold_of_those_years(north_school, tmp_path):
    own_results(north_school, tmp_path, THREE)
    weighting(north_school, tmp_path)

    found = asked(north_school).figures

    assert (found.share, found.n, found.n_years) == (46.5, 40, 3)
    told = {one.name: (one.value, one.first_year, one.last_year) for one in found.beside}
    assert told["threshold"] == (43.5, "2022-2023", "2024-2025")
    assert told["similar"] == (54.47, "2022-2023", "2024-2025")
    assert told["national"] == (57.2, "2022-2023", "2024-2025")
    assert found.verdict is Verdict.ABOVE


def test_exactly_on_the_threshold_counts_as_above(north_school, tmp_path):
    own_results(north_school, tmp_path, dict.fromkeys(THREE, ("43,5", 12)))
    weighting(north_school, tmp_path)

    found = asked(north_school)

    assert found.figures.verdict is Verdict.ABOVE
    with i18n.speaking("nl"):
        assert "precies" in drawn(found).notes[0]


def test_below_the_threshold_is_said_and_is_no_norm_for_a_teacher(north_school, tmp_path):
    own_results(north_school, tmp_path, dict.fromkeys(THREE, ("43,4", 12)))
    weighting(north_school, tmp_path)

    found = asked(north_school)

    assert found.figures.verdict is Verdict.BELOW
    with i18n.speaking("en"):
        verdict, *_others, about = drawn(found).notes
    assert verdict == "43.4% of level 1S/2F reached: below the Inspectorate's threshold of 43.5%."
    assert "no norm for a group or a teacher" in about


def test_four_lines_have_four_names_on_the_chart_in_the_table_and_in_words(north_school, tmp_path):
    own_results(north_school, tmp_path, THREE)
    weighting(north_school, tmp_path)

    with i18n.speaking("en"):
        figure = drawn(asked(north_school, ambition=55.0))

    years = "2022-2023 to 2024-2025"
    names = [
        "Our ambition",
        f"Inspectorate's threshold, {years}",
        f"National mean, {years}",
        f"Similar schools, {years}",
    ]
    assert list(figure.data.loc[figure.data["kind"] == "side", "title"]) == names
    assert list(figure.data.loc[figure.data["kind"] == "rule", "value"]) == [55.0, 43.5, 57.2, 54.47]
    assert list(figure.table["What"])[-4:] == names
    said = " ".join(figure.notes)
    assert all(name.partition(",")[0] in said for name in names)


def test_without_a_weighting_there_is_no_threshold_and_no_verdict(north_school, tmp_path):
    own_results(north_school, tmp_path, THREE)

    found = asked(north_school)

    assert [one.name for one in found.figures.beside] == ["national"]
    assert found.figures.verdict is None
    with i18n.speaking("en"):
        assert "no verdict" in drawn(found).notes[0]


def test_results_before_the_first_table_have_nothing_beside_them(north_school, tmp_path):
    years = {"2015-2016": ("40", 10), "2016-2017": ("50", 20), "2017-2018": ("46", 10)}
    own_results(north_school, tmp_path, years)
    weighting(north_school, tmp_path, "2017-2018")

    assert asked(north_school).figures.beside == ()


@pytest.mark.parametrize(
    ("value", "threshold"), [("20", 68.3), ("20,99", 68.3), ("21", 65.0), ("39,9", 30.3), ("40", None)]
)
def test_a_band_holds_its_lower_bound(north_school, tmp_path, value, threshold):
    weighting(north_school, tmp_path, value=value)

    beside = level_sides.beside_of(north_school.store, "1S/2F", "2024-2025")

    assert next((one.value for one in beside if one.name == "threshold"), None) == threshold


def test_a_year_of_four_pupils_is_hidden_and_would_follow_from_three_years(north_school, tmp_path):
    own_results(north_school, tmp_path, {**THREE, "2024-2025": ("60", 4)})

    hidden = asked(north_school).figures

    assert [one.value for one in hidden.years] == [40.0, 50.0, None]
    assert (hidden.share, hidden.verdict, hidden.reason) == (None, Verdict.TOO_LITTLE_DATA, "would_follow")


def test_a_small_school_is_looked_at_over_five_years_though_each_is_hidden(north_school, tmp_path):
    years = {f"{first}-{first + 1}": ("40" if first < 2022 else "60", 4) for first in range(2020, 2025)}
    own_results(north_school, tmp_path, years)

    found = asked(north_school)

    assert [one.value for one in found.figures.years] == [None] * 5
    assert (found.figures.n_years, found.figures.share, found.n) == (5, 52.0, 20)
    with i18n.speaking("en"):
        assert "5 years together" in drawn(found).alt


def test_years_of_seven_and_four_are_together_enough_where_none_is_shown(north_school, tmp_path):
    own_results(
        north_school, tmp_path, {"2022-2023": ("40", 4), "2023-2024": ("50", 4), "2024-2025": ("46", 7)}
    )

    found = asked(north_school).figures

    # The year of seven is shown, and what is left is about eight.
    assert [one.n for one in found.years] == [None, None, 7]
    assert (found.n, found.share) == (15, pytest.approx((4 * 40 + 4 * 50 + 7 * 46) / 15))


def test_a_missing_year_gives_no_verdict(north_school, tmp_path):
    own_results(north_school, tmp_path, {year: THREE[year] for year in ("2022-2023", "2024-2025")})
    weighting(north_school, tmp_path)

    assert asked(north_school).figures.verdict is Verdict.TOO_LITTLE_DATA


def point(year, share, n):
    return series.Point(series.day_of(year, "DT", None), f"{year} DT", share, n)


def test_fewer_than_fifteen_in_three_years_takes_five():
    years = [point(f"{first}-{first + 1}", 40.0 if first < 2022 else 60.0, 4) for first in range(2020, 2025)]

    found = reached_levels._over(years)
    assert (found.n_years, found.share, found.n) == (5, 52.0, 20)
    lacking = reached_levels._over(years[1:])
    assert (lacking.n_years, lacking.share, lacking.missing) == (5, None, ("2020-2021",))


def test_numbers_of_duo_add_up_to_the_share(north_school, tmp_path):
    columns = [
        "PEILDATUM", "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM_VESTIGING", "PLAATSNAAM",
        "REKENEN_LAGER1F", "REKENEN_1F", "REKENEN_1S", "LV_LAGER1F", "LV_1F", "LV_2F", "TV_LAGER1F", "TV_1F", "TV_2F",
    ]  # fmt: skip
    for first in (2022, 2023, 2024):
        row = [f"{first + 1}-07-01", "99ZZ", "00", "De Eerste", "Ergens", 5, 10, 15, 6, 9, 15, 7, 13, 10]
        text = ",".join(columns) + "\n" + ",".join(map(str, row))
        read_in(north_school, tmp_path, f"duo {first}.csv", text, brin="99ZZ00")
    line = series.selections(north_school.store, north_school.leader)[0]
    shares = {one.level: one for one in reached_levels.of_line(north_school.store, line)}

    found = {
        level: views.result(north_school.store, north_school.leader, View(ViewKind.THREE_YEARS, one)).figures
        for level, one in shares.items()
    }

    assert found["1F"].share == pytest.approx(100 * (90 - 18) / 90)
    assert found["1S/2F"].share == pytest.approx(100 * 40 / 90)
    assert found["1F"].n == 90


def test_a_published_figure_stands_where_the_years_are_hidden(north_school, tmp_path):
    content = workbook({"Data": [INSPECTIE_HEADER, *INSPECTIE_ROWS]})
    prepared = import_preview.read_file(north_school.store, north_school.leader, content, "po.xlsx")
    for school in open_data.inspectie_schools(prepared, ""):
        results = open_data.inspectie_school(prepared, school.ovt)
        open_data.import_inspectie(north_school.store, north_school.leader, prepared, results)
        agrees(north_school, results)


def agrees(world, results):
    for published in results.three_years:
        found = asked(world, str(published.indicator)).figures
        assert found.verdict is published.verdict, results.school
        if published.verdict in (Verdict.ABOVE, Verdict.BELOW):
            assert found.share == pytest.approx(published.percentage, abs=0.01)
        assert dict((one.name, one.value) for one in found.beside).get("threshold") == published.threshold


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published file is not here")
def test_schools_of_the_published_file_get_the_published_figure_and_verdict(north_school):
    prepared = import_preview.read_file(north_school.store, north_school.leader, PUBLISHED, PUBLISHED.name)
    frame = prepared.open_data.frame
    for verdict in list(Verdict):
        for hidden in (True, False):
            fits = (frame["verdict_1S/2F"] == verdict) & (frame["status_2024-2025"] == "masked").eq(hidden)
            for code in frame.loc[fits & frame["weighting"].notna(), "ovt"].head(2):
                results = open_data.inspectie_school(prepared, code)
                open_data.import_inspectie(north_school.store, north_school.leader, prepared, results)
                agrees(north_school, results)


def test_it_is_kept_and_read_back(north_school, tmp_path):
    own_results(north_school, tmp_path, THREE)
    weighting(north_school, tmp_path)
    found = asked(north_school, ambition=55.0)

    assert views.result_from(json.loads(json.dumps(views.result_as_json(found)))) == found


def test_another_line_says_why_not():
    line = Selection("maths", "score", pupils=True, test="T", scale="S", year_group="5")

    assert comparing.fitting(line)[ViewKind.THREE_YEARS] == "not_reached_levels"
    assert comparing.fitting(line)[ViewKind.LINE] is None
