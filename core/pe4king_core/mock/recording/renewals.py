"""New values that take the part of recorded ones, from the request that brought them on.

A test that registers `ann.4f1c@example.com` this time registered somebody else when it was
recorded, and what was recorded then is masked. So whoever is answered as that request was stands
for it in all that follows: in other answers, and when later requests are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote, unquote

from pe4king_core.mock.answers.edits import applied
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.echoes import Told, echoed, told_by, values_in
from pe4king_core.mock.recording.jsons import read_json, written_json
from pe4king_core.mock.recording.masking.shapes import EMAIL
from pe4king_core.mock.recording.media import charset_of, is_json, plain_type
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.model.json import Json

_SHORTEST = 8
_LONGEST = 200
_LOCATIONS = ("location", "content-location")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


def is_one_of_a_kind(text: str) -> bool:
    """Whether nobody sends `text` twice by chance: an e-mail address, a long word with digits."""
    if not _SHORTEST <= len(text) <= _LONGEST or _TIME.fullmatch(text):
        return False
    if "@" in text and EMAIL.fullmatch(text):
        return True
    return any(
        len(word) >= _SHORTEST and any(letter.isdecimal() for letter in word)
        for word in text.split()
    )


class Renewals:
    """What stands for the values of one recording; whoever uses it locks.

    Values that an answer told first are the server's own: nothing stands for them. Nor does a
    value that the recording knows stand for another one.
    """

    def __init__(self, exchanges: Sequence[Recorded]) -> None:
        self._clients: set[str] = set()
        answered: set[str] = set()
        paths: set[str] = set()
        for each in exchanges:
            self._clients |= {*_texts(told_by(each.sent))} - answered
            answered.update(_texts(values_in(body_of(each.answer))))
            paths.update(_in_path(each.sent))
        self._known = self._clients | answered | paths
        self.forget()

    def forget(self) -> None:
        """Every recorded value stands for itself again."""
        self._now: dict[str, str] = {}
        self._meant: dict[str, str] = {}

    @property
    def has_any(self) -> bool:
        """Whether something stands for a recorded value."""
        return bool(self._now)

    def learn(self, recorded: Sequence[Told], now: Sequence[Told]) -> None:
        """A request that says `now` is answered as `recorded` was."""
        sent = {each.path: each.value for each in now}
        for each in recorded:
            new, old = sent.get(each.path), each.value
            if isinstance(old, str) and isinstance(new, str) and old in self._clients:
                self._renew(old, new)

    def _renew(self, old: str, new: str) -> None:
        before = self._now.pop(old, old)
        if self._meant.get(before) == old:
            del self._meant[before]
        if new != old and new not in self._known and is_one_of_a_kind(new):
            self._now[old] = new
            self._meant[new] = old

    def meant(self, text: str) -> str:
        """The recorded value that `text`, sent now, stands for."""
        return self._meant.get(text, text)

    def now(self, text: str) -> str:
        """What stands for `text`, in paths for their segments."""
        if not self._now:
            return text
        if text in self._now or "/" not in text:
            return self._now.get(text, text)
        return "/".join(self._segment(each) for each in text.split("/"))

    def _segment(self, text: str) -> str:
        new = self._now.get(unquote(text))
        return text if new is None else quote(new, safe="@+:")


def retold(
    answer: Answer,
    recorded: Sequence[Told],
    now: Sequence[Told],
    renewals: Renewals,
    moved: Callable[[str], str],
    is_allowed: Callable[[Answer], bool],
) -> Answer:
    """`answer`, given to the request `recorded`, as it is given to that of `now`.

    As it was recorded wherever it would not be allowed otherwise. `moved` gives for a recorded
    `Location` where that is now.
    """
    body = body_of(answer) if renewals.has_any or recorded != now else None
    edits = echoed(recorded, now, body, renewals.now)
    value = applied(body, edits, lambda each: is_allowed(_saying(answer, each)))
    told = answer if value is body else _saying(answer, value)
    headers = [(name, renewals.now(text)) for name, text in answer.headers]
    headers = [
        (name, moved(text) if name.lower() in _LOCATIONS else text) for name, text in headers
    ]
    if headers == [*answer.headers]:
        return told
    whole = Answer(told.status, headers, told.body)
    return whole if is_allowed(whole) else told


def _saying(answer: Answer, value: Json) -> Answer:
    charset = charset_of(answer.header("content-type") or "")
    text = written_json(value) if charset == "utf-8" else json.dumps(value)
    return Answer(answer.status, answer.headers, text.encode(charset))


def body_of(answer: Answer) -> Json:
    """The JSON that an answer says; null where it says none that could be written again."""
    kind = answer.header("content-type") or ""
    if not answer.body or not is_json(plain_type(kind)):
        return None
    try:
        read = read_json(answer.body.decode(charset_of(kind)))
    except (UnicodeDecodeError, LookupError):
        return None
    body: Json = None if read is None else read[0]
    return body


def _texts(told: Sequence[Told] | Iterator[Told]) -> Iterator[str]:
    for each in told:
        if isinstance(each.value, str) and is_one_of_a_kind(each.value):
            yield each.value


def _in_path(sent: Sent) -> Iterator[str]:
    return filter(is_one_of_a_kind, map(unquote, sent.path.split("/")))
