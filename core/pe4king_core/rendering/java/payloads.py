"""Bodies of requests: a factory for each operation, and what a test changes in its copy.

Map<String, Object> body = createBookBody();
body.put("title", "x".repeat(201));
at(body, "authors", 0).remove("name");
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pe4king_core.model.case import Body
from pe4king_core.model.json import Json, split
from pe4king_core.rendering.java.layout import CONTINUATION, WIDTH, assignment, chain, link
from pe4king_core.rendering.java.text import LONGEST_CONSTANT, literal_string, string
from pe4king_core.rendering.java.values import (
    Expression,
    NotAMap,
    Payload,
    is_known,
    java_value,
    known_json,
    parsed,
)

UNIQUE = "{unique}"
"""Where eight hexadecimal digits go in a text that must be new in every run."""
_INSIDE = 4
"""Indentation inside a method of a class."""
_MOST_CHANGES = 12
_FEW = 3
"""From more removed members on it is shorter to say which ones are kept."""

Path = tuple[str | int, ...]


def takes_map(body: Body | None) -> bool:
    """Whether REST Assured turns a map into this body as it is meant."""
    if body is None or body.raw is not None or not isinstance(body.value, Mapping):
        return False
    return bool(body.value) and _is_json(body.media_type)


@lru_cache(maxsize=256)
def _is_json(media_type: str) -> bool:
    base = media_type.partition(";")[0].strip().lower()
    return base == "application/json" or (
        base.startswith("application/") and base.endswith("+json")
    )


def unique_text(pattern: str, call: str = "unique()") -> str:
    """The expression for a text with new digits in it."""
    parts = pattern.split(UNIQUE)
    shown: list[str] = []
    for index, part in enumerate(parts):
        shown += [string(part)] * bool(part)
        shown += [call] * (index < len(parts) - 1)
    return " + ".join(shown)


def with_expressions(body: Body, places: Mapping[str, str]) -> Payload:
    """The value of `body` with an Expression at each of `places`, by pointer."""
    value: Payload = body.value
    for pointer, code in places.items():
        value = _replaced(value, split(pointer), Expression(code))
    return value


def _replaced(value: Payload, tokens: Sequence[str], put: Expression) -> Payload:
    if not tokens:
        return put
    if isinstance(value, Mapping) and tokens[0] in value:
        return {
            name: _replaced(item, tokens[1:], put) if name == tokens[0] else item
            for name, item in value.items()
        }
    if isinstance(value, list | tuple) and tokens[0].isdecimal():
        index = int(tokens[0])
        return [
            _replaced(item, tokens[1:], put) if place == index else item
            for place, item in enumerate(value)
        ]
    return value


def unique_places(body: Body) -> dict[str, str]:
    """The code of the places of `body` that must be new in every run, by pointer."""
    return {pointer: unique_text(text) for pointer, text in body.unique.items() if UNIQUE in text}


def with_unique(body: Body) -> Payload:
    """The value of `body` as its factory makes it: texts that must be new are made anew."""
    return with_expressions(body, unique_places(body)) if body.unique else body.value


@dataclass(frozen=True, slots=True)
class Factory:
    """A method of the class that makes the usual body of one operation."""

    name: str
    value: Payload
    code: str


def factory(name: str, value: Payload) -> Factory:
    """The factory of `value` as a member of a class. Raises NotAMap."""
    shown = _without_long(value, _INSIDE + CONTINUATION + 2)
    places = list(_unknown(shown, ()))
    known = _text_of(_without(shown))
    if places:
        made = assignment("Map<String, Object> body", known, [], _INSIDE)
        puts = [put("body", path, expression, _INSIDE) for path, expression in places]
        statements = [made, *puts, "return body;"]
    else:
        statements = [link(f"return {known}", _INSIDE, 1) + ";"]
    lines = (" " * _INSIDE + each for each in statements)
    head = f"  private static Map<String, Object> {name}() {{"
    return Factory(name, value, "\n".join((head, *lines, "  }")))


def _text_of(value: Json) -> str:
    shown = parsed(value)
    if len(shown.encode("utf-8", "surrogatepass")) >= LONGEST_CONSTANT:
        raise NotAMap
    return shown


def _unknown(value: Payload, path: Path) -> Iterator[tuple[Path, Expression]]:
    """The places of `value` that are expressions."""
    if isinstance(value, Expression):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _unknown(item, (*path, name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _unknown(item, (*path, index))


def _without_long(value: Payload, column: int) -> Payload:
    """`value` with an Expression for texts that would break the lines of a text block."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: Expression(string(item))
        if _is_long(name, item, column)
        else _without_long(item, column + 2)
        for name, item in value.items()
    }


