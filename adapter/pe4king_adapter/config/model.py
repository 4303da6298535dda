"""What a provider is configured with: plain data, and the names that settings may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.secret import KeySource, SecretValue

if TYPE_CHECKING:
    from pe4king_core.model.json import Json

DEFAULT_PROFILE = "default"
"""The profile of the flat settings and of the shortcuts `LLM_...`."""
DEFAULT_TYPE = "openai-compatible"
DEFAULT_ENDPOINT = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
DEFAULT_MODEL = "qwen3-coder-480b-a35b-instruct"
OFFLINE = "offline"
"""A type, a profile and a task's choice: no model."""

KEYS = (
    "type",
    "endpoint",
    "model",
    "api_key_ref",
    "timeout",
    "max_tokens",
    "temperature",
    "seed",
    "custom_headers",
    "proxy",
    "ca_bundle",
    "client_cert",
    "client_key",
)
"""What every profile may say; a provider's type adds options of its own."""
SWITCHES = ("enabled", "ai")
"""The one switch that turns every model off: beside the others, or at the top of a file."""
GENERAL_KEYS = ("enabled", "active", "fallbacks", "tasks", "profiles")
"""What stands beside the flat settings of the default profile."""
TASKS = (
    "enhance",
    "generate",
    "negative",
    "edge_cases",
    "explain",
    "document",
    "autofix",
    "ask",
)
"""What a model is asked for; each may have profiles of its own."""


@dataclass(frozen=True, slots=True)
class LlmProviderConfig:
    """Everything a provider needs. `timeout` (seconds) covers one call with all its attempts.

    `api_key` is there where the key is known already; for `keyring:` and `ide:` references it is
    read at the first call, bound to the endpoint's origin.
    """

    endpoint: Endpoint
    type: str = DEFAULT_TYPE
    model: str = DEFAULT_MODEL
    name: str = DEFAULT_PROFILE
    api_key_ref: str = ""
    api_key: SecretValue | None = None
    timeout: float = 120.0
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    custom_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None
    client_cert: str | None = None
    """A PEM file with the client's certificate; its key may be in it."""
    client_key: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    """What only this type of provider knows, such as a deployment or a folder."""
    ide_keys: KeySource | None = field(default=None, repr=False, compare=False)
    """Where `ide:` references lead; None outside of an editor."""
