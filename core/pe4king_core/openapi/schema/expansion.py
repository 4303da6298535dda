"""What a schema says in place: itself, the targets of its references and its allOf parts.

An expansion turns parts (places that hold together) into leaves (single schema objects, each
with its own keywords) and groups (oneOf/anyOf choices). Cycles end here: allOf cycles add
nothing, and a choice that can only be made by making it again is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pe4king_core.model.record import record
from pe4king_core.openapi.raw import Place, Raw
from pe4king_core.openapi.refs.references import References, Unresolved

_MAX_NESTED = 64
"""How deep choices may lie in choices, all in place."""
_MAX_CHOICES = 10_000
_MAX_STEPS = 1_000
"""How many schemas may hold together with one, each time they are named. Real ones have some
twenty; what a hostile document names beyond that is left out and reported as unread."""
_ANNOTATIONS = frozenset({"description", "summary", "title", "$comment", "externalDocs"})
_CHOICES = ("oneOf", "anyOf")
_REFERENCES = ("$ref", "$dynamicRef")
COMPOSITION = (*_REFERENCES, "allOf", *_CHOICES)
"""Keywords that an expansion follows."""
UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
"""Keywords that speak of what nothing beside and below them speaks of."""


@record(frozen=True, slots=True)
class Part:
    """A resolved schema place. `nulls`: null is allowed as well. `alone`: without its allOf,
    choices and references, which the view it was taken from has already."""

    place: Place
    nulls: bool = False
    alone: bool = False

    @property
    def key(self) -> str:
        """What tells parts apart, and the pointer of a view of this part alone."""
        if not (self.nulls or self.alone):
            return self.place.pointer
        return self.place.pointer + "|null" * self.nulls + "|own" * self.alone


@record(frozen=True, slots=True)
class Leaf:
    """One schema object (or `True`/`False`) of an expansion.

    `whole`: no leaf that does not come from this one speaks of members, so its `unevaluated...`
    speak of all that the others leave.
    """

    part: Part
    raw: dict[Raw, Raw] | bool
    whole: bool = False


@record(frozen=True, slots=True)
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
    """Leaves and groups of some parts, with the keywords that could not be followed.

    `scoped`: parts with `unevaluated...` keywords, which speak of these parts only. What they
    compose is not expanded here.
    """

    leaves: list[Leaf] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    scoped: list[Part] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


@record(frozen=True, slots=True)
class _Step:
    """A part to be added, or (with `choice`) the choice that it makes."""

    part: Part
    choice: str = ""


_Weight: TypeAlias = tuple[int, int]
"""How many schemas are tried, and how deep choices lie in choices."""


class Expander:
    """Makes expansions; one for each document. `siblings`: keywords beside `$ref` count (3.1)."""

    def __init__(self, references: References, *, siblings: bool) -> None:
        self._references = references
        self._siblings = siblings
        self._loops: dict[tuple[str, str], bool] = {}

    def part(self, place: Place, *, nulls: bool = False) -> Part:
        """The part that `place` stands for: its target where it is a plain reference."""
        target = self._end(place)
        return Part(place if target is None else target, nulls)

    def target(self, at: Place, reference: str) -> Place | None:
        """The place that a part for `reference` would have; None where it leads nowhere."""
        found = self._references.resolve(at, reference)
        return None if isinstance(found, Unresolved) else self._end(found)

    def _end(self, place: Place) -> Place | None:
        """What a chain of plain references ends at; None where it leads nowhere."""
        if not self._siblings:
            end = self._references.follow(place)
            return None if isinstance(end, Unresolved) else end
        seen: set[str] = set()
        while self._is_plain(place.value) and place.pointer not in seen:
            seen.add(place.pointer)
            target = self._next(place)
            if isinstance(target, Unresolved):
                return None
            place = target
        return None if place.pointer in seen else place

    def _is_plain(self, value: Raw) -> bool:
        """Whether `value` is a reference and says no more."""
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return False
        return len(value) == 1 or _ANNOTATIONS.issuperset(value.keys() - {"$ref"})

    def expand(self, parts: tuple[Part, ...]) -> Expansion:
        """Everything that holds for a value of all `parts`."""
        expansion = Expansion()
        seen: set[str] = set()
        steps = 0
        roots = {part.place.pointer for part in parts}
        whole = parts[0].place.pointer if len(parts) == 1 and not parts[0].alone else None
        waiting = [_Step(part) for part in reversed(parts)]
        while waiting:
            step = waiting.pop()
            if step.choice:
                waiting += self._choice(step, expansion)
            elif step.part.key not in seen:
                seen.add(step.part.key)
                is_whole = step.part.place.pointer == whole
                inner = list(self._add(step.part, expansion, whole=is_whole))
                waiting += reversed(inner)
                steps += len(inner)
                if steps > _MAX_STEPS:
                    expansion.unread.add("allOf")
                    break
                if is_whole and len(inner) == 1 and _only_wraps(step.part.place.value):
                    whole = inner[0].part.place.pointer
        expansion.groups = [
            group for group in expansion.groups if self._well_founded(group, roots, expansion)
        ]
        return expansion

    def _add(self, part: Part, expansion: Expansion, *, whole: bool) -> Iterator[_Step]:
        """Adds the leaf of a part; gives what else holds with it, in its order."""
        raw = part.place.value
        if isinstance(raw, bool):
            expansion.leaves.append(Leaf(part, raw))
            return
        if not isinstance(raw, dict):
            expansion.unread.add("schema")
            return
        nulls = part.nulls or raw.get("nullable") is True or raw.get("x-nullable") is True
        part = part if nulls is part.nulls else Part(part.place, nulls, part.alone)
        if self._siblings and is_foreign_null(raw):
            expansion.unread.add("nullable")
        expansion.leaves.append(Leaf(part, raw, whole))
        if part.alone:
            return
        if not whole and any(_restricts(raw, name) for name in UNEVALUATED):
            expansion.scoped.append(part)
            return
        for keyword in _REFERENCES:
            if isinstance(raw.get(keyword), str):
                target = self._target(part.place, keyword, expansion)
                if target is not None:
                    yield _Step(Part(target, nulls))
                if not self._siblings:
                    return
        for item in self._items(part.place, "allOf"):
            yield _Step(self.part(item, nulls=nulls))
        for keyword in _CHOICES:
            if keyword in raw:
                yield _Step(part, keyword)

    def _target(self, place: Place, keyword: str, expansion: Expansion) -> Place | None:
        target = self._next(place, keyword)
        if isinstance(target, Unresolved):
            expansion.unread.add(keyword)
            return None
        if keyword == "$dynamicRef" and _may_be_overridden(place, target):
            # An outer schema resource with the same `$dynamicAnchor` would be meant instead.
            expansion.unread.add(keyword)
        return target

    def _next(self, place: Place, keyword: str = "$ref") -> Place | Unresolved:
        ref = place.value.get(keyword) if isinstance(place.value, dict) else None
        target = self._references.resolve(place, ref if isinstance(ref, str) else "")
        if isinstance(target, Unresolved) or self._siblings:
            return target
        return self._references.follow(place)

    def _choice(self, step: _Step, expansion: Expansion) -> Iterator[_Step]:
        """Adds a choice as a group; one that leaves no choice (or only null) as a part."""
        part, keyword = step.part, step.choice
        choices = tuple(self.part(item) for item in self._items(part.place, keyword))
        if not choices:
            return
        others = [choice for choice in choices if not _only_null(choice.place.value)]
        optional = len(choices) == 2 and len(others) == 1
        if optional and keyword == "oneOf" and not _excludes_null(others[0].place.value):
            optional = False
        if len(choices) == 1 or (optional and not self._judges_null(others[0].place)):
            nulls = part.nulls or optional
            only = choices[0] if len(choices) == 1 else others[0]
            yield _Step(Part(only.place, nulls))
            return
        if keyword == "anyOf":
            choices = tuple({choice.key: choice for choice in choices}.values())
        expansion.groups.append(Group(part.place, keyword, choices, part.nulls))

    def _items(self, place: Place, keyword: str) -> list[Place]:
        value = place.value.get(keyword) if isinstance(place.value, dict) else None
        return list(place.child(keyword, value).elements()) if isinstance(value, list) else []

    def _judges_null(self, place: Place) -> bool:
        """Whether more than types and values tells if null is valid at `place`: a choice or a
        condition, through references and allOf as well."""
        waiting, visited = [place], set[str]()
        while waiting:
            found = waiting.pop()
            if found.pointer in visited or not isinstance(found.value, dict):
                continue
            visited.add(found.pointer)
            if not found.value.keys().isdisjoint(_NULL_JUDGES):
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
            self._loops[key] = self._weight(group, keywords) >= _MAX_CHOICES
        return self._loops[key]

    def _weight(self, group: Group, keywords: tuple[str, ...]) -> int:
        """How many schemas are tried in place for one value, up to `_MAX_CHOICES`."""
        weights: dict[str, _Weight] = {group.holder.pointer: (_MAX_CHOICES, 0)}
        top = _Weighing("", iter([(choice.place, True) for choice in group.choices]))
        weighings = [top]
        while weighings:
            current = weighings[-1]
            item = next(current.inner, None) if current.weight < _MAX_CHOICES else None
            if item is None:
                weighings.pop()
                weights[current.pointer] = (current.weight, current.nested)
                if weighings:
                    weighings[-1].add(weights[current.pointer], chosen=current.chosen)
                continue
            place, chosen = item
            known = weights.get(place.pointer)
            if known is not None:
                current.add(known, chosen=chosen)
                continue
            # Until it is weighed, a schema that contains itself adds nothing.
            weights[place.pointer] = (1, 0)
            weighings.append(_Weighing(place.pointer, self._below(place, keywords), chosen=chosen))
        return top.weight

    def _below(self, place: Place, keywords: tuple[str, ...]) -> Iterator[tuple[Place, bool]]:
        """What holds, or may be chosen, in place with `place`."""
        raw = place.value
        if not isinstance(raw, dict):
            return
        for keyword in _REFERENCES:
            if isinstance(raw.get(keyword), str):
                target = self._next(place, keyword)
                if not isinstance(target, Unresolved):
                    yield target, False
                if not self._siblings:
                    return
        for keyword in keywords:
            for item in self._items(place, keyword):
                yield item, keyword != "allOf"


@dataclass(slots=True)
class _Weighing:
    pointer: str
    inner: Iterator[tuple[Place, bool]]
    chosen: bool = False
    weight: int = 1
    nested: int = 0

    def add(self, known: _Weight, *, chosen: bool) -> None:
        weight, nested = known
        self.nested = max(self.nested, nested + chosen)
        self.weight = min(self.weight + weight, _MAX_CHOICES)
        if self.nested > _MAX_NESTED:
            self.weight = _MAX_CHOICES


_NULL_JUDGES = frozenset({*_CHOICES, "not", "if", "$dynamicRef", "$recursiveRef"})


_OF_MEMBERS = frozenset(
    {
        *("properties", "patternProperties", "additionalProperties", "dependentSchemas"),
        *("prefixItems", "items", "contains", "if", *_CHOICES, *UNEVALUATED),
    }
)


def _only_wraps(raw: Raw) -> bool:
    """Whether a schema says nothing of members beside what the only schema in it says."""
    return isinstance(raw, dict) and raw.keys().isdisjoint(_OF_MEMBERS)


def _restricts(raw: dict[Raw, Raw], keyword: str) -> bool:
    value = raw.get(keyword)
    return isinstance(value, dict) or value is False


def _may_be_overridden(place: Place, target: Place) -> bool:
    raw, target_raw = place.value, target.value
    if not isinstance(raw, dict) or not isinstance(target_raw, dict):
        return False
    anchor = target_raw.get("$dynamicAnchor")
    return isinstance(anchor, str) and str(raw.get("$dynamicRef")).endswith(f"#{anchor}")


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


def is_foreign_null(raw: dict[Raw, Raw]) -> bool:
    """Whether null rests on `nullable` alone, which OpenAPI 3.1 has no longer: it may be meant."""
    types = raw.get("type")
    return raw.get("nullable") is True and not (isinstance(types, list) and "null" in types)
