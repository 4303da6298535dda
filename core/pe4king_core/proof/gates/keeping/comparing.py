"""One test as it was and one as it will be: what the second does not keep of the first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.fact import SubjectKind
from pe4king_core.model.json import EACH, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import TestAssertion, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.proof.gates.keeping import reasons
from pe4king_core.proof.gates.keeping.calls import changed_values, paired
from pe4king_core.proof.gates.keeping.claimed import fact_of, is_understood
from pe4king_core.proof.gates.keeping.contradicting import contradicts
from pe4king_core.proof.gates.keeping.statements import SWALLOWS
from pe4king_core.proof.gates.keeping.tracing import Site, Tracer
from pe4king_core.testcode.coverage import is_covered

_SOFT = "soft"
_VALUE = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|(?<![\w.$])\d+(?:\.\d+)?(?![\w.])")
_TELLING = 3
"""Literals with more characters than this are known by sight."""
_UNNAMED = re.compile(r"[\s()]")


@dataclass(frozen=True, slots=True)
class Seen:
    """One test with all that is known of it: as read, as traced, and its marks."""

    name: str
    base: str
    """The name without the number of a row."""
    read: TestFunction
    traced: Tracer
    marks: Counter[str]
    table: str = ""
    """Its table, where it could not be written out as tests of one row."""

    @property
    def sent(self) -> str:
        """The spelling of what is sent beside paths."""
        return " ".join(self.traced.requests)

    @property
    def text(self) -> str:
        """The text that was read."""
        return self.traced.defined.source.text


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is not kept; `replaced`: it contradicted the document, so that is fine."""

    reason: Message
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is lost on the way from `old` to `new`."""

    old: Seen
    new: Seen
    documents: Sequence[ApiDocument]

    def losses(self) -> Iterator[Loss]:
        """Everything that is lost, the most telling first."""
        yield from self._switched()
        if self.old.table != self.new.table:
            yield Loss(reasons.rows(self.old.base))
        calls = paired(self.old.read.calls, self.new.read.calls)
        for call in calls.lost:
            yield Loss(reasons.call_lost(self.old.base, f"{call.method} {call.path}".strip()))
        values = [each for each in values_of(self.old.sent) if not _is_sent(each, self.new)]
        for value in (*values, *changed_values(self.old.read, self.new.read, calls.ids)):
            yield Loss(reasons.call_lost(self.old.base, value))
        yield from self._checks(calls.ids)

    def _switched(self) -> Iterator[Loss]:
        stops = Counter(self.new.traced.stops) - Counter(self.old.traced.stops)
        for each in (*(self.new.marks - self.old.marks), *stops):
            yield Loss(reasons.switched_off(self.old.base, each))

    def _checks(self, calls: dict[str, str]) -> Iterator[Loss]:
        for assertion in self.old.read.assertions:
            if is_understood(assertion):
                loss = self._understood(assertion, calls)
                if loss is not None:
                    yield loss
            elif not _sites(assertion, self.old) and not self._repeated(assertion, calls):
                yield Loss(reasons.check_lost(self.old.base, assertion.text))
        yield from self._spelt()

    def _understood(self, assertion: TestAssertion, calls: dict[str, str]) -> Loss | None:
        fact = fact_of(assertion, calls)
        under = _under(assertion, self.old)
        fitting = tuple(
            each
            for each in self.new.read.assertions
            if is_understood(each) and _under(each, self.new) <= under
        )
        if fact is not None and is_covered(replace(self.new.read, assertions=fitting), fact):
            return None
        if self._replaced(assertion, calls):
            return Loss(reasons.contradicting(self.old.base, assertion.text), replaced=True)
        if fact is not None and is_covered(self.new.read, fact):
            hiding = next(
                (why for each in self.new.read.assertions for why in _under(each, self.new)), _SOFT
            )
            return Loss(reasons.hidden(self.old.base, assertion.text, hiding))
        return Loss(reasons.check_lost(self.old.base, assertion.text))

    def _replaced(self, assertion: TestAssertion, calls: dict[str, str]) -> bool:
        """Whether the document refutes `assertion`, and another of its kind stands instead."""
        wanted = calls.get(assertion.call or "")
        kind = assertion.subject.kind if assertion.subject is not None else None
        known = [(each.subject, each.check) for each in self.old.read.assertions]
        instead = [
            each
            for each in self.new.read.assertions
            if each.call == wanted
            and each.subject is not None
            and each.subject.kind is kind
            and (each.check is not None or kind is SubjectKind.BODY)
            and not each.opaque
            and not _under(each, self.new)
            and (each.subject, each.check) not in known
        ]
        return bool(instead) and contradicts(assertion, self.old.read.calls, self.documents)

    def _repeated(self, assertion: TestAssertion, calls: dict[str, str]) -> bool:
        """Whether an assertion that we do not understand stands there word by word."""
        call = calls.get(assertion.call or "")
        text = _UNNAMED.sub("", assertion.text)
        under = _under(assertion, self.old)
        return any(
            _UNNAMED.sub("", each.text) == text
            and (each.call == call or assertion.call is None)
            and (each.subject, each.check) == (assertion.subject, assertion.check)
            and _under(each, self.new) <= under
            for each in self.new.read.assertions
        )

    def _spelt(self) -> Iterator[Loss]:
        """The checks that are there by their spelling or not at all."""
        offered: dict[str, list[frozenset[str]]] = {}
        for site in self.new.traced.sites:
            offered.setdefault(site.text, []).append(frozenset(site.under))
        for span, sites in _grouped(self.old.traced.sites):
            missing = [
                site
                for site in sites
                if not any(under <= frozenset(site.under) for under in offered.get(site.text, ()))
            ]
            inside = [
                each for each in self.old.read.assertions if sites[0] in _sites(each, self.old)
            ]
            all_told = len(inside) >= len(sites) and all(map(is_understood, inside))
            if not missing or all_told:
                continue
            text = span.of(self.old.text) or missing[0].text
            under = [each for each in offered.get(missing[0].text, ()) if each]
            if under:
                yield Loss(reasons.hidden(self.old.base, text, min(under[0])))
            else:
                yield Loss(reasons.check_lost(self.old.base, text))


def values_of(spelt: str) -> list[str]:
    """The literals in a spelling, each once."""
    return list(dict.fromkeys(match[0] for match in _VALUE.finditer(spelt)))


def _is_sent(value: str, seen: Seen) -> bool:
    """Whether a literal is among those that are sent, or at least stands in the test."""
    if value in values_of(seen.sent):
        return True
    plain = value.strip("'\"")
    return len(plain) > _TELLING and plain in seen.read.span.of(seen.text)


def _sites(assertion: TestAssertion, seen: Seen) -> list[Site]:
    """The smallest checks by syntax in which `assertion` stands."""
    span = assertion.span
    if not seen.read.body_span.contains(span.start):
        return [each for each in seen.traced.sites if each.span.start == each.span.end]
    around = [
        each
        for each in seen.traced.sites
        if each.span.start <= span.start and span.end <= each.span.end
    ]
    size = min((each.span.end - each.span.start for each in around), default=0)
    return [each for each in around if each.span.end - each.span.start == size]


def _under(assertion: TestAssertion, seen: Seen) -> frozenset[str]:
    """What may keep an assertion that we understand from being made, or hide its failure.

    Conditions are a part of what it says already, and so are loops over what it speaks of.
    """
    sites = _sites(assertion, seen)
    hiding = {
        why for site in sites for why in site.under if why.startswith(SWALLOWS) or why == _SOFT
    }
    if assertion.soft:
        hiding.add(_SOFT)
    spread = assertion.subject is not None and EACH in split(assertion.subject.name)
    if sites and not spread:
        loops = [{why for why in site.under if why.startswith("for ")} for site in sites]
        hiding |= set.intersection(*loops)
    return frozenset(hiding)


def _grouped(sites: Sequence[Site]) -> list[tuple[Span, list[Site]]]:
    """The checks by the place of the test that makes them."""
    found: dict[Span, list[Site]] = {}
    for site in sites:
        found.setdefault(site.span, []).append(site)
    return list(found.items())
