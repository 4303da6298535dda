"""Cuts a model's thinking from its answer where the server left it in the text.

Only at the very start, or up to a lone closing tag (templates that open the tag in the prompt);
a tag inside the answer proper, such as in a JSON string, stays.
"""

from __future__ import annotations

import re

_OPEN = re.compile(r"\s*<(think|thinking)>", re.IGNORECASE)
_ANY_OPEN = re.compile(r"<think", re.IGNORECASE)
_LONE_CLOSE = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_CLOSE = {name: re.compile(f"</{name}>", re.IGNORECASE) for name in ("think", "thinking")}
_PARTIAL = re.compile(r"(<(t(h(i(n(k(i(n(g)?)?)?)?)?)?)?)?)?", re.IGNORECASE)
_CLOSE_LENGTH = len("</thinking>")


def strip_thinking(text: str) -> tuple[str, bool]:
    """The answer without its thinking, and whether the thinking was still open at the end."""
    start = 0
    while (opened := _OPEN.match(text, start)) is not None:
        closing = _closing(opened).search(text, opened.end())
        if closing is None:
            return "", True
        start = closing.end()
    text = text[start:]
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[", "`")):
        lone = _LONE_CLOSE.search(text)
        if lone is not None and _ANY_OPEN.search(text, 0, lone.start()) is None:
            text = text[lone.end() :]
    return text, False


def _closing(opened: re.Match[str]) -> re.Pattern[str]:
    return _CLOSE["think" if len(opened[1]) == len("think") else "thinking"]


class ThinkingFilter:
    """`strip_thinking` for streams: feed it pieces cut anywhere, it gives what may be shown."""

    def __init__(self) -> None:
        self._space: list[str] = []
        self._held = ""
        self._passing = False
        self._closing: re.Pattern[str] | None = None

    def feed(self, piece: str) -> str:
        """The part of the answer that is certain after `piece`."""
        if self._passing or not piece:
            return piece
        text = self._held + piece
        at = 0
        while True:
            if self._closing is not None:
                found = self._closing.search(text, at)
                if found is None:
                    self._held = text[max(at, len(text) - _CLOSE_LENGTH) :]
                    return ""
                at = found.end()
                self._closing = None
            opened = _OPEN.match(text, at)
            if opened is None:
                return self._undecided(text[at:])
            self._space.clear()
            self._closing = _closing(opened)
            at = opened.end()

    def finish(self) -> str:
        """What was held back and turned out to be answer."""
        return "" if self._passing or self._closing is not None else self._release(self._held)

    def _undecided(self, text: str) -> str:
        """White space is set aside, so that much of it costs no more than once."""
        word = text.lstrip()
        self._space.append(text[: len(text) - len(word)])
        if _PARTIAL.fullmatch(word):
            self._held = word
            return ""
        return self._release(word)

    def _release(self, text: str) -> str:
        self._passing = True
        self._held = ""
        return "".join([*self._space, text])
