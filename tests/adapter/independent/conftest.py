"""The servers, each started once, and providers that ask them with patience and pauses as usual."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from pe4king_adapter.provider import LlmProvider
from pe4king_adapter.registry import create_provider
from pe4king_adapter.tools import Tools

from .installed import Running, aimock, llama_cpp, llmock
from .places import AIMOCK, LLAMA, LLMOCK, Place

Make = Callable[..., LlmProvider]
_PROGRAMS = {AIMOCK: aimock, LLMOCK: llmock, LLAMA: llama_cpp}


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Running]]:
    """Starts a server at its first use."""
    running: dict[str, Running] = {}

    def started(name: str) -> Running:
        if name not in running:
            running[name] = _PROGRAMS[name]().__enter__()
        return running[name]

    yield started
    for server in running.values():
        server.__exit__()


@pytest.fixture
def server(place: Place, servers: Callable[[str], Running]) -> Running:
    """The server of this place, its journal empty."""
    found = servers(place.server)
    if place.server == AIMOCK:
        found.ask("POST", "/__aimock/reset/journal")
    elif place.server == LLMOCK:
        found.ask("POST", "/_llmock/reset")
    return found


@pytest.fixture
async def make(place: Place, server: Running) -> AsyncIterator[Make]:
    """Makes providers that ask this place."""
    made: list[LlmProvider] = []
    tools = Tools()

    def build(**settings: object) -> LlmProvider:
        made.append(create_provider(place.config(server.root, **settings), tools))
        return made[-1]

    yield build
    for provider in made:
        await provider.close()
