"""Several documents behind one address: which of them a request is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pe4king_core.mock.exchange import Sent
from pe4king_core.mock.requests.routing import Found
from pe4king_core.mock.service import Service


@dataclass(frozen=True, slots=True)
class Mount:
    """One service and where it is.

    `prefix` is set where documents would stand in each other's way: `/pets`, else empty. `name`
    is the document's file without its ending.
    """

    name: str
    service: Service
    prefix: str = ""

    @property
    def base_path(self) -> str:
        """Where its operations are: the prefix and the base path of its server."""
        return self.prefix + self.service.base_path

    def reaches(self, path: str) -> int:
        """How much of `path` is this document's; -1 where it cannot be its own."""
        if not _below(path, self.prefix):
            return -1
        rest = path[len(self.prefix) :]
        bases = [base for base in self.service.base_paths if _below(rest, base)]
        return len(self.prefix) + max(map(len, bases), default=0)

    def inside(self, sent: Sent) -> Sent:
        """`sent` as the service knows it, without the prefix."""
        if not self.prefix:
            return sent
        rest = sent.target[len(self.prefix) :]
        target = rest if rest.startswith("/") else f"/{rest}"
        return replace(sent, target=target, mount=sent.mount + self.prefix)


class Mounts:
    """All documents of one address. A document is replaced as a whole, at any time."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        self._mounts = tuple(mounts)

    @classmethod
    def of(cls, named: Iterable[tuple[str, Service]]) -> Mounts:
        """Documents by the names of their files.

        Those with the same base path stand each below its name.
        """
        services = list(named)
        bases = [service.base_path for _, service in services]
        mounts: list[Mount] = []
        for (name, service), base in zip(services, bases, strict=True):
            unique = _unique(name, {each.name for each in mounts})
            prefix = f"/{unique}" if bases.count(base) > 1 else ""
            mounts.append(Mount(unique, service, prefix))
        return cls(mounts)

    @property
    def all(self) -> tuple[Mount, ...]:
        """Every document, in the order they were given."""
        return self._mounts

    def named(self, name: str) -> Mount | None:
        """The document called `name`; the only one where `name` is empty."""
        if not name and len(self._mounts) == 1:
            return self._mounts[0]
        return next((each for each in self._mounts if each.name == name), None)

    def replace(self, name: str, service: Service) -> None:
        """Serve `service` as the document `name` from now on."""
        self._mounts = tuple(
            replace(each, service=service) if each.name == name else each for each in self._mounts
        )

    def find(self, sent: Sent) -> tuple[Service, Sent, Found | None]:
        """The service, the request as it is there, and what it means where that is known."""
        mounts = self._mounts
        if len(mounts) == 1:
            return mounts[0].service, sent, None
        path = sent.path
        reached = sorted(((each.reaches(path), each) for each in mounts), key=lambda one: -one[0])
        first: tuple[Service, Sent, Found] | None = None
        for mount in (each for far, each in reached if far >= 0):
            inside = mount.inside(sent)
            candidate = (mount.service, inside, mount.service.find(inside))
            if candidate[2].methods:
                return candidate
            first = first or candidate
        return first or (mounts[0].service, sent, Found(None, path))


def _below(path: str, base: str) -> bool:
    return not base or path == base or path.startswith(f"{base}/")


def _unique(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
