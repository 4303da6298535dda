"""Whether a text is an OpenAPI document: by its top level, in any notation."""

from __future__ import annotations

import json

import pytest

from pe4king_core.openapi import is_openapi

LONG = "x" * 70_000


@pytest.mark.parametrize(
    "text",
    [
        "openapi: 3.1",
        "'openapi': '3.0.0'\n",
        '"openapi" : "3.1.0"',
        "\ufeffopenapi: 3.0.0",
        "# comment\n\nopenapi: 3.0.0",
        "%YAML 1.2\n---\nopenapi: 3.0.0",
        "--- # start\nopenapi: 3.1.0",
        "info: {}\nopenapi: 3.0.0",
        "  openapi: 3.0.0\n  info: {}",
        "  info: {}\n  openapi: 3.0.0",
        "openapi: &version 3.0.3\n",
        "openapi: !!str 3.0\n",
        "info: x\r\nopenapi: 3.0.0\r\n",
        "info: x\ropenapi: 3.0.0\r",
        "{openapi: 3.0.0, info: {}}",
        "# comment\n{openapi: 3.0.0}",
        "---\n{'openapi': '3.0.0'}",
        "--- {openapi: 3.0.0}",
        "{\n# it's a \"comment\nopenapi: 3.0.0}",
        '\ufeff\n{"openapi":"3.0.0"}',
        '{"a": {"b": "}"},\n "swagger" : "2.0"}',
        json.dumps({"a": LONG, "openapi": "3.0.0", "paths": {}}),
        json.dumps({"a": LONG, "openapi": "3.0.0", "paths": {}}, indent=1),
        '{"a": "' + LONG + '", "openapi":"3.0.0", "paths": {',
    ],
)
def test_a_document(text):
    assert is_openapi(text)


@pytest.mark.parametrize(
    "text",
    [
        "openapi",
        "openapi: x",
        "# openapi: 3.0.0\n",
        "a:\n  openapi: 3.0.0",
        "- openapi: 3.0.0",
        "a: |\n  openapi: 3.0.0\n",
        "a: 1\n---\nopenapi: 3.0.0",
        "{a: {openapi: 3.0.0}}",
        '{"a": {"openapi": "3.0.0"}}',
        '{"a": "openapi", "b": "3"}',
        '{"a": "\\"openapi\\": \\"3.0.0\\""}',
        '{"a": 1}\n{"openapi": "3.0.0"}',
        '[{"openapi":"3.0.0"}]',
        json.dumps({"a": LONG, "b": {"openapi": "3.0.0", "paths": {}}}),
        json.dumps({"a": LONG, "b": {"openapi": "3.0.0", "paths": {}}}, indent=1),
    ],
)
def test_no_document(text):
    assert not is_openapi(text)


def test_real_documents(shared_specs):
    for entry in json.loads((shared_specs / "manifest.json").read_text(encoding="utf-8")):
        text = (shared_specs / entry["file"]).read_bytes().decode("utf-8", "replace")
        if entry["version"] != "unreadable":
            assert is_openapi(text) is (entry["version"] != "fragment"), entry["file"]
