"""`pe4king consent`: which folders' code may be run, and the question before it is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.output import Output, one_line
from pe4king_server.consent import Consents
from pe4king_server.files import is_there, workspace_of

_YES = frozenset({"y", "yes", "д", "да"})


def consent_command(options: argparse.Namespace, output: Output) -> int:
    """Show, give or withdraw."""
    consents = Consents.of_user()
    if options.what == "show":
        return _show(consents, options, output)
    folder = _folder(options.folder)
    shown = one_line(str(folder))
    if options.what == "give":
        if not folder.is_dir():
            raise UserError(Message(f"{shown} is not a folder.", f"{shown} — не папка."))
        consents.give(folder)
        output.say(
            Message(
                f"Tests of {shown} may be run from now on, in a sandbox.",
                f"Тесты из {shown} теперь можно запускать, в песочнице.",
            )
        )
    elif consents.withdraw(folder):
        output.say(
            Message(
                f"Nothing of {shown} is run any more.", f"Из {shown} больше ничего не запускается."
            )
        )
    else:
        output.say(Message(f"There was no consent for {shown}.", f"Согласия для {shown} не было."))
    return 0


def require_consent(folder: Path, output: Output, *, yes: bool) -> None:
    """Return where the code of `folder` may be run; asks on a terminal, once a folder.

    `yes` is for this run only. Raises UserError where nobody says so.
    """
    consents = Consents.of_user()
    if yes or consents.given(folder):
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise _refused(folder)
    question = Message(
        f"`pe4king prove` runs the tests of {one_line(str(folder))} in a sandbox: no network but "
        "the mocked API, no secrets, no file outside of a scratch folder. This is asked once.",
        f"`pe4king prove` запускает тесты из {one_line(str(folder))} в песочнице: без сети, кроме "
        "имитации API, без секретов, без файлов вне временной папки. Спрашивается один раз.",
    )
    if not output.asks(question, Message("Run them? [y/N] ", "Запускать? [да/НЕТ] "), _YES):
        raise _refused(folder)
    consents.give(folder)


def _show(consents: Consents, options: argparse.Namespace, output: Output) -> int:
    given = consents.all()
    if options.folder:
        folder = _folder(options.folder)
        given = tuple(each for each in given if each.folder == folder)
    if options.json:
        told = [{"folder": str(each.folder), "given": each.given} for each in given]
        print_json({"consents": told})
        return 0
    if not given:
        output.say(Message("No consent was given.", "Согласий не было."))
        return 0
    head = Message("folder", "папка"), Message("given", "дано")
    rows = [(str(each.folder), each.given) for each in given]
    output.table([(head[0].text(output.language), head[1].text(output.language)), *rows])
    return 0


def _folder(given: str) -> Path:
    """The folder that was named, else the workspace that the user stands in."""
    if not given:
        return workspace_of(Path.cwd() / "_", Path.cwd()).resolve()
    path = Path(given)
    if not is_there(path):
        return path.absolute()  # a folder that is gone can still lose its consent
    return path.resolve()


def _refused(folder: Path) -> UserError:
    shown = one_line(str(folder))
    return UserError(
        Message(
            f"Nothing was run: there is no consent to run the tests of {shown}.",
            f"Ничего не запускалось: нет согласия запускать тесты из {shown}.",
        ),
        next_step=Message(
            "`pe4king consent give` in that folder gives it once and for all, `--yes` for one run.",
            "Его даёт `pe4king consent give` в этой папке (раз и навсегда) или `--yes` (на один "
            "запуск).",
        ),
        code="no-consent",
    )
