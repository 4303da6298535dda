"""Calls about somebody's account: logging in as somebody who exists, changing one's own.

Nobody can log in with credentials that were made up, so who logs in is registered first. And no
test changes by what the account that all tests run with is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from pe4king_core.generation.answers.statuses import created_status
from pe4king_core.generation.resources.unique import media_of_body, put_text
from pe4king_core.generation.wording import words_of
from pe4king_core.model.case import Request, Step
from pe4king_core.model.fact import Change, ChangeIn, ChangeKind, EarlierValue, RequestValue
from pe4king_core.model.json import Json, join, split
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.record import replace
from pe4king_core.openapi.schema.values import Direction, Validity, validity

NEEDS_CREDENTIALS = Message(
    "it needs the credentials of somebody who exists; the document has none and no call that"
    " registers somebody with the same fields",
    "нужны учётные данные существующего пользователя: в документе нет ни их, ни запроса, который"
    " регистрирует кого-то с теми же полями",
)
OWN_ACCOUNT = Message(
    "it would change by what the account that the tests run with is known",
    "он изменил бы имя или пароль учётной записи, от имени которой идут тесты",
)
_PASSWORDS = frozenset({"password", "passwd", "pwd", "passphrase", "пароль"})
_SECRETS = _PASSWORDS | {"secret", "clientsecret", "assertion", "otp", "pin"}
_IDENTITY = _PASSWORDS | {"email", "mail", "username", "login", "nickname", "handle", "почта"}
_LOGINS = frozenset({"login", "signin", "authenticate", "auth", "token", "session", "sessions"})
ACCOUNTS = frozenset({"me", "self", "account", "profile", "user", "myself", "whoami"})
_DEPTH = 3


def is_login(operation: Operation, request: Request) -> bool:
    """Whether the `request` says who somebody is by a password."""
    if "{" in operation.route or operation.requires_credentials:
        return False
    if _is_called_login(operation):
        names = [*_leaves(request), *(item.name for item in operation.parameters)]
        return any(_is_in(_SECRETS, name) for name in names)
    if operation.method != "POST" or "401" not in operation.responses:
        return False
    return any(_is_in(_PASSWORDS, name) for name in _leaves(request))


def has_credentials(operation: Operation, request: Request) -> bool:
    """Whether the document itself gives values to log in with."""
    media = media_of_body(request, operation)
    if media is None or media.schema is None:
        secret = [item for item in operation.parameters if _is_in(_SECRETS, item.name)]
        return any(item.examples or (item.schema and item.schema.examples) for item in secret)
    if media.examples or media.schema.examples:
        return True
    inside = (media.schema, *media.schema.properties.values())
    secrets = [
        member
        for schema in inside
        for name, member in schema.properties.items()
        if _is_in(_SECRETS, name)
    ]
    return any(schema.examples or schema.enum for schema in secrets)


def registering(
    login: Operation, operations: Sequence[Operation], sent: Callable[[Operation], Request]
) -> Operation | None:
    """The operation that makes somebody whom `login` lets in: its body has all fields of that of
    `login`."""
    request = sent(login)
    if not is_login(login, request):
        return None
    wanted = _leaves(request).keys()
    for operation in operations:
        makes = operation.method == "POST" and created_status(operation) is not None
        if not makes or "{" in operation.route or operation is login:
            continue
        if not _is_called_login(operation) and wanted <= _leaves(sent(operation)).keys():
            return operation
    return None


def as_registered(login: Request, register: Request) -> Request:
    """`login` with the values that `register` sends."""
    body, there = login.body, _leaves(register)
    if body is None:
        return login
    value = body.value
    for name, (pointer, _) in _leaves(login).items():
        value = put_text(value, pointer, there[name][1])
    return replace(login, body=replace(body, value=value))


def taken_from(login: Request, registered: Step) -> dict[str, EarlierValue]:
    """What of the body of `login` is new whenever `registered` is called, by pointer."""
    body, there = registered.request.body, _leaves(registered.request)
    unique = body.unique if body is not None else {}
    return {
        pointer: RequestValue(there[name][0], registered.call)
        for name, (pointer, _) in _leaves(login).items()
        if there[name][0] in unique
    }


def without_identity(request: Request, operation: Operation) -> Request:
    """A change of one's own account without what it is known by, where that may be left out."""
    body, media = request.body, media_of_body(request, operation)
    if body is None or media is None or media.schema is None or not is_own_account(operation):
        return request
    value = body.value
    for name, (pointer, _) in _leaves(request).items():
        if _is_in(_IDENTITY, name):
            less = member_removed(value, split(pointer))
            verdict = validity(less, media.schema, direction=Direction.REQUEST)
            value = less if verdict is Validity.VALID else value
    return request if value is body.value else replace(request, body=replace(body, value=value))


def changes_identity(operation: Operation, request: Request) -> bool:
    """Whether the `request` changes by what one's own account is known."""
    return is_own_account(operation) and any(_is_in(_IDENTITY, name) for name in _leaves(request))


def sets_identity(operation: Operation, changes: Sequence[Change]) -> bool:
    """Whether `changes` of a valid request make it change that."""
    if not is_own_account(operation):
        return False
    put = [c for c in changes if c.where is ChangeIn.BODY and c.kind is not ChangeKind.REMOVE]
    return any(_is_in(_IDENTITY, name) for change in put for name in split(change.name)[-1:])


def is_own_account(operation: Operation) -> bool:
    """Whether it changes the account of whoever calls it."""
    if operation.method not in ("PUT", "PATCH") or "{" in operation.route:
        return False
    return not ACCOUNTS.isdisjoint(operation.route.lower().split("/"))


def _is_called_login(operation: Operation) -> bool:
    last = operation.route.rstrip("/").rpartition("/")[2]
    return "".join(words_of(last)) in _LOGINS


def _is_in(known: frozenset[str], name: str) -> bool:
    words = words_of(name)
    return words[-1:] != () and (words[-1] in known or "".join(words) in known)


def _leaves(request: Request) -> dict[str, tuple[str, str]]:
    """The texts of the body by their names, with their pointers."""
    body = request.body
    return dict(_texts(body.value, "")) if body is not None and body.raw is None else {}


def _texts(value: Json, pointer: str) -> Iterator[tuple[str, tuple[str, str]]]:
    if not isinstance(value, Mapping) or len(split(pointer)) >= _DEPTH:
        return
    for name, member in value.items():
        at = join(pointer, name)
        if isinstance(member, str):
            yield name, (at, member)
        else:
            yield from _texts(member, at)


def member_removed(value: Json, tokens: tuple[str, ...]) -> Json:
    """`value` without the member that `tokens` lead to."""
    if not isinstance(value, Mapping):
        return value
    first, rest = tokens[0], tokens[1:]
    if not rest:
        return {name: member for name, member in value.items() if name != first}
    return {**value, first: member_removed(value[first], rest)}
