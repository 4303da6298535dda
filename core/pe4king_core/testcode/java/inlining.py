"""Helpers read in place: methods, constructors and lambdas with the values they are given.

The body of a method whose source is there is read as if it stood in the test; what it returns is
the value of the call. Where several values may come back they are put together, if that loses
nothing that matters, or are unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_core.model.text import Span
from pe4king_core.testcode.java.objects import (
    Constant,
    Entries,
    Expected,
    Instance,
    Lambda,
    Request,
    Typed,
)
from pe4king_core.testcode.java.outline import Method, Parameter, TypeDecl
from pe4king_core.testcode.java.resolving import ancestors, superclass
from pe4king_core.testcode.java.scope import Context, Written
from pe4king_core.testcode.reasons import HIDDEN_CALL, LOOP, REASSIGNED, ROOTED
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Hole,
    Items,
    Known,
    Template,
    Unknown,
    Validated,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_RETRIES = frozenset({"Retryable", "Retry", "RetryingTest", "Repeat"})
_NUMBERS = frozenset({"int", "long", "short", "byte", "Integer", "Long", "Short", "Number"})
_FLOATS = frozenset({"double", "float", "Double", "Float", "BigDecimal", "Number"})
_REQUESTS = frozenset({"RequestSpecification", "RequestSpecBuilder", "RequestSender"})


def call_method(
    context: Context,
    method: Method,
    this: Instance | Typed | None,
    values: Sequence[Value],
    span: Span,
) -> Value:
    """What `method` gives; what its body does is recorded at `span`."""
    body = method.body
    with context.run.entered(method) as allowed:
        if body is None or not allowed:
            return unread(context, method.type, span)
        inner = context.within(method.owner.unit, method.owner, this)
        inner.method = method
        bind(inner, method.parameters, values)
        with context.recorder.within(method.name, span):
            if _RETRIES & {each.name for each in method.annotations}:
                with context.recorder.troubled(LOOP):
                    context.run.reader.block(inner, body)
            else:
                context.run.reader.block(inner, body)
        value = outcome(inner, method.type)
        if isinstance(value, Answer | Validated):
            context.recorder.gave(value.call, simple_name(method.type))
        if isinstance(value, Validated) and value.root != "":
            context.recorder.doubt(value.call, ROOTED)
        return value


def unread(context: Context, declared: str, span: Span) -> Value:
    """What a helper gives that cannot be read; a response is the answer of a hidden call."""
    simple = simple_name(declared)
    if simple in ("Response", "ValidatableResponse"):
        draft = context.recorder.open_call("", Route(""), span, unresolved=HIDDEN_CALL)
        return Answer(draft.id) if simple == "Response" else Validated(draft.id)
    return Request(complete=False) if simple in _REQUESTS else UNKNOWN


def simple_name(declared: str) -> str:
    """`io.restassured.response.Response` -> `Response`; type arguments are cut off."""
    return declared.partition("<")[0].rpartition(".")[2].strip()


def outcome(inner: Context, declared: str) -> Value:
    """The value of a body that was read; see `merged`."""
    value = UNKNOWN if not inner.returns else merged(inner, inner.returns)
    if simple_name(declared) in _REQUESTS and call_of(value) is None:
        return value if isinstance(value, Request | Expected) else Request(complete=False)
    return value


def merged(context: Context, values: Sequence[Value]) -> Value:
    """One value for several that are possible."""
    found = values[0]
    for each in values[1:]:
        found = _either(context, found, each)
    return found


def _either(context: Context, left: Value, right: Value) -> Value:
    if left == right:
        return left
    if isinstance(left, Request) and isinstance(right, Request):
        same = (left.base_uri, left.base_path) == (right.base_uri, right.base_path)
        return (
            replace(right, complete=False, content=right.content or left.content)
            if same
            else (replace(right, complete=False, base_uri=None, base_path=None))
        )
    if isinstance(left, Answer | Validated) and isinstance(right, Answer | Validated):
        for each in (left.call, right.call):
            if left.call != right.call:
                context.recorder.doubt(each, REASSIGNED)
        return right
    default = environment_default(left, right)
    if default is not None:
        return default
    call = call_of(left)
    return Unknown(call) if call is not None and call == call_of(right) else UNKNOWN


def environment_default(left: Value, right: Value) -> Value | None:
    """Of a value from the environment and one written in the code: the one in the code."""
    for outside, written in ((left, right), (right, left)):
        if isinstance(outside, Template) and len(outside.parts) == 1:
            hole = outside.parts[0]
            if isinstance(hole, Hole) and hole.outside and isinstance(written, Known | Template):
                return written if written != Known(None) else outside
    return None


def bind(inner: Context, parameters: Sequence[Parameter], values: Sequence[Value]) -> None:
    """Gives the parameters of a body their values."""
    for index, parameter in enumerate(parameters):
        if parameter.variadic:
            value = _rest(values[index:])
        else:
            value = values[index] if index < len(values) else UNKNOWN
        if value == UNKNOWN and simple_name(parameter.type) in _REQUESTS:
            value = Request(complete=False)
        inner.names[parameter.name] = value
        inner.declared[parameter.name] = parameter.type + ("[]" if parameter.variadic else "")


def _rest(values: Sequence[Value]) -> Value:
    if len(values) == 1 and (
        isinstance(values[0], Items)
        or (isinstance(values[0], Known) and isinstance(values[0].value, list))
    ):
        return values[0]
    return list_of(values)


def list_of(values: Sequence[Value]) -> Value:
    """A list with these members."""
    plain_values = [plain(each) for each in values]
    known = [each.value for each in plain_values if isinstance(each, Known)]
    return Known(known) if len(known) == len(values) else Items(tuple(values))


def choose(context: Context, methods: Sequence[Method], values: Sequence[Value]) -> Method | None:
    """The one of several overloads that the values fit; None where that is not certain."""
    if len(methods) < 2:
        return methods[0] if methods else None
    ranked = [(_fit(context, method.parameters, values), method) for method in methods]
    best = max(score for score, _ in ranked)
    found = [method for score, method in ranked if score == best]
    return found[0] if best > 0 and len(found) == 1 else None


def _fit(context: Context, parameters: Sequence[Parameter], values: Sequence[Value]) -> int:
    """0 where a value does not fit; more the more exactly they do."""
    total = 1
    for parameter, value in zip(parameters, values, strict=False):
        fit = _fits(context, value, simple_name(parameter.type))
        if fit == 0:
            return 0
        total += fit
    return total


def _fits(context: Context, value: Value, name: str) -> int:
    exact = _exact_types(context, value)
    if exact is None:
        return 1
    if name in exact:
        return 3
    return 1 if name in ("Object", "Serializable") or len(name) == 1 else 0


def _exact_types(context: Context, value: Value) -> frozenset[str] | None:
    match plain(value):
        case Known(bool()):
            return frozenset({"boolean", "Boolean"})
        case Known(int()):
            return _NUMBERS | _FLOATS
        case Known(float()):
            return _FLOATS
        case Known(str()) | Template():
            return frozenset({"String", "CharSequence"})
        case Known(list()) | Items():
            return frozenset({"List", "Collection", "Iterable", "Set"})
        case Known(dict()) | Entries():
            return frozenset({"Map", "HashMap", "JSONObject", "ObjectNode", "JsonObject"})
        case Request():
            return _REQUESTS
        case Answer():
            return frozenset({"Response", "ExtractableResponse"})
        case Validated():
            return frozenset({"ValidatableResponse"})
        case Constant(type=name):
            return frozenset({name.rpartition(".")[2]})
        case Instance(type=owner):
            return frozenset(each.name for each in ancestors(context.run.lookup, owner))
        case Typed(type=ref):
            return frozenset({ref.name.rpartition(".")[2]})
    return None


def construct(context: Context, owner: TypeDecl, values: Sequence[Value], span: Span) -> Value:
    """A new object of `owner`."""
    made = Instance(owner)
    if owner.kind == "interface":
        return UNKNOWN
    _initialise(context, owner, made, values, span)
    return made


def _initialise(
    context: Context, owner: TypeDecl, made: Instance, values: Sequence[Value], span: Span
) -> None:
    own = [each for each in owner.constructors() if each.accepts(len(values))]
    if not own:
        _generated(owner, made, values)
        if not owner.constructors():
            _above(context, owner, made, span)
        return
    chosen = choose(context, own, values)
    if chosen is None or chosen.body is None:
        return
    with context.run.entered(chosen) as allowed:
        if not allowed:
            return
        inner = context.within(owner.unit, owner, made)
        inner.method = chosen
        bind(inner, chosen.parameters, values)
        with context.recorder.within(owner.name, span):
            first = chosen.body.named_children[:1]
            explicit = first and first[0].type == "explicit_constructor_invocation"
            if not explicit:
                _above(context, owner, made, span)
            for block in owner.members.blocks:
                context.run.reader.block(inner, block)
            context.run.reader.block(inner, chosen.body)


def _above(context: Context, owner: TypeDecl, made: Instance, span: Span) -> None:
    """What the superclass's constructor without parameters does."""
    parent = superclass(context.run.lookup, owner)
    with context.run.entered((owner, made.type)) as allowed:
        if parent is not None and allowed:
            _initialise(context, parent, made, (), span)


