"""Calls and operations: which one is meant, and why none can be named where that is not certain."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from pe4king_core.improvement.matching import Match, match_call
from pe4king_core.improvement.segments import call_segments, pattern_of
from pe4king_core.model.message import Message
from pe4king_core.model.operation import (
    ApiDocument,
    LazyOperations,
    Operation,
    OperationEntry,
    Server,
)
from pe4king_core.model.source import CallStyle, RequestParts, TestCall
from pe4king_core.model.text import Span
from pe4king_core.openapi import load

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
PLACE = Span(0, 0)


def document(*keys: str, servers: str = "") -> ApiDocument:
    """A document of operations such as `GET /books`; `servers` is YAML."""
    paths: dict[str, list[str]] = {}
    for key in keys:
        method, _, path = key.partition(" ")
        paths.setdefault(path, []).append(method)
    text = HEAD + (f"servers: {servers}\n" if servers else "") + "paths:\n"
    for path, methods in paths.items():
        text += f"  '{path}':\n"
        for method in methods:
            text += f"    {method.lower()}: {{responses: {{'200': {{description: ok}}}}}}\n"
    return load(text, "file:///w/openapi.yaml")


def call(key: str, *names: str, unresolved: Message | None = None) -> TestCall:
    method, _, path = key.partition(" ")
    return TestCall(
        "c", method, path, CallStyle.RESPONSE, PLACE, PLACE, 0,
        parameter_names=names, unresolved=unresolved,
    )  # fmt: skip


def found(key: str, api: ApiDocument, *names: str) -> Match:
    match = match_call(call(key, *names), api)
    assert (match.operation is None) is (match.reason is not None)
    if match.reason is not None:
        assert match.reason.en != match.reason.ru
    return match


def key_of(match: Match) -> str | None:
    return match.operation.key if match.operation else None


BOOKS = document(
    "GET /books", "POST /books", "GET /books/{bookId}", "DELETE /books/{bookId}",
    "GET /books/mine", "GET /books/{bookId}/reviews/{reviewId}", "GET /reports/{name}.json",
    "GET /reports/{file}", "GET /points/{lat}:{lon}", "GET /points/{id}", "GET /",
    "GET /a%20b/{x}", "GET /Case", "GET /slash/", "GET /both", "GET /both/",
    "POST /search?mode={mode}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("GET /books", "GET /books"),
        ("get /books", "GET /books"),
        ("POST /books/", "POST /books"),
        ("GET //books", "GET /books"),
        ("GET /books?page=2", "GET /books"),
        ("GET /books#top", "GET /books"),
        ("GET /books/17", "GET /books/{bookId}"),
        ("GET /books/{}", "GET /books/{bookId}"),
        ("GET /books/b-{}", "GET /books/{bookId}"),
        ("GET /books/mine", "GET /books/mine"),
        ("GET /books/m%69ne", "GET /books/mine"),
        ("GET /books/{}/reviews/{}", "GET /books/{bookId}/reviews/{reviewId}"),
        ("GET /reports/2024.json", "GET /reports/{name}.json"),
        ("GET /reports/{}.json", "GET /reports/{name}.json"),
        ("GET /reports/2024.xml", "GET /reports/{file}"),
        ("GET /reports/.json", "GET /reports/{file}"),
        ("GET /points/1:2", "GET /points/{lat}:{lon}"),
        ("GET /points/{}:{}", "GET /points/{lat}:{lon}"),
        ("GET /points/7", "GET /points/{id}"),
        ("GET /", "GET /"),
        ("GET ", "GET /"),
        ("GET /a b/1", "GET /a%20b/{x}"),
        ("GET /a%20b/1%2F2", "GET /a%20b/{x}"),
        ("GET /slash", "GET /slash/"),
        ("GET /both", "GET /both"),
        ("GET /both/", "GET /both/"),
        ("POST /search", "POST /search?mode={mode}"),
    ],
)
def test_the_most_literal_template_is_meant(key: str, wanted: str) -> None:
    match = found(key, BOOKS)
    assert key_of(match) == wanted
    assert match.note is None
    assert match.candidates == ()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("PATCH /books", "no PATCH for /books, only GET, POST"),
        ("DELETE /books/mine", "no DELETE for /books/mine, only GET"),
        ("GET /authors", "has no such path"),
        ("GET /books/1/reviews", "has no such path"),
        ("GET /case", "/Case differs in upper and lower case"),
        ("GET /shop/books", "has /books, but nothing says that it lies below /shop"),
        ("GET /authors/{}/books", "has /books, but nothing says that it lies below /authors/{}"),
        ("GET {}", "begins with a computed value"),
        ("GET {}/books", "begins with a computed value"),
    ],
)
def test_what_does_not_fit_says_why(key: str, words: str) -> None:
    match = found(key, BOOKS)
    assert match.operation is None
    assert match.reason is not None
    assert words in match.reason.en
    assert not match.ambiguous


def test_an_unresolved_call_keeps_its_reason() -> None:
    reason = Message("hidden", "скрыто")
    assert match_call(call("GET /books", unresolved=reason), BOOKS) == Match(reason=reason)


@pytest.mark.parametrize(
    ("keys", "asked", "candidates"),
    [
        (("GET /{a}/me", "GET /books/{b}"), "GET /books/me", {"GET /{a}/me", "GET /books/{b}"}),
        (("GET /x/{a}", "GET /x/{b}"), "GET /x/1", {"GET /x/{a}", "GET /x/{b}"}),
        (("GET /f?x=1", "GET /f?x=2"), "GET /f", {"GET /f?x=1", "GET /f?x=2"}),
        (
            ("POST /o/{id}/pay", "POST /o/{id}/cancel", "GET /o/{id}/bill"),
            "POST /o/{}/{}",
            {"POST /o/{id}/pay", "POST /o/{id}/cancel"},
        ),
        (("GET /{owner}/{repo}", "GET /users/{id}"), "GET /{}/{}", None),
        (("GET /books", "GET /books.json"), "GET /books{}", None),
    ],
)
def test_what_fits_several_is_ambiguous_and_shown(
    keys: tuple[str, ...], asked: str, candidates: set[str] | None
) -> None:
    match = found(asked, document(*keys))
    assert match.ambiguous
    assert match.operation is None
    assert set(match.candidates) == (candidates or set(keys))
    assert match.reason is not None
    assert all(key in match.reason.en for key in match.candidates)


def test_a_query_in_the_template_is_told_by_what_the_call_sends() -> None:
    api = document("POST /answers", "POST /answers?beta=true")
    assert key_of(found("POST /answers", api)) == "POST /answers"
    sends = replace(call("POST /answers"), parts=RequestParts(query=("beta", "page")))
    assert key_of(match_call(sends, api)) == "POST /answers?beta=true"
    unknown = replace(call("POST /answers"), parts=RequestParts(complete=False))
    assert match_call(unknown, api).ambiguous


def test_one_possibility_is_no_certainty() -> None:
    """`/files/{}` may be `/files/{name}.json`, and may be something undocumented."""
    match = found("GET /files/{}", document("GET /files/{name}.json"))
    assert match.operation is None
    assert match.candidates == ("GET /files/{name}.json",)
    match = found("GET /books/{}", document("GET /books/mine"))
    assert match.operation is None


def test_the_name_of_a_hole_decides_what_it_stands_for() -> None:
    tenants = document("GET /{tenantId}/books", "GET /admin/books")
    assert key_of(found("GET /{}/books", tenants, "tenant_id")) == "GET /{tenantId}/books"
    assert found("GET /{}/books", tenants, "section").operation is None
    files = document("GET /files/{id}")
    assert key_of(found("GET /files/{}", files, "file_id")) == "GET /files/{id}"
    assert found("GET /files/{}", files, "path").operation is None
    assert key_of(found("GET /f/{}", document("GET /f/{path}"), "path")) == "GET /f/{path}"


V1 = "[{url: 'https://api.example.com/v1'}]"
VARIABLES = """
- url: '{scheme}://{host}/{base}/{version}'
  variables:
    scheme: {default: https}
    host: {default: api.example.com}
    base: {default: shop/api}
    version: {default: v2, enum: [v1, v2]}
