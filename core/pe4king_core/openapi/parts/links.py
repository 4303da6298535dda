"""Links of responses, and whether the operations that they name exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Link
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.context import KnownOperation, Reading
from pe4king_core.openapi.parts.expressions import broken_expressions
from pe4king_core.openapi.parts.pathnames import TEMPLATE
from pe4king_core.openapi.parts.servers import server_of
from pe4king_core.openapi.raw import NotJsonError, Place, Raw, plain, text_of
from pe4king_core.openapi.refs.references import Unresolved

_LOCATIONS = frozenset({"path", "query", "header", "cookie", "querystring"})
_REMOTE = "doc-ref-remote"


def links_of(reading: Reading, holder: Place) -> tuple[Link, ...]:
    """Documented links of an answer."""
    place = reading.mapping(holder.get("links"), "`links`")
    found: list[Link] = []
    for name, member in place.members() if place else ():
        target = reading.mapping(member, f"`{name}`")
        if target is not None and not name.startswith("x-"):
            link = _link(reading, name, target)
            found.append(reading.described(member, link))
    return tuple(found)


def _link(reading: Reading, name: str, place: Place) -> Link:
    raw = place.value if isinstance(place.value, dict) else {}
    server = reading.mapping(place.get("server"), "A server")
    link = Link(
        name=name,
        operation_id=text_of(raw.get("operationId")) or None,
        operation_ref=text_of(raw.get("operationRef")) or None,
        parameters=_plain_members(raw.get("parameters")),
        pointer=place.pointer,
        request_body=_plain(raw.get("requestBody")),
        description=text_of(raw.get("description")),
        server=server_of(reading, server) if server else None,
    )
    _report_link(reading, link, place)
    reading.check_later(lambda report: _report_target(report, reading, link, place))
    return link


def _report_link(reading: Reading, link: Link, place: Place) -> None:
    stated = bool(link.operation_id) + bool(link.operation_ref)
    if stated != 1:
        reading.warn(
            "doc-link-target",
            place,
            f"The link `{link.name}` must name its operation by exactly one of `operationId` "
            "and `operationRef`.",
            f"Ссылка `{link.name}` должна указывать операцию ровно одним из полей "
            "`operationId` и `operationRef`.",
        )
    if link.operation_ref:
        reference = link.operation_ref
        found = reading.references.resolve(place, reference)
        if isinstance(found, Unresolved) and found.code != _REMOTE:
            reading.warn(
                "doc-link-target",
                place,
                f"`operationRef: {reference}` of the link `{link.name}` leads to no operation.",
                f"`operationRef: {reference}` ссылки `{link.name}` не ведёт ни к какой операции.",
            )
    for value in (*link.parameters.values(), link.request_body):
        for broken in broken_expressions(value) if isinstance(value, str) else ():
            reading.warn(
                "doc-link-expression",
                place,
                f"`{broken}` of the link `{link.name}` is not a runtime expression such as "
                "`$response.body#/id`.",
                f"`{broken}` ссылки `{link.name}` — не выражение времени выполнения вроде "
                "`$response.body#/id`.",
            )


def _report_target(report: Report, reading: Reading, link: Link, place: Place) -> None:
    """Whether the operationId of a link exists, and has the parameters that the link sets."""
    if not link.operation_id or reading.operations_named is None:
        return
    known = reading.operations_named(link.operation_id)
    if not known:
        report.add(
            "doc-link-target",
            place,
            Message(
                f"The link `{link.name}` names the operationId `{link.operation_id}`, "
                "which no operation has.",
                f"Ссылка `{link.name}` указывает operationId `{link.operation_id}`, "
                "а такой операции нет.",
            ),
        )
        return
    target = known[0]
    key = ("parameter names", target.path, target.place.pointer)
    names = reading.shared(key, lambda: frozenset(_parameter_names(reading, target)))
    for stated in link.parameters:
        location, _, name = stated.partition(".")
        own = name if location in _LOCATIONS and name else stated
        if own not in names and stated not in names:
            report.add(
                "doc-link-parameter",
                place,
                Message(
                    f"The link `{link.name}` sets the parameter `{stated}`, which "
                    f"`{link.operation_id}` does not have.",
                    f"Ссылка `{link.name}` задаёт параметр `{stated}`, а у "
                    f"`{link.operation_id}` его нет.",
                ),
            )


def _parameter_names(reading: Reading, operation: KnownOperation) -> Iterator[str]:
    for holder in (*operation.items, operation.place):
        listed = holder.get("parameters")
        for place in listed.elements() if listed else ():
            target = reading.quiet_mapping(place)
            raw = target.value if target is not None else None
            if isinstance(raw, dict):
                yield text_of(raw.get("name"))
    yield from TEMPLATE.findall(operation.path)


def _plain(raw: Raw) -> Json:
    try:
        return plain(raw)
    except NotJsonError:
        return None


def _plain_members(raw: Raw) -> Mapping[str, Json]:
    value = _plain(raw)
    return value if isinstance(value, dict) else {}
