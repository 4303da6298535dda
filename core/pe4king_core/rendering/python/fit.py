"""Statements that are too wide for one line, broken the way `ruff format` breaks them.

Only the shapes that rendered tests have are known; a statement of any other shape keeps its line
and is marked for the formatter to leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.rendering.python.text import WIDTH, call, columns

_OPENING, _CLOSING = "([{", ")]}"
_KEYWORDS = ("assert ", "if ", "for ", "del ", "return ")
_COMPARISONS = (
    " not in ",
    " in ",
    " is not ",
    " is ",
    " == ",
    " <= ",
    " >= ",
    " < ",
    " > ",
    " != ",
)
_KEEP = "  # fmt: skip"


def fitted(statement: str, indent: int, width: int = WIDTH) -> list[str]:
    """`statement`, a simple one or the header of a block, as lines without base indentation."""
    if "\n" in statement or indent + columns(statement) <= width:
        return statement.split("\n")
    broken = _broken(statement, indent, width)
    return (broken or statement + _KEEP).split("\n")


def _broken(statement: str, indent: int, width: int) -> str | None:
    keyword = next((word for word in _KEYWORDS if statement.startswith(word)), "")
    if keyword == "for ":
        return None
    ending = ":" if statement.endswith(":") else ""
    expression = statement[len(keyword) : len(statement) - len(ending)]
    if not keyword:
        target, sign, value = _cut_once(expression, " = ")
        if sign:
            return _assignment(target, value, indent, width)
    if keyword != "del ":
        operands = list(_operands(expression))
        if not operands:
            return None
        if len(operands) > 1 and keyword:
            # The brackets of a list come before parentheses around everything.
            if len(operands) == 2 and any(_is_display(each) for each in operands):
                held = _held(keyword + expression, indent, width)
                if held is not None:
                    return held + ending
            if indent + 4 + columns(expression) <= width:
                return f"{keyword}(\n    {expression}\n){ending}"
            return _in_parentheses(keyword, operands, ending, indent + 4, width)
    broken = _broken_call(keyword + expression, indent, len(ending), width)
    return None if broken is None else broken + ending


def _in_parentheses(
    keyword: str, operands: list[str], ending: str, indent: int, width: int
) -> str | None:
    """`assert (`, one operand a line, `)`; an operand may be broken at its own brackets."""
    pad = "    "
    lines: list[str] = []
    for operand in operands:
        written: str | None = operand
        if indent + columns(operand) > width and operand.endswith(tuple(_CLOSING)):
            written = _broken_call(operand, indent, 0, width)
        if written is None:
            return None
        lines += [pad + line for line in written.split("\n")]
    return "\n".join([f"{keyword}(", *lines, f"){ending}"])


def _is_display(operand: str) -> bool:
    """Whether a side of a comparison is a list, tuple, set or object that is written out."""
    sign = next((sign for sign in _COMPARISONS if operand.startswith(sign[1:])), " ")
    return operand[len(sign) - 1 :][:1] in _OPENING


def _held(text: str, indent: int, width: int) -> str | None:
    """`text` broken at its last pair of brackets alone, where all of it fits then."""
    opening = last_opening(text)
    if opening is None or indent + opening + 1 > width:
        return None
    inner = text[opening + 1 : -1]
    if not inner or indent + 4 + columns(inner) > width:
        return None
    return f"{text[: opening + 1]}\n    {inner}\n{text[-1]}"


def _assignment(target: str, value: str, indent: int, width: int) -> str | None:
    if indent + columns(target) + 3 > width or (" " in value and value[0] not in "f\"'"):
        return None
    if value.endswith(("]", ")")):
        return _broken_call(f"{target} = {value}", indent, 0, width)
    return None


def _broken_call(text: str, indent: int, reserve: int, width: int) -> str | None:
    """`text` broken inside its last pair of brackets: arguments of a call, or one subscript."""
    opening = last_opening(text)
    if opening is None or text[opening + 1] in _CLOSING:
        return None
    if indent + opening + 1 > width:
        return None
    inner, closing = text[opening + 1 : -1], text[-1]
    if text[opening] == "[":
        return f"{text[: opening + 1]}\n    {inner}\n{closing}"
    arguments = list(_arguments(inner))
    if any(" for " in argument or argument.startswith("lambda") for argument in arguments):
        return None
    if len(arguments) == 1 and inner[0] == "(" and indent + 4 + columns(inner) > width:
        listed = "".join(f"        {item},\n" for item in _arguments(inner[1:-1]))
        return f"{text[: opening + 1]}\n    (\n{listed}    )\n)"
    written = call(text[:opening], arguments, indent=0, reserve=reserve, width=width - indent)
    lines = (line.strip().removesuffix(",") for line in written.split("\n"))
    wide = any(indent + 5 + columns(line) > width and _can_break(line) for line in lines)
    return None if wide and not _on_one_line(written, width - indent) else written


def _on_one_line(written: str, width: int) -> bool:
    """Whether all arguments stand on the second of three lines."""
    lines = written.split("\n")
    return len(lines) == 3 and not lines[1].endswith(",") and columns(lines[1]) <= width


def _can_break(argument: str) -> bool:
    """Whether the formatter would find brackets or operators in `argument` to break at."""
    is_text = argument[:1] in "\"'" and argument[-1:] in "\"'"
    return not is_text and not argument.isidentifier()


def last_opening(text: str) -> int | None:
    """Where the bracket opens that the last character of `text` closes."""
    if not text or text[-1] not in _CLOSING:
        return None
    stack: list[int] = []
    last = None
    for index, character in _code(text):
        if character in _OPENING:
            stack.append(index)
        elif character in _CLOSING and stack:
            last = stack.pop()
    return last if not stack else None


def _operands(expression: str) -> Iterator[str]:
    """The sides of comparisons, each but the first with its sign; nothing where there is an
    `and`, `or` or choice."""
    depth, start, index = 0, 0, 0
    positions = dict(_code(expression))
    found: list[str] = []
    while index < len(expression):
        character = positions.get(index, "")
        if character in _OPENING and character:
            depth += 1
        elif character in _CLOSING and character:
            depth -= 1
        elif character == " " and depth == 0:
            if expression.startswith((" and ", " or ", " if "), index):
                return
            sign = next((s for s in _COMPARISONS if expression.startswith(s, index)), "")
            if sign:
                found.append(expression[start:index])
                start = index + 1
                index += len(sign) - 1
        index += 1
    yield from (*found, expression[start:])


def _arguments(inner: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, character in _code(inner):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "," and depth == 0:
            yield inner[start:index]
            start = index + 2
    yield inner[start:]


def _cut_once(text: str, sign: str) -> tuple[str, str, str]:
    """`text` at the first `sign` that is outside of brackets and texts."""
    depth = 0
    for index, character in _code(text):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif depth == 0 and character == " " and text.startswith(sign, index):
            return text[:index], sign, text[index + len(sign) :]
    return text, "", ""


def _code(text: str) -> Iterator[tuple[int, str]]:
    """The characters of `text` that are not inside a string literal."""
    quote = ""
    index = 0
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\":
                index += 1
            elif character == quote:
                quote = ""
        elif character in "\"'":
            quote = character
        else:
            yield index, character
        index += 1
