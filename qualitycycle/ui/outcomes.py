"""Words for a line of pupil outcomes, the same wherever it is named."""

from __future__ import annotations

from qualitycycle.cycle.access import Right
from qualitycycle.cycle.reached_levels import is_reached_levels
from qualitycycle.cycle.series import Selection
from qualitycycle.i18n import _
from qualitycycle.ui import parts, words
from qualitycycle.ui.page import Page

# The scale of 1F, 1S and 2F: every school knows those by the level alone.
REFERENCE_LEVELS = "reference"
# The scale of the share of candidates who passed their final exam.
PASSED = "passed"


# --- words for a line ------------------------------------------------------------------------------------


def label(selection: Selection, *, with_kind: bool = True) -> str:
    """A line in words: Maths, group 4, share at level II or higher, Cito Rekenen-Wiskunde 3.0."""
    return ", ".join([subject(selection), *details(selection, with_kind=with_kind)])


def short_label(selection: Selection, *, with_kind: bool = True) -> str:
    """A line in words without its test: Maths, group 4, share at level II or higher."""
    group = words.year_group(selection.year_group) if selection.year_group else ""
    told = kind(selection) if with_kind else ""
    return ", ".join(one for one in (subject(selection), group, told) if one)


def subject(selection: Selection) -> str:
    return _(words.SUBJECTS.get(selection.subject, selection.subject))


def details(selection: Selection, *, with_kind: bool = True) -> list[str]:
    """What tells it from other lines of its subject: group, kind and test."""
    found = [
        words.year_group(selection.year_group) if selection.year_group else "",
        kind(selection) if with_kind else "",
        _test(selection),
    ]
    return [one for one in found if one]


def kind(selection: Selection) -> str:
    """What its values are: a mean score, or the share at a level or higher."""
    if selection.level:
        return _("share at level {level} or higher").format(level=selection.level)
    if selection.score_kind == "percentage" and selection.scale == PASSED:
        return _("share that passed")
    if selection.score_kind == "percentage" and selection.pupils:
        return _("mean percentage right")
    return _(words.SCORE_KINDS.get(selection.score_kind, selection.score_kind))


def _test(selection: Selection) -> str:
    maker = _(words.TEST_MAKERS.get(selection.test_maker or "", selection.test_maker or ""))
    # Where the test is named after the level, the level says it.
    test = None if selection.test == selection.level else selection.test
    # A test that is named after its kind or its maker says so itself.
    maker = "" if maker.casefold() in (test or "").casefold() else maker
    named = " ".join(one for one in (maker, test, selection.edition) if one)
    if selection.pupils and is_reached_levels(selection):
        return _("from our own rows")
    if not selection.scale or selection.scale in (REFERENCE_LEVELS, PASSED):
        return named
    kept = words.SCALES.get(selection.scale)
    scale = _(kept) if kept else _("scale {name}").format(name=selection.scale)
    return f"{named} ({scale})" if named else scale


def nothing_yet(page: Page) -> None:
    if page.may(Right.IMPORT):
        parts.empty(
            _("No results have been read in yet. Bring an export of your pupil tracking system."),
            page="imports",
            label=_("Read in results"),
        )
    else:
        parts.empty(_("No results have been read in yet. The school leader or internal coach can do that."))
