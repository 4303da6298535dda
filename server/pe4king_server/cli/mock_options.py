"""The options of `pe4king mock`."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from pe4king_server.cli.listening import LOCAL
from pe4king_server.cli.options import Run, Say, add_recorded, saying, wrong

PORT = 4010
_MILLISECONDS = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def add_mock(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command to `commands` (what `add_subparsers` gives)."""
    say = saying(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "mock",
        parents=parents,
        help=say(
            "answer requests as a document says, before the API exists",
            "отвечать на запросы по документу, пока самого API ещё нет",
        ),
    )
    made.add_argument(
        "documents", metavar="DOC", nargs="+", help=say("OpenAPI document", "документ OpenAPI")
    )
    _add_address(made, say, language)
    _add_values(made, say, language)
    _add_behaviour(made, say, language)
    _add_recorded(made, say)
    made.add_argument(
        "--quiet", action="store_true", help=say("no request log", "без журнала запросов")
    )
    made.add_argument(
        "--log-format",
        choices=("text", "json"),
        default="text",
        help=say("the request log for people or for programs", "вид журнала запросов"),
    )
    made.set_defaults(run=run)


def _add_address(made: argparse.ArgumentParser, say: Say, language: str) -> None:
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
    made.add_argument(
        "--host",
        default=LOCAL,
        metavar="HOST",
        help=say(
            "address to listen at (default: only this machine)",
            "адрес (по умолчанию только этот компьютер)",
        ),
    )
    made.add_argument(
        "--no-cors",
        action="store_true",
        help=say("refuse pages of other origins", "не отвечать страницам других сайтов"),
    )


def _add_values(made: argparse.ArgumentParser, say: Say, language: str) -> None:
    made.add_argument(
        "--seed",
        type=partial(_seed, language=language),
        default=1,
        metavar="N",
        help=say(
            "other answers; the same number, the same answers (default: 1)",
            "другие ответы; то же число — те же ответы (по умолчанию 1)",
        ),
    )
    made.add_argument(
        "--variety",
        choices=("plain", "full"),
        default="plain",
        help=say(
            "how far answers go: as people would write them, or to every bound (default: plain)",
            "каковы ответы: как написал бы человек (plain, по умолчанию) или до всех границ (full)",
        ),
    )


def _add_behaviour(made: argparse.ArgumentParser, say: Say, language: str) -> None:
    made.add_argument(
        "--lenient",
        action="store_true",
        help=say(
            "accept requests that a tolerant server would",
            "принимать запросы, которые принял бы нестрогий сервер",
        ),
    )
    made.add_argument(
        "--delay",
        type=partial(_delay, language=language),
        default=(0.0, 0.0),
        metavar="MS[-MS]",
        help=say("answer so many milliseconds later", "отвечать на столько миллисекунд позже"),
    )
    made.add_argument(
        "--fail",
        type=partial(_rate, language=language),
        default=0.0,
        metavar="RATE",
        help=say(
            "this part of the requests fails, from 0 to 1",
            "доля запросов, которые завершатся ошибкой, от 0 до 1",
        ),
    )
    made.add_argument(
        "--unknown-ids",
        choices=("invented", "refused"),
        default="invented",
        help=say(
            "what is found at ids that nobody made (default: invented)",
            "что отвечать на id, которых никто не создавал (по умолчанию invented: придумать)",
        ),
    )
    made.add_argument(
        "--credential",
        action="append",
        default=[],
        metavar="TEXT",
        help=say(
            "the only key or token that is right; may be repeated",
            "единственный верный ключ или токен; можно повторять",
        ),
    )


def _add_recorded(made: argparse.ArgumentParser, say: Say) -> None:
    add_recorded(made, say)
    made.add_argument(
        "--as-recorded",
        action="store_true",
        help=say(
            "also with recorded answers that the document does not allow",
            "в том числе ответами, которых документ не допускает",
        ),
    )


def port_of(text: str, *, language: str) -> int:
    """The port that `text` says. Raises ArgumentTypeError."""
    if not text.isdecimal() or len(text) > 5 or int(text) > 65_535:
        raise wrong("a port is a number from 0 to 65535", "порт — число от 0 до 65535", language)
    return int(text)


def _seed(text: str, *, language: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise wrong("a seed is a whole number", "здесь нужно целое число", language)
    return int(text)


def _delay(text: str, *, language: str) -> tuple[float, float]:
    match = _MILLISECONDS.fullmatch(text)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise wrong(
            "a delay is milliseconds: 200, or 100-500",
            "задержка — миллисекунды: 200 или 100-500",
            language,
        )
    return float(match[1]), float(match[2] or match[1])


def _rate(text: str, *, language: str) -> float:
    try:
        rate = float(text.replace(",", "."))
    except ValueError:
        rate = math.nan
    if not 0 <= rate <= 1:
        raise wrong("a rate is a number from 0 to 1", "доля — число от 0 до 1", language)
    return rate
