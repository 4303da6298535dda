"""Profiles and types of providers as tables and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pe4king_core.model.message import Message
from pe4king_server.cli.output import Output

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmSetup, NamedProfile
    from pe4king_adapter.profile import Profile

_HEAD = (
    Message("profile", "профиль"),
    Message("used", "роль"),
    Message("type", "тип"),
    Message("endpoint", "адрес"),
    Message("model", "модель"),
    Message("key", "ключ"),
)
_TYPES_HEAD = (
    Message("type", "тип"),
    Message("what", "что это"),
    Message("endpoint", "адрес"),
    Message("model", "модель"),
    Message("key", "ключ"),
    Message("own settings", "свои настройки"),
)
_ACTIVE = Message("active", "активный")
_BROKEN = Message("cannot be used", "не годится")
_FOREIGN = Message("(from the workspace)", "(из рабочей области)")
_MUST_BE_GIVEN = Message("(give it)", "(задайте)")


def print_profiles(
    setup: LlmSetup, profiles: Sequence[NamedProfile], states: dict[str, str], output: Output
) -> None:
    """The table, what is wrong with which profile, and what tasks ask."""
    from pe4king_server.cli.providers import nothing_configured

    if setup.off or not profiles:
        why = nothing_configured(setup)
        output.say(why.message, "bold")
        output.say(why.next_step or why.message)
    if not profiles:
        return
    language = output.language
    rows = [_row(setup, profile, states[profile.name], language) for profile in profiles]
    output.table([tuple(head.text(language) for head in _HEAD), *rows])
    for task in setup.tasks:
        names = ", ".join(setup.names(task)) or "offline"
        output.say(Message(f"Task {task}: {names}", f"Задача {task}: {names}"), "dim")
    for profile in profiles:
        if profile.error is not None:
            output.problem(profile.error)


def profile_json(
    setup: LlmSetup, profile: NamedProfile, state: str, language: str
) -> dict[str, Any]:
    """One profile for programs."""
    config, error = profile.config, profile.error
    return {
        "name": profile.name,
        "active": profile.name == setup.active and not setup.off,
        "place": profile.place,
        "fromWorkspace": profile.foreign_endpoint,
        "type": config.type if config else None,
        "endpoint": config.endpoint.url if config else None,
        "model": config.model if config else None,
        "key": {"reference": config.api_key_ref, "state": state} if config else None,
        "error": {"code": error.code, "text": error.text(language)} if error else None,
    }


def print_types(profiles: Sequence[Profile], plugins: Sequence[str], output: Output) -> None:
    """The types of providers with their usual values."""
    language = output.language
    give = _MUST_BE_GIVEN.text(language)
    yes, no = Message("yes", "да").text(language), Message("no", "нет").text(language)
    rows = [
        (
            profile.type,
            profile.title.text(language),
            profile.endpoint or give,
            profile.model or give,
            yes if profile.needs_key else no,
            ", ".join(option.name for option in profile.options),
        )
        for profile in profiles
    ]
    rows += [
        (name, Message("plug-in", "плагин").text(language), "", "", "", "") for name in plugins
    ]
    output.table([tuple(head.text(language) for head in _TYPES_HEAD), *rows])


def type_json(profile: Profile, language: str) -> dict[str, Any]:
    """One type for programs."""
    return {
        "type": profile.type,
        "title": profile.title.text(language),
        "endpoint": profile.endpoint or None,
        "model": profile.model or None,
        "needsKey": profile.needs_key,
        "local": profile.local,
        "options": [
            {"name": o.name, "about": o.about.text(language), "required": o.required}
            for o in profile.options
        ],
    }


def _row(setup: LlmSetup, profile: NamedProfile, state: str, language: str) -> tuple[str, ...]:
    role, config = _role(setup, profile.name).text(language), profile.config
    if profile.led_by_workspace:
        role = f"{role} {_FOREIGN.text(language)}".strip()
    if config is None:
        return (profile.name, role, _BROKEN.text(language), "", "", "")
    key = f"{config.api_key_ref or '.env'}: {state}" if config.api_key_ref or config.api_key else ""
    return (profile.name, role, config.type, config.endpoint.url, config.model, key or state)


def _role(setup: LlmSetup, name: str) -> Message:
    if setup.off:
        return Message("off", "выключен")
    if name == setup.active:
        return _ACTIVE
    if name in setup.fallbacks:
        place = setup.fallbacks.index(name) + 1
        return Message(f"fall-back {place}", f"запасной {place}")
    return Message("", "")
