"""An editor with the least that an editor can: a `Wire` that answers what the server asks.

It makes no files by itself, so the server writes new ones; edits of others it keeps in `edits`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.lsp_kit.session import COMMAND
from tests.lsp_kit.wire import LIMIT, Message, Wire

CAPABILITIES: Message = {
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceEdit": {"documentChanges": True},
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}


class PlainEditor(Wire):
    """See module. `settings` is the section `pe4king`; `answers` are by method, else null."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        super().__init__(COMMAND, environment)
        self.settings: object = None
        self.edits: list[Message] = []
        self.answers: dict[str, Callable[[Message], object]] = {
            "workspace/applyEdit": self._apply,
            "workspace/configuration": lambda _: [self.settings],
            "window/showDocument": lambda _: {"success": True},
        }

    def start(self, *folders: str | Path, **params: object) -> PlainEditor:
        """Initialize with workspace folders, given as paths or as the URIs of a strange editor."""
        uris = [each if isinstance(each, str) else each.as_uri() for each in folders]
        listed = [{"uri": uri, "name": "x"} for uri in uris] or None
        self.initialize(CAPABILITIES, workspaceFolders=listed, **params)
        return self

    def open(self, uri: str | Path, text: str | None = None) -> str:
        """Open a document; its URI."""
        if isinstance(uri, Path):
            text = uri.read_bytes().decode() if text is None else text
            uri = uri.as_uri()
        item = {"uri": uri, "languageId": "x", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def close(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def start_menu(self, uri: str, line: int = 0) -> int:
        place = {"line": line, "character": 0}
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        }
        return self.start_request("textDocument/codeAction", params)

    def menu(self, uri: str, line: int = 0, limit: float = LIMIT) -> object:
        """What the light bulb offers on a line."""
        return self.answer(self.start_menu(uri, line), limit)["result"]

    def start_command(self, name: str, **argument: object) -> int:
        params = {"command": f"pe4king.server.{name}", "arguments": [argument]}
        return self.start_request("workspace/executeCommand", params)

    def command(self, name: str, **argument: object) -> Message:
        """The result of a command."""
        return self.result(self.start_command(name, **argument))["result"]

    def result(self, msg_id: int, limit: float = LIMIT) -> Message:
        """The answer to a request, answering what the server asks meanwhile."""
        while True:
            message = self.wait_for(lambda each: "id" in each, limit)
            if "method" not in message:
                if message["id"] == msg_id:
                    return message
                continue
            self.reply(message)

    def reply(self, request: Message) -> None:
        """Answer what the server asked."""
        answer = self.answers.get(request["method"])
        self.respond(request, None if answer is None else answer(request["params"]))

    @property
    def messages(self) -> list[str]:
        """What the user was told so far."""
        shown = [each for each in self.received if each.get("method") == "window/showMessage"]
        return [each["params"]["message"] for each in shown]

    def _apply(self, params: Message) -> object:
        self.edits.append(params["edit"])
        return {"applied": True}


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        os.path.relpath(os.path.join(where, name), folder): Path(where, name).read_bytes()
        for where, _, names in os.walk(folder)
        for name in names
    }
