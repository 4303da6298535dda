"""Every recorded exchange parses, cut into pieces of any size; the vendors' libraries judge.

`make wire` gives the libraries an environment of their own and runs this; without it the
comparison is skipped. What is no text completion is counted and named.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import (
    AnswerSchema,
    CompletionOptions,
    FinishReason,
    LlmResponse,
    Prompt,
)
from pe4king_adapter.wire import Ask
from pe4king_adapter.wire.anthropic import AnthropicCodec
from pe4king_adapter.wire.failures import Failure

from .exchanges import MISSING, RECORDED, ROOT, Exchange, exchanges
from .replay import CODECS, WHOLE, codec_for, read

VENDORS = Path(os.environ.get("PE4KING_VENDORS") or ROOT / ".cache" / "vendors" / "bin" / "python")
KINDS: Mapping[str, tuple[Problem, ...]] = {
    "bad-request": (Problem.BAD_REQUEST, Problem.CONTEXT_LENGTH, Problem.MODEL_UNKNOWN),
    "unknown": (Problem.MODEL_UNKNOWN, Problem.ADDRESS_UNKNOWN),
    "key": (Problem.KEY_REFUSED, Problem.FORBIDDEN),
    "rate-limit": (Problem.RATE_LIMIT, Problem.QUOTA),
    "server": (Problem.SERVER, Problem.OVERLOADED),
    "in-stream": (Problem.BAD_REQUEST, Problem.SERVER, Problem.OVERLOADED, Problem.RATE_LIMIT),
}

pytestmark = pytest.mark.skipif(not RECORDED.is_file(), reason=MISSING)
needs_vendors = pytest.mark.skipif(
    not VENDORS.is_file(), reason="the vendors' libraries are not installed: run `make wire`"
)


@cache
def recorded() -> tuple[Exchange, ...]:
    return tuple(exchanges())


def completions() -> list[Exchange]:
    return [item for item in recorded() if item.protocol not in ("", "models")]


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_pieces_of_any_size_read_like_the_whole(size: int) -> None:
    streams = [item for item in completions() if item.streamed]
    assert streams
    for exchange in streams:
        assert read(exchange, size) == read(exchange), exchange.name


def test_every_exchange_is_an_answer_or_a_failure_with_a_reason() -> None:
    for exchange in completions():
        found = read(exchange)
        if exchange.status >= 400:
            assert isinstance(found.answer, Failure), exchange.name
        if isinstance(found.answer, Failure):
            continue
        assert isinstance(found.answer.finish, FinishReason)
        assert found.shown is None or found.shown == found.answer.text


def test_reasoning_never_mixes_into_the_text() -> None:
    thought = 0
    for exchange in completions():
        for text in thoughts(exchange):
            thought += 1
            answer = read(exchange).answer
            assert not isinstance(answer, LlmResponse) or text not in answer.text, exchange.name
    assert thought > 0


def thoughts(exchange: Exchange) -> list[str]:
    """Long texts that stand in a field of reasoning, but for those that the answer repeats."""
    if exchange.streamed or exchange.status != 200:
        return []
    found = re.findall(
        r'"(?:reasoning_content|reasoning|thinking)": ?("(?:[^"\\]|\\.){60,}")',
        exchange.body.decode(),
    )
    return [json.loads(text) for text in found]


def test_a_stream_cut_anywhere_is_never_an_answer() -> None:
    for exchange in completions():
        if not exchange.streamed or isinstance(read(exchange).answer, Failure):
            continue
        half = exchange.body[: len(exchange.body) // 2]
        cut = read(replace(exchange, body=half)).answer
        assert isinstance(cut, Failure), exchange.name
        assert cut.problem is Problem.STREAM_CUT, exchange.name


def test_lists_of_models_are_read() -> None:
    for exchange in (item for item in recorded() if item.protocol == "models"):
        names = codec_for(exchange).read_models(exchange.body)
        assert list(names) == [model["id"] for model in json.loads(exchange.body)["data"]]


def test_what_is_no_text_completion_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    others = Counter(f"{item.host}{item.path}" for item in recorded() if not item.protocol)
    protocols = Counter(item.protocol for item in recorded() if item.protocol)
    with capsys.disabled():
        for name, count in [*sorted(protocols.items()), *sorted(others.items())]:
            print(f"\n{count:5} {name}", end="")  # noqa: T201  the figures are the point
    assert protocols
    assert sum(protocols.values()) + sum(others.values()) == len(recorded())


@pytest.fixture(scope="module")
def judged() -> Mapping[int, Mapping[str, Any]]:
    """What the libraries read, by the exchanges' numbers."""
    lines = [json.loads(line) for line in vendors("").splitlines()]
    return {line["number"]: line for line in lines}


