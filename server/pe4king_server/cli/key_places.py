"""Which address a key is for: as told, or that of the profile that uses it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.output import Output
from pe4king_server.cli.providers import setup_here

if TYPE_CHECKING:
    from pe4king_adapter.config import NamedProfile
    from pe4king_adapter.privacy.key_index import StoredKey


def place_of(options: argparse.Namespace, output: Output) -> StoredKey:
    """The key that `options` name, with the origin it is bound to. Raises UserError."""
    from pe4king_adapter.config.keys import NAME
    from pe4king_adapter.privacy.key_index import StoredKey

    name = options.name.removeprefix("keyring:")
    if not NAME.fullmatch(name):
        raise UserError(
            Message(
                "A key's name has only letters, digits, `_`, `-` and `.`; nothing was stored.",
                "В имени ключа бывают латинские буквы, цифры, `_`, `-` и `.`; ничего не сохранено.",
            ),
            next_step=Message(
                "The key itself is asked for afterwards; it is never an argument.",
                "Сам ключ спрашивается потом, параметром он не передаётся.",
            ),
            code="key-name",
        )
    if options.origin:
        return StoredKey(name, _origin(options.origin))
    if options.profile:
        return _of_profile(name, setup_here().profile(options.profile))
    return _found(name, options.what, output)


def known_keys(output: Output) -> dict[StoredKey, tuple[str, ...]]:
    """The keys that profiles name or that we stored, with the profiles that use each."""
    from pe4king_adapter.errors import ConfigError
    from pe4king_adapter.privacy.key_index import KeyIndex

    found: dict[StoredKey, tuple[str, ...]] = dict.fromkeys(KeyIndex.of_user().all(), ())
    try:
        profiles = setup_here().profiles
    except ConfigError as error:
        output.problem(error)
        return found
    for profile in profiles:
        key = _key_of(profile)
        if key is not None:
            found[key] = (*found.get(key, ()), profile.name)
    return dict(sorted(found.items()))


def _key_of(profile: NamedProfile) -> StoredKey | None:
    from pe4king_adapter.privacy.key_index import StoredKey

    config = profile.config
    if config is None or not config.api_key_ref.startswith("keyring:"):
        return None
    return StoredKey(config.api_key_ref.removeprefix("keyring:"), config.endpoint.origin)


def _found(name: str, what: str, output: Output) -> StoredKey:
    """The key by the profiles that use it, by the profile of that name, or as it was stored."""
    setup = setup_here()
    if what == "remove":
        stored = [key for key in known_keys(output) if key.name == name]
    else:
        keys = (_key_of(profile) for profile in setup.profiles if not profile.foreign_endpoint)
        stored = [key for key in keys if key is not None and key.name == name]
    distinct = list(dict.fromkeys(stored))
    if len(distinct) == 1:
        return distinct[0]
    if len(distinct) > 1:
        raise _several(name, [key.origin for key in distinct])
    named = [profile for profile in setup.profiles if profile.name == name]
    if named:
        return _of_profile(name, named[0])
    if (usual := _usual_origin(name)) is not None:
        return usual
    raise UserError(
        Message(
            f"No profile uses the key {name}, so its address is not known.",
            f"Ключ {name} не указан ни в одном профиле, поэтому его адрес неизвестен.",
        ),
        next_step=Message(
            f"Tell it: pe4king key {what} {name} --origin https://...",
            f"Укажите адрес: pe4king key {what} {name} --origin https://...",
        ),
        code="key-origin",
    )


def _usual_origin(name: str) -> StoredKey | None:
    """The address of the provider whose type `name` is, for a key before its profile."""
    from pe4king_adapter.config.endpoint import Endpoint
    from pe4king_adapter.privacy.key_index import StoredKey
    from pe4king_adapter.registry import built_in_profiles

    profile = next((each for each in built_in_profiles() if each.type == name), None)
    endpoint = Endpoint.read(profile.endpoint) if profile and profile.endpoint else None
    return StoredKey(name, endpoint.origin) if endpoint is not None else None


def _of_profile(name: str, profile: NamedProfile) -> StoredKey:
    from pe4king_adapter.privacy.key_index import StoredKey

    if profile.config is None:
        raise profile.error or UserError(
            Message("This profile asks no model.", "Этот профиль не обращается к модели.")
        )
    origin = profile.config.endpoint.origin
    if not profile.foreign_endpoint:
        return StoredKey(name, origin)
    raise UserError(
        Message(
            f"The address {origin} was chosen by the workspace ({profile.place}), not by you.",
            f"Адрес {origin} выбран рабочей областью ({profile.place}), а не вами.",
        ),
        next_step=Message(
            f"If your key is meant for it: pe4king key set {name} --origin {origin}",
            f"Если ваш ключ предназначен для него: pe4king key set {name} --origin {origin}",
        ),
        code="key-origin-foreign",
    )


def _origin(given: str) -> str:
    from pe4king_adapter.config.endpoint import Endpoint
    from pe4king_adapter.config.values import Setting, Source

    endpoint = Endpoint.parse(Setting(given, Source.USER, "pe4king key", "--origin"), "--origin")
    if endpoint.protects_keys:
        return endpoint.origin
    raise UserError(
        Message(
            f"{endpoint.origin} is not encrypted: no key is sent there.",
            f"Адрес {endpoint.origin} без шифрования: ключ туда не отправляется.",
        ),
        next_step=Message("Use https://.", "Используйте https://."),
        code="config-endpoint-insecure",
    )


def _several(name: str, origins: list[str]) -> UserError:
    shown = ", ".join(origins)
    return UserError(
        Message(
            f"The key {name} is for several addresses: {shown}.",
            f"Ключ {name} относится к нескольким адресам: {shown}.",
        ),
        next_step=Message("Choose one with `--origin`.", "Выберите один параметром `--origin`."),
        code="key-origin",
    )
