"""What providers share: how patient they are, where keys are, and what was learned so far.

One `Tools` per process, passed to everything that makes providers, so that a provider made anew
after a change of settings knows what the one before has found out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pe4king_adapter.calibration import TokenRatio
from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.privacy.keychain import Keychain
from pe4king_adapter.transport import BODY_LIMIT
from pe4king_adapter.transport.retry import RetryPolicy


@dataclass(slots=True)
class Learned:
    """What calls to one model have shown: parameters it refuses, how long its tokens are."""

    refused: frozenset[str] = frozenset()
    ratio: TokenRatio = field(default_factory=TokenRatio)


@dataclass(slots=True)
class Memory:
    """What was learned, per provider and model; lasts as long as the process."""

    _known: dict[tuple[str, str, str], Learned] = field(default_factory=dict)

    def of(self, config: LlmProviderConfig) -> Learned:
        """What is known about the model of `config`."""
        key = (config.type, config.endpoint.url, config.model)
        return self._known.setdefault(key, Learned())


@dataclass(frozen=True, slots=True)
class Tools:
    """Shared by providers; `clock` counts seconds and is replaced in tests.

    An answer of more than `body_limit` bytes is not read to its end.
    """

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    keychain: Keychain = field(default_factory=Keychain)
    memory: Memory = field(default_factory=Memory)
    body_limit: int = BODY_LIMIT
    clock: Callable[[], float] = time.monotonic
