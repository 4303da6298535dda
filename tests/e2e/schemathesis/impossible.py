"""Failures that no server can avoid, each by a named rule that says why.

A failure that no rule names is ours. Where a rule needs to know what a request says as it was
sent, the validator of `mock.contract` reads it, which shares nothing with the server.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.contract.requests import RequestJudge
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.parts import ParameterIn
from pe4king_core.model.schema import JsonType, Schema
from tests.e2e.schemathesis.events import Failure
from tests.e2e.schemathesis.secrets import RIGHT_PAIR, SECRET

_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_CHANGED = re.compile(
    r"(?:in body - | - )(\S+(?: -> \S+)*): (?:Incorrect type|Invalid enum value)"
    r"|violates `type` at ((?:/properties/[^/ ]+)+)(?: \(|$)"
)
"""Of what schemathesis changed the type, in its words."""
_LONGEST_TARGET = 60_000
_SENT = {
    ParameterIn.PATH: "path_parameters",
    ParameterIn.HEADER: "headers",
    ParameterIn.COOKIE: "cookies",
}
_TEXTLESS = frozenset({JsonType.INTEGER, JsonType.NUMBER, JsonType.BOOLEAN, JsonType.OBJECT})
_IGNORED = ("accept", "content-type", "authorization")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REFUSALS = ("400", "405", "406", "413", "415", "422")
"""What tells of wrong data; 401, 403, 404, 409, 428 and 429 tell of something else."""


class Impossible:
    """The rules for the failures of one document; `raw` is its data."""

    def __init__(self, document: ApiDocument, raw: Mapping[str, Any]) -> None:
        self._document = document
        self._judge, self._answers = RequestJudge(raw), AnswerJudge(raw)
        self._rules: Mapping[str, Callable[[Failure, Operation], bool]] = {
            "nothing documented": _nothing_documented,
            "no refusal documented": _no_refusal_documented,
            "no refusal of credentials documented": _no_refusal_of_credentials_documented,
            "no success documented": _no_success_documented,
            "no HTTP": _no_http,
            "header to be ignored": _header_to_be_ignored,
            "right credentials": _right_credentials,
            "another path": _another_path,
            "one path under two templates": self._twice,
            "no content": _no_content,
            "no 404 documented": self._no_404_documented,
            "gone, but no 404 documented": _gone,
            "only 410 documented": _only_410_documented,
            "branch twice": _branch_twice,
            "discriminator that names no branch": self._names_no_branch,
            "no form for what is nested": _nested,
            "no empty list in XML": _emptiness,
            "no types in XML and forms": _types_in_text,
            "valid as it was sent": self._valid_as_sent,
            "valid in another branch": self._valid_json,
            "invalid as it was sent": self._invalid_as_sent,
            "invalid by what is no keyword": self._invalid_json,
        }

    def reason(self, failure: Failure) -> str:
        """The name of the rule that says why; empty where there is none."""
        operation = self._document.operation(failure.operation)
        if operation is None:
            return ""
        return next((name for name, rule in self._rules.items() if rule(failure, operation)), "")

    def _names_no_branch(self, failure: Failure, operation: Operation) -> bool:
        """The values of a discriminator are not the names of its branches, which schemathesis wants
        them to be; the answer is valid by the schema itself."""
        told = failure.message.startswith("Response contains discriminator property")
        if failure.check != "response_schema_conformance" or not told:
            return False
        return not self._answers.faults(operation.method, operation.path, failure.answer)

    def _twice(self, failure: Failure, operation: Operation) -> bool:
        """Methods of the same path are documented under templates that differ in names alone."""
        shapes = {
            each.path
            for each in self._document.entries
            if _shape(each.path) == _shape(operation.path)
        }
        return failure.check == "allow_header_conformance" and len(shapes) > 1

    def _no_404_documented(self, failure: Failure, _: Operation) -> bool:
        """What was deleted may not be told to be gone: the operation documents no 404."""
        found = self._judge.operations.matching(failure.sent.method, failure.sent.target)
        used = (
            self._document.operation(f"{found[0].method.upper()} {found[0].path}")
            if found
            else None
        )
        if failure.check != "use_after_free" or used is None:
            return False
        return not _keys(used) & {"404", "410", "4xx", "default"}

    def _valid_as_sent(self, failure: Failure, operation: Operation) -> bool:
        """What was wrong is gone on the wire, where all is text: an array as one text, `null`."""
        return self._is_valid(failure, operation) and not _is_json(failure)

    def _valid_json(self, failure: Failure, operation: Operation) -> bool:
        """Wrong in one branch of a choice, but valid in another one."""
        return self._is_valid(failure, operation) and _is_json(failure)

    def _is_valid(self, failure: Failure, operation: Operation) -> bool:
        asked = failure.check == "negative_data_rejection"
        return asked and self._faults(failure, operation) == []

    def _invalid_as_sent(self, failure: Failure, operation: Operation) -> bool:
        """What was right is gone on the wire: an object sent as its names, one without members."""
        return self._is_invalid(failure, operation) and not _is_json(failure)

    def _invalid_json(self, failure: Failure, operation: Operation) -> bool:
        """Valid only with what stands beside `$ref`, which is ignored before OpenAPI 3.1."""
        return self._is_invalid(failure, operation) and _is_json(failure)

    def _is_invalid(self, failure: Failure, operation: Operation) -> bool:
        return _wants_success(failure) and bool(self._faults(failure, operation))

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
    """No refusal is documented, but schemathesis sent what it wants to see refused.

    It takes a 5xx as well, but not with its check `not_a_server_error`. Nor is anything documented
    of the type of a refusal; `produces` of Swagger 2 speaks of what is.
    """
    refusing = _keys(operation) & {*_REFUSALS, "4xx", "default"}
    status = failure.check == "status_code_conformance"
    told = status or failure.check == "content_type_conformance"
    return told and failure.is_negative and 400 <= failure.answer.status < 500 and not refusing


def _no_refusal_of_credentials_documented(failure: Failure, operation: Operation) -> bool:
    """Neither 401 nor 403 is documented, but the check of credentials takes nothing else."""
    refusing = _keys(operation) & {"401", "403", "4xx", "default"}
    undocumented = failure.check == "status_code_conformance" and failure.answer.status == 401
    return undocumented and operation.requires_credentials and not refusing


def _no_success_documented(failure: Failure, operation: Operation) -> bool:
    """Only refusals (or 101) are documented, and a server that refuses everything is none."""
    undocumented = failure.check == "status_code_conformance" and failure.answer.status < 300
    return undocumented and all(key[0] in "145" for key in operation.responses)


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
    """Headers with control characters, or names that are no tokens, are no HTTP (RFC 9110); nor is
    every server to take targets of tens of thousands of octets (section 4.1)."""
    too_long = len(failure.sent.target) > _LONGEST_TARGET
    return failure.answer.status == 400 and (
        too_long
        or any(
            _CONTROLS.search(value) or not _TOKEN.fullmatch(name)
            for name, value in failure.sent.headers
        )
    )


def _another_path(failure: Failure, operation: Operation) -> bool:
    """A path parameter was written as nothing, so the request is not one to this operation."""
    template = re.split(r"\{[^}]*\}", operation.path)
    pattern = "[^/]+".join(map(re.escape, template))
    return re.search(f"{pattern}$", failure.sent.path) is None


def _no_content(failure: Failure, operation: Operation) -> bool:
    """The documented answer has no content, so no type either; `produces` speaks of the others."""
    response = operation.response_for(failure.answer.status)
    empty = (response is None or not response.content) and not failure.answer.body
    return failure.check == "content_type_conformance" and empty


def _gone(failure: Failure, operation: Operation) -> bool:
    """What was deleted is told to be gone, as `use_after_free` wants; no 404 is documented."""
    refusing = _keys(operation) & {"404", "410", "4xx", "default"}
    undocumented = failure.check == "status_code_conformance" and failure.answer.status == 404
    return undocumented and not refusing and b" was removed" in failure.answer.body


def _only_410_documented(failure: Failure, operation: Operation) -> bool:
    """What is gone is told by the one documented status for it, 410."""
    gone = failure.check == "positive_data_acceptance" and failure.answer.status == 410
    return gone and "410" in operation.responses and "404" not in operation.responses


def _nested(failure: Failure, operation: Operation) -> bool:
    """Members of objects that are structures have no form in a parameter, nor have objects in
    cookies (OpenAPI leaves both undefined, section "Style Values"): Python's own is sent."""
    for parameter in operation.parameters if _wants_success(failure) else ():
        sent = failure.case.get(_SENT.get(parameter.location, "")) or {}
        text, schema = sent.get(parameter.name), parameter.schema
        if not isinstance(text, str) or schema is None or JsonType.OBJECT not in schema.types:
            continue
        inner = r"[\[{]|[0-9]\.[0-9]" if parameter.style == "label" else r"[\[{]"
        if parameter.location is ParameterIn.COOKIE or re.search(inner, unquote(text)):
            return True
    return False


