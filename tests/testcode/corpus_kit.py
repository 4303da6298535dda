"""The corpus of foreign tests: its suites, their labels, and how well a reader agrees with them.

    .venv/bin/python -m tests.testcode.corpus_kit python [suite] [--root FOLDER]

A suite is a folder with the source files of one small project (`.txt` behind every name),
`labels.txt` (what a human found in them) and `environment.txt` (the variables that it reads, with
`{origin}`, `{base_url}`, `{key}` and `{token}` for what the bookstore has).

Rules of the labels beside those that the notation shows: what cleans up behind a test (after
`yield`, `tearDown`) is no part of it; `a || b` in a label means that both readings are right;
`check * ?` is about several calls at once, so that any of them will do.
Levels of helpers are counted from the test's body or from a fixture's.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.model.source import BodyKind, SourceLanguage, TestFile, TestFunction
from pe4king_core.testcode import CodeBase, CodeView, language_of, read_tests
from tests.testcode import corpus_notation, telling

CORPUS = Path(__file__).parent / "corpus"
_CALL = re.compile(r"call (\S+ \S+(?: \|\| \S+ \S+)*)(?: (json|form|multipart))?( setup)?")
_BODIES = frozenset({BodyKind.JSON, BodyKind.FORM, BodyKind.MULTIPART})
_CHECK = re.compile(r"check (\d+|-|\*) (.+)")


@dataclass(frozen=True, slots=True)
class CallLabel:
    """`METHOD PATH`, or `?` where nobody could tell without running the code; any of `keys`."""

    keys: tuple[str, ...]
    setup: bool
    body: str = ""

    def __str__(self) -> str:
        return " || ".join(self.keys) + " setup" * self.setup


@dataclass(frozen=True, slots=True)
class AssertionLabel:
    """The keys of its call (`-` for none, `*` for any) and the readings that are right."""

    call: tuple[str, ...]
    readings: tuple[str, ...]

    def __str__(self) -> str:
        return f"[{' || '.join(self.call)}] {' || '.join(self.readings)}"


@dataclass(frozen=True, slots=True)
class TestLabels:
    """What one test does, as a human read it."""

    __test__ = False

    calls: tuple[CallLabel, ...] = ()
    assertions: tuple[AssertionLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """One small project: its files by path, its labels by test id, the variables it reads."""

    name: str
    language: SourceLanguage
    files: Mapping[str, str]
    labels: Mapping[str, TestLabels]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """Right, wrongly found, and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        there = self.right + self.missed
        return self.right / there if there else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """How a reader agrees with labels, and where it does not, in plain lines."""

    name: str
    tests: int = 0
    calls: Tally = Tally()
    assertions: Tally = Tally()
    bodies: Tally = Tally()
    """Of the calls that were found: in which form the request carries its body."""
    differences: tuple[str, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            self.name,
            self.tests + other.tests,
            self.calls + other.calls,
            self.assertions + other.assertions,
            self.bodies + other.bodies,
            self.differences + other.differences,
        )


def suites(language: str, root: Path = CORPUS) -> list[Suite]:
    """The suites of a language, by name."""
    folders = sorted(path for path in (root / language).iterdir() if path.is_dir())
    return [load_suite(folder, SourceLanguage(language)) for folder in folders]


