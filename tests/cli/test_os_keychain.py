"""The real keychain: GNOME Keyring on a D-Bus session of its own, looked at by libsecret's tool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CANARY = "sk-canary-os-5e0d31"
ORIGIN = "https://dashscope-intl.aliyuncs.com"
PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool")
MISSING = [name for name in PROGRAMS if shutil.which(name) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's"),
]
needs_programs = pytest.mark.skipif(
    bool(MISSING),
    reason=f"not installed: {', '.join(MISSING)} (apt install gnome-keyring dbus libsecret-tools)",
)

UNLOCK = 'eval "$(printf login | gnome-keyring-daemon --unlock --components=secrets)"'
PE4KING = f'"{sys.executable}" -m pe4king_server'
LOOKUP = "secret-tool lookup service pe4king username"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    config = tmp_path / ".config" / "pe4king"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('[llm.profiles.work]\ntype = "qwen"\n')
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    """A user who has just logged in: nothing of the desktop session that runs the tests."""
    left_out = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        kept.pop(name, None)
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "PE4KING_LANG": "en"}


def shell(home: Path, *lines: str, bus: bool = True) -> tuple[str, str]:
    """What `lines` write, run one after the other, on a session bus or without one."""
    program = ["sh", "-c", "\n".join(lines)]
    done = subprocess.run(
        ["dbus-run-session", "--", *program] if bus else program,
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout, done.stderr


@needs_programs
def test_a_key_is_kept_by_the_system_and_found_by_another_program(home: Path) -> None:
    out, err = shell(
        home,
        UNLOCK,
        f"printf {CANARY} | {PE4KING} key set work",
        f"{LOOKUP} work@{ORIGIN}; echo",
        f"{LOOKUP} work@https://evil.example || echo nothing for others",
        f"{PE4KING} providers | tail -1",
        f"printf other-value | secret-tool store --label=x service pe4king username b@{ORIGIN}",
        f"{PE4KING} key remove b --origin {ORIGIN}",
        f"{PE4KING} key remove work",
        f"{LOOKUP} work@{ORIGIN} || echo nothing is left",
    )
    lines = out.splitlines()
    assert lines[0] == f"The key work is in the keychain; it is sent to {ORIGIN} only.", err
    assert lines[1:3] == [CANARY, "nothing for others"]
    assert lines[3].endswith("keyring:work: stored")
    assert lines[4:] == [
        f"The key b for {ORIGIN} is removed.",
        f"The key work for {ORIGIN} is removed.",
        "nothing is left",
    ]
    written = [path for path in home.rglob("*") if path.is_file()]
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]


@needs_programs
def test_a_locked_keychain_is_told_and_not_waited_for(home: Path) -> None:
    out, err = shell(
        home,
        UNLOCK,
        f"printf {CANARY} | {PE4KING} key set work",
        "secret-tool lock --collection=login || secret-tool lock",
        f"{PE4KING} providers test work; echo code $?",
    )
    assert "work: cannot be used" in out, err
    assert "it is locked" in out
    assert "env:NAME" in out
    assert out.splitlines()[-1] == "code 1"
    assert CANARY not in out + err


@pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus"])
def test_without_a_session_bus_it_says_what_to_do(home: Path, address: str | None) -> None:
    export = [f"export DBUS_SESSION_BUS_ADDRESS={address}"] if address else []
    out, err = shell(
        home,
        *export,
        f"printf {CANARY} | {PE4KING} key set work; echo code $?",
        f"{PE4KING} providers | tail -1",
        bus=False,
    )
    assert out.splitlines()[0] == "code 1"
    assert "keychain cannot be used safely" in err
    assert "env:NAME" in err
    assert "keychain unusable" in out
    assert CANARY not in out + err
