"""Compare the program with a directory of reference values: `python -m tests.reference DIR`.

Two formats, both data-driven: `NAME.json` with `kind`, `input`, `expected`, `computed_with` and often
`NAME.csv` (psychometrics); and `time_series_cases.json`, `proportion_cases.json` with their tables
(charts and shares). A folder `published/` in either is read as well. Every value goes through the public
functions. A key of an expected result that the program does not know counts as a disagreement; a skip
names what the program does not claim to compute.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from qualitycycle.analysis import (
    change,
    disclosure,
    effects,
    individuals,
    proportions,
    pupils,
    runs,
    scoring,
    share_chart,
    spc,
)
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.reliability import reliability
from qualitycycle.analysis.scale_report import scale_report
from qualitycycle.analysis.scoring import ScoringRules, TotalRule
from qualitycycle.analysis.team_report import icc, teams_report

DEFAULT_TOLERANCE = 1e-9
# Limits with 2.66 instead of 3/1.128 differ by 0.014 percent of their distance.
OTHER_CONSTANT_TOLERANCE = 1e-3

NOT_A_FIGURE = "a remark, not a figure"
OTHER_TOOL = "alternative of another package"
NO_PERSON = "a threshold for one person, which the program does not judge"
OTHER_RULES = "rules the program does not use (Making Data Count, Western Electric, Nelson, box variants)"
OTHER_CHART = "a chart the program does not draw (moving range, I prime, runcharter)"
OTHER_FUNNEL = "funnel limits the program does not use (arcsine, overdispersed, normal)"
OTHER_INTERVAL = "modified Wilson interval or Fisher's test, not used"
GUARDED = "collapsed limits, which the program refuses on purpose"
GAPS_DROPPED = "missing measurements dropped beforehand; the program keeps them as gaps"
PAIRWISE = "alpha on pairwise complete answers, not used"


@dataclass(frozen=True)
class Check:
    """One expected value beside what the program gives."""

    case: str
    key: str
    expected: object
    got: object
    tolerance: float

    @property
    def agrees(self) -> bool:
        return _same(self.expected, self.got, self.tolerance)


@dataclass(frozen=True)
class Skip:
    """One expected value the program does not claim."""

    case: str
    key: str
    reason: str


Outcome = Check | Skip
Case = tuple[str, Callable[[], Iterator[Outcome]]]


class _Unknown:
    def __repr__(self) -> str:
        return "(the program has no such field)"


UNKNOWN = _Unknown()


# --- the command -----------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Print every disagreement and a last line with the counts; 1 when something differs or there is nothing to do."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tests.reference DIR")
        return 2
    outcomes = [outcome for name, run in cases(Path(arguments[0])) for outcome in _safely(name, run)]
    checks = [outcome for outcome in outcomes if isinstance(outcome, Check)]
    wrong = [check for check in checks if not check.agrees]
    for check in wrong:
        print(
            f"{check.case} {check.key}: expected {check.expected!r}, got {check.got!r} (±{check.tolerance:g})"
        )
    reasons = Counter(outcome.reason for outcome in outcomes if isinstance(outcome, Skip))
    why = "; ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "none"
    print(
        f"{len(checks) - len(wrong)} values agree, {len(wrong)} differ, {sum(reasons.values())} skipped ({why})"
    )
    return 1 if wrong or not checks else 0


def _safely(name: str, run: Callable[[], Iterator[Outcome]]) -> list[Outcome]:
    """The outcomes of a case; one that stops with an error counts as a disagreement, the others go on."""
    try:
        return list(run())
    except Exception as error:
        return [Check(name, "(stopped)", "a result", repr(error), 0)]


def cases(directory: Path) -> list[Case]:
    """Every case of a directory: its name and a function that yields its outcomes."""
    found: list[Case] = []
    for path in sorted(directory.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "time_series_cases.json":
            found += _series_cases(content["cases"])
        elif path.name == "proportion_cases.json":
            found += _proportion_cases(content)
        elif isinstance(content, dict) and content.get("kind") == "anonymity":
            found += [(plan["id"], partial(_plan, plan)) for plan in content["cases"]]
        elif isinstance(content, dict) and content.get("kind") in KINDS:
            found.append((content["id"], partial(_psychometric, path, content)))
        elif isinstance(content, dict) and "expected" in content:
            found.append((path.stem, partial(_unknown_kind, path, content)))
        elif path.name == "published.json":
            found += [(name, partial(_published, path.parent, name, case)) for name, case in content.items()]
    found += _table_cases(directory)
    return found + (cases(directory / "published") if (directory / "published").is_dir() else [])


# --- comparing -------------------------------------------------------------------------------------------


def _same(expected: object, got: object, tolerance: float) -> bool:
    if expected is None or got is None or isinstance(expected, str) or isinstance(got, (str, _Unknown)):
        return expected == got
    if isinstance(expected, bool) or isinstance(got, bool):
        return bool(expected) == bool(got) and isinstance(got, (bool, np.bool_))
    return math.isfinite(float(got)) and abs(float(expected) - float(got)) <= tolerance


def _compare(case: str, key: str, expected: object, got: object, tolerance: float) -> Iterator[Check]:
    """One check per number: lists and tables are taken apart."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            yield from _compare(case, f"{key}.{name}", value, _get(got, name), tolerance)
    elif isinstance(expected, list):
        got = list(got) if isinstance(got, (list, tuple)) else [UNKNOWN] * len(expected)
        yield Check(case, f"{key} (length)", len(expected), len(got), 0)
        for place, (one, other) in enumerate(zip(expected, got, strict=False)):
            yield from _compare(case, f"{key}[{place}]", one, other, tolerance)
    else:
        yield Check(case, key, expected, got, tolerance)


