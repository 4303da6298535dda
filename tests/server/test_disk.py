"""`write_edits`: every file whole, all of them or none, never over somebody else's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pe4king_core.errors import UserError
from pe4king_core.model.proposal import FileEdit
from pe4king_core.model.text import Edit, Span
from pe4king_server import disk
from pe4king_server.disk import remove_new, write_edits


def new(path: Path, text: str = "new\n") -> FileEdit:
    return FileEdit(path.as_uri(), (Edit(Span(0, 0), text),), create=True)


def change(path: Path, base: str, text: str = "more\n") -> FileEdit:
    return FileEdit(path.as_uri(), (Edit(Span(len(base), len(base)), text),), base=base)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"folder"
        for path in sorted(folder.rglob("*"))
    }


def test_new_files_and_their_folders(tmp_path: Path) -> None:
    path = tmp_path / "папка с пробелом" / "б%41.py"
    assert write_edits((new(path),)) == [path]
    assert path.read_text() == "new\n"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    assert len(tree(tmp_path)) == 2, "nothing else is left"


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa\r\nb", "я\n".encode(), b"", b"\xef\xbb\xbf"])
def test_line_ends_marks_and_modes_stay(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(raw)
    path.chmod(0o750)
    write_edits((change(path, raw.decode("utf-8-sig"), "x"),))
    assert path.read_bytes() == raw + b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "elsewhere" / "real.py", tmp_path / "link.py"
    target.parent.mkdir()
    target.write_text("a\n")
    link.symlink_to(target)
    write_edits((change(link, "a\n"),))
    assert link.is_symlink()
    assert target.read_text() == "a\nmore\n"


def test_nothing_is_written_through_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    link = tmp_path / "link.py"
    link.symlink_to(outside)
    with pytest.raises(UserError):
        write_edits((new(link),))
    assert not outside.exists()
    assert link.is_symlink()


OBSTACLES: dict[str, Callable[[Path], object]] = {
    "file": lambda path: path.write_text("mine"),
    "folder": lambda path: path.mkdir(),
    "binary": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "pipe": getattr(os, "mkfifo", Path.mkdir),
}


@pytest.mark.parametrize("obstacle", sorted(OBSTACLES))
def test_what_is_in_the_way_stays_and_nothing_else_is_written(
    tmp_path: Path, obstacle: str
) -> None:
    OBSTACLES[obstacle](tmp_path / "b.py")
    with pytest.raises(UserError, match=r"b\.py"):
        write_edits((new(tmp_path / "deep" / "er" / "a.py"), new(tmp_path / "b.py")))
    assert [path.name for path in tmp_path.iterdir()] == ["b.py"]


@pytest.mark.parametrize("name", ["file/b.py", "x" * 300 + ".py", "file/deep/er/b.py"])
def test_a_name_that_cannot_be_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(UserError) as raised:
        write_edits((new(tmp_path / "deep" / "a.py"), new(tmp_path / name)))
    assert raised.value.code == "write-failed"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("failing", range(3))
def test_a_failure_in_the_middle_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    old = tmp_path / "old.py"
    old.write_text("old\n")
    before = tree(tmp_path)
    replaced: list[object] = []

    def replace(source: Path, target: Path) -> None:
        if len(replaced) == failing:
            raise OSError(28, "No space left on device")
        replaced.append(target)
        Path(source).rename(target)

    monkeypatch.setattr(disk.os, "replace", replace)
    with pytest.raises(UserError, match="No space left"):
        write_edits((new(tmp_path / "a" / "b.py"), change(old, "old\n"), new(tmp_path / "c.py")))
    assert tree(tmp_path) == before


def test_a_file_that_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("theirs\n")
    with pytest.raises(UserError, match="changed meanwhile"):
        write_edits((new(tmp_path / "b.py"), change(path, "ours\n")))
    assert tree(tmp_path) == {"a.py": b"theirs\n"}


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() == 0, reason="nothing is read-only for root"
)
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("a\n")
    path.chmod(0o444)
    with pytest.raises(UserError, match="Permission denied"):
        write_edits((change(path, "a\n"),))
    assert path.read_text() == "a\n"


@pytest.mark.parametrize("uri", ["untitled:a.py", "http://x/a.py", "file://host/a.py", "a.py"])
def test_only_files_are_written(uri: str) -> None:
    with pytest.raises(UserError):
        write_edits((FileEdit(uri, (Edit(Span(0, 0), "x"),), create=True),))


def test_taking_back_leaves_what_somebody_changed(tmp_path: Path) -> None:
    ours, theirs = new(tmp_path / "a.py"), new(tmp_path / "b.py")
    write_edits((ours, theirs))
    (tmp_path / "b.py").write_text("changed")
    remove_new((ours, theirs))
    assert tree(tmp_path) == {"b.py": b"changed"}
