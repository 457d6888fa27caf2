"""Plain requests and websockets to a running program, as anybody or with a session."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from qualitycycle.cycle.sign_in import COOKIE

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def goes_to(self) -> str:
        return self.headers.get("Location", "")

    @property
    def cookie(self) -> str:
        """The cookie that this answer sets, with its flags."""
        return next((one for one in self.headers.get_all("Set-Cookie") or [] if one.startswith(COOKIE)), "")

    @property
    def token(self) -> str:
        return self.cookie.split(";")[0].partition("=")[2]


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    token: str = "",
    host: str = "127.0.0.1",
    body: str = "",
    **headers: str,
) -> Answer:
    """One request; header names with a dash are written with an underscore."""
    port = int(url.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection(host, port, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Cookie"] = f"{COOKIE}={token}"
    connection.request(method, path, body=body or None, headers=sent)
    answer = connection.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))


def send(url: str, path: str, fields: dict[str, str], *, token: str = "", **headers: str) -> Answer:
    """A form as a browser on one of our own pages sends it."""
    own = {"Origin": url, **FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return ask(url, path, method="POST", token=token, body=urlencode(fields), **own)


def websocket_opens(url: str, *, token: str = "", host: str = "127.0.0.1") -> bool:
    """Whether the connection over which a page gets everything it shows is accepted."""
    port = url.rsplit(":", 1)[1]
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    try:
        with connect(
            f"ws://{host}:{port}/_stcore/stream",
            additional_headers=headers,
            subprotocols=["streamlit"],
            open_timeout=30,
        ):
            return True
    except InvalidStatus as refused:
        assert refused.response.status_code == 403
        return False
