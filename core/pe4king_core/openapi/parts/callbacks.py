"""Callbacks: requests that the API sends in the course of an operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pe4king_core.model.finding import Severity
from pe4king_core.model.lazy import LazySequence
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Callback, Operation
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.expressions import broken_expressions, has_expression
from pe4king_core.openapi.parts.items import members_of
from pe4king_core.openapi.raw import Place
from pe4king_core.openapi.refs.references import Unresolved

ItemOperations = Callable[[str, Place], Sequence[Operation]]
"""Gives the operations of a path item, which stands under an expression."""


def callbacks_of(
    reading: Reading, operation: Place, operations: ItemOperations
) -> Sequence[Callback]:
    """The callbacks of the operation at `operation`; one for each expression, made when asked."""
    if reading.version < (3, 0) or operation.get("callbacks") is None:
        return ()
    reading.check_later(lambda report: _report(report, reading, operation))
    return LazySequence(lambda: _callbacks(reading, operation, operations))


def _callbacks(
    reading: Reading, operation: Place, operations: ItemOperations
) -> Iterator[Callback]:
    stated = reading.quiet_mapping(operation.get("callbacks"))
    for name, member in stated.members() if stated is not None else ():
        if name.startswith("x-"):
            continue
        for expression, item in members_of(reading, member):
            yield Callback(name, expression, operations(expression, item), item.pointer)


def _report(report: Report, reading: Reading, operation: Place) -> None:
    stated = operation.get("callbacks")
    callbacks = _mapping(report, reading, stated, "`callbacks`") if stated is not None else None
    for name, member in callbacks.members() if callbacks is not None else ():
        if name.startswith("x-"):
            continue
        callback = _mapping(report, reading, member, f"`{name}`")
        for expression, item in callback.members() if callback is not None else ():
            if not expression.startswith("x-"):
                _mapping(report, reading, item, f"`{expression}`")
                _report_expression(report, name, expression, item)


def _mapping(report: Report, reading: Reading, place: Place, what: str) -> Place | None:
    found = reading.references.follow(place)
    if isinstance(found, Unresolved):
        report.add(found.code, place, found.message, Severity.ERROR)
        return None
    if isinstance(found.value, dict):
        return found
    report.add(
        "doc-not-a-mapping",
        place,
        Message(
            f"{what} must be a mapping of keys and values; it is left out.",
            f"{what}: здесь нужен объект с ключами и значениями; элемент пропущен.",
        ),
        Severity.ERROR,
    )
    return None


def _report_expression(report: Report, name: str, expression: str, item: Place) -> None:
    sound = has_expression(expression) or ("/" in expression and "{" not in expression)
    if sound and not broken_expressions(expression):
        return
    report.add(
        "doc-callback-expression",
        item,
        Message(
            f"`{expression}` of the callback `{name}` gives no URL: use a runtime expression "
            "such as `{$request.body#/url}`.",
            f"`{expression}` в callback `{name}` не даёт URL: нужно выражение времени выполнения "
            "вроде `{$request.body#/url}`.",
        ),
    )
