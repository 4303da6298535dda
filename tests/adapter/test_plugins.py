"""Providers of third parties: found by their entry points, imported only when asked for."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from pe4king_adapter.errors import ConfigError, LlmError
from pe4king_adapter.provider import Prompt
from pe4king_adapter.registry import create_provider, profile_of, provider_types
from pe4king_adapter.tools import Tools

from .conftest import config_for

PLUGIN = """
from pe4king_adapter.profile import Profile, brand
from pe4king_adapter.provider import StreamPart
PROFILE = Profile("acme", brand("Acme"), endpoint="https://acme.example")
class Provider:
    def __init__(self, config, tools=None):
        self.made = (config.model, tools)
    async def complete(self, prompt, options):
        raise ValueError("sk-canary")
    async def stream(self, prompt, options):
        yield StreamPart("begins ")
        raise KeyError("sk-canary")
    def estimate_tokens(self, text):
        raise ValueError("sk-canary")
def create(config):
    return Provider(config)
def with_tools(config, tools):
    return Provider(config, tools)
def impossible(config):
    raise ValueError("sk-canary")
"""
POINTS = {
    "acme": "acme_plugin",
    "equipped": "acme_plugin:with_tools",
    "impossible": "acme_plugin:impossible",
    "bare": "acme_plugin:create",
    "broken": "acme_plugin_that_is_not_there",
    "openai": "acme_plugin",
}


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme_plugin.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_plugin", raising=False)
    points = [EntryPoint(name, value, "pe4king.providers") for name, value in POINTS.items()]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: points)


def test_a_plugin_is_a_type_among_the_others_and_not_imported_for_that() -> None:
    types = provider_types()
    assert types[-5:] == ("acme", "equipped", "impossible", "bare", "broken")
    assert types.count("openai") == 1
    assert "acme_plugin" not in sys.modules


@pytest.mark.parametrize("name", ["acme", "bare"])
def test_a_plugin_makes_its_provider(name: str) -> None:
    made: Any = create_provider(config_for("https://acme.example", type=name))
    assert made.made == ("fake", None)


def test_a_plugin_is_given_the_tools_that_it_asks_for() -> None:
    tools = Tools()
    made: Any = create_provider(config_for("https://acme.example", type="equipped"), tools)
    assert made.made == ("fake", tools)


async def test_the_mistakes_of_a_plugin_are_failures_of_a_call() -> None:
    made = create_provider(config_for("https://acme.example", type="acme"))
    prompt = Prompt.of("s", "u")
    with pytest.raises(LlmError, match="Seen: ValueError") as caught:
        await made.complete(prompt)
    assert caught.value.code == "llm-plugin-broken"
    assert caught.value.__context__ is None
    parts = aiter(made.stream(prompt))
    assert (await anext(parts)).text == "begins "
    with pytest.raises(LlmError, match="Seen: KeyError") as caught:
        await anext(parts)
    assert "sk-canary" not in caught.value.text("en") + repr(caught.value)
    assert made.estimate_tokens("abcd") == 2
    with pytest.raises(ConfigError, match="impossible cannot be loaded") as refused:
        create_provider(config_for("https://acme.example", type="impossible"))
    assert "sk-canary" not in refused.value.text("en")


def test_a_plugin_may_have_a_profile() -> None:
    profile = profile_of("acme")
    assert profile is not None
    assert profile.endpoint == "https://acme.example"
    assert profile_of("bare") is None


def test_a_built_in_type_cannot_be_replaced() -> None:
    profile = profile_of("openai")
    assert profile is not None
    assert profile.title.en == "OpenAI"


def test_a_broken_plugin_is_told_by_its_name() -> None:
    with pytest.raises(ConfigError, match="broken") as caught:
        profile_of("broken")
    assert caught.value.code == "config-plugin"


def test_an_unknown_type_gets_the_closest_name() -> None:
    with pytest.raises(ConfigError) as caught:
        profile_of("antropic")
    assert "Did you mean anthropic?" in caught.value.text("en")
