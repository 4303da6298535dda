"""State: what exists, and answers made true to it.

`shaped` lays what is known over a made-up answer, `done` remembers what a request has changed.
A made-up answer stays as it is wherever what is known does not fit its schema.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import RLock

from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.changes import Changes, Effect, is_told_whole
from pe4king_core.mock.state.damage import Operator, changed_at, is_active
from pe4king_core.mock.state.existing import Existing
from pe4king_core.mock.state.headers import true_headers
from pe4king_core.mock.state.lists import Listing, items_in
from pe4king_core.mock.state.places import Place, Role, filled
from pe4king_core.mock.state.repeating import noted, repeatable, repeated
from pe4king_core.mock.state.seeds import Turns, Values, name_in_list
from pe4king_core.mock.state.shapes import list_at
from pe4king_core.mock.state.store import Saved, Thing
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, MediaType, Response
from pe4king_core.model.schema import Schema

_MOST_PENDING = 1_000
_MOST_SHAPED = 2_000
_CHANGING = (Role.CREATE, Role.REPLACE, Role.CHANGE, Role.ACT)


@dataclass(frozen=True, slots=True)
class _Shaped:
    """An answer to a request that changes nothing; it holds as long as nothing changes."""

    version: tuple[int, Mutant | None]
    value: Json
    result: Json
    total: int | None


class State:
    """What exists: made by POST and PUT, changed, removed, beside what was always there.

    Thread-safe. `mutant` is the law mutant that is carried out; other mutants have no effect.
    """

    def __init__(
        self,
        document: ApiDocument,
        seed: int = 1,
        *,
        unknown: Unknown = Unknown.INVENTED,
        only: Mutant | None = None,
        answers: Values | None = None,
        always_varied: bool = False,
    ) -> None:
        """`always_varied`: also with seed 1 not all is at its fullest."""
        self.mutant = only
        values = answers if answers is not None else Answers(document, seed)
        self._existing = Existing(document, values, Turns(seed, always=always_varied), unknown)
        self._changes = Changes(self._existing, self._is_promised)
        self._lock = RLock()
        self._pending: OrderedDict[int, tuple[ReadRequest, Effect]] = OrderedDict()
        self._shaped: OrderedDict[tuple[str, str, str, int], _Shaped] = OrderedDict()

    def missing(self, request: ReadRequest) -> bool:
        """Whether what is meant is gone, or was never there."""
        with self._lock:
            return self._existing.is_missing(request)

    def reset(self) -> None:
        """Forgets everything that was made, changed and removed."""
        with self._lock:
            self._existing.store.clear()
            self._pending.clear()

    def snapshot(self) -> Saved:
        """What exists now, for `restore`."""
        with self._lock:
            return self._existing.store.saved()

    def restore(self, saved: Saved) -> None:
        """Makes everything as it was."""
        with self._lock:
            self._existing.store.load(saved)
            self._pending.clear()

    def shaped(
        self, request: ReadRequest, status: int, _response: Response, media: MediaType, value: Json
    ) -> Json:
        """`value`, a valid answer with `status`, made true; never changed in place."""
        if media.schema is None or not 200 <= status < 300:
            return value
        with self._lock:
            place = self._existing.layout.of(request.operation)
            if place.role in (Role.READ, Role.LIST):
                return self._read(place, request, media, media.schema, value)
            if place.role is Role.REMOVE:
                return self._told(place, request, media.schema, value)
            result = self._changed(place, request, media, media.schema, value)
            return self._echo_changed(request, media.schema, result)

    def headers(
        self, request: ReadRequest, status: int, response: Response | None, value: Json = None
    ) -> dict[str, str]:
        """The headers that say something of what exists: `Location`, `ETag`, `X-Total-Count`.
        To be asked for between `shaped` and `done`."""
        if not 200 <= status < 300:
            return {}
        with self._lock:
            place = self._existing.layout.of(request.operation)
            _, effect = self._pending.get(id(request), (request, None))
            if effect is None and place.role is Role.CREATE:
                asked = repeatable(request, "")
                effect = self._repeated(place, request, asked)
                effect = effect or noted(self._changes.effect(place, request), asked, None)
                self._keep(request, effect)
            effect = effect or Effect("")
            text = effect.things[0][0] if effect.things else ""
            total = self._total(request, effect.total)
            return true_headers(place, request, status, response, value, text=text, total=total)

    def done(self, request: ReadRequest, status: int, _value: Json = None) -> None:
        """Remembers the effect of a request that was answered with `status`."""
        with self._lock:
            _, effect = self._pending.pop(id(request), (request, None))
            if not 200 <= status < 300:
                return
            place = self._existing.layout.of(request.operation)
            if place.role in _CHANGING:
                self._remember(place, request, effect or self._changes.effect(place, request))
            elif self._is(Operator.NOT_REMOVED, request):
                return
            elif place.role is Role.REMOVE:
                self._existing.remove(place, request)
            elif place.role is Role.CLEAR:
                self._existing.clear(place, request)

    def _changed(
        self, place: Place, request: ReadRequest, media: MediaType, schema: Schema, value: Json
    ) -> Json:
        """What a request that makes or changes something is answered, as it was the first time."""
        asked = repeatable(request, media.pointer) if place.role is Role.CREATE else ""
        again = self._repeated(place, request, asked)
        if again is not None:
            self._keep(request, again)
            return again.things[0][1].told
        result, effect = self._changes.answered(place, request, schema, value)
        if place.role in _CHANGING:
            self._keep(request, noted(effect, asked, result))
        return result

    def _repeated(self, place: Place, request: ReadRequest, asked: str) -> Effect | None:
        """What the very same request has left behind; None where it is a new one."""
        if not asked:
            return None
        path = filled(place.kind.shelf, request)
        return repeated(path, self._existing.store.shelf(path).things, asked)

    def _is(self, operator: Operator, request: ReadRequest) -> bool:
        return is_active(self.mutant, operator, request.operation.key)

    def _is_promised(self, path: str, text: str) -> bool:
        """Whether an answer that is not `done` yet has given the id away."""
        return any(
            effect.path == path and any(text == each for each, _ in effect.things)
            for _, effect in self._pending.values()
        )

    def _total(self, request: ReadRequest, total: int | None) -> int | None:
        """The number of all things that a header says."""
        mutant = self.mutant
        if total is None or mutant is None or not self._is(Operator.COUNT_OFF_BY_ONE, request):
            return total
        return total if mutant.subject.startswith("/") else total + 1

    def _keep(self, request: ReadRequest, effect: Effect) -> None:
        """Until `done`: the request itself is kept, so that its identity stays its own."""
        self._pending[id(request)] = (request, effect)
        if len(self._pending) > _MOST_PENDING:
            self._pending.popitem(last=False)

    def _read(
        self, place: Place, request: ReadRequest, media: MediaType, schema: Schema, value: Json
    ) -> Json:
        """What is read, worked out again only when something has changed."""
        key = (request.operation.key, media.pointer, request.sent.target, id(value))
        version = (self._existing.store.version, self.mutant)
        found = self._shaped.get(key)
        if found is None or found.version != version or found.value is not value:
            result, total = self._told(place, request, schema, value), None
            if place.role is Role.LIST:
                result, total = self._list(place, request, schema, value)
            found = self._shaped[key] = _Shaped(version, value, result, total)
            if len(self._shaped) > _MOST_SHAPED:
                self._shaped.popitem(last=False)
        if found.total is not None:
            self._keep(request, Effect("", total=found.total))
        return found.result

    def _told(self, place: Place, request: ReadRequest, schema: Schema, value: Json) -> Json:
        """One thing as it is."""
        if place.role is Role.LIST:
            return value
        thing = self._existing.thing(place, request)
        if is_told_whole(thing, schema):
            return thing.whole
        return self._changes.laid(place, request, schema, value, thing)

    def _list(
        self, place: Place, request: ReadRequest, schema: Schema, value: Json
    ) -> tuple[Json, int | None]:
        at = list_at(schema, place.kind.resource)
        base = items_in(value, at) if at is not None else None
        if at is None or at.items is None or base is None:
            return value, None
        id_name = name_in_list(place.kind, at.items)
        items = self._existing.listed(place, request, at.items, base, id_name, self.mutant)
        if items is None:
            return value, None
        return Listing(request, schema, at, id_name, self.mutant).answer(value, items)

    def _echo_changed(self, request: ReadRequest, schema: Schema, value: Json) -> Json:
        mutant = self.mutant
        if mutant is None or not self._is(Operator.ECHO_CHANGED, request):
            return value
        return changed_at(value, schema, mutant.subject)

    def _remember(self, place: Place, request: ReadRequest, effect: Effect) -> None:
        mutant = self.mutant
        if effect.again or self._is(Operator.NOT_UPDATED, request):
            return
        for text, thing in effect.things:
            kept: Thing | None = thing
            if mutant is not None and mutant.operation == request.operation.key:
                kept = self._changes.damaged(place, request, thing, mutant)
            if kept is not None:
                size = len(request.sent.body) // len(effect.things)
                self._existing.store.put(effect.path, text, replace(kept, size=size))
            else:
                self._existing.store.remove(effect.path, text)
