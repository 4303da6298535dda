"""The server class that features and commands are registered on; it knows none of them."""

from __future__ import annotations

import logging

from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from pe4king_core.model.text import Encoding
from pe4king_server.lsp.documents import LspWorkspace
from pe4king_server.lsp.protocol import Pe4KingProtocol, converter

_logger = logging.getLogger(__name__)


class Pe4KingLanguageServer(LanguageServer):
    """A language server on the repaired protocol. Handlers take it as their argument `ls`."""

    protocol: Pe4KingProtocol

    def __init__(self, name: str, version: str) -> None:
        super().__init__(name, version, protocol_cls=Pe4KingProtocol, converter_factory=converter)

    @property
    def workspace(self) -> LspWorkspace:
        """Open documents and folders; RuntimeError before `initialize`."""
        return self.protocol.workspace

    @property
    def encoding(self) -> Encoding:
        """The unit of columns that was agreed on with the client."""
        return self.workspace.encoding

    @property
    def locale(self) -> str | None:
        """The language of the client's user interface, if it said so."""
        return self.protocol.locale

    def report_server_error(
        self, error: Exception, source: type[PyglsError] | type[JsonRpcException]
    ) -> None:
        """Log what went wrong outside a request; pygls would show every such error in a popup."""
        if source is FeatureRequestError:
            return  # answered, and logged where it was no refusal
        _logger.error("%s: %s", source.__name__, error, exc_info=error)
