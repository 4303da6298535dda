"""What a REST Assured request carries: parameters, headers, cookies, and the leaves of its body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import unquote_plus

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.json import split
from pe4king_core.testcode.carried import leaves
from pe4king_core.testcode.java.models import json_name
from pe4king_core.testcode.java.objects import Entries, Instance, Parts, Request
from pe4king_core.testcode.java.payloads import opened
from pe4king_core.testcode.values import Known, Value

Carried: TypeAlias = "tuple[ChangeIn, str, str]"

_WHERE = {"query": ChangeIn.QUERY, "headers": ChangeIn.HEADER, "cookies": ChangeIn.COOKIE}
_FORM_VERBS = frozenset({"post", "put", "patch"})
_HOLE = "\ue000"


def named(kind: str, name: str, value: Value) -> Iterator[tuple[str, str, str]]:
    """A parameter `name` of a request under construction."""
    for _, text in leaves(value, _members):
        yield kind, name, text


def mapped(kind: str, value: Value) -> Iterator[tuple[str, str, str]]:
    """The parameters that a map holds. One without a name: there may be others."""
    for pointer, text in leaves(value, _members):
        if pointer or not text:
            yield kind, (*split(pointer), "")[0], text


def carried(spec: Request, method: str, path: Parts) -> Iterator[Carried]:
    """Everything that the request `spec` carries when `method` sends it."""
    yield from _in_path(path)
    if spec.media:
        yield ChangeIn.HEADER, "Content-Type", json.dumps(spec.media)
    for kind, name, text in spec.values:
        where = _WHERE.get(kind)
        if where is None:
            is_query = kind == "either" and method not in _FORM_VERBS
            where = ChangeIn.QUERY if is_query else ChangeIn.BODY
        yield where, f"/{name}" if where is ChangeIn.BODY else name, text
    if spec.content is not None:
        is_json = not spec.media or "json" in spec.media
        content = opened(spec.content) if is_json else None
        for pointer, text in leaves(content or spec.content, _members):
            yield ChangeIn.BODY, pointer, text


def _in_path(parts: Parts) -> Iterator[Carried]:
    text = "".join(part if isinstance(part, str) else _HOLE for part in parts)
    for name, value in re.findall(r"[?&]([\w.\[\]-]+)=([^&#]*)", text):
        known = "" if _HOLE in value else json.dumps(unquote_plus(value), ensure_ascii=False)
        yield ChangeIn.QUERY, name, known


def _members(value: Value) -> tuple[Mapping[str, Value], bool] | None:
    if isinstance(value, Entries):
        return value.members, value.complete
    if isinstance(value, Instance):
        found: dict[str, Value] = {}
        for field in value.type.members.fields.values():
            key = None if field.static else json_name(field)
            inner = value.fields.get(field.name, Known(None))
            if key is not None and inner != Known(None):
                found[key] = inner
        return found, not value.type.superclass
    return None