def _get(source: object, name: str) -> object:
    if isinstance(source, dict):
        return source.get(name, UNKNOWN)
    return getattr(source, name, UNKNOWN)


def _leaves(value: object) -> int:
    if isinstance(value, dict):
        return sum(_leaves(inner) for inner in value.values())
    return sum(_leaves(inner) for inner in value) if isinstance(value, list) else 1


def _skips(case: str, key: str, value: object, reason: str) -> Iterator[Skip]:
    for _ in range(_leaves(value)):
        yield Skip(case, key, reason)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str | None) -> float:
    return float(text) if text not in (None, "", "NA") else math.nan


# --- psychometrics ---------------------------------------------------------------------------------------


def _psychometric(path: Path, content: dict) -> Iterator[Outcome]:
    case, rows = content["id"], _rows(path.parent / content["csv"])
    got = KINDS[content["kind"]](content, rows)
    tolerances = {name: entry["tolerance_abs"] for name, entry in content.get("computed_with", {}).items()}
    yield from _walk(case, "", content["expected"], got, tolerances, tolerances.get("all", DEFAULT_TOLERANCE))
    yield from _skips(case, "alternatives", content.get("alternatives", {}), OTHER_TOOL)


def _walk(
    case: str, path: str, expected: dict, got: object, tolerances: dict, default: float
) -> Iterator[Outcome]:
    for name, value in expected.items():
        key = f"{path}.{name}" if path else name
        if name in SKIPPED_KEYS:
            yield from _skips(case, key, value, SKIPPED_KEYS[name])
        elif isinstance(value, dict):
            yield from _walk(case, key, value, _get(got, name), tolerances, tolerances.get(name, default))
        else:
            yield from _compare(case, key, value, _get(got, name), tolerances.get(name, default))


SKIPPED_KEYS = {"sem_individual": NO_PERSON, "mdc95_individual": NO_PERSON, "note": NOT_A_FIGURE}


def _unknown_kind(path: Path, content: dict) -> Iterator[Outcome]:
    yield Check(path.stem, "kind", content.get("kind"), UNKNOWN, 0)


def _rules(given: dict, keys: list[str], total: TotalRule) -> ScoringRules:
    return ScoringRules(
        items=tuple(keys),
        scale_min=given["scale_min"],
        scale_max=given["scale_max"],
        reverse=frozenset(keys[number - 1] for number in given.get("reverse", [])),
        subscales={
            name: tuple(keys[number - 1] for number in numbers)
            for name, numbers in given.get("subscales", {}).items()
        },
        min_answered_fraction=Fraction(str(given["min_answered_fraction"])),
        total_rule=total,
    )


