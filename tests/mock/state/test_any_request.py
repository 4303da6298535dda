"""Whatever a request says, State gives a valid answer, in any number of threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.state import State
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.openapi import load
from pe4king_core.openapi.schema.values import Direction, Validity, validity
from tests.mock.state.calls import Calls, hotel

_NAMES = ("id", "name", "code", "number", "stars", "address", "amenities", "kind", "x", "", "/~")
_SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)


@cache
def document() -> ApiDocument:
    return load(hotel(), "file:///hotel.json")


@cache
def made_up() -> Answers:
    return Answers(document())


def answered(state: State, operation: Operation, request: ReadRequest) -> None:
    success = made_up().success(operation)
    assert success is not None
    status, response = success
    if state.missing(request):
        return
    media = made_up().media(response, "")
    value: Json = None
    if media is not None and media.schema is not None:
        value = state.shaped(request, status, response, media, made_up().value(media))
        found = validity(value, media.schema, direction=Direction.RESPONSE)
        assert found is Validity.VALID
    state.headers(request, status, response, value)
    state.done(request, status, value)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_values_anywhere(data: Any) -> None:
    state = State(document(), answers=made_up(), unknown=data.draw(st.sampled_from(list(Unknown))))
    operations = [
        each for each in document().operations if "{" in each.path or "hotels" in each.path
    ]
    for _ in range(4):
        operation = data.draw(st.sampled_from(operations))
        path = {name: data.draw(_VALUES) for name in ("hotel_id", "number", "booking_id", "name")}
        query = data.draw(
            st.dictionaries(
                st.sampled_from(("limit", "offset", "sort", "city", "min_stars")), _VALUES
            )
        )
        body = data.draw(_VALUES)
        media = data.draw(st.sampled_from(("application/json", "application/json-patch+json", "")))
        sent = Sent(operation.method, operation.route, ())
        request = ReadRequest(
            sent, operation, path, query, {}, {}, body, True, media, operation.route
        )
        answered(state, operation, request)


def test_things_made_in_many_threads_are_all_there() -> None:
    calls = Calls(hotel())
    draft = {"name": "n", "stars": 3, "address": {"street": "s", "city": "c", "country": "DE"}}

    def make(number: int) -> str:
        made = calls("POST", "/hotels", {**draft, "code": f"code-{number}"}).body
        assert made["code"] == f"code-{number}"
        return str(made["id"])

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(120)))
    assert len(set(made)) == 120
    page = calls("GET", "/hotels?limit=100&offset=0").body
    assert page["total"] >= 120
    for number, each in enumerate(made):
        assert calls("GET", f"/hotels/{each}").body["code"] == f"code-{number}"
