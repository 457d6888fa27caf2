"""The school in a report: what the team thinks, results of the whole school, and what every report tells of itself."""

from __future__ import annotations

from collections.abc import Sequence

from qualitycycle import charts, i18n, words
from qualitycycle.analysis import disclosure
from qualitycycle.cycle.frozen import SCHOOL, GroupResult
from qualitycycle.cycle.reached_levels import ReachedLevels
from qualitycycle.cycle.reports import MR_FLOOR, NAMELESS, Kind, Review, RoundReview
from qualitycycle.cycle.series import PUBLISHED, Measure, Point, Series
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.inspectie import Verdict
from qualitycycle.model import Indicator
from qualitycycle.reports import goals, pictures
from qualitycycle.reports.content import (
    Account,
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Heading,
    Paragraph,
    Picture,
    Table,
    Value,
    without_empty,
)

# The reports in which results of the whole school stand.
WITH_RESULTS = (Kind.MR, Kind.BOARD, Kind.STANDARDS, Kind.CYCLE)

# --- what the team thinks --------------------------------------------------------------------------------


def response(one: RoundReview) -> str:
    """How many answered."""
    result = one.result
    text = ngettext(
        "{n} of {all} person answered ({share}).", "{n} of {all} people answered ({share}).", result.n_invited
    )
    share = i18n.percent(result.response_share)
    return text.format(n=result.n_answered, all=result.n_invited, share=share)


def round_blocks(one: RoundReview) -> list[Block]:
    """A closed round for the whole school, what changed, and how much it may mean."""
    result, own = one.result, one.result.school
    title = f"{one.round.title} ({i18n.short_day(one.round.closed_on)})"
    if not own.shown:
        return [
            Heading(title, 3),
            Callout(
                _("Too few answers to show anything of this round."),
                _("So no figure can be traced to a person."),
            ),
        ]
    figure = charts.scale_results(result, own, one.instrument, theme=goals.THEME)
    changed = charts.change_sentences(one.changes, one.instrument, team=False) if one.changes else []
    return [
        Heading(title, 3),
        Picture(
            title=_("What the team thinks, as a mean of the whole school"),
            figure=figure,
            said=tuple(changed),
            legend=_("dot: mean; bar: 95% interval; in brackets: how far answers lie from the mean"),
            n=response(one),
            table=scale_table(one, own, title, (range_words(one), response(one))),
        ),
        *(
            []
            if one.instrument.validated
            else [Paragraph(one.instrument.source[i18n.language()], quiet=True)]
        ),
    ]


