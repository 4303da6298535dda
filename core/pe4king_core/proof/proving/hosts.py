"""Hosts that tests call and the documents do not name: our server answered in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlsplit

from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument
from pe4king_core.proof.proving.job import Api
from pe4king_core.proof.report import TestProof

IsKnown = Callable[[str], bool]
"""Whether a host may be called."""

_VARIABLE = re.compile(r"\\\{[^{}]*\\\}")


def server_hosts(document: ApiDocument) -> list[re.Pattern[str]]:
    """What the hosts of the document's servers look like; variables may be anything."""
    servers = list(document.servers)
    for operation in document.operations:
        servers += operation.servers
    found = dict.fromkeys(host for each in servers if (host := _host(each.url)))
    return [re.compile(_VARIABLE.sub(r"[\\w.-]+", re.escape(each))) for each in found]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""  # no address: it names no host that could be called


def other_hosts(tests: Sequence[TestProof], apis: Sequence[Api]) -> Iterator[Message]:
    """What has to be said of calls that went elsewhere in the tests' own words."""
    called = sorted({host for test in tests for host in test.hosts})
    if not called:
        return
    known = [each for api in apis for each in server_hosts(api.document)]
    others = [host for host in called if not any(each.fullmatch(host) for each in known)]
    if others:
        names = ", ".join(others)
        yield Message(
            f"The tests call {names}, which the document does not name: our server answered "
            "in its place.",
            f"Тесты обращаются к {names}, чего нет в документе: вместо него отвечал наш сервер.",
        )
