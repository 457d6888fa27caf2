"""The form for phones at /v/{code}: plain pages that work without script, cookie or anything from outside.

Nothing here is logged: no code, no address, no moment. The work with the file happens in threads of its own, so
that one phone never waits for the reading of another.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from urllib.parse import parse_qsl, quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from qualitycycle import i18n, sentences
from qualitycycle.cycle import answering, office, questionnaires, school
from qualitycycle.errors import AnswersRefused, CodeRefused, Incomplete, QualityCycleError
from qualitycycle.i18n import _
from qualitycycle.model import Actor, Instrument, Role, Round
from qualitycycle.server import form_page
from qualitycycle.server.form_page import NO_ANSWER
from qualitycycle.server.wrong_codes import WrongCodes
from qualitycycle.store.connect import Store

ADDRESS = "/v"
SENT, VOTED = f"{ADDRESS}/sent", f"{ADDRESS}/voted"
# A respondent is nobody in particular, whoever holds the phone.
RESPONDENT = Actor(Role.RESPONDENT)
STATUS = {"unknown": 404, "spent": 200, "closed": 410, "vote_closed": 410, "vote_full": 409}
LARGEST_BODY = 16_384
MOST_FIELDS = 400
LONGEST_CODE = 40
SECONDS_FOR_BODY = 30
FORM = "application/x-www-form-urlencoded"
# Fields of the form that are no statement.
OWN_FIELDS = ("lang", "to", "stay", "open", "send")
N_THREADS = 32
N_KEPT = 64

log = logging.getLogger("qualitycycle")
wrong_codes = WrongCodes()
_threads = ThreadPoolExecutor(N_THREADS, "form")
_blank: dict[tuple[str, int, str, str], str] = {}


class NotOurForm(Exception):
    """A request that no form of ours sends; `status` says in which way."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


# --- what comes in ---------------------------------------------------------------------------------------


async def at_code(request: Request) -> Response:
    """A form for a code, or what was filled in on it."""
    code = request.path_params["code"]
    if request.method == "POST":
        return await kindly(request, partial(take, code), read=True)
    return await kindly(request, partial(show, code))


async def at_door(request: Request) -> Response:
    """The page on which a code is typed."""
    if request.method == "POST":
        return await kindly(request, go_to_code, read=True)
    return await kindly(request, lambda _fields: form_page.answer(form_page.ask_code()))


async def at_end(request: Request) -> Response:
    """The thank-you page; a phone is sent here only after its answers are durable."""
    return await kindly(request, thank)


async def at_end_of_vote(request: Request) -> Response:
    return await kindly(request, lambda _fields: form_page.answer(form_page.voted()))


async def kindly(
    request: Request, work: Callable[[Mapping[str, str]], Response], *, read: bool = False
) -> Response:
    """Do the work in a thread; whatever goes wrong becomes a page that says so."""
    wanted = request.query_params.get("lang", "")
    address = request.client.host if request.client else ""
    try:
        await take_turn(address)
        fields = await read_fields(request) if read else {}
        wanted = fields.get("lang", wanted)
        return await _in_thread(lambda: speaking(wanted, work, fields))
    except ClientDisconnect:
        # Nobody is there to read this.
        return Response(status_code=400)
    except NotOurForm as refused:
        status = refused.status
        return await _in_thread(lambda: speaking(wanted, lambda _fields: refuse(status)))
    except CodeRefused:
        wrong_codes.count(address)
        return await _in_thread(lambda: speaking(wanted, lambda _fields: unknown_code()))
    except Exception as error:
        # Where it went wrong, without the message: that could carry what somebody filled in.
        places = "".join(traceback.format_tb(error.__traceback__))
        log.error("the form failed with %s\n%s", type(error).__name__, places)
        failure = 503 if isinstance(error, QualityCycleError) else 500
        return await _in_thread(lambda: speaking(wanted, lambda _fields: refuse(failure)))


async def take_turn(address: str) -> None:
    """Let an address that tried many wrong codes wait for its turn."""
    seconds = wrong_codes.wait(address)
    if seconds is None:
        raise NotOurForm(429)
    if seconds:
        await asyncio.sleep(seconds)


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of a form, each at most once; raises `NotOurForm`."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        raise NotOurForm(415)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise NotOurForm(413)
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except TimeoutError:
        raise NotOurForm(408) from None
    except ValueError:
        raise NotOurForm(400) from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise NotOurForm(400)
    return fields


async def _in_thread(work: Callable[[], Response]) -> Response:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def speaking(
    wanted: str, work: Callable[[Mapping[str, str]], Response], fields: Mapping[str, str] | None = None
) -> Response:
    """Do the work in the language asked for, else in the school's."""
    with i18n.speaking(wanted if wanted in i18n.LANGUAGES else school_language()):
        return work(fields or {})


def warm_up() -> None:
    """Draw the form of every open round once, so that the first phones of a meeting do not wait for that."""
    try:
        store = office.own()
        answering.is_vote(store, "")
        for one, language in product(answering.open_rounds(store), i18n.LANGUAGES):
            with i18n.speaking(language):
                blank(store, one)
    except QualityCycleError:
        # Whoever opens the form meets the same, and is told.
        return


