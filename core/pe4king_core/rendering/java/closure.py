"""Facts about the body as one Groovy condition, for shapes beyond a path and a matcher.

    .body("items.every { it.author == null || it.author.name instanceof String }", is(true))

Missing ancestors, discriminators, optional members and arrays in arrays are said as they are
meant; a value of the wrong type makes the condition false and does not throw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pe4king_core.model.fact import Check, Condition, CountOf, Equals, Presence, SumOf
from pe4king_core.model.json import EACH, split
from pe4king_core.rendering.java import gpath
from pe4king_core.rendering.java.body import Frame, Known
from pe4king_core.rendering.java.conditions import conditions, equality
from pe4king_core.rendering.java.terms import Unsayable
from pe4king_core.rendering.java.text import camel, literal_string, unique

_TAKEN = ("all", "one", "body", "it")
"""Parameters of closures inside a check."""
_TOLERANCE = "0.000001"
"""How far a sum may be away from its parts' exact sum; servers add floating point numbers."""


@dataclass(slots=True)
class _Scope:
    """The closure parameters in scope, by the place that each stands for."""

    frame: Frame
    checks: Sequence[Check]
    quoted: bool
    nested: bool
    names: dict[tuple[str, ...], str] = field(default_factory=dict)
    pending: list[Condition] = field(default_factory=list)

    def expression(self, tokens: tuple[str, ...], *, safe: bool = False) -> str:
        """The place `tokens` in terms of the innermost parameter that leads to it."""
        depth = len(tokens)
        while tokens[:depth] not in self.names:
            if not depth:
                raise Unsayable("a place outside", "место вне области видимости")
            depth -= 1
        path = self.names[tokens[:depth]]
        for index, token in enumerate(tokens[depth:]):
            path = f"{path}?.{gpath.key(token)}" if safe and index else gpath.member(path, token)
        return path


def closure_link(frame: Frame, checks: Sequence[Check], known: Known) -> str:
    """One link that holds exactly when `checks` do in `frame`. Raises Unsayable."""
    for quoted in (False, True):
        expression = _expression(frame, checks, known, quoted=quoted)
        if gpath.survives(expression):
            return f".body({literal_string(expression)}, is(true))"
    raise Unsayable("this place of the body", "это место в теле ответа")


def _expression(frame: Frame, checks: Sequence[Check], known: Known, *, quoted: bool) -> str:
    direct = _direct_array(frame, checks, known)
    closures = frame.tokens.count(EACH) + (direct is None)
    scope = _Scope(frame, checks, quoted, closures > 1, pending=list(frame.conditions))
    if direct is None:
        scope.names[()] = "body" if scope.nested else "it"
        inside = _from(scope, 0)
        expression = f"with {{ {'body -> ' if scope.nested else ''}{inside} }}"
    else:
        expression = _every(scope, direct)
    if scope.pending:
        raise Unsayable("a condition on another place", "условие для другого места")
    return expression


def _direct_array(frame: Frame, checks: Sequence[Check], known: Known) -> int | None:
    """The depth of the first array where the path may simply start with it."""
    if EACH not in frame.tokens:
        return None
    depth = frame.tokens.index(EACH)
    outside = any(
        split(item.pointer)[: depth + 1] != frame.tokens[: depth + 1] for item in frame.conditions
    )
    guarded = any(frame.guarded(level) for level in range(depth + 1))
    if outside or guarded or any(_looks_elsewhere(check) for check in checks):
        return None
    return depth if frame.tokens[:depth] in known.certain else None


def _looks_elsewhere(check: Check) -> bool:
    return isinstance(check, Equals) and isinstance(check.operand, CountOf | SumOf)


def _every(scope: _Scope, depth: int) -> str:
    """`list.every { item -> ... }` for the array that the first `depth` tokens lead to."""
    tokens = scope.frame.tokens
    name = "it"
    if scope.nested:
        label = next((t for t in reversed(tokens[:depth]) if t != EACH and not t.isdecimal()), "")
        name = unique(_singular(label), [*scope.names.values(), *_TAKEN])
    if scope.names:
        path = scope.expression(tokens[:depth])
    else:
        path = ""
        for token in tokens[:depth]:
            path = gpath.member(path, token)
    scope.names[tokens[: depth + 1]] = name
    inside = _from(scope, depth + 1)
    head = f"{path}.every" if path else "every"
    return f"{head} {{ {name + ' -> ' if scope.nested else ''}{inside} }}"


def _singular(label: str) -> str:
    name = camel(label, "item") if label.isascii() else "item"
    if name.endswith("ies"):
        name = name[:-3] + "y"
    elif name.endswith("s") and not name.endswith("ss"):
        name = name[:-1]
    return name if gpath.key(name) == name and name != label else "item"


