"""How each provider names its failures: rules in order, the first that holds decides.

Body codes come before statuses. A provider's own rules stand before the ones that all share.
"""

from __future__ import annotations

from dataclasses import dataclass

from pe4king_adapter.problems import Problem
from pe4king_adapter.wire.failure_body import MODERATED, PER_DAY


@dataclass(frozen=True, slots=True)
class Rule:
    """A problem and its signs; all that are given have to hold.

    `codes` is a pattern for a whole code word in lower case, `phrase` one for a part of the
    message, `delayed` that the server says how long to wait.
    """

    problem: Problem
    codes: str = ""
    phrase: str = ""
    statuses: tuple[int, ...] = ()
    delayed: bool = False


@dataclass(frozen=True, slots=True)
class FailureTable:
    """The rules of one provider."""

    rules: tuple[Rule, ...]


_CODES = (
    Rule(Problem.FILTERED, codes=MODERATED),
    Rule(Problem.QUOTA, codes=PER_DAY, statuses=(429,)),
    Rule(
        Problem.QUOTA,
        codes=r"insufficient_quota|credit_balance_exhausted|billing_(not_active|error)"
        r"|(organization|project)_spend_limit_exceeded|organization_usage_limit_exceeded"
        r"|billing_hard_limit_reached|(enforced|contract|linked_organization)_spend_limit_reached"
        r"|arrearage|(pre|post)paidbilloverdue|allocationquota\.freetieronly"
        r"|insufficient_balance|payment_required",
    ),
    Rule(
        Problem.CONTEXT_LENGTH,
        codes=r"context_length_exceeded|exceed_context_size_error|token_limit_exceeded"
        r"|request_too_large|string_above_max_length|context_window_exceeded",
    ),
    Rule(
        Problem.FILTERED,
        codes=r"content_filter(ed)?|content_policy_violation|responsibleaipolicyviolation"
        r"|data_?inspection_?failed|invalid_prompt|image_content_policy_violation",
    ),
    Rule(Problem.MODEL_UNKNOWN, codes=r"model_not_(found|supported)|deploymentnotfound"),
    Rule(
        Problem.KEY_REFUSED,
        codes=r"invalid_?api_?key|api_key_(invalid|expired)|authentication_error"
        r"|invalid_authentication|unauthenticated|unauthorized|access_?denied_?key",
    ),
    Rule(Problem.FORBIDDEN, codes=r"permission_(error|denied)|access_denied|accessdenied.*"),
    Rule(
        Problem.RATE_LIMIT,
        codes=r"rate_limit_(exceeded|error)|rate_limit|ramp_limit_exceeded|slow_down"
        r"|limit_requests|limit_burst_rate|throttling(\.[a-z]+)?|resource_exhausted"
        r"|too_many_requests",
    ),
    Rule(
        Problem.OVERLOADED,
        codes=r"(server_|engine_)?overloaded(_error)?|unavailable(_error)?|service_unavailable"
        r"|modelserving.*",
    ),
    Rule(
        Problem.TIMEOUT,
        codes=r"request_?time_?out|timeout(_error)?|deadline_exceeded|gateway_timeout",
    ),
)
"""The weightier problem first: a body may carry several codes."""

_PHRASES = (
    Rule(
        Problem.CONTEXT_LENGTH,
        phrase=r"maximum context length|context (length|window|size) (is )?exceed"
        r"|prompt is too long|exceeds the (available )?context|too many tokens"
        r"|range of input length|maximum number of tokens allowed|input is too long"
        r"|exceeds? (the )?(maximum )?(context|input token|token limit)|reduce the length of"
        r"|longer than the (maximum )?(model's )?context|input token count .{0,40}exceeds",
    ),
    Rule(
        Problem.KEY_REFUSED,
        phrase=r"api key (is )?(not valid|invalid|missing|expired)|(incorrect|invalid) api[- ]key",
    ),
    Rule(Problem.QUOTA, phrase=r"credit balance is too low|free allocated quota exceeded"),
)

