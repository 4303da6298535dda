"""`pe4king key`: keys in the system's keychain, each for one address."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.key_places import known_keys, place_of
from pe4king_server.cli.output import Output
from pe4king_server.cli.stdin import read_stdin

if TYPE_CHECKING:
    from pe4king_adapter.privacy.key_index import StoredKey
    from pe4king_adapter.secret import SecretValue

_PATIENCE = 60.0
"""Seconds that the keychain gets when it may have to ask the user to unlock it."""


def key_command(options: argparse.Namespace, output: Output) -> int:
    """Set, list or remove."""
    if options.what == "list":
        return _list(options, output)
    if not options.name:
        raise UserError(
            Message("Which key? Its name is missing.", "Какой ключ? Не указано имя."),
            next_step=Message(
                f"For example: pe4king key {options.what} work",
                f"Например: pe4king key {options.what} work",
            ),
            code="key-name",
        )
    key = place_of(options, output)
    return _set(key, output) if options.what == "set" else _remove(key, output)


def _set(key: StoredKey, output: Output) -> int:
    from pe4king_adapter.privacy.key_index import KeyIndex
    from pe4king_adapter.privacy.keychain import Keychain

    secret, keychain = _entered(key, output), Keychain(time_limit=_PATIENCE)

    async def store() -> SecretValue | None:
        await keychain.store(key.name, key.origin, secret)
        return await keychain.read(key.name, key.origin)

    if asyncio.run(store()) != secret:
        raise UserError(
            Message("The keychain did not keep the key.", "Хранилище не сохранило ключ."),
            next_step=Message(
                "Put it into an environment variable, and use `env:NAME` in the profile.",
                "Задайте его в переменной окружения и укажите в профиле `env:ИМЯ`.",
            ),
            code="key-not-kept",
        )
    _listed(lambda: KeyIndex.of_user().add(key), output)
    output.say(
        Message(
            f"The key {key.name} is in the keychain; it is sent to {key.origin} only.",
            f"Ключ {key.name} сохранён в хранилище; он отправляется только на {key.origin}.",
        )
    )
    return 0


def _listed(change: Callable[[], None], output: Output) -> None:
    """Keep our list of keys true; where it cannot be written, keys work all the same."""
    try:
        change()
    except OSError as error:
        place = error.filename or ""
        output.note(
            Message(
                f"`key list` may be incomplete: {place} cannot be written.",
                f"`key list` может быть неполным: не удалось записать {place}.",
            )
        )


def _entered(key: StoredKey, output: Output) -> SecretValue:
    """The key from a hidden prompt, or from standard input where nobody types."""
    from pe4king_adapter.secret import SecretValue

    told = Message(f"Key {key.name} for {key.origin}: ", f"Ключ {key.name} для {key.origin}: ")
    text = _typed(told.text(output.language)) if sys.stdin.isatty() else read_stdin()
    if not text.strip():
        raise UserError(
            Message(
                "No key was entered; nothing was stored.", "Ключ не введён, ничего не сохранено."
            ),
            code="key-empty",
        )
    return SecretValue.parse(text, "stdin", key.name)


def _typed(prompt: str) -> str:
    """What the user types unseen; an end of input is nothing."""
    import getpass

    try:
        return getpass.getpass(prompt)
    except EOFError:
        return ""


def _remove(key: StoredKey, output: Output) -> int:
    from pe4king_adapter.privacy.key_index import KeyIndex
    from pe4king_adapter.privacy.keychain import Keychain

    keychain = Keychain(time_limit=_PATIENCE)

    async def remove() -> bool:
        if await keychain.read(key.name, key.origin) is None:
            return False
        await keychain.remove(key.name, key.origin)
        return True

    removed = asyncio.run(remove())
    _listed(lambda: KeyIndex.of_user().remove(key), output)
    if not removed:
        raise UserError(
            Message(
                f"There is no key {key.name} for {key.origin}.",
                f"Ключа {key.name} для {key.origin} нет.",
            ),
            next_step=Message(
                "`pe4king key list` shows them.", "Их показывает `pe4king key list`."
            ),
            code="key-unknown",
        )
    output.say(
        Message(
            f"The key {key.name} for {key.origin} is removed.",
            f"Ключ {key.name} для {key.origin} удалён.",
        )
    )
    return 0


def _list(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.providers_keys import stored_state

    keys = known_keys(output)

    async def states() -> list[Message]:
        return list(await asyncio.gather(*(stored_state(k.name, k.origin) for k in keys)))

    found = [state.text(output.language) for state in asyncio.run(states())]
    used = [", ".join(names) for names in keys.values()]
    if options.json:
        told = [
            {"name": key.name, "origin": key.origin, "profiles": list(names), "state": state}
            for (key, names), state in zip(keys.items(), found, strict=True)
        ]
        print_json({"keys": told})
        return 0
    if not keys:
        output.say(
            Message(
                "There are no keys. `pe4king key set NAME` stores one.",
                "Ключей нет. Сохранить ключ: `pe4king key set ИМЯ`.",
            )
        )
        return 0
    head = [Message("key", "ключ"), Message("for", "для"), Message("state", "состояние"),
            Message("profiles", "профили")]  # fmt: skip
    rows = [
        (key.name, key.origin, state, profiles)
        for key, state, profiles in zip(keys, found, used, strict=True)
    ]
    output.table([tuple(word.text(output.language) for word in head), *rows])
    return 0
