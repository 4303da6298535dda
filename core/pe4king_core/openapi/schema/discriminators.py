"""Discriminators: which value of a property names which branch (OpenAPI 3.1 section 4.8.25)."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.json import split
from pe4king_core.model.schema import Discriminator, Schema
from pe4king_core.openapi.raw import Place, Raw, entries
from pe4king_core.openapi.schema.expansion import Expander, Leaf


def discriminator_of(
    expander: Expander,
    leaves: list[Leaf],
    holder: Place | None,
    branches: Mapping[str, Schema],
    own: str | None,
) -> Discriminator | None:
    """The discriminator of a view, or None. `mapping` leads from values to pointers.

    With branches it is the one stated beside them (`holder`). Without, the schema's own keeps
    its explicit mapping, and one inherited through allOf keeps the values that name `own`.
    """
    for leaf in leaves:
        place = leaf.part.place
        if holder is not None and place.pointer != holder.pointer:
            continue
        stated = leaf.raw.get("discriminator") if isinstance(leaf.raw, dict) else None
        name = _property_name(stated)
        if name is None:
            continue
        mapping = _explicit(expander, place, stated)
        default = _default(expander, place, stated)
        if holder is not None:
            return Discriminator(name, _with_implicit(mapping, branches), default)
        if place.pointer == own or own is None:
            return Discriminator(name, mapping, default)
        named = {value: pointer for value, pointer in mapping.items() if pointer == own}
        return Discriminator(name, named or {_last_token(own): own})
    return None


def _property_name(stated: Raw) -> str | None:
    if isinstance(stated, str):
        return stated or None
    name = stated.get("propertyName") if isinstance(stated, dict) else None
    return name if isinstance(name, str) else None


def _explicit(expander: Expander, place: Place, stated: Raw) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, target in entries(stated.get("mapping")) if isinstance(stated, dict) else ():
        pointer = _target(expander, place, target)
        if pointer is not None:
            found[value] = pointer
    return found


def _default(expander: Expander, place: Place, stated: Raw) -> str | None:
    """What holds where the property is missing or has an unknown value (OpenAPI 3.2)."""
    named = stated.get("defaultMapping") if isinstance(stated, dict) else None
    return _target(expander, place, named)


def _target(expander: Expander, place: Place, target: Raw) -> str | None:
    """The pointer of what a mapping names: a reference, or the name of a component."""
    if not isinstance(target, str):
        return None
    candidates = [f"#/components/schemas/{target}", f"#/definitions/{target}"]
    if "#" in target or "/" in target or "." in target:
        candidates.insert(0, target)
    for candidate in candidates:
        found = expander.target(place, candidate)
        if found is not None:
            return found.pointer
    return None


def _with_implicit(mapping: dict[str, str], branches: Mapping[str, Schema]) -> dict[str, str]:
    """Entries that lead to branches, and a branch's own name where none does."""
    found = {value: pointer for value, pointer in mapping.items() if pointer in branches}
    named = set(found.values())
    for pointer in branches:
        name = _last_token(pointer)
        if pointer not in named and name not in found and _is_named(pointer):
            found[name] = pointer
    return found


def _is_named(pointer: str) -> bool:
    return "/schemas/" in pointer or "/definitions/" in pointer or pointer.count("/") < 3


def _last_token(pointer: str) -> str:
    tokens = split("/" + pointer.rsplit("/", 1)[-1])
    return tokens[0] if tokens else ""
