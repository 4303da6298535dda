"""The conforming server of one document, without HTTP: a request in, an answer out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pe4king_core.mock.answers.answers import Answers, Failure, Variety
from pe4king_core.mock.calling import Calling
from pe4king_core.mock.chance import delay_of
from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.mutant import Mutant, MutantKind
from pe4king_core.mock.replies import Replies
from pe4king_core.mock.requests.reading import RequestFault
from pe4king_core.mock.requests.routing import Found, Router
from pe4king_core.mock.scripts import Script, Scripts
from pe4king_core.mock.state.store import Saved
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.mock.state.watched import WatchedState
from pe4king_core.model.operation import ApiDocument, Operation

if TYPE_CHECKING:
    from pe4king_core.mock.mutants.contract import ContractMutants
    from pe4king_core.mock.recording.recording import Recording

_logger = logging.getLogger(__name__)

Raw = Callable[[], Mapping[str, Any]]

_AT_ONCE = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Options:
    """How a service behaves; `delay` is milliseconds, from least to most."""

    seed: int = 1
    variety: Variety = Variety.PLAIN
    """How far values go; full variety also varies what seed 1 answers."""
    lenient: bool = False
    unknown: Unknown = Unknown.INVENTED
    fail_rate: float = 0.0
    delay: tuple[float, float] = _AT_ONCE
    credentials: tuple[str, ...] = ()
    """The only credentials that are right; empty: all but those that say they are wrong."""


class Service:
    """Answers requests to one document. Thread-safe; nothing that a request holds makes it fail.

    `raw` gives the whole document as data; it is asked when the first contract mutant is set.
    """

    def __init__(
        self,
        document: ApiDocument,
        options: Options | None = None,
        recording: Recording | None = None,
        raw: Raw | None = None,
    ) -> None:
        self.document = document
        self.scripts = Scripts()
        self._recording = recording
        self._raw = raw
        self._mutant: Mutant | None = None
        self._mutator: ContractMutants | None = None
        self._router = Router(document)
        self.configure(options or Options())

    def configure(self, options: Options) -> None:
        """Behave like this from now on, as if just started; scripts and mutant stay."""
        self.options = options
        self._count = count(1)
        if self._recording is not None:
            self._recording.reset()
        self._answers = Answers(self.document, options.seed, options.variety)
        self._replies = Replies(self._answers)
        self._state = WatchedState(
            self.document,
            options.seed,
            unknown=options.unknown,
            answers=self._answers,
            always_varied=options.variety is Variety.FULL,
        )
        self._calling = Calling(
            self._replies,
            self._state,
            self.scripts,
            self._recording,
            self._is_ignored,
            self._router.find,
            seed=options.seed,
            variety=options.variety,
            lenient=options.lenient,
            fail_rate=options.fail_rate,
            credentials=options.credentials,
            start=self.base_path,
            refuses_unknown=options.unknown is Unknown.REFUSED,
        )
        self.mutant = self._mutant

    def reset(self) -> None:
        """Forget what requests did, the scripts and the mutant."""
        self.scripts.clear()
        self._mutant = None
        self.configure(self.options)

    def snapshot(self) -> Saved:
        """What exists now, for `restore` of this or another service of the same document."""
        return self._state.snapshot()

    def restore(self, saved: Saved) -> None:
        """Make everything as it was; scripts, mutant and options stay."""
        self._state.restore(saved)

    @property
    def mutant(self) -> Mutant | None:
        """The one seeded fault of this server; None: it conforms."""
        return self._mutant

    @mutant.setter
    def mutant(self, mutant: Mutant | None) -> None:
        contract = mutant is not None and mutant.kind is MutantKind.CONTRACT
        if contract and self._mutator is None:
            self._mutator = self._made_mutator()
        self._mutant = mutant
        self._state.set_mutant(None if contract else mutant)

    def mutants(self, operation: str = "", most: int = 1_000) -> list[Mutant]:
        """Mutants of `operation` (a key or an operationId), else of all; `most` at most.

        Those of the contract are proven by answers of this service, where `raw` is known.
        """
        from pe4king_core.mock.mutants.contract import contract_mutants
        from pe4king_core.mock.mutants.listing import mutants_of

        def contract(one: Operation) -> Sequence[Mutant]:
            mutator = self.mutator
            if mutator is None:
                return contract_mutants(one, self.options.seed)
            return mutator.proven(one, self._answers)

        return mutants_of(self.document, operation, contract, most)

    def succeeded_by(self, document: ApiDocument) -> Service:
        """A service that goes on with a newer text of the document: same options and scripts."""
        recording = self._recording
        if recording is not None:
            recording = recording.for_document(document)
        made = Service(document, self.options, recording, self._raw)
        made.scripts = self.scripts
        made.configure(self.options)
        mutant = self._mutant
        if mutant is not None and document.operation(mutant.operation) is not None:
            made.mutant = mutant
        return made

    def script(self, *scripts: Script) -> tuple[int, ...]:
        """Answer the next calls as scripted; gives the numbers of the scripts."""
        return self.scripts.add(scripts)

    @property
    def base_paths(self) -> tuple[str, ...]:
        """Where the document's servers have the API; the longest first, "" last."""
        return self._router.base_paths

    @property
    def base_path(self) -> str:
        """Where the first server has the API."""
        servers, path = self.document.servers, ""
        with suppress(ValueError):  # an address that is none
            path = urlsplit(servers[0].url).path.rstrip("/") if servers else ""
        return path if path in self.base_paths else self.base_paths[0]

    def find(self, sent: Sent) -> Found:
        """What the request means by its method and path."""
        return self._router.find(sent.method, sent.target)

    def answer(self, sent: Sent, found: Found | None = None) -> Handled:
        """The answer to `sent`; never raises."""
        operation: Operation | None = None
        try:
            found = found or self.find(sent)
            operation = found.operation
            strikes = self._state.strikes
            handled = self._mutated(self._calling.handled(sent, found))
            if self._state.strikes > strikes:
                handled = replace(handled, why=Why.MUTANT)
        except Exception:
            name = f"{sent.method} {sent.path}" if operation is None else operation.key
            _logger.exception("The mock failed at %s", name)
            told = f"The mock server failed at {name}; its log has the reason."
            handled = self._replies.plain(sent, 500, Why.ERROR, told, operation=operation)
        if self.options.delay != _AT_ONCE:
            delay = delay_of(self.options.delay, self.options.seed, next(self._count))
            handled = replace(handled, delay=handled.delay + delay)
        return _without_body(handled) if sent.method == "HEAD" else handled

    def refused(self, sent: Sent, kind: Failure, why: Why, detail: str) -> Handled:
        """The answer to a request that is not read at all, such as one that is too large."""
        found = self.find(sent)
        if found.operation is None:
            return self._calling.unrouted(sent, found)
        return self._replies.failure(sent, found.operation, kind, why, detail=detail)

    @property
    def mutator(self) -> ContractMutants | None:
        """What carries contract mutants out; None where `raw` is not known."""
        self._mutator = self._mutator or self._made_mutator()
        return self._mutator

    def _made_mutator(self) -> ContractMutants | None:
        if self._raw is None:
            return None
        from pe4king_core.mock.contract.exchanges import ExchangeJudge
        from pe4king_core.mock.mutants.contract import ContractMutants

        return ContractMutants(ExchangeJudge(self._raw()), self.options.seed)

    def _is_ignored(self, operation: Operation, fault: RequestFault) -> bool:
        mutant, mutator = self._mutant, self._mutator
        if mutant is None or mutator is None or mutant.operation != operation.key:
            return False
        return mutator.is_ignored(mutant, fault)

    def _mutated(self, handled: Handled) -> Handled:
        mutant, mutator, operation = self._mutant, self._mutator, handled.operation
        if mutant is None or mutator is None or operation is None:
            return handled
        if mutant.kind is not MutantKind.CONTRACT or mutant.operation != operation.key:
            return handled
        answer = mutator.mutated(mutant, handled)
        return handled if answer is None else replace(handled, answer=answer, why=Why.MUTANT)


def _without_body(handled: Handled) -> Handled:
    """As HEAD has it: all headers, those that tell of the body as well."""
    answer = handled.answer
    if not answer.body:
        return handled
    headers = list(answer.headers)
    if answer.header("content-length") is None:
        headers.append(("Content-Length", str(len(answer.body))))
    return replace(handled, answer=Answer(answer.status, headers))
