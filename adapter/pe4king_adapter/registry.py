"""Finds providers: modules of `providers/` by their names, plugins by their entry points.

Nothing is imported until it is asked for, so a broken plugin harms nobody else.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pe4king_adapter import providers
from pe4king_adapter.config import OFFLINE, LlmProviderConfig
from pe4king_adapter.config.values import SECTION, choice_error
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.guarded import GuardedProvider
from pe4king_adapter.profile import Profile
from pe4king_adapter.provider import LlmProvider
from pe4king_core.errors import UserError
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from pe4king_adapter.tools import Tools

ENTRY_POINTS = "pe4king.providers"

Factory = Callable[..., LlmProvider]


def provider_types() -> tuple[str, ...]:
    """The names that `type` may have, `offline` aside; built-in ones first."""
    return tuple(dict.fromkeys((*_built_in(), *_plugins())))


def built_in_profiles() -> tuple[Profile, ...]:
    """What is known about the built-in types, in the order of their names."""
    return tuple(importlib.import_module(_built_in()[name]).PROFILE for name in sorted(_built_in()))


def profile_of(provider_type: str) -> Profile | None:
    """What is known about this type; None for a plugin that does not say.

    Raises ConfigError where there is no such type.
    """
    module = _built_in().get(provider_type)
    known = importlib.import_module(module) if module else _load(_plugin(provider_type))
    profile = getattr(known, "PROFILE", None)
    return profile if isinstance(profile, Profile) else None


def create_provider(config: LlmProviderConfig, tools: Tools | None = None) -> LlmProvider:
    """The provider that `config.type` names; raises ConfigError where there is none."""
    module = _built_in().get(config.type)
    if module is not None:
        factory: Factory = importlib.import_module(module).create
        return factory(config, tools)
    plugin = _load(_plugin(config.type))
    create: Factory | None = getattr(plugin, "create", plugin if callable(plugin) else None)
    if create is None:
        raise choice_error(SECTION, "type", config.type, (*provider_types(), OFFLINE))
    try:
        made = create(config, tools) if _takes_tools(create) else create(config)
    except UserError:
        raise
    except Exception as error:  # a plugin may fail in any way
        raise _broken(config.type, error) from error
    return GuardedProvider(made, config.type)


def _takes_tools(create: Factory) -> bool:
    """Whether a plugin's function has a second parameter; a simple one needs the first alone."""
    from inspect import signature

    try:
        signature(create).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True


def _built_in() -> Mapping[str, str]:
    found = pkgutil.iter_modules(providers.__path__, f"{providers.__name__}.")
    modules = [(info.name, info.name.rpartition(".")[2]) for info in found]
    return {name.replace("_", "-"): path for path, name in modules if not name.startswith("_")}


def _plugins() -> Mapping[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def _plugin(provider_type: str) -> EntryPoint:
    plugin = _plugins().get(provider_type)
    if plugin is None:
        raise choice_error(SECTION, "type", provider_type, (*provider_types(), OFFLINE))
    return plugin


def _load(plugin: EntryPoint) -> object:
    """A module with `create` and `PROFILE`, or `create` alone."""
    try:
        loaded: object = plugin.load()
    except Exception as error:  # a plugin may fail in any way while it is imported
        raise _broken(plugin.name, error) from error
    return loaded


def _broken(name: str, error: Exception) -> ConfigError:
    kind = type(error).__name__
    return ConfigError(
        Message(
            f"The provider plugin {name} cannot be loaded ({kind}).",
            f"Не удалось загрузить плагин провайдера {name} ({kind}).",
        ),
        section=SECTION,
        key="type",
        next_step=Message("Update or remove the plugin.", "Обновите или удалите плагин."),
        code="config-plugin",
    )
