"""Hostile documents as pytest files: what comes out is clean for ruff, and does what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import OwnTests, TestPlan, TestStyle
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from pe4king_core.rendering.python.fit import fitted
from pe4king_core.rendering.python.payloads import assignment, changes
from pe4king_core.rendering.python.text import identifier, string

FORMAT = formats()["pytest"]
STYLES = (
    TestStyle(),
    TestStyle(client="requests", classes=True),
    TestStyle(own=OwnTests(client="client", prefix='/it"s', sections=False, support=False)),
)
HOSTILE = [
    '"',
    "it's",
    '"""',
    "\\",
    "ends with \\",
    'ends with "',
    "\r\nimport os\n",
    "*/ ${x} {x} {{ x }} {% x %}",
    "# not a comment",
    "\\u0022",
    "\x00\x1b[31m",
    "\u2028\u202e\u200b",
    "ключ 😀 日本語 é",
    "%s%d{0}",
    "uuid4() Decimal(1) last_segment(x)",
    "a very long name " * 8,
    "日本語の名前" * 12,
    "CamelCaseName" * 9,
    "test_of_something",
    "response",
    "payload",
]


def document(text: str) -> str:
    """A document with `text` wherever a document has texts."""
    value = {"type": "string", "enum": [text, "other"], "description": text, "example": text}
    schemas = {
        "Thing": {
            "type": "object",
            "required": [text, "deep"],
            "properties": {
                text: value,
                "deep": {
                    "type": "object",
                    "required": [text],
                    "properties": {
                        text: {
                            "type": "array",
                            "uniqueItems": True,
                            "items": {"$ref": "#/components/schemas/Thing"},
                        }
                    },
                },
                "email": {"type": "string", "format": "email"},
            },
        }
    }
    thing = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    answers = {
        "200": {"description": text, "content": thing, "headers": {"X-A": {"schema": value}}},
        "400": {"description": text, "content": thing},
    }
    named = {"name": text, "in": "query", "required": True, "schema": value}
    item = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    body = {"required": True, "content": thing}
    about = {"summary": text, "tags": [text], "responses": answers}
    many = [{**named, "name": f"{text}{number}"} for number in range(3)]
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": text, "version": "1"},
            "paths": {
                "/things": {
                    "post": {**about, "operationId": text, "requestBody": body},
                    "get": {**about, "operationId": f"{text} all", "parameters": many},
                },
                "/things/{id}": {
                    "put": {**about, "parameters": [item, named], "requestBody": body},
                    "delete": {"parameters": [item], "responses": {"204": {"description": text}}},
                },
            },
            "components": {"schemas": schemas},
        }
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hostile")
    for number, text in enumerate(HOSTILE):
        models = generate(load(document(text), "file:///x.json"), TestPlan())
        for which, style in enumerate(STYLES):
            for index, model in enumerate(models):
                code = FORMAT.render(model, style).text
                name = f"test_{number}_{index}_{which}.py"
                (made / name).write_text(code, encoding="utf-8")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("command", [["check"], ["format", "--diff"]], ids=["check", "format"])
def test_ruff_has_nothing_to_say(folder: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[-500:]


def test_every_file_compiles(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert len(files) >= len(STYLES) * len(HOSTILE)
    for file in files:
        compile(file.read_text(encoding="utf-8"), file.name, "exec")


def test_a_field_named_self_does_not_hide_the_instance() -> None:
    def holding(name: str, member: Any) -> dict[str, Any]:
        return {"type": "object", "required": [name], "properties": {name: member}}

    link = holding("href", {"type": "string", "format": "uri"})
    answer = holding("_links", holding("self", link))
    content = {"application/json": {"schema": answer}}
    get = {"responses": {"200": {"description": "found", "content": content}}}
    stated = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": get}},
    }
    [model] = generate(load(json.dumps(stated), "file:///x.json"), TestPlan())
    code = FORMAT.render(model, TestStyle(classes=True)).text
    assert 'self_ = body["_links"]["self"]' in code


def test_lone_surrogates_are_escaped() -> None:
    assert string("a\ud800b") == '"a\\ud800b"'


@pytest.mark.parametrize(
    "text", ["ﬁle", "file", "Straße", "İ", "名前", "1st", "class", "", "a b", "__", "é", "e\u0301"]
)
def test_names_are_as_python_reads_them(text: str) -> None:
    name = identifier(text)
    namespace: dict[str, int] = {}
    exec(f"{name} = 1", namespace)
    assert name in namespace


@pytest.mark.parametrize(
    ("base", "value"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": [1, {"5": 2}]}, {"a": [1, {"5": None}]}),
        ({"5": {"6": 1}}, {"5": {"6": 2}}),
        ({"a": 1, "b": 2}, {"b": 2, "c": {"d": "x" * 300}}),
        ({"a b": {'"': {"'": {"\\": 1}}}}, {"a b": {'"': {"'": {"\\": "\n"}}}}),
        (
            {"a": {"b" * 30: {"c" * 30: {"d" * 30: 1}}}},
            {"a": {"b" * 30: {"c" * 30: {"d" * 30: 2}}}},
        ),
        ({"a": [1]}, {"a": [1, 2]}),
        ({"a": [1]}, {"a": []}),
    ],
)
def test_changes_make_one_value_of_the_other(base: object, value: object) -> None:
    lines = changes(base, value, "payload", {}, 84)  # type: ignore[arg-type]
    assert lines
    namespace = {"payload": json.loads(json.dumps(base))}
    exec("\n".join(lines), namespace)
    assert json.dumps(namespace["payload"], sort_keys=True) == json.dumps(value, sort_keys=True)


def test_many_changes_are_a_value_of_its_own() -> None:
    assert changes({}, {str(n): n for n in range(9)}, "payload", {}, 84) is None


def test_no_change_needs_no_statement() -> None:
    assert changes({"a": [1]}, {"a": [1]}, "payload", {}, 84) == []


@pytest.mark.parametrize(
    "statement",
    [
        f'assert "{"k" * 90}" in body',
        f"if {'a' * 60} == {'b' * 60}:",
        f'assert {"a" * 60}["x"] is None or {"b" * 60}',
        f"assert isinstance({'a' * 80}, (str, int))",
        f'name = body["{"k" * 90}"]',
        f"for item in {'a' * 90}:",
    ],
)
def test_wide_statements_say_the_same(statement: str) -> None:
    body = "\n    pass" if statement.endswith(":") else ""
    lines = fitted(statement, 0)
    made = compile("\n".join(lines) + body, "x", "exec", optimize=0)
    assert made.co_code == compile(statement + body, "x", "exec", optimize=0).co_code
    assert made.co_consts == compile(statement + body, "x", "exec", optimize=0).co_consts


def test_wide_values_are_put_in_parentheses() -> None:
    assert assignment('payload["a"]', "x y " * 20, 84) == (
        f'payload["a"] = (\n    "{"x y " * 20}"\n)'
    )
