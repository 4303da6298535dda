"""XML for a value, with the names that the schema's `xml` objects give (OpenAPI, XML Object)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json, split
from pe4king_core.model.schema import Schema

_DEEPEST = 30
_FIRST = '<?xml version="1.0" encoding="UTF-8"?>'


def xml_text(value: Json, schema: Schema | None, fallback: str) -> str:
    """A document whose root is called as the schema says, else `fallback`."""
    root = _name(schema, _component(schema) or fallback or "root")
    return f"{_FIRST}\n{_element(root, value, schema, _DEEPEST)}"


def _component(schema: Schema | None) -> str:
    """The name of the schema's component; XML names have no blanks."""
    if schema is None:
        return ""
    way = split(schema.pointer.partition("&")[0])
    named = way[-2:-1] in (("schemas",), ("definitions",))
    return way[-1] if named and way[-1].isidentifier() else ""


def _xml(schema: Schema | None) -> Mapping[str, Json]:
    found = schema.annotations.get("xml") if schema is not None else None
    return found if isinstance(found, Mapping) else {}


def _name(schema: Schema | None, fallback: str) -> str:
    xml = _xml(schema)
    name, prefix = xml.get("name"), xml.get("prefix")
    plain = name if isinstance(name, str) and name else fallback
    return f"{prefix}:{plain}" if isinstance(prefix, str) and prefix else plain


def _namespace(schema: Schema | None) -> str:
    xml = _xml(schema)
    uri, prefix = xml.get("namespace"), xml.get("prefix")
    if not isinstance(uri, str):
        return ""
    declared = f"xmlns:{prefix}" if isinstance(prefix, str) and prefix else "xmlns"
    return f" {declared}={quoteattr(uri)}"


def _element(name: str, value: Json, schema: Schema | None, left: int) -> str:
    opening = name + _namespace(schema)
    if isinstance(value, Mapping):
        attributes, inner = _members(value, schema, left)
        return f"<{opening}{attributes}>{inner}</{name}>" if inner else f"<{opening}{attributes}/>"
    if isinstance(value, list | tuple):
        inner = _items(_item_name(name), value, schema, left)
        return f"<{opening}>{inner}</{name}>"
    return f"<{opening}>{escape(_text(value))}</{name}>"


def _members(value: Mapping[str, Json], schema: Schema | None, left: int) -> tuple[str, str]:
    attributes, inner = "", ""
    for key, member in value.items() if left else ():
        stated = schema.properties.get(key) if schema is not None else None
        name = _name(stated, key)
        if _xml(stated).get("attribute") is True:
            attributes += f" {name}={quoteattr(_text(member))}"
        elif isinstance(member, list | tuple):
            inner += _array(name, key, member, stated, left)
        else:
            inner += _element(name, member, stated, left - 1)
    return attributes, inner


def _array(
    name: str, key: str, value: list[Json] | tuple[Json, ...], schema: Schema | None, left: int
) -> str:
    """Items one after the other; inside an element of their own where they are `wrapped`."""
    if _xml(schema).get("wrapped") is not True:
        item = _name(schema.items if schema is not None else None, name)
        return _items(item, value, schema, left)
    inner = _items(_name(schema.items if schema is not None else None, key), value, schema, left)
    return f"<{name}{_namespace(schema)}>{inner}</{name}>"


def _items(
    name: str, value: list[Json] | tuple[Json, ...], schema: Schema | None, left: int
) -> str:
    stated = schema.items if schema is not None else None
    called = _name(stated, name)
    return "".join(_element(called, item, stated, left - 1) for item in value) if left else ""


def _item_name(name: str) -> str:
    return "".join(words_of(name, singular=True)) or "item"


def _text(value: Json) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
