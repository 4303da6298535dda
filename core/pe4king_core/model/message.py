"""Text for the user: English and Russian side by side, chosen when it is shown."""

from __future__ import annotations

from typing import Literal

from pe4king_core.model.record import record

Language = Literal["en", "ru"]


@record(frozen=True, slots=True)
class Message:
    """One text in both languages. Values are already filled in."""

    en: str
    ru: str

    def text(self, language: str) -> str:
        """The text in `language`: Russian for "ru" and its regions, else English."""
        return self.ru if language.lower().startswith("ru") else self.en


def language_of(locale: str | None) -> Language:
    """The language we speak for a locale such as `ru-RU`, `ru_RU.UTF-8` or `en`."""
    return "ru" if (locale or "").lower().startswith("ru") else "en"
