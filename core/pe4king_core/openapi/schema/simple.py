"""Views of schemas in which nothing has to be merged: most there are.

They are read straight from the schema object, keyword by keyword, which says what a merged view
of the one object would say for a fraction of the time. A field is set only where it is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Discriminator, JsonType, Schema, SchemaMap, SchemaMembers
from pe4king_core.openapi.raw import Place, Raw, text_of
from pe4king_core.openapi.schema.expansion import COMPOSITION, Part, is_foreign_null
from pe4king_core.openapi.schema.keyword_values import schema_examples, values_of
from pe4king_core.openapi.schema.keywords import KEYWORDS, Stated, mark_unread
from pe4king_core.openapi.schema.merging import ANNOTATIONS
from pe4king_core.openapi.schema.vocabulary import SUBSCHEMA, SUBSCHEMA_LIST, SUBSCHEMA_MAP

_OF_MEMBERS = frozenset({"properties", "items", "additionalProperties"})
"""Keywords with subschemas that are read here."""
_COMPOSED = frozenset({*COMPOSITION, "discriminator"})
_COMPLEX = frozenset(
    {*SUBSCHEMA, *SUBSCHEMA_LIST, *SUBSCHEMA_MAP, "$recursiveRef"} - _OF_MEMBERS - _COMPOSED
)

View: TypeAlias = Callable[[Place], Schema]
"""What makes the view of a place."""


class Fields(Stated, total=False):
    """Fields of a `Schema` that differ from its defaults."""

    title: str
    description: str
    default: Json
    has_default: bool
    examples: tuple[Json, ...]
    read_only: bool
    write_only: bool
    deprecated: bool
    never: bool
    annotations: dict[str, Json]
    properties: Mapping[str, Schema]
    others: Mapping[str, Schema]
    branches: Mapping[str, Schema]
    exclusive_branches: bool
    conjuncts: Mapping[str, Schema]
    discriminator: Discriminator | None
    additional_allowed: bool
    all_evaluated: frozenset[JsonType]


def simple_view(part: Part, pointer: str, view: View, *, siblings: bool) -> Schema | None:
    """The view of `part`; None where more than its own keywords count."""
    raw = part.place.value
    if not isinstance(raw, dict) or not _COMPOSED.isdisjoint(raw):
        return None
    fields = own_fields(part, view)
    if fields is not None and siblings and is_foreign_null(raw):
        mark_unread(fields, "nullable")
    return None if fields is None else Schema(pointer, **fields)


def own_fields(part: Part, view: View) -> Fields | None:
    """What `part` says beside what it refers to and composes; None where that takes more than a
    look at each of its keywords."""
    raw = part.place.value
    if not isinstance(raw, dict) or not _COMPLEX.isdisjoint(raw):
        return None
    fields: Fields = {}
    nulls = part.nulls or raw.get("nullable") is True or raw.get("x-nullable") is True
    for name in raw:
        keyword = _KEYWORDS.get(name)
        if keyword is not None:
            keyword(raw, name, nulls, fields)
    if not _OF_MEMBERS.isdisjoint(raw) and not _add_members(part.place, raw, fields, view):
        return None
    if fields.get("enum") == ():
        fields["never"] = True
    return fields


def _add_members(place: Place, raw: dict[Raw, Raw], fields: Fields, view: View) -> bool:
    """Adds what is said of properties and items; False where that takes a look at the whole."""
    named = raw.get("properties")
    if isinstance(named, dict) and named:
        if set(map(type, named)) != {str}:
            # `200` and `"200"` may be one name of which two things are said.
            return False
        member = partial(_member, place.child("properties", named), view)
        fields["properties"] = SchemaMembers(named, member)
    items, additional = raw.get("items"), raw.get("additionalProperties")
    others: dict[str, Callable[[], Schema]] = {}
    if isinstance(items, list):
        return False
    if isinstance(items, dict | bool):
        others["items"] = partial(view, place.child("items", items))
        fields["all_evaluated"] = _EVERY_ITEM
    if isinstance(additional, dict | bool):
        fields["all_evaluated"] = fields.get("all_evaluated", frozenset()) | _EVERY_PROPERTY
    if isinstance(additional, dict):
        more = place.child("additionalProperties", additional)
        others["additionalProperties"] = partial(view, more)
    elif additional is False:
        fields["additional_allowed"] = False
    if others:
        fields["others"] = SchemaMap(others)
    return True


def _member(holder: Place, view: View, name: str) -> Schema:
    value = holder.value[name] if isinstance(holder.value, dict) else None
    return view(holder.child(name, value))


_EVERY_ITEM = frozenset({JsonType.ARRAY})
_EVERY_PROPERTY = frozenset({JsonType.OBJECT})


def _title(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    fields["title"] = text_of(raw[name])


def _description(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    fields["description"] = text_of(raw[name])


def _default(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    for value in values_of(raw, name):
        fields["default"], fields["has_default"] = value, True


def _examples(raw: dict[Raw, Raw], _name: str, _nulls: bool, fields: Fields) -> None:
    fields["examples"] = schema_examples(raw)


def _read_only(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    fields["read_only"] = raw[name] is True


def _write_only(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    fields["write_only"] = raw[name] is True


def _deprecated(raw: dict[Raw, Raw], name: str, _nulls: bool, fields: Fields) -> None:
    fields["deprecated"] = raw[name] is True


def _annotations(raw: dict[Raw, Raw], _name: str, _nulls: bool, fields: Fields) -> None:
    found = ((name, values_of(raw, name)) for name in ANNOTATIONS if name in raw)
    fields["annotations"] = {name: values[0] for name, values in found if values}


_KEYWORDS: Mapping[Raw, Callable[[dict[Raw, Raw], str, bool, Fields], None]] = {
    **KEYWORDS,
    "title": _title,
    "description": _description,
    "default": _default,
    **dict.fromkeys(("example", "examples"), _examples),
    "readOnly": _read_only,
    "writeOnly": _write_only,
    "deprecated": _deprecated,
    **dict.fromkeys(ANNOTATIONS, _annotations),
}
