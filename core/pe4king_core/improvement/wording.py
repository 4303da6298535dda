"""Facts and checks in words, for explanations, choice lists and messages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Conforms,
    Contains,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    Subject,
    SubjectKind,
    SumOf,
    Unique,
)
from pe4king_core.model.json import EACH, Json, split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, JsonType

_SHOWN_VALUES = 8
_SECTIONS = frozenset({"schemas", "definitions", "headers", "responses"})

_TYPES: Mapping[JsonType, Message] = {
    JsonType.NULL: Message("null", "null"),
    JsonType.BOOLEAN: Message("a boolean", "логическое значение"),
    JsonType.INTEGER: Message("an integer", "целое число"),
    JsonType.NUMBER: Message("a number", "число"),
    JsonType.STRING: Message("a string", "строка"),
    JsonType.ARRAY: Message("a list", "список"),
    JsonType.OBJECT: Message("an object", "объект"),
}


def subject_words(subject: Subject) -> Message:
    """`items[].price`, `the status` and their like."""
    if subject.kind is SubjectKind.STATUS:
        return Message("the status", "статус")
    if subject.kind is SubjectKind.CONTENT_TYPE:
        return Message("the content type", "тип содержимого")
    if subject.kind is SubjectKind.HEADER:
        return Message(f"the header {subject.name}", f"заголовок {subject.name}")
    if not subject.name:
        return Message("the body", "тело ответа")
    shown = path_words(subject.name)
    return Message(shown, shown)


def path_words(pointer: str) -> str:
    """A pointer as people write it: `/items/*/price` is `items[].price`."""
    text = ""
    for token in split(pointer):
        if token == EACH:
            text += "[]"
        elif token.isdecimal():
            text += f"[{token}]"
        else:
            text += f".{token}" if text else token
    return text


def check_words(check: Check | None) -> Message:  # noqa: PLR0912 - one arm a check
    """What the check asks for: `a number`, `between 1 and 5`."""
    match check:
        case None:
            return Message("is there", "присутствует")
        case Equals(operand):
            return _operand_words(operand)
        case OneOf(values):
            listed = ", ".join(map(_value, values[:_SHOWN_VALUES]))
            more = " ..." if len(values) > _SHOWN_VALUES else ""
            return Message(f"one of {listed}{more}", f"одно из: {listed}{more}")
        case HasType(types):
            return _type_words(types)
        case HasFormat(name):
            return Message(f"format {name}", f"формат {name}")
        case Matches(pattern):
            return Message(f"matches {pattern}", f"соответствует {pattern}")
        case InRange(bounds):
            return _bounds_words(bounds, "", "")
        case MultipleOf(factor):
            return Message(f"a multiple of {factor}", f"кратно {factor}")
        case HasLength(bounds):
            return _bounds_words(bounds, "length ", "длина ")
        case HasSize(bounds):
            return _bounds_words(bounds, "length ", "длина ")
        case Contains(operand):
            if isinstance(operand, Literal):
                shown = _value(operand.value)
                return Message(f"contains {shown}", f"содержит {shown}")
            inner = _operand_words(operand)
            return Message(f"contains what {inner.en}", f"содержит то, что {inner.ru}")
        case Unique():
            return Message("no repeated items", "без повторов")
        case Sorted(pointer):
            by = f" by {path_words(pointer)}" if pointer else ""
            by_ru = f" по {path_words(pointer)}" if pointer else ""
            return Message(f"sorted{by}", f"отсортировано{by_ru}")
        case OnlyMembers(names):
            listed = ", ".join(names[:_SHOWN_VALUES]) + " ..." * (len(names) > _SHOWN_VALUES)
            return Message(f"no members but {listed}", f"нет полей, кроме {listed}")
        case NotNull():
            return Message("not null", "не null")
        case Conforms():
            return Message("conforms to the schema", "соответствует схеме")


def _value(value: Json) -> str:
    """A value as JSON writes it."""
    return json.dumps(value, ensure_ascii=False)


def _type_words(types: frozenset[JsonType]) -> Message:
    names = [_TYPES[kind] for kind in JsonType if kind in types]
    return Message(" or ".join(name.en for name in names), " или ".join(name.ru for name in names))


def _operand_words(operand: Operand) -> Message:
    match operand:
        case Literal(value):
            return Message(f"equals {_value(value)}", f"равно {_value(value)}")
        case RequestValue(pointer):
            shown, shown_ru = path_words(pointer) or "body", path_words(pointer) or "телу"
            return Message(f"equals the sent {shown}", f"равно отправленному {shown_ru}")
        case ResponseValue(call, pointer):
            shown, shown_ru = path_words(pointer) or "the body", path_words(pointer) or "тело"
            return Message(
                f"equals {shown} of call {call[1:]}", f"равно: {shown_ru} вызова {call[1:]}"
            )
        case SumOf(pointer):
            shown = path_words(pointer)
            return Message(f"is the sum of {shown}", f"равно сумме {shown}")
    shown = path_words(operand.pointer)
    most, most_ru = ("", "")
    if operand.most is not None:
        most, most_ru = f" (as far as {operand.most})", f" (в пределах {operand.most})"
    return Message(f"is the number of {shown}{most}", f"равно количеству {shown}{most_ru}")


def _bounds_words(bounds: Bounds, en: str, ru: str) -> Message:
    low, high = bounds.low, bounds.high
    if low is not None and low == high:
        return Message(f"{en}exactly {low}", f"{ru}ровно {low}")
    if low is not None and high is not None:
        more = "more than " if bounds.exclusive_low else "from "
        more_ru = "больше " if bounds.exclusive_low else "от "
        less = "and less than" if bounds.exclusive_high else "to"
        less_ru = "и меньше" if bounds.exclusive_high else "до"
        return Message(f"{en}{more}{low} {less} {high}", f"{ru}{more_ru}{low} {less_ru} {high}")
    if low is not None:
        sign = "more than" if bounds.exclusive_low else "at least"
        sign_ru = "больше" if bounds.exclusive_low else "не меньше"
        return Message(f"{en}{sign} {low}", f"{ru}{sign_ru} {low}")
    sign = "less than" if bounds.exclusive_high else "at most"
    sign_ru = "меньше" if bounds.exclusive_high else "не больше"
    return Message(f"{en}{sign} {high}", f"{ru}{sign_ru} {high}")


def fact_words(fact: AssertionFact) -> Message:
    """One fact as a short sentence: `items[].price: from 0 to 100 (if present)`."""
    subject, check = subject_words(fact.subject), check_words(fact.check)
    optional = fact.presence is Presence.IF_PRESENT
    return Message(
        f"{subject.en}: {check.en}{' (if present)' if optional else ''}",
        f"{subject.ru}: {check.ru}{' (если есть)' if optional else ''}",
    )


def source_words(pointer: str) -> str:
    """A place in the document as people say it: `Book.price`; "" where it has no short name.

    `#/components/schemas/Book/properties/price` and its like in Swagger 2.0.
    """
    parts = split(pointer.partition("#")[2] or pointer)
    section = next((i for i, part in enumerate(parts[:2]) if part in _SECTIONS), None)
    rest = iter(parts[section + 1 :] if section is not None else ())
    text = next(rest, "")
    for part in rest:
        match part:
            case "properties" | "content":
                text += f".{next(rest, '')}"
            case "allOf" | "anyOf" | "oneOf":
                next(rest, "")
            case "items":
                text += "[]"
    return text
