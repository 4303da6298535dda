"""Why an edit does not keep what a test checked: the texts for the user."""

from __future__ import annotations

from pe4king_core.model.message import Message

_LONGEST = 80
TOO_DEEP = Message(
    "the code is nested too deeply to be compared", "код вложен слишком глубоко для сравнения"
)


def gone(test: str) -> Message:
    """The test is not there any more, or is no test any more."""
    return Message(
        f"the test {test} would be removed, or would not be run any more",
        f"тест {test} исчезнет или перестанет запускаться",
    )


def switched_off(test: str, mark: str) -> Message:
    """The test would be skipped, repeated until it passes, or expected to fail."""
    shown = _shown(mark)
    return Message(
        f"{test} would be switched off or run again until it passes: {shown}",
        f"{test} будет отключён или станет повторяться до успеха: {shown}",
    )


def rows(test: str) -> Message:
    """A row of the table of a test is missing."""
    return Message(f"{test} would lose a row of its table", f"{test} потеряет строку таблицы")


def call_lost(test: str, call: str) -> Message:
    """A request is not sent any more, or another one is."""
    return Message(
        f"{test} would not send {call} as before", f"{test} не отправит {call} так, как раньше"
    )


def check_lost(test: str, check: str) -> Message:
    """An assertion is neither there nor implied by others."""
    shown = _shown(check)
    return Message(
        f"{test} would lose a check, or make it weaker: {shown}",
        f"{test} потеряет проверку или ослабит её: {shown}",
    )


def hidden(test: str, check: str, under: str) -> Message:
    """An assertion is there, but may not be made, or its failure is swallowed."""
    shown, why = _shown(check), _shown(under)
    return Message(
        f"{test} would not always make a check, or would hide its failure: {shown} ({why})",
        f"{test} не всегда выполнит проверку или скроет её провал: {shown} ({why})",
    )


def empty(check: str) -> Message:
    """An assertion that cannot fail."""
    shown = _shown(check)
    return Message(
        f"an assertion that cannot fail is added: {shown}",
        f"добавлена проверка, которая не может провалиться: {shown}",
    )


def chance(check: str) -> Message:
    """An assertion that says nothing of any answer."""
    shown = _shown(check)
    return Message(
        f"an assertion that chance decides is added: {shown}",
        f"добавлена проверка, которую решает случай: {shown}",
    )


def idle(test: str) -> Message:
    """A new test that looks at nothing."""
    return Message(
        f"the new test {test} calls the API and checks nothing",
        f"новый тест {test} вызывает API и ничего не проверяет",
    )


def redefined(name: str) -> Message:
    """What tests use would mean something else."""
    return Message(
        f"{name}, which the tests use, would be replaced or defined anew",
        f"{name}, что используют тесты, будет подменено или определено заново",
    )


def contradicting(test: str, check: str) -> Message:
    """A check that no answer of the document can pass is replaced."""
    shown = _shown(check)
    return Message(
        f"{test}: an assertion that contradicts the document is replaced: {shown}",
        f"{test}: заменена проверка, которая противоречит документу: {shown}",
    )


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
