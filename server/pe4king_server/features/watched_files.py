"""workspace/didChangeWatchedFiles: what changed on disk is read again when it is needed next."""

from __future__ import annotations

from lsprotocol import types

from pe4king_server.server import Pe4KingServer


def register_watched_files(server: Pe4KingServer) -> None:
    """Listen to clients that watch files; for others the disk is looked at before each use."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched_files(
        ls: Pe4KingServer, params: types.DidChangeWatchedFilesParams
    ) -> None:
        """Forget what was read of these files."""
        # Whoever reads at the moment holds the store: the event loop must not wait for that.
        await ls.worker(ls.sources.changed, [change.uri for change in params.changes])
