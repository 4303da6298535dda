"""Whether facts hold for every answer that the document allows: the contract gate for facts.

Nothing may be invented (a field, a status, a header that the document does not have) and
nothing asserted that a conforming server may break. Facts that rest on a law (sums, counts,
echo) cannot be proven from the document; they pass with a warning that names the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.generation.assertions import ASSERTED_FORMATS
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
        _judge_content_type(fact.check, response)
        return None
    if fact.subject.kind is SubjectKind.HEADER:
        _judge_header(fact, response)
        return None
    return _judge_body(fact, operation, response)


def _judge_status(check: Check | None, status: int) -> None:
    if check not in (Equals(Literal(status)), OneOf((status,))):
        raise _Rejected(f"the test expects {status} already", f"тест уже ожидает статус {status}")


def _judge_content_type(check: Check | None, response: Response) -> None:
    names = {name.split(";", 1)[0].strip().lower() for name in response.content}
    match check:
        case Equals(Literal(str() as value)) if {value.lower()} == names:
            return
        case OneOf(values) if names and names <= {str(value).lower() for value in values}:
            return
    raise _Rejected("the document does not promise this type", "документ не обещает этот тип")


def _judge_header(fact: AssertionFact, response: Response) -> None:
    name = fact.subject.name
    known = next((h for key, h in response.headers.items() if key.lower() == name.lower()), None)
    if known is None:
        raise _Rejected(f"no header {name} is documented", f"заголовок {name} не описан")
    if fact.presence is Presence.REQUIRED and not known.required:
        raise _Rejected(f"the header {name} is optional", f"заголовок {name} необязателен")
    if fact.check is not None and known.schema is not None:
        _implied(fact.check, known.schema)


def _judge_body(fact: AssertionFact, operation: Operation, response: Response) -> Message | None:
    media = response.json
    if media is None or media.schema is None:
        raise _Rejected("no JSON body is documented", "тело ответа в JSON не описано")
    if len({item.is_json for item in response.content.values()}) > 1:
        raise _Rejected("the body may have another form", "тело может быть в другом формате")
    path = _resolve(media.schema, fact.subject.name, fact.conditions)
    last = path[-1]
    if fact.presence is Presence.REQUIRED and not last.required:
        name = split(fact.subject.name)[-1]
        raise _Rejected(f"{name} is optional", f"поле {name} необязательно")
    _require_guards(fact, path)
    if fact.check is None:
        return None
    law = _law(fact.check, operation, media.schema)
    if law is not None:
        return law
    if last.nullable and not fact.nullable:
        raise _Rejected("null is allowed here", "здесь допускается null")
    for schema in last.schemas:
        _implied(fact.check, schema)
    return None


@dataclass(frozen=True, slots=True)
class _Step:
    """A place on the way: the schemas that may stand there (one a branch), and whether it must."""

    schemas: tuple[Schema, ...]
    required: bool = True

    @property
    def nullable(self) -> bool:
        return any(schema.nullable for schema in self.schemas)


def _resolve(root: Schema, pointer: str, conditions: tuple[Condition, ...] = ()) -> list[_Step]:
    """The places from `root` down to `pointer`; rejects what the document does not have.

    Where branches stand on the way, `conditions` on their discriminator choose among them.
    """
    steps = [_Step((root,))]
    tokens = split(pointer)
    for depth, token in enumerate(tokens):
        here = pointer_of(tokens[:depth])
        chosen = {
            split(condition.pointer)[-1]: condition.values
            for condition in conditions
            if pointer_of(split(condition.pointer)[:-1]) == here
        }
        found = [step for s in steps[-1].schemas if (step := _child(s, token, chosen)) is not None]
        if not found:
            raise _Rejected(f"{pointer} is not in the document", f"{pointer} нет в документе")
        steps.append(_merged(found, len(steps[-1].schemas)))
    return steps


def _merged(found: Sequence[_Step], expected: int) -> _Step:
    """Several alternatives as one place; required only where every alternative requires it."""
    schemas = tuple(dict.fromkeys(schema for step in found for schema in step.schemas))
    return _Step(schemas, len(found) == expected and all(step.required for step in found))


def _child(schema: Schema, token: str, chosen: Mapping[str, tuple[Json, ...]]) -> _Step | None:
    if token == EACH and schema.items is not None:
        return _Step((schema.items,))
    if token in schema.properties:
        return _Step((schema.properties[token],), token in schema.required)
    for part in schema.conjuncts.values():
        found = _child(part, token, chosen)
        if found is not None:
            return found
    branches = _chosen_branches(schema, chosen)
    inside = [step for b in branches if (step := _child(b, token, chosen)) is not None]
    return _merged(inside, len(branches)) if inside else None


def _chosen_branches(schema: Schema, chosen: Mapping[str, tuple[Json, ...]]) -> Sequence[Schema]:
    tag = schema.discriminator
    values = chosen.get(tag.property_name) if tag is not None else None
    if tag is None or values is None:
        return tuple(schema.branches.values())
    pointers = {tag.mapping.get(str(value)) for value in values}
    return tuple(branch for pointer, branch in schema.branches.items() if pointer in pointers)


def _require_guards(fact: AssertionFact, path: Sequence[_Step]) -> None:
    """Every ancestor that may be absent or null must be guarded."""
    tokens = split(fact.subject.name)
    for depth, step in enumerate(path[:-1]):
        if (step.nullable or not step.required) and pointer_of(tokens[:depth]) not in fact.guards:
            where = pointer_of(tokens[:depth]) or "/"
            raise _Rejected(
                f"{where} may be absent or null", f"{where} может отсутствовать или быть null"
            )


def _law(check: Check, operation: Operation, root: Schema) -> Message | None:
    """A warning where the check rests on a law; rejects laws about unknown fields."""
    match check:
        case Equals(operand) | Contains(operand) if not isinstance(operand, Literal):
            _known_operand(operand, operation, root)
        case Sorted():
            pass
        case _:
            return None
    return Message(
        en="one check rests on a rule that the document does not state",
        ru="одна из проверок опирается на правило, которого нет в документе",
    )


def _known_operand(operand: Operand, operation: Operation, root: Schema) -> None:
    match operand:
        case SumOf(pointer) | CountOf(pointer):
            _resolve(root, pointer)
        case RequestValue(pointer):
            body = operation.request_body.json if operation.request_body is not None else None
            if body is None or body.schema is None:
                raise _Rejected("no JSON body is sent", "тело JSON не отправляется")
            _resolve(body.schema, pointer)
        case ResponseValue() | Literal():
            return


def _implied(check: Check, schema: Schema) -> None:
    """Rejects a check that a valid value of `schema` could fail."""
    if not _holds(check, schema):
        raise _Rejected("the document does not promise this", "документ этого не обещает")


def _holds(check: Check, schema: Schema) -> bool:
    values = None if schema.enum is None else [v for v in schema.enum if v is not None]
    match check:
        case NotNull():
            return not schema.nullable
        case HasType(types):
            known = schema.types - {JsonType.NULL}
            wider = types | ({JsonType.INTEGER} if JsonType.NUMBER in types else set())
            return bool(known) and known <= wider
        case Equals(Literal(value)):
            return values == [value]
        case OneOf(allowed):
            return values is not None and all(value in allowed for value in values)
        case HasFormat(name):
            return schema.format == name and name in ASSERTED_FORMATS
        case Matches(pattern):
            return schema.pattern == pattern
        case InRange(bounds):
            return _inside(schema.bounds, bounds)
        case HasLength(bounds):
            return _inside(_at_least_zero(schema.length), bounds)
        case HasSize(bounds):
            return _inside(_at_least_zero(schema.size), bounds)
        case MultipleOf(factor):
            return schema.multiple_of is not None and schema.multiple_of % factor == 0
        case Unique():
            return schema.unique_items
        case _:
            return False


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
