"""Checks of the values that a schema allows: limits that cross, `enum`."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.findings.faults import Faults, literal, shown
from pe4king_core.openapi.raw import NotJsonError, Raw, number_of, plain

_PAIRS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
)
LIMITS = frozenset(
    {name for pair in _PAIRS for name in pair}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
)
"""The keywords that `check_limits` looks at."""

_MAX_ENUM = 2_000


def check_enum(faults: Faults, pointer: str, raw: Mapping[Raw, Raw], types: frozenset[str]) -> None:
    """Reports an `enum` that is empty, repeats itself or is not of the stated `types`."""
    stated = raw["enum"]
    if not isinstance(stated, list):
        return
    place = f"{pointer}/enum"
    if not stated:
        faults.add(
            "doc-schema-enum",
            place,
            (
                "`enum` is empty, so nothing would be valid; it is left out.",
                "`enum` пуст, и ни одно значение не подошло бы; ключ пропущен.",
            ),
            Severity.WARNING,
            about="empty",
        )
        return
    values = stated[:_MAX_ENUM]
    repeated = _repeated(values)
    if repeated is not None:
        faults.add(
            "doc-schema-enum",
            place,
            (
                f"`enum` lists `{repeated}` more than once.",
                f"В `enum` значение `{repeated}` указано несколько раз.",
            ),
            about="repeated",
        )
    if types:
        allowed = types | ({"null"} if raw.get("nullable") is True else set())
        allowed |= {"null"} if raw.get("x-nullable") is True else set()
        _enum_types(faults, place, values, allowed)


def _enum_types(faults: Faults, place: str, values: list[Raw], types: frozenset[str]) -> None:
    strange = [value for value in values if not _fits(value, types)]
    if not strange:
        return
    stated = " | ".join(sorted(types - {"null"}) or ["null"])
    every = len(strange) == len(values)
    faults.add(
        "doc-schema-enum-type",
        place,
        (
            f"`{shown(literal(strange[0]))}` in `enum` is not of the type `{stated}`"
            + (", nor is any other value." if every else "."),
            f"Значение `{shown(literal(strange[0]))}` в `enum` — не типа `{stated}`"
            + (", как и все остальные." if every else "."),
        ),
        Severity.WARNING if every else Severity.INFORMATION,
        about="all" if every else "some",
    )


def check_limits(faults: Faults, pointer: str, raw: Mapping[Raw, Raw]) -> None:
    """Reports limits that leave nothing between them, or that cannot be."""
    for low, high in _PAIRS:
        least, most = number_of(raw.get(low)), number_of(raw.get(high))
        if least is not None and most is not None and least > most:
            _crossed(faults, f"{pointer}/{low}", f"{low}: {least}", f"{high}: {most}")
        for name, value in ((low, least), (high, most)):
            if value is not None and value < 0:
                faults.add(
                    "doc-schema-negative",
                    f"{pointer}/{name}",
                    (
                        f"`{name}: {value}` cannot be negative.",
                        f"`{name}: {value}` не может быть отрицательным.",
                    ),
                    Severity.WARNING,
                    about=name,
                    on_value=True,
                )
    _range(faults, pointer, raw)
    factor = number_of(raw.get("multipleOf"))
    if factor is not None and factor <= 0:
        faults.add(
            "doc-schema-negative",
            f"{pointer}/multipleOf",
            (
                f"`multipleOf: {factor}` must be greater than zero; it is left out.",
                f"`multipleOf: {factor}` должно быть больше нуля; ключ пропущен.",
            ),
            Severity.WARNING,
            about="multipleOf",
            on_value=True,
        )


def _range(faults: Faults, pointer: str, raw: Mapping[Raw, Raw]) -> None:
    lows = _ends(raw, "minimum", "exclusiveMinimum")
    highs = _ends(raw, "maximum", "exclusiveMaximum")
    for low_name, low, low_out in lows:
        for high_name, high, high_out in highs:
            if low > high or (low == high and (low_out or high_out)):
                place = f"{pointer}/{low_name}"
                _crossed(faults, place, f"{low_name}: {low}", f"{high_name}: {high}")
                return


def _ends(
    raw: Mapping[Raw, Raw], inclusive: str, exclusive: str
) -> list[tuple[str, int | float, bool]]:
    """The stated ends of a range: keyword, number, whether the end itself is excluded."""
    found: list[tuple[str, int | float, bool]] = []
    limit, other = number_of(raw.get(inclusive)), number_of(raw.get(exclusive))
    if limit is not None:
        found.append((inclusive, limit, raw.get(exclusive) is True))
    if other is not None:
        found.append((exclusive, other, True))
    return found


def _crossed(faults: Faults, pointer: str, low: str, high: str) -> None:
    faults.add(
        "doc-schema-bounds",
        pointer,
        (
            f"Nothing can satisfy both `{low}` and `{high}`.",
            f"Никакое значение не удовлетворяет сразу `{low}` и `{high}`.",
        ),
        Severity.WARNING,
        about=low,
    )


def _repeated(values: list[Raw]) -> str | None:
    """The first value that stands twice, as text."""
    seen: set[str] = set()
    for value in values:
        try:
            key = f"{type(value).__name__}:{plain(value)!r}"
        except NotJsonError:
            continue
        if key in seen:
            return shown(literal(value))
        seen.add(key)
    return None


def _fits(value: Raw, types: frozenset[str]) -> bool:
    if value is None:
        return "null" in types
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return "number" in types or (whole and "integer" in types)
    if isinstance(value, str):
        return "string" in types or "file" in types
    return ("array" if isinstance(value, list) else "object") in types
