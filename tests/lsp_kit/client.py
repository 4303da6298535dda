"""The editor's side of the protocol: documents in memory, edits, dialogs and progresses, answered
as the editor of its kind answers. What no server should send is kept in `violations`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import pytest_lsp
from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient
from pygls.uris import to_fs_path
from pytest_lsp.protocol import LanguageClientProtocol

from pe4king_server.lsp.protocol import converter
from tests.lsp_kit.edits import BadEdit, edit_text
from tests.lsp_kit.reactions import KINDS, EditorKind, Reaction, Stale

LANGUAGES = {
    ".py": "python",
    ".java": "java",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".ts": "typescript",
}

TextEdits = Sequence[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]


@dataclass
class OpenDocument:
    uri: str
    text: str
    version: int = 1


@dataclass
class ShownProgress:
    """One progress as the user saw it."""

    title: str | None = None
    cancellable: bool = False
    reports: list[types.WorkDoneProgressReport] = field(default_factory=list)
    ended: bool = False


class EditorProtocol(LanguageClientProtocol):
    """Lets the editor react to any request otherwise than by an answer."""

    _server: EditorClient

    def handle_message(self, message: Any) -> None:
        super().handle_message(message)
        self._server.activity.set()

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        self._server.requested.append(method_name)
        reaction = self._server.reactions.get(method_name)
        if reaction is None:
            super()._handle_request(msg_id, method_name, params)
        elif reaction is not Reaction.NEVER:
            error = types.ResponseError(code=reaction.value, message=reaction.name)
            self._send_response(msg_id, error=error)

    def _handle_notification(self, method_name: str, params: Any) -> None:
        if method_name == types.CANCEL_REQUEST:
            self._server.withdrawn += 1
            if params.id not in self._request_futures:
                return
        super()._handle_notification(method_name, params)


class EditorClient(pytest_lsp.LanguageClient):
    """An editor: its documents, what it was told, and how its user behaves.

    Scripted behaviour: `answers` (of the user to questions, in turn: a title, its index, None to
    close the dialog), `accept_edits` (the user's word on edits that need confirmation),
    `cancel_progress` (the user cancels when the progress begins or first reports), `reactions`
    (by method, instead of an answer).
    """

    def __init__(self, kind: EditorKind) -> None:
        super().__init__(protocol_cls=EditorProtocol, converter_factory=editor_converter)
        self.kind = kind
        self.encoding = "utf-16"
        self.documents: dict[str, OpenDocument] = {}
        self.violations: list[str] = []
        self.activity = asyncio.Event()
        self.stderr = ""

        self.requested: list[str] = []
        self.withdrawn = 0
        self.asked: list[types.ShowMessageRequestParams] = []
        self.shown: list[types.ShowDocumentParams] = self.shown_documents
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.refused: list[types.ApplyWorkspaceEditParams] = []
        self.progress: dict[types.ProgressToken, ShownProgress] = {}
        self.registrations: list[types.Registration] = []
        self.refreshed: list[str] = []

        self.answers: list[str | int | None] = []
        self.accept_edits = True
        self.cancel_progress: Literal["begin", "report"] | None = None
        self.reactions: dict[str, Reaction] = {}

    async def start_io(self, cmd: str, *args: str, **more: Any) -> None:
        # Not that of pytest-lsp: it only forwards what the server writes to its standard error.
        await LanguageClient.start_io(self, cmd, *args, **more)
        self._stderr_forwarder = asyncio.create_task(self._keep_stderr())

    async def _keep_stderr(self) -> None:
        while line := await self._server.stderr.readline():
            self.stderr += line.decode(errors="replace")
            sys.stderr.write(line.decode(errors="replace"))

    # Documents

    def document(self, uri: str) -> OpenDocument | None:
        return self.documents.get(unquote(uri))

    def open_text(self, uri: str, text: str) -> OpenDocument:
        """Show a document and tell the server."""
        if self.kind.line_ends == "lf":
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        document = self.documents[unquote(uri)] = OpenDocument(uri, text)
        language = LANGUAGES.get(Path(unquote(uri)).suffix, "plaintext")
        item = types.TextDocumentItem(
            uri=uri, language_id=language, version=document.version, text=text
        )
        self.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
        return document

    def edit(self, document: OpenDocument, edits: Sequence[types.TextEdit]) -> None:
        """Change an open document and tell the server. Raises BadEdit."""
        text, changes = edit_text(document.text, edits, self.encoding)
        document.text = text
        document.version += 1
        changed = types.VersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=changed, content_changes=changes)
        )

    # Workspace edits

    def apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        """Make a workspace edit as this editor does."""
        operations = list(params.edit.document_changes or ())
        operations += [
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(uri=uri), edits=edits
            )
            for uri, edits in (params.edit.changes or {}).items()
        ]
        if self._is_stale(operations) and self.kind.stale is Stale.REFUSES:
            self.refused.append(params)
            return types.ApplyWorkspaceEditResult(applied=False)
        if not self._confirmed(params.edit):
            self.refused.append(params)
            return types.ApplyWorkspaceEditResult(applied=False)
        for operation in operations:
            self._operate(operation)
        self.applied.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _is_stale(self, operations: Sequence[object]) -> bool:
        return any(
            isinstance(operation, types.TextDocumentEdit)
            and operation.text_document.version is not None
            and (document := self.document(operation.text_document.uri)) is not None
            and document.version != operation.text_document.version
            for operation in operations
        )

    def _confirmed(self, edit: types.WorkspaceEdit) -> bool:
        annotations = (edit.change_annotations or {}).values()
        if annotations and not self.capabilities.workspace.workspace_edit.change_annotation_support:
            self.violations.append("change annotations, which the client does not support")
        return self.accept_edits or not any(each.needs_confirmation for each in annotations)

    def _operate(self, operation: object) -> None:
        match operation:
            case types.TextDocumentEdit():
                self._edit_document(operation)
            case types.CreateFile():
                self._create(operation)
            case types.RenameFile():
                _path(operation.old_uri).rename(_path(operation.new_uri))
            case types.DeleteFile():
                _path(operation.uri).unlink()

    def _edit_document(self, operation: types.TextDocumentEdit) -> None:
        stale = self._is_stale([operation])
        if stale and self.kind.stale is Stale.SKIPS:
            return
        if stale and self.kind.stale is Stale.FAILS:
            raise JsonRpcException("Edits require another version", code=-32603)
        uri = operation.text_document.uri
        document = self.document(uri)
        if document is None and self.kind.opens_edited:
            document = self.open_text(uri, _path(uri).read_bytes().decode())
        try:
            if document is not None:
                self.edit(document, self._plain(operation.edits, document.text))
            else:
                text = _path(uri).read_bytes().decode()
                text, _ = edit_text(text, self._plain(operation.edits, text), self.encoding)
                _path(uri).write_bytes(text.encode())
        except BadEdit as error:
            self.violations.append(str(error))
            raise

    def _plain(self, edits: TextEdits, text: str) -> list[types.TextEdit]:
        plain = []
        for edit in edits:
            if isinstance(edit, types.SnippetTextEdit):
                self.violations.append("a snippet edit, which LSP4IJ drops")
                continue
            new = edit.new_text
            if self.kind.line_ends != "as given":
                new = new.replace("\r\n", "\n").replace("\r", "\n")
            if self.kind.line_ends == "document" and "\r\n" in text:
                new = new.replace("\n", "\r\n")
            plain.append(types.TextEdit(range=edit.range, new_text=new))
        return plain

    def _create(self, operation: types.CreateFile) -> None:
        path = _path(operation.uri)
        options = operation.options or types.CreateFileOptions()
        if self.kind.needs_create_options and options.ignore_if_exists is None:
            self.violations.append("CreateFile without ignoreIfExists, on which LSP4IJ fails")
        if path.exists() and not options.ignore_if_exists:
            self.violations.append(f"CreateFile on the existing {path.name}")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    # The user

    def choose(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        """The scripted answer to a question; without a script the user closes the dialog."""
        self.asked.append(params)
        answer = self.answers.pop(0) if self.answers else None
        actions = list(params.actions or ())
        if isinstance(answer, int):
            return actions[answer]
        chosen = [action for action in actions if action.title == answer]
        if answer is not None and not chosen:
            self.violations.append(f"no choice {answer!r} in {[each.title for each in actions]}")
        return chosen[0] if chosen else None

    async def show(self, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        self.shown.append(params)
        if self.kind.needs_selection and params.selection is None:
            self.violations.append("showDocument without a selection, which LSP4IJ never answers")
            await asyncio.Event().wait()
        return types.ShowDocumentResult(success=True)

    def follow_progress(self, token: types.ProgressToken, value: dict[str, Any]) -> None:
        """Keep what a progress showed, and cancel it where the script says so."""
        progress = self.progress.get(token)
        kind = value["kind"]
        if progress is None or progress.ended or (progress.title is None) is (kind != "begin"):
            self.violations.append(f"progress {kind!r} out of order")
            return
        if kind == "begin":
            progress.title = value["title"]
            progress.cancellable = bool(value.get("cancellable"))
        elif kind == "report":
            report = converter().structure(value, types.WorkDoneProgressReport)
            progress.reports.append(report)
        else:
            progress.ended = True
        if kind == self.cancel_progress and len(progress.reports) <= 1:
            self.cancel(token)

    def cancel(self, token: types.ProgressToken) -> None:
        """The user cancels a progress."""
        if not self.progress[token].cancellable:
            self.violations.append("a progress that cannot be cancelled")
        self.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))


def editor_converter() -> Converter:
    """Ours, repaired: lsprotocol takes every code action that has a command for a `Command`."""
    result = converter()

    def structure(offered: dict[str, Any], _: object) -> types.Command | types.CodeAction:
        plain = isinstance(offered.get("command"), str)
        return result.structure(offered, types.Command if plain else types.CodeAction)

    result.register_structure_hook(types.Command | types.CodeAction, structure)
    return result


def make_client(kind: str) -> EditorClient:
    """An editor of a kind: `vscode`, `lsp4ij`, `neovim` or `emacs`."""
    client = EditorClient(KINDS[kind])
    _answer_requests(client)
    _take_notifications(client)
    return client


def _answer_requests(client: EditorClient) -> None:
    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        return client.apply(params)

    @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        return client.choose(params)

    @client.feature(types.WINDOW_SHOW_DOCUMENT)
    async def show(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
        return await client.show(params)

    @client.feature(types.WORKSPACE_CONFIGURATION)
    def configuration(params: types.ConfigurationParams) -> list[object]:
        return [
            client.get_configuration(section=item.section, scope_uri=item.scope_uri)
            for item in params.items
        ]

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        client.registrations += params.registrations

    @client.feature(types.CLIENT_UNREGISTER_CAPABILITY)
    def unregister(params: types.UnregistrationParams) -> None:
        gone = {each.id for each in params.unregisterations}
        client.registrations = [each for each in client.registrations if each.id not in gone]

    @client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
    def create_progress(params: types.WorkDoneProgressCreateParams) -> None:
        if params.token in client.progress:
            client.violations.append("a progress token used twice")
        client.progress[params.token] = ShownProgress()

    for method in (
        types.WORKSPACE_CODE_LENS_REFRESH,
        types.WORKSPACE_DIAGNOSTIC_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH,
    ):
        client.feature(method)(_recorder(client.refreshed, method))


def _recorder(record: list[str], method: str) -> Callable[[object], None]:
    def refresh(params: object) -> None:
        record.append(method)

    return refresh


def _take_notifications(client: EditorClient) -> None:
    @client.feature(types.PROGRESS)
    def progress(params: types.ProgressParams) -> None:
        client.follow_progress(params.token, params.value)

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    def message(params: types.ShowMessageParams) -> None:
        client.messages.append(params)

    @client.feature(types.WINDOW_LOG_MESSAGE)
    def log(params: types.LogMessageParams) -> None:
        client.log_messages.append(params)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def diagnostics(params: types.PublishDiagnosticsParams) -> None:
        client.diagnostics[params.uri] = params.diagnostics


def _path(uri: str) -> Path:
    path = to_fs_path(uri)
    assert path is not None, uri
    return Path(path)
