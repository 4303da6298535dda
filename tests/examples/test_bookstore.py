"""The bookstore keeps to its document: every operation, every status, again and again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest
from bookstore_contract import BOOKSTORE, Contract, examples_of
from bookstore_probes import PROBES
from bookstore_requests import REMOVED, UNKNOWN, Probe, Shop, body_of


def test_every_documented_status_is_probed(contract: Contract) -> None:
    documented = {
        (operation.id, int(status))
        for operation in contract.operations.values()
        for status in operation.responses
    }
    assert {(probe.operation, probe.status) for probe in PROBES} == documented


@pytest.mark.parametrize("turn", ["first", "again"])
def test_answers_keep_to_the_document(shop: Shop, contract: Contract, turn: str) -> None:
    departures = []
    for probe in PROBES:
        response = shop.send(probe)
        breaches = contract.breaches(contract.operations[probe.operation], response)
        if response.status_code != probe.status:
            breaches.append(f"answered {response.status_code}: {response.text[:200]}")
        departures += [f"{turn} {probe}: {breach}" for breach in breaches]
    assert departures == []


def test_service_and_schema_agree_on_what_is_valid(contract: Contract) -> None:
    for probe in PROBES:
        operation = contract.operations[probe.operation]
        if operation.body is None or probe.content is not None:
            continue
        body = body_of(operation, probe)
        pointer = f"{operation.pointer}/requestBody/content/application~1json/schema"
        assert bool(contract.errors(pointer, body)) == (probe.status == 422), str(probe)


def test_breaches_are_noticed(shop: Shop, contract: Contract) -> None:
    operation = contract.operations["listBooks"]
    good = shop.send(Probe("listBooks", 200))
    headers = {"Content-Type": "application/json", "X-Total-Count": "1"}
    page = good.json()
    del page["items"][0]["isbn"]
    assert contract.breaches(operation, good) == []
    assert contract.breaches(operation, httpx.Response(200, json=page, headers=headers))
    assert contract.breaches(operation, httpx.Response(200, json=good.json()))
    assert contract.breaches(operation, httpx.Response(418, json={}))
    assert contract.breaches(
        operation, httpx.Response(200, text="x", headers={"X-Total-Count": "1"})
    )


@pytest.mark.parametrize("operation_id", ["getBook", "getCustomer", "getHealth"])
def test_seed_is_what_the_example_shows(
    service: ModuleType, contract: Contract, operation_id: str
) -> None:
    with service.BookstoreServer() as server, httpx.Client(base_url=server.base_url) as client:
        answer = Shop(client, contract).send(Probe(operation_id, 200)).json()
    content = contract.operations[operation_id].responses["200"]["content"]
    assert examples_of(content["application/json"]) == [answer]


def test_shipped_order_is_what_the_example_shows(shop: Shop, contract: Contract) -> None:
    response = contract.operations["getOrder"].responses["200"]
    (example,) = examples_of(response["content"]["application/json"])
    assert shop.send(Probe("getOrder", 200, path=example["id"])).json() == example


def test_book_is_there_until_it_is_deleted(shop: Shop) -> None:
    created = shop.send(Probe("createBook", 201))
    book = created.json()
    sent = body_of(shop.contract.operations["createBook"], Probe("createBook", 201))
    assert {name: book[name] for name in sent} == sent
    location = shop.client.get(
        f"http://{shop.client.base_url.netloc.decode()}{created.headers['Location']}",
        headers={"X-API-Key": "demo-key"},
    )
    assert location.json() == book
    assert shop.send(Probe("deleteBook", 204, path=book["id"])).status_code == 204
    assert shop.send(Probe("getBook", 404, path=book["id"])).status_code == 404
    assert shop.send(Probe("deleteBook", 404, path=book["id"])).status_code == 404


def test_replacing_changes_the_etag_and_drops_what_is_not_sent(shop: Shop) -> None:
    book_id = shop.create("createBook")
    before = shop.send(Probe("getBook", 200, path=book_id))
    change = ("/pages", REMOVED)
    replaced = shop.send(Probe("replaceBook", 200, path=book_id, change=change))
    assert "pages" in before.json()
    assert "pages" not in replaced.json()
    assert replaced.json()["createdAt"] == before.json()["createdAt"]
    after = shop.send(Probe("getBook", 200, path=book_id))
    assert after.headers["ETag"] == replaced.headers["ETag"] != before.headers["ETag"]


def test_list_pages_filters_and_sorts(shop: Shop) -> None:
    first = shop.send(Probe("listBooks", 200, query={"limit": "2", "sort": "-price"}))
    second = shop.send(
        Probe("listBooks", 200, query={"limit": "2", "offset": "2", "sort": "-price"})
    )
    prices = [book["price"] for page in (first, second) for book in page.json()["items"]]
    assert len(prices) == 4
    assert prices == sorted(prices, reverse=True)
    assert first.headers["X-Total-Count"] == str(first.json()["total"])
    science = shop.send(Probe("listBooks", 200, query={"genre": "science", "minPrice": "31"}))
    assert {book["genre"] for book in science.json()["items"]} == {"science"}
    assert shop.send(Probe("listBooks", 200, query={"minPrice": "10001"})).json()["total"] == 0


def test_new_review_comes_first_and_counts(shop: Shop) -> None:
    book_id = shop.create("createBook")
    shop.send(Probe("createReview", 201, path=book_id, change=("/rating", 2)))
    newest = shop.send(Probe("createReview", 201, path=book_id)).json()
    reviews = shop.send(Probe("listReviews", 200, path=book_id)).json()
    assert [review["rating"] for review in reviews] == [5, 2]
    assert reviews[0] == newest
    book = shop.send(Probe("getBook", 200, path=book_id)).json()
    assert book["rating"] == {"count": 2, "average": 3.5}


def test_password_stays_inside(shop: Shop) -> None:
    customer = shop.send(Probe("createCustomer", 201)).json()
    read = shop.send(Probe("getCustomer", 200, path=customer["id"])).json()
    assert "password" not in customer
    assert read == customer


def test_order_adds_up_and_is_made_once_for_one_key(shop: Shop) -> None:
    key = {"Idempotency-Key": "9d0f5c7e-2b6a-4f4e-8c11-0a2b3c4d5e6f"}
    first = shop.send(Probe("createOrder", 201, headers=key)).json()
    again = shop.send(Probe("createOrder", 201, headers=key)).json()
    other = shop.send(Probe("createOrder", 201, headers=key, example=1)).json()
    assert first == again
    assert first["id"] != other["id"]
    assert first["total"] == sum(item["lineTotal"] for item in first["items"])
    assert all(item["lineTotal"] == item["unitPrice"] * item["quantity"] for item in first["items"])


def test_cancelled_order_stays_cancelled_and_frees_its_key(shop: Shop) -> None:
    first = shop.send(Probe("createOrder", 201)).json()
    cancelled = shop.send(Probe("cancelOrder", 200, path=first["id"]))
    assert cancelled.json() == {**first, "status": "cancelled"}
    assert shop.send(Probe("cancelOrder", 200, path=first["id"])).json() == cancelled.json()
    assert shop.send(Probe("getOrder", 200, path=first["id"])).json() == cancelled.json()
    next_order = shop.send(Probe("createOrder", 201)).json()
    assert next_order["status"] == "placed"
    assert next_order["id"] != first["id"]


@pytest.mark.parametrize(
    ("operation", "pointer", "value"),
    [
        ("createBook", "/isbn", "978-1000000061\n"),
        ("createBook", "/isbn", "978-١٠٠٠٠٠٠٠٠٠"),
        ("createCustomer", "/email", "a b@example.com"),
        ("createCustomer", "/email", "@example.com"),
        ("createCustomer", "/email", "a@"),
        ("createCustomer", "/email", "a@b@c.org"),
    ],
)
def test_stricter_than_our_validator(shop: Shop, operation: str, pointer: str, value: str) -> None:
    """ECMA-262 has no newline after `$` and only ten digits; an address is more than an `@`."""
    assert shop.send(Probe(operation, 422, change=(pointer, value))).status_code == 422


def test_details_name_every_problem(shop: Shop) -> None:
    body = b'{"rating": 9, "colour": "red"}'
    error = shop.send(Probe("createReview", 422, content=body)).json()
    fields = [detail["field"] for detail in error["details"]]
    assert fields == ["/text", "/rating", "/colour"]
    error = shop.send(Probe("listBooks", 400, query={"limit": "0", "sort": "x"})).json()
    assert [detail["field"] for detail in error["details"]] == ["limit", "sort"]


@pytest.mark.parametrize("credentials", [("BOOKSTORE_API_KEY", "other"), ("BOOKSTORE_TOKEN", "k")])
def test_credentials_come_from_the_environment(
    service: ModuleType,
    contract: Contract,
    credentials: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(*credentials)
    reading = credentials[0] == "BOOKSTORE_API_KEY"
    probe = Probe("getBook" if reading else "createBook", 401)
    with service.BookstoreServer() as server, httpx.Client(base_url=server.base_url) as client:
        assert Shop(client, contract).send(probe).status_code == 401
        value = {"X-API-Key": "other"} if reading else {"Authorization": "bearer k"}
        allowed = Probe(probe.operation, 200, headers=value)
        assert Shop(client, contract).send(allowed).is_success


def test_unknown_paths_and_methods(shop: Shop) -> None:
    for path in ("/nothing", "/books/", "/books//reviews", f"/orders/{UNKNOWN}/cancel/x", ""):
        response = shop.client.get(path)
        assert response.status_code == 404
        assert response.json()["code"] == "not_found"
    allowed = {"/books": "GET, POST", f"/books/{UNKNOWN}": "DELETE, GET, PUT", "/health": "GET"}
    for path, methods in allowed.items():
        for method in ("PATCH", "OPTIONS", "HEAD", "TRACE"):
            response = shop.client.request(method, path)
            assert response.status_code == 405
            assert response.headers["Allow"] == methods
            assert response.headers["Content-Type"] == "application/json"
        assert shop.client.patch(path).json()["code"] == "method_not_allowed"


@pytest.fixture
def process(tmp_path: Path) -> subprocess.Popen[str]:
    """The service as a program, from a copy of its folder somewhere else."""
    folder = shutil.copytree(
        BOOKSTORE, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__")
    )
    return subprocess.Popen(
        [sys.executable, "-I", str(folder / "service.py"), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_program_says_one_line_and_ends_cleanly(
    process: subprocess.Popen[str], number: int
) -> None:
    assert process.stdout is not None
    with process:
        line = process.stdout.readline()
        assert line.startswith("Bookstore listening on http://127.0.0.1:")
        url = line.split()[-1]
        assert urlsplit(url).path == "/v1"
        with httpx.Client() as client:
            assert client.get(f"{url}/health").json()["status"] == "ok"
            process.send_signal(number)
            output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


def test_port_in_use_is_told(base_url: str) -> None:
    port = str(urlsplit(base_url).port)
    command = [sys.executable, str(BOOKSTORE / "service.py"), "--port", port]
    result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"Cannot listen on 127.0.0.1:{port}" in result.stderr


def test_smoke_tests_pass(base_url: str) -> None:
    environment = {
        "API_BASE_URL": base_url,
        "API_KEY": "demo-key",
        "API_BEARER_AUTH": "demo-token",
    }
    options = ["-q", "-c", os.devnull, "-p", "no:cacheprovider"]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(BOOKSTORE / "tests" / "test_smoke.py")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout
