"""What answers must have, as links; what several tests of a class expect becomes one method.

response.then().statusCode(200).spec(book());
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pe4king_core.model.case import PlacedGroup, TestCase
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    CaseKind,
    Contains,
    Equals,
    RequestValue,
    ResponseValue,
    SubjectKind,
)
from pe4king_core.model.grouping import facts_of
from pe4king_core.model.json import EACH, split
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.record import replace
from pe4king_core.rendering.java.assertions import JavaCode, certain_places, render_java
from pe4king_core.rendering.java.layout import WIDTH, chain
from pe4king_core.rendering.java.text import camel, comment, pascal, unique

_ERROR = "error"
_ERRORS = {
    400: "badRequest",
    401: "unauthorized",
    403: "forbidden",
    404: "notFound",
    405: "methodNotAllowed",
    409: "conflict",
    415: "unsupportedMediaType",
    422: "unprocessableContent",
}
"""Names of RFC 9110, section 15.5."""
_MOST_GROUPS = 2048
_FEWEST_LINKS = 3
"""Fewer links are as clear in the test itself."""
_MOST_LINKS = 30
"""More links bury what a test is about, even where no other test has them."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Links that belong together, and what could not be said (`remarks`)."""

    links: tuple[str, ...]
    imports: frozenset[str]
    remarks: tuple[str, ...]
    name: str
    """What a method with these links would be called."""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects: of every answer, and of answers with one of its statuses."""

    everywhere: tuple[Segment, ...]
    limited: tuple[tuple[int, Segment], ...] = ()

    def segments(self) -> Iterable[Segment]:
        """All of them."""
        return (*self.everywhere, *(segment for _, segment in self.limited))


@dataclass(frozen=True, slots=True)
class _Said:
    """What facts say, and the places of the body that are certain then."""

    code: JavaCode
    certain: frozenset[tuple[str, ...]]


@dataclass(slots=True)
class Answers:
    """What the tests of one class expect, each thing rendered once."""

    short: bool = False
    """Whether the class has the methods of `java_matchers`."""
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    """The methods that stand for links."""
    imports: set[str] = field(default_factory=set)
    """What the links of all tests need."""
    _own: dict[tuple[int, ...], Expected] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)
    """What `_own` knows by identity, so that no identity is used twice."""

    def share(self, cases: Sequence[TestCase], taken: set[str]) -> list[str]:
        """Makes a method of what two or more of `cases` expect; returns their code."""
        users: dict[tuple[str, ...], tuple[Segment, list[tuple[int, ...]]]] = {}
        for case in cases:
            for segment in self._shareable(case):
                users.setdefault(segment.links, (segment, []))[1].append(case.statuses)
        methods: list[str] = []
        for links, (segment, statuses) in users.items():
            several = len(statuses) > 1 and len(links) >= _FEWEST_LINKS
            if several or len(links) > _MOST_LINKS:
                name = unique(_shared_name(segment, statuses), taken)
                taken.add(name)
                self.names[links] = name
                methods.append(_method(name, segment))
        return methods

    def _shareable(self, case: TestCase) -> Iterable[Segment]:
        if is_known(case.assertions):
            return self.of(case, {}).segments()
        return [self._group(placed, frozenset()) for placed in case.groups]

    def of(
        self,
        case: TestCase,
        responses: Mapping[str, str],
        known: Callable[[AssertionFact], AssertionFact] | None = None,
    ) -> Expected:
        """What `case` expects. `known` puts in what was sent, where a fact asks for that."""
        expects = (*case.statuses, case.any_client_error)
        key = (id(case.assertions), id(case.groups), id(case.operation), *expects)
        found = self._own.get(key)
        if found is None:
            static = is_known(case.assertions)
            if static:
                found = self._own[key] = self._expected(case, case.assertions, {}, static=True)
                self._kept += [case.assertions, case.groups, case.operation]
            else:
                facts = case.assertions if known is None else tuple(map(known, case.assertions))
                found = self._expected(case, facts, responses)
        return found

    def _expected(
        self,
        case: TestCase,
        facts: Sequence[AssertionFact],
        responses: Mapping[str, str],
        *,
        static: bool = False,
    ) -> Expected:
        everywhere: list[AssertionFact] = []
        limited: dict[int, list[AssertionFact]] = {}
        for fact in facts:
            if fact.subject.kind is SubjectKind.STATUS:
                continue
            if fact.when is None or _holds_for_all(fact, fact.when, case):
                everywhere.append(fact)
            else:
                limited.setdefault(fact.when, []).append(fact)
        name = _own_name(case)
        if static:
            said = _said(_Facts(tuple(map(_statement, everywhere)), everywhere), self.short)
        else:
            said = _say(everywhere, responses, short=self.short)
        own = _segment(said.code, name)
        groups = (self._group(placed, said.certain) for placed in case.groups)
        kept = tuple(each for each in (own, *groups) if each.links or each.remarks)
        if name == _ERROR and len(kept) > 1:
            kept = (_joined(kept),)
        some = tuple(
            (status, _segment(render_java(stated, responses, short=self.short), f"{name}{status}"))
            for status, stated in limited.items()
        )
        expected = Expected(kept, some)
        self.imports.update(*(segment.imports for segment in expected.segments()))
        return expected

    def _group(self, placed: PlacedGroup, certain: frozenset[tuple[str, ...]]) -> Segment:
        tokens = split(placed.pointer)
        above = frozenset(
            tokens[:depth] for depth in range(len(tokens)) if tokens[:depth] in certain
        )
        return _group_segment(_Placed(placed), above, self.short)


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A placed group that is equal to itself alone: its schema's name says too little."""

    placed: PlacedGroup

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Placed):
            return NotImplemented
        mine, its = self.placed, other.placed
        return mine is its or (mine.group is its.group and mine == its)

    def __hash__(self) -> int:
        return hash((id(self.placed.group), self.placed.pointer))


