"""Answers as models really write them: the right facts, or an error with the right code."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_adapter.check_forms import CHECK_NAMES
from pe4king_adapter.errors import InvalidResponseError
from pe4king_adapter.fact_forms import assertion_form, case_form, plain_pointer
from pe4king_adapter.parser import ResponseParser
from pe4king_core.model.fact import (
    AssertionFact,
    Basis,
    Change,
    ChangeIn,
    ChangeKind,
    Condition,
    CountOf,
    Credentials,
    Equals,
    HasFormat,
    HasSize,
    Presence,
    RequestValue,
    Sorted,
    body,
)
from pe4king_core.model.schema import Bounds

from .samples import operation, targets

PARSER = ResponseParser()
BOOK = targets("GET /books/{bookId}")
ITEM = {
    "call": "C1",
    "pointer": "/id",
    "check": "format",
    "args": ["uuid"],
    "presence": "required",
    "reason": "Ids are UUIDs.",
}
ANSWER = json.dumps({"assertions": [ITEM]})
PRETTY = json.dumps({"assertions": [ITEM]}, indent=2)


def item(**changes: Any) -> dict[str, Any]:
    return {**ITEM, **changes}


def answer(*items: Any) -> str:
    return json.dumps({"assertions": items})


WRAPPED = {
    "plain": ANSWER,
    "pretty": PRETTY,
    "fence": f"```json\n{PRETTY}\n```",
    "fence without language": f"```\n{ANSWER}\n```",
    "tilde fence": f"~~~json\n{ANSWER}\n~~~",
    "fence not closed": f"```json\n{PRETTY}\n",
    "fence of four": f"````json\n{PRETTY}\n````",
    "fence in a fence": f"```markdown\n```json\n{PRETTY}\n```\n```",
    "windows lines": f"Sure!\r\n\r\n```json\r\n{ANSWER}\r\n```\r\n",
    "prose around": f"Here are the assertions you asked for:\n\n{PRETTY}\n\nHope this helps!",
    "russian prose": f"Вот проверки, которых не хватает:\n{ANSWER}\nОбращайтесь!",
    "prose with braces": f"The path /books/{{bookId}} answers {{a book}}: {ANSWER}",
    "prose with quotes": f'The field "id" {{needs "care"}}. {ANSWER}',
    "python before json": f"```python\nassert x == {{'a': 1}}\n```\n```json\n{ANSWER}\n```",
    "thinking": f'<think>\nmaybe {{"assertions": []}}?\n</think>\n\n{ANSWER}',
    "thinking in capitals": f"<THINK>hm</THINK>{ANSWER}",
    "two thoughts": f"<think>a</think>\n<think>b</think>{ANSWER}",
    "lone end of thinking": f"first I look at the ids\n</think>\n{ANSWER}",
    "byte order mark": f"\ufeff{ANSWER}",
    "mark and thinking": f"\ufeff<think>x</think>{ANSWER}",
    "blank lines": f"\n\n\n   {ANSWER}\n\n",
    "trailing commas": '{"assertions": [' + json.dumps(ITEM)[:-1] + ",},],}",
    "bare list": json.dumps([ITEM]),
    "bare item": json.dumps(ITEM),
    "items in a row": f"{json.dumps(ITEM)}\n",
    "wrapped once more": json.dumps({"result": {"assertions": [ITEM]}}),
    "more keys": json.dumps({"thoughts": "ok", "assertions": [ITEM], "confidence": 0.9}),
    "unicode escapes": ANSWER.replace("Ids", "\\u0049ds"),
    "line separator in text": ANSWER.replace("Ids are", "Ids\u2028are"),
    "raw line break in text": ANSWER.replace("Ids are", "Ids\nare"),
    "another object first": '{"note": "see below"}\n' + ANSWER,
    "json after a list": f"Steps: [1, 2]\n{ANSWER}",
    "html around": f"<p>Result</p><pre>{ANSWER}</pre>",
    "list in xml tags": f"<answer>{ANSWER}</answer>",
    "indented": "    " + PRETTY.replace("\n", "\n    "),
    "nothing to add beside it": answer(ITEM, item(pointer="/made/up")),
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED.keys())
def test_the_fact_is_found_however_it_is_wrapped(text: str) -> None:
    parsed = PARSER.assertions(text, BOOK)
    assert [(fact.subject, fact.check) for fact in parsed.facts] == [
        (body("/id"), HasFormat("uuid"))
    ]
    fact = parsed.facts[0]
    assert (fact.call, fact.basis, fact.presence) == ("C1", Basis.MODEL, Presence.REQUIRED)
    assert fact.reason.en == fact.reason.ru == "Ids are UUIDs."
    assert fact.source.startswith("/components/schemas/")


UNUSABLE = {
    "empty": ("", "llm-answer-empty"),
    "blank": (" \n\t", "llm-answer-empty"),
    "mark only": ("\ufeff", "llm-answer-empty"),
    "only thinking": ("<think>x</think>", "llm-answer-empty"),
    "open thinking": (f"<think>{ANSWER}", "llm-answer-truncated"),
    "prose": ("You should check the id and the title.", "llm-answer-unreadable"),
    "code": ("```python\nassert response.json()['id']\n```", "llm-answer-unreadable"),
    "other json": ('{"answer": 42}', "llm-answer-unreadable"),
    "number": ("42", "llm-answer-unreadable"),
    "null": ("null", "llm-answer-unreadable"),
    "list of texts": ('["check the id"]', "llm-answer-unreadable"),
    "single quotes": (ANSWER.replace('"', "'"), "llm-answer-unreadable"),
    "cut in a text": (ANSWER[:60], "llm-answer-truncated"),
    "cut after an item": (answer(ITEM, ITEM)[:-3], "llm-answer-truncated"),
    "cut fence": (f"```json\n{PRETTY[:-8]}", "llm-answer-truncated"),
    "web page": ("<!DOCTYPE html><html><body>502</body></html>", "llm-answer-web-page"),
    "refusal": ("I'm sorry, but I can't help with that.", "llm-declined"),
    "russian refusal": ("Извините, я не могу помочь с этим.", "llm-declined"),
    "not a number": ('{"assertions": NaN}', "llm-answer-unreadable"),
    "huge": ("[" + "1," * 400_000 + "1]", "llm-answer-too-large"),
    "deep": ("[" * 100_000, "llm-answer-truncated"),
    "many starts": ('{"a": ' * 60_000, "llm-answer-truncated"),
}


@pytest.mark.parametrize(("text", "code"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_answer_without_facts_is_a_typed_error(text: str, code: str) -> None:
    with pytest.raises(InvalidResponseError) as caught:
        PARSER.assertions(text, BOOK)
    assert caught.value.code == code
    assert caught.value.next_step is not None


def test_an_empty_list_is_a_good_answer() -> None:
    assert PARSER.assertions('{"assertions": []}', BOOK).facts == ()


REJECTED = {
    "not an object": "check the id",
    "unknown call": item(call="C9"),
    "call missing": {k: v for k, v in ITEM.items() if k != "call"},
    "invented field": item(pointer="/isAdmin"),
    "invented header": item(pointer="header X-Nope"),
    "index instead of each": item(pointer="/authors/0"),
    "unknown check": item(check="is_nice"),
    "check of a wrong type": item(check=5),
    "no format": item(args=[]),
    "two formats": item(args=["uuid", "email"]),
    "strange format": item(args=["uuid; drop"]),
    "unknown type": item(check="type", args=["text"]),
    "bad pattern": item(check="pattern", args=["("]),
    "endless pattern": item(check="pattern", args=["^(a+)+$"]),
    "open range": item(check="range", args=[None, None]),
    "range upside down": item(check="range", args=[9, 1]),
    "range of texts": item(check="range", args=["1", "9"]),
    "range of booleans": item(check="range", args=[True, False]),
    "negative size": item(check="size", args=[-1, None]),
    "half a length": item(check="length", args=[0.5, None]),
    "zero factor": item(check="multiple_of", args=[0]),
    "no values": item(check="one_of", args=[]),
    "names that are no texts": item(check="only", args=["id", 1]),
    "args for none": item(check="not_null", args=["x"]),
    "presence": item(presence="maybe"),
    "echo of nothing": item(check="equals_request", args=["/id"]),
    "other call": item(check="equals_response", args=["C2", "/id"]),
    "count of nothing": item(check="equals_count", args=["/nothing"]),
    "huge text": item(check="equals", args=["x" * 5000]),
    "infinite": item(check="range", args=[0, float("inf")]),
    "not a number inside": item(check="equals", args=[[float("nan")]]),
    "half a character": item(check="equals", args=["\ud800"]),
}


@pytest.mark.parametrize("bad", REJECTED.values(), ids=REJECTED.keys())
def test_one_bad_item_is_rejected_with_a_reason_and_spoils_nothing(bad: Any) -> None:
    parsed = PARSER.assertions(answer(bad, ITEM), BOOK)
    assert len(parsed.facts) == 1
    (rejected,) = parsed.rejected
    assert rejected.reason.en
    assert rejected.reason.ru
    assert len(rejected.item) <= 200


def fact_of(
    pointer: str, check: str, *args: object, key: str = "GET /books/{bookId}"
) -> AssertionFact:
    text = answer(item(pointer=pointer, check=check, args=list(args)))
    parsed = PARSER.assertions(text, targets(key, 201 if key.startswith("POST") else 200))
    assert parsed.rejected == ()
    return parsed.facts[0]


def test_optional_and_nullable_places_are_completed_from_the_document() -> None:
    fact = fact_of("/subtitle", "length", 1, None)
    assert (fact.presence, fact.nullable) == (Presence.IF_PRESENT, True)
    fact = fact_of("/rating/average", "range", 1, 5)
    assert (fact.presence, fact.nullable) == (Presence.REQUIRED, True)
    assert not fact_of("/rating/average", "not_null").nullable


def test_places_of_one_branch_carry_its_condition() -> None:
    fact = fact_of("/payment/lastFour", "length", 4, 4, key="GET /orders/{orderId}")
    assert fact.conditions == (Condition("/payment/type", ("card",)),)
    fact = fact_of("/payment/type", "one_of", "card", "invoice", key="GET /orders/{orderId}")
    assert fact.conditions == ()


def test_laws_are_named() -> None:
    fact = fact_of("/title", "equals_request", "/title", key="POST /books")
    assert (fact.check, fact.law) == (Equals(RequestValue("/title")), "echo")
    fact = fact_of("/total", "equals_count", "/items", key="GET /books")
    assert (fact.check, fact.law) == (Equals(CountOf("/items")), "count")


def test_presence_and_arguments() -> None:
    assert fact_of("/coverUrl", "absent").presence is Presence.ABSENT
    assert fact_of("/title", "exists").check is None
    assert fact_of("/items", "size", None, 100, key="GET /books").check == HasSize(
        Bounds(None, 100)
    )
    assert fact_of("/items", "sorted", "/title", "desc", key="GET /books").check == Sorted(
        "/title", True
    )
    assert str(fact_of("header ETag", "exists").subject) == "header(ETag)"
    assert str(fact_of("status", "equals", 200).subject) == "status"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("/a/b", "/a/b"),
        ("#/a/b", "/a/b"),
        ("$", ""),
        ("", ""),
        ("$.items[*].id", "/items/*/id"),
        ("$.items[].id", "/items/*/id"),
        ("$['a b'].c", "/a b/c"),
    ],
)
def test_other_spellings_of_pointers(written: str, meant: str) -> None:
    assert plain_pointer(written) == meant


# -- cases -------------------------------------------------------------------------------------

POST = operation("POST /books")
CASE = {
    "title": "rejects negative price",
    "changes": [{"where": "body", "name": "/price", "kind": "set", "value": -1}],
    "credentials": "valid",
    "expected": [],
    "reason": "A price is never negative.",
}


def test_a_case_is_read() -> None:
    parsed = PARSER.cases(f"```json\n{json.dumps({'cases': [CASE]})}\n```", POST)
    (case,) = parsed.facts
    assert (case.operation, case.title.en) == ("POST /books", "rejects negative price")
    assert case.changes == (Change(ChangeIn.BODY, "/price", ChangeKind.SET, -1),)
    assert (case.expected, case.credentials) == ((), Credentials.VALID)
    assert case_form(case) == CASE


BAD_CASES = {
    "no title": {"title": "!"},
    "no change": {"changes": []},
    "invented field": {"changes": [{"where": "body", "name": "/nope", "kind": "remove"}]},
    "invented parameter": {"changes": [{"where": "query", "name": "q", "kind": "set"}]},
    "unknown place": {"changes": [{"where": "cloud", "name": "q", "kind": "set"}]},
    "method": {"changes": [{"where": "method", "name": "", "kind": "set", "value": "PUT"}]},
    "raw without text": {"changes": [{"where": "body", "name": "", "kind": "raw", "value": 1}]},
    "success": {"expected": [201]},
    "invented status": {"expected": [418]},
    "credentials": {"credentials": "stolen"},
    "changes are no objects": {"changes": ["price"]},
    "too many changes": {"changes": [CASE["changes"][0]] * 11},  # type: ignore[index]
}


@pytest.mark.parametrize("bad", BAD_CASES.values(), ids=BAD_CASES.keys())
def test_a_bad_case_is_rejected_alone(bad: dict[str, Any]) -> None:
    parsed = PARSER.cases(json.dumps({"cases": [{**CASE, **bad}, CASE]}), POST)
    assert (len(parsed.facts), len(parsed.rejected)) == (1, 1)


def test_cases_may_add_what_the_document_lacks_and_take_credentials_away() -> None:
    extra = {"where": "body", "name": "/unknown", "kind": "add", "value": [1]}
    cases = [{**CASE, "changes": [extra]}, {**CASE, "changes": [], "credentials": "none"}]
    assert len(PARSER.cases(json.dumps({"cases": cases}), POST).facts) == 2


# -- explanations and code ---------------------------------------------------------------------


def test_an_explanation_from_json() -> None:
    fields = {
        "title": "Reading a book",
        "summary": "Reads one book.",
        "checks": ["A1: the answer is 200"],
        "scenarios": [],
        "improvements": ["Check the id."],
    }
    explanation = PARSER.extract_explanation(json.dumps(fields), "ru")
    assert explanation.title.ru == "Reading a book"
    assert "## Что проверяется\n\n- A1: the answer is 200" in explanation.markdown.ru
    assert "## Что можно улучшить" in explanation.markdown.ru
    assert "покрыты" not in explanation.markdown.ru
    assert explanation.comment.en == "Reads one book.\n- A1: the answer is 200"


def test_an_explanation_from_prose() -> None:
    text = "<think>x</think>```markdown\n## Test\n\n- It **reads** one book.\n```"
    explanation = PARSER.extract_explanation(text, "en")
    assert explanation.markdown.en == "## Test\n\n- It **reads** one book."
    assert explanation.comment.en == "Test\nIt reads one book."


def test_an_explanation_cannot_act() -> None:
    fields = {
        "summary": 'Ends */ the comment """ and \\u002a/ <img src=x> ![i](http://evil/?q) '
        "[run](command:evil)",
        "checks": [],
    }
    explanation = PARSER.extract_explanation(json.dumps(fields), "en")
    for text in (explanation.comment.en, explanation.markdown.en):
        assert "evil" not in text
        assert "<" not in text
    for end in ("*/", '"""', "\\"):
        assert end not in explanation.comment.en


