"""JUnit 5 with REST Assured, Hamcrest and Allure: one class a group, one base class, a pom."""

from __future__ import annotations

import textwrap
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
from pe4king_core.rendering.java.classes import class_file, java_folder
from pe4king_core.rendering.java.imports import import_block
from pe4king_core.rendering.java.layout import WIDTH, assignment, link
from pe4king_core.rendering.java.test import rendered_case
from pe4king_core.rendering.java.text import (
    camel,
    comment,
    literal_string,
    package_name,
    unique,
)
from pe4king_core.rendering.templates import template

_FOLDER = "junit_restassured"
_DEFAULT_URL = "http://127.0.0.1:8000"


class JunitRestAssured:
    """See module."""

    name = "junit-restassured"
    language = SourceLanguage.JAVA

    def render(self, model: TestModel, style: TestStyle) -> RenderedFile:
        """One class such as `BooksTest` with a method for every case."""
        with collector_paused():
            return class_file(model, style)

    def render_case(self, case: TestCase, style: TestStyle) -> RenderedTest:
        """One test method alone."""
        return rendered_case(case, style)

    def support(
        self, models: Sequence[TestModel], schemes: Sequence[SecurityScheme], style: TestStyle
    ) -> tuple[RenderedFile, ...]:
        """The base class with the clients, and the Maven project; nothing where both exist."""
        if not style.own.support:
            return ()
        base_url = next((model.base_url for model in models if model.base_url), _DEFAULT_URL)
        known = _shown_schemes(schemes)
        base = template(f"{_FOLDER}/BaseApiTest.java.jinja").render(
            package=package_name(style.package),
            base_url=_base_url(base_url),
            members=template(f"{_FOLDER}/members.java.jinja").render(
                access="protected", afterwards=True, unique=True
            ),
            documentation=_base_javadoc(base_url, known),
            authorized=_authorized(known),
            imports=import_block(_base_imports(known, base_url)),
            hidden_headers=_hidden_headers(known),
            logs=all(scheme.place == "header" for scheme in known),
        )
        pom = template(f"{_FOLDER}/pom.xml.jinja").render(
            package=package_name(style.package), allure=style.allure
        )
        files = [
            RenderedFile("pom.xml", pom, support=True),
            RenderedFile(f"{java_folder(style)}/BaseApiTest.java", base, support=True),
        ]
        if style.allure:
            results = template(f"{_FOLDER}/allure.properties.jinja").render()
            path = "src/test/resources/allure.properties"
            files.append(RenderedFile(path, results, support=True))
        return tuple(files)


@dataclass(frozen=True, slots=True)
class _ShownScheme:
    """How the base class shows the credentials of one scheme."""

    variable: str
    environment: str
    help: str
    place: str
    parameter: str
    value: str

    @property
    def authorizes(self) -> bool:
        """Whether it fills the Authorization header, which only one scheme can."""
        return self.place == "header" and self.parameter.lower() == "authorization"

    @property
    def statement(self) -> str:
        """What puts the credentials into the request."""
        call = f"request.{self.place}({literal_string(self.parameter)}, {self.value})"
        return f"      {link(call, 6, 1)};"


_PLACES = {
    ParameterIn.HEADER: "header",
    ParameterIn.QUERY: "queryParam",
    ParameterIn.COOKIE: "cookie",
}


def _shown_schemes(schemes: Sequence[SecurityScheme]) -> list[_ShownScheme]:
    found: list[_ShownScheme] = []
    for scheme in schemes:
        environment = environment_name(scheme)
        taken = ["credentials", "request", *(shown.variable for shown in found)]
        name = unique(camel(environment.lower(), "key"), taken)
        label = comment(scheme.name)
        if scheme.kind is SchemeKind.API_KEY:
            place = _PLACES.get(scheme.location or ParameterIn.HEADER, "header")
            shown = (f"the key of {label}", place, scheme.parameter, name)
        elif scheme.kind is SchemeKind.BASIC:
            encoded = f'"Basic " + Base64.getEncoder().encodeToString({name}.getBytes(UTF_8))'
            shown = (f"user:password of {label}", "header", "Authorization", encoded)
        elif scheme.kind is SchemeKind.BEARER:
            shown = (f"the token of {label}", "header", "Authorization", f'"Bearer " + {name}')
        else:
            continue
        found.append(_ShownScheme(name, environment, *shown))
    return found


