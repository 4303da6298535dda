"""`pe4king key`: keys go into the keychain, each bound to one address, and are never shown."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from pe4king_server.cli import main
from tests.cli.model_kit import Shell, shell

CANARY = "sk-canary-8d21c07be4"
QWEN = "https://dashscope-intl.aliyuncs.com"


@pytest.fixture
def user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return shell(tmp_path, capsys, monkeypatch)


def test_set_list_remove(user: Shell) -> None:
    user.configure('[llm.profiles.work]\ntype = "qwen"')
    out, err = user.run("key", "set", "work", stdin=f"{CANARY}\n")
    assert out == f"The key work is in the keychain; it is sent to {QWEN} only.\n"
    assert user.keys.entries == {("pe4king", f"work@{QWEN}"): CANARY}
    listed, _ = user.run("key", "list")
    assert listed.splitlines()[1].split() == ["work", QWEN, "stored", "work"]
    told = json.loads(user.run("key", "list", "--json")[0])
    assert told["keys"] == [
        {"name": "work", "origin": QWEN, "profiles": ["work"], "state": "stored"}
    ]
    assert CANARY not in out + err + listed
    for path in user.home.rglob("*"):
        assert not path.is_file() or CANARY not in path.read_text(encoding="utf-8")
    user.run("key", "remove", "work")
    assert user.keys.entries == {}
    assert "There is no key work" in user.run("key", "remove", "work", code=1)[1]


def test_a_key_whose_profile_is_gone_is_still_known(user: Shell) -> None:
    user.run("key", "set", "old", "--origin", "https://old.example/v1/", stdin=CANARY)
    assert user.keys.entries == {("pe4king", "old@https://old.example"): CANARY}
    assert "https://old.example" in user.run("key", "list")[0]
    user.run("key", "remove", "old")
    assert user.run("key", "list")[0].startswith("There are no keys.")


def test_a_list_that_cannot_be_written_costs_no_key(
    user: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    (user.home / "a-file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(user.home / "a-file"))
    out, err = user.run("key", "set", "x", "--origin", "https://x.example", stdin=CANARY)
    assert "The key x is in the keychain" in out
    assert "`key list` may be incomplete" in err
    user.run("key", "remove", "x", "--origin", "https://x.example")
    assert user.keys.entries == {}


def test_a_hidden_prompt_where_somebody_types(user: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def prompt(text: str) -> str:
        asked.append(text)
        return CANARY

    monkeypatch.setattr(getpass, "getpass", prompt)
    monkeypatch.setattr(Shell, "run", _on_a_terminal)
    user.run("key", "set", "qwen")
    assert asked == [f"Key qwen for {QWEN}: "]
    assert user.keys.entries == {("pe4king", f"qwen@{QWEN}"): CANARY}


def test_an_end_of_input_at_the_prompt_stores_nothing(
    user: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(text: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", prompt)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert main(["key", "set", "qwen"]) == 1
    assert user.keys.entries == {}


def _on_a_terminal(user: Shell, *arguments: str) -> None:
    user.patch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert main(arguments) == 0


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("set",), CANARY, "Which key?"),
        (("set", "unknown"), CANARY, "No profile uses the key unknown"),
        (("set", "bad name"), CANARY, "A key's name has only letters"),
        (("set", f"{CANARY}!"), "", "The key itself is asked for afterwards"),
        (("set", "work"), "", "nothing was stored"),
        (("set", "work"), f"{CANARY}\nsecond line", "characters that no key has"),
        (("set", "work", "--origin", "http://far.example"), CANARY, "is not encrypted"),
        (("set", "work", "--origin", "far.example"), CANARY, "an http(s) address"),
        (("set", "work", "--profile", "wrok"), CANARY, "Did you mean work?"),
        (("set", "shared"), CANARY, "is for several addresses"),
    ],
)
def test_what_is_refused(user: Shell, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    user.configure("""
[llm.profiles.work]
type = "qwen"
[llm.profiles.a]
type = "openai"
model = "m"
api_key_ref = "keyring:shared"
[llm.profiles.b]
type = "deepseek"
api_key_ref = "keyring:shared"
""")
    out, err = user.run("key", *arguments, code=1, stdin=stdin)
    assert told in err
    assert CANARY not in out + err
    assert user.keys.entries == {}


def test_an_address_that_the_workspace_chose_is_not_taken_for_the_users(user: Shell) -> None:
    (user.workspace / ".pe4king.toml").write_text(
        '[llm.profiles.work]\ntype = "qwen"\nendpoint = "https://evil.example/v1"\n'
    )
    for arguments in (("work",), ("work", "--profile", "work")):
        _, err = user.run("key", "set", *arguments, code=1, stdin=CANARY)
        assert "https://evil.example was chosen by the workspace" in err
    assert user.keys.entries == {}


def test_without_a_safe_keychain_nothing_is_stored(
    user: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    user.configure('[llm.profiles.work]\ntype = "qwen"')
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    out, err = user.run("key", "set", "work", code=1, stdin=CANARY)
    assert "keychain cannot be used safely" in err
    assert "env:NAME" in err
    assert CANARY not in out + err
    assert "keychain unusable" in user.run("key", "list")[0]
