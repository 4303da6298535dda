"""Whether a request that was sent is valid, and if not, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pe4king_core.mock.contract.forms import MOST_READINGS, Forms, parts
from pe4king_core.mock.contract.operations import Operation, Operations, Parameter
from pe4king_core.mock.contract.pointers import UnjudgedError, resolved
from pe4king_core.mock.contract.readings import (
    field_readings,
    json_value,
    lists,
    objects,
    parameter_readings,
)
from pe4king_core.mock.contract.schemas import Schemas, is_one_of
from pe4king_core.mock.exchange import Sent

_ENCODED = re.compile("%(?:2C|2E|3B|3D)", re.IGNORECASE)
"""Delimiters of items in paths: comma, dot, semicolon, equals sign."""


class RequestJudge:
    """Judges requests against one raw document."""

    def __init__(
        self,
        document: Mapping[str, Any],
        operations: Operations | None = None,
        schemas: Schemas | None = None,
    ) -> None:
        self._document = document
        self.operations = operations or Operations(document)
        self.schemas = schemas or Schemas(document)
        self._forms = Forms(document, self.schemas.in_request, self.schemas.why_not_sent)

    def faults(self, sent: Sent, template: str) -> list[str]:
        """What is wrong with a request to the path `template`; empty: it is valid.

        Credentials are not looked at. Raises UnjudgedError where a schema is beyond the validator.
        """
        operation = self.operations.of(sent.method, template)
        if operation is None:
            return ["the path has no such method"]
        return self.faults_of(operation, sent)

    def faults_of(self, operation: Operation, sent: Sent) -> list[str]:
        """What is wrong with a request for `operation`. Raises UnjudgedError as `faults` does."""
        if operation.unread:
            raise UnjudgedError(operation.unread)
        return [
            *self._path_faults(operation, sent),
            *self._query_faults(operation, sent),
            *self._header_faults(operation, sent),
            *self._body_faults(operation, sent),
        ]

    def _path_faults(self, operation: Operation, sent: Sent) -> Iterator[str]:
        wanted = [each for each in operation.parameters if each.place == "path"]
        template = operation.path.split("#", maxsplit=1)[0]  # no client sends a fragment
        names = re.findall(r"{([^}]+)}", template)
        pattern = re.compile(
            "([^/]*)".join(re.escape(part) for part in re.split(r"{[^}]+}", template))
        )
        path = sent.target if "?" in template else urlsplit(sent.target).path
        match = pattern.fullmatch(path) or pattern.fullmatch(unquote(path))
        if match is None:
            yield f"not at {operation.path}"
            return
        values = dict(zip(names, match.groups(), strict=True))
        for each in wanted:
            if each.name not in values:
                continue
            text = _unstyled(each, values[each.name])
            # A delimiter that was sent encoded may be part of an item.
            inner = _ENCODED.sub("_", values[each.name])
            if not text:
                yield f"path parameter {each.name} is empty"
            elif not (self._fits(each, [text]) or self._fits(each, [_unstyled(each, inner)])):
                yield f"path parameter {each.name}: {text!r}"

    def _query_faults(self, operation: Operation, sent: Sent) -> Iterator[str]:
        pairs = parse_qsl(urlsplit(sent.target).query, keep_blank_values=True)
        for each in operation.parameters:
            if each.place != "query":
                continue
            values = [value for name, value in pairs if name in (each.name, f"{each.name}[]")]
            members = self._members(each, pairs)
            if values:
                if not self._fits(each, values):
                    yield f"query parameter {each.name}: {values}"
            elif members is not None:
                if not self._any_valid(each.schema, _spread(members)):
                    yield f"query parameter {each.name}: {members}"
            elif each.required:
                yield f"query parameter {each.name} is missing"

    def _members(
        self, parameter: Parameter, pairs: Sequence[tuple[str, str]]
    ) -> dict[str, str] | None:
        """The members of an object that is spread over the query."""
        schema = resolved(self._document, parameter.schema)
        if parameter.style == "deepObject":
            start = parameter.name + "["
            found = {n[len(start) : -1]: v for n, v in pairs if n.startswith(start)}
            return found or None
        known = schema.get("properties") if isinstance(schema, dict) else None
        if parameter.explode and isinstance(known, dict):
            return {n: v for n, v in pairs if n in known} or None
        return None

    def _header_faults(self, operation: Operation, sent: Sent) -> Iterator[str]:
        cookies = _cookies(sent)
        for each in operation.parameters:
            if each.place == "header" and each.name.lower() not in (
                "accept",
                "content-type",
                "authorization",
            ):
                value = sent.header(each.name)
            elif each.place == "cookie":
                value = cookies.get(each.name)
            else:
                continue
            if value is None and each.required:
                yield f"{each.place} {each.name} is missing"
            elif value is not None and not self._fits(each, [value]):
                yield f"{each.place} {each.name}: {value!r}"

    def _fits(self, parameter: Parameter, texts: list[str]) -> bool:
        """Whether any reading of the texts is a valid value."""
        if parameter.content:
            try:
                value = json_value(texts[0])
            except ValueError:
                return False
            return self.schemas.in_request(parameter.schema, value)
        return self._any_valid(parameter.schema, parameter_readings(parameter, texts))

    def _any_valid(self, schema: Any, readings: Iterator[Any]) -> bool:
        return any(
            self.schemas.in_request(schema, each) for each in islice(readings, MOST_READINGS)
        )

    def _body_faults(self, operation: Operation, sent: Sent) -> Iterator[str]:
        media_type = sent.header("content-type") or ""
        if not sent.body and not media_type:
            if operation.body_required:
                yield "the body is missing"
            return
        if not operation.bodies:
            return
        if not is_one_of(media_type, list(operation.bodies)):
            yield f"media type {media_type!r}"
            return
        media = next(m for n, m in operation.bodies.items() if is_one_of(media_type, [n]))
        plain = media_type.split(";", maxsplit=1)[0].strip().lower()
        known = media if isinstance(media, dict) else {}
        if plain.endswith(("/json", "+json")):
            yield from self._json_faults(known.get("schema", {}), sent.body)
        elif plain == "application/x-www-form-urlencoded":
            pairs = parse_qsl(sent.body.decode("utf-8", "replace"), keep_blank_values=True)
            yield from self._forms.faults(known, pairs)
        elif plain == "multipart/form-data":
            yield from self._forms.faults(known, list(parts(media_type, sent.body)))
        else:
            raise UnjudgedError(f"bodies of {plain}")

    def _json_faults(self, schema: Any, content: bytes) -> Iterator[str]:
        try:
            value = json_value(content)
        except ValueError:
            yield "the body is no JSON"
            return
        if not self.schemas.in_request(schema, value):
            yield f"body: {self.schemas.why_not_sent(schema, value)}"


def _spread(members: Mapping[str, str]) -> Iterator[Any]:
    """Readings of `a[b]=` and `a[0]=`: an object, or an array where every key is a number."""
    if all(key.isdigit() for key in members):
        yield from lists([members[key] for key in sorted(members, key=int)])
    tree = [
        ("".join(f"[{part}]" for part in key.split("][")), text) for key, text in members.items()
    ]
    yield from field_readings(tree, "deepObject")
    yield from objects(members)


def _unstyled(parameter: Parameter, text: str) -> str:
    if parameter.style == "label":
        return unquote(text).removeprefix(".")
    if parameter.style == "matrix":
        return unquote(text).removeprefix(f";{parameter.name}").removeprefix("=")
    return text


def _cookies(sent: Sent) -> dict[str, str]:
    try:
        found = SimpleCookie(sent.header("cookie") or "")
    except CookieError:
        return {}
    return {name: unquote(morsel.value) for name, morsel in found.items()}
