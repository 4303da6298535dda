"""Checks that need to know what a schema means: examples, discriminators, allOf.

They look at schema views. A view never says "invalid" where it cannot be sure, so neither do
these checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.findings.faults import Faults, shown
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import NotJsonError, Place, Raw, entries, plain, text_of
from pe4king_core.openapi.refs.references import Unresolved
from pe4king_core.openapi.schema.values import Validity, validity, violations

_MAX_VALUES = 1_000_000
"""How many values, those inside examples counted, are tried in one document."""

_MAX_SIZE = 5_000
"""An example with more values than this is not tried."""

_MAX_MAPPED = 200
_SCALAR = re.compile(r"true|false|-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")
_DEFAULT = "doc-default-invalid"
_EXAMPLE = "doc-example-invalid"


class ViewChecks:
    """The checks of one document."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._left = _MAX_VALUES

    def schema(self, faults: Faults, place: Place) -> None:
        """Checks the schema at `place`: `default`, `example`, `examples`, allOf, discriminator."""
        raw = place.value
        if not isinstance(raw, dict):
            return
        if "discriminator" in raw:
            self._discriminator(faults, place, raw)
        if "allOf" in raw:
            self._satisfiable(faults, place)
        for name, what in (("default", _DEFAULT), ("example", _EXAMPLE)):
            if raw.get(name) is not None:
                self.value(faults, place, f"{place.pointer}/{name}", raw[name], what)
        many = raw.get("examples")
        if isinstance(many, list):
            for number, value in enumerate(many[:_MAX_MAPPED]):
                self.value(faults, place, f"{place.pointer}/examples/{number}", value)

    def content(self, faults: Faults, place: Place, *, serialised: bool) -> None:
        """Checks `example` and `examples` beside the `schema` of a media type or parameter.

        `serialised`: a text may be the written form of an array or object (parameters, headers).
        """
        schema = place.get("schema")
        if schema is None:
            return
        for pointer, stated in self._stated_examples(place):
            value = stated
            if serialised and isinstance(stated, str):
                if self._may_be_written(schema):
                    continue
                value = self._unwritten(schema, stated)
            self.value(faults, schema, pointer, value)

    def value(
        self, faults: Faults, schema: Place, pointer: str, value: Raw, what: str = _EXAMPLE
    ) -> None:
        """Reports the value at `pointer` where it is certainly invalid for `schema`."""
        size = _size(value)
        if size > min(_MAX_SIZE, self._left):
            return
        self._left -= size
        reference = value.get("$ref") if isinstance(value, dict) else None
        if isinstance(reference, str):
            target = self._reading.references.resolve(schema, reference)
            if isinstance(target, Place):
                _literal_reference(faults, pointer, reference)
                return
        try:
            example = plain(value)
        except NotJsonError:
            return
        view = self._view(schema)
        if view is None or validity(example, view) is not Validity.INVALID:
            return
        wrong = violations(example, view)
        where, _, keyword = wrong[0].partition(": ") if wrong else ("", "", "")
        at = f"`{shown(where)}`, " if where else ""
        faults.add(
            what,
            pointer,
            (
                f"This example does not match its schema ({at}{keyword}).",
                f"Этот пример не соответствует схеме ({at}{keyword}).",
            )
            if what == _EXAMPLE
            else (
                f"This default does not match its schema ({at}{keyword}).",
                f"Это значение по умолчанию не соответствует схеме ({at}{keyword}).",
            ),
            about=keyword,
            on_value=True,
        )

    def _stated_examples(self, place: Place) -> Iterator[tuple[str, Raw]]:
        """Value of `example` and of the members of `examples`, and where each is stated."""
        single, many = place.get("example"), place.get("examples")
        if single is not None:
            yield single.pointer, single.value
        for _, member in list(many.members())[:_MAX_MAPPED] if many else ():
            target = self._reading.references.follow(member)
            value = target.get("value") if isinstance(target, Place) else None
            if value is not None:
                own = value.pointer.startswith(f"{member.pointer}/")
                yield value.pointer if own else member.pointer, value.value

    def _may_be_written(self, schema: Place) -> bool:
        """Whether values of `schema` may be arrays or objects."""
        view = self._view(schema)
        return view is None or not view.types or bool(view.types & {"array", "object"})

    def _unwritten(self, schema: Place, text: str) -> Raw:
        """What `text` stands for where `schema` allows numbers or truth values, but no texts."""
        view = self._view(schema)
        if view is None or "string" in view.types or not _SCALAR.fullmatch(text):
            return text
        value: Raw = json.loads(text)
        return value

    def _view(self, place: Place) -> Schema | None:
        return self._reading.views.view(place) if isinstance(place.value, dict | bool) else None

    def _satisfiable(self, faults: Faults, place: Place) -> None:
        view = self._view(place)
        parts = place.get("allOf")
        if view is None or not view.never or parts is None:
            return
        if any(part.value is False for part in parts.elements()):
            return
        faults.add(
            "doc-schema-unsatisfiable",
            f"{place.pointer}/allOf",
            (
                "The parts of this `allOf` contradict each other, so nothing is valid.",
                "Части этого `allOf` противоречат друг другу: ни одно значение не подойдёт.",
            ),
            Severity.WARNING,
        )

    def _discriminator(self, faults: Faults, place: Place, raw: Mapping[Raw, Raw]) -> None:
        stated = raw["discriminator"]
        name = stated if isinstance(stated, str) else None
        if isinstance(stated, dict):
            name = text_of(stated.get("propertyName")) or None
            self._mapping(faults, place, stated.get("mapping"))
        view = self._view(place)
        if name is None or view is None:
            return
        branches = list(view.branches.values()) or [view]
        optional = isinstance(stated, dict) and "defaultMapping" in stated
        absent = [branch for branch in branches if _lacks(branch, name)]
        if absent and name not in view.properties:
            self._absent_property(faults, place, name, some=len(absent) < len(branches))
        elif not optional and name not in view.required:
            lax = [branch for branch in branches if _leaves_optional(branch, name)]
            if lax:
                self._optional_property(
                    faults, place, name, "" if lax[0] is view else lax[0].pointer
                )

    def _absent_property(self, faults: Faults, place: Place, name: str, *, some: bool) -> None:
        faults.add(
            "doc-discriminator-property",
            f"{place.pointer}/discriminator",
            (
                f"The discriminator `{shown(name)}` is a property of "
                + ("only some of the schemas." if some else "none of the schemas."),
                f"Дискриминатор `{shown(name)}` есть среди свойств "
                + ("не всех схем." if some else "ни одной из схем."),
            )
            if place.get("oneOf") or place.get("anyOf")
            else (
                f"The discriminator `{shown(name)}` is not among the properties.",
                f"Дискриминатора `{shown(name)}` нет среди свойств схемы.",
            ),
            about="absent",
        )

    def _optional_property(self, faults: Faults, place: Place, name: str, where: str) -> None:
        branch = shown(where.rsplit("/", 1)[-1])
        in_en, in_ru = (f" of `{branch}`", f" схемы `{branch}`") if where else ("", "")
        faults.add(
            "doc-discriminator-optional",
            f"{place.pointer}/discriminator",
            (
                f"The discriminator `{shown(name)}` should be a required property{in_en}.",
                f"Дискриминатор `{shown(name)}` должен быть обязательным свойством{in_ru}.",
            ),
            about="optional",
        )

    def _mapping(self, faults: Faults, place: Place, mapping: Raw) -> None:
        for value, target in list(entries(mapping))[:_MAX_MAPPED]:
            if isinstance(target, str) and not self._leads_somewhere(place, target):
                faults.add(
                    "doc-discriminator-mapping",
                    place.child("discriminator", None)
                    .child("mapping", None)
                    .child(value, None)
                    .pointer,
                    (
                        f"`{shown(value)}: {shown(target, 80)}` of the mapping leads nowhere.",
                        f"`{shown(value)}: {shown(target, 80)}` в `mapping` никуда не ведёт.",
                    ),
                    Severity.WARNING,
                    on_value=True,
                )

    def _leads_somewhere(self, place: Place, target: str) -> bool:
        return any(
            not isinstance(self._reading.references.resolve(place, candidate), Unresolved)
            for candidate in mapping_candidates(target)
        )


