"""Parameters: of a path item, overridden by those of an operation, and those only in the path."""

from __future__ import annotations

from pe4king_core.model.finding import Severity
from pe4king_core.model.operation import MediaType, Parameter, ParameterIn
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.parts.content import ContentReader, Reading
from pe4king_core.openapi.parts.encodings import first_content, report_described, style_of
from pe4king_core.openapi.parts.examples import example_values, named_examples
from pe4king_core.openapi.parts.pathnames import TEMPLATE, route_of
from pe4king_core.openapi.raw import Place, escape, text_of

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_LOCATIONS = frozenset(str(member) for member in ParameterIn)

Identity = tuple[str, ParameterIn]


class ParameterReader:
    """Reads parameter lists; shared parameters are read once."""

    def __init__(self, reading: Reading, content: ContentReader) -> None:
        self.reading = reading
        self._content = content

    def of_operation(
        self, path: str | None, items: tuple[Place, ...], operation: Place
    ) -> tuple[Parameter, ...]:
        """All parameters of an operation in the order path item, operation, undeclared.

        A parameter of an inner place (name and location) overrides that of an outer one. The
        path is None where it is no template: for webhooks and callbacks.
        """
        found: dict[Identity, Parameter] = {}
        for holder in (*items, operation):
            found.update(self._listed(holder))
        if path is not None:
            self._match(path, found, operation)
        self._report_querystring(found, operation)
        return tuple(found.values())

    def _match(self, path: str, found: dict[Identity, Parameter], operation: Place) -> None:
        """Drops path parameters that `path` does not have and adds those not declared."""
        names = dict.fromkeys(TEMPLATE.findall(path))
        for identity in [key for key in found if key[1] is ParameterIn.PATH]:
            if identity[0] not in names:
                self._not_in_path(found.pop(identity), path, operation)
        declared = {name for name, location in found if location is ParameterIn.PATH}
        in_route = set(TEMPLATE.findall(route_of(path)))
        for name in names:
            of_query = name not in in_route and (name, ParameterIn.QUERY) in found
            if name not in declared and not of_query:
                found[name, ParameterIn.PATH] = self._undeclared(name, operation)

    def _listed(self, holder: Place) -> dict[Identity, Parameter]:
        found: dict[Identity, Parameter] = {}
        listed = holder.get("parameters")
        if listed is not None and not isinstance(listed.value, list):
            self.reading.warn(
                "doc-parameters-not-a-list",
                listed,
                "`parameters` must be a list; it is left out.",
                "`parameters` — здесь нужен список; элемент пропущен.",
            )
            return found
        for place in listed.elements() if listed else ():
            parameter = None if self.is_body(place) else self._parameter(place)
            if parameter is None:
                continue
            name = parameter.name
            identity = (
                name.lower() if parameter.location is ParameterIn.HEADER else name,
                parameter.location,
            )
            if identity in found:
                self.reading.warn(
                    "doc-parameter-duplicate",
                    place,
                    f"The {parameter.location} parameter `{name}` is listed twice; "
                    "the last one counts.",
                    f"Параметр `{name}` ({parameter.location}) указан дважды; действует последний.",
                )
            found[identity] = parameter
        return found

    def is_body(self, place: Place) -> bool:  # noqa: ARG002  # Swagger 2.0 needs it
        """Whether the parameter at `place` is part of the body and read elsewhere."""
        return False

    def made(self, place: Place, name: str, location: ParameterIn) -> Parameter:
        """The parameter at `place`, whose name and location are known."""
        raw = place.value if isinstance(place.value, dict) else {}
        report_described(self.reading, place, f"`{name}`")
        media = self._media(place)
        stated = place.get("schema")
        schema = self.reading.schema(stated)
        if schema is None and media is not None:
            schema = media.schema
        style, explode = style_of(self.reading, place, location)
        named = named_examples(self.reading, place)
        named += media.named_examples if media is not None else ()
        return Parameter(
            name=name,
            location=location,
            required=location is ParameterIn.PATH or raw.get("required") is True,
            schema=schema,
            pointer=place.pointer,
            description=text_of(raw.get("description")),
            style=style,
            explode=explode,
            content_type=media.name if media is not None and stated is None else None,
            examples=example_values(named, schema),
            named_examples=named,
            media=media,
            deprecated=raw.get("deprecated") is True,
            allow_reserved=raw.get("allowReserved") is True,
            allow_empty_value=raw.get("allowEmptyValue") is True,
        )

    def _media(self, place: Place) -> MediaType | None:
        content = first_content(self.reading, place)
        return self._content.media_type(*content) if content else None

    def _parameter(self, place: Place) -> Parameter | None:
        target = self.reading.mapping(place, "A parameter")
        if target is None:
            return None
        key = ("parameter", target.pointer)
        made = self.reading.shared(key, lambda: self._read(target))
        return None if made is None else self.reading.described(place, made)

    def _read(self, place: Place) -> Parameter | None:
        raw = place.value if isinstance(place.value, dict) else {}
        name, where = text_of(raw.get("name")), text_of(raw.get("in"))
        known = where in _LOCATIONS and (where != "querystring" or self.reading.version >= (3, 2))
        if not name or not known:
            self._unusable(place, name, where)
            return None
        location = ParameterIn(where)
        if location is ParameterIn.HEADER and name.lower() in _IGNORED_HEADERS:
            self._ignored_header(place, name)
            return None
        return self.made(place, name, location)

    def _unusable(self, place: Place, name: str, where: str) -> None:
        if not name:
            self.reading.warn(
                "doc-parameter-name",
                place,
                "This parameter has no `name` and is left out.",
                "У параметра нет имени (`name`), он пропущен.",
                Severity.ERROR,
            )
            return
        self.reading.warn(
            "doc-parameter-in",
            place,
            f"`in: {where}` of the parameter `{name}` is not one of path, query, header, cookie; "
            "it is left out.",
            f"У параметра `{name}` указано `in: {where}`, а нужно path, query, header или cookie; "
            "параметр пропущен.",
            Severity.ERROR,
        )

    def _ignored_header(self, place: Place, name: str) -> None:
        self.reading.warn(
            "doc-parameter-ignored",
            place,
            f"OpenAPI ignores a header parameter `{name}`: describe it by content or security.",
            f"OpenAPI не учитывает параметр-заголовок `{name}`: опишите его через content "
            "или security.",
            Severity.INFORMATION,
        )

    def _report_querystring(self, found: dict[Identity, Parameter], operation: Place) -> None:
        """`in: querystring` (OpenAPI 3.2) stands alone and is described by `content`."""
        whole = [item for item in found.values() if item.location is ParameterIn.QUERYSTRING]
        if not whole:
            return
        if len(whole) > 1 or any(location is ParameterIn.QUERY for _, location in found):
            self.reading.warn(
                "doc-parameter-querystring",
                operation,
                "One `in: querystring` parameter describes the whole query string; there must "
                "be no other and none `in: query`.",
                "Параметр `in: querystring` описывает всю строку запроса; он должен быть один "
                "и без параметров `in: query`.",
            )
        for parameter in whole:
            if parameter.media is None:
                self.reading.warn(
                    "doc-parameter-querystring",
                    operation,
                    f"The `in: querystring` parameter `{parameter.name}` needs `content`.",
                    f"Параметру `{parameter.name}` (`in: querystring`) нужен `content`.",
                )

    def _not_in_path(self, parameter: Parameter, path: str, operation: Place) -> None:
        self.reading.warn(
            "doc-path-parameter-unused",
            operation,
            f"The path `{path}` has no `{{{parameter.name}}}`; the path parameter is left out.",
            f"В пути `{path}` нет `{{{parameter.name}}}`; параметр пути пропущен.",
        )

    def _undeclared(self, name: str, operation: Place) -> Parameter:
        self.reading.warn(
            "doc-path-parameter-undeclared",
            operation,
            f"`{{{name}}}` of the path is not declared; it is taken for a required string.",
            f"Параметр пути `{{{name}}}` не объявлен; считаем его обязательной строкой.",
        )
        pointer = f"{operation.pointer}/parameters/{escape(name)}"
        schema = Schema(f"{pointer}/schema", types=frozenset({JsonType.STRING}))
        return Parameter(name, ParameterIn.PATH, required=True, schema=schema, pointer=pointer)
