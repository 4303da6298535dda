"""JSON texts read strictly (RFC 8259): no NaN, no name twice, no halves of characters."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from typing import Never

from pe4king_core.model.json import Json
from pe4king_core.model.message import Message

_BOM = codecs.BOM_UTF8.decode()


class TextError(Exception):
    """A body that cannot be read; the text says why in a few words, `said` more of it."""

    def __init__(self, reason: str, said: Message | None = None) -> None:
        super().__init__(reason)
        self.said = said


def json_of(text: str, *, lenient: bool = False) -> Json:
    """The value of a JSON text. Raises TextError; a lenient reader takes the last of two names."""
    try:
        value: Json = json.loads(
            text.removeprefix(_BOM),
            parse_constant=_no_constant,
            object_pairs_hook=None if lenient else _without_repeats,
        )
    except RecursionError as error:
        raise TextError("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise TextError("not JSON", _place(error)) from error
    except ValueError as error:
        raise TextError("not JSON") from error
    if "\\u" in text and not _is_unicode(text, value):
        raise TextError("not Unicode")
    return value


def _place(error: json.JSONDecodeError) -> Message:
    """Where a text stops being JSON, and what stands there."""
    text, at = error.doc, error.pos
    # Which of the two a trailing comma is reported at depends on the version of Python.
    comma = at if text[at : at + 1] == "," else len(text[:at].rstrip()) - 1
    closing = text[comma + 1 :].lstrip()[:1]
    here = text[at : at + 1]
    met = Message(f"at `{here}`", f"здесь `{here}`") if here else _ENDS
    if comma >= 0 and text[comma] == "," and closing in _CLOSING:
        at = comma
        met = Message(f"a comma before `{closing}`", f"запятая перед `{closing}`")
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Message(
        f"not JSON: line {line}, column {column}: {met.en}",
        f"не JSON: строка {line}, столбец {column}: {met.ru}",
    )


_CLOSING = ("}", "]")
_ENDS = Message("it ends there", "на этом текст кончается")


def _no_constant(name: str) -> Never:
    raise TextError(f"{name} is not JSON")


def _without_repeats(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise TextError("a name stands twice in one object")
    return made


def _is_unicode(text: str, value: Json) -> bool:
    """Whether escapes make whole characters; a lone surrogate could not be sent back."""
    lower = text.lower()
    if "\\ud" not in lower:
        return True
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError, ValueError):
        return False
    return True