@pytest.mark.parametrize(
    "text",
    ["", "ok", '{"title": "x"}', '{"summary": "cut of', "<html>502</html>", "I'm sorry, no."],
)
def test_no_explanation_is_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidResponseError):
        PARSER.extract_explanation(text, "en")


def test_code_is_taken_from_its_fence() -> None:
    text = "A:\n```python\nx = 1\n```\nB:\n```py\ndef test_a():\n    pass\n```\n"
    text += "```java\nclass A {}\n```"
    assert PARSER.extract_code(text, "python") == "def test_a():\n    pass\n"
    assert PARSER.extract_code(text, "java") == "class A {}\n"
    assert PARSER.extract_code("```\nx = 1\n```", "python") == "x = 1\n"
    for bad in ("no code", "```python\nx = 1"):
        with pytest.raises(InvalidResponseError):
            PARSER.extract_code(bad, "python")


# -- laws --------------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers(-50, 50) | st.floats() | st.text(max_size=8)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner)
)
ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "call": st.just("C1") | JSON,
        "pointer": st.sampled_from(sorted(BOOK["C1"].targets)) | JSON,
        "check": st.sampled_from(CHECK_NAMES) | JSON,
        "args": st.lists(SCALARS, max_size=3) | JSON,
        "presence": st.sampled_from(Presence) | JSON,
        "reason": JSON,
    },
)


