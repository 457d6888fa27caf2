"""Phones on the school's own network: at which addresses they find this computer, and whether one got through."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from qualitycycle import config

# An address of the block for documentation: asking for the way there sends nothing.
SOMEWHERE = ("192.0.2.1", 9)
# A laptop that changes networks gets another address.
SECONDS_KEPT = 5.0


@dataclass(frozen=True)
class Reached:
    """How many times a phone opened the test page since the start, and when it last did. Not which phone."""

    n: int
    at: datetime | None


_reached = Reached(0, None)
_lock = threading.Lock()
_names: list[tuple[float, tuple[str, ...]]] = []


def note_reached() -> None:
    """Another machine opened the test page."""
    global _reached
    with _lock:
        _reached = Reached(_reached.n + 1, config.local_time(config.now()))


def reached() -> Reached:
    return _reached


def addresses() -> list[str]:
    """This computer's addresses on the network it is on, the likeliest first; empty without a network."""
    found = [*_way_out(), *_by_name()]
    return [address for address in dict.fromkeys(found) if _is_for_phones(address)]


def names() -> tuple[str, ...]:
    """Every name and address under which another machine may ask for this one."""
    if not _names or time.monotonic() - _names[0][0] > SECONDS_KEPT:
        name = socket.gethostname().lower()
        short = name.split(".")[0]
        _names[:] = [(time.monotonic(), (name, short, f"{short}.local", *addresses()))]
    return _names[0][1]


def _way_out() -> Iterable[str]:
    """The address with which this computer would leave for another network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(SOMEWHERE)
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


def _by_name() -> Iterable[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    except OSError:
        return []


def _is_for_phones(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)
