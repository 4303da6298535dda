"""One walk over a part of a document by the grammar, with all checks of its objects.

A part is an operation, a component, what `$ref` leads to in another file, and so on (see
`checking`). The walk keeps its own stack, so nothing is too deep for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.checks import checking_fields as fields
from pe4king_core.openapi.checks.checking_patterns import check_pattern
from pe4king_core.openapi.checks.checking_schemas import SchemaChecks
from pe4king_core.openapi.checks.checking_views import ViewChecks, mapping_candidates
from pe4king_core.openapi.checks.grammar import ElementKind, Field, Form, ObjectGrammar, version_of
from pe4king_core.openapi.checks.grammar_tables import grammar_of
from pe4king_core.openapi.findings.faults import Faults
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place, Raw, entries, escape, key_text
from pe4king_core.openapi.refs.references import Unresolved

_K = ElementKind
_SCHEMA_LIKE_FIELDS = {_K.PARAMETER, _K.HEADER}
_HOLDS_EXAMPLES = frozenset({_K.PARAMETER, _K.HEADER, _K.MEDIA_TYPE})
_ANNOTATIONS = frozenset(
    {"$ref", "description", "summary", "title", "example", "examples", "deprecated", "readOnly"}
)
"""What may stand beside `$ref` without anybody missing its effect."""

_TOLD_ELSEWHERE = frozenset(
    {
        (_K.PARAMETER, "name"),
        (_K.PARAMETER, "in"),
        (_K.SERVER, "url"),
        (_K.SERVER_VARIABLE, "default"),
    }
)
"""Missing fields that the readers of operations report, with what they do about it."""

_LISTS_TOLD_ELSEWHERE = frozenset({"parameters", "security"})


@dataclass(slots=True, eq=False)
class Part:
    """A part of a document: its faults, what it refers to, and the parts inside it.

    `near` is the nearest place of the document itself; `alone` are the pointers of members that
    are parts of their own and are not walked through.
    """

    place: Place
    kind: ElementKind
    near: str
    faults: Faults = field(default_factory=Faults)
    targets: list[Part] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)
    walked: bool = False


PartOf = Callable[[Place, ElementKind, str], Part]
"""Gives the part at a place; the last argument is the place's `near`."""


@dataclass(frozen=True, slots=True)
class _Node:
    """An object to be looked at; `Place` without the source, which all nodes of a part share."""

    pointer: str
    value: dict[Raw, Raw]
    kind: ElementKind


