"""Runtime expressions of links and callbacks (OpenAPI, "Runtime Expressions")."""

from __future__ import annotations

import re

_EXPRESSION = re.compile(
    r"\$(?:url|method|statusCode|(?:request|response)\."
    r"(?:header\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|(?:query|path)\.[^{}]+|body(?:#(?:/[^{}]*)?)?))"
)
_EMBEDDED = re.compile(r"\{([^{}]*)\}")
_MEANT = re.compile(r"\$(?:url|method|statusCode|request|response)\b")


def is_expression(text: str) -> bool:
    """Whether `text` is a runtime expression as a whole, such as `$response.body#/id`."""
    return _EXPRESSION.fullmatch(text) is not None


def broken_expressions(text: str) -> list[str]:
    """What in `text` looks like a runtime expression, alone or in braces, and is none."""
    parts = [text] if text.startswith("$") else _EMBEDDED.findall(text)
    return [part for part in parts if _MEANT.match(part) and not is_expression(part)]


def has_expression(text: str) -> bool:
    """Whether `text` is or holds a runtime expression."""
    return is_expression(text) or any(is_expression(part) for part in _EMBEDDED.findall(text))
