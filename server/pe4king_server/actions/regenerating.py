"""Tests that a generated file lacks, put into it; what is there stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pe4king_core.errors import RefusedError
from pe4king_core.model.case import TestModel, TestStyle
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.format import Format
from pe4king_core.rendering.java.imports import OWN_METHODS
from pe4king_core.weaving.definitions import Kind, Outline
from pe4king_core.weaving.merging import Merged, merge, outline
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import folder_of, is_below, path_of
from pe4king_server.own_tests.evidence import is_ours

_REPAIR = Message("Repair it, or move the file away.", "Исправьте её или уберите файл.")


@dataclass(frozen=True, slots=True)
class Generated:
    """A generated file as it is, and what it would be today."""

    uri: str
    existing: str
    rendered: str
    model: Callable[[], TestModel]
    """The model of `rendered`; asked for only where the file has another style."""


def regenerate(
    file: Generated,
    wanted: Sequence[str],
    format: Format,
    style: TestStyle,
    context: ActionContext,
) -> Merged | None:
    """What puts the tests `wanted` into `file`; None where it is not a file of ours, or lacks
    what they need. Raises RefusedError where it has syntax errors."""
    theirs = _outline(file.uri, file.existing, format.language)
    rendered = file.rendered
    adapted = _style_of(theirs, style, format.language)
    if adapted != style:
        rendered = format.render(file.model(), adapted).text
    ours = outline(rendered, format.language)
    if not is_ours(file.existing) and not _shares(theirs, ours):
        return None
    python = format.language is SourceLanguage.PYTHON
    around = fixtures_around(file.uri, context) if python else frozenset[str]()
    merged = merge(file.existing, rendered, wanted, format.language, around)
    return None if merged.unserved else merged


def completed(
    uri: str, existing: str, ours: str, edits: Iterable[FileEdit], language: SourceLanguage
) -> FileEdit | None:
    """What puts the methods into a base class of ours that `edits` call and it does not have.

    An earlier release wrote it with fewer. Raises RefusedError where it has syntax errors.
    """
    written = [edit.text for file in edits for edit in file.edits]
    called = sorted(
        name for name in OWN_METHODS if any(re.search(rf"\b{name}\(", text) for text in written)
    )
    there = _outline(uri, existing, language)
    known = {each.name for each in there.definitions}
    lacking = [name for name in called if name not in known]
    if not lacking or not there.definitions:
        return None
    found = merge(existing, ours, lacking, language).edits
    return FileEdit(uri, found, base=existing) if found else None


def fixtures_around(uri: str, context: ActionContext) -> frozenset[str]:
    """The fixtures of the `conftest.py` files that a test file at `uri` sees."""
    from pe4king_core.testcode import read_tests

    found: frozenset[str] = frozenset()
    folder = folder_of(uri)
    while any(is_below(f"{folder}/conftest.py", root) for root in context.files.roots):
        conftest = context.files.read(f"{folder}/conftest.py")
        if conftest is not None:
            found |= read_tests(conftest, SourceLanguage.PYTHON).fixtures
        folder = folder_of(folder)
    return found


def _outline(uri: str, text: str, language: SourceLanguage) -> Outline:
    try:
        return outline(text, language)
    except RefusedError as error:
        path = path_of(uri)
        shown = uri if path is None else f"{path.parent.name}/{path.name}"
        told = Message(f"{shown}: {error.message.en}", f"{shown}: {error.message.ru}")
        raise RefusedError(told, next_step=_REPAIR, code=error.code) from error


def _style_of(theirs: Outline, style: TestStyle, language: SourceLanguage) -> TestStyle:
    """`style` as the tests that are there have it: labels, functions or methods."""
    tests = [each for each in theirs.definitions if each.kind is Kind.TEST]
    if not tests:
        return style
    allure = any("allure" in name for name in theirs.imports.values())
    python = language is SourceLanguage.PYTHON
    return replace(style, allure=allure, classes=bool(tests[-1].room) if python else style.classes)


def _shares(theirs: Outline, ours: Outline) -> bool:
    """Whether both have something that tests share."""
    known = {each.content for each in theirs.definitions if each.kind is Kind.HELPER}
    return any(each.kind is Kind.HELPER and each.content in known for each in ours.definitions)
