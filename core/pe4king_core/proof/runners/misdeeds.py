"""What tests do beside testing: whom they call, and what they do to the test runner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pe4king_core.model.message import Message

WHOLE = ""
"""In the place of a test's id: all of them together, before any was run."""

ENDS = Message("it ends the test runner", "завершает запускающую программу")
HANGS = Message(
    "the test runner hung before any test", "запускающая программа зависла до первого теста"
)
FORGES = Message(
    "it writes what only the test runner may write into its output",
    "пишет в вывод строки, которые пишет только сама запускающая программа",
)


def ended_by_sandbox(reason: Message) -> Message:
    """It went beyond a limit."""
    return Message(
        f"the sandbox had to end it: {reason.en}", f"песочнице пришлось завершить его: {reason.ru}"
    )


@dataclass(slots=True)
class Misdeeds:
    """Gathers them by the test's id."""

    _harms: dict[str, Message] = field(default_factory=dict)
    _hosts: dict[str, dict[str, None]] = field(default_factory=dict)

    def harmed(self, identity: str, how: Message) -> None:
        """The first harm of a test is the one that is told."""
        self._harms.setdefault(identity, how)

    def called(self, identity: str, hosts: Iterable[str]) -> None:
        """These hosts, which our server answered for."""
        found = self._hosts.setdefault(identity, {})
        found.update(dict.fromkeys(hosts))

    @property
    def harms(self) -> Mapping[str, Message]:
        """By test."""
        return dict(self._harms)

    @property
    def hosts(self) -> Mapping[str, tuple[str, ...]]:
        """By test, in order of their names."""
        return {identity: tuple(sorted(each)) for identity, each in self._hosts.items() if each}
