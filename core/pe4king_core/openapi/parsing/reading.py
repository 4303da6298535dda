"""Text to data: JSON by the standard library, YAML (1.2 core schema) by fastyaml-rs.

What fastyaml-rs refuses and libyaml does not is read by the events of PyYAML; this module and
those named `yaml_…` are the only ones that know a parser. What cannot be read raises
`UnreadableError` with its line. Data are plain: mappings, lists, strings, numbers, booleans and
null, never cyclic, never with half of a surrogate pair. The last of equal keys counts.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.text import LineTable, Span
from pe4king_core.openapi.parsing.parser_messages import parser_message
from pe4king_core.openapi.parsing.yaml_fast import (
    fast_loader,
    line_of,
    may_hold_long_numbers,
    may_hold_sets,
    read_fast,
)
from pe4king_core.openapi.parsing.yaml_problem import Kind, YamlProblemError
from pe4king_core.openapi.raw import Raw

MAX_CHARACTERS = 100_000_000
"""Twice the largest document seen in the wild."""

_MAX_JSON_DEPTH = 256
_HOPELESS = frozenset({Kind.DEPTH, Kind.ALIASES, Kind.NUMBER, Kind.SIZE})
DOCUMENT_END = re.compile(r"[\r\n](?:---|\.\.\.)(?=\s|\Z)")
OPENING = re.compile(r"(?:(?:[#%][^\r\n]*+|[ \t]++)?+[\r\n])*+(?:---(?=\s|\Z))?")
CONTROL = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
HALF_ESCAPE = re.compile(
    r"\\u[dD][89aAbB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89aAbB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_ESCAPES = re.compile(
    r"(?P<pair>\\u(?P<high>[dD][89aAbB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2}))"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\r\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_QUOTED_KEY = re.compile(r'\s*\{\s*(?:/|")')
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
_LONG_NUMBER = re.compile(r"[0-9]{4301}")
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[{}\[\]]', re.DOTALL)


class UnreadableError(DocumentError):
    """The text cannot be read as a document; `span` is the line on which reading stopped."""

    def __init__(self, message: Message, *, code: str, span: Span, next_step: Message) -> None:
        super().__init__(message, next_step=next_step, code=code)
        self.span = span


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keeps the garbage collector off: a load makes many objects and no garbage cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read(text: str) -> Raw:
    """The data of the first document in `text`. Raises UnreadableError."""
    if len(text) > MAX_CHARACTERS:
        raise _too_large(text)
    body = whole_characters(text.removeprefix("\ufeff"))
    with collector_paused():
        if body.lstrip().startswith(("{", "[", "//", "/*")):
            return _read_json(text, body)
        try:
            return _read_yaml(body)
        except YamlProblemError as problem:
            raise _yaml_error(text, problem) from problem


def member_reader(text: str) -> Callable[[str], Raw]:
    """What reads the members of the YAML mapping `text` one by one, each as `read` would.

    Texts in which nothing is unusual go straight to the parser.
    """
    if may_hold_sets(text) or may_hold_long_numbers(text):
        return read
    load = fast_loader()
    if load is None:
        return read

    def member(part: str) -> Raw:
        try:
            return load(part)
        except BaseException as error:
            # A panic of the Rust code is no `Exception`; `read` knows all errors of the parser.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return read(part)

    return member


def document_end(text: str, start: int = 0) -> int:
    """Where the first YAML document of `text` ends: before `---` or `...`, or at the end."""
    if not any(mark in text for mark in ("\n---", "\n...", "\r---", "\r...")):
        return len(text)
    opening = OPENING.match(text, start)
    # A marker may follow the opening one at once, so its line end is looked at again.
    found = DOCUMENT_END.search(text, opening.end() if opening else start)
    return found.start() + 1 if found else len(text)


def whole_characters(text: str) -> str:
    """`text` without halves of surrogate pairs, which an editor's JSON can hand over."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _read_json(text: str, body: str) -> Raw:
    try:
        return _json(body)
    except RecursionError as error:
        raise _too_deep(text, _deep_line(text)) from error
    except ValueError as error:
        # Comments and trailing commas are left out; other loose forms are YAML, which takes a
        # comment for a part of a key; what is neither is reported as JSON.
        relaxed = relaxed_json(body)
        with suppress(ValueError, RecursionError):
            if relaxed != body:
                return _json(relaxed)
        try:
            if not (_QUOTED_KEY.match(body) and _has_comment(body)):
                return _read_yaml(body)
        except YamlProblemError as problem:
            if problem.kind in _HOPELESS - {Kind.SIZE}:
                raise _yaml_error(text, problem) from error
        if not isinstance(error, json.JSONDecodeError):
            raise _yaml_error(text, _long_number(text)) from error
        line = line_of(body, error.pos)
        raise _syntax_error(text, line, "JSON", error.msg) from error


def relaxed_json(text: str) -> str:
    """`text` of the same length with `//` and `/* */` comments and trailing commas left blank."""
    without = _COMMENT.sub(_blank, text) if "/" in text else text
    return _TRAILING_COMMA.sub(_blank_comma, without)


def _has_comment(text: str) -> bool:
    return "/" in text and any(found[0][0] == "/" for found in _COMMENT.finditer(text))


def _blank(found: re.Match[str]) -> str:
    if found[0].startswith('"'):
        return found[0]
    return "".join(mark if mark in "\r\n" else " " for mark in found[0])


