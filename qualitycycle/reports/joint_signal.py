"""A joint signal: what several schools see together, for their support partnership, on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qualitycycle import charts, i18n
from qualitycycle.analysis import disclosure
from qualitycycle.cycle.network_figures import ALL, KEYS, Figure, Measure
from qualitycycle.cycle.network_file import NetworkFile
from qualitycycle.cycle.network_words import PUPILS, THEMES
from qualitycycle.i18n import _, ngettext
from qualitycycle.reports import typeset

TEMPLATE = "joint_signal"
LEAST_SCHOOLS = 2
# What schools ask takes at most so many signs together; what does not fit stands in their files.
MOST_ASKED = 3400


@dataclass(frozen=True)
class Sheet:
    """The schools that sign, the half-year they tell about, and what they say in their own words."""

    period: str
    files: tuple[NetworkFile, ...]
    words: str = ""


def pdf(sheet: Sheet) -> bytes:
    """The page as a PDF/UA file, in the language that is spoken."""
    return typeset.pdf(TEMPLATE, content(sheet))


def first_page(sheet: Sheet) -> bytes:
    """A picture of it, to look at before it is saved."""
    return typeset.first_page(TEMPLATE, content(sheet))


def content(sheet: Sheet) -> dict[str, Any]:
    """What stands on the page; schools are counted, their figures never added."""
    n = len(sheet.files)
    title = ngettext("Joint signal of {n} school", "Joint signal of {n} schools", n).format(n=n)
    asked, n_left = _asked(sheet.files)
    return {
        "document": f"{title} · {sheet.period}",
        "title": title,
        "subtitle": _("To the support partnership · {period}").format(period=sheet.period),
        "said-title": _("What we say together"),
        "said": sheet.words,
        "themes-title": _("Where help is needed"),
        "themes-note": _("Schools where at least {floor} requests or colleagues were about it").format(
            floor=disclosure.FLOOR
        ),
        "themes-head": [_("Theme"), _("Schools")],
        "themes": list(_themes(sheet.files)),
        "n": n,
        "waiting-title": _("Waiting for help"),
        "waiting-note": _("Half of those who asked had help within so many weeks, from school to school"),
        "waiting-head": [_("Which help"), _("Schools"), _("Weeks")],
        "waiting": list(_waiting(sheet.files)),
        "nothing": _("None of these schools can tell anything about it: the numbers are too small."),
        "asked-title": _("What each of us asks"),
        "asked": asked,
        "asked-left": ngettext(
            "{n} further request stands in the schools' files.",
            "{n} further requests stand in the schools' files.",
            n_left,
        ).format(n=n_left)
        if n_left
        else "",
        "schools-title": _("Who signs"),
        "schools": [
            f"{name} ({_(PUPILS[file.pupils])})" if file.pupils else name
            for name, file in zip(charts.school_names(sheet.files), sheet.files, strict=True)
        ],
        "how": _(
            "Each school brought totals of this half-year, put down when it was over. Fewer than {floor} is never "
            "told, and hidden and none look the same: a school that is not counted may have something to tell. Who "
            "still waited on the last day counts as long as she waited. Schools differ in size; nothing here ranks "
            "them."
        ).format(floor=disclosure.FLOOR),
    }


def _themes(files: Sequence[NetworkFile]) -> Iterator[dict[str, Any]]:
    """Themes in the fixed order of the list, those that no school tells of left out."""
    for theme in THEMES:
        n = sum(
            file.figure(Measure.HELP, theme).shown or file.figure(Measure.LEARNING, theme).shown
            for file in files
        )
        if n:
            yield {"title": _(THEMES[theme]), "n": n, "said": _("{n} of {all}").format(n=n, all=len(files))}


def _waiting(files: Sequence[NetworkFile]) -> Iterator[dict[str, Any]]:
    for key in KEYS[Measure.WAITING]:
        shown = [one for one in (file.figure(Measure.WAITING, key) for file in files) if one.shown]
        if shown:
            yield {
                "title": charts.network_key(Measure.WAITING, key),
                "schools": _("{n} of {all}").format(n=len(shown), all=len(files)),
                "weeks": _weeks(shown),
                "total": key == ALL,
            }


def _weeks(shown: Sequence[Figure]) -> str:
    """The shortest and the longest of the schools, and at how many more than half still waited."""
    weeks = sorted(one.value for one in shown if one.value is not None)
    still = len(shown) - len(weeks)
    parts = []
    if weeks and weeks[0] == weeks[-1]:
        parts.append(i18n.number(weeks[0]))
    elif weeks:
        parts.append(_("{low} to {high}").format(low=i18n.number(weeks[0]), high=i18n.number(weeks[-1])))
    if still:
        said = ngettext("at {n}: more than half still waited", "at {n}: more than half still waited", still)
        parts.append(said.format(n=still))
    return "; ".join(parts)


def _asked(files: Sequence[NetworkFile]) -> tuple[list[dict[str, str]], int]:
    """What schools ask, first one of each, then the next ones, as far as they fit; and how many do not."""
    most = max((len(file.asks) for file in files), default=0)
    names = charts.school_names(files)
    everything = [
        {"school": name, "text": file.asks[place]}
        for place in range(most)
        for name, file in zip(names, files, strict=True)
        if place < len(file.asks)
    ]
    room, found = MOST_ASKED, []
    for one in everything:
        room -= len(one["text"]) + len(one["school"])
        if room < 0:
            break
        found.append(one)
    return found, len(everything) - len(found)
