"""Leaves merged into one set of keywords, where that is exact.

Types and enums intersect, bounds tighten, names unite, a property (or item) that several leaves
speak of gets the schemas of all. What would change its meaning beside the others stays with its
leaf, which is then listed in `apart`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType
from pe4king_core.openapi.raw import Place, Raw, same, text_of
from pe4king_core.openapi.schema.equality import common
from pe4king_core.openapi.schema.expansion import COMPOSITION, UNEVALUATED, Expansion, Leaf, Part
from pe4king_core.openapi.schema.intersections import common_types, tighter
from pe4king_core.openapi.schema.keyword_values import OPEN, schema_examples, values_of
from pe4king_core.openapi.schema.keywords import Keywords, keywords_of

_UNITED = ("propertyNames", "contentSchema")
"""Subschemas of several leaves that together mean what they mean apart."""
_RARE = frozenset({*_UNITED, "not", "contains", "if"})
ANNOTATIONS = ("xml", "externalDocs", "$comment")
"""Keywords that say nothing of values and are kept as they stand."""
_OF_MEMBERS = (
    ("unevaluatedProperties", JsonType.OBJECT),
    ("unevaluatedItems", JsonType.ARRAY),
)


_MAX_COMBINED = 50_000
"""How many statements about members of others are combined for one view."""


class Merged:
    """The keywords of all leaves taken together, with what must stay apart in `apart`."""

    def __init__(self, expansion: Expansion) -> None:
        self._leaves = expansion.leaves
        self.types: frozenset[JsonType] | None = None
        self.format: str | None = None
        self.pattern: str | None = None
        self.content_encoding: str | None = None
        self.content_media_type: str | None = None
        self.enum: tuple[Json, ...] | None = None
        self.multiple_of: int | float | None = None
        self.default: tuple[Json, ...] = ()
        self.never = False
        self.unread: set[str] = set()
        self.apart: list[Part] = []
        self.properties: dict[str, list[Place]] = {}
        self.pattern_properties: dict[str, list[Place]] = {}
        self.dependent_schemas: dict[str, list[Place]] = {}
        self.dependent_required: dict[str, frozenset[str]] = {}
        self.prefix_items: list[list[Place]] = []
        self.others: dict[str, list[Place]] = {}
        self.required: frozenset[str] = frozenset()
        self.unique_items = self.closed = False
        self.all_evaluated: frozenset[JsonType] = frozenset()
        self.bounds = self.length = self.size = OPEN
        self.property_count = self.contains_count = OPEN
        for leaf in self._leaves:
            self._merge(leaf)
        self._add_items()
        self._add_additional()
        self._add_unevaluated()

    def _merge(self, leaf: Leaf) -> None:
        if isinstance(leaf.raw, bool):
            if not leaf.raw and not leaf.part.nulls:
                self.never = True
            elif not leaf.raw:
                self._intersect(frozenset({JsonType.NULL}), (None,))
            return
        stated = keywords_of(leaf.raw, leaf.part.nulls)
        self._intersect(stated.types, stated.enum)
        self.bounds = tighter(self.bounds, stated.bounds)
        self.length = tighter(self.length, stated.length)
        self.size = tighter(self.size, stated.size)
        self.property_count = tighter(self.property_count, stated.property_count)
        self.unique_items |= stated.unique_items
        self.required |= stated.required
        for name, names in stated.dependent_required.items():
            self.dependent_required[name] = self.dependent_required.get(name, frozenset()) | names
        self.unread |= stated.unread
        self.default = self.default or values_of(leaf.raw, "default")
        self.content_encoding = self.content_encoding or stated.content_encoding
        self.content_media_type = self.content_media_type or stated.content_media_type
        joined = self._join(stated)
        if not self._add_subschemas(leaf, stated) or not joined:
            self.apart.append(_alone(leaf))

    def _intersect(self, types: frozenset[JsonType] | None, enum: tuple[Json, ...] | None) -> None:
        both = common_types(self.types, types)
        self.never |= both is not None and not both
        self.types = both
        if self.enum is None or enum is None:
            self.enum = enum if self.enum is None else self.enum
        else:
            self.enum = common(self.enum, enum)
        self.never |= self.enum == ()

    def _join(self, stated: Keywords) -> bool:
        """Takes over format, pattern and multipleOf; False where they differ from earlier ones."""
        joined = True
        for name in ("format", "pattern"):
            value = getattr(stated, name)
            if value is not None and getattr(self, name) is None:
                setattr(self, name, value)
            elif value is not None and getattr(self, name) != value:
                joined = False
        one, other = self.multiple_of, stated.multiple_of
        if one is None or other is None or one == other:
            self.multiple_of = other if one is None else one
        elif isinstance(one, int) and isinstance(other, int):
            self.multiple_of = math.lcm(one, other)
        else:
            joined = False
        return joined

    def _add_subschemas(self, leaf: Leaf, stated: Keywords) -> bool:
        """Takes over subschemas; False where a keyword can stand only once and did already."""
        place = leaf.part.place
        raw = leaf.raw if isinstance(leaf.raw, dict) else {}
        for keyword, found in (
            ("properties", self.properties),
            ("patternProperties", self.pattern_properties),
            ("dependentSchemas", self.dependent_schemas),
            ("dependencies", self.dependent_schemas),
        ):
            for name, member in _members(place, keyword) if keyword in raw else ():
                found.setdefault(name, []).append(member)
        if _RARE.isdisjoint(raw):
            return True
        for keyword in _UNITED:
            united = _schema(place, keyword)
            if united is not None:
                self.others.setdefault(keyword, []).append(united)
        once = self._add_once(place, "not")
        if _schema(place, "contains") is not None:
            if self._add_once(place, "contains"):
                self.contains_count = stated.contains_count
            else:
                once = False
        if _schema(place, "if") is not None:
            if self._add_once(place, "if"):
                self._add_once(place, "then")
                self._add_once(place, "else")
            else:
                once = False
        return once

    def _add_once(self, place: Place, keyword: str) -> bool:
        member = _schema(place, keyword)
        if member is None:
            return True
        if keyword in self.others:
            return False
        self.others[keyword] = [member]
        return True

    def _add_items(self) -> None:
        """Each number gets what every leaf says of it: by its tuple, or of the rest behind it."""
        tuples = [_tuple(leaf.part.place) for leaf in self._leaves if isinstance(leaf.raw, dict)]
        tuples = [(prefix, rest) for prefix, rest in tuples if prefix or rest is not None]
        longest = max((len(prefix) for prefix, _ in tuples), default=0)
        if longest * len(tuples) > _MAX_COMBINED:
            self.unread |= {"prefixItems", "items"}
            return
        for number in range(longest):
            stated = (p[number] if number < len(p) else rest for p, rest in tuples)
            self.prefix_items.append([place for place in stated if place is not None])
        rests = [rest for _, rest in tuples if rest is not None]
        if rests:
            self.others["items"] = rests
            self.all_evaluated |= {JsonType.ARRAY}

    def _add_additional(self) -> None:
        """Applies each leaf's additionalProperties to the properties that only others name."""
        stated = [
            (leaf, additional)
            for leaf in self._leaves
            if (additional := _schema(leaf.part.place, "additionalProperties")) is not None
        ]
        if stated:
            self.all_evaluated |= {JsonType.OBJECT}
        stated = [(leaf, additional) for leaf, additional in stated if additional.value is not True]
        if not stated:
            return
        if len(stated) * len(self.properties) > _MAX_COMBINED:
            self.unread.add("additionalProperties")
            return
        if self.pattern_properties and sum(map(_names_properties, self._leaves)) > 1:
            # Which names match a pattern of another leaf is not told by the names alone.
            self.apart += [_alone(leaf) for leaf, _ in stated]
            return
        for leaf, additional in stated:
            closes = additional.value is False and not self.pattern_properties
            self.closed |= closes
            if not closes:
                self.others.setdefault("additionalProperties", []).append(additional)
            self._apply_additional(leaf, additional)
        if self.closed:
            self.others.pop("additionalProperties", None)

    def _apply_additional(self, leaf: Leaf, additional: Place) -> None:
        known = {name for name, _ in _members(leaf.part.place, "properties")}
        for name in [name for name in self.properties if name not in known]:
            if additional.value is False:
                del self.properties[name]
            else:
                self.properties[name].append(additional)

    def _add_unevaluated(self) -> None:
        for keyword, json_type in _OF_MEMBERS:
            own: list[Place] = []
            for leaf in self._leaves:
                found = None if leaf.part.alone else _schema(leaf.part.place, keyword)
                if found is not None and leaf.whole and found.value is not True:
                    own = [found]
                elif found is not None:
                    self.all_evaluated |= {json_type}
            if own and json_type not in self.all_evaluated:
                self.others[keyword] = own

    def text(self, name: str) -> str:
        """A title or description: the schema's own, or that of the only thing it wraps."""
        raws = [leaf.raw for leaf in self._leaves if isinstance(leaf.raw, dict)]
        texts = [text_of(raw.get(name)) for raw in raws]
        if texts and texts[0]:
            return texts[0]
        return texts[1] if len(texts) == 2 else ""

    def flag(self, name: str) -> bool:
        """Whether any leaf says `name: true`."""
        return any(
            isinstance(leaf.raw, dict) and leaf.raw.get(name) is True for leaf in self._leaves
        )

    def annotations(self) -> dict[str, Json]:
        """The first of each keyword that says nothing of values."""
        found: dict[str, Json] = {}
        for leaf in self._leaves:
            if isinstance(leaf.raw, dict):
                for name in ANNOTATIONS:
                    if name not in found and (values := values_of(leaf.raw, name)):
                        found[name] = values[0]
        return found

    def examples(self, own: Raw) -> tuple[Json, ...]:
        """Own examples first; of the parts' only those that can be examples of the whole."""
        found = list(schema_examples(own)) if isinstance(own, dict) else []
        wraps = len(self._leaves) == 2
        for leaf in self._leaves[1:]:
            for value in schema_examples(leaf.raw) if isinstance(leaf.raw, dict) else ():
                whole = wraps or not isinstance(value, Mapping)
                if whole and not any(same(value, other) for other in found):
                    found.append(value)
        return tuple(found)


