"""Schemas that are broken alike: most places of a document hold a plain text or number."""

from __future__ import annotations

from collections.abc import Hashable

from pe4king_core.generation.proofs.breaking import FREE
from pe4king_core.model.schema import JsonType, Schema

_PLAIN = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})


def likeness(schema: Schema) -> Hashable:
    """Equal for schemas that the same values break for the same reasons; None where more than
    the type and the limits of a scalar decides."""
    length, bounds = schema.length, schema.bounds
    if (
        schema.only_type not in _PLAIN
        or schema.enum is not None
        or schema.pattern is not None
        or schema.multiple_of is not None
        or schema.content_encoding is not None
        or schema.content_media_type is not None
        or schema.never
        or schema.unread
        or schema.others
        or schema.branches
        or schema.conjuncts
        # Such a text is cut from a sample, which looks like what the schema is about.
        or (length.limited and schema.format not in FREE)
    ):
        return None
    # As text 1 is not 1.0, and the limits stand in the reasons.
    limits = repr((length, bounds)) if length.limited or bounds.limited else ""
    return schema.types, schema.format, limits
