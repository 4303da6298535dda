"""Which tests are meant: the files below folders, and what their calls mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.errors import SourceError, UserError
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode.files import language_of
from pe4king_server.document_choice import understand_file
from pe4king_server.files import Files, is_there, uri_of, walk
from pe4king_server.own_tests.evidence import is_ours
from pe4king_server.sources.store import SourceStore


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One test file with what its calls mean, by the test's qualified name and the call's id."""

    path: Path
    file: TestFile
    operations: dict[tuple[str, str], Operation]
    documents: tuple[ApiDocument, ...] = ()
    """Those that its calls are in."""
    ours: bool = False
    """Whether we generated it: then it has to hold for every answer that the document allows."""


def test_files(named: Iterable[Path]) -> list[Path]:
    """The test files among `named` and below its folders, each once.

    Raises UserError for a name that leads to none.
    """
    found: list[Path] = []
    for path in named:
        if not is_there(path):
            raise UserError(Message(f"There is no {path}.", f"{path} не существует."))
        below = walk(path.absolute(), (".py", ".java")) if path.is_dir() else [path.absolute()]
        tests = [each for each in below if language_of(each.name) is not None]
        if not tests:
            raise SourceError(
                Message(f"There are no tests in {path}.", f"В {path} нет тестов."),
                next_step=Message(
                    "Tests are read from test_*.py, *_test.py, Test*.java, *Test.java, *IT.java.",
                    "Тесты читаются из test_*.py, *_test.py, Test*.java, *Test.java, *IT.java.",
                ),
            )
        found += tests
    return list(dict.fromkeys(found))


def read_files(
    paths: Sequence[Path], documents: Sequence[ApiDocument], files: Files, sources: SourceStore
) -> list[ReadFile]:
    """The files that have tests, with their calls in `documents`.

    Raises UserError where one cannot be read, or none has a test.
    """
    found: list[ReadFile] = []
    for path in paths:
        uri = uri_of(path)
        text = files.read(uri)
        if text is None:
            raise UserError(Message(f"{path} cannot be read.", f"{path} не читается."))
        read = read_file(path, sources.tests_of(uri, text, files), documents)
        if read.file.tests:
            found.append(read)
    if not found:
        raise SourceError(
            Message("There are no tests in these files.", "В этих файлах нет тестов.")
        )
    return found


def read_file(path: Path, file: TestFile, documents: Sequence[ApiDocument]) -> ReadFile:
    """`file` as read with its calls in `documents`."""
    understood = understand_file(file, documents, uri_of(path))
    operations = {
        (name, call): operation
        for name, each in understood.items()
        for call, operation in each.operations.items()
    }
    used = {each.document.uri: each.document for each in understood.values() if each.document}
    return ReadFile(path, file, operations, tuple(used.values()), is_ours(file.text))


def by_language(files: Iterable[ReadFile]) -> dict[SourceLanguage, list[ReadFile]]:
    """The files of each language, in the order in which they came."""
    found: dict[SourceLanguage, list[ReadFile]] = {}
    for each in files:
        found.setdefault(each.file.language, []).append(each)
    return found
