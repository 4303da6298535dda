"""Helpers: functions whose source we have are read where they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.objects import (
    Argument,
    Arguments,
    Bound,
    Function,
    Record,
    agreed,
)
from pe4king_core.testcode.python.reaching import NOTHING, is_idle
from pe4king_core.testcode.python.resolving import module_frame
from pe4king_core.testcode.reasons import DEFERRED, HIDDEN_CALL
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.syntax import children
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Items,
    Known,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_LEVEL = 6
"""Helpers are read so deep below the test."""
MAX_BODIES = 60
"""So many bodies of helpers are read for one test."""
_GENERATOR = re.compile(r"\byield\b")
_REQUEST = re.compile(
    r"(?:session|client|http|requests|httpx|api)\w*(?:\(\))?"
    r"\.(?:get|post|put|patch|delete|head|options|request|send)\(|\.(?:post|put|patch)\([frb]?[\"']",
    re.IGNORECASE,
)
_REPEATING = re.compile(r"retry|retries|repeat|flaky|backoff|poll|eventually|until", re.IGNORECASE)
_HARMLESS = re.compile(
    r"^@(?:\w+\.)*(?:staticmethod|classmethod|property|cached_property|abstractmethod|override"
    r"|contextmanager|asynccontextmanager|fixture|lru_cache|cache|wraps|step|title|feature|story"
    r"|pytest_fixture|attach|deprecated|final|overload|hookimpl|typechecked|no_type_check"
    r"|description|given|when|then|keyword|async_to_sync|log\w*|timed|timeit)\b"
)
LATER = frozenset(
    {"addfinalizer", "addCleanup", "addAsyncCleanup", "addClassCleanup", "addModuleCleanup"}
    | {"callback", "push_async_callback", "register", "setattr", "setitem", "patch", "object"}
    | {"Mock", "MagicMock", "AsyncMock", "add_callback", "add_route", "add_view", "mock"}
)
"""Who is given a function by these names runs it behind the test, or instead of another one."""
REPEATED = Message(
    en="The helper that sends the request may send it several times.",
    ru="Вспомогательная функция может отправить запрос несколько раз.",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function; `star` is `*` or `**` for the rest of the arguments."""

    name: str
    default: Node | None = None
    star: str = ""


def parameters(function: Function) -> list[Parameter]:
    """The parameters of a function or lambda, in their order."""
    listed = function.node.child_by_field_name("parameters")
    found = [] if listed is None else [_parameter(function, each) for each in children(listed)]
    return [each for each in found if each is not None]


def _parameter(function: Function, node: Node) -> Parameter | None:
    source = function.source
    match node.type:
        case "identifier":
            return Parameter(source.of(node))
        case "default_parameter" | "typed_default_parameter":
            name = node.child_by_field_name("name")
            return Parameter(source.of(name) if name else "", node.child_by_field_name("value"))
        case "typed_parameter":
            inner = children(node)
            return _parameter(function, inner[0]) if inner else None
        case "list_splat_pattern":
            return Parameter(source.of(node).lstrip("* "), star="*")
        case "dictionary_splat_pattern":
            return Parameter(source.of(node).lstrip("* "), star="**")
    return None


def inlined(
    frame: Frame,
    function: Function,
    arguments: Arguments,
    node: Node,
    *,
    name: str = "",
    setup: bool = False,
) -> Value:
    """What `function(arguments)` gives; what it does is recorded at `node`, the calling code."""
    session = frame.session
    body = function.node.child_by_field_name("body")
    if body is None or function.node.id in session.active:
        return Unknown(_spoken_of(arguments))
    if _is_generator(function, body) and not setup:
        return Unknown()
    if not setup and is_idle(frame, function, arguments):
        return NOTHING
    too_deep = frame.recorder.level >= MAX_LEVEL or session.inlined >= MAX_BODIES
    if too_deep and not frame.silent:
        return _unseen(frame, function, body, arguments, node)
    if len(session.active) > MAX_LEVEL * 3 or session.inlined >= MAX_BODIES * 3:
        return UNKNOWN
    session.inlined += 1
    session.active.append(function.node.id)
    try:
        if name == "" and function.name == "":
            return _read(frame, function, arguments, body)
        span = frame.source.span(node)
        with frame.recorder.within(name or function.name, span, setup=setup):
            if any(_repeats(function, each) for each in function.decorators):
                with frame.recorder.troubled(REPEATED):
                    return _read(frame, function, arguments, body)
            return _read(frame, function, arguments, body)
    finally:
        session.active.pop()


def _repeats(function: Function, decorator: Node) -> bool:
    """Whether a decorator may call the function more than once, or not at all."""
    text = function.source.of(decorator)
    return bool(_REPEATING.search(text)) or not _HARMLESS.match(text)


