"""Facts about one place of the JSON body as `.body(path, matcher)` links.

Null and absence look alike to GPath, so where the difference matters the parent is asked
(`hasKey`, `hasEntry`). Shapes that a path and a matcher cannot say exactly become one Groovy
condition (`java_closure`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pe4king_core.model.fact import Check, Condition, Contains, Presence, ResponseValue
from pe4king_core.model.json import EACH, pointer_of, split
from pe4king_core.model.schema import JsonType
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.checks import (
    Claims,
    Follow,
    all_of,
    claims,
    earlier_value,
    or_null,
)
from pe4king_core.rendering.java.gpath import NeedsGroovy
from pe4king_core.rendering.java.terms import Unsayable
from pe4king_core.rendering.java.text import literal_string

_PRESENT = Claims(())
_MOST_PATHS = 8192


class Frame(NamedTuple):
    """Where a check applies: the place, and when it need not be there or may be null."""

    tokens: tuple[str, ...]
    presence: Presence
    nullable: bool
    guards: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()

    @property
    def name(self) -> str:
        """The last token."""
        return self.tokens[-1] if self.tokens else ""

    def guarded(self, depth: int) -> bool:
        """Whether the ancestor made of the first `depth` tokens may be missing."""
        return bool(self.guards) and depth in _depths(self.guards)


@lru_cache(maxsize=4096)
def _depths(guards: tuple[str, ...]) -> frozenset[int]:
    """How many tokens lead to each of `guards`, which are ancestors of one place."""
    return frozenset(map(len, map(split, guards)))


@dataclass(frozen=True, slots=True)
class Known:
    """What other facts and calls give: places that are surely there, and response variables."""

    certain: frozenset[tuple[str, ...]] = frozenset()
    responses: Mapping[str, str] = field(default_factory=dict)


def body_links(frame: Frame, checks: Sequence[Check], known: Known) -> list[str]:
    """Links that hold exactly when `checks` do. Raises Unsayable or NeedsGroovy."""
    if frame.conditions:
        raise NeedsGroovy
    for check in checks if len(checks) == 1 else ():
        if isinstance(check, Contains) and check.at:
            return [_listed(frame, check, known)]
    said = claims(checks, known.responses) if checks else _PRESENT
    if not frame.tokens:
        return _root(frame, said)
    if EACH in frame.tokens:
        return _in_items(frame, said, known)
    if frame.guards:
        return _guarded(frame, said)
    return _plain(frame, said)


def _listed(frame: Frame, check: Contains, known: Known) -> str:
    """That one of a list's items has a member that equals an earlier value, or that none has."""
    operand = check.operand
    if not isinstance(operand, ResponseValue) or frame.guards or EACH in frame.tokens:
        raise Unsayable("this search in a list", "такой поиск в списке")
    item = f"hasItem({earlier_value(operand, known.responses)})"
    return link(_path((*frame.tokens, check.at)), f"not({item})" if check.absent else item)


def link(path: str, matcher: str) -> str:
    """`.body("path", matcher)`. Raises NeedsGroovy where REST Assured would change the path."""
    opening = _opening(path)
    if not opening:
        raise NeedsGroovy
    return f"{opening}{matcher})"


@lru_cache(maxsize=_MOST_PATHS)
def _opening(path: str) -> str:
    """How a link about `path` begins; "" where REST Assured would change the path."""
    if path != gpath.ROOT and not gpath.survives(path):
        return ""
    return f".body({literal_string(path)}, "


def _root(frame: Frame, said: Claims) -> list[str]:
    if frame.presence is Presence.ABSENT:
        return [".body(is(emptyString()))"]
    if not said.matchers:
        return [".body(not(emptyString()))"]
    asked = [link(follow.method, follow.matcher) for follow in said.follows if _of_keys(follow)]
    if asked and frame.nullable:
        raise Unsayable(
            "the members of a body that may be null", "поля тела, которое может быть null"
        )
    if len(asked) < len(said.follows):
        raise NeedsGroovy
    return [link(gpath.ROOT, _value(said, nullable=frame.nullable)), *asked]


def _of_keys(follow: Follow) -> bool:
    """Whether a method of the body itself is called: a path that starts with it does so."""
    return follow.test is None and follow.kind is JsonType.OBJECT


@lru_cache(maxsize=_MOST_PATHS)
def _path(tokens: tuple[str, ...]) -> str:
    return gpath.member(_path(tokens[:-1]), tokens[-1]) if tokens else gpath.ROOT


def _value(said: Claims, *, nullable: bool) -> str:
    matcher = all_of(said.matchers)
    return or_null(matcher) if nullable else matcher


def _needs_plain(said: Claims) -> None:
    if said.follows:
        raise NeedsGroovy


def _followed(path: str, said: Claims) -> list[str]:
    """The value's matchers, then what is asked of it after them."""
    found = [link(path, all_of(said.matchers))]
    for follow in said.follows:
        if follow.test is None:
            found.append(link(f"{path}.{follow.method}", follow.matcher))
        else:
            found.append(link(follow.test(path), "is(true)"))
    return found


