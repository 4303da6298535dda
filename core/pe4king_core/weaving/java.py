"""Assertions into REST Assured tests: links of the chain, or a chain on the response variable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.message import Message
from pe4king_core.model.source import CallStyle, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.rendering.java_assertions import render_java
from pe4king_core.rendering.java_layout import link
from pe4king_core.testcode.syntax import indentation, line_end, line_start
from pe4king_core.weaving.imports import is_imported
from pe4king_core.weaving.layout import indent_unit, line_end_behind, starts_line
from pe4king_core.weaving.reasons import CROWDED, ONLY_PART, ROOT_PATH, WRITTEN, name_taken
from pe4king_core.weaving.woven import WovenCall

_WIDTH = 100
_ROOT_PATH = re.compile(r"\.\s*(?:root|rootPath|appendRoot|appendRootPath)\s*\(")


def weave_java(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> WovenCall:
    """`facts` of `call` as links of its chain, or as a chain of their own."""
    chained = call.style is CallStyle.CHAIN
    unfit = None
    if chained and _ROOT_PATH.search(call.statement.of(file.text)):
        unfit = ROOT_PATH
    elif not chained and call.response is None:
        unfit = ONLY_PART
    if unfit is not None:
        return WovenCall(refused=tuple((fact, unfit) for fact in facts))
    responses = _responses(test, call)
    left, written = _unwritten(file, test, call, facts, responses)
    code = render_java(left, responses)
    clash = _clash(file, code.imports)
    if clash is not None:
        return WovenCall(refused=tuple((fact, name_taken(clash)) for fact in facts))
    refused = (*written, *code.skipped)
    if not code.links:
        return WovenCall(refused=refused)
    edit = (_chained if chained else _own_chain)(file, test, call, code.links)
    if edit is None:
        return WovenCall(refused=tuple((fact, CROWDED) for fact in facts))
    return WovenCall((edit,), code.imports, refused)


def _responses(test: TestFunction, call: TestCall) -> Mapping[str, str]:
    """Variables that hold earlier answers where the links will stand."""
    return {
        other.id: other.response
        for other in test.calls
        if other.response is not None
        and other.blocked is None
        and other.id != call.id
        and other.statement.end <= call.span.start
    }


def _unwritten(
    file: TestFile,
    test: TestFunction,
    call: TestCall,
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str],
) -> tuple[list[AssertionFact], list[tuple[AssertionFact, Message]]]:
    """Facts whose links do not stand in the test word for word."""
    answer = file.text[call.statement.end : test.span.end]
    if call.style is CallStyle.CHAIN:
        answer = call.statement.of(file.text).partition(".then(")[2]
    present = "".join(answer.split())
    left: list[AssertionFact] = []
    written: list[tuple[AssertionFact, Message]] = []
    for fact in facts:
        links = render_java([fact], responses).links
        if len(test.calls) == 1 and links and all("".join(x.split()) in present for x in links):
            written.append((fact, WRITTEN))
        else:
            left.append(fact)
    return left, written


def _clash(file: TestFile, imports: frozenset[str]) -> str | None:
    """A name we would import that the file declares or imports as something else."""
    for name in sorted(imports):
        if is_imported(file, name):
            continue
        simple = name.rpartition(".")[2]
        is_static = name.startswith("static ")
        for other in file.imports:
            same_kind = other.startswith("static ") == is_static
            if same_kind and other.endswith("." + simple):
                return simple
        declared = rf"[\w>\]]\s+{simple}\s*\([^()]*\)\s*(?:throws[\w\s.,]+)?\{{"
        if is_static and re.search(declared, file.text):
            return simple
        if not is_static and re.search(
            rf"\b(?:class|record|enum|interface)\s+{simple}\b", file.text
        ):
            return simple
    return None


def _chained(
    file: TestFile, test: TestFunction, call: TestCall, links: Sequence[str]
) -> Edit | None:
    """Links behind the last one of the chain, in its own layout."""
    place = Span(call.anchor, call.anchor)
    start = line_start(file.text, call.anchor)
    length = line_end(file.text, call.anchor) - start + sum(map(len, links))
    one_line = not call.chain_indent and "\n" not in call.statement.of(file.text)
    if one_line and length <= _WIDTH:
        return Edit(place, "".join(links))
    indent = call.chain_indent
    if not indent:
        indent = indentation(file.text, call.statement.start) + 2 * indent_unit(file, test)
    return Edit(place, "".join(_on_line_of_its_own(file, indent, each) for each in links))


def _on_line_of_its_own(file: TestFile, indent: str, code: str) -> str:
    """A link behind `indent`, its arguments broken where it is longer than a line should be."""
    if "\t" in indent:
        return file.newline + indent + code
    return file.newline + indent + file.newline.join(link(code, len(indent), 1).split("\n"))


def _own_chain(
    file: TestFile, test: TestFunction, call: TestCall, links: Sequence[str]
) -> Edit | None:
    """`response.then()...;` on lines of its own behind the call's anchor."""
    place = line_end_behind(file, call.anchor)
    if place is None or not starts_line(file.text, call.statement.start):
        return None
    indent = indentation(file.text, call.statement.start)
    inner = indent + 2 * indent_unit(file, test)
    lines = "".join(_on_line_of_its_own(file, inner, each) for each in links)
    head = f"{file.newline}{indent}{call.response}.then()"
    return Edit(Span(place, place), f"{head}{lines};")
