"""Which definitions a file lacks for the tests that it is to have, and what it has instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pe4king_core.weaving.definitions import Definition, Kind, Outline

_NUMBERED = re.compile(r"(.+?)_?(\d+)")
_MARKS = "pytestmark"

Key = tuple[str, str]
"""Room and name of a definition of ours."""


def key_of(definition: Definition) -> Key:
    """What a definition is known by."""
    return definition.room, definition.name


@dataclass(frozen=True, slots=True)
class Choice:
    """What comes into the file, under which names, and what is told."""

    taken: frozenset[Key]
    names: dict[Key, str]
    """Other names for those of ours whose names mean something else in the file."""
    imports: tuple[str, ...]
    differing: tuple[str, ...]
    unserved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fate:
    """Under which name a shared definition of ours is used, and whether it has to come along."""

    name: str
    missing: bool


def chosen(
    theirs: Outline, ours: Outline, wanted: frozenset[str], around: frozenset[str]
) -> Choice:
    """What `theirs` lacks of `ours` for the tests `wanted`."""
    chooser = _Chooser(theirs, ours, around)
    tests = [each for each in ours.definitions if each.name in wanted]
    unserved = tuple(each.name for each in tests if not chooser.take(each))
    taken = [each for each in ours.definitions if key_of(each) in chooser.taken]
    imports = {ours.imports[name] for each in taken for name in each.uses & ours.imports.keys()}
    names = {key: fate.name for key, fate in chooser.fates.items() if fate.name != key[1]}
    differing = tuple(chooser.differing())
    return Choice(frozenset(chooser.taken), names, tuple(sorted(imports)), differing, unserved)


@dataclass(slots=True)
class _Chooser:
    theirs: Outline
    ours: Outline
    around: frozenset[str]
    taken: set[Key] = field(default_factory=set)
    fates: dict[Key, _Fate] = field(default_factory=dict)

    def take(self, test: Definition) -> bool:
        """Take `test` and what it uses; nothing where it would not find what it means."""
        if self.theirs.room_like(self.ours, test.room) is None:
            return False
        needed = {key_of(test)}
        left = [test]
        while left:
            each = left.pop()
            if not self._imports_fit(each):
                return False
            for other in self._used_by(each):
                if key_of(other) not in needed and self._fate(other).missing:
                    needed.add(key_of(other))
                    left.append(other)
        self.taken |= needed
        return True

    def differing(self) -> Iterator[str]:
        """The shared definitions that the file has with other words, and that are used as such."""
        for each in self.ours.definitions:
            if each.kind is Kind.TEST or each.name == _MARKS:
                continue
            other = self._namesake(each)
            if other is None or other.content == each.content:
                continue
            if self._fate(each) == _Fate(each.name, missing=False):
                yield each.name

    def _used_by(self, user: Definition) -> Iterator[Definition]:
        for room in dict.fromkeys(("", user.room)):
            known = self.ours.named(room)
            shared = (known[name] for name in sorted(user.uses & known.keys()))
            yield from (each for each in shared if each.kind is not Kind.TEST)

    def _imports_fit(self, user: Definition) -> bool:
        """Whether what `user` imports has the same meaning in the file, or none."""
        taken = self.theirs.bound | self.theirs.named("").keys()
        return all(
            self.theirs.imports.get(name, self.ours.imports[name]) == self.ours.imports[name]
            and name not in taken
            for name in user.uses & self.ours.imports.keys()
        )

    def _fate(self, each: Definition) -> _Fate:
        fate = self.fates.get(key_of(each))
        if fate is None:
            fate = self.fates[key_of(each)] = self._decided(each)
        return fate

    def _decided(self, each: Definition) -> _Fate:
        other = self._namesake(each)
        if other is not None and other.content == each.content:
            return _Fate(each.name, missing=False)
        twin = self._numbered_otherwise(each)
        if twin is not None:
            return _Fate(twin, missing=False)
        if other is not None:
            if self._serves(other, each):
                return _Fate(each.name, missing=False)
            return _Fate(self._free_name(each), missing=True)
        known = self.around | self.theirs.imports.keys() | self.theirs.bound
        return _Fate(each.name, missing=each.name not in known)

    def _namesake(self, each: Definition) -> Definition | None:
        room = self.theirs.room_like(self.ours, each.room)
        return None if room is None else self.theirs.named(room).get(each.name)

    def _numbered_otherwise(self, each: Definition) -> str | None:
        """The same under another number: what shares a name is numbered as it comes."""
        for other in self.theirs.definitions:
            alike = other.content == each.content and other.name != each.name
            if alike and _base(other.name) == _base(each.name):
                return other.name
        return None

    def _serves(self, theirs: Definition, ours: Definition) -> bool:
        """Whether `theirs` can be used where `ours` is meant."""
        if theirs.kind is not ours.kind:
            return True
        alike = all(
            known == meant or "" in (known, meant)
            for known, meant in zip(theirs.shape, ours.shape, strict=False)
        )
        least, most = theirs.takes
        if not alike or least > ours.takes[0] or most < ours.takes[1]:
            return False
        return theirs.about == ours.about or not self._is_numbered(ours)

    def _is_numbered(self, each: Definition) -> bool:
        """Whether only numbers tell `each` from others, so that its name alone says little."""
        return any(
            _base(other.name) == _base(each.name) and other.name != each.name
            for outline in (self.theirs, self.ours)
            for other in outline.definitions
        )

    def _free_name(self, each: Definition) -> str:
        base = _base(each.name)
        known = {
            other.name for outline in (self.theirs, self.ours) for other in outline.definitions
        } | self.theirs.bound
        number = 2
        while f"{base}_{number}" in known or f"{base}{number}" in known:
            number += 1
        return f"{base}_{number}" if "_" in base or base == base.lower() else f"{base}{number}"


def _base(name: str) -> str:
    """The name without a number that tells it from others."""
    found = _NUMBERED.fullmatch(name)
    return found[1] if found else name
