"""llmock breaks its answers on demand, watches what we do about it, and judges.

Its verdict knows requests only: whether we retried what may pass, waited as long as we were told,
and never asked again for what cannot change. What the caller was told is seen here.
"""

from __future__ import annotations

from typing import Any

import pytest

from pe4king_adapter.errors import LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmProvider, StreamPart

from .conftest import Make
from .installed import Running, skip_where_not_installed
from .places import LLMOCK, PLACES, Place

skip_where_not_installed()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(
        "place",
        [each for each in PLACES if each.server == LLMOCK],
        ids=[each.name for each in PLACES if each.server == LLMOCK],
    ),
]

BOTH = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
PASSING = {
    "busy": (429, 0.3),
    "failed": (500, None),
    "down": (503, None),
    "overloaded": (529, None),
}
FINAL = {
    400: Problem.BAD_REQUEST,
    401: Problem.KEY_REFUSED,
    402: Problem.QUOTA,
    403: Problem.FORBIDDEN,
    404: Problem.MODEL_UNKNOWN,
    422: Problem.BAD_REQUEST,
}
AFTER_TEXT = {
    "llmock openai": 3,
    "llmock openai responses": 6,
    "llmock openai-compatible": 3,
    "llmock mistral": 3,
    "llmock anthropic": 5,
    "llmock gemini": 2,
}
"""So many chunks in, a part of the text was handed on."""
SUSPECTED = ("malformed",)
"""llmock warns of what it cannot see: whether a client that asks again had noticed."""


@BOTH
@pytest.mark.parametrize("fault", list(PASSING))
async def test_what_may_pass_is_asked_again(
    place: Place, server: Running, make: Make, streaming: bool, fault: str
) -> None:
    status, wait = PASSING[fault]
    faults(server, type="fail", status=status, **({"retry_after": wait} if wait else {}))
    assert await said(make(), place, streaming) == place.text
    assert_resilient(server, requests=2, strictly=True)


@BOTH
@pytest.mark.parametrize("status", list(FINAL))
async def test_what_cannot_pass_is_asked_once(
    place: Place, server: Running, make: Make, streaming: bool, status: int
) -> None:
    faults(server, type="fail", status=status, times=None)
    with pytest.raises(LlmError) as caught:
        await said(make(), place, streaming)
    told = {FINAL[status], Problem.ADDRESS_UNKNOWN} if status == 404 else {FINAL[status]}
    assert caught.value.code in told
    assert (caught.value.attempts, caught.value.status) == (1, status)
    assert_resilient(server, requests=1, strictly=True)


@BOTH
async def test_giving_up_is_bounded(
    place: Place, server: Running, make: Make, streaming: bool
) -> None:
    faults(server, type="fail", status=503, times=None)
    with pytest.raises(LlmError) as caught:
        await said(make(), place, streaming)
    assert caught.value.attempts == 3
    assert_resilient(server, requests=3, strictly=True)


@BOTH
async def test_a_spent_quota_is_final(
    place: Place, server: Running, make: Make, streaming: bool
) -> None:
    if place.provider not in ("openai", "openai-compatible"):
        pytest.skip("the code is OpenAI's")
    faults(server, type="fail", status=429, code="insufficient_quota", times=None)
    with pytest.raises(LlmError) as caught:
        await said(make(), place, streaming)
    assert (caught.value.code, caught.value.attempts) == (Problem.QUOTA, 1)
    assert_resilient(server, requests=1)


@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed"])
async def test_a_stream_that_breaks_before_its_text_is_asked_again(
    place: Place, server: Running, make: Make, kind: str
) -> None:
    faults(server, type="stream_fault", kind=kind, after_chunks=0)
    assert await said(make(), place, streaming=True) == place.text
    assert_resilient(server, requests=2, strictly=kind not in SUSPECTED)


@pytest.mark.parametrize("kind", ["disconnect", "truncate", "malformed"])
async def test_a_stream_that_breaks_in_its_text_is_told(
    place: Place, server: Running, make: Make, kind: str
) -> None:
    """Half an answer was shown: only the caller can ask again, and here does."""
    faults(server, type="stream_fault", kind=kind, after_chunks=AFTER_TEXT[place.name])
    provider, seen = make(), list[StreamPart]()
    with pytest.raises(LlmError) as caught:
        await said(provider, place, True, seen)
    assert "".join(part.text for part in seen)
    assert [part.response for part in seen] == [None] * len(seen)
    assert caught.value.retryable
    assert await said(provider, place, streaming=True) == place.text
    assert_resilient(server, requests=2, strictly=kind not in SUSPECTED)


async def test_a_stall_ends_at_the_deadline(place: Place, server: Running, make: Make) -> None:
    faults(server, type="stream_fault", kind="stall", stall_seconds=30, times=None)
    with pytest.raises(LlmError) as caught:
        await said(make(timeout=1.0), place, streaming=True)
    assert caught.value.code == Problem.TIMEOUT
    assert_resilient(server, requests=1, strictly=True)


def faults(server: Running, **behaviour: Any) -> None:
    """What the next request meets."""
    server.ask("POST", "/_llmock/scenario", {"behaviors": [behaviour]})


async def said(
    provider: LlmProvider, place: Place, streaming: bool, seen: list[StreamPart] | None = None
) -> str:
    """The text of an answer; `seen` is what of a stream arrived, also where it breaks."""
    if not streaming:
        return (await provider.complete(place.prompt)).text
    parts = [] if seen is None else seen
    async for part in provider.stream(place.prompt):
        parts.append(part)
    return "".join(part.text for part in parts)


def assert_resilient(server: Running, *, requests: int, strictly: bool = False) -> None:
    """The judge has nothing to say, `strictly` no warning either; so many requests were sent."""
    verdict = server.ask("GET", "/_llmock/verdict")
    findings = [
        f"{each['severity']} {each['code']}: {each['title']}" for each in verdict["findings"]
    ]
    assert verdict["passed"], findings
    assert not (strictly and findings), findings
    assert verdict["attempts"] == requests
    assert verdict["faults_injected"]
