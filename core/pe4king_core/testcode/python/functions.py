"""What well-known functions of libraries make of their arguments, by their full names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.model.fact import body
from pe4king_core.testcode.python.classes import dumped, outside
from pe4king_core.testcode.python.clients import asked_of_library, made_client
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.libraries import CLIENTS
from pe4king_core.testcode.python.objects import (
    Arguments,
    Dumped,
    Library,
    Made,
    Partial,
    Record,
    Repeated,
    Typed,
)
from pe4king_core.testcode.python.requests import url_joined
from pe4king_core.testcode.python.texts import parts_of
from pe4king_core.testcode.routes import joined
from pe4king_core.testcode.values import (
    UNKNOWN,
    BodyText,
    Hole,
    Items,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_ENVIRONMENT = frozenset(
    {"os.getenv", "os.environ.get", "os.environ.setdefault", "decouple.config", "environ.get"}
)
_FIRST = frozenset(
    {
        "pytest.approx",
        "copy.copy",
        "copy.deepcopy",
        "typing.cast",
        "urllib.parse.quote",
        "urllib.parse.quote_plus",
    }
    | {"urllib.parse.unquote", "textwrap.dedent", "pathlib.PurePosixPath"}
    | {"yarl.URL", "httpx.URL", "furl.furl", "re.compile", "types.MappingProxyType"}
    | {"pydantic.AnyHttpUrl", "pydantic.HttpUrl", "pydantic.TypeAdapter", "pathlib.Path"}
    | {
        "asyncio.run",
        "contextlib.closing",
        "contextlib.aclosing",
        "asyncio.wait_for",
        "anyio.run",
        "asgiref.sync.async_to_sync",
    }
)
_LOADS = frozenset(
    {"json.loads", "orjson.loads", "ujson.loads", "simplejson.loads", "rapidjson.loads"}
)
_DUMPS = frozenset({"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps"})


def library_call(frame: Frame, name: str, arguments: Arguments, node: Node) -> Value:
    """What calling `name` of a library gives."""
    if name in CLIENTS:
        return made_client(name, arguments)
    answer = asked_of_library(frame, name, arguments, node)
    if answer is not None:
        return answer
    if name in _ENVIRONMENT:
        return _environment(arguments)
    values = arguments.values
    first = values[0] if values else UNKNOWN
    if name in _FIRST and values:
        return values[1] if name == "typing.cast" and len(values) > 1 else first
    if name in _LOADS:
        return _loaded(arguments)
    if name in _DUMPS and values:
        return Dumped(first)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(frame, arguments)
    call = next(filter(None, map(call_of, values)), None)
    return Unknown(call) if call is not None else Made(Library(name))


def _environment(arguments: Arguments) -> Value:
    name = plain(arguments.value(0, "key"))
    text = name.value if isinstance(name, Known) and isinstance(name.value, str) else ""
    return outside(text, plain(arguments.value(1, "default")))


def _loaded(arguments: Arguments) -> Value:
    first = arguments.value(0, "s")
    if isinstance(first, Dumped):
        return first.content
    if isinstance(first, BodyText):
        part = Part(first.call, body())
        return Typed(part, None) if "object_hook" in arguments.named else part
    return Unknown(call_of(first))


def _urljoin(_frame: Frame, arguments: Arguments) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    base, path = (parts_of(plain(each.value), each.name) for each in arguments.positional[:2])
    return joined(url_joined(base, path))


def _partial(_frame: Frame, arguments: Arguments) -> Value:
    if not arguments.positional:
        return UNKNOWN
    return Partial(arguments.values[0], arguments.positional[1:], tuple(arguments.named.items()))


def _asdict(frame: Frame, arguments: Arguments) -> Value:
    return dumped(frame, arguments.value(0, "obj"), by_alias=False)


def _namespace(_frame: Frame, arguments: Arguments) -> Value:
    return Record({name: each.value for name, each in arguments.named.items()}, arguments.complete)


def _join_path(_frame: Frame, arguments: Arguments) -> Value:
    parts: list[str | Hole] = []
    for index, each in enumerate(arguments.positional):
        parts += ["/"] if index else []
        parts += list(parts_of(plain(each.value), each.name))
    return joined(parts)


def _row(_frame: Frame, arguments: Arguments) -> Value:
    """`pytest.param(...)`: its value, or the row of its values."""
    values = arguments.values
    return values[0] if len(values) == 1 else Items(tuple(values))


def _gathered(_frame: Frame, arguments: Arguments) -> Value:
    """`asyncio.gather(...)`: what each of its arguments gives."""
    values = arguments.values
    repeated = len(values) == 1 and isinstance(values[0], Repeated)
    return values[0] if repeated else Items(tuple(values))


_SPECIAL: dict[str, Callable[[Frame, Arguments], Value]] = {
    "urllib.parse.urljoin": _urljoin,
    "pytest.param": _row,
    "asyncio.gather": _gathered,
    "functools.partial": _partial,
    "dataclasses.asdict": _asdict,
    "attrs.asdict": _asdict,
    "attr.asdict": _asdict,
    "types.SimpleNamespace": _namespace,
    "posixpath.join": _join_path,
    "os.path.join": _join_path,
}


def environment_member(name: str) -> Value:
    """`os.environ["NAME"]`."""
    return outside(name, UNKNOWN)
