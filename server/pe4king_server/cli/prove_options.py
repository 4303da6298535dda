"""The options of `pe4king prove` and `pe4king consent`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pe4king_core.model.message import Message
from pe4king_server.settings import MOST_MUTANTS, MOST_SECONDS, MOST_SEEDS, ProofSettings

if TYPE_CHECKING:
    from pe4king_server.cli.output import Output

Run = Callable[[argparse.Namespace, "Output"], int]
Say = Callable[[str, str], str]

SECONDS = 600


def add_prove(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command `prove` to `commands` (what `add_subparsers` gives)."""
    say = _say(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "prove",
        parents=parents,
        help=say(
            "run tests against a conforming server and against broken ones",
            "запустить тесты на верном сервере и на сломанных",
        ),
    )
    made.add_argument(
        "tests",
        metavar="TESTS",
        nargs="+",
        help=say("test files or folders", "файлы тестов или папки"),
    )
    made.add_argument(
        "--spec",
        action="append",
        default=[],
        metavar="DOC",
        help=say(
            "the OpenAPI document (default: found); may be repeated",
            "документ OpenAPI (по умолчанию ищется); можно повторять",
        ),
    )
    made.add_argument(
        "--test",
        action="append",
        default=[],
        metavar="NAME",
        help=say("only this test; may be repeated", "только этот тест; можно повторять"),
    )
    _add_amounts(made, say, language)
    _add_running(made, say, language)
    _add_results(made, say, language)
    made.set_defaults(run=run)


def _add_amounts(made: argparse.ArgumentParser, say: Say, language: str) -> None:
    usual = ProofSettings()
    made.add_argument(
        "--seeds",
        type=partial(_number, most=MOST_SEEDS, language=language),
        default=usual.seeds,
        metavar="N",
        help=say(
            f"on how many varied servers a test has to pass (default: {usual.seeds})",
            f"на скольких разных серверах тест должен пройти (по умолчанию {usual.seeds})",
        ),
    )
    made.add_argument(
        "--mutants",
        type=partial(_number, most=MOST_MUTANTS, language=language),
        default=usual.mutants,
        metavar="N",
        help=say(
            f"the most mutants for one test (default: {usual.mutants})",
            f"не больше мутантов на один тест (по умолчанию {usual.mutants})",
        ),
    )
    made.add_argument(
        "--seconds",
        type=partial(_number, most=MOST_SECONDS, language=language),
        default=SECONDS,
        metavar="N",
        help=say(
            f"stop after so much time (default: {SECONDS})",
            f"остановиться через столько секунд (по умолчанию {SECONDS})",
        ),
    )


def _add_running(made: argparse.ArgumentParser, say: Say, language: str) -> None:
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
    made.add_argument(
        "--base-url-name",
        type=partial(_name, language=language),
        action="append",
        default=[],
        metavar="NAME",
        help=say(
            "environment variable with the address of the API; may be repeated",
            "переменная окружения с адресом API; можно повторять",
        ),
    )
    made.add_argument(
        "--python",
        default="",
        metavar="FILE",
        help=say("the interpreter of the tests", "интерпретатор тестов"),
    )
    made.add_argument(
        "--yes",
        action="store_true",
        help=say("consent to this one run", "согласиться на этот запуск"),
    )


def _add_results(made: argparse.ArgumentParser, say: Say, language: str) -> None:
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.add_argument(
        "--html",
        metavar="FILE",
        default="",
        help=say("write a page with the heat map", "записать страницу с тепловой картой"),
    )
    made.add_argument(
        "--min-kills",
        type=partial(_number, least=0, most=100, language=language),
        default=None,
        metavar="PERCENT",
        help=say(
            "exit with 1 where fewer of the mutants reached are killed",
            "завершиться с кодом 1, если убита меньшая доля задетых мутантов",
        ),
    )


def add_consent(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command `consent`."""
    say = _say(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "consent",
        parents=parents,
        help=say(
            "say whose tests may be run, in a sandbox",
            "указать, чьи тесты можно запускать в песочнице",
        ),
    )
    made.add_argument(
        "what",
        nargs="?",
        default="show",
        choices=("show", "give", "withdraw"),
        help=say("what to do (default: show)", "что сделать (по умолчанию show)"),
    )
    made.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default="",
        help=say(
            "the workspace (default: the one around here)",
            "рабочая область (по умолчанию та, что здесь)",
        ),
    )
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.set_defaults(run=run)


def _say(language: str) -> Say:
    return lambda en, ru: Message(en, ru).text(language)


def _name(text: str, *, language: str) -> str:
    if re.fullmatch(r"[A-Za-z_][\w.-]*", text):
        return text
    told = Message("this is no name of a variable", "это не имя переменной")
    raise argparse.ArgumentTypeError(told.text(language))


def _number(text: str, *, most: int, language: str, least: int = 1) -> int:
    if text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    told = Message(
        f"this is a whole number from {least} to {most}", f"здесь целое число от {least} до {most}"
    )
    raise argparse.ArgumentTypeError(told.text(language))
