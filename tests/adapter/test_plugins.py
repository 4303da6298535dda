"""Providers of third parties: found by their entry points, imported only when asked for."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from pe4king_adapter.errors import ConfigError
from pe4king_adapter.registry import create_provider, profile_of, provider_types

from .conftest import config_for

PLUGIN = """
from pe4king_adapter.profile import Profile, brand
PROFILE = Profile("acme", brand("Acme"), endpoint="https://acme.example")
def create(config):
    return ("made by acme", config.model)
"""
POINTS = {
    "acme": "acme_plugin",
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
    assert types[-3:] == ("acme", "bare", "broken")
    assert types.count("openai") == 1
    assert "acme_plugin" not in sys.modules


@pytest.mark.parametrize("name", ["acme", "bare"])
def test_a_plugin_makes_its_provider(name: str) -> None:
    made: object = create_provider(config_for("https://acme.example", type=name))
    assert made == ("made by acme", "fake")


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
