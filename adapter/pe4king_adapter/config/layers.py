"""Several sources of settings on top of each other, each entry with the place it came from.

The first source that sets an entry wins. Flat settings make up the profile `default`; an entry of
a profile may come from any source, so that a project can name a model for the user's own account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pe4king_adapter.config.keys import NAME
from pe4king_adapter.config.model import DEFAULT_PROFILE, GENERAL_KEYS, OFFLINE, SWITCHES, TASKS
from pe4king_adapter.config.values import (
    SECTION,
    Setting,
    Source,
    choice_error,
    flag,
    names,
    table,
    unknown_key_error,
    value_error,
)
from pe4king_core.model.message import Message


@dataclass(frozen=True, slots=True)
class Layer:
    """The model's section of one source. `place` is the file, empty for an editor's settings."""

    source: Source
    values: Mapping[str, object] = field(repr=False)
    place: str = ""
    table: str = SECTION
    """How the section is called in that source."""

    def setting(self, value: object, key: str, *path: str) -> Setting:
        """`value` as it stands at `key` below `path` in this source."""
        section = ".".join((self.table, *path)) if self.table else ""
        if not self.place:
            return Setting(value, self.source, section)
        shown = f"{self.place} [{section}]" if section else self.place
        return Setting(value, self.source, shown, key)


@dataclass(frozen=True, slots=True)
class Merged:
    """All sources together. `profiles` stand in the order in which they are found."""

    general: Mapping[str, Setting]
    profiles: Mapping[str, Mapping[str, Setting]]
    tasks: Mapping[str, Setting]
    switched_off: Setting | None = None
    """The switch that turns every model off; one `false` is enough, wherever it stands."""


def merged(layers: Sequence[Layer]) -> Merged:
    """The `layers` as one, the first of them on top. Raises ConfigError."""
    general: dict[str, Setting] = {}
    profiles: dict[str, dict[str, Setting]] = {}
    tasks: dict[str, Setting] = {}
    off: Setting | None = None
    for layer in layers:
        for key, value in layer.values.items():
            setting = layer.setting(value, key)
            if setting.empty:
                continue
            if key in SWITCHES:
                off = off or (None if flag(setting, key, True) else setting)
            elif key == "profiles":
                _add_profiles(profiles, layer, setting)
            elif key == "tasks":
                _add_tasks(tasks, layer, setting)
            elif key in GENERAL_KEYS:
                general.setdefault(key, setting)
            else:
                profiles.setdefault(DEFAULT_PROFILE, {}).setdefault(key, setting)
    return Merged(general, profiles, tasks, off)


def _add_profiles(profiles: dict[str, dict[str, Setting]], layer: Layer, setting: Setting) -> None:
    for name, values in table(setting, "profiles").items():
        if not NAME.fullmatch(name) or name == OFFLINE:
            raise _name_error(layer, name)
        entries = table(layer.setting(values, name, "profiles"), name)
        kept = profiles.setdefault(name, {})
        for key, value in entries.items():
            if not (made := layer.setting(value, key, "profiles", name)).empty:
                kept.setdefault(key, made)


def _add_tasks(tasks: dict[str, Setting], layer: Layer, setting: Setting) -> None:
    for task, value in table(setting, "tasks").items():
        made = layer.setting(value, task, "tasks")
        if task not in TASKS:
            raise unknown_key_error(task, TASKS, made.section)
        if not made.empty:
            tasks.setdefault(task, made)


def chosen_names(setting: Setting | None, key: str, known: Iterable[str]) -> tuple[str, ...]:
    """The profiles that `setting` names. Raises ConfigError where there is no such profile.

    `default` is one even where nothing is set for it: a file can count on `LLM_API_KEY`.
    """
    found = names(setting, key)
    possible = tuple(dict.fromkeys((*known, DEFAULT_PROFILE, OFFLINE)))
    for name in found:
        if setting is not None and name not in possible:
            raise choice_error(setting.section, key, name, possible)
    return found


def _name_error(layer: Layer, name: str) -> Exception:
    wanted = Message(
        f"a name of letters, digits, `_`, `-` and `.`, not `{OFFLINE}`",
        f"имя из латинских букв, цифр, `_`, `-` и `.`, но не `{OFFLINE}`",
    )
    return value_error(layer.setting("", "profiles"), "profiles", repr(name[:60]), wanted)
