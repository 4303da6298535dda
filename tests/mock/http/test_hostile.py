"""Hostile clients of the program itself: whatever they send, it refuses or answers and goes on."""

from __future__ import annotations

import contextlib
import json
import random
import socket
from collections.abc import Iterator

import httpx
import pytest

from bench.loopback import memory_of_tree
from tests.conftest import ROOT
from tests.e2e.served import Served

pytestmark = pytest.mark.slow

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
GET = b"GET /books HTTP/1.1\r\nHost: a\r\nX-API-Key: k\r\n\r\n"
LAST = b"GET /books HTTP/1.1\r\nHost: a\r\nX-API-Key: k\r\nConnection: close\r\n\r\n"
POST = (
    b"POST /books HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n"
    b"Content-Type: application/json\r\n"
    b"Content-Length: 13\r\n\r\n" + b'{"a": [1, 2]}'
)
GROWTH = 60_000_000
"""Bytes by which the server may grow."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served(BOOKSTORE, log=False) as running:
        yield running


@pytest.fixture(autouse=True)
def goes_on(served: Served) -> Iterator[None]:
    """After every test the server answers as before, and has said nothing."""
    yield
    with connected(served) as connection:
        connection.sendall(LAST)
        assert whole(connection).startswith(b"HTTP/1.1 200 ")
    assert served.process.poll() is None
    assert served.lines == []


@contextlib.contextmanager
def connected(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        yield connection


def whole(connection: socket.socket) -> bytes:
    """All that comes until the server closes; a reset is an end as well."""
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("seed", range(4))
def test_bytes_that_are_no_http(served: Served, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        content = bytearray(chance.choice((GET, POST, LAST, chance.randbytes(200))))
        for _ in range(chance.randrange(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with connected(served) as connection:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            told = whole(connection)
        assert not told or told.startswith(b"HTTP/1.1 "), told[:200]
        assert b"HTTP/1.1 500" not in told
        assert b"Traceback" not in told


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"title": ' + b"9" * 100_000 + b"}",
        b'{"title": 1e999999}',
        b'{"title": NaN}',
        b'{"title": "\\ud800"}',
        b'{"title": "' + b"x" * 5_000_000 + b'"}',
        b'{"a": 1, ' * 3 + b'"a": 2}',
        b"{" + b",".join(b'"%d": null' % number for number in range(50_000)) + b"}",
        '{"title": "é"}'.encode("utf-16"),
        b"\xff\xfe\x00",
        b"\0" * 1_000,
    ],
    ids=lambda body: repr(body[:14]),
)
def test_bodies_that_nobody_wants(served: Served, body: bytes) -> None:
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
    url = f"{served.base_url}/books"
    answer = httpx.post(url, content=body, headers=headers, trust_env=False, timeout=60)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "head",
    [
        b"GET /books HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 60_000 + b"\r\n",
        b"GET /books HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 2_000,
        b"GET /books HTTP/1.1\r\nHost: a\r\nCookie: " + b"a=b; " * 5_000 + b"\r\n",
        b"GET /books HTTP/1.1\r\nHost: a\r\nAccept: " + b"a/b;q=0.1, " * 4_000 + b"\r\n",
        b"GET /books HTTP/1.1\r\nHost: a\r\nContent-Type: " + b";a=" * 5_000 + b"\r\n",
        b"GET /books?" + b"limit=1&" * 7_000 + b" HTTP/1.1\r\nHost: a\r\n",
        b"GET /books?a" + b"[b]" * 15_000 + b"=1 HTTP/1.1\r\nHost: a\r\n",
        b"GET /" + b"books/" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n",
        b"G" * 5_000 + b" /books HTTP/1.1\r\nHost: a\r\n",
        b"get /books HTTP/1.1\r\nHost: a\r\n",
        b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n",
        b"TRACE /books HTTP/1.1\r\nHost: a\r\n",
        b"GET /books HTTP/9.9\r\nHost: a\r\n",
        b"GET /books HTTP/1.1\r\n",
    ],
    ids=lambda head: repr(head[:24]),
)
def test_heads_that_nobody_sends(served: Served, head: bytes) -> None:
    with connected(served) as connection:
        connection.sendall(head + b"Connection: close\r\n\r\n")
        told = whole(connection)
    assert told.startswith(b"HTTP/1.1 "), told[:100]
    assert told[9:10] in (b"2", b"4"), told[:100]


def test_paths_in_odd_encodings(served: Served) -> None:
    odd = ("%00", "%ff", "%zz", "%", "..%2f..", "%2e%2e/", "%F0%28%8C%28", "%C0%AF", "a%0d%0ab")
    odd += ("//", ";", "?", "%3F", "%23", "{bookId}", "*", "~" * 3_000, "%25" * 3_000)
    for path in odd:
        with connected(served) as connection:
            connection.sendall(GET.replace(b"/books", f"/books/{path}".encode()) + LAST)
            told = whole(connection)
        assert told[9:10] in (b"2", b"4"), (path, told[:100])


def test_many_requests_in_one_go_and_nobody_who_reads(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = stack.enter_context(connected(served))
            connection.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                for _ in range(2_000):
                    connection.send(GET)
        with connected(served) as reading:
            reading.sendall(GET * 300 + LAST)
            assert whole(reading).count(b"HTTP/1.1 200 OK") == 301


def test_a_client_that_has_said_all_still_gets_its_answer(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(LAST)
        connection.shutdown(socket.SHUT_WR)
        assert whole(connection).startswith(b"HTTP/1.1 200 ")


def test_slow_ones_keep_nobody_waiting(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(served)) for _ in range(300)]
        for position in range(8):
            for each in slow:
                each.send(POST[position : position + 1])
            with connected(served) as connection:
                connection.sendall(LAST)
                assert whole(connection).startswith(b"HTTP/1.1 200 ")


def test_memory_stays(served: Served) -> None:
    if not (before := memory_of_tree(served.process.pid)):
        pytest.skip("this system does not tell how much memory a process has")
    chance = random.Random(1)
    key = {"X-API-Key": "k", "Authorization": "Bearer t"}
    with httpx.Client(base_url=served.base_url, headers=key, trust_env=False, timeout=60) as client:
        for number in range(1_500):
            client.get(f"/books/{number}-{chance.random()}", params={f"p{number}": "x" * 500})
            client.request(f"M{number}", f"/x{number}" * 50)
            body = json.dumps({f"k{number}": "y" * 2_000, "title": str(number)})
            client.post("/books", content=body, headers={"Content-Type": "application/json"})
    assert memory_of_tree(served.process.pid) - before < GROWTH
