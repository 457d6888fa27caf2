"""The address that phones use: on slips, on the projector, and wherever somebody has to type it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from streamlit import config as streamlit_config

from qualitycycle.cycle import phones
from qualitycycle.i18n import _
from qualitycycle.ui import navigation
from qualitycycle.ui.text import plain

FORM = "/v"
THIS_COMPUTER = ("127.0.0.1", "localhost", "::1")


def form() -> str:
    """The address of the form for phones, without a code."""
    scheme = "https" if is_encrypted() else "http"
    return f"{scheme}://{_host()}:{port()}{FORM}"


def reaches_phones() -> bool:
    """Whether another machine can ask for that address at all."""
    return is_open() and bool(phones.addresses())


def warn_unless_reached() -> None:
    """Say that phones cannot come in yet, and where to let them in."""
    if reaches_phones():
        return
    told = _(
        "Phones cannot reach this computer yet: the address works on this computer only. Let phones in first."
    )
    st.warning(plain(told), icon=":material/wifi_off:")
    navigation.link("phones", _("Let phones in"))


def _host() -> str:
    found = phones.addresses() if is_open() else []
    return found[0] if found else THIS_COMPUTER[0]


def port() -> int:
    """The port that a browser here asks at."""
    # Behind a proxy the browser knows better than we do; a test has no browser.
    asked = urlsplit(st.context.url or "").port
    return asked or int(streamlit_config.get_option("server.port"))


def is_open() -> bool:
    """Whether the program listens to the network, and not to this computer alone."""
    return streamlit_config.get_option("server.address") not in THIS_COMPUTER


def is_encrypted() -> bool:
    return bool(streamlit_config.get_option("server.sslCertFile"))
