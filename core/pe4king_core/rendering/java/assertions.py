"""Facts as REST Assured links on a `ValidatableResponse`, in the words a tester would have used.

Links come in the order of the facts; a link relies on those before it (a number is compared
after it was seen to be a number), so they belong into one chain. `when` is the caller's
business: links are for an answer of that status, and facts for another one are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Equals,
    HasType,
    InRange,
    Literal,
    NotNull,
    OneOf,
    Presence,
    SubjectKind,
)
from pe4king_core.model.json import EACH, split
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType
from pe4king_core.rendering.java.body import Frame, Known, body_links
from pe4king_core.rendering.java.closure import closure_link
from pe4king_core.rendering.java.conditions import conditions
from pe4king_core.rendering.java.gpath import NeedsGroovy
from pe4king_core.rendering.java.imports import METHODS, OWN_METHODS
from pe4king_core.rendering.java.matchers import shortened
from pe4king_core.rendering.java.response import header_links, response_links
from pe4king_core.rendering.java.terms import Unsayable, accepts_null

_HAMCREST = "static org.hamcrest.Matchers."
_IMPORTS = {
    "List": "java.util.List",
    "Map": "java.util.Map",
    "BigInteger": "java.math.BigInteger",
    "BigDecimal": "java.math.BigDecimal",
    "ContentType": "io.restassured.http.ContentType",
    "MultiPartSpecBuilder": "io.restassured.builder.MultiPartSpecBuilder",
    "StandardCharsets": "java.nio.charset.StandardCharsets",
}
_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"')
_PATH = re.compile(r'\.\w+\("[^"\\]*", ')
_KEY_LINK = re.compile(
    r'\.body\((?P<path>"(?:\\.|[^"\\])*"), (?P<key>hasKey\("(?:\\.|[^"\\])*"\))\)'
)


@dataclass(frozen=True, slots=True)
class JavaCode:
    """Links without indentation or `;`, what they import, and what could not be said."""

    links: tuple[str, ...]
    imports: frozenset[str]
    skipped: tuple[tuple[AssertionFact, Message], ...] = ()


@dataclass(slots=True)
class _Writer:
    responses: Mapping[str, str]
    certain: frozenset[tuple[str, ...]]
    links: list[str] = field(default_factory=list)
    skipped: list[tuple[AssertionFact, Message]] = field(default_factory=list)

    def skip(self, fact: AssertionFact, problem: Unsayable) -> None:
        self.skipped.append((fact, problem.message))


@dataclass(slots=True)
class _Stated:
    """The facts of one frame."""

    frame: Frame
    facts: list[AssertionFact] = field(default_factory=list)


def render_java(
    facts: Sequence[AssertionFact],
    responses: Mapping[str, str] | None = None,
    certain: frozenset[tuple[str, ...]] = frozenset(),
    *,
    short: bool = False,
) -> JavaCode:
    """Links for `facts`, those about one place of the body joined.

    `responses` names the `Response` variables that hold the answers of earlier calls, by call
    id; a fact that compares with an answer that has no variable is skipped. `certain` are places
    of the body that were asserted to be there before. `short`: the class has the methods of
    `java_matchers`.
    """
    writer = _Writer(responses or {}, certain)
    status = _expected_status(facts)
    sayable = [fact for fact in facts if _speaks_of(fact, status, writer)]
    for fact in sayable:
        if fact.subject.kind is not SubjectKind.BODY:
            render = header_links if fact.subject.kind is SubjectKind.HEADER else response_links
            try:
                writer.links += render(fact)
            except Unsayable as problem:
                writer.skip(fact, problem)
    bodies = _structured([f for f in sayable if f.subject.kind is SubjectKind.BODY], writer)
    writer.links += _body(bodies, writer)
    links = tuple(dict.fromkeys(map(shortened, writer.links) if short else writer.links))
    return JavaCode(links, imports_of(links), tuple(writer.skipped))


def _structured(facts: list[AssertionFact], writer: _Writer) -> list[AssertionFact]:
    """`facts` without those about a body that is a bare value: REST Assured has no path to it."""
    bare = any(
        fact.subject.name == ""
        and isinstance(fact.check, HasType)
        and not fact.check.types & {JsonType.ARRAY, JsonType.OBJECT}
        for fact in facts
    )
    if not bare:
        return facts
    for fact in facts:
        problem = Unsayable("a body that is a bare value", "тело из одного значения")
        writer.skip(fact, problem)
    return []


def certain_places(facts: Sequence[AssertionFact]) -> frozenset[tuple[str, ...]]:
    """Places of the body that `facts` assert to be there and not null."""
    bodies = (fact for fact in facts if fact.subject.kind is SubjectKind.BODY)
    return _certain([_Stated(_frame(fact), [fact]) for fact in bodies])


def imports_of(links: Sequence[str]) -> frozenset[str]:
    """What links need, as Java spells imports (`static org.hamcrest.Matchers.equalTo`)."""
    return frozenset[str]().union(*{_imports_of(_matcher_of(link)) for link in links})


def _matcher_of(link: str) -> str:
    """What stands in `link` behind its path: the paths of a suite differ, matchers recur."""
    path = _PATH.match(link)
    return link if path is None else link[path.end() :]


@lru_cache(maxsize=2048)
def _imports_of(code: str) -> frozenset[str]:
    bare = _STRINGS.sub('""', code)
    called = set(re.findall(r"(?<![.\w>])([a-z]\w*)\(", bare))
    types = set(re.findall(r"(?<![.\w])[A-Z]\w*", bare))
    return frozenset(
        {METHODS.get(name, _HAMCREST + name) for name in called - OWN_METHODS}
        | {_IMPORTS[name] for name in types if name in _IMPORTS}
    )


def _expected_status(facts: Sequence[AssertionFact]) -> int | None:
    """The one status that these facts expect or are limited to."""
    for fact in facts:
        match fact.check:
            case Equals(Literal(int() as status)) if fact.subject.kind is SubjectKind.STATUS:
                return status
    return next((fact.when for fact in facts if fact.when is not None), None)


def _speaks_of(fact: AssertionFact, status: int | None, writer: _Writer) -> bool:
    if fact.when is None or fact.when == status:
        return True
    problem = Unsayable(
        f"it speaks of answers with status {fact.when} only",
        f"она относится только к ответам со статусом {fact.when}",
    )
    writer.skip(fact, problem)
    return False


def _body(facts: Sequence[AssertionFact], writer: _Writer) -> list[str]:
    """Facts about the body, grouped by place and then by what they say about its presence."""
    places: dict[str, list[_Stated]] = {}
    for fact in facts:
        frame = _frame(fact)
        place = places.setdefault(fact.subject.name, [])
        for group in place:
            if _is_same(group.frame, frame):
                group.facts.append(fact)
                break
        else:
            place.append(_Stated(frame, [fact]))
    stated = [group for place in places.values() for group in place]
    known = Known(_certain(stated) | writer.certain, writer.responses)
    found: list[str] = []
    for place in places.values():
        for group in place:
            if len(place) == 1 or not _told_by_another(group, place):
                found += _frame_links(group.frame, group.facts, known, writer)
    return _joined_keys(found)


def _frame(fact: AssertionFact) -> Frame:
    inside = fact.subject.name
    tokens = split(inside)
    presence = fact.presence
    if presence is Presence.IF_PRESENT and (not tokens or tokens[-1] == EACH):
        presence = Presence.REQUIRED
    nullable = fact.nullable or fact.check is None or accepts_null(fact.check)
    guards = fact.guards
    if guards:
        guards = tuple(sorted({each for each in guards if inside.startswith(f"{each}/")}))
    return Frame(tokens, presence, nullable, guards, fact.conditions)


def _is_same(one: Frame, other: Frame) -> bool:
    """Whether two frames of one place are the same; true and 1 are two conditions."""
    alike = one.presence is other.presence and one.nullable == other.nullable
    if not alike or one.guards != other.guards:
        return False
    if not one.conditions and not other.conditions:
        return True
    return str(one.conditions) == str(other.conditions)


def _certain(stated: Iterable[_Stated]) -> frozenset[tuple[str, ...]]:
    """Places that are asserted to be there and not null wherever their parents are."""
    return frozenset(
        group.frame.tokens
        for group in stated
        if group.frame.presence is Presence.REQUIRED
        and not (group.frame.nullable or group.frame.conditions or group.frame.guards)
        and any(_is_sayable(fact) for fact in group.facts)
    )


def _told_by_another(group: _Stated, place: Iterable[_Stated]) -> bool:
    """Whether a bare presence is implied by what is checked at the same place."""
    frame = group.frame
    if frame.presence is not Presence.REQUIRED or any(fact.check for fact in group.facts):
        return False
    others = (other.frame for other in place if other is not group)
    return any(other._replace(nullable=frame.nullable) == frame for other in others)


def _is_sayable(fact: AssertionFact) -> bool:
    if isinstance(fact.check, HasType | InRange | NotNull):
        return True
    try:
        conditions([fact.check] if fact.check else [], "it")
    except Unsayable:
        return False
    return fact.check is not None


def _frame_links(
    frame: Frame, stated: Sequence[AssertionFact], known: Known, writer: _Writer
) -> list[str]:
    """The links of one frame; what cannot be said still tells that the place is there."""
    try:
        return _links(frame, _different([_check_of(fact) for fact in stated]), known)
    except Unsayable:
        pass
    checks: list[Check] = []
    skipped = False
    for fact in stated:
        try:
            check = _check_of(fact)
            _links(frame, [check] if check else [], known)
        except Unsayable as problem:
            writer.skipped.append((fact, problem.message))
            skipped = True
        else:
            checks = _different((*checks, check))
    if checks or not skipped:
        return _links(frame, checks, known)
    if frame.presence is Presence.REQUIRED and frame.tokens[-1:] != (EACH,):
        return _links(frame._replace(nullable=True), [], known)
    return []


def _different(checks: Iterable[Check | None]) -> list[Check]:
    """`checks` without those that say the same."""
    found = [check for check in checks if check is not None]
    return found if len(found) < 2 else list({repr(check): check for check in found}.values())


def _check_of(fact: AssertionFact) -> Check | None:
    if fact.check is None or fact.presence is Presence.ABSENT:
        return None
    return _without_null(fact.check)


def _links(frame: Frame, checks: Sequence[Check], known: Known) -> list[str]:
    """Hamcrest where it is exact, Groovy for the rest."""
    try:
        return body_links(frame, checks, known)
    except NeedsGroovy:
        several = checks if len(checks) > 1 else ()
        easy = [check for check in several if _is_easy(frame, check, known)]
    if easy and len(easy) < len(checks):
        rest = [check for check in checks if not any(check is other for other in easy)]
        return [*_links(frame, easy, known), closure_link(frame, rest, known)]
    return [closure_link(frame, checks, known)]


def _is_easy(frame: Frame, check: Check, known: Known) -> bool:
    try:
        body_links(frame, [check], known)
    except NeedsGroovy:
        return False
    return True


def _joined_keys(links: Sequence[str]) -> list[str]:
    """Neighbouring `hasKey` links of one parent as one."""
    found: list[str] = []
    previous, keys = "", list[str]()
    for text in links:
        key = _KEY_LINK.fullmatch(text) if ", hasKey(" in text else None
        if key is None or key["path"] != previous:
            previous, keys = ("", []) if key is None else (key["path"], [key["key"]])
            found.append(text)
        else:
            keys.append(key["key"])
            found[-1] = f".body({previous}, allOf({', '.join(keys)}))"
    return found


def _without_null(check: Check) -> Check:
    """`check` for values that are not null; null is told by the frame."""
    if type(check) is HasType:  # nearly always
        some = JsonType.NULL in check.types and len(check.types) > 1
        return HasType(check.types - {JsonType.NULL}) if some else check
    match check:
        case OneOf(values) if None in values and len(values) > 1:
            return OneOf(tuple(value for value in values if value is not None))
    return check
