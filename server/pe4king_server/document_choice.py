"""Which of several documents a test file is about, and what its calls mean there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from pe4king_core.improvement.matching import Match, match_call
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import TestCall, TestFile, TestFunction

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Understood:
    """What the calls of a test mean.

    `operations` and `problems` go by call id: a call is in exactly one of them. `document` is the
    one that the operations come from; None where no document knows a call of the file. `notes`
    tell what the user should know of how it was found: other documents that fit as well, a base
    path that is not the documented one.
    """

    operations: dict[str, Operation] = field(default_factory=dict)
    document: ApiDocument | None = None
    problems: Mapping[str, Message] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """The document of a test file; `known` of its calls are in it; `rivals` know as many."""

    document: ApiDocument
    known: int
    rivals: tuple[ApiDocument, ...] = ()

    @property
    def note(self) -> Message | None:
        """Which document was taken, where others would do as well."""
        if not self.rivals:
            return None
        chosen, *others = short_names([each.uri for each in (self.document, *self.rivals)])
        listed = ", ".join(others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
        return Message(
            f"The calls of this file are in several documents; {chosen} is used, not {listed}. "
            "The setting pe4king.document names one.",
            f"Вызовы этого файла есть в нескольких документах; используется {chosen}, "
            f"а не {listed}. Нужный документ задаёт настройка pe4king.document.",
        )


def understand_calls(
    test: TestFunction,
    documents: Sequence[ApiDocument],
    file: TestFile | None = None,
    near: str = "",
) -> Understood:
    """The operations of the calls of `test`.

    They come from the one document that knows most calls of the whole `file`, which lies at the
    URI `near`; the nearest of those that know as many.
    """
    choice = choose(_calls(file.tests if file is not None else (test,)), documents, near)
    return Understood() if choice is None else _understood(test, choice, documents)


def understand_file(
    file: TestFile, documents: Sequence[ApiDocument], near: str = ""
) -> dict[str, Understood]:
    """What the calls of all tests of `file` mean, by the tests' qualified names."""
    choice = choose(_calls(file.tests), documents, near)
    return {
        test.qualified_name: Understood()
        if choice is None
        else _understood(test, choice, documents)
        for test in file.tests
    }


def _understood(test: TestFunction, choice: Choice, documents: Sequence[ApiDocument]) -> Understood:
    matches = {call.id: match_call(call, choice.document) for call in test.calls}
    operations = {
        name: match.operation for name, match in matches.items() if match.operation is not None
    }
    calls = {call.id: call for call in test.calls}
    problems = {
        name: _problem(calls[name], match, choice.document, documents)
        for name, match in matches.items()
        if match.operation is None
    }
    notes = [match.note for match in matches.values() if match.operation is not None]
    if operations:
        notes.insert(0, choice.note)
    return Understood(
        operations,
        choice.document if choice.known else None,
        problems,
        tuple(dict.fromkeys(note for note in notes if note is not None)),
    )


def choose(
    calls: Iterable[TestCall], documents: Sequence[ApiDocument], near: str = ""
) -> Choice | None:
    """The document that knows most of `calls`, the nearest to `near` of several; None of none."""
    if not documents:
        return None
    distinct: dict[tuple[str, str, tuple[str, ...]], list[TestCall]] = {}
    for call in calls:
        if call.unresolved is None:
            key = (call.method, call.path, call.parameter_names)
            distinct.setdefault(key, []).append(call)
    known = [
        sum(
            len(same)
            for same in distinct.values()
            if match_call(same[0], document).operation is not None
        )
        for document in documents
    ]
    most = max(known)
    best = [each for each, count in zip(documents, known, strict=True) if count == most]
    best.sort(key=lambda each: (distance(each.uri, near), each.uri))
    return Choice(best[0], most, tuple(best[1:]) if most else ())


def distance(uri: str, near: str) -> tuple[int, int]:
    """Folders up from the file `near`, then down to the file `uri`; (0, 0) without `near`."""
    if not near:
        return 0, 0
    here, there = (unquote(each).split("/")[:-1] for each in (near, uri))
    shared = 0
    for mine, theirs in zip(here, there, strict=False):
        if mine != theirs:
            break
        shared += 1
    return len(here) - shared, len(there) - shared


def short_names(uris: Sequence[str]) -> list[str]:
    """The ends of paths by which `uris` can be told apart."""
    parts = [unquote(uri).split("/") for uri in uris]
    longest = max(map(len, parts), default=1)
    for length in range(1, longest + 1):
        names = ["/".join(part[-length:]) for part in parts]
        if len(set(names)) == len(set(uris)):
            return names
    return ["/".join(part) for part in parts]


def _calls(tests: Iterable[TestFunction]) -> Iterable[TestCall]:
    return (call for test in tests for call in test.calls)


def _problem(
    call: TestCall, match: Match, chosen: ApiDocument, documents: Sequence[ApiDocument]
) -> Message:
    """Why the call has no operation, and which other document has it."""
    reason = match.reason
    assert reason is not None  # noqa: S101 - a match without operation has a reason
    others = [
        document.uri
        for document in documents
        if document is not chosen and match_call(call, document).operation is not None
    ]
    if not others:
        return reason
    name = short_names([chosen.uri, *others])[1]
    return Message(
        f"{reason.en} {name} has it, but most calls of this file are in another document.",
        f"{reason.ru} Она есть в {name}, но большинство вызовов файла — из другого документа.",
    )
