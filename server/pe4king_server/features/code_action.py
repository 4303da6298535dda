"""textDocument/codeAction: which actions stand on the operation or test under the cursor.

Cheap on purpose: no document is loaded and no model asked while a menu is drawn; each action is
a command that does the work when it is chosen.
"""

from __future__ import annotations

import asyncio
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled

from pe4king_server.features.targets import Place
from pe4king_server.reading.process import OutdatedError
from pe4king_server.server import Pe4KingServer

COMMAND_PREFIX = "pe4king.server."
KINDS = (types.CodeActionKind.RefactorRewrite, types.CodeActionKind.Source)

LARGE = 1_000_000
"""Characters of a text from which on every look at a new state of it costs milliseconds."""

SETTLE = 0.03
"""Seconds in which the next keystroke makes a menu on such a text pointless."""

_OUTDATED = Place("")

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
        """The actions for the place of the cursor; none where there is nothing of ours.

        Raises JsonRpcRequestCancelled where the text changed before there was an answer.
        """
        try:
            place = await _place(ls, params)
        except Exception:
            # A menu must come up whatever a half-typed file does to us.
            _logger.exception("Code actions failed")
            return []
        if place is _OUTDATED:
            # Not ContentModified: LSP4IJ takes only this for what it is and reports others.
            raise JsonRpcRequestCancelled
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
    """What stands at the cursor; `_OUTDATED` where the text changed meanwhile."""
    workspace, places = server.workspace, server.places
    snapshot = workspace.snapshot(params.text_document.uri)
    if snapshot is None:
        return None

    def is_wanted() -> bool:
        return workspace.version_of(snapshot.uri) == snapshot.version

    def find() -> Place | None:
        if not is_wanted():
            return _OUTDATED
        offset = workspace.positions(snapshot).offset(params.range.start)
        try:
            return places.at(snapshot, offset, is_wanted)
        except OutdatedError:
            return _OUTDATED

    if not snapshot.is_joined and snapshot.length > LARGE:
        await asyncio.sleep(SETTLE)
    place = await server.menu_worker(find)
    return place if is_wanted() else _OUTDATED
