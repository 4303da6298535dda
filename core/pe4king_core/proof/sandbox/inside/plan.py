"""What the confining process is told to do: once for a sandbox, and for each command."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from pe4king_core.proof.sandbox.limits import Limits
from pe4king_core.proof.sandbox.parts import Part


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole sandbox: `holder` is the folder to remove where nobody is left to do it."""

    holder: str
    scratch: str
    limits: Limits
    parts: frozenset[Part]

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "holder": self.holder,
            "scratch": self.scratch,
            "limits": asdict(self.limits),
            "parts": [str(part) for part in Part if part in self.parts],
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From JSON."""
        parts = frozenset(Part(each) for each in told["parts"])
        return cls(told["holder"], told["scratch"], Limits(**told["limits"]), parts)


@dataclass(frozen=True, slots=True)
class Start:
    """One command.

    `readable` is what it may read beside the scratch folder, `port` where our server is; `linked`
    says that there are links to files of the user, which the kernel has to keep as they are.
    """

    command: tuple[str, ...]
    cwd: str
    env: dict[str, str]
    readable: tuple[str, ...]
    port: int
    linked: bool

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From JSON."""
        return cls(
            tuple(told["command"]),
            told["cwd"],
            told["env"],
            tuple(told["readable"]),
            told["port"],
            told["linked"],
        )
