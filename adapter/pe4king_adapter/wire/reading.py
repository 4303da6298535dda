"""Lenient readers of single values: whatever is not what we expect counts as absent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import Usage
from pe4king_adapter.wire.failures import Failure, request_id
from pe4king_core.model.json import Json

_LARGEST = 2**53
_HALF = re.compile("[\ud800-\udfff]")
Fields = Mapping[str, Json]


def encoded(fields: Mapping[str, Json], without: frozenset[str] = frozenset()) -> bytes:
    """The JSON body of the fields that have a value; lone surrogates become question marks."""
    sent = {name: v for name, v in fields.items() if v is not None and name not in without}
    return json.dumps(sent, ensure_ascii=False).encode("utf-8", "replace")


def document(headers: Mapping[str, str], body: bytes) -> Json | Failure:
    """The JSON object or array in the body of a 200, or what is there instead."""
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict | list):
        return value
    page = "text/html" in headers.get("content-type", "") or body.lstrip()[:1] == b"<"
    return Failure(Problem.WEB_PAGE if page else Problem.NOT_JSON, request_id=request_id(headers))


def fields(value: Json) -> Fields:
    """The object, an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> Sequence[Json]:
    """The array, an empty one where it is none."""
    return value if isinstance(value, list) else ()


def objects(value: Json) -> list[Fields]:
    """The objects in the array."""
    return [item for item in items(value) if isinstance(item, dict)]


def string(value: Json) -> str:
    """The text, an empty one where it is none."""
    return value if isinstance(value, str) else ""


def count(value: Json) -> int | None:
    """A number of tokens; some servers write it as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < _LARGEST else None


def word(value: Json) -> str:
    """A name that may be shown."""
    return value[:100] if isinstance(value, str) and value.isprintable() else ""


def whole_characters(text: str) -> str:
    """The text without lone halves of characters, which no file and no terminal takes."""
    if _HALF.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def text_of(content: Json) -> str:
    """The text of a message's content: a text, or parts of which those of thinking are no text."""
    if isinstance(content, str):
        return content
    parts = [part for part in objects(content) if part.get("type", "text") in _TEXT_TYPES]
    return "".join(string(part.get("text")) for part in parts)


_TEXT_TYPES = ("text", "output_text")


def merged(old: Usage, new: Usage) -> Usage:
    """The newer counts where there are any."""
    return Usage(
        old.prompt_tokens if new.prompt_tokens is None else new.prompt_tokens,
        old.completion_tokens if new.completion_tokens is None else new.completion_tokens,
        old.reasoning_tokens if new.reasoning_tokens is None else new.reasoning_tokens,
    )


def model_names(body: bytes) -> tuple[str, ...]:
    """The names in a list of models, in its order; models that generate no text are left out."""
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if isinstance(value, dict):
        value = next((value[key] for key in ("data", "models") if key in value), None)
    names = [_model_name(item) for item in items(value)]
    return tuple(dict.fromkeys(name for name in names if name))


def _model_name(item: Json) -> str:
    if isinstance(item, str):
        return word(item)
    entry = fields(item)
    methods = entry.get("supportedGenerationMethods")
    if isinstance(methods, list) and "generateContent" not in methods:
        return ""
    name = next((word(entry.get(key)) for key in ("id", "name", "model") if entry.get(key)), "")
    return name.removeprefix("models/")
