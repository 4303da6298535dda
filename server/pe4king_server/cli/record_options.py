"""The options of `pe4king record`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from pe4king_core.model.message import Message
from pe4king_server.cli.mock_options import port_of
from pe4king_server.cli.options import Run, wrong

PORT = 4020
KILOBYTES = 256
SECONDS = 60


def add_record(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command to `commands` (what `add_subparsers` gives)."""

    def say(en: str, ru: str) -> str:
        return Message(en, ru).text(language)

    made: argparse.ArgumentParser = commands.add_parser(
        "record",
        parents=parents,
        help=say(
            "record what a real API answers, without its secrets",
            "записать ответы настоящего API, скрыв секреты",
        ),
    )
    made.add_argument("url", metavar="URL", help=say("address of the API", "адрес API"))
    made.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help=say("the recording; it is continued if it is there", "файл записи; есть — дополнить"),
    )
    made.add_argument(
        "--spec",
        default="",
        metavar="DOC",
        help=say("the API's OpenAPI document", "документ OpenAPI этого API"),
    )
    made.add_argument(
        "--port",
        type=partial(port_of, language=language),
        default=PORT,
        metavar="PORT",
        help=say(
            f"where to listen (default: {PORT}); 0 takes a free one",
            f"порт (по умолчанию {PORT}); 0 — любой свободный",
        ),
    )
    _add_masking(made, language)
    _add_limits(made, language)
    made.add_argument(
        "--quiet", action="store_true", help=say("no request log", "без журнала запросов")
    )
    made.set_defaults(run=run)


def _add_masking(made: argparse.ArgumentParser, language: str) -> None:
    for name, en, ru in (
        (
            "--mask",
            "a header, parameter or member that is secret as well; may be repeated",
            "заголовок, параметр или поле, которое тоже секретно; можно повторять",
        ),
        (
            "--no-mask",
            "one that is recorded as it is; may be repeated",
            "то, что записывается как есть; можно повторять",
        ),
    ):
        made.add_argument(
            name, action="append", default=[], metavar="NAME", help=Message(en, ru).text(language)
        )


def _add_limits(made: argparse.ArgumentParser, language: str) -> None:
    for name, usual, en, ru in (
        ("--max-body", KILOBYTES, "kilobytes recorded of a body", "сколько килобайт тела писать"),
        ("--timeout", SECONDS, "seconds the API may be silent", "сколько секунд ждать ответа API"),
    ):
        made.add_argument(
            name,
            type=partial(_number, language=language),
            default=usual,
            metavar="N",
            help=Message(f"{en} (default: {usual})", f"{ru} (по умолчанию {usual})").text(language),
        )


def _number(text: str, *, language: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 7 or int(text) == 0:
        raise wrong("this is a whole number from 1 on", "здесь нужно целое число от 1", language)
    return int(text)
