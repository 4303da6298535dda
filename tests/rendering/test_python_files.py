"""What pytest files share: functions for schemas and answers, payloads, fixtures, clean-up."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pe4king_core.model.case import OwnTests, Request, Step, TestCase, TestModel, TestStyle
from pe4king_core.model.fact import CaseKind, ResponseValue
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from tests.conftest import ROOT
from tests.rendering.python_kit import (
    FORMAT,
    answering,
    models,
    module,
    positive_only,
    rendered,
)

RACKS = """
openapi: 3.1.0
info: {title: Library, version: "1"}
paths:
  /racks:
    post:
      operationId: createRack
      summary: Add a rack
      tags: [library]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewRack'}}}
      responses:
        "201": &rack
          description: one
          content: {application/json: {schema: {$ref: '#/components/schemas/Rack'}}}
  /racks/{rackId}:
    parameters: [&rackId {name: rackId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getRack
      tags: [library]
      responses: {"200": *rack, "404": {description: unknown}}
    delete: {operationId: dropRack, tags: [library], responses: {"204": {description: gone}}}
  /racks/{rackId}/books:
    parameters: [*rackId]
    get:
      operationId: listBooks
      tags: [library]
      parameters:
        - {name: sort, in: query, required: true, schema: {type: string, enum: [title, year]}}
        - {name: limit, in: query, required: true, schema: {type: integer, minimum: 1}}
        - {name: publisher, in: query, required: true, schema: {type: string, minLength: 9}}
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Book'}}
        "400": &problem
          description: wrong
          headers: {X-Request-Id: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
    post:
      operationId: createBook
      tags: [library]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}
      responses:
        "201": &book
          description: one
          content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}
        "400": *problem
  /racks/{rackId}/books/{bookId}:
    parameters: [*rackId, {name: bookId, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getBook
      tags: [library]
      responses: {"200": *book, "404": {description: unknown}}
    delete: {operationId: dropBook, tags: [library], responses: {"204": {description: gone}}}
components:
  schemas:
    NewRack:
      type: object
      required: [room]
      properties: {room: {type: string, maxLength: 20}}
    Rack:
      type: object
      required: [id, room, top]
      properties:
        id: {type: string, format: uuid}
        room: {type: string, maxLength: 20}
        top: {$ref: '#/components/schemas/Book'}
    NewBook:
      type: object
      required: [title, year]
      properties:
        title: {type: string, minLength: 1, maxLength: 80}
        year: {type: integer, minimum: 1450}
    Book:
      type: object
      required: [id, title, year, author]
      properties:
        id: {type: string, format: uuid}
        title: {type: string, minLength: 1, maxLength: 80}
        year: {type: integer, minimum: 1450}
        note: {type: [string, "null"], maxLength: 9}
        tags: {type: array, items: {type: string, pattern: '^[a-z]+$'}, maxItems: 3}
        author:
          type: object
          required: [name]
          properties: {name: {type: string}, born: {type: [string, "null"], format: date}}
    Problem:
      type: object
      required: [code, message]
      properties: {code: {type: string}, message: {type: string}}
"""

BOOK: dict[str, Json] = {
    "id": "7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01",
    "title": "Moby-Dick",
    "year": 1851,
    "note": "whale",
    "tags": ["sea"],
    "author": {"name": "Herman", "born": "1819-08-01"},
}


UNMARKED = TestStyle(allure=False, markers=False)


@pytest.fixture(scope="module")
def library() -> str:
    return rendered(RACKS)


def test_a_schema_is_asserted_by_one_function(library: str) -> None:
    assert library.count('assert 1 <= len(book["title"]) <= 80') == 1
    assert "    for book in body:\n        assert_book(book)\n" in library
    assert '    assert_book(rack["top"])\n' in library
    assert library.count("\ndef assert_book(book):\n") == 1


def test_a_schema_that_is_met_once_is_asserted_in_place() -> None:
    text = positive_only(RACKS.split("  /racks/{rackId}:", maxsplit=1)[0] + _components())
    assert "def assert_" not in text
    assert 'assert isinstance(body["room"], str)' in text


def _components() -> str:
    return RACKS[RACKS.index("components:") :]


def test_answers_of_many_tests_are_asserted_by_one_function(library: str) -> None:
    assert library.count('assert "X-Request-Id" in response.headers') == 1
    assert library.count("    assert_bad_request_response(response)\n") > 5


def test_patterns_of_formats_are_constants(library: str) -> None:
    assert library.count("UUID = re.compile(") == 1
    assert '    assert UUID.fullmatch(book["id"])\n' in library
    assert "DATE_TIME" not in library


def test_long_queries_are_made_by_one_function(library: str) -> None:
    assert library.count("def list_books_params():\n    return {") == 1
    assert '    params = list_books_params()\n    params["limit"] = 0\n' in library
    assert "params=list_books_params()" in library


def test_what_a_test_needs_is_made_by_a_fixture_and_removed(library: str) -> None:
    assert (
        '''\
@pytest.fixture
def created_rack(api):
    """A new rack (POST /racks), deleted again afterwards."""
    response = api.post("/racks", json=create_rack_payload())
    assert response.status_code == 201
    rack = response.json()
    yield rack
    api.delete(f"/racks/{quoted(rack['id'])}")
'''
        in library
    )
    assert "def created_book(api, created_rack):" in library
    assert (
        """\
def test_get_book_returns_200(api, created_rack, created_book):
    # Act
    response = api.get(
        f"/racks/{quoted(created_rack['id'])}/books/{quoted(created_book['id'])}"
    )
"""
        in library
    )


def test_what_a_test_makes_is_removed_even_if_it_fails(library: str) -> None:
    [test] = re.findall(r"def test_create_rack_returns_201.*?\n\n\n", library, re.DOTALL)
    assert test.startswith("def test_create_rack_returns_201(api, afterwards):")
    act, _, checks = test.partition("# Assert")
    assert (
        "    afterwards(lambda: api.delete(f\"/racks/{quoted(response.json()['id'])}\"))\n" in act
    )
    assert "afterwards" not in checks


def test_a_test_alone_has_everything_inside() -> None:
    [model] = models(RACKS)
    [case] = [case for case in model.cases if case.name == "get_book_returns_200"]
    made = FORMAT.render_case(case, TestStyle(allure=False))
    assert made.imports == {"re", "urllib.parse.quote"}
    assert made.code.startswith("def test_get_book_returns_200(api):\n    # Arrange\n")
    calls = re.findall(r"api\.(\w+)\(", made.code)
    assert calls == ["post", "post", "get", "delete", "delete"]
    assert "    # Clean up\n    api.delete(" in made.code
    assert '    assert 1 <= len(body["title"]) <= 80\n' in made.code


def test_tests_use_what_the_users_own_tests_use() -> None:
    own = OwnTests(
        client="client",
        anonymous_client="guest",
        prefix="/api/v1",
        sections=False,
        support=False,
    )
    text = rendered(RACKS, TestStyle(own=own, allure=False, markers=False))
    assert 'client.post("/api/v1/racks"' in text
    assert "f\"/api/v1/racks/{quoted(created_rack['id'])}\"" in text
    assert not re.search(r"\bapi\b[.,)]|# A", text)
    assert text.count("def afterwards():") == 1, "there is no conftest of ours to have it"


def values(mutated: Json) -> list[Json]:
    """`mutated` with each of its places of a wrong type, null, or left out."""
    found: list[Json] = []
    if isinstance(mutated, dict):
        for name in mutated:
            rest = {key: value for key, value in mutated.items() if key != name}
            found += [rest, *({**rest, name: inner} for inner in values(mutated[name]))]
    if isinstance(mutated, list):
        found += [[inner] for item in mutated for inner in values(item)]
    wrong: list[Json] = [None, True, 7, 1.5, "text", [], [None], {}, {"text": 1}]
    return [*found, *wrong]


@pytest.mark.parametrize("function", ["assert_book", "assert_rack"])
def test_a_wrong_answer_fails_an_assertion_and_breaks_nothing(function: str) -> None:
    value = BOOK if function == "assert_book" else {"id": BOOK["id"], "room": "a", "top": BOOK}
    check = getattr(module(rendered(RACKS, UNMARKED)), function)
    check(value)
    outcomes = [_outcome(check, wrong) for wrong in values(value)]
    assert set(outcomes) == {"", "AssertionError"}
    assert outcomes.count("AssertionError") > len(outcomes) // 2


def _outcome(check: object, value: Json) -> str:
    try:
        check(value)  # type: ignore[operator]
    except Exception as problem:  # noqa: BLE001 - whatever a rendered line raises
        return type(problem).__name__
    return ""


ECHO = RACKS.replace("[id, room, top]", "[id, room]")


@pytest.mark.parametrize("answer", ['"text"', "null", "7", "[]", "{}", '{"room": 5}'])
def test_a_wrong_echo_fails_an_assertion_and_breaks_nothing(answer: str) -> None:
    test = module(rendered(ECHO, UNMARKED)).test_create_rack_returns_what_was_sent
    tasks: list[object] = []
    with (
        answering(lambda _: httpx.Response(201, text=answer)) as (client, sent),
        pytest.raises(AssertionError),
    ):
        test(client, tasks.append)
    assert len(sent) == len(tasks) == 1


def test_texts_that_must_be_new_are_new_each_time() -> None:
    text = RACKS.replace("room:", "email:").replace("[room]", "[email]")
    payload = module(rendered(text, UNMARKED)).create_rack_payload
    assert payload() != payload()
    assert len(payload()["email"]) <= 20


def test_a_test_alone_imports_what_makes_its_texts_new() -> None:
    [model] = models(RACKS.replace("room:", "email:").replace("[room]", "[email]"))
    [case] = [case for case in model.cases if case.name == "create_rack_returns_201"]
    made = FORMAT.render_case(case, TestStyle(allure=False))
    assert "uuid.uuid4" in made.imports
    assert "{uuid4().hex[:8]}" in made.code


def test_the_id_may_stand_in_the_location() -> None:
    text = RACKS.replace("[id, room, top]", "[room]").replace(
        '"201": &rack\n          description: one\n',
        '"201": &rack\n          description: one\n'
        "          headers: {Location: {required: true, schema: {type: string}}}\n",
    )
    [model] = models(text)
    code = FORMAT.render(model, TestStyle()).text
    assert "from urllib.parse import quote, urlsplit\n" in code
    last_segment = module(FORMAT.render(model, UNMARKED).text).last_segment
    assert last_segment("https://service.example/racks/r7/?fresh=1") == "r7"
    [case] = [case for case in model.cases if case.name == "get_rack_returns_200"]
    alone = FORMAT.render_case(case, TestStyle(allure=False)).code
    assert "last_segment" not in alone
    assert "created.headers['Location'].rstrip('/').rsplit('/', 1)[-1]" in alone


def forms(media_type: str, properties: str) -> str:
    return f"""
openapi: 3.1.0
info: {{title: Forms, version: "1"}}
paths:
  /forms:
    post:
      operationId: send
      requestBody:
        required: true
        content:
          {media_type}: {{schema: {{type: object, required: [a, b], properties: {properties}}}}}
      responses: {{"204": {{description: done}}}}
"""


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_form_bodies_arrive_as_forms(client: str) -> None:
    properties = "{a: {type: string, const: 'x y'}, b: {type: boolean, const: true}}"
    text = forms("application/x-www-form-urlencoded", properties)
    style = TestStyle(client=client, allure=False)
    test = module(positive_only(text, style)).test_send_returns_204
    with answering(lambda _: httpx.Response(204)) as (sender, sent):
        test(sender)
    [request] = sent
    assert request.content == b"a=x+y&b=true"


def test_files_arrive_as_files() -> None:
    properties = (
        "{a: {type: string, format: binary, contentMediaType: image/png}, b: {type: boolean}}"
    )
    text = positive_only(forms("multipart/form-data", properties))
    test = module(text).test_send_returns_204
    with answering(lambda _: httpx.Response(204)) as (client, sent):
        test(client)
    [request] = sent
    content = request.content.decode()
    assert re.search(r'name="a"; filename="[^"]+"\r\nContent-Type: [\w/.-]+', content)
    assert re.search(r'name="b"\r\n\r\n(true|false)\r\n', content)
    assert "payload = " not in text, "a variable that nothing uses"


@pytest.mark.parametrize("client", ["httpx", "requests"])
def test_what_cannot_be_removed_is_no_failure(
    client: str, capsys: pytest.CaptureFixture[str]
) -> None:
    [model] = models(RACKS)
    [conftest, _] = FORMAT.support([model], [], TestStyle(client=client))
    done: list[int] = []
    steps = module(conftest.text).afterwards.__wrapped__()
    afterwards = next(steps)
    missing: dict[str, int] = {}

    def remove(number: int, status: int) -> httpx.Response:
        done.append(number)
        return httpx.Response(status)

    afterwards(lambda: remove(1, 404))
    afterwards(lambda: remove(missing["id"], 204))
    afterwards(lambda: remove(3, 409))
    assert next(steps, None) is None
    assert done == [3, 1], "the last thing first"
    said = capsys.readouterr().out.splitlines()
    assert said == ["Not cleaned up: 409", "Not cleaned up: KeyError('id')"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/shelves", "created_shelf"),
        ("/orders/{orderId}/order-lines", "created_order_line"),
        ("/users/register", "created_user"),
        ("/shelves/{shelfId}/publish", "publish_shelf_answer"),
        ("/media", "publish_shelf_answer"),
    ],
)
def test_names_of_what_is_created(path: str, name: str) -> None:
    operation = Operation("POST", path, "/p", operation_id="publishShelf")
    step = Step(operation.key, operation, Request("POST", path), 201)
    reading = Operation("GET", f"{path}/{{id}}", "/q")
    taken = {"id": ResponseValue(step.call, "/id")}
    case = TestCase(
        "getIt.positive",
        "get_it",
        CaseKind.POSITIVE,
        reading,
        Message("x", "x"),
        "C1",
        Request("GET", reading.path, taken),
        (200,),
        (step,),
    )
    model = TestModel("things", "T", "", (case,))
    code = FORMAT.render(model, TestStyle()).text
    assert f"def {name}(api):" in code
    assert f"def test_get_it(api, {name}):" in code


@pytest.mark.slow
def test_pytest_runs_the_kinds_that_are_asked_for(tmp_path: Path) -> None:
    [model] = models(RACKS)
    for file in (FORMAT.render(model, TestStyle()), *FORMAT.support([model], [], TestStyle())):
        (tmp_path / file.path).write_text(file.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "--strict-markers"]

    def collected(kind: str) -> int:
        done = subprocess.run(
            [*command, "-p", "no:asyncio", "-W", "error", "-m", kind, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return len(re.findall(r"\.py::test_", done.stdout))

    behaviour, others = collected("behaviour"), collected("not behaviour")
    assert behaviour > 0
    assert behaviour + others == len(model.cases)
    assert 0 < collected("negative or edge") < len(model.cases)


def test_the_bookstore_is_short() -> None:
    text = (ROOT / "examples/bookstore/openapi.yaml").read_text(encoding="utf-8")
    for model in models(text):
        made = FORMAT.render(model, TestStyle()).text
        assert made.count("\n") < 60 + 28 * len(model.cases), model.group
        assert "fmt: skip" not in made
