"""Which model to ask and how: from settings, files, environment and `.env` to checked values.

Precedence of every entry: the editor's settings, the user's file, the workspace's files, the
environment (`LLM_API_KEY`, `LLM_BASE_URL`, `LLM_MODEL`), then `.env`. The last two configure the
profile `default` only. `USE_REAL_LLM=false`, or `enabled = false` anywhere, turns every model off.

`files` reads files, `layers` puts sources on top of each other, `profile`
checks one profile, `setup` says which profiles a task asks.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.config.layers import Layer
from pe4king_adapter.config.model import (
    DEFAULT_ENDPOINT,
    DEFAULT_MODEL,
    DEFAULT_PROFILE,
    DEFAULT_TYPE,
    KEYS,
    OFFLINE,
    TASKS,
    LlmProviderConfig,
)
from pe4king_adapter.config.setup import LlmSetup, NamedProfile, flat_profile, llm_setup
from pe4king_adapter.config.values import Setting

__all__ = [
    "DEFAULT_ENDPOINT",
    "DEFAULT_MODEL",
    "DEFAULT_PROFILE",
    "DEFAULT_TYPE",
    "KEYS",
    "OFFLINE",
    "TASKS",
    "Layer",
    "LlmProviderConfig",
    "LlmSetup",
    "NamedProfile",
    "llm_setup",
    "provider_config",
]


def provider_config(
    settings: Mapping[str, Setting],
    environ: Mapping[str, str],
    dotenv_text: str | None = None,
) -> LlmProviderConfig | None:
    """The one provider of flat settings, or None where none is configured or it is switched off.

    Raises ConfigError, which names section, key and value (never a key's value).
    """
    given = {name: setting for name, setting in settings.items() if not setting.empty}
    return flat_profile(given, environ, dotenv_text)
