"""Sample values for schemas: documented examples where they are valid, else values that look
like the real thing. The same schema gives the same value every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from zlib import crc32

from pe4king_core.generation.places import stated_types, tags_of
from pe4king_core.generation.samples.realism import Setting, usual_flag
from pe4king_core.generation.samples.sample_arrays import arrays, typed_as
from pe4king_core.generation.samples.sample_members import chosen
from pe4king_core.generation.samples.sampling import (
    At,
    Made,
    by_turns,
    is_left_out,
    kinds,
    one_way,
)
from pe4king_core.generation.samples.scalars import numbers, strings
from pe4king_core.generation.samples.unnamed import other_names, required_beside, schema_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema
from pe4king_core.openapi.schema.values import Direction, Validity, validity

_DEPTH = 12
_DEEPEST = 36
_BUDGET = 2_000
_FAILURE = 25
"""What it takes from the budget to have tried all and found nothing."""
_MAX_ITEMS = 1_000
_MAX_TRIES = 40
_MAX_TEXTS = 160
"""Candidates looked at for one place; for texts, as patterns with a length need many."""
_FIRST = 1
"""The seed with which everything is the first choice."""
_OTHERS = (_FIRST, 2)
"""The seeds to try where one gives nothing valid."""


def sample(
    schema: Schema | None, name: str = "", *, seed: int = _FIRST, everything: bool = False
) -> Json:
    """A value for `schema` in a request; `name` is the property's or parameter's name.

    The value is as good as the schema can be understood; callers that must be sure ask
    `validity`. Read-only properties and recursive optional ones are left out, and without
    `everything` the less telling optional ones of many.
    """
    return Samples(seed, everything=everything).of(schema, name)


class Samples:
    """Makes sample values. One object serves a run: what it has made it remembers.

    Another `seed` gives other values, branches and optional parts, as valid and as plausible.
    Several documented examples take turns; a single one is the first choice only.
    """

    def __init__(
        self,
        seed: int = _FIRST,
        *,
        everything: bool = False,
        direction: Direction = Direction.REQUEST,
    ) -> None:
        self.seed = seed
        self.everything = everything
        self.direction = direction
        self.budget = _BUDGET
        self._scalars: dict[tuple[Schema, str, str, bool], Made] = {}

    @property
    def is_first(self) -> bool:
        """Whether everything is the first choice."""
        return self.seed == _FIRST and not self.everything

    def of(
        self, schema: Schema | None, name: str = "", *, owner: str = "", terse: bool = False
    ) -> Json:
        """A value for `schema`: `name` is its place's, `owner` whose it is.

        `terse`: texts without spaces, for parameters.
        """
        if schema is None:
            return "sample"
        at = At(name, owner, terse=terse)
        made = _Sampler(self, self._scalars).value(schema, at)
        for seed in () if made.valid else _OTHERS[self.is_first :]:
            other = _Sampler(Samples(seed, direction=self.direction), {}).value(schema, at)
            if other.valid:
                return other.value
        return made.value

    def turn(self, at: At) -> int:
        """Which of several values is taken at this place; 0 is the first choice."""
        if self.seed == _FIRST:
            return at.number
        return crc32(f"{self.seed}{at.path}/{at.name}".encode("utf-8", "surrogatepass"))

    def usual_count(self, _inside: At, /) -> int:
        """How many items an array has where the document leaves it open."""
        return 1


_OF_OTHER_MEMBERS = frozenset({"additionalProperties", "items", "contentSchema"})
"""Subschemas that say nothing of an object with no other properties than the named ones."""
_PLAIN_TYPES = frozenset({JsonType.STRING, JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN})


class _Sampler:
    """Makes one value; what it may spend is shared by all its parts, so hostile schemas end."""

    def __init__(
        self, samples: Samples, scalars: dict[tuple[Schema, str, str, bool], Made]
    ) -> None:
        self.direction = samples.direction
        self._samples = samples
        self._scalars = scalars
        self._budget = samples.budget

    def value(self, schema: Schema, at: At) -> Made:
        """The first candidate that is not known to be invalid, else the first of all."""
        self._budget -= 1
        if len(at.above) > _DEEPEST or self._budget < -self._samples.budget:
            return Made(None, valid=False)
        if schema.only_type in _PLAIN_TYPES and not (schema.branches or schema.conjuncts):
            return self._scalar(schema, at)
        simple = self._simple(schema, at)
        return Made(simple) if simple is not None else self._best(schema, at)

    def _scalar(self, schema: Schema, at: At) -> Made:
        if self._samples.seed != _FIRST or at.number:
            return self._best(schema, at)
        key = (schema, at.name, at.owner, at.terse)
        made = self._scalars.get(key)
        if made is None:
            made = self._scalars[key] = self._best(schema, at)
        return made

    def _best(self, schema: Schema, at: At) -> Made:
        first: list[Json] = []
        most = _MAX_TRIES if JsonType.STRING not in schema.types else _MAX_TEXTS
        # Whether 7.25 is a multiple of 0.01 is in doubt; an answer has a number that is none.
        sure = schema.multiple_of is not None and self.direction is Direction.RESPONSE
        for candidate in islice(self.candidates(schema, at), most):
            verdict = validity(candidate, schema, direction=self.direction)
            if verdict is Validity.VALID or (verdict is Validity.UNKNOWN and not sure):
                return Made(candidate)
            first = first or [candidate]
        self._budget -= _FAILURE
        return Made(first[0] if first else None, valid=False)

    def _simple(self, schema: Schema, at: At) -> dict[str, Json] | None:
        """An object that is valid because its members are; None where more has to be looked at."""
        if (
            stated_types(schema) - {JsonType.NULL} != {JsonType.OBJECT}
            or schema.examples
            or schema.has_default
            or schema.enum is not None
            or schema.branches
            or schema.conjuncts
            or schema.property_count.limited
            or schema.pattern_properties
            or schema.dependent_required
            or schema.dependent_schemas
            or not schema.others.keys() <= _OF_OTHER_MEMBERS
            or not schema.required <= schema.properties.keys()
            or self._is_filled_map(schema)
        ):
            return None
        value: dict[str, Json] = {}
        for name, child, required in self._chosen(schema, at):
            made = self._member(schema, name, child, at, required=required)
            if required and not made.valid:
                return None
            if self._is_worth_it(made, child, required=required):
                value[name] = made.value
        return value

    def _member(self, schema: Schema, name: str, child: Schema, at: At, *, required: bool) -> Made:
        """The value of a property; a discriminator that was inherited has the schema's own name."""
        tag = schema.discriminator
        if tag is not None and tag.property_name == name and not schema.branches:
            own = (text for text, pointer in tag.mapping.items() if pointer == schema.pointer)
            named = next(own, None)
            if named is not None and validity(named, child) is Validity.VALID:
                return Made(named)
        return self.value(child, at.member(schema, name, optional=not required))

    def _chosen(self, schema: Schema, at: At) -> Iterator[tuple[str, Schema, bool]]:
        turn = self._samples.turn(at)
        skipped = 2 + turn % 3 if turn else 0
        everything = self._samples.everything
        return chosen(schema, at, self, everything=everything, skipped=skipped)

    def _is_worth_it(self, made: Made, schema: Schema, *, required: bool) -> bool:
        """Whether a member is sent: what is optional and empty tells nothing."""
        if required:
            return True
        if self._samples.everything or schema.examples:
            return made.valid
        return made.valid and made.value not in ({}, [], [{}])

    def candidates(self, schema: Schema, at: At) -> Iterator[Json]:
        """Values for `schema`, the best first."""
        turn = self._samples.turn(at)
        documented = self._documented(schema, turn)
        yield from documented
        if schema.enum is not None:
            values = sorted(schema.enum, key=lambda value: value is None)
            count = len(values) - (values[-1:] == [None] and len(values) > 1)
            start = turn % count if count else 0
            yield from (*values[start:count], *values[:start], *values[count:])
            return
        if schema.branches:
            yield from self._of_branches(schema, at)
        if "if" in schema.others:
            yield from self._of_conditions(schema, at)
        for kind in kinds(schema):
            yield from self._typed(schema, kind, at)
        for conjunct in schema.conjuncts.values():
            yield self.value(conjunct, at.same_place(schema)).value
        if schema.nullable:
            yield None
        yield from (one_way(example, schema, self.direction) for example in schema.examples)

    def _documented(self, schema: Schema, turn: int) -> list[Json]:
        """Examples, by turns; then the default. Where everything is wanted, no whole objects;
        the only example is the first choice alone, or other seeds would say nothing else."""
        partial = self._samples.everything and schema.properties
        others = turn and self._samples.seed != _FIRST
        if partial or (others and len(schema.examples) == 1):
            return []
        examples = by_turns(schema.examples, turn)
        found = [one_way(example, schema, self.direction) for example in examples]
        if not turn and schema.has_default and schema.default not in (None, "", [], {}):
            found.append(schema.default)
        return found

    def _typed(self, schema: Schema, kind: JsonType, at: At) -> Iterator[Json]:
        if kind is JsonType.OBJECT:
            yield from self._objects(schema, at)
            return
        if kind is JsonType.ARRAY:
            yield from arrays(schema, at, self)
            return
        setting = Setting(at.name, at.owner, at.terse, self._samples.turn(at))
        if kind in (JsonType.INTEGER, JsonType.NUMBER):
            yield from numbers(schema, setting, integer=kind is JsonType.INTEGER)
        elif kind is JsonType.BOOLEAN:
            usual = usual_flag(setting) is (setting.turn % 3 < 2)
            yield from (usual, not usual)
        elif kind is JsonType.STRING:
            yield from strings(schema, setting)
        else:
            yield None

    def _of_branches(self, schema: Schema, at: At) -> Iterator[Json]:
        """Each branch that is not recursive, with the properties beside it and its tag."""
        if _is_plain_object(schema):
            yield from self._objects(schema, at)
        branches = [branch for branch in schema.branches.values() if branch not in at.above]
        branches.sort(key=lambda branch: branch.only_type is None)
        start = self._samples.turn(at) % len(branches) if branches else 0
        for branch in (*branches[start:], *branches[:start]):
            value = self.value(branch, at.same_place(schema)).value
            if not isinstance(value, Mapping):
                if JsonType.OBJECT not in stated_types(schema):
                    yield value
                continue
            value = _tagged(value, schema, branch)
            yield from self._beside(schema, branch, value, at)
            yield value

    def _beside(
        self, schema: Schema, branch: Schema, value: Mapping[str, Json], at: At
    ) -> Iterator[Json]:
        """`value` of a branch with the properties that `schema` has for all branches."""
        if not (schema.properties or schema.conjuncts):
            return
        for optional in (True, False):
            members = self._members(schema, at, optional=optional)
            own = {
                name: member
                for name, member in value.items()
                if name in branch.properties or name not in schema.properties
            }
            missing = {
                name: self._unnamed(schema, name, at)
                for name in value
                if name not in own and name not in members
            }
            yield {**members, **missing, **own}
            yield {**members, **value}

    def _of_conditions(self, schema: Schema, at: At) -> Iterator[Json]:
        """What `then` wants where `if` holds, then what `else` wants; with the rest of objects."""
        inside = at.same_place(schema)
        for way in (("if", "then"), ("then",), ("else",)):
            stated = [schema.others[keyword] for keyword in way if keyword in schema.others]
            parts = [
                self.value(typed_as(part, schema), inside).value
                for part in stated
                if part not in at.above
            ]
            if parts and all(isinstance(part, Mapping) for part in parts):
                for optional in (True, False):
                    value = self._members(schema, at, optional=optional)
                    for part in parts:
                        value |= part if isinstance(part, Mapping) else {}
                    yield value
            yield from (part for part in parts if not isinstance(part, Mapping))

    def _is_filled_map(self, schema: Schema) -> bool:
        """Whether it is a map, of which an answer tells nothing while it is empty."""
        answered = self.direction is Direction.RESPONSE and not schema.properties
        return answered and "additionalProperties" in schema.others

    def _objects(self, schema: Schema, at: At) -> Iterator[Json]:
        if self._is_filled_map(schema) and not self.is_too_much(at):
            stated = schema.others["additionalProperties"]
            yield {"sample": self.value(stated, at.item(schema)).value}
        members = self._members(schema, at, optional=True)
        yield members
        fewest = self._members(schema, at, optional=False)
        yield fewest
        low = int(schema.property_count.low or 0)
        if len(members) < low <= _MAX_ITEMS:
            yield self._filled(schema, members, low, at)
            yield self._filled(schema, fewest, low, at)

    def _filled(self, schema: Schema, members: dict[str, Json], low: int, at: At) -> Json:
        """`members` with others, up to `low`."""
        filled = dict(members)
        way = self.direction
        named = (name for name, child in schema.properties.items() if not is_left_out(child, way))
        for name in islice((*named, *islice(other_names(schema), 2 * low + _MAX_TRIES)), None):
            if len(filled) >= low:
                break
            if name not in filled:
                filled[name] = self._unnamed(schema, name, at)
        return filled

    def _unnamed(self, schema: Schema, name: str, at: At) -> Json:
        """A value for a property that `schema` may not name."""
        stated = schema_of(schema, name)
        return "sample" if stated is None else self.value(stated, at.member(schema, name)).value

    def _members(self, schema: Schema, at: At, *, optional: bool) -> dict[str, Json]:
        inside = at.same_place(schema)
        value: dict[str, Json] = {}
        for conjunct in schema.conjuncts.values():
            part = self.value(conjunct, inside).value
            value |= part if isinstance(part, Mapping) else {}
        for name, child, required in self._chosen(schema, at):
            if not (required or optional):
                continue
            made = self._member(schema, name, child, at, required=required)
            if self._is_worth_it(made, child, required=required):
                value[name] = made.value
        for trigger, dependent in schema.dependent_schemas.items():
            there = trigger in value or trigger in schema.required
            if there and dependent not in at.above:
                part = self.value(dependent, inside).value
                value = {**part, **value} if isinstance(part, Mapping) else value
        for name in sorted(required_beside(schema, value) - value.keys()):
            stated = schema.properties.get(name)
            if stated is None or not (
                name in schema.required or is_left_out(stated, self.direction)
            ):
                value[name] = self._unnamed(schema, name, at)
        return value

    def is_too_much(self, at: At) -> bool:
        """Whether optional parts are left out from here on."""
        return len(at.above) >= _DEPTH or self._budget < 0

    def usual_count(self, inside: At, /) -> int:
        """How many items an array has where the document leaves it open."""
        return self._samples.usual_count(inside)


def _tagged(value: Mapping[str, Json], schema: Schema, branch: Schema) -> Mapping[str, Json]:
    """`value` with the tag of its branch; what the branch itself lists is right already."""
    tags = tags_of(schema, branch)
    if not tags or schema.discriminator is None:
        return value
    name = schema.discriminator.property_name
    stated = branch.properties.get(name)
    if stated is not None and stated.enum and tags[0] not in stated.enum:
        return value
    return {**value, name: tags[0]}


def _is_plain_object(schema: Schema) -> bool:
    return bool(schema.properties) and not schema.exclusive_branches and not schema.discriminator
