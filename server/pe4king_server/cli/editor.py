"""A small editor for the demo: a real LSP client that keeps documents and applies edits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from pe4king_core import __version__
from pe4king_core.model.text import Edit, Encoding, apply_edits
from pe4king_server.files import path_of, uri_of
from pe4king_server.lsp.positions import TextPositions
from pe4king_server.lsp.protocol import converter

_LANGUAGES = {".py": "python", ".java": "java", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_LIMIT = 120.0

T = TypeVar("T")


class Editor:
    """Talks to a server that runs as a child over standard streams."""

    def __init__(self, folder: Path, language: str, settings: dict[str, object]) -> None:
        self.folder = folder
        self.messages: list[str] = []
        self.shown: list[str] = []
        self.answer: str | None = None
        """What is chosen in questions of the server; None closes them."""
        self.settings = settings
        self._texts: dict[str, tuple[int, str]] = {}
        self._language = language
        self._client = LanguageClient("pe4king-demo", __version__, converter_factory=_converter)
        self._register()

    async def start(self) -> types.InitializeResult:
        """Start the server and shake hands."""
        await self._client.start_io(
            sys.executable, "-P", "-m", "pe4king_server", "serve", "--stdio"
        )
        params = types.InitializeParams(
            capabilities=_capabilities(),
            locale=self._language,
            root_uri=uri_of(self.folder),
            workspace_folders=[types.WorkspaceFolder(uri=uri_of(self.folder), name="demo")],
        )
        result = await self._wait(self._client.initialize_async(params))
        self._client.initialized(types.InitializedParams())
        return result

    async def stop(self) -> None:
        """Leave as an editor does."""
        try:
            await asyncio.wait_for(self._client.shutdown_async(None), 5)
            self._client.exit(None)
        finally:
            stop: Any = self._client.stop  # pygls does not type it
            await asyncio.wait_for(stop(), 5)

    def open(self, path: Path) -> str:
        """Open a file and return its URI."""
        uri, text = uri_of(path), path.read_text(encoding="utf-8")
        self._texts[uri] = (1, text)
        item = types.TextDocumentItem(
            uri=uri, language_id=_LANGUAGES.get(path.suffix, "plaintext"), version=1, text=text
        )
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return uri

    async def actions(self, uri: str, offset: int) -> dict[str, types.Command]:
        """The commands of the code actions that are offered at `offset`, by their ids."""
        place = TextPositions(self._texts[uri][1], Encoding.UTF16).position(offset)
        found = await self._wait(
            self._client.text_document_code_action_async(
                types.CodeActionParams(
                    text_document=types.TextDocumentIdentifier(uri=uri),
                    range=types.Range(start=place, end=place),
                    context=types.CodeActionContext(diagnostics=[]),
                )
            )
        )
        return {
            item.command.command: item.command
            for item in found or ()
            if isinstance(item, types.CodeAction) and item.command is not None
        }

    async def run(self, command: types.Command) -> dict[str, Any]:
        """Run what an action stands for; its result says what became of it."""
        params = types.ExecuteCommandParams(
            command=command.command, arguments=list(command.arguments or ())
        )
        result = await self._wait(self._client.workspace_execute_command_async(params))
        return result if isinstance(result, dict) else {}

    async def _wait(self, request: Awaitable[T]) -> T:
        return await asyncio.wait_for(request, _LIMIT)

    def _register(self) -> None:
        feature: Any = self._client.feature  # pygls does not type it

        @feature(types.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator]
        def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            for change in params.edit.document_changes or ():
                self._apply(change)
            return types.ApplyWorkspaceEditResult(applied=True)

        @feature(types.WINDOW_SHOW_MESSAGE)  # type: ignore[untyped-decorator]
        def show_message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @feature(types.WINDOW_SHOW_MESSAGE_REQUEST)  # type: ignore[untyped-decorator]
        def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            titles = [action.title for action in params.actions or ()]
            return types.MessageActionItem(title=self.answer) if self.answer in titles else None

        @feature(types.WINDOW_SHOW_DOCUMENT)  # type: ignore[untyped-decorator]
        def show_document(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params.uri)
            return types.ShowDocumentResult(success=True)

        @feature(types.WORKSPACE_CONFIGURATION)  # type: ignore[untyped-decorator]
        def configuration(params: types.ConfigurationParams) -> list[object]:
            return [self.settings if item.section == "pe4king" else None for item in params.items]

    def _apply(self, change: object) -> None:
        if isinstance(change, types.CreateFile):
            path = path_of(change.uri)
            if path is not None and not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("", encoding="utf-8")
        elif isinstance(change, types.TextDocumentEdit):
            path = path_of(change.text_document.uri)
            if path is None:
                return
            text = path.read_text(encoding="utf-8")
            positions = TextPositions(text, Encoding.UTF16)
            edits = [
                Edit(positions.span(edit.range), edit.new_text)
                for edit in change.edits
                if isinstance(edit, types.TextEdit)
            ]
            self._save(path, apply_edits(text, edits))

    def _save(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        uri = uri_of(path)
        if uri not in self._texts:
            return
        version = self._texts[uri][0] + 1
        self._texts[uri] = (version, text)
        self._client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=version),
                content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )


def _converter() -> Any:
    """lsprotocol takes every code action that has a command for a bare command; repaired here."""
    made = converter()

    def structure(offered: dict[str, Any], _: object) -> types.Command | types.CodeAction:
        plain = isinstance(offered.get("command"), str)
        if plain:
            return made.structure(offered, types.Command)
        return made.structure(offered, types.CodeAction)

    made.register_structure_hook(types.Command | types.CodeAction, structure)
    return made


def _capabilities() -> types.ClientCapabilities:
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            configuration=True,
            workspace_folders=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(
                document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
            ),
        ),
        window=types.WindowClientCapabilities(
            show_document=types.ShowDocumentClientCapabilities(support=True)
        ),
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind.Utf16]
        ),
    )
