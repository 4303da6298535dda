"""Schema views: one `Schema` for each place, made when it is first asked for.

A view shows everything that holds in place: `$ref` targets and allOf parts are merged into it
where that is exact (types and enums intersect, bounds tighten, required names and properties
unite, a property of two parts is a view of both). What cannot be merged is kept in `conjuncts`;
what no view expresses is named in `unread`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Discriminator, JsonType, Schema, SchemaMap
from pe4king_core.openapi.discriminators import discriminator_of
from pe4king_core.openapi.expansion import Expander, Expansion, Group, Leaf, Part
from pe4king_core.openapi.keywords import (
    Keywords,
    common_types,
    keywords_of,
    schema_examples,
    tighter,
    values_of,
)
from pe4king_core.openapi.raw import Place, Raw, same, text_of
from pe4king_core.openapi.references import References

_NULL: dict[Raw, Raw] = {"type": "null"}

Makers = dict[str, Callable[[], Schema]]


class SchemaViews:
    """All views of one document, interned: the same place always gives the same view."""

    def __init__(self, references: References, *, siblings: bool) -> None:
        self._references = references
        self._expander = Expander(references, siblings=siblings)
        self._views: dict[tuple[str, ...], Schema] = {}

    def view(self, place: Place) -> Schema:
        """The view of the schema at `place`, references followed."""
        return self.of((self._expander.part(place),))

    def of(self, parts: tuple[Part, ...]) -> Schema:
        """The view of all `parts` together."""
        key = tuple(dict.fromkeys(part.key for part in parts))
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = self._make(parts, "&".join(key))
        return view

    def _make(self, parts: tuple[Part, ...], pointer: str) -> Schema:
        expansion = self._expander.expand(parts)
        merged = _Merged(expansion)
        branches, exclusive = self._branches(expansion.groups[:1])
        return Schema(
            pointer=pointer,
            types=merged.types or frozenset(),
            title=merged.text("title"),
            description=merged.text("description"),
            format=merged.format,
            pattern=merged.pattern,
            enum=merged.enum,
            bounds=merged.bounds,
            multiple_of=merged.multiple_of,
            length=merged.length,
            size=merged.size,
            property_count=merged.property_count,
            unique_items=merged.unique_items,
            properties=self._properties(merged),
            required=merged.required,
            additional_allowed=not merged.closed,
            branches=branches,
            exclusive_branches=exclusive,
            conjuncts=self._conjuncts(merged, expansion.groups[1:]),
            discriminator=self._discriminator(parts, expansion, branches),
            default=merged.default[0] if merged.default else None,
            has_default=bool(merged.default),
            examples=merged.examples(parts[0].place.value),
            read_only=merged.flag("readOnly"),
            write_only=merged.flag("writeOnly"),
            deprecated=merged.flag("deprecated"),
            never=merged.never,
            unread=frozenset(merged.unread | expansion.unread),
            others=self._others(merged),
        )

    def _conjuncts(self, merged: _Merged, groups: list[Group]) -> SchemaMap:
        makers: Makers = {part.key: partial(self.of, (part,)) for part in merged.apart}
        for group in groups:
            name = f"{group.holder.pointer}/{group.keyword}"
            makers[name] = partial(self._choice, name, group)
        return SchemaMap(makers)

    def _branches(self, groups: list[Group]) -> tuple[Mapping[str, Schema], bool]:
        if not groups:
            return SchemaMap({}), False
        group = groups[0]
        makers: Makers = {choice.key: partial(self.of, (choice,)) for choice in group.choices}
        if group.nulls and not any(self.of((choice,)).nullable for choice in group.choices):
            null = Part(Place(group.holder.source, f"{group.holder.pointer}/nullable", _NULL))
            makers[null.key] = partial(self.of, (null,))
        return SchemaMap(makers), group.exclusive

    def _choice(self, pointer: str, group: Group) -> Schema:
        branches, exclusive = self._branches([group])
        return Schema(pointer, branches=branches, exclusive_branches=exclusive)

    def _discriminator(
        self, parts: tuple[Part, ...], expansion: Expansion, branches: Mapping[str, Schema]
    ) -> Discriminator | None:
        own = parts[0].place.pointer if len(parts) == 1 else None
        holder = expansion.groups[0].holder if expansion.groups else None
        return discriminator_of(self._references, expansion.leaves, holder, branches, own)

    def _properties(self, merged: _Merged) -> SchemaMap:
        makers: Makers = {}
        for name, places in merged.properties.items():
            makers[name] = self._maker(places)
        return SchemaMap(makers)

    def _others(self, merged: _Merged) -> SchemaMap:
        makers: Makers = {}
        if merged.items:
            makers["items"] = self._maker(merged.items)
        if merged.additional and not merged.closed:
            makers["additionalProperties"] = self._maker(merged.additional)
        return SchemaMap(makers)

    def _maker(self, places: list[Place]) -> Callable[[], Schema]:
        return lambda: self.of(tuple(self._expander.part(place) for place in places))


class _Merged:
    """The keywords of all leaves taken together, with what must stay apart in `apart`."""

    def __init__(self, expansion: Expansion) -> None:
        self._leaves = expansion.leaves
        self.types: frozenset[JsonType] | None = None
        self.format: str | None = None
        self.pattern: str | None = None
        self.enum: tuple[Json, ...] | None = None
        self.multiple_of: int | float | None = None
        self.default: tuple[Json, ...] = ()
        self.never = False
        self.unread: set[str] = set()
        self.apart: list[Part] = []
        self.properties: dict[str, list[Place]] = {}
        self.items: list[Place] = []
        self.additional: list[Place] = []
        self.required: frozenset[str] = frozenset()
        self.unique_items = self.closed = False
        none = Keywords()
        self.bounds, self.length, self.size = none.bounds, none.length, none.size
        self.property_count = none.property_count
        for leaf in self._leaves:
            self._merge(leaf)
        self._close()

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
        self.unread |= stated.unread
        self.default = self.default or values_of(leaf.raw, "default")
        if not self._join(stated):
            self.apart.append(_alone(leaf))
        self._add_subschemas(leaf, stated)

    def _intersect(self, types: frozenset[JsonType] | None, enum: tuple[Json, ...] | None) -> None:
        both = common_types(self.types, types)
        self.never |= both is not None and not both
        self.types = both
        if self.enum is None or enum is None:
            self.enum = enum if self.enum is None else self.enum
            return
        self.enum = tuple(v for v in self.enum if any(same(v, other) for other in enum))
        self.never |= not self.enum

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

    def _add_subschemas(self, leaf: Leaf, stated: Keywords) -> None:
        place = leaf.part.place
        for name, member in _members(place, "properties"):
            self.properties.setdefault(name, []).append(member)
        if (items := _schema(place, "items")) and stated.open_items:
            self.items.append(items)
        additional = _schema(place, "additionalProperties")
        if stated.open_properties and additional and not isinstance(additional.value, bool):
            self.additional.append(additional)
        self.closed |= stated.closed

    def _close(self) -> None:
        """Applies each leaf's additionalProperties to the properties that only others name."""
        for leaf in self._leaves if len(self._leaves) > 1 else ():
            if isinstance(leaf.raw, bool) or "patternProperties" in leaf.raw:
                continue
            additional = _schema(leaf.part.place, "additionalProperties")
            if additional is None or additional.value is True:
                continue
            known = {name for name, _ in _members(leaf.part.place, "properties")}
            for name in [name for name in self.properties if name not in known]:
                if additional.value is False:
                    del self.properties[name]
                else:
                    self.properties[name].append(additional)

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
    composed = isinstance(raw, dict) and not raw.keys().isdisjoint(_COMPOSITION)
    return Part(leaf.part.place, leaf.part.nulls, alone=composed)


_COMPOSITION = ("$ref", "allOf", "oneOf", "anyOf")


def _schema(place: Place, name: str) -> Place | None:
    value = place.value.get(name) if isinstance(place.value, dict) else None
    return place.child(name, value) if isinstance(value, dict | bool) else None


def _members(place: Place, name: str) -> Iterable[tuple[str, Place]]:
    found = place.get(name)
    if found is None:
        return ()
    return ((key, member) for key, member in found.members() if _is_schema(member.value))


def _is_schema(value: Raw) -> bool:
    return isinstance(value, dict | bool)
