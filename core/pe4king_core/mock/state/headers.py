"""Headers that say something of what exists: where it is, how many there are, which version."""

from __future__ import annotations

import json
from hashlib import sha256
from urllib.parse import quote, unquote

from pe4king_core.generation.resources.identity import VERBS
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.counting import total_header
from pe4king_core.mock.state.overlay import fits
from pe4king_core.mock.state.places import Place, Role, filled
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Response
from pe4king_core.model.parts import Header
from pe4king_core.model.schema import JsonType


def true_headers(
    place: Place,
    request: ReadRequest,
    status: int,
    response: Response | None,
    value: Json,
    *,
    text: str,
    total: int | None,
) -> dict[str, str]:
    """The documented headers of `response` whose values are known, and `Location` of a 201."""
    found: dict[str, str] = {}
    for name, header in response.headers.items() if response is not None else ():
        lowered = name.lower()
        said: str | None = None
        if lowered == "location" and text:
            said = _first_valid(header, _locations(place, request, text))
        elif lowered == "etag" and value is not None:
            said = _first_valid(header, _versions(value))
        elif total is not None and total_header(name):
            said = _first_valid(header, (str(total),))
        if said is not None:
            found[name] = said
    named = any(name.lower() == "location" for name in (response.headers if response else ()))
    if status == 201 and text and not named and _is_read(place):
        found["Location"] = _locations(place, request, text)[0]
    return found


def _is_read(place: Place) -> bool:
    """Whether what was made is somewhere."""
    return place.role is Role.CREATE and place.kind.reader is not None


def _locations(place: Place, request: ReadRequest, text: str) -> tuple[str, ...]:
    """Where the new thing is: as a path, with the host that was asked, as the document has it."""
    sent = unquote(request.sent.path).rstrip("/")
    base = sent.removesuffix(request.route.rstrip("/")) if request.route else ""
    path = f"{quote(base)}{filled(place.kind.shelf, request)}/{text}"
    if not place.kind.shelf:
        last = request.sent.path.rstrip("/")
        above, _, verb = last.rpartition("/")
        path = f"{above if verb.lower() in VERBS else last}/{text}"
    host = request.sent.header("host") or "localhost"
    whole = request.sent.mount + path
    return (whole, f"http://{host}{whole}", path)


def _versions(value: Json) -> tuple[str, ...]:
    """Tags of this very value (RFC 9110 section 8.8.3)."""
    digest = sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
    return tuple(
        text for size in (16, 32, 40, 64, 8) for text in (f'"{digest[:size]}"', digest[:size])
    )


def _first_valid(header: Header, texts: tuple[str, ...]) -> str | None:
    schema = header.schema
    for text in texts:
        if schema is None:
            return text
        number = schema.only_type is JsonType.INTEGER and text.isdecimal()
        if fits(int(text) if number else text, schema):
            return text
    return None
