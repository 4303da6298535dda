"""A server and an editor for one test, in a workspace folder, always ended:

    async with editor("vscode", workspace=tmp_path) as ed:
        await ed.open("test_users.py")
        [action] = await ed.code_actions("test_users.py", "def test_get_user")
        await ed.run(action)
        assert "status_code" in ed.text("test_users.py")

Paths may be relative to the workspace, absolute, or URIs. Places in a document are given by a piece
of its text (its first occurrence), an LSP position or an LSP range.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp_kit.client import EditorClient, ShownProgress, make_client
from tests.lsp_kit.edits import offset_at, position_at

T = TypeVar("T")

COMMAND = (sys.executable, "-m", "pe4king_server", "serve", "--stdio")
LIMIT = 10.0
RUN_LIMIT = 60.0

Place = str | types.Position | types.Range


class Session:
    """What a user does in the editor; `client` is the editor itself and knows what happened."""

    def __init__(self, client: EditorClient, workspace: Path) -> None:
        self.client = client
        self.workspace = workspace
        self.capabilities = types.ServerCapabilities()

    # What the user saw

    @property
    def messages(self) -> list[str]:
        return [params.message for params in self.client.messages]

    @property
    def shown(self) -> list[types.ShowDocumentParams]:
        return self.client.shown

    @property
    def applied(self) -> list[types.ApplyWorkspaceEditParams]:
        return self.client.applied

    @property
    def progress(self) -> list[ShownProgress]:
        return list(self.client.progress.values())

    def text(self, path: str | Path) -> str:
        """The document as the user sees it: unsaved text, else the file."""
        document = self.client.document(self.uri(path))
        return document.text if document else self.path(path).read_bytes().decode()

    # Documents

    def path(self, path: str | Path) -> Path:
        return self.workspace / path

    def uri(self, path: str | Path) -> str:
        return path if isinstance(path, str) and ":" in path else self.path(path).as_uri()

    async def open(self, path: str | Path, text: str | None = None) -> str:
        """Open a file (with `text`: an unsaved state of it); its URI."""
        uri = self.uri(path)
        self.client.open_text(uri, self.path(path).read_bytes().decode() if text is None else text)
        return uri

    async def replace(self, path: str | Path, place: Place, new: str) -> None:
        """Type over a piece of the text, a range, or insert at a position."""
        edit = types.TextEdit(range=self.range(path, place), new_text=new)
        document = self.client.document(self.uri(path))
        assert document is not None, f"{path} is not open"
        self.client.edit(document, [edit])

    async def save(self, path: str | Path) -> None:
        document = types.TextDocumentIdentifier(uri=self.uri(path))
        self.path(path).write_bytes(self.text(path).encode())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document))

    async def close(self, path: str | Path) -> None:
        document = types.TextDocumentIdentifier(uri=self.uri(path))
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(text_document=document)
        )
        self.client.documents.pop(self.uri(path))

    def range(self, path: str | Path, place: Place) -> types.Range:
        """The range of a place; a piece of text is covered."""
        if isinstance(place, types.Range):
            return place
        if isinstance(place, types.Position):
            return types.Range(start=place, end=place)
        text = self.text(path)
        start = text.index(place)
        encoding = self.client.encoding
        return types.Range(
            start=position_at(text, start, encoding),
            end=position_at(text, start + len(place), encoding),
        )

    def cursor(self, path: str | Path, place: Place) -> types.Position:
        """Where the cursor is at a place: at its start."""
        return self.range(path, place).start

    def covered(self, path: str | Path, place: types.Range) -> str:
        """The text in a range that the server gave."""
        text, encoding = self.text(path), self.client.encoding
        start, end = offset_at(text, place.start, encoding), offset_at(text, place.end, encoding)
        return text[start:end]

    # Code actions and commands

    async def code_actions(
        self,
        path: str | Path,
        place: Place,
        *,
        diagnostics: Sequence[types.Diagnostic] = (),
        only: Sequence[str] | None = None,
    ) -> list[types.CodeAction]:
        """What the light bulb offers: at the cursor for a piece of text, else in the range."""
        where = place if isinstance(place, types.Range) else None
        cursor = self.cursor(path, place)
        context = types.CodeActionContext(
            diagnostics=diagnostics, only=only, trigger_kind=types.CodeActionTriggerKind.Invoked
        )
        if not self.client.kind.sends_context:
            kind = types.CodeActionTriggerKind.Automatic
            context = types.CodeActionContext(diagnostics=[], trigger_kind=kind)
        params = types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=self.uri(path)),
            range=where or types.Range(start=cursor, end=cursor),
            context=context,
        )
        offered = await self.within(self.client.text_document_code_action_async(params))
        return [_as_action(each) for each in offered or ()]

    async def action(self, path: str | Path, place: Place, title: str) -> types.CodeAction:
        """The one offered action whose title contains `title`."""
        offered = await self.code_actions(path, place)
        found = [each for each in offered if title in each.title]
        assert len(found) == 1, f"{title!r} in {[each.title for each in offered]}"
        return found[0]

    async def run(self, action: types.CodeAction, limit: float = RUN_LIMIT) -> object:
        """Choose an action, as this editor does: resolve it, make its edit, run its command."""
        assert action.disabled is None, action.disabled
        if self._must_resolve(action):
            action = await self.within(self.client.code_action_resolve_async(action))
        if action.edit is not None:
            self.client.apply(types.ApplyWorkspaceEditParams(edit=action.edit))
        if action.command is None:
            return None
        return await self.execute(
            action.command.command, *(action.command.arguments or ()), limit=limit
        )

    def _must_resolve(self, action: types.CodeAction) -> bool:
        provider = self.capabilities.code_action_provider
        if not (isinstance(provider, types.CodeActionOptions) and provider.resolve_provider):
            return False
        lazy = self.client.kind.name.startswith("lsp4ij")
        return action.edit is None and not (lazy and action.command is not None)

    async def execute(self, command: str, *arguments: object, limit: float = RUN_LIMIT) -> object:
        """Run a command that the server announced; its result."""
        provider = self.capabilities.execute_command_provider
        assert provider is not None
        assert command in provider.commands, f"{command} is not announced"
        params = types.ExecuteCommandParams(command=command, arguments=arguments)
        return await self.within(self.client.workspace_execute_command_async(params), limit)

    # Other features

    async def hover(self, path: str | Path, place: Place) -> types.Hover | None:
        params = types.HoverParams(**self._at(path, place))
        return await self.within(self.client.text_document_hover_async(params))

    async def code_lenses(self, path: str | Path) -> list[types.CodeLens]:
        """The lenses of a document, resolved where needed."""
        document = types.TextDocumentIdentifier(uri=self.uri(path))
        params = types.CodeLensParams(text_document=document)
        lenses = await self.within(self.client.text_document_code_lens_async(params))
        return [
            lens
            if lens.command is not None
            else await self.within(self.client.code_lens_resolve_async(lens))
            for lens in lenses or ()
        ]

    async def completions(self, path: str | Path, place: types.Position) -> list[str]:
        """The labels offered at a position."""
        params = types.CompletionParams(**self._at(path, place))
        answer = await self.within(self.client.text_document_completion_async(params))
        items = answer.items if isinstance(answer, types.CompletionList) else answer
        return [item.label for item in items or ()]

    async def definition(self, path: str | Path, place: Place) -> object:
        params = types.DefinitionParams(**self._at(path, place))
        return await self.within(self.client.text_document_definition_async(params))

    async def references(self, path: str | Path, place: Place) -> Sequence[types.Location]:
        params = types.ReferenceParams(
            **self._at(path, place), context=types.ReferenceContext(include_declaration=True)
        )
        return await self.within(self.client.text_document_references_async(params)) or ()

    async def diagnostics(self, path: str | Path) -> Sequence[types.Diagnostic]:
        """The diagnostics of a document: pulled where both sides can, else the next pushed ones."""
        uri = self.uri(path)
        pulls = self.client.capabilities.text_document.diagnostic is not None
        if not (pulls and self.capabilities.diagnostic_provider):
            await self.until(lambda: uri in self.client.diagnostics)
            return self.client.diagnostics[uri]
        document = types.TextDocumentIdentifier(uri=uri)
        params = types.DocumentDiagnosticParams(text_document=document)
        report = await self.within(self.client.text_document_diagnostic_async(params))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return report.items

    async def content(self, uri: str) -> str:
        """The text of a virtual document."""
        params = types.TextDocumentContentParams(uri=uri)
        answer = await self.within(self.client.workspace_text_document_content_async(params))
        return answer.text

    async def request(self, method: str, params: object = None, limit: float = LIMIT) -> Any:
        """The result of a request by its name."""
        return await self.within(self.client.protocol.send_request_async(method, params), limit)

    async def configure(self, section: str, value: object) -> None:
        """Change a setting; the server is told to ask for it again."""
        self.client.set_configuration(value, section=section)
        self.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )

    # Waiting

    async def within(self, awaitable: Awaitable[T], limit: float = LIMIT) -> T:
        async with asyncio.timeout(limit):
            return await awaitable

    async def until(self, condition: Callable[[], object], limit: float = LIMIT) -> None:
        """Wait for messages of the server until `condition` holds."""
        async with asyncio.timeout(limit):
            while not condition():
                self.client.activity.clear()
                await self.client.activity.wait()

    def _at(self, path: str | Path, place: Place) -> dict[str, Any]:
        document = types.TextDocumentIdentifier(uri=self.uri(path))
        return {"text_document": document, "position": self.cursor(path, place)}


@asynccontextmanager
async def editor(
    kind: str,
    workspace: Path,
    command: Sequence[str] = COMMAND,
    *,
    locale: str = "en",
    settings: Mapping[str, object] | None = None,
    initialization_options: object = None,
    environment: Mapping[str, str] | None = None,
    features: Mapping[str, Callable[[Any], object]] | None = None,
    experimental: object = None,
) -> AsyncIterator[Session]:
    """A running server and an editor connected to it.

    `settings` are those of the user by section, `environment` replaces the server's environment,
    `features` are handlers of our own requests by method, `experimental` the capability.
    Fails in the end where the server broke a rule of this editor or had to be killed.
    """
    client = make_client(kind)
    for method, handler in (features or {}).items():
        client.feature(method)(handler)
    for section, value in (settings or {}).items():
        client.set_configuration(value, section=section)
    await client.start_io(*command, env=None if environment is None else dict(environment))
    session = Session(client, workspace)
    try:
        await _initialize(session, locale, initialization_options, experimental)
        yield session
    except BaseException:
        await _end(client)
        raise
    failure = await _end(client)
    assert failure is None, f"{failure}; stderr: {client.stderr[-2000:]}"
    assert not client.violations, client.violations
    left = [progress.title for progress in client.progress.values() if not progress.ended]
    assert not left, f"progresses never ended: {left}"


async def _initialize(
    session: Session, locale: str, initialization_options: object, experimental: object
) -> None:
    client = session.client
    capabilities = client.kind.capabilities
    capabilities.experimental = experimental
    uri = session.workspace.as_uri()
    params = types.InitializeParams(
        capabilities=capabilities,
        client_info=types.ClientInfo(name=client.kind.name),
        locale=locale,
        root_uri=uri if client.kind.root_uri else None,
        workspace_folders=[types.WorkspaceFolder(uri=uri, name=session.workspace.name)],
        initialization_options=initialization_options,
    )
    result = await session.within(client.initialize_session(params))
    session.capabilities = result.capabilities
    client.encoding = str(result.capabilities.position_encoding or "utf-16")


async def _end(client: EditorClient) -> str | None:
    """Shut the server down, or kill it; why, if it did not leave as it should."""
    server = client._server
    failure = None
    if server.returncode is not None:
        failure = f"the server died with {server.returncode}"
    else:
        try:
            async with asyncio.timeout(LIMIT / 2):
                await client.shutdown_async(None)
                client.exit(None)
                code = await server.wait()
            failure = f"exit code {code}" if code else None
        except (TimeoutError, RuntimeError, JsonRpcException) as error:
            failure = f"the server did not shut down: {error!r}"
            if server.returncode is None:
                server.kill()
    for future in tuple(client.protocol._request_futures.values()):
        future.cancel()
    async with asyncio.timeout(LIMIT / 2):
        await client.stop()
        if client._stderr_forwarder is not None:
            await asyncio.wait([client._stderr_forwarder])
    return failure


def _as_action(offered: types.Command | types.CodeAction) -> types.CodeAction:
    if isinstance(offered, types.CodeAction):
        return offered
    return types.CodeAction(title=offered.title, command=offered)