_STATUSES = (
    Rule(Problem.RATE_LIMIT, statuses=(402,), delayed=True),
    Rule(Problem.KEY_REFUSED, statuses=(401,)),
    Rule(Problem.QUOTA, statuses=(402,)),
    Rule(Problem.FORBIDDEN, statuses=(403,)),
    Rule(Problem.MODEL_UNKNOWN, statuses=(404,), phrase=r"\bmodels?\b"),
    Rule(Problem.ADDRESS_UNKNOWN, statuses=(404, 405)),
    Rule(Problem.TIMEOUT, statuses=(408, 504)),
    Rule(Problem.CONTEXT_LENGTH, statuses=(413,)),
    Rule(Problem.RATE_LIMIT, statuses=(429,)),
    Rule(Problem.OVERLOADED, statuses=(503, 529)),
)

_COMMON = (*_CODES, *_PHRASES, *_STATUSES)
_PASSING = Rule(
    Problem.RATE_LIMIT,
    codes="insufficient_quota",
    phrase=r"^allocated quota exceeded|please increase your quota limit",
)
"""At DashScope the word for an empty account also stands for a rate of tokens."""

OPENAI = FailureTable(_COMMON)
GENERIC = FailureTable((_PASSING, *_COMMON))
"""For a server that may be anybody's: DashScope's words are unmistakable."""
DASHSCOPE = FailureTable(
    (
        Rule(Problem.QUOTA, phrase=r"free allocated quota exceeded|free tier"),
        _PASSING,
        Rule(Problem.RATE_LIMIT, codes=r"insufficient_quota|throttling.*", statuses=(429,)),
        *_COMMON,
    )
)
OPENROUTER = FailureTable(
    (
        Rule(Problem.MODEL_UNKNOWN, phrase=r"not a valid model|no endpoints found"),
        *_COMMON,
    )
)
ANTHROPIC = FailureTable(
    (
        Rule(Problem.QUOTA, phrase=r"credit balance is too low|spend(ing)? limit"),
        Rule(Problem.MODEL_UNKNOWN, codes="not_found_error", phrase=r"^\s*model\b"),
        *_COMMON,
    )
)
GEMINI = FailureTable(
    (
        Rule(Problem.FORBIDDEN, phrase=r"location is not supported|not available in your"),
        Rule(Problem.QUOTA, codes=PER_DAY),
        Rule(Problem.QUOTA, codes="failed_precondition", phrase=r"billing|free tier|plan"),
        Rule(Problem.FORBIDDEN, codes="failed_precondition", statuses=(400,)),
        *_COMMON,
    )
)
OLLAMA = FailureTable(
    (
        Rule(Problem.MODEL_UNKNOWN, phrase=r"model .{0,200}not found|try pulling it"),
        Rule(Problem.OVERLOADED, phrase=r"server busy|loading model"),
        *_COMMON,
    )
)
GIGACHAT = FailureTable(
    (
        Rule(Problem.MODEL_UNKNOWN, statuses=(404,), phrase="no such model"),
        Rule(Problem.CONTEXT_LENGTH, statuses=(422,), phrase=r"token|context|length|too long"),
        *_COMMON,
    )
)
YANDEX = FailureTable(
    (
        Rule(Problem.RATE_LIMIT, codes=r"8|resource_exhausted"),
        Rule(Problem.KEY_REFUSED, codes=r"16|unauthenticated"),
        Rule(Problem.FORBIDDEN, codes=r"7|permission_denied"),
        Rule(Problem.TIMEOUT, codes=r"4|deadline_exceeded"),
        Rule(Problem.OVERLOADED, codes=r"14|unavailable"),
        Rule(
            Problem.CONTEXT_LENGTH, codes=r"3|invalid_argument", phrase=r"number of .{0,20}tokens"
        ),
        Rule(Problem.MODEL_UNKNOWN, codes=r"5|not_found", phrase=r"model"),
        *_COMMON,
    )
)
