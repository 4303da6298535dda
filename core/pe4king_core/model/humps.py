"""Where the words of a name written in camelCase begin, in any script."""

from __future__ import annotations

import re

_ASCII = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ONE_WORD = re.compile(
    "(?:OAuth|OpenID|OpenAPI|OpenAI|GitHub|GitLab|GraphQL|PayPal|LinkedIn|WhatsApp|YouTube|iOS|macOS)"
    r"(?![a-z])"
)
"""Names that are one word although they have capitals inside."""


def spaced_humps(text: str, gap: str) -> str:
    """`text` with `gap` before each word: `listBooks`, `создатьЗаказ`, `OAuthToken`."""
    text = _ONE_WORD.sub(_capitalized, text)
    if text.isascii():
        return _ASCII.sub(gap, text)
    found: list[str] = []
    for index, character in enumerate(text):
        if index and character.isupper():
            before, after = text[index - 1], text[index + 1 : index + 2]
            if before.islower() or before.isdigit() or (before.isupper() and after.islower()):
                found.append(gap)
        found.append(character)
    return "".join(found)


def _capitalized(found: re.Match[str]) -> str:
    return found.group().capitalize()
