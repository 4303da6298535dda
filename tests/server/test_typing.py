"""While somebody types in a large document: answers are for what stood there, work is small."""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.model.text import Edit, LineTable, Span, edit_between
from pe4king_core.openapi import index
from pe4king_server.document_texts import DocumentTexts, PlainText
from pe4king_server.documents import DocumentStore
from pe4king_server.features.targets import Places
from pe4king_server.lsp.documents import Snapshot
from pe4king_server.reading.process import JOBS, OutdatedError, ReaderProcess
from pe4king_server.recent import Recent
from tests.lsp_kit.plain import PlainEditor

CANCELLED = -32800
URI = "file:///w/openapi.json"
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def document(operations: int, **more: object) -> str:
    paths = {
        f"/a{number}": {"get": {"summary": "я", "responses": {"200": {"description": "😀"}}}}
        for number in range(operations)
    }
    api = {"openapi": "3.0.3", "info": {"title": "X", "version": "1"}, "paths": paths, **more}
    return json.dumps(api, indent=2, ensure_ascii=False)


def github(specs: Path) -> str:
    return (specs / "large" / "github-api.json").read_text(encoding="utf-8")


class Typist:
    """Types line breaks above a cursor that stays on its line, and asks for a menu after each."""

    def __init__(self, editor: PlainEditor, uri: str, text: str) -> None:
        self._editor = editor
        self._uri = uri
        self._table = LineTable(text)
        self._operations = index(text)
        self._version = 1
        self.line = self._line_of(len(self._operations) // 2) + 1

    def _line_of(self, number: int) -> int:
        return self._table.line_of(self._operations[number].name_span.start)

    def type(self) -> int:
        """The menu that was asked for after one more line break."""
        above = self._line_of(0)
        place = {"line": above, "character": 0}
        self._version += 1
        change = {"range": {"start": place, "end": place}, "text": "\n"}
        self._editor.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self._uri, "version": self._version},
                "contentChanges": [change],
            },
        )
        return self._editor.start_menu(self._uri, self.line)

    def expected(self, typed: int) -> str | None:
        """What stands on the line of the cursor after so many line breaks."""
        offset = self._table.line_span(self.line - typed).start
        found = [each for each in self._operations if each.span.contains(offset)]
        return f"{found[-1].method} {found[-1].path}" if found else None


def check_typing(folder: Path, text: str) -> None:
    """50 characters with a menu after each, none waited for: none names another operation."""
    (folder / "openapi.json").write_text(text, encoding="utf-8")
    with PlainEditor() as ed:
        ed.start(folder)
        uri = ed.open(folder / "openapi.json")
        typist = Typist(ed, uri, text)
        assert named(ed.menu(uri, typist.line, 60)) == typist.expected(0)
        menus = [typist.type() for _ in range(50)]
        answers = [ed.answer(menu, 60) for menu in menus]
        for typed, answer in enumerate(answers, 1):
            if "error" in answer:
                assert answer["error"]["code"] == CANCELLED
            else:
                assert named(answer["result"]) == typist.expected(typed)
        assert "result" in answers[-1]
        assert typist.expected(50) != typist.expected(0)
        assert "Traceback" not in ed.stderr


def named(actions: object) -> str | None:
    """The one operation that the actions of a menu are for."""
    assert isinstance(actions, list)
    names = {action["command"]["arguments"][0]["operation"] for action in actions}
    assert len(names) <= 1
    return names.pop() if names else None


def test_menus_are_for_the_text_as_it_was_when_they_were_asked_for(tmp_path: Path) -> None:
    check_typing(tmp_path, document(3000))


@pytest.mark.slow
def test_menus_in_the_largest_document(tmp_path: Path, shared_specs: Path) -> None:
    check_typing(tmp_path, github(shared_specs))


class Watched(ReaderProcess):
    """Notes which jobs the child was given, and how long their texts were."""

    def __init__(self) -> None:
        super().__init__(jobs={**JOBS, "die": "os:abort"})
        self.is_deadly = False
        self.jobs: list[tuple[str, int]] = []

    def call(
        self, job: str, *arguments: object, wanted: Callable[[], bool] | None = None
    ) -> object:
        self.jobs.append((job, len(str(arguments[0]))))
        if self.is_deadly:
            return super().call("die", wanted=wanted)
        return super().call(job, *arguments, wanted=wanted)

    def stream(
        self, job: str, text: str, wanted: Callable[[], bool] | None = None
    ) -> Iterable[object]:
        self.jobs.append((job, len(text)))
        if self.is_deadly:
            super().call("die", wanted=wanted)
        return super().stream(job, text, wanted)


@pytest.fixture
def process() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.close()


