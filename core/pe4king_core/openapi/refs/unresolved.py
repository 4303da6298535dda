"""What is said of a `$ref` that leads nowhere, or that only we understand.

Codes: `doc-ref-unresolved`, `doc-ref-cycle`, `doc-ref-broken`, `doc-ref-file`, `doc-ref-remote`,
`doc-ref-fetch`, `doc-ref-limit`; of a remark: `doc-ref-spelling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from pe4king_core.model.message import Message


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Why a reference leads nowhere; `code` is the finding's."""

    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class Remark:
    """What is odd about a reference that could be followed; `code` is the finding's."""

    code: str
    message: Message


def nowhere(reference: str) -> Unresolved:
    """The target is not there."""
    return Unresolved(
        "doc-ref-unresolved",
        Message(
            f"`$ref: {reference}` leads nowhere. Correct the reference or add what it names.",
            f"`$ref: {reference}` никуда не ведёт. Исправьте ссылку или добавьте её цель.",
        ),
    )


def cycle(reference: str) -> Unresolved:
    """The target is the reference itself."""
    return Unresolved(
        "doc-ref-cycle",
        Message(
            f"`$ref: {reference}` only leads back to itself. Let it name a definition.",
            f"`$ref: {reference}` ведёт только к самой себе. Укажите настоящее определение.",
        ),
    )


def broken(reference: str) -> Unresolved:
    """The target is there and holds nothing that can be used."""
    return Unresolved(
        "doc-ref-broken",
        Message(
            f"`$ref: {reference}` leads to a part that is empty or cannot be read. "
            "Correct that part.",
            f"`$ref: {reference}` ведёт к пустой или нечитаемой части документа. Исправьте её.",
        ),
    )


def foreign_scheme(reference: str) -> Unresolved:
    """`file:` and other addresses that are never opened for a document."""
    return Unresolved(
        "doc-ref-remote",
        Message(
            f"`$ref: {reference}` is no relative path and is not read. "
            "Name the file by its path from this one.",
            f"`$ref: {reference}` — не относительный путь и не читается. "
            "Укажите путь к файлу относительно этого документа.",
        ),
    )


def not_allowed(reference: str, url: str) -> Unresolved:
    """A host that the user did not list."""
    host = host_of(url)
    return Unresolved(
        "doc-ref-remote",
        Message(
            f"`$ref: {reference}` leads to the host {host}, which may not be asked. To allow it, "
            f"add {host} to the environment variable PE4KING_REMOTE_REFERENCES (command line: "
            f"--allow-host {host}), or copy the file into the workspace and refer to the copy.",
            f"`$ref: {reference}` ведёт на узел {host}, обращаться к которому не разрешено. Чтобы "
            f"разрешить, добавьте {host} в переменную окружения PE4KING_REMOTE_REFERENCES "
            f"(в консоли: --allow-host {host}) либо скопируйте файл в рабочую область и "
            "сошлитесь на копию.",
        ),
    )


def not_fetched(reference: str, reason: Message) -> Unresolved:
    """A host that the user listed did not give the file."""
    return Unresolved(
        "doc-ref-fetch",
        Message(
            f"The file of `$ref: {reference}` could not be had. {reason.en}",
            f"Не удалось получить файл для `$ref: {reference}`. {reason.ru}",
        ),
    )


def missing_file(reference: str) -> Unresolved:
    """No such file inside the workspace."""
    return Unresolved(
        "doc-ref-file",
        Message(
            f"The file `{reference}` of this `$ref` was not found in the workspace.",
            f"Файл `{reference}`, на который указывает `$ref`, не найден в рабочей области.",
        ),
    )


def unreadable_file(reference: str, reason: Message) -> Unresolved:
    """A file that is neither JSON nor YAML."""
    return Unresolved(
        "doc-ref-file",
        Message(
            f"The file `{reference}` of this `$ref` cannot be read. {reason.en}",
            f"Файл `{reference}`, на который указывает `$ref`, не читается. {reason.ru}",
        ),
    )


def too_many(reference: str, what: Message) -> Unresolved:
    """A limit that only a hostile document meets; `what` says which."""
    return Unresolved(
        "doc-ref-limit",
        Message(
            f"`$ref: {reference}` is not followed: {what.en}.",
            f"Переход по `$ref: {reference}` не выполнен: {what.ru}.",
        ),
    )


def read_as(reference: str, meant: str) -> Remark:
    """A spelling that no specification knows and that can mean only one thing."""
    return Remark(
        "doc-ref-spelling",
        Message(
            f"`$ref: {reference}` is read as `{meant}`. Write it like this: other tools refuse it.",
            f"`$ref: {reference}` понимается как `{meant}`. Запишите именно так: "
            "другие программы такую ссылку не примут.",
        ),
    )


def host_of(url: str) -> str:
    """Host, and port where one is stated; without user and password."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
