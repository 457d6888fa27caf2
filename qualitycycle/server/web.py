"""The parts of the web app: its script, routes, middleware, and its life from opening the store to closing it."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Route
from streamlit import config as streamlit_config

from qualitycycle import config, i18n, sentences
from qualitycycle.cycle import office, phones, school_accounts
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _
from qualitycycle.server import admin, form, guard, running, school_account, shell, sign_in, translation
from qualitycycle.store import backup
from qualitycycle.store.connect import Store

__all__ = ["MIDDLEWARE", "ROUTES", "SCRIPT", "lifespan", "on_script_error"]

# Not by importing it: the pages bring charts and statistics along, 150 MB that only their first visitor needs.
UI = Path(__file__).parent.parent / "ui"
SCRIPT = UI / "script.py"
FAVICON = UI / "static" / "favicon.png"


async def favicon(_request: object) -> FileResponse:
    return FileResponse(FAVICON)


ROUTES: list[BaseRoute] = [
    Route(translation.ADDRESS, translation.answer),
    Route(shell.DOOR, shell.door_script),
    Route("/favicon.png", favicon),
    Route("/admin/{verb}", admin.answer, methods=["POST"]),
    # Before the form's, which takes every other address below /v.
    *sign_in.ROUTES,
    *form.ROUTES,
]
MIDDLEWARE = [
    Middleware(guard.HostGuard),
    Middleware(guard.SecurityHeaders),
    Middleware(guard.ClosedDoors),
    Middleware(guard.Doorkeeper),
    Middleware(shell.ShellPage),
]


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Open the school's file, make today's backup, answer, and close the file at the end."""
    try:
        settings = config.settings()
        store = office.open_school(settings.folder, demo=settings.demo)
    except QualityCycleError as error:
        refuse_to_start(error)
    i18n.use(settings.language or shell.school_language())
    if not settings.demo:
        back_up_today(store)
    note = running.announce(
        settings.folder, int(streamlit_config.get_option("server.port")), encrypted=guard.is_encrypted()
    )
    form.warm_up()
    school_accounts.offer(available=bool(school_account.providers()))
    settle_memory()
    say(_("qualitycycle is open at {address} – stop it with Ctrl+C.").format(address=note.address))
    if guard.is_open_to_network():
        for address in phones.addresses()[:1]:
            place = note.address.replace("127.0.0.1", address)
            say(
                _("Phones on the same network find the questionnaire at {address}.").format(
                    address=f"{place}/v"
                )
            )
    try:
        yield
    finally:
        running.withdraw(settings.folder, note)
        office.close()
        gc.unfreeze()


def on_script_error(error: Exception) -> bool:
    """What a page that fails says; the pages are loaded by the time one of them can fail."""
    from qualitycycle.ui import failure

    return failure.on_script_error(error)


def refuse_to_start(error: QualityCycleError) -> NoReturn:
    """Say in one sentence why the program does not start, and stop."""
    # The web server would print a page of traceback for the same.
    logging.getLogger("uvicorn.error").disabled = True
    print(sentences.of(error), file=sys.stderr, flush=True)
    raise SystemExit(1) from error


def back_up_today(store: Store) -> None:
    """Make the day's backup unless there is one; a backup that fails is said and does not stop the day."""
    today = config.local_time(config.now())
    made = (store.path.parent / backup.FOLDER).glob(f"qualitycycle-{today:%Y%m%d}-*.duckdb")
    if store.version == 0 or any(made):
        return
    try:
        backup.make(store)
    except QualityCycleError as error:
        print(sentences.of(error), file=sys.stderr, flush=True)


def settle_memory() -> None:
    """Put all that was loaded at the start out of the garbage collector's way; it halves the server's work."""
    gc.collect()
    gc.freeze()


def say(sentence: str) -> None:
    print(sentence, flush=True)
