"""A pytest plugin: how long each test takes, set-up, clean-up and reporting included.

`-p bench.plain_times`; the seconds go into the file that PE4KING_TIMES names, by node id.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_SECONDS = pytest.StashKey[dict[str, float]]()


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is measured yet."""
    config.stash[_SECONDS] = {}


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """All that pytest does for one test."""
    start = time.perf_counter()
    yield
    item.config.stash[_SECONDS][item.nodeid] = time.perf_counter() - start


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Everything is known."""
    told = json.dumps(session.config.stash[_SECONDS])
    Path(os.environ["PE4KING_TIMES"]).write_text(told, encoding="utf-8")
