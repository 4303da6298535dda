"""One command from click to edit: snapshot, progress, action, review, edit, message.

A command always ends with a normal result (`status`, `message`) and at most one message to the
user; error responses would be shown twice by editors. The user's file is only ever changed by
`workspace/applyEdit`, and only if the text is still what the proposal was made for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from lsprotocol import types

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import Proposal
from pe4king_server.actions.base import Action, ActionContext, OperationTarget, Target, TestTarget
from pe4king_server.actions.proven import with_proof
from pe4king_server.commands.review import Result, review_and_apply
from pe4king_server.composition import action_context
from pe4king_server.lsp.progress import Cancelled, Report, run_with_progress
from pe4king_server.lsp.requests import show_message
from pe4king_server.server import Pe4KingServer

_logger = logging.getLogger(__name__)

_UNEXPECTED = Message(
    "Pe4King ran into an internal error. Your files are unchanged; the server's log has details.",
    "В Pe4King произошла внутренняя ошибка. Ваши файлы не изменены; подробности в журнале сервера.",
)
_BAD_ARGUMENTS = Message(
    "This command needs a place: use it from the light bulb or the context menu.",
    "Команде нужно место: вызовите её через лампочку или контекстное меню.",
)


async def run_command(
    server: Pe4KingServer, action: Action, arguments: tuple[object, ...]
) -> dict[str, Any]:
    """Run `action` on the place that `arguments` name; returns its `status` and `message`."""
    try:
        target = _target(server, arguments)
        settings_uri = target.uri
        context = await action_context(server, settings_uri)
        proposal = await _with_progress(server, action, target, context)
        if isinstance(proposal, Cancelled):
            return {"status": "cancelled", "message": ""}
        result = await _present(server, proposal)
    except UserError as error:
        text = error.text(server.language)
        show_message(server, text, types.MessageType.Warning)
        return {"status": "failed", "code": error.code, "message": text}
    except Exception:
        _logger.exception("The action %s failed", action.id)
        show_message(server, server.say(_UNEXPECTED), types.MessageType.Error)
        return {"status": "failed", "code": "internal", "message": server.say(_UNEXPECTED)}
    return {"status": result.status, "message": server.say(result.message)}


def _target(server: Pe4KingServer, arguments: tuple[object, ...]) -> Target:
    given = arguments[0] if arguments else None
    if isinstance(given, dict) and isinstance(uri := given.get("uri"), str):
        snapshot = server.workspace.snapshot(uri)
        if snapshot is None:
            raise UserError(
                Message("The file cannot be read.", "Не удаётся прочитать файл."),
                code="file-unreadable",
            )
        if isinstance(operation := given.get("operation"), str):
            return OperationTarget(uri, snapshot.text, operation)
        if isinstance(test := given.get("test"), str):
            return TestTarget(uri, snapshot.text, test)
    raise UserError(_BAD_ARGUMENTS, code="arguments")


async def _with_progress(
    server: Pe4KingServer, action: Action, target: Target, context: ActionContext
) -> Proposal | Cancelled:
    from dataclasses import replace

    async def work(report: Report) -> Proposal:
        told = replace(context, report=_reporter(server, report))
        return await with_proof(await action.run(target, told), target, told)

    name = target.operation if isinstance(target, OperationTarget) else target.test
    return await run_with_progress(server, f"{server.say(action.title)}: {name}", work)


def _reporter(server: Pe4KingServer, report: Report) -> Callable[[Message], None]:
    return lambda message: report(server.say(message))


async def _present(server: Pe4KingServer, proposal: Proposal) -> Result:
    if proposal.explanation is not None:
        from pe4king_server.commands.show_explanation import show_explanation

        return await show_explanation(server, proposal)
    if not proposal.edits:
        show_message(server, server.say(proposal.message))
        return Result("nothing", proposal.message)
    return await review_and_apply(server, proposal)
