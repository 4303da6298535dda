"""Failures that no server can avoid, each by a named rule that says why.

A failure that no rule names is ours. Where a rule needs to know what a request says as it was
sent, the validator of `mock.contract` reads it, which shares nothing with the server.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.parts import ParameterIn
from tests.e2e.schemathesis.events import Failure
from tests.e2e.schemathesis.secrets import RIGHT_PAIR, SECRET

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_IGNORED = ("accept", "content-type", "authorization")
_REFUSALS = ("400", "401", "403", "404", "405", "406", "409", "415", "422", "428", "429")
"""What schemathesis takes for a refusal."""


class Impossible:
    """The rules for the failures of one document; `raw` is its data."""

    def __init__(self, document: ApiDocument, raw: Mapping[str, Any]) -> None:
        self._document = document
        self._judge = RequestJudge(raw)
        self._rules: Mapping[str, Callable[[Failure, Operation], bool]] = {
            "nothing documented": _nothing_documented,
            "no refusal documented": _no_refusal_documented,
            "no refusal of credentials documented": _no_refusal_of_credentials_documented,
            "no success documented": _no_success_documented,
            "no HTTP": _no_http,
            "header to be ignored": _header_to_be_ignored,
            "right credentials": _right_credentials,
            "another path": _another_path,
            "valid as it was sent": self._valid_as_sent,
            "invalid as it was sent": self._invalid_as_sent,
        }

    def reason(self, failure: Failure) -> str:
        """The name of the rule that says why; empty where there is none."""
        operation = self._document.operation(failure.operation)
        if operation is None:
            return ""
        return next((name for name, rule in self._rules.items() if rule(failure, operation)), "")

    def _valid_as_sent(self, failure: Failure, operation: Operation) -> bool:
        """What was wrong is gone on the wire, where all is text: an array as one text, `null`."""
        if failure.check != "negative_data_rejection" or _is_json(failure):
            return False
        return self._faults(failure, operation) == []

    def _invalid_as_sent(self, failure: Failure, operation: Operation) -> bool:
        """What was right is gone on the wire: an object sent as its names, one without members."""
        if failure.check != "positive_data_acceptance" or _is_json(failure):
            return False
        return bool(self._faults(failure, operation))

    def _faults(self, failure: Failure, operation: Operation) -> list[str] | None:
        """What is wrong with the request; None where the validator cannot tell."""
        try:
            return self._judge.faults(failure.sent, operation.path)
        except UnjudgedError:
            return None


def _nothing_documented(failure: Failure, operation: Operation) -> bool:
    """The operation documents no status, so that every answer is an undocumented one."""
    return failure.check == "status_code_conformance" and not operation.responses


def _no_refusal_documented(failure: Failure, operation: Operation) -> bool:
    """No refusal is documented, but schemathesis sent what it wants to see refused."""
    undocumented = failure.check == "status_code_conformance" and failure.is_negative
    keys = {key.lower() for key in operation.responses}
    refusing = keys & {*_REFUSALS, "4xx", "5xx", "default"} or any(key[0] == "5" for key in keys)
    return undocumented and 400 <= failure.answer.status < 500 and not refusing


def _no_refusal_of_credentials_documented(failure: Failure, operation: Operation) -> bool:
    """Neither 401 nor 403 is documented, but the check of credentials takes nothing else."""
    keys = {key.lower() for key in operation.responses}
    refusing = keys & {"401", "403", "4xx", "default"}
    undocumented = failure.check == "status_code_conformance" and failure.answer.status == 401
    return undocumented and operation.requires_credentials and not refusing


def _no_success_documented(failure: Failure, operation: Operation) -> bool:
    """Only refusals are documented, and a server that refuses everything is none."""
    undocumented = failure.check == "status_code_conformance" and failure.answer.status < 300
    return undocumented and all(key[0] in "45" for key in operation.responses)


def _header_to_be_ignored(failure: Failure, operation: Operation) -> bool:
    """The document asks for a header that OpenAPI 3 says to ignore in parameters."""
    told = re.search(r"(?i)(missing required '|missing `|parameter `)(\S+)['`]", failure.message)
    stated = {
        each.name.lower() for each in operation.parameters if each.location is ParameterIn.HEADER
    }
    name = told[2].lower() if told else ""
    return name in _IGNORED and name not in stated and "header" in failure.message.lower()


def _right_credentials(failure: Failure, _: Operation) -> bool:
    """Credentials of another documented alternative were still there, and they are right."""
    shown = [value for _, value in failure.sent.headers] + [failure.sent.target]
    encoded = b64encode(RIGHT_PAIR.encode()).decode()
    return failure.check == "ignored_auth" and any(
        secret in text for text in shown for secret in (SECRET, encoded)
    )


def _no_http(failure: Failure, _: Operation) -> bool:
    """Control characters in a header are no HTTP (RFC 9110 section 5.5), which is refused first."""
    return failure.answer.status == 400 and any(
        _CONTROLS.search(text) for header in failure.sent.headers for text in header
    )


def _another_path(failure: Failure, operation: Operation) -> bool:
    """A path parameter was written as nothing, so the request is not one to this operation."""
    template = re.split(r"\{[^}]*\}", operation.path)
    pattern = "[^/]+".join(map(re.escape, template))
    return re.search(f"{pattern}$", failure.sent.path) is None


def _is_json(failure: Failure) -> bool:
    """Whether JSON is what the failure is about: there nothing is lost on the wire."""
    media = (failure.sent.header("content-type") or "").partition(";")[0].strip().lower()
    components = failure.case["meta"]["components"]
    return "body" in components and media.endswith(("/json", "+json"))
