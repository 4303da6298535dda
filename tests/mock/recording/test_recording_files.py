"""The file of a recording: what is written is read again, and what is damaged is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.errors import UserError
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.encodings import decoded
from pe4king_core.mock.recording.reading import read_recording, recording_of
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.writing import RecordingWriter

HEADER = b'{"pe4king": "recording", "version": 1, "server": "http://a", "salt": "x"}\n'
GOOD = b'{"request": {"method": "GET", "target": "/a"}, "response": {"status": 204}}\n'
TYPES = st.sampled_from(
    [
        "",
        "application/json",
        "application/problem+json; charset=utf-8",
        "application/x-www-form-urlencoded",
        "image/png",
        "text/html; charset=windows-1251",
        "text/plain",
        "x; charset=no",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
)


@given(BODIES, TYPES, st.integers(200, 599))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, content_type: str, status: int
) -> None:
    path = tmp_path_factory.mktemp("files") / "rec.jsonl"
    headers = [("Content-Type", content_type), ("Set-Cookie", "a=1"), ("set-cookie", "b=2")]
    written = Recorded(Sent("POST", "/a?b=%20", headers, body), Answer(status, headers, body), 7)
    with RecordingWriter(path, "http://a") as writer:
        writer.add(written)
    read = read_recording(path)
    (one,) = read.exchanges
    assert not read.damaged
    assert (one.sent.method, one.sent.target, one.line) == ("POST", "/a?b=%20", 2)
    assert (one.answer.status, one.request_size, one.answer_size) == (status, 7, None)
    assert [value for _, value in one.answer.headers] == [value for _, value in headers]
    if "json" in content_type and one.answer.body != body:
        # The same value, written in our way; nan is no JSON and stays as it was.
        assert json.loads(one.answer.body) == json.loads(body)
    else:
        assert one.answer.body == body
    assert path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"not json\n", "no JSON"),
        (b"[1]\n", "no object"),
        (b'{"request": {}, "response": {"status": 200}}\n', "`method`"),
        (b'{"request": {"method": "GET", "target": "/"}, "response": {"status": "x"}}\n', "status"),
        (b'{"request": {"method": "GET", "target": "/"}}\n', "`response`"),
        (GOOD.replace(b'"/a"', b'"/a", "headers": {"a": 1}'), "header"),
        (GOOD.replace(b"204", b'204, "body": {"base64": "%"}'), "base64"),
        (GOOD.replace(b"204", b'204, "body": [1]'), "`body`"),
        (GOOD.replace(b"204", b'204, "body": {"size": "x"}'), "`size`"),
        (b"\xff\xfe\x00\n", "no JSON"),
        (b"[" * 100_000 + b"\n", "no JSON"),
    ],
)
def test_a_damaged_line_is_told_by_its_number_and_the_others_are_used(
    line: bytes, told: str
) -> None:
    read = recording_of(HEADER + GOOD + line + b"\n" + GOOD, "rec.jsonl")
    assert [each.line for each in read.exchanges] == [2, 5]
    (damaged,) = read.damaged
    assert damaged.line == 3
    assert told in damaged.reason.en
    assert damaged.reason.ru != damaged.reason.en


def test_an_interrupted_line_is_called_so() -> None:
    read = recording_of(HEADER + GOOD + GOOD[:40], "rec.jsonl")
    assert len(read.exchanges) == 1
    assert "interrupted" in read.damaged[0].reason.en


def test_unknown_members_are_ignored() -> None:
    more: dict[str, Any] = json.loads(GOOD)
    more["request"]["later"] = more["response"]["later"] = more["later"] = {"a": [1]}
    read = recording_of(HEADER + json.dumps(more).encode(), "rec.jsonl")
    assert (len(read.exchanges), read.damaged) == (1, ())


@pytest.mark.parametrize("first", [b"", b"{}", b"[]", b"text", b'{"pe4king": "recording"}'])
def test_what_is_no_recording_is_refused(first: bytes) -> None:
    with pytest.raises(UserError, match="is no recording"):
        recording_of(first + b"\n" + GOOD, "rec.jsonl")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rec.jsonl"
    path.write_bytes(HEADER.replace(b'"version": 1', b'"version": 2'))
    with pytest.raises(UserError, match="version 2"):
        read_recording(path)
    with pytest.raises(UserError, match="version 2"):
        RecordingWriter(path, "http://a")
    assert path.read_bytes().endswith(b'"salt": "x"}\n')


def test_a_compressed_bomb_is_read_as_far_as_is_wanted() -> None:
    import zlib

    bomb = zlib.compress(bytes(50_000_000))
    assert decoded(bomb, "deflate", 1_000) == (bytes(1_000), False)
    assert decoded(zlib.compress(b"abc"), "deflate", 1_000) == (b"abc", True)
    assert decoded(zlib.compress(b"abc")[2:-4], "deflate", 1_000) == (b"abc", True)
    assert decoded(b"abc", "br", 1_000) is None
    assert decoded(b"no gzip", "gzip", 1_000) is None
