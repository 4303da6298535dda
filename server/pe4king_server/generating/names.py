"""The names of the tests in a text, as they are in its language."""

from __future__ import annotations

from pe4king_core.model.source import SourceLanguage


def tests_in(text: str, language: SourceLanguage) -> list[tuple[str, str]]:
    """The names and sources of the tests in `text`, in their order."""
    from pe4king_core.testcode.incremental import TestReader

    places = TestReader(language).places(text)
    return [(place.name.of(text), place.span.of(text)) for _, place in places]
