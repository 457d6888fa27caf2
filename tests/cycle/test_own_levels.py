"""A school's own reference levels, pupil by pupil, added up as the Inspectie does; and what is hidden beside others."""

from dataclasses import replace

import pandas as pd
import pytest

from qualitycycle import charts, i18n
from qualitycycle.cycle import gate, import_batches, import_files, level_gate, reached_levels, series, views
from qualitycycle.cycle.reached_levels import Source, SubjectYear
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import NotAllowed
from qualitycycle.imports.inspectie import Indicator

HEADER = "Leerling;Schooljaar;Jaargroep;Vakgebied;Toets;Referentieniveau"
SUBJECTS = {"Lezen": "2F", "Taalverzorging": "2F", "Rekenen": "1S"}
YEARS = ("2022-2023", "2023-2024", "2024-2025")


def read_in(world, folder, sizes, *, subjects=tuple(SUBJECTS)):
    """Of every three pupils one is below 1F, one at 1F and one at the higher level, in each subject."""
    rows = [
        f"p{year}{place:02};{year};8;{subject};Doorstroomtoets;{('<1F', '1F', SUBJECTS[subject])[place % 3]}"
        for year, n in sizes.items()
        for place in range(n)
        for subject in subjects
    ]
    path = folder / f"niveaus {len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return import_files.import_file(world.store, world.leader, path)


def published(world, sizes, share=50.0):
    about = {
        "moment": "DT", "year_group": "8", "subject": "language_and_maths", "test": "1F", "scale": "reference",
        "score_kind": "percentage", "level_name": "1F", "status": "value",
    }  # fmt: skip
    rows = [
        {"line": place, "school_year": year, "value": share, "n_pupils": n, **about}
        for place, (year, n) in enumerate(sizes.items())
    ]
    return world.import_frame(pd.DataFrame(rows))


def asked(world, level=Indicator.FUNDAMENTAL, source=Source.OWN, actor=None):
    line = reached_levels._share(level, source)
    return views.result(world.store, actor or world.leader, View(ViewKind.THREE_YEARS, line))


def said(found):
    with i18n.speaking("en"):
        return charts.three_years(found.figures, "Levels", theme="light").notes


def test_own_rows_add_up_per_subject_per_year_and_over_three_years(north_school, tmp_path):
    read_in(north_school, tmp_path, {"2022-2023": 12, "2023-2024": 15, "2024-2025": 10})

    found = asked(north_school, Indicator.FUNDAMENTAL).figures
    higher = asked(north_school, Indicator.TARGET).figures

    # Below 1F are 4 of 12, 5 of 15 and 4 of 10; at the higher level 4, 5 and 3.
    assert (found.n, found.share) == (37, pytest.approx(100 * 24 / 37))
    assert higher.share == pytest.approx(100 * 12 / 37)
    assert [(one.n, round(one.value, 2)) for one in found.years] == [(12, 66.67), (15, 66.67), (10, 60.0)]
    assert found.subjects[:3] == (
        SubjectYear("2024-2025", "reading", 10, 6),
        SubjectYear("2024-2025", "language_conventions", 10, 6),
        SubjectYear("2024-2025", "maths", 10, 6),
    )


def test_a_group_of_eight_a_year_has_three_years_together_and_no_single_one(north_school, tmp_path):
    read_in(north_school, tmp_path, dict.fromkeys(YEARS, 8))

    found = asked(north_school).figures

    assert [(one.value, one.reason) for one in found.years] == [(None, "too_few")] * 3
    assert {one.n for one in found.subjects} == {None}
    assert (found.n_years, found.n, found.share) == (3, 24, pytest.approx(100 * 15 / 24))


def test_a_group_of_four_a_year_is_counted_over_five_years(north_school, tmp_path):
    read_in(north_school, tmp_path, {f"{year}-{year + 1}": 4 for year in range(2020, 2025)})

    found = asked(north_school).figures

    assert (found.n_years, found.n) == (5, 20)
    assert (
        "Fewer than 15 pupils in three years: as the Inspectorate does, these are 5 years together."
        in said(asked(north_school))
    )


