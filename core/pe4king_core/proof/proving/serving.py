"""The APIs under proof as one server: what it is asked is noted, how it answers can be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_core.mock.answers.answers import Failure, Variety
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.handled import Handled, Why
from pe4king_core.mock.http.app import MockApp
from pe4king_core.mock.http.mounts import Mount
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.routing import Found
from pe4king_core.mock.scripts import Script
from pe4king_core.mock.service import Options, Service
from pe4king_core.mock.state.store import Saved
from pe4king_core.proof.baseline.logins import logged_in
from pe4king_core.proof.proving.addresses import Forgiving
from pe4king_core.proof.proving.job import Api
from pe4king_core.proof.proving.unillustrated import Ends, unillustrated

_MOST_SEEN = 2_000
"""Requests of one run that are kept: a test may loop."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with its answer; `api` is the number of the document that it was for."""

    api: int
    handled: Handled

    @property
    def has_fault(self) -> bool:
        """Whether the fault of a mutant shows in the answer."""
        return self.handled.why is Why.MUTANT


@dataclass(frozen=True, slots=True)
class Stage:
    """How the conforming server answers; `scripts` go by the number of their document.

    With `ends` no answer has an example or a default of the document.
    """

    seed: int = 1
    variety: Variety = Variety.PLAIN
    lenient: bool = False
    recorded: bool = False
    ends: Ends | None = None
    scripts: Mapping[int, tuple[Script, ...]] = field(default_factory=dict)

    @property
    def options(self) -> Options:
        """The options of its services."""
        return Options(seed=self.seed, variety=self.variety, lenient=self.lenient)


Kept = tuple[Saved, ...]
"""What exists in each document's service."""


class _Noting(Service):
    """A service that tells of every answer before it is sent, and lets everybody log in."""

    note: Callable[[Handled], None]

    def answer(self, sent: Sent, found: Found | None = None) -> Handled:
        """As `Service`."""
        handled = super().answer(sent, found)
        if handled.why is Why.UNKNOWN_PATH:
            handled = logged_in(handled) or handled
        self.note(handled)
        return handled

    def refused(self, sent: Sent, kind: Failure, why: Why, detail: str) -> Handled:
        """As `Service`."""
        handled = super().refused(sent, kind, why, detail)
        self.note(handled)
        return handled


class Serving:
    """One server of all documents. Used by one thread beside that which serves."""

    def __init__(self, apis: Sequence[Api]) -> None:
        self._apis = tuple(apis)
        self._services: dict[tuple[int, Options, bool, Ends | None], Service] = {}
        self._judges: dict[int, ExchangeJudge] = {}
        self._seen: list[Seen] = []
        self._stage = Stage(recorded=True)
        names = [f"{number}" for number in range(len(apis))]
        self._mounts = Forgiving(
            [Mount(name, self._service(number, self._stage)) for number, name in enumerate(names)]
        )
        self.app = MockApp(self._mounts, control=False)

    @property
    def base_path(self) -> str:
        """Where the first document has its API."""
        return self._mounts.all[0].base_path if self._apis else ""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The base paths of requests so far that no document has."""
        return self._mounts.prefixes

    def shown(self, sent: Sent) -> str:
        """A request as its test wrote it."""
        return self._mounts.shown(sent)

    def conforming(self, api: int) -> Service:
        """The service of a document as it is without anything special."""
        return self._service(api, Stage())

    def judge(self, api: int) -> ExchangeJudge:
        """The independent judge of what a document allows."""
        found = self._judges.get(api)
        if found is None:
            found = self._judges[api] = ExchangeJudge(self._apis[api].raw())
        return found

    def prepare(
        self, stage: Stage, kept: Kept | None = None, mutant: tuple[int, Mutant] | None = None
    ) -> None:
        """Answer like `stage` from now on, with what is `kept`, else with what exists now."""
        kept = self.kept() if kept is None else kept
        self._stage = stage
        for number, mount in enumerate(self._mounts.all):
            service = self._service(number, stage)
            service.mutant = mutant[1] if mutant is not None and mutant[0] == number else None
            service.restore(kept[number])
            service.scripts.clear()
            service.script(*stage.scripts.get(number, ()))
            self._mounts.replace(mount.name, service)
        self._seen = []

    def kept(self) -> Kept:
        """What exists now."""
        return tuple(mount.service.snapshot() for mount in self._mounts.all)

    def seen(self) -> tuple[Seen, ...]:
        """The requests since the last `prepare`."""
        return tuple(self._seen)

    def _note(self, seen: Seen) -> None:
        if len(self._seen) < _MOST_SEEN:
            self._seen.append(seen)

    def _service(self, number: int, stage: Stage) -> Service:
        api = self._apis[number]
        recorded = stage.recorded and api.recording is not None
        key = (number, stage.options, recorded, stage.ends)
        found = self._services.get(key)
        if found is None:
            recording = api.recording if recorded else None
            document = api.document
            if stage.ends is not None:
                document = unillustrated(document, stage.ends)
            made = _Noting(document, stage.options, recording, api.raw)
            made.note = lambda handled: self._note(Seen(number, handled))
            found = self._services[key] = made
        if recorded and api.recording is not None:
            api.recording.reset()
        return found
