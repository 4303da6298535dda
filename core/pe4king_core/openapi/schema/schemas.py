"""Schema views: one `Schema` for each place, made when it is first asked for.

A view shows everything that holds in place: `$ref` targets and allOf parts are merged into it
where that is exact. What cannot be merged is kept in `conjuncts`; what no view expresses is
named in `unread`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from pe4king_core.model.schema import Discriminator, Schema, SchemaMap
from pe4king_core.openapi.raw import Place, Raw
from pe4king_core.openapi.refs.references import References
from pe4king_core.openapi.schema.discriminators import discriminator_of
from pe4king_core.openapi.schema.expansion import Expander, Expansion, Group, Part
from pe4king_core.openapi.schema.merging import Merged
from pe4king_core.openapi.schema.simple import Fields, own_fields, simple_view
from pe4king_core.openapi.schema.wrapping import wrapped

_NULL: dict[Raw, Raw] = {"type": "null"}
_NO_SCHEMAS: Mapping[str, Schema] = MappingProxyType({})

Makers = dict[str, Callable[[], Schema]]


class SchemaViews:
    """All views of one document, interned: the same place always gives the same view."""

    def __init__(self, references: References, *, siblings: bool) -> None:
        self._expander = Expander(references, siblings=siblings)
        self._siblings = siblings
        self._views: dict[str | tuple[str, ...], Schema] = {}

    def view(self, place: Place) -> Schema:
        """The view of the schema at `place`, references followed."""
        return self._of_one(self._expander.part(place))

    def of(self, parts: tuple[Part, ...]) -> Schema:
        """The view of all `parts` together."""
        if len(parts) == 1:
            return self._of_one(parts[0])
        key = tuple(dict.fromkeys(part.key for part in parts))
        if len(key) == 1:
            return self._of_one(parts[0])
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = self._make(parts, "&".join(key))
        return view

    def _of_one(self, part: Part) -> Schema:
        key = part.key
        view = self._views.get(key)
        if view is None:
            view = simple_view(part, key, self.view, siblings=self._siblings)
            view = view or self._make((part,), key)
            self._views[key] = view
        return view

    def _make(self, parts: tuple[Part, ...], pointer: str) -> Schema:
        expansion = self._expander.expand(parts)
        if len(parts) == len(expansion.leaves) == 1 and not expansion.scoped:
            fields = own_fields(expansion.leaves[0].part, self.view)
            if fields is not None:
                return self._choosing(parts, pointer, expansion, fields)
        return self._merged(parts, pointer, expansion)

    def _choosing(
        self, parts: tuple[Part, ...], pointer: str, expansion: Expansion, fields: Fields
    ) -> Schema:
        """A view with nothing but choices beside its own `fields`."""
        branches, exclusive = self._branches(expansion.groups[:1])
        fields["branches"], fields["exclusive_branches"] = branches, exclusive
        fields["conjuncts"] = self._conjuncts((), expansion)
        fields["discriminator"] = self._discriminator(parts, expansion, branches)
        fields["unread"] = fields.get("unread", frozenset()) | expansion.unread
        return Schema(pointer, **fields)

    def _merged(self, parts: tuple[Part, ...], pointer: str, expansion: Expansion) -> Schema:
        merged = Merged(expansion)
        branches, exclusive = self._branches(expansion.groups[:1])
        return Schema(
            pointer=pointer,
            types=merged.types or frozenset(),
            title=merged.text("title"),
            description=merged.text("description"),
            format=merged.format,
            pattern=merged.pattern,
            enum=merged.enum,
            bounds=merged.bounds,
            multiple_of=merged.multiple_of,
            length=merged.length,
            size=merged.size,
            property_count=merged.property_count,
            unique_items=merged.unique_items,
            prefix_items=self._prefix_items(merged),
            contains_count=merged.contains_count,
            properties=self._map(merged.properties),
            pattern_properties=self._map(merged.pattern_properties),
            required=merged.required,
            dependent_required=merged.dependent_required,
            dependent_schemas=self._map(merged.dependent_schemas),
            additional_allowed=not merged.closed,
            branches=branches,
            exclusive_branches=exclusive,
            conjuncts=self._conjuncts(merged.apart, expansion),
            discriminator=self._discriminator(parts, expansion, branches),
            content_encoding=merged.content_encoding,
            content_media_type=merged.content_media_type,
            default=merged.default[0] if merged.default else None,
            has_default=bool(merged.default),
            examples=merged.examples(parts[0].place.value),
            read_only=merged.flag("readOnly"),
            write_only=merged.flag("writeOnly"),
            deprecated=merged.flag("deprecated"),
            never=merged.never,
            unread=frozenset(merged.unread | expansion.unread),
            others=self._map(merged.others),
            all_evaluated=merged.all_evaluated,
            annotations=merged.annotations(),
            wraps=wrapped(expansion) if len(parts) == 1 else "",
        )

    def _conjuncts(self, apart: Iterable[Part], expansion: Expansion) -> Mapping[str, Schema]:
        parts = (*expansion.scoped, *apart)
        makers: Makers = {part.key: partial(self.of, (part,)) for part in parts}
        for group in expansion.groups[1:]:
            name = f"{group.holder.pointer}/{group.keyword}"
            makers[name] = partial(self._choice, name, group)
        return SchemaMap(makers) if makers else _NO_SCHEMAS

    def _branches(self, groups: list[Group]) -> tuple[Mapping[str, Schema], bool]:
        if not groups:
            return _NO_SCHEMAS, False
        group = groups[0]
        makers: Makers = {}
        for number, choice in enumerate(group.choices):
            # Stated twice, a branch of oneOf is never the only one.
            name = choice.key if choice.key not in makers else f"{choice.key}|{number}"
            makers[name] = partial(self.of, (choice,))
        if group.nulls and not any(self.of((choice,)).nullable for choice in group.choices):
            null = Part(Place(group.holder.source, f"{group.holder.pointer}/nullable", _NULL))
            makers[null.key] = partial(self.of, (null,))
        return SchemaMap(makers), group.exclusive

    def _choice(self, pointer: str, group: Group) -> Schema:
        branches, exclusive = self._branches([group])
        return Schema(pointer, branches=branches, exclusive_branches=exclusive)

    def _discriminator(
        self, parts: tuple[Part, ...], expansion: Expansion, branches: Mapping[str, Schema]
    ) -> Discriminator | None:
        own = parts[0].place.pointer if len(parts) == 1 else None
        holder = expansion.groups[0].holder if expansion.groups else None
        return discriminator_of(self._expander, expansion.leaves, holder, branches, own)

    def _prefix_items(self, merged: Merged) -> Mapping[str, Schema]:
        return self._map({str(n): places for n, places in enumerate(merged.prefix_items)})

    def _map(self, places: Mapping[str, list[Place]]) -> Mapping[str, Schema]:
        if not places:
            return _NO_SCHEMAS
        return SchemaMap({name: self._together(found) for name, found in places.items()})

    def _together(self, places: list[Place]) -> Callable[[], Schema]:
        if len(places) == 1:
            return partial(self.view, places[0])
        return lambda: self.of(tuple(self._expander.part(place) for place in places))
