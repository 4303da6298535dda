"""What an operation works on: the words for it, and where a request means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pe4king_core.generation.flows.api_map import templates_of
from pe4king_core.mock.requests.reading import ReadRequest
from pe4king_core.mock.state.keys import token_of
from pe4king_core.model.json import Json
from pe4king_core.model.operation import MediaType, Operation, Parameter
from pe4king_core.model.schema import Schema

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


class Role(StrEnum):
    """What an operation does."""

    CREATE = "create"
    READ = "read"
    REPLACE = "replace"
    CHANGE = "change"
    REMOVE = "remove"
    LIST = "list"
    CLEAR = "clear"
    ACT = "act"
    """Does something with a thing and leaves the rest of it: `/orders/{id}/cancel`."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one collection; operations are None where the document has none."""

    shelf: str
    """The collection's path with templates."""
    resource: tuple[str, ...]
    parameter: Parameter
    """What a path names one of them with."""
    reader: Operation | None = None
    lister: Operation | None = None
    in_paths: tuple[Schema, ...] = ()
    """All that paths say of the id."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an operation works on: `key` is the path parameter that names the thing, "" where the
    path ends before it; `single` is the name of the only thing there is (`settings`)."""

    role: Role
    kind: Kind
    key: str = ""
    single: str = ""
    in_body: bool = False
    """Whether the body says which thing is meant."""
    upsert: bool = False
    above: tuple[tuple[str, str], ...] = ()
    """Things that have to be there: shelf and path parameter, the outermost first."""


def filled(template: str, request: ReadRequest) -> str:
    """The path `template` with the values that `request` has in its path, which may have other
    names there."""
    values = [value_of(request, name) for name in templates_of(request.operation.route)]
    names = templates_of(template)
    known = dict(zip(names, values, strict=False))
    known |= {name: value_of(request, name) for name in names if name in request.path}
    text = {name: token_of(value) for name, value in known.items()}
    return _TEMPLATE.sub(lambda found: text.get(found.group(1), ""), template).rstrip("/")


def value_of(request: ReadRequest, name: str) -> Json:
    """The value of a path parameter, also of one that the document does not declare."""
    if name in request.path:
        return request.path[name]
    pattern = _TEMPLATE.split(request.operation.route.rstrip("/"))
    written = "".join(
        f"(?P<v{index}>[^/]*)" if index % 2 else re.escape(part)
        for index, part in enumerate(pattern)
    )
    match = re.fullmatch(written, request.route.rstrip("/"))
    found = {part: index for index, part in enumerate(pattern) if index % 2}
    return match[f"v{found[name]}"] if match is not None and name in found else ""


def json_success(operation: Operation) -> MediaType | None:
    """What the first documented success of `operation` has as JSON, else in any form."""
    keys = sorted(key for key in operation.responses if key[:1] == "2")
    for key in (*keys, "default"):
        response = operation.responses.get(key)
        if response is not None and response.content:
            return response.json or next(iter(response.content.values()))
    return None
