"""Ask the running program to do a verb: the other side of `admin`."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any

from qualitycycle import errors
from qualitycycle.server.running import Running
from qualitycycle.server.verbs import Fields, Progress

HELLO = "hello"
# Reading in a large file takes minutes; nothing else may be this quiet.
SECONDS_TO_WAIT = 600.0
SECONDS_TO_GREET = 3.0


class NoAnswer(Exception):
    """Nothing of ours listens there: the note is stale."""


def is_there(running: Running) -> bool:
    """Whether the program that wrote this note still answers."""
    try:
        return _ask(running, HELLO, {}, seconds=SECONDS_TO_GREET).status == 200
    except NoAnswer:
        return False


def language(running: Running) -> str | None:
    """The language of the school that is open there."""
    answer = _ask(running, HELLO, {}, seconds=SECONDS_TO_GREET)
    return str(json.loads(answer.read())["language"]) if answer.status == 200 else None


def run(running: Running, verb: str, arguments: Fields, on_progress: Progress) -> Fields:
    """Have the running program do a verb. Raises what the verb raised there, or `NoAnswer`."""
    answer = _ask(running, verb, arguments, seconds=SECONDS_TO_WAIT)
    if answer.status != 200:
        raise NoAnswer
    for raw in answer:
        line = json.loads(raw)
        if "progress" in line:
            on_progress(line["progress"])
        elif "result" in line:
            return dict(line["result"])
        else:
            raise _error(line)
    raise NoAnswer


def _ask(running: Running, verb: str, arguments: Fields, *, seconds: float) -> http.client.HTTPResponse:
    connection = _connection(running, seconds)
    try:
        connection.request(
            "POST",
            f"/admin/{verb}",
            body=json.dumps(arguments),
            headers={"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"},
        )
        return connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer from error


def _connection(running: Running, seconds: float) -> http.client.HTTPConnection:
    # A plain connection on purpose: proxies from the environment have no business here.
    if not running.encrypted:
        return http.client.HTTPConnection("127.0.0.1", running.port, timeout=seconds)
    # The school's certificate is for its name on the network; this stays inside this computer.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", running.port, timeout=seconds, context=context)


def _error(line: dict[str, Any]) -> Exception:
    kind = getattr(errors, line["error"], None)
    if isinstance(kind, type) and issubclass(kind, errors.QualityCycleError):
        return kind(**line["fields"])
    return errors.QualityCycleError()
