"""A total is compared with the items of a page only as far as a page goes."""

from __future__ import annotations

import json

import pytest

from pe4king_core.mock.exchange import Answer
from pe4king_core.model.fact import AssertionFact, CountOf, Equals, body
from pe4king_core.proof.baseline.truth import Told, is_false


@pytest.mark.parametrize(
    ("total", "items", "most", "wrong"),
    [
        (7, 2, 2, False),
        (2, 2, 5, False),
        (3, 2, 5, True),
        (1, 2, 2, True),
        (7, 2, None, True),
        ("7", 2, 2, True),
    ],
)
def test_a_page_is_counted(total: object, items: int, most: int | None, *, wrong: bool) -> None:
    told = {"total": total, "items": [{}] * items}
    answer = Answer(200, (), json.dumps(told).encode())
    claim = AssertionFact("c", body("/total"), Equals(CountOf("/items", most)))
    assert is_false(claim, Told(200, answer, told)) is wrong  # type: ignore[arg-type]  # JSON
