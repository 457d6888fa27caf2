"""Errors become sentences in one place, and what the user typed stays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from qualitycycle import sentences
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _
from qualitycycle.ui.text import plain

T = TypeVar("T")
log = logging.getLogger("qualitycycle")


def attempt(do: Callable[[], T], *, done: str = "") -> T | None:
    """Run a verb. On success say `done` after the next run; on a known error show its sentence and return None."""
    try:
        result = do()
    except QualityCycleError as error:
        tell(error)
        return None
    if done:
        st.session_state["flash"] = done
    return result


def worked(do: Callable[[], object], *, done: str = "") -> bool:
    """As `attempt`, for who only wants to know whether it went well."""
    try:
        do()
    except QualityCycleError as error:
        tell(error)
        return False
    if done:
        st.session_state["flash"] = done
    return True


def tell(error: QualityCycleError) -> None:
    """Show the sentence of an error where the user is looking."""
    st.error(plain(sentences.of(error)))


def show_flash() -> None:
    """What the last run had to say."""
    message = st.session_state.pop("flash", None)
    if message:
        st.toast(plain(message))


def on_script_error(error: Exception) -> bool:
    """The last net under every page: a sentence for the user, the traceback for the log. True: handled here."""
    if isinstance(error, QualityCycleError):
        tell(error)
        return True
    log.exception("page failed", exc_info=error)
    st.error(
        _(
            "Something went wrong on this page. Nothing that was saved is lost. "
            "Load the page again; if it stays, make a backup and run “qualitycycle doctor”."
        )
    )
    return True
