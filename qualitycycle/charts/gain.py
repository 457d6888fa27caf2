"""The gain of the same pupils between two moments, beside what was to be expected of them."""

from __future__ import annotations

import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import Figure, interval_text, signed
from qualitycycle.charts.intervals import IntervalRow, interval_rows
from qualitycycle.charts.outcomes import moment_label
from qualitycycle.cycle.gains import Gain
from qualitycycle.i18n import _, ngettext

# Within this many spreads of the norm group growth is about average: the band of the NCO's school reports.
ABOUT_AVERAGE = 0.5


def gain(found: Gain, title: str, *, theme: str) -> Figure:
    """The gain with its interval; the expected gain, what is above it, and what low scorers gain by themselves."""
    rows = _rows(found)
    spec, data = interval_rows(rows, theme=theme, zero=True)
    return Figure(
        spec=spec,
        data=data,
        table=_table(found, rows),
        alt=f"{title}: " + "; ".join([f"n = {found.n_pairs}", *(row.words() for row in rows)]),
        how=_how(found),
        notes=tuple(_said(found)),
    )


def _rows(found: Gain) -> list[IntervalRow]:
    n = found.n_pairs
    rows = [
        IntervalRow(
            _("Gain of the same pupils"), signed(found.gain), found.gain or 0.0, found.low, found.high, n
        )
    ]
    if found.norm.expected is not None:
        # What a norm expects is about other pupils, so it has no n here.
        name = _("Expected gain ({norm})").format(norm=found.norm.name or _("norm not named"))
        rows.append(IntervalRow(name, signed(found.norm.expected), found.norm.expected))
    if found.excess is not None:
        rows.append(
            IntervalRow(
                _("Gain above the expected"),
                signed(found.excess),
                found.excess,
                found.excess_low,
                found.excess_high,
                n,
            )
        )
    if found.regression is not None and found.regression > 0:
        rows.append(
            IntervalRow(
                _("What low scorers gain by themselves"), signed(found.regression), found.regression, n=n
            )
        )
    return rows


def _said(found: Gain) -> list[str]:
    """What the picture says: the gain, how it relates to what was expected, and how many pupils it is about."""
    interval = interval_text(found.low, found.high)
    said = [
        _("{n} pupils went from {first} to {last}: {gain} points (95% interval {interval}).").format(
            n=found.n_pairs,
            first=i18n.number(found.mean_start, 1),
            last=i18n.number(found.mean_end, 1),
            gain=signed(found.gain),
            interval=interval,
        )
    ]
    if found.norm.expected is None:
        said.append(
            _(
                "Pupils grow in this time anyway. Without an expected gain nobody can say whether this is much."
            )
        )
    else:
        said.append(_beside_expected(found))
    if found.standard_excess is not None:
        said.append(_standard(found))
    if found.regression is not None:
        said.append(by_themselves(found.regression))
    said.append(_counted(found))
    return said


def _beside_expected(found: Gain) -> str:
    low, high = found.excess_low, found.excess_high
    if low is None or high is None:
        return _("Too few pupils to set this beside the expected gain.")
    if low > 0:
        return _("That is more than the norm expects; the interval leaves the expected gain out.")
    if high < 0:
        return _("That is less than the norm expects; the interval leaves the expected gain out.")
    return _("This cannot be told apart from the expected gain.")


def by_themselves(points: float) -> str:
    if points <= 0:
        return _(
            "At the first moment these pupils scored no lower than all they were chosen from, so nothing has to be "
            "subtracted for that."
        )
    return _(
        "These pupils were chosen because they scored low. Such a group gains {points} points without any action, "
        "because low scores are partly bad luck. Subtract that before you say anything."
    ).format(points=i18n.number(points, 1))


def _standard(found: Gain) -> str:
    value, decimals = found.standard_excess or 0.0, disclosure.decimals_for(found.n_pairs)
    words = (
        _("about average")
        if abs(value) <= ABOUT_AVERAGE
        else _("above average")
        if value > 0
        else _("below average")
    )
    return _(
        "In spreads of the norm: {value} (95% interval {interval}). Between {low} and {high} counts as about average; "
        "this is {words}."
    ).format(
        value=i18n.number(value, decimals),
        interval=interval_text(found.standard_low, found.standard_high, decimals),
        low=i18n.number(-ABOUT_AVERAGE, 1),
        high=i18n.number(ABOUT_AVERAGE, 1),
        words=words,
    )


def _counted(found: Gain) -> str:
    """Who is in it and who is not, as far as that may be counted."""
    said = _(
        "Counted are {n} of the {first} pupils of the first moment and the {last} of the second."
    ).format(n=found.n_pairs, first=found.n_start, last=found.n_end)
    if found.n_lost is not None:
        said += " " + _("{n} pupils have no second score.").format(n=found.n_lost)
    if found.n_came is not None:
        said += " " + _("{n} pupils have no first score.").format(n=found.n_came)
    if found.n_pairs < min(found.n_start - (found.n_lost or 0), found.n_end - (found.n_came or 0)):
        said += " " + _("The others have one score, or are left out so that nobody can be recognised.")
    return said


def _table(found: Gain, rows: list[IntervalRow]) -> pd.DataFrame:
    start, end = moment_label(found.start), moment_label(found.end)
    # Of few pupils d has one decimal: a nought behind it would claim a second one.
    decimals = disclosure.decimals_for(found.n_pairs)
    told = [
        (start, i18n.number(found.mean_start, 1), "–", str(found.n_pairs)),
        (end, i18n.number(found.mean_end, 1), "–", str(found.n_pairs)),
        *((row.title, row.figure, interval_text(row.low, row.high), str(row.n or "–")) for row in rows),
        (
            _("Gain in spreads (d)"),
            i18n.number(found.d, decimals),
            interval_text(found.d_low, found.d_high, decimals),
            str(found.n_pairs),
        ),
    ]
    return pd.DataFrame(told, columns=["", _("Value"), _("Interval (95%)"), "n"])


def _how(found: Gain) -> tuple[tuple[str, str], ...]:
    method = [
        _(
            "The mean of the differences of the pupils with a score at both moments, with its 95% interval (Student's "
            "t). In spreads: divided by the mean spread of both moments (d_av, interval of Bonett 2008)."
        )
    ]
    if found.norm.expected is not None:
        method.append(
            _("Above the expected: the gain less the gain that the norm expects, which counts as known.")
        )
    if found.regression is not None:
        method.append(
            _(
                "What low scorers gain by themselves: (1 − {reliability}) × ({mean} − their mean at the first moment), "
                "regression to the mean (Galton)."
            ).format(
                reliability=i18n.number(found.norm.reliability), mean=i18n.number(found.norm.chosen_from, 1)
            )
        )
    return (
        (_("Method:"), " ".join(method)),
        (
            _("Data:"),
            ngettext("{n} pupil with two scores.", "{n} pupils with two scores.", found.n_pairs).format(
                n=found.n_pairs
            ),
        ),
        (_("Hidden:"), left_out()),
        (
            _("Limits:"),
            _(
                "A gain holds ordinary growth, chance, and everything that happened in between. It is never the effect "
                "of one action. Without a comparison it is a hint at most."
            ),
        ),
    )


def left_out() -> str:
    """Who is left out of figures about the same pupils, always said the same way."""
    return _(
        "Means over nearly the same pupils would give the few in between away. So pupils who are in one of the two "
        "moments alone are left out with at least {floor} at a time: if they are fewer, others go with them, first "
        "those who missed other tests, then by lot. Numbers of lost and new pupils are told from {floor}."
    ).format(floor=disclosure.FLOOR)
