"""Whether an answer is what the document promises, and what is wrong with it if not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pe4king_core.mock.contract.operations import Operation, Operations
from pe4king_core.mock.contract.schemas import Schemas, is_one_of, resolved
from pe4king_core.mock.exchange import Answer

SERVER_ERROR = "server error"
STATUS = "undocumented status"
CONTENT_TYPE = "undocumented content type"
BODY = "body against its schema"
HEADER = "header missing"


class AnswerJudge:
    """Judges answers against one raw document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._old = "swagger" in document
        self._operations = Operations(document)
        self._schemas = Schemas(document)

    def faults(self, method: str, template: str, answer: Answer) -> list[tuple[str, str]]:
        """Kind and words of each fault. Raises UnjudgedError where a schema is beyond it."""
        operation = self._operations.of(method, template)
        if operation is None:
            return []
        if answer.status >= 500 and str(answer.status) not in operation.responses:
            return [(SERVER_ERROR, f"{method} {template} answered {answer.status}")]
        response = self._response(operation, answer.status)
        if response is None:
            documented = ", ".join(operation.responses)
            return [(STATUS, f"{answer.status}, documented are {documented}")]
        return [
            *self._header_faults(response, answer),
            *self._content_faults(operation, response, answer),
        ]

    def _response(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        for key in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
            if key in operation.responses:
                found: Mapping[str, Any] = operation.responses[key] or {}
                return found
        return None

    def _header_faults(
        self, response: Mapping[str, Any], answer: Answer
    ) -> Iterator[tuple[str, str]]:
        for name, written in (response.get("headers") or {}).items():
            known = resolved(self._document, written)
            required = isinstance(known, dict) and known.get("required") is True
            if required and answer.header(name) is None:
                yield HEADER, name

    def _content_faults(
        self, operation: Operation, response: Mapping[str, Any], answer: Answer
    ) -> Iterator[tuple[str, str]]:
        contents = self._contents(operation, response)
        if not contents or operation.method == "head":
            return
        sent = answer.header("content-type") or ""
        if not answer.body and not sent:
            yield CONTENT_TYPE, f"no body, documented are {', '.join(contents)}"
            return
        if not is_one_of(sent, list(contents)):
            yield CONTENT_TYPE, f"{sent!r}, documented are {', '.join(contents)}"
        plain = sent.split(";", maxsplit=1)[0].strip().lower()
        if not plain.endswith(("/json", "+json")):
            return
        schema = next((s for n, s in contents.items() if is_one_of(sent, [n])), None)
        schema = next(iter(contents.values())) if schema is None else schema
        yield from self._body_faults(schema, answer.body)

    def _body_faults(self, schema: Any, content: bytes) -> Iterator[tuple[str, str]]:
        try:
            value = json.loads(content)
        except ValueError:
            yield BODY, f"no JSON: {content[:80]!r}"
            return
        if schema is not None and not self._schemas.in_answer(schema, value):
            yield BODY, self._schemas.why(schema, value)[:300]

    def _contents(self, operation: Operation, response: Mapping[str, Any]) -> dict[str, Any]:
        if not self._old:
            content = response.get("content") or {}
            return {name: (media or {}).get("schema") for name, media in content.items()}
        schema = response.get("schema")
        if schema is None:
            return {}
        return dict.fromkeys(operation.produces or ("application/json",), schema)
