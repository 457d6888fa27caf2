"""One way to make and change a record: fields as data, drafts that survive, and two people editing one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import plan
from qualitycycle.errors import ChangedMeanwhile, QualityCycleError
from qualitycycle.i18n import _
from qualitycycle.model import Record
from qualitycycle.ui import failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

R = TypeVar("R", bound=Record)
DATE_FORMAT = "DD-MM-YYYY"


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WHOLE = "whole"
    CHOICE = "choice"
    MANY = "many"
    LINES = "lines"


@dataclass(frozen=True)
class Field:
    """One field of a form. `options` maps values to labels for a choice; `help` is a sentence under a ?."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    options: Mapping[Any, str] | None = None
    help: str | None = None
    optional: bool = True
    half: bool = False


def form(
    key: str,
    fields: Sequence[Field],
    start: Mapping[str, Any],
    *,
    submit: str,
    primary: bool = True,
) -> dict[str, Any] | None:
    """Draw a form; return what was typed when it is sent, else None. Nothing typed is lost when saving fails.

    No `st.form`: that keeps what is typed in the browser until it is sent, and a switch of language in between
    loses it, or sends a choice back under a label that no longer exists.
    """
    with st.container(key=f"{key}.fields"):
        values: dict[str, Any] = {}
        waiting: Sequence[Any] = ()
        for field in fields:
            if field.half and not waiting:
                waiting = st.columns(2)
            place, waiting = (waiting[0], waiting[1:]) if field.half else (st.container(), ())
            with place:
                values[field.name] = _widget(f"{key}.{field.name}", field, start.get(field.name))
        sent = st.button(submit, type="primary" if primary else "secondary", key=f"{key}.send")
    return values if sent else None


def _widget(key: str, field: Field, value: Any) -> Any:
    return _WIDGETS[field.kind](key, field, value)


def _begin(key: str, value: Any) -> None:
    """Give a field its first value. By way of the session, so that a form that was forgotten starts again on screen."""
    if key not in st.session_state:
        st.session_state[key] = value


def _line(key: str, field: Field, value: Any) -> str:
    _begin(key, value or "")
    return str(st.text_input(plain(field.label), key=key, help=field.help, max_chars=200) or "").strip()


def _text(key: str, field: Field, value: Any) -> str:
    _begin(key, value or "")
    typed = st.text_area(plain(field.label), key=key, help=field.help, height=100, max_chars=4000)
    return str(typed or "").strip()


def _date(key: str, field: Field, value: Any) -> date | None:
    _begin(key, value)
    chosen = st.date_input(plain(field.label), None, key=key, help=field.help, format=DATE_FORMAT)
    return chosen if isinstance(chosen, date) else None


def hours(key: str, label: str, value: float) -> float | str | None:
    """A number of hours; what was typed is written in the language of the page, also after a switch."""
    there = str(st.session_state.get(key, ""))
    typed = parse_number(there)
    # Only when it differs: a field that is given its value anew loses what somebody is typing in it meanwhile.
    if isinstance(typed, float) and _written(typed) != there:
        st.session_state[key] = _written(typed)
    return _number(key, Field("hours", label), value)


def _written(value: float) -> str:
    return i18n.number(value).replace(".", "") if i18n.language() == "nl" else f"{value:g}"


def _number(key: str, field: Field, value: Any) -> float | str | None:
    """A text field, because a school types 57,5 and a number field of the browser may refuse the comma."""
    _begin(key, "" if value is None else _written(value))
    typed = st.text_input(plain(field.label), key=key, help=field.help, max_chars=20)
    return parse_number(typed or "")


def parse_number(typed: str) -> float | str | None:
    """57,5 or 57.5 as a number; nothing typed is None; anything else comes back as it is, to be refused."""
    text = typed.strip().replace("%", "").replace("\u2212", "-").replace(" ", "")
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return typed


def _whole(key: str, field: Field, value: Any) -> int | None:
    _begin(key, value)
    typed = st.number_input(plain(field.label), min_value=1, value=None, step=1, key=key, help=field.help)
    return int(typed) if typed is not None else None


def _choice(key: str, field: Field, value: Any) -> Any:
    labels = distinct(field.options or {})
    options = list(labels)
    if field.optional:
        options = [None, *options]
    if options:
        _begin(key, value if value in options else options[0])
    chosen = st.selectbox(
        plain(field.label),
        options,
        format_func=lambda option: labels.get(option, "–"),
        key=key,
        help=field.help,
        placeholder="–",
    )
    # A label of another language that is still on its way is no choice.
    return chosen if chosen in options else None


def distinct(options: Mapping[Any, str]) -> dict[Any, str]:
    """Labels of which no two are the same: the browser sends a label back, and it must lead to one record."""
    labels: dict[Any, str] = {}
    for value, label in options.items():
        n = 1
        while (shown := label if n == 1 else f"{label} ({n})") in labels.values():
            n += 1
        labels[value] = shown
    return labels


def _many(key: str, field: Field, value: Any) -> tuple[Any, ...]:
    labels = distinct(field.options or {})
    _begin(key, [one for one in value or () if one in labels])
    chosen = st.multiselect(
        plain(field.label),
        list(labels),
        format_func=lambda option: labels.get(option, ""),
        key=key,
        help=field.help,
        placeholder=_("Choose"),
    )
    return tuple(one for one in chosen if one in labels)


def _lines(key: str, field: Field, value: Any) -> tuple[str, ...]:
    _begin(key, "\n".join(value or ()))
    typed = st.text_area(plain(field.label), key=key, help=field.help, height=120)
    return tuple(line.strip() for line in (typed or "").splitlines() if line.strip())


