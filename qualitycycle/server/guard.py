"""What stands between the network and the pages: allowed names, closed doors, security headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config as streamlit_config

# Streamlit answers these to anybody: session counts, and an interface for programs that we do not use.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")

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


class SecurityHeaders:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A page with a stricter policy of its own keeps it.
                own = headers.get("content-security-policy")
                headers.update(SECURITY_HEADERS)
                if own:
                    headers["content-security-policy"] = own
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
    return "*" in allowed or (name or "").rstrip(".") in {each.lower() for each in allowed}


def is_closed(path: str) -> bool:
    return any(part in f"{path.rstrip('/')}/" for part in (f"{door}/" for door in CLOSED))
