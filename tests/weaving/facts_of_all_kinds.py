"""Facts of every kind, for the laws that hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator

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
    MultipleOf,
    NotNull,
    OneOf,
    OnlyMembers,
    Presence,
    Sorted,
    Subject,
    SumOf,
    Unique,
    body,
    header,
)
from pe4king_core.model.schema import Bounds, JsonType

CHECKS: tuple[Check, ...] = (
    *(HasType(frozenset({kind})) for kind in JsonType),
    HasType(frozenset({JsonType.STRING, JsonType.INTEGER})),
    Equals(Literal('it\'s "x" \\ ё')),
    Equals(Literal(1)),
    Equals(Literal(1.5)),
    Equals(Literal(True)),
    Equals(Literal(None)),
    Equals(CountOf("/items")),
    Equals(CountOf("/items", 50)),
    Equals(SumOf("/items/*/n")),
    OneOf(("a", "b")),
    OneOf((1, 2)),
    HasFormat("uuid"),
    HasFormat("date-time"),
    HasFormat("email"),
    HasFormat("uri"),
    Matches("^[A-Z]{3}$"),
    Matches(r"\d+"),
    InRange(Bounds(0, 10)),
    InRange(Bounds(low=0, exclusive_low=True)),
    InRange(Bounds(high=5.5)),
    MultipleOf(5),
    MultipleOf(0.5),
    HasLength(Bounds(1, 50)),
    HasLength(Bounds(low=1)),
    HasSize(Bounds(1, 5)),
    HasSize(Bounds(3, 3)),
    Contains(Literal("x")),
    Contains(Literal(3)),
    Unique(),
    Sorted("/id"),
    Sorted("", descending=True),
    OnlyMembers(("id", "name")),
    NotNull(),
)
POINTERS = ("/title", "/author/name", "/items/*/id", "/items/0/id", "/*/id", "/items/*/tags/*", "")
STATES = (
    (Presence.REQUIRED, False),
    (Presence.REQUIRED, True),
    (Presence.IF_PRESENT, False),
    (Presence.IF_PRESENT, True),
)


def all_facts() -> Iterator[AssertionFact]:
    """Facts about the answer of C1."""
    yield from _of_response()
    for pointer in POINTERS:
        name = pointer.rpartition("/")[2]
        if name not in ("", "*"):
            yield _fact(body(pointer))
            yield _fact(body(pointer), presence=Presence.ABSENT)
        states = STATES if name in ("id", "title") and pointer != "/*/id" else STATES[:1]
        for presence, nullable in states:
            for check in CHECKS:
                yield _fact(body(pointer), check, presence=presence, nullable=nullable)
    yield from _conditional()


def _fact(
    subject: Subject,
    check: Check | None = None,
    *,
    presence: Presence = Presence.REQUIRED,
    nullable: bool = False,
    guards: tuple[str, ...] = (),
    conditions: tuple[Condition, ...] = (),
    when: int | None = None,
) -> AssertionFact:
    return AssertionFact(
        "C1",
        subject,
        check,
        presence=presence,
        nullable=nullable,
        guards=guards,
        conditions=conditions,
        when=when,
    )


def _of_response() -> Iterator[AssertionFact]:
    yield _fact(STATUS, Equals(Literal(200)))
    yield _fact(STATUS, OneOf((200, 201)))
    yield _fact(STATUS, InRange(Bounds(400, 499)))
    yield _fact(CONTENT_TYPE, Equals(Literal("application/json")))
    yield _fact(CONTENT_TYPE, OneOf(("application/json", "text/plain")))
    yield _fact(header("X-Total"))
    yield _fact(header("X-Total"), presence=Presence.ABSENT)
    yield _fact(header("X-Total"), HasType(frozenset({JsonType.INTEGER})))
    yield _fact(header("X-Total"), InRange(Bounds(0, 5)))
    yield _fact(header("Location"), Matches("^/books/"))


def _conditional() -> Iterator[AssertionFact]:
    text = HasType(frozenset({JsonType.STRING}))
    yield _fact(body("/author/name"), text, guards=("/author",))
    yield _fact(body("/author/name"), guards=("/author",))
    yield _fact(body("/items/*/author/name"), NotNull(), guards=("/items/*/author",))
    yield _fact(body("/items/*/id"), NotNull(), guards=("/items",))
    yield _fact(body("/meow"), text, conditions=(Condition("/kind", ("cat",)),))
    cats = Condition("/items/*/kind", ("cat", "dog"))
    yield _fact(body("/items/*/meow"), text, conditions=(cats,))
    yield _fact(body("/title"), text, when=200)
