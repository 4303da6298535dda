"""Assertions into Python tests: new lines behind the request's last assertion.

What they speak of, in this order: the variable that holds the parsed body; the response; a name
put in for an answer that the test throws away; members of an object made from the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.model.fact import (
    AssertionFact,
    Equals,
    HasFormat,
    HasType,
    Matches,
    Presence,
    RequestValue,
    SubjectKind,
)
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType
from pe4king_core.model.source import TestCall, TestFile, TestFunction
from pe4king_core.model.text import Edit, Span
from pe4king_core.rendering.python.assertions import PythonCode, PythonNames, render_python
from pe4king_core.rendering.python.dialects import CheckBlock
from pe4king_core.rendering.python.text import WIDTH
from pe4king_core.testcode.coverage import is_covered
from pe4king_core.testcode.syntax import indentation
from pe4king_core.weaving.layout import (
    free_name,
    indent_unit,
    indented,
    line_end_behind,
    names_in,
    starts_line,
)
from pe4king_core.weaving.python_bare import name_answer
from pe4king_core.weaving.python_bound import unsure_names
from pe4king_core.weaving.python_flow import flow_refusal
from pe4king_core.weaving.python_held import (
    body_expression,
    held_body,
    is_changed,
    is_foreign,
    is_streamed,
    parses_anew,
)
from pe4king_core.weaving.python_model import held_model, model_lines
from pe4king_core.weaving.python_scope import usable_imports
from pe4king_core.weaving.python_sent import sent_variable, was_sent
from pe4king_core.weaving.python_style import dialect_of, line_width, requoted, single_quotes
from pe4king_core.weaving.python_tree import TestTree, tree_of
from pe4king_core.weaving.reasons import (
    CHANGED,
    CROWDED,
    DAMAGED,
    FIXTURE_KEEPS,
    FOREIGN_CLIENT,
    ONLY_BODY,
    SAYS_NOTHING,
    STREAMED,
    name_taken,
    unknown_sent,
)
from pe4king_core.weaving.refusals import expected_status
from pe4king_core.weaving.woven import WovenCall

_BODY_NAMES = ("body", "payload", "response_body", "response_json", "answer")
_Refused = list[tuple[AssertionFact, Message]]


@dataclass(frozen=True, slots=True)
class _Site:
    """A request of a test, and where the assertions of its answer go."""

    file: TestFile
    test: TestFunction
    call: TestCall
    tree: TestTree
    place: int
    indent: str
    expected: int | None
    taken: frozenset[str]
    unsure: frozenset[str]
    """Names that may have no value at the place."""


@dataclass(frozen=True, slots=True)
class _View:
    """Names for the answer; `edits` put in what is missing, the reasons say why there is none."""

    response: str | None = None
    body: str | None = None
    edits: tuple[Edit, ...] = ()
    no_response: Message = ONLY_BODY
    no_body: Message | None = None


@dataclass(slots=True)
class _Text:
    """Lines that are being collected, what they import, what was refused."""

    lines: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    refused: _Refused = field(default_factory=list)


def weave_python(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> WovenCall:
    """`facts` of `call` as lines behind its anchor."""
    site = _site(file, test, call, facts)
    if isinstance(site, Message):
        return WovenCall(refused=tuple((fact, site) for fact in facts))
    view = _view(site, facts)
    names = _names(site, view, facts)
    text = _Text()
    sayable = _sayable(site, view, names, facts, text)
    response = _lines(site, view, names, sayable, text)
    if not text.lines:
        return WovenCall(refused=tuple(text.refused))
    imports, clash = usable_imports(file, test, text.imports, site.place)
    if clash is not None:
        return WovenCall(refused=tuple((fact, name_taken(clash)) for fact in facts))
    written = indented(text.lines, site.indent, indent_unit(file, test))
    if single_quotes(file, test):
        written = requoted(written)
    block = "".join(file.newline + line for line in written)
    edits = (*(view.edits if response else ()), Edit(Span(site.place, site.place), block))
    return WovenCall(edits, imports, tuple(text.refused))


def _site(
    file: TestFile, test: TestFunction, call: TestCall, facts: Sequence[AssertionFact]
) -> _Site | Message:
    """Where the assertions go, or why nothing can be asserted there."""
    tree = tree_of(file, test)
    if tree is None:
        return DAMAGED
    asked = any(each.call == call.id and not each.via for each in test.assertions)
    before_body = call.setup and not asked
    place = line_end_behind(file, tree.header_end if before_body else call.anchor)
    indent = test.indent if call.setup else _indent(file, call, tree)
    on_header = call.setup and not starts_line(file.text, test.body_span.start)
    if place is None or indent is None or on_header:
        return CROWDED
    reason = flow_refusal(test, call, tree, place)
    if reason is not None:
        return reason
    expected = expected_status(test, call, facts)
    taken = names_in(test.span.of(file.text)) | test.local_names
    unsure = unsure_names(test, tree, call, place)
    return _Site(file, test, call, tree, place, indent, expected, taken, unsure)


def _indent(file: TestFile, call: TestCall, tree: TestTree) -> str | None:
    """The indentation of the block in which the answer lives; None where it is not clear."""
    start = call.statement.start
    if not starts_line(file.text, start):
        return None
    inner = tree.block_of_with(call.statement)
    if inner is not None:
        start = inner
    return indentation(file.text, start) if starts_line(file.text, start) else None


def _view(site: _Site, facts: Sequence[AssertionFact]) -> _View:
    """The variables that hold the answer at the place, named where the test names none."""
    file, test, call = site.file, site.test, site.call
    body = held_body(test, call, site.tree, site.place, site.unsure)
    if is_foreign(file, test, call):
        return _View(None, body, (), FOREIGN_CLIENT, FOREIGN_CLIENT)
    if call.response is not None and call.response not in site.unsure:
        stale = body is None and not parses_anew(file)
        changed = stale and is_changed(site.tree, call.response, call.span.end, site.place)
        unread = body is None and is_streamed(file, test, call)
        reason = STREAMED if unread else CHANGED if changed else None
        return _View(call.response, body, no_body=reason)
    if body is not None and not any(_needs_response(fact, site) for fact in facts):
        return _View(None, body)
    if call.setup:
        return _View(None, body, (), ONLY_BODY if body else FIXTURE_KEEPS, FIXTURE_KEEPS)
    named = name_answer(file, test, call, site.tree, site.taken)
    if isinstance(named, Message):
        return _View(None, body, (), ONLY_BODY if body else named, named)
    return _View(named[0], body, named[1])


def _needs_response(fact: AssertionFact, site: _Site) -> bool:
    limited = fact.when is not None and fact.when != site.expected
    return fact.subject.kind is not SubjectKind.BODY or limited


def _names(site: _Site, view: _View, facts: Sequence[AssertionFact]) -> PythonNames:
    taken = site.taken | ({view.response} if view.response else set())
    dialect = dialect_of(site.file, site.test)
    shift = WIDTH - line_width(site.file) + (4 if isinstance(dialect, CheckBlock) else 0)
    return PythonNames(
        view.response or "",
        view.body or free_name(_BODY_NAMES, taken),
        sent_variable(site.file, site.call),
        taken - {view.body},
        len(site.indent.expandtabs(4)) + shift,
        dialect,
        _shown(site.test, facts),
        types_first=True,
        texts=_texts(site.test, facts),
    )


def _shown(test: TestFunction, facts: Sequence[AssertionFact]) -> frozenset[str]:
    """Places that the test asserts to be there, in a way that ends it where they are not."""
    if _goes_on(test):
        return frozenset()
    return frozenset(
        fact.subject.name
        for fact in facts
        if fact.presence is Presence.REQUIRED
        and not fact.guards
        and not fact.conditions
        and is_covered(test, AssertionFact(fact.call, fact.subject))
    )


def _texts(test: TestFunction, facts: Sequence[AssertionFact]) -> frozenset[str]:
    """Places that the test asserts to be texts, in a way that ends it where they are not."""
    if _goes_on(test):
        return frozenset()
    return frozenset(
        fact.subject.name
        for fact in facts
        if isinstance(fact.check, HasFormat | Matches)
        and is_covered(test, replace(fact, check=HasType(frozenset({JsonType.STRING}))))
    )


def _goes_on(test: TestFunction) -> bool:
    """Whether the test goes on behind an assertion that does not hold."""
    return any(each.soft or each.library == "pytest-check" for each in test.assertions)


def _sayable(
    site: _Site,
    view: _View,
    names: PythonNames,
    facts: Sequence[AssertionFact],
    text: _Text,
) -> list[AssertionFact]:
    """Facts that the visible names allow; the others go into `text`, refused or on the model."""
    sayable: list[AssertionFact] = []
    model = held_model(site.test, site.call, site.tree, site.place, site.unsure)
    for fact in facts:
        reason = _reason(site, view, fact)
        unseen = reason is not None and view.response is None and view.body is None
        if unseen and model is not None:
            said = model_lines(site.file, fact, model, names)
            if isinstance(said, Message):
                reason = said
            else:
                text.lines += said[0]
                text.imports |= said[1]
                continue
        if reason is None:
            sayable.append(fact)
        else:
            text.refused.append((fact, reason))
    return sayable


def _reason(site: _Site, view: _View, fact: AssertionFact) -> Message | None:
    """Why `fact` cannot be said with the names of `view`."""
    pointer = fact.subject.name
    is_body = fact.subject.kind is SubjectKind.BODY
    if is_body and fact.check is None and (not pointer or pointer.endswith("/*")):
        return SAYS_NOTHING
    match fact.check:
        case Equals(RequestValue(sent)) if not was_sent(site.file, site.test, site.call, sent):
            return unknown_sent(sent)
    if view.response is None and _needs_response(fact, site):
        return view.no_response
    if is_body and view.body is None:
        return view.no_body
    return None


def _lines(
    site: _Site, view: _View, names: PythonNames, facts: Sequence[AssertionFact], text: _Text
) -> bool:
    """The lines of all facts into `text`, the body's behind the line that parses it.

    Facts for one status only, where the test expects none in particular, stand under a condition.
    Returns whether they use the response.
    """
    body = [fact for fact in facts if fact.subject.kind is SubjectKind.BODY]
    certain = [fact for fact in body if fact.when is None or fact.when == site.expected]
    above = render_python([fact for fact in facts if fact not in body], names)
    parts = [render_python(certain, names)]
    lines = list(parts[0].lines)
    conditional = [fact for fact in body if fact not in certain]
    for status in sorted({fact.when for fact in conditional if fact.when}):
        part = render_python([fact for fact in body if fact.when == status], names)
        parts.append(part)
        if part.lines:
            lines.append(f"if {names.response}.status_code == {status}:")
            lines += [f"    {line}" if line else line for line in part.lines]
    introduced = bool(lines) and view.body is None
    if introduced:
        lines.insert(0, f"{names.body} = {body_expression(site.file, site.test, names.response)}")
    _collect(text, [above, *parts], [*above.lines, *lines])
    return introduced or bool(above.lines) or any(part.lines for part in parts[1:])


def _collect(text: _Text, parts: Sequence[PythonCode], lines: Sequence[str]) -> None:
    text.lines += lines
    for part in parts:
        text.imports |= part.imports
        text.refused += part.skipped
