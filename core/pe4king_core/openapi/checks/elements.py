"""What a JSON pointer names in an OpenAPI document, by the grammar: "what is at this line?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pe4king_core.model.json import split
from pe4king_core.model.message import Message
from pe4king_core.openapi.checks.grammar import METHOD_FIELDS, ElementKind, Field, Form, Grammar
from pe4king_core.openapi.checks.grammar_names import KIND_NAMES
from pe4king_core.openapi.checks.grammar_tables import grammar_of
from pe4king_core.openapi.raw import Raw, key_text, text_of

_K = ElementKind
_EXAMPLES = frozenset({"example", "examples", "value", "dataValue", "serializedValue"})
_PROPERTIES = frozenset({"properties", "patternProperties"})
_OWNERS = {
    _K.PARAMETER: "параметра",
    _K.REQUEST_BODY: "тела запроса",
    _K.RESPONSE: "ответа",
    _K.HEADER: "заголовка",
    _K.SCHEMA: "схемы",
    _K.EXAMPLE: "примера",
    _K.LINK: "ссылки",
    _K.CALLBACK: "обратного вызова",
    _K.SECURITY_SCHEME: "схемы безопасности",
    _K.MEDIA_TYPE: "типа содержимого",
    _K.PATH_ITEM: "пути",
    _K.OPERATION: "операции",
}
"""Genitives of what may own an element."""

_MIDDLE = frozenset({_K.PARAMETER, _K.REQUEST_BODY, _K.RESPONSE})
_NAMED_BY_KEY = frozenset(
    {
        _K.RESPONSE,
        _K.MEDIA_TYPE,
        _K.HEADER,
        _K.LINK,
        _K.CALLBACK,
        _K.EXAMPLE,
        _K.ENCODING,
        _K.SECURITY_SCHEME,
        _K.SERVER_VARIABLE,
        _K.PROPERTY,
        _K.KEYWORD,
        _K.GROUP,
        _K.FIELD,
        _K.EXTENSION,
        _K.UNKNOWN,
        _K.PATH_ITEM,
        _K.FLOW,
    }
)
_NAME_FIELDS = {_K.PARAMETER: "name", _K.TAG: "name", _K.SERVER: "url"}


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a document. `name` is what people call it: a status, a property, a path."""

    pointer: str
    kind: ElementKind
    name: str
    label: Message


@dataclass(frozen=True, slots=True)
class _State:
    """What stands after some tokens of a pointer; `inside`: a list or map that waits for a key."""

    kind: ElementKind
    holder: ElementKind = _K.DOCUMENT
    inside: Field | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    token: str
    state: _State
    value: Raw

    @property
    def kind(self) -> ElementKind:
        return self.state.kind


def kind_of(pointer: str, specification: str) -> ElementKind:
    """What `pointer` names in a document of version `specification`, existing or not."""
    grammar = grammar_of(specification)
    state = _State(_K.DOCUMENT)
    for token in split(pointer):
        state = _next(grammar, state, token)
    return state.kind


def describe(pointer: str, specification: str, data: Raw = None) -> Element:
    """What `pointer` names, with a label such as "parameter `limit` of GET /books".

    `data` is the whole document, where the caller has it: names of parameters stand in it.
    """
    steps = list(_steps(pointer, specification, data))
    if not steps:
        return Element("", _K.DOCUMENT, "", KIND_NAMES[_K.DOCUMENT])
    last = steps[-1]
    name = _name(last)
    return Element(pointer, last.kind, name, _label(steps, name))


def _steps(pointer: str, specification: str, data: Raw) -> Iterator[_Step]:
    grammar = grammar_of(specification)
    state = _State(_K.DOCUMENT)
    for token in split(pointer):
        state = _next(grammar, state, token)
        data = _member(data, token)
        yield _Step(token, state, data)


def _next(grammar: Grammar, state: _State, token: str) -> _State:
    if state.inside is not None:
        return _item(state, token)
    if state.kind is _K.EXAMPLE and state.field in _EXAMPLES:
        return _State(_K.VALUE)
    rules = grammar.get(_K.SCHEMA if state.kind is _K.PROPERTY else state.kind)
    if rules is None:
        inert = state.kind if state.kind in (_K.EXTENSION, _K.UNKNOWN) else _K.VALUE
        return _State(inert)
    stated = rules.fields.get(token)
    if stated is None and token.startswith("x-") and rules.extensions:
        return _State(_K.EXTENSION)
    if stated is None and state.field == "items" and token.isdecimal():
        return _State(_K.SCHEMA, rules.kind)
    stated = stated or rules.members
    if stated is None:
        return _State(_K.UNKNOWN)
    if stated.form is not Form.ONE:
        return _State(_group(rules.kind, stated, token), rules.kind, stated, token)
    if stated.kind is not None:
        return _State(stated.kind, rules.kind, field=token)
    return _State(_group(rules.kind, stated, token), rules.kind, field=token)