_WIDGETS: dict[Kind, Callable[[str, Field, Any], Any]] = {
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.CHOICE: _choice,
    Kind.MANY: _many,
    Kind.LINES: _lines,
}


# --- saving ----------------------------------------------------------------------------------------------


def values_of(record: Record, fields: Sequence[Field]) -> dict[str, Any]:
    """What a form starts with when it edits a record."""
    return {field.name: getattr(record, field.name) for field in fields}


def edit(
    page: Page,
    record: R,
    fields: Sequence[Field],
    *,
    key: str,
    submit: str = "",
    save: Callable[[int, dict[str, Any]], R] | None = None,
) -> R | None:
    """Edit a record. The revision that was on screen when the form was opened goes along with the save.

    When somebody else saved meanwhile, both versions are shown and the user chooses; nothing is overwritten.
    """
    seen_key = f"{key}.seen"
    seen = st.session_state.setdefault(seen_key, record.revision)
    start = st.session_state.setdefault(f"{key}.start", values_of(record, fields))
    values = form(key, fields, start, submit=submit or _("Save"))
    store = save or (
        lambda at, changes: plan.change(page.store, page.actor, type(record), record.id, at, **changes)
    )
    if st.session_state.get(f"{key}.conflict"):
        return _settle(page, record, fields, key, store)
    if values is None:
        return None
    return _save(record, key, seen, values, store)


def _save(
    record: R, key: str, seen: int, values: dict[str, Any], store: Callable[[int, dict[str, Any]], R]
) -> R | None:
    try:
        saved = store(seen, values)
    except ChangedMeanwhile as error:
        st.session_state[f"{key}.conflict"] = (error, values)
        st.rerun()
    except QualityCycleError as error:
        failure.tell(error)
        return None
    forget(key)
    st.session_state["flash"] = _("Saved.")
    return saved


def _settle(
    page: Page, record: R, fields: Sequence[Field], key: str, store: Callable[[int, dict[str, Any]], R]
) -> R | None:
    error, mine = st.session_state[f"{key}.conflict"]
    failure.tell(error)
    theirs = values_of(record, fields)
    rows = [
        (field.label, shown(field, theirs[field.name]), shown(field, mine[field.name]))
        for field in fields
        if theirs[field.name] != mine[field.name]
    ]
    parts.table(pd.DataFrame(rows, columns=[_("Field"), _("Their version"), _("Yours")]))
    with st.container(horizontal=True):
        mine_wins = st.button(_("Save mine"), key=f"{key}.mine", type="primary")
        theirs_win = st.button(_("Keep theirs"), key=f"{key}.theirs")
    if theirs_win:
        forget(key)
        st.rerun()
    if mine_wins:
        st.session_state.pop(f"{key}.conflict")
        return _save(record, key, record.revision, mine, store)
    return None


def shown(field: Field, value: Any) -> str:
    """A field's value as words."""
    labels = field.options or {}
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple):
        return ", ".join(str(labels.get(one, one)) for one in value)
    if isinstance(value, date):
        return i18n.day(value)
    return str(labels.get(value, value))


def forget(key: str) -> None:
    """Drop what a form remembers, so that it starts from the stored record again."""
    for name in [name for name in st.session_state if str(name).startswith(f"{key}.") or name == key]:
        st.session_state.pop(name, None)


# --- order, archive, restore -----------------------------------------------------------------------------


def order_buttons(page: Page, record: Record, siblings: Sequence[Record]) -> None:
    """Up and down: a button each, so that it works with a keyboard and on a phone."""
    ids = [one.id for one in siblings]
    here = ids.index(record.id)
    for label, shift, icon in (
        (_("Up"), -1, ":material/arrow_upward:"),
        (_("Down"), 1, ":material/arrow_downward:"),
    ):
        there = here + shift
        if st.button(
            label,
            key=f"order.{record.id}.{shift}",
            icon=icon,
            type="tertiary",
            disabled=not 0 <= there < len(ids),
        ):
            ids[here], ids[there] = ids[there], ids[here]
            failure.attempt(lambda: plan.reorder(page.store, page.actor, type(record), ids))
            st.rerun()


def archive_button(page: Page, record: Record) -> None:
    """Archive with one click; the message says how to bring it back."""
    if st.button(_("Archive"), key=f"archive.{record.id}", type="tertiary", icon=":material/archive:"):
        done = _("Archived. You find it under “Archived” and can bring it back.")
        if failure.attempt(lambda: plan.archive(page.store, page.actor, type(record), record.id), done=done):
            st.rerun()


def archived(page: Page, noun: type[R], records: Sequence[R]) -> None:
    """What was put aside, each with its way back."""
    titles = {one.id: str(getattr(one, "title", "") or getattr(one, "name", "")) for one in records}
    label = _("Archived ({n})").format(n=len(titles))
    back = partial(plan.restore, page.store, page.actor, noun) if page.may_edit else None
    put_aside(titles, back, label=label, key=f"archived.{noun.TABLE}")


def put_aside(
    titles: Mapping[str, str], bring_back: Callable[[str], object] | None, *, label: str, key: str
) -> None:
    """Titles by id, folded away under a label, each with its way back where there is one."""
    if not titles:
        return
    with st.expander(label, key=key):
        for own_id, title in titles.items():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.write(plain(title))
                if bring_back is None or not st.button(
                    _("Bring back"), key=f"restore.{own_id}", type="tertiary"
                ):
                    continue
                if failure.worked(partial(bring_back, own_id), done=_("It is back.")):
                    st.rerun()
