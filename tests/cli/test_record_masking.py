"""No secret reaches a recording, wherever it travels; what is written still looks like it."""

from __future__ import annotations

import base64
import binascii
import contextlib
import http.server
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import httpx
import pytest

from tests.cli.running_kit import answer, exchanges, recording, upstream

pytestmark = pytest.mark.slow

Request = http.server.BaseHTTPRequestHandler


def part(value: object) -> str:
    told = json.dumps(value).encode() if not isinstance(value, str) else value.encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


WEB_TOKEN = ".".join(
    (part({"alg": "HS256", "typ": "JWT"}), part({"sub": "canary-subject", "exp": 1_900_000_000}),
     part("canary-signature"))
)  # fmt: skip
BASIC = base64.b64encode(b"canary-user:canary-basic-password").decode()
MAIL, PHONE, CARD = "canary.mail@shop.example.org", "+79165550123", "4111111111111111"

DOCUMENT = """\
openapi: 3.1.0
info: {title: Secrets, version: "1"}
paths:
  /tickets/{ticketToken}:
    get:
      parameters: [{name: ticketToken, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: fine}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: subscription}}
"""


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=30) as made:
        yield made


def told(folder: Path) -> str:
    """The whole recording, and what stands in it in base64 or percent-encoded."""
    text = (folder / "rec.jsonl").read_text(encoding="utf-8")
    for found in re.findall(r"[\w+/=-]{8,}", text):
        for plain in (found, found.replace("-", "+").replace("_", "/")):
            with contextlib.suppress(binascii.Error):
                text += base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("latin-1")
    return text + unquote_plus(text)


def send_all(client: httpx.Client, url: str) -> None:
    """Requests with secrets in every place."""
    client.get(
        f"{url}/tickets/canary-ticket-1?api_key=canary-query&subscription=canary-subscribed"
        f"&mail={MAIL}&u=https%3A%2F%2Fme%3Acanary-url-password%40host%2F",
        headers={
            "Authorization": f"Bearer {WEB_TOKEN}",
            "Cookie": "sid=canary-cookie-1; theme=canary2dark",
            "X-Api-Key": "canary-header-key",
            "X-Note": "key sk_live_canary0123456789abcd was used",
            "X-Own": "canary-own-name",
            "Referer": "http://other.example.org/#access_token=canary-fragment",
        },
    )
    client.post(
        f"{url}/json",
        headers={"Authorization": f"Basic {BASIC}"},
        json={
            "password": "canary-json-password", "pin": 4711, "phone": PHONE,
            "nested": [{"clientSecret": "canary-nested", "mail": f"write to {MAIL}"}],
            "card": {"number": CARD, "cvv": "987", "brand": "visa"},
            "note": f"Bearer {WEB_TOKEN}; password: canary-in-prose, pay with 4111 1111 1111 1111",
            "echo": "the password canary-json-password is known already",
            "tokens": ["canary-list-1", "canary-list-2"],
            MAIL: True,
        },
    )  # fmt: skip
    client.post(f"{url}/form", data={"grant": "x", "client_secret": "canary form+1&", "mail": MAIL})
    client.post(
        f"{url}/parts",
        data={"passphrase": "canary-part"},
        files={
            "meta": ("a.json", b'{"refresh_token": "canary-file-json"}', "application/json"),
            "image": ("b.bin", b"\x00\xff" + f"token {WEB_TOKEN}".encode(), "image/png"),
        },
    )
    client.post(
        f"{url}/text",
        headers={"Content-Type": "application/xml"},
        content="<a secret='canary-attribute'><apiKey>canary-element</apiKey></a>",
    )
    client.post(
        f"{url}/broken",
        headers={"Content-Type": "application/json"},
        content='{"password": "canary-half-json", "token": "canary-open',
    )


def reply(request: Request, body: bytes) -> None:
    request.send_response(200)
    given = {
        "access_token": WEB_TOKEN,
        "refresh_token": "canary-refresh",
        "log": "secret=canary-logged&x=1",
        "private": "-----BEGIN PRIVATE KEY-----\ncanaryCANARYkey==\n-----END PRIVATE KEY-----",
        "user": {"email": MAIL, "mobile": PHONE},
    }
    content = json.dumps(given).encode()
    request.send_header("Content-Type", "application/json")
    request.send_header("Set-Cookie", "session=canary-set-cookie; Path=/; HttpOnly")
    request.send_header("Location", "/next?code=canary1code2&token=canary-location")
    request.send_header("X-Auth-Token", "canary-answer-header")
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


def test_no_secret_of_any_place_is_written(tmp_path: Path, client: httpx.Client) -> None:
    (tmp_path / "doc.yaml").write_text(DOCUMENT)
    with upstream(reply) as server:
        arguments = ("--spec", "doc.yaml", "--mask", "x-own")
        with recording(tmp_path, server, *arguments) as (url, command):
            send_all(client, url)
            assert command.end() == (0, "")
            log = "\n".join(command.rest())
    assert len(exchanges(tmp_path)) == 6
    text = told(tmp_path)
    assert re.findall(r"(?i).{0,40}canary.{0,40}", text + log) == []
    for secret in (CARD, "4111 1111 1111 1111", PHONE, "4711", '"987"', "sk_live_canary"):
        assert secret not in text


