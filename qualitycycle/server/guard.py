"""What stands between the network and the pages: allowed names, closed doors, who may come in, security headers."""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config as streamlit_config

from qualitycycle import i18n
from qualitycycle.cycle import office, phones, sign_in
from qualitycycle.cycle.sign_in import COOKIE, Door
from qualitycycle.server import door_page, school_account, shell

# Streamlit answers these to anybody: session counts, and an interface for programs that we do not use.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
# Where phones fill in, on the school's network too.
FOR_PHONES = "/v"
# What a computer may ask for before anybody has signed in: whether the program is up, and the way in.
# The terminal's door has a lock of its own.
BEFORE_SIGNING_IN = ("/_stcore/health", "/favicon.png", *door_page.ADDRESSES)
TERMINAL = "/admin/"
# Put there by whoever passes a request on. They are never believed; that they are there says that it comes
# from elsewhere.
PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")

# Everything from this origin. Inline styles are how Streamlit's components and charts are drawn; inline
# scripts and eval are not needed: charts are interpreted, and the shell page's one line is taken out.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not read frame-ancestors.
    "X-Frame-Options": "DENY",
    # A code in an address must not travel to another site.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


OWN_POLICY = ("content-security-policy", "referrer-policy")


class HostGuard:
    """Refuses a request whose Host header is not one of `server.allowedHosts` (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_allowed(Headers(scope=scope).get("host", "")):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("Not served under this name.", 421)(scope, receive, send)


class ClosedDoors:
    """Answers 404 on Streamlit's own endpoints that are nobody's business."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_closed(scope["path"]):
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Doorkeeper:
    """Lets in who may come in: phones to their form, this computer to the rest, and there only who signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refused = refusal(scope)
        if scope["type"] == "websocket":
            if refused is None:
                await self.app(scope, *watched(scope, receive, send))
            else:
                await send({"type": "websocket.close", "code": 1008})
        else:
            await (refused or self.app)(scope, receive, send)


class SecurityHeaders:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A page with a policy of its own keeps it.
                own = {name: headers[name] for name in OWN_POLICY if name in headers}
                headers.update(SECURITY_HEADERS)
                headers.update(own)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def is_allowed(host: str) -> bool:
    """Whether a Host header names this program; its port does not matter."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    # Asked at each request: the settings are read after the app is built.
    allowed: list[str] = streamlit_config.get_option("server.allowedHosts")
    wanted = (name or "").rstrip(".")
    return "*" in allowed or wanted in {each.lower() for each in allowed} or _is_our_new_address(wanted)


def _is_our_new_address(name: str) -> bool:
    """A laptop on the school's network may get another address while the program runs."""
    return is_open_to_network() and name in phones.names()


def is_open_to_network() -> bool:
    """Whether other machines can reach this program at all."""
    address = streamlit_config.get_option("server.address")
    return address not in ("127.0.0.1", "localhost", "::1")


def is_closed(path: str) -> bool:
    return any(part in f"{path.rstrip('/')}/" for part in (f"{door}/" for door in CLOSED))


# --- who may come in -------------------------------------------------------------------------------------


def refusal(scope: Scope) -> Response | None:
    """The answer for who may not come in at this address, or None for who may."""
    path = scope["path"]
    if path == FOR_PHONES or path.startswith(f"{FOR_PHONES}/") or path == "/favicon.png":
        return None
    here = is_local(scope)
    if not here and not is_encrypted():
        return not_here(scope)
    if path.startswith(TERMINAL):
        return None if here and scope.get("method") == "POST" else Response(status_code=404)
    store = office.own()
    door = sign_in.door(store)
    if door is not Door.CLOSED and not here:
        return not_here(scope)
    if door in (Door.EMPTY, Door.EXAMPLE) or path in BEFORE_SIGNING_IN or school_account.is_way_in(path):
        return None
    if sign_in.session(store, cookie_of(scope)) is not None:
        return None
    if scope["type"] == "http" and shell.is_navigation(scope):
        query = scope["query_string"].decode("latin-1")
        wanted = f"{path}?{query}" if query else path
        return RedirectResponse(address_of_sign_in(wanted), 303, headers=door_page.HEADERS)
    return Response(status_code=403)


def not_here(scope: Scope) -> Response:
    """A kind page for a person, nothing for anything else."""
    if scope["type"] != "http" or not shell.is_navigation(scope):
        return Response(status_code=403)
    with i18n.speaking(shell.wanted_language(scope)):
        return door_page.answer(door_page.not_here(), 403)


def is_local(scope: Scope) -> bool:
    """Whether a request comes from this computer itself, by its connection; headers only count against it."""
    client = scope.get("client")
    headers = Headers(scope=scope)
    if client is None or any(name in headers for name in PASSED_ON):
        return False
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def is_encrypted() -> bool:
    """Whether this program is served over https."""
    return bool(streamlit_config.get_option("server.sslCertFile"))


def cookie_of(scope: Scope) -> str | None:
    # A request's cookies are read the same way on a websocket.
    return Request({**scope, "type": "http"}).cookies.get(COOKIE)


def address_of_sign_in(wanted: str) -> str:
    """The way in, in the language that the wanted address asks for."""
    asked = parse_qs(urlsplit(wanted).query).get("lang", [""])[0]
    language = f"&lang={asked}" if asked in i18n.LANGUAGES else ""
    return f"{door_page.SIGN_IN}?next={quote(wanted, safe='')}{language}"


def watched(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """A page's connection that ends at the first thing it asks after its session has ended."""
    ended = False

    async def receive_while_welcome() -> Message:
        nonlocal ended
        message = await receive()
        if not ended and message["type"] == "websocket.receive" and refusal(scope) is not None:
            ended = True
            await send({"type": "websocket.close", "code": 1008})
        return {"type": "websocket.disconnect", "code": 1008} if ended else message

    async def send_while_open(message: Message) -> None:
        if not ended:
            await send(message)

    return receive_while_welcome, send_while_open
