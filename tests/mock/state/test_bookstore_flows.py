"""The bookstore's document: what was made, changed and removed is so in every answer after it."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.state.unknown import Unknown
from tests.mock.state.calls import Calls, bookstore

BOOK = {
    "title": "A Short Book",
    "authors": ["Ines Calder"],
    "isbn": "979-1000000076",
    "genre": "poetry",
    "price": 4.75,
}
ADDRESS = {"line1": "Lindenweg 4", "city": "Berlin", "postalCode": "10969", "country": "DE"}


@pytest.fixture
def shop() -> Calls:
    return Calls(bookstore(), base="/v1")


def made_book(shop: Calls, **more: Any) -> str:
    answer = shop("POST", "/books", {**BOOK, **more})
    assert answer.status == 201
    assert isinstance(answer.body["id"], str)
    return str(answer.body["id"])


def ids(shop: Calls, query: str = "") -> list[str]:
    return [each["id"] for each in shop("GET", f"/books?limit=50&{query}").body["items"]]


def test_what_was_sent_comes_back_with_defaults_for_the_rest(shop: Calls) -> None:
    answer = shop("POST", "/books", BOOK)
    assert answer.body == answer.body | BOOK
    assert answer.body["tags"] == []
    assert answer.body["inStock"] is True
    assert "subtitle" not in answer.body


def test_a_made_book_is_read_at_its_location(shop: Calls) -> None:
    made = shop("POST", "/books", BOOK)
    location = made.headers["location"]
    assert location == f"/v1/books/{made.body['id']}"
    assert shop("GET", location.removeprefix("/v1")).body == made.body


def test_ids_are_new_each_time(shop: Calls) -> None:
    made = [made_book(shop) for _ in range(20)]
    assert len({*made, *ids(shop)}) == len(ids(shop))
    assert len(set(made)) == 20


def test_put_replaces_and_drops_what_is_not_sent(shop: Calls) -> None:
    book = made_book(shop, subtitle="Twelve walks", tags=["maps"])
    before = shop("GET", f"/books/{book}").body
    changed = {**BOOK, "title": "Another", "pages": 7}
    after = shop("PUT", f"/books/{book}", changed).body
    assert after == shop("GET", f"/books/{book}").body
    assert after == after | changed | {"id": book, "tags": []}
    assert "subtitle" not in after
    assert after["createdAt"] == before["createdAt"]
    assert after["rating"] == before["rating"]


def test_the_etag_changes_with_the_book(shop: Calls) -> None:
    book = made_book(shop)
    first = shop("GET", f"/books/{book}").headers["etag"]
    assert shop("GET", f"/books/{book}").headers["etag"] == first
    shop("PUT", f"/books/{book}", {**BOOK, "price": 5})
    assert shop("GET", f"/books/{book}").headers["etag"] != first


def test_a_deleted_book_is_gone_with_all_that_is_below_it(shop: Calls) -> None:
    book = made_book(shop)
    shop("POST", f"/books/{book}/reviews", {"rating": 5, "text": "good"})
    assert shop("DELETE", f"/books/{book}").status == 204
    for method, target, body in (
        ("GET", f"/books/{book}", None),
        ("PUT", f"/books/{book}", BOOK),
        ("DELETE", f"/books/{book}", None),
        ("GET", f"/books/{book}/reviews", None),
        ("POST", f"/books/{book}/reviews", {"rating": 5, "text": "good"}),
    ):
        assert shop(method, target, body).status == 404
    assert book not in ids(shop)


def test_what_was_always_there_can_be_changed_and_removed(shop: Calls) -> None:
    first, second, *_ = ids(shop)
    shop("PUT", f"/books/{first}", {**BOOK, "title": "Changed"})
    assert shop("GET", f"/books/{first}").body["title"] == "Changed"
    listed = {each["id"]: each for each in shop("GET", "/books?limit=50").body["items"]}
    assert listed[first]["title"] == "Changed"
    shop("DELETE", f"/books/{second}")
    assert second not in ids(shop)
    assert shop("GET", f"/books/{second}").status == 404


def test_lists_and_single_reads_agree(shop: Calls) -> None:
    made_book(shop)
    for item in shop("GET", "/books?limit=50").body["items"]:
        assert shop("GET", f"/books/{item['id']}").body == item


def test_reviews_stay_with_their_book(shop: Calls) -> None:
    one, other = made_book(shop), made_book(shop)
    review = shop("POST", f"/books/{one}/reviews", {"rating": 2, "text": "fine"}).body
    assert (review["bookId"], review["rating"], review["text"]) == (one, 2, "fine")
    assert review["reviewer"] is None
    assert shop("GET", f"/books/{one}/reviews").body == [review]
    assert shop("GET", f"/books/{other}/reviews").body == []


def test_a_list_counts_filters_sorts_and_pages(shop: Calls) -> None:
    book = made_book(shop, title="Zzz", price=9999)
    whole = shop("GET", "/books?limit=50")
    items = whole.body["items"]
    assert whole.body["total"] == len(items) == int(whole.headers["x-total-count"])
    assert [each["title"] for each in items] == sorted(each["title"] for each in items)
    dear = shop("GET", "/books?sort=-price&limit=2").body
    assert dear["items"][0]["id"] == book
    assert (dear["limit"], dear["offset"], dear["total"]) == (2, 0, len(items))
    rest = shop("GET", "/books?sort=-price&limit=50&offset=2").body
    assert len(rest["items"]) == len(items) - 2
    assert {each["id"] for each in dear["items"]}.isdisjoint(each["id"] for each in rest["items"])
    assert ids(shop, "minPrice=9000") == [book]


def test_every_genre_has_books_and_no_others(shop: Calls) -> None:
    whole = shop("GET", "/books?limit=50").body["total"]
    found = 0
    for genre in ("fiction", "science", "children", "poetry", "travel"):
        page = shop("GET", f"/books?genre={genre}").body
        if page["items"]:
            assert {each["genre"] for each in page["items"]} == {genre}
        found += page["total"]
    assert found == whole > 5


def test_a_password_never_comes_back(shop: Calls) -> None:
    draft = {"fullName": "Olga", "email": "o@example.com", "address": ADDRESS}
    made = shop("POST", "/customers", {**draft, "password": "correct horse"}).body
    assert made == made | draft
    assert "password" not in made
    assert shop("GET", f"/customers/{made['id']}").body == made


def test_an_action_changes_the_state_and_nothing_else(shop: Calls) -> None:
    book = made_book(shop)
    draft = {
        "customerId": "3d6f0a52-9b1e-4c47-8f5a-2e7d81c4b301",
        "items": [{"bookId": book, "quantity": 2}, {"bookId": book, "quantity": 7}],
        "payment": {"type": "invoice", "billingEmail": "a@example.com"},
    }
    made = shop("POST", "/orders", draft).body
    assert [each["quantity"] for each in made["items"]] == [2, 7]
    assert made["payment"] == draft["payment"]
    cancelled = shop("POST", f"/orders/{made['id']}/cancel").body
    assert cancelled == {**made, "status": "cancelled"}
    assert shop("GET", f"/orders/{made['id']}").body == cancelled


@pytest.mark.parametrize("unknown", list(Unknown))
def test_ids_that_say_so_are_unknown(unknown: Unknown) -> None:
    shop = Calls(bookstore(), unknown=unknown, base="/v1")
    for each in ("00000000-0000-4000-8000-00000000dead", "00000000-0000-0000-0000-000000000000"):
        assert shop("GET", f"/books/{each}").status == 404
        assert shop("DELETE", f"/books/{each}").status == 404
        assert shop("GET", f"/books/{each}/reviews").status == 404


def test_any_other_id_is_made_up_the_same_way_each_time(shop: Calls) -> None:
    other = "11111111-2222-4333-8444-555555555555"
    first = shop("GET", f"/books/{other}")
    assert first.status == 200
    assert first.body["id"] == other
    assert shop("GET", f"/books/{other}").body == first.body
    assert {each["bookId"] for each in shop("GET", f"/books/{other}/reviews").body} == {other}


def test_only_what_is_there_exists_where_others_are_refused() -> None:
    shop = Calls(bookstore(), unknown=Unknown.REFUSED, base="/v1")
    assert shop("GET", "/books/11111111-2222-4333-8444-555555555555").status == 404
    example = "7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01"
    for each in (example, made_book(shop), *ids(shop)):
        assert shop("GET", f"/books/{each}").status == 200


def test_the_same_calls_give_the_same_bytes() -> None:
    def story(seed: int) -> list[Any]:
        shop = Calls(bookstore(), seed=seed, base="/v1")
        book = made_book(shop)
        shop("PUT", f"/books/{book}", {**BOOK, "title": "B"})
        return [book, shop("GET", "/books?limit=50").body, shop("GET", f"/books/{book}").body]

    assert story(1) == story(1)
    assert story(5) == story(5)
    assert story(1)[1] != story(5)[1]
