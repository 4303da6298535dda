"""Assertions into Python tests: new lines behind the call's last assertion."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pe4king_core.model.fact import AssertionFact, Equals, RequestValue, SubjectKind
from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.rendering.python_assertions import PythonCode, PythonNames, render_python
from pe4king_core.weaving.layout import (
    free_name,
    indent_unit,
    indented,
    line_end_behind,
    names_in,
    starts_line,
)
from pe4king_core.weaving.reasons import CROWDED, ONLY_BODY, SAYS_NOTHING, name_taken, unknown_sent
from pe4king_core.weaving.refusals import expected_status
from pe4king_core.weaving.woven import WovenCall

_BODY_NAMES = ("body", "payload", "response_body", "response_json", "answer")
_CHANGE = r"\s*(?:\[[^\]\n]*\]\s*=(?!=)|\.(?:clear|pop|popitem|setdefault|update)\()"


def weave_python(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> WovenCall:
    """`facts` of `call` as lines behind its anchor."""
    indent = _indent(file, call)
    place = line_end_behind(file, call.anchor)
    if place is None or indent is None:
        return WovenCall(refused=tuple((fact, CROWDED) for fact in facts))
    sayable, refused = _sayable(file, test, call, facts)
    held = _held_body(test, call)
    taken = names_in(test.span.of(file.text)) | test.local_names
    names = PythonNames(
        call.response or "",
        held or free_name(_BODY_NAMES, taken),
        _sent_variable(file, call),
        taken - {held},
    )
    expected = expected_status(test, call, facts)
    introduction = ""
    if held is None:
        introduction = f"{names.body} = {_body_expression(file, test, names.response)}"
    lines, code = _lines(sayable, names, expected, introduction)
    clash = next((name for name in _bound_names(code) if name in test.local_names), None)
    if clash is not None:
        return WovenCall(refused=tuple((fact, name_taken(clash)) for fact in facts))
    skipped = tuple(each for part in code for each in part.skipped)
    imports = frozenset().union(*(part.imports for part in code))
    if not lines:
        return WovenCall(refused=(*refused, *skipped))
    written = indented(lines, indent, indent_unit(file, test))
    text = "".join(file.newline + line for line in written)
    return WovenCall((Edit(Span(place, place), text),), imports, (*refused, *skipped))


def _lines(
    facts: Sequence[AssertionFact], names: PythonNames, expected: int | None, introduction: str
) -> tuple[list[str], list[PythonCode]]:
    """The lines of all facts, the body's behind `introduction`, which names it.

    Facts for one status only, where the test expects none in particular, stand under a condition.
    """
    body = [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]
    certain = [fact for fact in body if fact.when is None or fact.when == expected]
    above = render_python([fact for fact in facts if fact not in body], names)
    parts = [render_python(certain, names)]
    lines = list(parts[0].lines)
    for status in sorted({fact.when for fact in body if fact not in certain and fact.when}):
        part = render_python([fact for fact in body if fact.when == status], names)
        parts.append(part)
        if part.lines:
            lines.append(f"if {names.response}.status_code == {status}:")
            lines += [f"    {line}" for line in part.lines]
    if lines and introduction:
        lines.insert(0, introduction)
    return [*above.lines, *lines], [above, *parts]


def _indent(file: TestFile, call: TestCall) -> str | None:
    """The indentation of the block in which the answer lives; None where it is not clear."""
    statement = call.statement
    if not starts_line(file.text, statement.start):
        return None
    if call.anchor > statement.start and re.match(r"(?:async\s+)?with\b", statement.of(file.text)):
        from pe4king_core.testcode.python.layout import block_indent

        return block_indent(file.text, statement.start)
    from pe4king_core.testcode.syntax import indentation

    return indentation(file.text, statement.start)


def _held_body(test: TestFunction, call: TestCall) -> str | None:
    """The variable that holds the whole body at the call's anchor."""
    before = [held for held in test.body_variables if held.offset <= call.anchor]
    for held in before:
        later = any(other.name == held.name and other.offset > held.offset for other in before)
        if held.call == call.id and held.pointer == "" and not later:
            return held.name
    return None


def _sayable(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> tuple[list[AssertionFact], list[tuple[AssertionFact, Message]]]:
    """Facts that the visible variables allow, and the others with their reasons."""
    sayable: list[AssertionFact] = []
    refused: list[tuple[AssertionFact, Message]] = []
    for fact in facts:
        needs_response = fact.subject.kind is not SubjectKind.BODY or fact.when is not None
        reason = ONLY_BODY if needs_response and call.response is None else None
        if _says_nothing(fact):
            reason = SAYS_NOTHING
        match fact.check:
            case Equals(RequestValue(pointer)) if not _was_sent(file, test, call, pointer):
                reason = unknown_sent(pointer)
        if reason is None:
            sayable.append(fact)
        else:
            refused.append((fact, reason))
    return sayable, refused


def _says_nothing(fact: AssertionFact) -> bool:
    """Whether `fact` holds for every answer: that the body, or an item of an array, is there."""
    pointer = fact.subject.name
    is_body = fact.subject.kind is SubjectKind.BODY
    return is_body and fact.check is None and (not pointer or pointer.endswith("/*"))


def _sent_variable(file: TestFile, call: TestCall) -> str | None:
    """The variable that was sent as JSON and was not changed since."""
    found = re.search(r"\bjson\s*=\s*([^\W\d]\w*)\s*[,)]", call.span.of(file.text))
    if found is None:
        return None
    name = found.group(1)
    since = file.text[call.span.end : call.anchor]
    changed = re.search(rf"(?<![\w.]){re.escape(name)}(?:{_CHANGE}|\s*=(?!=))", since)
    return None if changed else name


def _was_sent(file: TestFile, test: TestFunction, call: TestCall, pointer: str) -> bool:
    """Whether the sent variable visibly has what `pointer` leads to."""
    if _sent_variable(file, call) is None:
        return False
    before = file.text[test.span.start : call.anchor]
    return all(
        token.isdecimal() or f'"{token}"' in before or f"'{token}'" in before
        for token in split(pointer)
    )


def _body_expression(file: TestFile, test: TestFunction, response: str) -> str:
    """How this test's client parses the body (Flask's test client has a method of its own)."""
    if f"{response}.get_json(" in test.span.of(file.text) or file.client == "flask":
        return f"{response}.get_json()"
    return f"{response}.json()"


def _bound_names(code: Sequence[PythonCode]) -> set[str]:
    imports = {name for part in code for name in part.imports}
    return {name.rpartition(".")[2] if "." in name else name for name in imports}
