"""Which profiles there are, which one is active, and in which order a task asks them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pe4king_adapter.config.dotenv import read_dotenv
from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.keys import Key, shortcut_key
from pe4king_adapter.config.layers import Layer, Merged, chosen_names, merged
from pe4king_adapter.config.model import DEFAULT_PROFILE, OFFLINE, LlmProviderConfig
from pe4king_adapter.config.profile import profile_config
from pe4king_adapter.config.values import SECTION, UNKNOWN_KEY, Setting, Source, choice_error
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.secret import KeySource
from pe4king_core.model.message import Message

DOTENV = ".env"
_ENVIRONMENT = {"LLM_BASE_URL": "endpoint", "LLM_MODEL": "model"}
_YES_NO = {
    "true": True, "1": True, "yes": True, "on": True,
    "false": False, "0": False, "no": False, "off": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedProfile:
    """A profile that is configured: usable, or with what is wrong with it."""

    name: str
    config: LlmProviderConfig | None = None
    error: ConfigError | None = None
    place: str = ""
    """Where its first entry stands."""
    foreign_endpoint: bool = False
    """Whether a workspace, not the user, says where its key would go."""
    route: str = ""
    """Where its address was chosen, "" where it is the type's usual one."""
    unheard: str = ""
    """The origin that `.env` names, where the key of somebody else is not taken there."""

    @property
    def led_by_workspace(self) -> bool:
        """Whether a file of others says where it leads; `.env` does so for its own key only."""
        return self.foreign_endpoint and self.route != DOTENV


@dataclass(frozen=True, slots=True)
class LlmSetup:
    """All that is configured. `off` says where the one switch was turned, if it was."""

    profiles: tuple[NamedProfile, ...] = ()
    active: str = OFFLINE
    fallbacks: tuple[str, ...] = ()
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    """The tasks whose choice is a list, which no fall-back is added to."""
    off: str = ""

    def names(self, task: str = "") -> tuple[str, ...]:
        """The profiles that `task` asks, in their order.

        A task's list is asked as it is; a single name comes before the usual fall-backs.
        """
        chosen = self.tasks.get(task) or (self.active,)
        if self.off or OFFLINE in chosen[:1]:
            return ()
        several = chosen if task in self.exact else (*chosen, *self.fallbacks)
        return tuple(dict.fromkeys(name for name in several if name != OFFLINE))

    @property
    def asks(self) -> bool:
        """Whether any task asks a model."""
        return any(self.names(task) for task in ("", *self.tasks))

    def chain(self, task: str = "") -> tuple[LlmProviderConfig, ...]:
        """The usable profiles for `task`; none where no model is to be asked.

        Raises the first one's ConfigError where not a single one can be used.
        """
        wanted = self._named(self.names(task))
        usable = tuple(profile.config for profile in wanted if profile.config is not None)
        if not usable and (errors := self.problems(task)):
            raise errors[0]
        return usable

    def problems(self, task: str = "") -> tuple[ConfigError, ...]:
        """What is wrong with the profiles that `task` would ask; they are passed over."""
        return tuple(p.error for p in self._named(self.names(task)) if p.error is not None)

    def led_by_workspace(self, configs: Sequence[LlmProviderConfig]) -> tuple[Message, ...]:
        """Which of `configs` lead off this machine to where a workspace, not the user, wants.

        A key that was stored for the address is the user's word for it, and so is one beside it.
        Which do not lead to where `.env` wants is told as well.
        """
        asked = [profile for profile in self.profiles if profile.config in configs]
        led = [
            _led(profile.config, profile.route)
            for profile in asked
            if profile.config is not None and profile.led_by_workspace
            if not profile.config.api_key_ref and not profile.config.endpoint.is_loopback
        ]
        return (*led, *(_not_heard(each.config, each.unheard) for each in asked if each.unheard))

    def profile(self, name: str) -> NamedProfile:
        """The profile `name`; ConfigError with the closest one where there is none."""
        found = self._named((name,))
        if not found:
            raise _no_profile(name, [profile.name for profile in self.profiles])
        return found[0]

    def _named(self, names: Sequence[str]) -> tuple[NamedProfile, ...]:
        by_name = {profile.name: profile for profile in self.profiles}
        return tuple(by_name[name] for name in names if name in by_name)


def _led(config: LlmProviderConfig, place: str) -> Message:
    name, origin = config.name, config.endpoint.origin
    return Message(
        f"{name} leads to {origin}, which the workspace chose ({place}), not you.",
        f"{name} ведёт на {origin}: этот адрес выбрали не вы, а рабочая область ({place}).",
    )


def _not_heard(config: LlmProviderConfig | None, wanted: str) -> Message:
    origin = config.endpoint.origin if config is not None else ""
    return Message(
        f"{DOTENV} names {wanted}, but LLM_API_KEY is not in it: {origin} is asked. "
        "Put both in one place.",
        f"В {DOTENV} указан {wanted}, но LLM_API_KEY не там: запрос идёт на {origin}. "
        "Задайте оба в одном месте.",
    )


def _no_profile(name: str, known: Sequence[str]) -> ConfigError:
    near = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(known)
    if near:
        hint = Message(f"Did you mean {near[0]}?", f"Возможно, {near[0]}?")
    elif known:
        hint = Message(f"There are: {listed}.", f"Есть: {listed}.")
    else:
        hint = Message("No profile is configured.", "Ни один профиль не настроен.")
    return ConfigError(
        Message(f"There is no profile {name[:60]!r}.", f"Профиля {name[:60]!r} нет."),
        section=SECTION,
        key="profiles",
        next_step=hint,
        code="config-profile",
    )


