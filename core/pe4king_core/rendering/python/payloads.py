"""What requests send, written once an operation: `create_book_payload()`, `list_books_params()`.

A test takes what the function makes and shows only what it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pe4king_core.model.case import Body, RequestArgument, TestCase
from pe4king_core.model.fact import EarlierValue
from pe4king_core.model.json import Json, join, lookup, split
from pe4king_core.model.operation import Operation
from pe4king_core.rendering.python.fit import fitted, last_opening
from pe4king_core.rendering.python.text import (
    Code,
    columns,
    identifier,
    literal,
    pretty,
    short_identifier,
    string,
)
from pe4king_core.rendering.python.values import Answer, codes_of, with_code
from pe4king_core.rendering.python.wire import query_of, text_of

LONGEST = 60
"""Characters of an operation's name that names made from it have."""
_LONG_RUN = 40
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MOST_CHANGES = 4
_LONG_QUERY = 36


@dataclass(frozen=True, slots=True)
class Factory:
    """A function that makes what the valid request of one operation sends."""

    name: str
    value: Json
    code: str
    codes: Mapping[str, str] = field(default_factory=dict)
    """Expressions in it, by pointer: texts that are new whenever it is called."""


def needs_payload(body: Body | None) -> bool:
    """Whether a variable holds what `body` sends: not text, not null, and not the parts of a
    form with files, which are written where they are sent."""
    if body is None or body.raw is not None or body.value is None:
        return False
    if not body.media_type.startswith("multipart/form-data"):
        return True
    fields = body.value if isinstance(body.value, Mapping) else {}
    listed = any(isinstance(item, list | tuple) for item in fields.values())
    return not listed and not body.files


def payload_factories(cases: Iterable[TestCase], taken: set[str]) -> dict[str, Factory]:
    """A factory for every operation whose body is used twice or more; names join `taken`."""
    bodies: dict[str, list[Body]] = {}
    names: dict[str, str] = {}
    steps: dict[int, tuple[str, Body]] = {}
    for case in cases:
        body = (case.base or case.request).body
        if body is not None and needs_payload(body) and isinstance(body.value, Mapping):
            key = case.operation.key
            if key not in bodies:
                bodies[key], names[key] = [], case.subject
            bodies[key].append(body)
        for step in case.given:
            if step.request.body is not None:
                steps[id(step)] = (step.operation.key, step.request.body)
    for key, body in steps.values():
        if key in bodies and needs_payload(body) and isinstance(body.value, Mapping):
            bodies[key].append(body)
    made: dict[str, Factory] = {}
    for key, listed in bodies.items():
        if len(listed) > 1:
            made[key] = _factory(_free(names[key], "payload", taken), _freshest(listed), taken)
    return made


def _freshest(bodies: list[Body]) -> Body:
    """The first body, or one like it that marks what has to be new in every run."""
    first = bodies[0]
    for body in bodies:
        if body.unique and not first.unique and body.value == first.value:
            return body
    return first


def _factory(name: str, body: Body, taken: set[str]) -> Factory:
    taken.add(name)
    codes, value = codes_of(body, {}), sent_value(body)
    return Factory(name, value, _returning(name, with_code(value, codes)), codes)


def _free(operation: str, what: str, taken: set[str]) -> str:
    """A function's name, its number included, whose call fits on a line of a method."""
    room = LONGEST + len(f"_{what}")
    for most in range(LONGEST, 0, -4):
        name = identifier(_wanted(operation, what, most), taken)
        if columns(name) <= room:
            break
    return name


def _wanted(operation: str, what: str, most: int) -> str:
    """A function's name, which must not look like that of a test."""
    name = f"{short_identifier(operation, most)}_{what}"
    return f"make_{name}" if name.startswith("test") else name


def _returning(name: str, value: Json) -> str:
    return f"def {name}():\n    return {pretty(value, column=11, indent=4)}"


def query_factories(cases: Iterable[TestCase], client: str, taken: set[str]) -> dict[str, Factory]:
    """A factory for every operation whose long query is used twice or more."""
    queries: dict[str, list[TestCase]] = {}
    for case in cases:
        if (case.base or case.request).query:
            queries.setdefault(case.operation.key, []).append(case)
    made: dict[str, Factory] = {}
    for key, listed in queries.items():
        query = (listed[0].base or listed[0].request).query
        if len(listed) < 2 or any(isinstance(item, EarlierValue) for item in query.values()):
            continue
        sent = wire_query(listed[0].operation, query, client)
        flat = literal(sent)
        if len(flat) > _LONG_QUERY:
            name = _free(listed[0].subject, "params", taken)
            taken.add(name)
            made[key] = Factory(name, sent, _returning(name, sent))
    return made


