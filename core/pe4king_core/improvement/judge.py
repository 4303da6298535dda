"""Whether facts hold for every answer that the document allows: the contract gate for facts.

Nothing may be invented (a field, a status, a header that the document does not have) and
nothing asserted that a conforming server may break. Facts that rest on a law (sums, counts,
echo) cannot be proven from the document; they pass with a warning that names the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pe4king_core.generation.assertions import ASSERTED_FORMATS
from pe4king_core.model.fact import (
    AssertionFact,
    Check,
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
from pe4king_core.model.json import EACH, pointer_of, split
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
    path = _resolve(media.schema, fact.subject.name, conditional=bool(fact.conditions))
    schema = path[-1][0]
    if fact.presence is Presence.REQUIRED and not path[-1][1]:
        name = split(fact.subject.name)[-1]
        raise _Rejected(f"{name} is optional", f"поле {name} необязательно")
    _require_guards(fact, path)
    if fact.check is None:
        return None
    law = _law(fact.check, operation, media.schema)
    if law is not None:
        return law
    if schema.nullable and not fact.nullable:
        raise _Rejected("null is allowed here", "здесь допускается null")
    _implied(fact.check, schema)
    return None


_Step = tuple[Schema, bool]
"""A schema on the way, and whether it is required in its parent."""


def _resolve(root: Schema, pointer: str, *, conditional: bool = False) -> list[_Step]:
    """The schemas from `root` down to `pointer`; rejects what the document does not have.

    `conditional`: the fact names the branch it speaks of, so what the branch requires is required.
    """
    steps: list[_Step] = [(root, True)]
    for token in split(pointer):
        found = _child(steps[-1][0], token, conditional=conditional)
        if found is None:
            raise _Rejected(f"{pointer} is not in the document", f"{pointer} нет в документе")
        steps.append(found)
    return steps


def _child(schema: Schema, token: str, *, conditional: bool) -> _Step | None:
    if token == EACH and schema.items is not None:
        return schema.items, True
    if token in schema.properties:
        return schema.properties[token], token in schema.required
    for part in (*schema.conjuncts.values(), *schema.branches.values()):
        found = _child(part, token, conditional=conditional)
        if found is not None:
            always = conditional or part in schema.conjuncts.values()
            return found[0], found[1] and always
    return None


def _require_guards(fact: AssertionFact, path: Sequence[_Step]) -> None:
    """Every ancestor that may be absent or null must be guarded."""
    tokens = split(fact.subject.name)
    for depth in range(len(path) - 1):
        schema, required = path[depth]
        if (schema.nullable or not required) and pointer_of(tokens[:depth]) not in fact.guards:
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
