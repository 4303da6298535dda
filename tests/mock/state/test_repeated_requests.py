"""A request that is sent again with its key of idempotency is answered as it was, once done."""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_core.mock.exchange import Answer
from pe4king_core.mock.mutants.laws import law_mutants
from pe4king_core.mock.service import Service
from tests.mock.service_document import TEXT, asked, said, service

POST = "      operationId: addShelf\n"
UPDATE = """\
    patch:
      operationId: changeShelf
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200":
          description: changed
          content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}
    delete:
      operationId: removeShelf
"""


def keyed(name: str = "Idempotency-Key", text: str = TEXT) -> Service:
    parameter = f"      parameters: [{{name: {name}, in: header, schema: {{type: string}}}}]\n"
    text = text.replace(POST, POST + parameter)
    return service(text.replace("    delete:\n      operationId: removeShelf\n", UPDATE))


def added(of: Service, key: str = "a", theme: str = "maps") -> Answer:
    headers = [("Idempotency-Key", key)] if key else []
    answer = asked(of, "POST", "/v1/shelves", {"theme": theme}, *headers).answer
    assert answer.status == 201
    return answer


def number(answer: Answer) -> Any:
    return said(answer)["id"]


def listed(of: Service) -> list[int]:
    return [each["id"] for each in said(asked(of, "GET", "/v1/shelves?limit=50").answer)]


@pytest.mark.parametrize("name", ["Idempotency-Key", "idempotency-key"])
def test_the_same_request_makes_nothing_new(name: str) -> None:
    of = keyed(name)
    before = len(listed(of))
    first = added(of)
    assert added(of) == first
    assert first.header("location") == f"/v1/shelves/{number(first)}"
    assert len(listed(of)) == before + 1


@pytest.mark.parametrize(("key", "theme"), [("b", "maps"), ("a", "tales"), ("", "maps")])
def test_another_key_or_body_is_another_request(key: str, theme: str) -> None:
    of = keyed()
    assert number(added(of)) != number(added(of, key, theme))


def test_without_a_documented_key_every_request_is_new() -> None:
    of = service()
    assert number(added(of)) != number(added(of))


def test_the_first_answer_is_repeated_whatever_came_of_the_thing() -> None:
    of = keyed()
    first = added(of)
    target = f"/v1/shelves/{number(first)}"
    assert asked(of, "PATCH", target, {"theme": "tales"}).answer.status == 200
    assert added(of) == first
    assert said(asked(of, "GET", target).answer)["theme"] == "tales"


def test_what_was_removed_is_made_anew() -> None:
    of = keyed()
    first = number(added(of))
    assert asked(of, "DELETE", f"/v1/shelves/{first}").answer.status == 204
    second = number(added(of))
    assert second != first
    assert asked(of, "GET", f"/v1/shelves/{second}").answer.status == 200


def test_keys_are_kept_and_forgotten_with_what_they_made() -> None:
    of = keyed()
    start = of.snapshot()
    first = added(of)
    made = of.snapshot()
    of.restore(start)
    assert first not in (added(of, "b", "tales"), added(of))
    of.restore(made)
    assert added(of) == first
    of.reset()
    assert number(added(of, "b")) == number(first)


def test_a_broken_echo_is_repeated_as_well() -> None:
    of = keyed()
    operation = of.document.operation("addShelf")
    assert operation is not None
    of.mutant = next(
        each
        for each in law_mutants(of.document, operation)
        if (each.operator, each.subject) == ("echo-changed", "/theme")
    )
    first = added(of)
    assert said(first)["theme"] != "maps"
    assert added(of) == first


def test_a_thing_that_only_its_location_tells_is_made_once() -> None:
    made = '        "201":\n          description: made\n'
    schema = '{application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}'
    of = keyed(text=TEXT.replace(f"{made}          content: {schema}\n", made))
    first = added(of)
    assert (first.body, added(of)) == (b"", first)
    assert first.header("location") != added(of, "b").header("location")