def load_suite(folder: Path, language: SourceLanguage) -> Suite:
    """One suite; its texts as they are, line ends included."""
    files = {
        path.relative_to(folder).as_posix().removesuffix(".txt"): _text(path)
        for path in sorted(folder.rglob("*.txt"))
        if "." in path.name.removesuffix(".txt")
    }
    environment = folder / "environment.txt"
    lines = _text(environment).splitlines() if environment.exists() else []
    return Suite(
        folder.name,
        language,
        files,
        parse_labels(_text(folder / "labels.txt"), folder.name),
        dict(line.split("=", 1) for line in lines if "=" in line),
    )


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def parse_labels(text: str, name: str) -> dict[str, TestLabels]:
    """`labels.txt` by test id; says the line of what it does not understand."""
    blocks: dict[str, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(" "):
            current.append((number, line.strip()))
        elif line in blocks:
            raise ValueError(f"{name}/labels.txt:{number}: twice: {line}")
        else:
            current = blocks[line] = []
    return {test: _test_labels(lines, name) for test, lines in blocks.items()}


def _test_labels(lines: Sequence[tuple[int, str]], name: str) -> TestLabels:
    calls: list[CallLabel] = []
    checks: list[tuple[str, str]] = []
    for number, line in lines:
        if (found := _CALL.fullmatch(line)) is not None:
            keys = tuple(_key(*each.split(" ")) for each in found[1].split(" || "))
            calls.append(CallLabel(keys, bool(found[3]), found[2] or ""))
        elif (found := _CHECK.fullmatch(line)) is not None:
            checks.append((found[1], found[2]))
        else:
            raise ValueError(f"{name}/labels.txt:{number}: not understood: {line}")

    def keys_of(number: str) -> tuple[str, ...]:
        return (number,) if number in "-*" else calls[int(number) - 1].keys

    try:
        assertions = [
            (
                keys_of(number),
                tuple(
                    each
                    if each == "?"
                    else corpus_notation.assertion(each, lambda n: keys_of(n)[0])
                    for each in text.split(" || ")
                ),
            )
            for number, text in checks
        ]
    except (ValueError, IndexError) as error:
        raise ValueError(f"{name}/labels.txt, near line {lines[0][0]}: {error}") from error
    return TestLabels(tuple(calls), tuple(_single(assertions)))


def _single(
    assertions: Iterable[tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterator[AssertionLabel]:
    """One label for each statement: whether a range is written as one or two is no difference."""
    for keys, readings in assertions:
        parts = corpus_notation.ends(readings[0]) if len(readings) == 1 else ()
        if len(parts) > 1:
            yield from (AssertionLabel(keys, (part,)) for part in parts)
        else:
            yield AssertionLabel(keys, readings)


def _key(method: str, path: str) -> str:
    return "?" if "?" in (method, path) else f"{method} {corpus_notation.path(path)}"


def lay_out(suite: Suite, folder: Path) -> None:
    """The suite's files as its team has them."""
    for path, text in suite.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))


def uri_of(suite: Suite, path: str) -> str:
    """The name of a file of the suite for the reader."""
    return f"file:///corpus/{suite.name}/{path}"


def code_base(suite: Suite) -> CodeBase:
    """All files of the suite, as a workspace has them."""
    texts = {uri_of(suite, path): text for path, text in suite.files.items()}
    return CodeBase(texts.get, texts)


def read_suite(suite: Suite) -> dict[str, TestFile]:
    """The test files by path, read with everything around them."""
    base = code_base(suite)
    return {
        path: read_tests(text, suite.language, CodeView(base, uri_of(suite, path)))
        for path, text in suite.files.items()
        if language_of(path) is suite.language
    }


def tests_of(suite: Suite) -> dict[str, tuple[str, TestFile, TestFunction]]:
    """What the reader found, by test id: the file's path, the file, the test."""
    return {
        "::".join([path, *test.qualified_name.split(".")]): (path, file, test)
        for path, file in read_suite(suite).items()
        for test in file.tests
    }


def score(suite: Suite) -> Score:
    """The reader's findings against the labels."""
    found = {test: function for test, (_, _, function) in tests_of(suite).items()}
    total = Score(suite.name, len(suite.labels))
    for test in {**suite.labels, **found}:
        if test not in found:
            total += Score("", differences=(f"{suite.name}/{test}: test not found",))
        elif test not in suite.labels:
            total += Score("", differences=(f"{suite.name}/{test}: test without labels",))
        total += _score_test(
            f"{suite.name}/{test}", suite.labels.get(test, TestLabels()), found.get(test)
        )
    return total


def _score_test(name: str, labels: TestLabels, found: TestFunction | None) -> Score:
    read = _as_labels(found) if found is not None else TestLabels()
    pairs, missed, wrong = _compared_calls(labels.calls, read.calls)
    other = [(label, call) for label, call in pairs if label.body != call.body]
    calls = Tally(len(labels.calls) - len(missed), len(wrong), len(missed))
    lacking, extra = _unmatched(labels.assertions, read.assertions)
    assertions = Tally(len(labels.assertions) - len(lacking), len(extra), len(lacking))
    differences = [
        *(f"{name}: call missed: {each}" for each in missed),
        *(f"{name}: call wrong: {each}" for each in wrong),
        *(
            f"{name}: body of {label}: {call.body or 'none'} instead of {label.body or 'none'}"
            for label, call in other
        ),
        *(f"{name}: check missed: {each}" for each in lacking),
        *(f"{name}: check wrong: {each}" for each in extra),
    ]
    bodies = Tally(len(pairs) - len(other), len(other), len(other))
    return Score("", 0, calls, assertions, bodies, tuple(differences))


def _as_labels(found: TestFunction) -> TestLabels:
    calls = []
    keys: dict[str, str] = {}
    for call in found.calls:
        keys[call.id] = _key(*telling.noted_call(call).split(" ")[:2])
        sent = str(call.parts.body) if call.parts.body in _BODIES else ""
        calls.append(CallLabel((keys[call.id],), call.setup, sent))
    assertions = []
    for each in found.assertions:
        noted = telling.noted_assertion(each, keys)
        # A reading without a check is as good as none where the labels say "cannot be told".
        vague = each.subject is None or each.check is None or each.opaque
        readings = [] if noted == "?" else [corpus_notation.assertion(noted, lambda key: key)]
        key = "-" if each.call is None else keys[each.call]
        assertions.append(((key,), (*readings, *["?"] * vague)))
    return TestLabels(tuple(calls), tuple(_single(assertions)))


def _compared_calls(
    labels: Sequence[CallLabel], found: Sequence[CallLabel]
) -> tuple[list[tuple[CallLabel, CallLabel]], list[CallLabel], list[CallLabel]]:
    """What fits together, labels without a finding, and findings without a label."""
    pairs: list[tuple[CallLabel, CallLabel]] = []
    lacking, extra = list(labels), list(found)
    for label in sorted(labels, key=lambda each: len(each.keys)):
        fitting = [
            each for each in extra if each.setup == label.setup and each.keys[0] in label.keys
        ]
        if fitting:
            hit = min(fitting, key=lambda each: each.body != label.body)
            pairs.append((label, hit))
            extra.remove(hit)
            lacking.remove(label)
    return pairs, lacking, extra


def _unmatched(
    labels: Sequence[AssertionLabel], found: Sequence[AssertionLabel]
) -> tuple[list[AssertionLabel], list[AssertionLabel]]:
    """Labels without a finding and findings without a label; exact readings go first."""
    lacking, extra = list(labels), list(found)
    by_choice = sorted(labels, key=lambda each: len(each.readings))
    for vague in (False, True):
        for label in [each for each in by_choice if any(each is left for left in lacking)]:
            hit = next((each for each in extra if _agree(label, each, vague=vague)), None)
            if hit is not None:
                extra = [each for each in extra if each is not hit]
                lacking = [each for each in lacking if each is not label]
    return lacking, extra


def _agree(label: AssertionLabel, found: AssertionLabel, *, vague: bool) -> bool:
    shared = set(label.readings) & set(found.readings)
    same = "*" in label.call or found.call[0] in label.call
    return same and (("?" in shared) if vague else bool(shared - {"?"}))


def table(scores: Sequence[Score]) -> str:
    """Precision and recall by suite and overall."""
    lines = [f"{'suite':24} tests |  calls   P     R  | checks   P     R  | bodies"]
    total = sum(scores, Score("overall"))
    for each in [*scores, total]:
        calls, checks = each.calls, each.assertions
        lines.append(
            f"{each.name:24} {each.tests:5} | {calls.right + calls.missed:5}"
            f"  {calls.precision:.3f} {calls.recall:.3f} | {checks.right + checks.missed:5}"
            f"  {checks.precision:.3f} {checks.recall:.3f} |  {each.bodies.precision:.3f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Prints the differences and the table."""
    parser = argparse.ArgumentParser(description="How well the reader agrees with the corpus.")
    parser.add_argument("language", choices=[str(each) for each in SourceLanguage])
    parser.add_argument("suite", nargs="?", help="only this one")
    parser.add_argument("--root", type=Path, default=CORPUS, help="another corpus")
    options = parser.parse_args(arguments)
    chosen = [
        each
        for each in suites(options.language, options.root)
        if options.suite in (None, each.name)
    ]
    scores = [score(each) for each in chosen]
    text = "\n".join([*(line for each in scores for line in each.differences), "", table(scores)])
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
