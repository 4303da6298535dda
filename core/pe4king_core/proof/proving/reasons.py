"""Why a test is judged as it is, in both languages."""

from __future__ import annotations

from pe4king_core.model.message import Message

_LONGEST = 300

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


def false_alarm(seed: int, how: str, message: str) -> Message:
    """The test fails on an answer that the document allows."""
    text = _short(message)
    where_en = f"the conforming server (seed {seed}{', lenient' if how == 'lenient' else ''})"
    where_ru = f"правильном сервере (seed {seed}{', нестрогий' if how == 'lenient' else ''})"
    return Message(
        f"it fails on {where_en}, whose every answer the document allows: {text}",
        f"падает на {where_ru}, все ответы которого допускает документ: {text}",
    )


def not_on_all(seed: int, message: str) -> Message:
    """The user's own test passes, but not for every answer that the document allows."""
    text = _short(message)
    return Message(
        f"on other answers that the document allows (seed {seed}) it fails: {text}",
        f"при других ответах, которые допускает документ (seed {seed}), падает: {text}",
    )


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
