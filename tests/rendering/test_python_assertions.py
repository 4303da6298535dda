"""Facts as Python: the assertion holds exactly when the fact does, and reads well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
    AssertionFact,
    Condition,
    Conforms,
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
    OneOf,
    OnlyMembers,
    Presence,
    RequestValue,
    Sorted,
    SumOf,
    Unique,
    body,
    header,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.python.assertions import PythonNames, render_python
from pe4king_core.rendering.python.imports import import_line
from tests.rendering.fact_table import TRUTHS
from tests.rendering.fact_truth import holds

STRING = HasType(frozenset({JsonType.STRING}))


def lines(*facts: AssertionFact, names: PythonNames | None = None) -> list[str]:
    code = render_python(facts, names or PythonNames())
    assert not code.skipped
    return list(code.lines)


def fact(pointer: str, check: object = None, **more: object) -> AssertionFact:
    return AssertionFact("C1", body(pointer), check, **more)  # type: ignore[arg-type]


def run(code_lines: tuple[str, ...], imports: frozenset[str], value: Json) -> str:
    """ "holds", "fails" or the exception's name."""
    source = "\n".join([*(import_line(name) for name in sorted(imports)), *code_lines])
    try:
        exec(compile(source, "rendered", "exec"), {"body": value})
    except AssertionError:
        return "fails"
    except Exception as error:  # noqa: BLE001 - whatever a rendered line raises
        return type(error).__name__
    return "holds"


PRESUMED = {
    InRange: JsonType.NUMBER,
    MultipleOf: JsonType.NUMBER,
    HasLength: JsonType.STRING,
    HasSize: JsonType.ARRAY,
    Unique: JsonType.ARRAY,
    OnlyMembers: JsonType.OBJECT,
    Sorted: JsonType.ARRAY,
    HasFormat: JsonType.STRING,
    Matches: JsonType.STRING,
}


def with_types(facts: tuple[AssertionFact, ...]) -> list[AssertionFact]:
    """The facts as rules make them: a check of a value stands behind its type."""
    made: list[AssertionFact] = []
    for item in facts:
        kind = PRESUMED.get(type(item.check))  # type: ignore[arg-type]
        if isinstance(item.check, OneOf | Equals) and item.subject.name == "/x":
            kind = JsonType.NUMBER if "(1, 5" in str(item.check) else None
        if kind is not None:
            made.append(replace(item, check=HasType(frozenset({kind}))))
        if isinstance(item.check, Sorted) and not item.check.pointer:
            each = body(f"{item.subject.name}/*")
            made.append(replace(item, subject=each, check=HasType(frozenset({JsonType.NUMBER}))))
        made.append(item)
    return made


@pytest.mark.parametrize("row", range(len(TRUTHS)))
def test_an_assertion_holds_exactly_when_its_fact_does(row: int) -> None:
    facts, values = TRUTHS[row]
    facts = tuple(with_types(facts))
    code = render_python(facts, PythonNames())
    if code.skipped:
        pytest.skip(f"cannot be said in Python: {code.skipped[0][1].en}")
    for value in values:
        expected = all(holds(item, value) for item in facts)
        outcome = run(code.lines, code.imports, value)
        assert (outcome == "holds") is expected, (value, code.lines, outcome)


def test_few_facts_cannot_be_said() -> None:
    skipped = [facts for facts, _ in TRUTHS if render_python(facts, PythonNames()).skipped]
    assert len(skipped) <= len(TRUTHS) // 10


