"""Method calls: what each link of `a.b().c()` gives, own methods read in place."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.testcode.java import answers, deferred, foreign, names, own, texts
from pe4king_core.testcode.java.assertions import ASSERTION
from pe4king_core.testcode.java.assertj import fluent_link
from pe4king_core.testcode.java.chains import link_span, validated_link
from pe4king_core.testcode.java.expressions import (
    arguments,
    bound_lambda,
    evaluate,
    first_call,
    name_of,
)
from pe4king_core.testcode.java.inlining import simple_name
from pe4king_core.testcode.java.matchers import MATCHERS
from pe4king_core.testcode.java.objects import (
    Asserted,
    Building,
    Client,
    Collector,
    Constant,
    Entries,
    Entry,
    Expected,
    Instance,
    Lambda,
    Matching,
    Request,
    Typed,
    bare,
)
from pe4king_core.testcode.java.payloads import PARSERS, opened, reached
from pe4king_core.testcode.java.requests import (
    ENTRANCES,
    STARTS,
    VERBS,
    Link,
)
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.java.sending import Receiver, begin, requested, spec, then
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Collected,
    Known,
    Ordered,
    Part,
    Template,
    Unknown,
    Validated,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_LIBRARY_ASSERTIONS = frozenset(
    {"assertThat", "assertEquals", "assertNotEquals", "assertSame", "assertTrue", "assertFalse"}
    | {"assertNull", "assertNotNull", "assertInstanceOf", "assertArrayEquals", "assertNotSame"}
    | {"assertIterableEquals", "assertLinesMatch", "assertJsonEquals"}
)
_MATCHER_CLASSES = frozenset(
    {"Matchers", "CoreMatchers", "JsonSchemaValidator", "RestAssuredMatchers"}
)
_ENTRY_MAKERS = frozenset({"", "Map", "MapEntry", "Assertions", "BDDAssertions"})
_ASSERTS = re.compile(
    r"(?:[Aa]ssert|[Vv]erif|[Vv]alidat|[Ee]xpect|[Cc]heck|[Ee]nsure|should|must)"
    r"(?:(?:ion|y|ier|ies|ion|or|er|ing|ed|e|s)*(?=[A-Z_]|\Z))"
)
_OF_REQUESTS = frozenset(
    {"pathParam", "pathParams", "queryParam", "queryParams", "formParam", "formParams"}
    | {"header", "headers", "cookie", "cookies", "body"}
)
"""What an earlier answer is given to here, the next request takes: that is not the answer."""
_TEXT_BUILDERS = frozenset({"StringBuilder", "StringBuffer", "UriComponentsBuilder", "UriBuilder"})


def chain(node: Node) -> tuple[Node | None, list[Node]]:
    """The links of `a.b().c()` in their order, and what they start from."""
    links: list[Node] = []
    current: Node | None = node
    while current is not None and current.type == "method_invocation":
        links.append(current)
        current = current.child_by_field_name("object")
    return current, links[::-1]


def invoked(context: Context, node: Node) -> Value:
    """The value of the whole chain `node`; each link is read once."""
    start, links = chain(node)
    receiver = _start(context, start) if start is not None else Receiver()
    kept: Value | None = None
    for link in links:
        made = context.made.get(link.end_byte)
        if made is None:
            made = _linked(context, receiver, link)
            context.made[link.end_byte] = made
            kept = made if _changes(context, receiver, made, link) else kept
        receiver = Receiver(made, declared=receiver.declared if kept is not None else "")
    if start is not None and kept is not None:
        _keep(context, start, kept)
    return receiver.value if receiver.value is not None else UNKNOWN


def _start(context: Context, start: Node) -> Receiver:
    if start.type == "super":
        return Receiver(context.this, "super", above=True)
    text = "".join(context.of(start).split())
    if start.type in ("identifier", "field_access", "scoped_identifier"):
        owner = names.type_named(context, text)
        if owner is not None:
            return Receiver(None, text, owner)
    value = evaluate(context, start)
    if start.type not in ("identifier", "field_access", "scoped_identifier"):
        return Receiver(value)
    declared = names.declared_type(context, text.removeprefix("this."))
    if value == UNKNOWN and declared:
        value = own.injected(context, declared) or value
    if value == UNKNOWN and simple_name(declared) in foreign.CLIENTS:
        value = Client(simple_name(declared))
    return Receiver(value, text, declared=declared)


def _changes(context: Context, receiver: Receiver, made: Value, node: Node) -> bool:
    """Whether the object that the method was called on is now `made`: requests, text builders."""
    if isinstance(receiver.value, Request):
        return isinstance(made, Request)
    if isinstance(receiver.value, Expected):
        return isinstance(made, Expected)
    if isinstance(receiver.value, Part):
        return context.of(node.child_by_field_name("name")) in answers.ROOT_SETTERS
    return simple_name(receiver.declared) in _TEXT_BUILDERS and isinstance(made, Known | Template)


def _keep(context: Context, start: Node, value: Value) -> None:
    name = context.of(start)
    if start.type == "identifier" and name in context.names:
        context.names[name] = value
    elif start.type == "identifier" or name.startswith("this."):
        own_field = name.startswith("this.")
        names.assign(context, name.removeprefix("this."), value, own=own_field)


def _linked(context: Context, receiver: Receiver, node: Node) -> Value:
    """The value of one link `receiver.name(...)`."""
    name = context.of(node.child_by_field_name("name"))
    value = receiver.value
    if isinstance(value, Validated):
        return _validated(context, value, name, node)
    if isinstance(value, Expected):
        is_link = name not in ("build", "log") and arguments(node)
        return Expected((*value.links, (context, node))) if is_link else value
    if isinstance(value, Collector):
        return context.run.reader.assertion(context, node, name, receiver.text, value)
    if isinstance(value, Matching):
        return Matching(context, node)
    is_immediate = deferred.is_immediate(name, node)
    if is_immediate and not _is_own(context, receiver, name, len(arguments(node))):
        return deferred.run(context, node, name, value)
    if _is_matcher(context, receiver, name, node):
        return Matching(context, node)
    link = _link(context, node, name)
    known = _known(context, receiver, link)
    return known if known is not None else _unknown(context, receiver, link)


def _is_own(context: Context, receiver: Receiver, name: str, count: int) -> bool:
    if receiver.owner is not None or isinstance(receiver.value, Instance):
        return True
    return receiver.value is None and not receiver.text and own.declared_here(context, name, count)


def _is_matcher(context: Context, receiver: Receiver, name: str, node: Node) -> bool:
    if name not in MATCHERS or receiver.value not in (None, UNKNOWN) or receiver.owner is not None:
        return False
    simple = receiver.text.rpartition(".")[2]
    if receiver.text:
        return simple in _MATCHER_CLASSES
    return not own.declared_here(context, name, len(arguments(node)))


def _validated(context: Context, value: Validated, name: str, node: Node) -> Value:
    found = validated_link(context, value, name, node, evaluate)
    listed = arguments(node)
    if isinstance(found, Answer) and name == "response" and listed:
        return value
    return found


def _link(context: Context, node: Node, name: str) -> Link:
    nodes = arguments(node)
    return Link(
        name,
        [evaluate(context, each) for each in nodes],
        [name_of(context, each) for each in nodes],
        [context.of(each) for each in nodes],
        context.source.span(node),
        node,
    )


def _known(context: Context, receiver: Receiver, link: Link) -> Value | None:
    """What the link gives where the value that it is called on says so."""
    value, name = receiver.value, link.name
    match value:
        case Asserted():
            placed = replace(link, span=link_span(context, link.node))
            conditions = context.run.reader.conditions
            return fluent_link(context, value, placed, bound_lambda, conditions)
        case Request():
            return spec(context, value, link)
        case Lambda():
            if name in deferred.CALLS:
                return bound_lambda(context, value, link.values)
        case Building():
            return own.build(value, link)
        case Entries():
            return texts.of_entries(value, link)
        case Client():
            return foreign.link(context, value, link)
        case Constant(type="System"):
            return texts.of_environment(link)
        case Constant() if name in ("name", "toString"):
            return Known(value.name)
    found = (
        own.method(context, receiver.owner, value, link, above=receiver.above)
        if (value is None or isinstance(value, Instance | Typed) or receiver.above)
        and (not receiver.text or receiver.owner or isinstance(value, Instance | Typed))
        else None
    )
    if found is not None:
        return reached(link.values) or found if found == UNKNOWN else found
    if name == "then" and not link.values and isinstance(value, Answer | Unknown | None):
        return then(context, value, link)
    if value is not None and call_of(value) is not None:
        return _of_answer(context, value, link)
    return None


def _of_answer(context: Context, value: Value, link: Link) -> Value:
    function = link.values[0] if len(link.values) == 1 else None
    if isinstance(function, Lambda) and isinstance(value, Part | Collected | Typed):
        found = answers.of_list(context, value, link.name, function, bound_lambda)
        if found is not None:
            return found
    if foreign.asserts(link.name) and isinstance(value, Unknown):
        context.recorder.claim(link.span, (), value.call)
    return answers.method(value, link.name, link.values)


def _unknown(context: Context, receiver: Receiver, link: Link) -> Value:
    """What a method gives that is none of ours: a library's, or one that cannot be seen."""
    value, name = receiver.value, link.name
    simple = receiver.text.rpartition(".")[2]
    if name == "entry" and len(link.values) == 2 and simple in _ENTRY_MAKERS:
        return Entry(*link.values)
    if name in STARTS and (not receiver.text or simple in ENTRANCES) and value in (None, UNKNOWN):
        return begin(context, link)
    parsed = _parsed(link)
    if parsed is not None:
        return parsed
    if name in VERBS or name == "request":
        answer = requested(context, receiver, link)
        if answer is not None:
            return answer
    sent = foreign.static_call(context, simple, link)
    if sent is not None:
        return sent
    is_bdd = name == "then" and len(link.values) == 1
    if is_bdd or (ASSERTION.match(name) and link.values and _asserts(link)):
        return context.run.reader.assertion(context, link.node, name, receiver.text, None)
    if simple == "Collections" and name in ("sort", "reverse"):
        _reordered(context, link)
    found = texts.static_method(receiver.text, link) if receiver.text else None
    if found is None and value is not None and value != UNKNOWN:
        found = texts.of_text(value, link)
    if found is not None:
        return found
    if value == UNKNOWN and not receiver.text and name in _OF_REQUESTS:
        return UNKNOWN
    if _checks_unseen(receiver, link):
        context.recorder.claim(link.span, (), call_of(first_call(link.values)))
    deferred.unseen(context, link.values)
    return reached(link.values) or first_call(link.values)


