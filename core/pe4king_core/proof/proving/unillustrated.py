"""A document that shows nothing of its answers: no examples, no defaults, and numbers at bounds.

Whoever has read the document knows its examples, and made-up numbers look like them: a server that
answers with such values cannot tell a check of the API from a check of the values. Requests keep
their examples: they say what to ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.answers.coherence import is_identity
from pe4king_core.model.json import Json
from pe4king_core.model.operation import (
    ApiDocument,
    LazyOperations,
    MediaType,
    Operation,
    OperationEntry,
    Response,
)
from pe4king_core.model.parts import Header
from pe4king_core.model.schema import JsonType, Schema, SchemaMembers

_FAR = 1_000_000
_NUMBERS = (JsonType.INTEGER, JsonType.NUMBER)


class Ends(StrEnum):
    """Which end of what they may be numbers are at."""

    LOW = "low"
    HIGH = "high"


def unillustrated(document: ApiDocument, ends: Ends) -> ApiDocument:
    """`document`, its operations read as they are asked for."""
    plain = _Plain(ends)

    def read(entry: OperationEntry) -> Operation:
        operation = document.operation(f"{entry.method} {entry.path}")
        if operation is None:
            raise LookupError(entry.pointer)
        responses = {code: plain.response(each) for code, each in operation.responses.items()}
        return replace(operation, responses=responses)

    return replace(document, operations=LazyOperations(document.entries, read))


@dataclass(frozen=True, slots=True)
class _Plain:
    """Makes the parts of such a document."""

    ends: Ends

    def response(self, response: Response) -> Response:
        return replace(
            response,
            content={name: self._media(each) for name, each in response.content.items()},
            headers={name: self._header(each) for name, each in response.headers.items()},
        )

    def _media(self, media: MediaType) -> MediaType:
        return replace(
            media,
            schema=self._maybe(media.schema),
            item_schema=self._maybe(media.item_schema),
            examples=(),
            named_examples=(),
        )

    def _header(self, header: Header) -> Header:
        return replace(header, schema=self._maybe(header.schema), examples=(), named_examples=())

    def _maybe(self, schema: Schema | None) -> Schema | None:
        return None if schema is None else self._schema(schema)

    def _schema(self, schema: Schema, name: str = "") -> Schema:
        """The schema; its parts are made as they are reached, which may have no end."""
        end = () if is_identity(_last_word(name)) else _at_end(schema, self.ends)
        return replace(
            schema,
            default=None,
            has_default=False,
            examples=end * 2,  # a single one is taken in the first round only
            properties=self._all(schema.properties),
            pattern_properties=self._all(schema.pattern_properties),
            dependent_schemas=self._all(schema.dependent_schemas),
            prefix_items=self._all(schema.prefix_items),
            others=self._all(schema.others),
            branches=self._all(schema.branches),
            conjuncts=self._all(schema.conjuncts),
        )

    def _all(self, schemas: Mapping[str, Schema]) -> Mapping[str, Schema]:
        if not schemas:
            return schemas
        return SchemaMembers(schemas, lambda name: self._schema(schemas[name], name))


def _last_word(name: str) -> str:
    return next(iter(words_of(name)[-1:]), "")


def _at_end(schema: Schema, ends: Ends) -> tuple[Json, ...]:
    """The number at this end; what it breaks beside its bounds the sampler finds out."""
    if schema.only_type not in _NUMBERS or schema.enum is not None:
        return ()
    bounds, whole = schema.bounds, schema.only_type is JsonType.INTEGER
    low = min(0, bounds.high or 0) if bounds.low is None else bounds.low
    high = max(_FAR, low) if bounds.high is None else bounds.high
    if ends is Ends.LOW:
        step = 1 if whole else (high - low) / 1000
        return (low + step * bounds.exclusive_low,)
    step = 1 if whole else (high - low) / 1000
    return (high - step * bounds.exclusive_high,)
