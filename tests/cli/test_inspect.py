"""`pe4king inspect` as a user runs it: figures, findings, places, exit codes, both languages."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pe4king_server.cli import main
from tests.conftest import ROOT

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
FINDING = re.compile(r"(.+):(\d+):(\d+): (error|warning|information): (.+) \[([a-z-]+)\]")
BROKEN = """\
openapi: 3.0.3
info: {title: Books, version: "1"}
paths:
  /books/{id}:
    get:
      operationId: getBook
      parameters:
      - {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Nothing'}}
      responses: {200: {description: ok, content: {text/plain: {schema: {type: string}}}}}
  /books:
    delete:
      responses: {204: {description: "no end
components:
  schemas:
    Book:
      type: object
      properties:
        title: {type: string, minLength: -1}
"""


@dataclass(frozen=True)
class Told:
    """What a run printed."""

    stdout: str
    stderr: str
    returncode: int


def command(
    *arguments: str,
    folder: Path,
    code: int | None = 0,
    program: str = "inspect",
    **environment: str,
) -> Told:
    """Run the real command."""
    done = subprocess.run(
        [sys.executable, "-m", "pe4king_server", program, *arguments],
        cwd=folder,
        env={**os.environ, "PE4KING_LANG": "en", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert code is None or done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return Told(done.stdout, done.stderr, done.returncode)


def inspect(*arguments: str, folder: Path, code: int | None = 0, language: str = "en") -> Told:
    """Run the command in this process, which is faster."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("PE4KING_LANG", language)
        try:
            returned = main(["inspect", *arguments])
        except SystemExit as error:
            returned = int(error.code or 0)
        for stream in streams:
            stream.flush()
    out, errors = (stream.buffer.getvalue().decode("utf-8") for stream in streams)
    assert code is None or returned == code, out + errors
    return Told(out, errors, returned)


def as_json(*arguments: str, folder: Path, code: int = 0) -> dict[str, Any]:
    found = json.loads(inspect(*arguments, "--json", folder=folder, code=code).stdout)
    assert isinstance(found, dict)
    return found


def independent(text: str) -> dict[str, Any]:
    import fast_yaml

    try:
        found = json.loads(text)
    except ValueError:
        found = fast_yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def references(value: Any) -> int:
    if isinstance(value, dict):
        return isinstance(value.get("$ref"), str) + sum(map(references, value.values()))
    return sum(map(references, value)) if isinstance(value, list) else 0


def target(data: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """A path item with a local `$ref` followed."""
    found: Any = item
    if str(item.get("$ref", "")).startswith("#/"):
        found = data
        for token in item["$ref"][2:].split("/"):
            found = found[token.replace("~1", "/").replace("~0", "~")]
    assert isinstance(found, dict)
    return found


def counted(data: dict[str, Any]) -> dict[str, Any]:
    """Figures, counted without our code."""
    paths = {
        path: target(data, item) for path, item in data.get("paths", {}).items() if path[:2] != "x-"
    }
    methods = Counter(
        method.upper() for item in paths.values() for method in item if method in METHODS
    )
    schemas = data.get("components", {}).get("schemas", {}) | data.get("definitions", {})
    return {
        "paths": len(paths),
        "operations": methods.total(),
        "methods": methods,
        "schemas": len(schemas),
        "references": references(data),
        "deprecated": sum(
            item[method].get("deprecated", False) is True
            for item in paths.values()
            for method in item
            if method in METHODS
        ),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["examples", "small"])
def test_figures_equal_an_independent_count(name: str, shared_specs: Path, capsys) -> None:
    seen = 0
    for path in sorted((shared_specs / name).rglob("*")):
        if path.suffix not in (".json", ".yaml", ".yml") or path.stat().st_size > 60_000:
            continue
        try:
            data = independent(path.read_bytes().decode("utf-8"))
        except (ValueError, AssertionError):
            continue
        if not {"openapi", "swagger"} & data.keys():
            continue
        assert main(["inspect", "--json", str(path)]) == 0
        found = json.loads(capsys.readouterr().out)
        expected = counted(data)
        assert {key: found["statistics"][key] for key in expected} == expected, path
        assert len(found["operations"]) == expected["operations"]
        lines = path.read_bytes().decode("utf-8").splitlines()
        for operation in found["operations"]:
            rest = lines[operation["line"] - 1][operation["column"] - 1 :]
            assert rest.lstrip("\"'").upper().startswith(operation["method"]), (path, operation)
            assert operation["line"] <= operation["endLine"] <= len(lines) + 1
        for finding in found["findings"]:
            assert finding["code"].startswith(("doc-", "document-"))
            assert 1 <= finding["line"] <= finding["endLine"] <= len(lines) + 1
        seen += 1
    assert seen > 5


@pytest.mark.slow
@pytest.mark.parametrize("file", ["github-api.json", "stripe-spec3.yaml", "kubernetes.json"])
def test_figures_of_large_documents(file: str, shared_specs: Path) -> None:
    path = shared_specs / "large" / file
    found = as_json(str(path), folder=shared_specs)
    expected = counted(independent(path.read_bytes().decode("utf-8")))
    assert {key: found["statistics"][key] for key in expected} == expected
    table = inspect(str(path), folder=shared_specs).stdout
    assert sum(f"{each['method']:6}" in table for each in found["operations"]) > 400


@pytest.mark.slow
def test_twenty_thousand_operations(tmp_path: Path) -> None:
    """Schemas that all reach each other, one of ten broken, are what costs most."""
    schemas = {
        f"S{number}": {
            "type": "object",
            "properties": {
                "one": {"$ref": f"#/components/schemas/S{number * 7 % 500}"},
                "next": {"$ref": f"#/components/schemas/S{(number + 1) % 500}"},
                "bad": {"type": "string", "minLength": -1 if number % 10 == 0 else 1},
            },
        }
        for number in range(500)
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/S1"}}}
    operation = {"responses": {"200": {"description": "ok", "content": content}}}
    paths = {f"/p{n}": dict.fromkeys(("get", "put"), operation) for n in range(10_000)}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    found = as_json("openapi.json", "--level", "warning", folder=tmp_path)
    assert found["statistics"]["methods"] == {"GET": 10_000, "PUT": 10_000}
    assert found["statistics"]["references"] == 21_000
    assert {json.dumps(each["findings"]) for each in found["operations"]} == {
        '{"doc-schema-negative": 50}'
    }
    assert len(command("openapi.json", folder=tmp_path).stdout.splitlines()) > 20_000


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "openapi.yaml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_the_table_tells_operations_findings_and_figures(broken: Path) -> None:
    lines = command("openapi.yaml", folder=broken).stdout.splitlines()
    assert lines[0] == "Books 1"
    assert lines[1] == "OpenAPI 3.0.3, openapi.yaml, 19 lines"
    assert re.fullmatch(r"5 +GET +/books/\{id\} +getBook +1 +- +200 +1", lines[4])
    assert re.fullmatch(r"11 +DELETE +/books +-.*", lines[5])
    found = {match[6]: match for line in lines if (match := FINDING.fullmatch(line))}
    assert found["doc-ref-unresolved"].group(1, 2, 4) == ("openapi.yaml", "8", "error")
    assert found["document-syntax"][4] == "error"
    assert found["doc-schema-negative"].group(2, 4) == ("18", "warning")
    assert "operations             2 (GET 1, DELETE 1)" in lines
    assert "named schemas          1" in lines


def test_json_has_operations_with_their_places(broken: Path) -> None:
    found = as_json("openapi.yaml", folder=broken)
    assert found["title"] == "Books"
    get = found["operations"][0]
    assert get == {
        "method": "GET",
        "path": "/books/{id}",
        "operationId": "getBook",
        "pointer": "/paths/~1books~1{id}/get",
        "line": 5,
        "column": 5,
        "endLine": get["endLine"],
        "endColumn": get["endColumn"],
        "summary": "",
        "tags": [],
        "deprecated": False,
        "parameters": [{"name": "id", "in": "path", "required": True}],
        "requestBody": None,
        "responses": {"200": ["text/plain"]},
        "security": [],
        "callbacks": [],
        "findings": {"doc-ref-unresolved": 1},
    }
    assert (get["endLine"], get["endColumn"]) == (10, 1)


def test_level_and_fail_on(broken: Path) -> None:
    codes = {
        level: {
            each["code"]
            for each in as_json("openapi.yaml", "--level", level, folder=broken)["findings"]
        }
        for level in ("error", "warning", "information")
    }
    assert codes["error"] < codes["warning"] <= codes["information"]
    assert "doc-schema-negative" not in codes["error"]
    command("openapi.yaml", "--fail-on", "error", folder=broken, code=1)
    sound = BROKEN.replace('"no end', "x}}").replace("Nothing", "Book").replace("-1", "1")
    (broken / "sound.yaml").write_text(sound, encoding="utf-8")
    inspect("sound.yaml", "--fail-on", "warning", folder=broken)
    inspect("openapi.yaml", "--fail-on", "grave", folder=broken, code=2)


def test_russian(broken: Path) -> None:
    told = command("openapi.yaml", folder=broken, PE4KING_LANG="ru").stdout
    assert "строк: 19" in told
    assert re.search(r"^openapi\.yaml:8:\d+: ошибка: .*[а-я].* \[doc-ref-unresolved\]$", told, re.M)
    assert re.search(r"^openapi\.yaml:18:\d+: предупреждение: ", told, re.M)
    assert "Замечания: ошибок " in told
    assert "именованных схем" in told
    place = inspect("openapi.yaml", "--at", "5", folder=broken, language="ru").stdout
    assert "операция GET /books/{id}" in place
    missing = inspect("openapi.yaml", "--at", "99", folder=broken, code=1, language="ru")
    assert "нет строки 99" in missing.stderr
    wrong = inspect("openapi.yaml", "--at", "x", folder=broken, code=2, language="ru")
    assert "счёт с 1" in wrong.stderr


@pytest.mark.parametrize(
    ("name", "content", "code", "place"),
    [
        ("empty.yaml", b"", "document-empty", (1, 1)),
        ("cp1251.yaml", "openapi: 3.0.0\r\na: Ы".encode("cp1251"), "document-encoding", (2, 4)),
        ("other.yaml", b"# no\na: 1\n", "document-not-openapi", (1, 1)),
        ("old.yaml", b"\nswagger: '1.2'\n", "document-version", (2, 1)),
        ("broken.json", b'{"openapi": "3.0.0", "info": {', "document-syntax", None),
        ("missing.yaml", None, "file-unreadable", (1, 1)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where(
    name: str, content: bytes | None, code: str, place: tuple[int, int] | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = inspect(name, "--json", folder=tmp_path, code=None)
    found = json.loads(done.stdout)
    assert found["file"] == name
    finding = next(each for each in found["findings"] if each["code"] == code)
    assert finding["severity"] == "error"
    if place is None:
        assert finding["line"] == 1
        return
    assert (finding["line"], finding["column"]) == place
    assert done.returncode == 1
    assert found["operations"] == []
    assert found["statistics"] is None
    told = inspect(name, folder=tmp_path, code=1)
    if code == "file-unreadable":
        assert "There is no file missing.yaml." in told.stderr
    else:
        first = told.stdout.splitlines()[0]
        match = FINDING.fullmatch(first)
        assert match, first
        assert match.group(1, 2, 3, 6) == (name, *map(str, place), code)
        assert not match[5].startswith("Line")


def test_folders_and_what_is_too_large(tmp_path: Path) -> None:
    assert "a folder" in inspect(".", folder=tmp_path, code=1).stderr
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert "larger than" in inspect("large.yaml", folder=tmp_path, code=1).stderr


def test_names_from_the_document_cannot_steer_the_terminal(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a\x1b[2Jb\nc\u202e\ud83d", "version": "1"},
        "paths": {"/\x1b]0;x\x07": {"get": {"operationId": "\x9b", "responses": {}}}},
    }
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    told = inspect("openapi.json", folder=tmp_path).stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", told)
    assert told.startswith(r"a\x1b[2Jb c\u202e")
    found = as_json("openapi.json", folder=tmp_path)
    assert found["title"].startswith("a\x1b[2Jb\nc\u202e")
    command("openapi.json", folder=tmp_path, PYTHONIOENCODING="ascii", PE4KING_LANG="ru")


def test_other_files_are_read_below_the_current_folder(tmp_path: Path) -> None:
    api = tmp_path / "api" / "v1"
    api.mkdir(parents=True)
    text = """\
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a: {get: {responses: {200: {$ref: '../shared.yaml#/ok'}}}}
  /b: {$ref: 'b.yaml'}
"""
    (api / "openapi.yaml").write_text(text, encoding="utf-8")
    (api / "b.yaml").write_text("put: {responses: {204: {description: x}}}\n", encoding="utf-8")
    shared = "ok: {description: ok, content: {a/b: {schema: {type: strng}}}}\n"
    (api.parent / "shared.yaml").write_text(shared, encoding="utf-8")
    found = as_json("api/v1/openapi.yaml", folder=tmp_path)
    assert [each["method"] for each in found["operations"]] == ["GET", "PUT"]
    assert found["operations"][0]["responses"] == {"200": ["a/b"]}
    told = [each for each in found["findings"] if "shared.yaml" in each["message"]]
    assert {each["line"] for each in told} == {4}
    outside = as_json("openapi.yaml", folder=api)
    assert "doc-ref-file" in {each["code"] for each in outside["findings"]}
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(tmp_path, target_is_directory=True)
    linked = as_json(str(link / "api" / "v1" / "openapi.yaml"), folder=tmp_path)
    assert "doc-ref-file" not in {each["code"] for each in linked["findings"]}


def test_hosts_are_asked_only_when_named(tmp_path: Path) -> None:
    text = """\
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a: {get: {responses: {200: {$ref: 'http://127.0.0.1:9/x.yaml#/ok'}}}}
"""
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    codes = [each["code"] for each in as_json("openapi.yaml", folder=tmp_path)["findings"]]
    assert "doc-ref-remote" in codes
    asked = as_json("openapi.yaml", "--allow-host", "127.0.0.1:9", folder=tmp_path)["findings"]
    assert "doc-ref-remote" not in [each["code"] for each in asked]
    assert any(each["severity"] == "error" for each in asked)
    wrong = inspect("openapi.yaml", "--allow-host", "http://x/y", folder=tmp_path, code=1)
    assert "--allow-host" in wrong.stderr


@pytest.mark.slow
def test_what_is_at_a_place(broken: Path) -> None:
    for at, pointer, kind in (
        ("5", "/paths/~1books~1{id}/get", "operation"),
        ("8", "/paths/~1books~1{id}/get/parameters/0", "parameter"),
        ("8:16", "/paths/~1books~1{id}/get/parameters/0/name", "field"),
        ("18:9", "/components/schemas/Book/properties/title", "schema property"),
        ("18:44", "/components/schemas/Book/properties/title/minLength", "schema keyword"),
    ):
        found = as_json("openapi.yaml", "--at", at, folder=broken)
        assert (found["pointer"], found["kind"]) == (pointer, kind), at
        back = as_json("openapi.yaml", "--pointer", pointer, folder=broken)
        assert back == found
    title = as_json("openapi.yaml", "--at", "18:9", folder=broken)
    assert title["label"] == "property `title` of schema `Book`"
    assert (title["line"], title["column"], title["endLine"]) == (18, 9, 18)
    assert (
        BROKEN.splitlines()[17][8 : title["endColumn"] - 1]
        == "title: {type: string, minLength: -1}"
    )
    assert title["key"] == {"line": 18, "column": 9, "endLine": 18, "endColumn": 14}
    table = inspect("openapi.yaml", "--at", "18", folder=broken).stdout.splitlines()
    assert table[0] == "openapi.yaml:18:9: property `title` of schema `Book`"
    assert table[1] == "pointer  /components/schemas/Book/properties/title"


def test_pointers(broken: Path) -> None:
    fragment = inspect("openapi.yaml", "--pointer", "#/paths/~1books~1%7Bid%7D/get", folder=broken)
    assert fragment.stdout.startswith("openapi.yaml:5:5: GET /books/{id}\n")
    whole = as_json("openapi.yaml", "--pointer", "", folder=broken)
    assert (whole["kind"], whole["line"], whole["column"]) == ("document", 1, 1)
    wrong = inspect("openapi.yaml", "--pointer", "/info/name", folder=broken, code=1)
    assert "nothing at /info/name" in wrong.stderr
    assert "There is /info." in wrong.stderr
    assert (
        "JSON pointer" in inspect("openapi.yaml", "--pointer", "info", folder=broken, code=1).stderr
    )
    inspect("openapi.yaml", "--pointer", "/info", "--at", "1", folder=broken, code=2)


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_closed_pipe_is_no_error(options: list[str], tmp_path: Path) -> None:
    paths = {f"/p{number}": {"get": {"responses": {}}} for number in range(3_000)}
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-m", "pe4king_server", "inspect", *options, "openapi.json"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.slow
def test_generate_prints_the_gravest_findings_only(tmp_path: Path) -> None:
    operation = "{get: {responses: {200: {description: x}}, security: [{no: []}]}}"
    paths = "".join(f"  /p{number}: {operation}\n" for number in range(15))
    text = f"openapi: 3.0.3\ninfo: {{title: T}}\npaths:\n{paths}  /q: {{get: {{responses: 5}}}}\n"
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    for language, more in (("en", "more findings: "), ("ru", "Ещё ")):
        done = command(
            "openapi.yaml", "--dry-run", folder=tmp_path, program="generate", PE4KING_LANG=language
        )
        told = [line for line in done.stdout.splitlines() if line.startswith("openapi.yaml:")]
        assert len(told) == 10
        assert told[0].startswith("openapi.yaml:19:")
        following = done.stdout.splitlines()[done.stdout.splitlines().index(told[-1]) + 1]
        assert more in following
        assert following.endswith("pe4king inspect openapi.yaml")


@pytest.mark.parametrize("name", ["inspect.md", "inspect.ru.md"])
def test_every_field_is_documented(name: str, broken: Path) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    documented = set(re.findall(r"`([A-Za-z_]+)`", text))
    found = as_json("openapi.yaml", folder=broken)
    found |= as_json("openapi.yaml", "--at", "5", folder=broken)
    found |= as_json("missing.yaml", folder=broken, code=1) | {"findings": found["findings"]}
    fields = {*found, *found["findings"][0]}
    for each in as_json("openapi.yaml", folder=broken)["operations"]:
        fields |= each.keys()
    fields |= as_json("openapi.yaml", folder=broken)["statistics"].keys()
    assert fields - documented == set()
