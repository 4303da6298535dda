"""Views of schemas that are composed of nothing and hold no other schemas: most there are."""

from __future__ import annotations

from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema
from pe4king_core.openapi.raw import Raw, text_of
from pe4king_core.openapi.schema.expansion import COMPOSITION, Part, is_foreign_null
from pe4king_core.openapi.schema.keywords import keywords_of, schema_examples, values_of
from pe4king_core.openapi.schema.merging import ANNOTATIONS
from pe4king_core.openapi.schema.vocabulary import SUBSCHEMA, SUBSCHEMA_LIST, SUBSCHEMA_MAP

_COMPLEX = frozenset(
    {*COMPOSITION, *SUBSCHEMA, *SUBSCHEMA_LIST, *SUBSCHEMA_MAP, "discriminator", "$recursiveRef"}
)


def simple_view(parts: tuple[Part, ...], pointer: str, *, siblings: bool) -> Schema | None:
    """The view of the only one of `parts`; None where more than its own keywords count.

    Says what a merged view of the one schema object would say, for a fraction of the time.
    """
    raw = parts[0].place.value
    if len(parts) > 1 or not isinstance(raw, dict) or not _COMPLEX.isdisjoint(raw):
        return None
    nulls = parts[0].nulls or raw.get("nullable") is True or raw.get("x-nullable") is True
    stated = keywords_of(raw, nulls)
    default = values_of(raw, "default")
    return Schema(
        pointer=pointer,
        types=stated.types or frozenset(),
        title=text_of(raw.get("title")),
        description=text_of(raw.get("description")),
        format=stated.format,
        pattern=stated.pattern,
        enum=stated.enum,
        bounds=stated.bounds,
        multiple_of=stated.multiple_of,
        length=stated.length,
        size=stated.size,
        property_count=stated.property_count,
        unique_items=stated.unique_items,
        required=stated.required,
        dependent_required=stated.dependent_required,
        content_encoding=stated.content_encoding,
        content_media_type=stated.content_media_type,
        default=default[0] if default else None,
        has_default=bool(default),
        examples=schema_examples(raw),
        read_only=raw.get("readOnly") is True,
        write_only=raw.get("writeOnly") is True,
        deprecated=raw.get("deprecated") is True,
        never=stated.enum == (),
        unread=stated.unread | {"nullable"} if siblings and is_foreign_null(raw) else stated.unread,
        annotations=_annotations(raw),
    )


def _annotations(raw: dict[Raw, Raw]) -> dict[str, Json]:
    found = ((name, values_of(raw, name)) for name in ANNOTATIONS if name in raw)
    return {name: values[0] for name, values in found if values}
