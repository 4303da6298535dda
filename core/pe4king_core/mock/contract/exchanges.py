"""The one judge of everything that can be seen of a server: a request and its answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.credentials import Credentials
from pe4king_core.mock.contract.fault import Fault, FaultKind
from pe4king_core.mock.contract.operations import Operation, Operations
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.mock.contract.schemas import Schemas
from pe4king_core.mock.exchange import Answer, Exchange, Sent

_VARIABLE = re.compile(r"{([^}]+)}")


class ExchangeJudge:
    """Judges exchanges against one raw document; nothing of it is read before it is needed.

    `base_paths`: further prefixes of its paths beside those of the documented servers.
    """

    def __init__(self, document: Mapping[str, Any], base_paths: Sequence[str] = ()) -> None:
        schemas = Schemas(document)
        self.operations = Operations(document)
        self._requests = RequestJudge(document, self.operations, schemas)
        self._answers = AnswerJudge(document, self.operations, schemas)
        self._credentials = Credentials(document)
        known = dict.fromkeys([*base_paths, *_documented_bases(document), ""])
        self._bases = sorted((each.rstrip("/") for each in known), key=len, reverse=True)

    def faults(
        self, exchange: Exchange, key: str = "", removed: Collection[str] = ()
    ) -> list[Fault]:
        """Every fault of the server. Raises UnjudgedError where a part is beyond the validator.

        `key` names the operation (`GET /books/{id}`) where it is known. Of what is no documented
        operation nothing is wrong. `removed` are the paths of what was removed before: that it is
        not there any more may be said whether or not the document says so.
        """
        found = self._found(exchange.sent, key)
        if found is None:
            return []
        operation, sent = found
        status = exchange.answer.status
        is_head = sent.method.upper() == "HEAD"
        faults = self._answers.faults_of(operation, exchange.answer, without_body=is_head)
        refused = [each for each in faults if each.kind is FaultKind.STATUS and 400 <= status < 500]
        if status == 404 and _is_removed(exchange.sent.path, removed):
            return [each for each in faults if each not in refused]
        if (refused or status < 300) and not is_head:
            wrong = list(self._request_faults(operation, sent))
            if status < 300:
                return [*faults, *wrong]
            # A document need not list every error; what is wrong may be refused in any way.
            return [each for each in faults if each not in refused] if wrong else faults
        return faults

    def answer_faults(self, key: str, answer: Answer) -> list[Fault]:
        """What is wrong with an answer of the operation `key`, whatever was asked."""
        method, _, path = key.partition(" ")
        return self._answers.faults(method, path, answer)

    def _request_faults(self, operation: Operation, sent: Sent) -> Iterator[Fault]:
        if self._credentials.lacking(sent, operation):
            yield Fault(FaultKind.CREDENTIALS, f"{sent.method} {sent.target[:200]}")
        try:
            for words in self._requests.faults_of(operation, sent):
                yield Fault(FaultKind.ACCEPTED, words[:300])
        except UnjudgedError:
            return  # the answer has been judged; of the request nothing is known to be wrong

    def _found(self, sent: Sent, key: str) -> tuple[Operation, Sent] | None:
        for base in self._bases:
            if sent.target.startswith(base):
                plain = replace(sent, target=sent.target.removeprefix(base) or "/")
                found = self._operation(plain, key)
                if found is not None:
                    return found, plain
        return None

    def _operation(self, sent: Sent, key: str) -> Operation | None:
        found = self.operations.matching(sent.method, sent.target)
        if found is None and sent.method.upper() == "HEAD":
            found = self.operations.matching("GET", sent.target)
        if key and found is not None:
            method, _, path = key.partition(" ")
            return self.operations.of(method, path) or found[0]
        return found[0] if found else None


def _is_removed(path: str, removed: Collection[str]) -> bool:
    """Whether a path is that of something removed, or below it."""
    parts = path.rstrip("/").split("/")
    return any("/".join(parts[:end]) in removed for end in range(2, len(parts) + 1))


def _documented_bases(document: Mapping[str, Any]) -> Iterator[str]:
    """The paths of the servers, their variables at their defaults."""
    base = document.get("basePath")
    if isinstance(base, str):
        yield base
    servers = document.get("servers")
    for server in servers if isinstance(servers, list) else ():
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            path = _path_of(_filled(url, server.get("variables")))
            if path.startswith("/"):
                yield path


def _filled(url: str, variables: Any) -> str:
    known = variables if isinstance(variables, dict) else {}

    def value(match: re.Match[str]) -> str:
        written = known.get(match.group(1))
        return str(written.get("default", "")) if isinstance(written, dict) else ""

    return _VARIABLE.sub(value, url)


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
