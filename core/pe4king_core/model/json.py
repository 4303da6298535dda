"""JSON values and JSON pointers (RFC 6901), with `*` for "each item" in our own subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

EACH = "*"
"""Pointer token that stands for every item of an array."""


def join(pointer: str, *tokens: str) -> str:
    """`pointer` extended by unescaped `tokens`: `join("/a", "b/c")` is `"/a/b~1c"`."""
    for token in tokens:
        plain = "~" not in token and "/" not in token
        pointer = f"{pointer}/{token if plain else _escaped(token)}"
    return pointer


def _escaped(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of `pointer`; the empty pointer has none."""
    if not pointer:
        return ()
    if "~" not in pointer:
        return tuple(pointer[1:].split("/"))
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def pointer_of(tokens: Iterable[str]) -> str:
    """The pointer made of unescaped `tokens`."""
    return join("", *tokens)


_MISSING = object()


def lookup(value: Json, pointer: str, default: Json = None) -> Json:
    """The value at `pointer` inside `value`, or `default` where there is none."""
    found: object = value
    for token in split(pointer):
        if isinstance(found, Mapping):
            found = found.get(token, _MISSING)
        elif isinstance(found, Sequence) and not isinstance(found, str) and token.isdecimal():
            found = found[int(token)] if int(token) < len(found) else _MISSING
        else:
            found = _MISSING
        if found is _MISSING:
            return default
    return found  # type: ignore[return-value]  # narrowed from Json above


def has(value: Json, pointer: str) -> bool:
    """Whether `pointer` leads somewhere inside `value` (to null as well)."""
    marker: Json = "\0missing"
    return lookup(value, pointer, marker) is not marker
