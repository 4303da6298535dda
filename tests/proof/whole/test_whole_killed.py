"""Killed at random moments: no process, no file outside the scratch folder, no changed file."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pe4king_server.consent import Consents
from tests.lsp_kit.session import editor
from tests.proof.whole.proposals_kit import PLACES, snapshot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]

PYTHON = next(iter(PLACES.values()))
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
ROUNDS = 5


@pytest.fixture
def temporary(tmp_path: Path, shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where scratch folders are made: by its name what belongs to this test is known."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    Consents.of_user().give(shop)
    return place


def living(marker: Path) -> list[str]:
    """The processes that know of `marker`, by what they were started with."""
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        if folder.name == str(os.getpid()):
            continue
        try:
            known = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if os.fsencode(marker) in known:
            found.append(folder.name)
    return found


def gone(marker: Path) -> bool:
    until = time.monotonic() + 30
    while living(marker) and time.monotonic() < until:
        time.sleep(0.05)
    return not living(marker)


def left(temporary: Path) -> list[str]:
    """Files of the user's project that a run has left in its scratch folder."""
    return [each.name for each in temporary.rglob("test_*.py")]


@pytest.mark.parametrize("sign", SIGNALS, ids=lambda each: each.name)
def test_the_command_line_is_killed(
    tmp_path: Path, shop: Path, temporary: Path, sign: signal.Signals
) -> None:
    before, moments = snapshot(shop), random.Random(sign)
    for _ in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-m", "pe4king_server", "prove", PYTHON, "--spec", "openapi.yaml"],
            cwd=shop,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.3, 6))
        process.send_signal(sign)
        process.wait(60)
        assert gone(tmp_path)
        assert snapshot(shop) == before
    assert left(temporary) == []


@pytest.mark.parametrize("sign", SIGNALS, ids=lambda each: each.name)
async def test_the_language_server_is_killed(
    tmp_path: Path, shop: Path, temporary: Path, sign: signal.Signals
) -> None:
    before, moments = snapshot(shop), random.Random(sign)
    with pytest.raises(AssertionError, match="the server di"):  # how the editor's end sees it
        await killed_in_an_action(shop, sign, moments.uniform(0.2, 3))
    assert gone(tmp_path)
    assert snapshot(shop) == before
    assert left(temporary) == []


async def killed_in_an_action(shop: Path, sign: signal.Signals, seconds: float) -> None:
    """Start `Enhance` in an editor and end the server `seconds` later."""
    async with editor("vscode", workspace=shop) as ed:
        await ed.open(PYTHON)
        actions = await ed.code_actions(PYTHON, "def test_no_such_book")
        [enhance] = [each for each in actions if "Enhance" in each.title]
        run = asyncio.ensure_future(ed.run(enhance))
        await asyncio.sleep(seconds)
        server = ed.client._server
        assert server is not None
        server.send_signal(sign)
        await asyncio.wait_for(server.wait(), 30)
        await asyncio.wait([run], timeout=30)