def _answers(content: dict, rows: list[dict[str, str]], total: TotalRule = TotalRule.MEAN_OF_ITEMS):
    keys = [key for key in rows[0] if re.fullmatch(r"i\d+", key)]
    answers = np.array([[_number(row[key]) for key in keys] for row in rows])
    return answers, _rules(content["input"], keys, total)


def _scale(content: dict, rows: list[dict[str, str]]) -> dict:
    answers, rules = _answers(content, rows)
    report = scale_report(answers, rules, n_invited=content["input"].get("population_size"))
    subscales = {
        name: vars(part) | {"items": [rules.items.index(key) + 1 for key in part.items]}
        for name, part in report.subscales.items()
    }
    return vars(report) | {"subscales": subscales}


def _house_scale(content: dict, rows: list[dict[str, str]]) -> dict:
    answers, rules = _answers(content, rows, TotalRule.MEAN_OF_SUBSCALES)
    report = scale_report(answers, rules)
    parts = report.subscales
    return {
        "subscale_scores": {name: part.respondent_scores for name, part in parts.items()},
        "subscale_mean": {name: part.scale.mean for name, part in parts.items()},
        "subscale_sd": {name: part.scale.sd for name, part in parts.items()},
        "subscale_n": {name: part.scale.n for name, part in parts.items()},
        "total_if_all_subscales": report.respondent_scores,
        "total_if_all_subscales_mean": report.scale.mean,
        "total_if_all_subscales_sd": report.scale.sd,
        "total_if_all_subscales_n": report.scale.n,
    }


def _teams(content: dict, rows: list[dict[str, str]]) -> dict:
    answers, rules = _answers(content, rows)
    report = teams_report(answers, [row["team"] for row in rows], rules)
    # The order of teams is a matter of taste: sizes are compared in the order of the expected teams.
    order = list(content["expected"].get("teams", report.teams))
    sizes = [
        report.teams[name].scale.n for name in order if name in report.teams and report.teams[name].scale.n
    ]
    teams = {name: vars(part.agreement) | {"scale": part.scale} for name, part in report.teams.items()}
    return vars(report) | {"teams": teams, "icc": vars(report.icc) | {"team_sizes": sizes}}


def _change(content: dict, rows: list[dict[str, str]]) -> object:
    answers, rules = _answers(content, rows)
    scores = scoring.score(answers, rules).total.respondent_scores
    first, second = sorted({row["cycle"] for row in rows} | {"c1", "c2"})
    by_cycle = {
        cycle: [score for score, row in zip(scores, rows, strict=True) if row["cycle"] == cycle]
        for cycle in (first, second)
    }
    return change.change(by_cycle[first], by_cycle[second])


def _prepost(content: dict, rows: list[dict[str, str]]) -> object:
    return pupils.paired_gain([_number(row["pre"]) for row in rows], [_number(row["post"]) for row in rows])


def _groups(content: dict, rows: list[dict[str, str]]) -> object:
    by_group = {
        group: [_number(row["score"]) for row in rows if row["group"] == group]
        for group in ("comparison", "focus")
    }
    return pupils.compare_groups(by_group["comparison"], by_group["focus"])


def _bootstrap(content: dict, rows: list[dict[str, str]]) -> object:
    return pupils.bootstrap_mean([_number(row["score"]) for row in rows])


KINDS: dict[str, Callable[[dict, list[dict[str, str]]], object]] = {
    "scale": _scale,
    "house_scale": _house_scale,
    "teams": _teams,
    "change": _change,
    "prepost": _prepost,
    "groups": _groups,
    "bootstrap": _bootstrap,
}


def _plan(plan: dict) -> Iterator[Outcome]:
    published = [disclosure.Group(group["name"], frozenset(group["cells"])) for group in plan["published"]]
    found = {
        "derivable_sets": disclosure.derivable_sets(plan["cells"], published),
        "violations": disclosure.violations(plan["cells"], published, k_min=plan["k_min"]),
    }
    for name, sets in found.items():
        wanted = {frozenset(entry["cells"]): entry["n"] for entry in plan["expected"][name]}
        got = {frozenset(entry.cells): entry.n for entry in sets}
        for cells in sorted(wanted.keys() | got.keys(), key=sorted):
            key = f"{name} {'+'.join(sorted(cells))}"
            yield Check(plan["id"], key, wanted.get(cells), got.get(cells), 0)
    yield Check(plan["id"], "safe", plan["expected"]["safe"], not found["violations"], 0)
    if plan["k_min"] >= disclosure.FLOOR:
        verdicts = disclosure.decide(plan["cells"], published, floor=plan["k_min"]).values()
        all_shown = all(verdict.state is disclosure.Shown.SHOWN for verdict in verdicts)
        yield Check(plan["id"], "safe (decide shows everything)", plan["expected"]["safe"], all_shown, 0)


