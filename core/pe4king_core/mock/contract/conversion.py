"""Raw schemas of any version of OpenAPI as JSON Schema 2020-12, with what they reach.

Only keywords that say something of values are taken over. References become `#/$defs/<number>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from pe4king_core.mock.contract.pointers import UnjudgedError, resolved, target
from pe4king_core.openapi.raw import key_text

_ONE = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_PLAIN = (
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "dependentRequired",
)
_BEYOND = ("$dynamicRef",)
_INT_LIMITS = {"int32": 31, "int64": 63}
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Pruned:
    """A schema that holds of every value without members called `left`.

    `kept` are the members that it knows and speaks of.
    """

    schema: Any
    left: frozenset[str]
    kept: frozenset[str]


class TooLargeError(Exception):
    """A schema reaches more than it was allowed to."""


class Conversion:
    """Converts the schemas of one document for one direction.

    `left_out` is the annotation of members that do not travel that way: `readOnly`, `writeOnly`.
    """

    def __init__(self, document: Mapping[str, Any], left_out: str) -> None:
        self._document = document
        self._left_out = left_out
        self._modern = str(document.get("openapi", "")).startswith(("3.1", "3.2"))
        self._shared: dict[str, tuple[Any, dict[str, str]]] = {}
        self._numbers: dict[str, str] = {}

    def whole(self, schema: Any, most: int) -> Any:
        """`schema` with all it reaches. Raises TooLargeError beyond `most` references."""
        references: dict[str, str] = {}
        made = _One(self, references, None).schema(schema)
        definitions: dict[str, Any] = {}
        waiting = list(references.items())
        while waiting:
            number, reference = waiting.pop()
            if number in definitions:
                continue
            if len(definitions) >= most:
                raise TooLargeError
            definitions[number], more = self._definition(reference)
            waiting += more.items()
        return _bundle(made, definitions)

    def pruned(self, schema: Any, names: Set[str]) -> Pruned:
        """`schema` as it speaks of values whose objects have no other members than `names`."""
        references: dict[str, str] = {}
        one = _One(self, references, names)
        made = one.schema(schema)
        definitions: dict[str, Any] = {}
        while missing := [each for each in references if each not in definitions]:
            for number in missing:
                definitions[number] = one.schema(target(self._document, references[number]))
        return Pruned(_bundle(made, definitions), frozenset(one.pruned), frozenset(one.kept))

    def _definition(self, reference: str) -> tuple[Any, dict[str, str]]:
        known = self._shared.get(reference)
        if known is None:
            found: dict[str, str] = {}
            made = _One(self, found, None).schema(target(self._document, reference))
            known = self._shared[reference] = (made, found)
        return known

    def number(self, reference: str) -> str:
        """The name of a reference's definition."""
        return self._numbers.setdefault(reference, str(len(self._numbers)))

    @property
    def modern(self) -> bool:
        """Whether the document is of OpenAPI 3.1 or later."""
        return self._modern

    def follow(self, node: Any) -> Any:
        """`node` with references followed; None where one leads nowhere."""
        try:
            return resolved(self._document, node)
        except UnjudgedError:
            return None

    def is_left_out(self, node: Any) -> bool:
        """Whether a member with this schema does not travel this way."""
        found = self.follow(node)
        return isinstance(found, dict) and found.get(self._left_out) is True


