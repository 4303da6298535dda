"""Changes of one field of a form as it travels: all that carries the field is changed together.

A structure with the style `deepObject` travels as `address[city]`, `address[line1]`; a text that
was added as `address` beside them would leave the form as valid as it was.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.generation.requests.forms import form_fields
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind
from pe4king_core.model.json import Json, join
from pe4king_core.model.operation import Encoding
from pe4king_core.model.schema import JsonType, Schema


def carriers(name: str, schema: Schema, fields: Mapping[str, Json]) -> list[str]:
    """The keys of `fields` that hold the field `name` of the form that `schema` describes."""
    start = f"{name}["
    return [
        key
        for key in fields
        if key == name or (key.startswith(start) and key not in schema.properties)
    ]


def without(keys: list[str]) -> tuple[Change, ...]:
    """Leaves out a field that `keys` hold."""
    return tuple(Change(ChangeIn.BODY, join("", key), ChangeKind.REMOVE) for key in keys)


def replaced(keys: list[str], sent: Mapping[str, Json]) -> tuple[Change, ...]:
    """`sent` in the place of what `keys` hold."""
    written = (Change(ChangeIn.BODY, join("", key), ChangeKind.SET, sent[key]) for key in sent)
    return (*written, *without([key for key in keys if key not in sent]))


def as_sent(name: str, value: Json, encoding: Encoding | None) -> dict[str, Json]:
    """The field `name` as it travels; a scalar that has to be wrong keeps its type."""
    if encoding is None or not isinstance(value, list | tuple):
        return {name: value}
    return form_fields({name: value}, {name: encoding})


def is_ambiguous(schema: Schema, encoding: Encoding | None) -> bool:
    """Whether the text of a structure may be taken for its members, written one by one."""
    if encoding is None or not encoding.styled or encoding.style == "deepObject":
        return False
    return JsonType.OBJECT in schema.types
