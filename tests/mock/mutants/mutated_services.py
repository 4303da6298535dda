"""Services with contract mutants, and the requests of generated cases as they are sent."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode

from pe4king_core.generation import generate
from pe4king_core.mock.answers.answers import Answers
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.mutants.contract import ContractMutants
from pe4king_core.mock.service import Service
from pe4king_core.model.case import Request, TestCase, TestPlan
from pe4king_core.model.fact import Credentials
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.openapi.loading import load_text
from pe4king_core.openapi.units.document_text import DocumentText
from tests.conftest import ROOT

MANY = 60
BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"


@dataclass(frozen=True, slots=True)
class Subject:
    """A document, the server of it, and the judge."""

    document: ApiDocument
    service: Service
    judge: ExchangeJudge
    mutants: ContractMutants
    answers: Answers

    def operations(self) -> tuple[Operation, ...]:
        """All operations, or a sample of them spread over the document."""
        step = max(1, len(self.document.operations) // MANY)
        return tuple(self.document.operations[::step])

    def cases(self) -> Iterator[TestCase]:
        """The generated cases of these operations."""
        keys = frozenset(operation.key for operation in self.operations())
        for model in generate(self.document, TestPlan(operations=keys)):
            yield from model.cases


def subject_of(text: str, name: str = "memory.yaml") -> Subject:
    """The service of a document's text."""
    written = DocumentText.read(text)
    data = written.data
    assert isinstance(data, dict)
    document = load_text(written, name)
    judge = ExchangeJudge(data)
    service = Service(document, raw=lambda: data)
    return Subject(document, service, judge, ContractMutants(judge), Answers(document))


def subject_at(path: Path) -> Subject:
    """The service of a document's file."""
    return subject_of(path.read_text(encoding="utf-8"), str(path))


def sent_of(request: Request) -> Sent | None:
    """A case's request as it is sent; None where more than texts and JSON would be needed."""
    listed = (request.path_parameters, request.query, request.headers, request.cookies)
    if not all(isinstance(v, str | int | float) for values in listed for v in values.values()):
        return None
    target = request.path
    for name, value in request.path_parameters.items():
        target = target.replace(f"{{{name}}}", quote(_text(value), safe=""))  # type: ignore[arg-type]
    if request.query:
        target += "?" + urlencode({name: _text(v) for name, v in request.query.items()})  # type: ignore[arg-type]
    headers = [(name, _text(v)) for name, v in request.headers.items()]  # type: ignore[arg-type]
    body = request.body
    if body is None:
        return Sent(request.method, target, tuple(headers))
    if body.files or not body.media_type.endswith("json"):
        return None
    headers.append(("Content-Type", body.media_type))
    content = json.dumps(body.value) if body.raw is None else body.raw
    return Sent(request.method, target, tuple(headers), content.encode())


def authorized(sent: Sent, case: TestCase, document: ApiDocument) -> Sent:
    """The request with some credentials for every scheme, unless the case is about them."""
    if case.request.credentials is not Credentials.VALID:
        return sent
    basic = "Basic " + b64encode(b"user:password").decode()
    schemes = document.security_schemes.values()
    is_basic = any(scheme.kind.value == "basic" for scheme in schemes)
    headers = [("Authorization", basic if is_basic else "Bearer token123")]
    headers += [("X-API-Key", "k123"), ("api_key", "k123")]
    return replace(sent, headers=(*sent.headers, *headers))


def _text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
