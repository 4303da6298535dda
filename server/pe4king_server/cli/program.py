"""The options of every command but `serve`, in the user's language, and where they lead."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from pe4king_core import __version__
from pe4king_core.errors import UserError
from pe4king_core.model.case import Focus
from pe4king_core.model.message import Message, language_of
from pe4king_server.cli.argparse_texts import use_language
from pe4king_server.cli.generate_options import add_generate
from pe4king_server.cli.mock_options import add_mock
from pe4king_server.cli.model_options import add_ask, add_key, add_providers
from pe4king_server.cli.prove_options import add_consent, add_prove
from pe4king_server.cli.record_options import add_record
from pe4king_server.settings import DEPTHS

if TYPE_CHECKING:
    from pe4king_server.cli.output import Output

_INTERRUPTED = Message("Interrupted.", "Прервано.")
_UNTOUCHED = Message("Interrupted; nothing was written.", "Прервано; ничего не записано.")
_LEVELS = ("error", "warning", "information")


def user_language() -> str:
    """ "en" or "ru": PE4KING_LANG, else the locale's variables in their usual order."""
    for name in ("PE4KING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return language_of(value)
    return "en"


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name."""
    language = user_language()
    # Problems are told by the commands; the log is for the server.
    logging.getLogger("pe4king_server").addHandler(logging.NullHandler())
    use_language(language)
    options = parser(language).parse_args(arguments)
    from pe4king_server.cli.output import Output

    output = Output(language, color=False if options.no_color else None)
    try:
        code: int = options.run(options, output)
    except UserError as error:
        output.problem(error)
        return 1
    except BrokenPipeError:
        return _hang_up()
    except KeyboardInterrupt:
        untouched = getattr(options, "untouched", False)
        output.problem(UserError(_UNTOUCHED if untouched else _INTERRUPTED))
        return 130
    return code


def _hang_up() -> int:
    """The reader of our output left (`| head`): that is no error of ours."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage()
        self.exit(2, f"{self.prog}: {message}\n")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """As it is, but a command tells of its own unknown options, with those that it has."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown and " " in self.prog:
            self.error(self._unknown(unknown[0]))
        return found, unknown

    def _unknown(self, given: str) -> str:
        import difflib

        options = [name for name in self._option_string_actions if name.startswith("--")]
        wanted = "--" + given.lstrip("-").partition("=")[0] if given.startswith("-") else "\0"
        near = difflib.get_close_matches(wanted, options, n=1, cutoff=0.5)
        near = near or [name for name in options if name.startswith(wanted)]
        hint = Message(f"; did you mean {near[0]}?", f"; возможно, {near[0]}?") if near else None
        told = Message(f"there is no option {given}", f"параметра {given} нет")
        language = user_language()
        return told.text(language) + (hint.text(language) if hint else "")


def parser(language: str) -> argparse.ArgumentParser:
    """All commands with their options."""

    def say(en: str, ru: str) -> str:
        return Message(en, ru).text(language)

    made = _Parser(
        prog="pe4king",
        description=say(
            "API tests from OpenAPI documents: written, improved, proved.",
            "Тесты API по документам OpenAPI: написать, улучшить, доказать.",
        ),
    )
    made.add_argument(
        "--version",
        action="version",
        version=f"pe4king {__version__}",
        help=say("show the version and exit", "показать версию и выйти"),
    )
    common = _Parser(add_help=False)
    common.add_argument("--no-color", action="store_true", help=say("plain output", "без цвета"))
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = say("run the language server", "запустить языковой сервер")
    commands.add_parser("serve", help=serve, add_help=False)
    _add_inspect(commands, common, language)
    add_generate(commands, [common, _remote(language)], language, _generate)
    for name, title in (
        ("enhance", say("add the checks that tests lack", "добавить недостающие проверки")),
        ("negative", say("add negative tests", "добавить негативные тесты")),
        ("explain", say("tell what tests check", "объяснить, что проверяют тесты")),
    ):
        _add_test_command(commands, common, name, title, language)
    add_prove(commands, [common, _remote(language)], language, _prove)
    add_consent(commands, [common], language, _consent)
    _add_status(commands, common, language)
    add_mock(commands, [common, _remote(language)], language, _mock)
    add_record(commands, [common, _remote(language)], language, _record)
    add_providers(commands, [common], language, _providers)
    add_key(commands, [common], language, _key)
    add_ask(commands, [common], language, _ask)
    demo = commands.add_parser(
        "demo",
        parents=[common],
        help=say("show everything in a minute", "показать всё за минуту"),
    )
    demo.add_argument(
        "--keep", metavar="DIR", help=say("keep the files in DIR", "сохранить файлы в DIR")
    )
    demo.set_defaults(run=_demo)
    return made


Commands = argparse._SubParsersAction  # the only name argparse has for it


def _add_inspect(commands: Commands[_Parser], common: _Parser, language: str) -> None:
    from pe4king_server.cli.inspect_place import line_and_column

    def say(en: str, ru: str) -> str:
        return Message(en, ru).text(language)

    made = commands.add_parser(
        "inspect",
        parents=[common, _remote(language)],
        help=say(
            "tell what is in a document and what is wrong with it",
            "показать, что есть в документе и что в нём не так",
        ),
    )
    made.add_argument("document", metavar="FILE", help=say("OpenAPI document", "документ OpenAPI"))
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.add_argument(
        "--level",
        choices=_LEVELS,
        default=_LEVELS[-1],
        help=say("the least severity that is shown", "показывать замечания не ниже этого уровня"),
    )
    made.add_argument(
        "--fail-on",
        choices=_LEVELS,
        help=say(
            "exit with 1 at such a finding or a graver one",
            "завершиться с кодом 1 при таком или более серьёзном замечании",
        ),
    )
    place = made.add_mutually_exclusive_group()
    place.add_argument(
        "--at",
        metavar="LINE[:COLUMN]",
        type=partial(line_and_column, language=language),
        help=say("tell what stands there", "показать, что там стоит"),
    )
    place.add_argument(
        "--pointer",
        metavar="POINTER",
        help=say("tell where this element stands", "показать, где стоит этот элемент"),
    )
    made.set_defaults(run=_inspect)


def _remote(language: str) -> _Parser:
    """The option of all commands that read documents."""
    made = _Parser(add_help=False)
    made.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help=Message(
            "read `$ref`s to this host; may be repeated",
            "читать `$ref` с этого хоста; можно повторять",
        ).text(language),
    )
    return made


def _add_test_command(
    commands: Commands[_Parser],
    common: _Parser,
    name: str,
    title: str,
    language: str,
) -> None:
    def say(en: str, ru: str) -> str:
        return Message(en, ru).text(language)

    made = commands.add_parser(name, parents=[common, _remote(language)], help=title)
    made.add_argument(
        "file", metavar="FILE", help=say("test file or document", "файл тестов или документ")
    )
    made.add_argument(
        "--test",
        action="append",
        default=[],
        metavar="NAME",
        help=say("only this test", "только этот тест"),
    )
    made.add_argument(
        "--operation",
        action="append",
        default=[],
        metavar="ID",
        help=say("an operation of a document", "операция документа"),
    )
    made.add_argument(
        "--spec",
        default="",
        metavar="DOC",
        help=say(
            "the OpenAPI document (default: found below here)",
            "документ OpenAPI (по умолчанию ищется здесь)",
        ),
    )
    made.add_argument("--no-ai", action="store_true", help=say("rules only", "только правила"))
    made.add_argument(
        "--write",
        action="store_true",
        help=say(
            "change the files (default: show a diff)", "изменить файлы (по умолчанию показать diff)"
        ),
    )
    made.add_argument("--depth", choices=list(DEPTHS), default="L5")
    made.add_argument(
        "--focus", action="append", default=[], choices=[str(focus) for focus in Focus]
    )
    made.set_defaults(run=_on_tests)


def _add_status(commands: Commands[_Parser], common: _Parser, language: str) -> None:
    def say(en: str, ru: str) -> str:
        return Message(en, ru).text(language)

    made = commands.add_parser(
        "status",
        parents=[common, _remote(language)],
        help=say(
            "tell which document and environment tests have",
            "показать, какой документ и какое окружение у тестов",
        ),
    )
    made.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default="",
        help=say("test file or folder (default: here)", "файл тестов или папка (по умолчанию эта)"),
    )
    made.add_argument("--json", action="store_true", help=say("as JSON", "в виде JSON"))
    made.add_argument(
        "--spec",
        default="",
        metavar="DOC",
        help=say("the OpenAPI document", "документ OpenAPI"),
    )
    made.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help=say("address of the API", "адрес API"),
    )
    made.add_argument(
        "--versions",
        action="store_true",
        help=say(
            "ask the programs found for their versions", "спросить у найденных программ их версии"
        ),
    )
    made.set_defaults(run=_status)


def _status(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.environment import status_command

    return status_command(options, output)


def _inspect(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.inspect import inspect_command

    return inspect_command(options, output)


def _generate(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.generate import generate_command

    return generate_command(options, output)


def _prove(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.prove import prove_command

    return prove_command(options, output)


def _consent(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.consent import consent_command

    return consent_command(options, output)


def _mock(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.mock import mock_command

    return mock_command(options, output)


def _record(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.record import record_command

    return record_command(options, output)


def _providers(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.providers import providers_command

    return providers_command(options, output)


def _key(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.key import key_command

    return key_command(options, output)


def _ask(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.ask import ask_command

    return ask_command(options, output)


def _on_tests(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.on_tests import on_tests

    return on_tests(options, output)


def _demo(options: argparse.Namespace, output: Output) -> int:
    from pe4king_server.cli.demo import demo

    return demo(options, output)
