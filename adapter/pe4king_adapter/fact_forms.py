"""Facts in the flat form that models write: one item in, one fact or the reason why not.

assertion  {"call": "C1", "pointer": "/items/*/id", "check": "format", "args": ["uuid"],
            "presence": "required", "reason": "..."}
           `pointer` is a JSON pointer into the body ("" the whole), `status`, `content_type`
           or `header NAME`; `check` and `args` as `check_forms.py` lists them; `presence` is
           required, if_present or absent.
case       {"title": "rejects negative price", "changes": [{"where": "body", "name": "/price",
            "kind": "set", "value": -1}], "credentials": "valid", "expected": [400],
            "reason": "..."}
           `where`: path, query, header, cookie, body, media_type; `kind`: set, remove, add, raw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pe4king_adapter.check_forms import FormError, check_of, form_of, sound
from pe4king_adapter.targets import CallTargets, Target, request_pointers
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    CaseFact,
    CaseKind,
    Change,
    ChangeIn,
    ChangeKind,
    Check,
    CountOf,
    Credentials,
    Equals,
    NotNull,
    Presence,
    RequestValue,
    ResponseValue,
    Sorted,
    SumOf,
)
from pe4king_core.model.json import EACH, Json, pointer_of, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation, ParameterIn

_REASON_LIMIT = 300
_TITLE_LIMIT = 100
_CHANGES_LIMIT = 10
_LAWS: Mapping[type, str] = {
    RequestValue: "echo",
    ResponseValue: "flow",
    SumOf: "sum",
    CountOf: "count",
}
Choice = TypeVar("Choice", bound=StrEnum)


def assertion_of(item: Json, calls: Mapping[str, CallTargets]) -> AssertionFact:
    """The assertion that `item` states. Raises FormError where it is none, or not of this test.

    Optional and nullable places are completed from the document: a required presence of an
    optional field becomes `if_present`, guards and conditions are added.
    """
    fields = _mapping(item)
    call = calls.get(_string(fields, "call"))
    if call is None:
        raise FormError(Message("there is no such call", "такого вызова нет"))
    target = _target(_string(fields, "pointer"), call)
    name = _string(fields, "check")
    arguments = fields.get("args")
    listed = arguments if isinstance(arguments, list) else [] if arguments is None else [arguments]
    check = check_of(name, listed)
    _known_operand(check, call, calls)
    wished = Presence.ABSENT if name == "absent" else _choice(fields, "presence", Presence)
    presence = wished or Presence.REQUIRED
    reason = _line(fields.get("reason"), _REASON_LIMIT)
    relaxed = presence is Presence.REQUIRED and not target.required
    return AssertionFact(
        call=call.call,
        subject=target.subject,
        check=None if presence is Presence.ABSENT else check,
        presence=Presence.IF_PRESENT if relaxed else presence,
        nullable=target.nullable and not isinstance(check, NotNull) and check is not None,
        guards=target.guards,
        conditions=target.conditions,
        basis=Basis.MODEL,
        source=target.source,
        reason=Message(reason, reason),
        law=_law(check),
    )


def assertion_form(fact: AssertionFact) -> dict[str, Json] | None:
    """The flat form of `fact`, or None where it has none."""
    form = form_of(fact.check)
    if form is None:
        return None
    subject = fact.subject
    names = {"body": subject.name, "header": f"header {subject.name}"}
    absent = fact.presence is Presence.ABSENT
    return {
        "call": fact.call,
        "pointer": names.get(subject.kind, str(subject.kind)),
        "check": "absent" if absent else form[0],
        "args": [] if absent else form[1],
        "presence": fact.presence,
        "reason": fact.reason.en,
    }


def case_of(item: Json, operation: Operation) -> CaseFact:
    """The negative case of `operation` that `item` states. Raises FormError."""
    fields = _mapping(item)
    title = _line(fields.get("title"), _TITLE_LIMIT)
    if not re.search(r"\w{3}", title):
        raise FormError(Message("the title is missing", "нет названия"))
    listed = fields.get("changes")
    changes = listed if isinstance(listed, list) else []
    if len(changes) > _CHANGES_LIMIT:
        raise FormError(Message("too many changes", "слишком много изменений"))
    pointers = request_pointers(operation)
    made = tuple(_change(change, operation, pointers) for change in changes)
    credentials = _choice(fields, "credentials", Credentials) or Credentials.VALID
    if not made and credentials is Credentials.VALID:
        raise FormError(Message("nothing is changed", "ничего не меняется"))
    reason = _line(fields.get("reason"), _REASON_LIMIT)
    return CaseFact(
        operation=operation.key,
        kind=CaseKind.NEGATIVE,
        title=Message(title, title),
        changes=made,
        credentials=credentials,
        expected=_expected(fields.get("expected"), operation),
        basis=Basis.MODEL,
        source=operation.pointer,
        reason=Message(reason, reason),
    )


def case_form(case: CaseFact) -> dict[str, Json]:
    """The flat form of `case`."""
    changes: list[Json] = [
        {"where": c.where, "name": c.name, "kind": c.kind, "value": c.value} for c in case.changes
    ]
    return {
        "title": case.title.en,
        "changes": changes,
        "credentials": case.credentials,
        "expected": list(case.expected),
        "reason": case.reason.en,
    }


def plain_pointer(text: str) -> str:
    """`text` as a pointer: the usual other spellings (`$.a[*].b`, `#/a/b`) are understood."""
    text = text.strip()
    if text.startswith("$"):
        steps = re.findall(r"\.?([^.\[\]]+)|\[\s*['\"]?(.*?)['\"]?\s*\]", text[1:])
        return pointer_of(name or index or EACH for name, index in steps)
    return text.removeprefix("#")


def _target(name: str, call: CallTargets) -> Target:
    target = call.targets.get(plain_pointer(name)) or call.targets.get(name)
    if target is None:
        shown = name[:80]
        raise FormError(
            Message(
                f"the document describes no {shown!r} in this answer",
                f"в документе у этого ответа нет {shown!r}",
            )
        )
    return target


def _known_operand(
    check: Check | None, call: CallTargets, calls: Mapping[str, CallTargets]
) -> None:
    known = True
    match check:
        case Equals(RequestValue(pointer)):
            known = pointer in call.sent
        case Equals(ResponseValue(other, pointer)):
            known = other in calls and pointer in calls[other].targets
        case Equals(SumOf(pointer) | CountOf(pointer)):
            known = pointer in call.targets
        case Sorted(pointer):
            known = any(name.endswith(pointer) for name in call.targets)
    if not known:
        raise FormError(
            Message(
                "args name a place that does not exist", "args указывают на место, которого нет"
            )
        )


def _law(check: Check | None) -> str:
    return _LAWS.get(type(check.operand), "") if isinstance(check, Equals) else ""


def _change(item: Json, operation: Operation, pointers: frozenset[str]) -> Change:
    fields = _mapping(item)
    where = _choice(fields, "where", ChangeIn)
    kind = _choice(fields, "kind", ChangeKind)
    if where is None or kind is None or where is ChangeIn.METHOD:
        raise FormError(Message("where or kind is missing", "не указано where или kind"))
    name = _string(fields, "name")
    if where is ChangeIn.BODY:
        name = plain_pointer(name)
    if kind is not ChangeKind.ADD and not _known_part(where, name, operation, pointers):
        raise FormError(
            Message(
                f"the request has no {where} {name[:80]!r}", f"в запросе нет {where} {name[:80]!r}"
            )
        )
    value = fields.get("value")
    if not sound(value):
        raise FormError(Message("the value cannot be sent", "такое значение нельзя отправить"))
    if kind is ChangeKind.RAW and not isinstance(value, str):
        raise FormError(Message("raw needs a text", "для raw нужна строка"))
    return Change(where, name, kind, value)


def _known_part(where: ChangeIn, name: str, operation: Operation, pointers: frozenset[str]) -> bool:
    if where is ChangeIn.BODY:
        return _each_index(name) in pointers
    if where is ChangeIn.MEDIA_TYPE:
        return operation.request_body is not None
    location = ParameterIn(where.value)
    return any(p.name == name and p.location is location for p in operation.parameters)


def _each_index(pointer: str) -> str:
    return pointer_of(EACH if token.isdecimal() else token for token in split(pointer))


def _expected(value: Json, operation: Operation) -> tuple[int, ...]:
    if value is None:
        return ()
    statuses = value if isinstance(value, list) else [value]
    for status in statuses:
        if isinstance(status, bool) or not isinstance(status, int) or not 400 <= status < 500:
            raise FormError(Message("expected needs 4xx codes", "в expected нужны коды 4xx"))
        if operation.response_for(status) is None:
            raise FormError(
                Message(
                    f"the document does not describe status {status}",
                    f"статус {status} не описан в документе",
                )
            )
    return tuple(dict.fromkeys(status for status in statuses if isinstance(status, int)))


def _mapping(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise FormError(Message("an object was expected", "ожидался объект"))
    return value


def _string(fields: Mapping[str, Json], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise FormError(Message(f"{name} must be a text", f"{name} — не строка"))
    return _readable(value)


def _choice(fields: Mapping[str, Json], name: str, choices: type[Choice]) -> Choice | None:
    value = fields.get(name)
    if value is None:
        return None
    for choice in choices:
        if choice == value:
            return choice
    names = ", ".join(choices)
    raise FormError(Message(f"{name} must be one of {names}", f"{name} — одно из {names}"))


def _line(value: Json, limit: int) -> str:
    """Text of a model as one short, printable line."""
    if not isinstance(value, str):
        return ""
    return " ".join(_readable(value).split())[:limit].strip()


def _readable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
