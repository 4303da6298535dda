"""Settings with their source, and the checks that turn them into values of the right type."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pe4king_adapter.errors import ConfigError
from pe4king_core.model.message import Message

SECTION = "pe4king.llm"
UNKNOWN_KEY = "config-unknown-key"
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OWN_HEADER = re.compile(
    r"(proxy-)?authorization|cookie|(x-)?api-key|x-goog-api-key|host|connection"
    r"|content-(length|type|encoding)|transfer-encoding|accept(-encoding)?",
    re.IGNORECASE,
)


class Source(StrEnum):
    """Who wrote a setting. A workspace is opened, not written, by the user: not trusted."""

    USER = "user"
    WORKSPACE = "workspace"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value with its source; `section` and `key` tell where it stands, for messages."""

    value: object = field(repr=False)
    source: Source
    section: str = SECTION
    key: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was really set: editors send "" and null for unset values."""
        return self.value is None or self.value in ("", {}, [])

    def place(self, key: str) -> str:
        """Where it stands, as users look for it: `pe4king.llm.model`, or file and entry."""
        return f"{self.section}: {self.key}" if self.key else f"{self.section}.{key}"


def settings_of(values: Mapping[str, object], source: Source) -> dict[str, Setting]:
    """`values` of one source as settings; merge several with `{**user, **workspace}`."""
    return {name: Setting(value, source) for name, value in values.items()}


def text(entries: Mapping[str, Setting], key: str) -> str | None:
    """The text at `key`, or None where it is not set."""
    setting = entries.get(key)
    if setting is None:
        return None
    if not isinstance(setting.value, str) or not setting.value.isprintable():
        raise value_error(setting, key, "", Message("one line of text", "строка"))
    return setting.value.strip()


def number(entries: Mapping[str, Setting], key: str, low: float, high: float) -> float | None:
    """The number at `key` within `low` and `high`, or None where it is not set."""
    setting = entries.get(key)
    if setting is None:
        return None
    value = setting.value
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        wanted = Message(f"a number from {low} to {high}", f"число от {low} до {high}")
        raise value_error(setting, key, shown(setting), wanted)
    return float(value)


def whole_number(entries: Mapping[str, Setting], key: str, low: int, high: int) -> int | None:
    """The whole number at `key` within `low` and `high`, or None where it is not set."""
    setting = entries.get(key)
    if setting is None:
        return None
    value = setting.value
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        wanted = Message(f"a whole number from {low} to {high}", f"целое число от {low} до {high}")
        raise value_error(setting, key, shown(setting), wanted)
    return value


def flag(setting: Setting | None, key: str, default: bool) -> bool:
    """The yes or no in `setting`, or `default` where it is not set."""
    if setting is None:
        return default
    if not isinstance(setting.value, bool):
        raise value_error(setting, key, shown(setting), Message("true or false", "true или false"))
    return setting.value


def names(setting: Setting | None, key: str) -> tuple[str, ...]:
    """The name or the list of names in `setting`."""
    if setting is None:
        return ()
    given = setting.value if isinstance(setting.value, list | tuple) else [setting.value]
    found = [name.strip() for name in given if isinstance(name, str) and name.isprintable()]
    if len(found) < len(given):
        wanted = Message("a name or a list of names", "имя или список имён")
        raise value_error(setting, key, shown(setting), wanted)
    return tuple(dict.fromkeys(found))


def table(setting: Setting | None, key: str) -> Mapping[str, object]:
    """The table in `setting`, or an empty one where it is not set."""
    if setting is None:
        return {}
    if not isinstance(setting.value, Mapping):
        raise value_error(setting, key, "", Message("a table", "таблица"))
    return {str(name): value for name, value in setting.value.items()}


def header_map(entries: Mapping[str, Setting], key: str) -> Mapping[str, str]:
    """The headers at `key`; those that carry keys or frame the message are not accepted."""
    setting = entries.get(key)
    if setting is None:
        return {}
    wanted = Message("an object of header names and texts", "объект «заголовок: текст»")
    if not isinstance(setting.value, Mapping):
        raise value_error(setting, key, "", wanted)
    headers: dict[str, str] = {}
    for name, value in setting.value.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise value_error(setting, key, "", wanted)
        if _OWN_HEADER.fullmatch(name):
            raise _own_header_error(setting, key, name)
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise value_error(setting, f"{key}.{name}", "", wanted)
        headers[name] = value
    return headers


def _own_header_error(setting: Setting, key: str, name: str) -> ConfigError:
    return ConfigError(
        Message(
            f"{setting.place(key)} must not set the header {name}.",
            f"{setting.place(key)} не может задавать заголовок {name}.",
        ),
        section=setting.section,
        key=key,
        next_step=Message(
            "Keys belong behind `api_key_ref`; the other headers are ours.",
            "Ключ указывается через `api_key_ref`; остальные служебные заголовки задаём мы.",
        ),
        code="config-header",
    )


def value_error(setting: Setting, key: str, shown: str, wanted: Message) -> ConfigError:
    """`key` has a value of the wrong kind; `shown` is the value where it may be shown."""
    name = setting.place(key)
    value = f" ({shown})" if shown else ""
    return ConfigError(
        Message(
            f"{name} has a value we cannot use{value}.",
            f"Значение {name} не подходит{value}.",
        ),
        section=setting.section,
        key=setting.key or key,
        next_step=Message(f"Expected: {wanted.en}.", f"Ожидается: {wanted.ru}."),
        code="config-value",
    )


def choice_error(section: str, key: str, value: str, choices: Iterable[str]) -> ConfigError:
    """`value` is none of `choices`; the closest one is named."""
    names = list(choices)
    closest = difflib.get_close_matches(value.lower(), names, n=1, cutoff=0.4)
    hint_en = f"Did you mean {closest[0]}? " if closest else ""
    hint_ru = f"Возможно, {closest[0]}? " if closest else ""
    return ConfigError(
        Message(
            f"{section}, {key}: {value[:60]!r} is not a value we know.",
            f"{section}, {key}: значение {value[:60]!r} неизвестно.",
        ),
        section=section,
        key=key,
        next_step=Message(
            f"{hint_en}Possible: {', '.join(names)}.",
            f"{hint_ru}Возможные значения: {', '.join(names)}.",
        ),
        code="config-value",
    )


def unknown_key_error(name: str, known: Iterable[str], section: str = SECTION) -> ConfigError:
    """There is no setting `name` in `section`; the closest one is named."""
    names = list(known)
    closest = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    hint = (
        Message(f"Did you mean {closest[0]}?", f"Возможно, {closest[0]}?")
        if closest
        else Message(f"Known: {', '.join(names)}.", f"Есть: {', '.join(names)}.")
    )
    return ConfigError(
        Message(
            f"{section} has no setting {name[:60]!r}.",
            f"В разделе {section} нет настройки {name[:60]!r}.",
        ),
        section=section,
        key=name,
        next_step=hint,
        code=UNKNOWN_KEY,
    )


def shown(setting: Setting) -> str:
    """The value for a message, cut; not for values that may hold a key."""
    return repr(setting.value)[:60]
