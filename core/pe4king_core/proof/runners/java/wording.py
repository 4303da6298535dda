"""How the runner of Java tests puts things."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pe4king_core.model.message import Message
from pe4king_core.proof.runners.java.command import Place
from pe4king_core.proof.runners.lines import Said

_LAST = 3
"""So many lines of the end of the error output are shown."""
_KINDS: Mapping[str, tuple[str, str]] = {
    "not compiled": ("does not compile", "не компилируется"),
    "engine": ("a test engine could not look for tests", "движок тестов не смог найти тесты"),
}
_ENGINES = (
    ("org.testng.", "TestNG", "org.junit.support:testng-engine"),
    ("org.junit.Test;", "JUnit 4", "org.junit.vintage:junit-vintage-engine"),
    ("org.junit.*;", "JUnit 4", "org.junit.vintage:junit-vintage-engine"),
    ("org.junit.jupiter.", "JUnit 5", "org.junit.jupiter:junit-jupiter-engine"),
)


class JavaWording:
    """What is said of javac and JUnit."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def text(self, text: str) -> str:
        """Without our folders and the port of the run."""
        place = self._place
        for folder in (place.project, place.folder):
            text = text.replace(str(folder) + os.sep, "")
        return text.replace(f"{place.host}:{place.port}", place.host).strip()

    def problem(self, said: Said) -> Message:
        """By its kind."""
        file, text = said["file"], self.text(said["message"])
        if said["kind"] == "silent":
            return self._silent(file)
        english, russian = _KINDS[said["kind"]]
        place = f"{file}: " if file else ""
        return Message(f"{place}{english}: {text}", f"{place}{russian}: {text}")

    def not_collected(self, output: str) -> Message:
        """With what Java wrote last."""
        lines = [each.strip() for each in self.text(output).splitlines() if each.strip()]
        told = [each for each in lines if not each.startswith("at ")][-_LAST:]
        text = " ".join(told) or "-"
        return Message(
            f"Java did not get as far as the tests: {text}", f"Java не дошла до тестов: {text}"
        )

    def note(self, note: str, file: str) -> Message:
        """Nothing of the kind is told here."""
        return Message(f"{file}: {note}", f"{file}: {note}")

    def _silent(self, file: str) -> Message:
        """A file that no engine found a test in."""
        text = (self._place.project / file).read_text(encoding="utf-8", errors="replace")
        for used, library, needed in _ENGINES:
            if f"import {used}" in text:
                return Message(
                    f"{file}: no test was found: {library} is run with {needed} only, "
                    "which is not on the class path, or there are no tests in the file.",
                    f"{file}: тестов не найдено: {library} запускается только с {needed}, "
                    "которого нет в class path, или тестов в файле нет.",
                )
        return Message(f"{file}: there are no tests in it.", f"{file}: тестов в нём нет.")