def _branch_twice(failure: Failure, operation: Operation) -> bool:
    """The document states a branch of a oneOf twice, so that strictly nothing is valid."""
    body = operation.request_body
    responses = [each.content for each in operation.responses.values()]
    contents = [*responses, *([body.content] if body is not None else [])]
    schemas = [media.schema for content in contents for media in content.values()]
    twice = any(
        schema is not None
        and schema.exclusive_branches
        and len(set(schema.branches.values())) < len(schema.branches)
        for schema in schemas
    )
    checks = ("response_schema_conformance", "negative_data_rejection")
    return twice and failure.check in checks and "oneOf" in failure.message


def _emptiness(failure: Failure, _: Operation) -> bool:
    """A list without items has no elements in XML, and so is not there."""
    asked = _wants_success(failure) and _is_xml(failure)
    return asked and _has_empty_list(failure.case.get("body"))


def _types_in_text(failure: Failure, operation: Operation) -> bool:
    """In XML and forms all is text, and any text may be a list of one: a list is always right."""
    stated = (failure.sent.header("content-type") or "").partition(";")[0]
    if failure.check != "negative_data_rejection" or not re.search("xml|form", stated):
        return False
    body = operation.request_body
    media = body.content.get(stated) if body is not None else None
    changed = [each for each in failure.message.splitlines() if _CHANGED.search(each)]
    return bool(changed) and all(
        (found := _CHANGED.search(each)) is not None
        and media is not None
        and media.schema is not None
        and _is_list(
            media.schema,
            re.split(r" -> |/properties/", found[1] or found[2]),
            in_xml="xml" in stated,
        )
        for each in changed
    )


