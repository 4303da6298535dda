"""`pe4king demo`: the whole way in a minute, with nothing faked.

The real server runs as a child over standard streams, a small editor talks LSP to it, and what
it writes is run against the bookstore service, a real HTTP server on loopback.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import Edit, Span
from pe4king_server.cli.bookstore import Bookstore, bookstore_folder
from pe4king_server.cli.demo_command import generate, prove_one
from pe4king_server.cli.editor import Editor
from pe4king_server.cli.output import Output
from pe4king_server.cli.run_tests import JavaTools, Outcome, find_java, run_junit, run_pytest
from pe4king_server.files import path_of, uri_of

SMOKE = "tests/test_smoke.py"
_PROVEN = "test_list_books"
_BULB = "/orders"
"""The operations below this path are generated with the light bulb."""
JAVA_SMOKE = "api-tests/src/test/java/SmokeTest.java"
_GENERATE = "pe4king.server.generateTests"
_ENHANCE = "pe4king.server.enhance"
_EXPLAIN = "pe4king.server.explain"


def demo(options: argparse.Namespace, output: Output) -> int:
    """Run the demo; exit code 1 where a test failed or none could be run."""
    started = time.monotonic()
    with _folder(options.keep) as folder, Bookstore() as service:
        story = _Story(output)
        story.step(
            Message(
                f"A bookstore answers at {service.base_url}",
                f"Книжный магазин отвечает по адресу {service.base_url}",
            )
        )
        _lay_out(folder)
        java = find_java()
        asyncio.run(_in_editor(folder, story, java=java is not None))
        outcomes = _run(folder, story, service, java)
        if options.keep:
            output.say(Message(f"The files are in {folder}", f"Файлы лежат в {folder}"), "dim")
    return _summary(outcomes, output, time.monotonic() - started)


class _Story:
    """What the demo tells: numbered steps, and results below them."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self._number = 0

    def step(self, message: Message) -> None:
        """The next step."""
        self._number += 1
        self.output.line()
        self.output.line(f"{self._number}. {message.text(self.output.language)}", "bold cyan")

    def result(self, text: str, style: str = "green") -> None:
        """What came of it."""
        self.output.line(f"   {text}", style)


@contextlib.contextmanager
def _folder(kept: str | None) -> Iterator[Path]:
    if kept is not None:
        folder = Path(kept).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UserError(
                Message(f"{folder} is not empty.", f"Папка {folder} не пуста."),
                next_step=Message("Name a new folder.", "Укажите новую папку."),
                code="demo-folder",
            )
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="pe4king-demo-") as name:
        yield Path(name).resolve()


def _lay_out(folder: Path) -> None:
    """The workspace as a tester has it: a document and a few hurried tests."""
    source = bookstore_folder()
    shutil.copy(source / "openapi.yaml", folder / "openapi.yaml")
    for name, target in (
        (SMOKE, SMOKE),
        ("tests/java/SmokeTest.java", JAVA_SMOKE),
    ):
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, folder / target)


async def _in_editor(folder: Path, story: _Story, *, java: bool) -> None:
    editor = Editor(folder, story.output.language, {"format": "pytest"})
    await editor.start()
    try:
        document = editor.open(folder / "openapi.yaml")
        await _generate(editor, document, story)
        _generate_more(folder, story, "--format pytest")
        await asyncio.to_thread(_prove, folder, story)
        await _enhance(editor, folder / SMOKE, "def test_", story)
        await asyncio.to_thread(_prove, folder, story)
        await _explain(editor, folder / SMOKE, story)
        if java:
            _generate_more(folder, story, "--format junit-restassured --tag orders")
            await _enhance(editor, folder / JAVA_SMOKE, "@Test", story)
    finally:
        await editor.stop()


async def _generate(editor: Editor, document: str, story: _Story) -> None:
    """Choose "Generate tests" on some operations, as a user would with the light bulb."""
    story.step(
        Message(
            "Light bulb on operations of the document: Generate tests",
            "Лампочка на операциях документа: «Сгенерировать тесты»",
        )
    )
    from pe4king_core.openapi import index

    text = _text(editor.folder / "openapi.yaml")
    for operation in (each for each in index(text) if each.path.startswith(_BULB)):
        actions = await editor.actions(document, operation.name_span.start)
        result = await editor.run(actions[_GENERATE])
        story.result(str(result.get("message", "")))
    editor.messages.clear()


