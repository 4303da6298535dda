"""What a value looks like that has a certain name: an e-mail, a country, the price of something.

Curated tables (`realism_people`, `realism_things`, `realism_numbers`) and no library such as
Faker: the same bytes with every version, no import that costs a tenth of a second, nothing that
belongs to anybody.
Names are matched by whole words, the last words first: `billing_zip_code` is a `zipcode`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TypeAlias

from pe4king_core.generation.samples import realism_people, realism_things
from pe4king_core.generation.samples.realism_hints import HINTS, STEMS
from pe4king_core.generation.samples.realism_numbers import NUMBERS
from pe4king_core.generation.wording import singular_of, words_of
from pe4king_core.model.record import record

_MOST_WORDS = 3
_PAST = re.compile(r"[a-z]+ed|begun|sent|seen|read|built|born|paid|login|signin|run|sync|refresh")
_ENDS = frozenset(
    {"end", "until", "to", "expires", "expire", "expiry", "expiration", "finish", "finished"}
    | {"due", "deadline", "stop", "last", "max", "maximum", "before", "checkout", "return", "high"}
    | {"arrival", "upper", "ends", "till", "through", "конец", "конца", "окончание", "окончания"}
    | {"завершение", "завершения", "выезд", "выезда", "до"}
)
_STARTS = frozenset({"min", "minimum", "low", "lowest", "lower", "from", "start", "begin"})
_SAYS_FUTURE = re.compile(
    r"(not|never|cannot be|can't be) in the past|in the future|\bfuture\b|later than (now|today)"
    r"|не в прошлом|в будущем|не раньше (сегодня|текущ)",
    re.IGNORECASE,
)
_FUTURE = frozenset(
    {"start", "starts", "begin", "scheduled", "schedule", "departure", "checkin", "checkout"}
    | {"appointment", "booking", "reservation", "event", "visit", "publish", "send", "delivery"}
    | {"due", "deadline", "end", "ends", "until", "finish", "valid", "arrival", "return", "pickup"}
    | {"expires", "expire", "expiry", "expiration", "till", "execute", "execution", "planned"}
    | {"ticket", "travel", "trip", "flight", "stay", "effective", "launch", "expected", "estimated"}
    | {"начало", "начала", "конец", "конца", "окончание", "окончания", "доставка", "доставки"}
    | {"приём", "приёма", "прием", "приема", "визит", "визита", "заезд", "заезда", "выезд"}
    | {"выезда", "бронь", "брони", "бронирования", "срок", "вылет", "вылета", "записи"}
)
_OFF = frozenset(
    {
        "deleted",
        "delete",
        "disabled",
        "disable",
        "archived",
        "archive",
        "draft",
        "private",
        "hidden",
    }
    | {"locked", "blocked", "banned", "suspended", "force", "test", "dry", "dryrun", "cancelled"}
    | {"canceled", "cancel", "expired", "revoked", "readonly", "closed", "deprecated", "skip", "no"}
    | {"recursive", "anonymous", "debug", "overwrite", "purge", "removed", "remove", "sold", "send"}
)


_Groups: TypeAlias = tuple[tuple[str, ...], ...]
_BY_CODE = frozenset({("country",), ("currency",)})
"""What a description may say the code of."""
_SEPARATORS = re.compile(r"[\W_]")
_ALONE = frozenset({"path", "base", "head", "from", "to", "group", "make"})
"""Last words that mean something else behind others: `copy_from`, `cache_path`."""


@record(frozen=True, slots=True)
class Setting:
    """Where a value stands: its name, whose it is (`book`), and which of many is wanted.

    `terse`: no spaces, as in paths. `turn` 0 is the first choice, others give other values.
    """

    name: str = ""
    owner: str = ""
    terse: bool = False
    turn: int = 0

    @property
    def is_end(self) -> bool:
        """Whether it is the later or higher one of two, such as `endDate` or `max_price`."""
        return not _ENDS.isdisjoint(words_of(self.name))

    @property
    def is_start(self) -> bool:
        """Whether it is the earlier or lower one of two."""
        return not self.is_end and not _STARTS.isdisjoint(words_of(self.name))

    @property
    def is_future(self) -> bool:
        """Whether it is a time that has to be ahead for many servers."""
        return not _FUTURE.isdisjoint(words_of(self.name))


def says_future(description: str) -> bool:
    """Whether a description says that a time has to be ahead."""
    return bool(description) and _SAYS_FUTURE.search(description) is not None


def turned(values: tuple[str, ...], turn: int) -> Iterator[str]:
    """All `values`, beginning with the one whose turn it is."""
    start = turn % len(values) if values else 0
    yield from values[start:]
    yield from values[:start]


def texts(setting: Setting, hint: str = "", name: str = "") -> Iterator[str]:
    """Texts for the name, else for what `hint` (a description) says; none where both tell nothing.

    `name` is looked up instead of the setting's own, such as a format that is no standard one.
    """
    groups = _by_name(name or setting.name, setting.owner)
    if hint and (not groups or words_of(setting.name)[-1:] in _BY_CODE):
        groups = (*_by_hint(hint), *groups)
    for group in groups:
        yield from turned(group, setting.turn)


def numbers_for(setting: Setting, hint: str = "") -> Iterator[int | float]:
    """Numbers for the name; none where it tells nothing."""
    words = words_of(setting.name)
    values = next((NUMBERS[key] for key in _keys(words) if key in NUMBERS), ())
    if not values:
        values = next((NUMBERS[key] for key in _hinted(hint) if key in NUMBERS), ())
    if setting.is_end and not setting.is_future:
        yield from (10 * value if abs(value) < 10 else round(2 * value, 2) for value in values)
        yield 100
    # The ends of a range stay where they are, so that they do not cross.
    turn = 0 if setting.is_end or setting.is_start else setting.turn
    start = turn % len(values) if values else 0
    yield from values[start:]
    yield from values[:start]


def usual_flag(setting: Setting) -> bool:
    """The value of a flag with which a request does the usual thing: not `deleted`, not `force`."""
    return _OFF.isdisjoint(words_of(setting.name))


@lru_cache(maxsize=8192)
def is_telling(name: str, owner: str = "") -> bool:
    """Whether the name alone says what a text or a number looks like."""
    return bool(_by_name(name, owner)) or any(key in NUMBERS for key in _keys(words_of(name)))


@cache
def _table() -> Mapping[str, _Groups]:
    people: _Groups = (tuple(realism_people.PEOPLE.split(" | ")),)
    found: dict[str, _Groups] = {f"{who}/name": people for who in realism_people.PERSONS.split()}
    names: list[str] = []
    written: list[str] = []
    for line in f"{realism_people.ROWS}{realism_things.ROWS}end".splitlines():
        if written and not line.startswith(" "):
            groups: _Groups = tuple(
                tuple(group.split(" | ")) for group in " ".join(written).split(" || ")
            )
            found |= dict.fromkeys(names, groups)
            names, written = [], []
        if line.startswith(" "):
            written.append(line.strip())
        else:
            names += line.split()
    return found


@lru_cache(maxsize=8192)
def _by_name(name: str, owner: str) -> _Groups:
    words = words_of(name)
    table = _table()
    whose = "".join(words_of(owner, singular=True)[-1:])
    for key in (_SEPARATORS.sub("", name.lower()), f"{whose}/{''.join(words)}", *_keys(words)):
        if key in table:
            return table[key]
    if len(words) > 1 and words[-1] in ("at", "on") and _PAST.fullmatch(words[-2]):
        return table["createdat"]
    key = next((key for word in words for stem, key in STEMS if word.startswith(stem)), "")
    return table.get(key, ())


def _keys(words: tuple[str, ...]) -> Iterator[str]:
    """What to look up: the last words together, the longest first; then as one of many."""
    least = 2 if len(words) > 1 and words[-1] in _ALONE else 1
    for count in range(min(_MOST_WORDS, len(words)), least - 1, -1):
        yield "".join(words[-count:])
        yield "".join((*words[-count:-1], singular_of(words[-1])))


def _by_hint(hint: str) -> _Groups:
    table = _table()
    return next((table[key] for key in _hinted(hint) if key in table), ())


@lru_cache(maxsize=2048)
def _hinted(hint: str) -> tuple[str, ...]:
    start = hint[:400].lower()
    return tuple(key for pattern, key in HINTS if re.search(pattern, start))