class Walk:
    """Walks parts of one document. `budget` is how many objects may still be looked at."""

    def __init__(self, reading: Reading, part_of: PartOf, budget: int) -> None:
        self._reading = reading
        self._references = reading.references
        self._part_of = part_of
        self._version = version_of(reading.specification)
        self._grammar = grammar_of(self._version)
        self._schemas = SchemaChecks(reading.specification, self._version)
        self._views = ViewChecks(reading)
        self._siblings = self._version >= "3.1"
        self.budget = budget

    def walk(self, part: Part) -> None:
        """Looks at everything in `part` that is no part of its own."""
        part.walked = True
        if not isinstance(part.place.value, dict):
            return
        stack = [_Node(part.place.pointer, part.place.value, part.kind)]
        while stack and self.budget > 0:
            self.budget -= 1
            node = stack.pop()
            if node.value.get("$ref") is not None and self._is_reference(part, node):
                continue
            self._object(part, node, stack)

    def _is_reference(self, part: Part, node: _Node) -> bool:
        """Follows `$ref`; whether nothing else of the object counts."""
        grammar = self._grammar[node.kind]
        reference = node.value["$ref"]
        if not isinstance(reference, str) or not grammar.reference:
            return False
        place = Place(part.place.source, node.pointer, node.value)
        end = self._references.follow(place)
        if isinstance(end, Unresolved):
            part.faults.add(
                end.code,
                node.pointer,
                (end.message.en, end.message.ru),
                Severity.ERROR,
                about=reference,
            )
        else:
            self._add_target(part, place, reference, node.kind)
            self._remark(part.faults, place, reference)
        if node.kind is _K.PATH_ITEM or (self._siblings and node.kind is _K.SCHEMA):
            return len(node.value) == 1
        beside = [
            name
            for name, _ in entries(node.value)
            if name not in _ANNOTATIONS and not name.startswith("x-")
        ]
        if beside:
            fields.ignored_siblings(part.faults, node.pointer, beside, node.kind)
        return True

    def _remark(self, faults: Faults, place: Place, reference: str) -> None:
        remark = self._references.remark(place, reference)
        if remark is not None:
            message = (remark.message.en, remark.message.ru)
            faults.add(remark.code, place.pointer, message, Severity.WARNING, about=reference)

    def _add_target(self, part: Part, place: Place, reference: str, kind: ElementKind) -> None:
        target = self._references.resolve(place, reference)
        if isinstance(target, Place) and isinstance(target.value, dict):
            near = place.pointer if not place.source.prefix else part.near
            found = self._part_of(target, kind, near)
            part.targets.append(found)
            if found.kind is not kind:
                fields.wrong_target(part.faults, place.pointer, reference, kind, found.kind)

    def _object(self, part: Part, node: _Node, stack: list[_Node]) -> None:
        faults, kind, pointer = part.faults, node.kind, node.pointer
        grammar = self._grammar[kind]
        known = grammar.fields
        for key, value in node.value.items():
            stated = known.get(key) if isinstance(key, str) else None
            name = key if isinstance(key, str) else key_text(key)
            if stated is None:
                if name.startswith("x-") and grammar.extensions:
                    continue
                stated = grammar.members
                if stated is None:
                    self._unknown(faults, node, name, value, grammar)
                    continue
            if value is None:
                continue
            child = f"{pointer}/{escape(name)}"
            if stated.kind is None and stated.form is Form.ONE:
                if not fields.has_type(value, stated.value):
                    self._wrong_value(faults, node, child, name, value, stated)
                elif stated.choices and value not in stated.choices:
                    fields.wrong_choice(faults, child, name, str(value), stated.choices)
                continue
            for found in self._members(faults, node, (child, name, value), stated):
                self._push(part, node, found, stack)
        for name in grammar.required:
            if name not in node.value and (kind, name) not in _TOLD_ELSEWHERE:
                fields.missing_field(faults, pointer, name, grammar)
        self._meaning(part, node)

    def _unknown(
        self, faults: Faults, node: _Node, name: str, value: Raw, grammar: ObjectGrammar
    ) -> None:
        pointer = f"{node.pointer}/{escape(name)}"
        if node.kind is _K.SCHEMA:
            self._schemas.unknown(faults, pointer, name, value)
        elif node.kind is not _K.PATH_ITEM or name != "$ref":
            fields.unknown_field(faults, pointer, name, grammar, self._version)

    def _wrong_value(
        self, faults: Faults, node: _Node, pointer: str, name: str, value: Raw, stated: Field
    ) -> None:
        if node.kind is _K.SCHEMA and name == "discriminator" and isinstance(value, dict):
            # An object in Swagger 2.0 is read as in OpenAPI 3.
            return
        fields.wrong_value(faults, pointer, name, value, stated.value)

    def _members(
        self, faults: Faults, node: _Node, member: tuple[str, str, Raw], stated: Field
    ) -> Iterator[_Node]:
        """The objects in one field; what is none is reported."""
        pointer, name, value = member
        if stated.form is Form.ONE:
            yield from self._one(faults, pointer, name, value, stated)
        elif stated.form is Form.LIST and isinstance(value, list):
            for number, item in enumerate(value):
                yield from self._item(faults, f"{pointer}/{number}", str(number), item, stated)
        elif stated.form is Form.MAP and isinstance(value, dict):
            for key, item in entries(value):
                if key.startswith("x-") and not isinstance(item, dict):
                    continue
                yield from self._item(faults, f"{pointer}/{escape(key)}", key, item, stated)
        elif self._tells_container(node, name):
            fields.wrong_container(faults, pointer, name, stated, item=False)

    def _tells_container(self, node: _Node, name: str) -> bool:
        if node.kind is _K.SCHEMA and name == "required":
            return False
        return name not in _LISTS_TOLD_ELSEWHERE or node.kind is _K.COMPONENTS

    def _item(
        self, faults: Faults, pointer: str, name: str, item: Raw, stated: Field
    ) -> Iterator[_Node]:
        if stated.kind is not None:
            if item is not None:
                yield from self._one(faults, pointer, name, item, stated)
        elif not fields.has_type(item, stated.value):
            fields.wrong_value(faults, pointer, name, item, stated.value)
        elif stated.choices and item not in stated.choices:
            fields.wrong_choice(faults, pointer, name, str(item), stated.choices)

    def _one(
        self, faults: Faults, pointer: str, name: str, value: Raw, stated: Field
    ) -> Iterator[_Node]:
        if stated.kind is None:
            return
        if isinstance(value, dict):
            yield _Node(pointer, value, stated.kind)
        elif stated.kind is _K.SCHEMA and isinstance(value, bool):
            return
        elif stated.open and isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield _Node(f"{pointer}/{number}", item, stated.kind)
        elif stated.kind is not _K.DISCRIMINATOR or not isinstance(value, str):
            fields.wrong_container(faults, pointer, name, stated, item=True)

    def _push(self, part: Part, parent: _Node, node: _Node, stack: list[_Node]) -> None:
        """Takes `node` onto the stack, or as a part of its own where it is one."""
        if self._is_part(part, parent, node):
            place = Place(part.place.source, node.pointer, node.value)
            near = node.pointer if not place.source.prefix else part.near
            part.inner.append(self._part_of(place, node.kind, near))
        else:
            stack.append(node)

    def _is_part(self, part: Part, parent: _Node, node: _Node) -> bool:
        if parent.kind is _K.COMPONENTS:
            return True
        if part.kind is _K.PATH_ITEM and parent.value is part.place.value:
            return node.kind is _K.OPERATION
        if part.kind is not _K.DOCUMENT:
            return False
        if node.kind is _K.PATH_ITEM:
            return True
        shared = ("/definitions/", "/parameters/", "/responses/", "/securityDefinitions/")
        return parent.kind is _K.DOCUMENT and node.pointer.startswith(shared)

    def _meaning(self, part: Part, node: _Node) -> None:
        """Checks what the fields of `node` say together."""
        faults, raw = part.faults, node.value
        if node.kind is _K.SCHEMA:
            self._schema(part, node)
        elif node.kind in _HOLDS_EXAMPLES:
            place = Place(part.place.source, node.pointer, raw)
            if node.kind in _SCHEMA_LIKE_FIELDS and self._version == "2.0" and "schema" not in raw:
                self._schemas.check(faults, node.pointer, raw, simple=True)
                self._views.schema(faults, place)
            elif ("example" in raw or "examples" in raw) and _is_json(node):
                self._views.content(faults, place, serialised=node.kind is not _K.MEDIA_TYPE)

    def _schema(self, part: Part, node: _Node) -> None:
        faults, raw = part.faults, node.value
        self._schemas.check(faults, node.pointer, raw, simple=False)
        self._schemas.dialect(faults, node.pointer, raw)
        pattern = raw.get("pattern")
        if isinstance(pattern, str):
            check_pattern(faults, f"{node.pointer}/pattern", pattern)
        dynamic = raw.get("$dynamicRef")
        if isinstance(dynamic, str):
            self._dynamic(part, Place(part.place.source, node.pointer, raw), dynamic)
        if not raw.keys().isdisjoint(_VIEWED):
            place = Place(part.place.source, node.pointer, raw)
            self._views.schema(faults, place)
            self._mapped(part, place)

    def _dynamic(self, part: Part, place: Place, reference: str) -> None:
        target = self._references.resolve_dynamic(place, reference)
        if isinstance(target, Place):
            part.targets.append(self._part_of(target, _K.SCHEMA, part.near or place.pointer))
        else:
            message = (target.message.en, target.message.ru)
            part.faults.add(target.code, place.pointer, message, Severity.ERROR, about=reference)

    def _mapped(self, part: Part, place: Place) -> None:
        """Schemas that a discriminator's mapping names belong to the part."""
        discriminator = place.get("discriminator")
        mapping = discriminator.get("mapping") if discriminator else None
        for _, target in entries(mapping.value) if mapping else ():
            for candidate in mapping_candidates(target) if isinstance(target, str) else ():
                found = self._references.resolve(place, candidate)
                if isinstance(found, Place):
                    self._add_target(part, place, candidate, _K.SCHEMA)
                    break


_VIEWED = frozenset({"default", "example", "examples", "discriminator", "allOf"})


def _is_json(node: _Node) -> bool:
    """Whether an example of `node` is written as the value itself (parameters, JSON bodies)."""
    if node.kind is not _K.MEDIA_TYPE:
        return True
    name = node.pointer.rsplit("/", 1)[-1].lower()
    return "json" in name and "seq" not in name and "ndjson" not in name and "lines" not in name
