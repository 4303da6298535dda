"""Why a request that looks wrong may be right after all: which reading of it is valid."""

from __future__ import annotations

from collections.abc import Iterable

from pe4king_core.generation.proofs.coercion import Reading, Way
from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.schema.values import Direction, Validity, json_type, validity

_READ_AS = {
    Way.NUMBER: Message("the text may be read as a number", "текст может быть прочитан как число"),
    Way.BOOLEAN: Message(
        "the value may be read as a boolean", "значение может быть прочитано как логическое"
    ),
    Way.TEXT: Message("the value may be read as text", "значение может быть прочитано как текст"),
    Way.WHOLE: Message("the fraction may be cut off", "дробная часть может быть отброшена"),
    Way.TRIMMED: Message(
        "the space around the text may be cut off", "пробелы по краям могут быть отброшены"
    ),
    Way.CASE: Message(
        "upper and lower case may be taken for the same", "регистр букв может не различаться"
    ),
    Way.ONE: Message(
        "one value may be read as a list of one, or the list as its only value",
        "одно значение может быть прочитано как список из одного, и наоборот",
    ),
    Way.LIST: Message("the text may be read as a list", "текст может быть прочитан как список"),
    Way.NULL: Message(
        "an empty text may be read as null", "пустой текст может быть прочитан как null"
    ),
    Way.LEFT_OUT: Message(
        "null may be read as a missing value, and the value may be missing",
        "null может быть прочитан как отсутствие значения, а оно допустимо",
    ),
    Way.MISSING: Message(
        "a missing value may be read as null, which is allowed",
        "отсутствие значения может быть прочитано как null, а он допустим",
    ),
    Way.DEFAULT: Message(
        "the default may be taken instead", "вместо него может быть взято значение по умолчанию"
    ),
}
NOT_REQUIRED = Message("the parameter is not required", "параметр необязателен")
MAY_BE_MISSING = _READ_AS[Way.LEFT_OUT]
NULL_FOR_MISSING = _READ_AS[Way.MISSING]
ITEM_LEFT_OUT = Message(
    "a server may leave null items out, and the array is valid without them",
    "сервер может отбросить элементы null, а без них массив верен",
)
HAS_DEFAULT = _READ_AS[Way.DEFAULT]
EMPTY_AS_MISSING = Message(
    "an empty text may be read as a missing value", "пустой текст может означать отсутствие"
)
UNTOLD = Message(
    "whether the schema allows the value cannot be told: it has a pattern or keywords that only "
    "a server can judge",
    "нельзя сказать, допускает ли схема значение: её шаблон или ключевые слова может проверить "
    "только сервер",
)
ALLOWED = Message("the schema allows the value", "схема допускает это значение")
TOO_LONG = Message(
    "a URL or header this long may not arrive", "такой длинный URL или заголовок может не дойти"
)
CANNOT_TRAVEL = Message(
    "the text cannot travel as it is", "такой текст нельзя передать без изменений"
)
SPREAD = Message(
    "the members of the object may travel under their own names",
    "поля объекта могут передаваться под своими именами",
)
EMPTY_LIST = Message(
    "a form cannot tell an empty list from a missing one, and an empty one is allowed",
    "форма не отличает пустой список от отсутствующего, а пустой допустим",
)
UNCHECKED = Message(
    "a box that is not checked is missing from a form: it may be read as false",
    "неотмеченный флажок в форме отсутствует: это может быть прочитано как false",
)
TOO_MANY = Message(
    "there are too many ways to read the changes", "изменения можно прочитать слишком по-разному"
)
NOT_UNDERSTOOD = Message("the change is not of a kind that can be proven", "такое нельзя доказать")


def allowed_reading(
    ways: Iterable[Reading], schema: Schema, direction: Direction = Direction.EITHER
) -> Message | None:
    """Why one of the readings may be valid against `schema`; None where none of them is."""
    for reading in ways:
        if not schema.allows(json_type(reading.value)):
            continue
        verdict = validity(reading.value, schema, direction=direction)
        if verdict is not Validity.INVALID:
            return reason_of(reading, verdict, schema)
    return None


def reason_of(reading: Reading, verdict: Validity, schema: Schema) -> Message:
    """What makes `reading` not certainly invalid."""
    if verdict is Validity.UNKNOWN:
        return UNTOLD
    if reading.way is not Way.SENT:
        return _READ_AS[reading.way]
    for branch in schema.branches.values():
        if validity(reading.value, branch) is Validity.VALID:
            name = branch.title or (split(branch.pointer) or ("",))[-1]
            return Message(f"the branch {name} allows it", f"ветвь {name} допускает это")
    return ALLOWED
