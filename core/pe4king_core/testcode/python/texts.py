"""Texts built from parts: `%`, `str.format`, the methods of `str`, `urljoin`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.testcode.python.objects import Argument
from pe4king_core.testcode.routes import joined, template_of
from pe4king_core.testcode.values import Hole, Items, Known, Rows, Template, Value, plain

_PERCENT = re.compile(r"%(?:\((\w+)\))?[-+ #0]*[\d*]*(?:\.\d+)?([sdifrx%])")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")
_SHAPING: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
}


@dataclass(frozen=True, slots=True)
class Several(Hole):
    """A part that is another one in each row of the test's table; None: not known."""

    rows: tuple[str | None, ...] = ()

    @property
    def is_query(self) -> bool:
        """Whether it can only be a query string, or nothing."""
        return bool(self.rows) and all(row == "" or (row or "")[:1] == "?" for row in self.rows)


def parts_of(value: Value, name: str = "") -> tuple[str | Hole, ...]:
    """`value` as parts of a text; what is not known becomes a hole called `name`."""
    if isinstance(value, Rows):
        texts: list[str | None] = []
        for each in value.values:
            parts = template_of(plain(each))
            known = all(isinstance(part, str) for part in parts)
            texts.append("".join(map(str, parts)) if known else None)
        if len(set(texts)) == 1 and texts[0] is not None:
            return (texts[0],)
        return (Several(name, rows=tuple(texts)),)
    return template_of(value, name)


def is_text(value: Value) -> bool:
    """Whether `value` is a text, known in whole or in parts."""
    if isinstance(value, Rows):
        return all(is_text(each) for each in value.values)
    return isinstance(value, Template) or (
        isinstance(value, Known) and isinstance(value.value, str)
    )


def percent(text: str, arguments: Sequence[tuple[str | Hole, ...]]) -> Value:
    """`text % arguments`, each argument as the parts of its text."""
    left = list(arguments)
    parts: list[str | Hole] = []
    position = 0
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        if match.group(2) == "%":
            parts.append("%")
        elif match.group(1) or not left:
            parts.append(Hole(match.group(1) or ""))
        else:
            parts += left.pop(0)
    return joined((*parts, text[position:]))


def percent_named(text: str, members: Mapping[str, Value]) -> Value:
    """`text % {"name": value}`."""
    parts: list[str | Hole] = []
    position = 0
    for match in _PERCENT.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        name = match.group(1) or ""
        parts += parts_of(plain(members[name]), name) if name in members else (Hole(name),)
    return joined((*parts, text[position:]))


def formatted(
    text: Sequence[str | Hole], arguments: Sequence[Argument], named: Mapping[str, Argument]
) -> Value:
    """`text.format(*arguments, **named)`."""
    parts: list[str | Hole] = []
    index = 0
    for piece in text:
        if isinstance(piece, Hole):
            parts.append(piece)
            continue
        position = 0
        for match in _BRACES.finditer(piece):
            parts.append(piece[position : match.start()])
            position = match.end()
            field = match.group(1)
            at = int(field) if field and field.isdecimal() and len(field) < 4 else index
            if field is None:
                parts.append(match.group()[0])
            elif field in named:
                parts += parts_of(plain(named[field].value), field)
            elif (not field or field.isdecimal()) and at < len(arguments):
                index += 1
                parts += parts_of(plain(arguments[at].value), arguments[at].name)
            else:
                parts.append(Hole(re.split(r"[.\[]", field)[-1].rstrip("]")))
        parts.append(piece[position:])
    return joined(parts)


def text_method(value: Value, name: str, arguments: Sequence[Argument]) -> Value | None:
    """What a method of a text gives; None where we do not know."""
    parts = parts_of(plain(value))
    first = plain(arguments[0].value) if arguments else None
    known = first.value if isinstance(first, Known) else None
    characters = known if isinstance(known, str) else None
    match name:
        case "rstrip" | "removesuffix" | "strip" | "lstrip" | "removeprefix":
            return joined(_stripped(parts, name, characters))
        case "replace" if characters and len(arguments) > 1:
            return joined(_replaced(parts, characters, arguments[1]))
        case "join" if arguments:
            return _joined_by(parts, arguments[0].value)
        case "encode" | "decode" | "as_posix" | "human_repr" | "__str__" | "geturl":
            return value
        case "split" if isinstance(value, Known) and characters:
            return Known(str(value.value).split(characters))
    if name in _SHAPING:
        return joined([_SHAPING[name](each) if isinstance(each, str) else each for each in parts])
    return None


def _stripped(parts: Sequence[str | Hole], name: str, characters: str | None) -> list[str | Hole]:
    found = list(parts)
    first, last = found[0] if found else "", found[-1] if found else ""
    if name in ("rstrip", "strip") and isinstance(last, str):
        found[-1] = last.rstrip(characters)
    if name == "removesuffix" and isinstance(last, str):
        found[-1] = last.removesuffix(characters or "")
    first = found[0] if found else ""
    if name in ("lstrip", "strip") and isinstance(first, str):
        found[0] = first.lstrip(characters)
    if name == "removeprefix" and isinstance(first, str):
        found[0] = first.removeprefix(characters or "")
    return found


def _replaced(
    parts: Sequence[str | Hole], searched: str, replacement: Argument
) -> list[str | Hole]:
    inserted = parts_of(plain(replacement.value), replacement.name)
    found: list[str | Hole] = []
    for each in parts:
        if not isinstance(each, str):
            found.append(each)
            continue
        for index, piece in enumerate(each.split(searched)):
            if index:
                found += inserted
            found.append(piece)
    return found


def _joined_by(separator: Sequence[str | Hole], listed: Value) -> Value | None:
    listed = plain(listed)
    members: Sequence[Value]
    if isinstance(listed, Known) and isinstance(listed.value, list):
        members = [Known(each) for each in listed.value]
    elif isinstance(listed, Items):
        members = listed.members
    else:
        return None
    parts: list[str | Hole] = []
    for index, each in enumerate(members):
        if index:
            parts += separator
        parts += parts_of(plain(each))
    return joined(parts)
