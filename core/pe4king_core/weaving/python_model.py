"""Facts about an answer of which the test has only an object of a class of its own.

Asserted is only what the object certainly shows as the server sent it: a dataclass keeps values
as they are; pydantic converts all but texts, and fills in what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Set

from pe4king_core.model.fact import AssertionFact, HasType, Presence, SubjectKind
from pe4king_core.model.json import EACH, split
from pe4king_core.model.message import Message
from pe4king_core.model.source import ModelVariable, TestCall, TestFile, TestFunction
from pe4king_core.rendering.python.assertions import PythonNames
from pe4king_core.rendering.python.checks import Unsayable, body_conditions
from pe4king_core.rendering.python.conditions import Condition
from pe4king_core.rendering.python.text import WIDTH
from pe4king_core.weaving.python_held import is_changed
from pe4king_core.weaving.python_tree import TestTree
from pe4king_core.weaving.reasons import CONVERTED, FILLED_IN, NOT_A_MEMBER, SAYS_NOTHING

_CONVERTING = re.compile(
    r"\b(?:__post_init__|model_config|class\s+Config|__new__|__init__)\b|@\w*validator|@\w*serializer"
)


def held_model(
    test: TestFunction, call: TestCall, tree: TestTree, place: int, unsure: Set[str]
) -> ModelVariable | None:
    """The object made from the answer of `call` that a variable surely holds at `place`."""
    before = [held for held in test.model_variables if held.offset <= place]
    for held in before:
        later = any(other.name == held.name and other.offset > held.offset for other in before)
        if held.call == call.id and not later and held.name not in unsure:
            return None if is_changed(tree, held.name, call.span.end, place) else held
    return None


def model_lines(
    file: TestFile, fact: AssertionFact, model: ModelVariable, names: PythonNames
) -> tuple[list[str], frozenset[str]] | Message:
    """The assertion of `fact` on the object, with its imports, or why it is not written."""
    member = _member(fact, model)
    if member is None:
        return NOT_A_MEMBER
    if member in model.optional:
        return FILLED_IN
    raw = _keeps_raw(file, model.type, member)
    if raw is None or (not raw and isinstance(fact.check, HasType)):
        return CONVERTED
    if fact.check is None:
        return SAYS_NOTHING if fact.presence is not Presence.ABSENT else NOT_A_MEMBER
    subject = f"{model.name}{dict(model.members)[member]}"
    try:
        conditions = body_conditions(fact, subject, names.body, None, names.indent)
    except Unsayable as problem:
        return problem.message
    return _written(conditions, subject, names, nullable=fact.nullable)


def _written(
    conditions: list[Condition], subject: str, names: PythonNames, *, nullable: bool
) -> tuple[list[str], frozenset[str]]:
    pad = "    " if nullable else ""
    room = WIDTH - names.indent - len(pad)
    written = [names.dialect.write(each, room) for each in conditions]
    head = [f"if {subject} is not None:"] if nullable else []
    lines = [pad + row for each in written for line in each.lines for row in line.split("\n")]
    return [*head, *lines], frozenset().union(*(each.imports for each in written))


def _member(fact: AssertionFact, model: ModelVariable) -> str | None:
    """The name of the object's member that `fact` speaks of."""
    if fact.subject.kind is not SubjectKind.BODY or fact.guards or fact.conditions:
        return None
    if fact.presence is Presence.ABSENT:
        return None
    way, above = split(fact.subject.name), split(model.pointer)
    if len(way) != len(above) + 1 or way[: len(above)] != above or EACH in way:
        return None
    return way[-1] if way[-1] in dict(model.members) else None


def _keeps_raw(file: TestFile, name: str, member: str) -> bool | None:
    """Whether the class keeps what it is given, of any type; None where it may change it.

    False: only texts, which are what the server sent where the class has them.
    """
    found = re.search(
        rf"^(?P<above>(?:@[^\n]*\n)*)class\s+{re.escape(name)}\b\s*(?:\((?P<bases>[^)]*)\))?:[^\n]*"
        rf"(?P<body>(?:\r?\n(?:[ \t]+[^\r\n]*)?)*)",
        file.text.replace("\r\n", "\n"),
        re.MULTILINE,
    )
    if found is None or _CONVERTING.search(found["body"]):
        return None
    bases = (found["bases"] or "").strip()
    if re.search(r"@(?:\w+\.)*dataclass\b", found["above"]) and not bases:
        pydantic = any("pydantic" in each and "dataclass" in each for each in file.imports)
        return None if pydantic else True
    if bases in ("NamedTuple", "typing.NamedTuple"):
        return True
    is_model = bases in ("BaseModel", "pydantic.BaseModel")
    is_text = re.search(rf"^\s+{re.escape(member)}\s*:\s*str\s*$", found["body"], re.MULTILINE)
    return False if is_model and is_text else None