def _from(scope: _Scope, depth: int) -> str:
    """What must hold from the ancestor at `depth` on: excuses first, then the statement."""
    tokens = scope.frame.tokens
    excuses: list[str] = []
    for level in range(depth, len(tokens)):
        excuses += _unmet_conditions(scope, tokens[:level])
        if scope.frame.guarded(level):
            excuses.append(f"{scope.expression(tokens[:level])} == null")
        if tokens[level] == EACH:
            array = scope.expression(tokens[:level])
            every = f"{array} instanceof List && {_every(scope, level)}"
            return " || ".join([*excuses, every])
    excuses += _unmet_conditions(scope, tokens)
    return " || ".join([*excuses, _statement(scope)])


def _unmet_conditions(scope: _Scope, tokens: tuple[str, ...]) -> list[str]:
    """Conditions that can be asked now, each said the other way round."""
    if not scope.pending:
        return []
    found: list[str] = []
    for condition in list(scope.pending):
        place = split(condition.pointer)
        last = max((i + 1 for i, token in enumerate(place) if token == EACH), default=0)
        if place[:last] not in scope.names or len(tokens) < last:
            continue
        scope.pending.remove(condition)
        value = scope.expression(place, safe=True)
        found.append(_unmet(condition, value))
    return found


def _unmet(condition: Condition, value: str) -> str:
    texts = all(isinstance(item, str) and len(item) > 1 for item in condition.values)
    if texts and len(condition.values) == 1:
        return f"{value} != {gpath.literal(condition.values[0])}"
    if texts and condition.values:
        return f"!({value} in {gpath.literal(list(condition.values))})"
    options = [" && ".join(equality(item, value)) for item in condition.values]
    return f"!({' || '.join(options)})" if options else "true"


def _statement(scope: _Scope) -> str:
    """The check itself, with what is said about presence and null."""
    frame = scope.frame
    value = scope.expression(frame.tokens)
    holds = " && ".join(_tests(scope, value)) or "true"
    if frame.nullable and holds not in {f"{value} == null", "true"}:
        holds = f"{value} == null || {holds}"
    if not frame.tokens or frame.name == EACH:
        return holds
    present = _present(scope)
    if frame.presence is Presence.ABSENT:
        return f"!({present})" if ">" in present else f"!{present}"
    if frame.presence is Presence.REQUIRED:
        if not frame.nullable:
            return holds
        return present if holds == "true" else f"{present} && ({holds})"
    if frame.nullable:
        return holds
    return f"!({present}) || {holds}" if ">" in present else f"!{present} || {holds}"


def _present(scope: _Scope) -> str:
    frame = scope.frame
    parent = scope.expression(frame.tokens[:-1])
    if frame.name.isdecimal():
        return f"{parent}.size() > {int(frame.name)}"
    return f"{parent}.containsKey({gpath.text(frame.name)})"


def _tests(scope: _Scope, value: str) -> list[str]:
    elsewhere = [check for check in scope.checks if _looks_elsewhere(check)]
    plain = [check for check in scope.checks if check not in elsewhere]
    found = conditions(plain, value, quoted=scope.quoted)
    for check in elsewhere:
        found += _law(scope, check, value)
    return list(dict.fromkeys(found))


def _law(scope: _Scope, check: Check, value: str) -> list[str]:
    """Equality with a count or a sum of the same answer."""
    match check:
        case Equals(CountOf(pointer, most)) if (
            EACH not in split(pointer)[len(_bound(scope, pointer)) :]
        ):
            array = scope.expression(split(pointer))
            numbers = f"{value} instanceof Number"
            counted = value if most is None else f"[{value}, {most}].min()"
            return [numbers, f"{array} instanceof List", f"{counted} == {array}.size()"]
        case Equals(SumOf(pointer)):
            total = f"{_spread(scope, pointer)}*.toBigDecimal().sum(0)"
            difference = f"({value}.toBigDecimal() - {total}).abs()"
            return [f"{value} instanceof Number", f"{difference} < {_TOLERANCE}"]
    raise Unsayable("this count", "этот подсчёт")


def _bound(scope: _Scope, pointer: str) -> tuple[str, ...]:
    """The longest prefix of `pointer` that has a closure parameter."""
    tokens = split(pointer)
    return max((place for place in scope.names if tokens[: len(place)] == place), key=len)


def _spread(scope: _Scope, pointer: str) -> str:
    """The list of all values at `pointer`."""
    tokens = split(pointer)
    bound = _bound(scope, pointer)
    path, arrays = scope.names[bound], 0
    for token in tokens[len(bound) :]:
        if token == EACH:
            arrays += 1
            path += ".flatten()" if arrays > 1 else ""
        else:
            path = f"{path}*.{gpath.key(token)}" if arrays else gpath.member(path, token)
    if arrays == 0:
        raise Unsayable("a sum of nothing", "сумма пустого набора")
    return path
