"""Answers to requests that are not answered as documented successes, and how bodies are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pe4king_core.mock.answers.answers import Answers, Failure
from pe4king_core.mock.answers.errors import Wrong
from pe4king_core.mock.answers.kept import Kept
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.requests.credentials import challenges
from pe4king_core.mock.requests.reading import FaultIn, ReadRequest, RequestFault
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import MediaType, Response

_KINDS = {
    FaultIn.CREDENTIALS: (Failure.CREDENTIALS, Why.CREDENTIALS),
    FaultIn.MEDIA_TYPE: (Failure.MEDIA_TYPE, Why.MEDIA_TYPE),
    FaultIn.ACCEPT: (Failure.ACCEPT, Why.ACCEPT),
    FaultIn.PATH: (Failure.PATH, Why.INVALID),
}
FAULT_HEADER = "X-Pe4king-Fault"
"""Why a request was refused, where the documented error has no body to say it."""
_LONGEST_HEADER = 1_000
_SHOWN = 5
_KEPT_BYTES = 8_000_000


class Replies:
    """Makes answers of one document. Thread-safe."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self._bodies = Kept[tuple[Json, bytes]](_KEPT_BYTES, lambda kept: len(kept[1]))

    def failure(
        self,
        sent: Sent,
        operation: Operation,
        kind: Failure,
        why: Why,
        *,
        request: ReadRequest | None = None,
        faults: Sequence[RequestFault] = (),
        detail: str = "",
        turn: int = 0,
    ) -> Handled:
        """The documented answer to what went wrong; a plain one where there is none."""
        status, response = self.answers.failure(operation, kind)
        media = self.media_of(response, sent)
        detail = detail or told(faults)
        answer = self.answers.answer(
            status, response, media=media, turn=turn, detail=detail, wrongs=_wrongs(faults)
        )
        answer = Answer(
            answer.status,
            (*answer.headers, *self._more_headers(operation, answer, detail)),
            answer.body,
        )
        return Handled(sent, answer, why, operation, request, response, media, faults=tuple(faults))

    def _more_headers(
        self, operation: Operation, answer: Answer, detail: str
    ) -> Iterator[tuple[str, str]]:
        """What a refusal says in its headers: how to log in, and why where there is no body."""
        if answer.status == 401 and answer.header("www-authenticate") is None:
            yield from challenges(operation, self.answers.document.title)
        if not answer.body and detail:
            yield (
                FAULT_HEADER,
                detail[:_LONGEST_HEADER].encode("ascii", "backslashreplace").decode(),
            )

    def faulty(
        self,
        sent: Sent,
        operation: Operation,
        faults: Sequence[RequestFault],
        request: ReadRequest | None = None,
    ) -> Handled:
        """The answer to a request with `faults`; the first one decides of which kind it is."""
        kind, why = _KINDS.get(faults[0].where, (Failure.INVALID, Why.INVALID))
        return self.failure(sent, operation, kind, why, request=request, faults=faults)

    def plain(
        self,
        sent: Sent,
        status: int,
        why: Why,
        detail: str,
        headers: Sequence[tuple[str, str]] = (),
        operation: Operation | None = None,
    ) -> Handled:
        """A problem that the document has no answer for (RFC 9457)."""
        answer = self.answers.answer(status, None, detail=detail)
        full = Answer(answer.status, (*answer.headers, *headers), answer.body)
        return Handled(sent, full, why, operation)

    def media_of(self, response: Response | None, sent: Sent) -> MediaType | None:
        """The media type of an error: an acceptable one, else the first one there is."""
        if response is None or not response.content:
            return None
        found = self.answers.media(response, sent.header("accept") or "")
        return found or next(iter(response.content.values()))

    def written(
        self,
        status: int,
        response: Response | None,
        media: MediaType | None,
        value: Json,
        turn: int,
    ) -> Answer:
        """The answer that says `value`."""
        return self.answers.answer(status, response, media=media, value=value, turn=turn)

    def written_again(
        self, status: int, response: Response | None, media: MediaType, value: Json, turn: int
    ) -> Answer:
        """As `written`, for the very same value as before, as a rule; it is never changed."""

        def body() -> tuple[Json, bytes]:
            return value, self.written(status, response, media, value, turn).body

        usual = self.answers.answer(status, response, media=media, turn=turn)
        # The value is kept with its bytes, so that nothing else gets its identity.
        kept = self._bodies.get((id(value), status, media.pointer, media.name), body)
        return Answer(status, usual.headers, kept[1])


def told(faults: Sequence[RequestFault]) -> str:
    """What is wrong with a request, in one line."""
    texts = [each.told.en for each in faults]
    more = len(texts) - _SHOWN
    return "; ".join(texts[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _wrongs(faults: Sequence[RequestFault]) -> list[Wrong]:
    """The faults as documented errors list them; of credentials none is a field's."""
    return [
        Wrong(
            each.name,
            (each.said.en if each.said is not None else each.reason),
            each.told.en,
            each.reason,
        )
        for each in faults
        if each.where is not FaultIn.CREDENTIALS
    ]
