"""Which documented media type an `Accept` header asks for (RFC 9110 section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pe4king_core.model.operation import MediaType, Response

_CONCRETE = {"*": "application/json", "application": "application/json", "text": "text/plain"}
_OF_RANGES = {"image": "image/png", "audio": "audio/wav", "video": "video/mp4", "font": "font/ttf"}
_MOST_RANGES = 100


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an `Accept` header."""

    main: str
    sub: str
    quality: float

    def covers(self, main: str, sub: str) -> int:
        """How exactly this range means a type; 0 for not at all."""
        if self.main == "*":
            return 1
        if self.main != main:
            return 0
        if self.sub == "*":
            return 2
        if self.sub == sub:
            return 4
        return 3 if sub.endswith(f"+{self.sub}") else 0


def negotiated(response: Response, accept: str) -> MediaType | None:
    """The media type to answer with; None where none is documented, or none that is accepted.

    Its name is never a range. JSON goes before others that are as welcome, then the document's
    order counts.
    """
    offered = [replace(media, name=concrete(media.name)) for media in response.content.values()]
    if not offered:
        return None
    offered.sort(key=lambda media: not media.is_json)
    ranges = list(_ranges(accept))
    if not ranges:
        return offered[0]
    best = max(offered, key=lambda media: _welcome(media.name, ranges))
    if _welcome(best.name, ranges)[0] > 0:
        return best
    return _of_documented_ranges(response.content.values(), ranges)


def concrete(name: str) -> str:
    """A media type that an answer can have, for a range such as `*/*` or `image/*`."""
    kind, _, rest = name.partition("/")
    if not rest.startswith("*") and rest:
        return name
    return _CONCRETE.get(kind) or _OF_RANGES.get(kind, "application/octet-stream")


def _welcome(name: str, ranges: list[_Range]) -> tuple[float, int]:
    """Quality of the range that means the type most exactly, and how exactly."""
    main, sub = _type(name)
    found = [(one.covers(main, sub), one.quality) for one in ranges]
    exactness, quality = max(found, key=lambda one: one[0])
    return (quality, exactness) if exactness else (0.0, 0)


def _of_documented_ranges(content: Iterable[MediaType], ranges: list[_Range]) -> MediaType | None:
    """The documented range that means what is asked for, called by the name that is asked for."""
    for wish in sorted(ranges, key=lambda one: -one.quality):
        if wish.quality <= 0 or "*" in (wish.main, wish.sub):
            continue
        for media in content:
            main, sub = _type(media.name)
            if sub == "*" and main in ("*", wish.main):
                return replace(media, name=f"{wish.main}/{wish.sub}")
    return None


def _type(name: str) -> tuple[str, str]:
    main, _, sub = name.split(";", 1)[0].strip().lower().partition("/")
    return main, sub or "*"


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(",")[:_MOST_RANGES]:
        name, *parameters = part.split(";")
        main, slash, sub = name.strip().lower().partition("/")
        if not main or (not slash and main != "*"):
            continue
        yield _Range(main, sub or "*", _quality(parameters))


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0
