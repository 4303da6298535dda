"""A key that cannot be printed by accident, and where keys come from."""

from __future__ import annotations

import hmac
from typing import NoReturn, Protocol

from pe4king_adapter.errors import ConfigError
from pe4king_core.model.message import Message

_MASK = "«secret»"


class SecretValue:
    """Holds a key; `repr`, `str` and formatting show a mask. Only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def parse(cls, value: str, section: str, key: str) -> SecretValue:
        """The key in `value`; ConfigError where it cannot travel in a header."""
        value = value.strip()
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise ConfigError(
                Message(
                    f"The key in {section}, {key} holds characters that no key has.",
                    f"В ключе ({section}, {key}) есть символы, которых в ключах не бывает.",
                ),
                section=section,
                key=key,
                next_step=Message("Copy it once more.", "Скопируйте его ещё раз."),
                code="config-key-characters",
            )
        return cls(value)

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._value

    def prefixed(self, prefix: str) -> SecretValue:
        """The key with `prefix` in front, as secret as before."""
        return SecretValue(prefix + self._value)

    def __repr__(self) -> str:
        return _MASK

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return _MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretValue) and hmac.compare_digest(
            self._value.encode(), other._value.encode()
        )

    __hash__ = None  # type: ignore[assignment]  # a hash would tell secrets apart

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not pickled")


class KeySource(Protocol):
    """A store of keys outside of us, such as an editor's. Each key is bound to an origin."""

    async def read(self, name: str, origin: str) -> SecretValue | None:
        """The key `name` for the endpoint at `origin`, or None where none is stored."""
        ...
