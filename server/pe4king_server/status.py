"""What Pe4King found for a test file or a folder: its document, and what its tests run with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pe4king_core.errors import DocumentError, UserError
from pe4king_core.model.message import Message
from pe4king_server.environment import Environment, environment_of
from pe4king_server.environment.model import JavaProject, PythonEnvironment
from pe4king_server.files import Files, uri_of
from pe4king_server.settings import Settings
from pe4king_server.sources.store import SourceStore

if TYPE_CHECKING:
    from pe4king_server.documents import DocumentStore


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """The document of a test file and how many of its calls are in it; for a folder, all documents.

    `problems` say for each call that is in none why, each once; `error` says why there is no
    document at all.
    """

    found: tuple[str, ...] = ()
    chosen: str | None = None
    calls: int = 0
    matched: int = 0
    problems: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that was found."""

    environment: Environment
    documents: DocumentStatus


def status_of(
    uri: str,
    files: Files,
    store: DocumentStore,
    sources: SourceStore,
    settings: Settings,
    environ: Mapping[str, str],
    home: Path,
) -> Status:
    """What was found for the tests in the file or folder `uri`; nothing is run or contacted."""
    environment = environment_of(uri, files, settings, environ, home)
    return Status(environment, _documents(uri, files, store, sources, settings))


def _documents(
    uri: str, files: Files, store: DocumentStore, sources: SourceStore, settings: Settings
) -> DocumentStatus:
    from pe4king_core.testcode import language_of
    from pe4king_server.document_choice import understand_file

    try:
        documents = store.find(files, settings.document, uri)
    except DocumentError as error:
        return DocumentStatus(error=error)
    found = tuple(document.uri for document in documents)
    text = files.read(uri) if language_of(uri) is not None else None
    if text is None:
        return DocumentStatus(found)
    file = sources.tests_of(uri, text, files)
    understood = understand_file(file, documents, uri)
    results = [understood[test.qualified_name] for test in file.tests]
    problems = [
        Message(f"{test.name}: {problem.en}", f"{test.name}: {problem.ru}")
        for test, result in zip(file.tests, results, strict=True)
        for problem in result.problems.values()
    ]
    return DocumentStatus(
        found,
        next((each.document.uri for each in results if each.document is not None), None),
        sum(len(test.calls) for test in file.tests),
        sum(len(result.operations) for result in results),
        tuple(dict.fromkeys(problems)),
        tuple(dict.fromkeys(note for result in results for note in result.notes)),
    )


