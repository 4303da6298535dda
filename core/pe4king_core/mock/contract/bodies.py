"""The body of an answer against the schema of its media type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pe4king_core.mock.contract.forms import Forms, parts
from pe4king_core.mock.contract.pointers import UnjudgedError, resolved
from pe4king_core.mock.contract.readings import json_value, scalars
from pe4king_core.mock.contract.schemas import Schemas
from pe4king_core.mock.contract.xml import XmlBodies

_SEQUENCES = ("application/jsonl", "application/x-ndjson", "application/json-seq")
_EVENT = re.compile(r"\r\n\r\n|\n\n|\r\r")
_FIELD = re.compile(r"(?:data|event|id|retry|)(?::.*)?")


class Bodies:
    """Judges bodies of answers of one raw document, each as its media type is read."""

    def __init__(self, document: Mapping[str, Any], schemas: Schemas) -> None:
        self._document = document
        self._schemas = schemas
        self._forms = Forms(document, schemas.in_answer, schemas.why)
        self._xml = XmlBodies(document, schemas.in_answer)

    def faults(self, media_type: str, media: Mapping[str, Any], content: bytes) -> Iterator[str]:
        """What is wrong with `content`; of media types that nobody reads nothing is."""
        plain = media_type.split(";", maxsplit=1)[0].strip().lower()
        schema = media.get("schema")
        if plain.endswith(("/json", "+json")):
            yield from self._json(schema, content)
        elif plain in _SEQUENCES or plain.endswith("+json-seq"):
            yield from self._sequence(media, content)
        elif plain == "text/event-stream":
            yield from self._events(media, content)
        elif plain.endswith(("/xml", "+xml")):
            yield from self._xml.faults(schema, content)
        elif plain == "application/x-www-form-urlencoded":
            pairs = parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True)
            yield from self._forms.faults(media, pairs) if schema is not None else ()
        elif plain == "multipart/form-data":
            found = list(parts(media_type, content))
            yield from self._forms.faults(media, found) if schema is not None else ()
        elif plain.startswith("text/"):
            yield from self._text(schema, content)

    def _json(self, schema: Any, content: bytes) -> Iterator[str]:
        try:
            value = json_value(content)
        except ValueError:
            yield f"no JSON: {content[:80]!r}"
            return
        if schema is not None and not self._schemas.in_answer(schema, value):
            yield self._schemas.why(schema, value)

    def _sequence(self, media: Mapping[str, Any], content: bytes) -> Iterator[str]:
        texts = [each for each in re.split(rb"[\n\x1e]", content) if each.strip()]
        try:
            values = [json_value(each) for each in texts]
        except ValueError:
            yield f"no sequence of JSON: {content[:80]!r}"
            return
        item, whole = media.get("itemSchema"), media.get("schema")
        yield from self._items(item, values)
        # Before itemSchema, `schema` was written for the items as well as for all of them.
        if whole is not None and not self._schemas.in_answer(whole, values):
            told = list(self._items(whole, values)) if item is None else []
            yield from told[:1] if item is None else [self._schemas.why(whole, values)]

    def _items(self, schema: Any, values: list[Any]) -> Iterator[str]:
        for number, value in enumerate(values if schema is not None else ()):
            if not self._schemas.in_answer(schema, value):
                yield f"item {number}: {self._schemas.why(schema, value)}"

    def _events(self, media: Mapping[str, Any], content: bytes) -> Iterator[str]:
        text = content.decode("utf-8", "replace").removeprefix("\ufeff")
        wrong = next((line for line in text.splitlines() if not _FIELD.fullmatch(line)), None)
        if wrong is not None:
            yield f"no event stream: {wrong[:80]!r}"
            return
        events = [event for block in _EVENT.split(text) if (event := _event(block))]
        for schema in (media.get("itemSchema"), media.get("schema")):
            if schema is None:
                continue
            if not (self._is_text(schema, text) or all(self._fits(schema, e) for e in events)):
                yield "an event against its schema"

    def _is_text(self, schema: Any, text: str) -> bool:
        return self._schemas.in_answer(schema, text)

    def _fits(self, schema: Any, event: dict[str, Any]) -> bool:
        """Whether an event, or what its data say, is valid; `[DONE]` ends a stream."""
        data = event.get("data", "")
        if data == "[DONE]" or self._schemas.in_answer(schema, event):
            return True
        try:
            value = json_value(data)
        except ValueError:
            value = data
        as_value = {**event, "data": value}
        return self._schemas.in_answer(schema, value) or self._schemas.in_answer(schema, as_value)

    def _text(self, schema: Any, content: bytes) -> Iterator[str]:
        if schema is None:
            return
        text = content.decode("utf-8", "replace")
        if any(self._schemas.in_answer(schema, each) for each in _text_readings(text)):
            return
        known = resolved(self._document, schema)
        kinds = known.get("type", "object") if isinstance(known, dict) else "object"
        if kinds in ("object", "array"):
            raise UnjudgedError("a structure written as text")
        yield self._schemas.why(schema, text)


def _event(block: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in block.splitlines():
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in found:
            value = f"{found['data']}\n{value}"
        if name:
            found[name] = int(value) if name == "retry" and value.isdecimal() else value
    return found


def _text_readings(text: str) -> Iterator[Any]:
    yield from scalars(text)
    try:
        yield json_value(text)
    except ValueError:
        return
