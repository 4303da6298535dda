"""The interpreter of Python tests and what is installed beside it."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.verdict import Level
from tests.server.environment_kit import (
    Workspace,
    messages,
    not_checked,
    program,
    put,
    told,
    virtual,
)


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path)
    made.write("tests/test_x.py", "import httpx\n\n\ndef test_x():\n    pass\n")
    return made


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
@pytest.mark.parametrize("windows", [False, True])
def test_an_environment_above_the_test(name: str, windows: bool, work: Workspace) -> None:
    interpreter = virtual(
        work.root / name, "pytest-8.2.0", "httpx-0.27.0", "PyHamcrest-2.1.0", "left_pad-1.0",
        windows=windows,
    )  # fmt: skip
    found = work.found()
    assert found.language is SourceLanguage.PYTHON
    assert found.python is not None
    assert found.python.interpreter == interpreter
    assert (found.python.manager, found.python.version) == ("venv", "3.12.1")
    assert found.python.origin.en == name
    assert [(each.name, each.version) for each in found.python.packages] == [
        ("httpx", "0.27.0"),
        ("pyhamcrest", "2.1.0"),
        ("pytest", "8.2.0"),
    ]
    assert found.java is None
    assert not_checked(found) == {Level.PASSES, Level.KILLS}  # the address only
    assert found.why_not(Level.RESOLVES) is None


def test_the_nearest_environment_counts(work: Workspace) -> None:
    virtual(work.root / ".venv")
    inner = virtual(work.root / "services" / "a" / ".venv")
    work.write("services/a/tests/test_y.py")
    found = work.found("services/a/tests/test_y.py")
    assert found.python is not None
    assert found.python.interpreter == inner


def test_a_folder_without_interpreter_is_none(work: Workspace) -> None:
    work.write("env/settings.py")
    put(work.root / "venv" / "pyvenv.cfg")
    right = virtual(work.root / ".venv")
    found = work.found()
    assert found.python is not None
    assert found.python.interpreter == right


def test_missing_packages_are_told(work: Workspace) -> None:
    virtual(work.root / ".venv", "requests-2.32.0")
    found = work.found(baseUrl="http://localhost:1")
    assert "httpx was not found among the packages of" in told(found)
    assert "pytest was not found among the packages of" in told(found)
    assert not_checked(found) == {Level.RESOLVES, Level.PASSES, Level.KILLS}
    assert all(messages(found))


def test_without_an_interpreter_nothing_can_be_run(work: Workspace) -> None:
    found = work.found(baseUrl="http://localhost:1")
    assert found.python is None
    reason = found.why_not(Level.PASSES)
    assert reason is not None
    assert "There is no Python interpreter" in reason.en
    assert "интерпретатора" in reason.ru


def test_the_path_is_the_last_resort_and_it_is_said(work: Workspace) -> None:
    interpreter = program(work.programs / "python3")
    work.environ["PATH"] = os.pathsep.join((".", "", "relative", str(work.programs)))
    program(work.root / "python3")
    found = work.found()
    assert found.python is not None
    assert found.python.interpreter == interpreter
    assert found.python.manager == "path"
    assert "no environment of this project was found" in found.python.origin.en


def test_variables_of_the_user(work: Workspace) -> None:
    user = virtual(work.home / "mine")
    active = virtual(work.home / "active")
    work.environ["VIRTUAL_ENV"] = str(work.home / "active")
    found = work.found()
    assert found.python is not None
    assert found.python.interpreter == active
    assert "VIRTUAL_ENV" in found.python.origin.ru
    own = virtual(work.root / ".venv")
    assert (found := work.found()).python is not None
    assert found.python is not None
    assert found.python.interpreter == own
    work.environ["PE4KING_PYTHON"] = str(user)
    assert (found := work.found()).python is not None
    assert found.python is not None
    assert found.python.interpreter == user


@pytest.mark.parametrize("name", ["tools/bin/python3", "tools", "tools/bin/python3.12"])
def test_the_setting_names_an_interpreter_of_the_workspace(name: str, work: Workspace) -> None:
    for each in ("python", "python3", "python3.12"):
        program(work.root / "tools" / "bin" / each)
    virtual(work.root / ".venv")
    found = work.found(python=name)
    assert found.python is not None
    assert found.python.manager == "setting"
    assert found.python.interpreter.is_relative_to(work.root / "tools")
    assert found.problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "../programs/python3", "/usr/bin/python3", "tools/../../programs/python3", "~/python3",
        "tools/run.sh", "//host/share/python.exe", "missing/python", "a\0b",
    ],
)  # fmt: skip
def test_the_setting_names_no_other_program(name: str, work: Workspace) -> None:
    """It may come with the workspace; what it names would be run later."""
    program(work.programs / "python3")
    program(work.root / "tools" / "run.sh")
    own = virtual(work.root / ".venv")
    found = work.found(python=name)
    assert found.python is not None
    assert found.python.interpreter == own
    assert "pe4king.python" in told(found)
    assert "is not used" in told(found)


def digest(text: str, size: int) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:size]).decode()[:8]


@pytest.mark.parametrize(
    "declared", ["[tool.poetry]\nname = 'My_Shop'", "[project]\nname='My.Shop'"]
)
@pytest.mark.parametrize("place", ["cache", "variable", "setting"])
def test_poetry_keeps_environments_in_its_cache(declared: str, place: str, work: Workspace) -> None:
    work.write("pyproject.toml", declared)
    work.write("poetry.lock")
    store = work.home / "store"
    if place == "cache":
        work.environ["POETRY_CACHE_DIR"] = str(work.home / "cache")
        store = work.home / "cache" / "virtualenvs"
    elif place == "variable":
        work.environ["POETRY_VIRTUALENVS_PATH"] = str(store)
    else:
        work.write("poetry.toml", "[virtualenvs]\npath = '~/store'\n")
    name = f"my-shop-{digest(os.path.realpath(work.root), 32)}"
    virtual(store / f"{name}-py3.9")
    newest = virtual(store / f"{name}-py3.12", "pytest-8.2.0")
    virtual(store / "my-shop-AAAAAAAA-py3.13")
    found = work.found()
    assert found.python is not None
    assert found.python.interpreter == newest
    assert found.python.manager == "poetry"
    assert "pyproject.toml" in found.python.origin.en
    put(store / "envs.toml", f'["{name}"]\nminor = "3.9"\npatch = "3.9.1"\n')
    assert (found := work.found()).python is not None
    assert found.python is not None
    assert found.python.interpreter.parts[-3].endswith("py3.9")


def test_uv_pipenv_conda_and_pyenv(work: Workspace) -> None:
    expected: list[tuple[str, Path]] = []
    work.environ["PYENV_ROOT"] = str(work.home / "pyenv")
    work.write(".python-version", "3.11\n")
    for version in ("3.11.2", "3.11.10", "3.1.1"):
        program(work.home / "pyenv" / "versions" / version / "bin" / "python")
    expected.append(("pyenv", work.home / "pyenv/versions/3.11.10/bin/python"))

    work.write("environment.yml", "channels: [x]\nname: shop-tests  # ours\n")
    expected.append(("conda", program(work.home / "miniforge3/envs/shop-tests/bin/python")))

    pipfile = work.write("Pipfile")
    work.environ["WORKON_HOME"] = str(work.home / "pipenvs")
    name = f"work-{digest(str(pipfile), 6)}"
    expected.append(("pipenv", virtual(work.home / "pipenvs" / name)))

    work.write("uv.lock")
    work.environ["UV_PROJECT_ENVIRONMENT"] = ".uv-environment"
    expected.append(("uv", virtual(work.root / ".uv-environment")))

    for manager, interpreter in reversed(expected):
        found = work.found()
        assert found.python is not None
        assert (found.python.manager, found.python.interpreter) == (manager, interpreter)
        interpreter.unlink()
    (work.home / "pyenv/versions/3.11.2/bin/python").unlink()
    assert work.found().python is None


def test_scripts_of_pyenv_stand_for_an_interpreter(work: Workspace) -> None:
    store = work.home / ".pyenv"
    program(store / "shims" / "python3")
    usual = program(work.programs / "python3")
    made = {name: program(store / "versions" / name / "bin/python") for name in ("3.12.1", "3.9.2")}
    put(store / "version", "3.12.1\n3.9.2\n")

    def chosen() -> Path | None:
        found = work.found().python
        return found.interpreter if found is not None else None

    work.environ["PATH"] = os.pathsep.join((str(store / "shims"), str(work.programs)))
    assert chosen() == made["3.12.1"]
    work.environ["PYENV_VERSION"] = "3.9:3.12.1"
    assert chosen() == made["3.9.2"]
    work.environ["PYENV_VERSION"] = "system"
    assert chosen() == usual
    del work.environ["PYENV_VERSION"]
    work.environ["PATH"] = os.pathsep.join((str(work.programs), str(store / "shims")))
    assert chosen() == usual
    usual.unlink()
    assert chosen() == made["3.12.1"]
    made["3.12.1"].unlink()
    assert chosen() is None, "a script that only asks another program is no interpreter"


def test_hashes_of_pipenv() -> None:
    """A path and its hash from Pipenv's own documentation of the name."""
    assert digest("/home/user/MY_PROJECT/Pipfile", 6) == "wyUfYPqE"


