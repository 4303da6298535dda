"""Finds providers: modules of `providers/` by their names, plugins by their entry points.

Nothing is imported until it is asked for, so a broken plugin harms nobody else.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points

from pe4king_adapter import providers
from pe4king_adapter.config import OFFLINE, LlmProviderConfig
from pe4king_adapter.config_values import SECTION, choice_error
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.provider import LlmProvider
from pe4king_core.model.message import Message

ENTRY_POINTS = "pe4king.providers"

Factory = Callable[[LlmProviderConfig], LlmProvider]


def provider_types() -> tuple[str, ...]:
    """The names that `type` may have, `offline` aside; built-in ones first."""
    return tuple(dict.fromkeys((*_built_in(), *_plugins())))


def create_provider(config: LlmProviderConfig) -> LlmProvider:
    """The provider that `config.type` names; raises ConfigError where there is none."""
    module = _built_in().get(config.type)
    if module is not None:
        factory: Factory = importlib.import_module(module).create
        return factory(config)
    plugin = _plugins().get(config.type)
    if plugin is None:
        raise choice_error(SECTION, "type", config.type, (*provider_types(), OFFLINE))
    return _load(plugin)(config)


def _built_in() -> Mapping[str, str]:
    found = pkgutil.iter_modules(providers.__path__, f"{providers.__name__}.")
    modules = [(info.name, info.name.rpartition(".")[2]) for info in found]
    return {name.replace("_", "-"): path for path, name in modules if not name.startswith("_")}


def _plugins() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINTS)}


def _load(plugin: EntryPoint) -> Factory:
    try:
        factory: Factory = plugin.load()
    except Exception as error:  # a plugin may fail in any way while it is imported
        raise ConfigError(
            Message(
                f"The provider plugin {plugin.name} cannot be loaded ({type(error).__name__}).",
                f"Не удалось загрузить плагин провайдера {plugin.name} ({type(error).__name__}).",
            ),
            section=SECTION,
            key="type",
            next_step=Message("Update or remove the plugin.", "Обновите или удалите плагин."),
            code="config-plugin",
        ) from error
    return factory
