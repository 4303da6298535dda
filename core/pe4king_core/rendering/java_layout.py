"""Line breaks of Java expressions as google-java-format makes them: 100 columns, continuation 4.

Works on the flat text of an expression that we built ourselves: calls, chains and literals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WIDTH = 100
CONTINUATION = 4
_OPENING = {"(": ")", "[": "]", "{": "}"}


def link(code: str, indent: int, reserve: int = 0, width: int = WIDTH) -> str:
    """One call such as `.body("id", notNullValue())`, broken where it does not fit.

    The first line has no indentation of its own but starts at column `indent`; `reserve` is the
    number of characters that follow the last line.
    """
    if "\n" in code or indent + len(code) + reserve <= width:
        return code
    opening = _call_opening(code)
    if opening is None:
        return code
    arguments = list(arguments_of(code[opening + 1 : -1]))
    inner = indent + CONTINUATION
    pad = "\n" + " " * inner
    together = ", ".join(arguments)
    if inner + len(together) + 1 + reserve <= width:
        return f"{code[: opening + 1]}{pad}{together})"
    last = len(arguments) - 1
    lines = [
        link(argument, inner, 1 if index < last else 1 + reserve, width)
        for index, argument in enumerate(arguments)
    ]
    return f"{code[: opening + 1]}{pad}{(',' + pad).join(lines)})"


def chain(head: str, links: Sequence[str], indent: int, reserve: int = 1) -> str:
    """`head` followed by `links`: on one line where it fits, else every link on its own."""
    flat = head + "".join(links)
    if "\n" not in flat and indent + len(flat) + reserve <= WIDTH:
        return flat
    if not links:
        return link(head, indent, reserve)
    inner = indent + CONTINUATION
    pad = "\n" + " " * inner
    last = len(links) - 1
    return head + "".join(
        pad + link(text, inner, reserve if index == last else 0) for index, text in enumerate(links)
    )


def assignment(left: str, head: str, links: Sequence[str], indent: int) -> str:
    """`left = head.link().link();`, with the whole value on a new line where it does not fit."""
    flat = f"{left} = {head}{''.join(links)};"
    if "\n" not in flat and indent + len(flat) <= WIDTH:
        return flat
    inner = indent + CONTINUATION
    return f"{left} =\n{' ' * inner}{chain(head, links, inner)};"


def _call_opening(code: str) -> int | None:
    """Where the argument list that ends `code` opens; None where `code` ends otherwise."""
    if not code.endswith(")"):
        return None
    stack: list[int] = []
    for index, character in _outside_strings(code):
        if character in _OPENING:
            stack.append(index)
        elif character in _OPENING.values():
            opening = stack.pop()
            if index == len(code) - 1:
                return opening if opening + 1 < index else None
    return None


def arguments_of(text: str) -> Iterator[str]:
    """The arguments in `text`, which is what stands between the parentheses of a call."""
    depth = start = 0
    for index, character in _outside_strings(text):
        if character in _OPENING:
            depth += 1
        elif character in _OPENING.values():
            depth -= 1
        elif character == "," and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    quoted = escaped = False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            yield index, character
