"""pytest: functions or classes, httpx or requests, Allure labels, one `conftest.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.operation import ParameterIn, SchemeKind, SecurityScheme
from pe4king_core.model.source import SourceLanguage
from pe4king_core.rendering.format import (
    Format,
    RenderedFile,
    RenderedTest,
    default_base_url,
    environment_name,
)
from pe4king_core.rendering.python_imports import import_block
from pe4king_core.rendering.python_test import factories, test_function
from pe4king_core.rendering.python_text import comment, docstring, identifier, string
from pe4king_core.rendering.templates import template


class PytestFormat:
    """See module."""

    name = "pytest"
    language = SourceLanguage.PYTHON

    def render(self, model: TestModel, style: TestStyle) -> RenderedFile:
        """One module `test_<group>.py`."""
        made = factories(model.cases)
        rendered = [test_function(case, style, made) for case in model.cases]
        imports = frozenset().union(*(test.imports for test in rendered))
        tests = [test.code for test in rendered]
        if style.classes:
            tests = [_in_class(model, tests)]
        text = template("pytest/tests.py.jinja").render(
            docstring=docstring(f"{model.group}: tests of {model.title}, written by Pe4King."),
            imports=import_block(imports),
            factories=[factory.code for factory in made.values()],
            tests=tests,
        )
        return RenderedFile(f"test_{identifier(model.group)}.py", text)

    def render_case(self, case: TestCase, style: TestStyle) -> RenderedTest:
        """One test function with its payload inline."""
        return test_function(case, style, {})

    def support(
        self, models: Sequence[TestModel], schemes: Sequence[SecurityScheme], style: TestStyle
    ) -> tuple[RenderedFile, ...]:
        """`conftest.py` with the clients and `requirements.txt`."""
        documented = next((model.base_url for model in models if model.base_url), _DEFAULT_URL)
        default = default_base_url(documented)
        where = f"(default: {default})" if default else f"such as {documented}"
        known = [shown for scheme in schemes if (shown := _shown(scheme)) is not None]
        conftest = template("pytest/conftest.py.jinja").render(
            where=_in_docstring(where),
            default=string(default) if default else "",
            client=style.client,
            schemes=known,
            needs_base64=any(scheme.kind is SchemeKind.BASIC for scheme in schemes),
        )
        requirements = ["pytest>=7", f"{style.client}", *(["allure-pytest"] * style.allure)]
        listed = template("pytest/requirements.txt.jinja").render(requirements=sorted(requirements))
        return (
            RenderedFile("conftest.py", conftest, support=True),
            RenderedFile("requirements.txt", listed, support=True),
        )


def _in_class(model: TestModel, tests: Sequence[str]) -> str:
    words = identifier(model.group).split("_")
    name = "Test" + "".join(word[:1].upper() + word[1:] for word in words)
    methods = "\n\n".join(_indented(test) for test in tests)
    return f"class {name}:\n{methods}"


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else line for line in code.split("\n"))


@dataclass(frozen=True, slots=True)
class _ShownScheme:
    variable: str
    help: str
    name: str
    place: str
    key: str
    value: str
    wrong: str = "wrong-credentials"


def _in_docstring(text: str) -> str:
    return comment(text).replace("\\", "/").replace('"', "'")


_DEFAULT_URL = "http://127.0.0.1:8000"
_PLACES = {
    ParameterIn.HEADER: "headers",
    ParameterIn.QUERY: "params",
    ParameterIn.COOKIE: "cookies",
}


def _shown(scheme: SecurityScheme) -> _ShownScheme | None:
    """How the conftest shows the credentials of `scheme`; None for kinds it cannot show."""
    variable = environment_name(scheme)
    name = identifier(variable.lower(), frozenset({"values", "wrong", "os"}))
    shown = _in_docstring(scheme.name)
    if scheme.kind is SchemeKind.API_KEY:
        place = _PLACES[scheme.location or ParameterIn.HEADER]
        return _ShownScheme(
            variable, f"the key of {shown}", name, place, string(scheme.parameter), name
        )
    if scheme.kind is SchemeKind.BASIC:
        value = f'f"Basic {{b64encode({name}.encode()).decode()}}"'
        text = f"user:password of {shown}"
        return _ShownScheme(
            variable, text, name, "headers", '"Authorization"', value, "wrong:credentials"
        )
    if scheme.kind is SchemeKind.BEARER:
        value = f'f"Bearer {{{name}}}"'
        text = f"the token of {shown}"
        return _ShownScheme(variable, text, name, "headers", '"Authorization"', value)
    return None


FORMAT: Format = cast(Format, PytestFormat())
