"""Whether an answer is what the document promises, and what is wrong with it if not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pe4king_core.mock.contract.bodies import Bodies
from pe4king_core.mock.contract.fault import Fault, FaultKind
from pe4king_core.mock.contract.headers import Headers
from pe4king_core.mock.contract.operations import Operation, Operations
from pe4king_core.mock.contract.pointers import resolved
from pe4king_core.mock.contract.schemas import Schemas, is_one_of
from pe4king_core.mock.exchange import Answer

_WITHOUT_BODY = frozenset({204, 205, 304})
"""Statuses whose answers have no body, whatever the document says (RFC 9110)."""


class AnswerJudge:
    """Judges answers against one raw document."""

    def __init__(
        self,
        document: Mapping[str, Any],
        operations: Operations | None = None,
        schemas: Schemas | None = None,
    ) -> None:
        self._document = document
        self._old = "swagger" in document
        self._operations = operations or Operations(document)
        schemas = schemas or Schemas(document)
        self._headers = Headers(document, schemas)
        self._bodies = Bodies(document, schemas)

    def faults(self, method: str, template: str, answer: Answer) -> list[Fault]:
        """Every fault. Raises UnjudgedError where a schema is beyond the validator."""
        operation = self._operations.of(method, template)
        without_body = method.upper() == "HEAD"
        if operation is None and without_body:
            operation = self._operations.of("GET", template)
        if operation is None:
            return []
        return self.faults_of(operation, answer, without_body=without_body)

    def faults_of(
        self, operation: Operation, answer: Answer, *, without_body: bool = False
    ) -> list[Fault]:
        """Every fault of an answer of `operation`; `without_body`: to the method HEAD."""
        key = operation.status_key(answer.status)
        if key is None:
            return [_undocumented(operation, answer.status)]
        response = resolved(self._document, operation.responses[key])
        response = response if isinstance(response, dict) else {}
        found = self._response_faults(operation, response, answer, without_body=without_body)
        if found and answer.status >= 500 and key == "default":
            # What `default` describes is another error than the one that happened.
            return [_undocumented(operation, answer.status)]
        return found

    def _response_faults(
        self,
        operation: Operation,
        response: Mapping[str, Any],
        answer: Answer,
        *,
        without_body: bool,
    ) -> list[Fault]:
        contents = self._contents(operation, response)
        without_body = without_body or answer.status in _WITHOUT_BODY
        found = [*self._headers.faults(response, answer)]
        if without_body or (contents is not None and not contents):
            found += _needless(answer)
        elif contents:
            found += self._content_faults(contents, answer)
        return found

    def _content_faults(self, contents: Mapping[str, Any], answer: Answer) -> Iterator[Fault]:
        sent = answer.header("content-type") or ""
        documented = ", ".join(contents)
        if not answer.body and not sent:
            yield Fault(FaultKind.CONTENT_TYPE, f"no body, documented are {documented}")
            return
        if not is_one_of(sent, list(contents)):
            yield Fault(FaultKind.CONTENT_TYPE, f"{sent!r}, documented are {documented}")
            return
        media = _media(contents, sent)
        for words in self._bodies.faults(sent, media, answer.body):
            yield Fault(FaultKind.BODY, words[:300])

    def _contents(
        self, operation: Operation, response: Mapping[str, Any]
    ) -> Mapping[str, Any] | None:
        """Media types by name; empty: there is no body; None: nothing is said of it."""
        if not self._old:
            content = response.get("content")
            if not isinstance(content, dict) or not content:
                return None
            return {str(name): media for name, media in content.items()}
        schema = response.get("schema")
        if schema is None:
            return {}
        return {key: {"schema": schema} for key in operation.produces or ("application/json",)}


def _undocumented(operation: Operation, status: int) -> Fault:
    if status >= 500:
        named = f"{operation.method.upper()} {operation.path}"
        return Fault(FaultKind.SERVER_ERROR, f"{named} answered {status}")
    documented = ", ".join(operation.responses)
    return Fault(FaultKind.STATUS, f"{status}, documented are {documented}")


def _needless(answer: Answer) -> list[Fault]:
    if not answer.body:
        return []
    return [Fault(FaultKind.BODY, f"there is none documented: {answer.body[:80]!r}")]


def _media(contents: Mapping[str, Any], sent: str) -> Mapping[str, Any]:
    """What is documented for a media type: as it is written, then without what follows it."""
    name = sent if sent in contents else next(n for n in contents if is_one_of(sent, [n]))
    media = contents[name]
    return media if isinstance(media, dict) else {}
