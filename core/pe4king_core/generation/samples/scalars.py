"""Strings and numbers for schemas, the ones that look like the real thing first.

These are candidates: who needs a valid value asks `validity` and takes the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor, isfinite

from pe4king_core.generation.samples.realism import Setting, numbers_for, says_future, texts, turned
from pe4king_core.generation.samples.realism_said import said_examples
from pe4king_core.generation.wording import words_of
from pe4king_core.model.schema import Bounds, Schema

FORMAT_SAMPLES: Mapping[str, tuple[str, ...]] = {
    "uuid": (
        "3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d",
        "7d9e4a2b-1c3f-4e5d-8a6b-0f1e2d3c4b5a",
        "b1946ac9-2492-4d23-87c6-235b4d2611a5",
    ),
    "date": ("2024-05-17", "2024-01-01", "2023-11-30"),
    "date-time": ("2024-05-17T09:30:00Z", "2024-01-01T00:00:00Z", "2023-11-30T16:45:00Z"),
    "time": ("09:30:00Z", "00:00:00Z", "18:15:00Z"),
    "email": ("anna.petrova@example.com", "ivan.sokolov@example.com", "a@b.co"),
    "uri": ("https://example.com/resource", "https://example.org/page", "https://a.co", "urn:a"),
    "url": ("https://example.com/resource", "https://example.org/page", "https://a.co"),
    "uri-reference": ("/resource", "/page", "https://example.com/resource"),
    "uri-template": ("https://example.com/items/1",),
    "iri": ("https://example.com/resource", "https://example.org/page"),
    "hostname": ("api.example.com", "www.example.org", "a.co", "a"),
    "ipv4": ("192.0.2.10", "198.51.100.7", "8.8.8.8"),
    "ipv6": ("2001:db8::10", "2001:db8::a7", "::1"),
    "byte": ("c2FtcGxl", "YW5vdGhlcg==", "YQ=="),
    "base64": ("c2FtcGxl", "YW5vdGhlcg==", "YQ=="),
    "binary": ("sample",),
    "duration": ("PT1H", "PT30M", "P1D"),
    "json-pointer": ("/items/0", "/name"),
    "regex": ("^[a-z]+$", "^[0-9]+$"),
    "password": ("Str0ng-Passw0rd", "C0rrect-Horse", "Qu1et-River-42"),
    "decimal": ("19.99", "49.50", "7"),
}
_LATER: Mapping[str, tuple[str, ...]] = {
    "date": ("2030-01-31", "2030-02-28", "2030-03-31"),
    "date-time": ("2030-01-31T18:00:00Z", "2030-02-28T18:00:00Z", "2030-03-31T18:00:00Z"),
    "time": ("18:00:00Z", "19:30:00Z", "23:59:59Z"),
}
_AHEAD: Mapping[str, tuple[str, ...]] = {
    "date": ("2030-01-15", "2030-01-10", "2030-01-05"),
    "date-time": ("2030-01-15T09:00:00Z", "2030-01-10T09:00:00Z", "2030-01-05T12:00:00Z"),
}
_COMMON = (
    *("2024-05-17", "2024-05-17T09:30:00Z", "09:30", "2024-05", "+15550100200", "5550100200"),
    *("#1f6feb", "1f6feb", "DE", "EUR", "en-US", "en", "10115", "Str0ng-Passw0rd", "1.2.3"),
    *("3f2b8c1e-5d4a-4b6f-9c7d-8e1f2a3b4c5d", "https://example.com/resource", "api.example.com"),
    *("anna.petrova@example.com", "192.0.2.10", "192.0.2.0/24", "00:00:5e:00:53:01", "19.99"),
    *("4242424242424242", "DE89370400440532013000", "9783161484100", "a1b2c3d4e5f60718"),
    "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d",
)
"""What patterns are often written for; tried before a text is made of the pattern."""
_ENCODED: Mapping[str, str] = {"base64": "byte", "base64url": "byte"}
"""Formats that say what a `contentEncoding` says."""
_SAID = ("Sample", "Example", "Test", "Demo", "Another")

_REPETITIONS = 65
_LONGEST = 100_000
_PREFERRED = Fraction(1)
_WIDTH = 40
"""How many steps other seeds go away from the lower end."""
_NOWHERE = Setting()
_FROM_NAME = frozenset({"date", "date-time", "time", "email", "uri", "hostname", "ipv4", "ipv6"})
"""Formats that are checked, so that what a name suggests can be tried."""


def strings(schema: Schema, setting: Setting = _NOWHERE) -> Iterator[str]:
    """Strings of the schema's format, pattern and length; always at least one."""
    encoded = schema.format or _ENCODED.get(schema.content_encoding or "")
    ahead = encoded in FORMAT_SAMPLES and (setting.is_future or says_future(schema.description))
    yield from _of_format(encoded, setting, ahead=ahead)
    hint = schema.description or schema.title
    if schema.format and schema.format not in FORMAT_SAMPLES:
        yield from texts(setting, name=schema.format)
    if schema.format not in FORMAT_SAMPLES:
        yield from turned(said_examples(schema.description), setting.turn)
    named = [] if schema.format in FORMAT_SAMPLES else list(texts(setting, hint))
    if setting.terse:
        named.sort(key=lambda text: "/" in text or " " in text)
    yield from named
    low = min(int(schema.length.low or 0), _LONGEST)
    high = int(schema.length.high) if schema.length.high is not None else None
    plain = list(_plain_texts(setting))
    yield from (text for text in plain if len(text) >= low and (high is None or len(text) <= high))
    if schema.pattern is not None:
        yield from _COMMON
        yield from _of_pattern(schema.pattern, low)
    text = next(iter((*named, *plain)), "sample")
    if len(text) < low:
        text = (text + " sample" * (low // 7 + 1))[:low]
    yield text if high is None else text[:high].rstrip() or text[:high]
    yield "x" * low if high is None or low <= high else ""


def _of_format(name: str | None, setting: Setting, *, ahead: bool) -> Iterator[str]:
    if name is None:
        return
    known = FORMAT_SAMPLES.get(name, ())
    if known:
        table = _LATER if setting.is_end else _AHEAD if ahead else {}
        yield from turned(table.get(name, ()), setting.turn)
        yield from texts(setting) if name in _FROM_NAME else ()
    yield from turned(known, setting.turn)


def _of_pattern(pattern: str, low: int) -> Iterator[str]:
    from pe4king_core.generation.samples.patterns import matching

    for extra in dict.fromkeys((0, 1, 2, low, low + 1, *range(3, _REPETITIONS))):
        made = matching(pattern, extra) if extra < _LONGEST else None
        if made is None:
            break
        yield made


def _plain_texts(setting: Setting) -> Iterator[str]:
    """Texts that say what they are: `Sample nickname`, `book-1` for an id, `sample-branch`."""
    words = words_of(setting.name, singular=True)
    said = _SAID[setting.turn % len(_SAID)]
    if words[-1:] in (("id",), ("key",), ("code",), ("identifier",), ("no",), ("number",)):
        whose = words[:-1] or words_of(setting.owner, singular=True)[-1:] or words
        yield f"{'-'.join(whose)}-{setting.turn + 1}"
        yield str(setting.turn + 1)
    if words in (("name",), ("title",)):
        words = words_of(setting.owner, singular=True)[-2:] or words
    if not setting.terse:
        yield " ".join((said, *words))
    yield "-".join((said.lower(), *words))
    yield "_".join((said.lower(), *words))
    yield "".join((said.lower(), *words))
    yield said.lower()


def numbers(schema: Schema, setting: Setting = _NOWHERE, *, integer: bool) -> Iterator[int | float]:
    """Numbers inside the bounds on the grid that `multipleOf` makes; always at least one."""
    named = numbers_for(setting, schema.description)
    if setting.turn and not integer:
        # The whole ones are there for integers: 1999 of 19.99.
        named = iter(sorted(named, key=lambda value: value == int(value)))
    for known in named:
        if (not integer or known == int(known)) and _inside(Fraction(str(known)), schema.bounds):
            yield int(known) if integer else known
    step = _exact(schema.multiple_of) or Fraction(0)
    if setting.turn and not (setting.is_start or setting.is_end):
        # Whole numbers: whether 0.14 is a multiple of 0.01 is read in two ways.
        whole = step.denominator * step or Fraction(1)
        yield from _other(schema.bounds, whole, setting.turn)
    counted = words_of(setting.name) != words_of(setting.name, singular=True)
    if not schema.bounds.limited and not step and not integer:
        yield 3 if counted else 9.99
    grid = step or (Fraction(1) if integer else Fraction(1, 2))
    for point in _points(schema.bounds, grid):
        if _inside(point, schema.bounds) and (not integer or point.denominator == 1):
            yield _plain(point)
    for point in _between(schema.bounds):
        yield floor(point) if integer else _plain(point)


def _other(bounds: Bounds, grid: Fraction, turn: int) -> Iterator[int | float]:
    """A point of the grid that `turn` chooses, not far from the lower end."""
    low, high = _exact(bounds.low), _exact(bounds.high)
    first = ceil(low / grid) if low is not None else 0 if high is None or high >= 0 else None
    if first is None:
        return
    room = floor(high / grid) - first if high is not None else _WIDTH
    if room > 0:
        point = (first + turn % (min(room, _WIDTH) + 1)) * grid
        if _inside(point, bounds):
            yield _plain(point)


def _points(bounds: Bounds, grid: Fraction) -> Iterator[Fraction]:
    """Points of the grid: one near 1, then those next to the ends, then zero."""
    low, high = _exact(bounds.low), _exact(bounds.high)
    yield ceil(_PREFERRED / grid) * grid
    if low is not None:
        yield from ((ceil(low / grid) + offset) * grid for offset in range(4))
    if high is not None:
        yield from ((floor(high / grid) - offset) * grid for offset in range(4))
    yield Fraction(0)
    if low is not None:
        whole = grid.denominator * grid
        yield from ((ceil(low / whole) + offset) * whole for offset in range(2))


def _between(bounds: Bounds) -> Iterator[Fraction]:
    """Points off the grid, for bounds that lie close together; zero where there are none."""
    low, high = _exact(bounds.low), _exact(bounds.high)
    if low is not None and high is not None:
        yield (low + high) / 2
    yield low if low is not None else high if high is not None else Fraction(0)


def _inside(point: Fraction, bounds: Bounds) -> bool:
    low, high = _exact(bounds.low), _exact(bounds.high)
    above = low is None or point > low or (point == low and not bounds.exclusive_low)
    below = high is None or point < high or (point == high and not bounds.exclusive_high)
    return above and below


def _exact(number: int | float | None) -> Fraction | None:
    """The number as it is written, so that 0.01 is a hundredth."""
    if number is None or (isinstance(number, float) and not isfinite(number)):
        return None
    return Fraction(str(number))


def _plain(point: Fraction) -> int | float:
    if point.denominator == 1:
        return int(point)
    try:
        return float(point)
    except OverflowError:
        return int(point)
