"""The data wall on screen: at most five pictures side by side, large enough for the back of the room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.cycle import wall
from qualitycycle.cycle.views import Result
from qualitycycle.cycle.wall import Hanging, Wall
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import WallPicture
from qualitycycle.ui import failure, figures, forms, navigation, parts, pictures
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

# How many stand in each row, by how many there are; and the height of a chart that fits below each other then.
ROWS = {1: (1,), 2: (2,), 3: (3,), 4: (2, 2), 5: (3, 2)}
HEIGHTS = {1: 330, 2: 124}
# Inside another page there is less room.
COMPACT = 120


def show(page: Page, *, compact: bool = False) -> None:
    """The wall; `compact` without what changes it, for a place inside another page."""
    found = wall.look(page.store, page.actor)
    if not found.pictures:
        _nothing(page, found, compact)
        return
    with st.container(key="wall_compact" if compact else "wall"):
        rows = _rows(found.pictures)
        for row in rows:
            for place, one in zip(st.columns(len(row), gap="small"), row, strict=True):
                with place, parts.card(f"wall_{one.picture.id}"):
                    _picture(page, one, found, COMPACT if compact else HEIGHTS[len(rows)], compact)
        _left_out(found)
    if not compact:
        _taken_down(page, found)


def _rows(pictures_: Sequence[Hanging]) -> list[Sequence[Hanging]]:
    rows: list[Sequence[Hanging]] = []
    for n in ROWS[len(pictures_)]:
        done = sum(len(row) for row in rows)
        rows.append(pictures_[done : done + n])
    return rows


def _nothing(page: Page, found: Wall, compact: bool) -> None:
    _left_out(found)
    if compact:
        parts.note(_("Nothing hangs on the data wall for you to see."))
    elif page.may_edit:
        parts.empty(
            _(
                "Nothing hangs on the data wall yet. Choose at most five pictures for the meeting: each has a button "
                "“On the data wall”."
            ),
            page="outcomes",
            label=_("Choose a picture"),
        )
        _taken_down(page, found)
    else:
        parts.empty(
            _(
                "Nothing hangs on the data wall for you to see. The school leader or internal coach chooses it."
            )
        )


def _left_out(found: Wall) -> None:
    if found.n_not_shown:
        text = ngettext(
            "{n} picture is left out: it is about a group that you do not see.",
            "{n} pictures are left out: they are about groups that you do not see.",
            found.n_not_shown,
        )
        parts.note(text.format(n=found.n_not_shown))


# --- one picture -----------------------------------------------------------------------------------------


def _picture(page: Page, one: Hanging, found: Wall, height: int, compact: bool) -> None:
    st.html(f'<h2 class="qc-wall-title">{safe(pictures.short_title(one.view))}</h2>')
    drawn = pictures.for_the_room(one.result, theme=page.theme, height=height) if one.result else None
    if one.result is None or drawn is None:
        parts.note(_why_not(one))
    else:
        if last := _last(one.result):
            st.html(last)
        figures.chart(drawn, key=f"wall_{one.picture.id}", compact=True)
    if not compact and page.may_edit:
        _change(page, one, found)


def _why_not(one: Hanging) -> str:
    if one.result is None:
        return _("These outcomes do not allow this picture any more.")
    return _("Nothing of this can be shown: too few pupils, or not published.")


def _last(result: Result) -> str:
    """The last value large, with when, its n and its interval; empty where the picture has no value of its own."""
    shown = [point for point in result.points if point.value is not None]
    if not shown:
        return ""
    last = max(shown, key=lambda point: point.on)
    value = pictures.value_text(result.view, last.value)
    interval = charts.outcome_interval(result.view.selection, last.low, last.high)
    beside = [
        charts.point_label(last),
        f"n = {last.n}" if last.n else "",
        interval,
        pictures.beside(result),
    ]
    words = " · ".join(one for one in beside if one)
    return f'<p class="qc-wall-last"><b>{safe(value)}</b> <span>{safe(words)}</span></p>'


# --- changing it -----------------------------------------------------------------------------------------


def _change(page: Page, one: Hanging, found: Wall) -> None:
    """Forward, back, and off the wall: buttons, so that it works with a keyboard."""
    ids = [other.picture.id for other in found.pictures]
    here = ids.index(one.picture.id)
    with st.popover(_("Change"), key=f"wall_change_{one.picture.id}", type="tertiary"):
        navigation.link("outcomes", _("Open this picture"), query=pictures.address(one.view))
        for label, steps, icon in (
            (_("One place forward"), -1, ":material/arrow_back:"),
            (_("One place back"), 1, ":material/arrow_forward:"),
        ):
            _button(
                label,
                f"wall.move.{one.picture.id}.{steps}",
                icon,
                lambda steps=steps: wall.move(page.store, page.actor, one.picture.id, steps),  # type: ignore[misc]
                disabled=not 0 <= here + steps < len(ids),
            )
        _button(
            _("Take it off the wall"),
            f"wall.off.{one.picture.id}",
            ":material/close:",
            lambda: wall.take_down(page.store, page.actor, one.picture.id),
        )


def _taken_down(page: Page, found: Wall) -> None:
    """What hung there before, each with its way back while there is room."""
    before = wall.taken_down(page.store, page.actor) if page.may_edit else []
    if not before:
        return
    full = len(found.pictures) + found.n_not_shown >= wall.MOST_PICTURES
    with st.expander(_("Hung here before ({n})").format(n=len(before)), key="wall.before"):
        for one in before:
            view = wall.view_of(one)
            with st.container(horizontal=True, vertical_alignment="center", key=f"wall.before.{one.id}"):
                st.write(plain(f"{pictures.title(view)} ({i18n.short_day(one.added_on)})"))
                _button(
                    _("Hang it again"),
                    f"wall.again.{one.id}",
                    ":material/undo:",
                    lambda view=view: wall.hang(page.store, page.actor, view),  # type: ignore[misc]
                    disabled=full,
                )
        if full:
            parts.note(_("Five pictures hang there: take one off first."))


def _button(
    label: str, key: str, icon: str, do: Callable[[], WallPicture], *, disabled: bool = False
) -> None:
    if not st.button(label, key=key, icon=icon, type="tertiary", disabled=disabled):
        return
    if failure.attempt(do):
        forms.forget(key)
        st.rerun()