def _read(frame: Frame, function: Function, arguments: Arguments, body: Node) -> Value:
    inner = frame_of(frame, function)
    bind(frame, inner, function, arguments)
    depth = len(frame.recorder.circumstances)
    if function.node.type == "lambda":
        if frame.recorder.level and function.closure is not None:
            # Whoever is given a lambda may call it often; what it sends is one request of the test.
            inner.made = function.closure.made
        return inner.value(body)
    inner.run(body)
    del frame.recorder.circumstances[depth:]
    return result(inner)


def result(frame: Frame) -> Value:
    """What a function gave, from what its `return` statements had."""
    values = list(frame.outcomes)
    if not frame.ended and frame.gap is not None:
        values.append(Known(None))
    return agreed(values) if values else Known(None)


def frame_of(frame: Frame, function: Function) -> Frame:
    """A frame in which the body of `function` is read."""
    inner = module_frame(frame, function.module)
    inner.source, inner.function = function.source, function
    inner.recorder, inner.silent = frame.recorder, frame.silent
    inner.closure, inner.owner = function.closure, function.owner
    return inner


def bind(frame: Frame, inner: Frame, function: Function, arguments: Arguments) -> None:
    """The parameters of `function` stand for `arguments`, or for their defaults."""
    positional = list(arguments.positional)
    named = dict(arguments.named)
    defaults = module_frame(frame, function.module)
    defaults.source = function.source
    defaults.closure, defaults.scope = function.closure, function.owner
    keyword_only = False
    for each in parameters(function):
        if each.star == "*":
            rest = [] if keyword_only else [argument.value for argument in positional]
            inner.names[each.name] = _items(rest) if arguments.complete else Unknown()
            positional, keyword_only = [], True
        elif each.star == "**":
            members = {name: argument.value for name, argument in named.items()}
            inner.names[each.name] = Record(members, arguments.complete)
        elif positional and not keyword_only:
            inner.names[each.name] = positional.pop(0).value
        elif each.name in named:
            inner.names[each.name] = named.pop(each.name).value
        elif each.default is not None and arguments.complete:
            inner.names[each.name] = defaults.value(each.default)
        else:
            inner.names[each.name] = Unknown()


def _items(values: list[Value]) -> Value:
    plains = [plain(each) for each in values]
    if all(isinstance(each, Known) for each in plains):
        return Known([each.value for each in plains if isinstance(each, Known)])
    return Items(tuple(values))


def _is_generator(function: Function, body: Node) -> bool:
    """Whether calling `function` runs nothing yet; context managers are entered where called."""
    source = function.source
    if any("contextmanager" in source.of(each) for each in function.decorators):
        return False
    return function.node.type != "lambda" and bool(_GENERATOR.search(source.of(body)))


def _spoken_of(arguments: Arguments) -> str | None:
    values = [*arguments.values, *(each.value for each in arguments.named.values())]
    return next(filter(None, map(call_of, values)), None)


def _unseen(
    frame: Frame, function: Function, body: Node, arguments: Arguments, node: Node
) -> Value:
    """A helper that lies too deep: if its text sends requests, one that we do not see."""
    spoken = _spoken_of(arguments)
    if spoken is None and _REQUEST.search(function.source.of(body)):
        return hidden_call(frame, node)
    return Unknown(spoken)


def hidden_call(frame: Frame, node: Node) -> Value:
    """A request that somebody else makes; only its answer is seen."""
    if frame.silent:
        return Unknown()
    span = frame.source.span(node)
    draft = frame.recorder.open_call("", Route(""), span, unresolved=HIDDEN_CALL)
    return Answer(draft.id)


def deferred(frame: Frame, arguments: Arguments, node: Node) -> Value | None:
    """Requests in lambdas and inner functions that are given to somebody we cannot see.

    What they give, for `wait_for(lambda: client.get(url))`; None where nothing is sent.
    """
    given = [*arguments.values, *(each.value for each in arguments.named.values())]
    found: Value | None = None
    for each in given:
        if not isinstance(each, Function) or each.closure is None or frame.silent:
            continue
        calls = len(frame.recorder.drafts)
        names = parameters(each)
        unknown = Arguments(tuple(Argument(Unknown()) for _ in names), complete=False)
        with frame.recorder.troubled(DEFERRED):
            value = inlined(frame, each, unknown, node)
        if len(frame.recorder.drafts) != calls:
            found = value if isinstance(value, Answer) else Unknown(call_of(value))
    return found


def called_value(
    frame: Frame, target: Value, arguments: Arguments, node: Node, *, name: str = ""
) -> Value | None:
    """What calling the function or method `target` gives; None where it is neither."""
    match target:
        case Function():
            return inlined(frame, target, arguments, node, name=name)
        case Bound(receiver, _, Function() as method):
            given = (Argument(receiver), *arguments.positional)
            inner = Arguments(given, arguments.named, arguments.complete)
            return inlined(frame, method, inner, node, name=name)
    return None
