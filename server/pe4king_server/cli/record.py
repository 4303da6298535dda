"""`pe4king record URL --output FILE`: a proxy in front of a real API that records its answers."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
from collections.abc import Awaitable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.mock.exchange import Sent
from pe4king_core.model.operation import ApiDocument
from pe4king_server.cli.output import Output
from pe4king_server.cli.record_words import Counts, greeting, line, summary

if TYPE_CHECKING:
    from pe4king_core.mock.recording.masking.masker import Masker
    from pe4king_core.mock.recording.recorded import Recorded
    from pe4king_core.mock.recording.writing import RecordingWriter
    from pe4king_core.mock.requests.routing import Found, Router
    from pe4king_server.cli.mock_log import LineWriter
    from pe4king_server.cli.record_proxy import RecordingProxy

_KILOBYTE = 1024

_logger = logging.getLogger(__name__)


def record_command(options: argparse.Namespace, output: Output) -> int:
    """Record until somebody ends it; 0 then."""
    from pe4king_core.mock.http.serving import MockServer, address
    from pe4king_core.mock.recording.writing import RecordingWriter
    from pe4king_server.cli.listening import allow_many_connections, bound_socket
    from pe4king_server.cli.mock_log import LineWriter
    from pe4king_server.cli.record_proxy import RecordingProxy
    from pe4king_server.cli.record_rewriting import Upstream

    upstream = Upstream.parse(options.url)
    document = _document(options)
    path = Path(options.output)
    with ExitStack() as stack:
        listening = stack.enter_context(closing(bound_socket("127.0.0.1", options.port)))
        writer = stack.enter_context(RecordingWriter(path, upstream.url))
        lines = stack.enter_context(closing(LineWriter(sys.stdout)))
        recorder = Recorder(options, document, writer, lines)
        url = address(listening)
        proxy = RecordingProxy(
            upstream,
            url,
            recorder.record,
            recorder.failed,
            timeout=float(options.timeout),
            most=options.max_body * _KILOBYTE,
        )

        def announce() -> None:
            for message in greeting(url, upstream.url, path):
                lines.line(message.text(output.language))

        server = MockServer(proxy, announce, date_header=False)
        allow_many_connections()
        asyncio.run(_served(server.serve([listening]), proxy))
        for message in summary(recorder.counts, path, has_document=document is not None):
            lines.line(message.text(output.language))
    return 0


async def _served(serving: Awaitable[None], proxy: RecordingProxy) -> None:
    try:
        await serving
    finally:
        await proxy.close()


class Recorder:
    """Masks exchanges, writes them, tells of them and counts them. Thread-safe."""

    def __init__(
        self,
        options: argparse.Namespace,
        document: ApiDocument | None,
        writer: RecordingWriter,
        lines: LineWriter,
    ) -> None:
        self.counts = Counts()
        self._writer = writer
        self._lines = lines
        self._is_quiet = options.quiet
        self._color = sys.stdout.isatty() and not options.no_color and "NO_COLOR" not in os.environ
        self._router = _router(document)
        self._lock = threading.Lock()
        self._masker = self._made_masker(options, document)

    def record(self, recorded: Recorded, milliseconds: float) -> None:
        """Write an exchange; what cannot be written is told and keeps nobody from the answer."""
        try:
            self._record(recorded, milliseconds)
        except Exception as error:
            self.counts.unwritten += 1
            _logger.exception("An exchange was not recorded")
            # Its text may hold what must not be shown.
            why = error.strerror if isinstance(error, OSError) else type(error).__name__
            self._lines.line(f"{recorded.sent.method}: not recorded ({why})")

    def _record(self, recorded: Recorded, milliseconds: float) -> None:
        found = self._found(recorded.sent)
        operation = found.operation if found is not None else None
        key = operation.key if operation is not None else ""
        with self._lock:
            masked = self._masker.masked(recorded)
            self._writer.add(masked)
            target = masked.sent.target
            self.counts.add(key, recorded.sent.method, target)
        if not self._is_quiet:
            status = recorded.answer.status
            told = line(recorded.sent.method, target, status, key, color=self._color)
            self._lines.line(f"{told}  {milliseconds:.0f} ms")

    def failed(self, sent: Sent, status: int) -> None:
        """Tell of a request that the server did not answer to the end."""
        with self._lock:
            target = self._masker.target(sent)
            self.counts.failures += 1
        if not self._is_quiet:
            self._lines.line(line(sent.method, target, status, "", color=self._color) + "  --")

    def _made_masker(self, options: argparse.Namespace, document: ApiDocument | None) -> Masker:
        from platformdirs import user_state_path

        from pe4king_core.mock.recording.keys import key_of
        from pe4king_core.mock.recording.masking.masker import Masker

        schemes = () if document is None else document.security_schemes.values()
        names = [each.parameter for each in schemes if each.parameter]
        return Masker(
            key_of(user_state_path("pe4king"), self._writer.salt),
            names=(*names, *options.mask),
            kept=options.no_mask,
            parameters=None if self._router is None else self._path_parameters,
        )

    def _path_parameters(self, sent: Sent) -> dict[str, str]:
        found = self._found(sent)
        return dict(found.parameters) if found is not None else {}

    def _found(self, sent: Sent) -> Found | None:
        return None if self._router is None else self._router.find(sent.method, sent.target)


def _router(document: ApiDocument | None) -> Router | None:
    if document is None:
        return None
    from pe4king_core.mock.requests.routing import Router

    return Router(document)


def _document(options: argparse.Namespace) -> ApiDocument | None:
    """The document of `--spec`. Raises UserError where it cannot be used."""
    if not options.spec:
        return None
    from pe4king_server.cli.reading import document_store, surroundings
    from pe4king_server.files import read_document, uri_of

    path = Path(options.spec)
    text = read_document(path)
    with document_store(options.allow_host) as store:
        return store.load(uri_of(path), text, surroundings(path))
