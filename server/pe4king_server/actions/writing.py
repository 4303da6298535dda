"""Putting test cases on disk: into a new file, or beside the tests that are there already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pe4king_core.errors import RefusedError
from pe4king_core.generation.names import without_collisions
from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, SecurityScheme
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Edit, Span, apply_edits
from pe4king_core.rendering.format import Format, RenderedFile
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import folder_of, is_below, is_there, join_uri, path_of
from pe4king_server.settings import AUTO, SettingsError

_JAVA_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")

_CHOOSE = Message(
    "Move it away, or choose another folder (pe4king.output).",
    "Уберите его или выберите другую папку (pe4king.output).",
)
_LONGEST_NAME = 120
"""Bytes of a file name; a file system takes 255, and tools add their own endings."""


@dataclass(frozen=True, slots=True)
class Written:
    """Edits that write cases; `added` names the tests that are new, `uri` the file they are in."""

    edits: tuple[FileEdit, ...]
    added: tuple[str, ...]
    uri: str
    lacking: tuple[str, ...] = ()
    """Fixtures that the tests need and the `conftest.py` that was there does not have."""


def chosen_format(context: ActionContext) -> Format:
    """The configured format; `auto` is Java where the workspace is built by Maven or Gradle.

    Raises SettingsError for a name that no format has.
    """
    known = formats()
    name = context.settings.format
    if name == AUTO:
        java = any(
            context.files.exists(join_uri(root, build))
            for root in context.files.roots
            for build in _JAVA_BUILDS
        )
        name = "junit-restassured" if java else "pytest"
    if name not in known:
        raise SettingsError(
            Message(f"There is no format {name}.", f"Формата {name} нет."),
            next_step=Message(
                f"Use one of: {', '.join(known)}.", f"Допустимо: {', '.join(known)}."
            ),
        )
    return known[name]


def style_of(context: ActionContext) -> TestStyle:
    """The style that the settings ask for."""
    settings = context.settings
    return TestStyle(settings.client, package=settings.package, allure=settings.allure)


def schemes_of(document: ApiDocument) -> tuple[SecurityScheme, ...]:
    """Every security scheme that an operation uses, by name."""
    found = {
        scheme.name: scheme
        for operation in document.operations
        for requirement in operation.security
        for scheme in requirement.schemes
    }
    return tuple(found[name] for name in sorted(found))


def write_models(
    models: Sequence[TestModel], document: ApiDocument, context: ActionContext, folder: str
) -> Written:
    """Files for `models` and their support below `folder`.

    Files that exist are never replaced: tests that they lack are added beside the others.
    """
    chosen, style = chosen_format(context), style_of(context)
    edits: list[FileEdit] = []
    added: list[str] = []
    first = ""
    for model, rendered in _rendered(models, chosen, style):
        uri = join_uri(folder, rendered.path)
        first = first or uri
        existing = context.files.read(uri)
        if existing is None and context.files.exists(uri):
            existing = context.files.read(uri)  # another command may have just written it
        if existing is None:
            _require_free(uri, context)
            edits.append(_new_file(uri, rendered))
            added += [case.name for case in model.cases]
            continue
        if not existing.strip():
            whole = Edit(Span(0, len(existing)), rendered.text)
            edits.append(FileEdit(uri, (whole,), base=existing))
            added += [case.name for case in model.cases]
            continue
        edit, names = _beside(existing, uri, model, chosen, style)
        edits += edit
        added += names
    lacking: tuple[str, ...] = ()
    if added:
        for support in chosen.support(models, schemes_of(document), style):
            uri = join_uri(folder, support.path)
            if not context.files.exists(uri):
                edits.append(_new_file(uri, support))
            elif chosen.language is SourceLanguage.PYTHON:
                lacking += _lacking(support.text, context.files.read(uri) or "", edits)
    return Written(tuple(edits), tuple(added), first, lacking)


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


def _rendered(
    models: Sequence[TestModel], chosen: Format, style: TestStyle
) -> list[tuple[TestModel, RenderedFile]]:
    """Each file with its model; groups whose names make one file name are one file."""
    made: dict[str, tuple[TestModel, RenderedFile]] = {}
    for model in models:
        rendered = chosen.render(model, style)
        name = rendered.path.casefold()
        if name in made:
            before = made[name][0]
            cases = without_collisions((*before.cases, *model.cases))
            both = replace(before, cases=tuple(cases))
            made[name] = (both, chosen.render(both, style))
        else:
            made[name] = (model, rendered)
    return [(model, _named(rendered)) for model, rendered in made.values()]


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


def _require_free(uri: str, context: ActionContext) -> None:
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
    taken = [each for each in (path, *path.parents) if is_there(each) and not each.is_dir()]
    if context.files.exists(uri) or taken:
        shown = taken[0] if taken else path
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
            next_step=_CHOOSE,
            code="output-taken",
        )


def _new_file(uri: str, rendered: RenderedFile) -> FileEdit:
    return FileEdit(uri, (Edit(Span(0, 0), rendered.text),), create=True)


def _beside(
    text: str, uri: str, model: TestModel, chosen: Format, style: TestStyle
) -> tuple[list[FileEdit], list[str]]:
    """Edits that add the cases of `model` whose tests `text` does not have."""
    from pe4king_core.testcode import read_tests

    file = read_tests(text, chosen.language)
    edits, names = add_cases(file, model.cases, chosen, style)
    return ([FileEdit(uri, edits, base=text)] if edits else []), names


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
            next_step=_CHOOSE,
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
    from pe4king_core.testcode import read_tests

    found = file.fixtures
    folder = folder_of(uri)
    while any(is_below(f"{folder}/conftest.py", root) for root in context.files.roots):
        conftest = context.files.read(f"{folder}/conftest.py")
        if conftest is not None:
            found |= read_tests(conftest, SourceLanguage.PYTHON).fixtures
        folder = folder_of(folder)
    return found


def in_language_of(uri: str, context: ActionContext) -> ActionContext:
    """`context` where the format that nobody chose is that of the test file `uri`."""
    from pe4king_core.testcode import language_of

    if context.settings.format != AUTO or language_of(uri) is None:
        return context
    java = language_of(uri) is SourceLanguage.JAVA
    chosen = "junit-restassured" if java else "pytest"
    return replace(context, settings=replace(context.settings, format=chosen))
