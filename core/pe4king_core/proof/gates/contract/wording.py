"""Reasons of the gate `contract`, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from pe4king_core.model.message import Message

_SHOWN = 6
_LONGEST = 80

NO_DOCUMENT = Message(
    "there is no OpenAPI document to compare with", "нет документа OpenAPI, с которым сравнивать"
)
TOO_DEEP = Message(
    "the file is nested too deeply to be read", "файл вложен слишком глубоко, чтобы его прочесть"
)


def closest(name: str, names: Sequence[str]) -> str | None:
    """The one of `names` that was probably meant."""
    folded = {each.casefold(): each for each in reversed(names)}
    found = get_close_matches(name.casefold(), list(folded), 1, 0.6)
    return folded[found[0]] if found else None


def hint(name: str, names: Sequence[str]) -> Message:
    """`; the document has /title`: what was probably meant, else what there is."""
    near = closest(name, names)
    if near is not None:
        return Message(f"; the document has {near}", f"; в документе есть {near}")
    if not names:
        return Message("", "")
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return Message(f"; the document has {shown}", f"; в документе есть {shown}")


def _with_hint(en: str, ru: str, name: str, names: Sequence[str]) -> Message:
    more = hint(name, names)
    return Message(en + more.en, ru + more.ru)


def unknown_field(pointer: str, key: str, names: Sequence[str]) -> Message:
    """The answer has no such place."""
    return _with_hint(
        f"{pointer} is not in the answer of {key}", f"{pointer} нет в ответе {key}", pointer, names
    )


def unknown_member(pointer: str, key: str, names: Sequence[str]) -> Message:
    """The request body has no such place."""
    return _with_hint(
        f"{pointer} is not in the request body of {key}",
        f"{pointer} нет в теле запроса {key}",
        pointer,
        names,
    )


def unknown_parameter(where: str, name: str, key: str, names: Sequence[str]) -> Message:
    """The operation takes no such parameter."""
    places = {"query": "параметра запроса", "header": "заголовка", "cookie": "cookie"}
    return _with_hint(
        f"{key} has no {where} parameter {name}",
        f"у {key} нет {places.get(where, 'параметра')} {name}",
        name,
        names,
    )


def unknown_value(what: str, value: str, names: Sequence[str]) -> Message:
    """An enum does not have the value."""
    return _with_hint(
        f"{value} is no documented value of {what}",
        f"{value} не входит в документированные значения {what}",
        value,
        names,
    )


def impossible_value(what: str, value: str) -> Message:
    """The schema allows no such value."""
    ru = "тела" if what == "the body" else what
    return Message(
        f"the document does not allow {_short(value)} for {what}",
        f"документ не допускает значение {_short(value)} для {ru}",
    )


def unknown_status(status: int, key: str, statuses: Sequence[str]) -> Message:
    """The operation does not answer with the status."""
    listed = ", ".join(statuses)
    return Message(
        f"{key} has no answer {status}; the document has {listed}",
        f"у {key} нет ответа {status}; в документе есть {listed}",
    )


def unknown_header(name: str, key: str, names: Sequence[str]) -> Message:
    """The answer has no such header."""
    return _with_hint(
        f"the answer of {key} has no header {name}",
        f"в ответе {key} нет заголовка {name}",
        name,
        names,
    )


def transport_header(name: str) -> Message:
    """A header of HTTP itself, of which the document says nothing."""
    return Message(
        f"the header {name} belongs to HTTP, the document does not promise it",
        f"заголовок {name} относится к HTTP, документ его не обещает",
    )


def unknown_media(where: str, name: str, key: str, names: Sequence[str]) -> Message:
    """Neither requests nor answers of the operation have the media type."""
    ru = {"answer": "в ответе", "request": "в запросе"}[where]
    return _with_hint(
        f"the {where} of {key} is never {name}", f"{ru} {key} не бывает {name}", name, names
    )


def no_body(where: str, key: str) -> Message:
    """Nothing is documented in the body."""
    ru = {"answer": f"у ответа {key} нет тела", "request": f"{key} не принимает тела"}[where]
    return Message(f"the {where} of {key} has no body in the document", f"{ru} по документу")


def nowhere(pointer: str, key: str) -> Message:
    """A place of an answer that has no body."""
    return Message(
        f"{pointer} is not in the answer of {key}: it has no body",
        f"{pointer} нет в ответе {key}: у него нет тела",
    )


def undescribed(pointer: str, key: str) -> Message:
    """The document leaves open what stands there."""
    return Message(
        f"the document does not describe {pointer or 'the body'} of {key}",
        f"документ не описывает {pointer or 'тело'} в {key}",
    )


def write_only(pointer: str, key: str) -> Message:
    """The place is in requests only."""
    return Message(
        f"{pointer} is write-only: no answer of {key} has it",
        f"{pointer} только для записи: в ответе {key} его нет",
    )


def unmarked(reason: Message) -> Message:
    """Something that is not in the document, in a test that expects to be refused."""
    return Message(
        f"{reason.en} (a negative test? nothing marks it as one)",
        f"{reason.ru} (негативный тест? пометки об этом нет)",
    )


def unread(name: str, text: str) -> Message:
    """An assertion that we do not understand."""
    return Message(
        f"{name}: it cannot be told what is checked by {_short(text)}",
        f"{name}: не удалось понять, что проверяет {_short(text)}",
    )


def unread_call(name: str, reason: Message) -> Message:
    """A call that cannot be matched with an operation."""
    return Message(f"{name}: {reason.en}", f"{name}: {reason.ru}")


def unread_body(name: str, key: str) -> Message:
    """A body that is computed."""
    return Message(
        f"{name}: it cannot be told what is sent to {key}",
        f"{name}: не удалось понять, что отправляется в {key}",
    )


def unread_model(name: str) -> Message:
    """Names that stand in a schema or a class."""
    return Message(
        f"{name}: the fields of the schema or model are not compared with the document",
        f"{name}: поля схемы или модели не сравнивались с документом",
    )


def several(first: Message, more: int) -> Message:
    """The first reason, and how many others there are."""
    if not more:
        return first
    return Message(f"{first.en} (and {more} more)", f"{first.ru} (и ещё {more})")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"
