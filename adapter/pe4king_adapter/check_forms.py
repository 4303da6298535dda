"""Checks in their flat form: a name and a list of arguments that are plain values.

exists, absent, unique, not_null   no arguments
equals, contains                   the value
one_of                             the values
type                               JSON type names
format, pattern, multiple_of       the format's name; the pattern; the factor
range, length, size                lowest or null, highest or null
only                               the names of all members that an object may have
sorted                             pointer inside each item, "asc" or "desc"
equals_request                     pointer into the request body
equals_response                    call, pointer into its answer
equals_sum, equals_count           pointer of the numbers; of the array
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from pe4king_core.model.fact import (
    Check,
    Conforms,
    Contains,
    CountOf,
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
    RequestValue,
    ResponseValue,
    Sorted,
    SumOf,
    Unique,
)
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Bounds, JsonType

Arguments = Sequence[Json]

_TEXT_LIMIT = 1000
_PATTERN_LIMIT = 300
_VALUES_LIMIT = 100
_INTEGER_LIMIT = 10**30
_NESTED_REPEAT = re.compile(r"\([^()]*[+*}][^()]*\)[+*{]")
"""`(a+)+`: such patterns can keep a regular expression engine busy for ever."""


class FormError(ValueError):
    """One item of an answer that cannot become a fact; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


def check_of(name: str, arguments: Arguments) -> Check | None:
    """The check with this flat form; None for `exists` and `absent`. Raises FormError."""
    reader = _READERS.get(name)
    if reader is None:
        raise FormError(Message(f"there is no check {name[:40]!r}", f"нет проверки {name[:40]!r}"))
    return reader(arguments)


def form_of(check: Check | None) -> tuple[str, list[Json]] | None:
    """The flat form of `check`, or None where it has none."""
    match check:
        case Equals(operand):
            return _operand_form(operand)
        case Contains(Literal(value)):
            return "contains", [value]
        case OneOf(values):
            return "one_of", list(values)
        case HasType(types):
            return "type", [str(name) for name in sorted(types)]
        case OnlyMembers(names):
            return "only", list(names)
        case HasFormat(name):
            return "format", [name]
        case Matches(pattern):
            return "pattern", [pattern]
        case MultipleOf(factor):
            return "multiple_of", [factor]
        case Sorted(pointer, descending):
            return "sorted", [pointer, "desc" if descending else "asc"]
        case InRange(bounds) | HasLength(bounds) | HasSize(bounds):
            return _bounds_form(check, bounds)
        case Contains() | Conforms():
            return None
        case _:
            return _PLAIN[type(check)], []


_PLAIN: Mapping[type, str] = {type(None): "exists", Unique: "unique", NotNull: "not_null"}


def _operand_form(operand: object) -> tuple[str, list[Json]] | None:
    match operand:
        case Literal(value):
            return "equals", [value]
        case RequestValue(pointer):
            return "equals_request", [pointer]
        case ResponseValue(call, pointer):
            return "equals_response", [call, pointer]
        case SumOf(pointer):
            return "equals_sum", [pointer]
        case CountOf(pointer, None):
            return "equals_count", [pointer]
        case _:
            return None


def _bounds_form(check: Check, bounds: Bounds) -> tuple[str, list[Json]] | None:
    if bounds.exclusive_low or bounds.exclusive_high:
        return None
    names = {InRange: "range", HasLength: "length", HasSize: "size"}
    return names[type(check)], [bounds.low, bounds.high]


def _wrong(wanted: Message) -> FormError:
    return FormError(Message(f"args must be {wanted.en}", f"args должны быть: {wanted.ru}"))


def _one(arguments: Arguments) -> Json:
    if len(arguments) != 1:
        raise _wrong(Message("one value", "одно значение"))
    return _checked(arguments[0])


def _checked(value: Json) -> Json:
    if not sound(value):
        raise _wrong(Message("shorter text and finite numbers", "короче, с конечными числами"))
    return value