def _alone(leaf: Leaf) -> Part:
    raw = leaf.raw
    composed = isinstance(raw, dict) and not raw.keys().isdisjoint((*COMPOSITION, *UNEVALUATED))
    return Part(leaf.part.place, leaf.part.nulls, alone=composed)


def _schema(place: Place, name: str) -> Place | None:
    value = place.value.get(name) if isinstance(place.value, dict) else None
    return place.child(name, value) if isinstance(value, dict | bool) else None


def _members(place: Place, name: str) -> Iterator[tuple[str, Place]]:
    """Subschemas by name; only among `dependencies` may there be lists of names."""
    found = place.get(name)
    for key, member in found.members() if found is not None else ():
        if name != "dependencies" or not isinstance(member.value, list):
            yield key, member


def _tuple(place: Place) -> tuple[list[Place], Place | None]:
    """The schemas of the first items by their number, and that of the rest, if stated."""
    items = place.get("items")
    prefix = place.get("prefixItems")
    if prefix is not None and isinstance(prefix.value, list):
        return list(prefix.elements()), _schema(place, "items")
    if items is not None and isinstance(items.value, list):
        return list(items.elements()), _schema(place, "additionalItems")
    return [], _schema(place, "items")


def _names_properties(leaf: Leaf) -> bool:
    found: Iterable[str] = ("properties", "patternProperties", "additionalProperties")
    return isinstance(leaf.raw, dict) and not leaf.raw.keys().isdisjoint(found)