# --- published examples ----------------------------------------------------------------------------------


def _published(directory: Path, name: str, case: dict) -> Iterator[Outcome]:
    given = case.get("tolerance_abs", DEFAULT_TOLERANCE)
    tolerances = given if isinstance(given, dict) else {"default": given}
    got = _published_result(directory, case)
    for key, value in case["expected"].items():
        if key == "alpha_pairwise_documented":
            yield from _skips(name, key, value, PAIRWISE)
        else:
            tolerance = tolerances.get(key, tolerances.get("default", DEFAULT_TOLERANCE))
            yield from _compare(name, key, value, _get(got, key), tolerance)


def _published_result(directory: Path, case: dict) -> object:
    if "treatment" in case.get("data", {}):
        return _published_gains(case["data"])
    if "data" in case:
        scores = [score for target in case["data"] for score in target]
        teams = [str(number) for number, target in enumerate(case["data"]) for _ in target]
        return _published_icc(scores, teams)
    rows = _rows(directory / case["csv"])
    if all(isinstance(value, dict) for value in case["expected"].values()):
        group = next(iter(rows[0]))
        teams = [row[group] for row in rows]
        return {
            variable: _published_icc([_number(row[variable]) for row in rows], teams)
            for variable in case["expected"]
        }
    found = vars(reliability(np.array([[_number(value) for value in row.values()] for row in rows])))
    return found | {"n": found["n_complete"], "alpha_listwise": found["alpha"]}


def _published_icc(scores: list[float], teams: list[str]) -> dict:
    found = vars(icc(np.array(scores), teams))
    names = {"n": "n_respondents", "n_groups": "n_teams"}
    names |= {f"{name}_{end}": f"{name}_f_{end}" for name in ("icc1", "icc2") for end in ("low", "high")}
    return found | {name: found[field] for name, field in names.items()}


def _published_gains(data: dict) -> dict:
    def gain(group: str, i: int) -> float:
        return data[group]["m_post"][i] - data[group]["m_pre"][i]

    def per_pre_sd(group: str, i: int) -> float:
        return effects.exact_j(data[group]["ni"][i] - 1) * gain(group, i) / data[group]["sd_pre"][i]

    studies = range(len(data["treatment"]["ni"]))
    treatment, control = ([per_pre_sd(group, i) for i in studies] for group in ("treatment", "control"))
    both = [
        [(data["treatment"][name][i], data["control"][name][i]) for i in studies] for name in ("sd_pre", "ni")
    ]
    return {
        "g_pre_sd_treatment": treatment,
        "g_pre_sd_control": control,
        "g_difference": [a - b for a, b in zip(treatment, control, strict=True)],
        "d_ppc2_exact_J": [
            pupils.standardised_gain_difference(
                (gain("treatment", i), gain("control", i)), both[0][i], both[1][i]
            )
            for i in studies
        ],
    }


# --- charts ----------------------------------------------------------------------------------------------


def _series_cases(content: list[dict]) -> list[Case]:
    return [(case["id"], partial(_series, case)) for case in content]


def _series(case: dict) -> Iterator[Outcome]:
    name, values, params = case["id"], case["values"], case["params"]
    for method, expected in case["expected"].items():
        if method == "run_anhoej":
            yield from _parts(name, method, expected["parts"], _run(values, params))
            yield from _compare(name, f"{method}.sigma_signal_idx", expected["sigma_signal_idx"], [], 0)
        elif method in ("i_screened", "i_unscreened"):
            chart = _individuals(values, params, screened=method == "i_screened")
            yield from _individuals_outcomes(name, method, expected, chart)
        elif method in ("ptd_screened", "ptd_unscreened"):
            yield from _dots(name, method, expected, values, params)
        else:
            yield from _skips(name, method, _figures(expected), _why_not(method))