def _plain(frame: Frame, said: Claims) -> list[str]:
    """No arrays on the way, every ancestor is there."""
    path, parent, name = _path(frame.tokens), _path(frame.tokens[:-1]), frame.name
    if frame.presence is Presence.REQUIRED and not frame.nullable:
        return _followed(path, said)
    _needs_plain(said)
    if frame.presence is Presence.IF_PRESENT and frame.nullable:
        return [link(path, _value(said, nullable=True))]
    if name.isdecimal():
        raise NeedsGroovy
    if frame.presence is Presence.REQUIRED:
        present = link(parent, _has_key(name))
        return [present, link(path, _value(said, nullable=True))] if said.matchers else [present]
    return [link(parent, _member(frame, said))]


def _has_key(name: str) -> str:
    return f"hasKey({literal_string(name)})"


def _member(frame: Frame, said: Claims) -> str:
    """The matcher of the parent that says everything about one of its members."""
    present = _has_key(frame.name)
    if frame.presence is Presence.ABSENT:
        return f"not({present})"
    if not said.matchers:
        return present
    value = _value(said, nullable=frame.nullable)
    entry = f"hasEntry(equalTo({literal_string(frame.name)}), {value})"
    return entry if frame.presence is Presence.REQUIRED else f"anyOf(not({present}), {entry})"


def _guarded(frame: Frame, said: Claims) -> list[str]:
    """No arrays on the way; the last ancestors may be missing, the others are there."""
    _needs_plain(said)
    if frame.presence is Presence.IF_PRESENT and frame.nullable:
        return [link(_path(frame.tokens), _value(said, nullable=True))]
    guards = [frame.guarded(level) for level in range(len(frame.tokens))]
    if guards != sorted(guards) or frame.name.isdecimal():
        raise NeedsGroovy
    return [link(_path(frame.tokens[:-1]), _or_missing(_member(frame, said)))]


def _or_missing(matcher: str) -> str:
    """`matcher`, or null; what starts with a negation takes null already."""
    return matcher if matcher.startswith(("not(", "anyOf(not(")) else or_null(matcher)


def _in_items(frame: Frame, said: Claims, known: Known) -> list[str]:
    """Inside the items of one array; arrays in arrays where nothing may be missing."""
    tokens = frame.tokens
    first = tokens.index(EACH)
    needed = frame.presence is Presence.REQUIRED and not frame.nullable and bool(said.matchers)
    nested = tokens.count(EACH) > 1
    if needed and (not frame.guards or set(frame.guards) == {pointer_of(tokens[: first + 1])}):
        if nested and frame.name == EACH and tokens[:-1] not in known.certain:
            raise NeedsGroovy
        return _each_value(frame, said, known)
    _needs_plain(said)
    if nested:
        raise NeedsGroovy
    array = [frame.guarded(level) for level in range(first + 1)]
    if array != sorted(array):
        raise NeedsGroovy
    path, matcher = _each_member(frame, said, first)
    every = f"everyItem({matcher})"
    return [link(path, or_null(every) if array[-1] else every)]


def _each_value(frame: Frame, said: Claims, known: Known) -> list[str]:
    """`items.price` with `everyItem`; `*.` where a null on the way must not be passed over."""
    path = _spread_path(frame, known)
    found = [link(path, f"everyItem({all_of(said.matchers)})")]
    for follow in said.follows:
        if follow.test is None and path == gpath.ROOT:
            raise NeedsGroovy  # `$*.` is no path
        if follow.test is None:
            found.append(link(f"{path}*.{follow.method}", f"everyItem({follow.matcher})"))
        else:
            found.append(link(f"{path}.every {{ {follow.test('it')} }}", "is(true)"))
    return found


def _spread_path(frame: Frame, known: Known) -> str:
    path = ""
    inside = False
    for depth, token in enumerate(frame.tokens):
        if token == EACH:
            if inside:
                certain = frame.tokens[:depth] in known.certain
                joined = "collectMany { it }" if certain else "flatten()"
                path = f"{path}.{joined}" if path else joined
            inside = True
        elif inside:
            certain = frame.tokens[:depth] in known.certain or frame.guarded(depth)
            path = gpath.spread(path, token, strict=not certain)
        else:
            path = gpath.member(path, token)
    return path or gpath.ROOT


def _each_member(frame: Frame, said: Claims, first: int) -> tuple[str, str]:
    """One array; the items, or a member of each, may be missing or null."""
    items = _path(frame.tokens[:first])
    inner = frame.tokens[first + 1 :]
    if not inner:
        return items, _value(said, nullable=frame.nullable)
    if len(inner) > 1 or inner[0].isdecimal():
        raise NeedsGroovy
    if frame.presence is Presence.IF_PRESENT and frame.nullable:
        path = gpath.spread(items, inner[0], strict=False)
        return path, _value(said, nullable=True)
    member = _member(frame, said)
    return items, _or_missing(member) if frame.guarded(first + 1) else member
