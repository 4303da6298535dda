"""From a proposal to an edit: review in the best way the client has, check, apply, tell.

The text may have changed while a model was thinking. An edit whose place was not touched moves
along with its text; any other is refused. This is decided here because editors differ: LSP4IJ
ignores document versions and says "applied" whatever happened.
"""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit, Origin, Proposal
from pe4king_core.model.text import Edit, Span
from pe4king_server.actions.evidence import evidence_line, titled
from pe4king_server.commands.workspace_edit import can_create, workspace_edit
from pe4king_server.disk import remove_new, write_edits
from pe4king_server.files import is_there, path_of
from pe4king_server.lsp.requests import apply_edit, show_document, show_message
from pe4king_server.server import Pe4KingServer

_STALE = Message(
    "The file changed meanwhile, so nothing was inserted. Run the action again.",
    "Файл тем временем изменился, поэтому ничего не вставлено. Запустите действие ещё раз.",
)
_DECLINED = Message("The edit was not applied.", "Правка не применена.")
_EXISTS = Message(
    "A file of that name appeared meanwhile, so nothing was written. Run the action again.",
    "Файл с таким именем уже появился, поэтому ничего не записано. Запустите действие ещё раз.",
)


@dataclass(frozen=True, slots=True)
class Result:
    """`status`: applied, nothing, declined, stale, shown."""

    status: str
    message: Message


async def review_and_apply(
    server: Pe4KingServer, proposal: Proposal, *, silent: bool = False
) -> Result:
    """Apply the edits of `proposal`, all or none, and tell the user once what happened.

    `silent`: the user was told something already, so success is not told as well.
    """
    async with server.editing.files(edit.uri for edit in proposal.edits):
        current = current_edits(server, proposal.edits)
        if isinstance(current, Message):
            return _told(server, Result("stale", current), types.MessageType.Warning)
        if not await _apply(server, proposal, current):
            return _told(server, Result("declined", _DECLINED), types.MessageType.Warning)
    result = Result("applied", proposal.message)
    if not silent:
        _told(server, result, types.MessageType.Info)
    await _show(server, current)
    return result


async def _apply(server: Pe4KingServer, proposal: Proposal, edits: tuple[FileEdit, ...]) -> bool:
    """Hand the edits to the client; files that it cannot create are written by us.

    Ours come first, as we can take them back where the client does not make the others.
    """
    ours = () if can_create(server) else tuple(edit for edit in edits if edit.create)
    theirs = tuple(edit for edit in edits if edit not in ours)
    write_edits(ours)
    applied = False
    try:
        applied = not theirs or await _hand_over(server, proposal, theirs)
    finally:
        if not applied:
            remove_new(ours)
    return applied


async def _hand_over(
    server: Pe4KingServer, proposal: Proposal, edits: tuple[FileEdit, ...]
) -> bool:
    label = f"{server.say(proposal.title)} · {server.say(evidence_line(proposal.evidence))}"
    edit = workspace_edit(server, edits, label, confirm=_wants_confirmation(proposal))
    return (await apply_edit(server, server.say(titled(proposal)), edit)).applied


def _told(server: Pe4KingServer, result: Result, kind: types.MessageType) -> Result:
    show_message(server, server.say(result.message), kind)
    return result


def _wants_confirmation(proposal: Proposal) -> bool:
    """What a model wrote into an existing file is looked at first, where the editor can."""
    return Origin.MODEL in proposal.origins and not all(edit.create for edit in proposal.edits)


async def _show(server: Pe4KingServer, edits: tuple[FileEdit, ...]) -> None:
    """Open the first new file that holds tests."""
    created = [edit for edit in edits if edit.create]
    if created:
        await show_document(server, created[0].uri)


def current_edits(
    server: Pe4KingServer, edits: tuple[FileEdit, ...]
) -> tuple[FileEdit, ...] | Message:
    """`edits` for the texts as they are now, or why they cannot be made."""
    made: list[FileEdit] = []
    for edit in edits:
        snapshot = server.workspace.snapshot(edit.uri)
        if edit.create:
            path = path_of(edit.uri)
            if snapshot is not None or (path is not None and is_there(path)):
                return _EXISTS
            made.append(edit)
            continue
        if snapshot is None:
            return _STALE
        moved = rebase(edit, snapshot.text)
        if moved is None:
            return _STALE
        made.append(moved)
    return tuple(made)


def rebase(edit: FileEdit, text: str) -> FileEdit | None:
    """`edit` for `text`, where what changed lies clear of it; else None.

    The change lies between the common start and the common end of both texts. Where these
    overlap (a line was typed among equal lines) nobody can tell where it was made, so all of the
    overlap counts as changed. The change may touch neither the places of the edits nor the parts
    of the text that they rely on.
    """
    if text == edit.base:
        return edit
    start = _common(edit.base, text)
    end = len(edit.base) - _common(edit.base[::-1], text[::-1])
    shift = len(text) - len(edit.base)
    changed = Span(min(start, end), max(start, end))
    if any(part.start < changed.end and changed.start < part.end for part in edit.relies_on):
        return None
    moved: list[Edit] = []
    for item in edit.edits:
        if item.span.end < changed.start:
            moved.append(item)
        elif item.span.start > changed.end:
            moved.append(Edit(Span(item.span.start + shift, item.span.end + shift), item.text))
        else:
            return None
    relies = tuple(
        part if part.end <= changed.start else Span(part.start + shift, part.end + shift)
        for part in edit.relies_on
    )
    return FileEdit(edit.uri, tuple(moved), base=text, relies_on=relies)


def _common(one: str, other: str) -> int:
    """The length of the common start of two texts."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
