"""The gate `resolves`: every name that a proposal uses exists where its tests will run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import LineTable, Span
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.gates.resolving import fixtures, interpreter, python_names
from pe4king_core.proof.gates.resolving.compiler import Said, compile_text
from pe4king_core.proof.gates.resolving.problem import Problem
from pe4king_core.proof.gates.safety.python.code import PythonCode
from pe4king_core.proof.proposed import Proposed, Surroundings

_NOT_READ = Message("the text does not parse", "текст не разбирается")
_NO_PYTHON = Message("no Python interpreter was found", "интерпретатор Python не найден")
_NO_JDK = Message("no JDK was found", "JDK не найден")
_NO_CLASS_PATH = Message("the class path of the tests is not known", "class path тестов неизвестен")
_PROCESSORS = Message(
    "the project makes code with annotation processors, which are not run here",
    "проект создаёт код обработчиками аннотаций, которые здесь не запускаются",
)
_SOURCE_FOLDERS = ("", "src", "tests", "test")


class ResolvingGate:
    """Only what the proposal brings is judged: what was missing before is no fault of it."""

    level = Level.RESOLVES

    def check(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        """The first name that leads nowhere, with its place."""
        if proposed.language is SourceLanguage.JAVA:
            return self._java(proposed, around)
        return self._python(proposed, around)

    def _python(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        found = None if around.python is None else interpreter.asked(around.python)
        known = found if isinstance(found, interpreter.Interpreter) else None
        try:
            problems = _python_problems(proposed.after, proposed, around, known)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return LevelResult(self.level, LevelState.NOT_RUN, _NOT_READ)
        if problems and not proposed.is_new:
            try:
                before = _python_problems(proposed.before, proposed, around, known)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                before = []
            keys = {each.key for each in before}
            problems = [each for each in problems if each.key not in keys]
        if problems:
            first = problems[0]
            return LevelResult(self.level, LevelState.FAILED, first.reason, first.span)
        if known is None:
            reason = found if isinstance(found, Message) else _NO_PYTHON
            return LevelResult(self.level, LevelState.NOT_RUN, reason)
        return LevelResult(self.level, LevelState.PASSED)

    def _java(self, proposed: Proposed, around: Surroundings) -> LevelResult:
        if around.jdk is None or not around.class_path:
            reason = _NO_JDK if around.jdk is None else _NO_CLASS_PATH
            return LevelResult(self.level, LevelState.NOT_RUN, reason)
        said = _compiled(proposed.after, proposed, around)
        if isinstance(said, Message):
            return LevelResult(self.level, LevelState.NOT_RUN, said)
        if not said:
            return LevelResult(self.level, LevelState.PASSED)
        brought = said
        if not proposed.is_new:
            before = _compiled(proposed.before, proposed, around)
            if isinstance(before, Message):
                return LevelResult(self.level, LevelState.NOT_RUN, before)
            brought = _brought(before, said)
        return self._said(proposed.after, brought, said, around)

    def _said(
        self, text: str, brought: list[Said], all_said: list[Said], around: Surroundings
    ) -> LevelResult:
        own = [each for each in brought if each.own]
        if own and any("lombok" in each.name.lower() for each in around.class_path):
            return LevelResult(self.level, LevelState.NOT_RUN, _PROCESSORS)
        if own:
            told = own[0].message
            shown = Message(f"does not compile: {told}", f"не компилируется: {told}")
            span = _line(text, own[0].line)
            return LevelResult(self.level, LevelState.FAILED, shown, span)
        other = all_said[0].message
        elsewhere = Message(
            f"the project did not compile before either: {other}",
            f"проект и раньше не компилировался: {other}",
        )
        return LevelResult(self.level, LevelState.WARNED, elsewhere)


def _python_problems(
    text: str,
    proposed: Proposed,
    around: Surroundings,
    known: interpreter.Interpreter | None,
) -> list[Problem]:
    code = PythonCode(text)
    problems = list(python_names.undefined(code))
    if known is not None:
        path = Path(proposed.path) if proposed.path else None
        folders = _folders(path, around.root)
        problems += python_names.imports(code, known, folders, _package(path))
        places = (*folders, *known.folders)
        problems += fixtures.missing(code, path, around.texts, places)
    return sorted(problems, key=lambda each: each.span.start if each.span else 0)


def _folders(path: Path | None, root: Path | None) -> tuple[Path, ...]:
    """Where tests find modules of the project: from their folder up to the root."""
    found: dict[Path, None] = {}
    if path is not None:
        found[path.parent] = None
        inside = [
            each for each in path.parents if root is not None and root in (each, *each.parents)
        ]
        found |= dict.fromkeys(inside)
    if root is not None:
        found |= dict.fromkeys(root / each if each else root for each in _SOURCE_FOLDERS)
    return tuple(each for each in found if each.is_dir())


def _package(path: Path | None) -> str:
    """The package of the file: the folders above it that have an `__init__.py`."""
    names: list[str] = []
    for folder in path.parents if path is not None else ():
        if not (folder / "__init__.py").is_file():
            break
        names.insert(0, folder.name)
    return ".".join(names)


def _compiled(text: str, proposed: Proposed, around: Surroundings) -> list[Said] | Message:
    if around.jdk is None:
        return _NO_JDK
    others = {path: each for path, each in around.texts.items() if path != proposed.path}
    java = {path: each for path, each in others.items() if path.endswith(".java")}
    return compile_text(text, around.jdk, around.class_path, around.root, java)


def _brought(before: list[Said], after: list[Said]) -> list[Said]:
    known = Counter((each.own, each.message) for each in before)
    found: list[Said] = []
    for each in after:
        key = (each.own, each.message)
        if known[key]:
            known[key] -= 1
        else:
            found.append(each)
    return found


def _line(text: str, number: int) -> Span:
    return LineTable(text).line_span(number - 1)
