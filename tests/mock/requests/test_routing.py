"""Which operation a method and a path mean."""

from __future__ import annotations

import pytest

from pe4king_core.mock.requests.routing import Router
from pe4king_core.model.operation import ApiDocument, LazyOperations
from tests.mock.requests.asking import document, operation, parameter

PATHS = {
    "/": {"get": operation()},
    "/books": {"get": operation(), "post": operation()},
    "/books/{id}": {"get": operation(), "delete": operation()},
    "/books/mine": {"get": operation()},
    "/books/{id}/pages/{page}": {"get": operation()},
    "/files/{name}.{ending}": {"get": operation()},
    "/files/{name}": {"get": operation()},
    "/a b/é": {"get": operation()},
    "/{kind}/pages": {"get": operation()},
    "/rpc:run": {"post": operation()},
    "/shelves/": {"get": operation()},
}


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(document(PATHS, servers=[{"url": "https://api.test/v1/"}, {"url": "/v1/eu"}]))


@pytest.mark.parametrize(
    ("target", "key", "texts"),
    [
        ("/", "GET /", {}),
        ("/books", "GET /books", {}),
        ("/books?limit=1", "GET /books", {}),
        ("/v1/books", "GET /books", {}),
        ("/v1/eu/books/7", "GET /books/{id}", {"id": "7"}),
        ("/v1", "GET /", {}),
        ("/books/mine", "GET /books/mine", {}),
        ("/books/mi%6Ee", "GET /books/mine", {}),
        ("/books/a%2Fb", "GET /books/{id}", {"id": "a%2Fb"}),
        ("/books/pages", "GET /books/{id}", {"id": "pages"}),
        ("/books/1/pages/2", "GET /books/{id}/pages/{page}", {"id": "1", "page": "2"}),
        ("/files/a.b.txt", "GET /files/{name}.{ending}", {"name": "a.b", "ending": "txt"}),
        ("/files/a%2Etxt", "GET /files/{name}.{ending}", {"name": "a", "ending": "txt"}),
        ("/files/.txt", "GET /files/{name}", {"name": ".txt"}),
        ("/a%20b/%C3%A9", "GET /a b/é", {}),
        ("/shelves/", "GET /shelves/", {}),
    ],
)
def test_paths(router: Router, target: str, key: str, texts: dict[str, str]) -> None:
    found = router.find("GET", target)
    assert found.operation is not None
    assert (found.operation.key, found.parameters) == (key, texts)


@pytest.mark.parametrize(
    "target",
    ["/nothing", "/books/", "/books//", "//books", "/shelves", "/v2/books", "/books/1/pages", "/%"],
)
def test_unknown_paths_have_no_methods(router: Router, target: str) -> None:
    found = router.find("GET", target)
    assert (found.operation, found.methods) == (None, ())


def test_other_methods_of_a_path_are_named(router: Router) -> None:
    found = router.find("PUT", "/books/1")
    assert (found.operation, found.methods) == (None, ("GET", "DELETE"))
    assert router.find("POST", "/rpc:run").operation is not None
    assert router.find("DELETE", "/books/mine").methods == ("GET",)


def test_head_is_answered_as_get_is(router: Router) -> None:
    found = router.find("HEAD", "/books")
    assert found.operation is not None
    assert found.operation.key == "GET /books"
    assert router.find("HEAD", "/rpc:run").operation is None


def test_route_is_what_stands_below_the_base_path(router: Router) -> None:
    found = router.find("GET", "/v1/books/a%20b?x=1")
    assert (found.route, found.base) == ("/books/a b", "/v1")


def test_a_path_that_is_written_out_goes_before_a_base_path() -> None:
    paths = {"/{id}": {"get": operation()}, "/v1/status": {"get": operation()}}
    router = Router(document(paths, servers=[{"url": "/v1"}]))
    assert keys(router, "/v1/status") == ["GET /v1/status"]
    assert keys(router, "/v1/other") == ["GET /{id}"]


def test_servers_of_a_path_are_known() -> None:
    item = {"get": operation(), "servers": [{"url": "https://up.test/uploads"}]}
    router = Router(document({"/x": item}, servers=[{"url": "/v1"}]))
    assert keys(router, "/uploads/x") == ["GET /x"]
    assert keys(router, "/others/x") == []


def test_a_query_written_into_a_path_tells_operations_apart() -> None:
    paths = {
        "/do?action=start": {"post": operation()},
        "/do?action=stop&id={id}": {
            "post": operation(parameters=[parameter("id", {"type": "string"}, "path")])
        },
        "/do": {"post": operation()},
    }
    router = Router(document(paths))
    assert keys(router, "/do?action=start", "POST") == ["POST /do?action=start"]
    assert keys(router, "/do?id=4&action=stop", "POST") == ["POST /do?action=stop&id={id}"]
    assert keys(router, "/do?x=1", "POST") == ["POST /do"]


def test_paths_that_cannot_be_told_apart_are_all_found() -> None:
    paths = {"/x/{id}": {"get": operation()}, "/x/{name}": {"get": operation()}}
    assert len(keys(Router(document(paths)), "/x/1")) == 2


def test_ten_thousand_paths_and_a_hostile_one() -> None:
    paths = {f"/r{n}/{{a}}/s{n % 7}/{{b}}-{{c}}": {"get": operation()} for n in range(10_000)}
    router = Router(document(paths))
    assert keys(router, "/r9999/1/s3/x-y-z") == ["GET /r9999/{a}/s3/{b}-{c}"]
    assert keys(router, "/r9999/1/s3/" + "-" * 50_000) != []
    assert keys(router, "/" * 100_000) == []
    assert keys(router, "/" + "%" * 100_000) == []


def test_only_what_is_found_is_read() -> None:
    known = document(PATHS)
    assert isinstance(known.operations, LazyOperations)
    router = Router(known)
    router.find("GET", "/books/1")
    router.find("PATCH", "/books/1")
    assert known.operations.made == 1


def test_methods_of_their_own() -> None:
    known: ApiDocument = document(
        {"/x": {"query": operation(), "additionalOperations": {"COPY": operation()}}},
        openapi="3.2.0",
    )
    router = Router(known)
    assert keys(router, "/x", "QUERY") == ["QUERY /x"]
    assert keys(router, "/x", "COPY") == ["COPY /x"]


def keys(router: Router, target: str, method: str = "GET") -> list[str]:
    found = router.find(method, target)
    return [one.operation.key for one in (found, *found.others) if one.operation is not None]
