"""Contract mutants in words, for names and for people."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.mutants.operators import Breaks, Ignores, Kind
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message

_KINDS = MappingProxyType(
    {
        Kind.TEXT: Message("text", "текст"),
        Kind.NUMBER: Message("number", "число"),
        Kind.FRACTION: Message("fraction", "дробное число"),
        Kind.BOOLEAN: Message("boolean", "логическое значение"),
        Kind.LIST: Message("list", "список"),
        Kind.OBJECT: Message("object", "объект"),
        Kind.NULL: Message("null", "null"),
    }
)
_GENITIVE = MappingProxyType(
    {
        Kind.TEXT: "текста",
        Kind.NUMBER: "числа",
        Kind.BOOLEAN: "логического значения",
        Kind.LIST: "списка",
        Kind.OBJECT: "объекта",
        Kind.NULL: "null",
    }
)
_PLAIN = MappingProxyType(
    {
        Breaks.MISSING: Message("missing", "отсутствует"),
        Breaks.NULL: Message("null", "null"),
        Breaks.REPEATED: Message("a repeated item", "повторённый элемент"),
        Breaks.PATTERN: Message("does not match its pattern", "не подходит под шаблон"),
        Breaks.ERROR_BODY: Message("an error body of another shape", "тело ошибки другой формы"),
        Breaks.NO_CONTENT_TYPE: Message("no content type", "нет типа содержимого"),
        Breaks.NO_HEADER: Message("missing", "отсутствует"),
        Breaks.HEADER_VALUE: Message("a forbidden value", "недопустимое значение"),
        Breaks.EMPTY_BODY: Message("empty body", "пустое тело"),
        Breaks.BROKEN_BODY: Message("body cut off", "тело обрезано"),
        Breaks.NEEDLESS_BODY: Message("a body where there is none", "тело там, где его нет"),
        Ignores.CREDENTIALS: Message("accepted without credentials", "принят без учётных данных"),
    }
)
_WITH_VALUE = MappingProxyType(
    {
        Breaks.BELOW: Message("{}, below the minimum", "{}, меньше минимума"),
        Breaks.ABOVE: Message("{}, above the maximum", "{}, больше максимума"),
        Breaks.NOT_MULTIPLE: Message("no multiple of {}", "не кратно {}"),
        Breaks.TOO_SHORT: Message("text shorter than {}", "текст короче {}"),
        Breaks.TOO_LONG: Message("text longer than {}", "текст длиннее {}"),
        Breaks.TOO_FEW: Message("number of items below {}", "элементов меньше {}"),
        Breaks.TOO_MANY: Message("number of items above {}", "элементов больше {}"),
        Breaks.ENUM: Message("{}, which is not documented", "{}, чего нет в документе"),
        Breaks.EXTRA: Message("extra member {}", "лишнее поле {}"),
        Breaks.STATUS: Message("answered with {}", "ответ со статусом {}"),
        Breaks.CONTENT_TYPE: Message("sent as {}", "отправлено как {}"),
    }
)
_ACCEPTED = MappingProxyType(
    {
        "": Message("anything accepted", "принимается что угодно"),
        "required": Message("accepted without it", "принят без него"),
        "type": Message("a value of another type accepted", "принято значение другого типа"),
    }
)


def described(mutant: Mutant) -> Message:
    """The mutant in both languages: where it is, and what is wrong there."""
    where, what = _where(mutant), phrase(mutant.operator, mutant.value)
    return Message(f"{where.en}: {what.en}", f"{where.ru}: {what.ru}")


def _where(mutant: Mutant) -> Message:
    parts = [part for part in (mutant.operation, mutant.status) if part]
    start = " ".join(parts)
    if mutant.operator in (Ignores.INVALID, Ignores.CREDENTIALS):
        shown = f" {mutant.subject}" if mutant.operator == Ignores.INVALID else ""
        return Message(f"{start}{shown}", f"{start}{shown}")
    if mutant.operator in (Breaks.NO_HEADER, Breaks.HEADER_VALUE):
        return Message(f"{start} header {mutant.subject}", f"{start} заголовок {mutant.subject}")
    shown = f" {mutant.subject}" if mutant.subject else ""
    return Message(f"{start}{shown}", f"{start}{shown}")


def phrase(operator: str, value: Json) -> Message:
    """What is wrong, without the place."""
    plain = _PLAIN.get(operator)  # type: ignore[call-overload]  # a StrEnum is its text
    if isinstance(plain, Message):
        return plain
    template = _WITH_VALUE.get(operator)  # type: ignore[call-overload]  # likewise
    if isinstance(template, Message):
        shown = _shown(value)
        return Message(template.en.format(shown), template.ru.format(shown))
    if operator == Breaks.TYPE and isinstance(value, Sequence):
        return _instead(str(value[0]), str(value[1]))
    if operator == Breaks.FORMAT and isinstance(value, Sequence):
        return Message(f"{_shown(value[1])}, no {value[0]}", f"{_shown(value[1])}, не {value[0]}")
    if operator == Breaks.BAD_ITEM:
        return Message("the last item is of another type", "последний элемент другого типа")
    return _accepted(str(value or ""))


def _instead(kind: str, wanted: str) -> Message:
    name = _KINDS[Kind(kind)]
    wanted_ru = " | ".join(_GENITIVE.get(Kind(each), each) for each in wanted.split(" | "))
    return Message(f"{name.en} instead of {wanted}", f"{name.ru} вместо {wanted_ru}")


def _accepted(keyword: str) -> Message:
    known = _ACCEPTED.get(keyword)
    if known is not None:
        return known
    return Message(
        f"a value that breaks `{keyword}` accepted", f"принято значение, нарушающее `{keyword}`"
    )


def _shown(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
