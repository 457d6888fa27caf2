"""Start the program from a terminal: the same app.py that `streamlit run app.py` starts."""

from __future__ import annotations

import importlib.util
import os
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import phones
from qualitycycle.errors import BadSetting
from qualitycycle.i18n import _
from qualitycycle.server.running import Running

N_PORTS_TO_TRY = 20
SECONDS_TO_WAIT = 60.0


def is_free(port: int) -> bool:
    """Whether nobody on this computer listens at this port."""
    with socket.socket() as probe:
        # As the web server binds: a port that was just let go of is free, except on Windows, where this
        # option would let two programs share one.
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def next_free(first: int) -> int | None:
    """The first free port from here on, or None when the next twenty are taken."""
    return next((port for port in range(first, min(first + N_PORTS_TO_TRY, 65536)) if is_free(port)), None)


@dataclass(frozen=True)
class Certificate:
    """The school's own certificate and its key, two files in PEM form."""

    file: Path
    key: Path

    def check(self) -> None:
        """Raise `BadSetting` when the two cannot be used together."""
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.file, self.key)
        except (OSError, ValueError) as error:
            expected = _("a certificate and its key, both in PEM form")
            raise BadSetting("https", f"{self.file} {self.key}", expected) from error

    def names(self) -> list[str]:
        """The names for which it was made out."""
        # Only here: it takes a moment to load, and few schools have a certificate.
        from cryptography import x509

        found = x509.load_pem_x509_certificate(self.file.read_bytes())
        try:
            made_out_for = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return []
        return [
            *made_out_for.get_values_for_type(x509.DNSName),
            *map(str, made_out_for.get_values_for_type(x509.IPAddress)),
        ]


def settings_for(port: int, *, lan: bool, https: Certificate | None) -> dict[str, Any]:
    """What Streamlit is told beside the file of settings: where to listen, under which names, with which key."""
    told: dict[str, Any] = {"server.port": port}
    if lan:
        told["server.address"] = "0.0.0.0"
        more = https.names() if https else []
        told["server.allowedHosts"] = ["127.0.0.1", "localhost", *phones.names(), *more]
    if https:
        told |= {"server.sslCertFile": str(https.file), "server.sslKeyFile": str(https.key)}
    return told


def serve(
    folder: Path,
    port: int,
    *,
    demo: bool,
    open_browser: bool,
    lan: bool = False,
    https: Certificate | None = None,
) -> None:
    """Serve the school in `folder` until somebody stops the program."""
    os.environ["QUALITYCYCLE_DATA"] = str(folder)
    os.environ["QUALITYCYCLE_DEMO"] = "1" if demo else "0"
    front_door = config.app_folder() / "app.py"
    # Streamlit takes the settings beside the program that was started, which is this one.
    sys.argv[:] = [str(front_door)]
    app = load(front_door).app
    if open_browser:
        address = Running(port, "", https is not None).address
        threading.Thread(target=show_when_up, args=(address,), daemon=True).start()
    app.run(config=settings_for(port, lan=lan, https=https))


def load(front_door: Path) -> Any:
    """The module app.py; imported here and not above, because Streamlit comes with it."""
    spec = importlib.util.spec_from_file_location("app", front_door)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(front_door)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show_when_up(address: str) -> None:
    """Open the browser as soon as the program answers."""
    # Proxies of the environment have no business with this computer itself, and no certificate names it.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    handlers = urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unchecked)
    direct = urllib.request.build_opener(*handlers)
    end = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < end:
        try:
            with direct.open(f"{address}/_stcore/health", timeout=2):
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
