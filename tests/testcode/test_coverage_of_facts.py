"""What a test checks already, by the same assertion or a stronger one."""

from __future__ import annotations

import pytest

from pe4king_core.model.fact import (
    CONTENT_TYPE,
    STATUS,
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
    NotNull,
    OneOf,
    OnlyMembers,
    Presence,
    Subject,
    Unique,
    body,
    header,
)
from pe4king_core.model.schema import Bounds, JsonType
from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.patterns import FORMATS
from pe4king_core.testcode import is_covered, read_tests
from pe4king_core.testcode.formats import format_of

STRING, INTEGER, NUMBER, ARRAY, OBJECT, NULL = (
    HasType(frozenset({kind}))
    for kind in (
        JsonType.STRING,
        JsonType.INTEGER,
        JsonType.NUMBER,
        JsonType.ARRAY,
        JsonType.OBJECT,
        JsonType.NULL,
    )
)
MAYBE = Presence.IF_PRESENT


HEAD = "from hamcrest import assert_that, contains_inanyorder, has_items\n\n\n"
COUNT = '.body("with { it.a instanceof List && [it.n, 50].min() == it.a.size() }", is(true))'


def covered(assertion: str, subject: Subject, check: Check | None = None, **more: object) -> bool:
    lines = "".join(f"    {line}\n" for line in assertion.split("\n"))
    text = f'{HEAD}def test_a(c):\n    r = c.get("/a")\n    body = r.json()\n{lines}'
    (test,) = read_tests(text, SourceLanguage.PYTHON).tests
    assert not test.damaged
    return is_covered(test, AssertionFact("C1", subject, check, **more))  # type: ignore[arg-type]


def covered_in_java(links: str, subject: Subject, check: Check | None = None) -> bool:
    text = f'class A {{ @Test void a() {{ get("/a").then(){links}; }} }}'
    (test,) = read_tests(text, SourceLanguage.JAVA).tests
    return is_covered(test, AssertionFact("C1", subject, check))


