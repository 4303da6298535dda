"""Requests that nobody should send are read or refused; nothing raises and everything ends."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.checking import read_request
from pe4king_core.mock.requests.credentials import credentials_fault
from pe4king_core.mock.requests.routing import Router
from pe4king_core.model.operation import ApiDocument, Operation
from tests.mock.requests.asking import document, operation, parameter, posted

pytestmark = pytest.mark.slow

TREE = {
    "type": "object",
    "properties": {
        "n": {"type": "integer"},
        "in": {"$ref": "#/components/schemas/T"},
        "all": {"type": "array", "items": {"$ref": "#/components/schemas/T"}},
        "one": {"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/T"}]},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
}
REFERENCE = {"$ref": "#/components/schemas/T"}
TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/mixed",
    "application/xml",
    "text/plain",
    "application/jsonl",
    "text/event-stream",
    "application/octet-stream",
)


def known() -> ApiDocument:
    styles = [("query", "deepObject"), ("query", "form"), ("cookie", "form"), ("header", "simple")]
    stated = [
        parameter(f"p{number}", REFERENCE, where, style=style)
        for number, (where, style) in enumerate(styles)
    ]
    whole: dict[str, Any] = operation(
        parameters=[*stated, parameter("id", REFERENCE, "path", style="matrix", explode=True)],
        requestBody={"content": {name: {"schema": REFERENCE} for name in TYPES}},
        security=[{"basic": []}, {"key": []}],
    )
    schemes = {
        "basic": {"type": "http", "scheme": "basic"},
        "key": {"type": "apiKey", "in": "query", "name": "key"},
    }
    components = {"schemas": {"T": TREE}, "securitySchemes": schemes}
    return document({"/x/{id}/{a}.{b}": {"post": whole}}, components=components)


KNOWN = known()
ROUTER = Router(KNOWN)

BITS = r"""
%2 %FF %2F [] [n] [in][n] null true -1 1e999 NaN --b --b-- [0] in all one {"in":{}} <in> </in>
<!DOCTYPE p0 p1 ;id= key= data: filename*="x''%FF" Basic
"""
bits = st.sampled_from(
    [
        *BITS.split(),
        *"%[]{}\"'\\/.;=&,| +<>?#é\x00\r\n\x1e\ud800\udcff",
        "9" * 400,
        "\r\n\r\n",
        "--b\r\nContent-Disposition: form-data; name=",
    ]
)
texts = st.lists(bits | st.text(max_size=4), max_size=12).map("".join)
names = st.sampled_from(
    ["p3", "cookie", "authorization", "content-length", "content-encoding", "expect"]
)
types = st.builds(
    lambda name, more: name + more,
    st.sampled_from((*TYPES, "", "image/png")),
    st.sampled_from(["", "; boundary=b", "; charset=utf-16", "; charset=idna"]) | texts,
)


@given(
    path=texts,
    query=texts,
    headers=st.lists(st.tuples(names, texts), max_size=3),
    media_type=types,
    body=texts.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=80),
    lenient=st.booleans(),
)
def test_nothing_raises(
    path: str,
    query: str,
    headers: list[tuple[str, str]],
    media_type: str,
    body: bytes,
    lenient: bool,
) -> None:
    below = re.sub(r"[/?#]", "", path) or "x"
    sent = Sent("POST", f"/x/{below}/a.b?{query}", [*headers, ("Content-Type", media_type)], body)
    found = ROUTER.find(sent.method, sent.target)
    assert found.operation is not None
    request = read_request(sent, found, lenient=lenient)
    assert request.operation is found.operation
    credentials_fault(sent, found.operation)
    ROUTER.find(path, path + query)


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"&".join([b"in[in][in]=1"] * 50_000)),
        ("application/x-www-form-urlencoded", b"in" + b"[in]" * 50_000 + b"=1"),
        ("application/x-www-form-urlencoded", b"all[999999999]=1&all[" + b"9" * 9_000 + b"]=1"),
        ("application/json", b'{"in":' * 900 + b"1" + b"}" * 900),
        ("application/json", b"[" + b"1," * 200_000 + b"1]"),
        ("application/xml", b"<T>" + b"<all/>" * 50_000 + b"</T>"),
        ("multipart/form-data; boundary=" + "b" * 10_000, b"--b"),
        ("text/plain", b"\xff" * 1_000_000),
    ],
)
def test_large_bodies_end(media_type: str, body: bytes, lenient: bool) -> None:
    posted(body, media_type.partition(";")[0], TREE_ALONE, sent=media_type, lenient=lenient)


TREE_ALONE = {
    "type": "object",
    "properties": {
        "in": {"type": "object", "properties": {"in": {"type": "object"}}},
        "all": {"type": "array", "items": {"type": "integer"}},
    },
}


def test_operations_that_stand_nowhere_are_not_read() -> None:
    found = ROUTER.find("POST", "/nowhere")
    with pytest.raises(ValueError, match="/nowhere"):
        read_request(Sent("POST", "/nowhere", []), found)


def test_documents_of_the_corpus_are_routed(shared_specs: Any) -> None:
    """Every path of the real documents leads to its own operation, or to one that is like it."""
    from tests.e2e import documents as corpus

    for name, each in corpus.documents().items():
        router = Router(each)
        for entry in each.entries:
            target = re.sub(r"\{[^{}/]+\}", "1", entry.path.partition("#")[0]).replace(" ", "%20")
            found = router.find(entry.method, target)
            reached = [one.operation for one in (found, *found.others)]
            assert any(_is_at(one, entry.path) for one in reached), f"{name} {entry.key}"


def _is_at(reached: Operation | None, path: str) -> bool:
    """Whether it is the operation of `path`, or of one that `1` in its place means as well."""
    if reached is None:
        return False
    pattern = re.sub(r"\\\{[^{}/]+\\\}", "[^/]+", re.escape(path.partition("?")[0]))
    shown = re.sub(r"\{[^{}/]+\}", "1", reached.path.partition("?")[0])
    return reached.path == path or re.fullmatch(pattern, shown) is not None
