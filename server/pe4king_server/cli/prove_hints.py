"""What a test could do to notice a fault, where no check of an answer is known that would."""

from __future__ import annotations

from types import MappingProxyType

from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.state.damage import Operator
from pe4king_core.model.message import Message

_READ_AGAIN = Message(
    "read it with another request and compare it with what was sent",
    "прочитать другим запросом и сравнить с отправленным",
)
_READ_MEMBER = Message(
    "read it with another request and compare {} with what was sent",
    "прочитать другим запросом и сравнить {} с отправленным",
)
_WHOLE = Message(
    "no single check that we know; comparing the whole answer with the document would",
    "отдельной проверки мы не знаем; поможет сверка всего ответа с документом",
)
"""Whatever breaks a contract is rejected by a validator."""
_HINTS = MappingProxyType(
    {
        Operator.ECHO_CHANGED: Message(
            "compare {} in the answer with what was sent",
            "сравнить {} в ответе с отправленным",
        ),
        Operator.NOT_KEPT: _READ_AGAIN,
        Operator.KEPT_CHANGED: _READ_MEMBER,
        Operator.NOT_UPDATED: _READ_AGAIN,
        Operator.MEMBER_NOT_UPDATED: _READ_MEMBER,
        Operator.NOT_REMOVED: Message(
            "ask for it again after the removal and expect that it is gone",
            "запросить его ещё раз после удаления и ожидать, что его нет",
        ),
        Operator.REMOVED_IS_LISTED: Message(
            "read the list after the removal and expect that it is not there",
            "прочитать список после удаления и ожидать, что его там нет",
        ),
        Operator.COUNT_OFF_BY_ONE: Message(
            "compare {} with the number of items", "сравнить {} с числом элементов"
        ),
        Operator.PAGE_IGNORED: Message(
            "ask for two pages with {} and compare their items",
            "запросить две страницы с {} и сравнить их элементы",
        ),
        Operator.ORDER_REVERSED: Message(
            "make two things and compare their order in the list with the order it should have",
            "создать два объекта и сравнить их порядок в списке с нужным",
        ),
        Operator.SORT_IGNORED: Message(
            "ask with {} and compare neighbouring items", "запросить с {} и сравнить соседей"
        ),
        Operator.FILTER_IGNORED: Message(
            "ask with {} and check that every item fits it",
            "запросить с {} и проверить, что подходит каждый элемент",
        ),
        Operator.EMPTY_LIST: Message(
            "expect at least one item, after making one if need be",
            "ожидать хотя бы один элемент, если нужно — создав его",
        ),
        Operator.NOT_LISTED: Message(
            "make something and look for it in the list", "создать объект и найти его в списке"
        ),
        Operator.ITEM_MISSING: Message(
            "make something and look for it in the list, or count the items",
            "создать объект и найти его в списке или посчитать элементы",
        ),
    }
)


def hint(mutant: Mutant) -> Message:
    """What a test could do against it."""
    if mutant.kind is MutantKind.CONTRACT:
        return _WHOLE
    told = _HINTS[Operator(mutant.operator)]
    what = mutant.subject
    return Message(told.en.replace("{}", what), told.ru.replace("{}", what))
