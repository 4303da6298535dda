"""Whether facts hold for every answer that the document allows: the contract gate for facts.

Nothing may be invented (a field, a status, a header that the document does not have) and
nothing asserted that a conforming server may break. Facts that rest on a law (sums, counts,
echo) cannot be proven from the document; they pass with a warning that names the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from pe4king_core.generation.answers.answers import body_schema, has_body
from pe4king_core.generation.answers.checks import ASSERTED_FORMATS, comparable_items
from pe4king_core.generation.answers.closed import closed_names
from pe4king_core.generation.places import Alternative, alternatives, child
from pe4king_core.model.fact import (
    AssertionFact,
    Check,
    Condition,
    Contains,
    CountOf,
    Equals,
    HasFormat,
    HasLength,
    HasSize,
    HasType,
    InRange,
    Literal,
    Matches,
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Operand,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    SubjectKind,
    SumOf,
    Unique,
)
from pe4king_core.model.json import EACH, Json, pointer_of, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, Response
from pe4king_core.model.schema import Bounds, JsonType, Schema
from pe4king_core.model.verdict import Verdict
from pe4king_core.openapi.schema.values import same


class _Rejected(Exception):
    def __init__(self, en: str, ru: str) -> None:
        super().__init__(en)
        self.message = Message(en, ru)


def judge_facts(
    facts: Sequence[AssertionFact], operations: Mapping[str, Operation], statuses: Mapping[str, int]
) -> Verdict:
    """Judge `facts`; `operations` and `statuses` say what each call id means and expects."""
    accepted: list[int] = []
    rejected: list[tuple[int, Message]] = []
    warnings: list[Message] = []
    for index, fact in enumerate(facts):
        try:
            warning = _judge(fact, operations, statuses)
        except _Rejected as reason:
            rejected.append((index, reason.message))
            continue
        accepted.append(index)
        if warning is not None:
            warnings.append(warning)
    return Verdict(tuple(accepted), tuple(rejected), tuple(dict.fromkeys(warnings)))


def _judge(
    fact: AssertionFact, operations: Mapping[str, Operation], statuses: Mapping[str, int]
) -> Message | None:
    operation = operations.get(fact.call)
    status = statuses.get(fact.call)
    if operation is None or status is None:
        raise _Rejected(f"there is no call {fact.call}", f"нет вызова {fact.call}")
    response = operation.response_for(status)
    if response is None:
        raise _Rejected(f"{status} is not documented", f"ответ {status} не описан")
    if fact.subject.kind is SubjectKind.STATUS:
        _judge_status(fact.check, status)
        return None
    if fact.subject.kind is SubjectKind.CONTENT_TYPE:
        _judge_content_type(fact.check, response if has_body(operation, status) else None)
        return None
    if fact.subject.kind is SubjectKind.HEADER:
        _judge_header(fact, response)
        return None
    return _judge_body(fact, operations, statuses)


def _judge_status(check: Check | None, status: int) -> None:
    if check not in (Equals(Literal(status)), OneOf((status,))):
        raise _Rejected(f"the test expects {status} already", f"тест уже ожидает статус {status}")


def _judge_content_type(check: Check | None, response: Response | None) -> None:
    content = response.content if response is not None else ()
    names = {name.split(";", 1)[0].strip().lower() for name in content}
    allowed: set[Json] = set()
    match check:
        case Equals(Literal(str() as value)):
            allowed = {value}
        case OneOf(values):
            allowed = {value for value in values if isinstance(value, str)}
    if not names or not names <= allowed or any("*" in name for name in names):
        raise _Rejected("the document does not promise this type", "документ не обещает этот тип")


def _judge_header(fact: AssertionFact, response: Response) -> None:
    name = fact.subject.name
    known = next((h for key, h in response.headers.items() if key.lower() == name.lower()), None)
    if known is None:
        raise _Rejected(f"no header {name} is documented", f"заголовок {name} не описан")
    if fact.presence is Presence.ABSENT:
        raise _Rejected(f"the header {name} is documented", f"заголовок {name} описан")
    if fact.presence is Presence.REQUIRED and not known.required:
        raise _Rejected(f"the header {name} is optional", f"заголовок {name} необязателен")
    if fact.check is None:
        return
    if known.schema is None or known.schema.nullable or not _said_of_text(fact.check):
        raise _NOT_PROMISED
    _implied(fact.check, alternatives(known.schema))


def _said_of_text(check: Check) -> bool:
    """Whether a check of a header means the same for the text that travels."""
    match check:
        case Equals(Literal(value)):
            return isinstance(value, str)
        case OneOf(values):
            return all(isinstance(value, str) for value in values)
        case HasType() | HasFormat() | Matches() | HasLength() | InRange() | NotNull():
            return True
    return False


def _judge_body(
    fact: AssertionFact, operations: Mapping[str, Operation], statuses: Mapping[str, int]
) -> Message | None:
    path = _resolve(_answer(fact.call, operations, statuses), fact.subject.name, fact.conditions)
    last = path[-1]
    _require_guards(fact, path)
    if fact.presence is Presence.ABSENT:
        if not all(found.never for found in last):
            raise _Rejected("the document allows this field", "документ допускает это поле")
        return None
    if fact.presence is Presence.REQUIRED and not _required(last):
        name = split(fact.subject.name)[-1]
        raise _Rejected(f"{name} is optional", f"поле {name} необязательно")
    if fact.check is None:
        return None
    if _nullable(last) and not fact.nullable:
        raise _Rejected("null is allowed here", "здесь допускается null")
    law = _law(fact, operations, statuses)
    if law is None:
        _implied(fact.check, last)
    return law


def _answer(call: str, operations: Mapping[str, Operation], statuses: Mapping[str, int]) -> Schema:
    """The schema of the JSON that `call` answers with."""
    operation, status = operations.get(call), statuses.get(call)
    if operation is None or status is None:
        raise _Rejected(f"there is no call {call}", f"нет вызова {call}")
    response = operation.response_for(status)
    if response is None or response.json is None or response.json.schema is None:
        raise _Rejected("no JSON body is documented", "тело ответа в JSON не описано")
    schema = body_schema(operation, status)
    if schema is None:
        raise _Rejected("the body may have another form", "тело может быть в другом формате")
    return schema


_Place = tuple[Alternative, ...]


def _required(place: _Place) -> bool:
    return all(found.required for found in place)


def _nullable(place: _Place) -> bool:
    return any(found.nullable for found in place)


def _resolve(root: Schema, pointer: str, conditions: tuple[Condition, ...] = ()) -> list[_Place]:
    """The places from `root` down to `pointer`; rejects what the document does not have.

    Where branches stand on the way, `conditions` on their discriminator choose among them.
    """
    places = [alternatives(root, _chosen(conditions, ()))]
    tokens = split(pointer)
    for depth, token in enumerate(tokens):
        chosen = _chosen(conditions, tokens[: depth + 1])
        place = child(places[-1], token, chosen) if pointer.startswith("/") else ()
        if not place:
            raise _Rejected(f"{pointer} is not in the document", f"{pointer} нет в документе")
        places.append(place)
    return places


def _chosen(
    conditions: tuple[Condition, ...], here: tuple[str, ...]
) -> dict[str, tuple[Json, ...]]:
    """What `conditions` say of the properties right inside the place `here`."""
    ways = [(split(condition.pointer), condition.values) for condition in conditions]
    return {way[-1]: values for way, values in ways if way and way[:-1] == here}


def _require_guards(fact: AssertionFact, path: Sequence[_Place]) -> None:
    """Every ancestor that may be absent or null must be guarded."""
    tokens = split(fact.subject.name)
    for depth, place in enumerate(path[:-1]):
        here = pointer_of(tokens[:depth])
        if (_nullable(place) or not _required(place)) and here not in fact.guards:
            where = here or "/"
            raise _Rejected(
                f"{where} may be absent or null", f"{where} может отсутствовать или быть null"
            )


def _law(
    fact: AssertionFact, operations: Mapping[str, Operation], statuses: Mapping[str, int]
) -> Message | None:
    """A warning where the check rests on a law; rejects laws about unknown fields."""
    match fact.check:
        case Equals(operand) | Contains(operand) if not isinstance(operand, Literal):
            _known_operand(operand, fact, operations, statuses)
        case Sorted(pointer):
            items = f"{fact.subject.name}/{EACH}"
            _resolve(_answer(fact.call, operations, statuses), items + pointer, fact.conditions)
        case _:
            return None
    return Message(
        en="one check rests on a rule that the document does not state",
        ru="одна из проверок опирается на правило, которого нет в документе",
    )


def _known_operand(
    operand: Operand,
    fact: AssertionFact,
    operations: Mapping[str, Operation],
    statuses: Mapping[str, int],
) -> None:
    """Rejects operands that are not documented or may be missing from an answer."""
    match operand:
        case SumOf(pointer):
            _always(_answer(fact.call, operations, statuses), pointer, _NUMBERS)
        case CountOf(pointer):
            _always(_answer(fact.call, operations, statuses), pointer, {JsonType.ARRAY})
        case ResponseValue(call, pointer):
            _always(_answer(call, operations, statuses), pointer, frozenset(JsonType))
        case RequestValue(pointer):
            body = operations[fact.call].request_body
            if body is None or body.json is None or body.json.schema is None:
                raise _Rejected("no JSON body is sent", "тело JSON не отправляется")
            _resolve(body.json.schema, pointer)
        case Literal():
            return


_NUMBERS = frozenset({JsonType.INTEGER, JsonType.NUMBER})


def _always(root: Schema, pointer: str, types: Set[JsonType]) -> None:
    """Rejects `pointer` where it may lead nowhere, or to something of another type."""
    path = _resolve(root, pointer)
    if any(_nullable(place) or not _required(place) for place in path):
        raise _Rejected(f"{pointer} may be absent or null", f"{pointer} может отсутствовать")
    if not all(found.types <= types for found in path[-1]):
        raise _NOT_PROMISED


_NOT_PROMISED = _Rejected("the document does not promise this", "документ этого не обещает")


def _implied(check: Check, place: _Place) -> None:
    """Rejects a check that a valid value could fail in one of the alternatives."""
    for found in place:
        if not (found.never or found.only_null or _holds(check, found)):
            raise _NOT_PROMISED


def _holds(check: Check, found: Alternative) -> bool:
    """Whether every value but null that is valid against `found` passes `check`."""
    match check:
        case NotNull():
            return not found.nullable
        case HasType(types):
            return _has_type(types, found)
        case Equals(Literal(value)):
            return _listed((value,), found)
        case OneOf(allowed):
            return _listed(allowed, found)
        case OnlyMembers(names):
            return found.is_object and any(
                (known := closed_names(schema)) is not None and set(known) <= set(names)
                for schema in found.schemas
            )
    return any(_stated(check, schema, found.types) for schema in found.schemas)


def _has_type(types: Set[JsonType], found: Alternative) -> bool:
    wider = types | ({JsonType.INTEGER} if JsonType.NUMBER in types else set())
    return bool(found.types) and found.types <= wider


def _listed(allowed: Sequence[Json], found: Alternative) -> bool:
    """Whether some schema allows only values that are in `allowed`."""
    return any(
        schema.enum is not None
        and all(value is None or any(same(value, one) for one in allowed) for value in schema.enum)
        for schema in found.schemas
    )


def _stated(check: Check, schema: Schema, types: Set[JsonType]) -> bool:
    """Whether `schema` states the limit `check`, for values that are of its type for certain."""
    match check:
        case HasFormat() | Matches() | HasLength() if types == {JsonType.STRING}:
            return _stated_of_text(check, schema)
        case InRange(bounds) if types and types <= _NUMBERS:
            return bounds.limited and _inside(schema.bounds, bounds)
        case MultipleOf(factor) if types and types <= _NUMBERS:
            step = schema.multiple_of
            return step is not None and factor > 0 and step % factor == 0
        case HasSize(bounds) if types == {JsonType.ARRAY}:
            return bounds.limited and _inside(_at_least_zero(schema.size), bounds)
        case Unique() if types == {JsonType.ARRAY}:
            return schema.unique_items and comparable_items(schema)
    return False


def _stated_of_text(check: HasFormat | Matches | HasLength, schema: Schema) -> bool:
    match check:
        case HasFormat(name):
            return schema.format == name and name in ASSERTED_FORMATS
        case Matches(pattern):
            return schema.pattern == pattern
        case HasLength(bounds):
            return bounds.limited and _inside(_at_least_zero(schema.length), bounds)


def _at_least_zero(bounds: Bounds) -> Bounds:
    return Bounds(bounds.low or 0, bounds.high, bounds.exclusive_low, bounds.exclusive_high)


def _inside(promised: Bounds, asserted: Bounds) -> bool:
    """Whether every number inside `promised` is inside `asserted`."""
    if asserted.low is not None:
        if promised.low is None or promised.low < asserted.low:
            return False
        if promised.low == asserted.low and asserted.exclusive_low and not promised.exclusive_low:
            return False
    if asserted.high is not None:
        if promised.high is None or promised.high > asserted.high:
            return False
        if promised.high == asserted.high:
            return promised.exclusive_high or not asserted.exclusive_high
    return True
