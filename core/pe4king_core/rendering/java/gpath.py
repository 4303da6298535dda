"""GPath, the Groovy expressions that REST Assured evaluates against a JSON body.

REST Assured 5 rewrites an expression before it compiles it (`escapePath`: parts with a dash,
leading digits, `class` or `properties` are quoted); `survives` tells whether it would leave one
of ours alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from pe4king_core.model.json import Json
from pe4king_core.rendering.java.text import units

ROOT = "$"
_CERTAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_QUOTED_KEYS = frozenset(
    re.findall(
        r"\w+",
        "abstract as assert boolean break byte case catch char class const continue def default do "
        "double else enum extends false final finally float for goto if implements import in "
        "instanceof int interface it long metaClass native new null package private properties "
        "protected public return short static strictfp super switch synchronized this threadsafe "
        "throw throws trait transient true try var void volatile while",
    )
)
_LIST_PROPERTIES = frozenset({"empty", "class", "first", "last", "metaClass"})
"""Names that Groovy reads from a list itself instead of from its items."""
_BRACKETS = frozenset("{}([] ")


class NeedsGroovy(Exception):
    """A path with a matcher cannot say it exactly, a Groovy condition may."""


def text(value: str) -> str:
    """`value` as a Groovy string in single quotes (nothing is interpolated there)."""
    if value.isprintable() and "'" not in value and "\\" not in value:
        return f"'{value}'"
    escapes = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}
    return "'" + "".join(_escaped(c, escapes) for c in value) + "'"


def _escaped(character: str, escapes: Mapping[str, str]) -> str:
    if character in escapes:
        return escapes[character]
    return character if character.isprintable() else units(character)


def slashy(value: str) -> str | None:
    """`value` as a slashy string, which needs no doubled backslashes, where that is possible."""
    if not value or not value.isprintable() or value.endswith("\\"):
        return None
    return None if "/" in value or "$" in value or "\\u" in value else f"/{value}/"


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """`name` as one segment of a path."""
    if name.isascii() and name.isidentifier() and name not in _QUOTED_KEYS:
        return name
    return text(name)


def member(expression: str, token: str) -> str:
    """The part `token` of `expression`; "" and "$" stand for the body itself."""
    if token.isdecimal():
        index = f"[{int(token)}]"
        return index if expression in {"", ROOT} else expression + index
    return key(token) if expression in {"", ROOT} else f"{expression}.{key(token)}"


def spread(expression: str, token: str, *, strict: bool) -> str:
    """The part `token` of every item of the list `expression`.

    Strict: an item that is null gives null (`*.`) instead of being passed over. Raises
    NeedsGroovy where a path cannot say it.
    """
    safe = strict or token in _LIST_PROPERTIES
    if token.isdecimal() or (safe and expression in {"", ROOT}):
        raise NeedsGroovy
    if expression in {"", ROOT}:
        return key(token)
    return f"{expression}{'*' if safe else ''}.{key(token)}"


def literal(value: Json) -> str | None:
    """`value` in Groovy; None where Groovy would not compare it numerically (deep decimals)."""
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return number(value) if whole(value) else None
    if isinstance(value, Mapping):
        names = [f"{text(name)}: " for name in value]
        items = [literal(item) for item in value.values()]
    else:
        names = [""] * len(value)
        items = [literal(item) for item in value]
    if None in items:
        return None
    shown = ", ".join(f"{name}{item}" for name, item in zip(names, items, strict=True))
    return f"[{shown or ':' * isinstance(value, Mapping)}]"


def number(value: int | float) -> str:
    """`value` as a Groovy number: exact decimals, never in scientific form."""
    if isinstance(value, float) and not value.is_integer():
        shown = f"{Decimal(repr(value)):f}"
    else:
        shown = str(int(value))
        shown += "" if -(2**63) <= int(value) < 2**63 else "G"
    return f"({shown})" if shown.startswith("-") else shown


def whole(value: int | float) -> bool:
    """Whether `value` has no fraction."""
    return isinstance(value, int) or value.is_integer()


def survives(expression: str) -> bool:
    """Whether REST Assured's `escapePath` leaves `expression` as it is.

    Everything up to the last single quote is left alone; what follows is looked at dot by dot.
    """
    if _CERTAIN.fullmatch(expression) and "properties" not in expression:
        return "class" not in expression
    rest = expression.rsplit("'", 1)[-1]
    return not any(_is_rewritten(fragment) for fragment in rest.split("."))


def _is_rewritten(fragment: str) -> bool:
    blocked = _BRACKETS & set(fragment)
    if "-" in fragment and not blocked & set("{}("):
        return True
    if fragment.startswith("@") and not blocked & set("{} "):
        return True
    if blocked:
        return False
    return fragment[:1].isdigit() or "properties" in fragment or "class" in fragment
