"""Facts and bodies: each row is some facts and the bodies that they are asked of.

Whether they hold is told by `fact_truth.holds`; renderers must agree with it on every pair.
"""

from __future__ import annotations

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
    Presence,
    Sorted,
    SumOf,
    Unique,
    body,
)
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Bounds, JsonType

OPTIONAL = Presence.IF_PRESENT


def has_type(*names: str) -> HasType:
    return HasType(frozenset(JsonType(name) for name in names))


STRING = has_type("string")
INTEGER = has_type("integer")
NUMBER = has_type("number")
BOOLEAN = has_type("boolean")
ARRAY = has_type("array")
OBJECT = has_type("object")


def fact(
    pointer: str,
    check: Check | None = None,
    presence: Presence = Presence.REQUIRED,
    *,
    nullable: bool = False,
    guards: tuple[str, ...] = (),
    conditions: tuple[Condition, ...] = (),
) -> AssertionFact:
    return AssertionFact(
        "C1",
        body(pointer),
        check,
        presence=presence,
        nullable=nullable,
        guards=guards,
        conditions=conditions,
    )


CAT = (Condition("/type", ("cat",)),)
CAT_ITEMS = (Condition("/items/*/type", ("cat", "lion")),)
ITEMS_ARE_OBJECTS = (fact("/items", ARRAY), fact("/items/*", OBJECT))
SCALARS: list[Json] = [None, True, 0, 1, 49, 5.0, 5.5, -3, 2**31, 2**63, "", "1", "text", [], {}]

