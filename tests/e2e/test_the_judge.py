"""The judge of requests: it tells a valid request from an invalid one, and what it cannot tell."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.contract.schemas import UnjudgedError
from pe4king_core.mock.exchange import Sent

FORM = "application/x-www-form-urlencoded"
PET = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
NAMED = {"$ref": "#/components/schemas/Named"}


def judge(media: dict[str, Any], media_type: str = FORM) -> RequestJudge:
    """A judge of one operation that takes `media`."""
    body = {"required": True, "content": {media_type: media}}
    return RequestJudge(
        {
            "openapi": "3.1.0",
            "paths": {"/x": {"post": {"requestBody": body}}},
            "components": {
                "schemas": {"Named": {**PET, "discriminator": {"propertyName": "kind"}}}
            },
        }
    )


def form(media: dict[str, Any], **fields: str) -> list[str]:
    content = urlencode(fields).encode()
    return judge(media).faults(Sent("POST", "/x", (("Content-Type", FORM),), content), "/x")


def json_body(schema: dict[str, Any], text: str) -> list[str]:
    kind = "application/json"
    sent = Sent("POST", "/x", (("Content-Type", kind),), text.encode())
    return judge({"schema": schema}, kind).faults(sent, "/x")


def test_a_field_is_read_as_its_schema_wants_it() -> None:
    media = {"schema": {"type": "object", "properties": {"age": {"type": "integer"}}}}
    assert not form(media, age="5")
    assert form(media, age="five")


def test_a_text_beside_the_members_of_a_structure_is_one_reading_of_it() -> None:
    address = {"type": "object", "properties": {"city": {"type": "string"}}}
    media = {
        "schema": {"type": "object", "properties": {"address": address}},
        "encoding": {"address": {"style": "deepObject", "explode": True}},
    }
    assert not form(media, **{"address[city]": "Berlin"})
    assert not form(media, **{"address[city]": "Berlin", "address": "no-object"})
    assert form(media, address="no-object")


def test_a_form_of_one_of_several_kinds() -> None:
    def kind(name: str, **more: Any) -> dict[str, Any]:
        shape = {"kind": {"const": name}, **more}
        return {"type": "object", "required": ["kind"], "properties": shape}

    media = {"schema": {"oneOf": [kind("a", size={"type": "integer"}), kind("b")]}}
    assert not form(media, kind="a", size="4500")
    assert form(media, kind="a", size="large")
    assert form(media, kind="c")


@pytest.mark.parametrize(
    ("branches", "told_apart"),
    [
        ([PET, {**PET, "title": "Other"}], True),
        ([PET, PET], False),
        ([{"allOf": [NAMED]}, {"allOf": [NAMED], "title": "Other"}], False),
    ],
    ids=["two that fit", "one stated twice", "a discriminator inherited"],
)
def test_branches_that_fit_together(branches: list[dict[str, Any]], told_apart: bool) -> None:
    faults = json_body({"oneOf": branches}, '{"kind": "a"}')
    assert bool(faults) is told_apart
    assert json_body({"oneOf": branches}, '{"kind": 5}')


def test_null_needs_the_type_null_in_a_modern_document() -> None:
    assert json_body({"type": "string", "nullable": True}, "null")
    assert not json_body({"type": ["string", "null"]}, "null")


def test_what_is_beyond_the_validator_is_not_judged() -> None:
    with pytest.raises(UnjudgedError):
        json_body({"type": "string", "pattern": "("}, '"a"')
