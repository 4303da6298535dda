"""Fixtures and set-up methods: what a test is given, and what runs before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pe4king_core.testcode.python.classes import attribute
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.inlining import inlined, parameters
from pe4king_core.testcode.python.objects import (
    Argument,
    Arguments,
    Bound,
    Function,
    Instance,
    Library,
    Made,
    Record,
)
from pe4king_core.testcode.python.outline import Assigned, Defined, Imported, Module
from pe4king_core.testcode.python.resolving import (
    class_value,
    lineage,
    load,
    load_file,
    members,
    module_frame,
    module_value,
)
from pe4king_core.testcode.python.tables import rows_of_fixture
from pe4king_core.testcode.syntax import Source
from pe4king_core.testcode.values import UNKNOWN, Known, Unknown, Value, plain

if TYPE_CHECKING:
    from tree_sitter import Node

_FIXTURE = re.compile(r"@(?:\w+\.)*(?:fixture|pytest_fixture)\b")
_AUTOUSE = re.compile(r"autouse\s*=\s*True")
_NAME = re.compile(r"""\bname\s*=\s*["'](\w+)["']""")
_USED = re.compile(r"""usefixtures\(([^)]*)\)""")
_QUOTED = re.compile(r"""["'](\w+)["']""")
_BUILT_IN = frozenset(
    {"tmp_path", "monkeypatch", "caplog", "capsys", "mocker", "record_property", "tmpdir", "faker"}
    | {"subtests", "capfd", "recwarn", "pytestconfig", "db", "benchmark", "requests_mock"}
    | {"responses", "respx_mock", "httpx_mock", "settings", "event_loop", "freezer"}
)
_MODULE_SETUP = ("setup_module", "setUpModule", "setup_function")
_CLASS_SETUP = ("setup_class", "setUpClass", "setUpTestData")
_METHOD_SETUP = ("setup_method", "setUp", "asyncSetUp", "setup")
_PLUGINS = 20


class Fixtures:
    """The fixtures that one test can ask for. `place` is where its own code asks."""

    def __init__(self, frame: Frame, receiver: Instance | None) -> None:
        self._frame = frame
        self._receiver = receiver
        self._given: dict[str, Value] = {}
        self._pending: list[str] = []
        self._holders: list[Module] | None = None

    def given(self, name: str, place: Node, *, skip: int = 0) -> Value | None:
        """What the test gets for its parameter `name`; None where nobody gives it."""
        key = f"{name} {skip}" if skip else name
        if key in self._given:
            return self._given[key]
        if key in self._pending or len(self._pending) > 12:
            return UNKNOWN
        if name == "request":
            return Made(Library("pytest.request"))
        found = list(self._called(name))
        if skip >= len(found):
            if name == "check":
                return Library("pytest_check")
            return Made(Library(f"pytest.{name}")) if name in _BUILT_IN else None
        self._pending.append(key)
        self._given[key] = value = self._read(found[skip], name, skip, place)
        self._pending.pop()
        return value

    def _read(self, function: Function, name: str, skip: int, place: Node) -> Value:
        arguments: dict[str, Argument] = {}
        positional: tuple[Argument, ...] = ()
        for index, each in enumerate(parameters(function)):
            if function.owner is not None and index == 0 and self._receiver is not None:
                positional = (Argument(self._receiver),)
            elif each.name == "request":
                arguments["request"] = Argument(self._request(function))
            elif each.default is None and not each.star:
                again = skip + 1 if each.name == name else 0
                value = self.given(each.name, place, skip=again)
                arguments[each.name] = Argument(Unknown() if value is None else value)
        given = Arguments(positional, arguments)
        return inlined(self._frame, function, given, place, setup=True)

    def _request(self, function: Function) -> Value:
        rows = rows_of_fixture(self._frame, function)
        members: dict[str, Value] = {} if rows is None else {"param": rows}
        if self._receiver is not None:
            members |= {"instance": self._receiver, "cls": self._receiver.cls}
        return Record(members, complete=False)

    def automatic(self) -> list[str]:
        """The fixtures that run without being asked for, outermost first."""
        names: list[str] = []
        for module in reversed(self.holders()):
            names += [name for name, each in fixtures_of(module).items() if _is_automatic(each)]
        if self._receiver is not None:
            for cls in reversed(lineage(self._frame, self._receiver.cls)[0]):
                for name, entry in members(cls).items():
                    if isinstance(entry, Defined) and _is_automatic((cls.source, entry)):
                        names.append(name)
        return list(dict.fromkeys(names))

    def _called(self, name: str) -> Iterator[Function]:
        """The fixtures called `name`, the nearest first."""
        if self._receiver is not None:
            for cls in lineage(self._frame, self._receiver.cls)[0]:
                entry = members(cls).get(name)
                if isinstance(entry, Defined) and is_fixture(cls.source, entry):
                    value = class_value(self._frame, cls, name, entry)
                    if isinstance(value, Function):
                        yield value
        for module in self.holders():
            own = fixtures_of(module).get(name)
            if own is not None:
                source, entry = own
                at = module_frame(self._frame, module)
                yield Function(name, module, entry.node, source, entry.decorators, at)
                continue
            if isinstance(module.names.get(name), Imported) or module.stars:
                value = module_value(self._frame, module, name)
                if isinstance(value, Function) and any(
                    _FIXTURE.match(value.source.of(each)) for each in value.decorators
                ):
                    yield value

    def holders(self) -> list[Module]:
        """The modules whose fixtures the test sees, nearest first."""
        if self._holders is None:
            session = self._frame.session
            found = [session.module]
            for uri in session.view.conftests(session.module.uri):
                module = load_file(self._frame, uri)
                if module is not None and module not in found:
                    found.append(module)
            for module in list(found):
                found += [each for each in self._plugins(module) if each not in found]
            self._holders = found[:_PLUGINS]
        return self._holders

    def _plugins(self, module: Module) -> list[Module]:
        entry = module.names.get("pytest_plugins")
        if not isinstance(entry, Assigned):
            return []
        value = plain(module_value(self._frame, module, "pytest_plugins"))
        listed = value.value if isinstance(value, Known) else None
        names = [listed] if isinstance(listed, str) else listed
        if not isinstance(names, list):
            return []
        loaded = [load(self._frame, str(name), module.uri) for name in names[:_PLUGINS]]
        return [each for each in loaded if each is not None]

    def set_up(self, place: Node) -> None:
        """The set-up functions and methods of the test's module and class."""
        module = self._frame.session.module
        for name in _MODULE_SETUP:
            entry = module.names.get(name)
            value = module_value(self._frame, module, name) if entry is not None else None
            if isinstance(value, Function) and not is_fixture_function(value):
                inlined(self._frame, value, Arguments(), place, setup=True)
        if self._receiver is None:
            return
        for name in (*_CLASS_SETUP, *_METHOD_SETUP):
            bound = attribute(self._frame, self._receiver, name, place)
            if isinstance(bound, Bound) and bound.method and not is_fixture_function(bound.method):
                first = Argument(self._receiver if name in _METHOD_SETUP else self._receiver.cls)
                inlined(self._frame, bound.method, Arguments((first,)), place, setup=True)


def fixtures_of(module: Module) -> dict[str, tuple[Source, Defined]]:
    """The fixtures that a module defines, by the names that tests use."""
    if module.fixtures is None:
        found: dict[str, tuple[Source, Defined]] = {}
        for name, entry in module.names.items():
            if isinstance(entry, Defined) and is_fixture(module.source, entry):
                texts = " ".join(map(module.source.of, entry.decorators))
                named = _NAME.search(texts)
                found[named[1] if named else name] = (module.source, entry)
        module.fixtures = found
    return module.fixtures


def is_fixture(source: Source, entry: Defined) -> bool:
    """Whether a function is a fixture."""
    return not entry.is_class and any(_FIXTURE.match(source.of(each)) for each in entry.decorators)


def is_fixture_function(function: Function) -> bool:
    """Whether a function is a fixture."""
    return any(_FIXTURE.match(function.source.of(each)) for each in function.decorators)


def _is_automatic(found: tuple[Source, Defined]) -> bool:
    source, entry = found
    return any(
        _FIXTURE.match(source.of(each)) and _AUTOUSE.search(source.of(each))
        for each in entry.decorators
    )


def used_fixtures(texts: list[str]) -> list[str]:
    """The names in `@pytest.mark.usefixtures("a", "b")`."""
    found: list[str] = []
    for text in texts:
        for used in _USED.finditer(text):
            found += _QUOTED.findall(used[1])
    return found
