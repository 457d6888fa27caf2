"""Which picture of outcomes: the line, what kind of picture, and its moments; all of it in the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from qualitycycle import charts, i18n, sentences
from qualitycycle.cycle import (
    cohorts,
    comparing,
    indicators,
    plan,
    reached_levels,
    series,
    thread,
    views,
)
from qualitycycle.cycle.cohorts import Sat
from qualitycycle.cycle.reached_levels import Source
from qualitycycle.cycle.series import Measure, Selection
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import ViewRefused
from qualitycycle.i18n import N_, _
from qualitycycle.imports.inspectie import Indicator
from qualitycycle.ui import forms, outcomes, parts, pictures, words
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

KINDS = {
    ViewKind.LINE: N_("Over the years"),
    ViewKind.LEVELS: N_("All levels"),
    ViewKind.CHANGE: N_("Two years"),
    ViewKind.GAIN: N_("Gain of the same pupils"),
    ViewKind.COHORT: N_("Pupils followed"),
    ViewKind.FUNNEL: N_("Groups"),
    ViewKind.COUNTS: N_("Numbers"),
    ViewKind.THREE_YEARS: N_("Years together"),
}
# Pictures of the share of pupils at one level or higher.
OF_ONE_LEVEL = (ViewKind.LINE, ViewKind.CHANGE, ViewKind.FUNNEL)
LAST_LEVEL = "outcome_level.last"
# The whole address of a picture, as `pictures.address` writes it.
ASKED = "view"


def asked() -> View | None:
    """The picture that the address asks for."""
    try:
        return views.view_from(json.loads(st.query_params.get(ASKED, "")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def remember(view: View) -> None:
    """Put the picture in the address, so that a reload and a bookmark show it."""
    text = pictures.address(view)[ASKED]
    if st.query_params.get(ASKED) != text:
        st.query_params[ASKED] = text


# --- the line --------------------------------------------------------------------------------------------


def pick(page: Page) -> View | None:
    """Line, kind and moments; None where nothing has been read in."""
    lines = series.selections(page.store, page.actor)
    if not lines:
        return None
    wanted = asked()
    with st.container(horizontal=True, key="pick_line"):
        line = _pick_line(page, lines, wanted)
        # Only some kinds of picture are about one level, and the kind is chosen below it.
        beside = st.container(width="content", key="pick_level")
    offered = _kinds(page, lines, line)
    kind = _pick_kind(offered, wanted)
    chosen = offered[kind]
    if kind in OF_ONE_LEVEL:
        with beside:
            chosen = _with_level(page, chosen, wanted)
    view = _OPTIONS[kind](page, lines, chosen, wanted if wanted and wanted.kind is kind else None)
    _why_not(line, offered)
    return view


def _pick_line(page: Page, lines: Sequence[Selection], wanted: View | None) -> Selection:
    """First the subject, then the group and test."""
    start = _line_of(page, lines, wanted)
    subjects = {one.subject: outcomes.subject(one) for one in lines}
    chosen = _choose(_("Subject"), subjects, "outcome_subject", 260, start.subject)
    own = [one for one in lines if one.subject == chosen]
    names = {str(n): ", ".join(outcomes.details(one)) for n, one in enumerate(own)}
    # One key per subject: the nth line of another subject is another line.
    first = str(own.index(start)) if start in own else None
    return own[int(_choose(_("Group, kind and test"), names, f"outcome_line.{chosen}", 520, first))]


def _line_of(page: Page, lines: Sequence[Selection], wanted: View | None) -> Selection:
    """The line of a picture, whatever its level; a picture of all groups has no year group."""
    if wanted is not None:
        own = wanted.selection
        for one in lines:
            same = replace(one, year_group=own.year_group if own.year_group is None else one.year_group)
            if one.pupils and replace(same, level=None) == replace(own, level=None):
                return one
            if not one.pupils and one == own:
                return one
        if reached_levels.is_reached_levels(own) and replace(own, pupils=False) in lines:
            return replace(own, pupils=False)
        part_of = (one for one in lines if own in reached_levels.of_line(page.store, one))
        return next(part_of, lines[0])
    return lines[0]


def _with_level(page: Page, line: Selection, wanted: View | None) -> Selection:
    """The line at a level or higher, where it is about levels."""
    if line.measure is not Measure.SHARE:
        return line
    # A level outside the known orders has no "or higher".
    levels = [level for level in series.levels_of(page.store, line) if series.at_least(level)]
    if not levels:
        return line
    options = {level: _("{level} or higher").format(level=level) for level in levels}
    usual = levels[len(levels) // 2]
    before = (wanted.selection.level if wanted else None, st.session_state.get(LAST_LEVEL))
    start = next((one for one in before if one in options), usual)
    level = _choose(_("Level"), options, "outcome_level", 170, start)
    # A picture without one in between, such as all levels, does not forget it.
    st.session_state[LAST_LEVEL] = level
    return replace(line, level=level)


def _choose(name: str, options: Mapping[str, str], key: str, width: int, start: str | None = None) -> str:
    labels = forms.distinct(options)
    keys = list(labels)
    chosen = st.selectbox(
        name,
        keys,
        index=keys.index(start) if start in keys else 0,
        format_func=lambda one: labels.get(one, ""),
        key=key,
        width=width,
    )
    return str(chosen) if chosen in labels else keys[0]


# --- the kind --------------------------------------------------------------------------------------------


def _kinds(page: Page, lines: Sequence[Selection], line: Selection) -> dict[ViewKind, Selection]:
    """The kinds of picture this line allows, each with its line: scores and levels of one test are two lines."""
    found: dict[ViewKind, Selection] = {}
    for kind in ViewKind:
        if kind is ViewKind.FUNNEL and not page.may_edit:
            continue
        for one in (line, *_of_same_test(lines, line), *reached_levels.of_line(page.store, line)):
            if comparing.fitting(one)[kind] is None:
                found.setdefault(kind, one)
    return {kind: found[kind] for kind in KINDS if kind in found}


def _of_same_test(lines: Sequence[Selection], line: Selection) -> list[Selection]:
    plain_line = replace(line, level=None)
    others = (replace(plain_line, score_kind=kind) for kind in ("score", "level"))
    return [one for one in others if line.pupils and one != plain_line and one in lines]


def _pick_kind(offered: Mapping[ViewKind, Selection], wanted: View | None) -> ViewKind:
    kinds = list(offered)
    start = wanted.kind if wanted and wanted.kind in offered else ViewKind.LINE
    chosen = st.segmented_control(
        _("What do you want to see?"),
        [str(kind) for kind in kinds],
        format_func=lambda one: plain(_(KINDS[ViewKind(one)])) if one in KINDS else "",
        default=str(start),
        required=True,
        # Another line may offer other kinds.
        key=f"outcome_kind.{'.'.join(kinds)}",
    )
    return ViewKind(chosen) if chosen in kinds else ViewKind.LINE


def _why_not(line: Selection, offered: Mapping[ViewKind, Selection]) -> None:
    """Which pictures these outcomes do not allow, and why not."""
    misfits = {
        kind: reason for kind, reason in comparing.fitting(line).items() if reason and kind not in offered
    }
    # Bars with numbers and three years are no wish that scores leave open.
    for kind in (ViewKind.COUNTS, ViewKind.THREE_YEARS):
        misfits.pop(kind, None)
    if not misfits:
        return
    with st.popover(_("Why no other picture?"), type="tertiary", key="why_not"):
        for kind, reason in misfits.items():
            sentence = sentences.of(ViewRefused(str(kind), reason))
            st.markdown(f"**{plain(_(KINDS[kind]))}** {plain(sentence)}")


# --- its moments -----------------------------------------------------------------------------------------


def _line(_page: Page, _lines: Sequence[Selection], line: Selection, _wanted: View | None) -> View:
    return View(ViewKind.LINE, line)


def _levels(page: Page, _lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    sat = [one for one in cohorts.sat(page.store, page.actor, line) if one.year_group == line.year_group]
    moments = list(dict.fromkeys(one.label.partition(" ")[2] for one in reversed(sat)))
    line = replace(line, level=None)
    if len(moments) < 2:
        return View(ViewKind.LEVELS, line)
    names = {one: _(charts.MOMENTS.get(one, one)) or _("no moment") for one in moments}
    with st.container(horizontal=True, key="pick_moment"):
        moment = _choose(
            _("Moment of the year"), names, "outcome_moment", 320, wanted.end if wanted else None
        )
    return View(ViewKind.LEVELS, line, end=moment or None)


def _cohort(page: Page, _lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    starts = _starts(cohorts.sat(page.store, page.actor, line))
    own = {f"{one.label}|{one.year_group}": one for one in starts.values()}
    names = {
        key: _("{group} in {moment}").format(
            group=words.year_group(one.year_group or ""), moment=charts.moment_label(one.label)
        )
        for key, one in own.items()
    }
    if not own:
        return View(ViewKind.COHORT, line)
    start = f"{wanted.start}|{wanted.selection.year_group}" if wanted else _usual(starts, line)
    with st.container(horizontal=True, key="pick_cohort"):
        chosen = own[_choose(_("Pupils who began in"), names, "outcome_cohort", 420, start)]
    return View(ViewKind.COHORT, replace(line, year_group=chosen.year_group), start=chosen.label)


def _starts(sat: Sequence[Sat]) -> dict[int, Sat]:
    """Per cohort with at least two moments its first one."""
    by_cohort: dict[int, list[Sat]] = {}
    for one in sat:
        number = cohorts.number(one.label, one.year_group)
        if number is not None:
            by_cohort.setdefault(number, []).append(one)
    return {number: own[0] for number, own in sorted(by_cohort.items()) if len(own) > 1}


def _usual(starts: Mapping[int, Sat], line: Selection) -> str:
    """The cohort that is in the year group of the line now, else the one with the longest past."""
    latest = max(starts, default=0)
    now = latest + int(line.year_group or 0) - int(starts[latest].year_group or 0)
    one = starts.get(now, starts[min(starts)])
    return f"{one.label}|{one.year_group}"


def _gain(page: Page, lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    sat = cohorts.sat(page.store, page.actor, line)
    ends = [one.label for one in reversed(sat) if one.year_group == line.year_group]
    view = View(ViewKind.GAIN, line)
    if not ends:
        return view
    with st.container(horizontal=True, key="pick_pair"):
        # The first moment stands first, though what it can be depends on the second.
        first = st.container(width="content")
        names = {label: charts.moment_label(label) for label in ends}
        end = _choose(_("To"), names, "outcome_end", 320, wanted.end if wanted else None)
        befores = _befores(lines, sat, line, end)
        if not befores:
            return replace(view, end=end)
        start = _start_key(wanted) if wanted else None
        names = {key: _before_name(line, *one) for key, one in befores.items()}
        with first:
            before, label = befores[_choose(_("From"), names, f"outcome_start.{end}", 420, start)]
    own = None if before == _expected_before(line, label, end) else before
    return _against(replace(view, before=own, start=label, end=end), wanted)


def _befores(
    lines: Sequence[Selection], sat: Sequence[Sat], line: Selection, end: str
) -> dict[str, tuple[Selection, str]]:
    """Where a gain can start: moments of these pupils on this scale; and other tests, to say why not."""
    number = cohorts.number(end, line.year_group)
    own = [one for one in sat if cohorts.number(one.label, one.year_group) == number]
    pairs = cohorts.offered([one.label for one in own])
    found = {
        f"{one.label}|": (replace(line, year_group=one.year_group), one.label)
        for one in own
        if (one.label, end) in pairs
    }
    others = [
        one
        for one in lines
        if one.subject == line.subject and one.pupils and one.score_kind != "level"
        and replace(one, year_group=None) != replace(line, year_group=None)
    ]  # fmt: skip
    return found | {f"|{n}": (one, end) for n, one in enumerate(others)}


def _expected_before(line: Selection, start: str, end: str) -> Selection:
    """The line on which these pupils were at the first moment."""
    years = int(end[:4]) - int(start[:4])
    return replace(line, year_group=str(int(line.year_group or 0) - years))


def _start_key(wanted: View) -> str | None:
    return None if wanted.before else f"{wanted.start}|"


def _before_name(line: Selection, before: Selection, label: str) -> str:
    if replace(before, year_group=None) == replace(line, year_group=None):
        group = words.year_group(before.year_group or "")
        return f"{charts.moment_label(label)}, {group}"
    return _("another test: {line}").format(line=", ".join(outcomes.details(before)))


def _against(view: View, wanted: View | None) -> View:
    """What the gain is set against, typed in from a norm or a manual."""
    with st.expander(
        _("Set it beside what was to be expected"), icon=":material/straighten:", key="gain_norm"
    ):
        parts.note(
            _(
                "Pupils grow anyway. Look up in the manual or the report of your test how much this is in this time."
            )
        )
        left, right = st.columns(2)
        with left:
            expected = _number(_("Expected gain, in points"), "expected", wanted.expected if wanted else None)
            norm = st.text_input(
                _("Which norm, and of when"),
                value=wanted.norm or "" if wanted else "",
                key="gain.norm",
                max_chars=80,
            )
            spread = _number(
                _("Spread of gains in the norm, in points"),
                "norm_spread",
                wanted.norm_spread if wanted else None,
                _("With it the growth is also said in spreads, as in the school reports of NCO."),
            )
        with right:
            parts.note(
                _("Were these pupils chosen because they scored low? Then they gain by themselves as well.")
            )
            chosen_from = _number(
                _("Mean of all pupils they were chosen from"),
                "chosen_from",
                wanted.chosen_from if wanted else None,
            )
            reliability = _number(
                _("Reliability of the test, 0 to 1"), "reliability", wanted.reliability if wanted else None
            )
    return replace(
        view,
        expected=expected,
        norm=(norm or "").strip() or None,
        norm_spread=spread if spread and spread > 0 else None,
        chosen_from=chosen_from,
        reliability=reliability,
    )


def _number(label: str, name: str, start: float | None, explained: str | None = None) -> float | None:
    """A text field, because a school types 57,5 and a number field of the browser may refuse the comma."""
    shown = "" if start is None else i18n.number(start)
    typed = forms.parse_number(
        st.text_input(label, value=shown, key=f"gain.{name}", max_chars=12, help=explained) or ""
    )
    if isinstance(typed, str):
        parts.note(_("“{typed}” is no number.").format(typed=typed))
        return None
    return typed


def _change(page: Page, _lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    found = series.series(page.store, page.actor, line)
    # The same moment in two years comes first: other moments of a year are of the same pupils.
    labels = [point.label for point in found.points if point.value is not None]
    view = View(ViewKind.CHANGE, line)
    if len(labels) < 2:
        return view
    names = {label: charts.moment_label(label) for label in reversed(labels)}
    with st.container(horizontal=True, key="pick_years"):
        place = st.container(width="content")
        end = _choose(_("To"), names, "outcome_end", 320, wanted.end if wanted else None)
        earlier = {label: name for label, name in names.items() if labels.index(label) < labels.index(end)}
        if not earlier:
            return replace(view, end=end)
        same = next((label for label in earlier if label.partition(" ")[2] == end.partition(" ")[2]), None)
        start = wanted.start if wanted and wanted.start in earlier else same
        with place:
            first = _choose(_("From"), earlier, f"outcome_start.{end}", 320, start)
    return replace(view, start=first, end=end)


def _funnel(page: Page, _lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    line = replace(line, year_group=None)
    labels = list(dict.fromkeys(one.label for one in reversed(cohorts.sat(page.store, page.actor, line))))
    names = {label: charts.moment_label(label) for label in labels}
    with st.container(horizontal=True, key="pick_when"):
        end = _choose(_("When"), names, "outcome_when", 320, wanted.end if wanted else None)
    return View(ViewKind.FUNNEL, line, end=end)


def _counts(_page: Page, _lines: Sequence[Selection], line: Selection, _wanted: View | None) -> View:
    return View(ViewKind.COUNTS, line)


def _three_years(page: Page, lines: Sequence[Selection], line: Selection, wanted: View | None) -> View:
    with st.container(horizontal=True, key="pick_ambition"):
        if line not in lines:
            # Numbers per level and own rows add up to both shares.
            names = {str(level): str(level) for level in Indicator}
            start = wanted.selection.level if wanted else None
            level = _choose(_("Reached level"), names, "outcome_reached", 170, start)
            line = replace(line, test=level, level=level)
        line = _source(page, line, wanted)
        target = wanted.ambition if wanted else None
        own_target = target if target is not None else _target(page, line)
        typed = forms.parse_number(
            st.text_input(
                _("Our ambition, in percent"),
                value="" if own_target is None else i18n.number(own_target),
                key=f"outcome_ambition.{line.level}",
                max_chars=6,
                width=220,
                help=_("What your school itself wants to reach. A target of a goal is filled in already."),
            )
            or ""
        )
    ambition = typed if isinstance(typed, float | int) and 0 <= typed <= 100 else None
    if ambition is None and typed is not None:
        parts.note(_("An ambition is a number from 0 to 100."))
    return View(ViewKind.THREE_YEARS, line, ambition=ambition)


def _source(page: Page, line: Selection, wanted: View | None) -> Selection:
    """Own rows or figures of others, where both are there: never the two together."""
    other = reached_levels.other_source(page.store, page.actor, line)
    if other is None:
        return line
    own = {str(reached_levels.source_of(one)): one for one in (line, other)}
    start = str(reached_levels.source_of(wanted.selection if wanted else line))
    names = {str(one): _(charts.SOURCES[one]) for one in Source}
    return own[_choose(_("Counted from"), names, "outcome_source", 330, start)]


def _target(page: Page, line: Selection) -> float | None:
    """The target of a goal of this cycle that follows the line or its three years."""
    cycle = plan.running_cycle(page.store) if page.may_see_running else None
    if cycle is None:
        return None
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    for goal in found.goals:
        for indicator in found.indicators.get(goal.goal_id, []):
            view = indicators.view_of(indicator.series)
            if view is not None and view.selection == line and indicator.target is not None:
                return indicator.target
    return None


_Option = Callable[[Page, Sequence[Selection], Selection, View | None], View]
_OPTIONS: Mapping[ViewKind, _Option] = {
    ViewKind.LINE: _line,
    ViewKind.LEVELS: _levels,
    ViewKind.CHANGE: _change,
    ViewKind.GAIN: _gain,
    ViewKind.COHORT: _cohort,
    ViewKind.FUNNEL: _funnel,
    ViewKind.COUNTS: _counts,
    ViewKind.THREE_YEARS: _three_years,
}
