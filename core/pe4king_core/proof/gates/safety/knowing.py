"""What both languages have to know of the place: variables, hosts, modules of the project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pe4king_core.model.operation import ApiDocument
from pe4king_core.proof.proposed import Surroundings
from pe4king_core.rendering.format import environment_name

_SKELETON = frozenset({"API_BASE_URL", "API_EXISTING_DATA"})
"""Variables that generated tests read whatever the document says."""


@dataclass(frozen=True, slots=True)
class Known:
    """`names` are environment variables that may be read, `hosts` those that may be called."""

    names: frozenset[str]
    hosts: frozenset[str]
    root: Path | None = None
    folder: Path | None = None
    """Where the file is or will be."""


def known(around: Surroundings, path: str) -> Known:
    """What is known of the place of the file `path`."""
    names = _SKELETON | around.names
    hosts = {host.lower() for host in around.hosts}
    for document in around.documents:
        names |= {environment_name(each) for each in document.security_schemes.values()}
        hosts |= set(_hosts(document))
    folder = Path(path).parent if path else None
    return Known(names, frozenset(hosts), around.root, folder)


def _hosts(document: ApiDocument) -> Iterator[str]:
    servers = list(document.servers)
    for operation in document.operations:
        servers += operation.servers
    for server in servers:
        try:
            host = urlsplit(server.url).hostname
        except ValueError:
            continue  # no address: it names no host that could be called
        if host:
            yield host.lower()
