"""A test and the operations of the bookstore document, as the prompts and the parser get them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pe4king_adapter.targets import CallTargets, call_targets
from pe4king_adapter.tasks import EnhanceTask, ExplainTask
from pe4king_core.model.fact import STATUS, Equals, Literal
from pe4king_core.model.message import Language
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import (
    CallStyle,
    SourceLanguage,
    TestAssertion,
    TestCall,
    TestFunction,
)
from pe4king_core.model.text import Span
from pe4king_core.openapi import load

DOCUMENT = Path(__file__).parents[2] / "examples" / "bookstore" / "openapi.yaml"
SOURCE = '''\
def test_get_book(client):
    """Reads one book."""
    response = client.get("/books/1")
    assert response.status_code == 200
'''


@cache
def bookstore() -> ApiDocument:
    return load(DOCUMENT.read_text(encoding="utf-8"), DOCUMENT.as_uri())


def operation(key: str) -> Operation:
    found = bookstore().operation(key)
    assert found is not None
    return found


def targets(key: str, status: int = 200) -> dict[str, CallTargets]:
    return {"C1": call_targets("C1", operation(key), status)}


def span(text: str, source: str = SOURCE) -> Span:
    start = source.index(text)
    return Span(start, start + len(text))


def sample_test(source: str = SOURCE) -> TestFunction:
    statement = 'response = client.get("/books/1")'
    call = TestCall(
        id="C1",
        method="GET",
        path="/books/1",
        style=CallStyle.RESPONSE,
        span=span('client.get("/books/1")', source),
        statement=span(statement, source),
        anchor=len(source),
        response="response",
    )
    check = "assert response.status_code == 200"
    assertion = TestAssertion("A1", span(check, source), check, "C1", STATUS, Equals(Literal(200)))
    return TestFunction(
        name="test_get_book",
        qualified_name="test_get_book",
        language=SourceLanguage.PYTHON,
        span=Span(0, len(source)),
        name_span=span("test_get_book", source),
        body_span=Span(source.index("\n") + 1, len(source)),
        indent="    ",
        calls=(call,),
        assertions=(assertion,),
    )


def enhance_task(language: Language = "en", source: str = SOURCE) -> EnhanceTask:
    operations = {"C1": operation("GET /books/{bookId}")}
    return EnhanceTask(sample_test(source), source, operations, language=language)


def explain_task(language: Language = "en") -> ExplainTask:
    operations = {"C1": operation("GET /books/{bookId}")}
    return ExplainTask(sample_test(), SOURCE, operations, language=language)
