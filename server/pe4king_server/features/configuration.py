"""workspace/didChangeConfiguration: for clients that send settings without being asked."""

from __future__ import annotations

from lsprotocol import types

from pe4king_server.server import Pe4KingServer


def register_configuration(server: Pe4KingServer) -> None:
    """Listen to clients that send settings; others are asked when settings are needed."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(
        ls: Pe4KingServer, params: types.DidChangeConfigurationParams
    ) -> None:
        """What is sent takes the place of the start options of the same name."""
        ls.change_options(params.settings)
