"""REST Assured requests: the specification and the verb that sends it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.source import BodyKind, RequestParts
from pe4king_core.model.text import Span
from pe4king_core.testcode.context import Context
from pe4king_core.testcode.reasons import UNKNOWN_METHOD
from pe4king_core.testcode.routes import looks_like_path, route, template_of
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Hole,
    Known,
    RequestSpec,
    Sent,
    Value,
    plain,
)

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_STARTS = frozenset({"given", "when", "with", "expect"})
_PLACEHOLDER = re.compile(r"\{(\w[\w.-]*)\}")


@dataclass(frozen=True, slots=True)
class Link:
    """One method call: its name, and its arguments as values, names and texts."""

    name: str
    values: Sequence[Value]
    names: Sequence[str]
    texts: Sequence[str]
    span: Span


def starts_request(value: Value | None, receiver: str, name: str) -> bool:
    """Whether `receiver.name(...)` begins a request."""
    by_class = receiver.rpartition(".")[2] in ("RestAssured", "SerenityRest")
    return name in _STARTS and (value is None or by_class)


def spec_link(context: Context, spec: RequestSpec, link: Link) -> Value:
    """What a method of a request specification gives."""
    if link.name in _VERBS or (link.name == "request" and link.values):
        return open_request(context, spec, link) or UNKNOWN
    if link.name in ("basePath", "setBasePath") and link.values:
        return replace(spec, base=template_of(plain(link.values[0]), link.names[0]))
    if link.name in ("spec", "when", "given") and link.values:
        other = link.values[0]
        if isinstance(other, RequestSpec) and other.base:
            return replace(spec, base=other.base)
    if link.name in ("body", "setBody") and link.values and not spec.expecting:
        return replace(spec, has_body=True, sent=link.texts[0])
    return spec


def open_request(context: Context, spec: RequestSpec, link: Link) -> Value | None:
    """The call that the verb `link` sends; None where it is no verb, or has no path of ours."""
    method, values, names = link.name, list(link.values), list(link.names)
    if link.name == "request" and values:
        method = _method(values.pop(0), link.texts[0])
        names.pop(0)
    elif link.name not in _VERBS:
        return None
    parts: tuple[str | Hole, ...] = ()
    if values:
        parts = _with_placeholders(template_of(plain(values[0]), names[0]))
    if not spec.begun and not looks_like_path(parts):
        return None
    found = route(_based(spec.base, parts))
    draft = context.recorder.open_call(
        method, found, link.span, unresolved=None if method else UNKNOWN_METHOD
    )
    draft.parts = RequestParts(body=BodyKind.JSON if spec.has_body else BodyKind.NONE)
    _mark_sent(context, spec, draft.id)
    return Answer(draft.id)


def _mark_sent(context: Context, spec: RequestSpec, call: str) -> None:
    name = spec.sent or ""
    before = context.lookup(name) if name.isidentifier() else UNKNOWN
    if isinstance(before, Known):
        context.names[name] = Sent((call,), "", before)


def _method(value: Value, text: str) -> str:
    known = plain(value)
    if isinstance(known, Known) and isinstance(known.value, str):
        return known.value.lower()
    name = text.rpartition(".")[2].lower()
    return name if name in _VERBS else ""


def _with_placeholders(parts: Sequence[str | Hole]) -> tuple[str | Hole, ...]:
    """`/books/{id}` with its placeholder as a hole."""
    found: list[str | Hole] = []
    for part in parts:
        if isinstance(part, Hole):
            found.append(part)
            continue
        position = 0
        for match in _PLACEHOLDER.finditer(part):
            found += (part[position : match.start()], Hole(match[1]))
            position = match.end()
        found.append(part[position:])
    return tuple(part for part in found if part != "")


def _based(base: Sequence[str | Hole], parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
    if not base or (parts and isinstance(parts[0], str) and "://" in parts[0][:9]):
        return parts
    first = base[-1]
    trimmed = (*base[:-1], first.rstrip("/")) if isinstance(first, str) else tuple(base)
    following = parts[0] if parts else ""
    slash = "" if isinstance(following, str) and following.startswith(("/", "?")) else "/"
    return (*trimmed, slash, *parts) if parts else trimmed


def is_foreign(declared: str) -> bool:
    """Whether a variable of this type holds the answer of another client than REST Assured."""
    simple = declared.partition("<")[0].rpartition(".")[2]
    return simple in (
        "ResponseEntity", "HttpResponse", "CloseableHttpResponse", "MvcResult", "ResultActions",
    )  # fmt: skip
