"""Classes that describe data: pydantic, dataclasses, attrs, TypedDict, named tuples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.libraries import MODELS
from pe4king_core.testcode.python.objects import Class, Library
from pe4king_core.testcode.python.outline import Assigned, Defined
from pe4king_core.testcode.python.resolving import body_frame, lineage, members
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import Known, Value

if TYPE_CHECKING:
    from tree_sitter import Node

_DATA = re.compile(r"^@(?:\w+\.)*(?:dataclass|define|frozen|mutable|attrs|s|dataclasses)\b")
_CAMEL = re.compile(r"alias_generator\s*=\s*(?:\w+\.)*to_camel\b|to_camel")
_PASCAL = re.compile(r"alias_generator\s*=\s*(?:\w+\.)*to_pascal\b")
_OPTIONAL = re.compile(r"\bOptional\b|\bNone\b|\bNotRequired\b|\bAny\b")
_TUPLES = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})
_DICTIONARIES = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a data class: its name in code and in JSON, and what it holds."""

    name: str
    alias: str
    optional: bool
    type: Node | None
    default: Node | None
    cls: Class


def is_model(frame: Frame, cls: Class) -> bool:
    """Whether making an object of `cls` validates what it is made from."""
    _, libraries, _ = lineage(frame, cls)
    return any(each in MODELS for each in libraries)


def is_data(frame: Frame, cls: Class) -> bool:
    """Whether the constructor of `cls` takes its annotated fields."""
    classes, libraries, _ = lineage(frame, cls)
    if any(each in MODELS or each in _TUPLES for each in libraries):
        return True
    return any(
        _DATA.match(each.source.of(decorator)) for each in classes for decorator in each.decorators
    )


def is_dictionary(frame: Frame, cls: Class) -> bool:
    """Whether `cls` is a TypedDict."""
    return any(each in _DICTIONARIES for each in lineage(frame, cls)[1])


def fields(frame: Frame, cls: Class) -> dict[str, Field]:
    """The annotated fields of `cls` and its ancestors, ancestors first."""
    found: dict[str, Field] = {}
    classes, _, _ = lineage(frame, cls)
    camel = next(filter(None, (_generator(each) for each in classes)), "")
    for each in reversed(classes):
        for field in _own(frame, each, camel):
            found[field.name] = field
    return found


def _own(frame: Frame, cls: Class, generator: str) -> Iterator[Field]:
    source = cls.source
    for name, entry in members(cls).items():
        if not isinstance(entry, Assigned) or entry.annotation is None:
            continue
        annotation = source.of(entry.annotation)
        if "ClassVar" in annotation or name == "model_config":
            continue
        alias = _alias(frame, cls, entry.right) or _generated(name, generator)
        if not alias and "alias" in annotation:
            alias = _annotated_alias(frame, cls, entry.annotation)
        optional = bool(_OPTIONAL.search(annotation)) or entry.right is not None
        yield Field(name, alias or name, optional, entry.annotation, entry.right, cls)


def _generator(cls: Class) -> str:
    """How the aliases of the fields of `cls` are made, as far as we know the function."""
    source = cls.source
    declared = members(cls)
    for name in ("model_config", "Config"):
        entry = declared.get(name)
        node = entry.right if isinstance(entry, Assigned) else None
        node = entry.node if isinstance(entry, Defined) else node
        text = source.of(node) if node is not None else ""
        if "alias_generator" in text:
            return "pascal" if _PASCAL.search(text) else "camel" if _CAMEL.search(text) else "?"
    return ""


def _generated(name: str, generator: str) -> str:
    if generator not in ("camel", "pascal"):
        return ""
    first, *rest = name.split("_")
    head = first if generator == "camel" else first.capitalize()
    return head + "".join(each.capitalize() for each in rest)


def _alias(frame: Frame, cls: Class, node: Node | None) -> str:
    """The alias in `Field(alias="x")`."""
    if node is None or node.type != "call":
        return ""
    arguments = node.child_by_field_name("arguments")
    source = cls.source
    found = {
        source.of(name): each.child_by_field_name("value")
        for each in (children(arguments) if arguments is not None else [])
        if each.type == "keyword_argument" and (name := each.child_by_field_name("name"))
    }
    for key in ("validation_alias", "alias"):
        if key in found:
            value = body_frame(frame, cls).value(found[key])
            if isinstance(value, Known) and isinstance(value.value, str):
                return value.value
    return ""


def _annotated_alias(frame: Frame, cls: Class, annotation: Node) -> str:
    pending = list(children(annotation))
    while pending:
        node = pending.pop()
        found = _alias(frame, cls, node)
        if found:
            return found
        pending += children(node) if node.type != "call" else []
    return ""


def field_type(frame: Frame, field: Field) -> tuple[Class | None, bool]:
    """The data class that `field` holds, and whether it holds a list of them."""
    return model_named(body_frame(frame, field.cls), field.type)


def model_named(frame: Frame, node: Node | None, depth: int = 0) -> tuple[Class | None, bool]:
    """The class in an annotation (`list[Book]`, `Optional[Book]`), and whether in a list."""
    if node is None or depth > 5:
        return None, False
    if node.type in ("identifier", "attribute"):
        value: Value = frame.value(node)
        return (value if isinstance(value, Class) else None), False
    if node.type == "string":
        inner = frame.lookup(frame.of(node).strip("\"'"))
        return (inner if isinstance(inner, Class) else None), False
    text = frame.of(node)
    is_list = re.match(r"(?:\w+\.)?(?:[lL]ist|[sS]equence|tuple|Tuple|Iterable)\s*\[", text)
    for each in children(node):
        if each.type in ("identifier", "attribute") and is_list:
            continue
        found, listed = model_named(frame, each, depth + 1)
        if found is not None:
            return found, bool(is_list) or listed
    return None, False


def is_library_model(value: Value) -> bool:
    """Whether `value` is the base class of models itself."""
    return isinstance(value, Library) and value.name in MODELS
