"""Keys and where they stand, by regular expression: block YAML, flow YAML and JSON of any layout.

Nothing is parsed, so a document that is being typed still has its keys. A `Key` knows the range
of its value; `children` of that range are its members. Block mappings are read by indentation:
the first key decides it, deeper lines are never looked at, and pretty-printed JSON that is
momentarily broken reads the same way. Flow mappings are walked by their brackets. JSON that is
whole is walked by the standard library's decoder, which skips values at its own speed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pe4king_core.model.text import Span


@dataclass(frozen=True, slots=True)
class Key:
    """One mapping key: its text, its place with quotes, and the ranges around it.

    `value` starts after the colon. `region` is what an editor would fold: from the key's line to
    the line before the next key of the same or an outer level, without trailing blank lines.
    """

    name: str
    span: Span
    value: Span
    region: Span


_KEY = re.compile(
    r"""(?:[&!][^\s]*[ \t]+)*(?:\?[ \t]+)?
    (?P<key>"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'
        |(?![-?:][ \t\r\n])[^\s#'"{}\[\],&*!|>%@`][^\n]{0,1024}?)
    [ \t]{0,64}(?:(?P<colon>:)(?=[ \t\r\n]|\Z|(?<=":)[\[{"\d\-tfn]))""",
    re.VERBOSE,
)
_EXPLICIT = re.compile(r"\?[ \t]+(?P<key>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'|[^\s#][^\r\n]*)")
_FIRST_CHILD = re.compile(r"(?:\A|(?<=\n))( *)(?![ \t\r\n#\]}]|---|\.\.\.|%|- |-\n|-\r)")
_FLOW_START = re.compile(r"(?:\s+|#[^\n]*\n|[&!]\S+)*+(?=\{)")
_DOCUMENT_END = re.compile(r"\n(?:---|\.\.\.)(?=\s|\Z)")
_LONGEST_INDENT = 200
_SPACE = re.compile(r"[ \t\r\n]*")
_FLOW_TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*+"?|'(?:[^']|'')*+'?|[{}\[\],]|(?:(?<=\s)|(?<=[{}\[\],]))\#[^\n]*
    |:(?=[\s,\[\]{}"']|\Z)|(?<=["']):|[^\s{}\[\],:"']+|:""",
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=64)
def _keys_at(indent: int) -> re.Pattern[str]:
    """Line starts indented by exactly `indent` that are neither comments nor list items."""
    return re.compile(rf"\n {{{indent}}}(?![ \t\r\n#\]}}]|- |-\n|-\r|---|\.\.\.|%)")


def root(text: str) -> Span:
    """The range of the first document in `text`."""
    start = 1 if text.startswith("\ufeff") else 0
    opening = re.compile(r"(?:(?:#[^\n]*|%[^\n]*|[ \t\r]*)\n)*(?:---(?=\s))?").match(text, start)
    start = opening.end() if opening else start
    end = _DOCUMENT_END.search(text, start)
    return Span(start, end.start() + 1 if end else len(text))


def members_of_root(text: str) -> Iterator[Key]:
    """The top-level keys of `text`."""
    whole = root(text)
    yield from children(text, Span(whole.start, whole.end))


def children(text: str, value: Span) -> Iterator[Key]:
    """The members of the mapping that stands at `value`; nothing where there is none."""
    flow = _FLOW_START.match(text, value.start, value.end)
    if flow is None:
        yield from _block(text, value)
        return
    opening = flow.end()
    found, complete = _json(text, opening)
    if complete:
        yield from found
        return
    # Something is missing. In JSON the layout is then more to be trusted than the brackets and
    # quicker to go by; a flow mapping inside YAML may be laid out in any way.
    line = text.find("\n", opening, value.end)
    by_layout = list(_block(text, Span(line, value.end))) if line >= 0 else []
    if not by_layout or not _is_json_document(text):
        found, complete = _flow(text, Span(opening, value.end))
    yield from found if complete or not by_layout else by_layout


def _is_json_document(text: str) -> bool:
    return text[:200].lstrip("\ufeff \t\r\n").startswith("{")


def _block(text: str, value: Span) -> Iterator[Key]:
    line_end = text.find("\n", value.start, value.end)
    at_line_start = value.start == 0 or text[value.start - 1] in "\n\ufeff"
    first = _FIRST_CHILD.search(
        text, value.start if at_line_start else max(line_end, value.start), value.end
    )
    if first is None or (line_end < 0 and not at_line_start):
        return
    indent = len(first[1])
    starts = [first.start()]
    starts += [m.start() + 1 for m in _keys_at(indent).finditer(text, first.start(), value.end)]
    starts.append(value.end)
    for start, following in pairwise(starts):
        key = _block_key(text, start + indent, following)
        if key is not None:
            span, name, after = key
            end = _without_trailing(text, after, following)
            yield Key(name, span, Span(after, following), Span(start, end))


def _block_key(text: str, start: int, end: int) -> tuple[Span, str, int] | None:
    match = _KEY.match(text, start, end)
    if match is not None and "\n" not in match["key"]:
        return Span(*match.span("key")), unquoted(match["key"]), match.end()
    match = _EXPLICIT.match(text, start, end)
    if match is None:
        return None
    colon = text.find("\n", match.end(), end)
    colon = text.find(":", colon, end) if colon >= 0 else -1
    after = colon + 1 if colon >= 0 else match.end()
    return Span(*match.span("key")), unquoted(match["key"].rstrip()), after


def _without_trailing(text: str, start: int, end: int) -> int:
    """The end of the last line before `end` that says something."""
    position = end
    while position > start:
        line = text.rfind("\n", start, position - 1) + 1
        content = text[max(line, start) : position].strip()
        if (content and not content.startswith("#")) or line <= start:
            return position
        position = line
    return end


def _json(text: str, opening: int) -> tuple[list[Key], bool]:
    """Members of the object at `opening`, and whether it is sound JSON up to its end."""
    decoder = json.JSONDecoder()
    found: list[Key] = []
    position = _skip(text, opening + 1)
    try:
        while text[position] != "}":
            name, key_end = decoder.raw_decode(text, position)
            colon = _skip(text, key_end)
            if not isinstance(name, str) or text[colon] != ":":
                return found, False
            value = _skip(text, colon + 1)
            _, end = decoder.raw_decode(text, value)
            region = Span(_line_start(text, position), _line_rest(text, end))
            found.append(Key(name, Span(position, key_end), Span(value, end), region))
            position = _skip(text, end)
            if text[position] == ",":
                position = _skip(text, position + 1)
    except (ValueError, IndexError, RecursionError):
        return found, False
    return found, True


def _flow(text: str, value: Span) -> tuple[list[Key], bool]:
    """Members of the flow mapping at `value`, and whether its bracket is closed."""
    found: list[Key] = []
    depth = 0
    entry: int | None = None
    pending: tuple[Span, int] | None = None
    last = value.start
    for token in _FLOW_TOKEN.finditer(text, value.start, value.end):
        mark = token[0]
        if mark[0] == "#":
            continue
        if mark in ("{", "["):
            depth += 1
        elif mark in ("}", "]") or (mark == "," and depth == 1):
            if depth == 1 and pending is not None:
                found.append(_flow_key(text, pending, last))
            if depth == 1:
                entry = pending = None
            depth -= mark != ","
            if depth <= 0:
                return found, True
        elif depth == 1 and pending is None:
            if mark == ":" and entry is not None:
                pending = (Span(entry, last), token.end())
            elif entry is None:
                entry = token.start()
        last = token.end()
    if pending is not None:
        found.append(_flow_key(text, pending, last))
    return found, False


def _flow_key(text: str, pending: tuple[Span, int], end: int) -> Key:
    span, after = pending
    region = Span(_line_start(text, span.start), _line_rest(text, end))
    return Key(unquoted(span.of(text)), span, Span(after, end), region)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _line_start(text: str, position: int) -> int:
    """The start of the line where only white space stands before `position`, else `position`."""
    before = max(position - _LONGEST_INDENT, 0)
    line = text.rfind("\n", before, position) + 1
    if line == 0 and before > 0:
        return position
    return line if not text[line:position].strip("\ufeff \t") else position


def _line_rest(text: str, position: int) -> int:
    """The start of the next line where only a comma follows `position`, else `position`."""
    line = text.find("\n", position, position + _LONGEST_INDENT)
    if line < 0 or text[position:line].strip() not in ("", ","):
        return position
    return line + 1


def unquoted(key: str) -> str:
    """The text that a key means."""
    if key.startswith('"'):
        try:
            return str(json.loads(key))
        except ValueError:
            return key.strip('"')
    if key.startswith("'"):
        return key[1:-1].replace("''", "'")
    return key
