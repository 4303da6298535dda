"""A test that was read at one place of a file, at another one.

A keystroke moves every test below it, so this is made to be fast: fields are taken and given in
the order in which the classes declare them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from pe4king_core.model.source import (
    BodyVariable,
    ModelVariable,
    TestAssertion,
    TestCall,
    TestFunction,
)
from pe4king_core.model.text import Span

T = TypeVar("T")


def _changing(cls: type[T], *names: str) -> Callable[..., T]:
    """A function that gives an object like another one but with other values for `names`."""
    order = [each.name for each in fields(cls)]  # type: ignore[arg-type]  # a dataclass
    kept = attrgetter(*order)
    places = [order.index(name) for name in names]

    def change(old: T, *values: Any) -> T:
        all_values = list(kept(old))
        for place, value in zip(places, values, strict=True):
            all_values[place] = value
        return cls(*all_values)

    return change


_test = _changing(
    TestFunction,
    "span",
    "name_span",
    "body_span",
    "documentation",
    "calls",
    "assertions",
    "body_variables",
    "model_variables",
)
_call = _changing(TestCall, "span", "statement", "anchor")
_assertion = _changing(TestAssertion, "span")
_body = _changing(BodyVariable, "offset")
_model = _changing(ModelVariable, "offset")


def moved(test: TestFunction, by: int) -> TestFunction:
    """`test` with all of its places `by` further on."""
    if not by:
        return test

    def span(old: Span) -> Span:
        return Span(old.start + by, old.end + by)

    return _test(
        test,
        span(test.span),
        span(test.name_span),
        span(test.body_span),
        None if test.documentation is None else span(test.documentation),
        tuple([_call(e, span(e.span), span(e.statement), e.anchor + by) for e in test.calls]),
        tuple([_assertion(each, span(each.span)) for each in test.assertions]),
        tuple([_body(each, each.offset + by) for each in test.body_variables]),
        tuple([_model(each, each.offset + by) for each in test.model_variables]),
    )
