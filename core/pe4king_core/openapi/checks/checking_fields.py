"""Checks of one object against its grammar: unknown fields, wrong types, missing fields."""

from __future__ import annotations

import difflib
from functools import lru_cache

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.checks.grammar import ElementKind, Field, Form, ObjectGrammar, ValueType
from pe4king_core.openapi.checks.grammar_names import KIND_NAMES
from pe4king_core.openapi.checks.grammar_tables import versions_with
from pe4king_core.openapi.findings.faults import Faults, shown
from pe4king_core.openapi.raw import Raw

_ANNOTATIVE = frozenset(
    {
        ElementKind.CONTACT,
        ElementKind.EXAMPLE,
        ElementKind.EXTERNAL_DOCS,
        ElementKind.LICENSE,
        ElementKind.TAG,
        ElementKind.XML,
    }
)
"""What tests do not depend on."""

_MAX_NAME = 64
_MAX_DIFFERENCE = 4
_LIKENESS = 0.75
_TYPES: dict[ValueType, tuple[type, ...]] = {
    ValueType.STRING: (str,),
    ValueType.BOOLEAN: (bool,),
    ValueType.NUMBER: (int, float),
    ValueType.COUNT: (int,),
    ValueType.NUMBER_OR_BOOLEAN: (int, float, bool),
    ValueType.STRING_OR_LIST: (str, list),
    ValueType.STRING_OR_BOOLEAN: (str, bool),
}
_RUSSIAN: dict[ValueType, str] = {
    ValueType.STRING: "строка",
    ValueType.BOOLEAN: "true или false",
    ValueType.NUMBER: "число",
    ValueType.COUNT: "целое неотрицательное число",
    ValueType.NUMBER_OR_BOOLEAN: "число",
    ValueType.STRING_OR_LIST: "строка или список строк",
    ValueType.STRING_OR_BOOLEAN: "строка",
}
_ENGLISH: dict[ValueType, str] = {
    ValueType.STRING: "a string",
    ValueType.BOOLEAN: "true or false",
    ValueType.NUMBER: "a number",
    ValueType.COUNT: "a whole number that is not negative",
    ValueType.NUMBER_OR_BOOLEAN: "a number",
    ValueType.STRING_OR_LIST: "a string or a list of strings",
    ValueType.STRING_OR_BOOLEAN: "a string",
}
_SCALARS = (int, float, bool)


def has_type(value: Raw, expected: ValueType) -> bool:
    """Whether `value` is of the type that is expected; a float without fraction is a count."""
    if expected is ValueType.ANY:
        return True
    if type(value) in _TYPES[expected]:
        return True
    return expected is ValueType.COUNT and isinstance(value, float) and value.is_integer()


@lru_cache(maxsize=4096)
def closest(name: str, known: frozenset[str]) -> str | None:
    """The one of `known` that `name` was probably meant to be."""
    if len(name) > _MAX_NAME:
        return None
    meant = name.lower()
    folded = {candidate.lower(): candidate for candidate in sorted(known)}
    near = [candidate for candidate in folded if _may_be(meant, candidate)]
    found = difflib.get_close_matches(meant, near, 1, _LIKENESS)
    return folded[found[0]] if found else None


def _may_be(name: str, candidate: str) -> bool:
    """Whether a comparison is worth its time: like length, first or last letter the same."""
    if abs(len(name) - len(candidate)) > _MAX_DIFFERENCE or not name or not candidate:
        return False
    return name[0] == candidate[0] or name[-1] == candidate[-1]


def unknown_field(
    faults: Faults, pointer: str, name: str, grammar: ObjectGrammar, version: str
) -> None:
    """Reports a field that this kind of object does not have."""
    meant = closest(name, frozenset(grammar.fields))
    others = versions_with(grammar.kind, name)
    kind = KIND_NAMES[grammar.kind]
    if others and meant is None:
        known = ", ".join(others)
        faults.add(
            "doc-field-version",
            pointer,
            (
                f"`{shown(name)}` is a field of OpenAPI {known}, not of {version}; "
                "it is not used here.",
                f"`{shown(name)}` — поле OpenAPI {known}, в версии {version} его нет; "
                "здесь оно не используется.",
            ),
            about=name,
        )
        return
    hint_en = f" Did you mean `{meant}`?" if meant else ""
    hint_ru = f" Возможно, имелось в виду `{meant}`?" if meant else ""
    faults.add(
        "doc-field-unknown",
        pointer,
        (
            f"`{shown(name)}` is no field of this object ({kind.en}).{hint_en}",
            f"У этого объекта ({kind.ru}) нет поля `{shown(name)}`.{hint_ru}",
        ),
        Severity.WARNING if meant else Severity.INFORMATION,
        about=name,
    )


