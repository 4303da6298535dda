"""An answer apart from the fields of its body: status, content type, headers, and which schema
its body has.
"""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.generation.answers.checks import Reasoned, value_checks
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Check,
    Equals,
    HasFormat,
    HasType,
    InRange,
    Literal,
    Matches,
    OneOf,
    Presence,
    header,
)
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Header, MediaType, Operation, Response
from pe4king_core.model.schema import Bounds, JsonType, Schema

_BODYLESS = frozenset({204, 205, 304})
"""Statuses whose answers have no body (RFC 9110 sections 15.3.5, 15.3.6, 15.4.5)."""
_TOLD_BY_LOOKS = frozenset({JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})
"""Headers are texts; these types show in how the text looks."""


def status_fact(call: str, *statuses: int, client_error: bool = False) -> AssertionFact:
    """The status of `call`: one code, one of several, or any 4xx."""
    check: Check
    if client_error:
        check = InRange(Bounds(400, 499))
    else:
        check = Equals(Literal(statuses[0])) if len(statuses) == 1 else OneOf(statuses)
    return AssertionFact(call, STATUS, check)


def forms(response: Response, *, asked_json: bool) -> tuple[MediaType, ...]:
    """The forms that the body of `response` may come in."""
    stated = tuple(response.content.values())
    json = tuple(media for media in stated if media.is_json) if asked_json else ()
    return json or stated


def has_body(operation: Operation, status: int) -> bool:
    """Whether an answer can have a body at all (RFC 9110 section 6.4.1)."""
    return operation.method != "HEAD" and status >= 200 and status not in _BODYLESS


def body_schema(operation: Operation, status: int, *, asked_json: bool = False) -> Schema | None:
    """The schema of the JSON answer with `status`; None where the answer may be another one.

    `asked_json`: the caller asks for JSON; where there is such a form, it is the answer.
    """
    response = operation.response_for(status)
    if response is None or not has_body(operation, status):
        return None
    return common_schema(forms(response, asked_json=asked_json))


def common_schema(content: tuple[MediaType, ...]) -> Schema | None:
    """The schema that all of `content`, JSON only, have."""
    if not content or not all(media.is_json for media in content):
        return None
    schema = content[0].schema
    return schema if all(media.schema == schema for media in content) else None


def content_type_facts(response: Response, content: tuple[MediaType, ...]) -> list[AssertionFact]:
    """That the answer has one of the documented media types; none where any may come."""
    names = tuple(dict.fromkeys(media.name.split(";", 1)[0].strip().lower() for media in content))
    if not names or any("*" in name for name in names):
        return []
    check: Check = Equals(Literal(names[0])) if len(names) == 1 else OneOf(names)
    reason = Message(
        en=f"the document promises {' or '.join(names)}",
        ru=f"документ обещает {' или '.join(names)}",
    )
    return [AssertionFact("", CONTENT_TYPE, check, source=response.pointer, reason=reason)]


def header_facts(response: Response, depth: Depth) -> Iterator[AssertionFact]:
    """That required headers are there, and what their texts look like."""
    for item in response.headers.values():
        if item.name.lower() == "content-type":
            continue
        presence = Presence.REQUIRED if item.required else Presence.IF_PRESENT
        checks = list(_header_checks(item)) if depth >= Depth.L5_TYPES else []
        if not checks and item.required:
            reason = Message(
                en=f"the document describes the header {item.name}",
                ru=f"документ описывает заголовок {item.name}",
            )
            yield AssertionFact("", header(item.name), source=item.pointer, reason=reason)
        for check, reason in checks:
            yield AssertionFact(
                "", header(item.name), check, presence, source=item.pointer, reason=reason
            )


def _header_checks(item: Header) -> Iterator[Reasoned]:
    """Checks of a header that travels as the text that its schema speaks of."""
    schema = item.schema
    if schema is None or schema.nullable or item.content_type is not None:
        return
    said_of_text = schema.only_type is JsonType.STRING or schema.enum is not None
    if schema.only_type not in _TOLD_BY_LOOKS and not said_of_text:
        return
    for check, reason in value_checks(schema, Depth.L5_TYPES, top=True):
        if _survives_the_wire(check, schema.only_type):
            yield check, reason


def _survives_the_wire(check: Check, only: JsonType | None) -> bool:
    match check:
        case HasType():
            return only in _TOLD_BY_LOOKS
        case Equals(Literal(value)):
            return isinstance(value, str) and _is_plain(value)
        case OneOf(values):
            return all(isinstance(value, str) and _is_plain(value) for value in values)
    return isinstance(check, HasFormat | Matches)


def _is_plain(text: str) -> bool:
    """Whether a header field can hold `text` as it is (RFC 9110 section 5.5)."""
    return text.isascii() and text.isprintable() and text == text.strip() != ""