def _group(holder: ElementKind, stated: Field, token: str) -> ElementKind:
    """What a field is that holds no object of its own."""
    if token in _EXAMPLES and stated.form is Form.ONE:
        return _K.VALUE if holder is _K.EXAMPLE else _K.EXAMPLE
    if holder is _K.SCHEMA:
        return _K.KEYWORD
    return _K.GROUP if stated.form is not Form.ONE else _K.FIELD


def _item(state: _State, token: str) -> _State:
    stated = state.inside
    if stated is None or stated.kind is None:
        return _State(_K.VALUE)
    if stated.kind is _K.SCHEMA and state.field in _PROPERTIES:
        return _State(_K.PROPERTY, state.holder, field=token)
    return _State(stated.kind, state.holder)


def _member(value: Raw, token: str) -> Raw:
    if isinstance(value, dict):
        if token in value:
            return value[token]
        # Only keys are looked at: the values of a lazy mapping may be many.
        return next((value[key] for key in value if key_text(key) == token), None)
    if isinstance(value, list) and token.isdecimal() and len(token) < 10:
        return value[int(token)] if int(token) < len(value) else None
    return None


def _name(step: _Step) -> str:
    field = _NAME_FIELDS.get(step.kind)
    if field is not None and isinstance(step.value, dict):
        stated = text_of(step.value.get(field)) or _target_name(step.value)
        if stated:
            return stated
    if step.kind is _K.OPERATION:
        return step.token.upper() if step.token in METHOD_FIELDS else step.token
    if step.kind in _NAMED_BY_KEY or not step.token.isdecimal():
        return step.token
    return str(int(step.token) + 1) if len(step.token) < 10 else step.token


def _target_name(value: dict[Raw, Raw]) -> str:
    reference = value.get("$ref")
    if not isinstance(reference, str):
        return ""
    tokens = split("/" + reference.rsplit("/", 1)[-1])
    return tokens[0] if tokens else ""


def _label(steps: list[_Step], name: str) -> Message:
    last = steps[-1]
    outer = _operation(steps)
    if outer is not None and last.kind is _K.OPERATION:
        return Message(outer, f"операция {outer}")
    en, ru = KIND_NAMES[last.kind].en, KIND_NAMES[last.kind].ru
    if name and last.token not in ("requestBody", "schema", "info", "components", "paths"):
        en, ru = f"{en} `{name}`", f"{ru} `{name}`"
    around = steps[:-1]
    holder = next((step for step in reversed(around) if step.kind is _K.PROPERTY), None)
    if holder is not None:
        en += f" of property `{_name(holder)}`"
        ru += f" свойства `{_name(holder)}`"
    middle = next((step for step in reversed(around) if step.kind in _MIDDLE), None)
    if middle is not None:
        inner = "" if middle.kind is _K.REQUEST_BODY else f" `{_name(middle)}`"
        en += f" of {KIND_NAMES[middle.kind].en}{inner}"
        ru += f" {_OWNERS[middle.kind]}{inner}"
    if outer is not None:
        return Message(f"{en} of {outer}", f"{ru} операции {outer}")
    owner = _component(around)
    if owner is not None and owner is not middle:
        stated = _name(owner)
        en += f" of {KIND_NAMES[owner.kind].en} `{stated}`"
        ru += f" {_OWNERS[owner.kind]} `{stated}`"
    return Message(en, ru)


def _operation(steps: list[_Step]) -> str | None:
    """ "GET /books" where the steps lead into an operation (the outermost one)."""
    for number, step in enumerate(steps):
        if step.kind is _K.OPERATION and number:
            item = next((s for s in reversed(steps[:number]) if s.kind is _K.PATH_ITEM), None)
            return f"{_name(step)} {item.token}" if item else _name(step)
    return None


def _component(steps: list[_Step]) -> _Step | None:
    """The component, path or other named thing that the steps lead into."""
    return next((step for step in steps if step.kind in _OWNERS), None)
