"""An independent judge of positions: the marks of libyaml, node by node."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from pe4king_core.model.json import join
from pe4king_core.openapi.layout.keys import unquoted
from pe4king_core.openapi.layout.positions import Positions

_NOTHING_SAID = re.compile(r"(\s*(#[^\n]*)?\n)*\s*(#[^\n]*)?")


@dataclass(frozen=True)
class Place:
    """One node as libyaml sees it; `key` is None for an item, `alias` repeats another node."""

    pointer: str
    key: yaml.ScalarNode | None
    value: yaml.Node
    alias: bool


def places(text: str) -> list[Place]:
    """All members of `text` in its order; of a repeated key the last. Raises YAMLError.

    Left out are members whose key is no plain or quoted scalar.
    """
    top = yaml.compose(text, Loader=yaml.CLoader)
    seen: set[int] = set()
    found: list[Place] = []
    waiting = [Place("", None, top, False)] if top is not None else []
    while waiting:
        place = waiting.pop()
        alias = id(place.value) in seen
        seen.add(id(place.value))
        if place.pointer:
            found.append(Place(place.pointer, place.key, place.value, alias))
        if not alias:
            waiting += reversed([*_below(place)])
    return found


def _below(place: Place) -> Iterator[Place]:
    if isinstance(place.value, yaml.MappingNode):
        last = {
            key.value: (key, value)
            for key, value in place.value.value
            if isinstance(key, yaml.ScalarNode) and key.style not in ("|", ">")
        }
        for name, (key, value) in last.items():
            yield Place(join(place.pointer, name), key, value, False)
    elif isinstance(place.value, yaml.SequenceNode):
        for number, value in enumerate(place.value.value):
            yield Place(join(place.pointer, str(number)), None, value, False)


class Judge:
    """Compares the positions in one text with the marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.positions = Positions(text)
        self._shift = int(text.startswith("\ufeff"))
        self._random = random.Random(1)

    def faults(self, limit: int | None = None) -> Iterator[str]:
        """What is wrong, one line each; of many members only `limit` are tried."""
        found = places(self.text)
        if limit is not None and len(found) > limit:
            found = self._random.sample(found, limit)
        for place in found:
            for fault in self._faults_of(place):
                yield f"{place.pointer}: {fault}"

    def _faults_of(self, place: Place) -> Iterator[str]:
        key = self.positions.key_span(place.pointer)
        if key is None:
            yield "not found"
            return
        if place.key is not None:
            yield from self._key_faults(place, place.key)
        if not place.alias:
            yield from self._value_faults(place)

    def _key_faults(self, place: Place, node: yaml.ScalarNode) -> Iterator[str]:
        key = self.positions.key_span(place.pointer)
        assert key is not None
        start, end = self._marks(node)
        if key.start != start and not self.text[start : key.start].startswith(("&", "!")):
            yield f"key starts at {key.start}, not {start}"
        if key.end != end:
            yield f"key ends at {key.end}, not {end}"
        if unquoted(key.of(self.text)) != node.value:
            yield f"key is {key.of(self.text)!r}"
        if self.positions.at(key.start) != place.pointer:
            yield f"at its key is {self.positions.at(key.start)}"

    def _value_faults(self, place: Place) -> Iterator[str]:
        value = self.positions.value_span(place.pointer)
        assert value is not None
        start, end = self._marks(place.value)
        if start == end:
            if value.start != value.end:
                yield f"value should be empty: {value.of(self.text)!r}"
            return
        if value.start != start:
            yield f"value starts at {value.start}, not {start}"
        scalar = isinstance(place.value, yaml.ScalarNode)
        block = place.value.style in ("|", ">") if scalar else not place.value.flow_style
        between = self.text[min(value.end, end) : max(value.end, end)]
        if value.end != end and not (block and _NOTHING_SAID.fullmatch(between)):
            yield f"value ends at {value.end}, not {end}: {between[:60]!r}"
        if scalar:
            yield from self._scalar_faults(place)
        elif not self.positions.at(value.start).startswith(place.pointer):
            yield f"at its start is {self.positions.at(value.start)}"

    def _scalar_faults(self, place: Place) -> Iterator[str]:
        value = self.positions.value_span(place.pointer)
        assert value is not None
        alone = self._alone(place)
        if alone != place.value.value:
            yield f"read alone it is {alone!r}"
        for offset in {value.start, value.end, self._random.randint(value.start, value.end)}:
            if self.positions.at(offset) != place.pointer:
                yield f"inside it at {offset} is {self.positions.at(offset)}"

    def _alone(self, place: Place) -> str:
        """The value as it is read from its span alone, put at its column."""
        value = self.positions.value_span(place.pointer)
        assert value is not None
        line = max(self._shift, self.text.rfind("\n", 0, value.start) + 1)
        if place.key is None:
            before = re.sub(r"[^-]", " ", self.text[line : value.start])
            opening = " " * max(before.rfind("-"), 0) + "- "
        else:
            start = place.key.start_mark.index + self._shift
            explicit = self.text[max(start - 2, 0) : start] == "? "
            opening = " " * (place.key.start_mark.column - 2 * explicit) + "k: "
        if place.value.style not in ("|", ">"):
            opening = "- "
        end = "\n" if value.end < len(self.text) else ""
        top = yaml.compose(opening + value.of(self.text) + end, Loader=yaml.CLoader)
        node = top.value[0]
        return str((node[1] if isinstance(node, tuple) else node).value)

    def _marks(self, node: yaml.Node) -> tuple[int, int]:
        return node.start_mark.index + self._shift, node.end_mark.index + self._shift
