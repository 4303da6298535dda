"""workspace/textDocumentContent: the text of our read-only documents (LSP 3.18)."""

from __future__ import annotations

from lsprotocol import types
from pygls.capabilities import get_capability

from pe4king_server.explanations import SCHEME
from pe4king_server.server import Pe4KingServer


def register_text_document_content(server: Pe4KingServer) -> None:
    """Answer for `pe4king:` documents."""

    @server.feature(
        types.WORKSPACE_TEXT_DOCUMENT_CONTENT, types.TextDocumentContentOptions(schemes=[SCHEME])
    )
    def text_document_content(
        ls: Pe4KingServer, params: types.TextDocumentContentParams
    ) -> types.TextDocumentContentResult:
        """The text; empty for a document that was forgotten."""
        return types.TextDocumentContentResult(text=ls.explanations.text(params.uri) or "")


def supports_content(server: Pe4KingServer) -> bool:
    """Whether the client can show virtual documents of ours."""
    return get_capability(server.client_capabilities, "workspace.text_document_content") is not None
