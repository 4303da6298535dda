"""The JSON schema of an answer, built per request: legal calls, pointers and statuses as enums.

Written for the strictest servers: every property is required, none may be added, and the enums
stay below the documented limits.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_adapter.check_forms import CHECK_NAMES
from pe4king_adapter.provider import AnswerSchema
from pe4king_adapter.targets import CallTargets
from pe4king_core.model.fact import ChangeIn, ChangeKind, Credentials, Presence
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation

_ENUM_LIMIT = 250
_ENUM_TEXT_LIMIT = 12_000
_SCALAR: Json = {"type": ["string", "number", "boolean", "null"]}
_STRING: Json = {"type": "string"}


def assertions_schema(calls: Mapping[str, CallTargets]) -> AnswerSchema:
    """`{"assertions": [...]}` about the places of `calls`."""
    names = list(dict.fromkeys(name for call in calls.values() for name in call.targets))
    item = _object(
        {
            "call": {"type": "string", "enum": list(calls)},
            "pointer": _names(names),
            "check": {"type": "string", "enum": list(CHECK_NAMES)},
            "args": {"type": "array", "items": _SCALAR},
            "presence": {"type": "string", "enum": list(Presence)},
            "reason": _STRING,
        }
    )
    return AnswerSchema("assertions", _object({"assertions": {"type": "array", "items": item}}))


def cases_schema(operation: Operation) -> AnswerSchema:
    """`{"cases": [...]}` of negative cases of `operation`."""
    change = _object(
        {
            "where": {"type": "string", "enum": [w for w in ChangeIn if w is not ChangeIn.METHOD]},
            "name": _STRING,
            "kind": {"type": "string", "enum": list(ChangeKind)},
            "value": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
        }
    )
    statuses = client_errors(operation)
    expected: Json = (
        {"type": "integer", "enum": list(statuses)} if statuses else {"type": "integer"}
    )
    item = _object(
        {
            "title": _STRING,
            "changes": {"type": "array", "items": change},
            "credentials": {"type": "string", "enum": list(Credentials)},
            "expected": {"type": "array", "items": expected},
            "reason": _STRING,
        }
    )
    return AnswerSchema("cases", _object({"cases": {"type": "array", "items": item}}))


def explanation_schema() -> AnswerSchema:
    """What a test checks, in parts."""
    lines: Json = {"type": "array", "items": _STRING}
    fields: dict[str, Json] = {
        "title": _STRING,
        "summary": _STRING,
        "checks": lines,
        "scenarios": lines,
        "improvements": lines,
    }
    return AnswerSchema("explanation", _object(fields))


def client_errors(operation: Operation) -> tuple[int, ...]:
    """The documented 4xx codes, in the document's order; ranges are not listed."""
    return tuple(int(key) for key in operation.responses if key.isdecimal() and key[0] == "4")


def _object(properties: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _names(names: list[str]) -> Json:
    if len(names) > _ENUM_LIMIT or sum(map(len, names)) > _ENUM_TEXT_LIMIT:
        return _STRING
    return {"type": "string", "enum": names}