def _figures(expected: dict) -> dict:
    return {
        key: value for key, value in expected.items() if key not in ("tool", "version", "call", "warnings")
    }


def _why_not(method: str) -> str:
    if method.endswith("_na_dropped"):
        return GAPS_DROPPED
    return OTHER_CHART if method in ("mr", "runcharter") else OTHER_RULES


def _choices(params: dict) -> dict:
    freeze = params.get("freeze")
    return {"part": params.get("part") or (), "freeze": freeze, "exclude": params.get("exclude") or ()}


def _run(values: list, params: dict) -> list:
    return list(runs.run_chart(values, **_choices(params)).parts)


def _individuals(values: list, params: dict, *, screened: bool):
    return individuals.individuals_chart(values, **_choices(params), screened=screened)


def _parts(name: str, method: str, expected: list[dict], got: list) -> Iterator[Outcome]:
    yield Check(name, f"{method} (parts)", len(expected), len(got), 0)
    for wanted, part in zip(expected, got, strict=False):
        for key, value in wanted.items():
            # A run chart has no limits: both sides have nothing there.
            found = getattr(part, key, None if key in individuals.LIMIT_FIELDS else UNKNOWN)
            yield Check(name, f"{method}.{wanted['part']}.{key}", value, found, DEFAULT_TOLERANCE)


def _individuals_outcomes(name: str, method: str, expected: dict, chart) -> Iterator[Outcome]:
    guarded = [part.reasons.get("ucl") is Reason.LIMITS_COLLAPSED for part in chart.parts]
    for wanted, part, guard in zip(expected["parts"], chart.parts, guarded, strict=True):
        limits = {key: value for key, value in wanted.items() if guard and key in individuals.LIMIT_FIELDS}
        if guard:
            yield Check(
                name, f"{method}.{part.part} collapsed", wanted["lcl"], wanted["ucl"], DEFAULT_TOLERANCE
            )
        yield from _skips(name, method, limits, GUARDED)
        rest = {key: value for key, value in wanted.items() if key not in limits}
        yield from _parts(name, method, [rest], [part])
    if any(guarded):
        yield from _skips(name, f"{method}.sigma_signal_idx", expected["sigma_signal_idx"], GUARDED)
    else:
        yield from _compare(
            name, f"{method}.sigma_signal_idx", expected["sigma_signal_idx"], chart.sigma_signal_idx, 0
        )


def _dots(name: str, method: str, expected: dict, values: list, params: dict) -> Iterator[Outcome]:
    """Mean, limits and assurance of "Making Data Count"; its point types and icons are not ours."""
    if "groups" not in expected:
        yield from _skips(name, method, _figures(expected), OTHER_RULES)
        return
    chart = _individuals(values, params, screened=method == "ptd_screened")
    collapsed = False
    for group, part in zip(expected["groups"], chart.parts, strict=True):
        collapsed = part.reasons.get("ucl") is Reason.LIMITS_COLLAPSED
        yield Check(name, f"{method}.{part.part}.n", group["n"], part.n, 0)
        yield Check(name, f"{method}.{part.part}.mean", group["mean"], part.cl, DEFAULT_TOLERANCE)
        if collapsed:
            yield from _skips(name, method, [group["lpl"], group["upl"]], GUARDED)
            continue
        for key, got in (("lpl", part.lcl), ("upl", part.ucl)):
            near = OTHER_CONSTANT_TOLERANCE * max(abs(group[key] or 0.0), abs(group["mean"]))
            yield Check(name, f"{method}.{part.part}.{key}", group[key], got, near)
    last = chart.parts[-1]
    verdict = spc.assurance(
        last.n_obs, last.lcl, last.ucl, params["target"], spc.Direction(params["direction"])
    )
    if collapsed:
        yield Skip(name, f"{method}.assurance", GUARDED)
    else:
        yield Check(name, f"{method}.assurance", expected["assurance"], verdict.assurance, 0)
    rest = ("points", "variation_of_last_point", "variation_icon")
    yield from _skips(name, method, {key: expected.get(key) for key in rest}, OTHER_RULES)
    yield from _skips(
        name, method, [group["short_group_warning"] for group in expected["groups"]], OTHER_RULES
    )


