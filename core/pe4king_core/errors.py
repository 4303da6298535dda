"""What can go wrong in core, and how it is told to the user.

UserError                      code, message (en, ru), next step (en, ru)
├── DocumentError              the text is not a usable OpenAPI document
├── SourceError                the test file cannot be read as tests
└── RefusedError               we could do it, but could not be sure; the user's file stays as it is
"""

from __future__ import annotations

from pe4king_core.model.message import Message


class UserError(Exception):
    """An expected failure with a stable code and a text for the user in both languages."""

    code = "error"

    def __init__(
        self, message: Message, *, next_step: Message | None = None, code: str | None = None
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.next_step = next_step
        if code is not None:
            self.code = code

    def text(self, language: str) -> str:
        """The message and the next step as one paragraph in `language` ("en" or "ru")."""
        parts = [self.message.text(language)]
        if self.next_step is not None:
            parts.append(self.next_step.text(language))
        return " ".join(parts)


class DocumentError(UserError):
    """The text is not a usable OpenAPI document."""

    code = "document"


class SourceError(UserError):
    """The test file cannot be read as tests of a language we know."""

    code = "source"


class RefusedError(UserError):
    """An edit we will not make because we cannot be sure it means what it should."""

    code = "refused"
