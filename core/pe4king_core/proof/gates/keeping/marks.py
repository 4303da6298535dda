"""What keeps a test from being run, or lets it run until it passes: marks around the test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions
from pe4king_core.proof.gates.keeping.statements import STOPS
from pe4king_core.testcode.syntax import children, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_OFF = re.compile(
    r"skip|xfail|flaky|rerun|retry|retries|importorskip|expectedFailure|Disabled|@Ignore\b|Enabled"
    r"|RepeatedTest\(0\)|RepeatedIf|@Retr|enabled\s*=\s*false|expected\w*\s*=|Repeat\(0\)|nullify"
    r"|@ExtendWith\((?!.*(?:Allure|Spring|Mockito))|@RunWith\((?!.*(?:Spring|Parameterized|Enclosed))"
    r"|__test__|invocationCount\s*=\s*0|successPercentage|deselect",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"@(?:pytest|mark|allure|unittest|anyio|staticmethod|classmethod|qase|testit|override|given"
    r"|settings|example|respx|responses|freeze_time|pytest_asyncio|patch|mock)\b"
)
"""Decorators of libraries that do not keep a test from failing."""
_ANNOTATION = re.compile(r"@[\w.]+(?:\s*\((?:[^()]|\([^()]*\))*\))?")
_UNRUN = re.compile(r"\b(?:private|static|abstract)\b")
_AROUND = frozenset({"if_statement", "try_statement", "for_statement", "while_statement"})


def marks_of(defined: Definitions, test: Definition) -> Counter[str]:
    """Everything that switches `test` off or repeats it, as text."""
    found = [*_own(test), *_of_classes(defined, test), *_of_module(defined, test)]
    return Counter(" ".join(each.split()) for each in found)


def _own(test: Definition) -> Iterator[str]:
    python = test.node.type == "function_definition"
    for each in _single(test.marks):
        if _OFF.search(each) or (python and not _KNOWN.match(each)):
            yield each
    yield from _UNRUN.findall(_ANNOTATION.sub("", test.marks))
    node = test.node.parent
    while node is not None:
        if node.type in _AROUND:
            yield f"inside of {node.type.replace('_', ' ')}"
        if node.type == "function_definition":
            yield "inside of a function"
        node = node.parent


def _single(marks: str) -> list[str]:
    """The decorators or annotations one by one."""
    return _ANNOTATION.findall(marks) or marks.splitlines()


def _of_classes(defined: Definitions, test: Definition) -> Iterator[str]:
    for depth in range(1, len(test.owner) + 1):
        path = test.owner[:depth]
        node = defined.classes.get(path)
        if node is None:
            continue
        inner = node.child_by_field_name("definition") or node
        body = inner.child_by_field_name("body")
        end = body.start_byte if body is not None else inner.end_byte
        head = defined.source.text[node.start_byte : end]
        yield from (each for each in _single(head.partition("class ")[0]) if _OFF.search(each))
        plain = _ANNOTATION.sub("", head)
        if defined.language is SourceLanguage.JAVA:
            yield from re.findall(r"\babstract\b", plain)
            if depth > 1 and "@Nested" not in head:
                yield f"class {path[-1]} is not @Nested"
        elif not path[-1].startswith("Test") and "Test" not in plain.partition("(")[2]:
            yield f"class {path[-1]} is not collected"
        if any(each.owner == path for each in defined.functions.get("__init__", ())):
            yield f"class {path[-1]} is not collected"


def _of_module(defined: Definitions, test: Definition) -> Iterator[str]:
    """`pytestmark`, `__test__`, and what skips the whole file."""
    for owner, target, value in defined.assigned:
        name = defined.source.of(target)
        if owner != test.owner[: len(owner)] or name not in ("pytestmark", "__test__"):
            continue
        text = defined.source.of(value)
        if name == "__test__" or _OFF.search(text):
            yield f"{name} = {text}"
    if defined.language is SourceLanguage.PYTHON:
        yield from _skipping(defined, defined.source.root)


def _skipping(defined: Definitions, root: Node) -> Iterator[str]:
    for node in children(root):
        if node.type in ("function_definition", "decorated_definition", "class_definition"):
            continue
        for each in walk(node):
            if each.type == "call":
                function = each.child_by_field_name("function")
                name = defined.source.of(function).rpartition(".")[2] if function else ""
                if name in STOPS:
                    yield defined.source.of(each)
            elif each.type == "raise_statement":
                yield defined.source.of(each)