# --- the questionnaire -----------------------------------------------------------------------------------


def show(code: str, _fields: Mapping[str, str]) -> Response:
    """The empty form of an open round."""
    store = office.own()
    try:
        if is_vote(store, code):
            return show_vote(store, code)
        one = look_up(store, code)
    except CodeRefused as error:
        return cannot_use(store, code, error)
    return form_page.answer(_own_draft(blank(store, one), store, code))


def take(code: str, fields: Mapping[str, str]) -> Response:
    """Store what was filled in, or show it again: in another language, or with what is missing."""
    store = office.own()
    try:
        if is_vote(store, code):
            return take_vote(store, code, fields)
        one = look_up(store, code)
        return _take(store, code, one, fields)
    except CodeRefused as error:
        return cannot_use(store, code, error)
    except AnswersRefused:
        raise NotOurForm(400) from None


def is_vote(store: Store, code: str) -> bool:
    return len(code) <= LONGEST_CODE and answering.is_vote(store, code)


def look_up(store: Store, code: str) -> Round:
    """The open round of a code; one that is too long to be a code is not looked for."""
    if len(code) > LONGEST_CODE:
        raise CodeRefused("unknown")
    return answering.look_up(store, code)


def _take(store: Store, code: str, one: Round, fields: Mapping[str, str]) -> Response:
    instrument = questionnaires.get(store, one.instrument_key, one.instrument_version)
    chosen = choices(instrument, fields)
    left_open = [item.key for item in instrument.items if item.key not in chosen]
    again = partial(filled_in, store, code, one, instrument, chosen, seen="open" in fields)
    if "to" in fields:
        with i18n.speaking(fields["to"]):
            return again(200)
    if "stay" in fields:
        return again(200)
    if not chosen:
        return again(422, form_page.nothing_chosen(instrument))
    if left_open and "open" not in fields:
        return again(422, form_page.skipped(instrument, left_open), seen=True)
    answers = {key: value for key, value in chosen.items() if value != NO_ANSWER}
    try:
        answering.answer(store, RESPONDENT, code, answers)
    except (CodeRefused, AnswersRefused):
        raise
    except QualityCycleError:
        return again(503, form_page.not_stored())
    return RedirectResponse(
        f"{SENT}?lang={i18n.language()}#{draft_key(store, code)}", 303, headers=form_page.HEADERS
    )


def choices(instrument: Instrument, fields: Mapping[str, str]) -> dict[str, int]:
    """What was chosen, by statement; raises `NotOurForm` at anything the form does not offer."""
    values = {str(value): value for value in (*instrument.labels, NO_ANSWER)}
    keys = {str(number): key for key, number in form_page.numbers(instrument).items()}
    given = {number: value for number, value in fields.items() if number not in OWN_FIELDS}
    check_languages(fields)
    if not given.keys() <= keys.keys() or not set(given.values()) <= set(values):
        raise NotOurForm(400)
    return {keys[number]: values[value] for number, value in given.items()}


def check_languages(fields: Mapping[str, str]) -> None:
    if not {fields[name] for name in ("lang", "to") if name in fields} <= set(i18n.LANGUAGES):
        raise NotOurForm(400)


def blank(store: Store, one: Round) -> str:
    """The form before anything is chosen: drawn once per round, its revision, language and school's name."""
    name = school_name(store)
    key = (one.round_id, one.revision, i18n.language(), name)
    if key not in _blank:
        if len(_blank) >= N_KEPT:
            _blank.clear()
        instrument = questionnaires.get(store, one.instrument_key, one.instrument_version)
        _blank[key] = form_page.questionnaire(one, instrument, school=name)
    return _blank[key]


def filled_in(
    store: Store,
    code: str,
    one: Round,
    instrument: Instrument,
    chosen: Mapping[str, int],
    status: int,
    wrong: form_page.Wrong | None = None,
    *,
    seen: bool,
) -> Response:
    """The form with what was chosen; `seen` remembers that passing statements over was meant."""
    page = form_page.questionnaire(
        one, instrument, school=school_name(store), given=chosen, wrong=wrong, left_open=seen
    )
    return form_page.answer(_own_draft(page, store, code), status)


def school_name(store: Store) -> str:
    found = school.find_school(store)
    return found.name if found else ""


def school_language() -> str:
    """The language of the open school; Dutch before there is one."""
    try:
        found = school.find_school(office.own())
    except QualityCycleError:
        return i18n.DEFAULT
    return found.language if found else i18n.DEFAULT


def draft_key(store: Store, code: str) -> str:
    """Under which name a phone keeps what is not sent yet: it leads to no code, and only this code leads to it."""
    return answering.hash_code(store.secret, f"draft {code}")[:16]


def _own_draft(page: str, store: Store, code: str) -> str:
    return page.replace(form_page.DRAFT, draft_key(store, code))


# --- the confidence vote ---------------------------------------------------------------------------------