""".replace("\n", "\n  ")


@pytest.mark.parametrize(
    ("servers", "asked", "noted"),
    [
        (V1, "GET /v1/books", False),
        (V1, "GET /books", False),
        (V1, "GET /api/v1/books", True),
        (V1, "GET /gateway/shop/v1/books", True),
        (V1, "GET /v2/books", True),
        (V1, "GET /{}/books", True),
        ("[{url: /shop/v1}]", "GET /shop/v1/books", False),
        ("[{url: /shop/v1}]", "GET /v1/books", True),
        ("[{url: v1}]", "GET /v1/books", False),
        ("[{url: api.example.com/v1}]", "GET /v1/books", False),
        ("[{url: 'http://localhost:8080'}]", "GET /api/books", True),
        ("", "GET /api/v1/books", True),
        (VARIABLES, "GET /shop/api/v2/books", False),
        (VARIABLES, "GET /anything/v1/books", False),
        ("[{url: '{address}/v3', variables: {address: {default: 'https://x/a'}}}]",
         "GET /a/v3/books", False),
    ],
)  # fmt: skip
def test_base_paths(servers: str, asked: str, noted: bool) -> None:
    match = found(asked, document("GET /books", "GET /{id}/x/y", servers=servers), "api_version")
    assert key_of(match) == "GET /books"
    assert (match.note is not None) is noted


@pytest.mark.parametrize("asked", ["GET /authors/1/books", "GET /anything/v3/books"])
def test_a_prefix_that_no_server_has_is_no_base(asked: str) -> None:
    assert found(asked, document("GET /books", servers=VARIABLES)).operation is None


def test_the_base_path_is_no_value_of_a_parameter() -> None:
    """`/v1/nothing` is below the base path, where `/nothing` is not documented."""
    api = document("GET /{owner}/{repo}", "GET /books", servers=V1)
    assert found("GET /v1/nothing", api).operation is None
    assert key_of(found("GET /v1/books", api)) == "GET /books"
    assert key_of(found("GET /me/mine", api)) == "GET /{owner}/{repo}"


def test_a_suffix_needs_a_word_of_its_own() -> None:
    """`/api/v1/abc` must not become `/{code}` of a document that lives elsewhere."""
    assert found("GET /api/v1/abc", document("GET /{code}")).operation is None


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("GET /api/v1/books", "GET /api/v1/books/{id}"), "GET /books"),
        (("GET /api/v1/books", "GET /api/v1/books/{id}"), "GET /v1/books"),
        (("GET /shop/api/books", "GET /shop/api/orders"), "GET /books"),
    ],
)
def test_a_base_path_may_stand_in_the_templates(keys: tuple[str, ...], asked: str) -> None:
    """The tests have it in the address of the client."""
    match = found(asked, document(*keys))
    assert key_of(match) == keys[0]
    assert match.note is not None


def test_a_word_in_common_is_no_base_path() -> None:
    api = document("GET /users/keys", "GET /users/{id}")
    assert found("GET /keys", api).operation is None


PATH_SERVERS = (
    HEAD
    + """
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /upload:
    servers: [{url: 'https://files.example.com/files'}]
    post: {responses: {'200': {description: ok}}}
  /books:
    post: {responses: {'200': {description: ok}}}
    get:
      servers: [{url: /read}]
      responses: {'200': {description: ok}}
