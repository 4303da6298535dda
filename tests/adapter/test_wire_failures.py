"""What providers' failures mean: real and documented bodies, one table a provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pe4king_adapter.problems import Problem
from pe4king_adapter.wire.failure_tables import (
    ANTHROPIC,
    DASHSCOPE,
    GEMINI,
    GENERIC,
    GIGACHAT,
    OLLAMA,
    OPENAI,
    OPENROUTER,
    YANDEX,
    FailureTable,
)
from pe4king_adapter.wire.failures import Failure, failure_of

P = Problem
TABLES = (GENERIC, OPENAI, DASHSCOPE, OPENROUTER, ANTHROPIC, GEMINI, OLLAMA, GIGACHAT, YANDEX)
ALLOCATED = "Allocated quota exceeded, please increase your quota limit."


def error(message: str = "", **more: Any) -> Any:
    return {"error": {"message": message, **more}}


def anthropic(kind: str, message: str = "", **details: Any) -> Any:
    return {"type": "error", "error": {"type": kind, "message": message, "details": details}}


def google(status: str, message: str = "", *details: Any) -> Any:
    return [{"error": {"code": 400, "status": status, "message": message, "details": details}}]


QUOTA_DAY = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}
QUOTA_MINUTE = {"violations": [{"quotaId": "GenerateRequestsPerMinutePerProject"}]}
RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"}
REASON = {"reason": "API_KEY_INVALID", "domain": "googleapis.com"}
FREE = "Free allocated quota exceeded."

CASES: list[tuple[FailureTable, int, Any, Problem]] = [
    (OPENAI, 429, error("You exceeded your quota", type="insufficient_quota"), P.QUOTA),
    (OPENAI, 429, error(ALLOCATED, code="insufficient_quota"), P.QUOTA),
    (OPENAI, 429, error("Rate limit", code="rate_limit_exceeded"), P.RATE_LIMIT),
    (OPENAI, 503, error("Slow Down", code="slow_down"), P.RATE_LIMIT),
    (OPENAI, 429, error("", code="organization_spend_limit_exceeded"), P.QUOTA),
    (OPENAI, 401, error("Incorrect API key provided", code="invalid_api_key"), P.KEY_REFUSED),
    (OPENAI, 403, error("Country, region, or territory not supported"), P.FORBIDDEN),
    (OPENAI, 404, error("The model `x` does not exist", code="model_not_found"), P.MODEL_UNKNOWN),
    (OPENAI, 400, error("does not exist", code="model_not_found"), P.MODEL_UNKNOWN),
    (OPENAI, 400, error("", code="context_length_exceeded"), P.CONTEXT_LENGTH),
    (
        OPENAI,
        400,
        error("", code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}),
        P.FILTERED,
    ),
    (OPENAI, 404, error("", code="DeploymentNotFound"), P.MODEL_UNKNOWN),
    (DASHSCOPE, 429, error(ALLOCATED, code="insufficient_quota"), P.RATE_LIMIT),
    (DASHSCOPE, 429, {"code": "Throttling.AllocationQuota", "message": ALLOCATED}, P.RATE_LIMIT),
    (DASHSCOPE, 429, {"code": "Throttling.RateQuota", "message": "m"}, P.RATE_LIMIT),
    (DASHSCOPE, 429, error(FREE, code="Throttling.AllocationQuota"), P.QUOTA),
    (DASHSCOPE, 403, error("", code="AllocationQuota.FreeTierOnly"), P.QUOTA),
    (DASHSCOPE, 400, {"code": "Arrearage", "message": "overdue"}, P.QUOTA),
    (DASHSCOPE, 400, error("Range of input length should be [1, 9]"), P.CONTEXT_LENGTH),
    (DASHSCOPE, 400, error("", code="data_inspection_failed"), P.FILTERED),
    (DASHSCOPE, 500, error("", code="RequestTimeOut"), P.TIMEOUT),
    (DASHSCOPE, 403, error("", code="access_denied"), P.FORBIDDEN),
    (GENERIC, 429, error(ALLOCATED, code="insufficient_quota"), P.RATE_LIMIT),
    (GENERIC, 429, error("", code="insufficient_quota"), P.QUOTA),
    (ANTHROPIC, 400, anthropic("invalid_request_error", "prompt is too long"), P.CONTEXT_LENGTH),
    (ANTHROPIC, 413, anthropic("request_too_large"), P.CONTEXT_LENGTH),
    (ANTHROPIC, 404, anthropic("not_found_error", "model: claude-x"), P.MODEL_UNKNOWN),
    (ANTHROPIC, 404, anthropic("not_found_error", "Not found"), P.ADDRESS_UNKNOWN),
    (ANTHROPIC, 401, anthropic("authentication_error"), P.KEY_REFUSED),
    (ANTHROPIC, 403, anthropic("permission_error"), P.FORBIDDEN),
    (ANTHROPIC, 402, anthropic("billing_error"), P.QUOTA),
    (ANTHROPIC, 400, anthropic("x", "Your credit balance is too low"), P.QUOTA),
    (ANTHROPIC, 400, anthropic("x", error_code="enforced_spend_limit_reached"), P.QUOTA),
    (ANTHROPIC, 429, anthropic("rate_limit_error"), P.RATE_LIMIT),
    (ANTHROPIC, 529, anthropic("overloaded_error"), P.OVERLOADED),
    (ANTHROPIC, 504, anthropic("timeout_error"), P.TIMEOUT),
    (ANTHROPIC, 500, anthropic("api_error"), P.SERVER),
    (GEMINI, 400, google("INVALID_ARGUMENT", "m", REASON), P.KEY_REFUSED),
    (GEMINI, 429, google("RESOURCE_EXHAUSTED", "m", QUOTA_DAY, RETRY), P.QUOTA),
    (GEMINI, 429, google("RESOURCE_EXHAUSTED", "m", QUOTA_MINUTE, RETRY), P.RATE_LIMIT),
    (GEMINI, 429, google("RESOURCE_EXHAUSTED", "m"), P.RATE_LIMIT),
    (GEMINI, 400, google("FAILED_PRECONDITION", "Please enable billing"), P.QUOTA),
    (
        GEMINI,
        400,
        google("FAILED_PRECONDITION", "User location is not supported for the API use."),
        P.FORBIDDEN,
    ),
    (GEMINI, 404, google("NOT_FOUND", "models/x is not found"), P.MODEL_UNKNOWN),
    (
        GEMINI,
        400,
        google("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number"),
        P.CONTEXT_LENGTH,
    ),
    (GEMINI, 503, google("UNAVAILABLE"), P.OVERLOADED),
    (GEMINI, 504, google("DEADLINE_EXCEEDED"), P.TIMEOUT),
    (GEMINI, 500, google("INTERNAL"), P.SERVER),
    (OLLAMA, 404, {"error": "model 'x' not found"}, P.MODEL_UNKNOWN),
    (OLLAMA, 400, {"error": "input length exceeds the context length"}, P.CONTEXT_LENGTH),
    (OLLAMA, 503, {"error": "server busy, please try again"}, P.OVERLOADED),
    (GENERIC, 503, error("Loading model", code=503, type="unavailable_error"), P.OVERLOADED),
    (
        GENERIC,
        400,
        error("the request exceeds the available context size", type="exceed_context_size_error"),
        P.CONTEXT_LENGTH,
    ),
    (GENERIC, 500, error("parse error", code=500, type="server_error"), P.SERVER),
    (OPENROUTER, 402, error("Insufficient credits", code=402), P.QUOTA),
    (
        OPENROUTER,
        403,
        error("moderation", code=403, metadata={"reasons": [], "flagged_input": "x"}),
        P.FILTERED,
    ),
    (OPENROUTER, 400, error("x/y is not a valid model ID", code=400), P.MODEL_UNKNOWN),
    (GIGACHAT, 404, {"status": 404, "message": "No such model"}, P.MODEL_UNKNOWN),
    (GIGACHAT, 401, {"status": 401, "message": "Token has expired"}, P.KEY_REFUSED),
    (GIGACHAT, 402, {"status": 402, "message": "Payment Required"}, P.QUOTA),
    (GIGACHAT, 413, {"status": 413, "message": "m"}, P.CONTEXT_LENGTH),
    (GIGACHAT, 422, {"status": 422, "message": "Too many tokens"}, P.CONTEXT_LENGTH),
    (GIGACHAT, 422, {"status": 422, "message": "temperature: wrong"}, P.BAD_REQUEST),
    (YANDEX, 401, error(grpcCode=16, httpCode=401, message="Unknown api key"), P.KEY_REFUSED),
    (YANDEX, 403, {"code": 7, "message": "Permission denied"}, P.FORBIDDEN),
    (YANDEX, 429, error(grpcCode=8, httpCode=429, message="quota"), P.RATE_LIMIT),
    (
        YANDEX,
        400,
        error(grpcCode=3, message="number of input tokens must be no more than 8000"),
        P.CONTEXT_LENGTH,
    ),
    (YANDEX, 404, error(grpcCode=5, message="model gpt://x not found"), P.MODEL_UNKNOWN),
]


@pytest.mark.parametrize(("table", "status", "body", "problem"), CASES)
def test_bodies_before_statuses(
    table: FailureTable, status: int, body: Any, problem: Problem
) -> None:
    assert failure_of(status, {}, json.dumps(body).encode(), table).problem is problem


STATUSES = [
    (302, P.REDIRECT),
    (400, P.BAD_REQUEST),
    (401, P.KEY_REFUSED),
    (402, P.QUOTA),
    (403, P.FORBIDDEN),
    (404, P.ADDRESS_UNKNOWN),
    (405, P.ADDRESS_UNKNOWN),
    (408, P.TIMEOUT),
    (409, P.BAD_REQUEST),
    (413, P.CONTEXT_LENGTH),
    (422, P.BAD_REQUEST),
    (429, P.RATE_LIMIT),
    (500, P.SERVER),
    (502, P.SERVER),
    (503, P.OVERLOADED),
    (504, P.TIMEOUT),
    (529, P.OVERLOADED),
]


@pytest.mark.parametrize(("status", "problem"), STATUSES)
def test_statuses_alone_mean_the_same_everywhere(status: int, problem: Problem) -> None:
    for table in TABLES:
        for body in (b"", b"{}", b"null", b"\xff"):
            assert failure_of(status, {}, body, table) == Failure(problem)


def test_a_budget_that_comes_back_is_a_rate() -> None:
    body = json.dumps(error("in flight", code=402)).encode()
    found = failure_of(402, {"retry-after": "3"}, body, OPENROUTER)
    assert found == Failure(P.RATE_LIMIT, retry_after=3.0)


def test_web_pages_and_what_the_server_says_of_itself() -> None:
    assert failure_of(418, {}, b" <!DOCTYPE html><p>").problem is P.WEB_PAGE
    assert failure_of(502, {"content-type": "text/html"}, b"bad gateway").problem is P.SERVER
    headers = {"x-request-id": "req_1", "x-should-retry": "false", "retry-after": "2"}
    assert failure_of(503, headers, b"") == Failure(P.OVERLOADED, 2.0, "req_1", "", False)
    assert failure_of(503, {"x-should-retry": "true"}, b"").retry is True
    assert failure_of(503, {"x-request-id": "a b\n"}, b"").request_id == ""


def test_nothing_of_a_body_but_code_words_gets_out() -> None:
    body = json.dumps(error("the prompt: SECRET", code="SECRET", param="SECRET", type="x")).encode()
    assert "SECRET" not in repr(failure_of(400, {}, body))
