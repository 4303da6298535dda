"""Token estimates: safe at first, then what the servers' own counts have taught."""

from __future__ import annotations

import pytest

from pe4king_adapter.calibration import HIGHEST_RATIO, LOWEST_RATIO, TokenRatio
from pe4king_adapter.provider import Prompt
from pe4king_adapter.registry import create_provider
from pe4king_adapter.tools import Tools

from .conftest import config_for
from .fake_server import FakeModel, completion


def test_three_bytes_a_token_before_anything_is_known() -> None:
    ratio = TokenRatio()
    assert [ratio.estimate(text) for text in ("", "abc", "abcd", "тест")] == [0, 1, 2, 3]


@pytest.mark.parametrize(("bytes_a_token", "learned"), [(4.8, 4.7), (1.3, 1.4), (2.5, 2.5)])
def test_counts_move_the_ratio(bytes_a_token: float, learned: float) -> None:
    ratio = TokenRatio()
    for _ in range(50):
        ratio.observe("x" * 4000, round(4000 / bytes_a_token))
    assert ratio.value == pytest.approx(learned, abs=0.15)


def test_the_ratio_stays_within_its_bounds() -> None:
    low, high = TokenRatio(), TokenRatio()
    for _ in range(50):
        low.observe("x" * 4000, 6000)
        high.observe("x" * 4000, 500)
    assert (low.value, high.value) == (LOWEST_RATIO, HIGHEST_RATIO)


@pytest.mark.parametrize("tokens", [None, 0, 3])
def test_counts_of_a_cached_prompt_teach_nothing(tokens: int | None) -> None:
    ratio = TokenRatio()
    ratio.observe("x" * 4000, tokens)
    assert ratio.value == 3.0


async def test_usage_calibrates_every_provider_of_the_same_model(model: FakeModel) -> None:
    said = completion("fine") | {"usage": {"prompt_tokens": 5000, "completion_tokens": 1}}
    model.status(200, said)
    tools = Tools()
    provider = create_provider(config_for(model.base_url), tools)
    before = provider.estimate_tokens("x" * 3000)
    await provider.complete(Prompt.of("", "x" * 20_000))
    assert provider.estimate_tokens("x" * 3000) < before == 1000
    anew = create_provider(config_for(model.base_url), tools)
    assert anew.estimate_tokens("x" * 3000) == provider.estimate_tokens("x" * 3000)
    other = create_provider(config_for(model.base_url, model="another"), tools)
    assert other.estimate_tokens("x" * 3000) == 1000
    await provider.close()
