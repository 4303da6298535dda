"""Requests to the client that neither hang nor raise: an editor may ignore them, refuse them,
close the dialog or lack the method, and none of that may cost the user the work that was done.

Everything here returns a plain "no" (None, False, not applied) in these cases and says why in the
log. Only our own cancellation goes through, as `asyncio.CancelledError`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound

from pe4king_server.lsp.base import Pe4KingLanguageServer

T = TypeVar("T")

MACHINE_LIMIT = 10.0
"""Seconds for what an editor answers by itself."""

HUMAN_LIMIT = 600.0
"""Seconds for what waits for a decision of the user."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an edit. LSP4IJ says "applied" whatever happened, VS Code gives no reason.

    The reason is for the log: it is the client's or ours, and in English.
    """

    applied: bool
    reason: str | None = None


async def apply_edit(
    server: Pe4KingLanguageServer,
    label: str,
    edit: types.WorkspaceEdit,
    *,
    limit: float = HUMAN_LIMIT,
) -> Applied:
    """Let the client make `edit`; it may ask the user first, hence the long limit.

    Check `LspWorkspace.is_current` before: LSP4IJ ignores document versions.
    """
    if not get_capability(server.client_capabilities, "workspace.apply_edit"):
        return Applied(False, "the client cannot apply edits")
    told = get_capability(server.client_capabilities, "workspace.workspace_edit.metadata_support")
    params = types.ApplyWorkspaceEditParams(
        label=label,
        edit=edit,
        metadata=types.WorkspaceEditMetadata(is_refactoring=True) if told else None,
    )
    answer = await _answer(server.workspace_apply_edit_async(params), "workspace/applyEdit", limit)
    if answer is None:
        return Applied(False, "the client gave no answer")
    return Applied(answer.applied, answer.failure_reason)


async def show_document(
    server: Pe4KingLanguageServer,
    uri: str,
    selection: types.Range | None = None,
    *,
    external: bool = False,
    limit: float = MACHINE_LIMIT,
) -> bool:
    """Open `uri` in the editor (or, `external`, in the browser); True when the client did.

    There always is a selection, by default the document's start: LSP4IJ never answers without.
    """
    if not get_capability(server.client_capabilities, "window.show_document.support"):
        return False
    start = types.Position(line=0, character=0)
    params = types.ShowDocumentParams(
        uri=uri,
        external=external,
        take_focus=True,
        selection=selection or types.Range(start=start, end=start),
    )
    answer = await _answer(server.window_show_document_async(params), "window/showDocument", limit)
    return answer is not None and answer.success


def show_message(
    server: Pe4KingLanguageServer, text: str, kind: types.MessageType = types.MessageType.Info
) -> None:
    """Tell the user something; nothing is asked back."""
    server.window_show_message(types.ShowMessageParams(type=kind, message=text))


async def ask(
    server: Pe4KingLanguageServer,
    text: str,
    choices: Sequence[str],
    *,
    kind: types.MessageType = types.MessageType.Info,
    limit: float = HUMAN_LIMIT,
) -> str | None:
    """The user's choice; None when there was none (closed, cancelled, not answered in time)."""
    params = types.ShowMessageRequestParams(
        type=kind,
        message=text,
        actions=[types.MessageActionItem(title=title) for title in choices],
    )
    request = server.window_show_message_request_async(params)
    answer = await _answer(request, "window/showMessageRequest", limit)
    return answer.title if answer is not None and answer.title in choices else None


async def configuration(
    server: Pe4KingLanguageServer,
    section: str,
    scope_uri: str | None = None,
    *,
    limit: float = MACHINE_LIMIT,
) -> object:
    """The JSON value of a settings section; None when there is none, or no settings at all."""
    if not get_capability(server.client_capabilities, "workspace.configuration"):
        return None
    item = types.ConfigurationItem(section=section, scope_uri=scope_uri)
    request = server.workspace_configuration_async(types.ConfigurationParams(items=[item]))
    answer = await _answer(request, "workspace/configuration", limit)
    return answer[0] if answer else None


async def custom(
    server: Pe4KingLanguageServer, method: str, params: object, *, limit: float = HUMAN_LIMIT
) -> object:
    """The JSON result of a request of our own (`pe4king/...`); None from clients that lack it.

    So the results that our clients give must not be null.
    """
    request: Awaitable[object] = server.protocol.send_request_async(method, params)
    return await _answer(request, method, limit)


async def _answer(request: Awaitable[T], method: str, limit: float) -> T | None:
    try:
        async with asyncio.timeout(limit):
            return await request
    except TimeoutError:
        _logger.warning("The client did not answer %s in %s s", method, limit)
    except JsonRpcMethodNotFound:
        _logger.info("The client does not know %s", method)
    except JsonRpcException as error:
        _logger.info("The client refused %s: %s", method, error)
    return None
