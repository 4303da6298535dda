"""The copy of the user's project: what is in it, and that the original stays as it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pe4king_core.proof.sandbox.copying import Copying, Most
from pe4king_core.proof.sandbox.parts import Part
from pe4king_core.proof.sandbox.sandbox import Sandbox, SandboxError

BIG = b"x" * 2_000_000
KEEPING = {Part.FILES, Part.USER, Part.MOUNTS, Part.NETWORK, Part.PROCESSES, Part.IPC}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "tests/test_books.py": "old",
        "tests/conftest.py": "c",
        "build/__init__.py": "a package of that name",
        "src/shop/__init__.py": "",
        ".env.example": "URL=",
    }
    return write(tmp_path / "shop", files)


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def copied(project: Path, **options: Any) -> tuple[list[str], list[str]]:
    with Sandbox(sources=project, base=project.parent / "base", **options) as box:
        return names(box.project), [problem.en for problem in box.problems]


def test_what_tests_need_is_there(project: Path) -> None:
    wanted = names(project)
    write(
        project,
        {
            ".git/config": "",
            ".env": "TOKEN=1",
            ".env.local": "TOKEN=1",
            ".netrc": "password",
            "node_modules/x/index.js": "",
            "tests/__pycache__/test_books.pyc": "",
            ".venv/pyvenv.cfg": "",
            ".venv/lib/x.py": "",
            "pyproject.toml": "",
            "dist/shop.whl": "",
        },
    )
    assert copied(project) == (sorted([*wanted, "pyproject.toml"]), [])


def test_java_builds_are_left_out(tmp_path: Path) -> None:
    project = write(
        tmp_path / "shop",
        {"pom.xml": "", "target/classes/A.class": "", "src/main/target/B.java": ""},
    )
    assert copied(project)[0] == ["pom.xml", "src/main/target/B.java"]


def test_the_overlay_is_in_the_copy_only(project: Path) -> None:
    overlay = {
        project / "tests" / "test_books.py": "new\r\n",
        Path("tests/test_more.py"): "more",
    }
    with Sandbox(sources=project, overlay=overlay, base=project.parent / "base") as box:
        assert (box.project / "tests" / "test_books.py").read_bytes() == b"new\r\n"
        assert (box.project / "tests" / "test_more.py").read_bytes() == b"more"
        assert box.project.name == "shop"
    assert (project / "tests" / "test_books.py").read_text(encoding="utf-8") == "old"
    assert not (project / "tests" / "test_more.py").exists()


def test_an_overlay_that_leads_out_is_refused(project: Path) -> None:
    outside = project / ".." / "evil.py"
    box = Sandbox(sources=project, overlay={outside: "x"}, base=project.parent / "base")
    with pytest.raises(SandboxError):
        box.__enter__()
    assert not (project.parent / "evil.py").exists()
    assert list((project.parent / "base").iterdir()) == []


@pytest.mark.parametrize("without", [set(), {Part.FILES}, KEEPING], ids=["all", "mounts", "none"])
def test_big_files_are_there_and_stay(
    room: Callable[..., Any], project: Path, without: set[Part]
) -> None:
    (project / "big.json").write_bytes(BIG)
    made = room(sources=project, without=without)
    assert made.ask("len(open('big.json').read())") == str(len(BIG))
    made.ask("open('big.json', 'w').write('spoilt')")
    made.ask("os.truncate('big.json', 0)")
    assert (project / "big.json").read_bytes() == BIG


def test_links_inside_the_project_lead_inside_the_copy(
    room: Callable[..., Any], project: Path
) -> None:
    (project / "data").symlink_to("tests")
    (project / "books.py").symlink_to(project / "tests" / "test_books.py")
    made = room(sources=project)
    assert made.ask("open('data/test_books.py', 'w').write('changed')") == "7"
    assert made.ask("open('books.py').read()") == "'changed'"
    assert (project / "tests" / "test_books.py").read_text(encoding="utf-8") == "old"


def test_links_out_of_the_project_can_be_read(
    room: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    shared = write(tmp_path / "shared", {"data.json": "[]"})
    (project / "shared").symlink_to(shared)
    (project / "one.json").symlink_to(shared / "data.json")
    (project / "all").symlink_to("/")
    made = room(sources=project)
    assert made.ask("open('shared/data.json').read()") == "'[]'"
    assert made.ask("open('one.json').read()") == "'[]'"
    assert made.ask("open('shared/data.json', 'w')").startswith(("PermissionError", "OSError"))
    assert made.ask("open('one.json', 'w').write('mine')") == "4"
    assert made.ask("os.path.exists('all')") == "False"
    assert (shared / "data.json").read_text(encoding="utf-8") == "[]"


def test_an_overlay_behind_a_link_stays_in_the_copy(project: Path, tmp_path: Path) -> None:
    shared = write(tmp_path / "shared", {"test_shared.py": "old"})
    (project / "linked").symlink_to(shared)
    overlay = {project / "linked" / "test_shared.py": "new"}
    with Sandbox(sources=project, overlay=overlay, base=tmp_path / "base") as box:
        assert (box.project / "linked" / "test_shared.py").read_text(encoding="utf-8") == "new"
    assert (shared / "test_shared.py").read_text(encoding="utf-8") == "old"


def test_what_is_no_file_and_what_cannot_be_read(project: Path) -> None:
    os.mkfifo(project / "pipe")
    (project / "nowhere").symlink_to(project / "missing")
    (project / "circle").symlink_to("circle")
    found, problems = copied(project)
    assert "tests/test_books.py" in found
    assert "pipe" not in found
    assert problems == []


def test_a_project_that_is_too_large(tmp_path: Path) -> None:
    files = {f"a/file{number}.txt": "12345" for number in range(5)}
    project = write(tmp_path / "shop", {**files, "tests/test_books.py": "12345"})
    target = tmp_path / "copy"
    copying = Copying(project, target, most=Most(files=3), linked=True)
    result = copying.run({}, [project / "tests" / "test_books.py"])
    assert names(target) == ["a/file0.txt", "a/file1.txt", "tests/test_books.py"]
    assert [problem.en for problem in result.problems] == [
        "shop has more than 3 files; the rest was not copied"
    ]


def test_a_project_with_too_many_bytes(tmp_path: Path) -> None:
    project = write(tmp_path / "shop", {"a.txt": "1" * 80, "b.txt": "1" * 80, "c.txt": "1" * 10})
    target = tmp_path / "copy"
    result = Copying(project, target, most=Most(size=100), linked=True).run({})
    assert names(target) == ["a.txt", "c.txt"]
    assert [problem.en for problem in result.problems] == [
        "b.txt was not copied: the project is too large"
    ]
