"""The real program in a subprocess and a real Chromium beside it, for tests that look at the screen."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from qualitycycle.cycle import sign_in
from qualitycycle.store.connect import Store

ROOT = Path(__file__).parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
# Streamlit says nothing when a run has ended; its status widget is gone and nothing is stale any more.
SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app !== null
    && app.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('[data-testid=stStatusWidget]') === null
    && document.querySelector('[data-stale=true]') === null
    && document.querySelector('[data-testid=stSkeleton]') === null;
}"""

# A run that begins and ends between two drawings is never seen to begin: a second is long enough for those.
TURN = """to => new Promise(begun => {
  new MutationObserver(begun).observe(
    document, {subtree: true, attributeFilter: ['data-test-script-state']});
  setTimeout(begun, 1000);
  history.pushState({}, '', to);
  window.dispatchEvent(new PopStateEvent('popstate'));
}).then(() => {})"""


def chromium_path() -> str | None:
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


# --- the program -----------------------------------------------------------------------------------------


@dataclass
class Served:
    """A running program: its address, its folder, its process, and what it printed."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def interrupt(self) -> int:
        """Press Ctrl+C, and return the exit code."""
        self.process.send_signal(signal.CTRL_C_EVENT if os.name == "nt" else signal.SIGINT)
        return self.process.wait(SECONDS_TO_STOP)

    def stop(self) -> int:
        """End our own process and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **overrides: str) -> dict[str, str]:
    """This environment with a data folder of its own and without settings of this computer."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUALITYCYCLE_", "STREAMLIT_"))}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "QUALITYCYCLE_DATA": str(folder), **overrides}


@contextmanager
def serve(
    folder: Path,
    *arguments: str,
    app: Path = ROOT / "app.py",
    env: dict[str, str] | None = None,
    port: int | None = None,
) -> Iterator[Served]:
    """Run the program on a free port with `folder` for data. Without arguments: `streamlit run app.py`.

    On the same `port` again a browser still has the program's own files, and an open page comes back by itself.
    """
    port = port or free_port()
    # Another app is served with the program's own settings: Streamlit also reads them from where it starts.
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit", dirs_exist_ok=True)
    command = [sys.executable, "-m", *(arguments or ("streamlit", "run", str(app)))]
    command += ["--port" if arguments else "--server.port", str(port)]
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    served = Served(f"http://127.0.0.1:{port}", folder, process, log)
    try:
        wait_until_up(served)
        yield served
    finally:
        served.stop()


def wait_until_up(served: Served) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if served.process.poll() is not None:
            raise AssertionError(f"the program stopped while starting:\n{served.output()}")
        try:
            with urllib.request.urlopen(f"{served.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the program did not answer in time:\n{served.output()}")


# --- coming in -------------------------------------------------------------------------------------------

PASSPHRASE = "zeven blauwe fietsen"


def let_in(store: Store) -> str:
    """Give the first leader of an open store a passphrase; the token of a session, which outlives a restart."""
    leader = sign_in.leaders(store)[0]
    return sign_in.claim(store, leader.person_id, PASSPHRASE, PASSPHRASE)


def carry(context: BrowserContext, url: str, token: str) -> BrowserContext:
    """Have a browser profile carry a session."""
    context.add_cookies([{"name": sign_in.COOKIE, "value": token, "url": url}])
    return context


# --- the browser -----------------------------------------------------------------------------------------


@dataclass
class Chromium:
    """A browser that makes contexts which notice every request that leaves this computer."""

    browser: Browser
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def context(
        self,
        *,
        viewport: dict[str, int] | None = None,
        locale: str = "nl-NL",
        dark: bool = False,
        **options: object,
    ) -> BrowserContext:
        """A fresh profile; `viewport` is LAPTOP unless told otherwise."""
        context = self.browser.new_context(
            viewport=viewport or LAPTOP,  # type: ignore[arg-type]
            locale=locale,
            timezone_id="Europe/Amsterdam",
            color_scheme="dark" if dark else "light",
            **options,  # type: ignore[arg-type]
        )
        context.on("request", self._notice)
        context.on("console", lambda message: self._listen(message.type, message.text))
        context.on("weberror", lambda error: self._listen("error", str(error.error)))
        return context

    def page(self, url: str, *, token: str | None = None, **options: object) -> Page:
        """A page of its own, opened and settled; with `token` as somebody who is signed in."""
        context = self.context(**options)  # type: ignore[arg-type]
        page = (carry(context, url, token) if token else context).new_page()
        page.goto(url)
        settle(page)
        return page

    def _notice(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            self.left.append(request.url)

    def _listen(self, kind: str, text: str) -> None:
        if kind == "error":
            self.said.append(text)


@contextmanager
def open_chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_FLAGS))
        try:
            yield Chromium(browser)
        finally:
            browser.close()


def turn_to(page: Page, address: str) -> None:
    """Go to another page of the program without loading it anew, as the menu and the button Back do.

    The page before it is as settled as can be until the script begins to run: that is waited for first.
    """
    page.evaluate(TURN, address)
    settle(page)


def settle(page: Page, *, seconds: float = 30) -> None:
    """Wait until Streamlit has run the script to its end and drawn it."""
    page.wait_for_function(SETTLED, timeout=seconds * 1000)
    # A rerun that a first drawing sets off starts within a moment.
    page.wait_for_timeout(150)
    page.wait_for_function(SETTLED, timeout=seconds * 1000)