def show_vote(store: Store, code: str) -> Response:
    """The empty form of an open vote, with a ticket of its own."""
    # Inside, here and below: its statistics are 100 MB that a questionnaire's phones do not need.
    from qualitycycle.cycle import confidence

    asked = confidence.look_up(store, code)
    return _vote_form(store, code, asked.goal_title, asked.vote.floor, ticket=confidence.ticket(store, code))


def take_vote(store: Store, code: str, fields: Mapping[str, str]) -> Response:
    """Store an answer to a vote, or show it again: in another language, or with what is wrong."""
    from qualitycycle.cycle import confidence

    if not {"ticket", "value"} <= fields.keys() <= {"ticket", "value", *OWN_FIELDS}:
        raise NotOurForm(400)
    check_languages(fields)
    asked = confidence.look_up(store, code)
    typed = fields["value"].strip()
    again = partial(
        _vote_form, store, code, asked.goal_title, asked.vote.floor, ticket=fields["ticket"], given=typed
    )
    if "to" in fields:
        with i18n.speaking(fields["to"]):
            return again()
    try:
        confidence.answer(store, RESPONDENT, code, fields["ticket"], whole_number(typed))
    except Incomplete as error:
        return again(status=422, wrong=form_page.vote_wrong(sentences.of(error)))
    except CodeRefused:
        raise
    except QualityCycleError:
        return again(status=503, wrong=form_page.not_stored())
    return RedirectResponse(
        f"{VOTED}?lang={i18n.language()}#{draft_key(store, code)}", 303, headers=form_page.HEADERS
    )


def whole_number(typed: str) -> int:
    """What was typed as a number; anything else becomes one that no vote takes."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else -1


def _vote_form(
    store: Store,
    code: str,
    goal_title: str,
    floor: int,
    *,
    ticket: str,
    given: str = "",
    status: int = 200,
    wrong: form_page.Wrong | None = None,
) -> Response:
    page = form_page.vote(
        goal_title, floor, school=school_name(store), ticket=ticket, given=given, wrong=wrong
    )
    return form_page.answer(_own_draft(page, store, code), status)


# --- the other pages -------------------------------------------------------------------------------------


def cannot_use(store: Store, code: str, error: CodeRefused) -> Response:
    """A kind page for a code that has done its work; an unknown one is passed on, because it counts."""
    if error.reason == "unknown":
        raise error
    title = {
        "spent": _("Your answers have been received"),
        "closed": _("This round is closed"),
        "vote_closed": _("This vote has ended"),
    }.get(error.reason, _("This code cannot be used now"))
    # The phone may forget its draft: there is nothing left to send.
    page = form_page.note(
        title, sentences.of(error), link=(ADDRESS, _("Another code")), draft=draft_key(store, code)
    )
    return form_page.answer(page, STATUS.get(error.reason, 403))


def unknown_code() -> Response:
    return form_page.answer(
        form_page.ask_code(form_page.Wrong(sentences.of(CodeRefused("unknown")))), STATUS["unknown"]
    )


def go_to_code(fields: Mapping[str, str]) -> Response:
    """On to the form of the code that was typed."""
    if not set(fields) <= {"code", "lang"}:
        raise NotOurForm(400)
    code = "".join(sign for sign in fields.get("code", "").upper() if sign.isalnum())[:LONGEST_CODE]
    if not code:
        return form_page.answer(form_page.ask_code(form_page.Wrong(_("Type the code on your slip."))), 422)
    query = f"?lang={fields['lang']}" if fields.get("lang") in i18n.LANGUAGES else ""
    return RedirectResponse(f"{ADDRESS}/{quote(code)}{query}", 303, headers=form_page.HEADERS)


def thank(_fields: Mapping[str, str]) -> Response:
    page = form_page.note(
        _("Sent"),
        _("Thank you. Your answers are stored and your code is used up."),
        _("They are no longer on this phone. You can close this page."),
        _("You see the results together with the team, when the round is closed."),
        link=(ADDRESS, _("Another code")),
    )
    return form_page.answer(page)


def refuse(status: int) -> Response:
    """A page for a request that is no form of ours, or that cannot be answered now."""
    sentence = {
        408: _("The connection was too slow. Nothing was stored. Go back and send again."),
        413: _("This is larger than any form of ours. Nothing was stored."),
        429: _("Many wrong codes were tried from this network. Wait a minute, then try again."),
        500: _("Something went wrong here. Wait a moment and load the page again."),
        503: _("The program is busy. Wait a moment and load the page again."),
    }.get(status, _("The program does not understand this. Nothing was stored. Go back and try again."))
    page = form_page.note(_("That did not work"), sentence, link=(ADDRESS, _("Type a code")))
    return form_page.answer(page, status)


ROUTES: list[BaseRoute] = [
    Route(ADDRESS, at_door, methods=["GET", "POST"]),
    Route(SENT, at_end),
    Route(VOTED, at_end_of_vote),
    # Everything below the address is ours: what is no code gets our page, never a page for staff.
    Route(f"{ADDRESS}/{{code:path}}", at_code, methods=["GET", "POST"]),
]