def sound(value: Json) -> bool:
    """Whether `value` can be written into a test: finite, encodable, of a decent size."""
    if isinstance(value, str):
        return len(value) <= _TEXT_LIMIT and _encodable(value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return len(value) <= _VALUES_LIMIT and all(map(sound, (*value, *value.values())))
    if isinstance(value, Sequence):
        return len(value) <= _VALUES_LIMIT and all(map(sound, value))
    return not isinstance(value, int) or abs(value) < _INTEGER_LIMIT


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _text(arguments: Arguments) -> str:
    value = _one(arguments)
    if not isinstance(value, str) or not value:
        raise _wrong(Message("one text", "одна строка"))
    return value


def _number(value: Json) -> int | float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(Message("numbers or null", "числа или null"))
    if not sound(value):
        raise _wrong(Message("smaller numbers", "меньшие числа"))
    return value


def _bounds(arguments: Arguments) -> Bounds:
    if len(arguments) != 2:
        raise _wrong(Message("lowest and highest, null for open", "нижняя и верхняя граница"))
    low, high = _number(arguments[0]), _number(arguments[1])
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise _wrong(Message("at least one bound, lowest first", "границы по возрастанию"))
    return Bounds(low, high)


def _sizes(arguments: Arguments) -> Bounds:
    bounds = _bounds(arguments)
    for end in (bounds.low, bounds.high):
        if end is not None and (not isinstance(end, int) or end < 0):
            raise _wrong(Message("whole numbers from 0", "целые числа от 0"))
    return bounds


def _values(arguments: Arguments) -> tuple[Json, ...]:
    if not 1 <= len(arguments) <= _VALUES_LIMIT:
        raise _wrong(Message("the allowed values", "допустимые значения"))
    return tuple(map(_checked, arguments))


def _types(arguments: Arguments) -> frozenset[JsonType]:
    names = [str(name) for name in JsonType]
    if not arguments or any(argument not in names for argument in arguments):
        raise _wrong(Message("JSON type names", "имена типов JSON"))
    return frozenset(JsonType(str(argument)) for argument in arguments)


def _names(arguments: Arguments) -> Check:
    names = _values(arguments)
    if not all(isinstance(name, str) for name in names):
        raise _wrong(Message("names of members", "имена полей"))
    return OnlyMembers(tuple(map(str, names)))


def _format(arguments: Arguments) -> Check:
    name = _text(arguments)
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise _wrong(Message("the name of a format", "имя формата"))
    return HasFormat(name)


def _pattern(arguments: Arguments) -> Check:
    pattern = _text(arguments)
    try:
        re.compile(pattern)
        usable = len(pattern) <= _PATTERN_LIMIT and not _NESTED_REPEAT.search(pattern)
    except (re.error, OverflowError, RecursionError):
        usable = False
    if not usable:
        raise _wrong(Message("one simple pattern", "один простой шаблон"))
    return Matches(pattern)


def _factor(arguments: Arguments) -> Check:
    factor = _number(_one(arguments))
    if factor is None or factor <= 0:
        raise _wrong(Message("one positive number", "одно положительное число"))
    return MultipleOf(factor)


def _pointer(value: Json) -> str:
    if not isinstance(value, str) or (value and not value.startswith("/")):
        raise _wrong(Message("a JSON pointer", "указатель JSON"))
    return str(_checked(value))


def _sorted(arguments: Arguments) -> Check:
    if len(arguments) > 2 or (len(arguments) == 2 and arguments[1] not in ("asc", "desc")):
        raise _wrong(Message('a pointer and "asc" or "desc"', 'указатель и "asc" или "desc"'))
    pointer = _pointer(arguments[0]) if arguments else ""
    return Sorted(pointer, len(arguments) == 2 and arguments[1] == "desc")


def _response(arguments: Arguments) -> Check:
    if len(arguments) != 2 or not isinstance(arguments[0], str):
        raise _wrong(Message("a call and a pointer", "вызов и указатель"))
    return Equals(ResponseValue(arguments[0], _pointer(arguments[1])))


def _nothing(check: Check | None) -> Callable[[Arguments], Check | None]:
    def read(arguments: Arguments) -> Check | None:
        if any(argument is not None for argument in arguments):
            raise _wrong(Message("empty", "пустыми"))
        return check

    return read


_READERS: Mapping[str, Callable[[Arguments], Check | None]] = {
    "exists": _nothing(None),
    "absent": _nothing(None),
    "equals": lambda a: Equals(Literal(_one(a))),
    "one_of": lambda a: OneOf(_values(a)),
    "type": lambda a: HasType(_types(a)),
    "format": _format,
    "pattern": _pattern,
    "range": lambda a: InRange(_bounds(a)),
    "multiple_of": _factor,
    "length": lambda a: HasLength(_sizes(a)),
    "size": lambda a: HasSize(_sizes(a)),
    "contains": lambda a: Contains(Literal(_one(a))),
    "unique": _nothing(Unique()),
    "only": _names,
    "sorted": _sorted,
    "not_null": _nothing(NotNull()),
    "equals_request": lambda a: Equals(RequestValue(_pointer(_one(a)))),
    "equals_response": _response,
    "equals_sum": lambda a: Equals(SumOf(_pointer(_one(a)))),
    "equals_count": lambda a: Equals(CountOf(_pointer(_one(a)))),
}

CHECK_NAMES = tuple(_READERS)
