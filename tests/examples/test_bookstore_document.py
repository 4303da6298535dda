"""The bookstore's document is a valid OpenAPI 3.1 document, and so are its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bookstore_contract import Contract, examples_of, token
from jsonschema import Draft202012Validator


def nodes(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for name, one in value.items():
            yield from nodes(one, f"{pointer}/{token(str(name))}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from nodes(one, f"{pointer}/{index}")


def described_values(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that has a schema and may have examples beside it."""
    for pointer, node in nodes(contract.document):
        if isinstance(node, dict) and "schema" in node:
            yield pointer, node


def schemas(contract: Contract) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in contract.document["components"]["schemas"].items():
        yield f"/components/schemas/{name}", schema
    for pointer, node in described_values(contract):
        yield f"{pointer}/schema", node["schema"]


def test_head(contract: Contract) -> None:
    document = contract.document
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Bookstore API"
    assert document["info"]["version"]
    assert [server["url"] for server in document["servers"]] == ["http://127.0.0.1:8765/v1"]


def test_keys_are_strings(contract: Contract) -> None:
    keys = [key for _, node in nodes(contract.document) if isinstance(node, dict) for key in node]
    assert all(isinstance(key, str) for key in keys)


def test_references_lead_somewhere(contract: Contract) -> None:
    references = [node["$ref"] for _, node in nodes(contract.document) if _is_reference(node)]
    assert references
    for reference in references:
        assert reference.startswith("#/components/")
        assert contract.at(reference.removeprefix("#")) is not None


def test_components_are_used(contract: Contract) -> None:
    text = [str(value) for _, value in nodes(contract.document) if isinstance(value, str)]
    for section in ("schemas", "parameters", "responses", "headers"):
        for name in contract.document["components"][section]:
            assert f"#/components/{section}/{name}" in text


def test_operations(contract: Contract) -> None:
    paths = contract.document["paths"]
    written = sum(name in item for item in paths.values() for name in ("get", "put", "post"))
    assert len(contract.operations) == written + 1
    tags = {tag["name"] for tag in contract.document["tags"]}
    schemes = set(contract.document["components"]["securitySchemes"])
    for operation in contract.operations.values():
        node = contract.at(operation.pointer)
        assert set(node["tags"]) <= tags
        assert set(operation.schemes) <= schemes
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation.responses)
        assert all(response["description"] for response in operation.responses.values())
        assert node["summary"]


def test_path_parameters_match_the_templates(contract: Contract) -> None:
    for operation in contract.operations.values():
        places = [(one["in"], one["name"]) for one in operation.parameters]
        assert len(set(places)) == len(places)
        declared = {one["name"] for one in operation.parameters if one["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", operation.path))
        assert all(one["required"] for one in operation.parameters if one["in"] == "path")


def test_statuses_have_one_role(contract: Contract) -> None:
    for operation in contract.operations.values():
        statuses = set(operation.responses)
        assert ("422" in statuses) == ("415" in statuses) == (operation.body is not None)
        assert ("401" in statuses) == bool(operation.schemes)
        assert ("400" in statuses) == bool(operation.parameters or operation.body)


def test_links_lead_to_operations(contract: Contract) -> None:
    links = {one.id: one.links for one in contract.operations.values() if one.links}
    assert {name: set(targets) for name, targets in links.items()} == {
        "createBook": {"getBook", "replaceBook", "deleteBook"},
        "createCustomer": {"getCustomer"},
        "createOrder": {"getOrder", "cancelOrder"},
    }
    for targets in links.values():
        for link in targets.values():
            target = contract.operations[link["operationId"]]
            assert set(link["parameters"]) <= {one["name"] for one in target.parameters}
            assert set(link["parameters"].values()) == {"$response.body#/id"}


def test_discriminators_lead_to_their_branches(contract: Contract) -> None:
    found = [node for _, node in nodes(contract.document) if _has_discriminator(node)]
    assert found
    for node in found:
        branches = [branch["$ref"] for branch in node["oneOf"]]
        assert list(node["discriminator"]["mapping"].values()) == branches
        for value, reference in node["discriminator"]["mapping"].items():
            branch = contract.at(reference.removeprefix("#"))
            assert branch["properties"]["type"]["const"] == value
            assert "type" in branch["required"]


def test_schemas_are_json_schema_2020_12(contract: Contract) -> None:
    for pointer, schema in schemas(contract):
        Draft202012Validator.check_schema(schema)
        for _, node in nodes(schema):
            assert not (isinstance(node, dict) and "nullable" in node), pointer


def test_required_properties_are_described(contract: Contract) -> None:
    for _, schema in schemas(contract):
        for pointer, node in nodes(schema):
            if isinstance(node, dict) and isinstance(node.get("required"), list):
                inherited = "/allOf/" in pointer
                assert inherited or set(node["required"]) <= set(node.get("properties", {}))


def test_request_bodies_are_closed(contract: Contract) -> None:
    for operation in contract.operations.values():
        if operation.body is not None:
            schema = contract.resolve(operation.body["content"]["application/json"]["schema"])
            assert schema["additionalProperties"] is False


def test_examples_keep_to_their_schemas(contract: Contract) -> None:
    checked = 0
    for pointer, node in described_values(contract):
        for example in examples_of(node):
            assert contract.errors(f"{pointer}/schema", example) == [], pointer
            checked += 1
    assert checked > 20


def test_examples_inside_schemas_are_valid(contract: Contract) -> None:
    checked = 0
    for start, schema in schemas(contract):
        for pointer, node in nodes(schema, start):
            for value in _own_values(node):
                assert contract.errors(pointer, value) == [], pointer
                checked += 1
    assert checked > 10


@pytest.mark.parametrize("location", ["path", "query", "header"])
def test_every_parameter_has_an_example(contract: Contract, location: str) -> None:
    parameters = [
        one
        for operation in contract.operations.values()
        for one in operation.parameters
        if one["in"] == location
    ]
    assert parameters
    assert all(examples_of(one) for one in parameters)


def _is_reference(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("$ref"), str)


def _has_discriminator(node: Any) -> bool:
    return isinstance(node, dict) and "discriminator" in node


def _own_values(node: Any) -> list[Any]:
    """The values of `examples` and `default` of a schema."""
    if not isinstance(node, dict) or not ({"type", "$ref"} & set(node)):
        return []
    examples = node["examples"] if isinstance(node.get("examples"), list) else []
    return [*examples, node["default"]] if "default" in node else examples
