"""HTTP clients of libraries: made by their classes, asked by their methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pe4king_core.model.fact import STATUS
from pe4king_core.model.json import join
from pe4king_core.testcode.claims import comparison
from pe4king_core.testcode.python.frame import Frame
from pe4king_core.testcode.python.libraries import CLIENTS, VERBS
from pe4king_core.testcode.python.objects import Arguments, Client, Dumped, Record
from pe4king_core.testcode.python.requests import FREE_METHODS, HttpCall, request
from pe4king_core.testcode.python.texts import parts_of
from pe4king_core.testcode.reasons import LOOP
from pe4king_core.testcode.values import (
    UNKNOWN,
    Answer,
    Hole,
    Known,
    Part,
    Unknown,
    Value,
    call_of,
    plain,
)

if TYPE_CHECKING:
    from tree_sitter import Node

_BASES = ("base_url", "base", "server_url", "live_server_url")
_MODULES = {
    "requests": "requests",
    "httpx": "httpx",
    "requests.api": "requests",
}


def made_client(name: str, arguments: Arguments) -> Client:
    """The client that the library class `name` makes."""
    kind = CLIENTS[name]
    joins = name.endswith("BaseUrlSession")
    given = arguments.argument(0 if joins or kind == "aiohttp" else None, *_BASES)
    base: tuple[str | Hole, ...] = ()
    if given is not None and plain(given.value) != Known(None):
        base = tuple(_address(each) for each in parts_of(plain(given.value), given.name))
    return Client(kind, base, joins or kind in ("aiohttp", "playwright"))


def _address(part: str | Hole) -> str | Hole:
    """A hole in a base URL is part of an address, whatever it is called."""
    return Hole(part.name or "base_url", outside=True) if isinstance(part, Hole) else part


def asked(
    frame: Frame, client: Client, method: str, arguments: Arguments, node: Node
) -> Value | None:
    """What `client.method(arguments)` gives; None where it is no request."""
    verb = method.lower()
    if client.kind == "webtest" and verb.endswith("_json"):
        verb = verb.removesuffix("_json")
        arguments = _as_json(arguments)
    if verb not in VERBS and verb not in FREE_METHODS and verb != "fetch":
        return None
    if verb == "fetch":
        return None
    made = request(verb, arguments, client.base, kind=client.kind, joins=client.joins)
    if made is None:
        return None
    calls = len(frame.recorder.drafts)
    answer = recorded(frame, node, made, client.kind)
    if client.kind == "webtest" and len(frame.recorder.drafts) != calls:
        _expected_status(frame, answer, arguments, node)
    return answer


def _expected_status(frame: Frame, answer: Value, arguments: Arguments, node: Node) -> None:
    """WebTest's `app.get(url, status=404)` fails for any other status."""
    given = arguments.argument(None, "status")
    if given is None or not isinstance(answer, Answer):
        return
    part, value = Part(answer.call, STATUS), plain(given.value)
    is_list = isinstance(value, Known) and isinstance(value.value, list)
    claims = comparison(part, "in" if is_list else "==", value)
    if isinstance(value, Known) and isinstance(value.value, str):
        claims = ()
    frame.recorder.claim(frame.source.span(node), claims, answer.call)


def _as_json(arguments: Arguments) -> Arguments:
    """WebTest's `post_json(url, data)`."""
    data = arguments.argument(1, "params", "obj")
    named = {name: each for name, each in arguments.named.items() if name not in ("params", "obj")}
    given = {"json": data} if data is not None else {}
    return Arguments(arguments.positional[:1], {**named, **given}, arguments.complete)


def asked_of_library(frame: Frame, name: str, arguments: Arguments, node: Node) -> Value | None:
    """What `requests.get(...)` and the like give; None where `name` is something else."""
    module, _, verb = name.rpartition(".")
    kind = _MODULES.get(module)
    if kind is None or (verb not in VERBS and verb not in FREE_METHODS):
        return None
    made = request(verb, arguments, kind=kind)
    return None if made is None else recorded(frame, node, made, kind)


def recorded(frame: Frame, node: Node, made: HttpCall, kind: str) -> Value:
    """The answer of a request that is made here."""
    if frame.silent:
        return Unknown()
    known = frame.made.get(node.end_byte)
    if isinstance(known, Answer):
        frame.recorder.doubt(known.call, LOOP)
        return known
    draft = frame.recorder.open_call(
        made.method, made.route, frame.source.span(node), unresolved=made.unresolved
    )
    draft.parts = made.parts
    frame.recorder.carry(draft.id, made.carried)
    frame.session.kinds[draft.id] = kind
    if made.sent is not None:
        note_sent(frame, made.sent, draft.id)
    answer = frame.made[node.end_byte] = Answer(draft.id)
    return answer


def note_sent(frame: Frame, value: Value, call: str, pointer: str = "", depth: int = 0) -> None:
    """Remember that `value` and its members were sent as the JSON body of `call`."""
    value = plain(value)
    if isinstance(value, Dumped):
        value = value.content
    if value == UNKNOWN and value is UNKNOWN:
        return
    is_scalar = isinstance(value, Known) and not isinstance(value.value, dict | list)
    if call_of(value) is None and not is_scalar:
        frame.session.note_sent(value, call, pointer)
    if isinstance(value, Record) and depth < 5:
        for name, member in value.members.items():
            note_sent(frame, member, call, join(pointer, name), depth + 1)
