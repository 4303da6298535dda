"""Calls that would destroy more than a test has made: all of a collection, the service, the session
that all tests share, the password of their account.

None of their tests is written unasked, not even a negative one: where the check that it looks for
is missing, the call does its work.
"""

from __future__ import annotations

from pe4king_core.generation.flows.api_map import parameter_of, templates_of
from pe4king_core.generation.flows.existing import READING, is_closed
from pe4king_core.generation.resources.accounts import ACCOUNTS
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import NotProvable, TestPlan
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation

_LEAVING = frozenset({"logout", "logoff", "signout", "выйти", "выход"})
# fmt: off
_DESTROYING = _LEAVING | {
    "purge", "shutdown", "restart", "reboot", "reset", "truncate", "wipe", "drop", "revoke",
    "deactivate", "terminate", "erase", "flush", "destroy", "kill", "prune",
    "очистить", "сбросить", "остановить", "перезапустить", "отозвать", "деактивировать",
    "завершить", "стереть",
}
# fmt: on
_PARTS = frozenset({"out", "down", "off"})
"""Second words of verbs that are written apart: `log out`, `shut-down`."""
_MAKING = frozenset({"create", "add", "new", "get", "list", "request", "schedule", "show", "find"})
_CHANGES = frozenset({"change", "update", "set", "reset", "new"})
_PASSWORDS = frozenset({"password", "passwd", "passphrase", "пароль"})


def is_named(operation: Operation, plan: TestPlan) -> bool:
    """Whether somebody wants tests of this very operation."""
    return operation.key in plan.operations or operation.operation_id in plan.operations


def left_out(operation: Operation) -> NotProvable:
    """What is said instead of the tests of `operation`."""
    return NotProvable(operation.key, *_LEFT_OUT)


_LEFT_OUT = (
    Message("calls it", "вызывает операцию"),
    Message(
        "it would destroy more than the test made; select it with --operation to write its tests",
        "операция уничтожила бы больше, чем создал тест; чтобы написать её тесты, выберите её"
        " через --operation",
    ),
)


def destroys(operation: Operation) -> bool:
    """Whether a call of `operation` destroys what no test can make for it."""
    if operation.method in READING:
        return not _LEAVING.isdisjoint(_verbs(operation))
    if not all(is_closed(parameter_of(operation, name)) for name in templates_of(operation.route)):
        return False
    if operation.method == "DELETE" or not _DESTROYING.isdisjoint(_verbs(operation)):
        return True
    return _changes_own_password(operation)


def _verbs(operation: Operation) -> set[str]:
    """What names of the operation may say that it does: their first and their last words."""
    last = operation.route.rstrip("/").rpartition("/")[2]
    names = [last if "{" not in last else ""]
    first = words_of(operation.operation_id or "")[:1]
    if not first or first[0] not in _MAKING:
        names.append(operation.operation_id or "")
    said = [_joined(words_of(name)) for name in names]
    summary = _joined(words_of(operation.summary or ""))
    return {word for words in said for word in (*words[:1], *words[-1:])} | set(summary[:1])


def _joined(words: tuple[str, ...]) -> list[str]:
    """`log`, `out` as one word."""
    made: list[str] = []
    for word in words:
        if made and word in _PARTS:
            made[-1] += word
        else:
            made.append(word)
    return made


def _changes_own_password(operation: Operation) -> bool:
    """Whether whoever calls it has another password afterwards."""
    *above, last = operation.route.lower().rstrip("/").split("/")
    words = words_of(last)
    own = not ACCOUNTS.isdisjoint(above)
    if _PASSWORDS.isdisjoint(words) or words[-1] not in _PASSWORDS | _CHANGES:
        return False
    if not own and not operation.requires_credentials:
        return False
    named = {*words, *words_of(operation.operation_id or "")}
    return own or operation.method in ("PUT", "PATCH") or not _CHANGES.isdisjoint(named)
