"""workspace/executeCommand: one command for every action, all going the same way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pe4king_server.features.code_action import COMMAND_PREFIX
from pe4king_server.server import Pe4KingServer

Handler = Callable[..., Awaitable[dict[str, Any]]]


def register_commands(server: Pe4KingServer) -> None:
    """Announce `pe4king.server.<action>` for every action, and `pe4king.server.status`."""
    for action_id in ACTION_IDS:
        server.command(f"{COMMAND_PREFIX}{action_id}")(_handler(action_id))
    server.command(f"{COMMAND_PREFIX}status")(_status)


def _handler(action_id: str) -> Handler:
    async def handler(ls: Pe4KingServer, *arguments: object) -> dict[str, Any]:
        from pe4king_server.actions import actions
        from pe4king_server.commands.run import run_command

        return await run_command(ls, actions()[action_id], arguments)

    return handler


async def _status(ls: Pe4KingServer, *arguments: object) -> dict[str, Any]:
    from pe4king_server.commands.show_status import show_status

    return await show_status(ls, arguments)


ACTION_IDS = ("generateTests", "enhance", "generateNegativeTests", "explain")
"""Known before the actions are imported: start-up is a measured budget. A test compares."""
