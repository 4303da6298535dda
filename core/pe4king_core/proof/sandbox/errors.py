"""What can go wrong with sandboxes.

SandboxError    the sandbox or a command in it could not be started
"""

from __future__ import annotations

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message


class SandboxError(UserError):
    """The sandbox, or a command in it, could not be started."""

    code = "sandbox"


def not_started(what: str, reason: str) -> SandboxError:
    """`what` could not be started, for this reason."""
    return SandboxError(
        Message(
            f"{what} could not be started: {reason}.", f"Не удалось запустить {what}: {reason}."
        )
    )