def test_a_keystroke_reads_one_unit(process: Watched) -> None:
    texts, text = DocumentTexts(process), document(500)
    places = Places(texts)
    place = text.index('"summary"', len(text) // 2)
    expected = places.at(Snapshot(URI, text), place)
    assert expected is not None
    assert expected.operation == "GET /a250"
    for _ in range(5):
        text = text[:place] + " " + text[place:]
        assert places.at(Snapshot(URI, text), place) == expected
    assert [job for job, _ in process.jobs] == ["stream_units"] + ["read_part"] * 5
    assert max(length for _, length in process.jobs[1:]) < 1000
    process.jobs.clear()
    assert texts.get(URI, PlainText(text)).text == text
    assert not process.jobs


def test_commands_and_menus_read_a_document_once(process: Watched) -> None:
    class NoFiles:
        roots = ()

        def read(self, uri: str) -> str | None:
            raise AssertionError(uri)

    texts, text = DocumentTexts(process), document(20)
    store, places = DocumentStore(texts=texts), Places(texts)
    assert len(store.load(URI, text, NoFiles()).operations) == 20  # type: ignore[arg-type]
    assert places.at(Snapshot(URI, text), text.index('"/a7"') + 20) is not None
    assert store.load(URI, text, NoFiles()) is store.load(URI, text, NoFiles())  # type: ignore[arg-type]
    assert [job for job, _ in process.jobs] == ["stream_units"]


def test_outdated_work_is_not_begun(process: Watched) -> None:
    texts = DocumentTexts(process)
    with pytest.raises(OutdatedError):
        texts.get(URI, PlainText(document(3)), lambda: False)
    with pytest.raises(OutdatedError):
        Places(texts).at(Snapshot(URI, document(3)), 50, lambda: False)
    assert not process.jobs
    asked = iter((True, True, False))
    with pytest.raises(OutdatedError):
        texts.get(URI, PlainText(document(3)), lambda: next(asked))
    assert texts.get(URI, PlainText(document(3))).text == document(3)


def test_a_text_that_cannot_be_read_is_tried_once_and_menus_go_on(process: Watched) -> None:
    texts, text = DocumentTexts(process), "openapi: 3.0.0\npaths:\n  /a:\n    get: {}\n"
    places = Places(texts)
    assert places.at(Snapshot(URI, text), 34) is not None
    process.is_deadly = True
    for _ in range(3):
        document = texts.get(URI, PlainText(text + "\n  /b: {}"))
        assert [fault.code for fault in document.faults] == ["document-parser-died"]
    died = len(process.jobs)
    place = places.at(Snapshot(URI, text + "\n  /b: {}"), 34)
    assert place is not None
    assert place.operation == "GET /a"
    assert len(process.jobs) == died == 2
    assert texts.get(URI, PlainText(text)).text == text


@given(st.text("ab", max_size=9), st.text("ab", max_size=9), st.text("ab", max_size=9))
def test_the_edit_between_two_texts(before: str, after: str, shared: str) -> None:
    for old, new in ((before, after), (shared + before + shared, shared + after + shared)):
        edit = edit_between(old, new)
        assert old[: edit.span.start] + edit.text + old[edit.span.end :] == new
        if old == new:
            assert edit == Edit(Span(len(old), len(old)), "")


@pytest.mark.parametrize("place", [0, 1, 65_535, 65_536, 65_537, 150_000, 200_000])
def test_the_edit_between_long_texts_is_short(place: int) -> None:
    old = "abcdefgh" * 25_000
    assert edit_between(old, old[:place] + "X" + old[place:]) == Edit(Span(place, place), "X")


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    kept = Recent[list[int]](list, len, number=3, total=10)
    for name in "abc":
        kept.get(name).append(1)
    kept.get("a").extend(range(7))
    kept.trim()
    assert len(kept) == 3
    kept.get("d").append(1)
    kept.trim()
    assert len(kept) == 3
    assert kept.get("b") == []
    kept.get("a").extend(range(20))
    kept.trim()
    assert len(kept) == 1
    assert len(kept.get("a")) == 28


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in listed for child in each.read_text().split()]


def pipes(pid: int) -> set[str]:
    """What the open files of a process are."""
    found = set()
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.add(os.readlink(each))
    return found


@linux_only
def test_the_reader_has_nothing_of_the_server_and_dies_alone(tmp_path: Path) -> None:
    text = document(30)
    (tmp_path / "openapi.json").write_text(text, encoding="utf-8")
    with PlainEditor() as ed:
        ed.start(tmp_path)
        uri = ed.open(tmp_path / "openapi.json")
        typist = Typist(ed, uri, text)
        assert named(ed.menu(uri, typist.line)) == typist.expected(0)
        [reader] = children(ed.process.pid)
        streams = (ed.process.stdin, ed.process.stdout, ed.process.stderr)
        ours = {os.readlink(f"/proc/self/fd/{stream.fileno()}") for stream in streams}
        assert len(ours & pipes(ed.process.pid)) == 3
        assert not ours & pipes(reader)
        os.kill(reader, 9)
        assert named(ed.answer(typist.type())["result"]) == typist.expected(1)
        assert named(ed.answer(typist.type())["result"]) == typist.expected(2)
        [reader] = children(ed.process.pid)
        descriptor = os.pidfd_open(reader)
        ed.process.kill()
        assert select.select([descriptor], [], [], 10)[0]
        os.close(descriptor)
