"""A change of a version that is no more (`If-Match`) is refused where the document has 412."""

from __future__ import annotations

import pytest

from pe4king_core.mock.exchange import Answer
from pe4king_core.mock.handled import Why
from pe4king_core.mock.service import Service
from tests.mock.service_document import TEXT, asked, said, service

GET = '        "200":\n          description: one\n'
CHANGE = """\
    patch:
      operationId: changeShelf
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200":
          description: changed
          content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}
        "412": {$ref: "#/components/responses/Error"}
    delete:
      operationId: removeShelf
"""
SHELF = "/v1/shelves/3"


def versioned(change: str = CHANGE) -> Service:
    headers = "          headers: {ETag: {schema: {type: string}}}\n"
    text = TEXT.replace(GET, GET + headers)
    return service(text.replace("    delete:\n      operationId: removeShelf\n", change))


def tag(of: Service) -> str:
    return asked(of, "GET", SHELF).answer.header("etag") or ""


def changed(of: Service, theme: str, *wanted: str) -> Answer:
    headers = [("If-Match", each) for each in wanted]
    return asked(of, "PATCH", SHELF, {"theme": theme}, *headers).answer


def test_an_old_version_is_refused_and_nothing_happens() -> None:
    of = versioned()
    first = tag(of)
    assert changed(of, "maps", first).status == 200
    handled = asked(of, "PATCH", SHELF, {"theme": "tales"}, ("If-Match", first))
    assert (handled.why, handled.answer.status) == (Why.STALE, 412)
    assert "ETag" in said(handled.answer)["message"]
    assert said(asked(of, "GET", SHELF).answer)["theme"] == "maps"
    second = tag(of)
    assert second != first
    assert changed(of, "tales", second).status == 200


@pytest.mark.parametrize("wanted", ['"made-up"', "*", "W/{new}", "{old}, {new}"])
def test_any_other_version_is_taken(wanted: str) -> None:
    of = versioned()
    old = tag(of)
    changed(of, "maps")
    told = wanted.format(old=old, new=tag(of))
    assert changed(of, "tales", told).status == 200


def test_without_a_documented_412_nothing_is_refused() -> None:
    of = versioned(CHANGE.replace('        "412": {$ref: "#/components/responses/Error"}\n', ""))
    first = tag(of)
    assert [changed(of, "maps", first).status for _ in range(2)] == [200, 200]


def test_a_reset_forgets_versions() -> None:
    of = versioned()
    first = tag(of)
    changed(of, "maps")
    of.reset()
    assert changed(of, "tales", first).status == 200
