"""Figures of a document: how much of what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pe4king_core.model.operation import ApiDocument, Operation, RequestBody, Response
from pe4king_core.model.text import LineTable
from pe4king_core.openapi.units.document_text import DocumentText

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
        requests.update(_media(operation.request_body))
        statuses.update(operation.responses.keys())
        for response in operation.responses.values():
            answers.update(_media(response))
            links += len(response.links)
        tags.update(operation.tags)
        callbacks += sum(len(callback.operations) for callback in operation.callbacks)
        deprecated += operation.deprecated
        examples += sum(1 for _ in _examples(operation))
    return Statistics(
        characters=len(text.text),
        lines=len(LineTable(text.text)),
        paths=_named(text, ("paths",)),
        operations=len(document.operations),
        webhooks=len(document.webhooks),
        callbacks=callbacks,
        schemas=sum(_named(text, section) for section in _SCHEMA_SECTIONS),
        references=_references(text),
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


def _media(body: RequestBody | Response | None) -> list[str]:
    """The media types of `body` by name (a mapping would be added up with its values)."""
    return [] if body is None else list(body.content)


def _named(text: DocumentText, section: tuple[str, ...]) -> int:
    """How many members `section` has; extensions are none, a repeated key counts once."""
    names = {unit.path[-1] for unit in text.units if unit.path and unit.path[:-1] == section}
    return sum(not name.startswith("x-") for name in names)


def _references(text: DocumentText) -> int:
    """What aliases repeat is counted once: data that is shared a billion times over is small."""
    waiting, found = [unit.value for unit in text.units], 0
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict | list) or id(item) in seen:
            continue
        if text.is_whole:
            seen.add(id(item))
        if isinstance(item, dict):
            found += isinstance(item.get("$ref"), str)
            waiting += item.values()
        else:
            waiting += item
    return found
