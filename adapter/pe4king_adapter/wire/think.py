"""Cuts a model's thinking from its answer where the server left it in the text.

Only at the very start, or up to a lone closing tag (templates that open the tag in the prompt);
a tag inside the answer proper, such as in a JSON string, stays.
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"\s*<(think|thinking)>", re.IGNORECASE)
_LONE_CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_PARTIAL = re.compile(r"\s*(<(t(h(i(n(k(i(n(g)?)?)?)?)?)?)?)?)?", re.IGNORECASE)
_CLOSE_LENGTH = len("</thinking>")


def strip_thinking(text: str) -> tuple[str, bool]:
    """The answer without its thinking, and whether the thinking was still open at the end."""
    while (opened := _OPEN.match(text)) is not None:
        closing = re.compile(f"</{opened[1]}>", re.IGNORECASE).search(text, opened.end())
        if closing is None:
            return "", True
        text = text[closing.end() :]
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[", "`")):
        lone = _LONE_CLOSE.search(text)
        if lone is not None and not re.search(r"<think", text[: lone.start()], re.IGNORECASE):
            text = text[lone.end() :]
    return text, False


class ThinkingFilter:
    """`strip_thinking` for streams: feed it pieces cut anywhere, it gives what may be shown."""

    def __init__(self) -> None:
        self._held = ""
        self._passing = False
        self._closing: re.Pattern[str] | None = None

    def feed(self, piece: str) -> str:
        """The part of the answer that is certain after `piece`."""
        if self._passing:
            return piece
        self._held += piece
        while True:
            if self._closing is not None:
                found = self._closing.search(self._held)
                if found is None:
                    self._held = self._held[-_CLOSE_LENGTH:]
                    return ""
                self._held = self._held[found.end() :]
                self._closing = None
            opened = _OPEN.match(self._held)
            if opened is None:
                return "" if _PARTIAL.fullmatch(self._held) else self._release()
            self._closing = re.compile(f"</{opened[1]}>", re.IGNORECASE)
            self._held = self._held[opened.end() :]

    def finish(self) -> str:
        """What was held back and turned out to be answer."""
        return "" if self._passing or self._closing is not None else self._release()

    def _release(self) -> str:
        self._passing = True
        held, self._held = self._held, ""
        return held
