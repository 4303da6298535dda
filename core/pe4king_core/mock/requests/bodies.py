"""The body of a request: decoded by its media type, checked against its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests import forms, lenient
from pe4king_core.mock.requests.choices import relaxed
from pe4king_core.mock.requests.jsons import TextError, json_of
from pe4king_core.mock.requests.media import ContentType, content_type_of, documented
from pe4king_core.mock.requests.reading import FaultIn, RequestFault
from pe4king_core.mock.requests.typed import readings, shapes, types_of
from pe4king_core.mock.requests.wording import choices, worded
from pe4king_core.mock.requests.xml_bodies import xml_of
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import MediaType, RequestBody
from pe4king_core.model.parts import MediaKind, media_kind
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity, violations

_MOST_READINGS = 64
_MOST_FAULTS = 50
_TEXTS = frozenset({JsonType.STRING, JsonType.NUMBER, JsonType.INTEGER, JsonType.BOOLEAN})


@dataclass(slots=True)
class BodyReader:
    """Reads the body of one request; `value` is None where it stays bytes."""

    stated: RequestBody | None
    is_lenient: bool
    value: Json = None
    has_body: bool = False
    media_type: str = ""
    faults: list[RequestFault] = field(default_factory=list)

    def read(self, sent: Sent, headers: Mapping[str, list[str]]) -> None:
        """Fills the fields; what is wrong gathers in `faults`."""
        named = headers.get("content-type", [])
        found = content_type_of(named[0] if named else "")
        self.media_type, self.has_body = found.base, bool(sent.body)
        self._check_length(sent, headers)
        if self.stated is None or not self.stated.content:
            return
        if not sent.body and not self._may_be_empty(found):
            if self.stated.required:
                said = worded("required", "", None, None)
                self._fault("required", self.stated.pointer, said)
            return
        if not self._is_encoded(headers):
            self._typed(sent.body, found, self.stated.content)

    def _may_be_empty(self, sent: ContentType) -> bool:
        """Whether no bytes are a whole body of this type: a form without fields, a text, a file."""
        kind = media_kind(sent.base)
        return bool(sent.base) and kind in (MediaKind.FORM, MediaKind.TEXT, MediaKind.BINARY)

    def _check_length(self, sent: Sent, headers: Mapping[str, list[str]]) -> None:
        """A length that is stated is that of the body (RFC 9112 section 6.3)."""
        for stated in dict.fromkeys(headers.get("content-length", ())):
            if not stated.isdecimal() or len(stated) > 20 or int(stated) != len(sent.body):
                self._fault("Content-Length", said=worded("Content-Length", "", None, None))
                return

    def _is_encoded(self, headers: Mapping[str, list[str]]) -> bool:
        """A content coding is refused as RFC 9110 section 15.5.16 asks; none is understood."""
        codings = ",".join(headers.get("content-encoding", ())).lower().split(",")
        unknown = [coding for each in codings if (coding := each.strip()) not in ("", "identity")]
        if unknown:
            coding = unknown[0][:40]
            told = Message(
                f"Content-Encoding {coding} is not read", f"Content-Encoding {coding} не читается"
            )
            self._media_fault(f"Content-Encoding {unknown[0]}", told)
        return bool(unknown)

    def _typed(self, body: bytes, sent: ContentType, content: Mapping[str, MediaType]) -> None:
        if not sent.base and self.is_lenient:
            sent = content_type_of(next(iter(content)))
            self.media_type = sent.base
        media = documented(sent, content)
        if media is None:
            self._media_fault(sent.base or "required", _other_type(sent.base, tuple(content)))
            return
        kind = media_kind(sent.base)
        try:
            self._decoded(body, sent, media, kind)
        except TextError as error:
            self._fault(str(error), media.pointer, error.said)

    def _decoded(self, body: bytes, sent: ContentType, media: MediaType, kind: MediaKind) -> None:
        """Raises TextError."""
        if kind is MediaKind.JSON:
            text = self._text(body, sent)
            if text is not None:
                self._judged([json_of(text, lenient=self.is_lenient)], media)
        elif kind is MediaKind.FORM:
            self._judged(forms.urlencoded(body, media, lenient=self.is_lenient), media, form=True)
        elif kind is MediaKind.MULTIPART:
            found = forms.multipart(body, sent, media, lenient=self.is_lenient)
            self._judged(found, media, form=True)
        elif kind is MediaKind.XML:
            raw = xml_of(body, media.schema)
            self._judged(readings(raw, media.schema), media)
        elif kind in (MediaKind.JSON_SEQUENCE, MediaKind.EVENT_STREAM):
            self._sequence(self._text(body, sent), media, kind)
        elif kind is MediaKind.TEXT:
            self._plain(self._text(body, sent), media)

    def _text(self, body: bytes, sent: ContentType) -> str | None:
        charset = sent.charset
        if charset is None:
            named = f"charset {sent.parameters.get('charset', '')[:40]}"
            self._media_fault(named, Message(f"{named} is not known", f"{named}: не известно"))
            return None
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError) as error:
            raise TextError(f"not {charset}") from error

    def _sequence(self, text: str | None, media: MediaType, kind: MediaKind) -> None:
        """Each line, record or event is a value by itself."""
        if text is None:
            return
        if kind is MediaKind.EVENT_STREAM:
            lines = [line[5:] for line in text.splitlines() if line.startswith("data:")]
            self.value = [line.removeprefix(" ") for line in lines]
            return
        records = text.replace("\x1e", "\n").split("\n")
        values = [json_of(line, lenient=self.is_lenient) for line in records if line.strip()]
        self.value = values
        if media.item_schema is not None:
            for number, value in enumerate(values):
                if _verdict(value, media.item_schema) is Validity.INVALID:
                    reasons = _violations(value, media.item_schema)
                    self._report(reasons, f"/{number}", media, value, media.item_schema)

    def _plain(self, text: str | None, media: MediaType) -> None:
        """A text; schemas of structures say nothing of how they would be written as text."""
        self.value = text
        schema = media.schema
        if text is None or schema is None:
            return
        if all(types_of(shape) & _TEXTS for shape in shapes(schema)):
            self._judged(readings(text, schema), media)

    def _judged(self, values: Iterable[Json], media: MediaType, *, form: bool = False) -> None:
        """Keeps the first valid of `values`; else the first of all, and what is wrong with it."""
        schema, found = media.schema, list[Json]()
        unknown: list[Json] = []
        for value in islice(values, _MOST_READINGS):
            verdict = _verdict(value, schema)
            if verdict is Validity.VALID:
                self.value = value
                return
            (unknown if verdict is Validity.UNKNOWN else found).append(value)
        if unknown:
            self.value = unknown[0]
        elif found and schema is not None:
            self._refused(found, schema, media, form=form)

    def _refused(self, found: list[Json], schema: Schema, media: MediaType, *, form: bool) -> None:
        reasons, stated = _violations(found[0], schema), schema
        if any(reason.endswith(": oneOf") for reason in reasons):
            schema, before = relaxed(schema), reasons
            reasons = tuple(
                choice if (choice := each.replace(": anyOf", ": oneOf")) in before else each
                for each in _violations(found[0], schema)
            )
        for value in found:
            try:
                self.value = self._taken(value, schema, form=form)
            except lenient.NotValidError:
                continue
            return
        self.value = found[0]
        self._report(reasons, "", media, found[0], stated)

    def _taken(self, value: Json, schema: Schema, *, form: bool) -> Json:
        """`value` as it is valid after all. Raises NotValidError."""
        if self.is_lenient:
            return lenient.of_value(value, schema, is_form=form)
        if _verdict(value, schema) is Validity.INVALID:
            raise lenient.NotValidError
        return value

    def _report(
        self, reasons: Sequence[str], prefix: str, media: MediaType, value: Json, schema: Schema
    ) -> None:
        for reason in reasons[:_MOST_FAULTS] or (": schema",):
            pointer, _, keyword = reason.rpartition(": ")
            said = worded(keyword, pointer, value, schema)
            name = prefix + pointer
            self.faults.append(RequestFault(FaultIn.BODY, name, keyword, media.pointer, said))

    def _fault(self, reason: str, place: str = "", said: Message | None = None) -> None:
        self.faults.append(RequestFault(FaultIn.BODY, "", reason, place, said))

    def _media_fault(self, reason: str, said: Message) -> None:
        place = self.stated.pointer if self.stated is not None else ""
        where, name = FaultIn.MEDIA_TYPE, "Content-Type"
        self.faults.append(RequestFault(where, name, reason, place, said))


def _other_type(sent: str, documented_types: Sequence[str]) -> Message:
    known, named = choices(documented_types), f"`{sent[:80]}`"
    if not sent:
        return Message(f"Content-Type is required: {known}", f"Нужен Content-Type: {known}")
    return Message(
        f"Content-Type {named} is none of {known}", f"Content-Type {named}: допустимо {known}"
    )


def _verdict(value: Json, schema: Schema | None) -> Validity:
    if schema is None:
        return Validity.VALID
    return validity(value, schema, direction=Direction.REQUEST)


def _violations(value: Json, schema: Schema) -> tuple[str, ...]:
    return violations(value, schema, direction=Direction.REQUEST)