def _parsed(link: Link) -> Value | None:
    """What a parser of JSON makes of an answer, or of a text in the test."""
    found = answers.parsed(link.name, link.values)
    if found is None and link.name in PARSERS and link.values:
        found = opened(link.values[0])
    return found


def _checks_unseen(receiver: Receiver, link: Link) -> bool:
    """Whether an answer is given to something that, by its names, asserts and cannot be seen."""
    parent = link.node.parent
    if parent is None or parent.type not in ("expression_statement", "method_invocation"):
        return False
    names = (link.name, receiver.text.rpartition(".")[2])
    return any(map(_ASSERTS.match, names)) and any(map(call_of, link.values))


def _reordered(context: Context, link: Link) -> None:
    """`Collections.sort(list)` changes what the variable holds."""
    name = link.texts[0] if link.texts else ""
    value = bare(link.values[0]) if link.values else UNKNOWN
    if name not in context.names:
        return
    is_list = isinstance(value, Part | Collected) and link.name == "sort"
    descending = len(link.texts) == 2 and "reverseOrder" in link.texts[1]
    if isinstance(value, Part | Collected) and is_list and (len(link.values) == 1 or descending):
        context.names[name] = Ordered(value, descending)
    else:
        context.names[name] = Unknown(call_of(value))


def _asserts(link: Link) -> bool:
    """Whether a call that looks like an assertion is one: a library's, or one that stands alone."""
    if link.name in _LIBRARY_ASSERTIONS:
        return True
    parent = link.node.parent
    return parent is not None and parent.type in (
        "expression_statement", "lambda_expression", "method_invocation"
    )  # fmt: skip


