"""Where a name of Java code leads: the type, field or method that it means, in whatever file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pe4king_core.testcode.codebase import CodeView, alone
from pe4king_core.testcode.java.outline import Field, Method, TypeDecl, Unit, read_unit

_ANCESTORS = 12
"""Longer chains of superclasses are taken for cycles."""


_LIBRARY = re.compile(
    r"(?:io\.restassured\.(?:RestAssured\b|(?:authentication|builder|config|filter|http|internal"
    r"|listener|mapper|matcher|parsing|path|response|specification)\.)"
    r"|io\.restassured\.module\.\w+\.(?:RestAssured\w*|(?:config|matcher|response|specification)\.)"
    r"|org\.(?:hamcrest|junit|testng|assertj)\.)"
)
"""What is known without its source, even where that is in the workspace."""


@dataclass(slots=True)
class Lookup:
    """The files around, and what was found in them while one test is read."""

    view: CodeView = field(default_factory=alone)
    lineages: dict[TypeDecl, tuple[TypeDecl, ...]] = field(default_factory=dict)
    types: dict[tuple[Unit, TypeDecl | None, str], TypeDecl | None] = field(default_factory=dict)


def find_type(lookup: Lookup, unit: Unit, inside: TypeDecl | None, name: str) -> TypeDecl | None:
    """The type that `name` (simple or dotted, without type arguments) means in `unit`."""
    key = (unit, inside, name)
    if key not in lookup.types:
        lookup.types[key] = None
        lookup.types[key] = _find_type(lookup, unit, inside, name)
    return lookup.types[key]


def _find_type(lookup: Lookup, unit: Unit, inside: TypeDecl | None, name: str) -> TypeDecl | None:
    plain = name.partition("<")[0].strip().rstrip("[]. ")
    first, *rest = plain.split(".")
    found = _simple(lookup, unit, inside, first)
    if found is None and rest and first[:1].islower():
        return qualified_type(lookup, unit, plain)
    for each in rest:
        found = found and _nested(lookup, found, each)
    return found


def _simple(lookup: Lookup, unit: Unit, inside: TypeDecl | None, name: str) -> TypeDecl | None:
    outer = inside
    while outer is not None:
        if outer.name == name and outer.kind:
            return outer
        found = _nested(lookup, outer, name)
        if found is not None:
            return found
        outer = outer.outer
    if name in unit.types:
        return unit.types[name]
    if name in unit.imports:
        return qualified_type(lookup, unit, unit.imports[name])
    owners = [*unit.static_imports.get(name, ()), *unit.static_types]
    imported = [f"{owner}.{name}" for owner in owners]
    packages = [*([unit.package] if unit.package else []), *unit.packages]
    candidates = [*imported, *(f"{package}.{name}" for package in packages)]
    if not unit.package:
        candidates.insert(0, name)
    for each in candidates:
        found = qualified_type(lookup, unit, each)
        if found is not None:
            return found
    return None


def _nested(lookup: Lookup, owner: TypeDecl, name: str) -> TypeDecl | None:
    if name in owner.members.nested:
        return owner.members.nested[name]
    for each in ancestors(lookup, owner)[1:]:
        if name in each.members.nested:
            return each.members.nested[name]
    return None


def qualified_type(lookup: Lookup, unit: Unit, qualified: str) -> TypeDecl | None:
    """The type `com.acme.Books` or `com.acme.Books.Nested`; its file must say its package."""
    if _LIBRARY.match(qualified):
        return None
    parts = qualified.split(".")
    for end in range(len(parts), 0, -1):
        if not parts[end - 1][:1].isupper():
            break
        package, name = ".".join(parts[: end - 1]), parts[end - 1]
        here = unit if unit.package == package and name in unit.types else None
        other = here or _unit(lookup, unit, ".".join(parts[:end]))
        found = other.types.get(name) if other is not None and other.package == package else None
        for each in parts[end:]:
            found = found.members.nested.get(each) if found is not None else None
        if found is not None:
            return found
    return None


def _unit(lookup: Lookup, unit: Unit, qualified: str) -> Unit | None:
    uri = lookup.view.java_file(qualified, unit.uri)
    if uri is None:
        return None
    return lookup.view.outline(uri, lambda text: read_unit(text, uri))


def ancestors(lookup: Lookup, owner: TypeDecl) -> tuple[TypeDecl, ...]:
    """`owner`, its superclasses, then their interfaces, each once; those that can be read."""
    if owner not in lookup.lineages:
        lookup.lineages[owner] = (owner,)
        lookup.lineages[owner] = tuple(_ancestors(lookup, owner))
    return lookup.lineages[owner]


def _ancestors(lookup: Lookup, owner: TypeDecl) -> Iterator[TypeDecl]:
    seen: list[TypeDecl] = []
    current: TypeDecl | None = owner
    while current is not None and current not in seen and len(seen) < _ANCESTORS:
        seen.append(current)
        yield current
        current = superclass(lookup, current)
    pending = [(each, name) for each in seen for name in each.interfaces]
    while pending and len(seen) < 2 * _ANCESTORS:
        each, name = pending.pop(0)
        found = find_type(lookup, each.unit, each.outer, name)
        if found is not None and found not in seen:
            seen.append(found)
            yield found
            pending += [(found, inner) for inner in found.interfaces]


def superclass(lookup: Lookup, owner: TypeDecl) -> TypeDecl | None:
    """The superclass of `owner`, if its source is there."""
    if not owner.superclass:
        return None
    if owner.outer is not None and owner.outer.kind == "enum" and owner.superclass == owner.name:
        return owner.outer
    found = find_type(lookup, owner.unit, owner.outer, owner.superclass)
    return found if found is not owner else None


def is_complete(lookup: Lookup, owner: TypeDecl) -> bool:
    """Whether the sources of all its superclasses are there."""
    *_, last = [each for each in ancestors(lookup, owner) if each.kind != "interface"] or [owner]
    return not last.superclass


def find_field(lookup: Lookup, owner: TypeDecl, name: str) -> Field | None:
    """The field `name` of `owner`, its own or inherited."""
    for each in ancestors(lookup, owner):
        found = each.members.fields.get(name)
        if found is not None:
            return found
    return None


def find_constant(lookup: Lookup, owner: TypeDecl, name: str) -> TypeDecl | None:
    """The enum among `owner` and its ancestors that has the constant `name`."""
    return next((each for each in ancestors(lookup, owner) if name in each.members.constants), None)


def find_methods(lookup: Lookup, owner: TypeDecl, name: str, count: int) -> list[Method]:
    """The methods `name` that take `count` arguments: those of the nearest type that has any.

    Methods without a body are only found where none with one is.
    """
    abstract: list[Method] = []
    for each in ancestors(lookup, owner):
        found = [method for method in each.methods(name) if method.accepts(count)]
        bodies = [method for method in found if method.body is not None]
        exact = [method for method in bodies if not _is_variadic(method)]
        if bodies:
            return exact or bodies
        abstract = abstract or found
    return abstract


def _is_variadic(method: Method) -> bool:
    return bool(method.parameters) and method.parameters[-1].variadic


def declares(lookup: Lookup, owner: TypeDecl, name: str) -> bool:
    """Whether `owner` or an ancestor has a method called `name`, whatever it takes."""
    return any(name in each.members.methods for each in ancestors(lookup, owner))


def static_owners(lookup: Lookup, unit: Unit, name: str) -> Iterator[TypeDecl]:
    """The types with sources from which `name` may come by static imports."""
    for qualified in (*unit.static_imports.get(name, ()), *unit.static_types):
        found = qualified_type(lookup, unit, qualified)
        if found is not None:
            yield found
