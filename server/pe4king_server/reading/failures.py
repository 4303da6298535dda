"""What the user is told of a document that ended, or would have ended, the child process.

All of them are `UnreadableError`s of core: findings at the document's first line.
"""

from __future__ import annotations

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message

_SMALLER = Message(
    "Split the document into smaller files.",
    "Разбейте документ на файлы меньше.",
)
_REPORT = Message(
    "Undo the last change to this document, or report the problem with the document attached.",
    "Отмените последнее изменение документа или сообщите о проблеме, приложив документ.",
)


def parser_died(text: str) -> DocumentError:
    """The child ended while it read `text`."""
    message = Message(
        "The parser stopped unexpectedly while it read this document. "
        "Pe4King goes on without the document.",
        "Парсер аварийно завершился при чтении этого документа. "
        "Pe4King продолжает работу без документа.",
    )
    return _unreadable(text, "document-parser-died", message, _REPORT)


def too_slow(text: str, seconds: float) -> DocumentError:
    """The child was ended because it took too long."""
    message = Message(
        f"Reading this document took longer than {seconds:.0f} seconds and was stopped.",
        f"Чтение документа длилось дольше {seconds:.0f} с и было остановлено.",
    )
    return _unreadable(text, "document-too-slow", message, _SMALLER)


def too_large(text: str) -> DocumentError:
    """The child's memory did not suffice."""
    message = Message(
        "Reading this document needs more memory than is allowed.",
        "Для чтения этого документа нужно больше памяти, чем разрешено.",
    )
    return _unreadable(text, "document-too-large", message, _SMALLER)


def _unreadable(text: str, code: str, message: Message, next_step: Message) -> DocumentError:
    from pe4king_core.openapi.parsing.reading import UnreadableError, line_span

    return UnreadableError(message, code=code, span=line_span(text, 1), next_step=next_step)
