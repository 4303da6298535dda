"""Requests begun and sent by method calls, and where their assertions start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pe4king_core.testcode.java.chains import expect, validated_link
from pe4king_core.testcode.java.expressions import (
    evaluate,
)
from pe4king_core.testcode.java.inlining import simple_name
from pe4king_core.testcode.java.objects import (
    Expected,
    Request,
)
from pe4king_core.testcode.java.outline import TypeDecl
from pe4king_core.testcode.java.requests import (
    ENTRANCES,
    Link,
    begun,
    open_request,
    spec_link,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.reasons import HIDDEN_CALL
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.values import (
    Unknown,
    Validated,
    Value,
    call_of,
)

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Receiver:
    """What a method is called on: a value, or a class by its text; neither for a plain call."""

    value: Value | None = None
    text: str = ""
    owner: TypeDecl | None = None
    """The class, where the text names one whose source is there."""
    declared: str = ""
    """The declared type of the variable."""
    above: bool = False
    """`super.x()`."""


def begin(context: Context, link: Link) -> Value:
    """`given()`, `given(specification)`, `expect()`."""
    request = begun(context)
    if link.values:
        found = spec_link(context, request, replace(link, name="spec"))
        request = found if isinstance(found, Request) else request
    return replace(request, expecting=link.name == "expect")


def requested(context: Context, receiver: Receiver, link: Link) -> Value | None:
    """A verb that begins a request: `RestAssured.get("/x")`, `get("/x")`, `unseen().get("/x")`."""
    simple = receiver.text.rpartition(".")[2]
    request = begun(context)
    if simple in ENTRANCES:
        return open_request(context, request, link)
    if not receiver.text and receiver.value is None:
        imported = context.unit.imports_static(link.name, *ENTRANCES)
        plain_file = not context.unit.imports and not context.unit.static_imports
        if not imported and not plain_file:
            return None
        return open_request(context, request, link, begun=imported)
    if receiver.owner is not None or not isinstance(receiver.value, Unknown):
        return None
    if receiver.text and not _may_send(receiver):
        return None
    return open_request(context, replace(request, complete=False), link, begun=False)


def _may_send(receiver: Receiver) -> bool:
    """Whether a variable may hold a request: its type, or without one its name, says so."""
    simple = simple_name(receiver.declared)
    if simple not in ("", "var"):
        return simple in ("RequestSpecification", "RequestSender", "RequestSpecificationImpl")
    lower = receiver.text.rpartition(".")[2].lower()
    return "mock" not in lower and any(word in lower for word in ("request", "spec", "given"))


def spec(context: Context, spec: Request, link: Link) -> Value:
    """A link of a request; what stands behind `expect()` is asserted once it is sent."""
    value = spec_link(context, spec, link)
    if not isinstance(value, Request):
        common = context.run.settings.get("responseSpecification")
        links = (*(common.links if isinstance(common, Expected) else ()), *spec.expected)
        call = call_of(value)
        if links and call is not None:
            _expect(context, Validated(call), links, link)
        return value
    if link.name in ("expect", "then", "response", "when", "given", "with", "request"):
        return replace(value, expecting=link.name in ("expect", "then", "response"))
    if not spec.expecting:
        return value
    return replace(spec, expected=(*spec.expected, (context, link.node)))


def _expect(
    context: Context,
    value: Validated,
    links: tuple[tuple[Context, Node], ...],
    link: Link,
) -> None:
    """Expectations of this very chain are recorded where they stand, others at the verb."""
    own_links = [each for each in links if each[0] is context]
    for inner, node in own_links:
        name = inner.of(node.child_by_field_name("name"))
        validated_link(inner, value, name, node, evaluate)
    others = [each for each in links if each[0] is not context]
    if others:
        expect(context, value, others, evaluate, link.span)


def then(context: Context, value: Value | None, link: Link) -> Value:
    """`.then()`: the assertions of a chain start here."""
    call = call_of(value) if value is not None else None
    if call is None:
        draft = context.recorder.open_call("", Route(""), link.span, unresolved=HIDDEN_CALL)
        call = draft.id
    return validated_link(context, Validated(call), "then", link.node, evaluate)
