"""For tests of the commands about models: a user with a file, a workspace and a keychain."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import keyring
import pytest

from pe4king_server.cli import main


class MemoryKeyring:
    """A safe keychain that holds everything in memory."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@dataclass
class Shell:
    """Runs commands as a user would who stands in `workspace`."""

    home: Path
    workspace: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    keys: MemoryKeyring = field(default_factory=MemoryKeyring)

    def __post_init__(self) -> None:
        self.workspace.mkdir()
        self.patch.chdir(self.workspace)
        self.patch.setenv("HOME", str(self.home))
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            self.patch.setenv(name, str(self.home / name.lower()))
        self.patch.setenv("PE4KING_LANG", "en")
        self.patch.setattr(keyring, "get_keyring", lambda: self.keys)

    def configure(self, text: str) -> None:
        """Write the user's file."""
        file = self.home / "xdg_config_home" / "pe4king" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *arguments: str, code: int = 0, stdin: str | None = None) -> tuple[str, str]:
        """What the command wrote to standard output and to standard error."""
        self.patch.setattr("sys.stdin", io.StringIO(stdin or ""))
        self.capture.readouterr()
        found = main(arguments)
        written = self.capture.readouterr()
        assert found == code, written.out + written.err
        return written.out, written.err


def shell(tmp_path: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> Shell:
    """A user whose home is `tmp_path`."""
    return Shell(tmp_path, tmp_path / "workspace", capture, patch)