def llm_setup(
    layers: Sequence[Layer],
    environ: Mapping[str, str],
    dotenv_text: str | None = None,
    ide_keys: KeySource | None = None,
) -> LlmSetup:
    """What `layers` (the strongest first), the environment and `.env` configure together.

    Raises ConfigError for what concerns more than one profile; a profile keeps its own error.
    """
    dotenv = read_dotenv(dotenv_text or "")
    found = merged(layers)
    shortcut = shortcut_key(environ, dotenv) if _wanted(environ, dotenv) else None
    entries = dict(found.profiles)
    default = _with_environment(entries.get(DEFAULT_PROFILE, {}), environ, dotenv, shortcut)
    if default or shortcut:
        entries[DEFAULT_PROFILE] = default
    known = []
    for name, settings in entries.items():
        key = shortcut if name == DEFAULT_PROFILE else None
        profile = _profile(name, settings, environ, key, ide_keys)
        if name == DEFAULT_PROFILE and profile.error and profile.error.code == UNKNOWN_KEY:
            raise profile.error  # it may be a misspelt `active`, which concerns all
        if name == DEFAULT_PROFILE and not (shortcut and shortcut.from_dotenv):
            profile = replace(profile, unheard=_unheard(profile, dotenv))
        if profile.config or profile.error:
            known.append(profile)
    return _setup(found, tuple(known), _off(found, environ, dotenv))


def _unheard(profile: NamedProfile, dotenv: Mapping[str, str]) -> str:
    """The origin in `.env` that `profile` does not lead to."""
    wanted = Endpoint.read(dotenv.get("LLM_BASE_URL", "").strip())
    config = profile.config
    if wanted is None or config is None or config.endpoint.origin == wanted.origin:
        return ""
    return wanted.origin


def flat_profile(
    entries: Mapping[str, Setting], environ: Mapping[str, str], dotenv_text: str | None
) -> LlmProviderConfig | None:
    """The profile `default` alone. Raises its ConfigError."""
    dotenv = read_dotenv(dotenv_text or "")
    if not _wanted(environ, dotenv):
        return None
    key = shortcut_key(environ, dotenv)
    given = _with_environment(entries, environ, dotenv, key)
    return profile_config(DEFAULT_PROFILE, given, environ, key)


def _profile(
    name: str,
    entries: Mapping[str, Setting],
    environ: Mapping[str, str],
    shortcut: Key | None,
    ide_keys: KeySource | None,
) -> NamedProfile:
    place = next((setting.section for setting in entries.values()), "LLM_API_KEY")
    route = entries.get("endpoint") or entries.get("type")
    foreign = route is not None and route.source is Source.WORKSPACE
    known = NamedProfile(name, None, None, place, foreign, route.section if route else "")
    try:
        return replace(known, config=profile_config(name, entries, environ, shortcut, ide_keys))
    except ConfigError as error:
        return replace(known, error=error)


def _setup(found: Merged, profiles: tuple[NamedProfile, ...], off: str) -> LlmSetup:
    names = tuple(profile.name for profile in profiles)
    active = chosen_names(found.general.get("active"), "active", names)
    fallbacks = found.general.get("fallbacks")
    tasks = found.tasks
    return LlmSetup(
        profiles=profiles,
        active=active[0] if active else next(iter(names), OFFLINE),
        fallbacks=chosen_names(fallbacks, "fallbacks", names),
        tasks={task: chosen_names(setting, task, names) for task, setting in tasks.items()},
        exact=frozenset(t for t, setting in tasks.items() if not isinstance(setting.value, str)),
        off=off,
    )


def _off(found: Merged, environ: Mapping[str, str], dotenv: Mapping[str, str]) -> str:
    if found.switched_off is not None:
        return found.switched_off.place("enabled")
    return "" if _wanted(environ, dotenv) else "USE_REAL_LLM"


def _wanted(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> bool:
    return real_llm_wanted(environ, dotenv) is not False


def real_llm_wanted(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> bool | None:
    """What `USE_REAL_LLM` says, in the environment or in `.env`; None where it is not set."""
    section, values = ("environment", environ) if environ.get("USE_REAL_LLM") else (DOTENV, dotenv)
    value = values.get("USE_REAL_LLM", "").strip()
    if not value:
        return None
    wanted = _YES_NO.get(value.lower())
    if wanted is None:
        raise choice_error(section, "USE_REAL_LLM", value, ("true", "false"))
    return wanted


def _with_environment(
    given: Mapping[str, Setting],
    environ: Mapping[str, str],
    dotenv: Mapping[str, str],
    key: Key | None,
) -> dict[str, Setting]:
    """The shortcuts below what is set; `.env` names an endpoint only for a key of its own."""
    entries = dict(given)
    endpoint_allowed = key is not None and key.from_dotenv
    for variable, name in _ENVIRONMENT.items():
        if value := environ.get(variable, "").strip():
            setting = Setting(value, Source.ENVIRONMENT, "environment", variable)
            entries.setdefault(name, setting)
        if (value := dotenv.get(variable, "").strip()) and (name != "endpoint" or endpoint_allowed):
            entries.setdefault(name, Setting(value, Source.WORKSPACE, DOTENV, variable))
    return entries
