"""A tiny server for the tests of the protocol: `tiny_server.py ours | plain`.

The same features on our base class and on pygls' own; `plain` also runs as pygls runs servers.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import attrs
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from pe4king_server.lsp import progress, requests
from pe4king_server.lsp.base import Pe4KingLanguageServer
from pe4king_server.lsp.stdio import run_stdio, run_tcp


@dataclass
class Seen:
    """What the handlers saw, to be asked for by `tiny/seen`."""

    started: int = 0
    cancelled: int = 0
    finished: int = 0


@attrs.define
class Repeat:
    text: str
    times: int = 2


class Opaque:
    """Not JSON, but with attributes."""

    def __init__(self) -> None:
        self.secret = "inside"


def add_features(server: LanguageServer) -> None:
    seen = Seen()

    @server.feature("tiny/seen")
    def tiny_seen(ls: LanguageServer, params: object) -> dict[str, int]:
        waiting = len(ls.protocol._request_futures), len(ls.protocol._result_types)
        tokens = len(ls.work_done_progress.tokens)
        return {
            "started": seen.started,
            "cancelled": seen.cancelled,
            "finished": seen.finished,
            "futures": waiting[0],
            "resultTypes": waiting[1],
            "tokens": tokens,
        }

    @server.feature("tiny/echo")
    def tiny_echo(ls: LanguageServer, params: object) -> object:
        return params

    @server.feature("tiny/text")
    def tiny_text(ls: LanguageServer, params: object) -> str:
        uri = params["uri"] if isinstance(params, dict) else params.uri
        return ls.workspace.get_text_document(uri).source

    @server.feature("tiny/print")
    def tiny_print(ls: LanguageServer, params: object) -> str:
        print("a stray print")  # noqa: T201
        os.system("echo a stray child")
        read = subprocess.run([sys.executable, "-c", "input()"], capture_output=True, check=False)
        return read.stderr.decode().strip().splitlines()[-1]

    @server.feature("tiny/result")
    def tiny_result(ls: LanguageServer, params: object) -> object:
        kind = params["kind"] if isinstance(params, dict) else params.kind
        nested = {"list": [1]}
        return {
            "set": {1, 2},
            "bytes": b"x",
            "object": Opaque(),
            "nan": float("nan"),
            "nested": nested,
        }[kind]

    @server.feature("tiny/fail")
    def tiny_fail(ls: LanguageServer, params: object) -> None:
        raise ValueError("a detail of ours")

    @server.feature("tiny/refuse")
    async def tiny_refuse(ls: LanguageServer, params: object) -> None:
        raise JsonRpcException("No such thing", code=-32803, data={"why": "test"})

    @server.feature("tiny/failingNotification")
    def tiny_failing_notification(ls: LanguageServer, params: object) -> None:
        raise ValueError("a detail of ours")

    @server.feature("tiny/exit")
    async def tiny_exit(ls: LanguageServer, params: object) -> None:
        sys.exit(3)

    @server.feature("tiny/hang")
    def tiny_hang(ls: LanguageServer, params: object) -> None:
        time.sleep(30)

    async def sleep_long() -> None:
        seen.started += 1
        ls = server
        ls.protocol.notify("tiny/started", {})
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            seen.cancelled += 1
            sys.stderr.write("cleaned up\n")
            raise
        seen.finished += 1

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: LanguageServer, params: types.HoverParams) -> types.Hover | None:
        await sleep_long()
        return None

    @server.command("tiny.sleep")
    async def command_sleep(ls: LanguageServer) -> None:
        await sleep_long()

    @server.command("tiny.repeat")
    async def command_repeat(ls: LanguageServer, args: Repeat) -> str:
        return args.text * args.times

    @server.command("tiny.sync")
    def command_sync(ls: LanguageServer) -> str:
        return "sync"

    @server.thread()
    @server.command("tiny.thread")
    def command_thread(ls: LanguageServer) -> str:
        return threading.current_thread().name

    @server.command("tiny.dialog")
    async def command_dialog(ls: LanguageServer, wait: float) -> str | None:
        params = types.ShowMessageRequestParams(type=types.MessageType.Info, message="?")
        request = ls.window_show_message_request_async(params)
        try:
            answer = await asyncio.wait_for(request, wait)
        except TimeoutError:
            return "timeout"
        except JsonRpcException as error:
            return f"error {error.code}"
        return answer.title if answer else None

    @server.command("tiny.unserialisable")
    async def command_unserialisable(ls: LanguageServer) -> str:
        try:
            await asyncio.wait_for(ls.protocol.send_request_async("tiny/x", {"x": {1}}), 0.3)
        except TypeError as error:
            return str(error)
        return "sent"

    if isinstance(server, Pe4KingLanguageServer):
        add_our_features(server, seen)


def add_our_features(server: Pe4KingLanguageServer, seen: Seen) -> None:
    @server.feature(
        types.WORKSPACE_TEXT_DOCUMENT_CONTENT,
        types.TextDocumentContentRegistrationOptions(schemes=["tiny"]),
    )
    def content(
        ls: Pe4KingLanguageServer, params: types.TextDocumentContentParams
    ) -> types.TextDocumentContentResult:
        return types.TextDocumentContentResult(text=f"content of {params.uri}")

    @server.command("tiny.progress")
    async def command_progress(ls: Pe4KingLanguageServer, work: str) -> str:
        async def worker(report: progress.Report) -> str:
            seen.started += 1
            ls.protocol.notify("tiny/started", {})
            report("half", 50)
            try:
                if work == "long":
                    await asyncio.sleep(30)
                elif work == "fail":
                    raise ValueError("a detail of ours")
                elif work == "stubborn":
                    try:
                        await asyncio.sleep(30)
                    except asyncio.CancelledError:
                        raise ConnectionError("cancelled in my own way") from None
            except asyncio.CancelledError:
                seen.cancelled += 1
                raise
            return "done"

        result = await progress.run_with_progress(ls, "Tiny", worker, create_limit=0.2)
        return "cancelled" if isinstance(result, progress.Cancelled) else result

    @server.command("tiny.ask")
    async def command_ask(ls: Pe4KingLanguageServer, limit: float) -> str | None:
        return await requests.ask(ls, "Which?", ["One", "Two"], limit=limit)

    @server.command("tiny.edit")
    async def command_edit(
        ls: Pe4KingLanguageServer, edit: types.WorkspaceEdit
    ) -> requests.Applied | dict[str, object]:
        applied = await requests.apply_edit(ls, "Edit", edit, limit=0.2)
        return {"applied": applied.applied, "reason": applied.reason}

    @server.command("tiny.show")
    async def command_show(ls: Pe4KingLanguageServer, uri: str) -> bool:
        return await requests.show_document(ls, uri, limit=0.2)

    @server.command("tiny.say")
    async def command_say(ls: Pe4KingLanguageServer, text: str) -> None:
        requests.show_message(ls, text)

    @server.command("tiny.configuration")
    async def command_configuration(ls: Pe4KingLanguageServer, section: str) -> object:
        return await requests.configuration(ls, section, limit=0.2)

    @server.command("tiny.custom")
    async def command_custom(ls: Pe4KingLanguageServer, params: dict[str, object]) -> object:
        return await requests.custom(ls, "tiny/custom", params, limit=0.2)

    @server.command("tiny.snapshot")
    async def command_snapshot(ls: Pe4KingLanguageServer, uri: str) -> object:
        snapshot = ls.workspace.snapshot(uri)
        if snapshot is None:
            return None
        return {
            "text": snapshot.text,
            "version": snapshot.version,
            "languageId": snapshot.language_id,
            "current": ls.workspace.is_current(snapshot),
        }

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    async def code_action(
        ls: Pe4KingLanguageServer, params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        command = types.Command(title="Repeat", command="tiny.repeat", arguments=[{"text": "x"}])
        action = types.CodeAction(
            title="Repeat", kind=types.CodeActionKind.RefactorRewrite, command=command
        )
        return [action]


def main(kind: str, transport: str = "stdio") -> int:
    if kind == "plain":
        server = LanguageServer("tiny", "1")
        add_features(server)
        server.start_io()
        return 0
    ours = Pe4KingLanguageServer("tiny", "1")
    add_features(ours)
    if transport == "tcp":
        return run_tcp(
            ours, listening=lambda _, port: sys.stdout.write(f"{port}\n") and sys.stdout.flush()
        )
    return run_stdio(ours)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
