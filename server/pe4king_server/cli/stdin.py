"""What is sent to standard input, as text."""

from __future__ import annotations

import sys

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message


def read_stdin() -> str:
    """All of it. Raises UserError where it is no text in the stream's encoding."""
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        encoding = error.encoding.upper()
        raise UserError(
            Message(
                f"Standard input is no text in {encoding}.",
                f"Стандартный ввод — не текст в кодировке {encoding}.",
            ),
            next_step=Message(
                "Convert it first, with `iconv` for one.",
                "Сначала перекодируйте его, например командой `iconv`.",
            ),
            code="stdin-encoding",
        ) from error
