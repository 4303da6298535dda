"""Figures of a document: how much of what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.openapi.document_text import DocumentText
from pe4king_core.openapi.raw import Raw

_SCHEMA_SECTIONS = (("components", "schemas"), ("definitions",))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts; those by name in the order of their first appearance."""

    characters: int
    lines: int
    paths: int
    operations: int
    webhooks: int
    callbacks: int
    schemas: int
    """Named schemas: `components/schemas` or `definitions`."""
    references: int
    """`$ref`s, those in examples included."""
    parameters: int
    deprecated: int
    links: int
    examples: int
    """Examples of media types and parameters."""
    security_schemes: int
    methods: dict[str, int] = field(default_factory=dict)
    parameters_in: dict[str, int] = field(default_factory=dict)
    request_media: dict[str, int] = field(default_factory=dict)
    response_media: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)


def statistics_of(document: ApiDocument, text: DocumentText) -> Statistics:
    """The figures of `document`, whose text is `text`; reads every operation."""
    methods: Counter[str] = Counter()
    places: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    callbacks = deprecated = links = examples = 0
    for operation in document.operations:
        methods[operation.method] += 1
        places.update(str(parameter.location) for parameter in operation.parameters)
        requests.update(operation.request_body.content if operation.request_body else ())
        statuses.update(operation.responses.keys())
        for response in operation.responses.values():
            answers.update(response.content)
            links += len(response.links)
        tags.update(operation.tags)
        callbacks += sum(len(callback.operations) for callback in operation.callbacks)
        deprecated += operation.deprecated
        examples += sum(1 for _ in _examples(operation))
    return Statistics(
        characters=len(text.text),
        lines=text.text.count("\n") + 1,
        paths=sum(len(unit.path) == 2 and unit.path[0] == "paths" for unit in text.units),
        operations=len(document.operations),
        webhooks=len(document.webhooks),
        callbacks=callbacks,
        schemas=sum(unit.path[:-1] in _SCHEMA_SECTIONS for unit in text.units),
        references=sum(_references(unit.value) for unit in text.units),
        parameters=places.total(),
        deprecated=deprecated,
        links=links,
        examples=examples,
        security_schemes=len(document.security_schemes),
        methods=dict(methods),
        parameters_in=dict(places),
        request_media=dict(requests),
        response_media=dict(answers),
        statuses=dict(sorted(statuses.items())),
        tags=dict(tags),
    )


def _examples(operation: Operation) -> Iterator[object]:
    for parameter in operation.parameters:
        yield from parameter.named_examples
    if operation.request_body is not None:
        for media in operation.request_body.content.values():
            yield from media.named_examples
    for response in operation.responses.values():
        for media in response.content.values():
            yield from media.named_examples


def _references(value: Raw) -> int:
    waiting, found = [value], 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found += isinstance(item.get("$ref"), str)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found
