"""From settings, environment and `.env` to a provider, and what is refused on the way."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest

from pe4king_adapter.config import (
    DEFAULT_ENDPOINT,
    DEFAULT_MODEL,
    LlmProviderConfig,
    provider_config,
)
from pe4king_adapter.config.dotenv import read_dotenv
from pe4king_adapter.config.values import Setting, Source, settings_of
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.registry import create_provider, provider_types
from pe4king_adapter.secret import SecretValue

from .conftest import CANARY

KEY = {"LLM_API_KEY": CANARY}
REMOTE = "https://models.example.com/v1"


def user(**values: object) -> dict[str, Setting]:
    return settings_of(values, Source.USER)


def workspace(**values: object) -> dict[str, Setting]:
    return settings_of(values, Source.WORKSPACE)


def found(
    settings: Mapping[str, Setting] | None = None,
    environ: Mapping[str, str] | None = None,
    dotenv: str | None = None,
) -> LlmProviderConfig:
    config = provider_config(settings or {}, environ or {}, dotenv)
    assert config is not None
    return config


def refused(
    settings: Mapping[str, Setting] | None = None,
    environ: Mapping[str, str] | None = None,
    dotenv: str | None = None,
) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        provider_config(settings or {}, environ or {}, dotenv)
    error = caught.value
    assert error.next_step is not None
    assert error.text("en") != error.text("ru")
    assert CANARY not in error.text("en") + error.text("ru") + repr(error)
    return error


@pytest.mark.parametrize(
    ("settings", "environ", "dotenv"),
    [
        ({}, {}, None),
        ({}, {"LLM_MODEL": "m"}, None),
        (user(type="openai-compatible", model="m", endpoint="", api_key_ref=None), {}, None),
        (user(type="offline", endpoint=REMOTE), KEY, None),
        ({}, {**KEY, "USE_REAL_LLM": "false"}, None),
        (user(endpoint=REMOTE), {**KEY, "USE_REAL_LLM": "0"}, None),
        ({}, KEY, "USE_REAL_LLM=no"),
        ({}, {}, "LLM_BASE_URL=https://evil.example/v1"),
    ],
)
def test_no_configuration_means_offline(
    settings: Mapping[str, Setting], environ: Mapping[str, str], dotenv: str | None
) -> None:
    assert provider_config(settings, environ, dotenv) is None


def test_a_key_alone_asks_the_default_provider() -> None:
    config = found(environ=KEY)
    assert (config.endpoint.url, config.model) == (DEFAULT_ENDPOINT, DEFAULT_MODEL)
    assert config.api_key == SecretValue(CANARY)


def test_settings_then_environment_then_dotenv() -> None:
    dotenv = "LLM_API_KEY=from-dotenv\nLLM_BASE_URL=https://dotenv.example/v1\nLLM_MODEL=dotenv"
    environ = {**KEY, "LLM_BASE_URL": "https://environment.example/v1/", "LLM_MODEL": "environment"}
    config = found(user(endpoint=REMOTE, model="settings"), environ, dotenv)
    assert (config.endpoint.url, config.model) == (REMOTE, "settings")
    config = found({}, environ, dotenv)
    assert (config.endpoint.url, config.model) == ("https://environment.example/v1", "environment")
    assert config.api_key == SecretValue(CANARY)
    config = found({}, {}, dotenv)
    assert (config.endpoint.url, config.model) == ("https://dotenv.example/v1", "dotenv")
    assert config.api_key == SecretValue("from-dotenv")


def test_a_dotenv_names_an_endpoint_only_for_its_own_key() -> None:
    config = found({}, KEY, "LLM_BASE_URL=https://evil.example/v1\nLLM_API_KEY=other")
    assert config.endpoint.url == DEFAULT_ENDPOINT
    config = found({}, {**KEY, "LLM_BASE_URL": REMOTE}, "LLM_BASE_URL=https://evil.example/v1")
    assert config.endpoint.url == REMOTE


def test_a_local_server_needs_no_key() -> None:
    config = found(user(endpoint="http://localhost:1234/v1/chat/completions"))
    assert (config.endpoint.url, config.api_key) == ("http://localhost:1234/v1", None)


def test_every_entry_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ca.pem").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    config = found(
        user(
            endpoint=REMOTE,
            api_key_ref="env:MY_KEY",
            timeout=30,
            max_tokens=1000,
            temperature=0.2,
            seed=1,
            custom_headers={"X-Title": "Pe4King"},
            proxy="proxy:3128",
            ca_bundle="~/ca.pem",
        ),
        {"MY_KEY": CANARY},
    )
    assert (config.timeout, config.max_tokens, config.temperature, config.seed) == (
        30,
        1000,
        0.2,
        1,
    )
    assert config.custom_headers == {"X-Title": "Pe4King"}
    assert (config.proxy, config.ca_bundle) == ("http://proxy:3128", f"{tmp_path}/ca.pem")
    assert (config.api_key_ref, config.api_key) == ("env:MY_KEY", SecretValue(CANARY))


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("timeout", -1, "a number from 0.05 to 3600"),
        ("timeout", "60", "a number"),
        ("timeout", True, "a number"),
        ("timeout", float("nan"), "a number"),
        ("max_tokens", 0, "a whole number"),
        ("max_tokens", 1.5, "a whole number"),
        ("temperature", 3, "a number from 0 to 2"),
        ("model", 5, "one line of text"),
        ("model", "a\nb", "one line of text"),
        ("endpoint", "ftp://x", "an http(s) address"),
        ("endpoint", "https://user:pass@x/v1", "an http(s) address"),
        ("endpoint", "https://x/v1?key=1", "an http(s) address"),
        ("endpoint", "https://x y/", "an http(s) address"),
        ("endpoint", "https://x:99999/", "an http(s) address"),
        ("endpoint", "localhost:1234", "an http(s) address"),
        ("endpoint", 5, "an http(s) address"),
        ("ca_bundle", "/not/there.pem", "a PEM file that is there"),
        ("client_cert", "~/not-there.pem", "a PEM file that is there"),
        ("proxy", "socks5://user:pass@proxy:1080", "SOCKS is not spoken"),
        ("proxy", "http://user:pass@:99999", "an address such as"),
        ("proxy", "http://", "an address such as"),
        ("custom_headers", "X: y", "an object"),
        ("custom_headers", {"bad name": "x"}, "an object"),
        ("custom_headers", {"x": "a\r\nb"}, "an object"),
        ("custom_headers", {"Authorization": "Bearer x"}, "api_key_ref"),
    ],
)
def test_bad_values_are_named_with_what_is_expected(name: str, value: object, hint: str) -> None:
    error = refused(user(**{"endpoint": REMOTE, name: value}), KEY)
    assert error.section == "pe4king.llm"
    assert error.key.startswith(name)
    assert hint in error.text("en")
    assert "pass" not in error.text("en")


def test_the_closest_valid_name_is_told() -> None:
    error = refused(user(endpont=REMOTE))
    assert (error.code, error.key) == ("config-unknown-key", "endpont")
    assert "Did you mean endpoint?" in error.text("en")
    assert "Возможно, endpoint?" in error.text("ru")
    error = refused({}, {**KEY, "USE_REAL_LLM": "flase"})
    assert "environment, USE_REAL_LLM: 'flase'" in error.text("en")
    assert "Did you mean false?" in error.text("en")
    with pytest.raises(ConfigError, match="openai-compatibel") as caught:
        create_provider(found(user(type="openai-compatibel", endpoint=REMOTE)))
    assert "Did you mean openai-compatible?" in caught.value.text("en")


def test_errors_of_the_environment_name_the_variable() -> None:
    error = refused({}, {**KEY, "LLM_BASE_URL": "nonsense"})
    assert (error.section, error.key) == ("environment", "LLM_BASE_URL")


def test_the_types_are_discovered() -> None:
    assert {"openai-compatible", "qwen", "ollama", "custom-http"} <= set(provider_types())


# -- keys --------------------------------------------------------------------------------------


def test_a_key_in_the_settings_is_refused_and_not_shown() -> None:
    error = refused(user(endpoint=REMOTE, api_key_ref=CANARY))
    assert error.code == "config-key-reference"


def test_a_missing_variable_is_named() -> None:
    error = refused(user(endpoint=REMOTE, api_key_ref="env:NOT_THERE"))
    assert "NOT_THERE" in error.text("en")


@pytest.mark.parametrize("key", ["two words", "ключ", "line\nbreak", "nul\0"])
def test_keys_that_cannot_travel_are_refused_and_not_shown(key: str) -> None:
    error = refused({}, {"LLM_API_KEY": f"{CANARY}{key}"})
    assert error.code == "config-key-characters"


@pytest.mark.parametrize(
    "endpoint",
    ["http://models.example.com/v1", "http://192.168.1.5:8000/v1", "http://127.0.0.1.evil.com"],
)
def test_no_key_travels_unencrypted(endpoint: str) -> None:
    assert refused(user(endpoint=endpoint), KEY).code == "config-endpoint-insecure"
    assert found(user(endpoint=endpoint)).api_key is None


@pytest.mark.parametrize("endpoint", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])
def test_keys_may_travel_to_this_machine(endpoint: str) -> None:
    assert found(user(endpoint=endpoint), KEY).api_key is not None


@pytest.mark.parametrize(
    "route",
    [
        {"endpoint": "https://evil.example/v1"},
        {"proxy": "http://evil.example"},
        {"ca_bundle": "evil.pem"},
        {"custom_headers": {"X-Forward": "evil"}},
    ],
    ids=lambda route: next(iter(route)),
)
@pytest.mark.parametrize(
    ("keys", "environ"),
    [(user(api_key_ref="keyring:main"), {}), ({}, KEY)],
    ids=["keychain", "environment"],
)
def test_a_workspace_cannot_say_where_the_users_key_goes(
    route: dict[str, object], keys: dict[str, Setting], environ: dict[str, str]
) -> None:
    error = refused({**user(endpoint=REMOTE), **keys, **workspace(**route)}, environ)
    assert (error.code, error.key) == ("config-workspace-route", next(iter(route)))


def test_a_workspace_cannot_pick_an_environment_variable_as_key() -> None:
    settings = {**user(endpoint=REMOTE), **workspace(api_key_ref="env:AWS_SECRET_ACCESS_KEY")}
    error = refused(settings, {"AWS_SECRET_ACCESS_KEY": CANARY})
    assert error.code == "config-workspace-route"


def test_a_workspace_may_use_its_own_endpoint_without_the_users_key() -> None:
    config = found(workspace(endpoint="http://localhost:8080/v1", model="local"))
    assert (config.endpoint.url, config.api_key) == ("http://localhost:8080/v1", None)
    config = found(workspace(endpoint=REMOTE, api_key_ref="keyring:team"))
    assert config.api_key_ref == "keyring:team", "bound to the origin it was stored for"


def test_secrets_do_not_show() -> None:
    secret = SecretValue(CANARY)
    config = found(user(endpoint=REMOTE), KEY)
    for text in (f"{secret}", f"{secret!r:>20}", str([secret]), repr(config), f"{config.api_key}"):
        assert CANARY not in text
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == SecretValue(CANARY)
    assert secret != CANARY


def test_dotenv_forms() -> None:
    text = (
        "\ufeff# comment\n\nexport A=1\r\nB = two words # comment\nC='single # kept'\n"
        'D="line\\nbreak \\"q\\""\nE=\nF=a#b\n2G=bad\nno line\nA=again\n'
    )
    assert read_dotenv(text) == {
        "A": "again",
        "B": "two words",
        "C": "single # kept",
        "D": 'line\nbreak "q"',
        "E": "",
        "F": "a#b",
    }
