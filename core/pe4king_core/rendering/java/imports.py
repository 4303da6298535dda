"""Imports, found by the names that code uses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pe4king_core.rendering.java.matchers import NAMES

_HAMCREST = "static org.hamcrest.Matchers."
MATCHERS = frozenset(
    re.findall(
        r"\w+",
        "allOf anEmptyMap anyOf containsString emptyString empty equalTo everyItem greaterThan "
        "greaterThanOrEqualTo hasEntry hasItem hasKey hasSize instanceOf is isA lessThan "
        "lessThanOrEqualTo matchesPattern not notNullValue nullValue oneOf startsWith",
    )
)
OF_STATUSES = frozenset({"allOf", "greaterThanOrEqualTo", "lessThan", "not", "oneOf"})
"""The matchers that tests have beside those of their answers' links."""
METHODS = {
    "assumeTrue": "static org.junit.jupiter.api.Assumptions.assumeTrue",
    "expect": "static io.restassured.RestAssured.expect",
    "from": "static io.restassured.path.json.JsonPath.from",
}
"""Static methods that are no matchers."""
OWN_METHODS = frozenset({"afterwards", "at", "json", "unique"}) | NAMES
"""Methods of our base class, which are inherited, and of the classes themselves."""
_TYPES = {
    "AfterEach": "org.junit.jupiter.api.AfterEach",
    "ArrayDeque": "java.util.ArrayDeque",
    "Arrays": "java.util.Arrays",
    "BigDecimal": "java.math.BigDecimal",
    "BigInteger": "java.math.BigInteger",
    "Collections": "java.util.Collections",
    "ContentType": "io.restassured.http.ContentType",
    "Deque": "java.util.Deque",
    "DisplayName": "org.junit.jupiter.api.DisplayName",
    "EnabledIfEnvironmentVariable": (
        "org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable"
    ),
    "Feature": "io.qameta.allure.Feature",
    "List": "java.util.List",
    "Map": "java.util.Map",
    "Matcher": "org.hamcrest.Matcher",
    "MultiPartSpecBuilder": "io.restassured.builder.MultiPartSpecBuilder",
    "MultiPartSpecification": "io.restassured.specification.MultiPartSpecification",
    "Owner": "io.qameta.allure.Owner",
    "Response": "io.restassured.response.Response",
    "ResponseSpecification": "io.restassured.specification.ResponseSpecification",
    "Severity": "io.qameta.allure.Severity",
    "SeverityLevel": "io.qameta.allure.SeverityLevel",
    "StandardCharsets": "java.nio.charset.StandardCharsets",
    "Supplier": "java.util.function.Supplier",
    "Story": "io.qameta.allure.Story",
    "Tag": "org.junit.jupiter.api.Tag",
    "Test": "org.junit.jupiter.api.Test",
    "UUID": "java.util.UUID",
}
_BLOCK = '"""'
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _without_blocks(code: str) -> str:
    """`code` without its text blocks, in which nothing is called.

    Of each a quote stays where it begins and where it ends: the rest of these lines is read as it
    was.
    """
    return '"\n"'.join(code.split(_BLOCK)[::2])


def imports_of(code: str, matchers: frozenset[str] = MATCHERS) -> frozenset[str]:
    """What `code` needs, as Java spells imports (`static org.hamcrest.Matchers.equalTo`).

    Only `matchers` are looked for among those of Hamcrest.
    """
    code = _without_blocks(code)
    found = {_HAMCREST + name for name in matchers if _is_called(name, code)}
    found |= {METHODS[name] for name in METHODS if _is_called(name, code)}
    found |= {_TYPES[name] for name in _TYPES if _is_named(name, code)}
    return frozenset(found)


def calls_of(code: str, names: Iterable[str]) -> list[str]:
    """Those of the methods `names` that `code` calls."""
    code = _without_blocks(code)
    return [name for name in names if _is_called(name, code)]


def _is_called(name: str, code: str) -> bool:
    return _is_used(f"{name}(", code, ".>")


def _is_named(name: str, code: str) -> bool:
    return _is_used(name, code, ".")


def _is_used(text: str, code: str, qualifiers: str) -> bool:
    """Whether `text` stands in `code` itself as a word, and not just in strings and comments."""
    position = code.find(text)
    while position >= 0:
        before, end = code[position - 1 : position], position + len(text)
        begins = not (before.isalnum() or before in f"_{qualifiers}")
        ends = text.endswith("(") or not (code[end : end + 1].isalnum() or code[end] == "_")
        if begins and ends and _is_code(code, position):
            return True
        position = code.find(text, end)
    return False


def _is_code(code: str, position: int) -> bool:
    before = code[code.rfind("\n", 0, position) + 1 : position]
    bare = _STRING.sub("", before)
    return not ('"' in bare or "//" in bare or bare.lstrip().startswith(("*", "/*")))


def import_block(imports: Iterable[str]) -> str:
    """Import declarations in google-java-format's order: static ones first."""
    static = sorted(name for name in imports if name.startswith("static "))
    plain = sorted(name for name in imports if not name.startswith("static "))
    blocks = ["\n".join(f"import {name};" for name in group) for group in (static, plain) if group]
    return "\n\n".join(blocks)
