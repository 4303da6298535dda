"""Lines to and from a child, each behind the secret of its start: tests write lines as well.

What stands before the secret in a line is nobody's: a test may have left a line without an end.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pe4king_core.model.message import Message

Said = Mapping[str, Any]


class Talker(Protocol):
    """A child of a sandbox."""

    def send(self, line: str) -> None:
        """Send a line."""
        ...

    def receive(self, timeout: float) -> str | None:
        """The next line; None after so many seconds, or at the end."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it has ended and all it said has been received."""
        ...

    @property
    def why(self) -> str:
        """Why the sandbox ended it; empty where it did not."""
        ...

    @property
    def reason(self) -> Message | None:
        """The same for the user."""
        ...

    @property
    def output(self) -> str:
        """The end of its error output."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


@dataclass(slots=True)
class Sealed:
    """The talk with a child that has been given `secret`."""

    child: Talker
    secret: str
    forged: bool = False
    """Whether a line looked like the child's and was not."""

    def send(self, said: Said) -> None:
        """Tell the child."""
        self.child.send(f"{self.secret} {json.dumps(said)}")

    def receive(self, wait: float) -> Said | None:
        """What the child says next; None after so many seconds of other people's lines."""
        until = time.monotonic() + wait
        while (line := self.child.receive(max(0.0, until - time.monotonic()))) is not None:
            _, secret, text = line.partition(self.secret + " ")
            said = _object(text if secret else line)
            if secret and said is not None:
                return said
            self.forged |= said is not None
        return None


def _object(text: str) -> Said | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
