"""Where uv, Poetry, Pipenv, conda and pyenv keep the environments of a project."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pe4king_server.environment.look import Look, is_file, is_folder, is_here

FILES = {"poetry": "pyproject.toml", "pipenv": "Pipfile", "conda": "environment.yml"}
"""The file by which a project of each tool is known."""

_NAME = re.compile(r"[\w.+-]+")
_POETRY_UNSAFE = re.compile(r'[ $`!*@"\\\r\n\t/]')
_PIPENV_UNSAFE = re.compile(r'[ &$`!*@"()\[\]\\\r\n\t]')
_CONDA_NAME = re.compile(r"^name:[ \t]*[\"']?([\w.+-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_CONDA_HOMES = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba", ".conda")


def uv(look: Look, folder: Path) -> Iterator[Path]:
    """The environment that UV_PROJECT_ENVIRONMENT names, seen from a project's folder."""
    value = look.variable("UV_PROJECT_ENVIRONMENT")
    if value and (is_file(folder / "uv.lock") or is_file(folder / "pyproject.toml")):
        yield Path(os.path.normpath(folder / value))


def poetry(look: Look, folder: Path) -> Iterator[Path]:
    """Environments in Poetry's cache; one inside the project is found by its name already."""
    project = look.toml(folder / "pyproject.toml")
    tool = _table(_table(project, "tool"), "poetry")
    if not tool and not is_file(folder / "poetry.lock"):
        return
    stated = tool.get("name") or _table(project, "project").get("name") or "non-package-mode"
    if not isinstance(stated, str):
        return
    own = _table(look.toml(folder / "poetry.toml"), "virtualenvs")
    users = _table(look.toml(_poetry_config(look) / "config.toml"), "virtualenvs")
    for place in (look.variable("POETRY_VIRTUALENVS_PATH"), own.get("path"), users.get("path")):
        if isinstance(place, str) and place and "{" not in place and is_here(place):
            store = look.home / place.removeprefix("~/") if place[:2] == "~/" else Path(place)
            break
    else:
        store = look.folder("POETRY_CACHE_DIR", _poetry_cache(look)) / "virtualenvs"
    name = re.sub(r"[-_.]+", "-", stated).lower()
    name = _POETRY_UNSAFE.sub("_", name)[:42] + "-" + _digest(_real(folder))
    found = [
        each for each in look.names(store) if re.fullmatch(re.escape(name) + r"-py[\d.]+", each)
    ]
    active = _table(look.toml(store / "envs.toml"), name).get("minor")
    found.sort(key=lambda each: (each == f"{name}-py{active}", _numbers(each)), reverse=True)
    yield from (store / each for each in found)


def pipenv(look: Look, folder: Path) -> Iterator[Path]:
    """The environment of a Pipfile."""
    pipfile = folder / "Pipfile"
    if not is_file(pipfile):
        return
    windows = look.home / ".virtualenvs"
    data = look.folder("XDG_DATA_HOME", look.home / ".local" / "share") / "virtualenvs"
    store = look.folder("WORKON_HOME", windows if os.name == "nt" else data)
    name = _PIPENV_UNSAFE.sub("_", folder.name)[:42]
    yield store / f"{name}-{_digest(str(pipfile), 6)}"
    custom = look.variable("PIPENV_CUSTOM_VENV_NAME")
    if _NAME.fullmatch(custom):
        yield store / custom


def conda(look: Look, folder: Path) -> Iterator[Path]:
    """The environment that environment.yml names."""
    for file in (FILES["conda"], "environment.yaml"):
        stated = _CONDA_NAME.search(look.text(folder / file) or "")
        if stated is None:
            continue
        prefix = Path(look.variable("CONDA_PREFIX") or look.home)
        if prefix.name == stated[1]:
            yield prefix
        homes = [look.home / name for name in _CONDA_HOMES]
        homes += [prefix, prefix.parent.parent, look.folder("MAMBA_ROOT_PREFIX", look.home)]
        yield from (home / "envs" / stated[1] for home in homes)
        for line in (look.text(look.home / ".conda" / "environments.txt") or "").splitlines():
            if Path(line).name == stated[1]:
                yield Path(line)


def pyenv(look: Look, folder: Path) -> Iterator[Path]:
    """The interpreter that .python-version names, in the store of pyenv."""
    yield from _of_pyenv(look, look.text(folder / ".python-version") or "")


def pyenv_on_path(look: Look) -> Iterator[Path]:
    """The interpreter that pyenv's scripts stand for, where they come first on the PATH."""
    store = _pyenv_store(look)
    folders = [Path(each) for each in look.variable("PATH").split(os.pathsep)]
    other = look.program("python3", "python")
    before = folders[: folders.index(other.parent)] if other is not None else folders
    if store / "shims" in before:
        named = look.variable("PYENV_VERSION").replace(":", " ")
        yield from _of_pyenv(look, named or look.text(store / "version") or "")


def _pyenv_store(look: Look) -> Path:
    windows = look.home / ".pyenv" / "pyenv-win"
    return look.folder("PYENV_ROOT", windows if is_folder(windows) else look.home / ".pyenv")


def _of_pyenv(look: Look, text: str) -> Iterator[Path]:
    """The interpreters of the first version in `text`, the newest of those that fit first."""
    wanted = next(iter(text.split()), "")
    if not _NAME.fullmatch(wanted) or wanted.strip(".") == "":
        return
    store = _pyenv_store(look)
    found = [
        name
        for name in look.names(store / "versions")
        if name == wanted or name.startswith(wanted + ".")
    ]
    for name in sorted(found, key=lambda each: (each == wanted, _numbers(each)), reverse=True):
        for place in ("bin/python", "python.exe"):
            yield store / "versions" / name / place


def _poetry_cache(look: Look) -> Path:
    if sys.platform == "darwin":
        return look.home / "Library" / "Caches" / "pypoetry"
    if os.name == "nt":
        return look.folder("LOCALAPPDATA", look.home / "AppData" / "Local") / "pypoetry" / "Cache"
    return look.folder("XDG_CACHE_HOME", look.home / ".cache") / "pypoetry"


def _poetry_config(look: Look) -> Path:
    if look.variable("POETRY_CONFIG_DIR"):
        return Path(look.variable("POETRY_CONFIG_DIR"))
    if sys.platform == "darwin":
        return look.home / "Library" / "Application Support" / "pypoetry"
    if os.name == "nt":
        return look.folder("APPDATA", look.home / "AppData" / "Roaming") / "pypoetry"
    return look.folder("XDG_CONFIG_HOME", look.home / ".config") / "pypoetry"


def _real(folder: Path) -> str:
    return os.path.normcase(os.path.realpath(folder))


def _digest(text: str, size: int = 32) -> str:
    """The first characters of the hash that both tools put into names."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:size]
    return base64.urlsafe_b64encode(digest).decode()[:8]


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,6}", name.rpartition("-py")[2]))


def _table(holder: object, name: str) -> dict[str, object]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}