def _is_list(schema: Schema, names: Sequence[str], *, in_xml: bool) -> bool:
    """Whether the member that `names` lead to may be a list of texts."""
    for name in filter(None, names):
        parts = [schema, *schema.conjuncts.values(), *schema.branches.values()]
        found = next((each.properties[name] for each in parts if name in each.properties), None)
        if found is None:
            return False
        schema = found
    lists = [each for each in (schema, *schema.branches.values()) if JsonType.ARRAY in each.types]
    # An element without content is a list without items as well, whatever its items are.
    return any(in_xml or each.items is None or not _TEXTLESS & each.items.types for each in lists)


def _has_empty_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_empty_list, value.values()))
    return isinstance(value, list) and (not value or any(map(_has_empty_list, value)))


def _wants_success(failure: Failure) -> bool:
    """Whether the check wants no refusal, or none that is undocumented, of what is right to it."""
    undocumented = failure.check == "status_code_conformance" and not failure.is_negative
    refused = undocumented and 400 <= failure.answer.status < 500
    return refused or failure.check == "positive_data_acceptance"


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _keys(operation: Operation) -> set[str]:
    return {key.lower() for key in operation.responses}


def _is_xml(failure: Failure) -> bool:
    return "xml" in (failure.sent.header("content-type") or "")


def _is_json(failure: Failure) -> bool:
    """Whether JSON is what the failure is about: there nothing is lost on the wire."""
    media = (failure.sent.header("content-type") or "").partition(";")[0].strip().lower()
    changed = failure.case["meta"].get("components", {"body": {}})
    return "body" in changed and media.endswith(("/json", "+json"))
