"""One dangerous thing in a text, and which of them a proposal brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from pe4king_core.model.message import Message
from pe4king_core.model.text import Span


class Harm(Enum):
    """What is wrong with something, as the end of a sentence."""

    PROGRAMS = Message("starts or ends programs", "запускает или завершает программы")
    FILES = Message("reads or writes files", "читает или пишет файлы")
    NETWORK = Message(
        "opens connections past the client of the API",
        "открывает соединения в обход клиента API",
    )
    THREADS = Message("runs code beside the test", "выполняет код параллельно с тестом")
    CODE = Message("runs or changes code at run time", "выполняет или меняет код на ходу")
    MODULE = Message("is not needed to test an API", "не нужен для теста API")
    SECRETS = Message(
        "reads what these tests have no use for from the environment",
        "читает из окружения то, что этим тестам не нужно",
    )
    ENDLESS = Message("never ends", "никогда не закончится")
    LARGE = Message("takes too much time or memory", "требует слишком много времени или памяти")
    ADDRESS = Message(
        "leads to an address that is not the API's", "ведёт на адрес, который не принадлежит API"
    )
    HIDDEN = Message("hides what it says", "скрывает, что в нём написано")
    JUDGING = Message(
        "changes how tests are run or judged", "меняет то, как тесты запускаются и оцениваются"
    )
    SHADOWING = Message("would be replaced by this file", "будет подменён этим файлом")
    UNKNOWN = Message("is not known to be harmless", "неизвестно, безвреден ли он")


@dataclass(frozen=True, slots=True)
class Danger:
    """`text` is the code in one spelling, to compare; not `fatal`: a warning."""

    reason: Message
    text: str
    span: Span
    fatal: bool = True

    @classmethod
    def of(cls, what: str, harm: Harm, text: str, span: Span, *, fatal: bool = True) -> Danger:
        """`what` (a piece of the code) does `harm`."""
        shown = " ".join(what.split())
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        reason = Message(f"{shown} {harm.value.en}", f"{shown} {harm.value.ru}")
        return cls(reason, text, span, fatal)


_SHOWN = 80


def brought(before: Iterable[Danger], after: Iterable[Danger]) -> list[Danger]:
    """The dangers of `after` that `before` did not have: worst first, then in order.

    Compared by what they say, so existing code may be moved and laid out anew.
    """
    known = Counter((each.reason.en, each.text) for each in before)
    found: list[Danger] = []
    for each in after:
        key = (each.reason.en, each.text)
        if known[key]:
            known[key] -= 1
        else:
            found.append(each)
    return sorted(found, key=lambda each: (not each.fatal, each.span.start, each.reason.en))
