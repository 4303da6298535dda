"""Where test methods begin and end in Java code, told by annotations and braces.

Works in code that does not parse: a method that is damaged ends where the next member begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.testcode.java.places import is_documentation
from pe4king_core.testcode.places import Place, Region
from pe4king_core.testcode.syntax import Source, line_start, parse_part

if TYPE_CHECKING:
    from tree_sitter import Node

_COMMENT = r"//[^\n\r]*+|/\*(?:[^*]|\*(?!/)){0,500}+\*/"
_STRING = (
    r'"""(?:\\.|[^\\]){0,4000}?"""|"(?:\\.|[^"\\\n\r])*+"?+'
    rf"|'(?:\\.|[^'\\\n\r])*+'?+|{_COMMENT}"
)
"""Bounded, as a text without ends is looked through from each of its starts."""


def _brackets(depth: int) -> str:
    inner = rf"|{_brackets(depth - 1)}" if depth else ""
    return rf"\((?:[^()\"'/]|{_STRING}|/{inner})*+\)"


_ARGUMENTS = _brackets(3)
_ANNOTATION = rf"@[\w.]++(?:\s*+{_ARGUMENTS})?+"
_TESTS = r"(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestTemplate|Theory)\b(?!\w)"
_HEAD = re.compile(
    rf"@(?:(?P<strict>[\w.]++(?:\s*+{_ARGUMENTS})?+"
    rf"(?:\s++|{_COMMENT}|{_ANNOTATION}|[\w.$<>\[\],?&]++){{0,80}}?"
    rf"\s(?P<name>[^\W\d][\w$]*+)\s*+{_ARGUMENTS}[^;{{}}()@\"]*+\{{)"
    rf"|{_TESTS}(?:[^;{{}}@]|@(?!{_TESTS})){{0,600}}?\b(?:void|[A-Z]\w*+)\s++"
    r"(?P<other>[^\W\d][\w$]*+)\s*+\([^;{}()]*+(?:\([^;{}()]*+\)[^;{}()]*+)*+\)[^;{}()]*+\{)",
    re.DOTALL,
)
"""A method with annotations; of one whose head is damaged, only one with a test's annotation."""
_IS_TEST = re.compile(rf"@{_TESTS}")
_PLAIN = re.compile(
    rf"\n[ \t]*+(?P<strict>public\s++(?:(?:final|synchronized)\s++)*+void\s++"
    rf"(?P<name>[^\W\d][\w$]*+)\s*+{_ARGUMENTS}[^;{{}}()@\"]*+\{{)",
    re.DOTALL,
)
_WHOLE_CLASS = re.compile(
    rf"@(?:\w+\.)*Test\b(?:\s*+{_ARGUMENTS})?+(?:\s++|{_ANNOTATION}|\w++){{0,40}}?\sclass\b",
    re.DOTALL,
)
_OLD_STYLE = re.compile(r"extends\s++(?:\w+\.)*\w*TestCase\b")
"""All public methods of such a class are tests."""
_CLASS = re.compile(r"\b(?:class|record)\s+([^\W\d]\w*)[^;{}()]{0,400}+\{")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n\r])*"?|\'(?:\\.|[^\'\\\n\r])*\'?'
    r"|//[^\n\r]*|/\*.*?(?:\*/|\Z)|[{}]",
    re.DOTALL,
)
_STRAY = re.compile(
    r"(?>\s|//[^\n\r]*+|/\*.*?\*/)*+"
    r"(?:[^\s\w@/}]|[a-z]\w*\s*[.(=]|(?:if|for|while|return|try|assert|throw|new)\b)",
    re.DOTALL,
)
"""What cannot stand between two methods: the rest of a body that was closed too early."""
_MEMBER = re.compile(
    r"^([ \t]*)(?:@\w|/\*\*|\}"
    r"|(?:public|protected|private|static|abstract|final|class|interface|enum|record|void)\b)",
    re.MULTILINE,
)
_ASSIGNED = re.compile(r"(?<![\w.$])(?:this\s*\.\s*)?([^\W\d][\w$]*)\s*(?:[-+*/|&]?=(?!=)|\+\+|--)")


def guessed_places(text: str, regions: dict[str, Region]) -> list[tuple[Place, Region]]:
    """What looks like a test method, each with annotations and documentation, without classes.

    `regions` has what is known of such parts of the text; those that were needed are in it
    afterwards.
    """
    known = dict(regions)
    regions.clear()
    heads = list(_heads(text))
    found: list[tuple[Place, Region]] = []
    for index, head in enumerate(heads):
        start = head.start
        limit = heads[index + 1].start if index + 1 < len(heads) else len(text)
        part = text[start:limit]
        inside = head.end - start
        indent = start - line_start(text, start)
        key = f"{head.plain} {inside} {indent}\n{part}"
        region = known.get(key)
        if region is None:
            region = replace(_region(part, inside, indent), plain=head.plain)
        regions[key] = region
        place = Place(Span(start, start + region.end), head.name, damaged=region.damaged)
        found.append((place, region))
    return found


