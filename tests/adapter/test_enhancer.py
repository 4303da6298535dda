"""The enhancer against a model over HTTP: accepted, rejected, repaired, given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pe4king_adapter.enhancer import LlmEnhancer
from pe4king_adapter.errors import InvalidResponseError, LlmError, QuotaExceededError
from pe4king_adapter.parser import ResponseParser
from pe4king_adapter.prompts import PromptBuilder
from pe4king_adapter.tasks import NegativeTask
from pe4king_core.model.fact import AssertionFact, Basis, CaseFact, HasFormat, HasType, body
from pe4king_core.model.message import Message
from pe4king_core.model.schema import JsonType
from pe4king_core.model.verdict import Verdict

from .conftest import MakeProvider
from .fake_server import FakeModel
from .samples import enhance_task, explain_task, operation

ID = {
    "call": "C1",
    "pointer": "/id",
    "check": "format",
    "args": ["uuid"],
    "presence": "required",
    "reason": "Ids are UUIDs.",
}
TITLE = {**ID, "pointer": "/title", "check": "type", "args": ["string"]}
INVENTED = {**ID, "pointer": "/isAdmin"}
CASE = {
    "title": "rejects negative price",
    "changes": [{"where": "body", "name": "/price", "kind": "set", "value": -1}],
    "credentials": "valid",
    "expected": [],
    "reason": "",
}
Judged = Sequence[AssertionFact | CaseFact]


class AcceptAll:
    def __init__(self) -> None:
        self.judged: list[Judged] = []

    async def __call__(self, facts: Judged) -> Verdict:
        self.judged.append(facts)
        return Verdict(tuple(range(len(facts))), warnings=(Message("w", "п"),))


class AcceptFormats(AcceptAll):
    """Turns away what is no format."""

    async def __call__(self, facts: Judged) -> Verdict:
        self.judged.append(facts)
        is_format = [isinstance(getattr(fact, "check", None), HasFormat) for fact in facts]
        return Verdict(
            tuple(index for index, good in enumerate(is_format) if good),
            tuple((i, Message("no format", "не формат")) for i, g in enumerate(is_format) if not g),
        )


def answer(*items: Any) -> dict[str, Any]:
    return {"assertions": list(items)}


@pytest.fixture
def enhancer(model: FakeModel, provider_for: MakeProvider) -> LlmEnhancer:
    return made(model, provider_for)


def made(
    model: FakeModel, provider_for: MakeProvider, judge: AcceptAll | None = None
) -> LlmEnhancer:
    provider = provider_for(model.base_url)
    return LlmEnhancer(provider, PromptBuilder(), ResponseParser(), judge or AcceptAll())


async def test_accepted_facts_keep_basis_and_reason(
    model: FakeModel, enhancer: LlmEnhancer
) -> None:
    model.answer(answer(ID, TITLE, ID, INVENTED))
    result = await enhancer.enhance_skeleton(enhance_task())
    assert [fact.subject for fact in result.accepted] == [body("/id"), body("/title")]
    assert {fact.basis for fact in result.accepted} == {Basis.MODEL}
    assert result.accepted[0].reason.en == "Ids are UUIDs."
    assert "/isAdmin" in result.rejected[0].item
    assert (result.rounds, len(result.responses)) == (1, 1)
    assert result.warnings == (Message("w", "п"),)
    assert result.responses[0].usage.prompt_tokens == 11
    assert model.requests[0].json["response_format"]["type"] == "json_schema"


async def test_known_facts_are_not_offered_again(model: FakeModel, enhancer: LlmEnhancer) -> None:
    model.answer(answer(ID, TITLE))
    string = HasType(frozenset({JsonType.STRING}))
    known = (
        AssertionFact("C1", body("/id"), HasFormat("uuid")),
        AssertionFact("C1", body("/title"), string),
    )
    result = await enhancer.enhance_skeleton(replace(enhance_task(), known=known[:1]))
    assert [fact.check for fact in result.accepted] == [string]
    result = await enhancer.enhance_skeleton(replace(enhance_task(), known=known))
    assert (result.accepted, result.rejected, result.rounds) == ((), (), 1)


async def test_an_empty_answer_is_final(model: FakeModel, enhancer: LlmEnhancer) -> None:
    model.answer(answer())
    result = await enhancer.enhance_skeleton(enhance_task("ru"))
    assert (result.accepted, result.rounds) == ((), 1)


async def test_what_was_wrong_goes_back_to_the_model(
    model: FakeModel, provider_for: MakeProvider
) -> None:
    model.answer("I would check the id.").answer(answer(INVENTED, TITLE)).answer(answer(ID))
    judge = AcceptFormats()
    result = await made(model, provider_for, judge).enhance_skeleton(enhance_task("ru"))
    assert [fact.subject for fact in result.accepted] == [body("/id")]
    assert (result.rounds, len(result.responses)) == (3, 3)
    second, third = (request.json["messages"] for request in model.requests[1:])
    assert [message["role"] for message in third] == ["system", "user", "assistant", "user"]
    assert second[2]["content"] == "I would check the id."
    assert "не в том виде" in second[3]["content"]
    assert "/isAdmin" in third[3]["content"]
    assert "не формат" in third[3]["content"]
    assert len(judge.judged) == 2


async def test_after_two_repairs_nothing_more_is_asked(
    model: FakeModel, enhancer: LlmEnhancer
) -> None:
    model.answer("no json here")
    with pytest.raises(InvalidResponseError):
        await enhancer.enhance_skeleton(enhance_task())
    assert len(model.requests) == 3


async def test_rejected_three_times_is_a_result_with_reasons(
    model: FakeModel, enhancer: LlmEnhancer
) -> None:
    model.answer(answer(INVENTED))
    result = await enhancer.enhance_skeleton(enhance_task())
    assert (result.accepted, result.rounds) == ((), 3)
    assert "no '/isAdmin'" in result.rejected[0].reason.en


async def test_a_truncated_answer_is_asked_for_again(
    model: FakeModel, enhancer: LlmEnhancer
) -> None:
    model.answer(answer(ID), finish="length").answer(answer(ID))
    result = await enhancer.enhance_skeleton(enhance_task())
    assert (len(result.accepted), result.rounds) == (1, 2)


async def test_failures_of_the_provider_go_to_the_caller(
    model: FakeModel, enhancer: LlmEnhancer
) -> None:
    model.error(429, {"code": "insufficient_quota"})
    for ask in (
        enhancer.enhance_skeleton(enhance_task()),
        enhancer.generate_negative_tests(NegativeTask(operation("POST /books"))),
        enhancer.explain_test(explain_task()),
    ):
        with pytest.raises(QuotaExceededError):
            await ask
    assert len(model.requests) == 3


async def test_negative_cases(model: FakeModel, enhancer: LlmEnhancer) -> None:
    other = {**CASE, "title": "rejects no credentials", "changes": [], "credentials": "none"}
    model.answer({"cases": [CASE, {**CASE, "title": "the same again"}, other]})
    task = NegativeTask(operation("POST /books"), language="ru")
    result = await enhancer.generate_negative_tests(task)
    titles = [case.title.en for case in result.accepted]
    assert titles == ["rejects negative price", "rejects no credentials"]
    again = await enhancer.generate_negative_tests(replace(task, known=result.accepted))
    assert again.accepted == ()
    limited = await enhancer.generate_negative_tests(replace(task, limit=1))
    assert len(limited.accepted) == 1


async def test_explanations(model: FakeModel, enhancer: LlmEnhancer) -> None:
    model.answer('{"title": "x"}').answer("This test reads one book and checks its status.")
    explained = await enhancer.explain_test(explain_task())
    assert explained.explanation.comment.en == "This test reads one book and checks its status."
    assert explained.rounds == 2
    model.answer("no")
    with pytest.raises(LlmError):
        _ = [await enhancer.explain_test(explain_task()) for _ in range(2)]