@pytest.mark.parametrize(
    ("assertion", "subject", "check"),
    [
        ("assert r.status_code == 200", STATUS, Equals(Literal(200))),
        ("assert r.status_code == 200", STATUS, OneOf((200, 201))),
        ('assert body["a"] == 5', body("/a"), None),
        ('assert body["a"] == 5', body("/a"), NotNull()),
        ('assert body["a"] == 5', body("/a"), INTEGER),
        ('assert body["a"] == 5', body("/a"), NUMBER),
        ('assert body["a"] == 5', body("/a"), InRange(Bounds(1, 9))),
        ('assert body["a"] == "x"', body("/a"), OneOf(("x", "y"))),
        ('assert body["a"] == "x"', body("/a"), HasLength(Bounds(1, 3))),
        ('assert body["a"] == "AB"', body("/a"), Matches("^[A-Z]+$")),
        ('assert body["a"] in ("x", "y")', body("/a"), OneOf(("x", "y", "z"))),
        ('assert isinstance(body["a"], int)', body("/a"), NUMBER),
        ('assert isinstance(body["a"], str)', body("/a"), NotNull()),
        ('assert isinstance(body["a"], str)', body("/a"), None),
        ('assert 2 <= body["a"] <= 5', body("/a"), InRange(Bounds(1, 5))),
        ('assert body["a"] >= 2\nassert body["a"] < 5', body("/a"), InRange(Bounds(1, 5))),
        ('assert len(body["a"]) == 3', body("/a"), HasSize(Bounds(1, 5))),
        ('assert len(body["a"]) == 3', body("/a"), HasLength(Bounds(1, 5))),
        ('assert UUID(body["a"])', body("/a"), HasFormat("uuid")),
        ('assert UUID(body["a"])', body("/a"), STRING),
        ('assert body["a"]["b"] == 1', body("/a"), None),
        ('assert body["a"]["b"] == 1', body("/a"), OBJECT),
        ('assert body == {"a": {"b": [1, 2]}}', body("/a/b"), Contains(Literal(2))),
        ('assert body == {"a": {"b": [1, 2]}}', body("/a/b"), Unique()),
        ('assert body == {"a": {"b": [1, 2]}}', body("/a/b/*"), INTEGER),
        ('assert body == {"a": {"b": [1, 2]}}', body("/a/b"), None),
        ('for x in body["a"]:\n    assert x["b"] == 1', body("/a/*/b"), INTEGER),
        ('for x in body["a"]:\n    assert x["b"] == 1', body("/a"), None),
        ('assert "X-A" in r.headers', header("x-a"), None),
        ('assert r.headers["X-A"] == "5"', header("X-A"), None),
        ('assert "json" in r.headers["content-type"]', CONTENT_TYPE, Equals(Literal("json"))),
        ('assert "x" in body["tags"]', body("/tags"), Contains(Literal("x"))),
        ('assert "next" in body["links"]', body("/links/next"), None),
        ('assert "x" in body["author"]', body("/author/x"), None),
        ('assert body.keys() <= {"a"}', body(), OnlyMembers(("a", "b"))),
        ('assert set(body) <= {"a", "b"}', body(), OnlyMembers(("a", "b"))),
        ('assert {"a", "b"} >= body["x"].keys()', body("/x"), OnlyMembers(("b", "a"))),
        ('assert body["x"].keys() <= {"a"}', body("/x"), OBJECT),
        ('assert set(body).issubset({"a"})', body(), OnlyMembers(("a",))),
        ('assert set(body) == {"a", "b"}', body(), OnlyMembers(("a", "b"))),
        ('assert set(body) == {"a", "b"}', body("/b"), None),
        ('assert body["x"].keys() == {"a"}', body("/x"), OnlyMembers(("a",))),
        ('assert {"a"} == body.keys()', body(), OnlyMembers(("a", "b"))),
        ('assert sorted(body.keys()) == ["a", "b"]', body(), OnlyMembers(("a", "b"))),
        ('assert set(body) == set(("a", "b"))', body(), OnlyMembers(("a", "b"))),
        ('self.assertEqual(set(body), {"a"})', body(), OnlyMembers(("a",))),
        ('self.assertCountEqual(body.keys(), ["a"])', body(), OnlyMembers(("a",))),
        ('assert_that(body.keys(), contains_inanyorder("a"))', body(), OnlyMembers(("a",))),
        ('assert_that(body.keys(), has_items("a", "b"))', body("/b"), None),
        ('for x in body["a"]:\n    assert set(x) == {"b"}', body("/a/*"), OnlyMembers(("b",))),
        ('assert body == {"a": {"b": 1}}', body("/a"), OnlyMembers(("b",))),
        ('assert body["n"] == len(body["a"])', body("/n"), Equals(CountOf("/a"))),
        ('assert min(body["n"], 50) == len(body["a"])', body("/n"), Equals(CountOf("/a", 50))),
        ('assert len(body["a"]) == min(50, body["n"])', body("/n"), Equals(CountOf("/a", 50))),
    ],
)
def test_covered(assertion: str, subject: Subject, check: Check | None) -> None:
    assert covered(assertion, subject, check)


