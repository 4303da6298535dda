"""Postman collections under newman as tests that can be proven, one request a test.

newman runs in Node inside the sandbox like the runners of Python and Java, and talks as they do.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.proof.runners.conversation import Conversation
from pe4king_core.proof.runners.lines import Said, Talker
from pe4king_core.proof.runners.whole import whole
from pe4king_core.proof.running import Director, RunReport, RunRequest
from pe4king_core.proof.sandbox.sandbox import Sandbox

_CHILD = Path(__file__).parent / "peers" / "newman_child.cjs"


class NewmanRunner:
    """newman of `modules`, a folder of Node modules; `values` are variables of the collections."""

    def __init__(self, node: Path, modules: Path, values: Mapping[str, str]) -> None:
        self._node = node
        self._modules = modules
        self._values = values

    @property
    def readable(self) -> tuple[Path, ...]:
        """What a sandbox has to let it read."""
        return (self._modules,)

    def run(self, request: RunRequest, director: Director, sandbox: Sandbox) -> RunReport:
        """Run what is asked for, each request as often as the director wants."""
        host, port = sandbox.listener.getsockname()[:2]
        url = f"http://{host}:{port}{request.base_path}"
        script = sandbox.folder / _CHILD.name
        shutil.copyfile(_CHILD, script)
        job = {
            "modules": str(self._modules),
            "files": [path.relative_to(request.root).as_posix() for path in request.files],
            "values": {**self._values, "baseUrl": url},
            "seconds": request.test_seconds,
        }

        def start(done: Sequence[str], secret: str) -> Talker:
            child = sandbox.start([str(self._node), str(script)], env={"NODE_NO_WARNINGS": "1"})
            child.send(f"{secret} {json.dumps({'job': {**job, 'done': list(done)}})}")
            return child

        return whole(Conversation(request, director, start, _Wording()).hold(), sandbox)


class _Wording:
    """English only: nobody but the benchmark reads it."""

    def problem(self, said: Said) -> Message:
        return _told(str(said))

    def not_collected(self, output: str) -> Message:
        return _told(f"newman did not start: {output.strip()[-300:]}")

    def note(self, note: str, file: str) -> Message:
        return _told(f"{file}: {note}")

    def text(self, text: str) -> str:
        return text.strip()


def _told(text: str) -> Message:
    return Message(text, text)
