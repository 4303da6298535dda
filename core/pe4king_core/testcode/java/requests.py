"""REST Assured requests: what is set in the specification, and the verb that sends it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pe4king_core.model.source import BodyKind, RequestParts
from pe4king_core.model.text import Span
from pe4king_core.testcode.java import carrying
from pe4king_core.testcode.java.models import json_members, open_texts
from pe4king_core.testcode.java.objects import Constant, Entries, Expected, Instance, Parts, Request
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.reasons import HIDDEN_CALL, UNKNOWN_METHOD
from pe4king_core.testcode.routes import Route, looks_like_path, route, template_of
from pe4king_core.testcode.values import UNKNOWN, Answer, Hole, Known, Sent, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
STARTS = frozenset({"given", "when", "with", "expect"})
ENTRANCES = frozenset(
    {"RestAssured", "SerenityRest", "RestAssuredMockMvc", "RestAssuredWebTestClient"}
)
_PLACEHOLDER = re.compile(r"\{(\w[\w.-]*)\}")
_SETTER = re.compile(r"(?:set|add)([A-Z])(\w*)\Z")
_NAMED = {
    "queryParam": "query", "queryParams": "query", "header": "headers", "headers": "headers",
    "cookie": "cookies", "cookies": "cookies", "formParam": "form", "formParams": "form",
    "param": "either", "params": "either", "multiPart": "form", "controlName": "form",
}  # fmt: skip
_BODY_VERBS = frozenset({"post", "put", "patch"})


@dataclass(frozen=True, slots=True)
class Link:
    """One method call: its name, and its arguments as values, names and texts."""

    name: str
    values: Sequence[Value]
    names: Sequence[str]
    texts: Sequence[str]
    span: Span
    node: Node


def begun(context: Context) -> Request:
    """A new request, with what is set for all of them."""
    common = context.run.settings.get("requestSpecification")
    return common if isinstance(common, Request) else Request()


def spec_link(context: Context, spec: Request, link: Link) -> Value:
    """What a method of a request specification gives."""
    name = _plain_name(link.name)
    if name in VERBS or (name == "request" and link.values):
        return open_request(context, spec, link) or UNKNOWN
    if name in ("basePath", "baseUri") and link.values:
        base = base_of(link.values[0], link.names[0])
        is_path = name == "basePath"
        return replace(spec, base_path=base) if is_path else replace(spec, base_uri=base)
    if name in ("spec", "specification", "requestSpecification", "when", "given", "with"):
        for other in link.values:
            spec = _merged(spec, other)
        return spec
    if name == "body" and link.values:
        variable = link.texts[0] if link.texts[0].isidentifier() else ""
        return replace(spec, content=link.values[0], variable=variable)
    if name == "contentType" and link.values:
        return _with_media(spec, link.values[0])
    if name == "accept":
        return _with_names(spec, "headers", ("Accept",))
    if name in _NAMED:
        if name == "multiPart":
            spec = replace(spec, body=BodyKind.MULTIPART)
            if len(link.values) == 1 and isinstance(link.values[0], Request):
                return _merged(spec, link.values[0])
        return _named(spec, name, link)
    return spec


def _plain_name(name: str) -> str:
    """`addQueryParam` of a builder is `queryParam`."""
    found = _SETTER.match(name)
    return found[1].lower() + found[2] if found else name


def _with_media(spec: Request, value: Value) -> Request:
    known = plain(value)
    text = known.value if isinstance(known, Known) else ""
    return replace(spec, media=text.lower() if isinstance(text, str) else "")


def _named(spec: Request, name: str, link: Link) -> Request:
    """`queryParam("a", 1)`, `queryParams("a", 1, "b", 2)`, `queryParams(map)`."""
    kind = _NAMED[name]
    values = [plain(each) for each in link.values]
    if not values:
        return spec
    if len(values) == 1 and name not in ("multiPart", "controlName"):
        members = json_members(values[0])
        spec = replace(spec, values=(*spec.values, *carrying.mapped(kind, values[0])))
        if members is None:
            return replace(spec, complete=False)
        return _with_names(spec, kind, members[0], complete=members[1])
    step = 2 if name.endswith("s") else len(values)
    names = [each.value for each in values[::step] if isinstance(each, Known)]
    texts = tuple(each for each in names if isinstance(each, str))
    if kind == "headers" and "content-type" in (each.lower() for each in texts) and step > 1:
        spec = _with_media(spec, values[1])
    for name_value, value in zip(values[::step], values[1::step], strict=False):
        if isinstance(name_value, Known) and isinstance(name_value.value, str):
            added = carrying.named(kind, name_value.value, value)
            spec = replace(spec, values=(*spec.values, *added))
    texts = tuple(each for each in texts if kind != "headers" or each.lower() != "content-type")
    return _with_names(spec, kind, texts, complete=len(names) == len(values[::step]))


def _with_names(
    spec: Request, kind: str, names: Iterable[str], *, complete: bool = True
) -> Request:
    added = ((kind, name) for name in names)
    named = tuple(dict.fromkeys((*spec.named, *added)))
    return replace(spec, named=named, complete=spec.complete and complete)


def _merged(spec: Request, other: Value) -> Request:
    """`spec` with what the specification `other` says; an unknown one may say anything."""
    if isinstance(other, Expected):
        return replace(spec, expected=(*spec.expected, *other.links))
    if not isinstance(other, Request):
        return replace(spec, complete=False)
    return replace(
        spec,
        named=tuple(dict.fromkeys((*spec.named, *other.named))),
        values=tuple(dict.fromkeys((*spec.values, *other.values))),
        base_uri=other.base_uri if other.base_uri is not None else spec.base_uri,
        base_path=other.base_path if other.base_path is not None else spec.base_path,
        body=other.body if other.body is not BodyKind.NONE else spec.body,
        content=other.content if other.content is not None else spec.content,
        media=other.media or spec.media,
        complete=spec.complete and other.complete,
        expected=(*spec.expected, *other.expected),
    )


def base_of(value: Value, name: str) -> Parts:
    """`value`, set as an address or base path; what is not known of it is outside of the path."""
    parts = template_of(plain(value), name)
    if parts and isinstance(parts[0], Hole):
        return (Hole(parts[0].name, outside=True), *parts[1:])
    return parts


def open_request(
    context: Context, spec: Request, link: Link, *, begun: bool = True
) -> Answer | None:
    """The call that the verb `link` sends; None where it is no verb, or has no path of ours."""
    method, values, names = link.name, list(link.values), list(link.names)
    if link.name == "request" and values:
        method = _method(values.pop(0), link.texts[0])
        names.pop(0)
    elif link.name not in VERBS:
        return None
    parts: Parts = ()
    if values:
        parts = with_placeholders(template_of(plain(values[0]), names[0]))
    if not begun and not looks_like_path(parts):
        return None
    if context.run.too_deep:
        hidden = context.recorder.open_call("", Route(""), link.span, unresolved=HIDDEN_CALL)
        return Answer(hidden.id)
    found = route(_address(context, spec, parts))
    draft = context.recorder.open_call(
        method, found, link.span, unresolved=None if method else UNKNOWN_METHOD
    )
    draft.parts = _request_parts(spec, method, parts)
    context.recorder.carry(draft.id, carrying.carried(spec, method, parts))
    _mark_sent(context, spec, draft.id)
    return Answer(draft.id)


def _address(context: Context, spec: Request, parts: Parts) -> Parts:
    settings = context.run.settings
    address = parts
    for own, name in ((spec.base_path, "basePath"), (spec.base_uri, "baseURI")):
        base = own
        if base is None and name in settings:
            base = base_of(settings[name], name)
        if base:
            address = _based(base, address)
    return address


def _request_parts(spec: Request, method: str, parts: Parts) -> RequestParts:
    query, form = spec.names("query"), spec.names("form")
    if method in _BODY_VERBS:
        form += spec.names("either")
    else:
        query += spec.names("either")
    text = "".join(part if isinstance(part, str) else "\0" for part in parts)
    query += re.findall(r"[?&]([\w.\[\]-]+)=", text)
    body, names, complete = _body(spec, has_form=bool(form))
    return RequestParts(
        tuple(dict.fromkeys(query)),
        tuple(spec.names("headers")),
        tuple(spec.names("cookies")),
        tuple(form),
        body,
        names,
        spec.complete and complete,
    )


def _body(spec: Request, *, has_form: bool) -> tuple[BodyKind, tuple[str, ...], bool]:
    if spec.body is BodyKind.MULTIPART or spec.media.startswith("multipart/"):
        return BodyKind.MULTIPART, (), True
    if has_form:
        return BodyKind.FORM, (), True
    if spec.content is None:
        return BodyKind.NONE, (), True
    if "urlencoded" in spec.media:
        return BodyKind.FORM, (), False
    if spec.media and "json" not in spec.media:
        return BodyKind.OTHER, (), False
    members = json_members(plain(spec.content))
    if members is None:
        return BodyKind.JSON, (), False
    return BodyKind.JSON, members[0], members[1]


def _mark_sent(context: Context, spec: Request, call: str) -> None:
    content = spec.content
    if content is not None:
        context.run.sent += [(call, pointer, text) for pointer, text in open_texts(content)]
    if isinstance(content, Instance | Entries):
        content.sent = (*content.sent, call)
    before = context.lookup(spec.variable) if spec.variable else UNKNOWN
    if isinstance(before, Known) and not isinstance(before.value, str):
        context.names[spec.variable] = Sent((call,), "", before)
    elif isinstance(before, Known) and isinstance(before.value, str):
        parsed = _parsed(before.value)
        if parsed is not None:
            context.names[spec.variable] = Sent((call,), "", parsed)


def _parsed(text: str) -> Known | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return Known(value) if isinstance(value, dict | list) else None


def _method(value: Value, text: str) -> str:
    known = plain(value)
    if isinstance(known, Constant):
        name = known.name.lower()
    elif isinstance(known, Known) and isinstance(known.value, str):
        name = known.value.lower()
    else:
        name = text.rpartition(".")[2].lower() if "." in text else ""
    return name if name in VERBS else ""


def with_placeholders(parts: Sequence[str | Hole]) -> Parts:
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


def _based(base: Parts, parts: Parts) -> Parts:
    if parts and isinstance(parts[0], str) and re.match(r"[a-zA-Z][\w+.-]*://", parts[0]):
        return parts
    if parts and isinstance(parts[0], Hole) and parts[0].outside:
        return parts
    base = with_placeholders(base)
    last = base[-1] if base else ""
    trimmed = (*base[:-1], last.rstrip("/")) if isinstance(last, str) else base
    following = parts[0] if parts else ""
    slash = "" if isinstance(following, str) and following.startswith(("/", "?")) else "/"
    return (*trimmed, slash, *parts) if parts else trimmed
