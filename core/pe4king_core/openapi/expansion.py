"""What a schema says in place: itself, the targets of its references and its allOf parts.

An expansion turns parts (places that hold together) into leaves (single schema objects, each
with its own keywords) and groups (oneOf/anyOf choices). Cycles end here: allOf cycles add
nothing, and a choice that can only be made by making it again is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pe4king_core.openapi.raw import Place, Raw
from pe4king_core.openapi.references import References, Unresolved

_MAX_DEPTH = 64
_MAX_CHOICES = 10_000
_ANNOTATIONS = frozenset({"description", "summary", "title", "$comment", "externalDocs"})
_CHOICES = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class Part:
    """A resolved schema place. `nulls`: null is allowed as well. `alone`: without its allOf,
    choices and references, which the view it was taken from has already."""

    place: Place
    nulls: bool = False
    alone: bool = False

    @property
    def key(self) -> str:
        """What tells parts apart, and the pointer of a view of this part alone."""
        return self.place.pointer + "|null" * self.nulls + "|own" * self.alone


@dataclass(frozen=True, slots=True)
class Leaf:
    """One schema object (or `True`/`False`) of an expansion."""

    part: Part
    raw: dict[Raw, Raw] | bool


@dataclass(frozen=True, slots=True)
class Group:
    """A choice: one of `choices` (`exclusive`: exactly one) must hold. `holder` states it."""

    holder: Place
    keyword: str
    choices: tuple[Part, ...]
    nulls: bool

    @property
    def exclusive(self) -> bool:
        """Whether it is a oneOf."""
        return self.keyword == "oneOf"


@dataclass(slots=True)
class Expansion:
    """Leaves and groups of some parts, with the keywords that could not be followed."""

    leaves: list[Leaf] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


class Expander:
    """Makes expansions; one for each document. `siblings`: keywords beside `$ref` count (3.1)."""

    def __init__(self, references: References, *, siblings: bool) -> None:
        self._references = references
        self._siblings = siblings
        self._loops: dict[tuple[str, str], bool] = {}

    def part(self, place: Place, *, nulls: bool = False) -> Part:
        """The part that `place` stands for: its target where it is a plain reference."""
        value = place.value
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return Part(place, nulls)
        if self._siblings and not _ANNOTATIONS.issuperset(value.keys() - {"$ref"}):
            return Part(place, nulls)
        target = self._references.follow(place)
        return Part(place if isinstance(target, Unresolved) else target, nulls)

    def expand(self, parts: tuple[Part, ...]) -> Expansion:
        """Everything that holds for a value of all `parts`."""
        expansion = Expansion()
        seen: set[str] = set()
        roots = {part.place.pointer for part in parts}
        for part in parts:
            self._add(part, expansion, seen, 0)
        expansion.groups = [
            group for group in expansion.groups if self._well_founded(group, roots, expansion)
        ]
        return expansion

    def _add(self, part: Part, expansion: Expansion, seen: set[str], depth: int) -> None:
        if part.key in seen:
            return
        seen.add(part.key)
        raw = part.place.value
        if isinstance(raw, bool):
            expansion.leaves.append(Leaf(part, raw))
            return
        if not isinstance(raw, dict):
            expansion.unread.add("schema")
            return
        nulls = part.nulls or raw.get("nullable") is True or raw.get("x-nullable") is True
        part = Part(part.place, nulls, part.alone)
        expansion.leaves.append(Leaf(part, raw))
        if part.alone:
            return
        if depth > _MAX_DEPTH:
            expansion.unread.update({"$ref", "allOf", *_CHOICES} & raw.keys())
            return
        if isinstance(raw.get("$ref"), str):
            self._add_target(part, expansion, seen, depth)
            if not self._siblings:
                return
        for item in self._items(part.place, "allOf"):
            self._add(self.part(item, nulls=nulls), expansion, seen, depth + 1)
        for keyword in _CHOICES:
            self._add_choice(part, keyword, expansion, seen, depth)

    def _add_target(self, part: Part, expansion: Expansion, seen: set[str], depth: int) -> None:
        target = self._next(part.place)
        if isinstance(target, Unresolved):
            expansion.unread.add("$ref")
        else:
            self._add(Part(target, part.nulls), expansion, seen, depth + 1)

    def _next(self, place: Place) -> Place | Unresolved:
        ref = place.value.get("$ref") if isinstance(place.value, dict) else None
        target = self._references.resolve(place.source, ref if isinstance(ref, str) else "")
        if isinstance(target, Unresolved) or self._siblings:
            return target
        return self._references.follow(place)

    def _add_choice(
        self, part: Part, keyword: str, expansion: Expansion, seen: set[str], depth: int
    ) -> None:
        choices = tuple(self.part(item) for item in self._items(part.place, keyword))
        if not choices:
            return
        others = [choice for choice in choices if not _only_null(choice.place.value)]
        optional = len(choices) == 2 and len(others) == 1
        if optional and keyword == "oneOf" and not _excludes_null(others[0].place.value):
            optional = False
        if len(choices) == 1 or (optional and not self._has_choice(others[0].place)):
            nulls = part.nulls or optional
            only = choices[0] if len(choices) == 1 else others[0]
            self._add(Part(only.place, nulls), expansion, seen, depth + 1)
            return
        distinct = {choice.key: choice for choice in choices}
        if keyword == "oneOf" and len(distinct) < len(choices):
            expansion.unread.add(keyword)
            return
        expansion.groups.append(Group(part.place, keyword, tuple(distinct.values()), part.nulls))

    def _items(self, place: Place, keyword: str) -> list[Place]:
        value = place.value.get(keyword) if isinstance(place.value, dict) else None
        return list(place.child(keyword, value).elements()) if isinstance(value, list) else []

    def _has_choice(self, place: Place) -> bool:
        """Whether `place` makes a choice of its own, through references and allOf as well."""
        waiting, visited = [place], set[str]()
        while waiting:
            found = waiting.pop()
            if found.pointer in visited or not isinstance(found.value, dict):
                continue
            visited.add(found.pointer)
            if not found.value.keys().isdisjoint(_CHOICES):
                return True
            if isinstance(found.value.get("$ref"), str):
                target = self._next(found)
                if isinstance(target, Unresolved):
                    return True
                waiting.append(target)
            waiting += self._items(found, "allOf")
        return False

    def _well_founded(self, group: Group, roots: set[str], expansion: Expansion) -> bool:
        if group.holder.pointer in roots:
            endless = self._endless(group, _CHOICES)
        else:
            if roots & {choice.place.pointer for choice in group.choices}:
                # `Dog` is all of `Pet`, and `Pet` is one of `Dog`, `Cat`: this is the `Dog` case.
                return False
            endless = self._endless(group, ("allOf", *_CHOICES))
        if endless:
            expansion.unread.add(group.keyword)
        return not endless

    def _endless(self, group: Group, keywords: tuple[str, ...]) -> bool:
        """Whether choosing meets the same choice again, or nests too many choices to be tried."""
        key = (group.holder.pointer, keywords[0])
        if key not in self._loops:
            weights = {group.holder.pointer: _MAX_CHOICES}
            total = sum(self._weight(c.place, keywords, weights, 0) for c in group.choices)
            self._loops[key] = total >= _MAX_CHOICES
        return self._loops[key]

    def _weight(
        self, place: Place, keywords: tuple[str, ...], weights: dict[str, int], depth: int
    ) -> int:
        """How many schemas are tried in place for one value, up to `_MAX_CHOICES`."""
        if depth > _MAX_DEPTH:
            return _MAX_CHOICES
        if place.pointer in weights or not isinstance(place.value, dict):
            return weights.get(place.pointer, 1)
        weights[place.pointer] = 1
        inner: list[Place] = []
        if isinstance(place.value.get("$ref"), str):
            target = self._next(place)
            inner += [] if isinstance(target, Unresolved) else [target]
        if self._siblings or not inner:
            inner += (item for keyword in keywords for item in self._items(place, keyword))
        weight = 1
        for item in inner:
            weight += self._weight(item, keywords, weights, depth + 1)
            if weight >= _MAX_CHOICES:
                break
        weights[place.pointer] = min(weight, _MAX_CHOICES)
        return weights[place.pointer]


def _only_null(value: Raw) -> bool:
    if not isinstance(value, dict):
        return False
    stated = {name for name in value if name not in _ANNOTATIONS}
    if stated == {"type"}:
        return value["type"] in ("null", ["null"])
    return (stated == {"enum"} and value["enum"] == [None]) or (
        stated == {"const"} and value["const"] is None
    )


def _excludes_null(value: Raw) -> bool:
    """Whether `value` states types without null, so that null matches the other choice only."""
    types = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("nullable") is True:
        return False
    return (isinstance(types, str) and types != "null") or (
        isinstance(types, list) and "null" not in types
    )
