"""Putting test cases on disk: into a new file, or beside the tests that are there already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from urllib.parse import unquote

from pe4king_core.errors import RefusedError
from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, SecurityScheme
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.rendering.format import Format, RenderedFile
from pe4king_core.rendering.written import WrittenTests
from pe4king_server.actions.base import ActionContext
from pe4king_server.actions.kept import unsent
from pe4king_server.actions.presence import NamedCase, Presence, State, all_in, compare
from pe4king_server.actions.regenerating import Generated, completed, fixtures_around, regenerate
from pe4king_server.actions.styles import Place
from pe4king_server.files import folder_of, is_there, path_of
from pe4king_server.generating.making import Making
from pe4king_server.generating.names import tests_in
from pe4king_server.own_tests.evidence import is_ours

CHOOSE = Message(
    "Move it away, or choose another folder (pe4king.output, --out).",
    "Уберите его или выберите другую папку (pe4king.output, --out).",
)
_LONGEST_NAME = 120
"""Bytes of a file name; a file system takes 255, and tools add their own endings."""
_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")


class FileState(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One test file: what is done to it, and its cases."""

    uri: str
    state: FileState
    presence: Presence
    edits: tuple[FileEdit, ...] = ()
    parses: bool = False
    """Whether what is written was seen to be free of syntax errors."""
    differing: tuple[str, ...] = ()
    """What its tests share and it has with other words than it would have today."""


@dataclass(frozen=True)
class Written:
    """Test files in the order of their models, and the support files that are new."""

    files: tuple[WrittenFile, ...]
    support: tuple[FileEdit, ...] = ()
    lacking: tuple[str, ...] = ()
    """Fixtures that the tests need and the `conftest.py` that was there does not have."""
    unsent: tuple[str, ...] = ()
    """Variables of credentials that the support files that were there do not send."""

    @property
    def edits(self) -> tuple[FileEdit, ...]:
        """All edits: those of test files first."""
        return (*(edit for file in self.files for edit in file.edits), *self.support)

    @cached_property
    def added(self) -> tuple[NamedCase, ...]:
        """The cases whose tests are new."""
        return tuple(
            case for file in self.files for case in file.presence.those(State.NEW) if file.edits
        )


