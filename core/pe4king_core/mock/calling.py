"""One call from its route to its answer: credentials, checks, state, scripts, the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pe4king_core.mock.answers.answers import Failure, Variety
from pe4king_core.mock.chance import fails, turn_of
from pe4king_core.mock.conditions import Versions, unchanged
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.preferring import Preferred, preferred
from pe4king_core.mock.replies import Replies
from pe4king_core.mock.requests.checking import read_request
from pe4king_core.mock.requests.credentials import credentials_fault
from pe4king_core.mock.requests.reading import ReadRequest, RequestFault
from pe4king_core.mock.requests.routing import Found
from pe4king_core.mock.scripting import scripted, with_headers
from pe4king_core.mock.scripts import Calls, Script, Scripts
from pe4king_core.mock.state.state import State
from pe4king_core.model.json import Json
from pe4king_core.model.operation import Operation
from pe4king_core.model.parts import MediaType, Response

if TYPE_CHECKING:
    from pe4king_core.mock.recording.recording import Recording

_FAILED = "This failure was asked for: `--fail`, or the option `fail` of the control endpoints."


Ignored = Callable[[Operation, RequestFault], bool]
"""Whether the active mutant does not see a fault."""
Find = Callable[[str, str], Found]
"""What a method and a target mean."""


class Calling:
    """Handles calls with the parts of one service."""

    def __init__(
        self,
        replies: Replies,
        state: State,
        scripts: Scripts,
        recording: Recording | None,
        ignored: Ignored,
        find: Find,
        *,
        seed: int,
        variety: Variety,
        lenient: bool,
        fail_rate: float,
        credentials: Sequence[str],
        refuses_unknown: bool,
        start: str = "",
    ) -> None:
        self._replies = replies
        self._answers = replies.answers
        self._state = state
        self._scripts = scripts
        self._recording = recording
        self._ignored = ignored
        self._find = find
        self._seed = seed
        self._variety = variety
        self._lenient = lenient
        self._fail_rate = fail_rate
        self._credentials = tuple(credentials)
        self._refuses_unknown = refuses_unknown
        self._start = start or "/"
        self._calls = count(1)
        self._dynamic = count(1)
        self._versions = Versions()

    def handled(self, sent: Sent, found: Found) -> Handled:
        """The request with its answer."""
        operation = found.operation
        calls = self._scripts.of(_names(sent, found))
        script = calls.first(always=True) if calls is not None else None
        if script is not None:
            return self._scripted(sent, operation, None, script)
        if operation is None:
            return self._undocumented(sent, found)
        if fails(self._fail_rate, self._seed, next(self._calls)):
            kind, why = Failure.SERVER, Why.FAILED
            return self._replies.failure(sent, operation, kind, why, detail=_FAILED)
        return self._checked(sent, found, operation, calls)

    def unrouted(self, sent: Sent, found: Found) -> Handled:
        """The answer where the document has no such operation."""
        if not found.methods:
            told = self._unknown_path(sent)
            return self._replies.plain(sent, 404, Why.UNKNOWN_PATH, told)
        allow = ("Allow", ", ".join(_allowed(found.methods)))
        if sent.method == "OPTIONS":
            return Handled(sent, Answer(204, (allow,)), Why.OPTIONS)
        told = f"The document has no {sent.method} for this path, only {allow[1]}."
        documented = self._other_method(sent, found.methods, told)
        if documented is None:
            return self._replies.plain(sent, 405, Why.METHOD, told, (allow,))
        answer = documented.answer
        headers = with_headers(answer, (allow,))
        return replace(documented, answer=Answer(405, headers, answer.body), operation=None)

    def _unknown_path(self, sent: Sent) -> str:
        """That there is no such path, with one that may have been meant."""
        told = f"The document has no path {sent.path}."
        for meant in (sent.path.rstrip("/"), f"{sent.path}/", sent.path.lower()):
            if meant and self._find(sent.method, meant).methods:
                return f"{told} Was {meant} meant?"
        return f"{told} Its paths begin with {self._start}; GET /__pe4king tells more."

    def _other_method(self, sent: Sent, methods: Sequence[str], told: str) -> Handled | None:
        """The answer to a wrong method in the words of an operation that has some for it."""
        for method in methods:
            operation = self._find(method, sent.target).operation
            if operation is None or operation.response_for(405) is None:
                continue
            handled = self._replies.failure(
                sent, operation, Failure.METHOD, Why.METHOD, detail=told
            )
            if handled.answer.status == 405:
                return handled
        return None

    def _checked(
        self, sent: Sent, found: Found, operation: Operation, calls: Calls | None
    ) -> Handled:
        """The answer to a documented operation, or what is wrong with the request."""
        refused = credentials_fault(sent, operation, self._credentials)
        if refused is not None and not self._ignored(operation, refused):
            return self._faulty(sent, operation, (refused,))
        request = read_request(sent, found, lenient=self._lenient)
        if request.faults:
            faults = [each for each in request.faults if not self._ignored(operation, each)]
            if faults:
                return self._faulty(sent, operation, faults, request)
        if self._state.missing(request) and not self._is_known(request):
            kind, why = Failure.MISSING, Why.MISSING
            told = f"What {request.route} is about was removed, or never was there."
            return self._replies.failure(sent, operation, kind, why, request=request, detail=told)
        script = calls.first() if calls is not None else None
        if script is not None:
            return self._scripted(sent, operation, request, script)
        wanted = preferred(sent)
        if wanted.anything:
            return _applied(self._preferred(request, wanted), wanted)
        recorded = self._recording.answer(request) if self._recording is not None else None
        if recorded is not None:
            return self._recorded(sent, operation, request, recorded)
        return self._documented(request)

    def _turn(self, operation: Operation, sent: Sent) -> int:
        full = self._variety is Variety.FULL
        return turn_of(self._seed, operation.key, sent, always=full)

    def _documented(self, request: ReadRequest) -> Handled:
        if self._versions.refuses(request):
            kind, why, told = Failure.STALE, Why.STALE, "It has changed since that ETag was given."
            return self._replies.failure(
                request.sent, request.operation, kind, why, request=request, detail=told
            )
        status, response = self._answers.success(request.operation) or (200, None)
        turn = self._turn(request.operation, request.sent)
        return self._answered(request, status, response, turn, Why.ANSWERED)

    def _answered(
        self,
        request: ReadRequest,
        status: int,
        response: Response | None,
        turn: int,
        why: Why,
    ) -> Handled:
        sent, operation = request.sent, request.operation
        value: Json = None
        media: MediaType | None = None
        if response is not None and response.content:
            media = self._answers.media(response, sent.header("accept") or "")
            if media is None:
                kind, told = Failure.ACCEPT, f"There is only {', '.join(response.content)}."
                return self._replies.failure(
                    sent, operation, kind, Why.ACCEPT, request=request, detail=told
                )
            value = self._answers.value(media, turn)
        if why is Why.PREFERRED:
            answer = self._answers.answer(status, response, media=media, turn=turn)
            return Handled(sent, answer, why, operation, request, response, media, value)
        return self._kept(request, status, response, media, value, turn)

    def _kept(
        self,
        request: ReadRequest,
        status: int,
        response: Response | None,
        media: MediaType | None,
        value: Json,
        turn: int,
    ) -> Handled:
        """The answer that is true to what exists, and what the request did to that."""
        headers: Mapping[str, str] = {}
        usual = value
        if response is not None:
            if media is not None:
                value = self._state.shaped(request, status, response, media, value)
            headers = self._state.headers(request, status, response, value)
        if value is usual or media is None:  # whose bytes are kept
            answer = self._answers.answer(status, response, media=media, turn=turn)
        elif request.sent.method == "GET":
            answer = self._replies.written_again(status, response, media, value, turn)
        else:
            answer = self._replies.written(status, response, media, value, turn)
        if headers:
            answer = Answer(status, with_headers(answer, headers.items()), answer.body)
        self._state.done(request, status, value)
        if 200 <= status < 300:
            self._versions.note(request, answer)
        sent, operation = request.sent, request.operation
        same = unchanged(sent, operation, answer)
        if same is not None:
            response = operation.response_for(304)
            return Handled(sent, same, Why.ANSWERED, operation, request, response)
        return Handled(sent, answer, Why.ANSWERED, operation, request, response, media, value)

    def _preferred(self, request: ReadRequest, wanted: Preferred) -> Handled:
        """The answer that the client chose among the documented ones."""
        operation, sent = request.operation, request.sent
        if wanted.wrong:
            return self._replies.plain(sent, 400, Why.INVALID, wanted.wrong, operation=operation)
        status, response = self._answers.success(operation) or (200, None)
        if wanted.code is not None:
            status, response = wanted.code, operation.response_for(wanted.code)
            if response is None:
                told = (
                    f"{operation.key} documents no {status}, only {', '.join(operation.responses)}."
                )
                return self._replies.plain(sent, 400, Why.PREFERRED, told, operation=operation)
        turn = self._turn(operation, sent)
        if wanted.dynamic:
            turn = next(self._dynamic)
        if wanted.example:
            return self._example(request, status, response, wanted.example)
        return self._answered(request, status, response, turn, Why.PREFERRED)

    def _example(
        self, request: ReadRequest, status: int, response: Response | None, name: str
    ) -> Handled:
        """The documented example `name`, as it is written in the document."""
        medias = () if response is None else tuple(response.content.values())
        chosen = None if response is None else self._replies.media_of(response, request.sent)
        for media in (chosen, *medias):
            for example in () if media is None else media.named_examples:
                if example.name == name and example.has_value:
                    answer = self._answers.answer(
                        status, response, media=media, value=example.value
                    )
                    return Handled(
                        request.sent, answer, Why.PREFERRED, request.operation, request,
                        response, media, example.value,
                    )  # fmt: skip
        names = [each.name for media in medias for each in media.named_examples]
        told = f"There is no example {name} for {status}, only {', '.join(names) or 'none'}."
        return self._replies.plain(
            request.sent, 400, Why.PREFERRED, told, operation=request.operation
        )

    def _scripted(
        self, sent: Sent, operation: Operation | None, request: ReadRequest | None, script: Script
    ) -> Handled:
        turn = 0 if operation is None else self._turn(operation, sent)
        return scripted(self._replies, self._state, sent, operation, request, script, turn)

    def _is_known(self, request: ReadRequest) -> bool:
        """Whether the recording has a thing that is only unknown, not removed."""
        if self._recording is None or not self._refuses_unknown:
            return False
        return self._recording.knows(request)

    def _faulty(
        self,
        sent: Sent,
        operation: Operation,
        faults: Sequence[RequestFault],
        request: ReadRequest | None = None,
    ) -> Handled:
        """The refusal of a request: as the real server refused the very same one, if it did."""
        recorded = None
        if self._recording is not None:
            recorded = self._recording.refusal(operation, sent)
        if recorded is None:
            return self._replies.faulty(sent, operation, faults, request)
        return self._recorded(sent, operation, request, recorded, faults)

    def _undocumented(self, sent: Sent, found: Found) -> Handled:
        recorded = None if self._recording is None else self._recording.undocumented(sent)
        if recorded is None:
            return self.unrouted(sent, found)
        return Handled(sent, recorded, Why.RECORDED)

    def _recorded(
        self,
        sent: Sent,
        operation: Operation,
        request: ReadRequest | None,
        answer: Answer,
        faults: Sequence[RequestFault] = (),
    ) -> Handled:
        response = operation.response_for(answer.status)
        content = answer.header("content-type") or ""
        media = None
        if response is not None:
            media = self._answers.media(response, content) if content else None
        why, told = Why.RECORDED, tuple(faults)
        return Handled(sent, answer, why, operation, request, response, media, faults=told)


def _applied(handled: Handled, wanted: Preferred) -> Handled:
    """With the header that says which preferences were honoured."""
    answer = handled.answer
    if handled.response is None or not wanted.applied:
        return handled
    headers = (*answer.headers, ("Preference-Applied", wanted.applied))
    return replace(handled, answer=Answer(answer.status, headers, answer.body))


def _names(sent: Sent, found: Found) -> tuple[str, ...]:
    """What scripts may call this call."""
    named = (f"{sent.method} {sent.path}", f"{sent.method} {found.route}")
    operation = found.operation
    if operation is None:
        return named
    return (*named, operation.key, operation.operation_id or operation.key)


def _allowed(methods: Sequence[str]) -> list[str]:
    more = ["HEAD"] if "GET" in methods else []
    return list(dict.fromkeys([*methods, *more, "OPTIONS"]))
