"""Whether a profile's key is there, told without reading more of it than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.config import NamedProfile

NONE = Message("none", "нет")
GIVEN = Message("given", "задан")
STORED = Message("stored", "сохранён")
MISSING = Message("not stored", "не сохранён")
UNUSABLE = Message("keychain unusable", "хранилище недоступно")
IN_EDITOR = Message("in the editor", "в редакторе")


async def key_state(profile: NamedProfile) -> Message:
    """What is known about the key of `profile`."""
    config = profile.config
    if config is None or not (config.api_key_ref or config.api_key):
        return NONE
    if config.api_key is not None:
        return GIVEN
    kind, _, name = config.api_key_ref.partition(":")
    return IN_EDITOR if kind == "ide" else await stored_state(name, config.endpoint.origin)


async def stored_state(name: str, origin: str) -> Message:
    """What the keychain says about the key `name` for `origin`."""
    from pe4king_adapter.errors import LlmError
    from pe4king_adapter.privacy.keychain import Keychain

    try:
        return MISSING if await Keychain().read(name, origin) is None else STORED
    except LlmError:
        return UNUSABLE