def test_replacements_have_the_form_of_what_they_replace(
    tmp_path: Path, client: httpx.Client
) -> None:
    with upstream(reply) as server, recording(tmp_path, server) as (url, command):
        send_all(client, url)
        command.end()
    _, second, third, *_ = exchanges(tmp_path)
    asked = second["request"]["body"]["json"]
    given = second["response"]["body"]["json"]
    assert re.fullmatch(r"[a-z]{6}-[a-z]{4}-[a-z]{8}", asked["password"])
    assert asked["echo"] == f"the password {asked['password']} is known already"
    assert 1_000 <= asked["pin"] <= 9_999
    assert re.fullmatch(r"\+7\d{10}", asked["phone"])
    assert asked["phone"] == given["user"]["mobile"]
    assert asked["card"]["brand"] == "visa"
    assert luhn(asked["card"]["number"]) == 0
    assert re.fullmatch(r"[a-z.]+@[a-z.]+\.zq[a-z]", given["user"]["email"])
    assert asked["nested"][0]["mail"] == f"write to {given['user']['email']}"
    assert given["user"]["email"] in asked
    assert third["request"]["body"]["text"].count("&") == 2
    head, claims, _ = given["access_token"].split(".")
    assert read(head) == {"alg": "HS256", "typ": "JWT"}
    assert read(claims)["exp"] == 1_900_000_000
    assert len(read(claims)["sub"]) == len("canary-subject")
    assert f"Bearer {given['access_token']}" in asked["note"]


def luhn(number: str) -> int:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value // 10 + value % 10 for value in doubled) % 10


def read(segment: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(segment + "=="))
    return found


def test_what_is_no_secret_stays_as_it_is(tmp_path: Path, client: httpx.Client) -> None:
    said = {
        "token_type": "Bearer", "expires_in": 3600, "max_tokens": 100, "nextPageToken": "abc123def",
        "isbn": "978-1000000061", "at": 1763817600123, "id": "0190b8a0-1c4e-7d3a-9b1e-0a0b0c0d0e0f",
        "price": 18.5, "code": "not_found", "state": "active", "key": "title", "ratio": 1e21,
        "when": "2026-01-01T10:00:00+03:00", "text": "Bearer authentication: it needs a token",
        "password_changed_at": "2026-01-01", "big": 12345678901234567890123, "ok": True, "no": None,
        "name": "Привет, мир", "half": "\ud83d", "sort": "-price",
    }  # fmt: skip

    def echo(request: Request, body: bytes) -> None:
        challenge = 'Bearer realm="shop", error="invalid_token"'
        answer(request, body, 401, Content_Type="application/json", WWW_Authenticate=challenge)

    with upstream(echo) as server, recording(tmp_path, server) as (url, command):
        content = json.dumps(said)
        headers = {"Content-Type": "application/json", "Idempotency-Key": "order-7"}
        client.post(f"{url}/v1/a.b/~x?page=2&sort=-price", content=content, headers=headers)
        command.end()
    (one,) = exchanges(tmp_path)
    assert one["request"]["target"] == "/v1/a.b/~x?page=2&sort=-price"
    assert one["request"]["headers"]["idempotency-key"] == "order-7"
    assert one["request"]["body"]["json"] == said
    assert one["response"]["body"]["json"] == said
    assert one["response"]["headers"]["WWW-Authenticate"].endswith('error="invalid_token"')


def test_the_user_may_want_to_see_some_of_it(tmp_path: Path, client: httpx.Client) -> None:
    def handle(request: Request, body: bytes) -> None:
        answer(request, b'{"token": "kept-token-1", "pin": 1}', Content_Type="application/json")

    options = ("--no-mask", "token", "--no-mask", "X_Api_Key")
    with upstream(handle) as server, recording(tmp_path, server, *options) as (url, command):
        headers = {"X-API-Key": "kept-key-1", "X-Auth-Token": "canary-other"}
        client.get(f"{url}/a?token=kept-query", headers=headers)
        command.end()
    text = (tmp_path / "rec.jsonl").read_text()
    for kept in ("kept-token-1", "kept-key-1", "kept-query"):
        assert kept in text
    assert "canary" not in text


def test_guesses_cannot_be_tried_against_the_file(tmp_path: Path, client: httpx.Client) -> None:
    """The same secret in recordings of two users: nothing in the files makes them the same."""

    def handle(request: Request, body: bytes) -> None:
        answer(request, b'{"password": "a-common-password"}', Content_Type="application/json")

    made = []
    for user in ("one", "two"):
        folder = tmp_path / user
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch, upstream(handle) as server:
            patch.setenv("XDG_STATE_HOME", str(folder / "state"))
            # The same salt, as if one user had the other's file.
            header = {"pe4king": "recording", "version": 1, "server": server, "salt": "00"}
            (folder / "rec.jsonl").write_text(json.dumps(header) + "\n")
            with recording(folder, server) as (url, command):
                client.get(f"{url}/a")
                command.end()
        made.append(exchanges(folder)[0]["response"]["body"]["json"]["password"])
    assert made[0] != made[1]
