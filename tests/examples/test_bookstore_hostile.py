"""No request, however broken, ends the bookstore or keeps it from answering others."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import ModuleType

import httpx
import pytest
from bookstore_contract import Contract
from bookstore_requests import Probe, Shop

POST = "POST /v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo-token\r\n"
GET = "GET /v1/health HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(autouse=True)
def still_well(base_url: str) -> Iterator[None]:
    """After each test the service answers a stranger."""
    yield
    with httpx.Client(timeout=10) as client:
        assert client.get(f"{base_url}/health").json() == {"status": "ok", "version": "1.0.0"}


@pytest.fixture
def address(base_url: str) -> tuple[str, int]:
    url = httpx.URL(base_url)
    assert url.port is not None
    return url.host, url.port


def exchange(address: tuple[str, int], request: bytes) -> bytes:
    """All that comes back for raw bytes until the service closes the connection."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    ("request_text", "status", "code"),
    [
        ("garbage\r\n\r\n", 400, "malformed_request"),
        ("GET /v1/health\r\n", 200, ""),
        ("GET /v1/health HTTP/9.9\r\n\r\n", 505, "malformed_request"),
        ("FETCH /v1/books HTTP/1.1\r\n\r\n", 501, "method_not_allowed"),
        ("CONNECT example.org:80 HTTP/1.1\r\n\r\n", 404, "not_found"),
        (f"GET /{'x' * 70_000} HTTP/1.1\r\n\r\n", 414, "malformed_request"),
        (f"{GET}X: {'x' * 70_000}\r\n\r\n", 431, "malformed_request"),
        (GET + "X: y\r\n" * 200 + "\r\n", 431, "malformed_request"),
        ("GET //[ HTTP/1.1\r\n\r\n", 404, "not_found"),
        ("GET /v1/books/%ff%00 HTTP/1.1\r\nX-API-Key: demo-key\r\n\r\n", 400, "invalid_parameter"),
        ("GET /v1/books HTTP/1.1\r\nX-API-Key: \xfc\r\n\r\n", 401, "unauthorized"),
        (f"{POST}Content-Length: ten\r\n\r\n", 400, "malformed_request"),
        (f"{POST}Content-Length: -5\r\n\r\n", 400, "malformed_request"),
        (f"{POST}Content-Length: \xb2\r\n\r\n", 400, "malformed_request"),
        (f"{POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{{}}", 400, "malformed_request"),
        (f"{POST}Content-Length: 50\r\n\r\n{{", 400, "malformed_request"),
        (f"{POST}Content-Length: {10**12}\r\n\r\n{{", 413, "body_too_large"),
        (f"{POST}Content-Length: {'9' * 5000}\r\n\r\n{{", 413, "body_too_large"),
        (f"{POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n", 411, "length_required"),
        (
            f"{POST}Content-Type: ;;=\r\nContent-Length: 2\r\n\r\n{{}}",
            415,
            "unsupported_media_type",
        ),
    ],
    ids=lambda value: str(value)[:40].encode("unicode_escape").decode(),
)
def test_broken_requests_are_refused(
    address: tuple[str, int], contract: Contract, request_text: str, status: int, code: str
) -> None:
    received = exchange(address, request_text.encode("latin-1"))
    if not code:
        assert json.loads(received) == {"status": "ok", "version": "1.0.0"}
        return
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/json" in head
    error = json.loads(body)
    assert contract.errors("/components/schemas/Error", error) == []
    assert error["code"] == code


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 8 * 1024 * 1024])
def test_huge_body_is_refused_with_an_answer(shop: Shop, size: int) -> None:
    response = shop.send(Probe("createBook", 413, content=b" " * size))
    assert response.status_code == 413
    assert response.json()["code"] == "body_too_large"


def test_largest_body_is_read(shop: Shop) -> None:
    cut_off = b"[" + b"1," * 524_287 + b"1"
    assert shop.send(Probe("createReview", 400, content=cut_off)).status_code == 400
    long_text = json.dumps({"rating": 1, "text": "x" * 1_000_000}).encode()
    assert shop.send(Probe("createReview", 422, content=long_text)).status_code == 422


def test_half_sent_requests_hold_up_nobody(address: tuple[str, int], shop: Shop) -> None:
    halves = [b"", b"GET /v1", GET.encode(), f"{POST}Content-Length: 100\r\n\r\n{{".encode()]
    with ExitStack() as stack:
        for half in halves * 10:
            connection = stack.enter_context(socket.create_connection(address, timeout=10))
            connection.sendall(half)
        for _ in range(20):
            assert shop.send(Probe("listBooks", 200)).status_code == 200


def test_clients_that_go_away_are_no_trouble(address: tuple[str, int], shop: Shop) -> None:
    request = f"{GET}X-API-Key: demo-key\r\n\r\n".encode() * 20
    for _ in range(20):
        with socket.create_connection(address, timeout=10) as connection:
            # Closing with a reset while answers are on their way.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(request)
    assert shop.send(Probe("listBooks", 200)).status_code == 200


def test_requests_in_a_row_on_one_connection(address: tuple[str, int]) -> None:
    body = b'{"rating": 1}'
    bad = f"{POST}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    last = f"{GET}Connection: close\r\n\r\n".encode()
    received = exchange(address, (bad + body) * 3 + last)
    assert received.count(b"HTTP/1.1 422 ") == 3
    assert received.count(b"HTTP/1.1 200 ") == 1


def test_two_hundred_requests_at_once(base_url: str, contract: Contract) -> None:
    probes = [
        Probe("createBook", 201),
        Probe("listBooks", 200),
        Probe("createReview", 201),
        Probe("createOrder", 201),
        Probe("replaceBook", 200),
    ] * 40
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    with httpx.Client(base_url=base_url, timeout=20, limits=limits) as client:
        shop = Shop(client, contract)
        before = shop.send(Probe("listBooks", 200)).json()["total"]
        with ThreadPoolExecutor(200) as pool:
            responses = list(pool.map(shop.send, probes))
        after = shop.send(Probe("listBooks", 200)).json()["total"]
    assert [response.status_code for response in responses] == [probe.status for probe in probes]
    assert after == before + 40
    orders = {response.json()["id"] for response in responses[3::5]}
    assert len(orders) == 1


def test_failure_inside_is_a_500_and_no_more(
    service: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    with service.BookstoreServer() as server, httpx.Client(base_url=server.base_url) as client:
        monkeypatch.setattr("bookstore_app.store.Store.search", fail)
        response = client.get("/books", headers={"X-API-Key": "demo-key"})
        assert response.status_code == 500
        assert response.json()["code"] == "internal_error"
        assert "broken" not in response.text
        assert client.get("/health").status_code == 200
    assert "broken on purpose" in capsys.readouterr().err
