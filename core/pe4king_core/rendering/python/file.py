"""A whole file of pytest tests: what stands above the tests, and the tests."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pe4king_core.model.case import TestModel, TestStyle
from pe4king_core.rendering.patterns import FORMATS
from pe4king_core.rendering.python.checks import constant_name
from pe4king_core.rendering.python.imports import import_block, used_imports
from pe4king_core.rendering.python.labels import NEEDS_DATA_CODE, imports_of, needs_data
from pe4king_core.rendering.python.shared import Shared, answer_functions, shared_by
from pe4king_core.rendering.python.test import written_test
from pe4king_core.rendering.python.text import WIDTH, call, docstring, identifier, raw_string
from pe4king_core.rendering.python.values import (
    LAST_SEGMENT,
    LAST_SEGMENT_CODE,
    NEEDED,
    NEEDED_CODE,
    QUOTED,
    QUOTED_CODE,
)
from pe4king_core.rendering.templates import template

_AFTERWARDS = "afterwards"
_AFTERWARDS_CODE = f'''\
@pytest.fixture
def {_AFTERWARDS}():
    """Takes what to do when the test is over; the last one is done first."""
    tasks = []
    yield tasks.append
    for task in reversed(tasks):
        try:
            answer = task()
        except Exception as problem:
            print(f"Not cleaned up: {{problem!r}}")
        else:
            if answer.status_code >= 400 and answer.status_code != 404:
                print(f"Not cleaned up: {{answer.status_code}}")'''


def test_file(model: TestModel, style: TestStyle) -> str:
    """The text of the module with every case of `model`."""
    shared = shared_by(model.cases, style)
    answers = answer_functions(model.cases, shared)
    tests = [written_test(case, shared, answers) for case in model.cases]
    fixtures = list(shared.fixtures.made.values()) if shared.fixtures is not None else []
    texts = shared.fixtures.texts if shared.fixtures is not None else []
    groups = shared.groups
    shared.imports |= groups.imports
    shared.formats |= groups.formats
    pieces = [
        *(factory.code for factory in (*shared.payloads.values(), *shared.queries.values())),
        *texts,
        *(fixture.code for fixture in fixtures),
        *(function.code for function in (*groups.functions, *answers.functions)),
    ]
    imports = shared.imports | imports_of(style, model.cases) | set(style.own.imports)
    if fixtures or shared.labels.code:
        imports.add("pytest" if fixtures else "allure")
    used = used_imports([*pieces, *tests])
    imports |= set(used.values())
    if LAST_SEGMENT in used:
        pieces.insert(0, LAST_SEGMENT_CODE)
    if QUOTED in used:
        pieces.insert(0, QUOTED_CODE)
    if NEEDED in used:
        pieces.insert(0, NEEDED_CODE)
    if not style.own.support and any(_is_argument(_AFTERWARDS, test) for test in tests):
        pieces.append(_AFTERWARDS_CODE)
        imports.add("pytest")
    skips = NEEDS_DATA_CODE if needs_data(model.cases) else ""
    statements = (shared.labels.code, skips, _constants(shared))
    return template("pytest/tests.py.jinja").render(
        docstring=docstring(f"{model.group}: tests of {model.title}, written by Pe4King."),
        imports=import_block(imports),
        statements=[part for part in statements if part],
        blocks=[*pieces, *([_in_class(model, tests)] if style.classes else tests)],
    )


test_file.__test__ = False  # type: ignore[attr-defined]  # not a test itself


def _constants(shared: Shared) -> str:
    """The patterns of formats that assertions name."""
    lines = []
    for name in FORMATS:
        if name in shared.formats:
            start = f"{constant_name(name)} = re.compile"
            lines.append(call(start, [raw_string(FORMATS[name])], indent=0, width=WIDTH))
    return "\n".join(lines)


def _is_argument(name: str, test: str) -> bool:
    if name not in test:
        return False
    [function] = ast.parse(test).body
    return isinstance(function, ast.FunctionDef) and any(
        argument.arg == name for argument in function.args.args
    )


def _in_class(model: TestModel, tests: Sequence[str]) -> str:
    words = identifier(model.group).split("_")
    name = "Test" + "".join(word[:1].upper() + word[1:] for word in words)
    methods = "\n\n".join(_indented(test) for test in tests)
    return f"class {name}:\n{methods}"


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else line for line in code.split("\n"))
