"""The options of `pe4king prove` and `pe4king consent`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from pe4king_server.cli.options import Run, Say, add_recorded, saying, whole_number, wrong
from pe4king_server.settings import MOST_MUTANTS, MOST_SECONDS, MOST_SEEDS, ProofSettings

SECONDS = 600


def add_prove(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command `prove` to `commands` (what `add_subparsers` gives)."""
    say = saying(language)
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
        type=partial(whole_number, most=MOST_SEEDS, language=language),
        default=usual.seeds,
        metavar="N",
        help=say(
            f"on how many varied servers a test has to pass (default: {usual.seeds})",
            f"на скольких разных серверах тест должен пройти (по умолчанию {usual.seeds})",
        ),
    )
    made.add_argument(
        "--mutants",
        type=partial(whole_number, most=MOST_MUTANTS, language=language),
        default=usual.mutants,
        metavar="N",
        help=say(
            f"the most mutants for one test (default: {usual.mutants})",
            f"не больше мутантов на один тест (по умолчанию {usual.mutants})",
        ),
    )
    made.add_argument(
        "--seconds",
        type=partial(whole_number, most=MOST_SECONDS, language=language),
        default=SECONDS,
        metavar="N",
        help=say(
            f"stop after so much time (default: {SECONDS})",
            f"остановиться через столько секунд (по умолчанию {SECONDS})",
        ),
    )


def _add_running(made: argparse.ArgumentParser, say: Say, language: str) -> None:
    add_recorded(made, say)
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
        type=partial(whole_number, least=0, most=100, language=language),
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
    say = saying(language)
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


def _name(text: str, *, language: str) -> str:
    if re.fullmatch(r"[A-Za-z_][\w.-]*", text):
        return text
    raise wrong("this is no name of a variable", "это не имя переменной", language)
