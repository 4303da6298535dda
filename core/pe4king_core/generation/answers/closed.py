"""Which members an object may have at all, where the document forbids every other one.

Only what is certain: names that match a pattern, and members that any branch may add, are never
ruled out.
"""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.model.schema import JsonType, Schema

_UNEVALUATED = "unevaluatedProperties"
_CONDITIONAL = ("if", "then", "else")


def closed_names(schema: Schema, above: tuple[Schema, ...] = ()) -> tuple[str, ...] | None:
    """The names of all members that an object of `schema` may have; None where any may be.

    `above` are the schemas that hold it together with others, against circles.
    """
    own = _own(schema)
    if own is not None or not (schema.branches or schema.conjuncts) or schema in above:
        return own
    inside = (*above, schema)
    for part in schema.conjuncts.values():
        found = closed_names(part, inside)
        if found is not None:
            return found
    return _of_all(schema, inside)


def _own(schema: Schema) -> tuple[str, ...] | None:
    """What the keywords of `schema` itself leave."""
    if not schema.additional_allowed:
        return None if schema.pattern_properties else tuple(schema.properties)
    if _UNEVALUATED in schema.others and schema.others[_UNEVALUATED].never:
        return _evaluated(schema)
    return None


def _of_all(schema: Schema, above: tuple[Schema, ...]) -> tuple[str, ...] | None:
    """What one branch or another allows, where each that is an object forbids the rest."""
    names: dict[str, None] = {}
    for branch in schema.branches.values():
        if branch.never or not branch.allows(JsonType.OBJECT):
            continue
        found = closed_names(branch, above)
        if found is None:
            return None
        names.update(dict.fromkeys(found))
    return tuple(names) or None


def _evaluated(schema: Schema) -> tuple[str, ...] | None:
    """Every name that some keyword of `schema`, or of what holds with it, speaks of."""
    names: dict[str, None] = {}
    for part in _in_place(schema):
        stated = part.others
        open_ended = "additionalProperties" in stated or (
            part is not schema and (_UNEVALUATED in stated or JsonType.OBJECT in part.all_evaluated)
        )
        if part.pattern_properties or part.unread or open_ended:
            return None
        names.update(dict.fromkeys(part.properties))
    return tuple(names)


def _in_place(schema: Schema) -> Iterator[Schema]:
    """`schema` and all that may hold of the same value."""
    waiting, seen = [schema], {schema}
    while waiting:
        part = waiting.pop(0)
        yield part
        inner = [part.others[name] for name in _CONDITIONAL if name in part.others]
        for members in (part.conjuncts, part.branches, part.dependent_schemas):
            inner += members.values()
        new = [each for each in dict.fromkeys(inner) if each not in seen]
        seen.update(new)
        waiting += new
