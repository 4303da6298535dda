"""Why a call cannot be matched with one operation, or how it was: the texts for the user."""

from __future__ import annotations

from collections.abc import Sequence

from pe4king_core.model.message import Message

_SHOWN = 3


def starts_with_hole(path: str) -> Message:
    """The first thing of the path is a value that is not known."""
    return Message(
        f"The path {path} begins with a computed value, so it may be any path of the document.",
        f"Путь {path} начинается с вычисляемого значения: это может быть любой путь документа.",
    )


def ambiguous(call: str, keys: Sequence[str]) -> Message:
    """Several operations fit equally well."""
    return Message(
        f"{call} fits several operations equally well: {_list(keys, 'and', 'more')}.",
        f"{call} одинаково подходит к нескольким операциям: {_list(keys, 'и ещё', '')}.",
    )


def computed(call: str, keys: Sequence[str]) -> Message:
    """The operation depends on a value that the test computes."""
    return Message(
        f"The test computes a part of {call} that decides which operation it is; "
        f"possible: {_list(keys, 'and', 'more')}.",
        f"Тест вычисляет ту часть {call}, от которой зависит операция; "
        f"возможно: {_list(keys, 'и ещё', '')}.",
    )


def other_methods(method: str, path: str, methods: Sequence[str]) -> Message:
    """The path is documented, the method is not."""
    known = ", ".join(methods)
    return Message(
        f"The document has no {method} for {path}, only {known}.",
        f"В документе для {path} нет метода {method}, есть только {known}.",
    )


def not_below(path: str, prefix: str) -> Message:
    """The end of the call's path is documented, its beginning is not."""
    return Message(
        f"The document has {path}, but nothing says that it lies below {prefix}.",
        f"В документе есть {path}, но ничто не говорит, что он находится под {prefix}.",
    )


def other_case(call: str, path: str) -> Message:
    """The path differs from a documented one in upper and lower case only."""
    return Message(
        f"{call} is not in the document; {path} differs in upper and lower case.",
        f"{call} нет в документе; {path} отличается регистром букв.",
    )


def no_path(call: str) -> Message:
    """The document has no such path."""
    return Message(
        f"{call} is not in the document: it has no such path.",
        f"{call} нет в документе: такого пути в нём нет.",
    )


def found_by_end(call: str, key: str) -> Message:
    """The operation was found although the base path is not the documented one."""
    return Message(
        f"{call} is taken for {key}: the path fits, but not the base path of a server "
        "in the document.",
        f"{call} считается операцией {key}: путь подходит, но базовый путь не такой, "
        "как у серверов в документе.",
    )


def _list(keys: Sequence[str], joint: str, more: str) -> str:
    shown = ", ".join(keys[:_SHOWN])
    hidden = len(keys) - _SHOWN
    return shown if hidden <= 0 else f"{shown} {joint} {hidden} {more}".rstrip()
