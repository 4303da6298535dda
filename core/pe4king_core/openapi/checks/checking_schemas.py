"""Checks of one schema object by itself: its keywords and what they say together.

Sources: JSON Schema Validation 2020-12 section 6, draft 4 (wright-00) section 5 for Swagger 2.0
and OpenAPI 3.0, and the Schema Object of each OpenAPI version.
"""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.checks.checking_fields import closest
from pe4king_core.openapi.checks.checking_limits import LIMITS, check_enum, check_limits
from pe4king_core.openapi.findings.faults import Faults, literal, shown
from pe4king_core.openapi.raw import Raw
from pe4king_core.openapi.schema.vocabulary import READ, vocabulary

TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
"""The types of JSON Schema; OpenAPI 3.0 and 2.0 have no `null`, 2.0 has `file`."""

_NUMBERS = frozenset({"integer", "number"})
_APPLIES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _NUMBERS
    ),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), frozenset({"string", "file"})),
    **dict.fromkeys(
        ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
        frozenset({"array"}),
    ),
    **dict.fromkeys(
        (
            "properties",
            "patternProperties",
            "additionalProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
        ),
        frozenset({"object"}),
    ),
}
_SUPPLIERS = frozenset(
    {
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "not",
        "patternProperties",
        "dependentSchemas",
        "dependencies",
        "discriminator",
    }
)
_COMPOSITIONS = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"}
)
_VERSIONED = frozenset({"exclusiveMinimum", "exclusiveMaximum", "type", "items"})
"""Keywords whose form differs between the versions."""

_MAX_NAMES = 5
_ALIASES = {
    "int": "integer",
    "int32": "integer",
    "int64": "integer",
    "long": "integer",
    "bigint": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "str": "string",
    "text": "string",
    "date": "string",
    "datetime": "string",
    "date-time": "string",
    "uuid": "string",
    "binary": "string",
    "list": "array",
    "dict": "object",
    "map": "object",
}