def vendors(given: str, *options: str) -> str:
    """What `vendors.py` prints in its own environment."""
    done = subprocess.run(
        [VENDORS.absolute(), "-W", "ignore", Path(__file__).with_name("vendors.py"), *options],
        check=True,
        capture_output=True,
        text=True,
        input=given,
        env={**os.environ, "PYTHONPATH": "", "NO_PROXY": "127.0.0.1"},
    )
    return done.stdout


@needs_vendors
@pytest.mark.slow
def test_the_vendors_libraries_read_the_same(
    judged: Mapping[int, Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    agreed: Counter[str] = Counter()
    differences = []
    for exchange in recorded():
        expected = judged.get(exchange.number)
        if expected is None:
            continue
        why = [difference(exchange, expected, size) for size in (1, 7, 4096, WHOLE)]
        if any(why):
            differences.append(f"{exchange.name}: {next(filter(None, why))}")
        else:
            agreed[exchange.protocol] += 1
    with capsys.disabled():
        print(f"\nagreed: {dict(sorted(agreed.items()))}; differ: {len(differences)}")  # noqa: T201
    assert not differences, "\n".join(differences)


@needs_vendors
@pytest.mark.slow
def test_the_vendors_types_accept_our_requests() -> None:
    schema = AnswerSchema("words", {"type": "object", "properties": {"a": {"type": "string"}}})
    wishes = CompletionOptions(max_tokens=50, temperature=0.5, stop=("END",), seed=7)
    ask = Ask(Prompt.of("Be brief.", "Привет", schema), "m", wishes, stream=True)
    names = ("chat", "responses", "anthropic", "gemini", "ollama", "gigachat")
    newest = AnthropicCodec(version="2026-10-21")  # its types no longer know a temperature
    codecs = {name: newest if name == "anthropic" else CODECS[name]() for name in names}
    bodies = {name: json.loads(codec.body(ask)) for name, codec in codecs.items()}
    complaints = json.loads(vendors(json.dumps(bodies), "--requests"))
    assert complaints == dict.fromkeys(names, "")


def difference(exchange: Exchange, expected: Mapping[str, Any], size: int) -> str:
    """Where our reading and the library's part, "" where they agree."""
    if "unread" in expected:  # then there is no answer in it
        found = read(exchange, size).answer
        return "" if isinstance(found, Failure) else f"only the library: {expected['unread']}"
    if "models" in expected:
        names = list(codec_for(exchange).read_models(exchange.body))
        return "" if names == expected["models"] else f"models {names}"
    answer = read(exchange, size).answer
    if "problem" in expected:
        problem = answer.problem if isinstance(answer, Failure) else None
        right = problem in KINDS[expected["problem"]]
        return "" if right else f"{problem} for {expected['problem']}"
    if isinstance(answer, Failure):
        return f"{answer.problem} for {expected}"
    usage = [answer.usage.prompt_tokens, answer.usage.completion_tokens]
    ours = {"text": answer.text, "finish": str(answer.finish), "usage": usage}
    parts = [key for key in ours if ours[key] != expected[key]]
    return "; ".join(f"{key}: {ours[key]!r} for {expected[key]!r}" for key in parts)
