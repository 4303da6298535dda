"""Recorded answers of one document: which one fits a request, and when it is its turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.allowing import AnswersAllowed
from pe4king_core.mock.recording.echoes import told_by
from pe4king_core.mock.recording.likeness import Asked
from pe4king_core.mock.recording.media import plain_type
from pe4king_core.mock.recording.recorded import Recorded
from pe4king_core.mock.recording.renewals import Renewals, retold
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.requests.routing import Found, Router
from pe4king_core.model.operation import ApiDocument, Operation

Raw = Callable[[], Mapping[str, Any]]
"""Gives the whole document as data."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_CREDENTIALS = ("authorization", "cookie")
_LEFT_OUT = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "date"}
)


@dataclass(frozen=True, slots=True)
class Unused:
    """A recorded exchange whose answer is not given to anybody, and why."""

    recorded: Recorded
    operation: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """`era`: how many requests before it changed something."""

    recorded: Recorded
    answer: Answer
    asked: Asked
    number: int
    era: int


class Recording:
    """Answers that a real server gave, by the operations of a document. Thread-safe.

    Only answers that the document which `raw` gives allows; without `raw` every answer as it was
    recorded, also to requests that the document does not have.
    """

    def __init__(
        self,
        document: ApiDocument,
        exchanges: Sequence[Recorded],
        raw: Raw | None = None,
    ) -> None:
        self._router = Router(document)
        schemes = document.security_schemes.values()
        self._keys = frozenset(each.parameter for each in schemes if each.parameter)
        self._exchanges = tuple(exchanges)
        self._renewals = Renewals(self._exchanges)
        self._raw = raw
        self._allowed = AnswersAllowed(raw) if raw is not None else None
        self._entries: dict[str, list[_Entry]] = {}
        self._lock = threading.Lock()
        self.unused: list[Unused] = []
        self._fill()
        self.reset()

    def __len__(self) -> int:
        """How many answers are used."""
        return sum(map(len, self._entries.values()))

    def for_document(self, document: ApiDocument) -> Recording:
        """The same exchanges for a newer text of the document."""
        return Recording(document, self._exchanges, self._raw)

    def reset(self) -> None:
        """Begin from the first exchange again."""
        with self._lock:
            self._era = 0
            self._given: set[int] = set()
            self._renewals.forget()

    def answers_for(self, operation: Operation, sent: Sent) -> Sequence[Answer]:
        """All answers of `operation`, the one to the most similar request first."""
        asked = self._asked(sent)
        entries = self._entries.get(operation.key, [])
        ranked = sorted(entries, key=lambda each: _rank(asked, each), reverse=True)
        return tuple(each.answer for each in ranked)

    def answer(self, request: ReadRequest) -> Answer | None:
        """The answer to a request that is valid; None where nothing similar was asked.

        Another path is another thing, so it has to be the same. Errors are answered only to the
        very same request.
        """
        return self._given_to(request.operation.key, request.sent)

    def refusal(self, operation: Operation, sent: Sent) -> Answer | None:
        """The answer to the very same request, where the server refused it."""
        asked = self._asked(sent)
        found = [
            each
            for each in self._entries.get(operation.key, [])
            if 400 <= each.answer.status < 500
            and each.asked.is_same(asked)
            and self._has_credentials(each.recorded.sent) == self._has_credentials(sent)
        ]
        return self._told(operation.key, self._turn(found), sent) if found else None

    def undocumented(self, sent: Sent) -> Answer | None:
        """The answer to a request that the document does not have."""
        return self._given_to("", sent) if self._raw is None else None

    def knows(self, request: ReadRequest) -> bool:
        """Whether the server once had what a valid request is about."""
        found = self._fitting(request.operation.key, request.sent)
        return any(each.answer.status < 400 for each in found)

    def _given_to(self, key: str, sent: Sent) -> Answer | None:
        found = self._fitting(key, sent)
        return self._told(key, self._turn(found), sent) if found else None

    def _told(self, key: str, entry: _Entry, sent: Sent) -> Answer:
        """The answer of `entry`, which speaks of what `sent` says instead of what was recorded."""
        before, now = told_by(entry.recorded.sent), told_by(sent)
        with self._lock:
            self._renewals.learn(before, now)

        def is_allowed(answer: Answer) -> bool:
            told = replace(entry.recorded, answer=answer)
            return self._allowed is None or not self._allowed(key, told)

        def moved(location: str) -> str:
            return self._moved(location, entry.recorded.sent, sent)

        return retold(entry.answer, before, now, self._renewals, moved, is_allowed)

    def _moved(self, location: str, before: Sent, now: Sent) -> str:
        """A recorded path, relative to the recorded server, as one of the address asked now."""
        if not location.startswith("/") or not self._router.find("GET", location).methods:
            return location
        at, here = (
            self._base(each, self._router.find(each.method, each.target)) for each in (before, now)
        )
        rest = location.removeprefix(at)
        return now.mount + here + rest if rest.startswith("/") else location

    def _fitting(self, key: str, sent: Sent) -> list[_Entry]:
        """The exchanges whose answers fit best, in their order."""
        asked, accept = self._asked(sent), sent.header("accept") or ""
        method = asked.method
        there = [
            each
            for each in self._entries.get(key, [])
            if each.asked.path == asked.path
            and (each.asked.method == method or (method, each.asked.method) == ("HEAD", "GET"))
            and _is_accepted(accept, each.answer)
        ]
        same = [each for each in there if each.asked.query == asked.query]
        same = [each for each in same if each.asked.body == asked.body]
        found = same or [each for each in there if not key or each.answer.status < 400]
        ranked = [(each.asked.likeness(asked), each) for each in found]
        best = max((likeness for likeness, _ in ranked), default=None)
        return [each for likeness, each in ranked if likeness == best]

    def _turn(self, entries: Sequence[_Entry]) -> _Entry:
        """The entry of `entries` whose time has come, as they were recorded.

        What was read before a change is answered until that change is asked for; answers that
        differ without one (a job that becomes ready) come one after the other.
        """
        with self._lock:
            chosen = self._chosen(entries)
            self._given.add(chosen.number)
            if chosen.asked.method not in _SAFE:
                self._era = chosen.era + 1
            return chosen

    def _chosen(self, entries: Sequence[_Entry]) -> _Entry:
        now = [each for each in entries if each.era == self._era]
        later = [each for each in entries if each.era > self._era]
        earlier = [each for each in entries if each.era < self._era]
        if entries[0].asked.method not in _SAFE:
            return (now or later or earlier[-1:])[0]
        fresh = [each for each in now if each.number not in self._given]
        return (fresh or now[-1:] or earlier[-1:] or later)[0]

    def _asked(self, sent: Sent) -> Asked:
        base = self._base(sent, self._router.find(sent.method, sent.target))
        return Asked(sent, base, self._keys, self._renewals.meant)

    def _base(self, sent: Sent, found: Found) -> str:
        """What stands before the path: at another address it may be missing, or be another."""
        if found.methods:
            return found.base
        bases = self._router.base_paths
        return next((each for each in bases if f"{sent.path}/".startswith(f"{each}/")), "")

    def _has_credentials(self, sent: Sent) -> bool:
        in_header = any(sent.header(name) for name in (*_CREDENTIALS, *self._keys))
        return in_header or any(f"{name}=" in sent.query for name in self._keys)

    def _fill(self) -> None:
        era = 0
        for number, recorded in enumerate(self._exchanges):
            found = self._router.find(recorded.sent.method, recorded.sent.target)
            key = found.operation.key if found.operation is not None else ""
            asked = Asked(recorded.sent, self._base(recorded.sent, found), self._keys)
            reason = self._reason(key, recorded)
            if reason:
                self.unused.append(Unused(recorded, key, reason))
            else:
                entry = _Entry(recorded, _served(recorded.answer), asked, number, era)
                self._entries.setdefault(key, []).append(entry)
            era += asked.method not in _SAFE

    def _reason(self, key: str, recorded: Recorded) -> str:
        if recorded.answer_size is not None:
            return "only the beginning of the body was recorded"
        if not 200 <= recorded.answer.status <= 599:
            return "an answer with this status cannot be given"
        if self._allowed is None:
            return ""
        return self._allowed(key, recorded) if key else "the document has no such operation"


def _rank(asked: Asked, entry: _Entry) -> tuple[bool, bool, bool, float, float, int]:
    path, query, body = entry.asked.likeness(asked)
    same = entry.asked.is_same(asked)
    return same, path, entry.answer.status < 400, query, body, -entry.number


def _served(answer: Answer) -> Answer:
    headers = [each for each in answer.headers if each[0].lower() not in _LEFT_OUT]
    return Answer(answer.status, headers, answer.body)


def _is_accepted(accept: str, answer: Answer) -> bool:
    wanted = list(_ranges(accept))
    kind = plain_type(answer.header("content-type") or "")
    if not wanted or not kind:
        return True
    return any(each in ("*/*", kind, f"{kind.partition('/')[0]}/*") for each in wanted)


def _ranges(accept: str) -> Iterator[str]:
    for each in accept.split(","):
        name = plain_type(each)
        if name and "q=0" not in each.replace(" ", "").replace("q=0.", ""):
            yield name
