"""Named profiles: where they come from, who asks which, and what a workspace may not decide."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pe4king_adapter.config import Layer, LlmSetup, llm_setup
from pe4king_adapter.config.files import file_layers, user_file, user_layers
from pe4king_adapter.config.values import Source
from pe4king_adapter.errors import ConfigError

from .conftest import CANARY

KEY = {"LLM_API_KEY": CANARY}
TWO = """
[llm]
active = "work"
fallbacks = ["local"]
[llm.profiles.work]
type = "qwen"
[llm.profiles.local]
type = "ollama"
model = "qwen2.5-coder:7b"
"""


def user(text: str) -> list[Layer]:
    return file_layers(text, "config.toml", Source.USER)


def workspace(text: str, name: str = ".pe4king.toml") -> list[Layer]:
    return file_layers(text, name, Source.WORKSPACE)


def setup(
    *layers: list[Layer], environ: Mapping[str, str] | None = None, dotenv: str = ""
) -> LlmSetup:
    return llm_setup([layer for each in layers for layer in each], environ or {}, dotenv)


def refused(*layers: list[Layer], environ: Mapping[str, str] | None = None) -> ConfigError:
    """What is wrong, be it with everything or with the profile that would be asked."""
    with pytest.raises(ConfigError) as caught:
        setup(*layers, environ=environ).chain()
    error = caught.value
    assert error.text("en") != error.text("ru")
    assert CANARY not in error.text("en") + error.text("ru")
    return error


def asked(found: LlmSetup, task: str = "") -> list[str]:
    return [config.name for config in found.chain(task)]


# -- which profile -----------------------------------------------------------------------------


def test_the_active_profile_then_its_fallbacks() -> None:
    found = setup(user(TWO))
    assert asked(found) == ["work", "local"]
    work, local = found.chain()
    assert (work.type, work.model) == ("qwen", "qwen3-coder-480b-a35b-instruct")
    assert work.api_key_ref == "keyring:work", "a type that needs a key has one by its own name"
    assert (local.type, local.api_key_ref) == ("ollama", "")


def test_a_task_may_have_profiles_of_its_own() -> None:
    chosen = '[llm.tasks]\nexplain = "local"\nask = ["local"]\nnegative = "offline"\n'
    found = setup(user(TWO + chosen))
    assert asked(found, "explain") == ["local"]
    assert asked(found, "ask") == ["local"]
    assert asked(found, "negative") == []
    assert asked(found, "enhance") == ["work", "local"]
    only_work = setup(user(TWO + '[llm.tasks]\nask = ["work"]\nexplain = "work"'))
    assert asked(only_work, "ask") == ["work"], "a list is the whole of it"
    assert asked(only_work, "explain") == ["work", "local"]


def test_the_strongest_source_of_an_entry_wins() -> None:
    editor = [Layer(Source.USER, {"profiles": {"a": {"model": "editor"}}})]
    own = user('[llm.profiles.a]\ntype="ollama"\nmodel="user"\ntimeout=30')
    shared = workspace('[llm.profiles.a]\nmodel="workspace"\ntimeout=20\nseed=3')
    project = workspace("[tool.pe4king.llm.profiles.a]\nseed=4\nmax_tokens=5", "pyproject.toml")
    (config,) = setup(editor, own, shared, project).chain()
    assert (config.model, config.timeout, config.seed, config.max_tokens) == ("editor", 30, 3, 5)


def test_files_are_stronger_than_the_environment() -> None:
    assert asked(setup(user(TWO), environ=KEY)) == ["work", "local"]
    assert asked(setup(environ=KEY)) == ["default"]
    both = setup(user('[llm]\nactive = "default"\n[llm.profiles.x]\ntype="vllm"'), environ=KEY)
    assert asked(both) == ["default"]


def test_flat_settings_are_the_default_profile() -> None:
    (config,) = setup(user('[llm]\ntype = "ollama"\nmodel = "m"')).chain()
    assert (config.name, config.type, config.endpoint.is_loopback) == ("default", "ollama", True)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen"),
        ("https://api.deepseek.com/v1", "deepseek"),
        ("http://localhost:11434", "ollama"),
        ("https://models.example.com/v1", "openai-compatible"),
        ("https://api.deepseek.com.evil.example/v1", "openai-compatible"),
    ],
)
def test_the_shortcuts_take_the_type_of_a_known_address(url: str, kind: str) -> None:
    (config,) = setup(environ={**KEY, "LLM_BASE_URL": url, "LLM_MODEL": "m"}).chain()
    assert config.type == kind


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("[llm]\nenabled = false\n" + TWO.replace("[llm]\n", "", 1), {}),
        ("ai = false\n" + TWO, {}),
        (TWO, {"USE_REAL_LLM": "false"}),
    ],
)
def test_one_switch_turns_everything_off(text: str, environ: dict[str, str]) -> None:
    found = setup(user(text), environ=environ)
    assert found.off
    assert not found.asks
    assert [asked(found, task) for task in ("", "ask", "explain")] == [[], [], []]


def test_the_workspace_can_switch_off_but_not_on() -> None:
    assert setup(user(TWO), workspace("[llm]\nenabled = false")).off
    assert setup(user("[llm]\nenabled = false"), workspace("[llm]\nenabled = true"), user(TWO)).off


def test_a_profile_that_cannot_be_used_is_passed_over_and_told() -> None:
    broken = TWO.replace('type = "qwen"', 'type = "qwen"\napi_key_ref = "env:NOT_SET"')
    found = setup(user(broken))
    assert asked(found) == ["local"]
    assert [error.code for error in found.problems()] == ["config-key-missing"]
    alone = refused(user('[llm.profiles.x]\ntype = "qwen"\napi_key_ref = "env:NOT_SET"'))
    assert alone.code == "config-key-missing"


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[llm]\nactive = "wrok"\n[llm.profiles.work]\ntype="qwen"',
         "config.toml [llm], active: 'wrok' is not a value we know. Did you mean work?"),
        ('[llm]\nactve = "work"\n[llm.profiles.work]\ntype="qwen"',
         "config.toml [llm] has no setting 'actve'. Did you mean active?"),
        ('[llm.profiles.work]\ntype = "qwn"',
         "config.toml [llm.profiles.work]: type: 'qwn' is not a value we know. Did you mean qwen?"),
        ('[llm.profiles.work]\ntype = "qwen"\nmodell = "x"',
         "config.toml [llm.profiles.work] has no setting 'modell'. Did you mean model?"),
        ('[llm.profiles.work]\ntype = "qwen"\ntimeout = "long"',
         "config.toml [llm.profiles.work]: timeout has a value we cannot use ('long'). "
         "Expected: a number from 0.05 to 3600."),
        ('[llm.profiles.work]\ntype = "ollama"',
         "config.toml [llm.profiles.work]: the profile work does not say which model to use."),
        ('[llm.profiles.work]\ntype = "openai-compatible"\nmodel = "m"',
         "config.toml [llm.profiles.work]: the profile work does not say which endpoint to use."),
        ('[llm.profiles.work]\ntype = "ollama"\nmodel = "m"\nnum_ctxt = 5',
         "config.toml [llm.profiles.work] has no setting 'num_ctxt'. Did you mean num_ctx?"),
        ('[llm.profiles.work]\ntype = "ollama"\nmodel = "m"\nnum_ctx = "many"',
         "config.toml [llm.profiles.work]: num_ctx has a value we cannot use ('many')."),
        ('[llm.tasks]\nexplian = "x"',
         "config.toml [llm.tasks] has no setting 'explian'. Did you mean explain?"),
        ('[llm]\nenabled = "no"',
         "config.toml [llm]: enabled has a value we cannot use ('no'). Expected: true or false."),
        ("[llm]\nprofiles = 3", "config.toml [llm]: profiles has a value we cannot use."),
        ('[llm.profiles."a b"]\ntype="qwen"', "config.toml [llm]: profiles has a value"),
    ],
)  # fmt: skip
def test_errors_name_file_section_key_value_and_the_closest_name(text: str, wanted: str) -> None:
    assert refused(user(text)).text("en").startswith(wanted)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[llm]\nactive = work\n", "config.toml:2:10"),
        ("[llm\n", "config.toml:1:5"),
        (f'[llm]\nactive = "{CANARY}\n', "config.toml:2:31"),
        ("[llm]\n" + "a=" + "[" * 5000, "config.toml:2:1"),
    ],
)
def test_what_is_no_toml_is_told_with_file_and_line(text: str, place: str) -> None:
    error = refused_file(text)
    assert error.code == "config-toml"
    assert error.message.en.startswith(place)


def refused_file(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        user(text)
    assert CANARY not in caught.value.text("en") + repr(caught.value.__cause__)
    return caught.value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[lmm]\n", "config.toml has no setting 'lmm'. Did you mean llm?"),
        ("llm = 1", "config.toml: llm is not a table."),
        ('active = "x"\n[llm]', "config.toml: active stands outside of its section. It belongs"),
        ("[profiles.x]", "config.toml: profiles stands outside of its section. It belongs below"),
    ],
)
def test_the_section_itself(text: str, wanted: str) -> None:
    assert refused_file(text).text("en").startswith(wanted)


def test_a_pyproject_that_does_not_name_us_is_not_read() -> None:
    assert workspace("[project\nbroken", "pyproject.toml") == []
    assert workspace("[tool.other]\nllm = 1\n# pe4king", "pyproject.toml") == []


def test_the_users_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_layers() == []
    path = user_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\ufeff[llm.profiles.a]\nmodell = 1\n", encoding="utf-8")
    assert "~/" in refused(user_layers()).text("en")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        user_layers()


# -- whose key ---------------------------------------------------------------------------------

EVIL = "https://evil.example/v1"


@pytest.mark.parametrize(
    "line",
    [
        f'endpoint = "{EVIL}"',
        'proxy = "http://evil.example"',
        'ca_bundle = "evil.pem"',
        'client_cert = "evil.pem"',
        'custom_headers = { X-Forward = "evil" }',
    ],
)
def test_a_workspace_cannot_lead_a_users_profile_elsewhere(line: str) -> None:
    own = user('[llm.profiles.work]\ntype = "qwen"')
    error = refused(own, workspace(f"[llm.profiles.work]\n{line}"))
    assert (error.code, error.key) == ("config-workspace-route", line.partition(" ")[0])
    assert ".pe4king.toml [llm.profiles.work]" in error.text("en")


def test_a_workspace_cannot_send_the_key_of_the_environment_to_another_vendor() -> None:
    error = refused(workspace('[llm]\ntype = "deepseek"'), environ=KEY)
    assert (error.code, error.key) == ("config-workspace-route", "type")
    same = setup(workspace('[llm]\ntype = "qwen"\nmodel = "qwen-plus"'), environ=KEY)
    assert same.chain()[0].model == "qwen-plus"


@pytest.mark.parametrize("kind", ["keyring", "ide"])
def test_a_bound_key_may_be_named_by_a_workspace_but_not_led_around_its_binding(kind: str) -> None:
    profile = f'[llm.profiles.team]\ntype = "openai"\nmodel = "m"\napi_key_ref = "{kind}:team"\n'
    (config,) = setup(workspace(profile)).chain()
    assert config.api_key_ref == f"{kind}:team"
    for line in ('proxy = "http://evil.example"', 'ca_bundle = "evil.pem"'):
        assert refused(workspace(profile + line)).code == "config-workspace-route"


def test_an_option_that_is_a_route_is_not_a_workspaces_to_set() -> None:
    own = user('[llm.profiles.giga]\ntype = "gigachat"')
    line = '[llm.profiles.giga]\nauth_endpoint = "https://evil.example/oauth"'
    assert refused(own, workspace(line)).key == "auth_endpoint"
    trusted = setup(user('[llm.profiles.giga]\ntype = "gigachat"\nscope = "GIGACHAT_API_CORP"'))
    assert trusted.chain()[0].options == {"scope": "GIGACHAT_API_CORP"}


@pytest.mark.parametrize(
    ("own", "theirs", "environ"),
    [
        (
            '[llm.profiles.x]\nendpoint = "https://api.openai.com/v1"\napi_key_ref = "keyring:x"',
            '[llm.profiles.x]\ntype = "gigachat"',
            {},
        ),
        (
            "",
            '[llm.profiles.x]\ntype = "gigachat"\nendpoint = "https://api.openai.com/v1"\n'
            'api_key_ref = "keyring:x"',
            {},
        ),
        ("", '[llm]\ntype = "gigachat"', {**KEY, "LLM_BASE_URL": "https://api.openai.com/v1"}),
    ],
)
def test_a_workspace_cannot_take_a_key_to_the_login_of_another_provider(
    own: str, theirs: str, environ: dict[str, str]
) -> None:
    error = refused(user(own), workspace(theirs), environ=environ)
    assert (error.code, error.key) == ("config-workspace-route", "type")
    at_home = '[llm.profiles.x]\ntype = "gigachat"\napi_key_ref = "keyring:x"'
    assert setup(workspace(at_home)).chain()[0].type == "gigachat"


def test_a_key_of_a_dotenv_goes_to_the_address_beside_it() -> None:
    file = f"LLM_API_KEY={CANARY}\nLLM_BASE_URL=https://models.example/v1\nLLM_MODEL=m\n"
    assert setup(dotenv=file).chain()[0].endpoint.origin == "https://models.example"
    other = workspace('[llm]\nendpoint = "https://models.example/other/v1"')
    assert setup(other, dotenv=file).chain()[0].endpoint.path == "/other/v1"
    for beside in (file, file.replace("https://models", "models")):
        with pytest.raises(ConfigError) as caught:
            setup(workspace(f'[llm]\nendpoint = "{EVIL}"'), dotenv=beside).chain()
    assert (caught.value.code, caught.value.key) == ("config-workspace-route", "endpoint")
    assert "LLM_BASE_URL, beside the key" in caught.value.text("en")
    for line in ('proxy = "http://evil.example"', 'type = "gigachat"'):
        with pytest.raises(ConfigError) as caught:
            setup(workspace(f"[llm]\n{line}"), dotenv=file).chain()
        assert caught.value.key == line.partition(" ")[0]
    alone = f"LLM_API_KEY={CANARY}\nLLM_MODEL=m"
    assert setup(workspace('[llm]\ntype = "gigachat"'), dotenv=alone).chain()
    (own,) = setup(user(f'[llm]\nendpoint = "{EVIL}"'), dotenv=file).chain()
    assert own.endpoint.url == EVIL, "the user may send it where he wants"


def test_what_a_workspace_leads_elsewhere_is_told() -> None:
    def told(*layers: list[Layer], dotenv: str = "") -> list[str]:
        found = setup(*layers, dotenv=dotenv)
        return [message.en for message in found.led_by_workspace(found.chain())]

    theirs = f'[llm.profiles.theirs]\nmodel = "m"\nendpoint = "{EVIL}"\n'
    active = user(TWO.replace('active = "work"', ""))
    (said, *_) = told(active, workspace(f'[llm]\nactive = "theirs"\n{theirs}'))
    assert "https://evil.example" in said
    assert ".pe4king.toml [llm.profiles.theirs]" in said
    assert told(workspace(theirs + 'api_key_ref = "keyring:team"')) == [], "a key was stored for it"
    assert told(user(theirs)) == []
    assert told(workspace('[llm.profiles.here]\ntype = "ollama"\nmodel = "m"')) == []
    assert told(dotenv=f"LLM_API_KEY=x\nLLM_BASE_URL={EVIL}\nLLM_MODEL=m") == []


def test_an_address_in_dotenv_that_is_not_heard_is_told() -> None:
    def told(environ: Mapping[str, str], *layers: list[Layer]) -> list[str]:
        found = setup(*layers, environ=environ, dotenv=f"LLM_BASE_URL={EVIL}\nLLM_MODEL=m")
        return [message.en for message in found.led_by_workspace(found.chain())]

    (said,) = told({"LLM_API_KEY": CANARY})
    assert said.startswith(".env names https://evil.example, but LLM_API_KEY is not in it")
    assert "dashscope" in said
    assert told({"LLM_API_KEY": CANARY, "LLM_BASE_URL": EVIL}) == []
    assert told({"LLM_API_KEY": CANARY}, user(f'[llm]\nendpoint = "{EVIL}"')) == []


def test_a_workspace_cannot_pick_a_variable_of_the_environment() -> None:
    picked = '[llm.profiles.x]\ntype = "qwen"\napi_key_ref = "env:AWS_SECRET_ACCESS_KEY"'
    error = refused(workspace(picked), environ={"AWS_SECRET_ACCESS_KEY": CANARY})
    assert error.code == "config-workspace-route"


def test_a_key_in_a_file_is_refused_and_not_shown() -> None:
    error = refused(user(f'[llm.profiles.x]\ntype = "qwen"\napi_key_ref = "{CANARY}"'))
    assert error.code == "config-key-reference"
    error = refused(user(f'[llm.profiles.x]\ntype = "qwen"\napi_key = "{CANARY}"'))
    assert "Did you mean api_key_ref?" in error.text("en")
