"""An identity provider for tests (OpenID Connect, authorization code): it vouches at once for whom it is told to."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from tests.browser import free_port

CLIENT = "qualitycycle-test"


@dataclass
class Provider:
    """Who comes by has these `claims`; change them between visits."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    nonces: dict[str, str] = field(default_factory=dict)

    def secrets_file(self, metadata: str = "") -> str:
        """What a school puts in `.streamlit/secrets.toml`."""
        return f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secrets.token_hex(32)}"
client_id = "{CLIENT}"
client_secret = "{secrets.token_hex(16)}"
server_metadata_url = "{metadata or f"{self.url}/.well-known/openid-configuration"}"
"""

    def described(self, _request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def authorize(self, request: Request) -> RedirectResponse:
        asked = request.query_params
        code = secrets.token_urlsafe(8)
        self.nonces[code] = asked.get("nonce", "")
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302
        )

    async def token(self, request: Request) -> JSONResponse:
        code = str((await request.form())["code"])
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonces.pop(code)}
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, {**said, **self.claims}, self.key)
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": signed})

    def keys(self, _request: Request) -> JSONResponse:
        return JSONResponse({"keys": [{**self.key.as_dict(private=False), "kid": "one", "use": "sig"}]})


@contextlib.contextmanager
def provide(**claims: Any) -> Iterator[Provider]:
    """A provider at another site than the program: localhost beside 127.0.0.1."""
    port = free_port()
    one = Provider(f"http://localhost:{port}", dict(claims))
    routes = [
        Route("/.well-known/openid-configuration", one.described),
        Route("/authorize", one.authorize),
        Route("/token", one.token, methods=["POST"]),
        Route("/keys", one.keys),
    ]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield one
    finally:
        server.should_exit = True
        thread.join(10)