def wrong_value(faults: Faults, pointer: str, name: str, value: Raw, expected: ValueType) -> None:
    """Reports a value whose type is not the expected one."""
    harmless = expected is ValueType.STRING and isinstance(value, _SCALARS)
    faults.add(
        "doc-wrong-type",
        pointer,
        (
            f"`{shown(name)}` must be {_ENGLISH[expected]}, but {_kind_en(value)} stands here.",
            f"`{shown(name)}`: здесь нужна {_RUSSIAN[expected]}, а указано: {_kind_ru(value)}."
            if expected in (ValueType.STRING, ValueType.STRING_OR_LIST)
            else f"`{shown(name)}`: здесь нужно {_RUSSIAN[expected]}, "
            f"а указано: {_kind_ru(value)}.",
        ),
        Severity.INFORMATION if harmless else Severity.WARNING,
        about=name,
        on_value=True,
    )


def wrong_choice(
    faults: Faults, pointer: str, name: str, value: str, choices: frozenset[str]
) -> None:
    """Reports a text that is none of the allowed ones."""
    allowed = ", ".join(sorted(choices))
    meant = closest(value, choices)
    hint_en = f" Did you mean `{meant}`?" if meant else ""
    hint_ru = f" Возможно, имелось в виду `{meant}`?" if meant else ""
    faults.add(
        "doc-wrong-value",
        pointer,
        (
            f"`{name}: {shown(value)}` is not one of {allowed}.{hint_en}",
            f"`{name}: {shown(value)}` — такого значения нет; допустимы: {allowed}.{hint_ru}",
        ),
        Severity.WARNING,
        about=name,
        on_value=True,
    )


def wrong_container(faults: Faults, pointer: str, name: str, field: Field, *, item: bool) -> None:
    """Reports a value that should be a mapping or a list; an `item` is one member of those."""
    wanted_list = field.form is Form.LIST and not item
    severity = Severity.WARNING if field.kind in _ANNOTATIVE else Severity.ERROR
    if field.kind is None:
        severity = Severity.WARNING
    if wanted_list:
        faults.add(
            "doc-not-a-list",
            pointer,
            (
                f"`{shown(name)}` must be a list; it is left out.",
                f"`{shown(name)}`: здесь нужен список; элемент пропущен.",
            ),
            severity,
            about=name,
        )
        return
    faults.add(
        "doc-not-a-mapping",
        pointer,
        (
            f"`{shown(name)}` must be a mapping of keys and values; it is left out.",
            f"`{shown(name)}`: здесь нужен объект с ключами и значениями; элемент пропущен.",
        ),
        severity,
        about=name,
    )


def missing_field(faults: Faults, pointer: str, name: str, grammar: ObjectGrammar) -> None:
    """Reports that a demanded field is absent."""
    kind = KIND_NAMES[grammar.kind]
    faults.add(
        "doc-field-missing",
        pointer,
        (
            f"OpenAPI demands `{name}` here ({kind.en}).",
            f"По спецификации OpenAPI здесь ({kind.ru}) обязательно поле `{name}`.",
        ),
        about=f"{grammar.kind.value}/{name}",
    )


def ignored_siblings(faults: Faults, pointer: str, names: list[str], kind: ElementKind) -> None:
    """Reports fields beside `$ref` that do not count."""
    listed = ", ".join(f"`{shown(name)}`" for name in sorted(names)[:5])
    wrap = kind is ElementKind.SCHEMA
    faults.add(
        "doc-ref-siblings",
        pointer,
        (
            f"{listed} beside `$ref` does not count here: only what `$ref` names is used."
            + (" Wrap the `$ref` in `allOf` to add to it." if wrap else ""),
            f"{listed} рядом с `$ref` не действует: учитывается только то, на что указывает "
            "`$ref`." + (" Чтобы дополнить его, поместите `$ref` в `allOf`." if wrap else ""),
        ),
        about=listed,
    )


def wrong_target(
    faults: Faults, pointer: str, reference: str, wanted: ElementKind, found: ElementKind
) -> None:
    """Reports a `$ref` that leads to another kind of object than stands here."""
    expected, actual = KIND_NAMES[wanted], KIND_NAMES[found]
    faults.add(
        "doc-ref-kind",
        pointer,
        (
            f"`$ref: {shown(reference, 80)}` leads to another kind of object ({actual.en}), "
            f"this place needs one of the kind `{expected.en}`.",
            f"`$ref: {shown(reference, 80)}` ведёт к объекту другого вида ({actual.ru}), "
            f"а здесь нужен вид «{expected.ru}».",
        ),
        Severity.WARNING,
        about=reference,
    )


def _kind_en(value: Raw) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"`{shown(_literal(value))}`"


def _kind_ru(value: Raw) -> str:
    if isinstance(value, dict):
        return "объект"
    if isinstance(value, list):
        return "список"
    return f"`{shown(_literal(value))}`"


def _literal(value: Raw) -> Raw:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else value
