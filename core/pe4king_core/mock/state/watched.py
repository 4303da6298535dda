"""State that notices when its law mutant shows: beside it the sound state answers the same."""

from __future__ import annotations

from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.seeds import Values
from pe4king_core.mock.state.state import State
from pe4king_core.mock.state.store import Saved
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, MediaType, Response


class WatchedState(State):
    """As `State`; `strikes` counts what it said otherwise than a sound server would have.

    The sound state begins with what exists when a mutant is set, and costs nothing before.
    """

    def __init__(
        self,
        document: ApiDocument,
        seed: int = 1,
        *,
        unknown: Unknown = Unknown.INVENTED,
        answers: Values | None = None,
        always_varied: bool = False,
    ) -> None:
        self.strikes = 0
        self._sound: State | None = None
        self._made: State | None = None
        super().__init__(
            document, seed, unknown=unknown, answers=answers, always_varied=always_varied
        )

        def make() -> State:
            return State(
                document, seed, unknown=unknown, answers=answers, always_varied=always_varied
            )

        self._make = make

    def set_mutant(self, mutant: Mutant | None) -> None:
        """Carry this law mutant out from now on; None: be sound."""
        self.mutant = mutant
        self._sound = None
        if mutant is not None:
            self._sound = self._made = self._made or self._make()
            self._sound.restore(self.snapshot())

    def missing(self, request: ReadRequest) -> bool:
        """As `State`."""
        said = super().missing(request)
        if self._sound is not None:
            self._compare(said, self._sound.missing(request))
        return said

    def reset(self) -> None:
        """As `State`."""
        super().reset()
        if self._sound is not None:
            self._sound.reset()

    def restore(self, saved: Saved) -> None:
        """As `State`."""
        super().restore(saved)
        if self._sound is not None:
            self._sound.restore(saved)

    def shaped(
        self, request: ReadRequest, status: int, response: Response, media: MediaType, value: Json
    ) -> Json:
        """As `State`."""
        said = super().shaped(request, status, response, media, value)
        if self._sound is not None:
            self._compare(said, self._sound.shaped(request, status, response, media, value))
        return said

    def headers(
        self, request: ReadRequest, status: int, response: Response | None, value: Json = None
    ) -> dict[str, str]:
        """As `State`."""
        said = super().headers(request, status, response, value)
        if self._sound is not None:
            self._compare(said, self._sound.headers(request, status, response, value))
        return said

    def done(self, request: ReadRequest, status: int, value: Json = None) -> None:
        """As `State`."""
        super().done(request, status, value)
        if self._sound is not None:
            self._sound.done(request, status, value)

    def _compare(self, said: object, sound: object) -> None:
        self.strikes += said != sound
