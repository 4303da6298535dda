"""What a recorded answer tells again of its request, told of the request that is answered now.

A value is an echo where the recorded request had it under the same name, at the same places of
lists. Numbers in queries and forms are texts, so there they are compared as they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl

from pe4king_core.mock.answers.edits import Edit, Path
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.recording.jsons import read_json, written_json
from pe4king_core.mock.recording.media import is_json, plain_type
from pe4king_core.model.json import Json

_FORM = "application/x-www-form-urlencoded"
_MOST = 20_000
"""Values of a request, and of an answer, that are looked at."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value of a request, or of an answer; `is_text`: it was sent without a type."""

    path: Path
    value: Json
    is_text: bool = False

    @property
    def name(self) -> str:
        """The name of the member or parameter that it is, or is an item of."""
        return next((token for token in reversed(self.path) if isinstance(token, str)), "")

    @property
    def spot(self) -> tuple[str, tuple[int, ...]]:
        """What is alike where an answer tells it again."""
        return self.name, tuple(token for token in self.path if isinstance(token, int))

    def is_said_as(self, value: Json) -> bool:
        """Whether an answer that says `value` says this."""
        if self.is_text and not isinstance(value, str):
            return _is_plain(value) and self.value == written_json(value)
        return is_same(self.value, value)


def is_same(one: Json, other: Json) -> bool:
    """Whether two values are the same in JSON, where `true` is not 1."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def told_by(sent: Sent) -> list[Told]:
    """The values in the query and in the body of a request, what holds others first."""
    found = [*_texts(sent.query)]
    kind = plain_type(sent.header("content-type") or "")
    text = sent.body.decode("utf-8", "replace")
    if kind == _FORM:
        return [*found, *_texts(text)]
    body = read_json(text) if is_json(kind) else None
    return found if body is None else [*found, *values_in(body[0])]


def values_in(value: Json) -> Iterator[Told]:
    """All values inside of `value`, and itself, as many as are looked at."""
    yield from islice((Told(path, one) for path, one in _walk(value)), _MOST)


def echoed(
    recorded: Sequence[Told], now: Sequence[Told], answer: Json, renewed: Callable[[str], str]
) -> list[Edit]:
    """The edits that let `answer`, given to the request `recorded`, speak of the one of `now`.

    `renewed` gives for a text of the recording what stands for it now.
    """
    spots: dict[tuple[str, tuple[int, ...]], list[Told]] = {}
    for each in recorded:
        spots.setdefault(each.spot, []).append(each)
    sent = {each.path: each for each in now}
    found: list[Edit] = []
    done: set[Path] = set()
    for one in values_in(answer):
        if one.path[:-1] in done:
            done.add(one.path)
            continue
        like = [each for each in spots.get(one.spot, ()) if each.is_said_as(one.value)]
        new = _new(like, sent, one) if one.name else None
        if new is not None:
            done.add(one.path)
        value = new[0] if new is not None else _renewed(one.value, renewed)
        if not is_same(value, one.value):
            found.append(Edit(one.path, value))
    return found


def _renewed(value: Json, renewed: Callable[[str], str]) -> Json:
    return renewed(value) if isinstance(value, str) else value


def _new(like: Sequence[Told], sent: dict[Path, Told], one: Told) -> tuple[Json] | None:
    """What is sent now where the values `like` that of the answer stood; None where that is
    nothing, or not one thing."""
    nearest = max((_shared_end(each.path, one.path) for each in like), default=0)
    found: list[Json] = []
    for each in like:
        now = sent.get(each.path)
        if _shared_end(each.path, one.path) < nearest or now is None:
            continue
        value = _typed(now.value, one.value) if now.is_text else (now.value,)
        found += value or ()
    return (found[0],) if found and all(each == found[0] for each in found) else None


def _shared_end(one: Path, other: Path) -> int:
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _typed(text: Json, like: Json) -> tuple[Json] | None:
    """What was sent as a text, of the type that the answer has; None where it is none."""
    if isinstance(like, str) or not isinstance(text, str):
        return (text,)
    read = read_json(text)
    return read if read is not None and _is_plain(read[0]) else None


def _is_plain(value: Json) -> bool:
    return isinstance(value, bool | int | float)


def _texts(pairs: str) -> Iterator[Told]:
    counts: dict[str, int] = {}
    for name, text in islice(parse_qsl(pairs, keep_blank_values=True, errors="replace"), _MOST):
        number = counts[name] = counts.get(name, -1) + 1
        path: Path = (name, number) if number else (name,)
        yield Told(path, text, is_text=True)


def _walk(value: Json) -> Iterator[tuple[Path, Json]]:
    waiting: list[tuple[Path, Json]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        yield path, one
        if isinstance(one, dict):
            waiting += [((*path, name), each) for name, each in reversed(one.items())]
        elif isinstance(one, list):
            inside = [((*path, number), each) for number, each in enumerate(one)]
            waiting += reversed(inside)
