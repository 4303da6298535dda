"""Everything that a test file, or a folder of tests, runs with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level
from pe4king_server.environment.base_url import find_base_url
from pe4king_server.environment.java import find_jdk, find_project
from pe4king_server.environment.look import Look, is_file, is_folder
from pe4king_server.environment.model import (
    BaseUrl,
    Environment,
    JavaProject,
    Jdk,
    NotChecked,
    PythonEnvironment,
)
from pe4king_server.environment.python import find_python
from pe4king_server.files import Files, path_of
from pe4king_server.settings import Settings

_RUN = (Level.PASSES, Level.KILLS)
_ALL = (Level.RESOLVES, *_RUN)


def environment_of(
    uri: str, files: Files, settings: Settings, environ: Mapping[str, str], home: Path
) -> Environment:
    """What the tests in the file or folder `uri` run with. Nothing is run, nobody is contacted.

    What is missing is in `not_checked`, with what depends on it.
    """
    from pe4king_core.testcode import language_of

    path = path_of(uri)
    if path is None:
        return Environment(uri, not_checked=(NotChecked(_ALL, _NOT_ON_DISK),))
    path = Path(os.path.normpath(path.absolute()))
    language = language_of(uri)
    file = None if is_folder(path) else path
    folder = path if file is None else path.parent
    look = Look(files, environ, home)
    python = project = jdk = None
    if language is not SourceLanguage.PYTHON:
        project = find_project(look, folder)
    if language is not SourceLanguage.JAVA and (language or project is None or _is_python(folder)):
        python = find_python(look, folder, settings.python)
    if language is SourceLanguage.JAVA or project is not None:
        jdk = find_jdk(look)
    base_url = find_base_url(look, file, folder, language, settings.base_url)
    text = look.text(file) if file is not None else None
    missing = [*_missing(language, python, project, jdk, text or ""), *_without_url(base_url)]
    return Environment(uri, language, python, project, jdk, base_url, tuple(missing), look.problems)


_NOT_ON_DISK = Message(
    "The file is not on the disk, so no environment can be found for it.",
    "Файла нет на диске, поэтому окружение для него не найти.",
)
_PYTHON_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "conftest.py")


def _is_python(folder: Path) -> bool:
    return any(is_file(folder / name) for name in (*_PYTHON_FILES, "requirements.txt", "Pipfile"))


def _missing(
    language: SourceLanguage | None,
    python: PythonEnvironment | None,
    project: JavaProject | None,
    jdk: Jdk | None,
    text: str,
) -> Iterator[NotChecked]:
    if language is SourceLanguage.JAVA or (language is None and project is not None):
        yield from _missing_for_java(project, jdk)
    if language is SourceLanguage.PYTHON or (language is None and project is None):
        yield from _missing_for_python(python, text)


def _missing_for_python(python: PythonEnvironment | None, text: str) -> Iterator[NotChecked]:
    if python is None:
        yield NotChecked(
            _ALL,
            Message(
                "There is no Python interpreter: make a .venv, or name one "
                "(pe4king.python, or the variable PE4KING_PYTHON on the command line).",
                "Нет интерпретатора Python: создайте .venv или укажите его "
                "(pe4king.python, в командной строке переменная PE4KING_PYTHON).",
            ),
        )
        return
    used = [name for name in ("httpx", "requests") if f"import {name}" in text]
    for name in (*used, "pytest"):
        if python.package(name) is None:
            levels = _RUN if name == "pytest" else _ALL
            yield NotChecked(
                levels,
                Message(
                    f"{name} was not found among the packages of {python.interpreter}.",
                    f"{name} не найден среди пакетов {python.interpreter}.",
                ),
            )


def _missing_for_java(project: JavaProject | None, jdk: Jdk | None) -> Iterator[NotChecked]:
    if project is None:
        yield NotChecked(
            _ALL,
            Message(
                "There is no Maven or Gradle project around the test.",
                "Вокруг теста нет проекта Maven или Gradle.",
            ),
        )
    elif project.wrapper is None and project.program is None:
        yield NotChecked(
            _ALL,
            Message(
                f"The class path is not known: {project.tool} is neither on the PATH nor does the "
                "project have its wrapper.",
                f"Class path неизвестен: {project.tool} нет ни в PATH, ни в виде wrapper "
                "в проекте.",
            ),
        )
    if jdk is None or not jdk.compiler:
        yield NotChecked(
            _ALL,
            Message(
                "There is no JDK: neither JAVA_HOME nor the PATH leads to javac.",
                "Нет JDK: ни JAVA_HOME, ни PATH не ведут к javac.",
            ),
        )


def _without_url(base_url: BaseUrl | None) -> Iterator[NotChecked]:
    if base_url is None:
        yield NotChecked(
            _RUN,
            Message(
                "The address of the API is not known: set pe4king.baseUrl.",
                "Адрес API неизвестен: задайте pe4king.baseUrl.",
            ),
        )
