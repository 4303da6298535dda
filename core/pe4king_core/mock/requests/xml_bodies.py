"""XML bodies as the values that their schemas describe (OpenAPI, XML Object).

Names, attributes, wrapped lists and prefixes are understood; documents with a DTD are refused, as
nothing in an API needs one and entities can grow without end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, ParseError, fromstring

from pe4king_core.mock.requests.jsons import TextError
from pe4king_core.mock.requests.typed import Raw, Schemas, property_schemas, shapes, types_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema

_DEEPEST = 60


def xml_of(body: bytes, schema: Schema | None) -> Raw:
    """The texts of an XML document, named as `schema` names them. Raises TextError."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"<\x00!\x00" in body:
        raise TextError("a DTD is not allowed")
    try:
        root = fromstring(body)  # noqa: S314  # without a DTD there are no entities
    except (ParseError, ValueError, LookupError) as error:
        raise TextError("not XML") from error
    shape = _shape(schema)
    return _list_of(root, shape) if _is_list(shape) else _value(root, shape, 0)


def _shape(schema: Schema | None) -> Schemas:
    """All schemas of all branches: names only are looked up in them."""
    if schema is None:
        return ()
    return tuple(dict.fromkeys(one for shape in shapes(schema) for one in shape))


def _value(element: Element, shape: Schemas, depth: int) -> Raw:
    children = list(element)
    if depth > _DEEPEST:
        raise TextError("nested too deeply")
    text = element.text or ""
    structured = any(schema.properties for schema in shape)
    if not children and (text.strip() or not structured):
        return text
    members: dict[str, Raw] = {}
    for sent, text in element.attrib.items():
        members[_property(sent, shape, attribute=True)] = text
    known: dict[str, tuple[str, Schemas]] = {}
    for child in children:
        if child.tag not in known:
            known[child.tag] = _stated(child.tag, shape)
        _add(members, child, *known[child.tag], depth)
    return members


def _stated(tag: str, shape: Schemas) -> tuple[str, Schemas]:
    """The property that elements called `tag` are, and what is said of it."""
    name = _property(tag, shape)
    return name, tuple(one for found in property_schemas(name, shape) for one in _shape(found))


def _add(members: dict[str, Raw], child: Element, name: str, inner: Schemas, depth: int) -> None:
    if not _is_list(inner):
        known = members.get(name)
        value = _value(child, inner, depth + 1)
        if known is None:
            members[name] = value
        else:
            repeated: list[Raw] = known if isinstance(known, list) else [known]
            repeated.append(value)
            members[name] = repeated
        return
    items = members.setdefault(name, [])
    if isinstance(items, list):
        if any(_xml(schema).get("wrapped") is True for schema in inner):
            items += _list_of(child, inner)
        else:
            items.append(_value(child, _items(inner), depth + 1))


def _list_of(element: Element, shape: Schemas) -> list[Raw]:
    items = _items(shape)
    return [_value(child, items, 1) for child in element]


def _items(shape: Schemas) -> Schemas:
    items = [schema.items for schema in shape if schema.items is not None]
    return tuple(one for schema in items for one in _shape(schema))


def _is_list(shape: Schemas) -> bool:
    types = types_of(shape)
    return bool(shape) and JsonType.ARRAY in types and JsonType.OBJECT not in types


def _property(tag: str, shape: Schemas, *, attribute: bool = False) -> str:
    """The property that an element or attribute is; by itself where the document names none."""
    local = tag.rpartition("}")[2]
    for schema in shape:
        for name in schema.properties:
            stated = schema.properties[name]
            if (_xml(stated).get("attribute") is True) is attribute and local in _names(
                name, stated
            ):
                return name
    return local


def _names(name: str, schema: Schema) -> Sequence[Json]:
    """What the elements of a property are called: an item's own name where not wrapped."""
    xml = _xml(schema)
    own = xml.get("name", name)
    items = schema.items
    if items is None or xml.get("wrapped") is True:
        return (own,)
    return (_xml(items).get("name", own), own)


def _xml(schema: Schema) -> Mapping[str, Json]:
    found = schema.annotations.get("xml")
    return found if isinstance(found, Mapping) else {}