def mapping_candidates(target: str) -> Iterable[str]:
    """What an entry of a discriminator's mapping may mean: a name of a schema, or a reference."""
    yield f"#/components/schemas/{target}"
    yield f"#/definitions/{target}"
    if "#" in target or "/" in target or "." in target:
        yield target


def _literal_reference(faults: Faults, pointer: str, reference: str) -> None:
    faults.add(
        "doc-example-ref",
        pointer,
        (
            f"`$ref: {shown(reference, 80)}` is not followed inside a value. Put it in the place "
            "of the whole example.",
            f"Внутри значения `$ref: {shown(reference, 80)}` не действует. Поставьте его на место "
            "всего примера.",
        ),
        about="ref",
    )


def _lacks(view: Schema, name: str) -> bool:
    """Whether `name` is certainly no stated property of `view`."""
    if name in view.properties or _is_open(view):
        return False
    return view.additional is None and bool(view.properties)


def _leaves_optional(view: Schema, name: str) -> bool:
    """Whether `view` has the property `name` and certainly does not demand it."""
    return name in view.properties and name not in view.required and not _is_open(view)


def _is_open(view: Schema) -> bool:
    """Whether something else than `properties` and `required` may decide about properties."""
    return bool(view.branches or view.conjuncts or view.unread)


def _size(value: Raw) -> int:
    """How many values `value` holds, itself included; counted up to `_MAX_SIZE` and a little."""
    waiting, count = [value], 0
    while waiting and count <= _MAX_SIZE:
        found = waiting.pop()
        count += 1
        if isinstance(found, dict):
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
    return count
