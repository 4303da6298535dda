"""Forms on the wire against the schema of what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from itertools import chain, islice
from typing import Any

from pe4king_core.mock.contract.pointers import resolved
from pe4king_core.mock.contract.readings import Field, field_readings, form_fields, whole_forms

MOST_READINGS = 256
"""How many readings of a structure on the wire are tried."""
_DEEPEST = 20


class Forms:
    """Judges forms of one document that travel one way."""

    def __init__(
        self,
        document: Mapping[str, Any],
        is_valid: Callable[[Any, Any], bool],
        why: Callable[[Any, Any], str],
    ) -> None:
        self._document = document
        self._is_valid = is_valid
        self._why = why

    def faults(self, media: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Each field is read as its own schema wants it; then the whole has to be valid."""
        schema = media.get("schema", {})
        fields = form_fields(pairs)
        told: list[str] = []
        beside = False
        for properties in self._shapes(schema):
            read = self._read(fields, properties, media.get("encoding") or {})
            if self._is_valid(schema, read):
                return
            beside = beside or not fields.keys() <= properties.keys()
            told.append(self._why(schema, read))
        if not beside:
            yield f"form: {told[0]}"
        elif not any(self._is_valid(schema, r) for r in islice(whole_forms(fields), MOST_READINGS)):
            yield f"form {dict(pairs)!r:.300}"

    def _read(
        self,
        fields: Mapping[str, Field],
        properties: Mapping[str, Any],
        encoding: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The form as an object with `properties`; fields beside them are texts."""
        read: dict[str, Any] = {}
        for name, texts in fields.items():
            style = (encoding.get(name) or {}).get("style", "")
            # A part may say that it is JSON, whatever the style of other parts.
            styles = dict.fromkeys((style, ""))
            found = chain.from_iterable(field_readings(texts, each) for each in styles)
            readings = list(islice(found, MOST_READINGS))
            known = properties.get(name, True)
            fitting = (r for r in readings if self._is_valid(known, r))
            read[name] = next(fitting, readings[0])
        return read

    def _shapes(self, schema: Any) -> Iterator[dict[str, Any]]:
        """The properties that a form may have: its own, and with each branch of a choice."""
        own = self._properties(schema, _DEEPEST)
        yield own
        known = resolved(self._document, schema)
        for keyword in ("oneOf", "anyOf"):
            branches = known.get(keyword) if isinstance(known, dict) else None
            for branch in branches if isinstance(branches, list) else ():
                yield {**own, **self._properties(branch, _DEEPEST)}

    def _properties(self, schema: Any, depth: int) -> dict[str, Any]:
        """The properties that an object of `schema` is known to have, `allOf` included."""
        known = resolved(self._document, schema)
        if not isinstance(known, dict) or depth < 0:
            return {}
        conjuncts, own = known.get("allOf"), known.get("properties")
        found: dict[str, Any] = {}
        for part in conjuncts if isinstance(conjuncts, list) else ():
            found |= self._properties(part, depth - 1)
        return {**found, **own} if isinstance(own, dict) else found


def parts(media_type: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Names and texts of the parts of a multipart body."""
    message = message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + content)
    for part in message.get_payload() if message.is_multipart() else ():
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            yield str(name), text
