"""pytest: functions or classes, httpx or requests, Allure labels, one `conftest.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.operation import ParameterIn, SchemeKind, SecurityScheme
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi.parsing.reading import collector_paused
from pe4king_core.rendering.format import (
    Format,
    RenderedFile,
    RenderedTest,
    default_base_url,
    environment_name,
)
from pe4king_core.rendering.python.file import test_file
from pe4king_core.rendering.python.labels import MARKERS
from pe4king_core.rendering.python.payloads import assignment
from pe4king_core.rendering.python.test import test_alone
from pe4king_core.rendering.python.text import WIDTH, Code, call, comment, identifier, string
from pe4king_core.rendering.templates import template


class PytestFormat:
    """See module."""

    name = "pytest"
    language = SourceLanguage.PYTHON

    def render(self, model: TestModel, style: TestStyle) -> RenderedFile:
        """One module `test_<group>.py`."""
        name = f"test_{identifier(model.group)}.py"
        with collector_paused():
            return RenderedFile(name, test_file(model, style))

    def render_case(self, case: TestCase, style: TestStyle) -> RenderedTest:
        """One test function with everything it needs inside."""
        return test_alone(case, style)

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
            shown_url="{BASE_URL}" if default else "{BASE_URL or 'API_BASE_URL is not set'}",
            markers=MARKERS,
            schemes=known,
            secured=bool(schemes),
            needs_base64=any(scheme.kind is SchemeKind.BASIC for scheme in schemes),
            cookies=any(scheme.location is ParameterIn.COOKIE for scheme in schemes),
        )
        requirements = ["pytest>=7", f"{style.client}", *(["allure-pytest"] * style.allure)]
        listed = template("pytest/requirements.txt.jinja").render(requirements=sorted(requirements))
        return (
            RenderedFile("conftest.py", conftest, support=True),
            RenderedFile("requirements.txt", listed, support=True),
        )


@dataclass(frozen=True, slots=True)
class _ShownScheme:
    """How the conftest shows one security scheme."""

    variable: str
    help: str
    lines: tuple[str, ...]
    """Statements that put its credentials into `values`."""


def _in_docstring(text: str) -> str:
    return comment(text).replace("\\", "/").replace('"', "'")


_AUTHORIZATION = '"Authorization"'
_DEFAULT_URL = "http://127.0.0.1:8000"
_PLACES = {
    ParameterIn.HEADER: "headers",
    ParameterIn.QUERY: "params",
    ParameterIn.COOKIE: "cookies",
}


def _shown(scheme: SecurityScheme) -> _ShownScheme | None:
    """How the conftest shows the credentials of `scheme`; None for kinds it cannot show."""
    variable = environment_name(scheme)
    shown = _in_docstring(scheme.name)
    if scheme.kind is SchemeKind.API_KEY:
        place = _PLACES[scheme.location or ParameterIn.HEADER]
        lines = _lines(variable, place, string(scheme.parameter), "value")
        return _ShownScheme(variable, f"the key of {shown}", lines)
    if scheme.kind is SchemeKind.BASIC:
        lines = _lines(
            variable, "headers", _AUTHORIZATION, "basic(value)", wrong="wrong:credentials"
        )
        return _ShownScheme(variable, f"user:password of {shown}", lines)
    if scheme.kind is SchemeKind.BEARER:
        lines = _lines(variable, "headers", _AUTHORIZATION, 'f"Bearer {value}"')
        return _ShownScheme(variable, f"the token of {shown}", lines)
    return None


def _lines(
    variable: str, place: str, key: str, value: str, *, wrong: str = "wrong-credentials"
) -> tuple[str, ...]:
    given = call("value = os.environ.get", [string(variable)], indent=0, width=WIDTH - 4)
    put = assignment(f'values["{place}"][{key}]', Code(value), WIDTH - 8)
    lines = (given, "if wrong:", f'    value = "{wrong}"', "if value:", _indented(put))
    return tuple(line for part in lines for line in part.split("\n"))


def _indented(code: str) -> str:
    return "    " + code.replace("\n", "\n    ")


FORMAT: Format = cast(Format, PytestFormat())
