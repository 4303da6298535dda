"""The texts of argparse itself in Russian; it asks gettext, which has none for them."""

from __future__ import annotations

import argparse
import gettext

_RUSSIAN = {
    "usage: ": "использование: ",
    "positional arguments": "аргументы",
    "options": "параметры",
    "show this help message and exit": "показать эту справку и выйти",
    "argument %(argument_name)s: %(message)s": "параметр %(argument_name)s: %(message)s",
    "the following arguments are required: %s": "не хватает обязательных параметров: %s",
    "unrecognized arguments: %s": "неизвестные параметры: %s",
    "not allowed with argument %s": "нельзя вместе с %s",
    "one of the arguments %s is required": "нужен один из параметров %s",
    "expected one argument": "нужно одно значение",
    "ignored explicit argument %r": "значение %r здесь не нужно",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s подходит к нескольким "
    "параметрам: %(matches)s",
    "invalid %(type)s value: %(value)r": "недопустимое значение (%(type)s): %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "нет варианта %(value)r "
    "(есть %(choices)s)",
}


def use_language(language: str) -> None:
    """Let argparse speak `language`; what is not known here stays as it is."""
    # argparse has no other place for this: its texts go through this name of the module.
    vars(argparse)["_"] = _russian if language == "ru" else gettext.gettext


def _russian(text: str) -> str:
    return _RUSSIAN.get(text, text)
