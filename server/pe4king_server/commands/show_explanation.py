"""Explain: a read-only document, and the offer to put the text into the source as a comment."""

from __future__ import annotations

from dataclasses import replace

from pe4king_core.model.message import Message
from pe4king_core.model.proposal import Explanation, Proposal
from pe4king_server.commands.review import Result, review_and_apply
from pe4king_server.explanations import write_file
from pe4king_server.features.text_document_content import supports_content
from pe4king_server.files import uri_of
from pe4king_server.lsp.requests import ask, show_document, show_message
from pe4king_server.server import Pe4KingServer

_OFFER = Message(
    "Insert the explanation into the test as a comment?",
    "Вставить объяснение в тест как комментарий?",
)
_INSERT = Message("Insert", "Вставить")
_INSERTED = Message(
    "The explanation is in the test as a comment now.",
    "Объяснение вставлено в тест как комментарий.",
)
_NOT_NOW = Message("Not now", "Не сейчас")


async def show_explanation(server: Pe4KingServer, proposal: Proposal) -> Result:
    """Show the explanation in the best way the client has; insert the comment if the user wants."""
    explanation = proposal.explanation
    assert explanation is not None  # noqa: S101 - the caller's condition
    told = await _tell(server, proposal, explanation)
    if not proposal.edits:
        return Result("shown", proposal.message)
    choice = await ask(server, server.say(_OFFER), [server.say(_INSERT), server.say(_NOT_NOW)])
    if choice != server.say(_INSERT):
        return Result("shown", proposal.message)
    inserted = replace(proposal, message=_INSERTED)
    return await review_and_apply(server, inserted, silent=told)


async def _tell(server: Pe4KingServer, proposal: Proposal, explanation: Explanation) -> bool:
    """Show the explanation, and why no model helped; whether that took the one message."""
    parts = [] if proposal.message == proposal.title else [proposal.message]
    if not await _show(server, explanation):
        parts.append(explanation.comment if explanation.comment.en else explanation.markdown)
    if parts:
        show_message(server, " ".join(server.say(part) for part in parts))
    return bool(parts)


async def _show(server: Pe4KingServer, explanation: Explanation) -> bool:
    title, text = server.say(explanation.title), server.say(explanation.markdown)
    if supports_content(server):
        return await show_document(server, server.explanations.add(title, text))
    path = await server.worker(write_file, title, text)
    return path is not None and await show_document(server, uri_of(path))
