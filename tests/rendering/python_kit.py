"""Generated pytest files as code that runs: with a client that keeps what it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import httpx

from pe4king_core.generation import generate
from pe4king_core.model.case import TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import CaseKind
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats

FORMAT = formats()["pytest"]


def models(text: str, **plan: object) -> tuple[TestModel, ...]:
    """The test models of a document."""
    document = load(text, "file:///api.yaml")
    return generate(document, TestPlan(**plan))  # type: ignore[arg-type]


def rendered(text: str, style: TestStyle | None = None, **plan: object) -> str:
    """The only file of a document."""
    [made] = models(text, **plan)
    return FORMAT.render(made, style or TestStyle()).text


def positive_only(text: str, style: TestStyle | None = None) -> str:
    """The file with no case but what answers a valid request, as the document says."""
    return rendered(text, style, kinds=frozenset({CaseKind.POSITIVE}), behavioural=False)


def module(code: str) -> ModuleType:
    """`code` as a module."""
    made = ModuleType("generated")
    exec(compile(code, "generated.py", "exec"), made.__dict__)
    return made


@contextmanager
def answering(
    answer: Callable[[httpx.Request], httpx.Response],
) -> Iterator[tuple[httpx.Client, list[httpx.Request]]]:
    """A client whose requests are kept and answered by `answer`."""
    kept: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        kept.append(request)
        return answer(request)

    transport = httpx.MockTransport(handle)
    with httpx.Client(base_url="http://service.example", transport=transport) as client:
        yield client, kept
