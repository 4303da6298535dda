"""What is built is what is here: no module, template or marker gets lost on the way."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = {
    "core/pe4king_core": "pe4king_core",
    "adapter/pe4king_adapter": "pe4king_adapter",
    "server/pe4king_server": "pe4king_server",
    "templates/pe4king_templates": "pe4king_templates",
    "examples/bookstore": "pe4king_server/bookstore",
}


def tracked(folder: str) -> list[str]:
    """Files that git knows or would add: what a clean clone holds."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_the_wheel_holds_every_file_and_no_other(built: Path) -> None:
    expected = {
        f"{package}/{Path(name).relative_to(folder).as_posix()}"
        for folder, package in PACKAGES.items()
        for name in tracked(folder)
    }
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "pe4king = pe4king_server.cli:main" in archive.read(metadata).decode()
    assert held == expected
    assert {f"{package}/py.typed" for package in PACKAGES.values() if "/" not in package} <= held


@pytest.mark.slow
def test_the_installed_wheel_works_without_the_checkout(built: Path, tmp_path: Path) -> None:
    """Unpacked beside the dependencies, far from the checkout: the command and its data work."""
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import pe4king_server;"
        "assert 'site' in pe4king_server.__file__; from pe4king_server.cli import main;"
        "from pe4king_server.cli.bookstore import bookstore_folder as b; print(b());"
        "sys.exit(main(['generate', str(b() / 'openapi.yaml'), '--out', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, str(tmp_path / "site"), str(tmp_path / "out")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "out" / "test_books.py").exists()
    assert str(ROOT) not in done.stdout


@pytest.mark.slow
def test_the_source_distribution_can_be_built_from(built: Path) -> None:
    assert len(list(built.glob("pe4king-*.tar.gz"))) == 1


def test_locked_requirements_have_hashes_and_no_addresses() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        assert "://" not in text
        entries = [line for line in text.splitlines() if "==" in line]
        assert len(entries) > 20
        for line in entries:
            assert line.endswith("\\"), f"{line} has no hash"


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    for dependency in project["dependencies"]:
        name = dependency.split(">")[0].split("[")[0]
        assert f"\n{name}==" in locked, name
