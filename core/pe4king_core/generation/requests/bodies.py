"""The body of a valid request, in the media type that says most about what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from pe4king_core.generation.requests.forms import file_parts, file_text, form_fields
from pe4king_core.generation.requests.xml_bodies import xml_text
from pe4king_core.generation.samples.samples import Samples
from pe4king_core.generation.samples.sampling import At, by_turns
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Body
from pe4king_core.model.json import Json
from pe4king_core.model.operation import MediaKind, MediaType, Operation, RequestBody
from pe4king_core.model.record import replace
from pe4king_core.model.schema import JsonType
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_CONCRETE = {"*": "application/json", "application": "application/json", "text": "text/plain"}
_NO_THING = re.compile(
    r"v\d+|api|add|create|new|update|edit|delete|remove|save|list|get|search|register|signup|batch"
    r"|find\w*|bulk|import|export|upload",
    re.IGNORECASE,
)
"""Segments of paths that say what is done, not with what."""
_PATCHES = "application/json-patch"


def valid_body(operation: Operation, samples: Samples) -> Body | None:
    """A body that the document allows, None where it has none or nothing needs to be said."""
    request_body = operation.request_body
    if request_body is None or not request_body.content:
        return None
    made = _body(chosen_media(request_body), operation, samples)
    return None if made.value == {} and not request_body.required else made


def _body(media: MediaType, operation: Operation, samples: Samples) -> Body:
    name = _concrete(media.name)
    if media.kind in (MediaKind.FORM, MediaKind.MULTIPART):
        return _form(name, media, _value(media, operation, samples))
    if media.is_json or name == "application/json":
        return Body(name, _value(media, operation, samples))
    serialized = _serialized(media)
    if serialized is not None:
        return Body(name, raw=serialized)
    value = _value(media, operation, samples)
    return Body(name, raw=_raw(media, value, operation))


def chosen_media(body: RequestBody) -> MediaType:
    """JSON before all, but no JSON Patch where a plain document will do; else the first."""
    if body.json is None or not body.json.name.startswith(_PATCHES):
        return body.json or next(iter(body.content.values()))
    others = (media for media in body.content.values() if media.is_json)
    plain = next((media for media in others if not media.name.startswith(_PATCHES)), None)
    listed = body.json.schema is not None and JsonType.ARRAY in body.json.schema.types
    return body.json if listed or plain is None else plain


def resource_of(operation: Operation, parameter: str = "") -> str:
    """What the operation is about, by the last literal segment of its path: `book`.

    With `parameter`, what that path parameter is about: by the segments before it.
    """
    route = operation.route.partition("{" + parameter + "}")[0] if parameter else operation.route
    return _about(route)


@lru_cache(maxsize=4096)
def _about(route: str) -> str:
    literal = [part for part in route.split("/") if part and "{" not in part]
    things = [part for part in literal if not _NO_THING.fullmatch(part)]
    return " ".join(words_of((things or literal)[-1], singular=True)) if literal else ""


def _value(media: MediaType, operation: Operation, samples: Samples) -> Json:
    """A documented example where it is valid, else a sample; several examples take turns."""
    if samples.is_first or (len(media.examples) > 1 and not samples.everything):
        for example in by_turns(media.examples, samples.turn(At(media.name))):
            verdict = (
                validity(example, media.schema, direction=Direction.REQUEST)
                if media.schema is not None
                else Validity.VALID
            )
            if verdict is not Validity.INVALID:
                return example
    if media.schema is None and media.item_schema is not None:
        return [samples.of(media.item_schema, owner=resource_of(operation))]
    return samples.of(media.schema, owner=resource_of(operation))


def _form(name: str, media: MediaType, value: Json) -> Body:
    if media.kind is MediaKind.FORM:
        return Body(name, form_fields(value, media.encoding))
    files: dict[str, str] = {}
    if isinstance(value, Mapping):
        files = file_parts(value, media.schema, media.encoding)
        value = {
            part: _file_content(part, member, files[part], media) if part in files else member
            for part, member in value.items()
        }
    return replace(Body(name, form_fields(value, media.encoding)), files=files)


def _file_content(part: str, value: Json, media_type: str, media: MediaType) -> Json:
    """A content that fits the type of the file, where the schema has nothing against it."""
    text = file_text(media_type)
    content: Json = [text] if isinstance(value, list | tuple) else text
    stated = media.schema.properties.get(part) if media.schema is not None else None
    if stated is None or stated.examples or validity(content, stated) is Validity.INVALID:
        return value
    return content


def _serialized(media: MediaType) -> str | None:
    """An example as it travels: written down so, or a text for what is not JSON."""
    for example in media.named_examples:
        if example.serialized_value is not None:
            return example.serialized_value
    text = media.named_examples[0].value if media.named_examples else None
    return text if isinstance(text, str) else None


def _raw(media: MediaType, value: Json, operation: Operation) -> str:
    if media.kind is MediaKind.XML and not (isinstance(value, str) and "<" in value):
        return xml_text(value, media.schema, "".join(words_of(resource_of(operation))))
    if media.kind in (MediaKind.JSON_SEQUENCE, MediaKind.EVENT_STREAM):
        return _lines(media, value)
    if isinstance(value, str):
        binary = media.kind is MediaKind.BINARY and not media.examples
        return file_text(media.name) if binary else value
    return "sample" if value is None else json.dumps(value, ensure_ascii=False)


def _lines(media: MediaType, value: Json) -> str:
    """Each item as one line (JSON Lines), one record (RFC 7464) or one event."""
    items = value if isinstance(value, list | tuple) else [value]
    texts = [json.dumps(item, ensure_ascii=False) for item in items]
    if media.kind is MediaKind.EVENT_STREAM:
        return "".join(f"data: {text}\n\n" for text in texts)
    mark = "\x1e" if media.name.endswith("json-seq") else ""
    return "".join(f"{mark}{text}\n" for text in texts)


def _concrete(name: str) -> str:
    """A media type that a request can have, for a range such as `*/*` or `image/*`."""
    kind, _, rest = name.partition("/")
    return _CONCRETE.get(kind, f"{kind}/octet-stream") if rest.startswith("*") else name