@pytest.mark.parametrize("name", ["../../../x", "..", "/etc", "a b/../c", "."])
def test_names_that_lead_elsewhere_are_no_names(name: str, work: Workspace) -> None:
    program(work.home / "x" / "bin" / "python")
    (work.home / ".pyenv" / "versions").mkdir(parents=True)
    program(work.home / ".pyenv" / "bin" / "python")
    work.write(".python-version", name)
    work.write("environment.yml", f"name: {name}\n")
    assert work.found().python is None


def test_conda_of_the_shell_and_its_packages(work: Workspace) -> None:
    prefix = work.home / "conda"
    program(prefix / "bin" / "python")
    (prefix / "lib/python3.11/site-packages/pytest-8.0.0.dist-info").mkdir(parents=True)
    (prefix / "lib/python3.11/site-packages/requests-2.32.3-py3.11.egg-info").mkdir()
    work.environ["CONDA_PREFIX"] = str(prefix)
    found = work.found()
    assert found.python is not None
    assert (found.python.manager, found.python.version) == ("conda", "3.11")
    assert [each.name for each in found.python.packages] == ["pytest", "requests"]


def test_packages_of_the_system_where_the_environment_shares_them(work: Workspace) -> None:
    system = work.home / "system"
    (system / "lib/python3.12/site-packages/pytest-7.0.0.dist-info").mkdir(parents=True)
    virtual(work.root / ".venv", "httpx-0.28.0")
    config = work.root / ".venv" / "pyvenv.cfg"
    for shared, names in (("false", ["httpx"]), ("true", ["httpx", "pytest"])):
        put(
            config,
            f"home = {system / 'bin'}\ninclude-system-site-packages = {shared}\nversion=3.12.0\n",
        )
        found = work.found()
        assert found.python is not None
        assert [
            each.name for each in found.python.packages if each.name in ("httpx", "pytest")
        ] == (names)


def test_folders_outside_the_project_do_not_count(tmp_path: Path, work: Workspace) -> None:
    """A folder that many people share may hold anybody's environment."""
    virtual(tmp_path / ".venv")
    assert work.found().python is None
    lone = put(tmp_path / "lone" / "test_z.py")
    assert work.found(os.path.relpath(lone, work.root)).python is None
    put(tmp_path / ".git" / "HEAD")
    assert work.found().python is not None


def test_a_folder_has_both_sides(work: Workspace) -> None:
    virtual(work.root / ".venv")
    work.write("pom.xml", "<project/>")
    work.write("pyproject.toml")
    found = work.found(".")
    assert found.language is None
    assert found.java is not None
    assert found.python is not None
