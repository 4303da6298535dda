"""Things by where they are: what was made, changed and removed since the start.

A shelf is a collection with all values of its path filled in: `/hotels/7/rooms`. All that is kept
is never changed in place, so a snapshot shares it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pe4king_core.model.json import Json

MOST_THINGS = 2_000
"""Things kept on one shelf; the oldest go."""
MOST_SHELVES = 5_000
MOST_REMOVED = 5_000
MOST_IN_ALL = 20_000
MOST_OCTETS = 64_000_000
"""What all things together may weigh, by the requests that made them."""
_USUAL = 500
"""What a thing weighs by itself."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of one thing: `members` by name, where `said` names those it may lack.

    `made`: a request made it; else it was there, and only what changed is known.
    """

    key: Json
    members: Mapping[str, Json] = field(default_factory=dict)
    said: frozenset[str] = frozenset()
    made: bool = False
    whole: Json = None
    """Of something that is no object: all of it."""
    size: int = 0
    """Octets of the request that last said something of it."""
    asked: str = ""
    """The request that made it, where that may be sent again; see `repeating`."""
    told: Json = None
    """What that request was answered."""


@dataclass(slots=True)
class Shelf:
    """One collection; `number` counts what was ever made in it."""

    things: dict[str, Thing] = field(default_factory=dict)
    removed: dict[str, Thing | None] = field(default_factory=dict)
    """What was removed, as it was last; None where nobody had changed it."""
    number: int = 0
    fresh: bool = False
    """Whether it belongs to something that was made, and so had nothing in it at first."""

    def copy(self) -> Shelf:
        """One of its own, with the same things."""
        return Shelf(dict(self.things), dict(self.removed), self.number, self.fresh)


Saved = Mapping[str, Shelf]


class Store:
    """All shelves. Not safe in several threads; `State` locks."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}
        self._count = self._octets = 0
        self.version = 0
        """Changes whenever anything changed."""

    def shelf(self, path: str) -> Shelf:
        """The shelf at `path`; an empty one that is not kept where nothing was done."""
        return self._shelves.get(path) or Shelf(fresh=self._belongs_to_made(path))

    def put(self, path: str, text: str, thing: Thing) -> None:
        """Keeps `thing` under `text`; what was there keeps its place in the order."""
        shelf = self._kept(path)
        new = text not in shelf.things
        before = shelf.things.get(text)
        if before is not None and before.made:
            asked, told = thing.asked or before.asked, thing.told if thing.asked else before.told
            thing = replace(thing, made=True, asked=asked, told=told)
        self._weigh(before, -1)
        shelf.things[text] = thing
        self._weigh(thing, 1)
        shelf.removed.pop(text, None)
        shelf.number += new and thing.made
        while len(shelf.things) > MOST_THINGS:
            self._drop_oldest(shelf)
        self._make_room(shelf)
        self.version += 1

    def remove(self, path: str, text: str) -> None:
        """Removes a thing and all that is below it."""
        shelf = self._kept(path)
        gone = shelf.things.pop(text, None)
        self._weigh(gone, -1)
        shelf.removed[text] = gone
        while len(shelf.removed) > MOST_REMOVED:
            del shelf.removed[next(iter(shelf.removed))]
        below = f"{path}/{text}"
        for each in [p for p in self._shelves if p == below or p.startswith(f"{below}/")]:
            self._forget(each)
        self.version += 1

    def clear(self) -> None:
        """Forgets everything."""
        self._shelves.clear()
        self._count = self._octets = 0
        self.version += 1

    def saved(self) -> Saved:
        """What is kept now."""
        return {path: shelf.copy() for path, shelf in self._shelves.items()}

    def load(self, saved: Saved) -> None:
        """Makes everything as it was."""
        self.clear()
        self._shelves = {path: shelf.copy() for path, shelf in saved.items()}
        for shelf in saved.values():
            for thing in shelf.things.values():
                self._weigh(thing, 1)
        self.version += 1

    def _kept(self, path: str) -> Shelf:
        shelf = self._shelves.pop(path, None) or Shelf(fresh=self._belongs_to_made(path))
        self._shelves[path] = shelf
        while len(self._shelves) > MOST_SHELVES:
            self._forget(next(iter(self._shelves)))
        return shelf

    def _weigh(self, thing: Thing | None, sign: int) -> None:
        if thing is not None:
            self._count += sign
            self._octets += sign * (thing.size + _USUAL)

    def _forget(self, path: str) -> None:
        for thing in self._shelves.pop(path).things.values():
            self._weigh(thing, -1)

    def _drop_oldest(self, shelf: Shelf) -> None:
        self._weigh(shelf.things.pop(next(iter(shelf.things))), -1)

    def _make_room(self, newest: Shelf) -> None:
        """Drops the oldest things of the shelves that nobody used for longest."""
        while self._count > MOST_IN_ALL or self._octets > MOST_OCTETS:
            oldest = next((s for s in self._shelves.values() if s.things and s is not newest), None)
            if oldest is None and len(newest.things) < 2:
                return
            self._drop_oldest(oldest or newest)

    def _belongs_to_made(self, path: str) -> bool:
        """Whether something on the way to `path` was made here."""
        parts = path.split("/")
        for index in range(len(parts) - 1, 1, -1):
            above = self._shelves.get("/".join(parts[:index]))
            thing = above.things.get(parts[index]) if above is not None else None
            if thing is not None and thing.made:
                return True
        return False
