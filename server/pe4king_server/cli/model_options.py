"""The options of `pe4king providers`, `pe4king key` and `pe4king ask`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from pe4king_server.cli.options import Run, saying

Parents = Sequence[argparse.ArgumentParser]


def add_providers(commands: Any, parents: Parents, language: str, run: Run) -> None:
    """Add `providers` to `commands` (what `add_subparsers` gives)."""

    say = saying(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "providers",
        parents=parents,
        help=say("show and test the configured models", "показать и проверить настроенные модели"),
    )
    made.add_argument(
        "what",
        nargs="?",
        default="show",
        choices=["show", "test", "types"],
        help=say(
            "show the profiles (default), test them, or list the types there are",
            "показать профили (по умолчанию), проверить их или перечислить типы",
        ),
    )
    made.add_argument(
        "name", nargs="?", default="", metavar="NAME", help=say("one profile", "один профиль")
    )
    made.add_argument(
        "--ask",
        action="store_true",
        help=say(
            "with `test`: also ask for one word, which costs a few tokens",
            "для `test`: ещё и попросить одно слово (стоит несколько токенов)",
        ),
    )
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.set_defaults(run=run)


def add_key(commands: Any, parents: Parents, language: str, run: Run) -> None:
    """Add `key` to `commands`."""

    say = saying(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "key",
        parents=parents,
        help=say(
            "keep keys in the system's keychain", "хранить ключи в системном хранилище ключей"
        ),
        description=say(
            "A key is asked for without showing it, or read from standard input; it is never an "
            "argument. It is bound to one address and sent nowhere else.",
            "Ключ спрашивается без показа на экране или читается со стандартного ввода, но не "
            "передаётся параметром. Он привязан к одному адресу и больше никуда не отправляется.",
        ),
    )
    made.add_argument("what", choices=["set", "list", "remove"])
    made.add_argument(
        "name",
        nargs="?",
        default="",
        metavar="NAME",
        help=say("the key's or the profile's name", "имя ключа или профиля"),
    )
    _add_place(made, say)
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.set_defaults(run=run)


def _add_place(made: argparse.ArgumentParser, say: Callable[[str, str], str]) -> None:
    place = made.add_mutually_exclusive_group()
    place.add_argument(
        "--origin",
        default="",
        metavar="URL",
        help=say("the address the key is for", "адрес, для которого этот ключ"),
    )
    place.add_argument(
        "--profile",
        default="",
        metavar="PROFILE",
        help=say("the profile whose address it is for", "профиль, для адреса которого этот ключ"),
    )


def add_ask(commands: Any, parents: Parents, language: str, run: Run) -> None:
    """Add `ask` to `commands`."""

    say = saying(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "ask", parents=parents, help=say("ask the configured model", "спросить настроенную модель")
    )
    made.add_argument(
        "prompt",
        metavar="PROMPT",
        help=say("the question; - reads standard input", "вопрос; - читает стандартный ввод"),
    )
    made.add_argument(
        "--profile",
        default="",
        metavar="PROFILE",
        help=say(
            "ask this profile only (default: the active one, then its fall-backs)",
            "спросить только этот профиль (по умолчанию активный, затем запасные)",
        ),
    )
    made.add_argument(
        "--system",
        default="",
        metavar="TEXT",
        help=say("instructions for the model", "указания для модели"),
    )
    made.add_argument(
        "--no-stream",
        action="store_true",
        help=say("print the answer when it is complete", "вывести ответ целиком, когда он готов"),
    )
    made.set_defaults(run=run)
