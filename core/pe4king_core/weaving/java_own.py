"""Assertions on a response variable in the words of the test: which library, spelled how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.rendering.java.assertions import imports_of, render_java
from pe4king_core.rendering.java.matching import as_matching
from pe4king_core.rendering.java.plain import FACTORIES, Wording, render_plain
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving.java_around import parsed, stands_straight
from pe4king_core.weaving.java_lines import layout_of
from pe4king_core.weaving.java_model import Said, model_statement
from pe4king_core.weaving.java_names import named
from pe4king_core.weaving.java_places import Behind
from pe4king_core.weaving.java_style import CHAIN, Spelling, hamcrest_of, spelling_of
from pe4king_core.weaving.layout import line_end_behind, starts_line
from pe4king_core.weaving.reasons import ONLY_PART, name_taken
from pe4king_core.weaving.woven import WovenCall

_END = re.compile(r"\s*;")
_TYPES = {
    "InstanceOfAssertFactories": FACTORIES,
    "List": "java.util.List",
    "Map": "java.util.Map",
    "BigInteger": "java.math.BigInteger",
}


@dataclass(frozen=True, slots=True)
class Own:
    """Lines in the test's words, and the facts that only a chain can say.

    `elsewhere` is where soft assertions go; other lines stand at the call's place.
    """

    text: str = ""
    imports: frozenset[str] = frozenset()
    left: tuple[AssertionFact, ...] = ()
    elsewhere: int | None = None


def own_statements(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    place: Behind,
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str],
) -> Own:
    """What the test's own library says of `facts`; Hamcrest where there is a JsonPath only."""
    spelling = spelling_of(file, test, call)
    if not place.head and spelling.library == CHAIN:
        spelling = hamcrest_of(file)
    if spelling.library == CHAIN or not place.readable or not facts:
        return Own(left=tuple(facts))
    elsewhere, indent = None, indentation(file.text, call.statement.start)
    if spelling.soft:
        elsewhere = _soft_place(file, test, call, spelling)
        if elsewhere is None:
            return Own(left=tuple(facts))
        indent = indentation(file.text, elsewhere)
    value = _value(file, test, place)
    response = place.variable if place.head else ""
    status = "getStatusCode" if _has(test, file, f"{response}.getStatusCode(") else "statusCode"
    matching = partial(_matching, value, response, status, responses)
    if spelling.library == "hamcrest":
        statements, imports, left = matching(facts, spelling)
    else:
        uses = "assertInstanceOf(" in file.text and spelling.library == "junit5"
        wording = Wording(
            spelling.library,
            spelling.receiver,
            spelling.starter,
            response,
            partial(value, "<Object>"),
            status,
            uses,
            responses,
        )
        code = render_plain(facts, wording)
        statements, left = code.statements, code.left
        imports = spelling.imports(code.methods) | {_TYPES[name] for name in code.types}
        if not place.head and left:
            more, names, left = matching(left, hamcrest_of(file))
            statements, imports = (*statements, *more), imports | names
    statements, imports, taken = named(file, statements, imports)
    if taken is not None:
        return Own(left=tuple(facts))
    layout = layout_of(file, test)
    text = "".join(file.newline + layout.statement(indent, each) for each in statements)
    return Own(text, imports if statements else frozenset(), left, elsewhere)


def model_statements(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    place: Behind,
    facts: Sequence[AssertionFact],
) -> WovenCall:
    """What an object made from the answer shows of `facts`."""
    spelling = spelling_of(file, test, call)
    offset = _soft_place(file, test, call, spelling) if spelling.soft else place.offset
    if spelling.library == CHAIN or offset is None:
        spelling, offset = hamcrest_of(file), place.offset
    said: list[Said] = []
    refused: list[tuple[AssertionFact, Message]] = []
    for fact in facts:
        found = model_statement(fact, place.model, spelling) if place.model else ONLY_PART
        if isinstance(found, Message):
            refused.append((fact, found))
        else:
            said.append(found)
    imports = spelling.imports({each.method for each in said}) | frozenset().union(
        *(each.matchers for each in said)
    )
    if any(each.uses_list for each in said):
        imports |= {_TYPES["List"]}
    lines, imports, taken = named(file, [each.statement for each in said], imports)
    if taken is not None:
        return WovenCall(refused=tuple((fact, name_taken(taken)) for fact in facts))
    layout = layout_of(file, test)
    indent = indentation(file.text, offset if spelling.soft else call.statement.start)
    text = "".join(file.newline + layout.statement(indent, each) for each in dict.fromkeys(lines))
    edits = (Edit(Span(offset, offset), text),) if text else ()
    return WovenCall(edits, imports, tuple(refused))


def _has(test: TestFunction, file: TestFile, code: str) -> bool:
    return code in "".join(test.span.of(file.text).split())


def _value(file: TestFile, test: TestFunction, place: Behind) -> Callable[[str, str], str]:
    """How a GPath is read here: `response.path("a")`, `response.jsonPath().get("a")`."""
    name = place.variable
    if not place.head:
        return lambda witness, path: f"{name}.{witness}get({path})"
    if _has(test, file, f"{name}.jsonPath()") and not _has(test, file, f"{name}.path("):
        return lambda witness, path: f"{name}.jsonPath().{witness}get({path})"
    return lambda witness, path: f"{name}.{witness}path({path})"


def _matching(
    value: Callable[[str, str], str],
    response: str,
    status: str,
    responses: Mapping[str, str],
    facts: Sequence[AssertionFact],
    spelling: Spelling,
) -> tuple[tuple[str, ...], frozenset[str], tuple[AssertionFact, ...]]:
    """`assertThat(value, matcher)` for the places of which all links can be said that way."""
    places: dict[tuple[str, str], list[AssertionFact]] = {}
    for fact in facts:
        places.setdefault((fact.subject.kind, fact.subject.name), []).append(fact)
    found: list[str] = []
    left: list[AssertionFact] = []
    for stated in places.values():
        code = render_java(stated, responses)
        made = [as_matching(link, response, value, status) for link in code.links]
        said = [each for each in made if each is not None]
        if code.skipped or not said or len(said) != len(made):
            left += stated
        else:
            found += said
    statements = tuple(f"{spelling.receiver}assertThat({each})" for each in dict.fromkeys(found))
    imports = imports_of(found) | spelling.imports(["assertThat"] if found else [])
    return statements, imports, tuple(fact for fact in facts if fact in left)


def _soft_place(
    file: TestFile, test: TestFunction, call: TestCall, spelling: Spelling
) -> int | None:
    """The end of the line behind the last soft assertion, where the answer is there already."""
    last = spelling.behind
    if last is None or last.start < call.statement.end:
        return None
    since = file.text[call.statement.end : last.start]
    name = re.escape(call.response or "")
    if name and re.search(rf"(?<![\w.]){name}\s*=(?!=)", since):
        return None
    closed = _END.match(file.text, last.end)
    straight = starts_line(file.text, last.start)
    if closed is None or not straight or not stands_straight(parsed(file, test), last, call.span):
        return None
    return line_end_behind(file, closed.end())