@pytest.mark.parametrize(
    ("sizes", "subjects", "reason"),
    [
        ({"2023-2024": 20, "2024-2025": 20}, tuple(SUBJECTS), "nothing is here yet of 2022-2023"),
        (dict.fromkeys(YEARS, 20), ("Lezen", "Rekenen"), "no levels of all three"),
        (dict.fromkeys(YEARS, 4), tuple(SUBJECTS), "2020-2021, 2021-2022"),
        ({"2022-2023": 20, "2023-2024": 20, "2024-2025": 4}, tuple(SUBJECTS), "tell about a few pupils"),
    ],
)
def test_one_sentence_says_why_there_is_no_figure_and_what_to_do(
    north_school, tmp_path, sizes, subjects, reason
):
    read_in(north_school, tmp_path, sizes, subjects=subjects)

    found = asked(north_school)

    assert found.figures.share is None
    assert reason in said(found)[0]


def test_own_rows_and_published_figures_are_never_one_share(north_school, tmp_path):
    published(north_school, dict.fromkeys(YEARS, 20), share=90.0)
    read_in(north_school, tmp_path, {"2023-2024": 20, "2024-2025": 20})

    own, given = asked(north_school), asked(north_school, source=Source.GIVEN)

    # Two own years do not become three with a published one.
    assert (own.figures.source, own.figures.share, own.figures.missing) == (Source.OWN, None, ("2022-2023",))
    assert (given.figures.source, given.figures.share, given.n) == (Source.GIVEN, 90.0, 60)


def test_one_pupil_fewer_in_the_published_figure_hides_what_came_last(north_school, tmp_path):
    published(north_school, dict.fromkeys(YEARS, 20))
    read_in(north_school, tmp_path, {"2022-2023": 20, "2023-2024": 21, "2024-2025": 20})
    line = next(
        one
        for one in series.selections(north_school.store, north_school.leader)
        if one.subject == "maths" and one.pupils
    )

    own = asked(north_school)
    maths = views.result(
        north_school.store, north_school.leader, View(ViewKind.LINE, replace(line, level="1F"))
    )

    assert [one.n for one in own.figures.years] == [20, None, 20]
    assert (own.figures.share, own.figures.reason) == (None, "beside_given")
    assert [point.n for point in maths.points] == [20, None, 20]
    assert asked(north_school, source=Source.GIVEN).n == 60
    assert "leave exempted pupils out of your file" in said(own)[0]


def test_without_the_gate_the_levels_of_that_one_pupil_are_the_difference(
    north_school, tmp_path, monkeypatch
):
    monkeypatch.setattr(gate, "may_join", lambda already, people, **more: True)
    monkeypatch.setattr(level_gate, "near", lambda n, others: False)
    # The one who is exempted reached none of three levels; the twenty others reached forty of sixty.
    published(north_school, dict.fromkeys(YEARS, 21), share=100 * 42 / 63)
    read_in(north_school, tmp_path, {"2022-2023": 21, "2023-2024": 22, "2024-2025": 21})

    own = asked(north_school).figures.years[1]
    given = asked(north_school, source=Source.GIVEN).figures.years[1]

    assert round(own.value * 3 * own.n / 100) - round(given.value * 3 * given.n / 100) == 0
    assert own.n - given.n == 1


def test_the_exempted_left_out_of_a_new_file_gives_the_figure_back(north_school, tmp_path):
    published(north_school, dict.fromkeys(YEARS, 20))
    first = read_in(north_school, tmp_path, {"2022-2023": 20, "2023-2024": 21, "2024-2025": 20})
    undo(north_school, first)
    read_in(north_school, tmp_path, dict.fromkeys(YEARS, 20))

    assert asked(north_school).n == 60


def undo(world, batch):
    import_batches.undo(world.store, world.leader, batch.batch.batch_id)


def test_own_rows_of_the_last_year_are_for_who_sees_that_year(north_school, tmp_path):
    read_in(north_school, tmp_path, dict.fromkeys(YEARS, 20))

    with pytest.raises(NotAllowed):
        asked(north_school, actor=north_school.reader)
    line = reached_levels._share(Indicator.TARGET, Source.GIVEN)
    assert reached_levels.other_source(north_school.store, north_school.reader, line) is None
