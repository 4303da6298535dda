"""Values that tests take from earlier calls, as Python expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pe4king_core.model.case import UUID, Body, CleanUp, TestCase
from pe4king_core.model.fact import (
    AssertionFact,
    Contains,
    EarlierValue,
    Equals,
    RequestValue,
    ResponseValue,
)
from pe4king_core.model.json import Json, join, split
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.rendering.chosen import chosen_in, earlier_values
from pe4king_core.rendering.python.checks import access
from pe4king_core.rendering.python.text import Code, string

LAST_SEGMENT = "last_segment"
LAST_SEGMENT_CODE = f'''\
def {LAST_SEGMENT}(location):
    """The id at the end of the URL of what was created."""
    return urlsplit(location).path.rstrip("/").rsplit("/", 1)[-1]'''
QUOTED = "quoted"
QUOTED_CODE = f'''\
def {QUOTED}(value):
    """A value of an answer as one segment of a path."""
    return quote(str(value), safe="")'''
NEEDED = "needed"
NEEDED_CODE = f'''\
def {NEEDED}(body, *path):
    """What stands in an answer that the document does not promise; without it there is no test."""
    for step in path:
        try:
            body = body[step]
        except (LookupError, TypeError):
            pytest.skip(f"the answer has no {{step!r}}, which the test needs")
    return body'''
UNIQUE = "{unique}"
_DIGITS = Code("uuid4().hex[:8]")
_IN_F_STRING = re.compile(r"""[\w .()\[\]"$:/,=-]+""", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """The variable that holds what a call answered with: a response, or its parsed body."""

    variable: str
    parsed: bool = False
    alone: bool = False
    """Whether the file has no functions of ours."""
    sent: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Variables of what the call sends, by path parameter and pointer."""
    skips: bool = True
    """Whether the test is skipped where something is missing that nobody promised."""

    def value(self, value: EarlierValue) -> str:
        """The expression for a part of the answer, or of what was sent."""
        if isinstance(value, RequestValue):
            return self.sent.get((value.parameter, value.pointer), "None")
        if not value.header:
            parsed = self.variable if self.parsed else f"{self.variable}.json()"
            if value.sure or self.alone or not self.skips:
                return parsed + access(value.pointer)
            steps = (t if t.isdecimal() else string(t) for t in split(value.pointer))
            return f"{NEEDED}({', '.join((parsed, *steps))})"
        text = f"{self.variable}.headers[{string(value.header)}]"
        if value.header.lower() != "location":
            return text
        return f'{text}.rstrip("/").rsplit("/", 1)[-1]' if self.alone else f"{LAST_SEGMENT}({text})"

    def in_path(self, value: EarlierValue, schema: Schema | None) -> str:
        """The expression for `value` as a segment of a path; `schema` is what that says of it.

        What a Location says is encoded already, and what was sent was chosen so that it need not.
        """
        shown = self.value(value)
        if not isinstance(value, ResponseValue) or value.header or _needs_no_quotes(schema):
            return shown
        return f'quote(str({shown}), safe="")' if self.alone else f"{QUOTED}({shown})"


_PLAIN_FORMATS = frozenset({"uuid", "date", "int32", "int64", "ipv4"})
_PLAIN_TYPES = frozenset({JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN, JsonType.NULL})
_PLAIN_PATTERN = re.compile(
    r"\^(?:(?:\[[\w-]+\]|\\[dw])(?:[+*?]|\{\d+(?:,\d*)?\})?|[\w-])+\$", re.ASCII
)


def _needs_no_quotes(schema: Schema | None) -> bool:
    """Whether no value of `schema` has a character that means something else in a path."""
    if schema is None:
        return False
    if schema.types and schema.types <= _PLAIN_TYPES:
        return True
    plain = schema.pattern is not None and _PLAIN_PATTERN.fullmatch(schema.pattern) is not None
    return plain or schema.format in _PLAIN_FORMATS


def f_string(parts: Iterable[str | Code]) -> str:
    """One literal of texts and expressions; a sum where an expression cannot stand in a text."""
    listed: list[str] = []
    for part in parts:
        if listed and not isinstance(part, Code) and not isinstance(listed[-1], Code):
            listed[-1] += part
        else:
            listed.append(part)
    if all(not isinstance(part, Code) or _IN_F_STRING.fullmatch(part) for part in listed):
        text = "".join(
            "{" + part.replace('"', "'") + "}"
            if isinstance(part, Code)
            else string(part.replace("{", "{{").replace("}", "}}"), quote='"')[1:-1]
            for part in listed
        )
        return f'f"{text}"'
    return " + ".join(f"str({p})" if isinstance(p, Code) else string(p) for p in listed if p)


def fresh_parts(template: str) -> list[str]:
    """A text that has eight new hexadecimal digits in every run, as texts and expressions."""
    before, _, after = template.partition(UNIQUE)
    return [part for part in (before, _DIGITS, after) if part]


@lru_cache(1024)
def fresh(template: str) -> Code:
    """An expression for a text that has eight new hexadecimal digits in every run."""
    if template == UUID:
        return Code("str(uuid4())")
    parts = fresh_parts(template)
    return _DIGITS if len(parts) == 1 else Code(f_string(parts))


def with_code(value: Json, codes: Mapping[str, str], pointer: str = "") -> Json:
    """`value` with expressions at the pointers of `codes`."""
    if not codes:
        return value
    if pointer in codes:
        return Code(codes[pointer])
    if isinstance(value, Mapping):
        return {key: with_code(item, codes, join(pointer, key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [
            with_code(item, codes, join(pointer, str(index))) for index, item in enumerate(value)
        ]
    return value


def codes_of(body: Body, answers: Mapping[str, Answer]) -> dict[str, str]:
    """The expressions inside a body: new texts, and what comes from earlier answers."""
    codes: dict[str, str] = {at: fresh(template) for at, template in body.unique.items()}
    for at, value in body.taken.items():
        if value.call in answers:
            codes[at] = answers[value.call].value(value)
    return codes


def operands_of(facts: Iterable[AssertionFact]) -> list[EarlierValue]:
    """What facts compare with that is known only when the test runs."""
    found: list[EarlierValue] = []
    for fact in facts:
        check = fact.check
        if isinstance(check, Equals | Contains) and isinstance(
            check.operand, RequestValue | ResponseValue
        ):
            found.append(check.operand)
    return found


def relates(fact: AssertionFact) -> bool:
    """Whether `fact` compares the answer with what other calls sent or were answered."""
    check = fact.check
    return (type(check) is Equals or type(check) is Contains) and isinstance(
        check.operand, EarlierValue
    )


def taken_in(case: TestCase) -> list[EarlierValue]:
    """Every value that `case` takes from an earlier call, in any of its calls and checks."""
    cleaned: list[CleanUp | None] = [step.clean_up for step in case.given]
    requests = [step.request for step in case.given] + [case.request]
    requests += [each.request for each in (*cleaned, case.clean_up) if each is not None]
    found = [value for request in requests for value in earlier_values(request)]
    return found + [
        each for each in operands_of(case.assertions) if isinstance(each, ResponseValue)
    ]


def sent_in(case: TestCase) -> list[RequestValue]:
    """The values that checks of `case` compare with what an earlier step sent, but for those that
    have variables of their own."""
    found = [each for each in operands_of(case.assertions) if isinstance(each, RequestValue)]
    chosen = chosen_in(case) if found else ()
    return [each for each in found if each.call not in ("", case.call) and each not in chosen]


def member(variable: str, pointer: str, value: Json) -> str:
    """`variable["a"][0]`: the place `pointer` of `value`, which the variable holds."""
    for token in split(pointer):
        is_array = isinstance(value, list | tuple)
        variable += f"[{token}]" if is_array else f"[{string(token)}]"
        if isinstance(value, Mapping):
            value = value.get(token)
        elif isinstance(value, list | tuple) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            value = None
    return variable
