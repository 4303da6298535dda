"""Where tests look for an API: its base path in other spellings, or one the document has not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from pe4king_core.improvement.bases import is_prefix_word
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.http.mounts import Mount, Mounts
from pe4king_core.mock.requests.routing import Found
from pe4king_core.mock.requests.segments import segment_of, segments_of
from pe4king_core.mock.service import Service
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument

_LOOPBACK = "127.0.0.1"

Place = tuple[Service, Sent, Found | None]


class Forgiving(Mounts):
    """Takes `/v1/v1/books` and `/v1books` for `/v1/books`, and `/stage/v2/books` for `/books`.

    Addresses have the base path or not, a slash at their end or not, and tests add what theirs has
    not; and the stages of an API are seldom where its document says.
    """

    def __init__(self, mounts: Sequence[Mount]) -> None:
        super().__init__(mounts)
        self._prefixes: set[str] = set()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The base paths of requests that no document has."""
        return tuple(sorted(self._prefixes))

    def find(self, sent: Sent) -> Place:
        """As `Mounts`."""
        service, inside, found = super().find(self._tidied(sent))
        found = found or service.find(inside)
        if found.methods:
            return service, inside, found
        return self._by_end(sent) or (service, inside, found)

    def shown(self, sent: Sent) -> str:
        """A request as its test wrote it: host, path, but no base path of ours."""
        host = sent.header("host") or ""
        where = "" if host.partition(":")[0] == _LOOPBACK else host
        return f"{sent.method} {where}{self._below(sent.path) or '/'}"

    def _tidied(self, sent: Sent) -> Sent:
        for base in self._bases:
            rest = sent.target.removeprefix(base)
            if rest != sent.target and rest and not rest.startswith(("/", "?")):
                return replace(sent, target=f"{base}/{rest}")
            if rest != sent.target and rest.startswith(f"{base}/"):
                return replace(sent, target=rest)
        return sent

    @property
    def _bases(self) -> list[str]:
        return [base for each in self.all if (base := each.service.base_path)]

    def _below(self, target: str) -> str:
        for base in sorted(self._bases, key=len, reverse=True):
            if target.startswith((f"{base}/", f"{base}?")) or target == base:
                return target[len(base) :]
        return target

    def _by_end(self, sent: Sent) -> Place | None:
        """The longest end of the path that one document alone knows."""
        path, mark, query = self._below(sent.target).partition("?")
        for start, end in cuts(path, self._openings):
            known = self._knowing(replace(sent, target=end + mark + query, mount=start))
            if len(known) == 1:
                self._prefixes.add(start)
            if known:
                return known[0] if len(known) == 1 else None
        return None

    def _knowing(self, sent: Sent) -> list[tuple[Service, Sent, Found]]:
        tried = [(each.service, sent, each.service.find(sent)) for each in self.all]
        return [each for each in tried if each[2].methods]

    @cached_property
    def _openings(self) -> frozenset[str]:
        return openings(each.service.document for each in self.all)


def openings(documents: Iterable[ApiDocument]) -> frozenset[str]:
    """What paths of the documents begin with, where that is written out."""
    paths = (entry.path for each in documents for entry in each.entries)
    first = (segments_of(path)[:1] for path in paths)
    return frozenset(each[0] for each in first if each and segment_of(each[0]).is_literal)


def cuts(path: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What may be cut off as a base path, and what is left, the longest first.

    Only a whole base path may be: what stands behind a name that paths of a document begin with
    (`known`) belongs to that (`/books/1/reviews` is not `/reviews`).
    """
    segments = segments_of(path)
    for number, segment in enumerate(segments):
        if segment not in known:
            continue
        if number:
            yield "/" + "/".join(segments[:number]), "/" + "/".join(segments[number:])
        if not is_prefix_word(segment):
            return


def elsewhere(prefixes: Sequence[str]) -> tuple[Message, ...]:
    """What has to be said of base paths that the documents do not have."""
    if not prefixes:
        return ()
    named = ", ".join(prefixes)
    return (
        Message(
            f"The document has no base path {named}: what follows it was taken for its API.",
            f"Базового пути {named} в документе нет: то, что за ним, считалось его API.",
        ),
    )
