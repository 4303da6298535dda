"""Answers that the operations of one document allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pe4king_core.generation.samples.sample_arrays import weight
from pe4king_core.mock.answers import statuses
from pe4king_core.mock.answers.bodies import content_type, written
from pe4king_core.mock.answers.errors import Event, Wrong, phrase_of, told
from pe4king_core.mock.answers.headers import header_list, with_count
from pe4king_core.mock.answers.kept import Kept
from pe4king_core.mock.answers.negotiation import negotiated
from pe4king_core.mock.answers.problems import PROBLEM, problem
from pe4king_core.mock.answers.statuses import Failure
from pe4king_core.mock.answers.values import VARIANTS, Values, is_valid
from pe4king_core.mock.answers.variations import Variety
from pe4king_core.mock.exchange import Answer
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, MediaType, Operation, Response

__all__ = ["VARIANTS", "Answers", "Failure", "Variety"]

_BODILESS = frozenset({204, 205, 304})
"""Statuses whose answers have no body, whatever is documented (RFC 9110 section 6.4.1)."""
_LONGEST_LABEL = 80
_KEPT_NODES = 200_000
_KEPT_BYTES = 16_000_000
_KEPT_HEADERS = 5_000
"""How many values, those inside of values as well, bytes and headers are kept."""


class _Unset:
    """Stands for "the value of the turn"."""


_UNSET: Final = _Unset()


class Answers:
    """Answers that a document allows. Thread-safe; the same seed and turn give the same bytes."""

    def __init__(
        self, document: ApiDocument, seed: int = 1, variety: Variety = Variety.PLAIN
    ) -> None:
        self.document = document
        self.seed = seed
        # In Swagger 2.0 `produces` is all that an operation may answer with, errors as well.
        self._problem_type = (
            "application/json" if document.specification.startswith("2.") else PROBLEM
        )
        self._values = Values(seed, variety)
        self._kept_values = Kept[Json](_KEPT_NODES, lambda value: weight(value, _KEPT_NODES))
        self._kept_bodies = Kept[bytes](_KEPT_BYTES, len)
        self._kept_headers = Kept[tuple[tuple[str, str], ...]](_KEPT_HEADERS, len)

    def value(self, media: MediaType, turn: int = 0) -> Json:
        """A valid value for this media type; turn 0 is the most telling one. Not to be changed."""
        key = (media.pointer, media.name, turn % VARIANTS)
        return self._kept_values.get(key, lambda: self._values.of(media, turn))

    def success(self, operation: Operation) -> tuple[int, Response] | None:
        """The documented success; None where nothing is documented that could be one."""
        return statuses.success(operation)

    def others(self, operation: Operation) -> Iterator[tuple[int, Response]]:
        """Every documented answer, ranges and `default` with a status of theirs."""
        return statuses.documented(operation)

    def failure(self, operation: Operation, fault: Failure) -> tuple[int, Response | None]:
        """Status and documented answer for a failure; None where none is documented for it."""
        return statuses.failure(operation, fault)

    def media(self, response: Response, accept: str = "") -> MediaType | None:
        """The media type to answer with; None where none is documented or none is accepted."""
        return negotiated(response, accept)

    def answer(
        self,
        status: int,
        response: Response | None,
        *,
        media: MediaType | None = None,
        value: Json | _Unset = _UNSET,
        turn: int = 0,
        detail: str = "",
        wrongs: Sequence[Wrong] = (),
    ) -> Answer:
        """The answer on the wire: of the turn, or with `value`.

        `detail` is put where an error has a text, `wrongs` where it lists faults. Without `media`
        the first choice is taken, without `response` the answer is a problem of RFC 9457.
        """
        if response is None:
            return problem(status, detail, self._problem_type)
        media = media or self.media(response)
        headers = self._headers(response, turn)
        if media is None or status in _BODILESS or status < 200:
            return Answer(status, headers)
        event = Event(status, detail, wrongs, label=_label(response, status))
        body = self._body(media, value, turn, event)
        if headers:
            shown = self.value(media, turn) if isinstance(value, _Unset) else value
            headers = with_count(headers, shown)
        return Answer(status, (("Content-Type", content_type(media)), *headers), body)

    def _body(self, media: MediaType, value: Json | _Unset, turn: int, event: Event) -> bytes:
        is_unset = isinstance(value, _Unset)
        if event.status >= 400:
            usual = self.value(media, turn)
            is_unset = is_unset or value is usual
            event = replace(event, is_made_up=is_unset and usual not in media.examples)
        if not isinstance(value, _Unset) and not is_unset:
            return _body(value, media, event)
        if event.detail:
            return _body(self.value(media, turn), media, event)
        key = (media.pointer, media.name, event.status, turn % VARIANTS)
        make = self._kept_bodies.get
        return make(key, lambda: _body(self.value(media, turn), media, event))

    def _headers(self, response: Response, turn: int) -> tuple[tuple[str, str], ...]:
        if not response.headers:
            return ()
        key = (response.pointer, "", turn % VARIANTS)
        round_ = turn % VARIANTS and turn % VARIANTS + VARIANTS * (self.seed - 1)
        return self._kept_headers.get(key, lambda: header_list(response, round_))


def _body(value: Json, media: MediaType, event: Event) -> bytes:
    """`value` as it is written; one of an error says what happened."""
    if event.detail or event.status >= 400:
        value = told(value, event, lambda made: is_valid(made, media))
    return written(value, media)


def _label(response: Response, status: int) -> str:
    """What an error is called: by the document, in a few words, else by RFC 9110."""
    if status < 400:
        return ""
    text = " ".join(response.description.split()).removesuffix(".")
    tells = " " in text and len(text) <= _LONGEST_LABEL  # "Error" alone says less than the phrase
    return text if tells else phrase_of(status)
