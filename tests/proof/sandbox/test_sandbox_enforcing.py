"""The checks inside a Python process: one file that works in environments older than ours."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from pe4king_core.proof.sandbox import enforcing

FILE = Path(enforcing.__file__)


def run(told: dict[str, object], code: str) -> str:
    """The last line of what a process says that enforces `told`."""
    text = "import sys; sys.path.insert(0, sys.argv[1]); import enforcing\n"
    text += "assert enforcing.enforce(sys.argv[2])\n"
    text += (
        f"try:\n    {code}\nexcept Exception as error:\n    print(error)\nelse:\n    print('ok')"
    )
    command = [sys.executable, "-B", "-c", text, str(FILE.parent), json.dumps(told)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.splitlines()[-1]


def test_an_old_python_can_read_it() -> None:
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported == {"json", "os", "sys"}


def test_nothing_told_is_nothing_enforced() -> None:
    assert enforcing.enforce("")


def test_a_python_without_audit_hooks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "addaudithook")
    assert not enforcing.enforce('{"port": 1}')


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("import socket; socket.create_server(('127.0.0.1', 0)).close()", "ok"),
        ("import socket; socket.getaddrinfo('localhost', 80)", "ok"),
        (
            "import socket; socket.create_connection(('127.0.0.1', 2))",
            "not allowed in the sandbox: the test connects to another server",
        ),
        (
            "import urllib.request as r; r.urlopen('http://example.com')",
            "<urlopen error not allowed in the sandbox: "
            "the test asks for the address of another server>",
        ),
        (
            "import socket; socket.gethostbyname(b'example.com')",
            "not allowed in the sandbox: the test asks for the address of another server",
        ),
        (
            "import os; os.system('true')",
            "not allowed in the sandbox: the test starts another program",
        ),
        (
            "import ctypes; ctypes.CDLL('libc.so.6')",
            "not allowed in the sandbox: the test calls native code",
        ),
        (
            "import os; os.kill(os.getppid(), 9)",
            "not allowed in the sandbox: the test sends a signal to another process",
        ),
    ],
)
def test_the_network(code: str, ended: str) -> None:
    assert run({"port": 1}, code) == ended


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("open('{own}/note', 'w').close()", "ok"),
        ("open('{own}/../own/note', 'w').close()", "ok"),
        ("open(b'{own}/note', 'wb').close()", "ok"),
        ("import os; os.fdopen(os.open('{own}/note', os.O_CREAT | os.O_RDWR)).close()", "ok"),
        ("open('{other}').read()", "the test reads a file that is not its own"),
        ("open('{own}/../other').read()", "the test reads a file that is not its own"),
        ("open('{other}', 'w')", "the test writes outside of its folder"),
        ("open('{other}', 'a')", "the test writes outside of its folder"),
        ("open('{own}-too', 'x')", "the test writes outside of its folder"),
        ("import pathlib; pathlib.Path('{own}/way').write_text('')", "the test writes outside"),
        ("import shutil; shutil.copy('{own}/here', '{own}-too')", "the test writes outside"),
        ("import os; os.remove('{other}')", "the test changes something outside of its folder"),
        ("import os; os.rename('{other}', '{own}/mine')", "the test changes something outside"),
        ("import os; os.rename('{own}/here', '{other}')", "the test changes something outside"),
        ("import os; os.symlink('/', '{own}-too')", "the test changes something outside"),
    ],
)
def test_files(tmp_path: Path, code: str, ended: str) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    (own / "here").write_text("", encoding="utf-8")
    (own / "way").symlink_to(other)
    other.write_text("secret", encoding="utf-8")
    told: dict[str, object] = {"writable": [str(own)], "readable": [sys.base_prefix, "/usr"]}
    said = run(told, code.format(own=own, other=other))
    assert ended in said
    assert other.read_text(encoding="utf-8") == "secret"
    assert not (tmp_path / "own-too").is_symlink()
