"""Which documents a workspace has, and which of them a test file is about."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode import read_tests
from pe4king_server.discovery import matching
from pe4king_server.document_choice import Understood, distance, short_names
from pe4king_server.documents import DocumentStore, operations_of
from pe4king_server.files import DiskFiles, path_of, uri_of, walk
from pe4king_server.settings import SettingsError, parse_settings

TEST = """import requests

BASE = "http://localhost:8000"


def test_books():
    response = requests.get(f"{BASE}/books")
    assert response.status_code == 200


def test_orders():
    response = requests.get(f"{BASE}/orders/1")
    assert response.status_code == 200


def test_both():
    assert requests.get(f"{BASE}/books").status_code == 200
    assert requests.post(f"{BASE}/orders").status_code == 201
    assert requests.patch(f"{BASE}/books").status_code == 200
"""


class Roots(DiskFiles):
    """A workspace of several folders."""

    def __init__(self, *roots: Path) -> None:
        super().__init__(roots[0])
        self._all = roots

    @property
    def roots(self) -> tuple[str, ...]:
        return tuple(map(uri_of, self._all))

    def list(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(uri_of(path) for root in self._all for path in walk(root, endings))


def write(path: Path, *keys: str) -> Path:
    paths: dict[str, list[str]] = {}
    for key in keys:
        method, _, template = key.partition(" ")
        paths.setdefault(template, []).append(method.lower())
    text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
    for template, methods in paths.items():
        text += f"  '{template}':\n"
        text += "".join(
            f"    {name}: {{responses: {{'200': {{description: ok}}}}}}\n" for name in methods
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def understood(
    folder: Path, test: str, near: str = "tests/test_shop.py", configured: tuple[str, ...] = ()
) -> tuple[Understood, TestFile]:
    file = read_tests(TEST, SourceLanguage.PYTHON)
    function = file.test_named(test)
    assert function is not None
    uri = uri_of(folder / near)
    documents = DocumentStore().find(DiskFiles(folder), configured, uri)
    return operations_of(function, documents, file, uri), file


def name(result: Understood) -> str:
    assert result.document is not None
    path = path_of(result.document.uri)
    assert path is not None
    return path.parent.name + "/" + path.name


def test_the_document_that_knows_most_of_the_file_is_used(tmp_path: Path) -> None:
    """Also for a test whose calls are all in the other one."""
    write(tmp_path / "a" / "shop.yaml", "GET /books", "PATCH /books", "PUT /x")
    write(tmp_path / "b" / "orders.yaml", "GET /orders/{id}", "POST /orders")
    result, _ = understood(tmp_path, "test_both")
    assert name(result) == "a/shop.yaml"
    assert [operation.key for operation in result.operations.values()] == [
        "GET /books",
        "PATCH /books",
    ]
    (problem,) = result.problems.values()
    assert "POST /orders is not in the document" in problem.en
    assert "orders.yaml has it, but most calls of this file are in another document" in problem.en
    assert result.notes == ()
    other, _ = understood(tmp_path, "test_orders")
    assert other.operations == {}
    assert len(other.problems) == 1


def test_the_nearest_of_equals_is_used_and_it_is_said(tmp_path: Path) -> None:
    keys = ("GET /books", "GET /orders/{id}")
    write(tmp_path / "openapi.yaml", *keys)
    write(tmp_path / "services" / "a" / "openapi.yaml", *keys)
    write(tmp_path / "services" / "b" / "openapi.yaml", *keys)
    for service in "ab":
        result, _ = understood(tmp_path, "test_books", f"services/{service}/tests/test_shop.py")
        assert name(result) == f"{service}/openapi.yaml"
        (note,) = result.notes
        assert f"{service}/openapi.yaml is used" in note.en
        assert "pe4king.document" in note.ru
    result, _ = understood(tmp_path, "test_books", "tests/test_shop.py")
    assert name(result) == f"{tmp_path.name}/openapi.yaml"


def test_without_a_document_for_the_calls_every_one_says_so(tmp_path: Path) -> None:
    write(tmp_path / "openapi.yaml", "GET /authors")
    result, _ = understood(tmp_path, "test_both")
    assert result.document is None
    assert result.operations == {}
    assert len(result.problems) == 3


def test_every_call_is_an_operation_or_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "openapi.yaml", "GET /books", "GET /orders/{id}")
    for test in ("test_books", "test_orders", "test_both"):
        result, file = understood(tmp_path, test)
        function = file.test_named(test)
        assert function is not None
        calls = {call.id for call in function.calls}
        assert calls == set(result.operations) | set(result.problems)
        assert not set(result.operations) & set(result.problems)
        assert all(problem.en and problem.ru for problem in result.problems.values())


def test_other_peoples_folders_are_not_searched(tmp_path: Path) -> None:
    for folder in ("node_modules/x", "target/classes", "env/lib", ".cache", "site-packages"):
        write(tmp_path / folder / "openapi.yaml", "GET /books", "GET /orders/{id}")
    (tmp_path / "env" / "pyvenv.cfg").write_text("", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        understood(tmp_path, "test_books")
    assert caught.value.code == "document-missing"
    write(tmp_path / "docs" / "openapi.yaml", "GET /books")
    assert name(understood(tmp_path, "test_books")[0]) == "docs/openapi.yaml"


def test_the_nearest_files_are_looked_at_first(tmp_path: Path) -> None:
    """More data files than are ever opened stand in front by name."""
    for number in range(450):
        path = tmp_path / "a" / f"{number:03}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    write(tmp_path / "z" / "shop.json.yaml", "GET /books")
    assert name(understood(tmp_path, "test_books", "z/tests/test_shop.py")[0]) == "z/shop.json.yaml"
    (tmp_path / "z" / "shop.json.yaml").unlink()
    write(tmp_path / "y" / "my-api.yaml", "GET /books")
    assert name(understood(tmp_path, "test_books", "a/test_shop.py")[0]) == "y/my-api.yaml"


@pytest.mark.parametrize(
    ("configured", "names"),
    [
        (("a/openapi.yaml",), ["a/openapi.yaml"]),
        (("b/shop.yml", "a/openapi.yaml"), ["b/shop.yml", "a/openapi.yaml"]),
        (("**/openapi.yaml",), ["a/openapi.yaml", "deep/openapi.yaml"]),
        (("a/*.yaml", "b/sh?p.y[ma]*"), ["a/openapi.yaml", "b/shop.yml"]),
        (("**",), ["a/openapi.yaml", "b/shop.yml", "deep/openapi.yaml"]),
        (("a/openapi.yaml", "**/openapi.yaml"), ["a/openapi.yaml", "deep/openapi.yaml"]),
        (("odd/[v1].yaml",), ["odd/[v1].yaml"]),
    ],
)
def test_the_setting_names_paths_and_globs(
    configured: tuple[str, ...], names: list[str], tmp_path: Path
) -> None:
    for place in ("a/openapi.yaml", "b/shop.yml", "b/deep/openapi.yaml"):
        write(tmp_path / place, "GET /books")
    (tmp_path / "a" / "values.yaml").write_text("x: 1\n", encoding="utf-8")
    if "odd" in configured[0]:
        write(tmp_path / "odd" / "[v1].yaml", "GET /books")
    found = DocumentStore().find(DiskFiles(tmp_path), configured)
    places = [path_of(each.uri) for each in found]
    assert [f"{path.parent.name}/{path.name}" for path in places if path is not None] == names


@pytest.mark.parametrize(
    "entry", ["missing.yaml", "**/missing.yaml", "../*.yaml", "/etc/*.yaml", "x" * 300 + "*.yaml"]
)
def test_an_entry_of_the_setting_that_names_nothing_is_told(entry: str, tmp_path: Path) -> None:
    write(tmp_path / "openapi.yaml", "GET /books")
    with pytest.raises(DocumentError) as caught:
        DocumentStore().find(DiskFiles(tmp_path), ("openapi.yaml", entry))
    assert caught.value.code == "document-missing"
    assert entry in caught.value.message.en
    assert entry in caught.value.message.ru


def test_hostile_patterns_end_soon(tmp_path: Path) -> None:
    write(tmp_path / ("a" * 120 + ".yaml"), "GET /books")
    deep = tmp_path.joinpath(*["a"] * 40)
    write(deep / "openapi.yaml", "GET /books")
    assert list(matching("*a" * 100 + "b.yaml", DiskFiles(tmp_path))) == []
    assert list(matching("**/a/" * 60 + "b.yaml", DiskFiles(tmp_path))) == []
    assert len(list(matching("**/a/" * 20 + "**/openapi.yaml", DiskFiles(tmp_path)))) == 1


def test_several_roots(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one / "openapi.yaml", "GET /books")
    write(two / "openapi.yaml", "GET /books")
    files = Roots(one, two)
    for root in (one, two):
        near = uri_of(root / "tests" / "test_x.py")
        assert DocumentStore().find(files, (), near)[0].uri == uri_of(root / "openapi.yaml")
        assert [each.uri for each in DocumentStore().find(files, ("openapi.yaml",), near)] == [
            uri_of(root / "openapi.yaml")
        ]
    assert len(DocumentStore().find(files, ("*.yaml",))) == 2


TEXTS = {
    "a.yaml": "openapi: 3.0.3\r\ninfo: {title: 😀, version: '1'}\rpaths:\n  /a:\n    get: {x: 1}\n",
    "a.json": '{// loose\n"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": 7,},},},}',
    "b.json": '{"openapi": "3.0.3", "info": {"title": "\ud800"}, "paths": {"/a": {"get": {}}}}',
}


@pytest.mark.parametrize("file", TEXTS)
def test_a_document_at_rest_holds_no_text_and_says_the_same(file: str, tmp_path: Path) -> None:
    text, uri, files = TEXTS[file] + " " * 9, uri_of(tmp_path / file), DiskFiles(tmp_path)
    fresh, store = DocumentStore().load(uri, text, files), DocumentStore()
    before = sys.getrefcount(text)
    document = store.load(uri, text, files)
    read = store.text_of(document)
    assert read is not None
    assert read.positions.key_span("/paths") is not None
    assert sys.getrefcount(text) > before
    store.rest()
    assert sys.getrefcount(text) == before
    assert tuple(document.findings) == tuple(fresh.findings)
    assert len(document.findings) > 0
    assert [each.span for each in document.entries] == [each.span for each in fresh.entries]
    assert read.positions.at(text.index("/a")) == "/paths/~1a"
    store.rest()
    assert store.load(uri, text, files) is document
    store.rest()
    edited = text.replace("/a", "/b")
    assert [each.path for each in store.load(uri, edited, files).entries] == ["/b"]


def test_a_broken_document_does_not_hide_a_sound_one(tmp_path: Path) -> None:
    (tmp_path / "swagger.yaml").write_text("openapi: 4.0.0\ninfo: {}\npaths: {}\n")
    with pytest.raises(DocumentError):
        DocumentStore().find(DiskFiles(tmp_path))
    write(tmp_path / "openapi.yaml", "GET /books")
    assert len(DocumentStore().find(DiskFiles(tmp_path))) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_links_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "openapi.yaml", "GET /books")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    assert len(DocumentStore().find(DiskFiles(tmp_path))) == 1


def test_settings_take_one_document_or_several() -> None:
    assert parse_settings({"document": ""}).document == ()
    assert parse_settings({"document": "a.yaml"}).document == ("a.yaml",)
    assert parse_settings({"document": ["a.yaml", "", "b/*.yaml"]}).document == (
        "a.yaml",
        "b/*.yaml",
    )
    for wrong in (7, {"a": 1}, ["a", 7]):
        with pytest.raises(SettingsError):
            parse_settings({"document": wrong})


def test_distance_and_names() -> None:
    near = "file:///w/a/tests/test_x.py"
    assert distance("file:///w/a/tests/openapi.yaml", near) == (0, 0)
    assert distance("file:///w/a/openapi.yaml", near) == (1, 0)
    assert distance("file:///w/b/c/openapi.yaml", near) == (2, 2)
    assert distance("file:///w/%61/openapi.yaml", near) == (1, 0)
    assert distance("file:///w/b/openapi.yaml", "") == (0, 0)
    assert short_names(["file:///w/a/x.yaml", "file:///w/b/x.yaml"]) == ["a/x.yaml", "b/x.yaml"]
    assert short_names(["file:///w/a/x.yaml", "file:///w/b/y.yaml"]) == ["x.yaml", "y.yaml"]