TRUTHS: list[tuple[tuple[AssertionFact, ...], list[Json]]] = [
    *[
        ((fact("/x", has_type(kind)),), [{"x": value} for value in SCALARS] + [{}])
        for kind in ("string", "integer", "number", "boolean", "array", "object", "null")
    ],
    *[
        ((fact("/x", check),), [{"x": value} for value in SCALARS] + [{}])
        for check in (
            None,
            NotNull(),
            has_type("string", "null"),
            has_type("string", "integer"),
            Equals(Literal(5)),
            Equals(Literal(5.5)),
            Equals(Literal(49)),
            Equals(Literal("1")),
            Equals(Literal(True)),
            Equals(Literal(None)),
            Equals(Literal([])),
            Equals(Literal({})),
            Equals(Literal(2**63)),
            OneOf((1, 5)),
            OneOf(("1", "text")),
            OneOf((1, "text", None, True)),
            InRange(Bounds(0, 5)),
            InRange(Bounds(0, exclusive_low=True)),
            InRange(Bounds(-3.5, 5.5, exclusive_high=True)),
            InRange(Bounds(high=2**63 - 1)),
            MultipleOf(5),
            MultipleOf(0.5),
            HasLength(Bounds(1)),
            HasLength(Bounds(0, 3)),
            HasSize(Bounds(0, 0)),
            Unique(),
            Sorted(),
            Contains(Literal("t")),
            Contains(Literal(1)),
            OnlyMembers(("a", "b")),
        )
    ],
    ((fact("/x", STRING, OPTIONAL),), [{}, {"x": None}, {"x": "a"}, {"x": 1}]),
    ((fact("/x", STRING, nullable=True),), [{}, {"x": None}, {"x": "a"}, {"x": 1}]),
    ((fact("/x", STRING, OPTIONAL, nullable=True),), [{}, {"x": None}, {"x": "a"}, {"x": 1}]),
    ((fact("/x", presence=Presence.ABSENT),), [{}, {"x": None}, {"x": 1}]),
    (
        (fact("/x", NUMBER, OPTIONAL), fact("/x", InRange(Bounds(0.5, 19.99)), OPTIONAL)),
        [{}, {"x": None}, {"x": 19.99}, {"x": 20}, {"x": 0.5}, {"x": 0.49}, {"x": "1"}],
    ),
    (
        (fact("/x", NUMBER), fact("/x", InRange(Bounds(0.1, 19.99)))),
        [{"x": 19.99}, {"x": 19.991}, {"x": 0.1}, {"x": 0.09}, {"x": 1}, {"x": None}],
    ),
    (
        (fact("/x", NUMBER, nullable=True), fact("/x", InRange(Bounds(0)), nullable=True)),
        [{"x": None}, {}, {"x": 0}, {"x": -0.5}, {"x": 10**12}],
    ),
    (
        (fact("/x", INTEGER), fact("/x", InRange(Bounds(1, 5)))),
        [{"x": 1}, {"x": 5}, {"x": 0}, {"x": 6}, {"x": 2.5}, {"x": 2**40}, {"x": "3"}],
    ),
    (
        (fact("/x", INTEGER), fact("/x", InRange(Bounds(-5)))),
        [{"x": -5}, {"x": -6}, {"x": 2**40}, {"x": 2**70}, {"x": -(2**70)}, {"x": 1.5}],
    ),
    (
        (fact("/x", has_type("string", "integer")), fact("/x", InRange(Bounds(0.5)))),
        [{"x": 1}, {"x": "1"}, {"x": "a"}, {"x": 0}, {}],
    ),
    ((fact("/x", INTEGER), fact("/x", MultipleOf(3))), [{"x": 9}, {"x": 10}, {"x": 3 * 2**65}]),
    ((fact("/x", MultipleOf(0.01)),), [{"x": 19.99}, {"x": 19.999}, {"x": 7}]),
    ((fact("/x", INTEGER), fact("/x", Equals(Literal(2**40)))), [{"x": 2**40}, {"x": 7}]),
    ((fact("/x", INTEGER), fact("/x", OneOf((1, 2)))), [{"x": 1}, {"x": 3}, {"x": "1"}]),
    ((fact("/x", Equals(Literal(19.99))),), [{"x": 19.99}, {"x": 19.98}, {"x": "19.99"}]),
    ((fact("/x", Equals(Literal(["a", "b"]))),), [{"x": ["a", "b"]}, {"x": ["b", "a"]}, {"x": 1}]),
    (
        (fact("/x", Equals(Literal({"a": [1, "b", None], "c'd": True}))),),
        [
            {"x": {"a": [1, "b", None], "c'd": True}},
            {"x": {"a": [1.0, "b", None], "c'd": True}},
            {"x": {"a": [1, "b"]}},
            {"x": None},
            {},
        ],
    ),
    (
        (fact("/x", HasLength(Bounds(1, 2))),),
        [{"x": "😀😀"}, {"x": "a\n"}, {"x": "abc"}, {"x": ""}],
    ),
    ((fact("/x", HasLength(Bounds(3, 3))),), [{"x": "😀ы\u2028"}, {"x": "ab"}]),
    (
        (fact("/x", HasFormat("uuid")),),
        [{"x": "550E8400-e29b-41d4-a716-446655440000"}, {"x": "550e8400"}, {"x": 5}],
    ),
    (
        (fact("/x", HasFormat("date-time")),),
        [
            {"x": "2024-01-31T10:20:30Z"},
            {"x": "2024-01-31t10:20:30.123456z"},
            {"x": "2024-01-31T10:20:30+03:00"},
            {"x": "2024-01-31T10:20:30"},
            {"x": "2024-01-31"},
        ],
    ),
    ((fact("/x", HasFormat("email")),), [{"x": "ünï@пример.рф"}, {"x": "nobody"}, {"x": None}]),
    *[
        ((fact("/x", Matches(pattern)),), [{"x": value} for value in values])
        for pattern, values in {
            "^[A-Z]{3}-\\d+$": ["ABC-1", "ABC-1\n", "xABC-1", "ABC-", "ABC-١"],
            "b": ["abc", "a\nb\nc", "ac", ""],
            "^a|c$": ["ab", "bc", "b", "b\nc", "c\n"],
            "^\\s+$": [" \t\u00a0\ufeff\u3000", "a", "\u200b"],
            "^[^\\s]*$": ["abc", "a\u00a0c", ""],
            "^[\\w.\\-[]+$": ["a-b.c[", "a]", "é"],
            "^(?!admin$).+$": ["admins", "admin", "root"],
            "^(?:\\/[a-z]+)*$": ["/a/b", "", "/a/"],
            "^.{2}$": ["😀я", "я", "яяя"],
            "": ["", "anything\n"],
        }.items()
    ],
    (
        (fact("/x", ARRAY), fact("/x", HasSize(Bounds(1, 2)))),
        [{"x": [1]}, {"x": []}, {"x": [1] * 3}],
    ),
    ((fact("/x", HasSize(Bounds(2))),), [{"x": [1, 2]}, {"x": [1]}, {"x": {"a": 1, "b": 2}}]),
    (
        (fact("/x", Unique()),),
        [
            {"x": ["a", "b"]},
            {"x": ["a", "a"]},
            {"x": [1, 1.0]},
            {"x": [None, None]},
            {"x": [{"a": 1}, {"a": 2}]},
            {"x": [{"a": 1}, {"a": 1.0}]},
            {"x": [[1], [2]]},
        ],
    ),
    (
        (fact("/x", Sorted()),),
        [
            {"x": [1, 2.5, 3]},
            {"x": [2, 1]},
            {"x": ["a", "b"]},
            {"x": ["b", "a"]},
            {"x": [1, None, 2]},
        ],
    ),
    (
        (fact("/items", Sorted("/price", descending=True)),),
        [{"items": [{"price": 3}, {"price": 2.5}, {}]}, {"items": [{"price": 1}, {"price": 2}]}],
    ),
    (
        (fact("/x", ARRAY), fact("/x", Contains(Literal("a")))),
        [{"x": ["a"]}, {"x": ["b"]}, {"x": "a"}],
    ),
    (
        (fact("/x", STRING), fact("/x", Contains(Literal("a")))),
        [{"x": "ba"}, {"x": "b"}, {"x": ["a"]}],
    ),
    ((fact("/tags/*", STRING),), [{"tags": []}, {"tags": ["a", "b"]}, {"tags": ["a", 1]}, {}]),
    ((fact("/tags/*", STRING, nullable=True),), [{"tags": ["a", None]}, {"tags": [1]}]),
    ((fact("/tags/*", STRING, guards=("/tags",)),), [{}, {"tags": None}, {"tags": [1]}]),
    (
        (fact("/tags/*", InRange(Bounds(0, 5.5))),),
        [{"tags": [1, 5.5]}, {"tags": [6]}, {"tags": ["a"]}],
    ),
    (
        (fact("/items/*/price", NUMBER), fact("/items/*/price", InRange(Bounds(0.5)))),
        [
            {"items": []},
            {"items": [{"price": 1}, {"price": 0.5}]},
            {"items": [{"price": 0.4}]},
            {"items": [{}]},
            {"items": [{"price": None}]},
            {"items": [None]},
            {},
            {"items": None},
        ],
    ),
    (
        (*ITEMS_ARE_OBJECTS, fact("/items/*/n", INTEGER), fact("/items/*/n", InRange(Bounds(0)))),
        [
            {"items": [{"n": 1}, {"n": 2**40}]},
            {"items": [{"n": -1}]},
            {"items": [{"n": 1}, None]},
            {"items": [{"n": 1}, {}]},
            {"items": []},
        ],
    ),
    (
        (*ITEMS_ARE_OBJECTS, fact("/items/*/empty", BOOLEAN), fact("/items/*/class", STRING)),
        [{"items": [{"empty": True, "class": "a"}]}, {"items": [{"empty": 1, "class": "a"}]}],
    ),
    (
        (fact("/items/*/x", STRING, OPTIONAL),),
        [{"items": [{}, {"x": "a"}]}, {"items": [{"x": None}]}, {"items": [{"x": 1}]}],
    ),
    (
        (fact("/items/*/x", STRING, nullable=True),),
        [{"items": [{"x": None}, {"x": "a"}]}, {"items": [{}]}, {"items": [{"x": 1}]}],
    ),
    (
        (fact("/items/*/x", STRING, OPTIONAL, nullable=True),),
        [{"items": [{"x": None}, {}, {"x": "a"}]}, {"items": [{"x": 1}]}],
    ),
    ((fact("/items/*/x", presence=Presence.ABSENT),), [{"items": [{}]}, {"items": [{"x": None}]}]),
    ((fact("/items/*/x"),), [{"items": [{"x": None}]}, {"items": [{}, {"x": 1}]}]),
    (
        (fact("/items/*/x", STRING, guards=("/items", "/items/*")),),
        [
            {},
            {"items": None},
            {"items": [None, {"x": "a"}]},
            {"items": [{"x": 1}]},
            {"items": [{}]},
        ],
    ),
    (
        (fact("/items/*/author/name", STRING),),
        [
            {"items": [{"author": {"name": "a"}}]},
            {"items": [{"author": {}}]},
            {"items": [{}]},
            {"items": [{"author": None}]},
            {"items": [{"author": {"name": 1}}]},
            {"items": []},
        ],
    ),
    (
        (fact("/items/*/author/name", STRING, guards=("/items/*/author",)),),
        [
            {"items": [{"author": {"name": "a"}}, {}, {"author": None}]},
            {"items": [{"author": {}}]},
            {"items": [{"author": {"name": None}}]},
        ],
    ),
    (
        (
            *ITEMS_ARE_OBJECTS,
            fact("/items/*/authors", ARRAY),
            fact("/items/*/authors/*/name", STRING),
        ),
        [
            {"items": [{"authors": [{"name": "a"}]}, {"authors": []}]},
            {"items": [{"authors": [{}]}]},
            {"items": [{"authors": [{"name": "a"}, {"name": 2}]}]},
            {"items": [{}]},
            {"items": []},
            {"items": [{"authors": [None]}]},
        ],
    ),
    (
        (
            *ITEMS_ARE_OBJECTS,
            fact("/items/*/tags", ARRAY),
            fact("/items/*/tags/*", STRING),
            fact("/items/*/tags/*", HasLength(Bounds(1, 3))),
        ),
        [
            {"items": [{"tags": ["a", "b"]}, {"tags": []}]},
            {"items": [{"tags": ["a", ["b"]]}]},
            {"items": [{"tags": ["a"]}, {"tags": ["abcd"]}]},
            {"items": [{"tags": [None]}]},
            {"items": [{}]},
            {"items": []},
        ],
    ),
    (
        (fact("/matrix", ARRAY), fact("/matrix/*", ARRAY), fact("/matrix/*/*", InRange(Bounds(0)))),
        [{"matrix": [[1, 2.5], []]}, {"matrix": [[1], [-1]]}, {"matrix": [[[1]]]}, {"matrix": []}],
    ),
    (
        (fact("/items/*/authors/*/name", STRING, guards=("/items/*/authors",)),),
        [
            {"items": [{}, {"authors": None}]},
            {"items": [{"authors": [{"name": "a"}]}]},
            {"items": [{"authors": [{"name": 1}]}]},
            {"items": [{"authors": [{}]}]},
        ],
    ),
    (
        (fact("/items/*/authors/*/name", STRING, OPTIONAL, nullable=True),),
        [
            {"items": [{"authors": [{}, {"name": None}, {"name": "a"}]}]},
            {"items": [{"authors": [{"name": 1}]}]},
        ],
    ),
    (
        (fact("/matrix/*/*", NUMBER),),
        [{"matrix": [[1, 2.5], []]}, {"matrix": [[1], ["a"]]}, {"matrix": [1]}],
    ),
    (
        (fact("/author/name", STRING, guards=("/author",)),),
        [{}, {"author": None}, {"author": {"name": "a"}}, {"author": {}}, {"author": {"name": 1}}],
    ),
    (
        (fact("/author/name", STRING, OPTIONAL, guards=("/author",)),),
        [
            {},
            {"author": None},
            {"author": {}},
            {"author": {"name": None}},
            {"author": {"name": "a"}},
        ],
    ),
    (
        (fact("/author/name", STRING, nullable=True, guards=("/author",)),),
        [{}, {"author": {"name": None}}, {"author": {}}, {"author": {"name": 1}}],
    ),
    (
        (fact("/a/b/c", STRING, guards=("/a",)),),
        [
            {},
            {"a": None},
            {"a": {"b": {"c": "x"}}},
            {"a": {}},
            {"a": {"b": None}},
            {"a": {"b": {}}},
        ],
    ),
    (
        (fact("/author/age", InRange(Bounds(0.5)), guards=("/author",)),),
        [{}, {"author": {"age": 1}}, {"author": {"age": 0}}, {"author": {"age": "1"}}],
    ),
    ((fact("/a/b", presence=Presence.ABSENT, guards=("/a",)),), [{}, {"a": {}}, {"a": {"b": 1}}]),
    (
        (fact("/meow", BOOLEAN, conditions=CAT),),
        [
            {"type": "dog"},
            {},
            {"type": "cat", "meow": True},
            {"type": "cat"},
            {"type": "cat", "meow": 1},
        ],
    ),
    (
        (fact("/meow", STRING, OPTIONAL, conditions=CAT),),
        [{"type": "cat"}, {"type": "cat", "meow": None}, {"type": "dog", "meow": 1}],
    ),
    (
        (fact("/meow", presence=Presence.ABSENT, conditions=CAT),),
        [{"type": "cat", "meow": 1}, {"meow": 1}],
    ),
    (
        (fact("/v", STRING, conditions=(Condition("/k", (1, "a")),)),),
        [{"k": 1, "v": "x"}, {"k": 1}, {"k": "a"}, {"k": 97}, {"k": None}, {}],
    ),
    (
        (fact("/items/*/meow", BOOLEAN, conditions=CAT_ITEMS),),
        [
            {"items": [{"type": "dog"}, {"type": "lion", "meow": True}]},
            {"items": [{"type": "cat"}]},
            {"items": []},
            {"items": [{}]},
        ],
    ),
    (
        (*ITEMS_ARE_OBJECTS, fact("/items/*/meow", BOOLEAN, OPTIONAL, conditions=CAT_ITEMS)),
        [{"items": [{"type": "cat"}]}, {"items": [{"type": "cat", "meow": 0}]}],
    ),
    (
        (fact("/total", INTEGER), fact("/total", Equals(CountOf("/items")))),
        [{"total": 2, "items": [1, 2]}, {"total": 1, "items": []}, {"total": "0", "items": []}],
    ),
    (
        (fact("/total", Equals(SumOf("/items/*/price"))),),
        [
            {"total": 0.3, "items": [{"price": 0.1}, {"price": 0.2}]},
            {"total": 0.30000000000000004, "items": [{"price": 0.1}, {"price": 0.2}]},
            {"total": 0, "items": []},
            {"total": 1, "items": [{"price": 2}]},
        ],
    ),
    (
        (fact("/orders/*/total", Equals(SumOf("/orders/*/lines/*/price"))),),
        [
            {"orders": [{"total": 3, "lines": [{"price": 1}, {"price": 2}]}]},
            {"orders": [{"total": 3, "lines": [{"price": 3}]}, {"total": 4, "lines": []}]},
        ],
    ),
    (
        (fact("/my-key/a b/ключ/class/it's $5", Equals(Literal("'\"\\\n$"))),),
        [
            {"my-key": {"a b": {"ключ": {"class": {"it's $5": "'\"\\\n$"}}}}},
            {"my-key": {"a b": {"ключ": {"class": {"it's $5": "x"}}}}},
        ],
    ),
    (
        (fact("/a.b/1st/className", STRING, OPTIONAL, guards=("/a.b/1st",)),),
        [{"a.b": {"1st": {}}}, {"a.b": {}}, {"a.b": {"1st": {"className": 1}}}],
    ),
    (
        (fact("/x-y/*/q-r", INTEGER, OPTIONAL, nullable=True, guards=("/x-y",)),),
        [{}, {"x-y": [{}, {"q-r": 1}]}, {"x-y": [{"q-r": "1"}]}],
    ),
    (
        (fact("/x-y/properties", InRange(Bounds(-1.5, 0.25))),),
        [{"x-y": {"properties": p}} for p in (0, 1)],
    ),
    (
        (fact("/x/*/code", Matches("^[a-z.]+x\\.b-c\\.d$"), nullable=True, guards=("/x/*",)),),
        [
            {"x": [None, {"code": "axx.b-c.d"}, {"code": None}]},
            {"x": [{"code": "no"}]},
            {"x": [{}]},
        ],
    ),
    (
        (fact("/x/*/y/*/code", Matches("^[a-z/$]+b-c.9$"), OPTIONAL),),
        [{"x": [{"y": [{"code": "ab-c.9"}, {}]}]}, {"x": [{"y": [{"code": "b"}]}]}],
    ),
    (
        (fact("", ARRAY), fact("/*/id", INTEGER)),
        [[{"id": 1}], [], [{"id": "1"}], [{}], [None], {"id": 1}],
    ),
    ((fact("", OBJECT),), [{}, []]),
    ((fact("", HasSize(Bounds(1))),), [[1], []]),
    ((fact("", Unique()),), [[1, 2], [1, 1]]),
    (
        (fact("", OBJECT), fact("", OnlyMembers(("a", "class", "b-c")))),
        [{}, {"a": 1, "class": 2, "b-c": None}, {"a": 1, "d": 2}, {"keySet": 1}, [], None],
    ),
    (
        (fact("/x", OBJECT), fact("/x", OnlyMembers(("a", "it's")))),
        [{"x": {}}, {"x": {"a": 1, "it's": 1}}, {"x": {"b": 1}}, {"x": None}, {"x": "a"}, {}],
    ),
    (
        (fact("/x", OBJECT, OPTIONAL), fact("/x", OnlyMembers(("a",)), OPTIONAL)),
        [{"x": {"a": 1}}, {"x": {"b": 1}}, {"x": None}, {"x": ["a"]}, {}],
    ),
    (
        (*ITEMS_ARE_OBJECTS, fact("/items/*", OnlyMembers(("id", "name")))),
        [
            {"items": []},
            {"items": [{"id": 1}, {}]},
            {"items": [{"id": 1}, {"id": 1, "n": 2}]},
            {"items": [None]},
        ],
    ),
    (
        (fact("", ARRAY), fact("/*", OBJECT), fact("/*", OnlyMembers(("id",)))),
        [[{"id": 1}], [], [{"id": 1, "n": 1}], [{}, {"n": 1}]],
    ),
    (
        (*ITEMS_ARE_OBJECTS, fact("/items/*/x", OnlyMembers(("a",)), OPTIONAL, nullable=True)),
        [{"items": [{}, {"x": None}, {"x": {"a": 1}}]}, {"items": [{"x": {"b": 1}}]}],
    ),
    ((fact("/0/id", INTEGER),), [[{"id": 1}], [{"id": "a"}], []]),
    (
        (fact("/items/1", STRING, OPTIONAL),),
        [{"items": ["a"]}, {"items": ["a", "b"]}, {"items": [1, 2]}],
    ),
]
