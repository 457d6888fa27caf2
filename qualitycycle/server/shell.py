"""The shell page that Streamlit serves for every address: its language, title and translation script."""

from __future__ import annotations

import html
import re
from functools import cache
from importlib import resources
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qualitycycle import i18n
from qualitycycle.cycle import office, school
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _
from qualitycycle.server import translation

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
# Streamlit's one inline script is for search engines; without it no inline script needs to be allowed.
INLINE_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
AGENT_LINK = re.compile(
    r"<!--(?:(?!-->).)*agent API(?:(?!-->).)*-->|<link rel=\"service-desc\"[^>]*>", re.DOTALL
)
# Written by translate.js when somebody changes the language.
COOKIE = "qc_lang"
DOOR = "/door.js"
SCRIPTS = ("address.js", "door.js", "leave.js")
ENDPOINTS = ("/_stcore/", "/static/", "/media/", "/component/")
CONDITIONS = (b"if-none-match", b"if-modified-since")
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


class ShellPage:
    """Serves the shell page in the right language in place of Streamlit's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_navigation(scope):
            await self.app(scope, receive, send)
            return
        # Without these the answer cannot be "not changed since", which would leave an old page standing.
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in CONDITIONS]}
        replacing = False

        async def send_shell(message: Message) -> None:
            # Streamlit decides which addresses are pages; only its shell page is replaced, never
            # an answer of another route.
            nonlocal replacing
            if message["type"] == "http.response.start" and is_shell(message):
                replacing = True
                # Made only now: it asks the school's file, for which no other page should wait.
                page = HTMLResponse(shell(wanted_language(scope)), headers={"Cache-Control": "no-store"})
                await page(scope, receive, send)
            elif not replacing:
                await send(message)

        await self.app(scope, receive, send_shell)


def is_navigation(scope: Scope) -> bool:
    """Whether an address can be a page: not a file, and not one of Streamlit's own endpoints."""
    path: str = scope["path"]
    name = path.rsplit("/", 1)[-1]
    return (
        scope["method"] in ("GET", "HEAD")
        and not path.startswith(ENDPOINTS)
        and ("." not in name or name == "index.html")
    )


def is_shell(message: Message) -> bool:
    """Whether an answer that starts here is Streamlit's index page: HTML from a file, so with an etag."""
    headers = MutableHeaders(scope=message)
    kind = headers.get("content-type", "")
    return message["status"] == 200 and kind.startswith("text/html") and "etag" in headers


def wanted_language(scope: Scope) -> str:
    """The language asked for in the address, else what this browser used last, else the school's."""
    request = Request(scope)
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in i18n.LANGUAGES:
            return asked
    return school_language()


def school_language() -> str:
    """The language of the open school; Dutch before there is one."""
    try:
        found = school.find_school(office.own())
    except QualityCycleError:
        return i18n.DEFAULT
    return found.language if found else i18n.DEFAULT


@cache
def shell(language: str) -> str:
    """Streamlit's index page with our language, title, translation script and the way to the door."""
    with i18n.speaking(language):
        title = html.escape(_("Quality cycle"))
        no_script = html.escape(
            _("This program needs JavaScript. Switch it on for this page and load it again.")
        )
    page = INDEX.read_text(encoding="utf-8")
    page = AGENT_LINK.sub("", INLINE_SCRIPT.sub("", page, count=1))
    page = NOSCRIPT.sub(f"<noscript><p>{no_script}</p></noscript>", page)
    page = page.replace('<html lang="en">', f'<html lang="{language}">', 1)
    page = page.replace("<title>Streamlit</title>", f"<title>{title}</title>", 1)
    # Before Streamlit's own scripts, which ask the browser's language as soon as they run.
    scripts = "".join(f'<script src=".{name}"></script>\n    ' for name in (translation.ADDRESS, DOOR))
    return page.replace("<title>", f"{scripts}<title>", 1)


async def door_script(_request: Request) -> Response:
    """Where the program answers; to the door when a session has ended; a question before codes are lost."""
    return Response(_door_script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@cache
def _door_script() -> str:
    folder = resources.files("qualitycycle.server")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
