"""Which properties a sample object has: the required ones and those that say something.

A request with every optional field of a large document tests nothing better and hides what it
tests. So a sample has at most a dozen optional members and little optional depth. Left out are
references to things that need not exist, switches that change what the answer looks like, and
what a server writes itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pe4king_core.generation.samples.realism import is_telling
from pe4king_core.generation.samples.sampling import At, Maker, is_left_out
from pe4king_core.generation.wording import words_of
from pe4king_core.model.schema import JsonType, Schema

_MOST = (12, 5)
"""How many optional members there are, by the optional places above; none deeper."""
_DEEPEST = 2
"""How many optional places there are above each other where everything is wanted."""
_REFERENCES = frozenset({"id", "ids", "uuid", "uuids", "guid", "ref", "refs", "token"})
_SWITCHES = frozenset(
    {"expand", "fields", "include", "includes", "select", "embed", "cursor", "sort", "order"}
    | {"orderby", "sortby", "filter", "filters", "startingafter", "endingbefore", "etag"}
)
_OF_THE_SERVER = frozenset(
    {"createdat", "updatedat", "deletedat", "created", "updated", "modifiedat", "modified"}
    | {"createdon", "updatedon", "datecreated", "dateupdated", "createdby", "updatedby"}
    | {"creationtimestamp", "deletiontimestamp"}
)
_LEFT_OUT = _SWITCHES | _OF_THE_SERVER
_IS_REFERENCE = re.compile(
    r"(the |an? |optional |unique |existing )*((ids?|identifiers?|uuid) (of|for)\b|.{0,40} ids?\b)",
    re.IGNORECASE,
)
_SCALARS = frozenset({JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})


def chosen(
    schema: Schema, at: At, maker: Maker, *, everything: bool, skipped: int = 0
) -> Iterator[tuple[str, Schema, bool]]:
    """Name, schema and whether it is required of the members to make, in the document's order.

    `skipped`: every so many-th optional member is left out, 0 for none.
    """
    if everything:
        optional = frozenset(schema.properties if at.level < _DEEPEST else ())
    else:
        optional = _optional(schema, at, skipped)
    inside = (*at.above, schema)
    much = maker.is_too_much(at)
    for name in schema.properties:
        required = name in schema.required
        if not required and (much or name not in optional):
            continue
        child = schema.properties[name]
        if is_left_out(child, maker.direction) or child.never:
            continue
        if not required and is_recursive(child, inside):
            continue
        yield name, child, required


def _optional(schema: Schema, at: At, skipped: int) -> frozenset[str]:
    """The optional members worth sending: telling ones first, then others while there is room."""
    most = _MOST[at.level] if at.level < len(_MOST) else 0
    strong: list[str] = []
    weak: list[str] = []
    for number, name in enumerate(schema.properties if most else ()):
        if name in schema.required or (skipped and number % skipped == skipped - 1):
            continue
        child = schema.properties[name]
        if child.read_only or child.deprecated or is_recursive(child, at.above):
            continue
        if _says_its_value(child):
            strong.append(name)
        elif not _is_left_out(name, child):
            (strong if _is_strong(name, child, at) else weak).append(name)
        if len(strong) >= most:
            break
    return frozenset((*strong, *weak)[:most])


def _says_its_value(schema: Schema) -> bool:
    return bool(schema.examples or schema.enum or (schema.has_default and schema.default))


def _is_left_out(name: str, schema: Schema) -> bool:
    words = words_of(name)
    if words and (words[-1] in _REFERENCES or "".join(words) in _LEFT_OUT):
        return True
    return bool(schema.description and _IS_REFERENCE.match(schema.description))


def _is_strong(name: str, schema: Schema, at: At) -> bool:
    return bool(schema.format or schema.types & _SCALARS or is_telling(name, at.name or at.owner))


def is_recursive(schema: Schema, above: tuple[Schema, ...]) -> bool:
    """Whether a value of `schema` holds one of what it stands in."""
    if schema in above or (schema.items is not None and schema.items in above):
        return True
    return bool(schema.branches) and all(branch in above for branch in schema.branches.values())
