"""The key of a profile: where its reference leads, and whose key it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_adapter.config.values import Setting, Source
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.secret import SecretValue
from pe4king_core.model.message import Message

STORED = ("keyring", "ide")
"""Kinds of references whose keys are bound to an origin by their store."""
NAME = re.compile(r"[A-Za-z0-9_.\-]{1,100}")
"""What keys and profiles may be called."""
_REFERENCE = re.compile(rf"(?P<kind>env|keyring|ide):(?P<name>{NAME.pattern})")


@dataclass(frozen=True, slots=True)
class Key:
    """A key or the way to it; `source` says who chose it.

    `beside` is the address that stands with it in `.env`, "" where none does.
    """

    reference: str
    value: SecretValue | None
    source: Source
    from_dotenv: bool = False
    beside: str = ""

    @property
    def stored(self) -> bool:
        """Whether it is read at the first call, from a store that binds it to an origin."""
        return self.reference.partition(":")[0] in STORED


def shortcut_key(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> Key | None:
    """The key in `LLM_API_KEY`, of the environment or of the workspace's `.env`."""
    if value := environ.get("LLM_API_KEY", "").strip():
        secret = SecretValue.parse(value, "environment", "LLM_API_KEY")
        return Key("env:LLM_API_KEY", secret, Source.ENVIRONMENT)
    if value := dotenv.get("LLM_API_KEY", "").strip():
        secret = SecretValue.parse(value, ".env", "LLM_API_KEY")
        beside = dotenv.get("LLM_BASE_URL", "").strip()
        return Key("", secret, Source.WORKSPACE, from_dotenv=True, beside=beside)
    return None


def referenced_key(setting: Setting, environ: Mapping[str, str]) -> Key:
    """The key that `api_key_ref` names; a workspace may not pick variables of the user's."""
    match = _REFERENCE.fullmatch(setting.value) if isinstance(setting.value, str) else None
    if match is None:
        raise _reference_error(setting)
    if match["kind"] in STORED:
        return Key(match[0], None, setting.source)
    if setting.source is Source.WORKSPACE:
        raise workspace_error(setting, "api_key_ref")
    value = environ.get(match["name"], "").strip()
    if not value:
        raise _unset_error(setting, match["name"])
    return Key(match[0], SecretValue.parse(value, "environment", match["name"]), setting.source)


def workspace_error(setting: Setting, name: str, next_step: Message | None = None) -> ConfigError:
    """A workspace says where the user's key goes."""
    place = setting.place(name)
    return ConfigError(
        Message(
            f"The workspace sets {place}, but the key is yours: it is not sent there.",
            f"{place} задан в рабочей области, а ключ ваш: он туда не отправляется.",
        ),
        section=setting.section,
        key=name,
        next_step=next_step
        or Message(
            f"If you trust it, move {name} to your user settings.",
            f"Если вы доверяете этому значению, перенесите {name} в пользовательские настройки.",
        ),
        code="config-workspace-route",
    )


def _reference_error(setting: Setting) -> ConfigError:
    place = setting.place("api_key_ref")
    return ConfigError(
        Message(
            f"{place} holds something that is not a reference to a key.",
            f"В {place} стоит не ссылка на ключ.",
        ),
        section=setting.section,
        key="api_key_ref",
        next_step=Message(
            "Write keyring:NAME, env:NAME or ide:NAME; keys themselves never stand in settings.",
            "Укажите keyring:ИМЯ, env:ИМЯ или ide:ИМЯ; сам ключ в настройках не хранится.",
        ),
        code="config-key-reference",
    )


def _unset_error(setting: Setting, name: str) -> ConfigError:
    place = setting.place("api_key_ref")
    return ConfigError(
        Message(
            f"{place} names the environment variable {name}, which is not set.",
            f"{place} ссылается на переменную окружения {name}, а она не задана.",
        ),
        section=setting.section,
        key="api_key_ref",
        next_step=Message(
            "Set it and start again, or store the key in the keychain (`pe4king key set`).",
            "Задайте её и запустите заново или сохраните ключ в хранилище (`pe4king key set`).",
        ),
        code="config-key-missing",
    )
