"""Facts in the words of every test library: the assertion holds exactly when the fact does."""

from __future__ import annotations

import unittest

import assertpy
import hamcrest
import pytest
from pytest_check import check, check_log

from pe4king_core.model.fact import (
    STATUS,
    AssertionFact,
    Contains,
    Equals,
    HasFormat,
    HasType,
    InRange,
    Literal,
    OneOf,
    Presence,
    body,
    header,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.rendering.python.assertions import PythonNames, render_python
from pe4king_core.rendering.python.dialects import (
    Assertpy,
    CheckBlock,
    Dialect,
    Hamcrest,
    Plain,
    pytest_check,
)
from pe4king_core.rendering.python.dialects import unittest as unittest_words
from pe4king_core.rendering.python.imports import import_line
from tests.rendering.fact_table import TRUTHS
from tests.rendering.fact_truth import holds
from tests.rendering.test_python_assertions import with_types

DIALECTS: dict[str, Dialect] = {
    "assert": Plain(),
    "unittest": unittest_words("self"),
    "pytest-check": pytest_check("check."),
    "check block": CheckBlock("check"),
    "hamcrest": Hamcrest(),
    "hamcrest module": Hamcrest("hamcrest."),
    "assertpy": Assertpy(),
    "assertpy module": Assertpy("assertpy."),
}


def run(code: str, dialect: str, value: Json) -> bool:
    """Whether `code` lets the body `value` pass."""
    case = unittest.TestCase()
    names: dict[str, object] = {"body": value, "self": case, "check": check}
    names |= {"hamcrest": hamcrest, "assertpy": assertpy}
    if dialect in ("hamcrest", "assertpy"):
        names["assert_that"] = (hamcrest if dialect == "hamcrest" else assertpy).assert_that
    before = len(check_log.get_failures())
    try:
        exec(compile(code, dialect, "exec"), names)
    except Exception:  # noqa: BLE001 - whatever a rendered line raises
        return False
    finally:
        failed = len(check_log.get_failures()) > before
        check_log.clear_failures()
    return not failed


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_assertion_holds_exactly_when_its_fact_does(dialect: str) -> None:
    names = PythonNames(dialect=DIALECTS[dialect])
    for row in TRUTHS:
        facts = with_types(row[0])
        code = render_python(facts, names)
        if code.skipped:
            continue
        source = "\n".join([*(import_line(name) for name in sorted(code.imports)), *code.lines])
        for value in row[1]:
            expected = all(holds(fact, value) for fact in facts)
            assert run(source, dialect, value) is expected, (value, source)


def lines(dialect: str, *facts: AssertionFact) -> list[str]:
    return list(render_python(facts, PythonNames(dialect=DIALECTS[dialect])).lines)


PRICE = AssertionFact("C1", body("/price"), InRange(Bounds(0, 10, exclusive_low=True)))
FACTS = (
    AssertionFact("C1", STATUS, Equals(Literal(200))),
    AssertionFact("C1", header("X-Total")),
    AssertionFact("C1", body("/id"), HasFormat("uuid")),
    AssertionFact("C1", body("/price"), HasType(frozenset({JsonType.NUMBER}))),
    PRICE,
    AssertionFact("C1", body("/pages"), HasType(frozenset({JsonType.INTEGER})), nullable=True),
    AssertionFact("C1", body("/isbn"), presence=Presence.ABSENT),
    AssertionFact("C1", body("/genre"), OneOf(("a", "b")), presence=Presence.IF_PRESENT),
    AssertionFact("C1", body("/tags"), Contains(Literal("x"))),
)
UUID = r'r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"'


def test_unittest() -> None:
    assert lines("unittest", *FACTS) == [
        "self.assertEqual(response.status_code, 200)",
        'self.assertIn("X-Total", response.headers)',
        'self.assertIn("id", body)',
        'self.assertIn("price", body)',
        'self.assertIn("pages", body)',
        'self.assertIn("tags", body)',
        "self.assertRegex(",
        f'    body["id"], {UUID}',
        ")",
        'self.assertIn(type(body["price"]), (int, float))',
        'self.assertGreater(body["price"], 0)',
        'self.assertLessEqual(body["price"], 10)',
        'if body["pages"] is not None:',
        '    self.assertIs(type(body["pages"]), int)',
        'self.assertNotIn("isbn", body)',
        'if "genre" in body:',
        '    self.assertIn(body["genre"], ("a", "b"))',
        'self.assertIn("x", body["tags"])',
    ]


def test_pytest_check() -> None:
    assert lines("pytest-check", *FACTS[:2], *FACTS[4:6]) == [
        "check.equal(response.status_code, 200)",
        'check.is_in("X-Total", response.headers)',
        'check.is_in("price", body)',
        'check.is_in("pages", body)',
        'check.greater(body["price"], 0)',
        'check.less_equal(body["price"], 10)',
        'if body["pages"] is not None:',
        '    check.is_(type(body["pages"]), int)',
    ]
    assert lines("check block", PRICE) == [
        "with check:",
        '    assert "price" in body',
        "with check:",
        '    assert 0 < body["price"] <= 10',
    ]


def test_hamcrest() -> None:
    code = render_python(FACTS, PythonNames(dialect=Hamcrest()))
    assert code.lines[:4] == (
        "assert_that(response.status_code, equal_to(200))",
        'assert "X-Total" in response.headers',
        'assert_that(body, has_key("id"))',
        'assert_that(body, has_key("price"))',
    )
    assert 'assert_that(type(body["price"]), is_in((int, float)))' in code.lines
    assert 'assert_that(body, not_(has_key("isbn")))' in code.lines
    assert 'assert "x" in body["tags"]' in code.lines
    assert {"hamcrest.has_key", "hamcrest.not_", "hamcrest.equal_to"} <= code.imports
    assert "re" not in code.imports
    module = render_python(FACTS[6:7], PythonNames(dialect=Hamcrest("h.")))
    assert module.lines == ('h.assert_that(body, h.not_(h.has_key("isbn")))',)
    assert not module.imports


def test_assertpy() -> None:
    assert lines("assertpy", *FACTS[3:8]) == [
        'assert_that(body).contains_key("price")',
        'assert_that(body).contains_key("pages")',
        'assert_that(type(body["price"])).is_in(int, float)',
        'assert_that(body["price"]).is_greater_than(0)',
        'assert_that(body["price"]).is_less_than_or_equal_to(10)',
        'if body["pages"] is not None:',
        '    assert_that(body["pages"]).is_type_of(int)',
        'assert_that(body).does_not_contain_key("isbn")',
        'if "genre" in body:',
        '    assert_that(body["genre"]).is_in("a", "b")',
    ]


def test_long_lines_are_broken() -> None:
    name = "a_rather_long_name_of_a_member_of_the_body"
    fact = AssertionFact("C1", body(f"/{name}"), Equals(Literal("x" * 25)))
    assert lines("unittest", fact)[1:] == [
        "self.assertEqual(",
        f'    body["{name}"], "{"x" * 25}"',
        ")",
    ]
