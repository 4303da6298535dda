"""`pe4king providers`: what is configured, whether it answers, what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapter.fake_server import FakeModel
from tests.adapter.spoken import SPOKEN
from tests.adapter.wire_server import WireServer
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
    assert "work: cannot be used" in out
    assert "No key is stored for" in out
    assert "pe4king key set work" in out
    assert "local: reachable" in out
    assert "Model other is not in its list: fake" in out
    assert "--ask" in out, "only a question shows whether it is there all the same"
    assert [request.method for request in model.requests if request.body] == []


def test_testing_one_with_a_question(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    model.answer("ready\x1b[2J")
    user.keys.entries["pe4king", f"work@{model.base_url.removesuffix('/v1')}"] = "secret-key"
    out, _ = user.run("providers", "test", "work", "--ask")
    assert "work: ready" in out
    assert "Model fake, one of 1." in out
    assert "It answers: ready\\x1b[2J" in out
    told = json.loads(user.run("providers", "test", "work", "--json")[0])
    assert told["profiles"][0]["ready"] is told["profiles"][0]["proved"] is True
    assert told["profiles"][0]["models"] == ["fake"]


def test_a_refused_key_is_told_by_the_test(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    model.models_status = 401
    out, _ = user.run("providers", "test", "local", code=1)
    assert "local: cannot be used" in out
    assert "does not accept the key" in out


def test_the_switch_is_told(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    (user.workspace / ".pe4king.toml").write_text("[llm]\nenabled = false\n")
    out, _ = user.run("providers")
    assert "Every model is turned off by .pe4king.toml [llm]: enabled." in out
    assert "turned off" in user.run("providers", "test", code=1)[1]


def test_a_model_is_known_by_its_other_names(user: Shell, model: FakeModel) -> None:
    configured(
        user,
        model,
        f"""
[llm.profiles.any]
type = "llama-cpp"
endpoint = "{model.base_url}"
[llm.profiles.google]
type = "openai-compatible"
endpoint = "{model.base_url}"
model = "models/fake"
""",
    )
    for name in ("any", "google"):
        assert f"{name}: ready" in user.run("providers", "test", name)[0]
    with WireServer(SPOKEN["ollama"]) as server:
        user.configure(
            f'[llm.profiles.o]\ntype = "ollama"\nmodel = "fake"\nendpoint = "{server.root}"'
        )
        out, _ = user.run("providers", "test")
    assert out.splitlines()[0].startswith("o: ready")
    assert out.splitlines()[1:] == ["  Model fake, one of 1."]


def test_what_lists_no_models_is_only_reachable(user: Shell, model: FakeModel) -> None:
    configured(user, model)
    model.models_status = 404
    out, _ = user.run("providers", "test", "local")
    assert out.splitlines()[0].startswith("local: reachable")
    assert "`pe4king providers test local --ask`" in out


def test_a_dotenv_is_the_users(user: Shell, model: FakeModel) -> None:
    (user.workspace / ".env").write_text(f"LLM_API_KEY=x\nLLM_BASE_URL={model.base_url}\n")
    out, _ = user.run("providers")
    assert "default  active  openai-compatible" in out


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


def test_an_installed_plugin_is_one_of_them(
    user: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "plugin" / "acme-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[pe4king.providers]\nacme = acme_for_pe4king\n")
    (metadata.parent / "acme_for_pe4king.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(metadata.parent)
    user.configure('[llm.profiles.work]\ntype = "acme"\ntone = "dry"')
    assert "acme" in user.run("providers", "types")[0]
    assert "work: ready" in user.run("providers", "test")[0]
    assert user.run("ask", "hi")[0] == "acme, dry: hi\n"
    _, err = user.run("ask", "fail", code=1)
    assert err.startswith("The plug-in of the provider acme made a mistake. Seen: ValueError.")
    assert "sk-canary" not in err


PLUGIN = """
from pe4king_adapter.profile import Option, Profile, brand
from pe4king_adapter.provider import Availability, LlmResponse, StreamPart

PROFILE = Profile(
    "acme", brand("Acme"), "https://acme.example", "m", needs_key=False,
    options=(Option("tone", brand("tone")),),
)

def create(config, tools):
    return Acme(config)

class Acme:
    def __init__(self, config):
        self.tone = config.options["tone"]

    async def is_available(self):
        return Availability(True)

    async def list_models(self):
        return ("m",)

    async def stream(self, prompt, options):
        said = prompt.messages[-1].text
        if said == "fail":
            raise ValueError("sk-canary")
        text = f"acme, {self.tone}: {said}"
        yield StreamPart(text, LlmResponse(text))

    async def close(self):
        pass
"""
