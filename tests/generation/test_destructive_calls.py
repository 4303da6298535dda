"""Calls that destroy more than a test made are written only when they are asked for by name."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan
from pe4king_core.openapi import load
from tests.generation.test_flows import ID, cases, operation, takes

KEY = {"type": "http", "scheme": "bearer"}


def models(paths: dict[str, Any], **plan: Any) -> tuple[TestModel, ...]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "security": [{"key": []}],
        "components": {"securitySchemes": {"key": KEY}},
    }
    return generate(load(yaml.safe_dump(document), "file:///t.yaml"), TestPlan(**plan))


def written(method: str, path: str, stated: dict[str, Any], **plan: Any) -> int:
    found = models({path: {method: stated}}, **plan)
    return sum(len(model.cases) for model in found)


SHUTDOWN = operation("202", operationId="stopIt", responses={"202": {}, "401": {}})


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("delete", "/admin/orders", "deleteOrders"),
        ("post", "/admin/shutdown", "stop"),
        ("post", "/admin/shut-down", "stop"),
        ("post", "/cache", "purgeCache"),
        ("post", "/logout", "leave"),
        ("get", "/session/log-out", "leave"),
        ("post", "/tokens/revoke", "take"),
        ("put", "/users/me/password", "setPassword"),
        ("patch", "/user/password", "password"),
        ("post", "/auth/change-password", "password"),
        ("put", "/account/password-change", "password"),
    ],
)
def test_no_test_of_such_a_call_is_written(method: str, path: str, name: str) -> None:
    stated = {**SHUTDOWN, "operationId": name}
    assert written(method, path, stated) == 0
    [told] = [item for model in models({path: {method: stated}}) for item in model.not_provable]
    assert told.operation == f"{method.upper()} {path}"
    assert "--operation" in told.reason.en
    assert "--operation" in told.reason.ru


def test_the_summary_tells_as_well() -> None:
    assert written("post", "/jobs/all", {**SHUTDOWN, "summary": "Terminate everything"}) == 0
    assert written("post", "/jobs/all", {**SHUTDOWN, "summary": "Start everything"}) > 0


def test_one_of_the_services_is_not_restarted_either() -> None:
    service = {"name": "service", "in": "path", "required": True, "schema": {"enum": ["db"]}}
    stated = {**SHUTDOWN, "parameters": [service]}
    assert written("post", "/services/{service}/restart", stated) == 0
    assert written("post", "/services/{service}/check", stated) > 1


def test_it_is_written_when_it_is_named() -> None:
    assert written("post", "/admin/shutdown", SHUTDOWN, operations=frozenset({"stopIt"})) > 1
    stated = {**SHUTDOWN, "operationId": "deleteOrders"}
    named = frozenset({"DELETE /orders"})
    [model] = models({"/orders": {"delete": stated}}, operations=named)
    assert "deleteOrders.positive" in [case.id for case in model.cases]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/orders/reset", "readReset"),
        ("post", "/drops", "createDrop"),
        ("post", "/password/forgotten", "forgotPassword"),
        ("post", "/orders", "createOrder"),
        ("put", "/settings", "putSettings"),
        ("put", "/settings/password-policy", "putPolicy"),
    ],
)
def test_other_calls_are_written(method: str, path: str, name: str) -> None:
    assert written(method, path, {**SHUTDOWN, "operationId": name}) > 1


def test_what_the_test_has_made_may_be_destroyed() -> None:
    paths = {
        "/vms": {"post": operation("201", {"id": ID}, requestBody=takes({"size": ID}))},
        "/vms/{vmId}": {"delete": operation("204")},
        "/vms/{vmId}/terminate": {"post": operation("200")},
    }
    found = cases(paths)
    assert "POST /vms/{vmId}/terminate.positive" in found
    assert "DELETE /vms/{vmId}.positive" in found