class _One:
    """One conversion; `names`: the only members that matter, None: all do."""

    def __init__(
        self, conversion: Conversion, references: dict[str, str], names: Set[str] | None
    ) -> None:
        self._of = conversion
        self._references = references
        self._names = names
        self.pruned: set[str] = set()
        self.kept: set[str] = set()

    def schema(self, node: Any) -> Any:
        """`node` converted; what is no schema is left to the validator to refuse."""
        if not isinstance(node, dict):
            return node
        for keyword in _BEYOND:
            if keyword in node:
                raise UnjudgedError(keyword)
        reference = node.get("$ref")
        if isinstance(reference, str) and not self._of.modern:
            return {"$ref": self._reference(reference)}
        made = dict(self._members(node))
        if isinstance(reference, str):
            made["$ref"] = self._reference(reference)
        _tuples(made)
        if isinstance(made.get("oneOf"), list) and self._says_which(node):
            made.setdefault("anyOf", made.pop("oneOf"))
        _old_bounds(made)  # a flag is no number in any version, and is written in all of them
        _limits(made)
        if not self._of.modern and True in (node.get("nullable"), node.get("x-nullable")):
            return {"anyOf": [{"type": "null"}, made]}
        return made

    def _members(self, node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for keyword in _PLAIN:
            value = node.get(keyword)
            says = value is not None or (keyword == "const" and keyword in node)
            if says and (keyword, value) != ("type", "file"):
                yield keyword, value
        for keyword in _ONE:
            if isinstance(node.get(keyword), dict | bool):
                yield keyword, self.schema(node[keyword])
        for keyword in _LISTS:
            if isinstance(node.get(keyword), list):
                yield keyword, [self.schema(each) for each in node[keyword]]
        if isinstance(node.get("items"), list):
            yield "items", [self.schema(each) for each in node["items"]]
            yield "additionalItems", self.schema(node.get("additionalItems", True))
        for keyword in _MAPS:
            if isinstance(node.get(keyword), dict):
                yield keyword, dict(self._map(keyword, node[keyword]))
        if isinstance(node.get("required"), list):
            yield "required", list(self._required(node))

    def _map(self, keyword: str, members: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
        for key, member in members.items():
            name = key_text(key)
            if keyword == "properties" and self._names is not None and name not in self._names:
                self.pruned.add(name)
                yield name, True
            else:
                self.kept.add(name)
                yield name, self.schema(member)

    def _reference(self, reference: str) -> str:
        number = self._of.number(reference)
        self._references[number] = reference
        return f"#/$defs/{number}"

    def _required(self, node: Mapping[str, Any]) -> Iterator[Any]:
        known = dict(self._known_members(node, _DEEPEST))
        for name in node["required"]:
            if not (isinstance(name, str) and self._of.is_left_out(known.get(name))):
                yield name

    def _known_members(self, node: Any, depth: int) -> Iterator[tuple[str, Any]]:
        """The members that a schema and its `allOf` name, its own last."""
        parts = node.get("allOf")
        for part in parts if isinstance(parts, list) and depth > 0 else ():
            found = self._of.follow(part)
            if isinstance(found, dict):
                yield from self._known_members(found, depth - 1)
        members = node.get("properties")
        if isinstance(members, dict):
            yield from members.items()

    def _says_which(self, node: Mapping[str, Any]) -> bool:
        """Whether a value says itself which branch of `oneOf` it is, so that it may fit others.

        By a discriminator of the choice, or one that every branch has inherited; a branch that
        is stated twice cannot be told from itself.
        """
        branches = node["oneOf"]
        if "discriminator" in node or any(branches.count(each) > 1 for each in branches):
            return True
        return bool(branches) and all(self._is_discriminated(each) for each in branches)

    def _is_discriminated(self, branch: Any, depth: int = 0) -> bool:
        known = self._of.follow(branch)
        if not isinstance(known, dict) or depth > _DEEPEST:
            return False
        parts = known.get("allOf")
        parts = parts if isinstance(parts, list) else []
        return "discriminator" in known or any(self._is_discriminated(p, depth + 1) for p in parts)


def _bundle(made: Any, definitions: dict[str, Any]) -> Any:
    if not definitions:
        return made
    return {"allOf": [made], "$defs": definitions}


def _tuples(made: dict[str, Any]) -> None:
    """`items` as a list, from before JSON Schema 2020-12."""
    if isinstance(made.get("items"), list):
        made.setdefault("prefixItems", made.pop("items"))
        made["items"] = made.pop("additionalItems", True)


def _old_bounds(made: dict[str, Any]) -> None:
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        excluded = made.pop(flag) if isinstance(made.get(flag), bool) else False
        if excluded and isinstance(made.get(bound), int | float):
            made[flag] = made.pop(bound)


def _limits(made: dict[str, Any]) -> None:
    written = made.get("format")
    bits = _INT_LIMITS.get(written) if isinstance(written, str) else None
    kinds = made.get("type")
    if bits is not None and (kinds in ("integer", ["integer", "null"])):
        made.setdefault("minimum", -(2**bits))
        made.setdefault("maximum", 2**bits - 1)