@pytest.mark.slow
@given(st.lists(ITEMS, max_size=4))
def test_whatever_the_items_hold_they_are_facts_or_rejected(items: list[Any]) -> None:
    parsed = PARSER.assertions(json.dumps({"assertions": items}), BOOK)
    assert len(parsed.facts) + len(parsed.rejected) == len(items)
    for fact in parsed.facts:
        form = assertion_form(fact)
        assert form is not None
        again = PARSER.assertions(json.dumps({"assertions": [form]}), BOOK).facts[0]
        assert (again.key, again.presence) == (fact.key, fact.presence)


@given(st.text() | st.lists(st.sampled_from('{}[]",:\\ a`\n<think>'), max_size=80).map("".join))
def test_any_text_is_parsed_or_a_typed_error(text: str) -> None:
    for read in (
        lambda: PARSER.assertions(text, BOOK),
        lambda: PARSER.cases(text, POST),
        lambda: PARSER.extract_explanation(text, "en"),
        lambda: PARSER.extract_code(text, "python"),
    ):
        with contextlib.suppress(InvalidResponseError):
            read()


@given(st.integers(0, len(PRETTY) - 2))
def test_no_part_of_an_answer_is_taken_for_the_whole(length: int) -> None:
    with pytest.raises(InvalidResponseError):
        PARSER.assertions(PRETTY[:length], BOOK)


def test_a_count_of_a_page_has_no_flat_form() -> None:
    counted = AssertionFact("C1", body("/total"), Equals(CountOf("/items", 50)))
    assert assertion_form(counted) is None
    assert assertion_form(replace(counted, check=Equals(CountOf("/items")))) is not None
