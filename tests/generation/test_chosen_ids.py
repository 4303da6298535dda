"""Ids that the client chooses are known without any answer: a path of PUT, a name that is sent."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pe4king_core.generation.flows.api_map import ApiMap
from pe4king_core.generation.resources.chosen import names_item
from pe4king_core.model.fact import Basis, CaseKind, Equals, RequestValue, ResponseValue
from pe4king_core.openapi import load
from tests.generation.test_flows import ID, calls, cases, operation, takes

NAME = {"type": "string"}
TENANTS = {
    "/tenants": {"post": operation("200", requestBody=takes({"name": NAME}))},
    "/tenants/{tenant_name}": {
        "get": operation(answer={"name": NAME}),
        "delete": operation("204"),
    },
    "/tenants/{tenant}/rooms": {"get": operation()},
}


def puts(**more: Any) -> dict[str, Any]:
    """A PUT that answers 201 where it creates."""
    made = operation("200", **more)
    made["responses"]["201"] = {"description": "made"}
    return made


BUCKETS = {
    "/buckets": {"post": operation("201")},
    "/buckets/{id}": {"put": puts(), "get": operation(), "delete": operation("204")},
    "/buckets/{bucket_id}/items/{id}": {"put": puts(), "get": operation()},
}


def test_a_name_that_was_sent_leads_to_what_was_made() -> None:
    found = cases(TENANTS)
    case = found["GET /tenants/{tenant_name}.positive"]
    assert calls(case) == ["POST /tenants"]
    name = RequestValue("/name", "POST /tenants")
    assert case.request.path_parameters == {"tenant_name": name}
    sent = case.given[0].request.body
    assert sent is not None
    assert "{unique}" in sent.unique["/name"]
    assert (case.basis, case.law) == (Basis.LAW, "create-then-use")
    removal = case.given[0].clean_up
    assert removal is not None
    assert removal.request.path_parameters == {"tenant_name": name}
    below = found["GET /tenants/{tenant}/rooms.positive"]
    assert below.request.path_parameters == {"tenant": name}


def test_what_is_read_has_the_name_that_was_sent() -> None:
    case = cases(TENANTS)["GET /tenants/{tenant_name}.positive.create-then-read"]
    [fact] = case.assertions
    assert fact.check == Equals(RequestValue("/name", "POST /tenants"))


def test_put_makes_what_is_at_its_path() -> None:
    found = cases(BUCKETS)
    case = found["GET /buckets/{bucket_id}/items/{id}.positive"]
    assert calls(case) == ["PUT /buckets/{id}", "PUT /buckets/{bucket_id}/items/{id}"]
    bucket = RequestValue("", "PUT /buckets/{id}", "id")
    assert case.request.path_parameters == {
        "bucket_id": bucket,
        "id": RequestValue("", "PUT /buckets/{bucket_id}/items/{id}", "id"),
    }
    assert [step.status for step in case.given] == [201, 201]
    assert case.given[1].request.path_parameters["bucket_id"] == bucket
    assert case.basis is Basis.DOCUMENT, "PUT makes something at the path it is sent to"


def test_what_a_put_under_test_makes_is_removed() -> None:
    case = cases(BUCKETS)["PUT /buckets/{id}.positive"]
    assert (case.given, list(case.request.unique)) == ((), ["id"])
    assert case.clean_up is not None
    made = RequestValue("", case.call, "id")
    assert case.clean_up.request.path_parameters == {"id": made}


def test_what_is_made_is_removed_by_the_name_that_was_really_sent() -> None:
    tenants = TENANTS | {
        "/tenants": {
            "post": operation(
                "200",
                requestBody={
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["size"],
                                "properties": {"name": NAME, "size": {"type": "integer"}},
                            },
                            "example": {"name": "Example", "size": 3},
                        }
                    }
                },
            )
        }
    }
    removed_by: set[str] = set()
    for case in cases(tenants).values():
        sent = case.request.body
        if case.operation.key != "POST /tenants" or case.kind is CaseKind.NEGATIVE or sent is None:
            continue
        if not isinstance(sent.value, dict) or "name" not in sent.value:
            assert case.clean_up is None, case.id
            removed_by.add("nothing")
            continue
        assert case.clean_up is not None, case.id
        new = "/name" in sent.unique
        name = RequestValue("/name", case.call) if new else sent.value["name"]
        assert case.clean_up.request.path_parameters == {"tenant_name": name}, case.id
        removed_by.add("new name" if new else "fixed name")
    assert removed_by == {"nothing", "new name", "fixed name"}


def test_a_promised_id_is_better_than_a_name() -> None:
    posting = operation("201", {"id": ID}, requestBody=takes({"id": NAME}))
    found = cases({"/shops": {"post": posting}, "/shops/{id}": {"get": operation()}})
    given = found["GET /shops/{id}.positive"].request.path_parameters
    assert given == {"id": ResponseValue("POST /shops", "/id")}


def test_a_name_is_no_id() -> None:
    posting = operation("201", requestBody=takes({"name": NAME}))
    found = cases({"/shops": {"post": posting}, "/shops/{id}": {"get": operation()}})
    assert found["GET /shops/{id}.positive"].given == ()


@pytest.mark.parametrize(
    ("field", "parameter", "same"),
    [
        ("name", "tenant_name", True),
        ("name", "tenant", True),
        ("tenantName", "name", True),
        ("id", "tenant-id", True),
        ("id", "tenant", True),
        ("name", "id", False),
        ("name", "database_name", False),
        ("title", "tenant", False),
    ],
)
def test_fields_that_name_what_is_made(field: str, parameter: str, same: bool) -> None:
    assert names_item(field, parameter, ("tenant",)) is same


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/users/{username}", "username"),
        ("/labels/{name}", "name"),
        ("/org-secrets/{secret_name}", "secret_name"),
        ("/org-secrets/{org_secret_name}", "org_secret_name"),
        ("/memberships/{username}", ""),
        ("/teams/{team}/repositories/{owner}", ""),
    ],
)
def test_put_does_not_make_what_another_resource_is(path: str, key: str) -> None:
    document = load(
        yaml.safe_dump(
            {
                "openapi": "3.1.0",
                "info": {"title": "T", "version": "1"},
                "paths": {path: {"put": operation("201")}},
            }
        ),
        "file:///t.yaml",
    )
    [put] = document.operations
    assert ApiMap([put]).key_of_put(put) == key


def test_an_optional_name_is_sent_where_items_are_found_by_it() -> None:
    body = takes({"kind": {"enum": ["Pod"]}})
    body["content"]["application/json"]["schema"]["properties"]["name"] = NAME
    posting = puts(requestBody=body)
    found = cases({"/pods": {"post": posting}, "/pods/{name}": {"get": operation()}})
    case = found["GET /pods/{name}.positive"]
    name = RequestValue("/name", "POST /pods")
    assert case.request.path_parameters == {"name": name}
    assert case.given[0].status == 201, "200 is for what is there already"
    sent = case.given[0].request.body
    assert sent is not None
    assert sent.unique == {"/name": "sample-pod-{unique}"}


def test_a_name_that_servers_choose_is_not_sent() -> None:
    body = {"content": {"application/json": {"schema": {"properties": {"id": NAME}}}}}
    posting = operation("201", requestBody=body)
    found = cases({"/pods": {"post": posting}, "/pods/{id}": {"get": operation()}})
    assert found["GET /pods/{id}.positive"].given == ()


def test_what_is_made_elsewhere_is_used_where_there_is_no_collection() -> None:
    spaces = {
        "/spaces": {"post": operation("201", {"id": ID})},
        "/spaces/{id}": {"get": operation()},
    }
    below = {"/v2/spaces/{space_id}/pods": {"get": operation()}}
    found = cases(spaces | below)
    assert calls(found["GET /v2/spaces/{space_id}/pods.positive"]) == ["POST /spaces"]
    own = {"/v2/spaces": {"patch": operation("204")}}
    assert calls(cases(spaces | below | own)["GET /v2/spaces/{space_id}/pods.positive"]) == []


def test_an_item_is_found_by_id_as_the_path_says() -> None:
    pods = {
        "/pods": {"post": operation("201", {"id": ID})},
        "/pods/by-id/{pod_id}": {"get": operation()},
    }
    assert calls(cases(pods)["GET /pods/by-id/{pod_id}.positive"]) == ["POST /pods"]
