"""What an action needs, put together for one run: settings, files, documents, model."""

from __future__ import annotations

from collections.abc import Mapping

from pe4king_server.actions.base import ActionContext
from pe4king_server.lsp.requests import configuration
from pe4king_server.model_service import model_service
from pe4king_server.proving.around import Around
from pe4king_server.proving.prover import ActionProver
from pe4king_server.server import Pe4KingServer
from pe4king_server.settings import parse_settings, require_inside
from pe4king_server.workspace import EditorFiles


async def action_context(server: Pe4KingServer, uri: str) -> ActionContext:
    """The context for an action on `uri`: its folder's settings, pulled now.

    Raises SettingsError where a setting cannot be used.
    """
    settings = require_inside(parse_settings(await _section(server, uri)))
    files = EditorFiles(server)
    around = Around.here(files, settings)
    return ActionContext(
        files=files,
        documents=server.documents,
        settings=settings,
        models=model_service(settings, files, server.language, server.models),
        language=server.language,
        worker=server.worker,
        sources=server.sources,
        around=around,
        prover=ActionProver(files, server.documents, server.sources, around, server.proof_worker),
    )


async def _section(server: Pe4KingServer, uri: str) -> object:
    """The section `pe4king` for `uri`: the client's configuration, else its start options."""
    section = await configuration(server, "pe4king", uri)
    if section is not None:
        return section
    options = server.initialization_options
    return options.get("pe4king") if isinstance(options, Mapping) else None
