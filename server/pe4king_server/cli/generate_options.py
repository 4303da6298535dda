"""The options of `pe4king generate`, in the user's language."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from pe4king_server.cli.options import Run, saying, wrong
from pe4king_server.settings import DEFAULT_MAXIMUM, DEPTHS, SEVERITIES


def add_generate(
    commands: Any, parents: Sequence[argparse.ArgumentParser], language: str, run: Run
) -> None:
    """Add the command to `commands` (what `add_subparsers` gives)."""
    say = saying(language)
    made: argparse.ArgumentParser = commands.add_parser(
        "generate",
        parents=parents,
        help=say("write tests for a document", "написать тесты по документу"),
    )
    made.add_argument("document", metavar="DOC", help=say("OpenAPI document", "документ OpenAPI"))
    _selection(made.add_argument_group(say("what", "что")), language)
    _look(made.add_argument_group(say("how", "как")), language)
    _result(made.add_argument_group(say("where to", "куда")), language)
    made.set_defaults(run=run)


def _selection(group: argparse._ArgumentGroup, language: str) -> None:
    say = saying(language)
    several = say("; may be repeated", "; можно повторять")
    group.add_argument(
        "--operation",
        action="append",
        default=[],
        metavar="ID",
        help=say("operationId or 'GET /path'", "operationId или 'GET /path'") + several,
    )
    group.add_argument(
        "--tag",
        action="append",
        default=[],
        metavar="TAG",
        help=say("operations with this tag", "операции с этим тегом") + several,
    )
    group.add_argument(
        "--path",
        action="append",
        default=[],
        metavar="GLOB",
        help=say("paths such as '/books/**'", "пути, например '/books/**'") + several,
    )
    group.add_argument(
        "--kinds",
        default="positive,negative,edge",
        metavar="KINDS",
        help=say(
            "of positive, negative, edge (default: all)",
            "из positive, negative, edge (по умолчанию все)",
        ),
    )
    group.add_argument(
        "--no-behaviour",
        action="store_true",
        help=say(
            "only what the document states (no create-then-read, no unknown id)",
            "только то, что сказано в документе (без чтения созданного и неизвестных id)",
        ),
    )
    group.add_argument(
        "--max",
        type=partial(_whole, language=language),
        default=DEFAULT_MAXIMUM,
        metavar="N",
        help=say(
            f"the N most valuable tests of each operation (default: {DEFAULT_MAXIMUM}; 0: all)",
            f"N самых ценных тестов на операцию (по умолчанию {DEFAULT_MAXIMUM}; 0 — все)",
        ),
    )
    group.add_argument(
        "--seed",
        type=partial(_whole, language=language),
        default=1,
        metavar="N",
        help=say("other sample values", "другие значения данных"),
    )


def _whole(text: str, language: str) -> int:
    """A whole number from 0 on; argparse names the option where it is none."""
    if text.isascii() and text.isdigit():
        return int(text)
    raise wrong(
        f"{text} is not a whole number from 0 on",
        f"{text} — не целое число от 0 и больше",
        language,
    )


def _look(group: argparse._ArgumentGroup, language: str) -> None:
    say = saying(language)
    group.add_argument(
        "--format",
        default="auto",
        help=say("pytest or junit-restassured", "pytest или junit-restassured"),
    )
    group.add_argument(
        "--client",
        choices=("httpx", "requests"),
        default="httpx",
        help=say("the HTTP client of pytest", "HTTP-клиент для pytest"),
    )
    group.add_argument(
        "--classes", action="store_true", help=say("pytest: in classes", "pytest: в классах")
    )
    group.add_argument(
        "--package", default="", help=say("Java package (default: api)", "пакет Java (api)")
    )
    group.add_argument(
        "--depth",
        choices=list(DEPTHS),
        default="L5",
        help=say("how deep tests look into answers", "как глубоко проверяются ответы"),
    )
    group.add_argument(
        "--no-allure", action="store_true", help=say("no Allure labels", "без меток Allure")
    )
    group.add_argument(
        "--feature",
        default="",
        metavar="NAME",
        help=say("Allure feature (default: the tag)", "Allure feature (по умолчанию тег)"),
    )
    group.add_argument(
        "--owner", default="", metavar="NAME", help=say("Allure owner", "Allure owner")
    )
    group.add_argument("--severity", choices=SEVERITIES, help="Allure severity")
    group.add_argument(
        "--no-own",
        action="store_true",
        help=say(
            "leave my fixtures and base classes alone", "не использовать мои фикстуры и классы"
        ),
    )


def _result(group: argparse._ArgumentGroup, language: str) -> None:
    say = saying(language)
    group.add_argument(
        "--out",
        default="",
        metavar="DIR",
        help=say(
            "default: beside my tests where their clients serve, else api-tests",
            "по умолчанию рядом с моими тестами, если подходят их клиенты, иначе api-tests",
        ),
    )
    only = group.add_mutually_exclusive_group()
    only.add_argument(
        "--dry-run",
        action="store_true",
        help=say("print, write nothing", "показать, ничего не записывать"),
    )
    only.add_argument(
        "--check",
        action="store_true",
        help=say(
            "write nothing; exit with 1 if something would be written",
            "ничего не записывать; код 1, если было бы что записать",
        ),
    )
    only.add_argument(
        "--list",
        action="store_true",
        help=say(
            "write nothing; every case as a line of JSON",
            "ничего не записывать; каждый случай строкой JSON",
        ),
    )
    group.add_argument(
        "--no-run",
        action="store_true",
        help=say(
            "do not run the new tests, though I consented to that",
            "не запускать новые тесты, хотя согласие на это есть",
        ),
    )
    group.add_argument(
        "--verbose",
        action="store_true",
        help=say("everything that was left out, and why", "всё, что пропущено, и почему"),
    )
