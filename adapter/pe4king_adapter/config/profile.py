"""One profile: from its merged settings to a checked `LlmProviderConfig`.

Settings carry their source because a workspace is somebody else's text: what decides where a key
travels must not come from there while the key is the user's. Keys that a store binds to an origin
may be named by a workspace, as long as nothing of it leads them around that binding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pe4king_adapter.config.endpoint import Endpoint
from pe4king_adapter.config.keys import Key, referenced_key, workspace_error
from pe4king_adapter.config.model import (
    DEFAULT_MODEL,
    DEFAULT_PROFILE,
    DEFAULT_TYPE,
    GENERAL_KEYS,
    KEYS,
    OFFLINE,
    LlmProviderConfig,
)
from pe4king_adapter.config.options import as_json, option_values
from pe4king_adapter.config.routes import file_path, proxy_address
from pe4king_adapter.config.values import (
    SECTION,
    Setting,
    Source,
    header_map,
    number,
    text,
    unknown_key_error,
    whole_number,
)
from pe4king_adapter.errors import ConfigError
from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_adapter.profile import Profile
    from pe4king_adapter.secret import KeySource

_SHORTCUT_TYPE = "qwen"
_AROUND_THE_BINDING = ("proxy", "ca_bundle", "client_cert", "client_key")
_BESIDE_THE_KEY = Message(
    "If you trust it, write it into .env as LLM_BASE_URL, beside the key.",
    "Если вы доверяете этому значению, укажите его в .env как LLM_BASE_URL, рядом с ключом.",
)
_ROUTE_KEYS = ("endpoint", *_AROUND_THE_BINDING, "custom_headers")


def profile_config(
    name: str,
    entries: Mapping[str, Setting],
    environ: Mapping[str, str],
    shortcut: Key | None = None,
    ide_keys: KeySource | None = None,
) -> LlmProviderConfig | None:
    """The profile `name`; None where it is `offline`, or where nothing of it is configured.

    `shortcut` is the key of `LLM_API_KEY`, for the default profile. Raises ConfigError.
    """
    if (given := entries.get("type")) is not None and given.value == OFFLINE:
        return None
    profile = _profile(name, entries)
    _check_names(name, entries, profile)
    key = _key(name, entries, environ, shortcut, profile)
    if name == DEFAULT_PROFILE and key is None and not _is_set_up(entries, profile):
        return None
    endpoint = _endpoint(name, entries, profile)
    _check_route(name, entries, key, endpoint, profile)
    config = _config(name, entries, key, endpoint, profile)
    _check_transport(config, key, entries.get("endpoint"))
    return replace(config, ide_keys=ide_keys)


def _config(
    name: str,
    entries: Mapping[str, Setting],
    key: Key | None,
    endpoint: Endpoint,
    profile: Profile,
) -> LlmProviderConfig:
    return LlmProviderConfig(
        endpoint=endpoint,
        type=profile.type,
        model=_model(name, entries, profile),
        name=name,
        api_key_ref=key.reference if key else "",
        api_key=key.value if key else None,
        timeout=number(entries, "timeout", 0.05, 3600) or 120.0,
        max_tokens=whole_number(entries, "max_tokens", 1, 10_000_000),
        temperature=number(entries, "temperature", 0, 2),
        seed=whole_number(entries, "seed", -(2**63), 2**63 - 1),
        custom_headers=header_map(entries, "custom_headers"),
        proxy=proxy_address(entries, "proxy"),
        ca_bundle=file_path(entries, "ca_bundle"),
        client_cert=file_path(entries, "client_cert"),
        client_key=file_path(entries, "client_key"),
        options=option_values(entries, profile),
    )


def _profile(name: str, entries: Mapping[str, Setting]) -> Profile:
    """The type's profile: as named, else as the endpoint tells, else the shortcuts' own."""
    given = text(entries, "type")
    has_endpoint = "endpoint" in entries
    if name == DEFAULT_PROFILE and not has_endpoint and given in (None, DEFAULT_TYPE):
        return _of_type(_SHORTCUT_TYPE, entries)
    if given is None:
        return _by_endpoint(entries) if has_endpoint else _of_type(DEFAULT_TYPE, entries)
    try:
        return _of_type(given, entries)
    except ConfigError as error:
        setting = entries["type"]
        raise ConfigError(
            _placed(error.message, setting.place("type")),
            section=setting.section,
            key="type",
            next_step=error.next_step,
            code=error.code,
        ) from error


def _of_type(name: str, entries: Mapping[str, Setting]) -> Profile:
    """The profile of a type. A plug-in that tells nothing of itself is given all it is set."""
    from pe4king_adapter.profile import Option, Profile
    from pe4king_adapter.registry import profile_of

    found = profile_of(name)
    if found is not None:
        return found
    others = [entry for entry in entries if entry not in KEYS]
    values = {entry: as_json(entries[entry].value) for entry in others}
    options = tuple(Option(n, Message(n, n), value, route=True) for n, value in values.items())
    return Profile(name, Message(name, name), needs_key=False, options=options)


def _placed(message: Message, place: str) -> Message:
    """`message` about `SECTION, type` with the place where the type really stands."""
    return Message(
        message.en.replace(f"{SECTION}, type", place, 1),
        message.ru.replace(f"{SECTION}, type", place, 1),
    )


def _by_endpoint(entries: Mapping[str, Setting]) -> Profile:
    """The type whose servers have such an address; any other speaks OpenAI's protocol."""
    from pe4king_adapter.registry import built_in_profiles

    given = Endpoint.parse(entries["endpoint"], "endpoint")
    for profile in built_in_profiles():
        usual = Endpoint.read(profile.endpoint) if profile.endpoint else None
        if usual is not None and given.is_like(usual):
            return profile
    return _of_type(DEFAULT_TYPE, entries)


