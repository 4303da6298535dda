"""Why a test is judged as it is, in both languages."""

from __future__ import annotations

from pe4king_core.model.message import Message
from pe4king_core.proof.proving.serving import Stage
from pe4king_core.proof.proving.unillustrated import Ends

_LONGEST = 300
_ENDS = {
    Ends.LOW: ("the lowest numbers", "наименьшие числа"),
    Ends.HIGH: ("the highest numbers", "наибольшие числа"),
}

NOT_RUN = Message("it was not run", "тест не был запущен")
_NO_REQUEST = Message(
    "no request arrived at the server: the test calls the application itself, another address, "
    "or an HTTP client that cannot be redirected",
    "на сервер не пришло ни одного запроса: тест обращается к самому приложению, по другому "
    "адресу или через HTTP-клиент, который нельзя перенаправить",
)
OUT_OF_TIME = Message(
    "the time for the proof was up before it could be judged",
    "время проверки вышло раньше, чем тест удалось оценить",
)
DEPENDS_ON_ITSELF = Message(
    "it passes only once: it depends on what its own earlier run left behind",
    "проходит только один раз: зависит от того, что оставил его же предыдущий запуск",
)


def no_request(message: str) -> Message:
    """The test passes without the server; `message` is what the runner knows of that."""
    if not message:
        return _NO_REQUEST
    text = _short(message)
    return Message(
        f"no request arrived at the server: {text}",
        f"на сервер не пришло ни одного запроса: {text}",
    )


def skipped(message: str) -> Message:
    """The test skips itself."""
    text = _short(message)
    return Message(f"it is skipped: {text}", f"тест пропускается: {text}")


def expected_to_fail(message: str) -> Message:
    """The test is marked as one that fails."""
    text = f": {_short(message)}" if message else ""
    return Message(
        f"it is expected to fail (xfail), so its outcome says nothing{text}",
        f"он помечен как падающий (xfail), и его исход ничего не говорит{text}",
    )


def timed_out(seconds: float) -> Message:
    """One run took too long."""
    return Message(f"it did not end within {seconds:g} seconds", f"не завершился за {seconds:g} с")


def ended_runner(message: str) -> Message:
    """The test takes the test runner with it, again and again."""
    text = _short(message)
    return Message(f"it cannot be judged: {text}", f"оценить его нельзя: {text}")


def set_up_failed(message: str) -> Message:
    """Something failed before or after the test itself."""
    text = _short(message)
    return Message(f"its set-up or clean-up fails: {text}", f"сбой подготовки или очистки: {text}")


def fails_before_request(message: str) -> Message:
    """The test failed and no request had arrived."""
    text = _short(message)
    return Message(
        f"it fails before any request arrived at the server: {text}",
        f"падает до того, как на сервер пришёл хотя бы один запрос: {text}",
    )


def not_in_document(paths: str) -> Message:
    """Nothing that was asked for is in the document."""
    return Message(
        f"what it requests is not in the document: {paths}",
        f"того, что запрашивает тест, нет в документе: {paths}",
    )


def false_alarm(stage: Stage, message: str) -> Message:
    """The test fails on an answer that the document allows."""
    text, where = _short(message), _where(stage)
    return Message(
        f"it fails on the conforming server ({where.en}), whose every answer the document "
        f"allows: {text}",
        f"падает на правильном сервере ({where.ru}), все ответы которого допускает документ: "
        f"{text}",
    )


def not_on_all(stage: Stage, message: str) -> Message:
    """The user's own test passes, but not for every answer that the document allows."""
    text, where = _short(message), _where(stage)
    return Message(
        f"on other answers that the document allows ({where.en}) it fails: {text}",
        f"при других ответах, которые допускает документ ({where.ru}), падает: {text}",
    )


def _where(stage: Stage) -> Message:
    """Which answers those are."""
    if stage.ends is not None:
        en, ru = _ENDS[stage.ends]
        return Message(f"none of its examples, {en}", f"без его примеров, {ru}")
    if stage.lenient:
        return Message(f"seed {stage.seed}, lenient", f"seed {stage.seed}, нестрогий")
    return Message(f"seed {stage.seed}", f"seed {stage.seed}")


def flaky(message: str) -> Message:
    """The same answers, another outcome."""
    text = _short(message)
    return Message(
        f"with the very same answers it passes at times and fails at others: {text}",
        f"при одних и тех же ответах то проходит, то падает: {text}",
    )


def baseline_fails(message: str) -> Message:
    """The user's own test fails whatever the server is told to answer."""
    text = _short(message)
    return Message(
        f"it fails on a server that answers as the document says: {text}",
        f"падает на сервере, который отвечает по документу: {text}",
    )


def not_allowed(words: str, message: str) -> Message:
    """What the user's own test asserts, the document does not allow."""
    why, text = _short(words), _short(message)
    return Message(
        f"it asserts what the document does not allow ({why}): {text}",
        f"утверждает то, чего документ не допускает ({why}): {text}",
    )


def not_described(words: Message) -> Message:
    """It passes, as our server plays along; the document does not know of it."""
    return Message(
        f"it passes, but {_short(words.en)}",
        f"проходит, но {_short(words.ru)}",
    )


def request_refused(words: Message) -> Message:
    """The request of the user's own test is not valid by the document."""
    return Message(
        f"by the document its request is refused: {_short(words.en)}",
        f"по документу его запрос отклоняется: {_short(words.ru)}",
    )


def _short(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