class _Head(NamedTuple):
    """The head of a method; `plain` where only its class can make it a test."""

    start: int
    end: int
    name: Span
    plain: bool


def _heads(text: str) -> Iterator[_Head]:
    """The heads of what looks like tests, from the documentation to the opening brace."""
    is_whole = _WHOLE_CLASS.search(text) or ("TestCase" in text and _OLD_STYLE.search(text))
    plain = list(_PLAIN.finditer(text)) if is_whole else []
    for head in _HEAD.finditer(text):
        while plain and plain[0].end() < head.end():
            yield from _head(text, plain.pop(0), plain=True)
        if plain and plain[0].end() == head.end():
            # The same method, found without its annotations.
            method = plain.pop(0)
            if not _IS_TEST.search(head[0]) and method["name"].startswith("test"):
                yield from _head(text, head, plain=True)
                continue
        if not head["strict"] or _IS_TEST.search(head[0]):
            yield from _head(text, head, plain=False)
    for method in plain:
        yield from _head(text, method, plain=True)


def _head(text: str, found: re.Match[str], *, plain: bool) -> Iterator[_Head]:
    """The method head `found`, unless it stands in a comment."""
    start = found.start("strict") if found.re is _PLAIN else found.start()
    front = text[line_start(text, start) : start].lstrip()
    if "//" not in front and not front.startswith("*"):
        name = Span(*found.span("name" if found["strict"] else "other"))
        yield _Head(_with_documentation(text, start), found.end(), name, plain)


def _with_documentation(text: str, start: int) -> int:
    """The start of the documentation comment above `start`, if there is one."""
    above = text[max(0, start - 8000) : start].rstrip()
    if not above.endswith("*/"):
        return start
    opening = above.rfind("/**")
    if opening < 0 or "*/" in above[opening + 3 : -2]:
        return start
    return max(0, start - 8000) + opening


def _region(part: str, head_end: int, indent: int) -> Region:
    """What `part` holds, a test whose head ends at `head_end` and is `indent` characters in."""
    closing, torn = _closing(part, head_end)
    names = assigned(part[head_end : closing or len(part)])
    if closing is not None and _STRAY.match(part, closing) is None:
        return Region(closing, damaged=not _is_method(part[:closing]), assigned=names)
    end = len(part)
    for member in _MEMBER.finditer(part, head_end):
        if len(member[1]) <= indent:
            # A brace right below the head closes the method, or seems to.
            closes = member[0].endswith("}") and len(member[1]) == indent
            end = member.end() if closes else member.start()
            break
    end = max(len(part[:end].rstrip()), head_end)
    return Region(end, damaged=True, torn=torn, assigned=names)


def assigned(part: str) -> frozenset[str]:
    """The names that code gives a value."""
    return frozenset(_ASSIGNED.findall(part))


def _closing(text: str, position: int) -> tuple[int | None, bool]:
    """The offset behind the brace that closes the body which begins at `position`.

    And whether what follows begins inside of a text block or comment.
    """
    depth = 1
    torn = False
    for token in _TOKEN.finditer(text, position):
        if token[0] == "{":
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                return token.end(), torn
        else:
            is_block = token[0] == '""' and text.startswith('"', token.end())
            is_comment = token[0].startswith("/*") and not token[0].endswith("*/")
            torn = torn or is_block or is_comment
    return None, torn


def _is_method(part: str) -> bool:
    """Whether `part` is one method without errors."""
    source = parsed(part)
    if source.root.has_error or source.root.named_child_count != 1:
        return False
    return len(list(members(source))) == 1


def parsed(part: str, start: int = 0) -> Source:
    """The member of a class that stands behind `start` in `part`, in a class of its own."""
    span = Span(start, len(part))
    return parse_part(part, span, SourceLanguage.JAVA, before="class X{", after="\n}")


def members(source: Source) -> Iterator[tuple[Node, Node | None]]:
    """The members in a part, each with its documentation comment."""
    comment: Node | None = None
    for outer in source.root.named_children[:1]:
        body = outer.child_by_field_name("body")
        for node in body.named_children if body is not None else []:
            if "comment" not in node.type:
                yield node, comment
            comment = node if is_documentation(source, node) else None


def in_classes(text: str, places: Sequence[Place]) -> list[Place]:
    """`places` with the classes around them, told by the indentation of their heads."""
    declared = list(_CLASS.finditer(text))
    found: list[Place] = []
    around: list[tuple[int, re.Match[str]]] = []
    for place in places:
        while declared and declared[0].start() < place.span.start:
            match = declared.pop(0)
            front = text[line_start(text, match.start()) : match.start()]
            indent = len(front) - len(front.lstrip())
            around = [each for each in around if each[0] < indent]
            around.append((indent, match))
        holder = around[-1][1].start(1) if around else -1
        names = tuple(match[1] for _, match in around)
        found.append(replace(place, classes=names, holder=holder))
    return found
