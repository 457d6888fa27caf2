"""The file between schools: the same figures give the same bytes, and what is not as it has to be is refused."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle import i18n, sentences
from qualitycycle.cycle import network_figures, network_file
from qualitycycle.cycle.network_figures import ALL, Candidate, Measure, half_had_help
from qualitycycle.cycle.network_file import MOST_BYTES, NetworkFile, Period
from qualitycycle.cycle.network_words import KINDS, THEMES
from qualitycycle.errors import NetworkFileRefused
from qualitycycle.model import Sector

PERIOD = Period("2025-2026", 1)
SCHEMA = json.loads(network_file.schema_text())


def _candidates(n_by_theme, weeks=7.3):
    cases = {theme: {f"{theme}{n}": 1 for n in range(many)} for theme, many in n_by_theme.items()}
    everybody = {case: 1 for own in cases.values() for case in own}
    found = {f"help:{key}": Candidate(cases.get(key, {})) for key in THEMES}
    found |= {f"waiting:{key}": Candidate(cases.get(key, {}), weeks) for key in KINDS}
    found |= {f"{one}:{ALL}": Candidate(everybody, weeks) for one in ("help", "waiting")}
    return found | {"time:conversations": Candidate({"m1": 12, "m2": 9}, 11.7)}


def _made(n_by_theme=None, **more):
    figures = network_figures.put_down(_candidates(n_by_theme or {"maths": 6, "other": 14})).figures
    one = NetworkFile(
        "De Kade", Sector.PO, "100-199", PERIOD, 1, date(2026, 2, 3), figures, ("Korter wachten",)
    )
    return replace(one, **more)


FILE = _made()


def _refused(content):
    with pytest.raises(NetworkFileRefused) as refused:
        network_file.read(content, "kade.json")
    return refused.value


def _with_sum(body):
    body = {name: value for name, value in body.items() if name != "checksum"}
    return json.dumps({**body, "checksum": network_file._sum(body)}).encode()


# --- there and back --------------------------------------------------------------------------------------


def test_a_file_says_what_was_written_and_fits_its_schema():
    content = network_file.write(FILE)

    assert network_file.read(content, "x") == FILE
    assert network_file.write(network_file.read(content, "x")) == content
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(content), SCHEMA)
    assert len(content) < MOST_BYTES / 5


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(st.sampled_from(list(THEMES)), st.integers(0, 60), max_size=6),
    st.one_of(st.none(), st.floats(0, 26)),
)
def test_every_file_that_can_be_written_is_read_and_fits_the_schema(n_by_theme, weeks):
    figures = network_figures.put_down(_candidates(n_by_theme, weeks)).figures
    one = replace(FILE, figures=figures)

    assert network_file.read(network_file.write(one), "x") == one
    jsonschema.validate(json.loads(network_file.write(one)), SCHEMA)


def test_white_space_and_the_order_of_names_do_not_matter_but_what_it_says_does():
    body = json.loads(network_file.write(FILE))
    turned = json.dumps(dict(reversed(body.items())), indent=4).encode()

    assert network_file.read(turned, "x") == FILE


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "other_file"),
        (b"\x00\xff\xfe", "other_file"),
        (b"Naam;Groep\nx;5", "other_file"),
        (b"[1, 2]", "other_file"),
        (b'{"format": "qualitycycle-export"}', "other_file"),
        (b"[" * 60_000, "other_file"),
        (b"1" * 60_000, "other_file"),
        (b" " * (MOST_BYTES + 1), "too_large"),
        (network_file.write(FILE)[:-400], "damaged"),
        (network_file.write(FILE).replace(b"De Kade", b"De Kaai"), "damaged"),
        (b'{"format": "qualitycycle-network", "format": "qualitycycle-network"}', "damaged"),
        (b'{"format": "qualitycycle-network", "format_version": 2}', "newer"),
        (b'{"format": "qualitycycle-network", "n": NaN}', "damaged"),
    ],
)
def test_a_wrong_newer_or_damaged_file_is_refused_with_a_sentence(content, reason):
    refused = _refused(content)

    assert refused.reason == reason
    for language in ("nl", "en"):
        with i18n.speaking(language):
            assert "kade.json" in sentences.of(refused)


# Where it is changed, and into what: each with a sum that fits.
SHAPES = {
    "extra": lambda body: body | {"note": "x"},
    "missing": lambda body: {name: value for name, value in body.items() if name != "asks"},
    "sector": lambda body: body | {"sector": ["po"]},
    "pupils": lambda body: body | {"pupils": {"n": 3}},
    "label": lambda body: body | {"school": "De Kade\u202e"},
    "two spaces": lambda body: body | {"school": "De  Kade"},
    "no label": lambda body: body | {"school": " "},
    "long label": lambda body: body | {"school": "x" * 61},
    "half": lambda body: body | {"period": body["period"] | {"half": 3}},
    "half true": lambda body: body | {"period": body["period"] | {"half": True}},
    "a month": lambda body: body | {"period": body["period"] | {"last_on": "2025-09-30"}},
    "years apart": lambda body: body | {"period": body["period"] | {"school_year": "2025-2027"}},
    "version": lambda body: body | {"version": 0},
    "before it was over": lambda body: body | {"made_on": "2026-01-31"},
    "no day": lambda body: body | {"made_on": "20260203"},
    "asks": lambda body: body | {"asks": ["x"] * 4},
    "long ask": lambda body: body | {"asks": ["x" * 281]},
    "fewer figures": lambda body: body | {"figures": body["figures"][1:]},
    "other order": lambda body: body | {"figures": body["figures"][::-1]},
}
FIGURES = {
    "under the floor": {"n": "1-4"},
    "a bare number": {"n": 3},
    "shown and hidden": {"hidden_because": "too_few"},
    "weeks under the step": {"value": 0.5},
    "weeks between steps": {"value": 7.3},
    "weeks without end": {"value": 10**400},
    "true": {"rounding": True},
    "finer than the step": {"rounding": 0.1},
    "later than the file": {"version": 2},
    "another key": {"key": "maths"},
    "of time": {"n": None, "value": None, "rounding": None, "hidden_because": "not_shared"},
    "hidden with weeks": {"n": None, "hidden_because": "too_few"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_with_another_shape_is_refused_though_its_sum_fits(shape):
    assert _refused(_with_sum(SHAPES[shape](json.loads(network_file.write(FILE))))).reason == "shape"


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_that_cannot_be_is_refused(figure):
    body = json.loads(network_file.write(FILE))
    place = next(n for n, one in enumerate(body["figures"]) if one["measure"] == "waiting" and one["n"])
    body["figures"][place] |= FIGURES[figure]

    assert _refused(_with_sum(body)).reason == "shape"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_put_anywhere_is_read_or_refused(data):
    body = json.loads(network_file.write(FILE))
    wrong = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
            ),
            max_leaves=4,
        )
    )
    place = data.draw(st.sampled_from([name for name in body if name != "checksum"]))
    changed = copy.deepcopy(body)
    if place == "figures" and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(body["figures"]) - 1))
        changed["figures"][at][data.draw(st.sampled_from(list(body["figures"][0])))] = wrong
    else:
        changed[place] = wrong

    try:
        read = network_file.read(_with_sum(changed), "x")
    except NetworkFileRefused:
        return
    # What the reader takes fits the schema too.
    jsonschema.validate(json.loads(network_file.write(read)), SCHEMA)


def test_the_schema_names_every_theme_and_kind():
    named = json.dumps(SCHEMA)

    assert [key for key in (*THEMES, *KINDS) if f'"{key}"' not in named] == []
    assert len(network_figures.blank()) == SCHEMA["properties"]["figures"]["maxItems"]


# --- waiting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waits", "weeks"),
    [
        ([], None),
        ([(4, True)], 4),
        ([(2, True), (4, True), (6, True), (8, True), (10, True)], 6),
        ([(2, True), (4, True), (6, True), (8, True)], 4),
        # Three of six still wait: the others do not make it half.
        ([(2, True), (3, True), (4, False), (5, False), (6, False)], None),
        # Who still waits since yesterday says little: half of the others had help within six weeks.
        ([(0.1, False), (0.2, False), (2, True), (4, True), (6, True), (8, True), (10, True)], 6),
    ],
)
def test_who_still_waits_counts_as_long_as_she_waited(waits, weeks):
    assert half_had_help(waits) == weeks


def test_the_median_agrees_with_the_worked_example_of_freireich():
    """6-MP arm of Freireich et al. (1963) as in Kalbfleisch and Prentice: 21 patients, median 23 weeks."""
    came = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]

    assert half_had_help([*((n, True) for n in came), *((n, False) for n in still)]) == 23


def test_below_ten_weeks_are_told_in_steps_of_two_and_always_upwards():
    figures = network_figures.put_down(
        _candidates({"speech": 6, "place": 14, "other": 3, "youth_care": 3}, 7.3)
    ).figures

    told = {
        one.key: (one.value, one.rounding) for one in figures if one.measure is Measure.WAITING and one.shown
    }
    assert told == {ALL: (8.0, 1.0), "speech": (8.0, 2.0), "place": (8.0, 1.0)}
