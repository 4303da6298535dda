"""Python: fixtures that give a client, as existing tests use them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pe4king_core.model.case import OwnTests
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import language_of
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import folder_of, is_below, join_uri
from pe4king_server.own_tests.adapters import conftest
from pe4king_server.own_tests.evidence import (
    MOST_FILES,
    Sent,
    nearest,
    prefix_of,
    requests_of,
    secured_alike,
)
from pe4king_server.own_tests.fixtures import Fixture, fixtures_of
from pe4king_server.own_tests.model import Recognised
from pe4king_server.own_tests.shared import schemes_of, shown, with_variables

FOLDER = "api_tests"
"""Where generated tests go below the folder of a conftest that gives them a client."""

_PROBE = "/pe4king-probe"
_CALLED = re.compile(r"(?P<name>\w+)\.(?:get|post|put|patch|delete|head|options|request)\(")
_SECTIONS = re.compile(r"#\s*(?:arrange|act|assert)\b", re.IGNORECASE)
_CONFTESTS = 12


@dataclass(slots=True)
class _Client:
    """One fixture with the requests that existing tests send through it."""

    fixture: Fixture
    conftest: str
    requests: list[Sent] = field(default_factory=list)
    prefix: str = ""
    """What tests write in front of documented paths."""
    unlike: bool = False
    """Whether tests call it in ways that generated ones could not rely on."""

    def add(self, sent: Sent) -> None:
        """Note a request, if it is sent as by a client of a library."""
        if sent.direct or (sent.overridden and self.fixture.is_derived):
            self.requests.append(sent)
        else:
            self.unlike = True

    def opens(self, operation: Operation) -> bool:
        """Whether it carries credentials for `operation`."""
        if not operation.requires_credentials:
            return True
        wanted = secured_alike(operation)
        if any(
            sent.status is not None and sent.status < 300 and sent.alone
            for sent in self.requests
            if sent.operation.requires_credentials and secured_alike(sent.operation) == wanted
        ):
            return True
        return any(
            all(map(self.fixture.shows, requirement.schemes)) for requirement in operation.security
        )

    @property
    def is_anonymous(self) -> bool:
        """Whether tests expect to be refused with it, and it names no credentials."""
        refused = [sent for sent in self.requests if sent.status == 401 and sent.alone]
        return len(refused) == len(self.requests) and bool(refused)


def recognise_python(
    document: ApiDocument, operations: Sequence[Operation], context: ActionContext, folder: str
) -> Recognised:
    """What tests in `folder` (empty: anywhere) can use; `operations` are those to be tested."""
    candidates = list(_clients(document, context, folder))
    clients = [client for client in candidates if not client.unlike]
    anonymous = next((client for client in clients if client.is_anonymous), None)
    serving = [client for client in clients if not client.is_anonymous]
    serving.sort(key=lambda client: -len(client.requests))
    refused: list[Message] = []
    for client in serving:
        closed = next((each for each in operations if not client.opens(each)), None)
        if closed is None:
            return _recognised(client, anonymous, operations, context, folder)
        refused.append(_without_credentials(client, closed, context))
    refused += [_told_unlike(client, context) for client in candidates if client.unlike]
    found = with_variables(document, operations, context, SourceLanguage.PYTHON, folder)
    return replace(found, told=(*refused[:1], *found.told))


def _without_credentials(client: _Client, operation: Operation, context: ActionContext) -> Message:
    name, place = client.fixture.name, shown(client.conftest, context)
    return Message(
        f"The fixture `{name}` of {place} is not used: nothing shows that it may call "
        f"{operation.key}.",
        f"Фикстура `{name}` из {place} не используется: не видно, что ей можно вызывать "
        f"{operation.key}.",
    )


def _told_unlike(client: _Client, context: ActionContext) -> Message:
    name, place = client.fixture.name, shown(client.conftest, context)
    return Message(
        f"The fixture `{name}` of {place} is not used: it is not clear from your tests how "
        "requests are sent with it, or what stands in front of paths.",
        f"Фикстура `{name}` из {place} не используется: по вашим тестам не ясно, как ей "
        "отправлять запросы или что стоит перед путями.",
    )


def _clients(document: ApiDocument, context: ActionContext, folder: str) -> Iterator[_Client]:
    """The fixtures that are clients, of the conftest files that tests in `folder` see."""
    listing = context.files.list((".py",))
    conftests = [uri for uri in listing if uri.endswith("/conftest.py")]
    if folder:
        conftests = [uri for uri in conftests if is_below(f"{folder}/x", folder_of(uri))]
        conftests.sort(key=len, reverse=True)
    for uri in conftests[:_CONFTESTS]:
        fixtures = fixtures_of(context.files.read(uri) or "")
        known = {name: each for name, each in fixtures.items() if each.kind}
        if not known:
            continue
        tests = _tests_with(known, listing, folder_of(uri), context)
        made = {name: _Client(each, uri) for name, each in known.items()}
        for sent in requests_of(tests, document, context):
            called = _CALLED.match(sent.code)
            if called and called["name"] in made and called["name"] in sent.test.parameters:
                made[called["name"]].add(sent)
        for client in made.values():
            if client.requests:
                client.unlike = not _find_prefix(client, context)
            if client.requests or client.unlike:
                yield client


def _tests_with(
    names: Iterable[str], listing: Sequence[str], folder: str, context: ActionContext
) -> list[str]:
    """The test files below `folder` that call one of `names`."""
    called = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\.\w+\(")
    found: list[str] = []
    for uri in nearest(listing, folder):
        if len(found) >= MOST_FILES or not is_below(uri, folder):
            break
        if language_of(uri) is SourceLanguage.PYTHON and called.search(
            context.files.read(uri) or ""
        ):
            found.append(uri)
    return found


def _find_prefix(client: _Client, context: ActionContext) -> bool:
    """Find what tests write in front of paths; False where they do not agree."""
    name = client.fixture.name
    code = f'def test_probe({name}):\n    response = {name}.get("{_PROBE}")\n    assert response\n'
    place = join_uri(folder_of(client.requests[0].uri), "test_pe4king_probe.py")
    probe = context.sources.tests_of(place, code, context.files)
    calls = [call for test in probe.tests for call in test.calls if not call.setup]
    if len(calls) != 1 or calls[0].unresolved or calls[0].via not in ((), ("request",)):
        return False
    own, found, _ = calls[0].path.partition(_PROBE)
    prefixes = {prefix_of(sent) for sent in client.requests}
    [prefix, *others] = prefixes
    if not found or others or prefix is None or not prefix.startswith(own):
        return False
    client.prefix = prefix.removeprefix(own)
    return True


def _recognised(
    client: _Client,
    anonymous: _Client | None,
    operations: Sequence[Operation],
    context: ActionContext,
    folder: str,
) -> Recognised:
    fixture = client.fixture
    schemes = schemes_of(operations)
    adapter = conftest(fixture, shown(client.conftest, context), schemes)
    texts = [context.files.read(uri) or "" for uri in {sent.uri: 0 for sent in client.requests}]
    texts.append(context.files.read(client.conftest) or "")
    return Recognised(
        own=OwnTests(
            client=fixture.name,
            anonymous_client=anonymous.fixture.name if anonymous else adapter.anonymous,
            wrong_client=adapter.wrong,
            prefix=client.prefix,
            sections=any(map(_SECTIONS.search, texts)),
            support=False,
        ),
        client="requests" if fixture.kind == "requests" else "httpx",
        classes=_in_classes(client.requests),
        allure=any(re.search(r"^\s*(?:import|from) allure\b", text, re.M) for text in texts),
        folder=folder or join_uri(folder_of(client.conftest), FOLDER),
        project=False,
        support=adapter.files,
        told=(_told(client, context),),
    )


def _in_classes(requests: Sequence[Sent]) -> bool:
    kinds = Counter("." in sent.test.qualified_name for sent in requests)
    return kinds[True] > kinds[False]


def _told(client: _Client, context: ActionContext) -> Message:
    name, place = client.fixture.name, shown(client.conftest, context)
    return Message(
        f"Uses your fixture `{name}` of {place}.",
        f"Используется ваша фикстура `{name}` из {place}.",
    )
