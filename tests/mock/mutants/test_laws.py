"""Law mutants: each changes what some caller sees, and no answer of theirs breaks the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.mock.mutant import Law, Mutant, MutantKind
from pe4king_core.mock.mutants.laws import LAWS, described_law, law_mutants
from pe4king_core.mock.state.damage import Operator
from tests.mock.state.calls import Calls, bookstore, hotel, text_of

Story = Callable[[Calls], Iterator[Any]]
BOOK = {
    "title": "A Short Book",
    "subtitle": "s",
    "authors": ["Ines Calder", "Tom Aldous"],
    "isbn": "979-1000000076",
    "genre": "poetry",
    "price": 4.75,
    "pages": 9,
    "publishedOn": "2024-02-03",
    "coverUrl": "https://a.example/b.jpg",
    "tags": ["maps", "sea"],
    "inStock": False,
}
HOTEL = {
    "code": "abc-1",
    "name": "Blue",
    "stars": 3,
    "address": {"street": "s", "city": "c", "country": "DE"},
    "amenities": ["pool", "bar"],
    "website": "https://a.example",
    "opened_on": "2024-02-03",
    "pets_allowed": True,
}
PET = {
    "id": 77,
    "name": "Rex",
    "category": {"id": 4, "name": "Dogs"},
    "photoUrls": ["u", "v"],
    "tags": [{"id": 5, "name": "t"}],
    "status": "sold",
}


def seen(calls: Calls, method: str, target: str, body: Any = None) -> tuple[int, Any, str | None]:
    answer = calls(method, target, body)
    return answer.status, answer.body, answer.headers.get("x-total-count")


def in_the_bookstore(calls: Calls) -> Iterator[Any]:
    made = calls("POST", "/books", BOOK).body
    yield made
    book = f"/books/{made['id']}"
    yield seen(calls, "GET", book)
    for query in ("", "limit=2", "offset=2", "genre=poetry", "minPrice=20", "sort=-price"):
        yield seen(calls, "GET", f"/books?{query}")
    other = {name: value for name, value in BOOK.items() if name != "pages"}
    other |= {"title": "T", "price": 6, "genre": "travel", "isbn": "979-1000000077"}
    other |= {"authors": ["A"], "publishedOn": "2024-02-04", "subtitle": None, "tags": []}
    other |= {"inStock": True, "coverUrl": None, "pages": 10}
    yield seen(calls, "PUT", book, other)
    yield seen(calls, "GET", book)
    review = {"rating": 2, "text": "fine", "reviewer": "J"}
    yield [seen(calls, "POST", f"{book}/reviews", {**review, "rating": n}) for n in (1, 2)]
    yield seen(calls, "GET", f"{book}/reviews")
    yield from customers_and_orders(calls)
    yield seen(calls, "DELETE", book)
    yield seen(calls, "GET", book)
    yield seen(calls, "GET", "/books?limit=50")
    listed = calls("GET", "/books?limit=50").body["items"]
    for item in listed[:1]:
        yield seen(calls, "DELETE", f"/books/{item['id']}")
    yield seen(calls, "GET", "/books?limit=50")


def customers_and_orders(calls: Calls) -> Iterator[Any]:
    address = {"line1": "L 4", "city": "B", "postalCode": "10969", "country": "DE"}
    customer = {"fullName": "Olga", "email": "o@example.com", "address": address}
    customer |= {"phone": "+4915112345678", "birthDate": "1988-02-29", "newsletter": True}
    made = calls("POST", "/customers", {**customer, "password": "correct horse"}).body
    yield made
    yield seen(calls, "GET", f"/customers/{made['id']}")
    order = {
        "customerId": made["id"],
        "items": [{"bookId": made["id"], "quantity": 2}],
        "payment": {"type": "card", "cardHolder": "N", "lastFour": "4242"},
        "comment": "ring",
    }
    placed = calls("POST", "/orders", order).body
    yield placed
    yield seen(calls, "GET", f"/orders/{placed['id']}")


def in_the_hotel(calls: Calls) -> Iterator[Any]:
    yield seen(calls, "PUT", "/labels/sea", {"color": "#00ff00"})
    yield seen(calls, "GET", "/labels/sea")
    yield seen(calls, "DELETE", "/labels/sea")
    yield seen(calls, "GET", "/labels/sea")
    made = calls("POST", "/hotels", HOTEL).body
    yield made
    place = f"/hotels/{made['id']}"
    yield seen(calls, "GET", place)
    queries = ("", "limit=1", "offset=1", "min_stars=4", "sort=stars", "opened_after=2024-02-04")
    yield [seen(calls, "GET", f"/hotels?{query}") for query in queries]
    yield seen(calls, "PATCH", place, {"name": "N", "stars": 5, "website": None})
    yield seen(calls, "GET", place)
    address = {**HOTEL["address"], "city": "d"}  # type: ignore[dict-item]
    other = {**HOTEL, "name": "M", "stars": 4, "amenities": [], "address": address, "code": "x-2"}
    other |= {"website": "https://b.example", "opened_on": "2024-02-05", "pets_allowed": False}
    yield seen(calls, "PUT", place, other)
    yield seen(calls, "GET", place)
    yield from rooms_and_bookings(calls, place)
    yield seen(calls, "DELETE", place)
    yield seen(calls, "GET", place)
    yield seen(calls, "GET", "/hotels")
    first = calls("GET", "/hotels").body["items"][:1]
    yield [seen(calls, "DELETE", f"/hotels/{each['id']}") for each in first]
    yield seen(calls, "GET", "/hotels")


def rooms_and_bookings(calls: Calls, place: str) -> Iterator[Any]:
    for number, kind in ((1, "suite"), (2, "single")):
        draft = {"number": number, "kind": kind, "price": 5.5, "beds": 2, "smoking": True}
        yield seen(calls, "POST", f"{place}/rooms", draft)
    room = f"{place}/rooms/1"
    yield seen(calls, "GET", room)
    yield [seen(calls, "GET", f"{place}/rooms{query}") for query in ("", "?kinds=suite")]
    yield seen(calls, "PATCH", room, {"kind": "double", "price": 7})
    yield seen(calls, "GET", room)
    guest = {"name": "g", "email": "a@b.de", "born_on": "2000-01-01"}
    booking = {"guest": guest, "companions": [guest], "arrival": "2024-02-02", "nights": 2}
    booking |= {"payment": {"kind": "card", "last_four": "1234"}, "note": "n"}
    booked = [calls("POST", f"{room}/bookings", booking).body for _ in range(2)]
    yield booked
    one = booked[0].get("id", "11111111-2222-4333-8444-555555555555")
    yield seen(calls, "GET", f"{room}/bookings/{one}")
    yield seen(calls, "PATCH", f"{room}/bookings/{one}", {"status": "confirmed"})
    yield seen(calls, "GET", f"{room}/bookings/{one}")
    yield [seen(calls, "GET", f"{room}/bookings{query}") for query in ("", "?status=new")]
    yield seen(calls, "DELETE", f"{place}/rooms/2")
    yield seen(calls, "GET", f"{place}/rooms/2")
    yield seen(calls, "GET", f"{place}/rooms")


def with_pets(calls: Calls) -> Iterator[Any]:
    yield seen(calls, "POST", "/pet", PET)
    yield seen(calls, "POST", "/pet", {**PET, "id": 78})
    yield seen(calls, "GET", "/pet/77")
    yield [seen(calls, "GET", f"/pet/findByStatus?status={each}") for each in ("sold", "pending")]
    yield [seen(calls, "GET", f"/pet/findByTags?tags={each}") for each in ("t", "none")]
    other = {**PET, "name": "Max", "category": {"id": 5, "name": "Cats"}, "photoUrls": []}
    yield seen(calls, "PUT", "/pet", {**other, "tags": [], "status": "pending"})
    yield seen(calls, "GET", "/pet/77")
    yield seen(calls, "DELETE", "/pet/77")
    yield seen(calls, "GET", "/pet/77")
    yield seen(calls, "GET", "/pet/findByStatus?status=pending")
    yield seen(calls, "DELETE", "/pet/78")
    yield seen(calls, "GET", "/pet/findByTags?tags=t")


def names_of(mutants: list[Mutant]) -> str:
    return "\n".join(each.name for each in mutants)


def all_mutants(calls: Calls) -> list[Mutant]:
    document = calls.document
    return [each for op in document.operations for each in law_mutants(document, op)]


def survivors(text: str, story: Story, base: str = "", prefix: str = "") -> list[Mutant]:
    """The mutants that the story cannot tell from the sound service."""
    calls = Calls(text, base=base)
    mutants = [each for each in all_mutants(calls) if prefix in each.operation]
    assert len({each.name for each in mutants}) == len(mutants) > 10
    sound = list(story(calls))
    left = []
    for mutant in mutants:
        broken = Calls(text, base=base)
        broken.use(mutant)
        if list(story(broken)) == sound:
            left.append(mutant)
    return left


@pytest.mark.slow
def test_every_mutant_of_the_bookstore_shows() -> None:
    left = survivors(bookstore(), in_the_bookstore, "/v1")
    assert not left, names_of(left)


@pytest.mark.slow
def test_every_mutant_of_the_hotel_shows() -> None:
    left = survivors(hotel(), in_the_hotel)
    assert not left, names_of(left)


@pytest.mark.slow
def test_every_mutant_of_the_pets_shows(shared_specs: Path) -> None:
    text = text_of(shared_specs / "small" / "petstore3.yaml")
    left = survivors(text, with_pets, "/api/v3", " /pet")
    assert not left, names_of(left)


def test_each_names_its_law_in_both_languages() -> None:
    mutants = all_mutants(Calls(bookstore(), base="/v1"))
    for each in mutants:
        assert each.kind is MutantKind.LAW
        assert each.law is LAWS[Operator(each.operator)]
        assert each.operation in each.name
        words = described_law(each)
        assert words.en != words.ru
    assert {each.law for each in mutants} == {*Law}


def test_every_operator_is_used() -> None:
    found = {each.operator for each in all_mutants(Calls(bookstore(), base="/v1"))}
    assert found == {each.value for each in Operator}


def test_the_same_document_has_the_same_mutants() -> None:
    assert all_mutants(Calls(hotel())) == all_mutants(Calls(hotel()))


@pytest.mark.parametrize("operation", ["GET /health", "POST /orders/{orderId}/cancel"])
def test_where_no_law_holds_there_is_no_mutant(operation: str) -> None:
    document = Calls(bookstore(), base="/v1").document
    found = document.operation(operation)
    assert found is not None
    assert law_mutants(document, found) == ()


def test_a_mutant_that_is_switched_off_again_leaves_nothing_behind() -> None:
    calls = Calls(bookstore(), base="/v1")
    mutant = next(m for m in all_mutants(calls) if m.operator == Operator.EMPTY_LIST)
    before = calls("GET", "/books").body
    calls.use(mutant)
    assert calls("GET", "/books").body["items"] == []
    calls.use(None)
    assert calls("GET", "/books").body == before