class SchemaChecks:
    """The checks for documents of one version."""

    def __init__(self, specification: str, version: str) -> None:
        self._version = version
        self._known = vocabulary(specification)
        self._foreign_names = READ - self._known - {"x-nullable"}
        self._dubious = self._foreign_names | _VERSIONED
        self._old = version in ("2.0", "3.0")

    def check(self, faults: Faults, pointer: str, raw: Mapping[Raw, Raw], *, simple: bool) -> None:
        """Reports what is wrong with `raw`; `simple` for parameters and headers of Swagger 2.0.

        Types of the values of single keywords are checked by the grammar and not again here.
        """
        types = self._types(faults, pointer, raw)
        if types:
            self._applicable(faults, pointer, raw, types)
            if "array" in types and self._old and "items" not in raw:
                self._no_items(faults, pointer)
        if "required" in raw and not simple:
            self._required(faults, pointer, raw)
        if "enum" in raw:
            check_enum(faults, pointer, raw, types)
        if not raw.keys().isdisjoint(LIMITS):
            check_limits(faults, pointer, raw)

    def dialect(self, faults: Faults, pointer: str, raw: Mapping[Raw, Raw]) -> None:
        """Reports keywords that OpenAPI has, but not in this version."""
        if raw.keys().isdisjoint(self._dubious):
            return
        for name in raw:
            if isinstance(name, str) and name in self._foreign_names and raw[name] is not False:
                self._foreign(faults, f"{pointer}/{name}", f"`{name}`", name)
        for name in ("exclusiveMinimum", "exclusiveMaximum"):
            if name in raw and isinstance(raw[name], bool) is not self._old:
                written = f"`{name}: {shown(literal(raw[name]))}`"
                self._foreign(faults, f"{pointer}/{name}", written, name)
        stated = raw.get("type")
        if self._old and isinstance(stated, list):
            self._foreign(faults, f"{pointer}/type", "A list in `type`", "type list")
        elif self._old and stated == "null":
            self._foreign(faults, f"{pointer}/type", "`type: null`", "type null")
        if isinstance(raw.get("items"), list):
            self._foreign(faults, f"{pointer}/items", "A list in `items`", "items list")

    def unknown(self, faults: Faults, pointer: str, name: str, value: Raw) -> None:
        """Reports a keyword that no version has."""
        meant = closest(name, self._known)
        hint_en = f" Did you mean `{meant}`?" if meant else ""
        hint_ru = f" Возможно, имелось в виду `{meant}`?" if meant else ""
        if not meant and isinstance(value, dict) and ("type" in value or "$ref" in value):
            hint_en = " If it is a property, move it under `properties`."
            hint_ru = " Если это свойство, перенесите его в `properties`."
        faults.add(
            "doc-schema-keyword",
            pointer,
            (
                f"`{shown(name)}` is no keyword of a schema; it says nothing.{hint_en}",
                f"`{shown(name)}` — не ключевое слово схемы, оно ничего не значит.{hint_ru}",
            ),
            Severity.WARNING if hint_en else Severity.INFORMATION,
            about=name,
        )

    def _foreign(self, faults: Faults, pointer: str, written: str, about: str) -> None:
        russian = {
            "type list": "Список в `type`",
            "items list": "Список в `items`",
        }.get(about, written)
        faults.add(
            "doc-schema-dialect",
            pointer,
            (
                f"{written} is not part of OpenAPI {self._version}; "
                "it is read with its usual meaning.",
                f"{russian} не входит в OpenAPI {self._version}; читается в обычном значении.",
            ),
            about=about,
        )

    def _types(self, faults: Faults, pointer: str, raw: Mapping[Raw, Raw]) -> frozenset[str]:
        """The stated types that are known; none where one is unknown."""
        stated = raw.get("type")
        names = stated if isinstance(stated, list) else [] if stated is None else [stated]
        known = {name for name in names if isinstance(name, str) and self._is_type(name)}
        strange = [name for name in names if not (isinstance(name, str) and name in known)]
        for name in strange[:_MAX_NAMES]:
            if name is None:
                hint_en = ' Write "null" in quotes.'
                hint_ru = ' Напишите "null" в кавычках.'
            else:
                meant = _ALIASES.get(str(name).lower()) or closest(str(name), TYPES)
                hint_en = f" Did you mean `{meant}`?" if meant else ""
                hint_ru = f" Возможно, имелось в виду `{meant}`?" if meant else ""
            faults.add(
                "doc-schema-type",
                f"{pointer}/type",
                (
                    f"`type: {shown(literal(name))}` is no type; any value is allowed "
                    f"here.{hint_en}",
                    f"`type: {shown(literal(name))}` — такого типа нет; здесь допускается любое "
                    f"значение.{hint_ru}",
                ),
                Severity.WARNING,
                about=str(name),
                on_value=True,
            )
        return frozenset() if strange else frozenset(known)

    def _is_type(self, name: str) -> bool:
        return name in TYPES or (name == "file" and self._version == "2.0")

    def _applicable(
        self, faults: Faults, pointer: str, raw: Mapping[Raw, Raw], types: frozenset[str]
    ) -> None:
        if raw.keys().isdisjoint(_APPLIES):
            return
        for name, allowed in _APPLIES.items():
            value = raw.get(name)
            if value is not None and value is not False and types.isdisjoint(allowed):
                stated = " | ".join(sorted(types))
                faults.add(
                    "doc-schema-keyword-type",
                    f"{pointer}/{name}",
                    (
                        f"`{name}` has no effect on the type `{stated}`.",
                        f"`{name}` не действует на значения типа `{stated}`.",
                    ),
                    about=name,
                )

    def _no_items(self, faults: Faults, pointer: str) -> None:
        faults.add(
            "doc-schema-items",
            pointer,
            (
                "An array needs `items` in this version; its items may be anything.",
                "Для массива в этой версии нужно `items`; элементы могут быть любыми.",
            ),
        )

    def _required(self, faults: Faults, pointer: str, raw: Mapping[Raw, Raw]) -> None:
        stated = raw["required"]
        place = f"{pointer}/required"
        if not isinstance(stated, list):
            if isinstance(stated, bool):
                message = (
                    "`required` in a schema is a list of property names; "
                    "`true` or `false` says nothing. List the name in the object above.",
                    "`required` в схеме — список имён свойств; `true` и `false` ничего не значат. "
                    "Укажите имя свойства в `required` объекта, которому оно принадлежит.",
                )
            else:
                message = (
                    "`required` must be a list of property names; it is left out.",
                    "`required` — здесь нужен список имён свойств; ключ пропущен.",
                )
            faults.add("doc-schema-required", place, message, Severity.WARNING, about="form")
            return
        properties = raw.get("properties")
        if (
            not isinstance(properties, dict)
            or not properties
            or not raw.keys().isdisjoint(_SUPPLIERS)
        ):
            return
        if isinstance(raw.get("additionalProperties"), dict) or _is_composed(pointer):
            return
        missing = [name for name in stated if isinstance(name, str) and name not in properties]
        for name in missing[:_MAX_NAMES]:
            closed = raw.get("additionalProperties") is False
            meant = closest(name, frozenset(str(key) for key in list(properties)[:200]))
            hint_en = f" Did you mean `{shown(meant)}`?" if meant else ""
            hint_ru = f" Возможно, имелось в виду `{shown(meant)}`?" if meant else ""
            faults.add(
                "doc-schema-required-unknown",
                place,
                (
                    f"`{shown(name)}` is required, but not among the `properties`.{hint_en}",
                    f"Свойство `{shown(name)}` обязательно, но в `properties` его нет.{hint_ru}",
                ),
                Severity.WARNING if closed or meant else Severity.INFORMATION,
                about=name,
            )


def _is_composed(pointer: str) -> bool:
    """Whether the schema at `pointer` is a part of another one, which may state the rest."""
    tokens = pointer.rsplit("/", 3)
    return tokens[-1] in _COMPOSITIONS or (len(tokens) > 1 and tokens[-2] in _COMPOSITIONS)
