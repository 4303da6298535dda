"""XML bodies, looked at as far as their root and its children."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree  # entities are refused before it reads anything

from pe4king_core.mock.contract.pointers import UnjudgedError, resolved
from pe4king_core.mock.contract.readings import scalars

_DEEPEST = 20


class XmlBodies:
    """Judges XML of one raw document: well-formed, the root's name, its members."""

    def __init__(self, document: Mapping[str, Any], fits: Callable[[Any, Any], bool]) -> None:
        self._document = document
        self._fits = fits

    def faults(self, schema: Any, content: bytes) -> Iterator[str]:
        """What is wrong with `content`; what stands deeper than the root's children is free."""
        if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
            raise UnjudgedError("XML with entities")
        try:
            root = ElementTree.fromstring(content)  # noqa: S314  # see above
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            yield f"no XML: {error}"
            return
        known = resolved(self._document, schema)
        if isinstance(known, dict):
            yield from self._root_faults(known, root)

    def _root_faults(self, known: Mapping[str, Any], root: ElementTree.Element) -> Iterator[str]:
        about = known.get("xml")
        name = about.get("name") if isinstance(about, dict) else None
        if isinstance(name, str) and _local(root.tag) != name.rpartition(":")[2]:
            yield f"the root is <{_local(root.tag)}>, documented is <{name}>"
        if known.get("type") in ("array", ["array", "null"]):
            return
        members = self._members(known, _DEEPEST)
        required = self._required(known, _DEEPEST)
        for member, schema in members.items():
            yield from self._member_faults(member, schema, root, member in required)

    def _member_faults(
        self, name: str, schema: Any, root: ElementTree.Element, required: bool
    ) -> Iterator[str]:
        known = resolved(self._document, schema)
        known = known if isinstance(known, dict) else {}
        texts = list(_texts(name, known, root))
        is_array = "items" in known
        if not texts:
            if required and not is_array and known.get("writeOnly") is not True:
                yield f"<{name}> is missing"
        elif _is_scalar(known) and not any(self._fits(schema, each) for each in scalars(texts[0])):
            yield f"<{name}>: {texts[0][:80]!r}"

    def _members(self, schema: Any, depth: int) -> dict[str, Any]:
        known = resolved(self._document, schema)
        if not isinstance(known, dict) or depth < 0:
            return {}
        found: dict[str, Any] = {}
        for part in known.get("allOf") or ():
            found |= self._members(part, depth - 1)
        own = known.get("properties")
        return {**found, **own} if isinstance(own, dict) else found

    def _required(self, schema: Any, depth: int) -> set[str]:
        known = resolved(self._document, schema)
        if not isinstance(known, dict) or depth < 0:
            return set()
        own = known.get("required")
        found = {each for each in own if isinstance(each, str)} if isinstance(own, list) else set()
        for part in known.get("allOf") or ():
            found |= self._required(part, depth - 1)
        return found


def _texts(name: str, schema: Mapping[str, Any], root: ElementTree.Element) -> Iterator[str]:
    """The texts of a member, as an attribute, the root's own text, or elements."""
    about = schema.get("xml")
    about = about if isinstance(about, dict) else {}
    if about.get("nodeType") in ("text", "cdata"):
        yield root.text or ""
        return
    written = str(about.get("name", name)).rpartition(":")[2]
    for key, value in root.attrib.items():
        if _local(key) == written:
            yield value
    for child in root:
        if _local(child.tag) == written:
            yield child.text or ""


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _is_scalar(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") in ("string", "number", "integer", "boolean")
