"""Masking of anything that can travel: it never fails, hides what it should, keeps the form."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.lines import line_of
from pe4king_core.mock.recording.masking.masker import Masker
from pe4king_core.mock.recording.masking.names import Names
from pe4king_core.mock.recording.recorded import Recorded

KEY = b"k" * 32
JSON = ("content-type", "application/json")
TYPES = st.sampled_from(
    [
        "",
        "application/json",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "application/xml",
        "image/png",
        "multipart/form-data; boundary=b",
        "text/plain; charset=utf-16",
    ]
)
PIECES = st.lists(
    st.sampled_from(
        [
            *("password", "token", "Bearer ", "Basic ", "eyJ", "+7", "4111111111111111", "--b"),
            *("-----BEGIN PRIVATE KEY-----", "\r\n\r\n", "://", "</", "a", "é", "\ud800"),
            *"=:\"'<>&%\\{}[]@.\n ;#?/,",
        ]
    )
)
TEXTS = PIECES.map("".join) | st.text(max_size=80)
BODIES = TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=80)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Authorization", "Cookie", "Set-Cookie", "Location", "Link", "X-Token"]),
        st.text(st.characters(max_codepoint=255), max_size=40)
        | PIECES.map(lambda each: "".join(each).encode("latin-1", "replace").decode("latin-1")),
    ),
    max_size=4,
)
ALPHABET = string.ascii_letters + string.digits + " _-+/=&%\"'<>\\:;,.@é"
SECRETS = st.text(ALPHABET, min_size=6, max_size=40).filter(
    lambda text: sum(letter.isalnum() for letter in text) > 5
)


def masked(sent: Sent, answer: Answer | None = None, size: int | None = None) -> Recorded:
    recorded = Recorded(sent, answer or Answer(200), size, size)
    return Masker(KEY, parameters=lambda _: {"id": "7"}).masked(recorded)


@given(TEXTS, HEADERS, TYPES, BODIES, st.sampled_from([None, 10**6]))
def test_anything_can_be_masked_and_written(
    target: str,
    headers: list[tuple[str, str]],
    content_type: str,
    body: bytes,
    size: int | None,
) -> None:
    plain = "/" + target.encode("utf-8", "replace").decode("latin-1")
    all_headers = [*headers, ("Content-Type", content_type)]
    found = masked(Sent("PUT", plain, all_headers, body), Answer(200, all_headers, body), size)
    assert line_of(found).count(b"\n") == 1
    assert [name for name, _ in found.sent.headers] == [name for name, _ in all_headers]
    again = masked(Sent("PUT", plain, all_headers, body), Answer(200, all_headers, body), size)
    assert again == found


@given(SECRETS, st.sampled_from(["password", "clientSecret", "API_KEY", "user[token]"]))
def test_a_named_secret_is_hidden_wherever_it_is_said_again(secret: str, name: str) -> None:
    told = {"first": f"it is {secret}!", name: secret, "then": [f"again {secret}"]}
    body = json.dumps(told).encode()
    found = masked(Sent("POST", "/a", [JSON, ("X-Echo", "x")], body), Answer(200, [JSON], body))
    said = json.loads(found.answer.body)
    assert said[name] != secret
    assert len(said[name]) == len(secret)
    assert secret not in said[name]
    word = secret.strip()
    # Whose password is `password` has it said everywhere.
    if len(word) > 7 and not (word.isalpha() and Names().is_secret(word)):
        assert said["first"] == f"it is {said[name]}!"
        assert said["then"] == [f"again {said[name]}"]


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["password", "pin", "a", "card", "phone"]), inner),
    max_leaves=8,
))  # fmt: skip
def test_types_stay_what_they_are(value: Any) -> None:
    body = json.dumps(value).encode()
    found = masked(Sent("GET", "/a", []), Answer(200, [JSON], body))
    assert types_of(json.loads(found.answer.body)) == types_of(value)


def types_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: types_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [types_of(each) for each in value]
    return type(value), len(value) if isinstance(value, str) else 0


@pytest.mark.parametrize(
    ("text", "kept", "hidden"),
    [
        ("Server=db;Password=tiger-7!;Database=shop", "Server=db;Password=", "tiger-7!"),
        ("mongodb://admin:pass-word1@db:27017/x", "@db:27017/x", "pass-word1"),
        ("<t:token kind='a'>abc123</t:token>", "<t:token kind='a'>", "abc123"),
        ('{"a": "{\\"pin\\": \\"4711x\\"}"}', "pin", "4711x"),
        ("token: 'it is this'", "token: '", "it is this"),
        ("AKIAIOSFODNN7EXAMPLE is used", " is used", "IOSFODNN7EXAMPLE"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_", "0123456789abcdefghij"),
        ("call +44 20 7946 0958 now", " now", "20 7946 0958"),
        ("card 5500-0000-0000-0004.", "card 5500-", "0000-0000-0004"),
        ("id 1234567890123456 is no card", "id 1234567890123456 is no card", "\0"),
        ("2026-01-01T10:00:00+03:00 +1 point", "2026-01-01T10:00:00+03:00 +1 point", "\0"),
        ("пароль: секретик1", "пароль: ", "секретик1"),
    ],
)
def test_texts(text: str, kept: str, hidden: str) -> None:
    answer = Answer(200, [("content-type", "text/plain")], text.encode())
    found = masked(Sent("GET", "/a", []), answer).answer.body.decode()
    assert kept in found
    assert hidden not in found


def test_digest_credentials_keep_what_is_public() -> None:
    digest = 'Digest username="anna-7", realm="shop", uri="/a?token=t0ken", response="ab12cd34"'
    (_, value), *_ = masked(Sent("GET", "/a", [("Authorization", digest)])).sent.headers
    assert 'realm="shop"' in value
    for secret in ("anna-7", "t0ken", "ab12cd34"):
        assert secret not in value


def test_a_cut_body_ends_with_a_whole_word() -> None:
    """Half a secret is not recognised, so the last half word is left out."""
    text = b"the token is here: sk_live_0123"
    answer = Answer(200, [("content-type", "text/plain")], text)
    assert masked(Sent("GET", "/a", []), answer, 10**6).answer.body == b"the token is here: "
