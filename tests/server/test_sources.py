"""The store of source files: helpers of other files, an index of all tests, kept up to date."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pe4king_server.files import DiskFiles, uri_of
from pe4king_server.reading.process import OutdatedError
from pe4king_server.sources import pool
from pe4king_server.sources.pool import read_files
from pe4king_server.sources.store import FEW, SourceStore, TestIndex

TEST = "from api import routes\n\n\ndef test_{0}(client):\n    client.get(routes.BOOKS)\n"


class Overlaid(DiskFiles):
    """Files of which some are open in an editor."""

    def __init__(self, root: Path, opened: dict[str, str]) -> None:
        super().__init__(root)
        self._texts = opened

    @property
    def opened(self) -> tuple[str, ...]:
        return tuple(self._texts)

    def read(self, uri: str) -> str | None:
        found = self._texts.get(uri)
        return super().read(uri) if found is None else found


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "api/__init__.py", "")
    write(tmp_path / "api/routes.py", 'BOOKS = "/books"\n')
    for number in range(FEW + 10):
        write(tmp_path / f"tests/test_{number}.py", TEST.format(number))
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file so that its time is another one than before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if before:
        os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def paths(index: TestIndex) -> set[str]:
    return {call.path for tests in index.files.values() for test in tests for call in test.calls}


def test_all_files_are_read_in_children_and_kept_up_to_date(root: Path) -> None:
    store = SourceStore()
    index = store.index(DiskFiles(root))
    assert len(index.files) == FEW + 10
    assert paths(index) == {"/books"}
    first = uri_of(root / "tests/test_0.py")
    assert [test.name for test in index.files[first]] == ["test_0"]
    again = store.index(DiskFiles(root))
    assert all(again.files[uri] is tests for uri, tests in index.files.items())

    write(root / "tests/test_0.py", TEST.format("other"))
    (root / "tests/test_1.py").unlink()
    changed = store.index(DiskFiles(root))
    assert [test.name for test in changed.files[first]] == ["test_other"]
    assert len(changed.files) == FEW + 9

    write(root / "api/routes.py", 'BOOKS = "/volumes"\n')
    assert paths(store.index(DiskFiles(root))) == {"/volumes"}


@pytest.mark.slow
def test_a_new_file_may_answer_to_a_name(root: Path) -> None:
    (root / "api/routes.py").unlink()
    store = SourceStore()
    assert paths(store.index(DiskFiles(root))) != {"/books"}
    write(root / "api/routes.py", 'BOOKS = "/books"\n')
    assert paths(store.index(DiskFiles(root))) == {"/books"}


@pytest.mark.slow
def test_open_documents_count_by_their_text(root: Path) -> None:
    store = SourceStore()
    routes = uri_of(root / "api/routes.py")
    assert paths(store.index(Overlaid(root, {routes: 'BOOKS = "/open"\n'}))) == {"/open"}
    uri = uri_of(root / "tests/test_0.py")
    files = Overlaid(root, {routes: 'BOOKS = "/typed"\n'})
    file = store.tests_of(uri, TEST.format("typed"), files)
    assert [(test.name, test.calls[0].path) for test in file.tests] == [("test_typed", "/typed")]
    assert paths(store.index(DiskFiles(root))) == {"/books"}


def test_what_the_client_reports_is_read_again(root: Path) -> None:
    store = SourceStore()
    files = DiskFiles(root)
    uri, path = uri_of(root / "tests/test_0.py"), root / "api/routes.py"
    assert store.tests_of(uri, TEST.format(0), files).tests[0].calls[0].path == "/books"
    status = path.stat()
    path.write_text('BOOKS = "/later"\n'[: status.st_size], encoding="utf-8")
    path.write_text('BOOKS = "/shelf"\n', encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    store.changed([uri_of(path)])
    assert store.tests_of(uri, TEST.format(0), files).tests[0].calls[0].path == "/shelf"


def test_nobody_waits_any_more(root: Path) -> None:
    store = SourceStore()
    with pytest.raises(OutdatedError):
        store.index(DiskFiles(root), wanted=lambda: False)
    assert len(store.index(DiskFiles(root)).files) == FEW + 10


def test_a_child_that_dies_costs_one_file(root: Path) -> None:
    files = DiskFiles(root)
    listing = files.list((".py",))
    uris = [uri for uri in listing if "/tests/" in uri]
    jobs = {"read_batch": "tests.server.dying_batches:read_batch"}
    found, left = read_files(uris[:12], listing, {}, jobs=jobs)
    assert not left
    assert sorted(each.uri for each in found) == sorted(uris[:12])
    assert [each.uri for each in found if each.unread] == [uri_of(root / "tests/test_0.py")]


def test_without_children_files_are_read_here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object) -> pool.ReaderProcess:
        process = real()
        process.close()
        return process

    real = pool.ReaderProcess
    monkeypatch.setattr(pool, "ReaderProcess", closed)
    assert paths(SourceStore().index(DiskFiles(root))) == {"/books"}


def test_an_unreadable_file_is_named(root: Path) -> None:
    (root / "tests/test_0.py").write_bytes(b"\xff\xfe\x00")
    index = SourceStore().index(DiskFiles(root))
    assert index.unread == (uri_of(root / "tests/test_0.py"),)
    assert len(index.files) == FEW + 9
