"""Where assertions of a call go in a Java test, in the order in which the places are preferred."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pe4king_core.model.message import Message
from pe4king_core.model.source import CallStyle, ModelVariable, TestCall, TestFile, TestFunction
from pe4king_core.weaving.java_around import (
    EXTRACTABLE,
    VALIDATABLES,
    Around,
    given_type,
    gives_response,
    holds_response,
    leaves_between,
    look_around,
    type_of,
)
from pe4king_core.weaving.java_bound import surely_assigned
from pe4king_core.weaving.java_model import held_model
from pe4king_core.weaving.layout import line_end_behind, starts_line
from pe4king_core.weaving.reasons import (
    CAUGHT,
    CROWDED,
    EXPECTS_EXCEPTION,
    FIXTURE_KEEPS,
    LEAVES_EARLY,
    ONLY_PART,
    ROOT_PATH,
    UNSEEN_TYPE,
)

_ROOTS = frozenset({"root", "rootPath", "appendRoot", "appendRootPath"})
_ROOT_ELSEWHERE = re.compile(
    r"(?<![.\w])(?:RestAssured\s*\.\s*)?rootPath\s*=(?!=)"
    r"|\bResponseSpecBuilder\b[^;]*\.\s*(?:appendR|r)ootPath\s*\("
)
"""A root path that is set for every chain, or for those with a specification."""
_MOVED = r"\.\s*(?:setR|r|appendR|detachR)oot(?:Path)?\s*\("
_EXPECTED = re.compile(r"@(?:\w+\.)*Test\s*\([^)]*\bexpected(?:Exceptions)?\s*=")
_EXTRACTED = frozenset(
    {"as", "asString", "asPrettyString", "asByteArray", "asInputStream", "jsonPath", "xmlPath"}
    | {"htmlPath", "path", "headers", "header", "cookies", "cookie", "contentType", "statusLine"}
    | {"statusCode", "detailedCookie", "detailedCookies", "sessionId", "response"}
)
"""Methods that what `.extract()` gives has in common with a response."""


@dataclass(frozen=True, slots=True)
class Chained:
    """Links at `offset` of a chain, between `before` and `after`."""

    offset: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """Statements behind the line end `offset`, which can use `variable`.

    `head` is what links are called on: the variable itself or `response.then()`, empty where the
    variable is a JsonPath. Only with `readable` does the variable have `path` or `get`.
    """

    offset: int
    variable: str
    head: str
    readable: bool
    model: ModelVariable | None = None
    """The variable is an object of the test's own class, and nothing else of the answer is seen."""


Place = Chained | Behind


def place_of(file: TestFile, test: TestFunction, call: TestCall) -> tuple[Place | Message, Around]:
    """Where assertions of `call` go, or why they do not; and what stands around it."""
    around = look_around(file, test, call)
    if around is None:
        return FIXTURE_KEEPS, Around(call.span, (), False, False, False)
    if _EXPECTED.search(file.text[test.span.start : test.name_span.start]):
        return EXPECTS_EXCEPTION, around
    if around.swallowed:
        return CAUGHT, around
    if call.style is CallStyle.CHAIN:
        return _in_chain(file, call, around), around
    return _outside_chain(file, test, call, around), around


def _in_chain(file: TestFile, call: TestCall, around: Around) -> Place | Message:
    """Behind the last link, but before the first that changes what paths mean."""
    root = next((link for link in around.links if link.name in _ROOTS), None)
    if root is not None:
        is_then = any(link.name == "then" for link in around.links[: around.links.index(root)])
        return Chained(root.span.start) if is_then else ROOT_PATH
    statement = call.statement.of(file.text)
    if _ROOT_ELSEWHERE.search(file.text) and not _resets(around):
        return ROOT_PATH
    if re.search(r"\.\s*(?:root|rootPath|appendRoot|appendRootPath)\s*\(", statement):
        return ROOT_PATH
    return Chained(call.anchor)


def _resets(around: Around) -> bool:
    return any(link.name in ("noRoot", "noRootPath") for link in around.links)


def _outside_chain(
    file: TestFile, test: TestFunction, call: TestCall, around: Around
) -> Place | Message:
    if _ROOT_ELSEWHERE.search(file.text):
        return ROOT_PATH
    name = call.response or around.variable
    sure = not name or surely_assigned(file, test, name, call.anchor)
    kind = holds_response(file, test, call, around) if sure else ""
    if kind and around.in_block:
        if leaves_between(file, test, call):
            return LEAVES_EARLY
        return _behind(file, call, name, kind)
    alone = len([other for other in test.calls if other.span == call.span]) == 1
    if alone and gives_response(file, call, around):
        return _in_expression(call, around)
    given = given_type(file, call, around) if alone and call.via else ""
    if given in VALIDATABLES and not around.links:
        return Chained(call.span.end)
    if given == EXTRACTABLE:
        return Chained(call.span.end, ".response().then()", ".extract()")
    return _on_parts(file, test, call, around)


def _in_expression(call: TestCall, around: Around) -> Place:
    """Between the request and what is called on its response, types stay what they are."""
    if around.own_statement and not around.links:
        return Chained(call.span.end, ".then()")
    following = around.links[0].name if around.links else ""
    extracted = ".extract()" if following in _EXTRACTED else ".extract().response()"
    return Chained(call.span.end, ".then()", extracted)


def _on_parts(
    file: TestFile, test: TestFunction, call: TestCall, around: Around
) -> Place | Message:
    """On the parsed body or an object made of it, where nothing else of the answer is seen."""
    parsed = _json_path(file, test, call)
    model = held_model(test, call, call.anchor)
    if model is not None and not surely_assigned(file, test, model.name, call.anchor):
        model = None
    if parsed and around.in_block:
        return _behind(file, call, parsed, "JsonPath")
    if model is not None and around.in_block:
        place = _behind(file, call, model.name, "")
        return replace(place, model=model) if isinstance(place, Behind) else place
    return UNSEEN_TYPE if call.via or not _keeps_part(around) else ONLY_PART


def _json_path(file: TestFile, test: TestFunction, call: TestCall) -> str:
    """A JsonPath variable that holds the whole body behind the call; empty where there is none."""
    for held in test.body_variables:
        is_whole = held.call == call.id and held.pointer == "" and held.offset <= call.anchor
        again = [other for other in test.body_variables if other.name == held.name]
        if not is_whole or len(again) != 1:
            continue
        known = type_of(file, test, held.name) == "JsonPath"
        if known and surely_assigned(file, test, held.name, call.anchor):
            changed = re.search(rf"\b{re.escape(held.name)}\s*{_MOVED}", test.span.of(file.text))
            return "" if changed else held.name
    return ""


def _keeps_part(around: Around) -> bool:
    return bool(around.links) or bool(around.variable)


def _behind(file: TestFile, call: TestCall, name: str, kind: str) -> Place | Message:
    place = line_end_behind(file, call.anchor)
    if place is None or not starts_line(file.text, call.statement.start):
        return CROWDED
    if kind in VALIDATABLES and re.search(rf"\b{re.escape(name)}\s*{_MOVED}", file.text):
        return ROOT_PATH
    if kind in VALIDATABLES:
        return Behind(place, name, name, readable=False)
    if kind == "JsonPath":
        return Behind(place, name, "", readable=True)
    if kind == EXTRACTABLE:
        return Behind(place, name, f"{name}.response().then()", readable=True)
    return Behind(place, name, f"{name}.then()", readable=True)
