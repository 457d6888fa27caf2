"""A fresh, migrated store in a folder of its own, and the few records these tests need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qualitycycle.model import Actor, Role, Vision
from qualitycycle.store.connect import Store, open_store
from qualitycycle.store.records import Transaction, new_id

ROOT = Path(__file__).parent.parent.parent
LEADER = Actor(Role.LEADER, "a leader")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def add_vision(store: Store, title: str = "a vision", text: str = "") -> Vision:
    """One use case with one record: the smallest write there is."""
    vision = Vision(vision_id=new_id(), title=title, text=text)
    return store.write(lambda tx: tx.insert(vision), actor=LEADER, verb="add_vision")


def titles(store: Store) -> set[str]:
    return {row["title"] for row in store.rows("SELECT title FROM vision")}


def change_title(store: Store, vision: Vision, seen: int | None, title: str) -> Vision:
    def use_case(tx: Transaction) -> Vision:
        return tx.change(Vision, vision.vision_id, seen, title=title)

    return store.write(use_case, actor=LEADER, verb="change_vision")


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a Python program beside this one: `other_process(code, argument, …)`; it is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", code, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
