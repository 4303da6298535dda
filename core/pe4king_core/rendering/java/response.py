"""Facts about status, content type and headers as REST Assured links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Contains,
    Equals,
    HasFormat,
    HasLength,
    HasType,
    InRange,
    Literal,
    Matches,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType
from pe4king_core.rendering.java.checks import (
    all_of,
    or_null,
    order_matchers,
    string_matchers,
)
from pe4king_core.rendering.java.terms import Unsayable
from pe4king_core.rendering.java.text import literal_string

_CONTENT_TYPES = {
    "application/json": "JSON",
    "application/xml": "XML",
    "text/plain": "TEXT",
    "text/html": "HTML",
}


def response_links(fact: AssertionFact) -> list[str]:
    """Links for a fact about the status or the content type. Raises Unsayable."""
    if fact.subject.kind is SubjectKind.STATUS:
        return [f".statusCode({_status(fact.check)})"]
    values = _literals(fact.check)
    if values is None or not all(isinstance(value, str) for value in values):
        raise Unsayable("this check of the content type", "эта проверка типа содержимого")
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == 1 and texts[0].lower() in _CONTENT_TYPES:
        return [f".contentType(ContentType.{_CONTENT_TYPES[texts[0].lower()]})"]
    return [f".contentType({_any([f'startsWith({literal_string(text)})' for text in texts])})"]


def status_matcher(
    statuses: Sequence[int], *, any_client_error: bool = False, not_refused: bool = False
) -> str:
    """What a case expects: one status, one of several, or the whole 4xx class.

    `not_refused`: no 401 or 403, which tell of the caller and not of the request.
    """
    if any_client_error and not_refused:
        return "allOf(greaterThanOrEqualTo(400), lessThan(500), not(oneOf(401, 403)))"
    if any_client_error:
        return "allOf(greaterThanOrEqualTo(400), lessThan(500))"
    if len(statuses) == 1:
        return str(statuses[0])
    return f"oneOf({', '.join(str(status) for status in statuses)})"


def _status(check: Check | None) -> str:
    values = _literals(check)
    if values and all(type(value) is int for value in values):
        return status_matcher([value for value in values if isinstance(value, int)])
    if isinstance(check, InRange) and check.bounds.limited:
        bounds = check.bounds
        if (bounds.low, bounds.high) == (400, 499):
            return status_matcher((), any_client_error=True)
        return all_of(order_matchers(bounds, lambda end: str(int(end))))
    raise Unsayable("this check of the status", "эта проверка статуса")


def _literals(check: Check | None) -> Sequence[Json] | None:
    match check:
        case Equals(Literal(value)):
            return [value]
        case OneOf(values):
            return values
    return None


def _any(matchers: Sequence[str]) -> str:
    return matchers[0] if len(matchers) == 1 else f"anyOf({', '.join(matchers)})"


def header_links(fact: AssertionFact) -> list[str]:
    """Links for a fact about a header: values are text, numbers are told by their look."""
    name = literal_string(fact.subject.name)
    if fact.presence is Presence.ABSENT:
        return [f".header({name}, nullValue())"]
    optional = fact.presence is Presence.IF_PRESENT or fact.nullable
    if isinstance(fact.check, InRange):
        return _numeric(name, fact.check, optional=optional)
    matcher = all_of(_matchers(fact.check))
    if optional and matcher == "notNullValue()":
        return []
    return [f".header({name}, {or_null(matcher) if optional else matcher})"]


_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_TYPES: dict[JsonType, str] = {
    JsonType.INTEGER: r'matchesPattern("-?\\d+")',
    JsonType.NUMBER: r'matchesPattern("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")',
    JsonType.BOOLEAN: 'oneOf("true", "false")',
}


def _matchers(check: Check | None) -> list[str]:
    match check:
        case None | NotNull():
            return ["notNullValue()"]
        case HasType(types):
            only = types - {JsonType.NULL}
            kind = next(iter(only)) if len(only) == 1 else JsonType.STRING
            return [_TYPES.get(kind, "notNullValue()")]
        case HasFormat() | Matches() | HasLength():
            return string_matchers(check)
        case Equals(Literal(value)) if _text(value) is not None:
            return [f"equalTo({literal_string(_text(value) or '')})"]
        case OneOf(values) if all(_text(value) is not None for value in values):
            shown = ", ".join(literal_string(_text(value) or "") for value in values)
            return [f"oneOf({shown})"]
        case Contains(Literal(str() as value)):
            return [f"containsString({literal_string(value)})"]
    raise Unsayable("this check of a header", "эта проверка заголовка")


def _text(value: Json) -> str | None:
    """How a scalar looks on the wire."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _numeric(name: str, check: InRange, *, optional: bool) -> list[str]:
    """The header is a number, and then the number is inside the bounds."""
    if not check.bounds.limited:
        raise Unsayable("a range without bounds", "диапазон без границ")
    shown: Callable[[int | float], str] = lambda end: f'new BigDecimal("{end}")'  # noqa: E731
    matcher = all_of(order_matchers(check.bounds, shown))
    looks = f"matchesPattern({literal_string(_NUMBER)})"
    if not optional:
        return [f".header({name}, {looks})", f".header({name}, BigDecimal::new, {matcher})"]
    read = "value -> value == null ? null : new BigDecimal(value)"
    return [
        f".header({name}, {or_null(looks)})",
        f".header({name}, {read}, {or_null(matcher)})",
    ]
