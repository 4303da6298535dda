"""The text of a test beside another one, and the test as if it had been read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.source import (
    CallStyle,
    SourceLanguage,
    TestAssertion,
    TestCall,
    TestFile,
    TestFunction,
)
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving import java_beside
from pe4king_core.weaving.layout import free_name, indent_unit, names_in
from pe4king_core.weaving.python_beside import like_sibling
from pe4king_core.weaving.repeats import Repeat
from pe4king_core.weaving.siblings import indented_block

_NAMES = ("response", "resp", "api_response")
_THEN = ".then()"


@dataclass(frozen=True, slots=True)
class Draft:
    """A test without checks at the end of a copy of the file, from `base` on."""

    file: TestFile
    test: TestFunction
    base: int


def written(draft: Draft, edits: Sequence[Edit]) -> str:
    """The text of the test with `edits`, which were made for the copy of the file."""
    moved = [
        Edit(Span(edit.span.start - draft.base, edit.span.end - draft.base), edit.text)
        for edit in edits
    ]
    return apply_edits(draft.file.text[draft.base :], moved)


def draft_of(
    file: TestFile, test: TestFunction, call: TestCall, repeat: Repeat, name: str
) -> Draft:
    """The test `name` in the manner of `test`, which makes the request and nothing else."""
    is_python = file.language is SourceLanguage.PYTHON
    block = _python_block(file, test, repeat, name) if is_python else _java_block(repeat, name)
    if is_python:
        block = like_sibling(file, test, block)
    else:
        block, _ = java_beside.like_sibling(file, test, block, frozenset())
    indent = indentation(file.text, test.name_span.start)
    text = indented_block(block, indent, file)
    base = len(file.text) + len(file.newline)
    lines = text.split(file.newline)
    closing = 0 if is_python else 1
    own = lines[len(lines) - closing - _height(repeat, is_python) : len(lines) - closing]
    end = base + len(text) - (len(file.newline) + len(lines[-1]) if closing else 0)
    start = end - len(file.newline.join(own)) + len(own[0]) - len(own[0].lstrip())
    copy = replace(file, text=f"{file.text}{file.newline}{text}")
    statement = Span(start, end)
    stated = (
        _python_call(call, statement, repeat)
        if is_python
        else _java_call(copy, call, statement, repeat)
    )
    return Draft(copy, _function(copy, test, stated, name, base, repeat), base)


def _height(repeat: Repeat, is_python: bool) -> int:
    """How many lines the request's statement has."""
    lines = repeat.expression.count("\n") + 1
    return lines if is_python or lines == 1 else lines + 1


def _python_block(file: TestFile, test: TestFunction, repeat: Repeat, name: str) -> str:
    unit = indent_unit(file, test)
    waits = "await " if repeat.waits else ""
    statements = (*repeat.definitions, f"{_answer(repeat)} = {waits}{repeat.expression}")
    lines = [unit + line for each in statements for line in each.split("\n")]
    return "\n".join((f"{repeat.before}{name}{repeat.behind}", *lines))


def _answer(repeat: Repeat) -> str:
    used = names_in("\n".join((repeat.expression, repeat.behind, *repeat.definitions)))
    return free_name(_NAMES, used)


def _java_block(repeat: Repeat, name: str) -> str:
    lines = repeat.expression.split("\n")
    last = lines[-1]
    if len(lines) > 1:
        then = f"{last[: len(last) - len(last.lstrip())]}{_THEN};"
        statement = [*lines, then]
    else:
        statement = [f"{last}{_THEN};"]
    body = [f"    {line}" for line in (*repeat.definitions, *statement)]
    return "\n".join((f"{repeat.before}{name}{repeat.behind}", *body, "}"))


def _python_call(call: TestCall, statement: Span, repeat: Repeat) -> TestCall:
    name = _answer(repeat)
    start = statement.start + len(name) + 3 + (len("await ") if repeat.waits else 0)
    return replace(
        _plain(call, Span(start, statement.end), statement),
        style=CallStyle.RESPONSE,
        anchor=statement.end,
        response=name,
    )


def _java_call(file: TestFile, call: TestCall, statement: Span, repeat: Repeat) -> TestCall:
    end = statement.end - len(_THEN) - 1
    inside = file.text[statement.start : end].rstrip()
    several = "\n" in repeat.expression
    return replace(
        _plain(call, Span(statement.start, statement.start + len(inside)), statement),
        style=CallStyle.CHAIN,
        anchor=statement.end - 1,
        response=None,
        chain_indent=indentation(file.text, end) if several else "",
    )


def _plain(call: TestCall, span: Span, statement: Span) -> TestCall:
    """`call` without what hindered it where it was."""
    return replace(call, id="C1", span=span, statement=statement, unsure=None, via=(), gives="")


def _function(
    file: TestFile, test: TestFunction, call: TestCall, name: str, base: int, repeat: Repeat
) -> TestFunction:
    scope = test.qualified_name.rpartition(".")[0]
    unit = indent_unit(file, test)
    at = file.text.index(name, base)
    body = file.text.index(file.newline, at) + len(file.newline)
    indent = indentation(file.text, test.name_span.start) + unit
    defined = {each.partition("=")[0].split()[-1] for each in repeat.definitions}
    own = {call.response} if call.response else set()
    return TestFunction(
        name=name,
        qualified_name=f"{scope}.{name}" if scope else name,
        language=test.language,
        span=Span(base, len(file.text)),
        name_span=Span(at, at + len(name)),
        body_span=Span(body + len(indent), len(file.text)),
        indent=indent,
        calls=(call,),
        assertions=_words(test),
        parameters=test.parameters,
        local_names=frozenset(test.parameters) | defined | own,
    )


def _words(test: TestFunction) -> tuple[TestAssertion, ...]:
    """The assertions of `test`, of no call, so that the words are its own.

    Those that need a variable of the test would not be understood beside it.
    """
    if test.language is SourceLanguage.JAVA:
        return ()
    roots = [each.text.partition("(")[0].partition(".")[0].strip() for each in test.assertions]
    outside = test.local_names - set(test.parameters) - {"self"}
    return tuple(
        replace(each, call=None)
        for each, root in zip(test.assertions, roots, strict=True)
        if root not in outside
    )
