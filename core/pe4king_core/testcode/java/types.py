"""Java's names for JSON types and HTTP statuses."""

from __future__ import annotations

import re
from http import HTTPStatus

from pe4king_core.model.schema import JsonType
from pe4king_core.testcode.values import UNKNOWN, TypeNames, Value

_TYPES = {
    JsonType.STRING: ("String", "CharSequence", "GString", "UUID"),
    JsonType.INTEGER: ("Integer", "Long", "Short", "BigInteger", "int", "long", "short"),
    JsonType.NUMBER: ("Number", "Float", "Double", "BigDecimal", "float", "double"),
    JsonType.BOOLEAN: ("Boolean", "boolean"),
    JsonType.ARRAY: ("List", "ArrayList", "Collection", "Iterable"),
    JsonType.OBJECT: ("Map", "HashMap", "LinkedHashMap"),
}
_NAMES = {
    "BAD_METHOD": 405,
    "CLIENT_TIMEOUT": 408,
    "ENTITY_TOO_LARGE": 413,
    "INTERNAL_ERROR": 500,
    "MOVED_PERM": 301,
    "MOVED_TEMP": 302,
    "MOVED_TEMPORARILY": 302,
    "NOT_AUTHORITATIVE": 203,
    "REQ_TOO_LONG": 414,
    "UNAVAILABLE": 503,
    "UNSUPPORTED_TYPE": 415,
}
_STATUS = re.compile(
    r"(?:[\w.]+\.)?(?:HttpStatus|HttpURLConnection|HttpStatusCode|Response\.Status|Status)\."
    r"(?:SC_|HTTP_)?([A-Z][A-Z_]+)(?:_\d{3})?\Z|(?:SC_|HTTP_)([A-Z][A-Z_]+)\Z"
)
CONTENT_TYPES = {
    "JSON": "application/json",
    "XML": "application/xml",
    "TEXT": "text/plain",
    "HTML": "text/html",
    "URLENC": "application/x-www-form-urlencoded",
    "BINARY": "application/octet-stream",
    "APPLICATION_JSON": "application/json",
    "APPLICATION_JSON_VALUE": "application/json",
}
_CONTENT_TYPE = re.compile(r"(?:[\w.]+\.)?(?:ContentType|MediaType)\.([A-Z_]+)\Z")


def type_names(name: str) -> Value:
    """The class `name`, as the JSON type it stands for."""
    simple = name.rpartition(".")[2].partition("<")[0].strip()
    for kind, names in _TYPES.items():
        if simple in names:
            return TypeNames(frozenset({kind}))
    return UNKNOWN


def status_constant(text: str) -> int | None:
    """The status that `HttpStatus.SC_OK`, `HttpStatus.OK` or `HTTP_OK` stands for."""
    found = _STATUS.match(text)
    if found is None:
        return None
    name = found.group(1) or found.group(2)
    member = HTTPStatus.__members__.get(name)
    return int(member) if member is not None else _NAMES.get(name)


def content_type_constant(text: str) -> str | None:
    """The media type that `ContentType.JSON` stands for."""
    found = _CONTENT_TYPE.match(text)
    return CONTENT_TYPES.get(found.group(1)) if found else None
