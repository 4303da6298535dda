"""Objects and classes of the code base: attributes, properties, constructors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.testcode.claims import Claim
from pe4king_core.testcode.python import models
from pe4king_core.testcode.python.answers import stepped
from pe4king_core.testcode.python.clients import made_client
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.inlining import inlined
from pe4king_core.testcode.python.libraries import CASES, CLIENTS, ENUMS, SETTINGS
from pe4king_core.testcode.python.objects import (
    Argument,
    Arguments,
    Bound,
    Class,
    Client,
    Function,
    Instance,
    Record,
    Super,
    Typed,
)
from pe4king_core.testcode.python.outline import Assigned, Defined
from pe4king_core.testcode.python.resolving import class_entry, class_value, lineage, members
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Hole,
    Known,
    Part,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_PROPERTIES = ("@property", "@cached_property", "@functools.cached_property")


def attribute(frame: Frame, holder: Value, name: str, node: Node) -> Value:
    """`holder.name` of an object or class that we have the source of."""
    match holder:
        case Instance():
            return _of_instance(frame, holder, name, node)
        case Class():
            return _of_class(frame, holder, name)
        case Typed():
            return typed_attribute(frame, holder, name, node)
        case Super(receiver, owner):
            return _of_super(frame, receiver, owner, name)
    return UNKNOWN


def _of_instance(frame: Frame, holder: Instance, name: str, node: Node) -> Value:
    own = holder.attributes.get(name)
    if own is not None:
        return frame.session.as_sent(own)
    found = class_entry(frame, holder.cls, name)
    if found is None:
        given = _assigned(frame, holder.cls, name)
        return _given(frame, holder, name) if given is None else given
    owner, entry = found
    value = class_value(frame, owner, name, entry)
    if isinstance(entry, Defined) and isinstance(value, Function):
        return _method(frame, holder, value, node)
    if isinstance(value, Class | Function):
        return value
    return frame.session.as_sent(value)


def _assigned(frame: Frame, cls: Class, name: str) -> Value | None:
    """What a class method gave the class as its attribute `name`."""
    for each in lineage(frame, cls)[0]:
        found = frame.session.values.get((each.node.id, name))
        if found is not None:
            return frame.session.as_sent(found)
    return None


def _given(frame: Frame, holder: Instance, name: str) -> Value:
    """An attribute that a library gives the objects of its classes."""
    if name == "__class__":
        return holder.cls
    if holder.client is not None:
        return Bound(holder, name)
    if name == "client":
        libraries = lineage(frame, holder.cls)[1]
        kind = next((CASES[each] for each in libraries if each in CASES), None)
        if kind is not None:
            made = holder.attributes[name] = Client(kind)
            return made
    if name == "__dict__":
        return Record(dict(holder.attributes), complete=holder.certain)
    if class_entry(frame, holder.cls, "__getattr__") is None:
        return Bound(holder, name)
    return UNKNOWN


def _method(frame: Frame, holder: Value, function: Function, node: Node) -> Value:
    texts = [function.source.of(each) for each in function.decorators]
    if any(text.startswith(_PROPERTIES) for text in texts):
        known = frame.inlined.get(-node.end_byte)
        if known is None:
            known = inlined(frame, function, Arguments((Argument(holder),)), node)
            frame.inlined[-node.end_byte] = known
        return known
    if "@staticmethod" in texts:
        return function
    if "@classmethod" in texts and isinstance(holder, Instance):
        holder = holder.cls
    return Bound(holder, function.name, function)


def _of_class(frame: Frame, holder: Class, name: str) -> Value:
    if name == "__name__":
        return Known(holder.name)
    found = class_entry(frame, holder, name)
    if found is None:
        given = _assigned(frame, holder, name)
        return Bound(holder, name) if given is None else given
    owner, entry = found
    value = class_value(frame, owner, name, entry)
    if isinstance(entry, Defined) and isinstance(value, Function):
        texts = list(map(value.source.of, value.decorators))
        return Bound(holder, name, value) if "@classmethod" in texts else value
    return frame.session.as_sent(value)


def _of_super(frame: Frame, receiver: Value, owner: Class, name: str) -> Value:
    cls = receiver.cls if isinstance(receiver, Instance) else receiver
    if not isinstance(cls, Class):
        return UNKNOWN
    classes = lineage(frame, cls)[0]
    later = classes[classes.index(owner) + 1 :] if owner in classes else ()
    for each in later:
        entry = members(each).get(name)
        value = class_value(frame, each, name, entry) if entry is not None else None
        if isinstance(value, Function):
            return Bound(receiver, name, value)
        if value is not None:
            return value
    return (
        Bound(receiver.client, name)
        if isinstance(receiver, Instance) and receiver.client
        else (Bound(receiver, name))
    )


def typed_attribute(frame: Frame, holder: Typed, name: str, node: Node) -> Value:
    """`book.title` where `book` was made from a part of an answer."""
    if holder.model is None:
        return stepped(holder.part, name)
    field = models.fields(frame, holder.model).get(name)
    if field is None:
        found = class_entry(frame, holder.model, name)
        value = class_value(frame, found[0], name, found[1]) if found is not None else None
        if isinstance(value, Function):
            return _method(frame, holder, value, node)
        return Bound(holder, name)
    part = stepped(holder.part, field.alias)
    model, listed = models.field_type(frame, field)
    return Typed(part, model, listed) if model is not None else part


def construct(frame: Frame, cls: Class, arguments: Arguments, node: Node) -> Value:
    """`cls(...)`: an object, or the data that it was made from."""
    if models.is_data(frame, cls) and class_entry(frame, cls, "__init__") is None:
        if isinstance(arguments.spread, Part) and not arguments.positional:
            return validated(frame, cls, arguments.spread, node)
        return _data(frame, cls, arguments)
    if models.is_dictionary(frame, cls):
        return Record({name: each.value for name, each in arguments.named.items()})
    classes, libraries, _ = lineage(frame, cls)
    if any(each in ENUMS for each in libraries) and arguments.positional:
        return arguments.values[0]
    made = instance(frame, cls)
    if any(each in SETTINGS for each in libraries):
        _settings(frame, made)
    initial = class_entry(frame, cls, "__init__")
    client = next((each for each in libraries if each in CLIENTS), None)
    if client is not None and (initial is None or initial[0] not in classes):
        made.client = made_client(client, arguments)
    if initial is not None:
        value = class_value(frame, initial[0], "__init__", initial[1])
        if isinstance(value, Function):
            given = Arguments((Argument(made), *arguments.positional), arguments.named)
            inlined(frame, value, given, node, name=cls.name)
    return made


def instance(frame: Frame, cls: Class) -> Instance:
    """A new object of `cls`, whose constructor was not run yet."""
    _, libraries, certain = lineage(frame, cls)
    client = next((CLIENTS[each] for each in libraries if each in CLIENTS), None)
    made = Instance(cls, client=Client(client) if client is not None else None)
    made.certain = certain
    return made


def validated(frame: Frame, model: Class, part: Part, node: Node, *, listed: bool = False) -> Typed:
    """An object made from `part`: its members have to be there, so this is an assertion."""
    if not frame.silent:
        claim = Claim(part.call, part.subject, guards=part.optional)
        library = "pydantic" if models.is_model(frame, model) else ""
        frame.recorder.claim(frame.source.span(node), (claim,), library=library)
    return Typed(part, model, listed)


def _settings(frame: Frame, made: Instance) -> None:
    """Settings are what the environment says; a default that is an address is taken for it."""
    for name, field in models.fields(frame, made.cls).items():
        default = class_value(frame, field.cls, name, Assigned(field.default, field.type))
        made.attributes[name] = outside(name, default if field.default is not None else UNKNOWN)


def outside(name: str, default: Value) -> Value:
    """A value from the environment: its default where that is an address, else unknown."""
    text = default.value if isinstance(default, Known) else None
    if isinstance(text, str) and ("://" in text or text.startswith("/")):
        return default
    if isinstance(default, Template):
        return default
    return Template((Hole(name, outside=True),))


def _data(frame: Frame, cls: Class, arguments: Arguments) -> Value:
    made = instance(frame, cls)
    declared = models.fields(frame, cls)
    names = list(declared)
    for name, argument in zip(names, arguments.positional, strict=False):
        made.attributes[name] = argument.value
    by_alias = {field.alias: name for name, field in declared.items()}
    for name, argument in arguments.named.items():
        made.attributes[by_alias.get(name, name)] = argument.value
    for name, field in declared.items():
        if name in made.attributes:
            continue
        if field.default is None or not arguments.complete:
            made.attributes[name] = Unknown()
        else:
            made.attributes[name] = _default(frame, field)
    return made


def _default(frame: Frame, field: models.Field) -> Value:
    """The default of a data class's field; `field(default=1)` and factories are looked into."""
    node = field.default
    if node is not None and node.type == "call":
        arguments = node.child_by_field_name("arguments")
        source = field.cls.source
        for each in children(arguments) if arguments is not None else []:
            name = each.child_by_field_name("name")
            if name is not None and source.of(name) == "default":
                inner = Assigned(each.child_by_field_name("value"))
                return class_value(frame, field.cls, f"{field.name} default", inner)
        function = node.child_by_field_name("function")
        if function is not None and source.of(function).endswith(("field", "Field", "ib")):
            return Unknown()
    return class_value(frame, field.cls, field.name, Assigned(field.default, field.type))


def dumped(frame: Frame, value: Value, *, by_alias: bool) -> Value:
    """The dictionary that an object of a data class becomes (`asdict`, `model_dump`)."""
    match value:
        case Instance():
            declared = models.fields(frame, value.cls) if by_alias else {}
            members = {
                declared[name].alias if name in declared else name: dumped(
                    frame, each, by_alias=by_alias
                )
                for name, each in value.attributes.items()
            }
            return Record(members)
        case Typed(part):
            return part
    return value
