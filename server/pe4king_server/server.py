"""The one place where the language server is put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from pe4king_core import __version__
from pe4king_core.model.message import Message, language_of
from pe4king_server.editing import Editing
from pe4king_server.lsp.base import Pe4KingLanguageServer

if TYPE_CHECKING:
    from pe4king_server.actions.base import Worker
    from pe4king_server.document_texts import DocumentTexts
    from pe4king_server.documents import DocumentStore
    from pe4king_server.explanations import Explanations
    from pe4king_server.features.targets import Places
    from pe4king_server.model_service import ModelHost
    from pe4king_server.reading.process import ReaderProcess
    from pe4king_server.sources.store import SourceStore


class Pe4KingServer(Pe4KingLanguageServer):
    """The server with what outlives a request. Parts are made when they are first needed."""

    def __init__(self) -> None:
        super().__init__("pe4king", __version__)
        self.initialization_options: object = None
        self._reader: ReaderProcess | None = None
        self._texts: DocumentTexts | None = None
        self._documents: DocumentStore | None = None
        self._sources: SourceStore | None = None
        self._worker: Worker | None = None
        self.editing = Editing()
        self._menu_worker: Worker | None = None
        self._proof_worker: Worker | None = None
        self._places: Places | None = None
        self._explanations: Explanations | None = None
        self._models: ModelHost | None = None

    @property
    def texts(self) -> DocumentTexts:
        """Texts of documents, read in a child process."""
        if self._texts is None:
            from pe4king_server.document_texts import DocumentTexts
            from pe4king_server.reading.process import ReaderProcess

            self._reader = ReaderProcess()
            self._texts = DocumentTexts(self._reader)
        return self._texts

    @property
    def documents(self) -> DocumentStore:
        """Loaded OpenAPI documents."""
        if self._documents is None:
            from pe4king_server.documents import DocumentStore
            from pe4king_server.remote import RemoteTexts

            self._documents = DocumentStore(RemoteTexts.allowed(), self.texts)
        return self._documents

    @property
    def sources(self) -> SourceStore:
        """The tests of the workspace as read."""
        if self._sources is None:
            from pe4king_server.sources.store import SourceStore

            self._sources = SourceStore()
        return self._sources

    @property
    def worker(self) -> Worker:
        """Where work is done that needs the processor."""
        if self._worker is None:
            from pe4king_server.worker import ThreadWorker

            self._worker = ThreadWorker()
        return self._worker

    @property
    def menu_worker(self) -> Worker:
        """Where menus are made: a document that is being loaded must not hold them up.

        Not for a command, and not for a menu of its own: that waits for the reader.
        """
        if self._menu_worker is None:
            from pe4king_server.worker import ThreadWorker

            self._menu_worker = ThreadWorker(threads=3)
        return self._menu_worker

    @property
    def proof_worker(self) -> Worker:
        """Where tests are run: one proof at a time, beside the other work."""
        if self._proof_worker is None:
            from pe4king_server.worker import ThreadWorker

            self._proof_worker = ThreadWorker()
        return self._proof_worker

    @property
    def places(self) -> Places:
        """What stands where in the texts that menus were drawn for."""
        if self._places is None:
            from pe4king_server.features.targets import Places

            self._places = Places(self.texts)
        return self._places

    @property
    def models(self) -> ModelHost:
        """The model's provider with its connections."""
        if self._models is None:
            from pe4king_server.editor_keys import EditorKeys
            from pe4king_server.model_service import ModelHost
            from pe4king_server.settings import user_llm_settings

            own = user_llm_settings(self.initialization_options)
            self._models = ModelHost(EditorKeys(self), own)
        return self._models

    @property
    def explanations(self) -> Explanations:
        """Read-only documents that were shown."""
        if self._explanations is None:
            from pe4king_server.explanations import Explanations

            self._explanations = Explanations()
        return self._explanations

    def change_options(self, changed: object) -> None:
        """Replace those of the start options that `changed` names, if it names any."""
        if not isinstance(changed, Mapping) or not changed:
            return
        from pe4king_server.settings import user_llm_settings

        known = self.initialization_options
        self.initialization_options = {**(known if isinstance(known, Mapping) else {}), **changed}
        if self._models is not None:
            self._models.user_settings = user_llm_settings(self.initialization_options)

    def shutdown(self) -> None:
        """End what runs beside us."""
        if self._reader is not None:
            self._reader.close()
        super().shutdown()  # type: ignore[no-untyped-call]

    @property
    def language(self) -> str:
        """ "en" or "ru", after the client's locale."""
        return language_of(self.locale)

    def say(self, message: Message) -> str:
        """`message` in the user's language."""
        return message.text(self.language)


def create_server() -> Pe4KingServer:
    """A server with every feature and command registered, ready to run."""
    from pe4king_server.commands.registration import register_commands
    from pe4king_server.features.code_action import register_code_actions
    from pe4king_server.features.configuration import register_configuration
    from pe4king_server.features.text_document_content import register_text_document_content
    from pe4king_server.features.watched_files import register_watched_files

    server = Pe4KingServer()
    register_code_actions(server)
    register_commands(server)
    register_text_document_content(server)
    register_watched_files(server)
    register_configuration(server)

    @server.feature(types.INITIALIZE)
    def initialize(ls: Pe4KingServer, params: types.InitializeParams) -> None:
        """Keep the options: they are the settings of clients that have no configuration."""
        ls.initialization_options = params.initialization_options

    return server
