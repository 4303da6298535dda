"""What is told of generated tests: the one sentence, and the notes behind it."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.case import NotProvable
from pe4king_core.model.message import Message
from pe4king_server.actions.base import counted, plural
from pe4king_server.actions.presence import State
from pe4king_server.actions.writing import Written
from pe4king_server.own_tests.model import Recognised

_NO_RULE = Message(
    "The document states no operation, or no rule that a request could break.",
    "В документе нет ни операций, ни правил, которые запрос мог бы нарушить.",
)


def message_of(
    written: Written,
    what: str,
    cases: int,
    doubts: Sequence[NotProvable],
    over_budget: int,
) -> tuple[Message, Message]:
    """Title and sentence for tests of `what` (empty: the document)."""
    en, ru = what or "the document", what or "документа"
    count = len(written.added)
    if not cases:
        why = note_of(doubts[0]) if doubts else _NO_RULE
        none = Message(
            f"There is nothing to write for {en} with these settings. {why.en}",
            f"Для {ru} при этих настройках писать нечего. {why.ru}",
        )
        return none, none
    if not count:
        there = Message(f"All tests of {en} are there already.", f"Все тесты для {ru} уже есть.")
        return there, there
    tests = plural(count, "тест", "теста", "тестов")
    title = Message(f"Pe4King: {counted(count, 'test')} for {en}", f"Pe4King: {tests} для {ru}")
    message = Message(f"Wrote {counted(count, 'test')} for {en}.", f"Написано: {tests} для {ru}.")
    for more in (_lacking(written), _over(over_budget)):
        message = Message(f"{message.en}{more.en}", f"{message.ru}{more.ru}")
    return title, message


def _lacking(written: Written) -> Message:
    if not written.lacking:
        return Message("", "")
    fixtures = ", ".join(written.lacking)
    return Message(
        f" The conftest.py that is there has no fixture {fixtures}: add it, "
        "or choose another folder (pe4king.output, --out).",
        f" В имеющемся conftest.py нет фикстуры {fixtures}: добавьте её "
        "или выберите другую папку (pe4king.output, --out).",
    )


def _over(count: int) -> Message:
    if not count:
        return Message("", "")
    return Message(
        f" Less valuable ones left out: {count} (maxTestsPerEndpoint, --max; 0 writes all).",
        f" Менее ценных пропущено: {count} (maxTestsPerEndpoint, --max; 0 — писать все).",
    )


def notes_of(
    written: Written,
    recognised: Recognised,
    without_client: int,
) -> tuple[Message, ...]:
    """What was recognised, and what was left out and why."""
    notes = list(recognised.told) if written.added else []
    if without_client:
        notes.append(_unsent(without_client, recognised))
    if written.unsent:
        notes.append(_unknown_credentials(written.unsent))
    excluded = sum(len(file.presence.those(State.LEFT_OUT)) for file in written.files)
    if excluded:
        notes.append(
            Message(
                f"Left out as comments in the files ask: {counted(excluded, 'test')}.",
                f"Пропущено по комментариям в файлах: "
                f"{plural(excluded, 'тест', 'теста', 'тестов')}.",
            )
        )
    return tuple(notes)


def _unsent(count: int, recognised: Recognised) -> Message:
    lack, tests = "missing or wrong credentials", plural(count, "тест", "теста", "тестов")
    ru = "без верных учётных данных"
    if recognised.own.anonymous_client:
        lack, ru = "wrong credentials", "с неверными учётными данными"
    return Message(
        f"Left out: {counted(count, 'test')} of requests with {lack}, for which your tests have "
        "no client.",
        f"Пропущено: {tests} запросов {ru}: в ваших тестах нет клиента для них.",
    )


def _unknown_credentials(variables: Sequence[str]) -> Message:
    shown = ", ".join(variables)
    return Message(
        f"The conftest.py or BaseApiTest that is there does not send {shown}: add it, or move "
        "the file away and generate again.",
        f"Имеющийся conftest.py или BaseApiTest не отправляет {shown}: добавьте это или уберите "
        "файл и повторите.",
    )


def note_of(doubt: NotProvable) -> Message:
    """What could not be proven, and why."""
    return Message(
        f"Left out: {doubt.operation} {doubt.title.en}: {doubt.reason.en}.",
        f"Пропущено: {doubt.operation} {doubt.title.ru}: {doubt.reason.ru}.",
    )
