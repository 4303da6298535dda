"""What one call asks, beside what its operation takes: the leaves of its request as a tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from pe4king_core.model.fact import ChangeIn
from pe4king_core.model.json import Json, split
from pe4king_core.model.operation import MediaKind, MediaType, Operation, ParameterIn
from pe4king_core.model.source import BodyKind, SentPart, TestCall, TestFunction

_KINDS = {
    BodyKind.JSON: (MediaKind.JSON,),
    BodyKind.FORM: (MediaKind.FORM, MediaKind.MULTIPART),
    BodyKind.MULTIPART: (MediaKind.MULTIPART, MediaKind.FORM),
}


@dataclass(slots=True)
class Branch:
    """A part of a body: its members, whether these are all, and the values that it may have."""

    members: dict[str, Branch] = field(default_factory=dict)
    complete: bool = True
    values: list[Json] = field(default_factory=list)

    def walk(self, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Branch]]:
        """This part and all below, with the way to each."""
        yield way, self
        for name, inner in self.members.items():
            yield from inner.walk((*way, name))


@dataclass(frozen=True, slots=True)
class Asked:
    """One call with what it carries; `body` is None where it has none, or not one to be read."""

    call: TestCall
    operation: Operation
    parts: tuple[SentPart, ...]
    body: Branch | None

    def named(self, where: ChangeIn) -> dict[str, list[Json]]:
        """The parameters of a kind, with the values that are written out."""
        names = {
            ChangeIn.QUERY: self.call.parts.query,
            ChangeIn.HEADER: self.call.parts.headers,
            ChangeIn.COOKIE: self.call.parts.cookies,
        }[where]
        found: dict[str, list[Json]] = {name: [] for name in names}
        for part in self.parts:
            if part.where is where and part.name:
                found.setdefault(part.name, []).extend(_value(part.text))
        return found

    @property
    def is_open(self) -> bool:
        """Whether it may carry more than is seen: computed parameters, or members of the body."""
        query = (part for part in self.parts if part.where is ChangeIn.QUERY)
        unseen = any(not part.name for part in query)
        takes_body = bool(self.media) and (self.body is None or not self.body.complete)
        parts = self.call.parts
        nothing = not (parts.complete or self.parts or parts.headers) and (
            parts.body is BodyKind.NONE
        )
        return unseen or takes_body or nothing

    @property
    def content_type(self) -> str:
        """The media type that the request names, "" where it names none that is known."""
        for name, values in self.named(ChangeIn.HEADER).items():
            if name.lower() == "content-type" and values and isinstance(values[0], str):
                return values[0]
        return ""

    @property
    def media(self) -> tuple[MediaType, ...]:
        """The documented request bodies that the call may mean."""
        body = self.operation.request_body
        wanted = _KINDS.get(self.call.parts.body, ())
        return tuple(m for m in body.content.values() if m.kind in wanted) if body else ()

    def in_path(self) -> Iterator[tuple[str, str]]:
        """Path parameters with the texts that stand for them."""
        template = [each for each in self.operation.route.split("/") if each]
        written = [each for each in self.call.path.partition("?")[0].split("/") if each]
        pairs = zip(reversed(template), reversed(written), strict=False)
        for pattern, text in pairs:
            if pattern.startswith("{") and pattern.endswith("}") and "{}" not in text:
                yield pattern[1:-1], unquote(text)


def asked(test: TestFunction, call: TestCall, operation: Operation) -> Asked:
    """What `call` of `test` carries to `operation`."""
    parts = tuple(each for each in test.sent if each.call == call.id)
    leaves = [each for each in parts if each.where is ChangeIn.BODY]
    known = call.parts.body in _KINDS and (bool(leaves) or call.parts.body_names)
    return Asked(call, operation, parts, _tree(call, leaves) if known else None)


def _tree(call: TestCall, leaves: Sequence[SentPart]) -> Branch:
    whole = Branch(complete=bool(leaves) or call.parts.complete)
    for name in (*call.parts.body_names, *call.parts.form):
        whole.members.setdefault(name, Branch())
    for leaf in leaves:
        tokens = split(leaf.name)
        deep = call.parts.body is BodyKind.JSON or len(tokens) < 2
        here = whole
        for token in tokens if deep else tokens[:1]:
            here = here.members.setdefault(token, Branch())
        values = _value(leaf.text) if deep else []
        here.values += values
        here.complete = here.complete and bool(values)
    return whole


def _value(text: str) -> list[Json]:
    return [json.loads(text)] if text else []


def takes(operation: Operation, where: ParameterIn) -> list[str]:
    """The names of the parameters that `operation` takes there."""
    return [each.name for each in operation.parameters if each.location is where]
