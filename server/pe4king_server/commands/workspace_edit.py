"""Our file edits as an LSP workspace edit that this client understands."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types
from pygls.capabilities import get_capability

from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import Edit
from pe4king_server.lsp.positions import TextPositions
from pe4king_server.server import Pe4KingServer

_ANNOTATION = "pe4king"


def workspace_edit(
    server: Pe4KingServer, edits: Sequence[FileEdit], label: str, *, confirm: bool
) -> types.WorkspaceEdit:
    """`edits` with document versions where the client takes them; annotated where it may ask.

    New files are for clients that `can_create` them; the others get edits of existing files only.
    """
    capabilities = server.client_capabilities
    takes_changes = get_capability(capabilities, "workspace.workspace_edit.document_changes")
    if not takes_changes and not can_create(server):
        return types.WorkspaceEdit(changes={edit.uri: _text_edits(server, edit) for edit in edits})
    annotate = confirm and bool(
        get_capability(capabilities, "workspace.workspace_edit.change_annotation_support")
    )
    changes: list[types.TextDocumentEdit | types.CreateFile] = []
    for edit in edits:
        if edit.create:
            # ignoreIfExists is given explicitly: without it LSP4IJ empties an existing file
            options = types.CreateFileOptions(overwrite=False, ignore_if_exists=True)
            changes.append(types.CreateFile(uri=edit.uri, options=options))
        changes.append(_document_edit(server, edit, annotate=annotate))
    annotations = {_ANNOTATION: types.ChangeAnnotation(label=label, needs_confirmation=True)}
    return types.WorkspaceEdit(
        document_changes=changes, change_annotations=annotations if annotate else None
    )


def can_create(server: Pe4KingServer) -> bool:
    """Whether the client makes files; Neovim says only this and takes `documentChanges` too."""
    operations = get_capability(
        server.client_capabilities, "workspace.workspace_edit.resource_operations"
    )
    return types.ResourceOperationKind.Create in (operations or ())


def _document_edit(
    server: Pe4KingServer, edit: FileEdit, *, annotate: bool
) -> types.TextDocumentEdit:
    snapshot = None if edit.create else server.workspace.snapshot(edit.uri)
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=edit.uri, version=snapshot.version if snapshot is not None else None
    )
    plain = _text_edits(server, edit)
    if not annotate:
        return types.TextDocumentEdit(text_document=identifier, edits=plain)
    annotated = [
        types.AnnotatedTextEdit(range=item.range, new_text=item.new_text, annotation_id=_ANNOTATION)
        for item in plain
    ]
    return types.TextDocumentEdit(text_document=identifier, edits=annotated)


def _text_edits(server: Pe4KingServer, edit: FileEdit) -> list[types.TextEdit]:
    positions = TextPositions("" if edit.create else edit.base, server.encoding)
    return [positions.text_edit(item) for item in _in_order(edit.edits)]


def _in_order(edits: Sequence[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: edit.span)
