"""Media types, request bodies and responses of operations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Header, MediaType, RequestBody, Response
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.encodings import EncodingReader
from pe4king_core.openapi.parts.examples import example_values, named_examples
from pe4king_core.openapi.parts.links import links_of
from pe4king_core.openapi.raw import Place, text_of

__all__ = ["ContentReader", "Reading", "status_key"]

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)")
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,127}"  # noqa: S105  # a grammar, not a secret
_MEDIA_TYPE = re.compile(rf"\s*{_TOKEN}/{_TOKEN}\s*(?:;.*)?", re.DOTALL)


class ContentReader:
    """Reads bodies; shared components are read once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.encodings = EncodingReader(reading)

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
        """One representation, `$ref` to `components/mediaTypes` followed (OpenAPI 3.2).

        A broken one has no schema.
        """
        key = ("media", name, member.pointer)
        return self.reading.shared(key, lambda: self._media_type(name, member))

    def _media_type(self, name: str, member: Place) -> MediaType:
        if not _MEDIA_TYPE.fullmatch(name):
            self._strange_name(name, member)
        place = self.reading.mapping(member, f"`{name}`") if member.value is not None else None
        if place is None:
            return MediaType(name, None, member.pointer)
        schema = self.reading.schema(place.get("schema"))
        named = named_examples(self.reading, place)
        encoding, prefix, item = self.encodings.of_media_type(name, place, schema)
        return MediaType(
            name=name,
            schema=schema,
            pointer=place.pointer,
            examples=example_values(named, schema),
            named_examples=named,
            item_schema=self.reading.schema(place.get("itemSchema")),
            encoding=encoding,
            prefix_encoding=prefix,
            item_encoding=item,
        )

    def request_body(
        self,
        items: tuple[Place, ...],  # noqa: ARG002  # Swagger 2.0 needs it
        operation: Place,
    ) -> RequestBody | None:
        """`requestBody` of `operation`, which belongs to the path item made of `items`."""
        member = operation.get("requestBody")
        place = self.reading.mapping(member, "`requestBody`")
        if member is None or place is None or not isinstance(place.value, dict):
            return None
        body = RequestBody(
            required=place.value.get("required") is True,
            content=self.content(place, operation),
            pointer=place.pointer,
            description=text_of(place.value.get("description")),
        )
        return self.reading.described(member, body)

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
        optional = member is None and self.reading.version >= (3, 1)
        if not found and not optional:
            self._no_responses(operation)
        return found

    def response(self, status: str, answer: Place, operation: Place) -> Response:
        """One answer; where it is broken, only its status is known."""
        target = self.reading.mapping(answer, f"`{status}`")
        if target is None:
            return Response(status, "", {}, {}, answer.pointer)
        key = ("response", status, target.pointer, self.variant(operation))
        made = self.reading.shared(key, lambda: self._response(status, target, operation))
        return self.reading.described(answer, made)

    def _response(self, status: str, place: Place, operation: Place) -> Response:
        raw = place.value if isinstance(place.value, dict) else {}
        return Response(
            status=status,
            description=text_of(raw.get("description")),
            content=self.content(place, operation),
            headers=self.headers(place),
            pointer=place.pointer,
            links=links_of(self.reading, place),
            summary=text_of(raw.get("summary")),
        )

    def headers(self, holder: Place) -> Mapping[str, Header]:
        """Documented headers of an answer."""
        return self.encodings.headers(holder)

    def variant(self, operation: Place) -> tuple[str, ...]:  # noqa: ARG002  # Swagger 2.0 needs it
        """What of the operation decides how a shared answer reads."""
        return ()

    def _strange_name(self, name: str, member: Place) -> None:
        self.reading.warn(
            "doc-media-type-name",
            member,
            f"`{name}` is not a media type: write it as `application/json` or `text/*`.",
            f"`{name}` — не тип данных: пишите как `application/json` или `text/*`.",
        )

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
