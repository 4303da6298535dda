"""Assertions into REST Assured tests: links of the chain, or statements on the visible variable.

A variable is asserted on in the words of the test (JUnit, TestNG, AssertJ, Hamcrest, soft), as
far as they say exactly what the fact says; the rest is a chain of REST Assured links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pe4king_core.model.fact import AssertionFact, SubjectKind
from pe4king_core.model.message import Message
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.rendering.java.assertions import JavaCode, render_java
from pe4king_core.testcode import is_covered
from pe4king_core.testcode.syntax import indentation, line_end, line_start
from pe4king_core.weaving.java_around import EXTRACTABLE, RESPONSES, type_of
from pe4king_core.weaving.java_lines import JavaLayout, columns, has_trailing_dots, layout_of
from pe4king_core.weaving.java_names import named
from pe4king_core.weaving.java_own import model_statements, own_statements
from pe4king_core.weaving.java_places import Behind, Chained, place_of
from pe4king_core.weaving.reasons import ONLY_BODY, ONLY_PART, WRITTEN, name_taken
from pe4king_core.weaving.woven import WovenCall


def weave_java(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> WovenCall:
    """`facts` of `call` where they certainly speak of its answer."""
    place, _ = place_of(file, test, call)
    if isinstance(place, Message):
        return WovenCall(refused=tuple((fact, place) for fact in facts))
    responses = _responses(file, test, call)
    if isinstance(place, Chained):
        return _chained(file, test, call, place, facts, responses)
    if place.model is not None:
        return model_statements(file, test, call, place, facts)
    return _behind(file, test, call, place, facts, responses)


def _responses(file: TestFile, test: TestFunction, call: TestCall) -> Mapping[str, str]:
    """Variables that hold earlier answers where the assertions will stand."""
    found: dict[str, str] = {}
    for other in test.calls:
        if other.id == call.id:
            break
        if other.response is None or other.statement.end > call.span.start:
            continue
        found = {id_: name for id_, name in found.items() if name != other.response}
        kind = type_of(file, test, other.response)
        readable = kind in RESPONSES or kind in (EXTRACTABLE, "var")
        if other.blocked is None and readable and other.response != call.response:
            found[other.id] = other.response
    return found


def _chained(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    place: Chained,
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str],
) -> WovenCall:
    present = call.statement.of(file.text).partition(".then(")[2]
    alone = all(other is call or other.statement != call.statement for other in test.calls)
    left, written = _unwritten(test, facts, responses, present if alone else "")
    code = render_java(left, responses)
    refused = (*written, *code.skipped)
    if not code.links:
        return WovenCall(refused=refused)
    links, imports, taken = named(file, code.links, code.imports)
    if taken is not None:
        return WovenCall(refused=tuple((fact, name_taken(taken)) for fact in facts))
    text = _links_at(file, test, call, place, links)
    return WovenCall((Edit(Span(place.offset, place.offset), text),), imports, refused)


def _links_at(
    file: TestFile, test: TestFunction, call: TestCall, place: Chained, links: Sequence[str]
) -> str:
    """Links in the layout of the chain: on its line while that is short, else on their own."""
    statement = call.statement.of(file.text)
    layout = layout_of(file, test)
    if "\n" in statement or "\r" in statement:
        layout = replace(layout, trailing=has_trailing_dots(statement))
    whole = [*filter(None, [place.before]), *links, *filter(None, [place.after])]
    line = file.text[line_start(file.text, place.offset) : line_end(file.text, place.offset)]
    length = columns(line) + sum(map(len, whole))
    one_line = not call.chain_indent and "\n" not in statement and "\r" not in statement
    if one_line and length <= layout.width:
        return "".join(whole)
    outer = indentation(file.text, call.statement.start)
    indent = call.chain_indent or _indent_of_links(file, place) or outer + layout.continuation
    return layout.links(indent, whole) + _before_rest(file, place, indent)


def _before_rest(file: TestFile, place: Chained, indent: str) -> str:
    """What puts the rest of the chain (`.extract()...`) on a line of its own."""
    rest = file.text[place.offset : line_end(file.text, place.offset)]
    begins = rest.startswith(".") and rest.strip() != "." and not place.after
    return file.newline + indent if begins else ""


def _indent_of_links(file: TestFile, place: Chained) -> str:
    """The indentation of the line that `place` ends, where it starts with a link."""
    start = line_start(file.text, place.offset)
    line = file.text[start : place.offset]
    return indentation(file.text, place.offset) if line.lstrip().startswith(".") else ""


def _behind(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    place: Behind,
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str],
) -> WovenCall:
    present = file.text[call.statement.end : test.span.end] if len(test.calls) == 1 else ""
    left, written = _unwritten(test, facts, responses, present)
    own = own_statements(file, test, call, place, left, responses)
    code = render_java(own.left, responses)
    if not place.head:
        unsaid = tuple((fact, _only_body(fact)) for fact in own.left)
        code = JavaCode((), frozenset(), unsaid)
    links, imports, taken = named(file, code.links, code.imports)
    if taken is not None:
        return WovenCall(refused=tuple((fact, name_taken(taken)) for fact in facts))
    layout = layout_of(file, test)
    text = "" if own.elsewhere is not None else own.text
    if links:
        text += _own_chain(file, call, place, layout, links)
    edits = [Edit(Span(place.offset, place.offset), text)] if text else []
    if own.elsewhere is not None and own.text:
        edits.insert(0, Edit(Span(own.elsewhere, own.elsewhere), own.text))
    used = imports | own.imports if links else own.imports
    return WovenCall(tuple(edits), used, (*written, *code.skipped))


def _only_body(fact: AssertionFact) -> Message:
    """Why a fact is not said of a JsonPath."""
    return ONLY_PART if fact.subject.kind is SubjectKind.BODY else ONLY_BODY


def _own_chain(
    file: TestFile, call: TestCall, place: Behind, layout: JavaLayout, links: Sequence[str]
) -> str:
    """`response.then()...;` on lines of its own."""
    indent = indentation(file.text, call.statement.start)
    flat = f"{indent}{place.head}{''.join(links)};"
    if len(links) == 1 and columns(flat) <= layout.width:
        return file.newline + flat
    inner = indent + layout.continuation
    return f"{file.newline}{indent}{place.head}{layout.links(inner, links)};"


def _unwritten(
    test: TestFunction,
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str],
    present: str,
) -> tuple[list[AssertionFact], list[tuple[AssertionFact, Message]]]:
    """Facts that are still to be written, and those that are there as far as they can be said.

    Of what cannot be said the presence of its place is written, but once only. `present` is
    the code that speaks of this answer alone.
    """
    flat = "".join(present.split()).replace("Matchers.", "")
    left: list[AssertionFact] = []
    written: list[tuple[AssertionFact, Message]] = []
    for fact in facts:
        code: JavaCode = render_java([fact], responses)
        there = code.links and all("".join(each.split()) in flat for each in code.links)
        if code.skipped and is_covered(test, replace(fact, check=None)):
            written += code.skipped
        elif there:
            written.append((fact, WRITTEN))
        else:
            left.append(fact)
    return left, written
