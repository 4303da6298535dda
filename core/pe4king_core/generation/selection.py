"""Which operations of a document a plan selects: by name, by tag and by path, all together."""

from __future__ import annotations

import re
from functools import reduce

from pe4king_core.model.case import TestPlan
from pe4king_core.model.operation import ApiDocument, Operation, OperationEntry

_PIECES = re.compile(r"\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|.", re.DOTALL)


def selected_operations(document: ApiDocument, plan: TestPlan) -> tuple[Operation, ...]:
    """The operations that `plan` selects, in the document's order.

    A path that no pattern matches is never read.
    """
    paths = [path_pattern(glob) for glob in plan.paths]
    return tuple(
        operation
        for index, entry in enumerate(document.entries)
        if _has_path(entry, paths)
        and _is_named(operation := document.operations[index], plan.operations)
        and _is_tagged(operation, plan.tags)
    )


def _has_path(entry: OperationEntry, paths: list[re.Pattern[str]]) -> bool:
    return not paths or any(pattern.fullmatch(entry.path) for pattern in paths)


def _is_named(operation: Operation, names: frozenset[str]) -> bool:
    return not names or operation.key in names or (operation.operation_id or "\0") in names


def _is_tagged(operation: Operation, tags: frozenset[str]) -> bool:
    return not tags or not tags.isdisjoint(operation.tags)


def path_pattern(glob: str) -> re.Pattern[str]:
    """A glob for documented paths: `*` is within a segment, `**` is any number of segments.

    `/books/**` means `/books` as well, and so does `/books/`; `{id}` stands for any parameter.
    """
    start = glob if glob.startswith(("/", "*")) else f"/{glob}"
    pattern = reduce(lambda made, piece: made + _part(piece), _PIECES.findall(start), "")
    pattern = pattern.replace("/(?:.*)", "(?:/.*)?")
    return re.compile(pattern.rstrip("/") + "/?")


def _part(piece: str) -> str:
    known = {"**": "(?:.*)", "*": "[^/]*", "?": "[^/]"}
    if piece.startswith("{") and piece.endswith("}"):
        return r"\{[^{}]*\}"
    return known.get(piece) or re.escape(piece)
