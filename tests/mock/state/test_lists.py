"""Lists: pages in every usual spelling, orders, filters, counts; the answer is always valid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock.state.calls import Calls, answers, named, takes, written

THING: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "size", "created_at"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "size": {"type": "integer", "minimum": 0, "maximum": 1000},
        "kind": {"type": "string", "enum": ["one", "two"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "created_at": {"type": "string", "format": "date"},
    },
}
INT = {"type": "integer"}
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
NULL_TEXT = {"type": ["string", "null"]}


def page(**counters: Any) -> dict[str, Any]:
    items = {"type": "array", "items": THING, "maxItems": 50}
    return {
        "type": "object",
        "required": ["items", *counters],
        "properties": {"items": items, **counters},
    }


def things(answer: Any, *query: dict[str, Any], made: int = 0, **headers: Any) -> Calls:
    """A document with a list of things; so many are made."""
    calls = Calls(
        written(
            {
                "/things": {
                    "get": {
                        "parameters": list(query),
                        "responses": answers(answer, **headers),
                    },
                    "post": {
                        "requestBody": takes({**THING, "required": ["name"]}),
                        "responses": answers(THING, "201"),
                    },
                }
            }
        )
    )
    for number in range(made):
        body = {
            "name": f"made {number}",
            "size": 900 + number,
            "created_at": f"2030-01-{number + 1:02}",
        }
        assert calls("POST", "/things", body).status == 201
    return calls


def names(calls: Calls, query: str = "") -> list[str]:
    return [each["name"] for each in calls("GET", f"/things?{query}").body["items"]]


def asked(name: str, schema: Any = INT) -> dict[str, Any]:
    return named(name, schema, "query")


def test_pages_by_number_cover_everything_once() -> None:
    query = (asked("page"), asked("per_page"))
    calls = things(page(total_pages=INT, total_count=INT, page=INT), *query, made=5)
    whole = names(calls)
    first = calls("GET", "/things?page=1&per_page=2").body
    assert first["total_count"] == len(whole)
    assert first["total_pages"] == -(-len(whole) // 2)
    assert first["page"] == 1
    found = [names(calls, f"page={n}&per_page=2") for n in range(1, first["total_pages"] + 2)]
    assert [each for part in found for each in part] == whole
    assert found[-1] == []


def test_pages_may_be_counted_from_zero() -> None:
    query = (asked("page", {**INT, "minimum": 0, "default": 0}), asked("size"))
    calls = things(page(totalElements=INT, last=FLAG), *query, made=3)
    assert names(calls, "page=0&size=2") == names(calls)[:2]
    assert names(calls, "size=2") == names(calls)[:2]
    assert names(calls, "page=1&size=2") == names(calls)[2:4]
    assert calls("GET", "/things?page=0&size=2").body["last"] is False
    assert calls("GET", "/things?page=0&size=50").body["last"] is True


@pytest.mark.parametrize("schema", [NULL_TEXT, TEXT], ids=["null", "text"])
def test_cursors_lead_through_the_whole_list(schema: Any) -> None:
    query = (asked("cursor", TEXT), asked("limit"))
    calls = things(page(next_cursor=schema, has_more=FLAG), *query, made=5)
    whole, found, cursor = names(calls), [], ""
    for _ in range(len(whole)):
        body = calls("GET", f"/things?limit=2&cursor={cursor}").body
        found += [each["name"] for each in body["items"]]
        cursor = body["next_cursor"]
        assert body["has_more"] is bool(cursor)
        if not cursor:
            break
    assert found == whole


def test_the_id_of_the_last_item_is_a_cursor_too() -> None:
    calls = things(page(has_more=FLAG), asked("starting_after", TEXT), asked("limit"), made=4)
    items = calls("GET", "/things").body["items"]
    after = calls("GET", f"/things?limit=2&starting_after={items[1]['id']}").body["items"]
    assert after == items[2:4]


@pytest.mark.parametrize(
    "query",
    ["sort=-size", "sort=size:desc", "sort=size,desc", "sort=size_desc", "sort=size&order=desc"],
)
def test_orders_in_every_spelling(query: str) -> None:
    calls = things(page(), asked("sort", TEXT), asked("order", TEXT), made=4)
    assert names(calls, query)[:4] == ["made 3", "made 2", "made 1", "made 0"]
    assert names(calls, "sort=size")[-4:] == ["made 0", "made 1", "made 2", "made 3"]
    assert names(calls, "sort=created&order=desc")[0] == "made 3"


def test_filters_leave_what_matches() -> None:
    query = (
        asked("kind", {"type": "string", "enum": ["one", "two"]}),
        asked("name", TEXT),
        asked("min_size"),
        asked("created_before", {"type": "string", "format": "date"}),
        asked("tag", TEXT),
        asked("q", TEXT),
    )
    calls = things(page(), *query, made=3)
    calls("POST", "/things", {"name": "marked", "kind": "two", "tags": ["sea"]})
    whole = names(calls)
    assert names(calls, "name=made%201") == ["made 1"]
    assert names(calls, "min_size=901") == ["made 1", "made 2"]
    assert names(calls, "tag=sea") == ["marked"]
    assert "made 0" not in names(calls, "created_before=2030-01-01")
    assert "made 0" in names(calls, "created_before=2030-01-02")
    kinds = [names(calls, "kind=one"), names(calls, "kind=two")]
    assert all(kinds)
    assert not {*kinds[0]} & {*kinds[1]}
    assert names(calls, "q=anything") == whole


def test_the_order_is_the_same_each_time_and_new_things_come_last() -> None:
    calls = things(page(), made=3)
    before = names(calls)
    assert before == names(calls)
    calls("POST", "/things", {"name": "new"})
    assert names(calls) == [*before, "new"]


def test_headers_count_as_well() -> None:
    header = {"X-Total-Count": {"required": True, "schema": INT}}
    listed = {"type": "array", "items": THING}
    calls = things(listed, asked("limit"), made=3, headers=header)
    whole = calls("GET", "/things").body
    page_ = calls("GET", "/things?limit=1")
    assert len(page_.body) == 1
    assert page_.headers["x-total-count"] == str(len(whole))


def test_a_list_is_never_longer_or_shorter_than_it_may_be() -> None:
    listed = {"type": "array", "items": THING, "minItems": 1, "maxItems": 2}
    calls = things(listed, asked("name", TEXT), made=4)
    assert len(calls("GET", "/things").body) == 2
    assert len(calls("GET", "/things?name=nobody").body) >= 1


def test_lists_of_texts_stay_as_they_are() -> None:
    listed = {"type": "array", "items": {"type": "string"}}
    calls = Calls(written({"/words": {"get": {"responses": answers(listed)}}}))
    assert calls("GET", "/words").body == calls("GET", "/words").body
    assert all(isinstance(each, str) for each in calls("GET", "/words").body)