def _is_long(name: str, item: Payload, column: int) -> bool:
    if not isinstance(item, str) or not item.isprintable():
        return False
    return column + len(json.dumps({name: item}, ensure_ascii=False)) - len("{}") >= WIDTH


def _without(value: Payload) -> Json:
    """`value` without the members that are expressions."""
    if is_known(value):
        return known_json(value)
    if isinstance(value, Mapping):
        return {
            name: _without(item) for name, item in value.items() if not isinstance(item, Expression)
        }
    if isinstance(value, list | tuple):
        return [_without(item) for item in value]
    return None


def put(variable: str, path: Path, value: Payload, indent: int) -> str:
    """The statement that puts `value` at `path` of the payload `variable`."""
    target, last = _target(variable, path[:-1]), path[-1]
    shown = java_value(value)
    if isinstance(last, int):
        raise NotAMap
    return _call(target, [f".put({literal_string(last)}, {shown})"], indent)


def _call(target: str, links: Sequence[str], indent: int) -> str:
    """A statement; the first call on a variable stays beside it."""
    if target.isidentifier():
        target, links = target + links[0], links[1:]
    return chain(target, links, indent) + ";"


def _target(variable: str, path: Path) -> str:
    if not path:
        return variable
    steps = ", ".join(str(step) if isinstance(step, int) else literal_string(step) for step in path)
    return f"at({variable}, {steps})"


def value_at(variable: str, pointer: str, value: Json) -> str:
    """The expression that reads the place `pointer` of the payload `variable`."""
    path: list[str | int] = []
    for token in split(pointer):
        is_array = isinstance(value, list | tuple)
        path.append(int(token) if is_array else token)
        value = value[path[-1]]  # type: ignore[index]  # the pointer is in it
    if not path or isinstance(path[-1], int):
        raise NotAMap
    return f"{_target(variable, tuple(path[:-1]))}.get({literal_string(path[-1])})"


def changes(variable: str, base: Payload, value: Payload, indent: int) -> list[str]:
    """Statements that make `value` of a copy of `base`. Raises NotAMap."""
    found = list(_changes(variable, base, value, (), indent))
    if len(found) > _MOST_CHANGES:
        raise NotAMap
    return found


def _changes(
    variable: str, base: Payload, value: Payload, path: Path, indent: int
) -> Iterator[str]:
    if not isinstance(base, Mapping) or not isinstance(value, Mapping):
        raise NotAMap
    target = _target(variable, path)
    gone = [name for name in base if name not in value]
    if len(gone) > _FEW:
        kept = ", ".join(literal_string(name) for name in base if name in value)
        yield _call(target, [".keySet()", f".retainAll(List.of({kept}))"], indent)
    else:
        for name in gone:
            yield _call(target, [f".remove({literal_string(name)})"], indent)
    for name, item in value.items():
        if name not in base:
            yield put(variable, (*path, name), item, indent)
        elif not same(base[name], item):
            yield from _change(variable, base[name], item, (*path, name), indent)


def _change(variable: str, base: Payload, value: Payload, path: Path, indent: int) -> Iterator[str]:
    """What makes `value` of the member `base`: inside it, or the whole of it."""
    if isinstance(base, Mapping) and isinstance(value, Mapping) and base and value:
        yield from _changes(variable, base, value, path, indent)
        return
    place = _only_difference(base, value)
    if place is None:
        yield put(variable, path, value, indent)
        return
    before, after = base[place], value[place]  # type: ignore[index]  # both are lists
    yield from _changes(variable, before, after, (*path, place), indent)


def _only_difference(base: Payload, value: Payload) -> int | None:
    """The one index at which two lists of objects differ."""
    if not isinstance(base, list | tuple) or not isinstance(value, list | tuple):
        return None
    if len(base) != len(value):
        return None
    places = [index for index in range(len(base)) if not same(base[index], value[index])]
    if len(places) != 1:
        return None
    before, after = base[places[0]], value[places[0]]
    objects = isinstance(before, Mapping) and isinstance(after, Mapping)
    return places[0] if objects and before and after else None


def same(left: Payload, right: Payload) -> bool:
    """Whether two payloads are the same JSON; 1, 1.0 and true all differ."""
    if left is right:
        return True
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        keys = left.keys() == right.keys()
        return keys and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right
