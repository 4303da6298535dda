"""How far values go: as people would write them, or to every bound that the document has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_core.mock.answers.answers import Variety
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.service import Options, Service
from tests.mock.answers.answers_kit import content, document_of, values

SHOP = {
    "type": "object",
    "required": ["name", "kind", "price", "parts", "shape"],
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "kind": {"type": "string", "enum": ["a", "b", "c", "d", "e"]},
        "price": {"type": "number", "minimum": 0, "multipleOf": 0.01},
        "stock": {"type": "integer", "maximum": 5_000_000},
        "note": {"type": ["string", "null"]},
        "parts": {"type": "array", "items": {"type": "string"}},
        "shape": {"oneOf": [{"const": "round"}, {"type": "integer", "minimum": 3, "maximum": 9}]},
    },
}
SEEDS = (2, 3, 7)


def plain(seeds: tuple[int, ...] = SEEDS) -> list[Any]:
    return values(SHOP, seeds, variety=Variety.PLAIN)


def test_other_seeds_are_as_realistic_as_the_first() -> None:
    found = plain((1, *SEEDS))
    assert all(len(each["name"]) < 30 for each in found)
    assert all(each.keys() <= SHOP["properties"].keys() for each in found)  # type: ignore[attr-defined]
    assert {each["price"] for each in found} <= {19.99, 49.5, 7.25}
    assert all(each.get("stock", 0) < 1_000 for each in found)
    assert all(len(each["parts"]) <= 3 for each in found)


def test_other_seeds_make_other_choices_and_leave_out() -> None:
    found = plain()
    assert {each["kind"] for each in found} == {*"abcde"}
    assert {type(each["shape"]) for each in found} == {str, int}
    assert {each["parts"] == [] for each in found} == {True, False}
    assert {each.get("note", "") is None for each in found} == {True, False}
    assert {"stock" in each for each in found} == {True, False}
    assert len({each["name"] for each in found}) > 2


def test_full_variety_goes_to_the_bounds() -> None:
    found = values(SHOP, (1,), variety=Variety.FULL)
    assert any(len(each["name"]) == 100 for each in found)
    assert any(each.get("stock") == 5_000_000 for each in found)
    assert any("extra0" in each for each in found)


@pytest.mark.parametrize(("variety", "several"), [(Variety.PLAIN, False), (Variety.FULL, True)])
def test_with_seed_1_only_full_variety_varies(variety: Variety, several: bool) -> None:
    document = document_of({"200": content(SHOP)})
    service = Service(document, Options(variety=variety))
    bodies = [service.answer(Sent("GET", f"/books?x={n}", ())).answer.body for n in range(20)]
    assert (len(set(bodies)) > 1) is several
    again = Service(document, Options(variety=variety))
    assert bodies == [again.answer(Sent("GET", f"/books?x={n}", ())).answer.body for n in range(20)]
    assert all(json.loads(body) for body in bodies)


def test_opening_hours_differ_by_day_and_close_later() -> None:
    day = {
        "type": "object",
        "required": ["date", "timeOpen", "timeClose"],
        "properties": {
            "date": {"type": "string", "format": "date", "example": "2023-10-29"},
            "timeOpen": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
            "timeClose": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
        },
    }
    (days, *_) = values({"type": "array", "items": day}, variety=Variety.PLAIN)
    assert len({each["date"] for each in days}) == len(days) == 3
    assert all(each["timeOpen"] < each["timeClose"] for each in days)


def test_the_total_of_an_order_is_no_count() -> None:
    order = {
        "type": "object",
        "required": ["id", "total", "items"],
        "properties": {
            "id": {"type": "integer"},
            "total": {"type": "integer"},
            "items": {"type": "array", "items": {"type": "integer"}},
        },
    }
    (found, *_) = values(order, variety=Variety.PLAIN)
    assert found["total"] != len(found["items"])


def test_what_is_called_a_number_may_be_an_object() -> None:
    phone = {"type": "object", "required": ["digits"], "properties": {"digits": {"const": "1"}}}
    held = {"type": "object", "required": ["number"], "properties": {"number": phone}}
    (found, *_) = values(held, variety=Variety.PLAIN)
    assert found["number"] == {"digits": "1"}
