"""The ways in and out: plain pages that set and take away one cookie, in which stands a session's token only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from qualitycycle import i18n, sentences
from qualitycycle.cycle import office, phones, school_accounts, sign_in
from qualitycycle.cycle.sign_in import COOKIE, Door
from qualitycycle.errors import Incomplete, NotAllowed, QualityCycleError, SignInRefused
from qualitycycle.server import door_page, form, guard, school_account, shell
from qualitycycle.server.door_page import ACCOUNT, CHANGE, CHOOSE, CLAIM, SIGN_IN, SIGN_OUT

PHONE_TEST = "/v/test"
LONGEST_ADDRESS = 500
# Hashing takes memory on purpose, and phones have threads of their own.
_threads = anyio.CapacityLimiter(2)
Fields = Mapping[str, str]


async def at_sign_in(request: Request) -> Response:
    if request.method == "POST":
        return await _posted(request, _sign_in)
    return await _in_thread(request, _show)


async def at_claim(request: Request) -> Response:
    return await _posted_only(request, _claim)


async def at_choose(request: Request) -> Response:
    return await _posted_only(request, _choose)


async def at_account(request: Request) -> Response:
    """Off to the provider of school accounts, if that is possible here."""
    wanted = request.query_params.get("provider", "")
    return await _in_thread(request, lambda _request: school_account.leave_for(wanted))


async def at_change(request: Request) -> Response:
    if request.method == "POST":
        return await _posted(request, _change)
    return await _in_thread(request, _show_change)


async def at_sign_out(request: Request) -> Response:
    return await _posted_only(request, _sign_out)


async def at_phone_test(request: Request) -> Response:
    """Says on a phone that it can reach the program; the computer counts it, and keeps nothing else."""
    here = guard.is_local(request.scope)
    if not here:
        phones.note_reached()
    return await _in_thread(request, lambda _request: door_page.answer(door_page.phone_works(here=here)))


ROUTES: list[BaseRoute] = [
    Route(SIGN_IN, at_sign_in, methods=["GET", "POST"]),
    Route(CLAIM, at_claim, methods=["GET", "POST"]),
    Route(CHOOSE, at_choose, methods=["GET", "POST"]),
    Route(ACCOUNT, at_account),
    Route(CHANGE, at_change, methods=["GET", "POST"]),
    Route(SIGN_OUT, at_sign_out, methods=["GET", "POST"]),
    Route(PHONE_TEST, at_phone_test),
]


# --- in --------------------------------------------------------------------------------------------------


def _show(request: Request) -> Response:
    """What stands at the door: signing in, or the first passphrase of the school."""
    wanted = local_address(request.query_params.get("next", ""))
    door = sign_in.door(office.own())
    if door in (Door.EMPTY, Door.EXAMPLE) or sign_in.session(office.own(), request.cookies.get(COOKIE)):
        return RedirectResponse(wanted, 303, headers=door_page.HEADERS)
    if door is Door.UNCLAIMED:
        return door_page.answer(door_page.claim(_leaders()))
    if school_account.is_back(request):
        return _enter_with_account(request)
    page = _sign_in_page(wanted=wanted, out="out" in request.query_params)
    return _without_cookie(door_page.answer(page))


def _sign_in_page(**told: Any) -> str:
    return door_page.sign_in(**told, accounts=school_account.providers())


def _enter_with_account(request: Request) -> Response:
    """In with what the provider says, which is of no use any more afterwards."""
    try:
        token = school_accounts.enter(office.own(), school_account.claims(request))
        response = _with_cookie(door_page.answer(door_page.welcome()), token)
    except SignInRefused as refused:
        response = _refused(_sign_in_page(wanted="/", wrong=sentences.of(refused)), refused)
    school_account.forget(request, response)
    return response


def _sign_in(request: Request, fields: Fields) -> Response:
    wanted, name = local_address(fields.get("next", "")), fields.get("name", "")
    try:
        token = sign_in.sign_in(office.own(), name, fields.get("passphrase", ""))
    except SignInRefused as refused:
        page = _sign_in_page(wanted=wanted, name=name, wrong=sentences.of(refused))
        return _refused(page, refused)
    if token is None:
        page = door_page.choose(name=name, word=fields.get("passphrase", ""), wanted=wanted)
        return door_page.answer(page)
    return _enter(request, token, wanted)


def _claim(request: Request, fields: Fields) -> Response:
    person = fields.get("person", "")
    try:
        token = sign_in.claim(office.own(), person, fields.get("passphrase", ""), fields.get("again", ""))
    except Incomplete as error:
        page = door_page.claim(_leaders(), chosen=person, wrong=sentences.of(error))
        return door_page.answer(page, 422)
    except NotAllowed:
        # Somebody else was first, or this is no leader: the door says what there is to do now.
        return RedirectResponse(SIGN_IN, 303, headers=door_page.HEADERS)
    return _enter(request, token, "/")


def _choose(request: Request, fields: Fields) -> Response:
    wanted = local_address(fields.get("next", ""))
    name, word = fields.get("name", ""), fields.get("word", "")
    try:
        token = sign_in.choose(
            office.own(), name, word, fields.get("passphrase", ""), fields.get("again", "")
        )
    except Incomplete as error:
        page = door_page.choose(name=name, word=word, wanted=wanted, wrong=sentences.of(error))
        return door_page.answer(page, 422)
    except SignInRefused as refused:
        return _refused(_sign_in_page(wanted=wanted, name=name, wrong=sentences.of(refused)), refused)
    return _enter(request, token, wanted)


def _leaders() -> dict[str, str]:
    return {person.person_id: person.name for person in sign_in.leaders(office.own())}


def _enter(request: Request, token: str, wanted: str) -> Response:
    """Into the program with a new token; a session that this browser still had ends."""
    sign_in.sign_out(office.own(), request.cookies.get(COOKIE))
    return _with_cookie(RedirectResponse(wanted, 303, headers=door_page.HEADERS), token)


def _with_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(sign_in.LIVES.total_seconds()),
        path="/",
        secure=guard.is_encrypted(),
        httponly=True,
        samesite="strict",
    )
    return response


# --- a change, and out -----------------------------------------------------------------------------------


def _show_change(request: Request) -> Response:
    who = sign_in.use(office.own(), request.cookies.get(COOKIE))
    if who is None:
        return _to_sign_in(CHANGE)
    return door_page.answer(door_page.change(who.name))


def _change(request: Request, fields: Fields) -> Response:
    who = sign_in.use(office.own(), request.cookies.get(COOKIE))
    if who is None:
        return _to_sign_in(CHANGE)
    typed = (fields.get("present", ""), fields.get("passphrase", ""), fields.get("again", ""))
    try:
        token = sign_in.change_own(office.own(), who.actor, *typed)
    except SignInRefused as refused:
        return _refused(door_page.change(who.name, wrong=sentences.of(refused)), refused)
    except Incomplete as error:
        return door_page.answer(door_page.change(who.name, wrong=sentences.of(error)), 422)
    return _enter(request, token, "/")


def _sign_out(request: Request, _fields: Fields) -> Response:
    sign_in.sign_out(office.own(), request.cookies.get(COOKIE))
    return _without_cookie(RedirectResponse(f"{SIGN_IN}?out=1", 303, headers=door_page.HEADERS))


# --- how it is asked and answered ------------------------------------------------------------------------


async def _posted_only(request: Request, work: Callable[[Request, Fields], Response]) -> Response:
    """As `_posted`; whoever loads the page of such a form again is sent to the door."""
    if request.method == "POST":
        return await _posted(request, work)
    return RedirectResponse(SIGN_IN, 303, headers=door_page.HEADERS)


async def _posted(request: Request, work: Callable[[Request, Fields], Response]) -> Response:
    """Do the work of a form that was sent from one of our own pages; anything else is refused."""
    if not is_own_form(request):
        return Response(status_code=403)
    try:
        fields = await form.read_fields(request)
    except form.NotOurForm as refused:
        return Response(status_code=refused.status)
    except ClientDisconnect:
        return Response(status_code=400)
    return await _in_thread(request, partial(_with_fields, work, fields), fields.get("lang", ""))


def _with_fields(work: Callable[[Request, Fields], Response], fields: Fields, request: Request) -> Response:
    return work(request, fields)


async def _in_thread(request: Request, work: Callable[[Request], Response], language: str = "") -> Response:
    wanted = language if language in i18n.LANGUAGES else shell.wanted_language(request.scope)

    def speaking() -> Response:
        with i18n.speaking(wanted):
            try:
                return work(request)
            except QualityCycleError as error:
                return door_page.answer(door_page.failed(sentences.of(error)), 503)

    return await anyio.to_thread.run_sync(speaking, limiter=_threads)


def is_own_form(request: Request) -> bool:
    """Whether a form was sent from a page of this program: not from another site, and not by a link."""
    said = request.headers.get("sec-fetch-site")
    if said is not None:
        return said == "same-origin"
    # A browser that does not say so names where the form stood.
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.headers.get("host")


def local_address(asked: str) -> str:
    """An address of this program to go on to, or its start; never one elsewhere."""
    fits = asked.isprintable() and "\\" not in asked and len(asked) <= LONGEST_ADDRESS
    if not fits or not asked.startswith("/") or asked.startswith("//"):
        return "/"
    if urlsplit(asked).path in door_page.ADDRESSES:
        return "/"
    # A sign outside ASCII does not fit in a header.
    return quote(asked, safe="/?&=%#+,;:@!$'()*~-._")


def _refused(page: str, refused: SignInRefused) -> Response:
    response = door_page.answer(page, 429 if refused.seconds else 401)
    if refused.seconds:
        response.headers["Retry-After"] = str(refused.seconds)
    return response


def _to_sign_in(wanted: str) -> Response:
    return RedirectResponse(guard.address_of_sign_in(wanted), 303, headers=door_page.HEADERS)


def _without_cookie(response: Response) -> Response:
    """Take a cookie away that stands for nobody any more."""
    response.delete_cookie(COOKIE, path="/", secure=guard.is_encrypted(), httponly=True, samesite="strict")
    return response
