"""Facts about a text that its data do not show: repeated keys, further documents, odd characters.

The text is looked at as a whole, apart from any reading of it, and never fails. Costs are linear
and the number of findings is bounded.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from pe4king_core.model.finding import Finding, Severity
from pe4king_core.model.message import Message
from pe4king_core.model.text import Span
from pe4king_core.openapi.parsing.reading import (
    CONTROL,
    HALF_ESCAPE,
    MAX_CHARACTERS,
    collector_paused,
    document_end,
    has_half_escape,
)
from pe4king_core.openapi.parsing.yaml_events import Note, NoteKind, notes_of
from pe4king_core.openapi.parsing.yaml_fast import line_of

MAX_OF_A_KIND = 100
"""More findings of one kind are not made."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE_END_NAMES = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_TAB = re.compile(r"(?m)^\t+(?=[ \t]*[^\s#])")
_MORE = re.compile(r"(?m)^(?:(?:---|\.\.\.)(?=\s|\Z))?[ \t]*(?![#\r\n]|(?:---|\.\.\.)(?:\s|\Z))\S")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]', re.DOTALL)


def text_findings(text: str) -> tuple[Finding, ...]:
    """What there is to say of `text` besides its data, in its order; at most some hundreds."""
    if len(text) > MAX_CHARACTERS:
        return ()
    with collector_paused():
        found = [*_mark(text), *_line_ends(text), *_characters(text)]
        json_like = text[:1000].lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
        repeats = _repeats_in_json(text) if json_like else None
        if repeats is None:
            found += _in_yaml(text, json_like=json_like)
        elif repeats:
            found += _json_duplicates(text)
    return tuple(sorted(found, key=lambda finding: finding.span))


def _mark(text: str) -> Iterator[Finding]:
    if text.startswith("\ufeff"):
        yield Finding(
            "doc-byte-order-mark",
            Severity.INFORMATION,
            Message(
                "The file starts with a byte order mark, which some tools do not expect.",
                "Файл начинается с метки порядка байтов (BOM); не все программы её ожидают.",
            ),
            Span(0, 1),
        )


def _line_ends(text: str) -> Iterator[Finding]:
    feeds, returns = text.count("\n"), text.count("\r")
    pairs = text.count("\r\n") if feeds and returns else 0
    counts = Counter({"\n": feeds - pairs, "\r\n": pairs, "\r": returns - pairs})
    usual, other = counts.most_common(2)
    if not other[1]:
        return
    first = next(m for m in _LINE_END.finditer(text) if m[0] != usual[0])
    most, rest = _LINE_END_NAMES[usual[0]], _LINE_END_NAMES[first[0]]
    yield Finding(
        "doc-line-ends",
        Severity.INFORMATION,
        Message(
            f"The file mixes line ends: most are {most}, this one is {rest}.",
            f"В файле смешаны переводы строк: обычно {most}, а здесь {rest}.",
        ),
        Span(*first.span()),
    )


def _characters(text: str) -> Iterator[Finding]:
    """Characters that no document may hold, as they are or escaped."""
    for number, found in enumerate(CONTROL.finditer(text, 1 if text[:1] == "\ufeff" else 0)):
        if number >= MAX_OF_A_KIND:
            break
        code = f"U+{ord(found[0]):04X}"
        yield Finding(
            "doc-control-character",
            Severity.WARNING,
            Message(
                f"The character {code} does not belong into a document; remove it.",
                f"Символа {code} в документе быть не должно; удалите его.",
            ),
            Span(*found.span()),
        )
    if not has_half_escape(text):
        return
    for number, found in enumerate(HALF_ESCAPE.finditer(text)):
        if number >= MAX_OF_A_KIND:
            break
        if (found.start() - len(text[: found.start()].rstrip("\\"))) % 2:
            continue
        yield Finding(
            "doc-surrogate",
            Severity.WARNING,
            Message(
                f"`{found[0]}` is half of a character; it is read as U+FFFD.",
                f"`{found[0]}` — половина символа; вместо неё читается U+FFFD.",
            ),
            Span(*found.span()),
        )


def _in_yaml(text: str, *, json_like: bool) -> Iterator[Finding]:
    start = 1 if text[:1] == "\ufeff" else 0
    end = document_end(text, start)
    more = _MORE.search(text, end) if end < len(text) else None
    if more is not None:
        yield Finding(
            "doc-several-documents",
            Severity.WARNING,
            Message(
                "The file holds several YAML documents; only the first one is read.",
                "В файле несколько документов YAML; читается только первый.",
            ),
            Span(end, end + 3),
        )
    if not json_like:
        yield from _tabs(text)
    # A replaced character keeps its place; PyYAML would stop at it.
    first = CONTROL.sub("\ufffd", text[start:end])
    counts: Counter[NoteKind] = Counter()
    for note in notes_of(first):
        counts[note.kind] += 1
        if counts[note.kind] <= MAX_OF_A_KIND:
            yield _noted(text, note, start)


def _tabs(text: str) -> Iterator[Finding]:
    found = _TAB.search(text)
    if found is not None:
        yield Finding(
            "doc-tab-indentation",
            Severity.WARNING,
            Message(
                "A line starts with a tab; YAML is indented by spaces only.",
                "Строка начинается с табуляции; отступы в YAML делают только пробелами.",
            ),
            Span(*found.span()),
        )


def _noted(text: str, note: Note, shift: int) -> Finding:
    span = Span(note.span.start + shift, min(note.span.end + shift, len(text)))
    if note.kind is NoteKind.DUPLICATE:
        return _duplicate(note.name, span, line_of(text, note.first + shift))
    if note.kind is NoteKind.MERGE:
        return Finding(
            "doc-merge-key",
            Severity.INFORMATION,
            Message(
                "`<<` merges mappings in YAML 1.1 only; other tools may not read it.",
                "`<<` объединяет объекты только в YAML 1.1; не все программы это читают.",
            ),
            span,
        )
    return Finding(
        "doc-key-not-text",
        Severity.WARNING,
        Message(
            f"The key `{note.name}` is not text in YAML. Put it into quotes.",
            f"Ключ `{note.name}` в YAML — не текст. Возьмите его в кавычки.",
        ),
        span,
    )


def _duplicate(name: str, span: Span, line: int) -> Finding:
    shown = name if len(name) <= 80 else f"{name[:79]}…"
    return Finding(
        "doc-duplicate-key",
        Severity.ERROR,
        Message(
            f"The key `{shown}` already stands on line {line}; only this last one counts.",
            f"Ключ `{shown}` уже есть в строке {line}; действует только этот, последний.",
        ),
        span,
    )


class _Repeated(Exception):
    """Ends a search: there is a repeated key."""


def _no_repeats(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _Repeated


def _repeats_in_json(text: str) -> bool | None:
    """Whether an object of `text` has a key twice; None where it is no JSON."""
    try:
        json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_no_repeats, strict=False)
    except _Repeated:
        return True
    except (ValueError, RecursionError):
        return None
    return False


def _json_duplicates(text: str) -> Iterator[Finding]:
    """Repeated keys of JSON that starts well; what is broken further on ends the search."""
    open_ones: list[dict[str, int] | None] = []
    count, is_key = 0, False
    for token in _JSON_TOKEN.finditer(text):
        mark = token[0]
        if mark[0] == '"':
            names = open_ones[-1] if open_ones and is_key else None
            is_key = False
            if names is None:
                continue
            name = json.loads(mark, strict=False) if "\\" in mark else mark[1:-1]
            if name in names:
                yield _duplicate(name, Span(*token.span()), line_of(text, names[name]))
                count += 1
                if count >= MAX_OF_A_KIND:
                    return
            else:
                names[name] = token.start()
        elif mark == "{":
            open_ones.append({})
            is_key = True
        elif mark == "[":
            open_ones.append(None)
            is_key = False
        elif mark == ",":
            is_key = bool(open_ones) and open_ones[-1] is not None
        elif mark != ":" and open_ones:
            open_ones.pop()
            is_key = False
