"""Reads what is known of a failure from its body: code words, the message, the delay.

Forms read: `{"error": {message, type, code, param}}`, `{"error": "text"}`, a list around either,
`{"code", "message"}`, `{"status", "message"}`, Google's `details`, web pages, nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pe4king_core.model.json import Json

MODERATED = "flagged_input"
"""The code that stands for OpenRouter's moderation metadata."""
PER_DAY = "quota_per_day"
"""The code that stands for Google's violation of a daily quota."""
_WORDS = ("code", "type", "status", "error_code", "reason", "grpcCode")
_MESSAGE_LIMIT = 4000
_OWN_NAMES = {
    "json_schema": "response_format",
    "structured output": "response_format",
    "output_config": "response_format",
    "response_?json_?schema": "response_format",
    "response_?schema": "response_format",
    "response_?mime_?type": "response_format",
    r"text\.format": "response_format",
    "stop_?sequences": "stop",
    "random_seed": "seed",
    "max_output_tokens": "max_tokens",
    "maxoutputtokens": "max_tokens",
    "num_predict": "max_tokens",
    "max_?tokens": "max_tokens",
    "response_format": "response_format",
    "temperature": "temperature",
    "seed": "seed",
    "stop": "stop",
    "stream_options": "stream_options",
    "think(ing)?": "think",
}
"""Patterns of what servers call a parameter, in lower case, and what we call it."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What a body says; `parameter` is our name of the one that the server did not accept."""

    codes: frozenset[str] = frozenset()
    message: str = ""
    parameter: str = ""
    delay: float | None = None


def parse(body: bytes) -> Json:
    """The JSON in `body`, None where there is none."""
    try:
        value: Json = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def read_error(value: Json) -> ErrorBody:
    """What the error object in `value` says."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return ErrorBody()
    error = value.get("error", value)
    if isinstance(error, str):
        return ErrorBody(_codes([value]), error[:_MESSAGE_LIMIT], _named_in(error))
    if not isinstance(error, dict):
        return ErrorBody()
    message = error.get("message")
    message = message[:_MESSAGE_LIMIT] if isinstance(message, str) else ""
    details = _details(error)
    return ErrorBody(
        codes=_codes([error, *details]) | _signs(error, details),
        message=message,
        parameter=_parameter(error.get("param"), message),
        delay=_delay(details),
    )


def _details(error: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    details = error.get("details")
    several = details if isinstance(details, list) else [details]
    return [part for part in (*several, error.get("innererror")) if isinstance(part, dict)]


def _codes(parts: list[Mapping[str, Json]]) -> frozenset[str]:
    found = (part.get(key) for part in parts for key in _WORDS)
    return frozenset(
        str(word).lower() for word in found if isinstance(word, str) or _is_small(word)
    )


def _is_small(value: Json) -> bool:
    return isinstance(value, int) and abs(value) < 100_000


def _signs(error: Mapping[str, Json], details: list[Mapping[str, Json]]) -> frozenset[str]:
    signs = []
    metadata = error.get("metadata")
    if isinstance(metadata, dict) and "flagged_input" in metadata:
        signs.append(MODERATED)
    if any("PerDay" in name for name in _quotas(details)):
        signs.append(PER_DAY)
    return frozenset(signs)


def _quotas(details: list[Mapping[str, Json]]) -> Iterator[str]:
    for detail in details:
        violations = detail.get("violations")
        for violation in violations if isinstance(violations, list) else ():
            if isinstance(violation, dict):
                yield from (str(violation.get(key)) for key in ("quotaId", "quotaMetric"))


def _parameter(named: Json, message: str) -> str:
    if isinstance(named, str) and named:
        base = named.split(".")[0].split("[")[0].lower()
        return _own_name(named.lower()) or _own_name(base)
    return _named_in(message)


def _own_name(word: str) -> str:
    return next((own for name, own in _OWN_NAMES.items() if re.fullmatch(name, word)), "")


def _named_in(message: str) -> str:
    lowered = message[:2000].lower()
    found = (own for name, own in _OWN_NAMES.items() if re.search(rf"\b{name}\b", lowered))
    return next(found, "")


def _delay(details: list[Mapping[str, Json]]) -> float | None:
    stated = (detail.get("retryDelay") for detail in details)
    texts = [text for text in stated if isinstance(text, str)]
    matches = [re.fullmatch(r"(\d{1,6}(?:\.\d{1,9})?)s", text) for text in texts]
    return max((float(match[1]) for match in matches if match is not None), default=None)
