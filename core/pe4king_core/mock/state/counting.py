"""The members and headers beside a list that count it, and that lead to its other pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.generation.wording import words_of
from pe4king_core.mock.state.asking import Page
from pe4king_core.model.json import Json
from pe4king_core.model.schema import JsonType, Schema

_LIMITS = (("limit",), ("per", "page"), ("page", "size"), ("size",), ("pagesize",), ("perpage",))
_NEXT = (
    *(("next", "cursor"), ("cursor",), ("next", "page", "token"), ("next", "token")),
    *(("next", "page"), ("end", "cursor"), ("continue",)),
)
_MORE = (("has", "more"), ("has", "next"), ("has", "next", "page"), ("more",))
_EARLIER = (
    ("has", "prev"),
    ("has", "previous"),
    ("has", "prev", "page"),
    ("has", "previous", "page"),
)
_LAST = (("last",), ("is", "last"))
_HERE = (
    *(("number", "of", "elements"), ("page", "count"), ("returned",), ("results", "count")),
    ("length",),
)


class Counter(StrEnum):
    """What a number beside a list says."""

    TOTAL = "total"
    HERE = "here"
    PAGES = "pages"
    LIMIT = "limit"
    START = "start"
    PAGE = "page"
    MORE = "more"
    LAST = "last"
    EARLIER = "earlier"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Counted:
    """A page as it is answered: `total` matched, `here` of them are on it."""

    page: Page
    total: int
    here: int

    @property
    def more(self) -> bool:
        """Whether there are items behind the page."""
        return self.page.start + self.here < self.total

    def says(self, counter: Counter) -> Json:
        """The value of a counter."""
        page = self.page
        whole = max(page.limit or self.total, 1)
        return {
            Counter.TOTAL: self.total,
            Counter.HERE: self.here,
            Counter.PAGES: -(-self.total // whole),
            Counter.LIMIT: page.limit,
            Counter.START: page.start,
            Counter.PAGE: page.number,
            Counter.MORE: self.more,
            Counter.LAST: not self.more,
            Counter.EARLIER: page.start > 0,
            Counter.NEXT: f"c{page.start + self.here}" if self.more else None,
        }[counter]


def counters(
    members: Mapping[str, tuple[Schema, ...]], listed: str = ""
) -> Iterator[tuple[str, Counter]]:
    """The members of an answer with a list that count; the list is called `listed`."""
    both = any(_is_total(words_of(name)) for name in members)
    own = (words_of(listed), words_of(listed, singular=True)) if listed else ()
    for name, (schema, *_) in members.items():
        words = words_of(name)
        if words[-1:] == ("count",) and words[:-1] in own:
            words = words[-1:]
        found = _counter(words, schema.only_type, both=both)
        if found is not None:
            yield name, found


def total_header(name: str) -> bool:
    """Whether a header counts all items: `X-Total-Count`."""
    return _is_total(words_of(name))


def _is_total(words: tuple[str, ...]) -> bool:
    return "total" in words and not {"page", "pages"} & {*words}


def _counter(words: tuple[str, ...], kind: JsonType | None, *, both: bool) -> Counter | None:
    if kind is JsonType.BOOLEAN:
        if words in _EARLIER:
            return Counter.EARLIER
        return Counter.MORE if words in _MORE else Counter.LAST if words in _LAST else None
    if kind is JsonType.STRING:
        return Counter.NEXT if words in _NEXT else None
    if kind is not JsonType.INTEGER:
        return None
    if _is_total(words):
        return Counter.TOTAL
    if "total" in words or words in (("pages",), ("last", "page")):
        return Counter.PAGES
    if words == ("count",):
        return Counter.HERE if both else Counter.TOTAL
    if words in _HERE:
        return Counter.HERE
    if words in _LIMITS:
        return Counter.LIMIT
    if words in (("offset",), ("skip",), ("start",)):
        return Counter.START
    return Counter.PAGE if words in (("page",), ("current", "page"), ("page", "number")) else None
