"""pytest output: readable, deterministic, and nothing in a document can leave its quotes."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import Labels, TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.operation import ParameterIn, SchemeKind, SecurityScheme
from pe4king_core.openapi import load
from pe4king_core.rendering.format import environment_name
from pe4king_core.rendering.formats import formats
from pe4king_core.rendering.python.text import comment, docstring, identifier, string

FORMAT = formats()["pytest"]
NASTY = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    '\\"',
    "\n",
    "\r\nimport os\n",
    "*/",
    "${x}",
    "{x}",
    "{{ x }}",
    "{% x %}",
    "#",
    "\\u0022",
    "\x00",
    "\u2028",
    "\u202e",
    "ключ 😀",
    '");__import__("os").system("x");("',
    "%s%d",
    "\ud800",
]

DOCUMENT = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: "https://pets.example/v1"}]
paths:
  /pets/{petId}:
    put:
      operationId: replacePet
      summary: Replace a pet
      tags: [pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: dry, in: query, required: true, schema: {type: boolean}, example: true}
        - {name: X-Trace, in: header, required: true, schema: {type: string}, example: abc}
        - {name: theme, in: cookie, required: true, schema: {type: string}, example: dark}
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [colour], properties: {colour: {type: string}}}
            example: {colour: brown}
      responses:
        "200":
          description: done
          content:
            application/json:
              schema: {type: object, required: [colour], properties: {colour: {type: string}}}
        "422": {description: wrong}
"""


def model(text: str = DOCUMENT, **plan: object) -> TestModel:
    [made] = generate(load(text, "file:///pets.yaml"), TestPlan(**plan))  # type: ignore[arg-type]
    return made


def positive() -> TestModel:
    return model(kinds=frozenset({CaseKind.POSITIVE}), behavioural=False)


def test_a_test_reads_as_arrange_act_assert() -> None:
    assert (
        FORMAT.render(positive(), TestStyle()).text
        == '''\
"""pets: tests of Pets, written by Pe4King."""

import allure

pytestmark = allure.feature("pets")


@allure.story("PUT /pets/{petId}")
@allure.title("Replace a pet: returns 200")
def test_replace_pet_returns_200(api):
    # Arrange
    payload = {"colour": "brown"}

    # Act
    response = api.put(
        "/pets/1",
        params={"dry": True},
        headers={"X-Trace": "abc", "Cookie": "theme=dark"},
        json=payload,
    )

    # Assert
    assert response.status_code == 200
    assert response.headers.get("content-type", "").startswith("application/json")
    body = response.json()
    assert isinstance(body, dict)
    assert "colour" in body
    assert isinstance(body["colour"], str)
'''
    )


def test_negative_tests_show_only_what_they_change() -> None:
    text = FORMAT.render(model(behavioural=False), TestStyle(allure=False)).text
    assert 'def replace_pet_payload():\n    return {"colour": "brown"}\n' in text
    assert '    payload = replace_pet_payload()\n    del payload["colour"]\n' in text
    assert "allure" not in text


def test_requests_writes_booleans_as_the_wire_wants_them() -> None:
    assert 'params={"dry": "true"}' in FORMAT.render(positive(), TestStyle(client="requests")).text


def test_classes_hold_methods() -> None:
    tree = ast.parse(FORMAT.render(model(), TestStyle(classes=True)).text)
    [group] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert group.name == "TestPets"
    methods = [node for node in group.body if isinstance(node, ast.FunctionDef)]
    assert len(methods) == len(group.body) > 3
    assert all(method.name.startswith("test_") for method in methods)
    assert all(method.args.args[0].arg == "self" for method in methods)


def test_labels_of_every_test_stand_once_at_the_top() -> None:
    made = model()
    labels = Labels(feature="Pets", owner="anna", severity="critical")
    cases = tuple(replace(case, labels=labels) for case in made.cases)
    text = FORMAT.render(replace(made, cases=cases), TestStyle()).text
    assert text.count("allure.feature") == 1
    assert (
        'pytestmark = [\n    allure.feature("Pets"),\n    allure.severity("critical"),\n'
        '    allure.label("owner", "anna"),\n]\n'
    ) in text


def test_labels_of_some_tests_stand_above_them() -> None:
    made = model()
    first, *rest = (replace(case, labels=Labels(feature="Pets")) for case in made.cases)
    first = replace(first, labels=Labels(feature="Pets", severity="critical"))
    text = FORMAT.render(replace(made, cases=(first, *rest)), TestStyle()).text
    assert 'pytestmark = allure.feature("Pets")\n' in text
    assert text.count('@allure.severity("critical")\n@allure.story(') == 1


def test_a_test_alone_carries_its_labels() -> None:
    case = replace(positive().cases[0], labels=Labels(feature="Pets"))
    made = FORMAT.render_case(case, TestStyle())
    assert made.code.startswith('@allure.feature("Pets")\n@allure.story(')
    assert made.imports == {"allure"}


def test_kinds_are_markers() -> None:
    known = DOCUMENT.replace("minimum: 1}", "enum: [1]}")
    text = FORMAT.render(model(known), TestStyle()).text
    assert "@pytest.mark.negative\ndef test_replace_pet_rejects" in text
    assert "@pytest.mark.behaviour\ndef test_replace_pet_returns_what_was_sent" in text
    plain = TestStyle(allure=False, markers=False)
    assert "pytest" not in FORMAT.render(model(known), plain).text