def _base_url(documented: str) -> str:
    default = default_base_url(documented)
    if not default:
        problem = literal_string("Set API_BASE_URL to the API under test")
        head = f'requireNonNull(System.getenv("API_BASE_URL"), {problem})'
        links = ['.replaceAll("/+$", "")']
        return assignment("private static final String BASE_URL", head, links, 2)
    found = f'.getOrDefault("API_BASE_URL", {literal_string(default)})'
    links = [found, '.replaceAll("/+$", "")']
    return assignment("private static final String BASE_URL", "System.getenv()", links, 2)


def _authorized(schemes: Sequence[_ShownScheme]) -> str:
    """The statements that add every credential there is; only one can be in Authorization."""
    lines = [f'    String {s.variable} = credentials.apply("{s.environment}");' for s in schemes]
    for scheme in schemes:
        if not scheme.authorizes:
            lines += [f"    if ({scheme.variable} != null) {{", scheme.statement, "    }"]
    choices = [scheme for scheme in schemes if scheme.authorizes]
    for index, scheme in enumerate(choices):
        opening = "} else if" if index else "if"
        lines += [f"    {opening} ({scheme.variable} != null) {{", scheme.statement]
    return "\n".join([*lines, *["    }"] * bool(choices)])


def _base_imports(schemes: Sequence[_ShownScheme], base_url: str) -> frozenset[str]:
    config = "io.restassured.config."
    jackson = "com.fasterxml.jackson."
    names = {
        *(f"{jackson}core.{name}" for name in ("JsonProcessingException", "type.TypeReference")),
        *(f"{jackson}databind.{name}" for name in ("DeserializationFeature", "ObjectMapper")),
        *(f"java.util.{name}" for name in ("ArrayDeque", "Deque", "List", "Map", "UUID")),
        "org.junit.jupiter.api.AfterEach",
        "static io.restassured.RestAssured.given",
        "static java.nio.charset.StandardCharsets.UTF_8",
        "io.restassured.path.json.config.JsonPathConfig.NumberReturnType",
        "io.restassured.response.Response",
        "io.restassured.specification.RequestSpecification",
        "java.util.function.Supplier",
        "org.apache.http.entity.mime.HttpMultipartMode",
        *(config + name for name in ("EncoderConfig", "HttpClientConfig", "JsonConfig")),
        *(config + name for name in ("RedirectConfig", "RestAssuredConfig")),
    }
    if all(scheme.place == "header" for scheme in schemes):
        names.add(f"{config}LogConfig")
    if any("Base64" in scheme.value for scheme in schemes):
        names.add("java.util.Base64")
    if schemes:
        names.add("java.util.function.UnaryOperator")
    if not default_base_url(base_url):
        names.add("static java.util.Objects.requireNonNull")
    return frozenset(names)


def _hidden_headers(schemes: Sequence[_ShownScheme]) -> str:
    names = dict.fromkeys(scheme.parameter for scheme in schemes if scheme.place == "header")
    return ", ".join(literal_string(name) for name in names)


def _base_javadoc(base_url: str, schemes: Sequence[_ShownScheme]) -> str:
    default = default_base_url(base_url)
    where = f"(default: {comment(default)})" if default else f"such as {comment(base_url)}"
    items = [("API_BASE_URL", f"the API under test {where}")]
    items += [(scheme.environment, scheme.help) for scheme in schemes]
    lines = ["Where the API is and who calls it; everything comes from the environment.", ""]
    lines.append("<ul>")
    for name, text in items:
        safe = text.replace("@", "{@literal @}").replace("<", "&lt;")
        lines += textwrap.wrap(
            f"<li>{name}: {safe}",
            WIDTH - len(" * "),
            initial_indent="  ",
            subsequent_indent="      ",
            break_on_hyphens=False,
            break_long_words=False,
        )
    lines.append("</ul>")
    return "\n".join(("/**", *(f" * {line}".rstrip() for line in lines), " */"))


FORMAT: Format = cast(Format, JunitRestAssured())