def schemes_of(document: ApiDocument) -> tuple[SecurityScheme, ...]:
    """Every security scheme that an operation uses, by name."""
    found = {
        scheme.name: scheme
        for operation in document.operations
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    return tuple(found[name] for name in sorted(found))


@dataclass(slots=True)
class Writer:
    """Puts one file after the other in its place; keeps texts and names, not the cases.

    Files that exist are never replaced: tests that they lack are added beside the others.
    """

    place: Place
    context: ActionContext
    making: Making
    files: list[WrittenFile] = field(default_factory=list)
    _paths: set[str] = field(default_factory=set)

    def write(self, made: WrittenTests) -> None:
        """What `made` needs; nothing where it has no cases."""
        if made.file is None:
            return
        rendered = self._with_free_name(made, made.file)
        uri = self.place.path(rendered.path)
        existing = self.context.files.read(uri)
        if existing is None and self.context.files.exists(uri):
            existing = self.context.files.read(uri)  # another command may have just written it
        if existing is None:
            require_free(uri, self.context)
            self._whole(uri, made, new_file(uri, rendered.text))
        elif not existing.strip():
            edit = Edit(Span(0, len(existing)), rendered.text)
            self._whole(uri, made, FileEdit(uri, (edit,), base=existing))
        else:
            self.files.append(self._beside(uri, made, rendered.text, existing))

    def _with_free_name(self, made: WrittenTests, file: RenderedFile) -> RenderedFile:
        """The file of `made`; groups whose names make one file name are numbered."""
        named, number = _named(file), 2
        while named.path.casefold() in self._paths:
            other = self.making.make(made.number, group=f"{made.group} {number}")
            named, number = _named(other.file or file), number + 1
        self._paths.add(named.path.casefold())
        return self._with_own_name(named)

    def _with_own_name(self, made: RenderedFile) -> RenderedFile:
        """The file by a name that pytest does not mix up with another test file.

        Without packages it knows a file by its name alone.
        """
        if self.place.format.language is not SourceLanguage.PYTHON or self.place.recognised.support:
            return made
        uri = self.place.path(made.path)
        if self.context.files.exists(uri) or not self._is_elsewhere(made.path):
            return made
        return replace(made, path=f"{made.path.removesuffix('.py')}_api.py")

    def _is_elsewhere(self, name: str) -> bool:
        """Whether a file of the user's, outside of our folder and of packages, is called `name`."""
        listing = self.context.files.list((".py",))
        same = [
            uri
            for uri in listing
            if unquote(uri.rpartition("/")[2]) == name and folder_of(uri) != self.place.folder
        ]
        return any(
            not self.context.files.exists(f"{folder_of(uri)}/__init__.py")
            and not is_ours(self.context.files.read(uri) or "")
            for uri in same
        )

    def _whole(self, uri: str, made: WrittenTests, edit: FileEdit) -> None:
        presence = all_in(made.cases, [case.name for case in made.cases], State.NEW)
        self.files.append(WrittenFile(uri, FileState.NEW, presence, (edit,), parses=made.parses))

    def _beside(self, uri: str, made: WrittenTests, rendered: str, existing: str) -> WrittenFile:
        """The cases of `made` that `existing` lacks, beside its tests."""
        language = self.place.format.language
        if existing == rendered:
            names = [name for name, _ in tests_in(rendered, language)]
            return WrittenFile(uri, FileState.UNCHANGED, all_in(made.cases, names, State.THERE))
        presence = compare(made.cases, rendered, existing, language)
        new = presence.those(State.NEW)
        file = Generated(uri, existing, rendered, lambda: self._model(made))
        wanted = [each.name for each in new]
        merged = regenerate(file, wanted, self.place.format, self.place.style, self.context)
        edits = merged.edits if merged is not None else self._alone(made, existing, presence)
        differing = () if merged is None else merged.differing
        if not edits:
            return WrittenFile(uri, FileState.UNCHANGED, presence, differing=differing)
        edit = FileEdit(uri, edits, base=existing)
        return WrittenFile(uri, FileState.CHANGED, presence, (edit,), differing=differing)

    def _model(self, made: WrittenTests) -> TestModel:
        cases = tuple(self.making.cases(made.number))
        return replace(self.making.head, group=made.group, cases=cases)

    def _alone(self, made: WrittenTests, existing: str, presence: Presence) -> tuple[Edit, ...]:
        """The tests that `existing` lacks, each with everything it needs inside."""
        states = [each.state for each in presence.cases]
        if State.NEW not in states:
            return ()
        from pe4king_core.testcode import read_tests

        cases = zip(self.making.cases(made.number), states, strict=True)
        new = [case for case, state in cases if state is State.NEW]
        file = read_tests(existing, self.place.format.language)
        return add_cases(file, new, self.place.format, self.place.style)[0]

    def finish(self, schemes: Sequence[SecurityScheme]) -> Written:
        """What was written, with the support files that the new tests need."""
        files = tuple(self.files)
        edits = [edit for file in files for edit in file.edits]
        if not edits:
            return Written(files)
        support: list[FileEdit] = []
        lacking: tuple[str, ...] = ()
        missing: tuple[str, ...] = ()
        for each in self._support(schemes):
            uri = self.place.path(each.path)
            if not self.context.files.exists(uri):
                support.append(new_file(uri, each.text))
            elif each.path == "conftest.py":
                lacking += _lacking(each.text, self.context.files.read(uri) or "", edits)
            elif each.path.endswith(".java"):
                base = self.context.files.read(uri) or ""
                more = completed(uri, base, each.text, edits, SourceLanguage.JAVA)
                support += [] if more is None else [more]
            if self.context.files.exists(uri) and self.place.style.own.support:
                missing += self._unsent(each, uri, schemes)
        return Written(files, tuple(support), lacking, tuple(dict.fromkeys(missing)))

    def _unsent(
        self, ours: RenderedFile, uri: str, schemes: Sequence[SecurityScheme]
    ) -> tuple[str, ...]:
        variables = self.place.recognised.variables
        names = {} if variables is None else variables.credentials
        return unsent(ours.text, self.context.files.read(uri) or "", schemes, names)

    def _support(self, schemes: Sequence[SecurityScheme]) -> Iterable[RenderedFile]:
        recognised, style = self.place.recognised, self.place.style
        yield from recognised.support
        if not style.own.support:
            return
        head, variables = self.making.head, recognised.variables
        if style.own.prefix:
            head = replace(head, base_url=_without_suffix(head.base_url, style.own.prefix))
        for each in self.place.format.support((head,), schemes, style):
            if each.path not in _BUILDS or recognised.project:
                yield each if variables is None else variables.put_into(each)


def _without_suffix(base_url: str, prefix: str) -> str:
    """The documented address without the path that tests write themselves."""
    stripped = base_url.rstrip("/")
    return stripped.removesuffix(prefix) if stripped.endswith(prefix) else base_url


def _lacking(ours: str, theirs: str, edits: Sequence[FileEdit]) -> tuple[str, ...]:
    """The fixtures of `ours` that `theirs` lacks and what is written asks for."""
    from pe4king_core.testcode import read_tests

    there = read_tests(theirs, SourceLanguage.PYTHON).fixtures
    written = [edit.text for file in edits for edit in file.edits]
    return tuple(
        name
        for name in sorted(read_tests(ours, SourceLanguage.PYTHON).fixtures - there)
        if any(re.search(rf"\(.*\b{name}\b.*\):", text) for text in written)
    )


def _named(rendered: RenderedFile) -> RenderedFile:
    """The file with a name that every file system takes; Java's names follow from the class."""
    folder, _, name = rendered.path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    if ending == "java" or len(name.encode()) <= _LONGEST_NAME:
        return rendered
    digest = hashlib.blake2b(stem.encode(), digest_size=4).hexdigest()
    kept = stem.encode()[: _LONGEST_NAME - len(ending) - 10].decode(errors="ignore")
    path = f"{folder}/{kept}_{digest}.{ending}".removeprefix("/")
    return replace(rendered, path=path)


def require_free(uri: str, context: ActionContext) -> None:
    """Raises RefusedError where a new file cannot be, and nobody would notice."""
    path = path_of(uri)
    if path is None:
        raise RefusedError(
            Message(
                "Tests can only be written into a folder on disk.",
                "Тесты можно записать только в папку на диске.",
            ),
            next_step=Message(
                "Save the document first, or open its folder.",
                "Сначала сохраните документ или откройте его папку.",
            ),
            code="output-nowhere",
        )
    # Only the first that is there can be in the way: what it lies in are folders.
    shown = next(filter(is_there, (path, *path.parents)), path)
    is_taken = is_there(shown) and not shown.is_dir()
    if context.files.exists(uri) or is_taken:
        shown = shown if is_taken else path
        raise RefusedError(
            Message(
                f"{shown} is in the way: it cannot be read as UTF-8 text.",
                f"Мешает {shown}: это не читается как текст UTF-8.",
            )
            if shown == path
            else Message(
                f"{shown} is in the way: it is a file, not a folder.",
                f"Мешает {shown}: это файл, а не папка.",
            ),
            next_step=CHOOSE,
            code="output-taken",
        )


def new_file(uri: str, text: str) -> FileEdit:
    """The edit that makes the file `uri`."""
    return FileEdit(uri, (Edit(Span(0, 0), text),), create=True)


def add_cases(
    file: TestFile, cases: Sequence[TestCase], chosen: Format, style: TestStyle
) -> tuple[tuple[Edit, ...], list[str]]:
    """Insertions that put the missing `cases` behind the last test of `file`, and their names."""
    from pe4king_core.weaving import insert_tests

    if not file.tests:
        raise RefusedError(
            Message(
                "The file for the generated tests exists and holds no test to put them beside.",
                "Файл для сгенерированных тестов уже есть, и в нём нет тестов, рядом с которыми "
                "их можно добавить.",
            ),
            next_step=CHOOSE,
        )
    uses_allure = any("allure" in name for name in file.imports)
    style = replace(style, allure=uses_allure, classes="." in file.tests[-1].qualified_name)
    present = {test.name for test in file.tests}
    rendered = [
        test
        for test in (chosen.render_case(case, style) for case in cases)
        if test.name not in present
    ]
    if not rendered:
        return (), []
    imports = frozenset().union(*(test.imports for test in rendered))
    blocks = [test.code for test in rendered]
    edits = insert_tests(file, file.tests[-1], blocks, imports)
    return edits, [test.name for test in rendered]


def fits(
    file: TestFile, uri: str, context: ActionContext, edits: Sequence[Edit], names: Sequence[str]
) -> bool:
    """Whether the tests `names`, put into `file` by `edits`, find there what they use."""
    if file.language is SourceLanguage.JAVA:
        return "extends BaseApiTest" in file.text
    from pe4king_core.testcode import read_tests

    after = read_tests(apply_edits(file.text, edits), file.language)
    used = {name for test in after.tests if test.name in names for name in test.parameters}
    return used <= _fixtures(file, uri, context)


def _fixtures(file: TestFile, uri: str, context: ActionContext) -> frozenset[str]:
    """The fixtures of a Python test file and of the `conftest.py` files around it."""
    return file.fixtures | fixtures_around(uri, context)
