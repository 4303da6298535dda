"""Request bodies of Swagger 2.0: `in: body`, `in: formData`, and collection formats."""

from __future__ import annotations

from urllib.parse import quote

from pe4king_core.model.operation import Encoding, MediaType, ParameterIn, RequestBody
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.parts.examples import example_values
from pe4king_core.openapi.raw import Place, Raw, text_of

_BODY = ("body", "formData")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_COLLECTIONS = ("csv", "ssv", "tsv", "pipes")
_STYLES = {"ssv": "spaceDelimited", "tsv": "tabDelimited", "pipes": "pipeDelimited"}
"""In the words of OpenAPI 3, which has none for tabs."""


def location_of(place: Place) -> str:
    """`in` of the parameter at `place`."""
    return text_of(place.value.get("in")) if isinstance(place.value, dict) else ""


def style(collection: str, location: ParameterIn) -> tuple[str, bool]:
    """Style and explode of a collection format."""
    plain_style = "form" if location in (ParameterIn.QUERY, ParameterIn.COOKIE) else "simple"
    return _STYLES.get(collection, plain_style), collection == "multi"


def collection_format(reading: Reading, place: Place, *, multi: bool) -> str:
    """`collectionFormat` of an array, "csv" by default; empty for other types.

    `multi` only exists where `multi` says so: in query and formData.
    """
    raw = place.value if isinstance(place.value, dict) else {}
    stated = text_of(raw.get("collectionFormat"))
    allowed = (*_COLLECTIONS, "multi") if multi else _COLLECTIONS
    if stated and stated not in allowed:
        reading.warn(
            "doc-collection-format",
            place,
            f"`collectionFormat: {stated}` is not possible here: use {', '.join(allowed)}. "
            "It is read as `csv`.",
            f"`collectionFormat: {stated}` здесь невозможен: укажите {', '.join(allowed)}. "
            "Читаем как `csv`.",
        )
        stated = "csv"
    return (stated or "csv") if raw.get("type") == "array" else ""


class BodyReader:
    """Makes request bodies of body and form parameters."""

    def __init__(self, reading: Reading, root: Place) -> None:
        self._reading = reading
        self._root = root

    def media_names(self, operation: Place, key: str) -> tuple[str, ...]:
        """`produces` or `consumes` of the operation, else of the document; an own list rules."""
        holder = operation if _states(operation, key) else self._root
        listed = holder.get(key)
        names = (text_of(place.value) for place in listed.elements()) if listed else ()
        return tuple(dict.fromkeys(name for name in names if name))

    def request_body(self, items: tuple[Place, ...], operation: Place) -> RequestBody | None:
        """The body parameter, or all form parameters together."""
        found: dict[tuple[str, str], Place] = {}
        for holder in (*items, operation):
            found.update(self._listed(holder))
        places = list(found.values())
        bodies = [place for place in places if location_of(place) == "body"]
        self._report(bodies, len(places), operation)
        if bodies:
            return self._body(bodies[-1], operation)
        return self._form(places, operation) if places else None

    def _listed(self, holder: Place) -> dict[tuple[str, str], Place]:
        listed = holder.get("parameters")
        found: dict[tuple[str, str], Place] = {}
        for place in listed.elements() if listed else ():
            target = self._reading.quiet_mapping(place)
            if target is not None and location_of(target) in _BODY:
                raw = target.value if isinstance(target.value, dict) else {}
                found[text_of(raw.get("name")), location_of(target)] = target
        return found

    def _report(self, bodies: list[Place], count: int, operation: Place) -> None:
        if not bodies or count == 1:
            return
        self._reading.warn(
            "doc-body-parameters",
            operation,
            "A request has one `in: body` parameter and then none `in: formData`; "
            f"`{_name(bodies[-1])}` is used.",
            "В запросе может быть один параметр `in: body`, и тогда ни одного `in: formData`; "
            f"используется `{_name(bodies[-1])}`.",
        )

    def _body(self, place: Place, operation: Place) -> RequestBody:
        raw = place.value if isinstance(place.value, dict) else {}
        schema = self._reading.schema(place.get("schema"))
        names = self.media_names(operation, "consumes") or (_JSON,)
        examples = example_values((), schema)
        content = {name: MediaType(name, schema, place.pointer, examples) for name in names}
        required = raw.get("required") is True
        return RequestBody(required, content, place.pointer, text_of(raw.get("description")))

    def _form(self, places: list[Place], operation: Place) -> RequestBody:
        properties: dict[Raw, Raw] = {}
        required: list[Raw] = []
        encoding: dict[str, Encoding] = {}
        files = False
        for place in places:
            raw = place.value if isinstance(place.value, dict) else {}
            name = _name(place)
            properties[name] = _property(place, operation)
            required += [name] if raw.get("required") is True else []
            files |= raw.get("type") == "file"
            collection = collection_format(self._reading, place, multi=True)
            if collection:
                written, explode = style(collection, ParameterIn.QUERY)
                encoding[name] = Encoding(
                    name, style=written, explode=explode, styled=True, pointer=place.pointer
                )
        whole: Raw = {"type": "object", "properties": properties, "required": required}
        holder = operation.child("formData", whole)
        schema = self._reading.views.view(holder)
        content = {
            name: MediaType(name, schema, holder.pointer, encoding=encoding)
            for name in self._form_names(operation, files=files)
        }
        return RequestBody(bool(required), content, holder.pointer)

    def _form_names(self, operation: Place, *, files: bool) -> list[str]:
        """What a form is sent as; a file travels in `multipart/form-data` only."""
        stated = self.media_names(operation, "consumes")
        names = [n for n in stated if n.split(";", 1)[0].strip().lower() in (_FORM, _MULTIPART)]
        if not files:
            return names or [_FORM]
        fitting = [name for name in names if name.lower().startswith(_MULTIPART)]
        if not names and _states(operation, "consumes"):
            self._reading.warn(
                "doc-file-consumes",
                operation,
                "A parameter of `type: file` needs `consumes: [multipart/form-data]`.",
                "Параметру с `type: file` нужен `consumes: [multipart/form-data]`.",
            )
        return fitting or [_MULTIPART]


def _property(place: Place, operation: Place) -> Raw:
    """The schema of a form parameter: a reference to it, so that its own place is known."""
    raw = place.value if isinstance(place.value, dict) else {}
    if raw.get("type") == "file":
        return {**raw, "type": "string", "format": "binary"}
    if place.source is not operation.source or place.source.prefix:
        return raw
    return {"$ref": "#" + quote(place.pointer, safe="/~")}


def _states(operation: Place, key: str) -> bool:
    return isinstance(operation.value, dict) and isinstance(operation.value.get(key), list)


def _name(place: Place) -> str:
    return text_of(place.value.get("name")) if isinstance(place.value, dict) else ""
