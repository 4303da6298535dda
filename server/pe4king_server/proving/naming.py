"""Which tests a user means: names as we print them, as pytest prints them, as Java people do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.proof.running import Choice
from pe4king_server.proving.selection import ReadFile


@dataclass(frozen=True, slots=True)
class _Name:
    """`tests/test_a.py::TestA::test_b[row]`, `TestA.test_b`, `org.shop.BooksTest#list(int)`."""

    dotted: str
    file: str = ""
    row: str | None = None

    @classmethod
    def read(cls, text: str) -> _Name:
        file, colons, rest = text.partition("::")
        if not colons:
            file, rest = ("", text) if not _is_file(text) else (text, "")
        name, bracket, row = rest.partition("[")
        dotted = name.partition("(")[0].replace("::", ".").replace("#", ".")
        return cls(dotted, file, row.removesuffix("]") if bracket else None)

    def is_in(self, path: Path) -> bool:
        """Whether the file is meant, if one is: from here, or from where pytest counts."""
        if not self.file or Path(self.file).absolute() == path:
            return True
        return path.as_posix().endswith("/" + Path(self.file).as_posix().removeprefix("./"))

    def means(self, qualified: str) -> bool:
        """Whether it is this test, by its whole name or the last part, or its class."""
        known = (qualified, qualified.rpartition(".")[2])
        if not self.dotted or self.dotted in known or qualified.startswith(self.dotted + "."):
            return True
        return self.dotted.endswith("." + qualified)

    @property
    def rows(self) -> tuple[str, ...]:
        """The row as pytest may call it: it escapes what is not ASCII, and we do not."""
        if self.row is None:
            return ()
        escaped = self.row.encode("unicode_escape").decode("ascii")
        return tuple(dict.fromkeys((self.row, escaped)))


def _is_file(text: str) -> bool:
    return text.endswith((".py", ".java")) and Path(text).is_file()


def choices_of(wanted: Sequence[str], files: Sequence[ReadFile]) -> tuple[Choice, ...]:
    """What `wanted` means in `files`; raises UserError for a name that means nothing."""
    found: dict[Choice, None] = {}
    for text in wanted:
        those = dict.fromkeys(_meant(_Name.read(text), files))
        if not those:
            raise _no_test(text, files)
        found |= those
    return tuple(found)


def _meant(name: _Name, files: Sequence[ReadFile]) -> Iterator[Choice]:
    for each in files:
        if name.is_in(each.path):
            for qualified in _names(each):
                if name.means(qualified):
                    yield Choice(qualified, each.path if name.file else None, name.rows)


def with_choices(files: Iterable[ReadFile], choices: Sequence[Choice]) -> list[ReadFile]:
    """The files that have some of the tests; all where none was chosen."""
    if not choices:
        return list(files)
    return [
        each
        for each in files
        if any(c.file in (None, each.path) and c.name in _names(each) for c in choices)
    ]


def _names(file: ReadFile) -> list[str]:
    return [test.qualified_name for test in file.file.tests]


def _no_test(name: str, files: Sequence[ReadFile]) -> UserError:
    known = [each for file in files for each in _names(file)]
    short = [each.rpartition(".")[2] for each in known]
    asked = _Name.read(name).dotted
    near = get_close_matches(asked, dict.fromkeys((*known, *short)), cutoff=0.5) or known[:3]
    shown = ", ".join(near)
    return UserError(
        Message(f"There is no test {name}.", f"Теста {name} нет."),
        next_step=Message(f"There is {shown}.", f"Есть {shown}.") if shown else None,
    )
