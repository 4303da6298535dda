"""The checks of `outside.py`: against foreign servers that run, and always against one of ours."""

from __future__ import annotations

import pytest

from .outside import CHECKS, Outside, outsiders, provider_of
from .spoken import SPOKEN
from .wire_server import WireServer

CELLS = [
    pytest.param(outside, check, id=f"{outside.name}-{check}")
    for outside in outsiders()
    for check in CHECKS
    if check not in outside.lacks
]


@pytest.mark.slow
@pytest.mark.parametrize(("outside", "check"), CELLS)
async def test_a_foreign_server(outside: Outside, check: str) -> None:
    async with provider_of(outside) as provider:
        await CHECKS[check](provider)


@pytest.mark.parametrize("check", CHECKS)
async def test_the_checks_themselves(check: str) -> None:
    spoken = SPOKEN["llama-cpp"]
    with WireServer(spoken) as server:
        assert isinstance(server, WireServer)
        text = '{"name": "x"}' if check == "schema" else "Hello there."
        server.says(text, "truncated" if check == "truncated" else "complete")
        async with provider_of(Outside("own", "llama-cpp", server.root, "fake")) as provider:
            await CHECKS[check](provider)
