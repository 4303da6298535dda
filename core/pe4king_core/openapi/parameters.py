"""Parameters: of a path item, overridden by those of an operation, and those only in the path."""

from __future__ import annotations

import re

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Parameter, ParameterIn
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.content import ContentReader, Reading, first_schema
from pe4king_core.openapi.raw import Place, Raw, escape, text_of

_TEMPLATE = re.compile(r"\{([^{}/]+)\}")
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_LOCATIONS = frozenset(str(member) for member in ParameterIn)

Identity = tuple[str, ParameterIn]


class ParameterReader:
    """Reads parameter lists; shared parameters are read once."""

    def __init__(self, reading: Reading, content: ContentReader) -> None:
        self.reading = reading
        self._content = content
        self._parameters: dict[str, Parameter | None] = {}

    def of_operation(self, path: str, item: Place, operation: Place) -> tuple[Parameter, ...]:
        """All parameters of an operation in the order path item, operation, undeclared."""
        found = self._listed(item)
        found.update(self._listed(operation))
        names = set(_TEMPLATE.findall(path))
        for identity in [key for key in found if key[1] is ParameterIn.PATH]:
            if identity[0] not in names:
                self._not_in_path(found.pop(identity), path, operation)
        declared = {name for name, location in found if location is ParameterIn.PATH}
        for name in dict.fromkeys(_TEMPLATE.findall(path)):
            if name not in declared:
                found[name, ParameterIn.PATH] = self._undeclared(name, operation)
        return tuple(found.values())

    def _listed(self, holder: Place) -> dict[Identity, Parameter]:
        found: dict[Identity, Parameter] = {}
        listed = holder.get("parameters")
        if listed is not None and not isinstance(listed.value, list):
            self._report(
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
                self._report(
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

    def schema_of(self, place: Place) -> Place | None:
        """Where the schema of the parameter at `place` stands."""
        return place.get("schema") or first_schema(place)

    def style_of(self, raw: dict[Raw, Raw], location: ParameterIn) -> tuple[str, bool]:
        """How the value is written: style, and whether each member stands for itself."""
        form = location in (ParameterIn.QUERY, ParameterIn.COOKIE)
        style = text_of(raw.get("style")) or ("form" if form else "simple")
        explode = raw.get("explode")
        return style, explode if isinstance(explode, bool) else style == "form"

    def _parameter(self, place: Place) -> Parameter | None:
        target = self.reading.mapping(place, "A parameter")
        if target is None:
            return None
        if target.pointer not in self._parameters:
            self._parameters[target.pointer] = self._read(target)
        return self._parameters[target.pointer]

    def _read(self, place: Place) -> Parameter | None:
        raw = place.value if isinstance(place.value, dict) else {}
        name, where = text_of(raw.get("name")), text_of(raw.get("in"))
        if not name or where not in _LOCATIONS:
            self._unusable(place, name, where)
            return None
        location = ParameterIn(where)
        if location is ParameterIn.HEADER and name.lower() in _IGNORED_HEADERS:
            self._ignored_header(place, name)
            return None
        schema = self.reading.schema(self.schema_of(place))
        content = place.get("content")
        content_type = next((key for key, _ in content.members()), None) if content else None
        style, explode = self.style_of(raw, location)
        return Parameter(
            name=name,
            location=location,
            required=location is ParameterIn.PATH or raw.get("required") is True,
            schema=schema,
            pointer=place.pointer,
            description=text_of(raw.get("description")),
            style=style,
            explode=explode,
            content_type=None if place.get("schema") else content_type,
            examples=self._content.examples(place, schema),
        )

    def _unusable(self, place: Place, name: str, where: str) -> None:
        if not name:
            self._report(
                "doc-parameter-name",
                place,
                "This parameter has no `name` and is left out.",
                "У параметра нет имени (`name`), он пропущен.",
                Severity.ERROR,
            )
            return
        self._report(
            "doc-parameter-in",
            place,
            f"`in: {where}` of the parameter `{name}` is not one of path, query, header, cookie; "
            "it is left out.",
            f"У параметра `{name}` указано `in: {where}`, а нужно path, query, header или cookie; "
            "параметр пропущен.",
            Severity.ERROR,
        )

    def _ignored_header(self, place: Place, name: str) -> None:
        self._report(
            "doc-parameter-ignored",
            place,
            f"OpenAPI ignores a header parameter `{name}`: describe it by content or security.",
            f"OpenAPI не учитывает параметр-заголовок `{name}`: опишите его через content "
            "или security.",
            Severity.INFORMATION,
        )

    def _not_in_path(self, parameter: Parameter, path: str, operation: Place) -> None:
        self._report(
            "doc-path-parameter-unused",
            operation,
            f"The path `{path}` has no `{{{parameter.name}}}`; the path parameter is left out.",
            f"В пути `{path}` нет `{{{parameter.name}}}`; параметр пути пропущен.",
        )

    def _undeclared(self, name: str, operation: Place) -> Parameter:
        self._report(
            "doc-path-parameter-undeclared",
            operation,
            f"`{{{name}}}` of the path is not declared; it is taken for a required string.",
            f"Параметр пути `{{{name}}}` не объявлен; считаем его обязательной строкой.",
        )
        pointer = f"{operation.pointer}/parameters/{escape(name)}"
        schema = Schema(f"{pointer}/schema", types=frozenset({JsonType.STRING}))
        return Parameter(name, ParameterIn.PATH, required=True, schema=schema, pointer=pointer)

    def _report(
        self, code: str, place: Place, en: str, ru: str, severity: Severity = Severity.WARNING
    ) -> None:
        self.reading.report.add(code, place, Message(en, ru), severity)
