"""Records: what a frozen dataclass is to its users, made without its price."""

from __future__ import annotations

import pickle
from dataclasses import field, fields

from pe4king_core.model.record import record, replace
from pe4king_core.model.schema import Schema


@record(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0
    label: str = field(default="", compare=False)


@record(frozen=True, slots=True, eq=False)
class Node:
    name: str


def test_equal_records_have_equal_hashes() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert {Point(1, 2), Point(1, 2), Point(2, 1)} == {Point(1, 2), Point(2, 1)}


def test_fields_that_are_not_compared_count_neither_for_equality_nor_for_the_hash() -> None:
    assert Point(1, 2, "here") == Point(1, 2, "there")
    assert hash(Point(1, 2, "here")) == hash(Point(1, 2, "there"))


def test_records_without_equality_are_themselves_only() -> None:
    node = Node("a")
    assert node in {node}
    assert node != Node("a")


def test_replacing_leaves_the_record_as_it_was() -> None:
    point = Point(1, 2, "here")
    moved = replace(point, y=3)
    assert (moved.x, moved.y, moved.label) == (1, 3, "here")
    assert (point.x, point.y, point.label) == (1, 2, "here")


def test_records_have_no_room_for_other_attributes() -> None:
    assert not hasattr(Point(1), "__dict__")
    assert [each.name for each in fields(Point)] == ["x", "y", "label"]


def test_records_cross_process_borders() -> None:
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)


def test_replacing_keeps_every_field_of_a_large_record() -> None:
    schema = Schema("/a", title="A", required=frozenset({"id"}), read_only=True)
    other = replace(schema, pointer="/b")
    assert (other.title, other.required, other.read_only) == ("A", frozenset({"id"}), True)
    assert (schema.pointer, other.pointer) == ("/a", "/b")