def _generate_more(folder: Path, story: _Story, options: str) -> None:
    """Many operations at once, at the command line."""
    given = f"openapi.yaml {options}"
    command = f"pe4king generate {given}"
    story.step(Message(f"At the command line: {command}", f"В командной строке: {command}"))
    for line in generate(folder, given.split(), story.output.language):
        story.result(line)


def _prove(folder: Path, story: _Story) -> None:
    """What a test is worth: on a server that does what the document says, and on broken ones."""
    story.step(
        Message(
            f"What is it worth? pe4king prove {SMOKE} --test {_PROVEN}",
            f"Чего он стоит? pe4king prove {SMOKE} --test {_PROVEN}",
        )
    )
    proven = prove_one(folder, SMOKE, _PROVEN, story.output.language)
    story.result(f"{_PROVEN}: {proven.line(story.output.language)}", "bold")
    for fault, check in proven.survivors:
        story.result(fault, "yellow")
        story.result(f"  → {check}")


async def _enhance(editor: Editor, path: Path, needle: str, story: _Story) -> None:
    """Choose "Enhance with AI" on a hand-written test and show what changes."""
    story.step(
        Message(
            f"Light bulb on a hand-written test: Enhance with AI ({path.name})",
            f"Лампочка на написанном вручную тесте: «Улучшить с помощью AI» ({path.name})",
        )
    )
    before = _text(path)
    uri = editor.open(path)
    actions = await editor.actions(uri, before.index(needle))
    await editor.run(actions[_ENHANCE])
    after = _text(path)
    story.output.diff(FileEdit(uri, (Edit(Span(0, len(before)), after),), base=before))
    for message in editor.messages:
        story.result(message)
    editor.messages.clear()


async def _explain(editor: Editor, path: Path, story: _Story) -> None:
    """Choose "Explain" on the same test."""
    story.step(Message("The same test: Explain", "Тот же тест: «Объяснить тест»"))
    text = _text(path)
    actions = await editor.actions(uri_of(path), text.index("def test_"))
    await editor.run(actions[_EXPLAIN])
    shown = path_of(editor.shown[-1]) if editor.shown else None
    if shown is not None:
        story.output.markdown(_text(shown))
    editor.messages.clear()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _run(folder: Path, story: _Story, service: Bookstore, java: JavaTools | None) -> list[Outcome]:
    """Run everything that was written against the service."""
    story.step(Message("Run the tests against the bookstore", "Запуск тестов на книжном магазине"))
    outcomes = [run_pytest(folder, service.environment)]
    story.result(outcomes[0].line(story.output.language))
    if java is None:
        text = Message(
            "JUnit: left out, because no JDK 17 and Maven were found here.",
            "JUnit: пропущено, потому что JDK 17 и Maven здесь не найдены.",
        )
        story.result(text.text(story.output.language), "yellow")
        return outcomes
    outcomes.append(run_junit(folder / "api-tests", service.environment, java))
    story.result(outcomes[-1].line(story.output.language))
    return outcomes


def _summary(outcomes: list[Outcome], output: Output, seconds: float) -> int:
    output.line()
    for outcome in outcomes:
        if outcome.failed or not outcome.passed:
            output.line(outcome.log, "red")
    output.say(
        Message(
            "Every test was written by rules from the document, through real LSP messages and "
            f"commands, and run against a real HTTP server ({seconds:.0f} s).",
            "Все тесты написаны по правилам из документа, через настоящие сообщения LSP и "
            f"команды, и запущены на настоящем HTTP-сервере ({seconds:.0f} с).",
        ),
        "dim",
    )
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    if failed:
        output.line(f"{failed} failed, {passed} passed", "bold red")
        return 1
    output.line(f"{passed} passed", "bold green")
    return 0 if all(outcome.passed for outcome in outcomes) else 1
