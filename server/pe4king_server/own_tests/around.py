"""The test files of a workspace that talk to an API, and the files that they are led to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import language_of
from pe4king_server.actions.base import ActionContext
from pe4king_server.document_choice import distance
from pe4king_server.files import folder_of
from pe4king_server.own_tests.evidence import MOST_FILES, is_ours

_MOST_HELPERS = 40
_LONGEST = 100_000
_MOST_TEXT = 400_000
"""Characters of test files that are read."""
_CLIENT = re.compile(r"\b(?:httpx|requests|TestClient|restassured|aiohttp)\b")
_FEW = 8
_LOOKED_AT = 200
"""No more test files than this are looked into, the nearest first."""

_PYTHON_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+([^\n#]+)", re.M)
_JAVA_IMPORT = re.compile(r"^import[ \t]+(?:static[ \t]+)?([\w.]+)", re.M)
_ENDINGS = {SourceLanguage.PYTHON: ".py", SourceLanguage.JAVA: ".java"}


def calling_tests(
    document: ApiDocument, context: ActionContext, language: SourceLanguage, near: str
) -> list[str]:
    """The test files in which a path of `document` seems to stand, the nearest to `near` first.

    Where none does, the nearest of all: their paths, and all that sends, may stand in clients.
    """
    listing = context.files.list((_ENDINGS[language],))
    tests = [uri for uri in listing if language_of(uri) is language]
    tests.sort(key=lambda uri: (distance(uri, near), uri))
    words = {
        part
        for entry in document.entries
        for part in entry.path.split("/")
        if len(part) > 2 and part.replace("-", "").replace("_", "").isalnum()
    }
    found: list[str] = []
    others: list[str] = []
    rest: list[str] = []
    left = _MOST_TEXT
    for uri in tests[:_LOOKED_AT]:
        text = context.files.read(uri) or ""
        if len(text) <= _LONGEST and not is_ours(text):
            if words & set(re.findall(r"\w+", text)):
                found.append(uri)
                left -= len(text)
            elif _CLIENT.search(text):
                others.append(uri)
            else:
                rest.append(uri)
            if len(found) >= MOST_FILES or left < 0:
                break
    return found or others[:_FEW] or rest[:_FEW]


def texts_around(
    uris: Sequence[str], context: ActionContext, language: SourceLanguage
) -> dict[str, str]:
    """The texts of `uris` and of the files of the workspace that they lead to."""
    listing = context.files.list((_ENDINGS[language],))
    texts: dict[str, str] = {}
    waiting = list(uris)
    if language is SourceLanguage.PYTHON:
        waiting += _conftests(uris, listing)
    while waiting and len(texts) < _MOST_HELPERS:
        uri = waiting.pop(0)
        text = context.files.read(uri) if uri not in texts else None
        if text is None or len(text) > _LONGEST or is_ours(text):
            continue
        texts[uri] = text
        names = _imported(text, language)
        endings = tuple(f"/{name}" for name in names)
        waiting += [each for each in listing if each.endswith(endings)] if endings else []
        if language is SourceLanguage.JAVA:
            waiting += [each for each in listing if folder_of(each) == folder_of(uri)]
    return texts


def _conftests(uris: Sequence[str], listing: Sequence[str]) -> list[str]:
    """The conftest files that any of `uris` sees."""
    return [
        each
        for each in listing
        if each.endswith("/conftest.py")
        and any(uri.startswith(f"{folder_of(each)}/") for uri in uris)
    ]


def _imported(text: str, language: SourceLanguage) -> Iterator[str]:
    """The ends of the paths of what `text` imports."""
    if language is SourceLanguage.JAVA:
        for name in _JAVA_IMPORT.findall(text):
            parts = name.split(".")
            yield "/".join(parts) + ".java"
            yield "/".join(parts[:-1]) + ".java"
        return
    for module, names in _PYTHON_IMPORT.findall(text):
        listed = re.findall(r"\w+", names)
        modules = [module.lstrip(".")] if module else re.findall(r"[\w.]+", names)
        modules += [f"{module.lstrip('.')}.{name}".lstrip(".") for name in listed if module]
        for each in modules:
            if each:
                path = each.replace(".", "/")
                yield f"{path}.py"
                yield f"{path}/__init__.py"