def test_a_reader_finds_the_words_of_a_tester() -> None:
    assert lines(
        fact("", HasType(frozenset({JsonType.OBJECT}))),
        fact("/id", STRING),
        fact("/price", InRange(Bounds(0, exclusive_low=True))),
        fact("/note", HasLength(Bounds(0, 9)), presence=Presence.IF_PRESENT),
        fact("/end", HasFormat("date"), presence=Presence.IF_PRESENT, nullable=True),
        fact("/items/*/state", OneOf(("new", "paid"))),
        fact("/items/*/name", STRING),
        fact("/card/owner", STRING, guards=("/card",)),
    ) == [
        "assert isinstance(body, dict)",
        'assert {"id", "price"} <= body.keys()',
        'assert isinstance(body["id"], str)',
        'assert body["price"] > 0',
        'if "note" in body:',
        '    assert 0 <= len(body["note"]) <= 9',
        'if body.get("end") is not None:',
        r'    assert re.fullmatch(r"\d{4}-(?!02-3)[01]\d-[0-3]\d", body["end"])',
        'for item in body["items"]:',
        '    assert {"state", "name"} <= item.keys()',
        '    assert item["state"] in ("new", "paid")',
        '    assert isinstance(item["name"], str)',
        'if body.get("card") is not None:',
        '    assert "owner" in body["card"]',
        '    assert isinstance(body["card"]["owner"], str)',
    ]


def test_branches_stand_under_their_discriminator() -> None:
    card = (Condition("/payment/type", ("card",)),)
    assert lines(fact("/payment/number", STRING, conditions=card)) == [
        'if body["payment"].get("type") == "card":',
        '    assert "number" in body["payment"]',
        '    assert isinstance(body["payment"]["number"], str)',
    ]


def test_status_content_type_and_headers() -> None:
    assert lines(
        AssertionFact("C1", STATUS, Equals(Literal(201))),
        AssertionFact("C1", STATUS, InRange(Bounds(400, 499))),
        AssertionFact("C1", CONTENT_TYPE, Equals(Literal("application/json"))),
        AssertionFact("C1", header("X-Total"), HasType(frozenset({JsonType.INTEGER}))),
        AssertionFact("C1", header("ETag"), STRING, presence=Presence.IF_PRESENT),
        names=PythonNames(response="reply"),
    ) == [
        "assert reply.status_code == 201",
        "assert 400 <= reply.status_code < 500",
        'assert reply.headers.get("content-type", "").startswith("application/json")',
        'assert "X-Total" in reply.headers',
        r'assert re.fullmatch(r"-?\d+", reply.headers["X-Total"])',
    ]


def test_values_of_the_same_exchange() -> None:
    names = PythonNames(body="data", request="payload")
    assert lines(
        fact("/count", Equals(CountOf("/items")), presence=Presence.IF_PRESENT),
        fact("/sum", Equals(SumOf("/items/*/price")), presence=Presence.IF_PRESENT),
        fact("/name", Equals(RequestValue("/name")), presence=Presence.IF_PRESENT),
        names=names,
    ) == [
        'if "count" in data:',
        '    assert data["count"] == len(data["items"])',
        'if "sum" in data:',
        '    assert data["sum"] == pytest.approx(sum(item["price"] for item in data["items"]))',
        'if "name" in data:',
        '    assert data["name"] == payload["name"]',
    ]


def test_loop_variables_do_not_shadow_the_test() -> None:
    shown = lines(fact("/items/*", STRING), names=PythonNames(taken=frozenset({"item"})))
    assert shown[0] == 'for item_2 in body["items"]:'


@pytest.mark.parametrize("check", [Conforms("#/x"), Matches("("), HasFormat("colour")], ids=str)
def test_what_cannot_be_said_is_skipped_with_a_reason(check: object) -> None:
    code = render_python([fact("/x", check, presence=Presence.IF_PRESENT)], PythonNames())
    assert code.lines == ()
    assert code.skipped[0][1].en.startswith("cannot be written as Python")
    assert code.skipped[0][1].ru.startswith("не записать")


@pytest.mark.parametrize(
    "key", ['"', "\\", "\n", '"""', "{x}", "ключ", "\x00", "\u2028", "'", "a\"'b"]
)
def test_hostile_keys_stay_inside_their_strings(key: str) -> None:
    pointer = "/" + key.replace("~", "~0").replace("/", "~1")
    code = render_python([fact(pointer, Equals(Literal(key)))], PythonNames())
    assert run(code.lines, code.imports, {key: key}) == "holds"
    assert run(code.lines, code.imports, {}) == "fails"
