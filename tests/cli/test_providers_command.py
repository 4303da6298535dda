"""`pe4king providers`: what is configured, whether it answers, what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.cli.model_kit import Shell, shell


@pytest.fixture
def user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    return shell(tmp_path, capsys, monkeypatch)


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def configured(user: Shell, model: FakeModel, more: str = "") -> None:
    user.configure(f"""
[llm]
active = "work"
fallbacks = ["local"]
tasks = {{ explain = "local" }}
[llm.profiles.work]
type = "openai-compatible"
endpoint = "{model.base_url}"
model = "fake"
api_key_ref = "keyring:work"
[llm.profiles.local]
type = "openai-compatible"
endpoint = "{model.base_url}"
model = "other"
{more}""")


def test_without_anything_it_says_how_to_begin(
    user: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, err = user.run("providers")
    assert "No model is configured." in out
    assert "xdg_config_home/pe4king/config.toml" in out
    assert err == ""
    monkeypatch.setenv("PE4KING_LANG", "ru")
    assert "Модель не настроена." in user.run("providers")[0]
    assert "Модель не настроена." in user.run("providers", "test", code=1)[1]


def test_the_profiles_in_a_table(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    out, _ = user.run("providers")
    rows = [line.split("  ") for line in out.splitlines()]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    url = model.base_url
    assert cells == [
        ["profile", "used", "type", "endpoint", "model", "key"],
        ["work", "active", "openai-compatible", url, "fake", "keyring:work: not stored"],
        ["local", "fall-back 1", "openai-compatible", url, "other", "none"],
        ["Task explain: local"],
    ]
    assert model.requests == [], "a table asks nobody"


def test_a_broken_profile_and_a_broken_file_are_told(user: Shell, model: FakeModel) -> None:
    configured(user, model, '[llm.profiles.broken]\ntype = "olama"')
    out, err = user.run("providers", code=1)
    assert "cannot be used" in out
    assert "[llm.profiles.broken]: type: 'olama' is not a value we know." in err
    assert "Did you mean ollama?" in err
    told = json.loads(user.run("providers", "--json", code=1)[0])
    assert [profile["name"] for profile in told["profiles"]] == ["work", "local", "broken"]
    assert (told["active"], told["fallbacks"]) == ("work", ["local"])
    assert told["profiles"][2]["error"]["code"] == "config-value"
    assert "Did you mean work?" in user.run("providers", "show", "wrok", code=1)[1]
    user.configure("[llm]\nactive = work")
    assert "config.toml:2:10: this is no valid TOML." in user.run("providers", code=1)[1]


def test_testing_all(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    out, _ = user.run("providers", "test", code=1)
    assert "work: does not answer" in out
    assert "No key is stored for" in out
    assert "local: ready" in out
    assert "Model other is not in its list: fake" in out
    assert [request.method for request in model.requests if request.body] == []


def test_testing_one_with_a_question(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    model.answer("ready\x1b[2J")
    user.keys.entries["pe4king", f"work@{model.base_url.removesuffix('/v1')}"] = "secret-key"
    out, _ = user.run("providers", "test", "work", "--ask")
    assert "Model fake, one of 1." in out
    assert "It answers: ready\\x1b[2J" in out
    told = json.loads(user.run("providers", "test", "work", "--json")[0])
    assert told["profiles"][0]["ready"] is True
    assert told["profiles"][0]["models"] == ["fake"]


def test_a_refused_key_is_told_by_the_test(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    model.models_status = 401
    out, _ = user.run("providers", "test", "local", code=1)
    assert "local: does not answer" in out
    assert "does not accept the key" in out


def test_the_switch_is_told(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    (user.workspace / ".pe4king.toml").write_text("[llm]\nenabled = false\n")
    out, _ = user.run("providers")
    assert "Every model is turned off by .pe4king.toml [llm]: enabled." in out
    assert "turned off" in user.run("providers", "test", code=1)[1]


def test_a_profile_that_the_workspace_brought_is_marked(user: Shell) -> None:
    (user.workspace / ".pe4king.toml").write_text(
        '[llm.profiles.theirs]\ntype = "openai-compatible"\nmodel = "m"\n'
        'endpoint = "http://127.0.0.1:9/v1"\n'
    )
    assert "theirs   active (from the workspace)" in user.run("providers")[0]


def test_the_types(user: Shell) -> None:
    out, _ = user.run("providers", "types")
    for name in ("qwen", "ollama", "gigachat", "custom-http", "folder_id"):
        assert name in out
    told = json.loads(user.run("providers", "types", "--json")[0])
    qwen = next(each for each in told["types"] if each["type"] == "qwen")
    assert qwen["model"] == "qwen3-coder-480b-a35b-instruct"