@pytest.mark.parametrize(
    ("assertion", "subject", "check"),
    [
        ("assert r.status_code < 300", STATUS, Equals(Literal(200))),
        ("assert r.ok", STATUS, Equals(Literal(200))),
        ('assert body["a"] == 5', body("/b"), None),
        ('assert body["a"] == True', body("/a"), Equals(Literal(1))),
        ('assert body["a"] == "5"', body("/a"), INTEGER),
        ('assert body["a"] is None', body("/a"), NotNull()),
        ('assert body["a"] == expected', body("/a"), STRING),
        ('assert body["a"] != "x"', body("/a"), STRING),
        ('assert body.get("a") is None', body("/a"), None),
        ('assert body.get("a", "") == ""', body("/a"), None),
        ('assert isinstance(body["a"], (int, str))', body("/a"), INTEGER),
        ('assert body["a"] is None or isinstance(body["a"], str)', body("/a"), STRING),
        ('assert body["a"] >= 0', body("/a"), InRange(Bounds(0, 5))),
        ('assert len(body["a"]) > 0', body("/a"), ARRAY),
        ('if body.get("a"):\n    assert body["a"] == "x"', body("/a"), STRING),
        ('if flag:\n    assert body["a"] == "x"', body("/a"), STRING),
        ('assert body["a"]["b"] == 1', body("/a/c"), None),
        ('assert body["a"][0]["b"] == 1', body("/a/*/b"), None),
        ('assert body == {"a": 1}', body("/b"), None),
        ('assert any(x["b"] == 1 for x in body["a"])', body("/a/*/b"), INTEGER),
        ('assert "x" not in body', body("/x"), None),
        ('assert body.keys() <= {"a", "c"}', body(), OnlyMembers(("a", "b"))),
        ('assert body.keys() >= {"a"}', body(), OnlyMembers(("a",))),
        ('assert {"a"} <= body.keys()', body(), OnlyMembers(("a",))),
        ('assert set(body) > {"a"}', body(), OnlyMembers(("a",))),
        ('assert set(body) != {"a"}', body(), OnlyMembers(("a",))),
        ('assert set(body) == {"a", "c"}', body(), OnlyMembers(("a", "b"))),
        ('assert set(body) == {"a", other}', body(), OnlyMembers(("a",))),
        ('assert set(body["tags"]) == {"a"}', body("/tags"), OnlyMembers(("a",))),
        ('assert_that(body.keys(), has_items("a"))', body(), OnlyMembers(("a",))),
        ('assert body.keys() <= {"a"}', body("/a"), None),
        ('assert min(body["n"], 50) == len(body["a"])', body("/n"), Equals(CountOf("/a"))),
        ('assert min(body["n"], 50) == len(body["a"])', body("/n"), Equals(CountOf("/a", 20))),
        ('assert min(body["n"], 50) == len(body["a"])', body("/n"), INTEGER),
        ('assert min(body["n"], 50) <= len(body["a"])', body("/n"), Equals(CountOf("/a", 50))),
        ('assert min(body["n"], 50) == 5', body("/n"), Equals(Literal(5))),
        ('assert min(body["n"], most) == len(body["a"])', body("/n"), Equals(CountOf("/a"))),
    ],
)
def test_not_covered(assertion: str, subject: Subject, check: Check | None) -> None:
    assert not covered(assertion, subject, check)


def test_presence_and_null() -> None:
    optional = 'if "a" in body:\n    assert isinstance(body["a"], str)'
    assert covered(optional, body("/a"), STRING, presence=MAYBE)
    assert not covered(optional, body("/a"), STRING)
    assert covered(optional + '\nassert "a" in body', body("/a"), STRING)
    null = 'assert body["a"] is None or isinstance(body["a"], str)'
    assert covered(null, body("/a"), STRING, nullable=True)
    assert covered('assert "a" not in body', body("/a"), presence=Presence.ABSENT)
    assert not covered('assert "b" not in body', body("/a"), presence=Presence.ABSENT)


def test_guards_and_conditions() -> None:
    guarded = 'if body.get("a") is not None:\n    assert body["a"]["b"] == "x"'
    assert covered(guarded, body("/a/b"), STRING, guards=("/a",))
    assert not covered(guarded, body("/a/b"), STRING)
    assert covered('assert body["a"]["b"] == "x"', body("/a/b"), STRING, guards=("/a",))
    cat = 'if body["kind"] == "cat":\n    assert body["meow"] is True'
    conditions = (Condition("/kind", ("cat",)),)
    assert covered(cat, body("/meow"), NotNull(), conditions=conditions)
    assert not covered(cat, body("/meow"), NotNull())
    dog = (Condition("/kind", ("dog",)),)
    assert not covered(cat, body("/meow"), NotNull(), conditions=dog)
    status = 'if r.status_code == 200:\n    assert body["a"] == "x"'
    assert covered(status, body("/a"), STRING, when=200)
    assert not covered(status, body("/a"), STRING)


