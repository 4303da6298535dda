"""The settings that only one type of provider has, checked against what its profile says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pe4king_adapter.config.values import (
    SECTION,
    Setting,
    choice_error,
    flag,
    shown,
    table,
    text,
    value_error,
)
from pe4king_adapter.errors import ConfigError
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.profile import Option, Profile
    from pe4king_core.model.json import Json


def option_values(entries: Mapping[str, Setting], profile: Profile) -> Mapping[str, Json]:
    """The options of `profile` that `entries` set. Raises ConfigError."""
    found: dict[str, Json] = {}
    for option in profile.options:
        if option.name in entries:
            found[option.name] = _value(option, entries)
        elif option.required:
            raise _missing(option, entries, profile)
    return found


def _value(option: Option, entries: Mapping[str, Setting]) -> Json:
    setting = entries[option.name]
    if isinstance(option.default, bool):
        return flag(setting, option.name, option.default)
    if isinstance(option.default, int | float):
        return _number(setting, option.name)
    if isinstance(option.default, Mapping):
        return as_json(table(setting, option.name))
    value = text(entries, option.name) or ""
    if option.choices and value not in option.choices:
        raise choice_error(setting.section, option.name, value, option.choices)
    return value


def _number(setting: Setting, name: str) -> int | float:
    value = setting.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise value_error(setting, name, shown(setting), Message("a number", "число"))
    return value


def as_json(value: object) -> Json:
    """`value` as JSON has it; what TOML has beside that (dates) becomes text."""
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if isinstance(value, str | bool | int | float) or value is None else str(value)


def _missing(option: Option, entries: Mapping[str, Setting], profile: Profile) -> ConfigError:
    section = next((setting.section for setting in entries.values()), SECTION)
    return ConfigError(
        Message(
            f"{section}: {profile.title.en} needs the setting {option.name}.",
            f"{section}: для {profile.title.ru} нужна настройка {option.name}.",
        ),
        section=section,
        key=option.name,
        next_step=Message(f"It is: {option.about.en}.", f"Это: {option.about.ru}."),
        code="config-option-missing",
    )
