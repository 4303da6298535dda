"""Media types, examples, headers, links and responses of operations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_core.model.finding import Severity
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Header, Link, MediaType, RequestBody, Response
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.raw import NotJsonError, Place, Raw, plain, plain_values, same, text_of
from pe4king_core.openapi.references import References, Unresolved
from pe4king_core.openapi.report import Report
from pe4king_core.openapi.schemas import SchemaViews

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What every reader of a part of the document needs."""

    references: References
    views: SchemaViews
    report: Report
    specification: str

    def target(self, place: Place) -> Place | None:
        """`place` with references followed; None, with a finding, where they lead nowhere."""
        found = self.references.follow(place)
        if not isinstance(found, Unresolved):
            return found
        self.report.add(found.code, place, found.message, Severity.ERROR)
        return None

    def mapping(self, place: Place | None, what: str) -> Place | None:
        """`place` with references followed; None, with a finding, where it is no mapping."""
        found = None if place is None else self.target(place)
        if found is None or isinstance(found.value, dict):
            return found
        self.report.add(
            "doc-not-a-mapping",
            place or found,
            Message(
                f"{what} must be a mapping of keys and values; it is left out.",
                f"{what}: здесь нужен объект с ключами и значениями; элемент пропущен.",
            ),
            Severity.ERROR,
        )
        return None

    def schema(self, place: Place | None) -> Schema | None:
        """The view of the schema at `place`, or None where there is none."""
        if place is None:
            return None
        if isinstance(place.value, dict | bool):
            return self.views.view(place)
        self.mapping(place, "`schema`")
        return None