# --- shares ----------------------------------------------------------------------------------------------


def _proportion_cases(content: dict) -> list[Case]:
    found: list[Case] = [
        (f"{case['id']} {case['chart']}", partial(_share_chart, case)) for case in content.get("p_charts", [])
    ]
    found += [(f"share {row['x']} of {row['n']}", partial(_share, row)) for row in content.get("wilson", [])]
    found += [
        (f"difference {row['x1']}/{row['n1']} {row['x2']}/{row['n2']}", partial(_difference, row))
        for row in content.get("difference", [])
    ]
    names = dict.fromkeys(row["case"] for row in content.get("funnel", []))
    return found + [
        (name, partial(_funnel, name, [row for row in content["funnel"] if row["case"] == name]))
        for name in names
    ]


def _share_chart(case: dict) -> Iterator[Outcome]:
    name = f"{case['id']} {case['chart']}"
    if case["chart"] not in ("p", "pp"):
        yield from _skips(name, "points", case["points"], OTHER_CHART)
        return
    points = case["points"]
    chart = share_chart.p_chart(
        [point["num"] for point in points],
        [point["den"] for point in points],
        part=_argument(case, "part") or (),
        freeze=next(iter(_argument(case, "freeze")), None),
        adjusted=case["chart"] == "pp",
    )
    for wanted, point in zip(points, chart.points, strict=True):
        got = vars(point) | {"den": point.den or 0}
        yield from _compare(name, f"point {point.idx}", wanted, got, DEFAULT_TOLERANCE)


def _argument(case: dict, name: str) -> list[int]:
    """Numbers of an argument as the call of the other tool writes them: NULL, 8 or c(8, 12)."""
    if name in case.get("params", {}):
        value = case["params"][name]
        return value if isinstance(value, list) else [] if value is None else [value]
    match = re.search(rf"\b{name}\s*=\s*(NULL|c\([^)]*\)|\d+)", case.get("call", ""))
    return [int(number) for number in re.findall(r"\d+", match.group(1))] if match else []


def _share(row: dict) -> Iterator[Outcome]:
    name = f"share {row['x']} of {row['n']} at {row['conf']}"
    found = vars(proportions.share(row["x"], row["n"], confidence=row["conf"]))
    for key, value in row.items():
        if key.startswith("hmisc_modified"):
            yield Skip(name, key, OTHER_INTERVAL)
        elif match := re.fullmatch(r"p_(at_most|at_least)_x_if_(\d+)", key):
            norm = float(f"0.{match.group(2)[1:]}")
            chance = proportions.norm_chance(row["x"], row["n"], norm)
            yield Check(name, key, value, getattr(chance, match.group(1)), DEFAULT_TOLERANCE)
        else:
            yield Check(name, key, value, found.get(key, UNKNOWN), DEFAULT_TOLERANCE)


def _difference(row: dict) -> Iterator[Outcome]:
    name = f"difference {row['x1']}/{row['n1']} {row['x2']}/{row['n2']}"
    found = vars(proportions.share_difference(row["x1"], row["n1"], row["x2"], row["n2"]))
    for key, value in row.items():
        if key == "fisher_p":
            yield Skip(name, key, OTHER_INTERVAL)
        else:
            yield Check(name, key, value, found.get(key, UNKNOWN), DEFAULT_TOLERANCE)


def _funnel(name: str, rows: list[dict]) -> Iterator[Outcome]:
    found = proportions.funnel([(row["group"], row["numerator"], row["denominator"]) for row in rows])
    for row, point in zip(rows, found.points, strict=True):
        got = vars(point) | {"case": name, "target": found.target}
        for key, value in row.items():
            if key in ("phi", "tau2") or key.startswith(("arcsine_", "od_", "normal_")):
                yield Skip(name, f"{row['group']}.{key}", OTHER_FUNNEL)
            else:
                yield Check(name, f"{row['group']}.{key}", value, got.get(key, UNKNOWN), DEFAULT_TOLERANCE)


# --- the same as tables ----------------------------------------------------------------------------------


