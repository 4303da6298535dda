"""What a call expression gives: requests, helpers, objects, functions of libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import body
from pe4king_core.testcode.claims import succeeded
from pe4king_core.testcode.python import answers
from pe4king_core.testcode.python.arguments import part_of, read_arguments
from pe4king_core.testcode.python.checks import library_assertion
from pe4king_core.testcode.python.classes import attribute, construct, dumped, validated
from pe4king_core.testcode.python.clients import asked, recorded
from pe4king_core.testcode.python.containers import dictionary_method, enumerated
from pe4king_core.testcode.python.fluent import chained
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.functions import library_call
from pe4king_core.testcode.python.inlining import LATER, called_value, deferred
from pe4king_core.testcode.python.libraries import VERBS, never_requests
from pe4king_core.testcode.python.objects import (
    Adapter,
    Argument,
    Arguments,
    Bound,
    Class,
    Client,
    Fluent,
    Function,
    Indices,
    Instance,
    Library,
    Made,
    Package,
    Pairs,
    Partial,
    Record,
    Super,
    Truth,
    Typed,
)
from pe4king_core.testcode.python.predicates import PREDICATES, predicate_claims
from pe4king_core.testcode.python.requests import guessed
from pe4king_core.testcode.python.texts import formatted, is_text, parts_of, text_method
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    BodyText,
    Items,
    Known,
    Measure,
    Measured,
    Part,
    Template,
    Unknown,
    Value,
    call_of,
    capped,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_FREE_FUNCTIONS = frozenset({"approx", "quote", "quote_plus", "cast", "Decimal"})
_FLAGS = (Known(True), Known(False))
_FROM_PYTHON = frozenset({"model_validate", "parse_obj", "validate_python", "from_orm"})
_FROM_JSON = frozenset({"model_validate_json", "parse_raw", "validate_json"})
_TO_PYTHON = frozenset({"model_dump", "dict", "asdict", "to_dict", "_asdict"})
_TO_JSON = frozenset({"model_dump_json", "json", "to_json"})


def read_call(frame: Frame, node: Node) -> Value:
    """What the call `node` gives; requests and helpers in it are read once."""
    at = node.end_byte
    known = frame.made.get(at)
    if known is None:
        known = frame.inlined.get(at)
    if known is not None:
        return known
    before = (len(frame.recorder.drafts), len(frame.recorder.assertions))
    bodies = frame.session.inlined
    value = _fresh(frame, node)
    after = (len(frame.recorder.drafts), len(frame.recorder.assertions))
    did_something = before != after or bodies != frame.session.inlined
    if did_something or isinstance(value, Instance | Client):
        frame.inlined[at] = value
    return value


def _fresh(frame: Frame, node: Node) -> Value:
    function = node.child_by_field_name("function")
    if function is None:
        return UNKNOWN
    is_method = function.type == "attribute"
    holder_node = function.child_by_field_name("object") if is_method else None
    name = frame.of(function.child_by_field_name("attribute") if is_method else function)
    if name == "super" and not is_method:
        return _super(frame)
    holder = frame.value(holder_node)
    target = _target(frame, function, holder, name) if is_method else frame.value(function)
    if name in PREDICATES and not _is_own(target):
        claims = predicate_claims(frame, node, name, holder)
        if claims:
            return Truth(claims, claims[0].call)
    arguments = read_arguments(frame, node)
    if not frame.recorder.level:
        frame.session.receiver = frame.of(holder_node)
    if name == "getattr" and not is_method:
        return _getattr(frame, arguments, node)
    given = applied(frame, target, arguments, node)
    if given is None and is_method:
        given = _unknown_method(frame, holder_node, holder, target, arguments, node)
    if not _is_own(target) and name not in LATER:
        given = deferred(frame, arguments, node) or given
    if given is not None:
        return given
    values = arguments.values
    if not is_method or name in _FREE_FUNCTIONS:
        return _plain_function(name, arguments)
    named = (each.value for each in arguments.named.values())
    return Unknown(next(filter(None, map(call_of, (*values, *named))), None))


def _is_own(target: Value) -> bool:
    """Whether the source of what is called is ours."""
    is_method = isinstance(target, Bound) and target.method is not None
    return is_method or isinstance(target, Function | Class)


def _unknown_method(
    frame: Frame,
    holder_node: Node | None,
    holder: Value,
    target: Value,
    arguments: Arguments,
    node: Node,
) -> Value | None:
    """A method of an answer, or of something that may be a client."""
    name = frame.of(node.child_by_field_name("function")).rpartition(".")[2]
    if isinstance(target, Typed | Fluent | Truth):
        return Unknown(call_of(target))
    if name == "items" and isinstance(part_of(holder), Part) and not arguments.positional:
        return Pairs(holder)
    if name == "raise_for_status" and isinstance(holder, Answer):
        return _raised_for_status(frame, holder, node)
    if call_of(holder) is not None:
        return answers.method(part_of(holder), name, arguments.values)
    if _may_request(holder, target):
        made = guessed(frame.of(holder_node), name, arguments)
        if made is not None:
            return recorded(frame, node, made, frame.session.client)
    return None


def _raised_for_status(frame: Frame, answer: Answer, node: Node) -> Value:
    """It fails for errors; httpx gives the answer, so that more can be asked of it."""
    kind = frame.kind(answer.call)
    if not frame.silent:
        said = succeeded(answer.call, redirects=kind in ("", "requests"))
        frame.recorder.claim(frame.source.span(node), (said,))
    return Known(None) if kind == "requests" else answer


def _target(frame: Frame, function: Node, holder: Value, name: str) -> Value:
    """The method that is called; its receiver is not read a second time."""
    known = frame.names.get(frame.of(function))
    return (
        known if known is not None else frame.session.machine.member(frame, holder, name, function)
    )


def _plain_function(name: str, arguments: Arguments) -> Value:
    """A function of Python itself, or one that we cannot see."""
    values = arguments.values
    first = plain(values[0]) if values else UNKNOWN
    if name == "enumerate":
        return enumerated(arguments)
    if name == "range" and isinstance(first, Measured) and first.measure is Measure.LENGTH:
        return Indices(first.part)
    if name == "vars" and isinstance(first, Instance):
        return Record(dict(first.attributes))
    if name in ("str", "int") and len(values) == 1:
        if isinstance(first, Known) and not isinstance(first.value, list | dict | None):
            return Known(str(first.value)) if name == "str" else first
        if isinstance(first, Template | Instance):
            return values[0]
    if name == "dict" and (arguments.named or not values):
        members = {key: each.value for key, each in arguments.named.items()}
        if not values:
            return Record(members, arguments.complete)
    if name == "min" and len(values) == 2 and (found := capped(*map(part_of, values))):
        return found
    reverse = plain(arguments.value(None, "reverse"))
    keyed = "key" in arguments.named or ("reverse" in arguments.named and reverse not in _FLAGS)
    return answers.function(
        name, [part_of(each) for each in values], reverse=reverse == Known(True), keyed=keyed
    )


def _may_request(holder: Value, target: Value) -> bool:
    """Whether the receiver may be an HTTP client, as far as we know what it is."""
    match holder:
        case Library(name):
            root = name.partition(".")[0]
            return not never_requests(root)
        case Made(by):
            return not never_requests(by.root)
        case Instance(certain=certain):
            return not certain
        case Unknown() | Package():
            return isinstance(target, Unknown | Library)
    return False


def _super(frame: Frame) -> Value:
    receiver = frame.lookup("self")
    receiver = frame.lookup("cls") if receiver is UNKNOWN else receiver
    return Super(receiver, frame.owner) if frame.owner is not None else UNKNOWN


def _getattr(frame: Frame, arguments: Arguments, node: Node) -> Value:
    name = plain(arguments.value(1))
    holder = arguments.value(0)
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Bound(holder, "") if isinstance(holder, Client) else Unknown(call_of(holder))
    match holder:
        case Instance() | Class() | Typed():
            return attribute(frame, holder, name.value, node)
        case Client():
            return Bound(holder, name.value)
        case Library(full):
            return Library(f"{full}.{name.value}")
    return Unknown(call_of(holder))


def applied(frame: Frame, target: Value, arguments: Arguments, node: Node) -> Value | None:
    """What calling `target` gives; None where we know nothing of it."""
    match target:
        case Partial(function, positional, named):
            inner = Arguments(
                (*positional, *arguments.positional),
                {**dict(named), **arguments.named},
                arguments.complete,
            )
            return applied(frame, function, inner, node)
        case Function() | Bound(method=Function()):
            return called_value(frame, target, arguments, node)
        case Class():
            return construct(frame, target, arguments, node)
        case Library(name):
            asserted = library_assertion(frame, name, arguments, node)
            if asserted is not None:
                return asserted
            if name.startswith("pydantic.") and name.endswith(("TypeAdapter", "parse_obj_as")):
                return _adapter(frame, name, arguments, node)
            return library_call(frame, name, arguments, node)
        case Bound(receiver, name):
            return _method(frame, receiver, name, arguments, node)
        case Instance():
            called = attribute(frame, target, "__call__", node)
            is_method = isinstance(called, Bound) and called.method is not None
            return called_value(frame, called, arguments, node) if is_method else None
    return None


def _adapter(frame: Frame, name: str, arguments: Arguments, node: Node) -> Value:
    model = arguments.value(0)
    adapter = (
        model
        if isinstance(model, Adapter)
        else Adapter(model if isinstance(model, Class) else None)
    )
    if name.endswith("parse_obj_as"):
        return _validate(frame, adapter, arguments.value(1), node)
    return adapter


def _validate(frame: Frame, adapter: Adapter, value: Value, node: Node) -> Value:
    part = part_of(value)
    if isinstance(part, BodyText):
        part = Part(part.call, body())
    if not isinstance(part, Part):
        return Unknown(call_of(value))
    if adapter.model is None:
        return part
    return validated(frame, adapter.model, part, node, listed=adapter.listed)


def _method(
    frame: Frame, receiver: Value, name: str, arguments: Arguments, node: Node
) -> Value | None:
    """A method of something whose class is not ours."""
    match receiver:
        case Client():
            return asked(frame, receiver, name, arguments, node) if name else None
        case Instance(client=Client() as client):
            return _extended(frame, receiver, client, name, arguments, node)
        case Instance():
            asserted = library_assertion(frame, f"self.{name}", arguments, node)
            if asserted is not None:
                return asserted
            return (
                dumped(frame, receiver, by_alias=_by_alias(arguments))
                if (name in _TO_PYTHON)
                else None
            )
        case Adapter() | Class() if name in _FROM_PYTHON or name in _FROM_JSON:
            adapter = receiver if isinstance(receiver, Adapter) else Adapter(receiver)
            return _validate(frame, adapter, arguments.value(0, "obj", "object", "data"), node)
        case Typed(part) if name in _TO_PYTHON:
            return part
        case Known() | Template() if is_text(receiver):
            if name == "format":
                parts = parts_of(plain(receiver))
                return formatted(parts, arguments.positional, arguments.named)
            return text_method(receiver, name, arguments.positional)
        case Fluent():
            return chained(frame, receiver, name, arguments, node)
        case Made(by):
            return _made_method(frame, by, name, arguments, node)
        case _ if plain(receiver) is not receiver:
            return _method(frame, plain(receiver), name, arguments, node)
        case Record() | Known() | Items():
            return dictionary_method(receiver, name, arguments) or Unknown()
    return None


def _by_alias(arguments: Arguments) -> bool:
    return plain(arguments.value(None, "by_alias")) == Known(True)


def _made_method(
    frame: Frame, by: Library, name: str, arguments: Arguments, node: Node
) -> Value | None:
    if name == "validate" and by.root == "jsonschema":
        return library_assertion(frame, "jsonschema.validate", arguments, node)
    if name == "test_client" or (by.root in ("flask",) and name == "test_client"):
        return Client("flask")
    return None


def _extended(
    frame: Frame,
    receiver: Instance,
    client: Client,
    name: str,
    arguments: Arguments,
    node: Node,
) -> Value | None:
    """A method that a class of ours inherits from a library's client.

    The library's verbs go through `request`, which the class may have made its own.
    """
    if name in VERBS and name != "request":
        own = attribute(frame, receiver, "request", node)
        active = frame.session.active
        if isinstance(own, Bound) and own.method is not None and (own.method.node.id not in active):
            inner = Arguments(
                (Argument(Known(name.upper())), *arguments.positional[:1]),
                _rest(arguments, name),
                arguments.complete,
            )
            return called_value(frame, own, inner, node)
    return asked(frame, client, name, arguments, node)


def _rest(arguments: Arguments, verb: str) -> dict[str, Argument]:
    """The positional arguments behind the URL, by the names that `requests` gives them."""
    names = ("params",) if verb == "get" else ("data", "json")
    behind = arguments.positional[1:]
    return {**dict(zip(names, behind, strict=False)), **arguments.named}
