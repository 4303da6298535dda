"""What a file of tests is made of: its imports, and definitions that use one another by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import parse, walk

_QUALIFIED = frozenset({"attribute", "field_access", "method_invocation", "keyword_argument"})
"""Nodes in which only the first name stands for itself, or none (`name=` of an argument)."""


class Kind(StrEnum):
    """What a definition is for."""

    VALUE = "value"
    """A constant, a field, or what is said of the whole module."""
    HELPER = "helper"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition: whole lines from `start` to `end`, with what stands right above it."""

    name: str
    kind: Kind
    room: str
    """The class that it is a member of; "" for the module."""
    start: int
    end: int
    """The start of the line behind it."""
    code: str
    """The lines, without the last line end."""
    content: str
    """The same for two definitions that differ in layout only."""
    uses: frozenset[str] = frozenset()
    shape: tuple[object, ...] = ()
    """What those that use it rely on; "" where that is not clear."""
    takes: tuple[int, int] = (0, 0)
    """With how many arguments it can be called."""
    about: str = ""
    """What its first words say it is."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A file as definitions in their order."""

    definitions: tuple[Definition, ...]
    imports: Mapping[str, str]
    """What is imported, by the names that it has in the file."""
    bound: frozenset[str]
    """All other names that the file gives a meaning to."""
    ends: Mapping[str, int]
    """Where something behind all else goes, by room."""
    starts: Mapping[str, int]
    """Where something before all else goes, by room: behind imports and what is no function."""
    indents: Mapping[str, str]
    """How members of a room are indented."""
    marks: tuple[str, ...] = ()
    """What is said of all tests of the module, as lines above one test."""

    _rooms: dict[str, dict[str, Definition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.definitions:
            self._rooms.setdefault(each.room, {})[each.name] = each

    def named(self, room: str) -> Mapping[str, Definition]:
        """The definitions of a room by name; the last one of a name counts."""
        return self._rooms.get(room, {})

    def room_like(self, other: Outline, room: str) -> str | None:
        """The room in which there is what `other` has in `room`; None where there is none."""
        if room in self.ends:
            return room
        known = other.named(room)
        shared = [each.room for each in self.definitions if each.room and each.name in known]
        return max(shared, key=shared.count) if shared else None


def renamed(code: str, names: Mapping[str, str], language: SourceLanguage) -> str:
    """`code` with other names for some definitions; texts in it stay as they are."""
    if not any(name in code for name in names):
        return code
    java = language is SourceLanguage.JAVA
    before = "class X {\n" if java else ""
    source = parse(f"{before}{code}\n}}" if java else code, language)
    result = source.text
    places = [
        (node.start_byte, names[text])
        for node in walk(source.root)
        if node.type == "identifier" and (text := source.of(node)) in names and _stands_alone(node)
    ]
    for start, name in sorted(places, reverse=True):
        old = next(key for key in names if names[key] == name)
        result = result[:start] + name + result[start + len(old) :]
    return result[len(before) : -2] if java else result


def _stands_alone(node: object) -> bool:
    parent = getattr(node, "parent", None)
    if parent is None or parent.type not in _QUALIFIED:
        return True
    if parent.type == "method_invocation":
        return parent.child_by_field_name("object") is None
    if parent.type == "keyword_argument":
        return bool(parent.child_by_field_name("name") != node)
    first = parent.child_by_field_name("object")
    return bool(first == node)
