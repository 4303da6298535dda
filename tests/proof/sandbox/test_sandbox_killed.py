"""Our process is killed at any moment: no process and no folder may stay."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pe4king_core.proof.sandbox.folders import Folder, sweep
from pe4king_core.proof.sandbox.parts import Part
from pe4king_core.proof.sandbox.sandbox import Sandbox, SandboxError

OURS = """
import sys, time
from pathlib import Path
from pe4king_core.proof.sandbox.sandbox import Sandbox
from pe4king_core.proof.sandbox.parts import Part
base, project, without = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(",")
parts = {part for part in Part if part in without}
child = '''
import os, sys, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
open("left", "w").write("x")
print("here", flush=True)
time.sleep(1000)
'''
print("begun", flush=True)
with Sandbox(base=base, sources=project, without=parts) as box:
    made = [box.start([sys.executable, "-S", "-c", child, str(base)], env={}) for _ in range(2)]
    print(*[each.receive(30) for each in made], flush=True)
    time.sleep(1000)
"""
NAMESPACES = (Part.USER, Part.NETWORK, Part.PROCESSES, Part.IPC, Part.MOUNTS)
TIERS = {"namespaces": "", "tree": ",".join(NAMESPACES)}


def living(marker: Path) -> list[int]:
    found = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.fsencode(marker) in Path(f"/proc/{each}/cmdline").read_bytes():
                found.append(int(each))
        except OSError:
            continue
    return found


def gone(marker: Path) -> bool:
    until = time.monotonic() + 30
    while living(marker) and time.monotonic() < until:
        time.sleep(0.02)
    return not living(marker)


def start(base: Path, project: Path, tier: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OURS, str(base), str(project), TIERS[tier]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "test_shop.py").write_text("def test_it(): pass\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("tier", sorted(TIERS))
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_killed_while_tests_run(
    tmp_path: Path, project: Path, tier: str, sign: signal.Signals
) -> None:
    base = tmp_path / "base"
    process = start(base, project, tier)
    assert process.stdout is not None
    assert process.stdout.readline() == "here here\n"
    assert len(living(base)) > 6
    process.send_signal(sign)
    process.communicate()
    assert gone(base)
    # Whoever outlived us has cleaned up: there is nothing to sweep out.
    assert list(base.iterdir()) == []
    assert sorted(path.name for path in project.iterdir()) == ["test_shop.py"]


@pytest.mark.slow
@pytest.mark.parametrize("tier", sorted(TIERS))
def test_killed_at_any_moment(tmp_path: Path, project: Path, tier: str) -> None:
    base = tmp_path / "base"
    moments = random.Random(7)
    for _ in range(12):
        process = start(base, project, tier)
        time.sleep(moments.uniform(0, 0.5))
        process.kill()
        process.communicate()
        assert gone(base)
    with Sandbox(base=base) as box:
        assert [each.name for each in base.iterdir()] == [box.folder.parent.name]
    assert [path.name for path in project.iterdir()] == ["test_shop.py"]
    assert (project / "test_shop.py").read_text(encoding="utf-8") == "def test_it(): pass\n"


def test_folders_of_the_dead_are_swept_and_of_the_living_are_not(tmp_path: Path) -> None:
    abandoned = Folder.made(tmp_path)
    (abandoned.work / "note").write_text("x", encoding="utf-8")
    abandoned.lock.close()
    living_one = Folder.made(tmp_path)
    assert not abandoned.holder.exists()
    sweep(tmp_path)
    assert living_one.work.is_dir()
    assert living_one.removed()
    assert list(tmp_path.iterdir()) == []


def ours(process: int) -> bool:
    """Whether it is a child of this very process."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False  # gone in the meantime
    return f"PPid:\t{os.getpid()}\n" in status


@pytest.mark.parametrize("without", [(), NAMESPACES], ids=["namespaces", "tree"])
def test_the_supervisor_is_killed(tmp_path: Path, without: tuple[Part, ...]) -> None:
    """Not by tests, they cannot; by the system when memory is short, or by a person."""
    code = "import os, time; os.fork() or os.setsid(); print('here', flush=True); time.sleep(1000)"
    with Sandbox(base=tmp_path, without=without) as box:
        child = box.start([sys.executable, "-S", "-c", code, str(tmp_path)], env={})
        assert [child.receive(20), child.receive(20)] == ["here", "here"]
        for each in filter(ours, living(tmp_path)):
            os.kill(each, signal.SIGKILL)
        assert child.receive(20) is None
        assert child.ended
    assert gone(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_the_dead_without_its_lock_is_swept(tmp_path: Path) -> None:
    holder = tmp_path / "run-killed-before-it-had-one"
    (holder / "work").mkdir(parents=True)
    keep = tmp_path / "something-else"
    keep.mkdir()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [keep.name]


def test_a_link_in_place_of_the_base_is_refused(tmp_path: Path) -> None:
    """In a folder that all users share somebody else may have put it there."""
    (tmp_path / "home").mkdir()
    base = tmp_path / "base"
    base.symlink_to("home")
    with pytest.raises(SandboxError, match="belongs to somebody else"):
        Sandbox(base=base).__enter__()
