"""From a model's answer to facts, explanations and code; one bad item never spoils the rest.

An answer that holds none of what was asked for is an InvalidResponseError (unreadable,
truncated, empty or declined); an item that is no legal fact is returned as rejected, with the
reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pe4king_adapter.check_forms import FormError
from pe4king_adapter.errors import LlmError
from pe4king_adapter.explanation_text import explanation_of, explanation_of_prose
from pe4king_adapter.fact_forms import assertion_of, case_of
from pe4king_adapter.json_text import SIZE_LIMIT, FoundJson, find_json
from pe4king_adapter.problems import Problem, llm_error
from pe4king_adapter.targets import CallTargets
from pe4king_adapter.wire.think import strip_thinking
from pe4king_core.model.fact import AssertionFact, CaseFact
from pe4king_core.model.json import Json
from pe4king_core.model.message import Language, Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation

_ITEMS_LIMIT = 200
_SHOWN_LIMIT = 200
_DECLINED = re.compile(
    r"\W*(i'?m sorry|i am sorry|sorry,|i can(no|')t|i am unable|i'm unable|as an ai"
    r"|извините|к сожалению, я не могу|я не могу)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s*(<!doctype|<html|<\?xml)", re.IGNORECASE)
_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n(?P<code>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_ALIASES = {"py": "python", "python3": "python"}

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One item of an answer that is not offered: as the model wrote it, and why."""

    item: str
    reason: Message


@dataclass(frozen=True, slots=True)
class ParsedFacts(Generic[Fact]):
    """The facts of one answer in their order."""

    facts: tuple[Fact, ...]
    rejected: tuple[Rejected, ...] = ()


class ResponseParser:
    """Reads answers; has no state."""

    def assertions(self, text: str, calls: Mapping[str, CallTargets]) -> ParsedFacts[AssertionFact]:
        """The assertions in `text` about `calls`."""
        items = _items(text, "assertions", frozenset({"pointer", "check"}))
        return _facts(items, lambda item: assertion_of(item, calls))

    def cases(self, text: str, operation: Operation) -> ParsedFacts[CaseFact]:
        """The negative cases of `operation` in `text`."""
        items = _items(text, "cases", frozenset({"title", "changes"}))
        return _facts(items, lambda item: case_of(item, operation))

    def extract_explanation(self, text: str, language: Language) -> Explanation:
        """The explanation in `text`: from JSON, or the prose itself without its fences."""
        answer = _answer(text)
        found = find_json(answer)
        for value in found.values:
            if isinstance(value, Mapping) and isinstance(value.get("summary"), str):
                explanation = explanation_of(value, language)
                if explanation is not None:
                    return explanation
        if found.truncated or answer.lstrip().startswith(("{", "[")):
            raise _unreadable(answer, found)
        if _PAGE.match(answer) or _DECLINED.match(answer):
            raise _unreadable(answer, found)
        explanation = explanation_of_prose(_unfenced(answer), language)
        if explanation is None:
            raise _unreadable(answer, found)
        return explanation

    def extract_code(self, text: str, language: str) -> str:
        """The longest fenced block of `language` in `text`, or of no stated language."""
        answer = _answer(text)
        blocks = [
            (_ALIASES.get(match["language"].lower(), match["language"].lower()), match["code"])
            for match in _FENCE.finditer(answer.replace("\r\n", "\n"))
        ]
        for wanted in (language, ""):
            fitting = [code for name, code in blocks if name == wanted and code.strip()]
            if fitting:
                return max(fitting, key=len)
        raise _unreadable(answer, FoundJson((), truncated="```" in answer and not blocks))


def _answer(text: str) -> str:
    if len(text) > SIZE_LIMIT:
        raise llm_error(Problem.TOO_LARGE)
    answer, thinking = strip_thinking(text.removeprefix("\ufeff"))
    if thinking:
        raise llm_error(Problem.TRUNCATED)
    if not answer.strip():
        raise llm_error(Problem.NO_ANSWER)
    return answer


def _items(text: str, key: str, own_keys: frozenset[str]) -> list[Json]:
    """The items listed under `key`, in a bare list, or one after the other."""
    answer = _answer(text)
    found = find_json(answer)
    for value in found.values:
        listed = _listed(value, key)
        if listed is not None:
            return listed
    if not found.truncated:
        for value in found.values:
            if isinstance(value, list) and any(_is_item(item, own_keys) for item in value):
                return value
        single = [value for value in found.values if _is_item(value, own_keys)]
        if single:
            return single
    raise _unreadable(answer, found)


def _listed(value: Json, key: str) -> list[Json] | None:
    """The list at `key`, at most one level down: some models wrap their answer once more."""
    if not isinstance(value, Mapping):
        return None
    for holder in (value, *(v for v in value.values() if isinstance(v, Mapping))):
        listed = holder.get(key)
        if isinstance(listed, list):
            return listed
    return None


def _is_item(value: Json, own_keys: frozenset[str]) -> bool:
    return isinstance(value, Mapping) and own_keys <= value.keys()


def _facts(items: list[Json], read: Callable[[Json], Fact]) -> ParsedFacts[Fact]:
    facts: list[Fact] = []
    rejected: list[Rejected] = []
    for item in items[:_ITEMS_LIMIT]:
        try:
            facts.append(read(item))
        except FormError as error:
            rejected.append(Rejected(_shown(item), error.message))
    return ParsedFacts(tuple(facts), tuple(rejected))


def _shown(item: Json) -> str:
    text = json.dumps(item, ensure_ascii=False)
    readable = "".join(c if c.isprintable() else " " for c in text)
    return readable if len(readable) <= _SHOWN_LIMIT else readable[: _SHOWN_LIMIT - 1] + "…"


def _unreadable(answer: str, found: FoundJson) -> LlmError:
    if _PAGE.match(answer):
        return llm_error(Problem.WEB_PAGE)
    if found.truncated:
        return llm_error(Problem.TRUNCATED)
    declined = _DECLINED.match(answer) is not None
    return llm_error(Problem.DECLINED if declined else Problem.UNREADABLE)


def _unfenced(text: str) -> str:
    whole = _FENCE.fullmatch(text.strip())
    return whole["code"] if whole is not None else text
