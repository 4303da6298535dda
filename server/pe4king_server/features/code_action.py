"""textDocument/codeAction: which actions stand on the operation or test under the cursor.

Cheap on purpose: no document is loaded and no model asked while a menu is drawn; each action is
a command that does the work when it is chosen.
"""

from __future__ import annotations

import logging

from lsprotocol import types

from pe4king_server.features.targets import Place
from pe4king_server.server import Pe4KingServer

COMMAND_PREFIX = "pe4king.server."
KINDS = (types.CodeActionKind.RefactorRewrite, types.CodeActionKind.Source)

_logger = logging.getLogger(__name__)


def register_code_actions(server: Pe4KingServer) -> None:
    """Offer every action of `pe4king_server.actions`."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=False),
    )
    async def code_action(
        ls: Pe4KingServer, params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        """The actions for the place of the cursor; none where there is nothing of ours."""
        try:
            place = await _place(ls, params)
        except Exception:
            # A menu must come up whatever a half-typed file does to us.
            _logger.exception("Code actions failed")
            return []
        if place is None:
            return []
        from pe4king_server.actions import actions

        wanted = params.context.only
        offered = []
        for action in actions().values():
            kind = f"{action.kind}.pe4king"
            if wanted and not any(kind == k or kind.startswith(f"{k}.") for k in wanted):
                continue
            title = ls.say(action.title)
            offered.append(
                types.CodeAction(
                    title=f"Pe4King: {title}",
                    kind=kind,
                    command=types.Command(
                        title=title,
                        command=f"{COMMAND_PREFIX}{action.id}",
                        arguments=[place.arguments()],
                    ),
                )
            )
        return offered


async def _place(server: Pe4KingServer, params: types.CodeActionParams) -> Place | None:
    snapshot = server.workspace.snapshot(params.text_document.uri)
    if snapshot is None:
        return None

    def find() -> Place | None:
        offset = server.workspace.positions(snapshot).offset(params.range.start)
        return server.places.at(snapshot, offset)

    return await server.menu_worker(find)
