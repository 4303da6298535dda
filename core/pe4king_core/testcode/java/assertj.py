"""AssertJ's (and Truth's) fluent assertions: what each link claims, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pe4king_core.model.fact import (
    Contains,
    HasSize,
    NotNull,
    Presence,
    Sorted,
    SubjectKind,
)
from pe4king_core.testcode.claims import (
    Claims,
    child,
    claim,
    comparison,
    operand,
)
from pe4king_core.testcode.conditional import OPAQUE
from pe4king_core.testcode.java.answers import collected_from, each_of
from pe4king_core.testcode.java.fluent_checks import (
    SIZES,
    between,
    check_of,
    entries,
    exactly,
    keys,
    of_media_type,
)
from pe4king_core.testcode.java.models import item_type, member
from pe4king_core.testcode.java.objects import (
    Asserted,
    Entry,
    Extracted,
    Lambda,
    Stated,
    Typed,
    bare,
)
from pe4king_core.testcode.java.requests import Link
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.logic import negation
from pe4king_core.testcode.values import (
    UNKNOWN,
    Collected,
    Headers,
    Known,
    Measure,
    Measured,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

Apply = Callable[[Context, Lambda, Sequence[Value]], Value]
Conditions = Callable[[Context, Lambda, Sequence[Value]], Claims]

_SIGNS = {
    "isEqualTo": "==", "isSameAs": "==", "isNotEqualTo": "!=", "isGreaterThan": ">",
    "isGreaterThanOrEqualTo": ">=", "isLessThan": "<", "isLessThanOrEqualTo": "<=",
    "isEqualByComparingTo": "==", "isAtLeast": ">=", "isAtMost": "<=", "hasToString": "==",
}  # fmt: skip
_NUMBERS = {
    "isZero": ("==", 0), "isOne": ("==", 1), "isNotZero": ("!=", 0), "isPositive": (">", 0),
    "isNegative": ("<", 0), "isNotNegative": (">=", 0), "isNotPositive": ("<=", 0),
}  # fmt: skip
_QUIET = frozenset(
    {"as", "describedAs", "withFailMessage", "overridingErrorMessage", "asString", "asList"}
    | {"asInstanceOf", "usingRecursiveComparison", "ignoringFields", "withStrictTypeChecking"}
    | {"ignoringCollectionOrder", "usingDefaultComparator", "ignoringActualNullFields", "and"}
    | {"usingRecursiveFieldByFieldElementComparator", "ignoringExpectedNullFields", "inOrder"}
    | {"ignoringFieldsMatchingRegexes", "usingComparator", "usingElementComparator", "asInt"}
    | {"comparingOnlyFields", "usingElementComparatorIgnoringFields", "returnToIterable", "stream"}
    | {"asArray", "extractingValues", "info", "asLong", "asDouble", "withMessage", "named"}
)
_OF_KEYS = {
    **dict.fromkeys(("contains", "containsAll"), ">="),
    "isSubsetOf": "<=",
    **dict.fromkeys(("containsOnly", "containsExactly", "containsExactlyInAnyOrder"), "=="),
    **dict.fromkeys(("hasSameElementsAs", "containsExactlyInAnyOrderElementsOf"), "=="),
}
"""Links of a set of keys, and how its members stand to those that they name."""
_ENTRIES = frozenset({"contains", "containsAllEntriesOf", "containsExactly", "containsOnly"})
_LOOSE = frozenset({"usingComparator", "usingElementComparator", "ignoringFields"})


def fluent_link(
    context: Context, value: Asserted, link: Link, apply: Apply, conditions: Conditions
) -> Value:
    """What the link gives; its claims are recorded."""
    if link.name in _QUIET:
        loose = link.name in _LOOSE and not isinstance(bare(value.value), Part)
        return replace(value, value=Unknown(value.origin)) if loose else value
    led = _led(context, value.value, link, apply)
    if led is not None:
        return replace(value, value=led)
    if link.name in ("satisfies", "allSatisfy", "anySatisfy", "hasOnlyOneElementSatisfying"):
        _satisfied(context, value, link, apply)
        return value
    if link.name == "returns" and len(link.values) == 2 and isinstance(link.values[1], Lambda):
        found = bare(apply(context, link.values[1], [value.value]))
        _claim(context, value, link, comparison(found, "==", link.values[0]))
        return value
    if link.name in ("matches", "allMatch", "anyMatch", "noneMatch") and link.values:
        function = link.values[0]
        if isinstance(function, Lambda):
            _claim(
                context, value, link, _predicate(context, value, link.name, function, conditions)
            )
            return value
    _claim(context, value, link, _claims(context, value.value, link.name, list(link.values)))
    return value


def _claim(context: Context, value: Asserted, link: Link, claims: Claims) -> None:
    context.recorder.claim(link.span, claims, value.origin, library=value.library, soft=value.soft)


def _led(context: Context, value: Value, link: Link, apply: Apply) -> Value | None:
    """Where a link leads that asserts nothing itself."""
    match link.name:
        case "size":
            part = bare(value)
            return (
                Measured(part, Measure.LENGTH)
                if isinstance(part, Part)
                else Unknown(call_of(value))
            )
        case "first" | "element" | "singleElement" | "last":
            return _element(value, link)
        case "extracting" | "extractingByKey" | "map" | "flatExtracting" | "extractingByKeys":
            found = [_extracted(context, value, each, apply) for each in link.values]
            if link.name == "flatExtracting" or not found:
                return Unknown(call_of(value))
            return found[0] if len(found) == 1 else Extracted(tuple(found))
        case "filteredOn" | "filteredOnNull" | "get" | "rootCause" | "cause":
            return value if link.name == "get" else Unknown(call_of(value))
        case "extractingJsonPathValue":
            return Unknown(call_of(value))
    return None


def _element(value: Value, link: Link) -> Value:
    index = plain(link.values[0]) if link.values else Known(0)
    item = each_of(value) if isinstance(bare(value), Part) else None
    known = index.value if isinstance(index, Known) else None
    if item is None or link.name == "last" or not isinstance(known, int):
        return Unknown(call_of(value))
    part = bare(value)
    if not isinstance(part, Part):
        return Unknown(call_of(value))
    first = child(part, str(known))
    return replace(item, part=first) if isinstance(item, Typed) else first


def is_list(value: Value) -> bool:
    """Whether `value` is a list for certain."""
    return isinstance(value, Collected) or (
        isinstance(value, Typed) and item_type(value.type) is not None
    )


def _extracted(context: Context, value: Value, by: Value, apply: Apply) -> Value:
    """What `by` (a name, a lambda) takes of `value`, or of each of its items."""
    listed = is_list(value)
    item = each_of(value) if listed else value
    name = plain(by)
    if isinstance(by, Lambda):
        inside = apply(context, by, [item])
    elif isinstance(name, Known) and isinstance(name.value, str):
        inside = _property(context, item, name.value)
    else:
        return Unknown(call_of(value))
    return collected_from(value, item, inside) if listed else inside


def _property(context: Context, value: Value, path: str) -> Value:
    for name in path.split("."):
        if isinstance(value, Typed):
            found = member(context.run.lookup, value, name)
            unseen = isinstance(found, Unknown) and item_type(value.type) is None
            value = child(value.part, name) if unseen and _is_map(value) else found
        elif isinstance(value, Part) and value.subject.kind is SubjectKind.BODY:
            value = child(value, name)
        else:
            return Unknown(call_of(value))
    return value


def _is_map(value: Typed) -> bool:
    return value.type.name.rpartition(".")[2] in ("Map", "HashMap", "LinkedHashMap")


def _satisfied(context: Context, value: Asserted, link: Link, apply: Apply) -> None:
    """`satisfies(book -> { ... })`: the assertions inside speak of the value or its items."""
    for function in link.values:
        if not isinstance(function, Lambda):
            _claim(context, value, link, ())
        elif link.name == "satisfies":
            apply(context, function, [value.value])
        elif link.name == "allSatisfy":
            apply(context, function, [each_of(value.value)])
        else:
            with context.recorder.under(OPAQUE):
                apply(context, function, [each_of(value.value)])


def _predicate(
    context: Context, value: Asserted, name: str, function: Lambda, conditions: Conditions
) -> Claims:
    item = value.value if name == "matches" else each_of(value.value)
    claims = conditions(context, function, [item])
    if name in ("matches", "allMatch"):
        return claims
    part = bare(value.value)
    return (claim(part, None),) if isinstance(part, Part) else ()


def _claims(context: Context, typed: Value, name: str, values: list[Value]) -> Claims:
    value = bare(typed)
    values = [bare(each) for each in values]
    if isinstance(value, Extracted):
        return _of_several(value, name, values)
    if name in _SIGNS and values:
        if len(values) == 2 and isinstance(value, Part):
            return (claim(value, None),)
        return comparison(value, _SIGNS[name], values[0])
    if isinstance(value, Stated) and name in ("isTrue", "isFalse"):
        return value.claims if value.denied == (name == "isFalse") else negation(value.claims)
    if name in ("isTrue", "isFalse"):
        return comparison(value, "==", Known(name == "isTrue"))
    if name in _NUMBERS:
        sign, number = _NUMBERS[name]
        return comparison(value, sign, Known(number))
    if isinstance(value, Part):
        return _of_part(context, typed, value, name, values)
    if isinstance(value, Headers) and name == "containsKey" and values:
        return comparison(values[0], "in", value)
    if isinstance(value, Collected):
        return _of_collected(value, name, values)
    if isinstance(value, Measured):
        return _of_measured(value, name, values)
    return ()


def _of_several(value: Extracted, name: str, values: list[Value]) -> Claims:
    """`extracting("id", "title").containsExactly(1, "x")` of one object."""
    if name == "containsExactly" and len(values) == len(value.values):
        pairs = zip(value.values, values, strict=True)
        if all(isinstance(bare(each), Part) for each in value.values):
            return tuple(
                each for left, right in pairs for each in comparison(bare(left), "==", right)
            )
    return tuple(claim(part, None) for each in value.values if isinstance(part := bare(each), Part))


def _of_measured(value: Measured, name: str, values: list[Value]) -> Claims:
    if name == "isBetween" and value.measure is Measure.LENGTH:
        ends = between(values)
        if ends is not None:
            return (claim(value.part, HasSize(ends.bounds)),)
    if value.measure is Measure.KEYS and name in _OF_KEYS:
        return comparison(value, _OF_KEYS[name], _listed(values))
    if value.measure is Measure.DISTINCT and name == "contains":
        found = [each for key in values for each in comparison(key, "in", value)]
        return tuple(found) or (claim(value.part, None),)
    return (claim(value.part, None),)


def _listed(values: list[Value]) -> Value:
    """`("id", "title")` and `(List.of("id", "title"))` as the list that they give."""
    known = [each.value for each in map(plain, values) if isinstance(each, Known)]
    if len(known) != len(values):
        return UNKNOWN
    return Known(known[0] if len(known) == 1 and isinstance(known[0], list) else known)


def _of_collected(value: Collected, name: str, values: list[Value]) -> Claims:
    if name == "isSorted":
        return (claim(value.array, Sorted(value.inner)),)
    if name in SIZES or name in ("isNotEmpty", "isEmpty"):
        return (claim(value.array, check_of(value.array, name, values)),)
    item = each_of(value)
    return _of_each(item, name, values) if isinstance(item, Part) else ()


def _of_each(item: Part, name: str, values: list[Value]) -> Claims:
    """What a link says of every item of a list."""
    if name == "doesNotContainNull":
        return (claim(item, NotNull()),)
    if name == "containsOnly" and values:
        known = [each.value for each in map(plain, values) if isinstance(each, Known)]
        if len(known) == len(values):
            return comparison(item, "in", Known(known))
    return (claim(item, None),)


def _of_part(context: Context, typed: Value, part: Part, name: str, values: list[Value]) -> Claims:
    if name == "isNull":
        return comparison(part, "==", Known(None))
    if name in ("isIn", "isOneOf"):
        known = [each.value for each in map(plain, values) if isinstance(each, Known)]
        listed = known[0] if len(known) == 1 and isinstance(known[0], list) else known
        return (
            comparison(part, "in", Known(listed))
            if len(known) == len(values)
            else (claim(part, None),)
        )
    if name in ("containsKey", "containsKeys", "containsOnlyKeys"):
        exact = comparison(Measured(part, Measure.KEYS), "==", _listed(values))
        return exact if name == "containsOnlyKeys" else keys(part, values)
    if name in ("doesNotContainNull", "containsOnly"):
        item = bare(each_of(typed))
        return _of_each(item, name, values) if isinstance(item, Part) else ()
    if name in ("doesNotContainKey", "doesNotContainKeys"):
        return tuple(replace(each, presence=Presence.ABSENT) for each in keys(part, values))
    if name == "containsEntry" or name in _ENTRIES:
        pair = name == "containsEntry" and len(values) == 2
        stated = entries(part, [Entry(values[0], values[1])] if pair else values)
        if stated:
            return stated
    if name in ("hasFieldOrPropertyWithValue", "hasFieldOrProperty") and values:
        return _field(context, typed, values)
    if name in ("contains", "containsSequence") and len(values) > 1:
        found = [operand(each, part.call) for each in values]
        return tuple(claim(part, Contains(each) if each else None) for each in found)
    if name in ("containsExactly", "containsExactlyInAnyOrder"):
        return exactly(part, name, values)
    if part.subject.kind is SubjectKind.CONTENT_TYPE and values:
        claims = of_media_type(part, name, values[0])
        if claims is not None:
            return claims
    return (claim(part, check_of(part, name, values)),)


def _field(context: Context, typed: Value, values: list[Value]) -> Claims:
    name = plain(values[0])
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return ()
    found = bare(_property(context, typed, name.value))
    if len(values) == 2:
        return comparison(found, "==", values[1])
    return (claim(found, None),) if isinstance(found, Part) else ()
