"""Documented headers of an answer, with values that are usual for their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain

from pe4king_core.mock.answers.coherence import counted
from pe4king_core.mock.answers.sampled import AnswerSamples
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Header, Response
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_OF_THE_SERVER = frozenset(
    {"content-type", "content-length", "transfer-encoding", "connection", "date", "keep-alive"}
    | {"content-encoding", "trailer", "upgrade", "te"}
)
"""What depends on the body or on the connection; whoever carries the answer writes it."""
_USUAL: Mapping[str, tuple[Json, ...]] = {
    "location": ("https://example.com/resource", "/resource"),
    "etag": ('"5d41402abc4b2a76"',),
    "retry-after": (120, "120"),
    "link": ('<https://example.com/resource?page=2>; rel="next"',),
    "x-total-count": (3, "3"),
    "last-modified": ("Fri, 17 May 2024 09:30:00 GMT",),
    "expires": ("Fri, 17 May 2030 09:30:00 GMT",),
    "x-expires-after": ("2030-01-31T18:00:00Z",),
    "cache-control": ("no-cache",),
    "set-cookie": ("session=a1b2c3d4; Path=/; HttpOnly",),
    "www-authenticate": ("Bearer",),
    "allow": ("GET, HEAD, OPTIONS",),
    "content-disposition": ('attachment; filename="sample"',),
    "content-language": ("en",),
    "vary": ("Accept",),
    "access-control-allow-origin": ("*",),
}
_TOTALS = frozenset({"x-total-count", "x-total", "total-count", "x-count", "x-total-items"})
_RATES = re.compile(r"(x-)?rate-?limit-?(.*)")
_RATE_VALUES: Mapping[str, int] = {"limit": 60, "remaining": 59, "reset": 60, "used": 1}
_UNFIT = re.compile(r"[\x00-\x1f\x7f]|[^\x00-\xff]")


def with_count(headers: tuple[tuple[str, str], ...], value: Json) -> tuple[tuple[str, str], ...]:
    """`headers`, in which a total is the number of what is in the list."""
    count = counted(value)
    if count is None:
        return headers
    return tuple((n, str(count) if n.lower() in _TOTALS else text) for n, text in headers)


def header_list(response: Response, round_: int) -> tuple[tuple[str, str], ...]:
    """Names and texts of the headers that `response` documents."""
    samples = AnswerSamples(round_)
    found = (
        (header.name, _text(header, samples))
        for header in response.headers.values()
        if header.name.lower() not in _OF_THE_SERVER
    )
    return tuple((name, text) for name, text in found if text is not None)


def _text(header: Header, samples: AnswerSamples) -> str | None:
    """The text of the first value that is valid and fits into a header."""
    spare = None
    for value in _values(header, samples):
        text = _written(value, header)
        if _UNFIT.search(text):
            continue
        if header.schema is None or _fits(value, header.schema):
            return text
        spare = text if spare is None else spare
    return spare


def _fits(value: Json, schema: Schema) -> bool:
    return validity(value, schema, direction=Direction.RESPONSE) is not Validity.INVALID


def _values(header: Header, samples: AnswerSamples) -> Iterator[Json]:
    name = header.name.lower()
    usual = chain(_USUAL.get(name, ()), _rates(name))
    yield from chain(header.examples, usual)
    if header.schema is not None:
        yield samples.of(header.schema, header.name)
        yield AnswerSamples().of(header.schema, header.name)
    yield "sample"


def _rates(name: str) -> Iterator[Json]:
    matched = _RATES.fullmatch(name)
    if matched is not None:
        number = _RATE_VALUES.get(matched[2] or "limit", 60)
        yield from (number, str(number))


def _written(value: Json, header: Header) -> str:
    """The value in the style `simple`, or as the documented content."""
    if header.content_type is not None:
        return json.dumps(value)
    if isinstance(value, Mapping):
        joint = "=" if header.explode else ","
        return ",".join(f"{key}{joint}{_plain(member)}" for key, member in value.items())
    if isinstance(value, list | tuple):
        return ",".join(_plain(item) for item in value)
    return _plain(value)


def _plain(value: Json) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)