class ContentReader:
    """Reads bodies; shared components are read once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._media_types: dict[str, MediaType] = {}
        self._responses: dict[tuple[str, str, tuple[str, ...]], Response] = {}

    def examples(self, place: Place, schema: Schema | None) -> tuple[Json, ...]:
        """`example` and `examples` beside a schema, then those of the schema itself."""
        found: list[Json] = []
        raw = place.value if isinstance(place.value, dict) else {}
        if "example" in raw:
            found += plain_values([raw["example"]])
        many = place.get("examples")
        for _, member in many.members() if many else ():
            target = self.reading.target(member)
            if target is not None and isinstance(target.value, dict):
                found += plain_values(_example_values(target.value))
        for value in schema.examples if schema else ():
            if not any(same(value, other) for other in found):
                found.append(value)
        return tuple(found)

    def content(
        self,
        place: Place,
        operation: Place,  # noqa: ARG002  # Swagger 2.0 needs it
    ) -> Mapping[str, MediaType]:
        """The media types of the body or answer at `place`, which `operation` uses."""
        content = self.reading.mapping(place.get("content"), "`content`")
        if content is None:
            return {}
        return {
            name: self.media_type(name, member)
            for name, member in content.members()
            if not name.startswith("x-")
        }

    def media_type(self, name: str, member: Place) -> MediaType:
        """One representation; a broken one has no schema."""
        cached = self._media_types.get(member.pointer)
        if cached is not None:
            return cached
        place = self.reading.mapping(member, f"`{name}`") if member.value is not None else None
        if place is None:
            made = MediaType(name, None, member.pointer)
        else:
            schema = self.reading.schema(place.get("schema") or place.get("itemSchema"))
            made = MediaType(name, schema, place.pointer, self.examples(place, schema))
        self._media_types[member.pointer] = made
        return made

    def request_body(
        self,
        item: Place,  # noqa: ARG002  # Swagger 2.0 needs it
        operation: Place,
    ) -> RequestBody | None:
        """`requestBody` of `operation`, which belongs to the path item `item`."""
        place = self.reading.mapping(operation.get("requestBody"), "`requestBody`")
        if place is None or not isinstance(place.value, dict):
            return None
        return RequestBody(
            required=place.value.get("required") is True,
            content=self.content(place, operation),
            pointer=place.pointer,
            description=text_of(place.value.get("description")),
        )

    def responses(self, operation: Place) -> Mapping[str, Response]:
        """`responses` by normalised status; strange keys are findings."""
        member = operation.get("responses")
        place = self.reading.mapping(member, "`responses`")
        found: dict[str, Response] = {}
        for name, answer in place.members() if place else ():
            status = status_key(name)
            if status is not None:
                found[status] = self.response(status, answer, operation)
            elif not name.startswith("x-"):
                self._strange_status(name, answer)
        optional = member is None and not self.reading.specification.startswith(("2", "3.0"))
        if not found and not optional:
            self._no_responses(operation)
        return found

    def response(self, status: str, answer: Place, operation: Place) -> Response:
        """One answer; where it is broken, only its status is known."""
        target = self.reading.mapping(answer, f"`{status}`")
        if target is None:
            return Response(status, "", {}, {}, answer.pointer)
        key = (target.pointer, status, self.variant(operation))
        if key not in self._responses:
            raw = target.value if isinstance(target.value, dict) else {}
            self._responses[key] = Response(
                status=status,
                description=text_of(raw.get("description")),
                content=self.content(target, operation),
                headers=self.headers(target),
                pointer=target.pointer,
                links=self.links(target),
            )
        return self._responses[key]

    def variant(self, operation: Place) -> tuple[str, ...]:  # noqa: ARG002  # Swagger 2.0 needs it
        """What of the operation decides how a shared answer reads."""
        return ()

    def header_schema(self, place: Place) -> Place | None:
        """Where the schema of the header at `place` stands."""
        return place.get("schema") or first_schema(place)

    def headers(self, holder: Place) -> Mapping[str, Header]:
        """Documented headers; `Content-Type` is described by `content` and ignored here."""
        place = self.reading.mapping(holder.get("headers"), "`headers`")
        found: dict[str, Header] = {}
        for name, member in place.members() if place else ():
            header = self.reading.mapping(member, f"`{name}`")
            if header is None or name.lower() == "content-type":
                continue
            raw = header.value if isinstance(header.value, dict) else {}
            schema = self.reading.schema(self.header_schema(header))
            found[name] = Header(name, raw.get("required") is True, schema, header.pointer)
        return found

    def links(self, holder: Place) -> tuple[Link, ...]:
        """Documented links of an answer."""
        place = self.reading.mapping(holder.get("links"), "`links`")
        found: list[Link] = []
        for name, member in place.members() if place else ():
            link = self.reading.mapping(member, f"`{name}`")
            if link is not None and isinstance(link.value, dict):
                found.append(
                    Link(
                        name=name,
                        operation_id=text_of(link.value.get("operationId")) or None,
                        operation_ref=text_of(link.value.get("operationRef")) or None,
                        parameters=_plain_members(link.value.get("parameters")),
                        pointer=link.pointer,
                    )
                )
        return tuple(found)

    def _strange_status(self, name: str, answer: Place) -> None:
        self.reading.report.add(
            "doc-response-status",
            answer,
            Message(
                f"`{name}` is not a status: use a code such as 200, a range such as 4XX, "
                "or `default`.",
                f"`{name}` — не статус ответа: нужен код вроде 200, диапазон вроде 4XX "
                "или `default`.",
            ),
        )

    def _no_responses(self, holder: Place) -> None:
        self.reading.report.add(
            "doc-no-responses",
            holder,
            Message(
                "No responses are documented. Document at least one, so that tests can check it.",
                "Не описан ни один ответ. Опишите хотя бы один, чтобы тестам было что проверять.",
            ),
            Severity.INFORMATION,
        )


def status_key(name: str) -> str | None:
    """`name` as a response key: "200", "4XX" or "default"; None where it is none of them."""
    upper = name.strip().upper()
    if upper == "DEFAULT":
        return "default"
    return upper if _STATUS.fullmatch(upper) else None


def first_schema(place: Place) -> Place | None:
    """The schema of the first media type under `content`."""
    content = place.get("content")
    first = next((member for _, member in content.members()), None) if content else None
    return first.get("schema") if first else None


def _example_values(raw: Mapping[Raw, Raw]) -> list[Raw]:
    """The value of an Example Object; `dataValue` since 3.2, `externalValue` is not read."""
    return [raw[name] for name in ("value", "dataValue") if name in raw][:1]


def _plain_members(raw: Raw) -> Mapping[str, Json]:
    try:
        value = plain(raw)
    except NotJsonError:
        return {}
    return value if isinstance(value, dict) else {}
