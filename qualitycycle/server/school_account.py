"""The way in with a school account: Streamlit's OpenID Connect (`st.login`) before a page, instead of on one.

`.streamlit/secrets.toml` holds what Streamlit documents for it. What the provider says of somebody is read once, right
after it sent the browser back; from then on our own session counts, and nothing of the account stays in the browser.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from streamlit import auth_util
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from qualitycycle.i18n import _
from qualitycycle.server import door_page

# Streamlit's own addresses, to the provider and back.
TO_PROVIDER, FROM_PROVIDER = "/auth/login", "/oauth2callback"
# At these Microsoft lets in an account of any school or firm, with any address its holder likes.
OF_ANYBODY = ("/common/", "/organizations/", "/consumers/")
SECONDS_AT_THE_DOOR = 600
DEFAULT = "default"

log = logging.getLogger("qualitycycle")


@cache
def providers() -> dict[str, str]:
    """The providers that are set up when the program starts, by their name in the file: what a person reads."""
    section = auth_util.get_secrets_auth_section().to_dict()
    own = {
        name: part for name, part in section.items() if isinstance(part, Mapping) and name != "client_kwargs"
    }
    if "client_id" in section:
        own = {DEFAULT: section, **own}
    return {name: name.capitalize() for name, part in own.items() if _is_usable(name, part)}


def _is_usable(name: str, part: Mapping[str, Any]) -> bool:
    """Whether people can be sent there; why not is said where the program was started."""
    try:
        auth_util.validate_auth_credentials(name)
    except StreamlitAuthError as error:
        log.warning("%s", error)
        return False
    if not auth_util.is_authlib_installed():
        log.warning(
            _("For school accounts install the extra “accounts”: pip install 'qualitycycle[accounts]'.")
        )
        return False
    if any(place in str(part["server_metadata_url"]) for place in OF_ANYBODY):
        why = _(
            "School accounts stay off: “{name}” takes accounts of any organisation. Name your own tenant."
        )
        log.warning(why.format(name=name))
        return False
    return True


def is_way_in(path: str) -> bool:
    """Whether an address belongs to coming in with a school account, where that is possible."""
    return path in (TO_PROVIDER, FROM_PROVIDER) and bool(providers())


def leave_for(name: str) -> Response:
    """Off to the provider."""
    if name not in providers():
        return RedirectResponse(door_page.SIGN_IN, 303, headers=door_page.HEADERS)
    token = auth_util.encode_provider_token(name)
    return RedirectResponse(f"{TO_PROVIDER}?provider={token}", 303, headers=door_page.HEADERS)


def is_back(request: Request) -> bool:
    return USER_COOKIE_NAME in request.cookies


def claims(request: Request) -> dict[str, Any]:
    """What the provider says of who comes back; empty when it said nothing, or too long ago."""
    found = auth_util.get_cookie_with_chunks(lambda name: _signed(request, name), USER_COOKIE_NAME)
    told: dict[str, Any] = json.loads(found) if found else {}
    fresh = float(told.get("iat") or 0) > time.time() - SECONDS_AT_THE_DOOR
    return told if fresh and told.get("provider") in providers() else {}


def _signed(request: Request, name: str) -> bytes | None:
    value = request.cookies.get(name)
    if value is None:
        return None
    return decode_signed_value(get_cookie_secret(), name, value, SECONDS_AT_THE_DOOR / 86_400)


def forget(request: Request, response: Response) -> None:
    """Take out of the browser what Streamlit keeps of an account."""
    for name in request.cookies:
        if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)):
            response.delete_cookie(name, path="/", httponly=True, samesite="lax")
