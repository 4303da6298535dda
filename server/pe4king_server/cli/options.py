"""What the options of several commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from pe4king_core.model.message import Message

if TYPE_CHECKING:
    from pe4king_server.cli.output import Output

Run = Callable[[argparse.Namespace, "Output"], int]
"""Carries a command out; gives its exit code."""

Say = Callable[[str, str], str]
"""Of an English and a Russian text the one that is wanted."""


def saying(language: str) -> Say:
    """Texts in `language`."""
    return lambda en, ru: Message(en, ru).text(language)


def wrong(en: str, ru: str, language: str) -> argparse.ArgumentTypeError:
    """Why a value is not taken; argparse names the option."""
    return argparse.ArgumentTypeError(saying(language)(en, ru))


def whole_number(text: str, *, most: int, language: str, least: int = 1) -> int:
    """The number that `text` says. Raises ArgumentTypeError."""
    if text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise wrong(
        f"this is a whole number from {least} to {most}",
        f"здесь целое число от {least} до {most}",
        language,
    )


def add_recorded(made: argparse.ArgumentParser, say: Say) -> None:
    """`--recorded FILE`."""
    made.add_argument(
        "--recorded",
        action="append",
        default=[],
        metavar="FILE",
        help=say(
            "answer as this recording of `pe4king record` first; may be repeated",
            "сначала отвечать по этой записи `pe4king record`; можно повторять",
        ),
    )