"""
)


def test_paths_and_operations_have_servers_of_their_own() -> None:
    api = load(PATH_SERVERS, "file:///w/openapi.yaml")
    assert key_of(found("POST /files/upload", api)) == "POST /upload"
    assert found("POST /files/upload", api).note is None
    assert found("POST /v1/upload", api).note is not None
    assert found("POST /v1/books", api).note is None
    assert found("POST /files/books", api).operation is None
    assert found("GET /read/books", api).note is None


def test_a_swagger_base_path() -> None:
    api = load(
        'swagger: "2.0"\ninfo: {title: T, version: "1"}\nhost: x.example\nbasePath: /v2\n'
        "paths: {/pet: {post: {responses: {'200': {description: ok}}}}}\n",
        "file:///w/swagger.yaml",
    )
    assert key_of(found("POST /v2/pet", api)) == "POST /pet"
    assert key_of(found("POST /pet", api)) == "POST /pet"


def test_segments() -> None:
    assert call_segments("/a%00b/x{}y", ("n",))[0].is_known
    assert call_segments("/a/x{}y", ("n",))[1].names == ("n",)
    assert pattern_of("{a}{b}").fits("xy")
    assert not pattern_of("{a}{b}").fits("x")
    assert not pattern_of("{a}.{b}.json").fits("x.json")
    assert pattern_of("{a").is_literal
    hostile = pattern_of("{a}b" * 60 + "c")
    begin = perf_counter()
    assert not hostile.fits("b" * 100_000)
    assert not hostile.could_fit("\0".join("b" * 90))
    assert perf_counter() - begin < 5


def test_nothing_is_read_but_what_is_meant() -> None:
    keys = [f"GET /r{number}/{{id}}/s{number % 7}" for number in range(2_000)]
    api = document(*keys, servers=V1)
    operations = api.operations
    assert isinstance(operations, LazyOperations)
    for number in range(0, 2_000, 20):
        assert found(f"GET /v1/r{number}/17/s{number % 7}", api).operation is not None
        assert found(f"GET /v1/r{number}/17/other", api).operation is None
    assert operations.made == 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "template", ["/r{n}/{{id}}/s{n}", "/{{a{n}}}", "/{{a}}/x{n}-{{b}}", "/{{a}}/" + "x" * 100]
)
def test_twenty_thousand_operations(template: str) -> None:
    """Paths that are all different, all the same, and all half the same."""
    entries = [
        OperationEntry("GET", template.format(n=number), f"/paths/{number}")
        for number in range(20_000)
    ]

    def make(entry: OperationEntry) -> Operation:
        return Operation(entry.method, entry.path, entry.pointer)

    operations = LazyOperations(entries, make)
    api = ApiDocument("file:///w/a.yaml", "T", "1", "3.1.0", operations, (Server("/v1"),))
    begin = perf_counter()
    for number in range(0, 20_000, 1_000):
        path = re.sub(r"\{[^{}]*\}", "{}", entries[number].path)
        match = found(f"GET /v1{path}", api)
        assert match.ambiguous or key_of(match) == entries[number].key
        found(f"GET /v1/{{}}/{{}}/no/{number}", api)
    assert perf_counter() - begin < 30
    assert operations.made <= 200


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github", "stripe"])
def test_every_operation_of_a_real_document_is_found(name: str, shared_specs: Path) -> None:
    """Holes for all parameters: the operation itself, or said to be ambiguous; never another."""
    path = next(
        (each for each in sorted(shared_specs.rglob("*")) if name in each.name.lower()), None
    )
    if path is None:
        pytest.skip(f"no document of {name}")
    api = load(path.read_text(encoding="utf-8"), path.as_uri())
    certain = 0
    for entry in api.entries:
        asked = re.sub(r"\{[^{}]*\}", "{}", entry.path)
        match = found(f"{entry.method} {asked}", api)
        if match.operation is None:
            assert entry.key in match.candidates, match.reason
        else:
            assert match.operation.key == entry.key
            certain += 1
    assert certain > len(api.entries) * 0.95