def delegate(context: Context, values: Sequence[Value], *, upwards: bool, span: Span) -> None:
    """`this(...)` or `super(...)` in a constructor."""
    if not isinstance(context.this, Instance) or context.type is None:
        return
    owner = superclass(context.run.lookup, context.type) if upwards else context.type
    if owner is not None:
        _initialise(context, owner, context.this, values, span)


def _generated(owner: TypeDecl, made: Instance, values: Sequence[Value]) -> None:
    """The constructor of a record, or one that Lombok writes."""
    fields = [each for each in owner.members.fields.values() if not each.static]
    names = [each.name for each in fields]
    if owner.kind != "record":
        every = owner.has("AllArgsConstructor", "Value", "Builder") and len(names) == len(values)
        if not every:
            names = [each.name for each in fields if each.final and each.value is None]
    if len(names) == len(values):
        made.fields.update(zip(names, values, strict=True))


def applied(context: Context, function: Lambda, values: Sequence[Value]) -> Value:
    """What a lambda gives for `values`; a method reference is left to `expressions`."""
    node = function.node
    with context.run.entered(Written(node.id, function.level)) as allowed:
        if not allowed:
            return UNKNOWN
        inner = function.context.closure()
        for name, value in zip(lambda_parameters(inner, node), values, strict=False):
            inner.names[name] = value
        return run_body(inner, node.child_by_field_name("body"))


def run_body(inner: Context, body: Node | None) -> Value:
    """The value of a lambda's body, an expression or a block."""
    if body is None:
        return UNKNOWN
    inner.returns = []
    inner.run.reader.block(inner, body)
    return merged(inner, inner.returns) if inner.returns else UNKNOWN


def lambda_parameters(context: Context, node: Node) -> list[str]:
    """The names of a lambda's parameters."""
    text = context.of(node.child_by_field_name("parameters")).strip("()")
    return [each.split()[-1] for each in text.split(",") if each.split()]
