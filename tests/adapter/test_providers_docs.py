"""The pages about providers say what is true: their file works, they know every name there is."""

from __future__ import annotations

import re

import pytest

from pe4king_adapter.config import KEYS, TASKS, llm_setup, provider_config
from pe4king_adapter.config.dotenv import read_dotenv
from pe4king_adapter.config.files import file_layers
from pe4king_adapter.config.values import Source
from pe4king_adapter.registry import built_in_profiles
from tests.conftest import ROOT

PAGES = ("docs/providers.md", "docs/providers.ru.md")


@pytest.mark.parametrize("page", PAGES)
def test_the_page(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    setup = llm_setup(file_layers(example, "config.toml", Source.USER), {})
    assert setup.names("ask") == ("work", "local")
    assert setup.names("explain") == ("local",)
    assert [config.type for config in setup.chain()] == ["qwen", "ollama"]
    for name in (*KEYS, *TASKS):
        assert f"`{name}`" in text
    options = {option.name for profile in built_in_profiles() for option in profile.options}
    named = re.search(r"\(`azure-openai`: (.*)\)", text)
    assert named is not None
    types = {profile.type for profile in built_in_profiles()}
    assert set(re.findall(r"`([a-z_-]+)`", named[0])) <= options | types


def test_the_example_of_an_env_file() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert read_dotenv(text)["LLM_API_KEY"] == ""
    assert provider_config({}, {}, text) is None, "nobody is asked before a key is filled in"
    filled = provider_config({}, {}, text.replace("LLM_API_KEY=", "LLM_API_KEY=some-key"))
    assert filled is not None
    assert filled.type == "qwen"
