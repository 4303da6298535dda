"""Which operation of a document a call in a test means: method, path template, base path."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestCall

HOLE = "{}"


def match_call(call: TestCall, document: ApiDocument) -> Operation | None:
    """The operation that `call` means, the most literal template first; None where none fits.

    The path may start with the base path of one of the document's servers.
    """
    if call.unresolved is not None:
        return None
    path = call.path.split("?", 1)[0].split("#", 1)[0]
    found: list[tuple[int, Operation]] = []
    for operation in document.operations:
        if operation.method != call.method.upper():
            continue
        for candidate in _without_base(path, [server.url for server in document.servers]):
            score = _score(candidate, operation.path)
            if score is not None:
                found.append((score, operation))
                break
    return max(found, key=lambda item: item[0])[1] if found else None


def _without_base(path: str, servers: Sequence[str]) -> list[str]:
    """`path` as it stands, and without the base path of each server it starts with."""
    candidates = [path]
    for server in servers:
        base = urlsplit(server).path.rstrip("/")
        if base and path.startswith(base + "/"):
            candidates.append(path[len(base) :])
    return candidates


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _score(path: str, template: str) -> int | None:
    """How many segments agree literally; None where the path does not fit the template."""
    actual, wanted = _segments(path), _segments(template)
    if len(actual) != len(wanted):
        return None
    score = 0
    for mine, theirs in zip(actual, wanted, strict=True):
        if mine == theirs:
            score += 1
        elif "{" not in theirs or (HOLE in mine and mine != HOLE and theirs[0] != "{"):
            return None
    return score
