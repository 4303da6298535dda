"""Whatever bytes arrive: an answer or a failure, never an exception; cut anywhere, the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import FinishReason, LlmResponse
from pe4king_adapter.wire.failures import Failure

from .wire_samples import SAMPLES, STREAMED, TEXT, Sample
from .wire_samples import sample as sample_of

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, "", "x", "\ud800", "9" * 30, [], {}, [None], [[]],
    [{}], {"x": None}, {"text": 5}, [1, "a"], [[[[]]]], {"error": 1}, {"message": []},
)  # fmt: skip
"""Values of wrong types, for every place of an answer."""
DEEP = b"[" * 200_000
streams = st.sampled_from(STREAMED)
samples = st.sampled_from(SAMPLES)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    listed = enumerate(value) if isinstance(value, list) else ()
    for key, item in value.items() if isinstance(value, dict) else listed:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    value = copy.deepcopy(value)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = odd
    return value


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def is_result(found: object) -> bool:
    return isinstance(found, LlmResponse | Failure)


@pytest.mark.parametrize("sample", STREAMED, ids=lambda sample: sample.name)
def test_every_prefix_of_a_stream_is_a_failure_or_the_answer(sample: Sample) -> None:
    body = sample.streamed
    whole = sample.read(body)
    assert whole[0] == TEXT
    for end in range(len(body)):
        shown, found = sample.read(body[:end])
        assert TEXT.startswith(shown)
        if isinstance(found, Failure):
            assert found.problem is Problem.STREAM_CUT
        else:
            assert (found.text, found.finish) == (TEXT, FinishReason.COMPLETE)
    assert isinstance(sample.read(body[: len(body) // 2])[1], Failure)


@given(streams, st.lists(st.integers(0, 3000), max_size=30))
@settings(max_examples=60, deadline=None)
def test_cuts_change_nothing(sample: Sample, cuts: list[int]) -> None:
    body = sample.streamed
    ends = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    reader = sample.codec.reader({})
    shown = [reader.feed(body[a:b]) for a, b in pairwise(ends)]
    last = reader.finish()
    assert ("".join([*shown, last.text]), last.response) == sample.read(body)


@given(samples, st.binary(max_size=300), st.sampled_from([200, 400, 429, 500]))
@settings(max_examples=150, deadline=None)
def test_garbage_is_a_failure(sample: Sample, garbage: bytes, status: int) -> None:
    assert isinstance(sample.codec.answer({}, garbage), Failure)
    assert isinstance(sample.codec.failure(status, {}, garbage), Failure)
    assert sample.codec.read_models(garbage) == ()
    assert isinstance(sample.read(garbage)[1], Failure)


@given(streams, st.binary(min_size=1, max_size=40), st.integers(0, 3000))
@settings(max_examples=150, deadline=None)
def test_garbage_inside_a_stream_never_raises(sample: Sample, garbage: bytes, at: int) -> None:
    body = sample.streamed
    assert is_result(sample.read(body[:at] + garbage + body[at:])[1])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_wrong_types_at_every_place_never_raise(sample: Sample) -> None:
    for path in places(sample.whole):
        for odd in ODD:
            body = encoded(replaced(sample.whole, path, odd))
            assert is_result(sample.codec.answer({}, body))
            assert is_result(sample.codec.failure(400, {}, body))
            sample.codec.read_models(body)
    for number, document in enumerate(sample.stream):
        for path in places(document):
            for odd in ODD:
                frames = [sample.framed(d) for d in sample.stream]
                frames[number] = sample.framed(replaced(document, path, odd))
                assert is_result(sample.read(b"".join(frames) + sample.mark)[1])


ERROR = {
    "error": {
        "message": "no",
        "type": "t",
        "code": "c",
        "param": "p",
        "status": "s",
        "details": [{"retryDelay": "1s", "violations": [{"quotaId": "q"}], "reason": "r"}],
        "innererror": {"code": "c"},
        "metadata": {"flagged_input": "f"},
    }
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_wrong_types_in_failures_never_raise(sample: Sample) -> None:
    for path in places(ERROR):
        for odd in ODD:
            body = encoded(replaced(ERROR, path, odd))
            assert isinstance(sample.codec.failure(429, {}, body), Failure)
            assert is_result(sample.codec.answer({}, body))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_depth_and_huge_numbers_never_raise(sample: Sample) -> None:
    deep = b'{"a":' * 200_000
    number = b'{"usage": ' + b"9" * 10_000 + b"}"
    for body in (DEEP, deep, number, b'{"error": ' + DEEP, b'{"x": 1e999, "y": NaN}'):
        assert isinstance(sample.codec.answer({}, body), Failure)
        assert isinstance(sample.codec.failure(500, {}, body), Failure)
        assert isinstance(sample.read(b"data: " + body + b"\n\n" + body + b"\n")[1], Failure)
    nested: Any = {}
    for _ in range(900):
        nested = {"error": nested}
    for place in ("error", "data", "choices", "candidates", "result"):
        assert is_result(sample.codec.answer({}, encoded({place: nested})))


def test_halves_of_characters_never_reach_the_text() -> None:
    pieces = ["a\ud83d", "\ude00", "b\ude00", "\ud83d"]
    choices = [{"delta": {"content": piece}} for piece in pieces]
    frames = [b"data: " + encoded({"choices": [choice]}) + b"\n\n" for choice in choices]
    end = b'data: {"choices": [{"finish_reason": "stop"}]}\n\n'
    body = b"".join(frames) + end
    for size in (1, 7, len(body)):
        shown, found = sample_of("chat").read(body, size)
        assert isinstance(found, LlmResponse)
        assert found.text == shown == "a\U0001f600b\ufffd\ufffd"


@pytest.mark.parametrize("sample", STREAMED, ids=lambda sample: sample.name)
def test_an_endless_stream_is_cut_off(sample: Sample) -> None:
    reader = sample.codec.reader({})
    for _ in range(10):
        reader.feed(b"x" * (1 << 20))
    assert reader.failure is not None
    assert reader.failure.problem is Problem.TOO_LARGE
