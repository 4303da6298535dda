"""Base paths of servers, and how the beginning of a call's path relates to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice, product

from pe4king_core.improvement.segments import (
    CallSegment,
    Pattern,
    pattern_of,
    plain_name,
    split_path,
)
from pe4king_core.model.server import Server

Base = tuple[Pattern, ...]

_ORIGIN = re.compile(r"(?:[^/?#]*:)?//[^/?#]*")
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_PREFIX_WORD = re.compile(
    r"apis?|rest|v\d+(?:[._]\d+)*(?:(?:alpha|beta|rc)\d*)?|\d+\.\d+(?:\.\d+)?", re.IGNORECASE
)
_PREFIX_NAMES = frozenset(
    {"api", "apibase", "apipath", "apiprefix", "apiroot", "apiversion", "base", "basepath"}
    | {"context", "contextpath", "prefix", "root", "rootpath", "ver", "version"}
)
_MOST = 64
"""No more spellings of one server's path than this are made of its variables."""


class Prefix(IntEnum):
    """How what stands in front of a template relates to the servers."""

    UNKNOWN = 0
    """Nothing says that the API lives there."""
    LIKELY = 1
    """More, or less, than a server's base path, or words that base paths are made of."""
    STATED = 2
    """A server's base path, or nothing."""


def bases_of(servers: Iterable[Server]) -> tuple[Base, ...]:
    """The base paths of `servers`, each once; the empty one where there are no servers."""
    found = dict.fromkeys(base for server in servers for base in _bases(server))
    return tuple(found) or ((),)


def _bases(server: Server) -> Iterator[Base]:
    yield from _of_url(server.url)
    template = server.template
    if not template or not server.variables:
        return
    listed = {variable.name: variable.enum for variable in server.variables if variable.enum}
    names = [name for name in dict.fromkeys(_VARIABLE.findall(template)) if name in listed]
    for values in islice(product(*(listed[name] for name in names)), _MOST):
        chosen = dict(zip(names, values, strict=True))
        text = _VARIABLE.sub(lambda match, chosen=chosen: chosen.get(match[1], match[0]), template)  # type: ignore[misc]
        # A variable in front may hold the host as well; then only its default tells the path.
        if not text.startswith("{") or "://" in text:
            yield from _of_url(text)


def _of_url(url: str) -> Iterator[Base]:
    origin = _ORIGIN.match(url)
    path = split_path(url[origin.end() :] if origin else url)
    segments = [part for part in path if part not in (".", "..")]
    yield tuple(map(pattern_of, segments))
    if origin is None and not url.startswith("/") and segments and _is_host(segments[0]):
        yield tuple(map(pattern_of, segments[1:]))


def _is_host(segment: str) -> bool:
    """Whether a URL without a scheme begins with a host (`api.example.com/v1`)."""
    return "." in segment or ":" in segment or segment == "localhost"


def stated_weights(prefix: Sequence[CallSegment], bases: Iterable[Base]) -> tuple[int, ...] | None:
    """The weights of `prefix` as one of `bases`, the most literal one; None where it is none."""
    fitting = [
        tuple(pattern.weight for pattern in base)
        for base in bases
        if len(base) == len(prefix)
        and all(pattern.fits(segment.text) for pattern, segment in zip(base, prefix, strict=True))
    ]
    return max(fitting, default=None)


def starts_with_base(path: Sequence[CallSegment], bases: Sequence[Base]) -> int:
    """The length of the longest written-out base path that `path` begins with.

    0 as well where a server has none: then nothing need be cut off.
    """
    if () in bases:
        return 0
    return max(
        (
            len(base)
            for base in bases
            if len(base) <= len(path)
            and all(
                pattern.is_literal and pattern.fits(segment.text)
                for pattern, segment in zip(base, path, strict=False)
            )
        ),
        default=0,
    )


def prefix_kind(prefix: Sequence[CallSegment], bases: Iterable[Base]) -> Prefix:
    """How `prefix` relates to the base paths."""
    if not prefix:
        return Prefix.STATED
    bases = tuple(bases)
    if stated_weights(prefix, bases) is not None:
        return Prefix.STATED
    for base in bases:
        short = min(len(base), len(prefix))
        # Longer than the base (`/api/v1` for `/v1`), or only its end (`/v1` for `/api/v1`).
        if short and all(
            pattern.is_literal and pattern.fits(segment.text)
            for pattern, segment in zip(base[-short:], prefix[-short:], strict=True)
        ):
            return Prefix.LIKELY
    return Prefix.LIKELY if all(map(_names_a_base, prefix)) else Prefix.UNKNOWN


def _names_a_base(segment: CallSegment) -> bool:
    if segment.is_known:
        return is_prefix_word(segment.text)
    return segment.is_hole and bool(segment.names) and plain_name(segment.names[0]) in _PREFIX_NAMES


def is_prefix_word(text: str) -> bool:
    """Whether base paths are made of such a segment: `api`, `rest`, `v2`, `v1.1`."""
    return _PREFIX_WORD.fullmatch(text) is not None
