"""How values are written: styles of parameters and headers, encodings of form and multipart."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Encoding, Header, MediaKind, ParameterIn, media_kind
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.findings.report import Report
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.examples import example_values, named_examples
from pe4king_core.openapi.raw import Place, Raw, text_of

_MAX_NESTING = 8
_QUERY = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
_STYLES = {
    ParameterIn.PATH: ("simple", "label", "matrix"),
    ParameterIn.QUERY: _QUERY,
    ParameterIn.HEADER: ("simple",),
    ParameterIn.COOKIE: ("form", "cookie"),
    ParameterIn.QUERYSTRING: ("form",),
}
"""Allowed styles, the default first (Parameter Object, "Style Values"); `cookie` since 3.2."""
_EXPLODED = ("form", "cookie")
_ENCODINGS = ("encoding", "prefixEncoding", "itemEncoding")


def style_of(reading: Reading, place: Place, location: ParameterIn) -> tuple[str, bool]:
    """Style and explode of the parameter or header at `place`; a wrong style is the default."""
    raw = place.value if isinstance(place.value, dict) else {}
    allowed = _STYLES[location]
    if reading.version < (3, 2):
        allowed = tuple(name for name in allowed if name != "cookie")
    style = text_of(raw.get("style")) or allowed[0]
    if style not in allowed:
        reading.warn(
            "doc-parameter-style",
            place,
            f"`style: {style}` is not possible in {location}: use {', '.join(allowed)}. "
            f"It is read as `{allowed[0]}`.",
            f"`style: {style}` невозможен для {location}: укажите {', '.join(allowed)}. "
            f"Читаем как `{allowed[0]}`.",
        )
        style = allowed[0]
    explode = raw.get("explode")
    return style, explode if isinstance(explode, bool) else style in _EXPLODED


def first_content(reading: Reading, place: Place) -> tuple[str, Place] | None:
    """Name and place of the one media type of a parameter or header; it must be one."""
    content = reading.quiet_mapping(place.get("content"))
    names = [pair for pair in content.members() if not pair[0].startswith("x-")] if content else []
    if content is not None and len(names) != 1:
        reading.warn(
            "doc-parameter-content",
            content,
            f"`content` of a parameter or header must have exactly one media type, not "
            f"{len(names)}.",
            f"В `content` параметра или заголовка нужен ровно один тип данных, а здесь "
            f"{len(names)}.",
        )
    return names[0] if names else None


def report_described(reading: Reading, place: Place, what: str) -> None:
    """Reports a parameter or header that has neither `schema` nor `content`, or both."""
    raw = place.value if isinstance(place.value, dict) else {}
    stated = [name for name in ("schema", "content") if raw.get(name) is not None]
    if len(stated) == 1:
        return
    if stated:
        reading.warn(
            "doc-parameter-schema-and-content",
            place,
            f"{what} has both `schema` and `content`; `schema` is used.",
            f"{what}: заданы и `schema`, и `content`; используется `schema`.",
        )
        return
    reading.warn(
        "doc-parameter-no-schema",
        place,
        f"{what} has neither `schema` nor `content`; any value is taken for valid.",
        f"{what}: нет ни `schema`, ни `content`; считаем допустимым любое значение.",
    )


class EncodingReader:
    """Reads headers and encodings; shared headers are read once."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def headers(self, holder: Place) -> Mapping[str, Header]:
        """Documented headers; `Content-Type` is described by `content` and ignored here."""
        place = self.reading.mapping(holder.get("headers"), "`headers`")
        found: dict[str, Header] = {}
        for name, member in place.members() if place else ():
            target = self.reading.mapping(member, f"`{name}`")
            if target is None or name.lower() == "content-type":
                continue
            header = self._shared(name, target)
            found[name] = self.reading.described(member, header)
        return found

    def _shared(self, name: str, place: Place) -> Header:
        return self.reading.shared(
            ("header", name, place.pointer), lambda: self.header(name, place)
        )

    def header(self, name: str, place: Place) -> Header:
        """The header at `place`."""
        raw = place.value if isinstance(place.value, dict) else {}
        report_described(self.reading, place, f"`{name}`")
        content = first_content(self.reading, place)
        media = self.reading.mapping(content[1], f"`{content[0]}`") if content else None
        stated = place.get("schema")
        schema = self.reading.schema(stated or (media.get("schema") if media else None))
        style, explode = style_of(self.reading, place, ParameterIn.HEADER)
        named = named_examples(self.reading, place)
        named += named_examples(self.reading, media) if media else ()
        return Header(
            name=name,
            required=raw.get("required") is True,
            schema=schema,
            pointer=place.pointer,
            description=text_of(raw.get("description")),
            style=style,
            explode=explode,
            content_type=content[0] if content and stated is None else None,
            examples=example_values(named, schema),
            named_examples=named,
            deprecated=raw.get("deprecated") is True,
        )

    def of_media_type(
        self, name: str, place: Place, schema: Schema | None
    ) -> tuple[dict[str, Encoding], tuple[Encoding, ...], Encoding | None]:
        """`encoding`, `prefixEncoding` and `itemEncoding` of the media type at `place`."""
        raw = place.value if isinstance(place.value, dict) else {}
        stated = [key for key in _ENCODINGS if raw.get(key) is not None]
        if not stated:
            return {}, (), None
        if media_kind(name) not in (MediaKind.FORM, MediaKind.MULTIPART):
            self.reading.warn(
                "doc-encoding-ignored",
                place.child(stated[0], raw[stated[0]]),
                f"`{stated[0]}` only has a meaning for forms and multipart, not for `{name}`.",
                f"`{stated[0]}` имеет смысл только для форм и multipart, но не для `{name}`.",
                Severity.INFORMATION,
            )
        found = self._three(place, _MAX_NESTING)
        if schema is not None and found[0]:
            self.reading.check_later(
                lambda report: _report_unknown(report, place, found[0], schema)
            )
        return found

    def _three(
        self, place: Place, depth: int
    ) -> tuple[dict[str, Encoding], tuple[Encoding, ...], Encoding | None]:
        by_name = place.get("encoding")
        prefix, item = place.get("prefixEncoding"), place.get("itemEncoding")
        if by_name is not None and (prefix is not None or item is not None):
            self.reading.warn(
                "doc-encoding-both",
                place,
                "`encoding` excludes `prefixEncoding` and `itemEncoding`.",
                "`encoding` исключает `prefixEncoding` и `itemEncoding`.",
            )
        if depth <= 0:
            return {}, (), None
        named = self.reading.mapping(by_name, "`encoding`")
        first = [self._encoding("", each, depth) for each in prefix.elements()] if prefix else []
        return (
            {
                name: made
                for name, member in (named.members() if named else ())
                if (made := self._encoding(name, member, depth)) is not None
            },
            tuple(made for made in first if made is not None),
            self._encoding("", item, depth) if item is not None else None,
        )

    def _encoding(self, name: str, member: Place, depth: int) -> Encoding | None:
        place = self.reading.mapping(member, f"`{name}`" if name else "An encoding")
        if place is None:
            return None
        raw: Mapping[Raw, Raw] = place.value if isinstance(place.value, dict) else {}
        style, explode = style_of(self.reading, place, ParameterIn.QUERY)
        nested, prefix, item = self._three(place, depth - 1)
        return Encoding(
            name=name,
            content_type=text_of(raw.get("contentType")),
            headers=self.headers(place),
            style=style,
            explode=explode,
            allow_reserved=raw.get("allowReserved") is True,
            styled=any(raw.get(key) is not None for key in ("style", "explode", "allowReserved")),
            pointer=place.pointer,
            encoding=nested,
            prefix_encoding=prefix,
            item_encoding=item,
        )


def _report_unknown(
    report: Report, place: Place, encodings: Mapping[str, Encoding], schema: Schema
) -> None:
    """Encodings of properties that the schema, as far as it is closed to us, does not have."""
    if not schema.properties or schema.branches or schema.conjuncts or "$ref" in schema.unread:
        return
    for name in encodings:
        if name not in schema.properties:
            report.add(
                "doc-encoding-property",
                place.get("encoding") or place,
                Message(
                    f"`encoding` names `{name}`, which the schema has no property for.",
                    f"В `encoding` назван `{name}`, а такого свойства в схеме нет.",
                ),
            )
