"""Processes that take too much, or will not go: what stops them, and that nothing is left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.proof.sandbox.limits import MEBIBYTE, Limits
from pe4king_core.proof.sandbox.parts import Part

pytestmark = pytest.mark.slow
NAMESPACES = frozenset({Part.USER, Part.NETWORK, Part.PROCESSES, Part.IPC, Part.MOUNTS})
TIERS = {"namespaces": frozenset[Part](), "tree": NAMESPACES}
LIMITS = Limits(memory=256 * MEBIBYTE, processes=100, file_size=8 * MEBIBYTE, cpu_seconds=60)
FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3):
            os.close(number)
        time.sleep(1000)
    os._exit(0)
print("away", flush=True)
time.sleep(1000 if sys.argv[1] == "stay" else 0)
"""
STUBBORN = """
import signal, time
for number in range(1, 32):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_IGN)
print("ready", flush=True)
while True:
    pass
"""
EATER = "eaten = []\nwhile True: eaten.append(bytearray(8_000_000))"
FAMILY_OF_EATERS = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        eaten = bytearray(os.urandom(1_000_000)) * 60
        time.sleep(1000)
time.sleep(1000)
"""


@pytest.fixture(params=sorted(TIERS))
def tier(request: pytest.FixtureRequest) -> frozenset[Part]:
    return TIERS[request.param]


def living(folder: Path) -> int:
    """How many processes have a working folder below `folder`; their command lines would wait."""
    found = 0
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += os.readlink(f"/proc/{each}/cwd").startswith(str(folder))
        except OSError:
            continue
    return found


def nobody_left(folder: Path, *, but: int = 0) -> bool:
    """Whether all such processes are gone, waiting a while for it."""
    until = time.monotonic() + 60
    while living(folder) > but and time.monotonic() < until:
        time.sleep(0.02)
    return living(folder) <= but


def ended(child: Any) -> bool:
    """Wait for the end."""
    until = time.monotonic() + 60
    while not child.ended and time.monotonic() < until:
        child.receive(0.5)
    return bool(child.ended)


def test_a_fork_bomb(room: Callable[..., Any], tier: frozenset[Part]) -> None:
    made = room(without=tier, limits=LIMITS)
    child = made.run(FORK_BOMB)
    child.receive(1)
    child.stop()
    # The one is the room's own.
    assert nobody_left(made.box.folder, but=1)


def test_a_fork_bomb_is_ended_without_our_doing(room: Callable[..., Any], tmp_path: Path) -> None:
    made = room(without=NAMESPACES, limits=LIMITS)
    child = made.run(FORK_BOMB)
    assert ended(child)
    assert child.why == "processes"
    assert "too many processes" in child.reason.en


@pytest.mark.parametrize("code", [EATER, "x = 'x' * 10**12"])
def test_a_process_that_eats_memory(room: Callable[..., Any], code: str) -> None:
    made = room(limits=LIMITS)
    child = made.run(code)
    assert ended(child)
    assert "MemoryError" in child.output or child.why == "memory"


def test_a_family_that_eats_memory_together(
    room: Callable[..., Any], tier: frozenset[Part]
) -> None:
    made = room(without=tier, limits=LIMITS)
    child = made.run(FAMILY_OF_EATERS)
    assert ended(child)
    assert child.why == "memory"
    assert "память" not in child.reason.en
    assert "памяти" in child.reason.ru


def test_memory_that_forks_share_counts_once(room: Callable[..., Any]) -> None:
    made = room(limits=LIMITS)
    child = made.run(
        "import os, time\n"
        "kept = bytearray(os.urandom(1_000_000)) * 100\n"
        "for _ in range(5):\n"
        "    if os.fork() == 0: time.sleep(1); os._exit(0)\n"
        "for _ in range(5): os.wait()\n"
        "print('fine')"
    )
    assert child.receive(60) == "fine"


def test_the_machine_takes_it_first_when_memory_is_short(
    room: Callable[..., Any], tier: frozenset[Part]
) -> None:
    assert room(without=tier).ask("open('/proc/self/oom_score_adj').read()") == r"'1000\n'"


def test_a_file_that_grows(room: Callable[..., Any]) -> None:
    made = room(limits=LIMITS)
    writing = "open('big', 'wb').write(b'x' * 20_000_000)"
    assert made.ask(writing).startswith("OSError")
    assert (made.box.project / "big").stat().st_size <= LIMITS.file_size


def test_a_folder_that_grows(room: Callable[..., Any]) -> None:
    made = room(limits=replace(LIMITS, scratch=20 * MEBIBYTE))
    child = made.run(
        "import itertools, time\n"
        "for n in range(10): open(f'big{n}', 'wb').write(b'x' * 4_000_000)\n"
        "time.sleep(1000)"
    )
    assert ended(child)
    assert child.why == "scratch"
    assert "wrote too much" in child.reason.en


def test_a_loop_on_the_processor(room: Callable[..., Any]) -> None:
    made = room(limits=replace(LIMITS, cpu_seconds=1))
    assert ended(made.run("while True: pass"))


@pytest.mark.parametrize("limits", [LIMITS])
def test_one_that_ignores_every_signal(
    room: Callable[..., Any], tier: frozenset[Part], limits: Limits
) -> None:
    made = room(without=tier, limits=limits)
    child = made.run(STUBBORN, str(made.box.folder))
    assert child.receive(20) == "ready"
    child.stop()
    assert nobody_left(made.box.folder, but=1)


@pytest.mark.parametrize("way", ["stay", "go"])
def test_a_daemon_of_a_daemon(room: Callable[..., Any], tier: frozenset[Part], way: str) -> None:
    made = room(without=tier)
    child = made.run(DAEMON, way, str(made.box.folder))
    assert child.receive(20) == "away"
    if way == "go":
        assert ended(child)
        assert child.why == ""
    else:
        child.stop()
    assert nobody_left(made.box.folder, but=1)


def test_folders_that_are_hard_to_remove(room: Callable[..., Any], tmp_path: Path) -> None:
    made = room(base=tmp_path / "base")
    child = made.run(
        "import os\n"
        "os.makedirs('closed/inner'); os.chmod('closed/inner', 0); os.chmod('closed', 0)\n"
        "os.symlink('/etc', 'etc'); os.mkfifo('pipe')\n"
        "for _ in range(1500):\n"
        "    os.mkdir('deep'); os.chdir('deep')\n"
        "open('bottom', 'w').close()\n"
        "print('made')"
    )
    assert child.receive(60) == "made"
    made.box.__exit__(None, None, None)
    assert list((tmp_path / "base").iterdir()) == []
    assert Path("/etc/passwd").exists()
