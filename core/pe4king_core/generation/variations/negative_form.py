"""Negative cases of forms: fields missing or wrong, as far as text can be told to be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pe4king_core.generation.proofs.coercion import (
    Reading,
    Way,
    as_text,
    list_readings,
    text_readings,
)
from pe4king_core.generation.proofs.doubts import (
    EMPTY_AS_MISSING,
    EMPTY_LIST,
    HAS_DEFAULT,
    NOT_UNDERSTOOD,
    NULL_FOR_MISSING,
    SPREAD,
    UNCHECKED,
    allowed_reading,
)
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.requests.form_changes import (
    as_sent,
    carriers,
    is_ambiguous,
    replaced,
    without,
)
from pe4king_core.generation.variations.collected import Collected
from pe4king_core.generation.variations.schema_memo import SchemaMemo, rejects
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.parts import Encoding
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_MAX_CASES = 200
_OF_FILES = frozenset({"binary", "base64"})


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a form as the document describes it."""

    name: str
    schema: Schema
    required: bool
    encoding: Encoding | None


class FormBreaker:
    """Breaks the fields of one valid form."""

    def __init__(self, collected: Collected, memo: SchemaMemo, expected: tuple[int, ...]) -> None:
        self._collected = collected
        self._memo = memo
        self._expected = expected

    def break_all(
        self, schema: Schema, fields: Mapping[str, Json], encodings: Mapping[str, Encoding]
    ) -> None:
        """Adds the cases of every field that `schema` names; `encodings` say how they travel."""
        for count, (name, child) in enumerate(schema.properties.items()):
            if count >= _MAX_CASES:
                return
            if child.read_only:
                continue
            part = Part(name, child, name in schema.required, encodings.get(name))
            keys = carriers(name, schema, fields)
            if part.required and keys:
                self._missing(part, keys)
            if not is_file(child):
                self._wrong(part, keys)

    def missing_is_provable(self, schema: Schema) -> bool:
        """Whether a form without any field is certainly wrong."""
        return any(
            name in schema.properties and missing_doubt(schema.properties[name], self._memo) is None
            for name in schema.required
        )

    def _missing(self, part: Part, keys: list[str]) -> None:
        name, child = part.name, part.schema
        title = Message(en=f"rejects missing {name}", ru=f"отклоняет форму без поля {name}")
        doubt = missing_doubt(child, self._memo)
        if doubt is not None:
            self._collected.doubt(title, doubt)
            return
        self._collected.add(
            Worth.MISSING_FIELD,
            title,
            without(keys),
            expected=self._expected,
            reason=Message(en=f"{name} is required", ru=f"поле {name} обязательно"),
            source=child.pointer,
        )

    def _wrong(self, part: Part, keys: list[str]) -> None:
        for breach in self._memo.broken_texts(part.schema):
            title = rejects(part.name, breach)
            sent = as_sent(part.name, breach.value, part.encoding)
            doubt = _field_doubt(breach.value, sent, part)
            if doubt is not None:
                self._collected.doubt(title, doubt)
                continue
            self._collected.add(
                breach.worth,
                title,
                replaced(keys, sent),
                expected=self._expected,
                reason=breach.reason,
                source=part.schema.pointer,
            )


def is_file(schema: Schema) -> bool:
    """Whether the part is the content of a file."""
    return schema.format in _OF_FILES or schema.content_media_type is not None


def missing_doubt(child: Schema, memo: SchemaMemo) -> Message | None:
    """Why a form may lack a required field: it says nothing of what is empty."""
    if child.has_default:
        return HAS_DEFAULT
    if memo.allows_null(child):
        return NULL_FOR_MISSING
    for kind, empty, reason in (
        (JsonType.ARRAY, [], EMPTY_LIST),
        (JsonType.BOOLEAN, False, UNCHECKED),
        (JsonType.OBJECT, {}, SPREAD),
    ):
        verdict = validity(empty, child, direction=Direction.REQUEST)
        if child.allows(kind) and verdict is not Validity.INVALID:
            return reason
    return None


def _field_doubt(value: Json, sent: Mapping[str, Json], part: Part) -> Message | None:
    """Why the text of a field, which travels as `sent`, may be right."""
    if is_ambiguous(part.schema, part.encoding):
        return SPREAD
    texts = [as_text(item) for item in (value if isinstance(value, list) else [value])]
    known = [text for text in texts if text is not None]
    if not known or len(known) < len(texts):
        return NOT_UNDERSTOOD
    if any(not text.strip() for text in known) and not part.required:
        return EMPTY_AS_MISSING
    if any(not text.strip() for text in known) and part.schema.has_default:
        return HAS_DEFAULT
    whole = sent.get(part.name)
    joined = whole if isinstance(whole, str) else ",".join(known)
    ways = [Reading(value, Way.SENT), *list_readings(known), *text_readings(joined)]
    return allowed_reading(ways, part.schema, Direction.REQUEST)
