"""What an action needs, put together for one run: settings, files, documents, model."""

from __future__ import annotations

from pe4king_server.actions.base import ActionContext
from pe4king_server.lsp.requests import configuration
from pe4king_server.model_service import model_service
from pe4king_server.server import Pe4KingServer
from pe4king_server.settings import parse_settings
from pe4king_server.workspace import EditorFiles


async def action_context(server: Pe4KingServer, uri: str) -> ActionContext:
    """The context for an action on `uri`: its folder's settings, pulled now.

    Raises SettingsError where a setting cannot be used.
    """
    settings = parse_settings(await configuration(server, "pe4king", uri))
    files = EditorFiles(server)
    return ActionContext(
        files=files,
        documents=server.documents,
        settings=settings,
        models=model_service(settings, files, server.language, server.models),
        language=server.language,
        worker=server.worker,
    )
