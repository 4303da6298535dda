"""A request as its operation understands it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_core.mock.exchange import Sent
from pe4king_core.model.json import Json
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation


class FaultIn(StrEnum):
    """The part of a request that is wrong."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"
    BODY = "body"
    MEDIA_TYPE = "media type"
    ACCEPT = "accept"
    CREDENTIALS = "credentials"


@dataclass(frozen=True, slots=True)
class RequestFault:
    """One thing wrong with a request.

    Programs compare `where`, `name` and `reason`. `name` is the parameter, or the JSON pointer
    inside the body; `reason` is in the words of the document ("minimum", "required", "is no
    integer"), `place` the pointer into the document.
    """

    where: FaultIn
    name: str
    reason: str
    place: str = ""
    said: Message | None = None
    """What was sent and what is allowed, for people; `reason` says it where this is None."""

    @property
    def told(self) -> Message:
        """The whole fault in one line."""
        said = self.said or Message(self.reason, self.reason)
        if self.where in _WHOLE and self.said is not None:
            return said
        place = _RUSSIAN.get(self.where, str(self.where))
        return Message(
            f"{self.where} {self.name}".rstrip() + f": {said.en}",
            f"{place} {self.name}".rstrip() + f": {said.ru}",
        )


_WHOLE = frozenset({FaultIn.MEDIA_TYPE, FaultIn.CREDENTIALS})
"""What is said of these needs no place before it."""
_RUSSIAN = {
    FaultIn.PATH: "путь",
    FaultIn.HEADER: "заголовок",
    FaultIn.BODY: "тело",
    FaultIn.MEDIA_TYPE: "тип содержимого",
    FaultIn.CREDENTIALS: "учётные данные",
}


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What a request says: typed values by name, only of what was sent.

    `body` is the decoded value (JSON, forms), None where there is none or it stays bytes.
    `faults` is empty where the request is valid in the mode that is asked for.
    """

    sent: Sent
    operation: Operation
    path: Mapping[str, Json] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    cookies: Mapping[str, Json] = field(default_factory=dict)
    body: Json = None
    has_body: bool = False
    media_type: str = ""
    route: str = ""
    """The path as it was sent, decoded, below the base path of the server."""
    faults: tuple[RequestFault, ...] = ()
