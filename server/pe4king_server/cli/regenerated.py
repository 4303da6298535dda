"""What `pe4king generate` tells of generated files that were there before."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_server.actions.base import ActionContext, counted, plural
from pe4king_server.actions.generate import Generated
from pe4king_server.cli.output import Output, shown_path
from pe4king_server.files import is_below
from pe4king_server.generating.names import tests_in
from pe4king_server.own_tests.evidence import is_ours

_ENDINGS = {SourceLanguage.PYTHON: (".py",), SourceLanguage.JAVA: (".java",)}
_HEAD = 20_000
"""Characters at the start of a file in which it says what it is; Java's imports are before that."""


def tell_differing(made: Generated, output: Output, *, verbose: bool) -> None:
    """Helpers, fixtures and payloads that differ from those of today: tests use the file's."""
    found = [(shown_path(file.uri), name) for file in made.written.files for name in file.differing]
    if not found:
        return
    hint = (
        Message("", "") if verbose else Message(" (--verbose names them)", " (список: --verbose)")
    )
    shown = plural(len(found), "общее определение", "общих определения", "общих определений")
    output.say(
        Message(
            f"Shared by tests and not as they would be written today (edited, or the document "
            f"has changed): {counted(len(found), 'definition')}; tests use yours{hint.en}",
            f"Отличается от того, что было бы написано сегодня (правка или изменился документ): "
            f"{shown}; тесты используют ваши{hint.ru}",
        ),
        "yellow",
    )
    for path, name in found if verbose else ():
        output.line(f"  {path}: {name}")


def orphans(made: Generated, title: str, context: ActionContext) -> Iterator[tuple[str, str]]:
    """File and name of every test in files of the folder that no tag of the document writes.

    `title` is the document's: tests of another one may be in the same folder.
    """
    written = {file.uri for file in made.written.files}
    language = made.place.format.language
    for uri in context.files.list(_ENDINGS[language]):
        if uri in written or not is_below(uri, made.place.folder):
            continue
        text = context.files.read(uri) or ""
        if is_ours(text) and title in " ".join(text[:_HEAD].replace("*", " ").split()):
            for name, _ in tests_in(text, language):
                yield shown_path(uri), name