def _blank_comma(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else " "


def _json(body: str) -> Raw:
    try:
        data = json.loads(body)
    except json.JSONDecodeError as error:
        if "control character" not in error.msg:
            raise
        data = json.loads(body, strict=False)
    return _without_halves(data) if has_half_escape(body) else data


def has_half_escape(text: str) -> bool:
    """Whether a string of the JSON `text` may have half of a surrogate pair."""
    return ("\\ud" in text or "\\uD" in text) and HALF_ESCAPE.search(text) is not None


def _read_yaml(body: str) -> Raw:
    """The data of the first document of `body`. Raises YamlProblemError of the strict parser."""
    from pe4king_core.openapi.parsing.yaml_events import read_events

    try:
        return _read_strictly(body)
    except YamlProblemError as error:
        problem = error
    sound = _repaired(body)
    if sound != body:
        try:
            return _read_strictly(sound)
        except YamlProblemError as error:
            problem = error
    if problem.kind in _HOPELESS:
        raise problem
    try:
        return read_events(sound)
    except YamlProblemError as second:
        better = second.kind in _HOPELESS - {Kind.SIZE} or problem.kind is Kind.PARSER
        raise (second if better else problem) from second


def _read_strictly(body: str) -> Raw:
    from pe4king_core.openapi.parsing.yaml_events import read_events

    data = read_fast(body)
    return read_events(body) if may_hold_sets(body) and _holds_set(data) else data


def _repaired(body: str) -> str:
    """The first document alone, control characters and escaped surrogate pairs replaced."""
    sound = CONTROL.sub("\ufffd", body[: document_end(body)])
    if "\\ud" in sound or "\\uD" in sound:
        sound = _ESCAPES.sub(_character, sound)
    return sound


def _character(escape: re.Match[str]) -> str:
    if escape["pair"]:
        high, low = int(escape["high"], 16), int(escape["low"], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return "\\ufffd" if escape["half"] else escape[0]


def _holds_set(data: Raw) -> bool:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, set | frozenset):
            return True
    return False


def _without_halves(data: Raw) -> Raw:
    """`data` of JSON with halves of surrogate pairs replaced; its nesting is bounded by then."""
    if isinstance(data, str):
        return _SURROGATE.sub("\ufffd", data)
    if isinstance(data, list):
        return [_without_halves(item) for item in data]
    if isinstance(data, dict):
        return {_without_halves(key): _without_halves(value) for key, value in data.items()}
    return data


def _deep_line(text: str) -> int:
    """The line on which brackets are nested more deeply than is read."""
    depth = 0
    for token in _BRACKETS.finditer(text):
        if token[0] in ("{", "["):
            depth += 1
            if depth > _MAX_JSON_DEPTH:
                return line_of(text, token.start())
        elif token[0] in ("}", "]"):
            depth -= 1
    return 1


def _long_number(text: str) -> YamlProblemError:
    found = _LONG_NUMBER.search(text)
    return YamlProblemError(Kind.NUMBER, line_of(text, found.start() if found else 0), "")


def _yaml_error(text: str, problem: YamlProblemError) -> UnreadableError:
    line = problem.line
    if problem.kind is Kind.DEPTH:
        return _too_deep(text, line)
    if problem.kind is Kind.ALIASES:
        return _unreadable(
            text,
            line,
            "document-aliases",
            Message(
                f"Line {line}: the aliases of this document stand for too much data.",
                f"Строка {line}: псевдонимы этого документа раскрываются в слишком большой объём.",
            ),
            Message(
                "Use `$ref` instead of aliases, then try again.",
                "Замените псевдонимы на `$ref` и повторите.",
            ),
        )
    if problem.kind is Kind.NUMBER:
        return _unreadable(
            text,
            line,
            "document-number",
            Message(
                f"Line {line}: a whole number of more than 4,300 digits is not read.",
                f"Строка {line}: целое число длиннее 4300 цифр не читается.",
            ),
            Message(
                "Write the number in quotes, then try again.",
                "Возьмите число в кавычки и повторите.",
            ),
        )
    return _syntax_error(text, line, "YAML", problem.detail)


def _syntax_error(text: str, line: int, notation: str, words: str) -> UnreadableError:
    detail = parser_message(words)
    return _unreadable(
        text,
        line,
        "document-syntax",
        Message(
            f"Line {line}: this is not valid {notation} ({detail.en}).",
            f"Строка {line}: ошибка в {notation} ({detail.ru}).",
        ),
        Message("Correct this line, then try again.", "Исправьте эту строку и повторите."),
    )


def _too_deep(text: str, line: int) -> UnreadableError:
    return _unreadable(
        text,
        line,
        "document-too-deep",
        Message(
            f"Line {line}: the document is nested too deeply to be read safely.",
            f"Строка {line}: вложенность документа слишком велика, читать его небезопасно.",
        ),
    )


def _too_large(text: str) -> UnreadableError:
    return _unreadable(
        text,
        1,
        "document-too-large",
        Message(
            f"The document has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
            f"В документе {len(text):,} символов; читается не больше {MAX_CHARACTERS:,}.",
        ),
    )


def _unreadable(
    text: str, line: int, code: str, message: Message, next_step: Message | None = None
) -> UnreadableError:
    return UnreadableError(
        message,
        code=code,
        span=line_span(text, line),
        next_step=next_step
        or Message("Split the document into smaller files.", "Разбейте документ на файлы меньше."),
    )


def line_span(text: str, line: int) -> Span:
    """The span of the one-based `line` without its line end; the last line at most."""
    if line == 1 or "\r" not in text:
        return _quick_line_span(text, line)
    table = LineTable(text)
    span = table.line_span(line - 1)
    return Span(span.start, span.start + len(span.of(text).rstrip("\r\n")))


def _quick_line_span(text: str, line: int) -> Span:
    start = 0
    for _ in range(line - 1):
        following = text.find("\n", start)
        if following < 0:
            break
        start = following + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    carriage_return = text.find("\r", start, end)
    return Span(start, end if carriage_return < 0 else carriage_return)