def scale_table(one: RoundReview, group: GroupResult, title: str, notes: tuple[str, ...] = ()) -> Table:
    """The scales of one group: mean, interval, spread and number."""
    titles = {scale.key: scale.title[i18n.language()] for scale in one.instrument.scales}
    columns = (
        Column(_("Scale"), 2.6),
        Column(_("Mean"), 1.4, figures=True),
        Column(_("Interval (95%)"), 1.7, figures=True),
        Column(_("Spread"), 1.2, figures=True),
        Column("n", 0.6, figures=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for scale in group.scales:
        decimals = disclosure.decimals_for(scale.n) if scale.n else 1
        hidden = scale.mean is None
        rows.append(
            (
                titles.get(scale.key, scale.key),
                Value(_("too few to show"))
                if hidden
                else Value(i18n.number(scale.mean, decimals), scale.mean),
                charts.interval_text(scale.low, scale.high, decimals),
                Value(i18n.number(scale.ad, decimals), scale.ad),
                goals.count(None if hidden else scale.n),
            )
        )
    return Table(title, columns, tuple(rows), notes, sheet=title)


def range_words(one: RoundReview) -> str:
    """What the ends of the answers mean."""
    found, language = one.instrument, i18n.language()
    return _("{low} is “{low_words}”, {high} is “{high_words}”.").format(
        low=found.minimum,
        low_words=found.labels[found.minimum][language],
        high=found.maximum,
        high_words=found.labels[found.maximum][language],
    )


def team_tables(one: RoundReview, names: dict[str, str]) -> list[Table]:
    """The teams of a round in the school's own order: not a ranking. Hidden and empty look the same."""
    found = {group.key: group for group in one.result.groups if group.key != SCHOOL}
    return [
        scale_table(one, found[key], f"{one.round.title}: {name}")
        if found[key].shown
        else Table(
            f"{one.round.title}: {name}",
            (Column(_("Scale")),),
            ((_("Too few answers to show."),),),
            sheet=f"{name} {one.round.title}",
        )
        for key, name in names.items()
        if key in found
    ]


def team_caution() -> Paragraph:
    """What a score does not say, in every report with a score."""
    return Paragraph(
        _(
            "A mean says what the team thinks of its own work. It is no mark, it promises nothing about what pupils "
            "will learn, and it cannot be compared with other schools."
        ),
        quiet=True,
    )


# --- results of the whole school -------------------------------------------------------------------------


def line_name(found: Series) -> str:
    """A line of results in words."""
    one = found.selection
    subject = _(words.SUBJECTS.get(one.subject, one.subject))
    if one.scale == PUBLISHED and one.level:
        return _("{subject}: pupils who reach {level}").format(subject=subject, level=one.level)
    if one.level:
        return _("{subject}: share at level {level} or higher").format(subject=subject, level=one.level)
    return _("{subject}: mean score").format(subject=subject) if one.measure is Measure.MEAN else subject


def ambition_of(review: Review, found: Series) -> float | None:
    """The target that the school set itself on this very line, if any."""
    wanted = found.selection.as_json()
    for goal in review.goals:
        for line in goal.lines:
            if line.indicator.series == wanted and line.indicator.target is not None:
                return line.indicator.target
    return None


def against_threshold(review: Review) -> Table:
    """Results of the whole school beside four lines with four names."""
    columns = (
        Column(_("Result"), 2.5),
        Column(_("Last value"), 1.2, figures=True),
        Column("n", 0.6, figures=True),
        Column(_("When"), 2.1),
        Column(_("Our ambition"), 1.3, figures=True),
        *(
            Column(name, 1.7, figures=True)
            for name in (_("Inspectorate's threshold"), _("National mean"), _("Similar schools"))
        ),
    )
    rows = tuple(_against(review, found) for found in review.outcomes)
    note = _(
        "The threshold is the Inspectorate's, and about the school as a whole: it is no norm for a group or a teacher. "
        "A published figure without n was published that way."
    )
    return Table(
        _("Results beside ambition and threshold"),
        columns,
        rows,
        (*verdicts(review), note),
        sheet=_("Results"),
    )


def _against(review: Review, found: Series) -> tuple[Cell, ...]:
    last = _last(found)
    told = dict(found.references)
    return (
        line_name(found),
        _outcome(found, last.value) if last else _("not published"),
        goals.count(last.n if last else None),
        charts.point_label(last) if last else "–",
        _outcome(found, ambition_of(review, found)),
        *(_outcome(found, told.get(name)) for name in ("threshold", "national", "similar")),
    )


def below_threshold(review: Review) -> list[str]:
    """A sentence per line that lies below the Inspectorate's threshold, which is about three years together."""
    return [
        said
        for line, said in zip(review.reached, verdicts(review), strict=True)
        if review.reached[line].verdict is Verdict.BELOW
    ]


def verdicts(review: Review) -> list[str]:
    """Where the school stands over three years, one sentence per line."""
    return [
        f"{_years(one)}: {charts.reached_verdict(one)}"
        if one.share is not None
        else charts.reached_verdict(one)
        for one in review.reached.values()
    ]


def _years(found: ReachedLevels) -> str:
    """The school years that a verdict is about, as one stretch."""
    counted = found.years[-found.n_years :]
    first, last = (point.label.partition(" ")[0] for point in (counted[0], counted[-1]))
    if first == last:
        return first
    return _("{first} to {last} together").format(first=first, last=last)


def _last(found: Series) -> Point | None:
    shown = [point for point in found.points if point.value is not None]
    return max(shown, key=lambda point: point.on, default=None)


def _outcome(found: Series, figure: float | None) -> Value:
    return Value(charts.outcome_text(found.selection, figure), figure)


def outcome_picture(review: Review, found: Series) -> Picture:
    """A line of results of the whole school over the years."""
    title = line_name(found)
    target = ambition_of(review, found)
    figure = charts.outcome_line(found, title, theme=goals.THEME, target=target)
    legend = [
        _("our ambition: {value}").format(value=_outcome(found, target).shown) if target is not None else "",
        *(f"{charts.reference_name(name)}: {_outcome(found, one).shown}" for name, one in found.references),
        "" if charts.begins_at_zero(found.selection) else pictures.axis_words(figure),
    ]
    counts = [point.n for point in found.points if point.n is not None]
    return Picture(
        title=title,
        figure=figure,
        said=tuple(text for text in figure.notes if text),
        legend=" · ".join(text for text in legend if text),
        n=_("n from {low} to {high} per value.").format(low=min(counts), high=max(counts))
        if counts
        else _("Published without n."),
        table=_outcome_table(found, title),
        height=goals.HEIGHT,
    )


def _outcome_table(found: Series, title: str) -> Table:
    # Nobody can work out an interval from a published figure alone.
    has_interval = any(point.low is not None for point in found.points)
    columns = (
        Column(_("When"), 3.2),
        Column(_("Value"), 1.2, figures=True),
        *([Column(_("Interval (95%)"), 1.8, figures=True)] if has_interval else []),
        Column("n", 0.6, figures=True),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            charts.point_label(point),
            Value(charts.reason_text(point.reason)) if point.value is None else _outcome(found, point.value),
            *([charts.interval_text(point.low, point.high)] if has_interval else []),
            goals.count(point.n),
        )
        for point in found.points
    ]
    return Table(title, columns, tuple(rows), sheet=title, narrow=True)


def successes(review: Review) -> list[Block]:
    """What the team was proud of in these months, in its own words."""
    then = [one.title for one in review.successes if review.happened(one.happened_on)]
    return [Heading(_("What went well, in our own words")), Bullets(tuple(then))] if then else []


# --- what every report tells -----------------------------------------------------------------------------


def period(review: Review) -> str:
    return _("{first} to {last}").format(first=i18n.day(review.first_on), last=i18n.day(review.last_on))


def nothing_yet(review: Review) -> Callout:
    """An empty cycle says so, and what the first step is."""
    return Callout(
        _("Nothing has been recorded in this quality cycle yet."),
        _(
            "That is why this report is short. It fills itself from goals, actions, evidence and questionnaires."
        ),
    )


def account(review: Review) -> Account:
    """Period, sources, numbers, what was left out and why, and the state of the data."""
    return Account(
        period=_("{period} (quality cycle {title})").format(period=period(review), title=review.cycle.title),
        sources=tuple(_sources(review)),
        numbers=tuple(_numbers(review)),
        hidden=tuple(_hidden(review)),
        data_version=review.data_version,
        made_on=review.made_on,
    )


def account_blocks(own: Account) -> list[Block]:
    """The last part of every report."""
    return [
        Heading(_("About this report")),
        without_empty([(_("Period"), own.period)]),
        *_listed(_("Sources"), own.sources),
        *_listed(_("Numbers"), own.numbers),
        *_listed(_("What was left out, and why"), own.hidden),
        without_empty(
            [(_("Data version"), i18n.number(own.data_version)), (_("Made on"), i18n.day(own.made_on))]
        ),
    ]


def _listed(title: str, items: Sequence[str]) -> list[Block]:
    return [Heading(title, 3), Bullets(tuple(items))] if items else []


def _sources(review: Review) -> list[str]:
    indicators: list[Indicator] = [line.indicator for goal in review.goals for line in goal.lines]
    found = [_("What the school recorded itself: goals, actions, evidence and judgements.")]
    if any(not one.series for one in indicators):
        found.append(_("Values of indicators that the school typed in."))
    if any(one.series for one in indicators):
        found.append(_("Results of pupils that the school read in, as figures about groups."))
    if review.kind is Kind.GOAL:
        return found
    if review.kind in WITH_RESULTS and any(not one.selection.pupils for one in review.outcomes):
        found.append(_("Published results of the school (open data)."))
    found += [
        _("Questionnaire “{title}”, version {version}, closed on {day}.").format(
            title=one.round.title, version=one.round.instrument_version, day=i18n.day(one.round.closed_on)
        )
        for one in review.rounds
    ]
    return found


def _numbers(review: Review) -> list[str]:
    found = [goals.counted(review.goals) + "."] if review.goals else []
    found += [f"{one.round.title}: {response(one)}" for one in review.rounds]
    if review.goals:
        found.append(_("Every figure has its own n beside it; – means not written down, or too few to tell."))
    return found


def _hidden(review: Review) -> list[str]:
    found = [
        _(
            "Figures about fewer than {floor} people or pupils, and figures from which such a figure could be worked "
            "out: otherwise one could recognise somebody. Too few and none look the same."
        ).format(floor=disclosure.FLOOR),
        _("Single answers to questionnaires: nobody can see those."),
    ]
    if review.kind is Kind.MR:
        found.append(
            _(
                "Figures about a team, a class or a group of fewer than {floor}, and figures of which the number is "
                "not known: many people read this report."
            ).format(floor=MR_FLOOR)
        )
    if review.kept_back:
        text = ngettext(
            "For that reason {n} value is left out here that the school itself can see.",
            "For that reason {n} values are left out here that the school itself can see.",
            review.kept_back,
        )
        found.append(text.format(n=review.kept_back))
    if review.kind in NAMELESS:
        found.append(
            _("Names of colleagues, and what single teams answered: this report is about the school.")
        )
    return found
