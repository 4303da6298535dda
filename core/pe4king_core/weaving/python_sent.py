"""What a request has sent, where the test shows it: a variable that holds an object literal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pe4king_core.model.json import split
from pe4king_core.model.source import SourceLanguage, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.testcode.literals import unescape
from pe4king_core.testcode.syntax import Source, children, parse_part

if TYPE_CHECKING:
    from tree_sitter import Node

_CHANGE = r"\s*(?:\[[^\]\n]*\]\s*=(?!=)|\.(?:clear|pop|popitem|setdefault|update)\()"
_LONGEST = 20_000
"""Characters of a literal that are looked through."""


def sent_variable(file: TestFile, call: TestCall) -> str | None:
    """The variable that was sent as JSON and was not changed since."""
    found = re.search(r"\bjson\s*=\s*([^\W\d]\w*)\s*[,)]", call.span.of(file.text))
    if found is None:
        return None
    name = found.group(1)
    since = file.text[call.span.end : call.anchor]
    changed = re.search(rf"(?<![\w.]){re.escape(name)}(?:{_CHANGE}|\s*=(?!=))", since)
    return None if changed else name


def was_sent(file: TestFile, test: TestFunction, call: TestCall, pointer: str) -> bool:
    """Whether the sent variable visibly has what `pointer` leads to."""
    name = sent_variable(file, call)
    if name is None:
        return False
    own = Span(test.body_span.start, call.span.start)
    shortened = rf"\bdel\s+{re.escape(name)}\b|(?<![\w.]){re.escape(name)}\.(?:pop|popitem|clear)\("
    if re.search(shortened, own.of(file.text)):
        return False
    place = _assigned(file, name, own)
    if place is None and name not in test.local_names:
        place = _assigned(file, name, Span(0, len(file.text)), at="")
    if place is None:
        return False
    part = Span(place, min(place + _LONGEST, len(file.text)))
    source = parse_part(file.text, part, SourceLanguage.PYTHON, before="(")
    return _holds(source, _literal(source), split(pointer))


def _assigned(file: TestFile, name: str, within: Span, at: str = r"[ \t]*") -> int | None:
    """Where the only value that `name` is given begins, if it looks like an object."""
    assigned = re.compile(rf"^{at}{re.escape(name)}\s*(?::[^=\n]+)?=(?!=)\s*", re.MULTILINE)
    found = list(assigned.finditer(file.text, within.start - len(_line(file, within)), within.end))
    if len(found) != 1 or not file.text.startswith("{", found[0].end()):
        return None
    return found[0].end()


def _line(file: TestFile, span: Span) -> str:
    """What stands before `span` on its line."""
    return file.text[: span.start].rpartition("\n")[2]


def _literal(source: Source) -> Node | None:
    """The first object in a text that begins with one."""
    node: Node | None = source.root
    while node is not None and node.type != "dictionary":
        node = children(node)[0] if children(node) else None
    return node


def _holds(source: Source, node: Node | None, tokens: tuple[str, ...]) -> bool:
    """Whether the literal `node` has a value at `tokens`."""
    for token in tokens:
        if node is None or node.type not in ("dictionary", "list"):
            return False
        if node.type == "list":
            items = children(node)
            is_plain = all(each.type != "list_splat" for each in items)
            index = int(token) if token.isdecimal() else len(items)
            node = items[index] if is_plain and index < len(items) else None
            continue
        pairs = [each for each in children(node) if each.type == "pair"]
        values = {
            _key(source, each.child_by_field_name("key")): each.child_by_field_name("value")
            for each in pairs
        }
        node = values.get(token)
    return node is not None


def _key(source: Source, node: Node | None) -> str | None:
    """The text of a plain string literal."""
    if node is None or node.type != "string" or source.of(node)[:1] not in ("'", '"'):
        return None
    inner = [source.of(each) for each in node.named_children if each.type == "string_content"]
    return unescape("".join(inner))
