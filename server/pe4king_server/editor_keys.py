"""Keys that an editor keeps for us in its own secret store: the references `ide:NAME`."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from pe4king_adapter.secret import SecretValue
from pe4king_server.lsp.base import Pe4KingLanguageServer

READ_KEY = "pe4king/readKey"
"""Asks the client for `{"name": "NAME@ORIGIN"}`; it answers `{"key": "..."}`, or `{}`."""

_PROTOCOL_LOGS = ("pygls.protocol", "pygls.protocol.json_rpc")


class _NoResults(logging.Filter):
    """Keeps the results of our requests, of which some are keys, out of the protocol's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Received result for message")


_NO_RESULTS = _NoResults()


class EditorKeys:
    """Reads keys from the client's secret store, each by its name and the origin it is for."""

    def __init__(self, server: Pe4KingLanguageServer) -> None:
        self._server = server

    async def read(self, name: str, origin: str) -> SecretValue | None:
        """The key `name` for `origin`; None from a client that has none, or no store."""
        from pe4king_server.lsp.requests import custom

        for log in _PROTOCOL_LOGS:
            logging.getLogger(log).addFilter(_NO_RESULTS)
        answer = await custom(self._server, READ_KEY, {"name": f"{name}@{origin}"})
        key = _member(answer, "key")
        return SecretValue.parse(key, "ide", name) if isinstance(key, str) and key else None


def _member(answer: object, name: str) -> object:
    return answer.get(name) if isinstance(answer, Mapping) else getattr(answer, name, None)
