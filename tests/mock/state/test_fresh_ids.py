"""Ids of what is made: new, and valid in answers and in every path that takes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from tests.mock.state.calls import Calls, answers, named, takes, written


def things(item: Mapping[str, object], path: Mapping[str, object]) -> Calls:
    """Things whose ids answers and paths speak of with schemas of their own."""
    schema = {"type": "object", "required": ["id"], "properties": {"id": item, "name": {}}}
    draft = {"type": "object", "properties": {"name": {"type": "string"}}}
    making = {"post": {"requestBody": takes(draft), "responses": answers(schema, "201")}}
    reading = {"parameters": [named("thing", path)], "get": {"responses": answers(schema)}}
    return Calls(written({"/things": making, "/things/{thing}": reading}))


def test_a_name_is_no_id_where_paths_do_not_take_it() -> None:
    uuid = {"type": "string", "format": "uuid"}
    calls = things(uuid, uuid)
    made = calls("POST", "/things", {"name": "sample-thing"}).body
    assert str(UUID(made["id"])) == made["id"]
    assert calls("GET", f"/things/{made['id']}").body["name"] == "sample-thing"


def test_ids_of_a_short_pattern_do_not_run_out() -> None:
    pattern = "^[A-Z0-9]+$"
    text = {"type": "string", "minLength": 1, "maxLength": 36}
    calls = things(text, {**text, "pattern": pattern})
    made = [calls("POST", "/things", {"name": f"n {n}"}).body["id"] for n in range(120)]
    assert len(set(made)) == 120
    assert all(re.fullmatch(pattern, each) for each in made)
    assert calls("GET", f"/things/{made[60]}").body["name"] == "n 60"
