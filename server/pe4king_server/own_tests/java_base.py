"""Java: the base class of existing API tests, and the expression that begins their requests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pe4king_core.model.operation import Operation, SecurityScheme
from pe4king_core.model.security import SchemeKind
from pe4king_server.actions.base import ActionContext
from pe4king_server.files import join_uri
from pe4king_server.own_tests.evidence import Sent, prefix_of, secured_alike
from pe4king_server.own_tests.java_suite import Suite

_EXTENDS = re.compile(r"\bclass[ \t]+\w+[ \t]+extends[ \t]+(\w+)")
_BEGINNING = re.compile(r"(?:RestAssured\.)?(?P<head>\w+)\((?P<argument>\w*)\)(?=\s*\.)")
_FOREIGN = re.compile(r"\borg\.testng\b|\borg\.junit\.(?!jupiter)")
_GLOBAL = re.compile(r"\bRestAssured\.(?:baseURI|requestSpecification)\s*=|\bbaseURI\s*=")
_GIVEN = "static io.restassured.RestAssured.given"
_PROBE = "/pe4king-probe"
_AUTHORIZATION = re.compile(r"authorization|oauth2|\bauth\b|bearer", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Base:
    """A base class by its qualified name, its text, and the requests that its tests send."""

    name: str
    text: str
    expression: str
    requests: tuple[Sent, ...]
    prefix: str = ""

    @property
    def imports(self) -> tuple[str, ...]:
        """What the expression needs."""
        return (_GIVEN,) if self.expression.startswith("given(") else ()

    @property
    def is_anonymous(self) -> bool:
        """Whether tests expect to be refused with it."""
        return bool(self.requests) and all(
            sent.status == 401 and sent.alone for sent in self.requests
        )

    def is_anonymous_beside(self, base: Base) -> bool:
        """Whether it begins requests without credentials in the class of `base`, and as `base`."""
        return self.is_anonymous and (self.name, self.prefix) == (base.name, base.prefix)

    def opens(self, operation: Operation) -> bool:
        """Whether requests that begin so carry credentials for `operation`."""
        if not operation.requires_credentials:
            return True
        wanted = secured_alike(operation)
        if any(
            sent.status is not None and sent.status < 300 and sent.alone
            for sent in self.requests
            if sent.operation.requires_credentials and secured_alike(sent.operation) == wanted
        ):
            return True
        return any(all(map(self._shows, requirement.schemes)) for requirement in operation.security)

    def _shows(self, scheme: SecurityScheme) -> bool:
        if scheme.kind is SchemeKind.API_KEY:
            return scheme.parameter.lower() in self.text.lower()
        return _AUTHORIZATION.search(self.text) is not None


def bases_of(
    sent: Sequence[Sent], texts: Mapping[str, str], suite: Suite, context: ActionContext
) -> Iterator[Base]:
    """The base classes of the tests behind `sent` that tests of another package can extend."""
    found: dict[tuple[str, str], list[Sent]] = {}
    for each in sent:
        extended = _EXTENDS.search(texts.get(each.uri, ""))
        beginning = _BEGINNING.match(each.code)
        if extended and beginning and each.direct:
            expression = f"{beginning['head']}({beginning['argument']})"
            found.setdefault((extended[1], expression), []).append(each)
    for (name, expression), requests in sorted(found.items(), key=lambda item: -len(item[1])):
        for uri, text in texts.items():
            package = re.search(r"^[ \t]*package[ \t]+([\w.]+)", text, re.M)
            if uri.endswith(f"/{name}.java") and package and _usable(name, expression, text):
                base = Base(f"{package[1]}.{name}", text, expression, tuple(requests))
                prefix = _prefix(base, suite, context)
                if prefix is not None:
                    yield Base(base.name, text, expression, base.requests, prefix)


def _usable(name: str, expression: str, text: str) -> bool:
    """Whether a test of another package can extend the class and write the expression."""
    if not re.search(rf"\bpublic[ \t]+(?:abstract[ \t]+)?class[ \t]+{name}\b", text):
        return False
    if _FOREIGN.search(text):
        return False
    head, _, argument = expression.rstrip(")").partition("(")
    if head == "given" and not argument:
        return _GLOBAL.search(text) is not None
    member = argument if head == "given" else head
    return bool(
        re.search(
            rf"\b(?:public|protected)\b[^;{{}}()=]*\bRequestSpecification\s+{re.escape(member)}\b",
            text,
        )
    )


def _prefix(base: Base, suite: Suite, context: ActionContext) -> str | None:
    """What tests write in front of documented paths; None where that is not certain."""
    simple = base.name.rpartition(".")[2]
    code = (
        f"package {suite.package};\n\n"
        "import static io.restassured.RestAssured.given;\n\n"
        f"import {base.name};\nimport org.junit.jupiter.api.Test;\n\n"
        f"class Pe4kingProbeTest extends {simple} {{\n  @Test\n  void probe() {{\n"
        f'    {base.expression}.get("{_PROBE}").then().statusCode(200);\n  }}\n}}\n'
    )
    folder = f"{suite.source_root}/{suite.package.replace('.', '/')}"
    uri = join_uri(suite.module, f"{folder}/Pe4kingProbeTest.java")
    file = context.sources.tests_of(uri, code, context.files)
    calls = [call for test in file.tests for call in test.calls if not call.setup]
    prefixes = {prefix_of(sent) for sent in base.requests}
    if len(calls) != 1 or calls[0].unresolved or len(prefixes) != 1:
        return None
    own, found, _ = calls[0].path.partition(_PROBE)
    [prefix] = prefixes
    if not found or prefix is None or not prefix.startswith(own):
        return None
    return prefix.removeprefix(own)