def _check_names(name: str, entries: Mapping[str, Setting], profile: Profile) -> None:
    known = (*KEYS, *(option.name for option in profile.options))
    general = GENERAL_KEYS if name == DEFAULT_PROFILE else ()
    for entry, setting in entries.items():
        if entry not in known:
            raise unknown_key_error(entry, (*known, *general), setting.section)


def _key(
    name: str,
    entries: Mapping[str, Setting],
    environ: Mapping[str, str],
    shortcut: Key | None,
    profile: Profile,
) -> Key | None:
    if (reference := entries.get("api_key_ref")) is not None:
        return referenced_key(reference, environ)
    if shortcut is not None:
        return shortcut
    if not profile.needs_key or not _is_set_up(entries, profile):
        return None
    maker = entries.get("type") or entries["endpoint"]
    return Key(f"keyring:{name}", None, maker.source)


def _is_set_up(entries: Mapping[str, Setting], profile: Profile) -> bool:
    """Whether the entries themselves say whom to ask, or at least of which type."""
    chosen = text(entries, "type") == profile.type
    return "endpoint" in entries or (chosen and bool(profile.endpoint))


def _endpoint(name: str, entries: Mapping[str, Setting], profile: Profile) -> Endpoint:
    if (given := entries.get("endpoint")) is not None:
        return Endpoint.parse(given, "endpoint", whole=profile.whole_address)
    if not profile.endpoint:
        raise _missing(name, "endpoint", entries, profile)
    return Endpoint.parse(Setting(profile.endpoint, Source.USER), "endpoint")


def _model(name: str, entries: Mapping[str, Setting], profile: Profile) -> str:
    model = text(entries, "model") or profile.model
    if not model and name == DEFAULT_PROFILE and text(entries, "type") in (None, DEFAULT_TYPE):
        return DEFAULT_MODEL
    if not model:
        raise _missing(name, "model", entries, profile)
    return model


def _missing(name: str, key: str, entries: Mapping[str, Setting], profile: Profile) -> ConfigError:
    section = next((setting.section for setting in entries.values()), SECTION)
    title = profile.title
    return ConfigError(
        Message(
            f"{section}: the profile {name} does not say which {key} to use.",
            f"{section}: в профиле {name} не указано, какой {key} использовать.",
        ),
        section=section,
        key=key,
        next_step=Message(
            f"Set `{key}`: {title.en} has no usual one.",
            f"Задайте `{key}`: у {title.ru} нет обычного значения.",
        ),
        code=f"config-{key}-missing",
    )


def _check_route(
    name: str,
    entries: Mapping[str, Setting],
    key: Key | None,
    endpoint: Endpoint,
    profile: Profile,
) -> None:
    """Raise where the workspace says where a key goes that is not its own."""
    if key is None or (key.from_dotenv and not key.beside):
        return
    foreign = {n: s for n, s in entries.items() if s.source is Source.WORKSPACE}
    if key.beside and "endpoint" in foreign:
        own = Endpoint.read(key.beside)
        if own is None or own.origin != endpoint.origin:
            raise workspace_error(foreign["endpoint"], "endpoint", _BESIDE_THE_KEY)
        del foreign["endpoint"]
    for entry in _routes(key, endpoint, profile):
        if entry in foreign:
            raise workspace_error(foreign[entry], entry)
    if "type" in foreign and not key.stored and "endpoint" not in entries:
        trusted = {n: s for n, s in entries.items() if n not in foreign}
        if _profile(name, trusted).endpoint != profile.endpoint:
            raise workspace_error(foreign["type"], "type")


def _routes(key: Key, endpoint: Endpoint, profile: Profile) -> tuple[str, ...]:
    """The entries that decide where `key` travels."""
    bound = key.stored and key.source is Source.WORKSPACE
    options = tuple(option.name for option in profile.options if option.route)
    usual = Endpoint.read(profile.endpoint)
    at_home = usual is not None and usual.origin == endpoint.origin
    # A type that logs in elsewhere would take a key of another provider there.
    login = ("type",) if options and not at_home else ()
    return (*(_AROUND_THE_BINDING if bound else _ROUTE_KEYS), *options, *login)


def _check_transport(config: LlmProviderConfig, key: Key | None, given: Setting | None) -> None:
    if key is None or config.endpoint.protects_keys:
        return
    raise ConfigError(
        Message(
            f"The endpoint {config.endpoint.origin} is not encrypted: no key is sent there.",
            f"Адрес {config.endpoint.origin} без шифрования: ключ туда не отправляется.",
        ),
        section=given.section if given else SECTION,
        key="endpoint",
        next_step=Message(
            "Use https://, or remove the key.", "Используйте https:// или уберите ключ."
        ),
        code="config-endpoint-insecure",
    )