@pytest.mark.parametrize(
    ("links", "subject", "check", "expected"),
    [
        ('.body("a", equalTo("x"))', body("/a"), STRING, True),
        ('.body("a", notNullValue())', body("/a"), None, True),
        ('.body("a", nullValue())', body("/a"), None, False),
        ('.body("a", equalTo(other))', body("/a"), None, False),
        ('.body("a", hasSize(3))', body("/a"), ARRAY, True),
        ('.body("items.id", everyItem(notNullValue()))', body("/items/*/id"), NotNull(), True),
        ('.body("items.id", everyItem(isA(Long.class)))', body("/items/*/id"), INTEGER, True),
        ('.body("items", not(empty()))', body("/items"), None, False),
        ('.body("items", everyItem(hasKey("id")))', body("/items/*/id"), None, True),
        ('.body("$", hasKey("id"))', body("/id"), None, True),
        ('.body("id", matchesPattern("[A-Z]+"))', body("/id"), Matches("^[A-Z]+$"), True),
        ('.header("X-A", notNullValue())', header("X-A"), None, True),
        ('.body("author", not(hasKey("id")))', body("/author/id"), None, False),
        ('.body("keySet()", equalTo(Set.of("a")))', body(), OnlyMembers(("a",)), True),
        ('.body("x.keySet()", contains("a", "b"))', body("/x"), OnlyMembers(("a", "b")), True),
        ('.body("x.keySet()", hasItems("a", "b"))', body("/x/b"), None, True),
        ('.body("x.keySet()", hasItems("a", "b"))', body("/x"), OnlyMembers(("a", "b")), False),
        ('.body("x.keySet()", hasSize(1))', body("/x"), OnlyMembers(("a",)), False),
        (COUNT, body("/n"), Equals(CountOf("/a", 50)), True),
        (COUNT, body("/n"), Equals(CountOf("/a")), False),
    ],
)
def test_java(links: str, subject: Subject, check: Check | None, *, expected: bool) -> None:
    assert covered_in_java(links, subject, check) is expected


@pytest.mark.parametrize(
    ("statement", "subject", "check", "expected"),
    [
        ('assertEquals(Set.of("a", "b"), map.keySet())', body("/x"), OnlyMembers(("a", "b")), True),
        ('assertEquals(Set.of("a", "b"), map.keySet())', body("/x/b"), None, True),
        ('assertEquals(Set.of("a", "b"), map.keySet())', body("/x"), OnlyMembers(("a",)), False),
        ('assertThat(map).containsOnlyKeys("a", "b")', body("/x"), OnlyMembers(("a", "b")), True),
        ('assertThat(map).containsOnlyKeys("a", "b")', body("/x/b"), None, True),
        ('assertThat(map).containsKeys("a")', body("/x"), OnlyMembers(("a",)), False),
        ('assertThat(map.keySet()).containsOnly("a")', body("/x"), OnlyMembers(("a",)), True),
        ('assertThat(map.keySet()).isSubsetOf("a")', body("/x"), OnlyMembers(("a",)), True),
        ('assertThat(map.keySet()).contains("a")', body("/x"), OnlyMembers(("a",)), False),
        (
            "assertEquals(Math.min(n, 9), list.size())",
            body("/n"),
            Equals(CountOf("/items", 9)),
            True,
        ),
        ("assertThat(list.size()).isEqualTo(n)", body("/n"), Equals(CountOf("/items")), True),
    ],
)
def test_java_statements(
    statement: str, subject: Subject, check: Check | None, *, expected: bool
) -> None:
    body_read = (
        'JsonPath j = get("/a").jsonPath(); Map<String, Object> map = j.getMap("x");'
        ' int n = j.getInt("n"); List<Object> list = j.getList("items");'
    )
    text = f"class A {{ @Test void a() {{ {body_read} {statement}; }} }}"
    (test,) = read_tests(text, SourceLanguage.JAVA).tests
    assert is_covered(test, AssertionFact("C1", subject, check)) is expected


def test_another_call() -> None:
    requests = '    r = c.get("/a")\n    s = c.get("/b")\n'
    text = f"def test_a(c):\n{requests}    assert s.status_code == 200\n"
    (test,) = read_tests(text, SourceLanguage.PYTHON).tests
    ok = Equals(Literal(200))
    assert is_covered(test, AssertionFact("C2", STATUS, ok))
    assert not is_covered(test, AssertionFact("C1", STATUS, ok))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_patterns_of_formats_are_known(name: str) -> None:
    """What the renderers write for a format is read as that format."""
    assert format_of(FORMATS[name]) == name