@pytest.mark.slow
@pytest.mark.parametrize("alone", [False, True])
def test_what_a_test_cannot_make_is_asked_for(alone: bool, tmp_path: Path) -> None:
    made = model()
    case = next(case for case in made.cases if case.law == "existing-data")
    text = FORMAT.render(made, TestStyle(allure=False)).text
    if alone:
        rendered = FORMAT.render_case(case, TestStyle(allure=False))
        text = "".join(f"import {name}\n" for name in sorted(rendered.imports)) + rendered.code
    fixture = "import pytest\n\n@pytest.fixture\ndef api():\n    raise LookupError('asked')\n"
    (tmp_path / "conftest.py").write_text(fixture)
    (tmp_path / "test_pets.py").write_text(text)
    asked = f"test_pets.py::test_{case.name}"
    assert "API_EXISTING_DATA=1" in run_one(asked, tmp_path, {})
    assert "LookupError: asked" in run_one(asked, tmp_path, {"API_EXISTING_DATA": "1"})


def run_one(test: str, folder: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:asyncio", "-p", "no:cacheprovider", "-rs"]
    known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [*command, test], cwd=folder, env=known | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.stdout


def test_rendering_is_deterministic() -> None:
    assert FORMAT.render(model(), TestStyle()) == FORMAT.render(model(), TestStyle())


def test_support_takes_credentials_from_the_environment() -> None:
    schemes = [
        SecurityScheme("apiKey", SchemeKind.API_KEY, ParameterIn.QUERY, "key"),
        SecurityScheme("bearerAuth", SchemeKind.BEARER),
        SecurityScheme("basic-auth", SchemeKind.BASIC),
        SecurityScheme("session", SchemeKind.API_KEY, ParameterIn.COOKIE, "sid"),
        SecurityScheme("other", SchemeKind.OTHER),
    ]
    for client in ("httpx", "requests"):
        [conftest, requirements] = FORMAT.support([model()], schemes, TestStyle(client=client))
        compile(conftest.text, "conftest.py", "exec")
        for name in ("API_KEY", "API_BEARER_AUTH", "API_BASIC_AUTH", "API_SESSION"):
            assert f'"{name}"' in conftest.text
        assert "such as https://pets.example/v1" in conftest.text
        assert 'os.environ.get("API_BASE_URL", "")' in conftest.text, "no live API by default"
        assert client in requirements.text.splitlines()


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_text_stays_inside_strings_and_comments(text: str) -> None:
    assert ast.literal_eval(string(text)) == text
    assert "\n" not in comment(text)
    tree = ast.parse(docstring(text))
    assert isinstance(tree.body[0], ast.Expr)
    assert len(tree.body) == 1
    assert identifier(text).isidentifier()


@pytest.mark.parametrize("text", [t for t in NASTY if t != "\ud800"], ids=range(len(NASTY) - 1))
def test_a_hostile_document_cannot_write_code(text: str) -> None:
    document = json.loads(json.dumps(load_raw()))
    operation = document["paths"].pop("/pets/{petId}")["put"]
    operation |= {"operationId": text, "summary": text, "description": text, "tags": [text]}
    operation["parameters"][0]["name"] = "id"
    operation["parameters"][1] |= {
        "name": text or "x",
        "schema": {"type": "string"},
        "example": text,
    }
    media = operation["requestBody"]["content"]["application/json"]
    media["schema"]["properties"][text] = {"type": "string", "enum": [text], "minLength": 1}
    media["schema"]["required"] = [text]
    media["example"] = {text: text}
    operation["responses"]["200"]["content"]["application/json"]["schema"] = media["schema"]
    document["info"]["title"] = text
    document["paths"][f"/a{text}/{{id}}"] = {"put": operation}
    for made in generate(load(json.dumps(document), "file:///x.json"), TestPlan()):
        for style in (TestStyle(), TestStyle(client="requests", classes=True)):
            tree = ast.parse(FORMAT.render(made, style).text)
            first, *rest = tree.body
            assert isinstance(first, ast.Expr)
            assert isinstance(first.value, ast.Constant)
            for node in rest:
                allowed = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
                assert isinstance(node, allowed | ast.Assign)
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert "__import__" not in names
            asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
            of_system = [node.attr for node in asked if ast.unparse(node.value) == "os"]
            assert set(of_system) <= {"environ"}
            assert len(of_system) == sum(
                isinstance(node, ast.Name) and node.id == "os" for node in ast.walk(tree)
            )


def load_raw() -> object:
    from fast_yaml import safe_load

    return safe_load(DOCUMENT)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("apiKey", "API_KEY"),
        ("bearerAuth", "API_BEARER_AUTH"),
        ("OAuth2", "API_OAUTH2"),
        ("ключ", "API_KLYUCH"),
        ("токен", "API_TOKEN"),
    ],
)
def test_credentials_have_a_variable_that_every_shell_takes(name: str, variable: str) -> None:
    assert environment_name(SecurityScheme(name, SchemeKind.BEARER)) == variable


def test_names_that_cannot_be_spelled_are_told_apart() -> None:
    names = {environment_name(SecurityScheme(n, SchemeKind.BEARER)) for n in ("鍵", "印", "API")}
    assert len(names) == 3
    assert all(name.isascii() and name.isidentifier() for name in names)
