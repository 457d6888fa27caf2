"""The scale report of 60 × 16 answers beside pingouin for the same statistics, with the same figures.

Ours works out more (agreement, omega, standardised alpha, pattern answers): that stays in, as a page asks for it all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qualitycycle.analysis.scale_report import scale_report
from qualitycycle.analysis.scoring import ScoringRules
from tests.benchmarks.measuring import Row, in_turns

N_PEOPLE, N_ITEMS, N_SUBSCALES = 60, 16, 4
AIM = "less than a tenth"
ABSENT = "pingouin is not installed: pip install -e '.[benchmark]' -c constraints.txt"
TOLERANCE = 1e-9
# pingouin rounds its intervals to three decimals.
TOLERANCE_INTERVAL = 0.0006


def answers() -> pd.DataFrame:
    """Answers of 1 to 6 in which a common trait shows, the same in every run."""
    rng = np.random.default_rng(16)
    trait = rng.normal(4.2, 0.7, (N_PEOPLE, 1))
    given = np.clip(np.rint(trait + rng.normal(0, 0.9, (N_PEOPLE, N_ITEMS))), 1, 6)
    return pd.DataFrame(given, columns=[f"i{n:02}" for n in range(1, N_ITEMS + 1)])


def rules(items: tuple[str, ...], n_subscales: int) -> ScoringRules:
    size = len(items) // n_subscales if n_subscales else 0
    subscales = {f"s{n}": items[n * size : (n + 1) * size] for n in range(n_subscales)}
    return ScoringRules(items=items, scale_min=1, scale_max=6, subscales=subscales)


def with_pingouin(pg: Any, frame: pd.DataFrame) -> dict[str, Any]:
    """Mean with its interval, alpha with its interval, alpha if deleted and item–rest r of one scale."""
    person = frame.mean(axis=1)
    alpha, interval = pg.cronbach_alpha(data=frame)
    tested = pg.ttest(person, 0)
    interval_column = next(name for name in tested.columns if name.startswith("CI95"))
    return {
        "mean": person.mean(),
        "sd": person.std(),
        "mean_interval": tuple(tested[interval_column].iloc[0]),
        "alpha": alpha,
        "alpha_interval": tuple(interval),
        "alpha_if_deleted": [pg.cronbach_alpha(data=frame.drop(columns=one))[0] for one in frame],
        "item_rest_r": [
            pg.corr(frame[one], frame.drop(columns=one).sum(axis=1))["r"].iloc[0] for one in frame
        ],
    }


def check_same(pg: Any, frame: pd.DataFrame) -> None:
    """A ratio means nothing when the figures differ."""
    ours = scale_report(frame.to_numpy(), rules(tuple(frame), 0))
    theirs = with_pingouin(pg, frame)
    measured = ours.reliability
    same = {
        "mean": (ours.scale.mean, TOLERANCE),
        "sd": (ours.scale.sd, TOLERANCE),
        "mean_interval": ((ours.scale.t_ci_low, ours.scale.t_ci_high), 0.006),
        "alpha": (measured.alpha, TOLERANCE),
        "alpha_interval": ((measured.alpha_feldt_low, measured.alpha_feldt_high), TOLERANCE_INTERVAL),
        "alpha_if_deleted": (measured.alpha_if_deleted, TOLERANCE),
        "item_rest_r": (measured.item_rest_r, TOLERANCE),
    }
    for name, (value, tolerance) in same.items():
        np.testing.assert_allclose(value, theirs[name], atol=tolerance, rtol=0, err_msg=name)


def run() -> list[Row]:
    frame = answers()
    try:
        import pingouin as pg
    except ModuleNotFoundError:
        return [*_alone(frame), Row("pingouin beside it", None, note=ABSENT)]
    check_same(pg, frame)
    return [_beside(pg, frame, 0), _beside(pg, frame, N_SUBSCALES)]


def _alone(frame: pd.DataFrame) -> list[Row]:
    own = rules(tuple(frame), 0)
    (ours,) = in_turns(lambda: scale_report(frame.to_numpy(), own))
    return [Row(_words(0), ours, aim=AIM)]


def _beside(pg: Any, frame: pd.DataFrame, n_subscales: int) -> Row:
    own = rules(tuple(frame), n_subscales)
    parts = [list(frame), *(list(items) for items in own.subscales.values())]

    def theirs() -> None:
        for items in parts:
            with_pingouin(pg, frame[items])

    ours_ms, theirs_ms = in_turns(lambda: scale_report(frame.to_numpy(), own), theirs)
    return Row(
        _words(n_subscales),
        ours_ms,
        ratio=ours_ms / theirs_ms,
        beside=f"pingouin ({theirs_ms:.3g} ms)",
        aim=AIM,
    )


def _words(n_subscales: int) -> str:
    text = f"scale report of {N_PEOPLE} × {N_ITEMS} answers"
    return f"{text}, with {n_subscales} subscales" if n_subscales else text
