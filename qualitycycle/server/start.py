"""Start the program from a terminal: the same app.py that `streamlit run app.py` starts."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

from qualitycycle import config

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


def serve(folder: Path, port: int, *, demo: bool, open_browser: bool) -> None:
    """Serve the school in `folder` until somebody stops the program."""
    os.environ["QUALITYCYCLE_DATA"] = str(folder)
    os.environ["QUALITYCYCLE_DEMO"] = "1" if demo else "0"
    front_door = config.app_folder() / "app.py"
    # Streamlit takes the settings beside the program that was started, which is this one.
    sys.argv[:] = [str(front_door)]
    app = load(front_door).app
    if open_browser:
        threading.Thread(target=show_when_up, args=(port,), daemon=True).start()
    app.run(config={"server.port": port})


def load(front_door: Path) -> Any:
    """The module app.py; imported here and not above, because Streamlit comes with it."""
    spec = importlib.util.spec_from_file_location("app", front_door)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(front_door)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show_when_up(port: int) -> None:
    """Open the browser as soon as the program answers."""
    address = f"http://127.0.0.1:{port}"
    # Proxies of the environment have no business with this computer itself.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < end:
        try:
            with direct.open(f"{address}/_stcore/health", timeout=2):
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
