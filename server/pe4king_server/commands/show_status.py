"""The command `pe4king.server.status`: what was found for a file, shown and returned."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lsprotocol import types

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import Explanation, Proposal
from pe4king_server.commands.show_explanation import show_explanation
from pe4king_server.composition import action_context
from pe4king_server.files import is_below, path_of
from pe4king_server.lsp.requests import show_message
from pe4king_server.server import Pe4KingServer
from pe4king_server.status import as_json, markdown, status_of

_logger = logging.getLogger(__name__)

_TITLE = Message("What Pe4King found", "Что нашёл Pe4King")
_UNEXPECTED = Message(
    "Pe4King ran into an internal error; the server's log has details.",
    "В Pe4King произошла внутренняя ошибка; подробности в журнале сервера.",
)


async def show_status(server: Pe4KingServer, arguments: tuple[object, ...]) -> dict[str, Any]:
    """Show what was found for the `uri` of the first argument, else for the workspace.

    Returns `status`, `message` and, where all went well, `found` (see docs/environment.md).
    """
    try:
        return await _shown(server, arguments)
    except UserError as error:
        text = error.text(server.language)
        show_message(server, text, types.MessageType.Warning)
        return {"status": "failed", "code": error.code, "message": text}
    except Exception:
        _logger.exception("The status cannot be told")
        show_message(server, server.say(_UNEXPECTED), types.MessageType.Error)
        return {"status": "failed", "code": "internal", "message": server.say(_UNEXPECTED)}


async def _shown(server: Pe4KingServer, arguments: tuple[object, ...]) -> dict[str, Any]:
    uri = _uri(server, arguments)
    context = await action_context(server, uri)
    status = await server.worker(
        status_of,
        uri,
        context.files,
        context.documents,
        context.sources,
        context.settings,
        os.environ,
        Path.home(),
    )
    shown = partial(_short, roots=context.files.roots)
    text = Message(markdown(status, shown, "en"), markdown(status, shown, "ru"))
    explanation = Explanation(_TITLE, text, Message("", ""))
    result = await show_explanation(server, Proposal(_TITLE, _TITLE, explanation=explanation))
    return {
        "status": result.status,
        "message": server.say(result.message),
        "found": as_json(status, server.language),
    }


def _uri(server: Pe4KingServer, arguments: tuple[object, ...]) -> str:
    given = arguments[0] if arguments else None
    if isinstance(given, dict) and isinstance(uri := given.get("uri"), str):
        return uri
    folders = [folder.uri for folder in server.workspace.folders.values()]
    found: str | None = folders[0] if folders else server.workspace.root_uri
    if not found:
        raise UserError(
            Message("No folder is open.", "Не открыта ни одна папка."),
            next_step=Message("Open a test first.", "Сначала откройте тест."),
            code="arguments",
        )
    return found


def _short(uri: str, roots: tuple[str, ...]) -> str:
    """The path from the workspace's folder, else the whole path."""
    root = next((root for root in roots if is_below(uri, root)), None)
    path = unquote(uri)
    if root is not None:
        return path.removeprefix(unquote(root).rstrip("/") + "/")
    return str(path_of(uri) or uri)
