"""Pictures of outcomes: asked as a view, answered through the gate, kept as they were."""

import json

import pytest

from qualitycycle.cycle import series, views
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import NotAllowed
from tests import planted

SCORES = [90.0 + n for n in range(20)]


def test_a_view_is_kept_and_read_back():
    view = View(ViewKind.LINE, planted.line("5"), end="2025-2026 M", expected=8.0)

    kept = json.loads(json.dumps(views.as_json(view)))

    assert views.view_from(kept) == view
    assert "start" not in kept


def test_what_is_no_view_is_not_read():
    with pytest.raises(ValueError, match="kind"):
        views.view_from({"selection": planted.line("5").as_json()})


def test_a_line_is_a_view(north_school):
    north_school.import_scores({"2024-2025": SCORES, "2025-2026": SCORES[:10]})
    view = View(ViewKind.LINE, planted.line("5"))

    found = views.result(north_school.store, north_school.leader, view)

    assert found.figures == series.series(north_school.store, north_school.leader, planted.line("5"))
    assert (found.n, found.data_version) == (10, north_school.store.data_version)
    assert [point.value for point in found.points] == [99.5, 94.5]


def test_a_result_is_kept_and_read_back(north_school):
    north_school.import_scores({"2024-2025": SCORES, "2025-2026": SCORES[:10]})
    found = views.result(north_school.store, north_school.leader, View(ViewKind.LINE, planted.line("5")))

    kept = json.loads(json.dumps(views.result_as_json(found)))

    assert views.result_from(kept) == found


def test_a_view_of_too_few_says_so(north_school):
    north_school.import_scores({"2025-2026": SCORES[:4]})

    found = views.result(north_school.store, north_school.leader, View(ViewKind.LINE, planted.line("5")))

    assert (found.figures, found.n, found.points, found.reason) == (None, None, (), "too_few")


def test_a_reader_sees_no_year_group(north_school):
    north_school.import_scores({"2025-2026": SCORES})

    with pytest.raises(NotAllowed):
        views.result(north_school.store, north_school.reader, View(ViewKind.LINE, planted.line("5")))