def _table_cases(directory: Path) -> list[Case]:
    tables: dict[str, Callable[[Path], Iterator[Outcome]]] = {
        "anhoej_limits.csv": _anhoej_table,
        "run_expected.csv": _run_table,
        "xmr_expected.csv": _xmr_table,
        "p_chart_expected.csv": _p_table,
        "wilson_expected.csv": partial(_row_table, _share),
        "difference_expected.csv": partial(_row_table, _difference),
        "funnel_expected.csv": _funnel_table,
        "ptd_groups_expected.csv": _skipped_table,
        "ptd_points_expected.csv": _skipped_table,
        "rules_expected.csv": _skipped_table,
    }
    return [
        (name, partial(run, directory / name)) for name, run in tables.items() if (directory / name).exists()
    ]


def _typed(row: dict[str, str]) -> dict:
    return {key: _value(text) for key, text in row.items()}


def _value(text: str) -> object:
    if text in ("", "NA"):
        return None
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    try:
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return text


def _anhoej_table(path: Path) -> Iterator[Outcome]:
    for row in map(_typed, _rows(path)):
        longest, crossings = runs.anhoej_limits(row["n_useful"])
        yield Check(path.stem, f"longest_run_max {row['n_useful']}", row["longest_run_max"], longest, 0)
        yield Check(path.stem, f"n_crossings_min {row['n_useful']}", row["n_crossings_min"], crossings, 0)


def _known_series(directory: Path) -> dict[str, tuple[list, dict]]:
    """Values and parameters of every series; without the file with parameters every series is taken as one stretch."""
    path = directory / "time_series_cases.json"
    if path.exists():
        content = json.loads(path.read_text(encoding="utf-8"))
        return {case["id"]: (case["values"], case["params"]) for case in content["cases"]}
    series: dict[str, tuple[list, dict]] = {}
    for row in map(_typed, _rows(directory / "series.csv")):
        series.setdefault(row["case"], ([], {}))[0].append(row["value"])
    return series


def _run_table(path: Path) -> Iterator[Outcome]:
    known = _known_series(path.parent)
    for row in map(_typed, _rows(path)):
        name = row.pop("case")
        part = _run(*known[name])[row["part"] - 1]
        wanted = {"cl" if key == "median" else key: value for key, value in row.items()}
        yield from _parts(f"{path.stem} {name}", "run", [wanted], [part])


def _xmr_table(path: Path) -> Iterator[Outcome]:
    known = _known_series(path.parent)
    for row in _rows(path):
        idx = [int(number) for number in row.pop("sigma_signal_idx").split()]
        wanted = _typed(row)
        name, screened = wanted.pop("case"), wanted.pop("screened")
        del wanted["chart"]
        chart = _individuals(*known[name], screened=screened)
        part = chart.parts[wanted["part"] - 1]
        one = individuals.IndividualsChart(chart.n, (part,), part.sigma_signal_idx)
        yield from _individuals_outcomes(
            f"{path.stem} {name}", f"xmr {screened}", {"parts": [wanted], "sigma_signal_idx": idx}, one
        )


def _p_table(path: Path) -> Iterator[Outcome]:
    proportions_path = path.parent / "proportion_cases.json"
    calls = {}
    if proportions_path.exists():
        content = json.loads(proportions_path.read_text(encoding="utf-8"))
        calls = {(case["id"], case["chart"]): case.get("call", "") for case in content.get("p_charts", [])}
    charts: dict[tuple[str, str], list[dict]] = {}
    for row in map(_typed, _rows(path)):
        charts.setdefault((row.pop("case"), row.pop("chart")), []).append(row)
    for (name, chart), points in charts.items():
        case = {
            "id": f"{path.stem} {name}",
            "chart": chart,
            "points": points,
            "call": calls.get((name, chart), ""),
        }
        yield from _share_chart(case)


def _row_table(check: Callable[[dict], Iterator[Outcome]], path: Path) -> Iterator[Outcome]:
    for row in map(_typed, _rows(path)):
        yield from check(row)


def _funnel_table(path: Path) -> Iterator[Outcome]:
    rows = [_typed(row) for row in _rows(path)]
    for name in dict.fromkeys(row["case"] for row in rows):
        yield from _funnel(name, [row for row in rows if row["case"] == name])


def _skipped_table(path: Path) -> Iterator[Outcome]:
    for row in _rows(path):
        yield Skip(path.stem, row["case"], OTHER_RULES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
