"""What the recognition of both languages shares: places, schemes, variables of the environment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from pe4king_core.model.case import OwnTests
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation, SecurityScheme
from pe4king_core.model.source import SourceLanguage
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import is_below
from pe4king_server.own_tests.around import calling_tests, texts_around
from pe4king_server.own_tests.evidence import Sent, requests_of
from pe4king_server.own_tests.model import NOTHING, Recognised
from pe4king_server.own_tests.variables import Variables, shared_variables


def with_variables(
    document: ApiDocument,
    operations: Sequence[Operation],
    context: ActionContext,
    language: SourceLanguage,
    folder: str,
) -> Recognised:
    """Our own clients, with the variables of the environment that existing tests read."""
    near = folder or document.uri
    tests = calling_tests(document, context, language, near)
    sent = list(requests_of(tests, document, context))
    if not sent:
        return NOTHING
    callers = list({each.uri: None for each in sent})
    texts = texts_around(callers, context, language)
    return from_variables(sent, texts.values(), operations)


def from_variables(
    sent: Sequence[Sent], texts: Iterable[str], operations: Sequence[Operation]
) -> Recognised:
    """The variables that `texts` read for the requests `sent`."""
    found = shared_variables(sent, texts, schemes_of(operations))
    if found is None:
        return NOTHING
    variables, prefix = found
    return Recognised(own=OwnTests(prefix=prefix), variables=variables, told=(_told(variables),))


def _told(variables: Variables) -> Message:
    names = ", ".join(variables.names)
    return Message(
        f"Reads the variables of your tests: {names}.",
        f"Читает переменные ваших тестов: {names}.",
    )


def schemes_of(operations: Sequence[Operation]) -> tuple[SecurityScheme, ...]:
    """Every security scheme of `operations`."""
    found = {
        scheme.name: scheme
        for operation in operations
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    return tuple(found.values())


def shown(uri: str, context: ActionContext) -> str:
    """The path of `uri` inside the workspace."""
    for root in context.files.roots:
        if is_below(uri, root):
            return unquote(uri).removeprefix(unquote(root).rstrip("/") + "/")
    return unquote(uri).rpartition("/")[2]
