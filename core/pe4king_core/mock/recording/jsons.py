"""JSON that is read only where writing it again loses nothing."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn


def read_json(text: str) -> tuple[Any] | None:
    """The value that `text` is; None where it is none, or more than a value can hold."""
    try:
        return (
            json.loads(
                text,
                parse_constant=_refused,
                parse_float=_number,
                object_pairs_hook=_object,
            ),
        )
    except (ValueError, RecursionError):
        return None


def written_json(value: Any) -> str:
    """`value` in one line; half characters, which UTF-8 cannot hold, as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return text if text.isprintable() or _is_whole(text) else json.dumps(value)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(name: str) -> NoReturn:
    raise ValueError(name)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
