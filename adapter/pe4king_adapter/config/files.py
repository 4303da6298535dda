"""Where settings stand in files: the user's `config.toml`, the workspace's files.

Nothing here decides what a setting means; a file that is no TOML is an error with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pe4king_adapter.config.layers import Layer
from pe4king_adapter.config.model import GENERAL_KEYS
from pe4king_adapter.config.values import UNKNOWN_KEY, Source, unknown_key_error
from pe4king_adapter.errors import ConfigError
from pe4king_core.model.message import Message

WORKSPACE_FILES = (".pe4king.toml", "pyproject.toml")
"""Those of a workspace's root, the stronger one first."""
_PYPROJECT = "pyproject.toml"
_SECTION = "llm"
_LIKE_SECTION = re.compile(r"l+m+|mll|lmm|ml+|llms", re.IGNORECASE)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def user_file() -> Path:
    """The user's own file, there or not."""
    from platformdirs import user_config_path

    return user_config_path("pe4king", appauthor=False) / "config.toml"


def shown_user_file() -> str:
    """The user's own file as a user writes it."""
    return _shown(user_file())


def user_layers() -> list[Layer]:
    """The layers of the user's file. Raises ConfigError where it cannot be read."""
    path = user_file()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(_shown(path)) from error
    return file_layers(text, _shown(path), Source.USER)


def file_layers(text: str, place: str, source: Source) -> list[Layer]:
    """The layers in the TOML `text`: the model's section, and the switch beside it.

    Of a `pyproject.toml` only `[tool.pe4king]` counts; where that is not named, nothing is read.
    """
    in_project = Path(place).name == _PYPROJECT
    if in_project and "pe4king" not in text:
        return []
    document = _parsed(text, place)
    prefix = "tool.pe4king." if in_project else ""
    if in_project:
        document = _table(_table(document, "tool", place, ""), "pe4king", place, "tool.")
    for name in document:
        if name != _SECTION and _LIKE_SECTION.fullmatch(name):
            raise unknown_key_error(name, [_SECTION, "ai"], place)
        if name in GENERAL_KEYS:
            raise _outside(name, place, f"{prefix}{_SECTION}")
    found = []
    if "ai" in document:
        found.append(Layer(source, {"ai": document["ai"]}, place, prefix.rstrip(".")))
    if _SECTION in document:
        values = _table(document, _SECTION, place, prefix)
        found.append(Layer(source, values, place, f"{prefix}{_SECTION}"))
    return found


def unreadable(place: str) -> ConfigError:
    """The file at `place` is there, but cannot be read as text."""
    return ConfigError(
        Message(f"{place} cannot be read.", f"Файл {place} не читается."),
        section=place,
        key="",
        next_step=Message(
            "It has to be a UTF-8 text file that you may read.",
            "Это должен быть текстовый файл в UTF-8, доступный вам для чтения.",
        ),
        code="config-file",
    )


def _outside(name: str, place: str, section: str) -> ConfigError:
    return ConfigError(
        Message(
            f"{place}: {name} stands outside of its section.",
            f"{place}: {name} стоит вне своего раздела.",
        ),
        section=place,
        key=name,
        next_step=Message(
            f"It belongs below [{section}].", f"Его место — под строкой [{section}]."
        ),
        code=UNKNOWN_KEY,
    )


def _parsed(text: str, place: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        failure = error
    # The parser's own words may repeat what stands there.
    found = _PLACE.search(str(failure))
    last = text.count("\n") + 1
    line, column = (int(found[1]), int(found[2])) if found else (last, 1)
    where = f"{place}:{line}:{column}"
    raise ConfigError(
        Message(f"{where}: this is no valid TOML.", f"{where}: ошибка в синтаксисе TOML."),
        section=place,
        key="",
        next_step=Message(
            "Correct that line (texts stand in quotes); until then no model is asked.",
            "Исправьте эту строку (текст пишется в кавычках); до тех пор модель не используется.",
        ),
        code="config-toml",
    )


def _table(
    document: Mapping[str, object], name: str, place: str, prefix: str
) -> Mapping[str, object]:
    value = document.get(name, {})
    if isinstance(value, Mapping):
        return value
    raise ConfigError(
        Message(
            f"{place}: {prefix}{name} is not a table.", f"{place}: {prefix}{name} — не таблица."
        ),
        section=place,
        key=name,
        next_step=Message(
            f"Write `[{prefix}{name}]`, with its settings below.",
            f"Напишите `[{prefix}{name}]`, а настройки — под этой строкой.",
        ),
        code="config-value",
    )


def _shown(path: Path) -> str:
    """`path` as a user writes it."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
