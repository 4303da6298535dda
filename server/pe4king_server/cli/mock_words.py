"""What `pe4king mock` says when it begins: where it listens, and what to try."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from pe4king_core.mock.http.app import CONTROL
from pe4king_core.mock.http.mounts import Mount, Mounts
from pe4king_core.model.message import Message
from pe4king_server.cli.mock_documents import ServedFile
from pe4king_server.cli.mock_example import curl
from pe4king_server.cli.output import one_line

_LOCAL = ("127.", "localhost", "::1")


def greeting(
    mounts: Mounts, files: Sequence[ServedFile], url: str, options: argparse.Namespace
) -> Iterator[Message]:
    """The lines to begin with."""
    host: str = options.host
    for mount, file in zip(mounts.all, files, strict=True):
        yield _served(mount, url)
        count = len(file.faults)
        if count:
            yield Message(
                f"  {count} places of it cannot be read; `pe4king inspect {file.path}` tells.",
                f"  Не читаются места в документе: {count}; покажет `pe4king inspect {file.path}`.",
            )
        example = curl(mount.service.document, url + mount.base_path, options.credential)
        if example:
            yield _same(f"  {example}")
    if not host.startswith(_LOCAL):
        yield Message(
            f"Warning: everybody who reaches {host} can use this server and its {CONTROL}.",
            f"Внимание: сервер и его {CONTROL} доступны всем, кто может обратиться к {host}.",
        )
    yield Message(
        f"Control: {url}{CONTROL}. Ctrl-C ends it.",
        f"Управление: {url}{CONTROL}. Остановка: Ctrl-C.",
    )


def _served(mount: Mount, url: str) -> Message:
    document = mount.service.document
    title = one_line(f"{document.title} {document.version}".strip()) or mount.name
    count, place = len(document.entries), url + mount.base_path
    return Message(
        f"{title}: {place} ({count} operations)", f"{title}: {place} (операций: {count})"
    )


def _same(text: str) -> Message:
    return Message(text, text)
