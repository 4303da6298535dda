"""What a contract mutant does."""

from __future__ import annotations

from enum import StrEnum


class Breaks(StrEnum):
    """Operators of contract mutants that change an answer."""

    MISSING = "missing member"
    TYPE = "wrong type"
    NULL = "null"
    BELOW = "below minimum"
    ABOVE = "above maximum"
    NOT_MULTIPLE = "no multiple"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    TOO_FEW = "too few items"
    TOO_MANY = "too many items"
    REPEATED = "repeated item"
    ENUM = "undocumented value"
    FORMAT = "broken format"
    PATTERN = "broken pattern"
    EXTRA = "extra member"
    BAD_ITEM = "bad item"
    ERROR_BODY = "wrong error body"
    STATUS = "wrong status"
    CONTENT_TYPE = "wrong content type"
    NO_CONTENT_TYPE = "no content type"
    NO_HEADER = "missing header"
    HEADER_VALUE = "wrong header"
    EMPTY_BODY = "empty body"
    BROKEN_BODY = "broken body"
    NEEDLESS_BODY = "needless body"


class Ignores(StrEnum):
    """Operators of contract mutants that leave a check of requests out."""

    INVALID = "invalid request accepted"
    CREDENTIALS = "missing auth check"


class Kind(StrEnum):
    """What stands where something else should."""

    TEXT = "text"
    NUMBER = "number"
    FRACTION = "fraction"
    BOOLEAN = "boolean"
    LIST = "list"
    OBJECT = "object"
    NULL = "null"


IN_BODY = frozenset(
    {
        Breaks.MISSING,
        Breaks.TYPE,
        Breaks.NULL,
        Breaks.BELOW,
        Breaks.ABOVE,
        Breaks.NOT_MULTIPLE,
        Breaks.TOO_SHORT,
        Breaks.TOO_LONG,
        Breaks.TOO_FEW,
        Breaks.TOO_MANY,
        Breaks.REPEATED,
        Breaks.ENUM,
        Breaks.FORMAT,
        Breaks.PATTERN,
        Breaks.EXTRA,
        Breaks.BAD_ITEM,
        Breaks.ERROR_BODY,
    }
)
"""Operators that change the value that a body says."""
