"""What pytest is started with: the user's configuration without what would break our runs."""

from __future__ import annotations

import configparser
import os
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_BLOCKED = (
    "cacheprovider",
    "flaky",
    "pytest-retry",
    "pytest_repeat",
    "repeat",
    "random_order",
    "randomly",
    "rerunfailures",
    "threadexception",
    "timeout",
    "unraisableexception",
)
"""Plugins that would run tests in another order, more than once, or end them in their own way."""
_OURS = ("addopts=", "required_plugins=", "log_cli=false", "faulthandler_timeout=0")
_KEPT_SHORT = ("-p", "-W", "-o")
_SHORT_WITH_VALUE = ("-n", "-k", "-m", "-r", "-c", "-d")
_DROPPED = (
    "--alluredir", "--allow-hosts", "--basetemp", "--block-network", "--cache", "--capture",
    "--clean-alluredir", "--code-highlight", "--collect", "--color", "--confcutdir",
    "--config-file", "--count", "--cov", "--css", "--csv", "--deselect", "--debug",
    "--disable-socket", "--dist", "--doctest", "--durations", "--exitfirst", "--failed-first",
    "--flake", "--force-flaky", "--forked", "--html", "--ignore", "--instafail", "--json",
    "--junit", "--last-failed", "--log-cli", "--log-file", "--looponfail", "--max", "--md-report",
    "--min-passes", "--mypy", "--new-first", "--no-cov", "--no-flaky", "--no-header",
    "--no-summary", "--numprocesses", "--only-rerun", "--pastebin", "--pdb", "--picked",
    "--pylint", "--quiet", "--random", "--record-mode", "--repeat", "--report-log", "--rerun",
    "--retries", "--retry", "--rootdir", "--rsync", "--ruff", "--self-contained",
    "--session-timeout", "--setup", "--show", "--stepwise", "--strict", "--tb", "--testmon",
    "--timeout", "--trace", "--tx", "--verbose", "--verbosity",
)  # fmt: skip
_DROPPED_WHOLE = ("--co", "--ff", "--lf", "--nf", "--sw")
_INI_FILES = (
    "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini",
    "setup.cfg",
)  # fmt: skip


def arguments(project: Path, files: Sequence[Path]) -> list[str]:
    """pytest's arguments for test files (relative) of a copied project, for its start there."""
    found = _configuration(project, files)
    config, extra = found if found is not None else (Path(os.devnull), [])
    chosen = ["--quiet", "--capture=no", "--tb=line", "--no-header", f"--rootdir={project}"]
    chosen += ["-c", str(config), "--confcutdir", str(project)]
    for name in _BLOCKED:
        chosen += ["-p", f"no:{name}"]
    for setting in _OURS:
        chosen += ["-o", setting]
    return [*chosen, *extra, *(str(project / file) for file in files)]


def _configuration(project: Path, files: Sequence[Path]) -> tuple[Path, list[str]] | None:
    """The file that pytest would take for these, and its `addopts` as far as we keep them."""
    folders = [(project / file).parent for file in files]
    folder = Path(os.path.commonpath(folders)) if folders else project
    while folder.is_relative_to(project):
        for name in _INI_FILES:
            section = _section(folder / name)
            if section is not None:
                return folder / name, list(kept(_words(section.get("addopts", ""))))
        folder = folder.parent
    return None


def _section(path: Path) -> dict[str, Any] | None:
    """pytest's part of a file; None where it has none, as pytest sees it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".toml":
            return _toml_section(path.name, tomllib.loads(text))
        return _ini_section(path.name, text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error):
        return None


def _toml_section(name: str, data: dict[str, Any]) -> dict[str, Any] | None:
    if name != "pyproject.toml":
        section = data.get("pytest", {})
        return section if isinstance(section, dict) else {}
    tool = data.get("tool")
    section = tool.get("pytest") if isinstance(tool, dict) else None
    if not isinstance(section, dict):
        return None
    options = section.get("ini_options")
    return options if isinstance(options, dict) else section


def _ini_section(name: str, text: str) -> dict[str, Any] | None:
    parsed = configparser.ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    parsed.read_string(text)
    section = "tool:pytest" if name == "setup.cfg" else "pytest"
    if parsed.has_section(section):
        return dict(parsed[section])
    return {} if name in ("pytest.ini", ".pytest.ini") else None


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return shlex.split(value, comments=True)
    return [str(each) for each in value] if isinstance(value, list) else []


def kept(words: Sequence[str]) -> Iterator[str]:
    """Of the user's options those that say how tests are found, imported and set up."""
    keeps = False
    takes = False
    for word in words:
        if not word.startswith("-"):
            if keeps and takes:
                yield word
            takes = False
            continue
        keeps = _is_kept(word)
        takes = "=" not in word and (
            word.startswith("--") or word in (*_KEPT_SHORT, *_SHORT_WITH_VALUE)
        )
        if keeps:
            yield word


def _is_kept(word: str) -> bool:
    if not word.startswith("--"):
        return word.startswith(_KEPT_SHORT)
    name = word.partition("=")[0]
    return name not in _DROPPED_WHOLE and not name.startswith(_DROPPED)