@lru_cache(maxsize=_MOST_GROUPS)
def _group_segment(key: _Placed, above: frozenset[tuple[str, ...]], short: bool) -> Segment:
    """The links of a group, once for all classes of a document."""
    placed = key.placed
    code = render_java(list(facts_of(placed, call="")), certain=above, short=short)
    name = _group_name(placed, split(placed.pointer))
    title = f"What the document promises of every {_shown(placed)}."
    return _segment(code, name, title)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What facts state, wherever in the document they come from: most answers state the same."""

    statements: tuple[tuple[Hashable, ...], ...]
    facts: Sequence[AssertionFact] = field(compare=False)


def _statement(fact: AssertionFact) -> tuple[Hashable, ...]:
    subject = fact.subject
    place = (subject.kind.value, subject.name, fact.guards, str(fact.conditions or ""))
    return (*place, repr(fact.check), fact.presence.value, fact.nullable)


@lru_cache(maxsize=_MOST_GROUPS)
def _said(stated: _Facts, short: bool) -> _Said:
    return _say(stated.facts, {}, short=short)


def _say(facts: Iterable[AssertionFact], responses: Mapping[str, str], *, short: bool) -> _Said:
    """What `facts` say, which hold for every status that their case expects."""
    stated = [fact if fact.when is None else replace(fact, when=None) for fact in facts]
    return _Said(render_java(stated, responses, short=short), certain_places(stated))


def _segment(code: JavaCode, name: str, title: str = "") -> Segment:
    remarks = tuple(f"{fact.subject}: {message.en}" for fact, message in code.skipped)
    return Segment(code.links, code.imports, remarks, name, title)


def _joined(segments: Sequence[Segment]) -> Segment:
    """What an error is known by, in one: its parts are too small to have names."""
    return Segment(
        tuple(dict.fromkeys(link for each in segments for link in each.links)),
        frozenset[str]().union(*(each.imports for each in segments)),
        tuple(text for each in segments for text in each.remarks),
        _ERROR,
    )


def is_known(facts: Sequence[AssertionFact]) -> bool:
    """Whether `facts` compare with nothing that is sent or answered in the test."""
    for fact in facts:
        match fact.check:
            case Equals(operand) | Contains(operand):
                if isinstance(operand, RequestValue | ResponseValue):
                    return False
    return True


def _own_name(case: TestCase) -> str:
    if case.kind is CaseKind.NEGATIVE:
        return _ERROR
    operation = case.subject
    return camel(f"{operation} answer" if case.basis is not Basis.LAW else f"{operation} effect")


def _shared_name(segment: Segment, statuses: Sequence[tuple[int, ...]]) -> str:
    """What a method is called; an error by its status where that is always the same."""
    codes = {code for each in statuses for code in each}
    if segment.name != _ERROR or len(codes) > 1:
        return segment.name
    return _ERRORS.get(codes.pop(), _ERROR) if codes else _ERROR


def _group_name(placed: PlacedGroup, tokens: tuple[str, ...]) -> str:
    place = [token for token in tokens if token != EACH]
    name = camel(placed.group.name, "item")
    if not tokens:
        return name
    return f"{name}In{pascal(place[-1])}" if place else f"every{pascal(placed.group.name, 'Item')}"


def _shown(placed: PlacedGroup) -> str:
    return comment(placed.group.name).replace("@", "").replace("<", "&lt;")


def _method(name: str, segment: Segment) -> str:
    """The method of a shared segment, with the indentation of a member."""
    lines = [f"  private static ResponseSpecification {name}() {{"]
    if segment.title and len(segment.title) < WIDTH - 12:
        lines.insert(0, f"  /** {segment.title} */")
    for text in segment.remarks:
        lines += [f"    {line}" for line in remark(text, 4)]
    return "\n".join([*lines, _expecting(segment.links), "  }"])


@lru_cache(maxsize=_MOST_GROUPS)
def _expecting(links: tuple[str, ...]) -> str:
    """The statement of a shared method; classes of one document have it in common."""
    return f"    {chain('return expect()', links, 4)};"


def remark(text: str, indent: int) -> list[str]:
    """Comment lines that say what is not checked."""
    width = WIDTH - indent - len("// ")
    wrapped = textwrap.wrap(comment(f"Not checked: {text}"), width, break_on_hyphens=False)
    return [f"// {line}" for line in wrapped]


def _holds_for_all(fact: AssertionFact, when: int, case: TestCase) -> bool:
    """Whether the document says the same of every status that `case` expects."""
    if case.any_client_error:
        return False
    if case.statuses == (when,):
        return True
    stated = _stated(case.operation, when)
    others = [_stated(case.operation, status) for status in case.statuses if status != when]
    return all(_same(fact, stated, other) for other in others)


def _stated(operation: Operation, status: int) -> Response | None:
    return operation.response_for(status)


def _same(fact: AssertionFact, stated: Response | None, other: Response | None) -> bool:
    if stated is None or other is None:
        return False
    if stated.pointer == other.pointer:
        return True
    first, second = stated.json, other.json
    if fact.subject.kind is SubjectKind.HEADER or first is None or second is None:
        return False
    return first.name == second.name and first.schema == second.schema is not None
