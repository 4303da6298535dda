"""`pe4king mock DOC...`: answers requests as documents say."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_server.cli.listening import allow_many_connections, bound_sockets
from pe4king_server.cli.output import Output
from pe4king_server.reading.process import ReaderProcess

if TYPE_CHECKING:
    import socket

    from pe4king_core.mock.http.log import Entry
    from pe4king_core.mock.service import Service
    from pe4king_server.cli.mock_documents import ServedFile, Watcher
    from pe4king_server.cli.mock_recorded import Recordings


def mock_command(options: argparse.Namespace, output: Output) -> int:
    """Serve until somebody ends it; 0 then."""
    with ExitStack() as stack:
        process = stack.enter_context(closing(ReaderProcess()))
        loading = _Loading(options, process)
        loading.start()
        listening = [
            stack.enter_context(closing(each)) for each in bound_sockets(options.host, options.port)
        ]
        files = loading.files()
        process.rest()
        return _Mock(options, output, files, listening, stack).serve()


class _Loading:
    """Reads the documents in a thread: a child parses while this process imports the server."""

    def __init__(self, options: argparse.Namespace, process: ReaderProcess) -> None:
        self._options = options
        self._process = process
        self._files: list[ServedFile] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def files(self) -> Sequence[ServedFile]:
        """The documents. Raises UserError where one cannot be used."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._files

    def _run(self) -> None:
        try:
            self._read()
        except BaseException as error:  # noqa: BLE001 - raised again for who waits
            self._error = error

    def _read(self) -> None:
        from pe4king_server.cli.mock_documents import ServedFile, path_of_document
        from pe4king_server.document_texts import DocumentTexts
        from pe4king_server.documents import DocumentStore
        from pe4king_server.remote import RemoteTexts

        texts = DocumentTexts(self._process)
        store = DocumentStore(RemoteTexts.allowed(self._options.allow_host), texts)
        for name in self._options.documents:
            self._files.append(ServedFile(path_of_document(name), store, texts))


class _Mock:
    """One run of the command."""

    def __init__(
        self,
        options: argparse.Namespace,
        output: Output,
        files: Sequence[ServedFile],
        listening: Sequence[socket.socket],
        stack: ExitStack,
    ) -> None:
        from pe4king_core.mock.http.app import MockApp
        from pe4king_core.mock.http.log import RequestLog
        from pe4king_core.mock.http.mounts import Mounts
        from pe4king_core.mock.http.serving import address
        from pe4king_server.cli.mock_log import LineWriter

        self._options = options
        self._language = output.language
        self._files = files
        self._sockets = list(listening)
        self._url = address(listening[0])
        self._json = options.log_format == "json"
        self._color = sys.stdout.isatty() and not options.no_color and "NO_COLOR" not in os.environ
        self._writer = stack.enter_context(closing(LineWriter(sys.stdout)))
        self._recordings = _recordings(options)
        self._mounts = Mounts.of((file.path.stem, self._service(file)) for file in files)
        log = RequestLog(None if options.quiet else self._tell)
        hosts = (options.host.lower(),)
        self._app = MockApp(self._mounts, log, cors=not options.no_cors, hosts=hosts)

    def serve(self) -> int:
        """Serve until a signal comes."""
        from pe4king_core.mock.http.serving import MockServer
        from pe4king_server.cli.mock_documents import Watcher

        with closing(Watcher(self._files, self._changed)) as watcher:
            server = MockServer(self._app, lambda: self._announce(watcher))
            allow_many_connections()
            # The documents stay: the collector need not look at them again and again.
            gc.freeze()
            server.run(self._sockets)
        if not self._json:
            self._say(Message("Stopped.", "Остановлено."))
        return 0

    def _service(self, file: ServedFile) -> Service:
        from pe4king_core.mock.answers.variations import Variety
        from pe4king_core.mock.service import Options, Service
        from pe4king_core.mock.state.unknown import Unknown

        told = self._options
        options = Options(
            seed=told.seed,
            variety=Variety(told.variety),
            lenient=told.lenient,
            unknown=Unknown(told.unknown_ids),
            fail_rate=told.fail,
            delay=told.delay,
            credentials=tuple(told.credential),
        )
        recording = self._recordings.of(file) if self._recordings is not None else None
        return Service(file.document, options, recording, raw=file.bundle)

    def _announce(self, watcher: Watcher) -> None:
        from pe4king_server.cli.mock_words import greeting

        watcher.start()
        if self._json:
            names = [mount.name for mount in self._mounts.all]
            self._event("listening", url=self._url, documents=names)
        else:
            for message in greeting(self._mounts, self._files, self._url, self._options):
                self._say(message)
        for message in () if self._recordings is None else self._recordings.messages():
            if self._json:
                self._event("recording", message=message.text(self._language).strip())
            else:
                self._say(message)

    def _tell(self, entry: Entry) -> None:
        from pe4king_server.cli.mock_log import as_json, as_text

        if self._json:
            self._writer.line(as_json(entry))
        else:
            self._writer.line(as_text(entry, color=self._color, language=self._language))

    def _changed(self, file: ServedFile, changed: Sequence[Path]) -> None:
        """Serve the changed document, unless it is broken now."""
        from pe4king_server.cli.mock_reload import Reload

        wrong = file.read_again(changed, self._language)
        mount = self._mounts.all[self._files.index(file)]
        reload = None
        if wrong is None:
            self._mounts.replace(mount.name, mount.service.succeeded_by(file.document))
            reload = Reload(mount, self._mounts.all[self._files.index(file)])
        if self._json:
            self._event("reloaded" if wrong is None else "kept", document=mount.name, reason=wrong)
            return
        if wrong is not None:
            self._writer.line(wrong)
            self._say(
                Message(
                    f"{mount.name}: the document as it was before is still served.",
                    f"{mount.name}: обслуживается прежний вариант документа.",
                )
            )
            return
        for message in () if reload is None else reload.messages(_clock(), self._url):
            self._say(message)

    def _say(self, message: Message) -> None:
        self._writer.line(message.text(self._language))

    def _event(self, name: str, **members: object) -> None:
        self._writer.line(json.dumps({"event": name, **members}, ensure_ascii=False))


def _clock() -> str:
    return time.strftime("%H:%M:%S")


def _recordings(options: argparse.Namespace) -> Recordings | None:
    """The recorded answers, where some are given. Raises UserError."""
    if not options.recorded:
        return None
    from pe4king_server.cli.mock_recorded import Recordings

    return Recordings(options)
