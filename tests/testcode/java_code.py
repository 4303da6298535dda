"""Java files of a small workspace, read as the server reads them, and told in short lines."""

from __future__ import annotations

from collections.abc import Mapping

import telling

from pe4king_core.model.source import SourceLanguage, TestFile, TestFunction
from pe4king_core.testcode import CodeBase, CodeView, read_tests

ROOT = "file:///project/src/test/java/"
IMPORTS = """
import static io.restassured.RestAssured.*;
import static org.hamcrest.Matchers.*;
import static org.junit.jupiter.api.Assertions.*;
import static org.assertj.core.api.Assertions.assertThat;
"""


def read(files: Mapping[str, str], path: str) -> TestFile:
    """The file `path`, with the other `files` beside it."""
    texts = {ROOT + name: text for name, text in files.items()}
    base = CodeBase(texts.get, texts)
    return read_tests(files[path], SourceLanguage.JAVA, CodeView(base, ROOT + path))


def only_test(
    body: str, *, members: str = "", files: Mapping[str, str] | None = None
) -> TestFunction:
    """The test with this `body` in a class of the package `shop` with these other `members`."""
    text = f"package shop;\n{IMPORTS}\nclass ATest {{ {members} @Test void it() {{ {body} }} }}\n"
    (test,) = read({**(files or {}), "shop/ATest.java": text}, "shop/ATest.java").tests
    return test


def told(test: TestFunction) -> list[str]:
    """A line for each call and each assertion."""
    calls = [f"{call.id} {telling.call(call)}" for call in test.calls]
    return calls + [telling.assertion(each) for each in test.assertions]
