"""Names to values, through imports and classes, over the files of the code base."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.libraries import is_library
from pe4king_core.testcode.python.objects import Class, Function, Library, Package
from pe4king_core.testcode.python.outline import (
    Assigned,
    Defined,
    Entry,
    Imported,
    Module,
    bindings,
    outline,
)
from pe4king_core.testcode.recorder import Recorder
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import UNKNOWN, Items, Known, Template, Unknown, Value, call_of

if TYPE_CHECKING:
    from tree_sitter import Node

_STARS = 12
_LINEAGE = 40
_SHARED_DEPTH = 40
_SHARED_STEPS = 2_000
"""What is read after so many expressions of a test may be incomplete."""


def named(frame: Frame, name: str) -> Value:
    """What `name` stands for in the module of `frame`, or in the class whose body it is."""
    if frame.scope is not None:
        entry = members(frame.scope).get(name)
        if entry is not None:
            return class_value(frame, frame.scope, name, entry)
    return module_value(frame, frame.module, name)


def load(frame: Frame, name: str, importer: str) -> Module | None:
    """The module `name` as the file `importer` imports it, if it is one of ours."""
    session = frame.session
    if not name.startswith(".") and is_library(name.partition(".")[0]):
        return None
    uri = session.view.python_module(name, importer)
    if uri is None:
        return None
    return load_file(frame, uri)


def load_file(frame: Frame, uri: str) -> Module | None:
    """The module in the file `uri`."""
    session = frame.session
    if uri == session.module.uri:
        return session.module
    if uri not in session.modules:
        session.modules[uri] = session.view.outline(uri, lambda text: outline(text, uri))
    return session.modules[uri]


def module_frame(frame: Frame, module: Module) -> Frame:
    """A frame for the statements of `module` itself; requests there are not the test's."""
    return Frame(
        module.source,
        Recorder(module.source.text),
        frame.session.client,
        module=module,
        session=frame.session,
        silent=True,
    )


def module_value(frame: Frame, module: Module, name: str, depth: int = 0) -> Value:
    """What `name` stands for in `module`."""
    entry = module.names.get(name)
    key = (id(module), name)
    known = frame.session.values.get(key) or frame.session.shared.get(key)
    if known is not None:
        return known
    if entry is None:
        return _from_stars(frame, module, name, depth) if module.stars else UNKNOWN
    frame.session.values[key] = UNKNOWN
    bodies = frame.session.inlined
    value = entry_value(module_frame(frame, module), name, entry, depth)
    frame.session.values[key] = value
    _share(frame, key, value, bodies)
    return value


def _share(frame: Frame, key: tuple[int, str], value: Value, bodies: int) -> None:
    """Keep what is the same for every test of the file: no helper had a part in it."""
    session = frame.session
    alone = session.inlined == bodies and session.steps < _SHARED_STEPS and not _unfinished(frame)
    own = isinstance(value, Class | Function) and value.closure is None
    if alone and (own or isinstance(value, Known | Template | Library)):
        session.shared[key] = value


def _from_stars(frame: Frame, module: Module, name: str, depth: int) -> Value:
    if depth > _STARS:
        return UNKNOWN
    for each in module.stars:
        other = load(frame, each, module.uri)
        if other is not None and other is not module:
            found = module_value(frame, other, name, depth + 1)
            if found != UNKNOWN:
                return found
        elif other is None and is_library(each.partition(".")[0]):
            root = each.partition(".")[0]
            given = not name.startswith("_") and not hasattr(builtins, name)
            if root in ("hamcrest", "assertpy", "pytest_check") and given:
                return Library(f"{each}.{name}")
    return UNKNOWN


def entry_value(
    frame: Frame, name: str, entry: Entry, depth: int = 0, owner: Class | None = None
) -> Value:
    """What `entry` binds, seen from `frame`."""
    match entry:
        case Imported(module, None):
            return package(frame, module, frame.module.uri)
        case Imported(module, str(imported)):
            return _imported(frame, module, imported, depth)
        case Defined(node, decorators) if entry.is_class:
            return Class(name, frame.module, node, frame.source, decorators)
        case Defined(node, decorators):
            return Function(name, frame.module, node, frame.source, decorators, None, owner)
        case Assigned(right, _, index, again):
            if again or right is None:
                return Unknown()
            return scrubbed(picked(frame.value(right), index))
    return UNKNOWN


def picked(value: Value, index: int | None) -> Value:
    """The member `index` of a literal list."""
    if index is None:
        return value
    match value:
        case Items(members) if index < len(members):
            return members[index]
        case Known(list() as members) if index < len(members):
            return Known(members[index])
    return Unknown(call_of(value))


def scrubbed(value: Value) -> Value:
    """`value`, unless it came from a request that is not the test's."""
    return Unknown() if value is UNKNOWN or call_of(value) is not None else value


