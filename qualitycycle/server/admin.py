"""The door for this computer's own terminal: the verbs of `verbs` on the store that is open here.

No other process can open the school's file while the program runs. The answer is a line of JSON per step:
{"progress": 0.4} …, then {"result": {…}} or {"error": …}.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from qualitycycle import config
from qualitycycle.cycle import office
from qualitycycle.errors import QualityCycleError
from qualitycycle.server import running, shell, verbs

LOOPBACK = ("127.0.0.1", "::1")
HELLO = "hello"
Line = dict[str, Any]


async def answer(request: Request) -> Response:
    """Run a verb for whoever holds this folder's token; to anybody else there is nothing here."""
    verb = request.path_params["verb"]
    if not is_trusted(request) or (verb != HELLO and verb not in verbs.VERBS):
        return Response(status_code=404)
    if verb == HELLO:
        return JSONResponse({"language": shell.school_language()})
    try:
        arguments = json.loads(await request.body() or b"{}")
    except ValueError:
        return Response(status_code=400)
    return StreamingResponse(lines(verb, arguments), media_type="application/x-ndjson")


def is_trusted(request: Request) -> bool:
    """Whether a request comes from this computer and carries the token."""
    note = running.find(config.settings().folder)
    client = request.client.host if request.client else ""
    if note is None or client not in LOOPBACK:
        return False
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return secrets.compare_digest(given.encode(), note.token.encode())


def lines(verb: str, arguments: verbs.Fields) -> Iterator[str]:
    """The verb's steps as lines, while it runs in a thread of its own."""
    said: SimpleQueue[Line] = SimpleQueue()
    threading.Thread(target=_work, args=(verb, arguments, said), daemon=True).start()
    while True:
        line = said.get()
        yield json.dumps(line) + "\n"
        if "progress" not in line:
            return


def _work(verb: str, arguments: verbs.Fields, said: SimpleQueue[Line]) -> None:
    try:
        result = verbs.VERBS[verb](office.own(), arguments, lambda share: said.put({"progress": share}))
        said.put({"result": result})
    except QualityCycleError as error:
        said.put({"error": type(error).__name__, "fields": vars(error)})
    except Exception as error:
        # The terminal waits for a last line, whatever goes wrong here.
        said.put({"error": type(error).__name__, "fields": {}})
        raise
