"""What exists, as requests name it: made things, those that were always there, invented ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pe4king_core.generation.flows.api_map import parameter_of, template_of
from pe4king_core.generation.resources.identity import IDS, resource_of
from pe4king_core.generation.wording import words_of
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.damage import Operator, is_active
from pe4king_core.mock.state.effects import chosen_key, sent_things
from pe4king_core.mock.state.keys import text_of, token_of, typed
from pe4king_core.mock.state.layout import Layout
from pe4king_core.mock.state.overlay import fits, laid_over
from pe4king_core.mock.state.places import Kind, Place, Role, filled, value_of
from pe4king_core.mock.state.seeds import Seeds, Turns, Values, name_in_list
from pe4king_core.mock.state.shapes import stated
from pe4king_core.mock.state.store import Shelf, Store, Thing
from pe4king_core.mock.state.unknown import (
    Unknown,
    documented_values,
    reserved_values,
    says_unknown,
)
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, Operation, Parameter
from pe4king_core.model.schema import Schema

_Item = Mapping[str, Json]
_MOST_ITEMS = 5_000
_SAYING_MISSING = ("404", "410", "4XX", "4xx", "default")


class Existing:
    """The things of one document. Not safe in several threads; `State` locks."""

    def __init__(
        self, document: ApiDocument, values: Values, turns: Turns, unknown: Unknown
    ) -> None:
        self.layout = document.derived.get(Layout, document)
        self.store = Store()
        self.seeds = Seeds(values, turns)
        self.unknown = Unknown(unknown)
        self._items: OrderedDict[tuple[str, int], tuple[Thing, str, _Item]] = OrderedDict()
        self._reserved: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def is_missing(self, request: ReadRequest) -> bool:
        """Whether something that the request names is not there."""
        operation = request.operation
        place = self.layout.of(operation)
        for shelf, name in place.above:
            text = text_of(value_of(request, name))
            if self._is_absent(
                self.layout.kind(shelf), request, parameter_of(operation, name), text
            ):
                return True
        if place.upsert and place.role in (Role.REPLACE, Role.CHANGE):
            return False
        if place.single:
            shelf_ = self.store.shelf(filled(place.kind.shelf, request))
            return place.single in shelf_.removed
        if not place.key:
            return place.in_body and self._is_absent_in_body(place, request)
        parameter = parameter_of(operation, place.key)
        text = text_of(value_of(request, place.key))
        return self._is_absent(place.kind, request, parameter, text)

    def _is_absent_in_body(self, place: Place, request: ReadRequest) -> bool:
        key = self.key_of(place, request)
        if key is None:
            return False
        return self._is_absent(place.kind, request, place.kind.parameter, text_of(key))

    def _is_absent(self, kind: Kind, request: ReadRequest, parameter: Parameter, text: str) -> bool:
        shelf = self.store.shelf(filled(kind.shelf, request))
        token = self._token_in(shelf, kind, parameter, text)
        if token in shelf.things:
            return False
        if token in shelf.removed:
            return True  # whatever is documented: what was removed is not there
        reserved, documented = self._stated(parameter)
        if text in documented:
            return False
        if self.unknown is Unknown.INVENTED:
            return _can_say_so(request.operation) and (text in reserved or says_unknown(text))
        if not self.layout.is_item(kind.shelf):
            return False
        return token not in self._seeds(kind, request, shelf)

    def _stated(self, parameter: Parameter) -> tuple[frozenset[str], frozenset[str]]:
        """What is reserved for unknown things, and what is documented to be there."""
        where = parameter.pointer or parameter.name
        found = self._reserved.get(where)
        if found is None:
            documented = documented_values(parameter)
            found = self._reserved[where] = (reserved_values(parameter) - documented, documented)
        return found

    def _token_in(self, shelf: Shelf, kind: Kind, parameter: Parameter, text: str) -> str:
        """What the thing is kept under that `text` names, maybe by something else than its id."""
        token = token_of(text)
        if token in shelf.things or token in shelf.removed or parameter.name == kind.parameter.name:
            return token
        wanted = words_of(parameter.name)
        for known, thing in shelf.things.items():
            for name, value in thing.members.items():
                if words_of(name) == wanted and text_of(value) == text:
                    return known
        return token

    def key_of(self, place: Place, request: ReadRequest) -> Json:
        """The id of the thing that is meant; None where the request does not say it."""
        if place.single:
            return None
        if place.in_body:
            sent = sent_things(request, place.kind)
            return chosen_key(sent[0], place.kind) if sent else None
        return value_of(request, place.key) if place.key else None

    def where(self, place: Place, request: ReadRequest) -> tuple[str, str]:
        """The shelf and the text of the thing that is meant."""
        path = filled(place.kind.shelf, request)
        if place.single:
            return path, place.single
        key = self.key_of(place, request)
        if key is None:
            return path, ""
        shelf = self.store.shelf(path)
        parameter = (
            parameter_of(request.operation, place.key) if place.key else place.kind.parameter
        )
        return path, self._token_in(shelf, place.kind, parameter, text_of(key))

    def thing(self, place: Place, request: ReadRequest) -> Thing:
        """What is known of the thing that is meant."""
        path, text = self.where(place, request)
        return self._with_held(place, path, text, self._told(place, request, path, text))

    def _with_held(self, place: Place, path: str, text: str, thing: Thing) -> Thing:
        """`thing` with what was made, changed and removed in the collections below it, where it
        tells their items itself."""
        members = dict(thing.members)
        for name, told in thing.members.items():
            below = self.store.shelf(f"{path}/{text}/{name}")
            plain = isinstance(told, list | tuple) and all(isinstance(i, Mapping) for i in told)
            if not plain or not (below.things or below.removed):
                continue
            kind = self.layout.kind(f"{place.kind.shelf}/{{{place.kind.parameter.name}}}/{name}")
            items = self.seeds.items_of(kind)
            if items is not None:
                members[name] = _with_changes(told, below, name_in_list(kind, items))
        return replace(thing, members=members) if members != thing.members else thing

    def _told(self, place: Place, request: ReadRequest, path: str, text: str) -> Thing:
        shelf = self.store.shelf(path)
        kept = shelf.things.get(text)
        if kept is not None:
            return kept
        key = self.key_of(place, request)
        listed = self._seeds(place.kind, request, shelf).get(text)
        invented = self.seeds.invented(place.kind, path, text)
        members = dict(invented or {})
        if listed is not None:
            key = listed.key if listed.key is not None else key
            members |= listed.members
        # All that it has is known, so it has the same in every representation and every answer.
        said = frozenset() if invented is None else self.seeds.read_members(place.kind)
        return Thing(key, members, said)

    def is_listed(self, place: Place, request: ReadRequest) -> bool:
        """Whether the thing that is meant was always in the list, or was made."""
        path, text = self.where(place, request)
        shelf = self.store.shelf(path)
        if text in shelf.things:
            return shelf.things[text].made
        return text in self._seeds(place.kind, request, shelf) and text not in shelf.removed

    def always_there(self, place: Place, request: ReadRequest) -> Mapping[str, Thing]:
        """The things that were in a collection from the start."""
        shelf = self.store.shelf(filled(place.kind.shelf, request))
        return self._seeds(place.kind, request, shelf)

    def _seeds(self, kind: Kind, request: ReadRequest, shelf: Shelf) -> Mapping[str, Thing]:
        """What was always there on a shelf."""
        held = self._held(kind, request)
        if held is not None:
            return held
        if kind.lister is None or (shelf.fresh and self.layout.makes(kind)):
            return {}  # what nobody can make may be in new things as well
        return self.seeds.on(kind, filled(kind.shelf, request), self._outer_of_items(kind, request))

    def _held(self, kind: Kind, request: ReadRequest) -> Mapping[str, Thing] | None:
        """The items that the thing above them tells itself: `items` of an order for
        `/orders/{id}/items`; None where it tells none."""
        above, _, last = kind.shelf.rpartition("/")
        shelf, _, segment = above.rpartition("/")
        name, items = template_of(segment), self.seeds.items_of(kind)
        if not name or items is None or self._holds_no(shelf, last):
            return None
        owner, text = self.layout.kind(shelf), token_of(value_of(request, name))
        path = filled(shelf, request)
        kept = self.store.shelf(path).things.get(text)
        members = kept.members if kept is not None else self.seeds.invented(owner, path, text)
        told = next((v for n, v in (members or {}).items() if words_of(n) == words_of(last)), None)
        if not isinstance(told, list | tuple):
            return None
        id_name, found = name_in_list(kind, items), dict[str, Thing]()
        for number, item in enumerate(told):
            if not isinstance(item, Mapping) or not fits(item, items):
                return None
            key = item.get(id_name) if id_name else None
            found[token_of(key) if key is not None else f"#{number}"] = Thing(key, item)
        return found

    def _holds_no(self, shelf: str, name: str) -> bool:
        """Whether things on `shelf` have no member of this name."""
        members = self.seeds.read_members(self.layout.kind(shelf))
        return all(words_of(each) != words_of(name) for each in members)

    def _outer_of_items(self, kind: Kind, request: ReadRequest) -> Mapping[str, Json]:
        items = self.seeds.items_of(kind)
        members = stated(items) if items is not None else {}
        return self.outer(kind, request, members)

    def outer(
        self, kind: Kind, request: ReadRequest, members: Mapping[str, tuple[Schema, ...]]
    ) -> dict[str, Json]:
        """The members that say what the thing belongs to, as the path says it."""
        found: dict[str, Json] = {}
        for words, value in _outer_ids(kind.shelf, request):
            for name, (schema, *_) in members.items():
                if words_of(name) in words:
                    found[name] = typed(value, schema)
        return found

    def listed(
        self,
        place: Place,
        request: ReadRequest,
        schema: Schema,
        base: list[Mapping[str, Json]],
        id_name: str,
        mutant: Mutant | None,
    ) -> list[Mapping[str, Json]] | None:
        """The things that a list shows as its items, in their order; `base` has made-up ones."""
        shelf = self.store.shelf(filled(place.kind.shelf, request))
        seeds = self._seeds(place.kind, request, shelf)
        key = request.operation.key
        shows_removed = is_active(mutant, Operator.REMOVED_IS_LISTED, key)
        hides_made = is_active(mutant, Operator.NOT_LISTED, key)
        outer = self.outer(place.kind, request, stated(schema))
        template = self._template(seeds, base, schema)
        if template is None:
            return [] if shelf.fresh and not shelf.things else None

        def item(base: _Item, thing: Thing) -> _Item:
            return self._item(base, schema, thing, id_name, outer)

        found: list[_Item] = []
        for text, seed in seeds.items():
            known = shelf.things.get(text)
            if known is not None:
                found.append(item(seed.members, known))
            elif text not in shelf.removed or shows_removed:
                found.append(seed.members)
        for text, thing in shelf.things.items():
            if text not in seeds and not hides_made:
                found.append(item(template, thing))
        for text, gone in shelf.removed.items() if shows_removed else ():
            if gone is not None and gone.made and text not in seeds:
                found.append(item(template, gone))
        return found

    def _item(
        self,
        base: _Item,
        schema: Schema,
        thing: Thing,
        id_name: str,
        outer: Mapping[str, Json],
    ) -> _Item:
        """A thing as an item of a list; a thing is never changed, so it looks the same again."""
        key = (schema.pointer, id(thing))
        kept = self._items.get(key)
        if kept is None or kept[0] is not thing or kept[1] != id_name:
            kept = self._items[key] = (
                thing,
                id_name,
                _as_item(base, schema, thing, id_name, outer),
            )
            if len(self._items) > _MOST_ITEMS:
                self._items.popitem(last=False)
        return kept[2]

    def _template(
        self, seeds: Mapping[str, Thing], base: list[Mapping[str, Json]], schema: Schema
    ) -> Mapping[str, Json] | None:
        first = next((each.members for each in seeds.values()), None)
        return first or next(iter(base), None) or self.seeds.item(schema)

    def remove(self, place: Place, request: ReadRequest) -> None:
        """Removes the thing that is meant."""
        path, text = self.where(place, request)
        if text:
            self.store.remove(path, text)

    def clear(self, place: Place, request: ReadRequest) -> None:
        """Removes all things of a collection."""
        path = filled(place.kind.shelf, request)
        shelf = self.store.shelf(path)
        for text in [*self._seeds(place.kind, request, shelf), *shelf.things]:
            self.store.remove(path, text)


def _with_changes(told: Json, shelf: Shelf, id_name: str) -> list[Json]:
    """The items `told` with those that were made, changed and removed on their own `shelf`."""
    found: dict[str, Json] = {}
    for number, item in enumerate(told if isinstance(told, list | tuple) else ()):
        key = item.get(id_name) if isinstance(item, Mapping) and id_name else None
        found[token_of(key) if key is not None else f"#{number}"] = item
    for text, thing in shelf.things.items():
        if text in found or (thing.made and thing.members not in found.values()):
            found[text] = thing.members
    return [item for text, item in found.items() if text not in shelf.removed]


def _as_item(
    base: Mapping[str, Json],
    schema: Schema,
    thing: Thing,
    id_name: str,
    outer: Mapping[str, Json],
) -> Mapping[str, Json]:
    members = {**thing.members, **outer}
    if id_name and thing.key is not None:
        stated_id = next(iter(stated(schema).get(id_name, ())), None)
        members[id_name] = typed(thing.key, stated_id)
    made = laid_over(base, schema, members, thing.said - {id_name})
    return made if isinstance(made, Mapping) else base


def _outer_ids(shelf: str, request: ReadRequest) -> Iterator[tuple[set[tuple[str, ...]], Json]]:
    """How members may be called that have the ids which the path leads through."""
    segments = shelf.split("/")
    for index, segment in enumerate(segments):
        name = template_of(segment)
        if not name:
            continue
        words = words_of(name)
        owner = resource_of("/".join(segments[:index]))
        spelled = set() if len(words) == 1 and words[0] in IDS else {words}
        if words[-1:] and words[-1] in IDS and owner:
            spelled |= {(*owner, words[-1]), (owner[-1], words[-1])}
        yield spelled, value_of(request, name)


def _can_say_so(operation: Operation) -> bool:
    """Whether the document has an answer for what is not there: nothing else may be answered."""
    return any(status in operation.responses for status in _SAYING_MISSING)