Shown = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what is shown: what, which, and where it was found."""

    what: Message
    value: Message
    origin: Message = Message("", "")


_NONE = Message("not found", "не найдено")


def rows(status: Status, shown: Shown) -> Iterator[Row]:
    """The lines of a status; `shown` is what a file (a URI) is called for the user."""

    def file(path: Path) -> str:
        return shown(uri_of(path))

    yield from _document_rows(status.documents, shown)
    environment = status.environment
    if environment.python is not None:
        python = environment.python
        yield Row(
            _same("Python"),
            _same(f"{file(python.interpreter)} {python.version}".strip()),
            python.origin,
        )
        listed = ", ".join(f"{each.name} {each.version}" for each in python.packages)
        yield Row(Message("packages", "пакеты"), _same(listed) if listed else _NONE)
    if environment.java is not None:
        project = environment.java
        start = project.wrapper or project.program
        tool = f"{project.tool} ({file(start)})" if start else project.tool
        yield Row(
            Message("build", "сборка"),
            _same(tool),
            _same(file(project.file)),
        )
        listed = ", ".join(f"{each.name} {each.version}".strip() for each in project.libraries)
        yield Row(Message("libraries", "библиотеки"), _same(listed) if listed else _NONE)
    if environment.jdk is not None:
        jdk = environment.jdk
        yield Row(
            _same("JDK" if jdk.compiler else "Java"),
            _same(f"{file(jdk.home)} {jdk.version}".strip()),
            jdk.origin,
        )
    url = environment.base_url
    yield Row(
        Message("API address", "адрес API"),
        _NONE if url is None else _same(url.shown),
        Message("", "") if url is None else url.origin,
    )


def _document_rows(documents: DocumentStatus, shown: Shown) -> Iterator[Row]:
    what = Message("document", "документ")
    if documents.error is not None:
        yield Row(what, _NONE, documents.error.message)
        return
    if documents.calls:
        chosen = None if documents.chosen is None else shown(documents.chosen)
        yield Row(
            what,
            _NONE if chosen is None else _same(chosen),
            Message(
                f"calls in it: {documents.matched} of {documents.calls}",
                f"вызовов в нём: {documents.matched} из {documents.calls}",
            ),
        )
        return
    for uri in documents.found:
        yield Row(what, _same(shown(uri)))


def remarks(status: Status) -> Iterator[Message]:
    """What cannot be checked and why, what could not be read, which calls are in no document."""
    for each in status.environment.not_checked:
        levels = ", ".join(each.levels)
        yield Message(
            f"not checked ({levels}): {each.reason.en}",
            f"не проверяется ({levels}): {each.reason.ru}",
        )
    yield from status.environment.problems
    yield from status.documents.notes
    yield from status.documents.problems


def markdown(status: Status, shown: Shown, language: str) -> str:
    """The status as a document for an editor."""
    lines = []
    for row in rows(status, shown):
        origin = row.origin.text(language)
        where = f" — {origin}" if origin else ""
        lines.append(f"- **{row.what.text(language)}**: {row.value.text(language)}{where}")
    told = [f"- {each.text(language)}" for each in remarks(status)]
    return "\n".join((*lines, "", *told)).strip() + "\n"


def as_json(status: Status, language: str) -> dict[str, object]:
    """The status for programs; docs/environment.md describes the fields."""
    environment, documents = status.environment, status.documents
    jdk, url = environment.jdk, environment.base_url
    return {
        "uri": environment.uri,
        "language": None if environment.language is None else str(environment.language),
        "documents": {
            "found": list(documents.found),
            "chosen": documents.chosen,
            "calls": documents.calls,
            "matched": documents.matched,
            "problems": [each.text(language) for each in documents.problems],
            "notes": [each.text(language) for each in documents.notes],
            "error": None if documents.error is None else documents.error.text(language),
        },
        "python": _python_json(environment.python, language),
        "java": _java_json(environment.java),
        "jdk": None
        if jdk is None
        else {
            "home": str(jdk.home),
            "origin": jdk.origin.text(language),
            "version": jdk.version or None,
            "compiler": jdk.compiler,
        },
        "baseUrl": None
        if url is None
        else {"value": url.shown, "origin": url.origin.text(language)},
        "notChecked": [
            {"levels": list(each.levels), "reason": each.reason.text(language)}
            for each in environment.not_checked
        ],
        "problems": [each.text(language) for each in environment.problems],
    }


def _python_json(python: PythonEnvironment | None, language: str) -> dict[str, object] | None:
    if python is None:
        return None
    return {
        "interpreter": str(python.interpreter),
        "manager": python.manager,
        "origin": python.origin.text(language),
        "version": python.version or None,
        "packages": {each.name: each.version for each in python.packages},
    }


def _java_json(java: JavaProject | None) -> dict[str, object] | None:
    if java is None:
        return None
    return {
        "tool": java.tool,
        "file": str(java.file),
        "root": str(java.root),
        "wrapper": _path(java.wrapper),
        "program": _path(java.program),
        "libraries": [
            {
                "group": each.group,
                "name": each.name,
                "version": each.version or None,
                "jar": _path(each.jar),
            }
            for each in java.libraries
        ],
        "classes": [str(each) for each in java.classes],
    }


def _same(text: str) -> Message:
    """A name, a path or a number: the same in both languages."""
    return Message(text, text)


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)
