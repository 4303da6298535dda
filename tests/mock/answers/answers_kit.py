"""Documents of one operation, and the values and answers that are made for them."""

from __future__ import annotations

import json
from typing import Any

from pe4king_core.mock.answers.answers import VARIANTS, Answers, Variety
from pe4king_core.model.operation import ApiDocument, MediaType, Operation, Response
from pe4king_core.openapi import load

JSON = "application/json"


def document_of(responses: dict[str, Any], schemas: dict[str, Any] | None = None) -> ApiDocument:
    """A document with the one operation `GET /books`."""
    described = {
        status: {"description": "", **written} if isinstance(written, dict) else written
        for status, written in responses.items()
    }
    return load(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "T", "version": "1"},
                "paths": {"/books": {"get": {"responses": described}}},
                "components": {"schemas": schemas or {}},
            }
        ),
        "file:///books.json",
    )


def content(schema: Any, media_type: str = JSON, **more: Any) -> dict[str, Any]:
    """A response with one media type."""
    return {"content": {media_type: {"schema": schema, **more}}}


def answering(responses: dict[str, Any], seed: int = 1) -> tuple[Answers, Operation]:
    document = document_of(responses)
    return Answers(document, seed), document.operations[0]


def succeeding(responses: dict[str, Any], seed: int = 1) -> tuple[Answers, int, Response]:
    answers, operation = answering(responses, seed)
    found = answers.success(operation)
    assert found is not None
    return answers, *found


def values(
    schema: Any,
    seeds: tuple[int, ...] = (1,),
    *,
    media_type: str = JSON,
    variety: Variety = Variety.FULL,
    **components: Any,
) -> list[Any]:
    """The values of every turn and seed for one schema."""
    document = document_of({"200": content(schema, media_type)}, components)
    media = media_of(document)
    made = [Answers(document, seed, variety) for seed in seeds]
    return [answers.value(media, turn) for answers in made for turn in range(VARIANTS)]


def media_of(document: ApiDocument) -> MediaType:
    return next(iter(document.operations[0].responses["200"].content.values()))