def package(frame: Frame, name: str, importer: str) -> Value:
    """The module or folder `name`."""
    if is_library(name.partition(".")[0]):
        return Library(name)
    return Package(name, load(frame, name, importer), importer)


def _imported(frame: Frame, name: str, imported: str, depth: int) -> Value:
    importer = frame.module.uri
    root = name.partition(".")[0]
    if root and is_library(root):
        return Library(f"{name}.{imported}")
    module = load(frame, name, importer)
    if module is not None and module is not frame.module and depth <= _STARS:
        if imported in module.names:
            return module_value(frame, module, imported, depth + 1)
        found = module_value(frame, module, imported, depth + 1)
        if found != UNKNOWN:
            return found
    inner = f"{name}{imported}" if name.endswith(".") else f"{name}.{imported}"
    submodule = load(frame, inner, importer)
    if submodule is not None:
        return Package(inner, submodule, importer)
    return Library(inner) if module is None else UNKNOWN


def member_of_package(frame: Frame, holder: Package, name: str) -> Value:
    """`holder.name`."""
    if holder.module is not None:
        found = module_value(frame, holder.module, name)
        if found != UNKNOWN:
            return found
    inner = f"{holder.name}.{name}"
    module = load(frame, inner, holder.importer)
    if module is not None:
        return Package(inner, module, holder.importer)
    return Library(inner) if holder.module is None else UNKNOWN


def members(cls: Class) -> dict[str, Entry]:
    """The names that the body of `cls` binds."""
    if cls.closure is not None and cls.body is not None:
        # Its tree lives no longer than the test: identities come back with other meanings.
        return bindings(cls.source, cls.body)[0]
    return cls.module.members(cls.body, cls.source)


def body_frame(frame: Frame, cls: Class) -> Frame:
    """A frame for the statements of the body of `cls`."""
    made = module_frame(frame, cls.module)
    made.source, made.closure = cls.source, cls.closure
    made.scope = cls
    return made


def class_value(frame: Frame, cls: Class, name: str, entry: Entry) -> Value:
    """What the body of `cls` binds `name` to."""
    key = (cls.node.id, name)
    known = frame.session.values.get(key) or frame.session.shared.get(key)
    if known is None:
        frame.session.values[key] = UNKNOWN
        bodies = frame.session.inlined
        inner = body_frame(frame, cls)
        known = entry_value(inner, name, entry, owner=cls)
        frame.session.values[key] = known
        if cls.closure is None and not name.endswith(" default"):
            _share(frame, key, known, bodies)
    return known


def lineage(frame: Frame, cls: Class) -> tuple[tuple[Class, ...], tuple[str, ...], bool]:
    """The class and its ancestors, those of libraries by name, and whether these are all."""
    session = frame.session
    found = session.lineages.get(cls.node.id) or session.ancestry.get(cls.node.id)
    if found is not None:
        return found
    frame.session.lineages[cls.node.id] = ((cls,), (), False)
    classes: list[Class] = [cls]
    libraries: list[str] = []
    certain = True
    inner = module_frame(frame, cls.module)
    inner.source, inner.closure = cls.source, cls.closure
    for base in base_nodes(cls):
        value = inner.value(base)
        if isinstance(value, Class) and len(classes) < _LINEAGE:
            above, named_above, sure = lineage(frame, value)
            classes += [each for each in above if each not in classes]
            libraries += named_above
            certain = certain and sure
        elif isinstance(value, Library):
            libraries.append(value.name)
        elif inner.of(base) != "object":
            certain = False
    result = (tuple(classes), tuple(dict.fromkeys(libraries)), certain)
    frame.session.lineages[cls.node.id] = result
    if cls.closure is None and frame.session.steps < _SHARED_STEPS and not _unfinished(frame):
        frame.session.ancestry[cls.node.id] = result
    return result


def _unfinished(frame: Frame) -> bool:
    """Whether what is read now may be incomplete because it is read deep inside of others."""
    return frame.depth >= _SHARED_DEPTH


def base_nodes(cls: Class) -> list[Node]:
    """The expressions that name the bases of `cls`; `Generic[T]` and the like left out."""
    listed = cls.node.child_by_field_name("superclasses")
    found = []
    for each in children(listed) if listed is not None else []:
        base = each
        if base.type == "subscript":
            base = base.child_by_field_name("value") or base
        text = cls.source.of(base)
        if base.type != "keyword_argument" and text not in ("Generic", "Protocol", "ABC"):
            found.append(base)
    return found


def class_entry(frame: Frame, cls: Class, name: str) -> tuple[Class, Entry] | None:
    """Where `name` is bound in `cls` or the nearest of its ancestors."""
    for each in lineage(frame, cls)[0]:
        entry = members(each).get(name)
        if entry is not None:
            return each, entry
    return None