def referred(function: Lambda, values: list[Value]) -> Value:
    """What the method reference `function` (`Book::title`, `this::load`) gives for `values`."""
    context, node = function.context, function.node
    parts = children(node)
    if not parts:
        return UNKNOWN
    is_new = any(child.type == "new" for child in node.children)
    name = "new" if is_new else context.of(parts[-1])
    text = "".join(context.of(parts[0]).split())
    owner = names.type_named(context, text) if parts[0].type != "this" else None
    span = context.source.span(node)
    if is_new:
        return own.constructed(context, owner, values, span) if owner is not None else UNKNOWN
    if owner is not None or text[:1].isupper():
        static = Link(name, values, [""] * len(values), [""] * len(values), span, node)
        if owner is not None:
            found = own.method(context, owner, None, static)
            if found is not None:
                return found
        if not values:
            return UNKNOWN
        link = replace(static, values=values[1:], names=[""] * len(values[1:]))
        return _known(context, Receiver(values[0]), link) or _plain_text(values[0], link)
    link = Link(name, values, [""] * len(values), [""] * len(values), span, node)
    return _known(context, _start(context, parts[0]), link) or UNKNOWN


def _plain_text(value: Value, link: Link) -> Value:
    found = texts.of_text(value, link)
    return found if found is not None else Unknown(call_of(bare(plain(value))))
