"""What can go wrong in the server, and how it is told to the user.

UserError
├── SettingsError (settings.py)   an entry of the settings cannot be used
└── BrokenProposalError           a gate turned our own proposal down; nothing is offered
"""

from __future__ import annotations

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.verdict import LevelResult


class BrokenProposalError(UserError):
    """A proposal that failed a gate: the user's file stays as it is."""

    code = "proposal-broken"

    def __init__(self, result: LevelResult) -> None:
        super().__init__(
            Message(
                f"The proposal did not pass the check {result.level}: {result.reason.en}. "
                "Nothing was changed.",
                f"Предложение не прошло проверку {result.level}: {result.reason.ru}. "
                "Ничего не изменено.",
            ),
            next_step=Message(
                "Please report this with the test and the document.",
                "Пожалуйста, сообщите об этом, приложив тест и документ.",
            ),
        )
        self.result = result
