"""JSON texts read strictly (RFC 8259): no NaN, no name twice, no halves of characters."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from typing import Never

from pe4king_core.model.json import Json

_BOM = codecs.BOM_UTF8.decode()


class TextError(Exception):
    """A body that cannot be read; the message says why in a few words."""


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
    except ValueError as error:
        raise TextError("not JSON") from error
    if "\\u" in text and not _is_unicode(text, value):
        raise TextError("not Unicode")
    return value


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
