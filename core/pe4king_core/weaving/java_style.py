"""The words in which a Java test asserts: its library, and how it spells the library's names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pe4king_core.model.source import TestAssertion, TestCall, TestFile, TestFunction
from pe4king_core.model.text import Span
from pe4king_core.weaving.java_around import parsed, whole_expression
from pe4king_core.weaving.java_names import clash

CHAIN = "rest-assured"
_CLASSES = {
    "junit5": ("org.junit.jupiter.api.Assertions",),
    "junit4": ("org.junit.Assert",),
    "testng": ("org.testng.Assert",),
    "assertj": (
        "org.assertj.core.api.Assertions",
        "org.assertj.core.api.BDDAssertions",
        "org.assertj.core.api.AssertionsForClassTypes",
    ),
    "hamcrest": ("org.hamcrest.MatcherAssert", "org.junit.Assert"),
}
"""Where the assert methods of a library are."""
_NEIGHBOURS = 10
"""So many other tests of a file are asked for its words."""
_THEN = re.compile(r"\.\s*then\s*\(\s*\)|\bexpect\s*\(\s*\)")
_CALLED = re.compile(r"\s*(?:(?P<receiver>[\w.]+)\s*\.\s*)?(?P<name>[A-Za-z_]\w*)\s*\(")
_SOFT_TYPES = re.compile(
    r"\b(?P<kind>\w*SoftAssert(?:ions)?)\s+(?P<name>[^\W\d]\w*)\s*[=;,)]|"
    r"\bassertSoftly\s*\(\s*(?:\(\s*)?(?P<inner>[^\W\d]\w*)"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How assert methods are called here: `receiver` with its dot, else a static import."""

    library: str
    receiver: str = ""
    owner: str = ""
    """The class whose methods are imported statically."""
    starter: str = "assertThat"
    """The method that begins a fluent assertion (`then` in BDD style)."""
    soft: str = ""
    behind: Span | None = None
    """The last soft assertion of the call: new ones stand behind it, before `assertAll()`."""

    def imports(self, names: Iterable[str]) -> frozenset[str]:
        """The imports that make `names` callable."""
        if not self.owner or "." in self.receiver[:-1]:
            return frozenset()
        if self.receiver:
            return frozenset({self.owner} if list(names) else ())
        return frozenset(f"static {self.owner}.{name}" for name in names)


PLAIN_CHAIN = Spelling(CHAIN)


def hamcrest_of(file: TestFile) -> Spelling:
    """Hamcrest's `assertThat`, through its class where the plain name is another library's."""
    owner = "org.hamcrest.MatcherAssert"
    is_taken = clash(file, {f"static {owner}.assertThat"}) is not None
    return Spelling("hamcrest", "MatcherAssert." if is_taken else "", owner)


def spelling_of(file: TestFile, test: TestFunction, call: TestCall) -> Spelling:
    """How assertions of `call` are written: as its own, else the test's, else the file's.

    A chain of REST Assured links where none of these is certain.
    """
    told = _told(file, test)
    own = [spelling for each, spelling in told if each.call == call.id]
    found = _commonest(own) or _commonest([spelling for _, spelling in told])
    if found is not None:
        return found
    for other in [each for each in file.tests if each is not test][:_NEIGHBOURS]:
        found = _commonest([each for _, each in _told(file, other) if not each.soft])
        if found is not None:
            return found
    return PLAIN_CHAIN


def _told(file: TestFile, test: TestFunction) -> list[tuple[TestAssertion, Spelling]]:
    """The assertions that stand in `test` itself, with their words where those are certain."""
    own = [each for each in test.assertions if not each.via and test.span.contains(each.span.start)]
    if not own:
        return []
    source = parsed(file, test)
    found: list[tuple[TestAssertion, Spelling]] = []
    for each in own:
        spelling = _spelling(file, test, whole_expression(source, each.span))
        if spelling is not None:
            found.append((each, spelling))
    return found


def _commonest(told: Sequence[Spelling]) -> Spelling | None:
    """The words of most; of equally many, those that come first. Its last place is kept."""
    if not told:
        return None
    counted = Counter((each.library, each.soft) for each in told)
    most = counted.most_common(1)[0][0]
    return [each for each in told if (each.library, each.soft) == most][-1]


def _spelling(file: TestFile, test: TestFunction, span: Span) -> Spelling | None:
    """How the assertion at `span` is written; None where its words are not known for certain."""
    text = span.of(file.text)
    found = _CALLED.match(text)
    if found is None:
        return None
    receiver, name = found["receiver"] or "", found["name"]
    if not (name.startswith("assert") or (name == "then" and not receiver)):
        return PLAIN_CHAIN if _THEN.search(text) else None
    soft = _soft(file, test, receiver)
    if soft:
        return Spelling(soft, f"{receiver}.", soft=receiver, behind=span)
    is_matcher = name == "assertThat" and not _is_fluent(text)
    for library, owners in _CLASSES.items():
        if (library == "hamcrest") != is_matcher:
            continue
        for owner in owners:
            if _leads_to(file, receiver, name, owner):
                shown = f"{receiver}." if receiver else ""
                starter = name if library == "assertj" else "assertThat"
                return Spelling(library, shown, owner, starter)
    return None


def _is_fluent(text: str) -> bool:
    """Whether something is called on what `assertThat(...)` gives."""
    depth = 0
    quoted = False
    for index, character in enumerate(text):
        if character == '"' and text[index - 1] != "\\":
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return text[index + 1 :].lstrip().startswith(".")
    return False


def _leads_to(file: TestFile, receiver: str, name: str, owner: str) -> bool:
    """Whether `receiver.name` or the plain `name` is a method of `owner` in this file."""
    if receiver:
        package, _, simple = owner.rpartition(".")
        known = owner in file.imports or f"{package}.*" in file.imports
        return receiver == owner or (receiver == simple and known)
    return f"static {owner}.{name}" in file.imports or f"static {owner}.*" in file.imports


def _soft(file: TestFile, test: TestFunction, receiver: str) -> str:
    """The library of the collector `receiver`; empty where it is none."""
    if not receiver or "." in receiver:
        return ""
    for text in (test.span.of(file.text), file.text):
        for found in _SOFT_TYPES.finditer(text):
            if found["inner"] == receiver:
                return "assertj"
            if found["name"] == receiver:
                is_testng = found["kind"] == "SoftAssert"
                return "testng" if is_testng else "assertj"
    return ""
