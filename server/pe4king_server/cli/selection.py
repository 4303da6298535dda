"""Which operations and kinds `pe4king generate` was asked for; every mistake names what fits."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from pe4king_core.errors import UserError
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_server.cli.output import one_line
from pe4king_server.settings import KINDS

_SHOWN_TAGS = 20


def chosen_kinds(given: str) -> frozenset[CaseKind]:
    """The kinds of a list such as `positive,edge`. Raises UserError."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    wrong = next((name for name in names if name not in KINDS), None)
    if wrong is not None or not names:
        raise UserError(
            Message(
                f"--kinds knows {', '.join(KINDS)}, not {wrong or 'nothing'}.",
                f"--kinds допускает {', '.join(KINDS)}, но не {wrong or 'пустое значение'}.",
            ),
            next_step=_nearest(wrong or "", KINDS),
            code="usage",
        )
    return frozenset(KINDS[name] for name in names)


def chosen_operations(document: ApiDocument, wanted: Sequence[str]) -> frozenset[str]:
    """The keys of the operations with these keys or ids. Raises UserError."""
    keys: set[str] = set()
    for name in wanted:
        operation = document.operation(name)
        if operation is None:
            ids = [item.operation_id for item in document.operations if item.operation_id]
            known = [*ids, *(item.key for item in document.operations)]
            raise UserError(
                Message(f"There is no operation {name}.", f"Операции {name} нет."),
                next_step=_nearest(name, known),
                code="operation-missing",
            )
        keys.add(operation.key)
    return frozenset(keys)


def chosen_tags(document: ApiDocument, wanted: Sequence[str]) -> frozenset[str]:
    """The tags `wanted`, each of which an operation has. Raises UserError."""
    if not wanted:
        return frozenset()
    known = dict.fromkeys(tag for item in document.operations for tag in item.tags)
    for name in wanted:
        if name not in known:
            raise UserError(
                Message(
                    f"No operation has the tag {name}.", f"Тега {name} нет ни у одной операции."
                ),
                next_step=_nearest(name, known) or _tags(list(known)),
                code="operation-missing",
            )
    return frozenset(wanted)


def _tags(known: Sequence[str]) -> Message:
    if not known:
        return Message("No operation of the document has a tag.", "Тегов у операций нет.")
    shown = ", ".join(map(one_line, known[:_SHOWN_TAGS]))
    more = len(known) - _SHOWN_TAGS
    if more > 0:
        return Message(f"Tags: {shown} and {more} more.", f"Теги: {shown} и ещё {more}.")
    return Message(f"Tags: {shown}.", f"Теги: {shown}.")


def demand_some(selected: Sequence[object], document: ApiDocument, paths: Sequence[str]) -> None:
    """Raises UserError where a selection leaves no operation."""
    if selected or not document.entries:
        return
    known = dict.fromkeys(entry.path for entry in document.entries)
    near = _nearest(paths[0].rstrip("*/") or "/", known) if paths else None
    shown = ", ".join(paths)
    raise UserError(
        Message(
            f"No operation fits --path {shown}." if paths else "No operation fits the selection.",
            f"Ни одна операция не подходит к --path {shown}."
            if paths
            else "Ни одна операция не подходит под выбор.",
        ),
        next_step=near,
        code="operation-missing",
    )


def _nearest(name: str, known: Iterable[str]) -> Message | None:
    near = difflib.get_close_matches(name, list(known), n=1)
    return Message(f"Did you mean {near[0]}?", f"Возможно, {near[0]}?") if near else None
