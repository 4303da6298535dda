"""Where an API lives (OpenAPI Server Object)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's URL; `enum` is empty where any value may be used."""

    name: str
    default: str
    enum: tuple[str, ...] = ()
    description: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the API lives; in `url` variables are already replaced by their defaults."""

    url: str
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()
    template: str = ""
    """The URL as documented, with its variables."""
    name: str = ""
    pointer: str = ""