def wire_query(
    operation: Operation, query: Mapping[str, RequestArgument], client: str
) -> dict[str, Json]:
    """`query` as the client is given it."""
    shown = query_of(operation, query)
    if client == "requests":
        # requests writes True where the wire wants true.
        return {name: _spelled(value) for name, value in shown.items()}
    return shown


def sent_value(body: Body) -> Json:
    """The value of `body`; in forms what is true is the text `true`."""
    if body.media_type.startswith(_FORMS) and isinstance(body.value, Mapping):
        return {name: _spelled(value) for name, value in body.value.items()}
    return body.value


def _spelled(value: Json) -> Json:
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    return text_of(value) if isinstance(value, bool) else value


def payload_lines(
    body: Body,
    factory: Factory | None,
    answers: Mapping[str, Answer],
    width: int,
    variable: str = "payload",
) -> list[str]:
    """Statements that put into `variable` what `body` sends; no line is wider than `width`."""
    codes, value = codes_of(body, answers), sent_value(body)
    if factory is not None:
        fresh = {at: code for at, code in codes.items() if factory.codes.get(at) != code}
        lines = changes(factory.value, value, variable, fresh, width)
        if lines is not None:
            return [f"{variable} = {factory.name}()", *lines]
    return [assignment(variable, with_code(value, codes), width)]


def changes(
    base: Json, value: Json, variable: str, codes: Mapping[str, str], width: int
) -> list[str] | None:
    """Statements that make `value` of `base`, which `variable` holds; None where they are many.

    At the pointers of `codes` an expression stands instead.
    """
    found: list[tuple[str, bool, Json]] = []
    if not isinstance(base, Mapping) or not isinstance(value, Mapping):
        return None
    if not _compare(base, value, "", found):
        return None
    changed = [each for each in found if each[0] not in codes]
    changed += [(at, False, Code(code)) for at, code in codes.items()]
    lines: list[str] = []
    for at, removed, shown in changed:
        place = variable
        inside: Json = base
        for token in split(at):
            if columns(place) > width // 3:
                lines.append(f"changed = {place}")
                place = "changed"
            place += _member(token, inside)
            inside = lookup(inside, join("", token))
        lines += fitted(f"del {place}", 0, width) if removed else [assignment(place, shown, width)]
    return lines


def _member(token: str, value: Json) -> str:
    # "5" is a position in an array and a name in an object.
    return f"[{token}]" if isinstance(value, list | tuple) else f"[{string(token)}]"


def _compare(base: Json, value: Json, at: str, found: list[tuple[str, bool, Json]]) -> bool:
    """Collects what to change below `at`; False where that would be too much to read."""
    if base is value:
        return True
    if isinstance(base, Mapping) and isinstance(value, Mapping):
        for name, item in base.items():
            if name not in value:
                found.append((join(at, name), True, None))
            elif item is not value[name] and not _compare(item, value[name], join(at, name), found):
                return False
        for name in value:
            if name not in base:
                found.append((join(at, name), False, value[name]))
    elif isinstance(base, list | tuple) and isinstance(value, list | tuple):
        if len(base) != len(value):
            found.append((at, False, value))
        elif not all(
            _compare(one, other, join(at, str(index)), found)
            for index, (one, other) in enumerate(zip(base, value, strict=True))
        ):
            return False
    elif type(base) is not type(value) or base != value:
        found.append((at, False, value))
    return len(found) <= _MOST_CHANGES


def assignment(place: str, value: Json, width: int) -> str:
    """`place = value`, broken as a formatter would where it is wider than `width`."""
    text = _repetition(value) if isinstance(value, str) else ""
    text = text or pretty(value, column=columns(place) + 3, indent=0, width=width)
    flat, _, rest = text.partition("\n")
    if columns(place) + 3 + columns(flat) <= width:
        return f"{place} = {text}"
    if not place.endswith("]"):
        return f"{place} = (\n    {text}\n)" if 4 + columns(text) <= width else f"{place} = {text}"
    if columns(place) + 4 <= width and not rest and flat not in ("{}", "[]"):
        return f"{place} = (\n    {text}\n)"
    opening = last_opening(place) or 0
    text = text if rest else pretty(value, column=4, indent=0, width=width)
    return f"{place[: opening + 1]}\n    {place[opening + 1 : -1]}\n] = {text}"


def _repetition(value: str) -> str:
    """`"x" * 201` or `"start" + "x" * 201` for a text that ends in a long run; else ""."""
    start = value.rstrip(value[-1:])
    count = len(value) - len(start)
    if count < _LONG_RUN:
        return ""
    run = f"{string(value[-1])} * {count}"
    return f"{string(start)} + {run}" if start else run
