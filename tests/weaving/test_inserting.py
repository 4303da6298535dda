"""Whole tests beside a sibling, and documentation for a test."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pe4king_core.errors import RefusedError
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import insert_documentation, insert_tests

PYTHON = "import httpx\n\n\ndef test_a(client):\n    client.get('/a')  # one\n\n\nx = 1\n"
JAVA = "class ATest {\n    @Test\n    void a() {\n    } // one\n\n    int x;\n}\n"
BLOCK = 'def test_b(client):\n    text = """\nx\n"""\n\n    client.get("/b")\n'


def inserted(text: str, language: SourceLanguage, *blocks: str, imports: str = "") -> str:
    file = read_tests(text, language)
    edits = insert_tests(file, file.tests[0], blocks, frozenset(imports.split()))
    assert all(edit.span.start == edit.span.end for edit in edits)
    return apply_edits(text, edits)


def documented(text: str, language: SourceLanguage, comment: str) -> str:
    file = read_tests(text, language)
    edits = insert_documentation(file, file.tests[0], comment)
    assert all(edit.span.start == edit.span.end for edit in edits)
    return apply_edits(text, edits)


def test_beside_a_function() -> None:
    after = inserted(PYTHON, SourceLanguage.PYTHON, BLOCK, imports="re")
    assert after == PYTHON.replace("import httpx\n", "import re\n\nimport httpx\n").replace(
        "# one\n", "# one\n\n\n" + BLOCK
    )


def test_beside_a_method() -> None:
    text = "class TestA:\r\n    def test_a(self):\r\n        pass\r\n\r\n    x = 1\r\n"
    after = inserted(text, SourceLanguage.PYTHON, BLOCK)
    assert "pass\r\n\r\n    def test_b(self, client):\r\n" in after
    assert '    text = """\r\nx\r\n"""\r\n\r\n        client.get("/b")\r\n\r\n    x = 1' in after
    names = [test.qualified_name for test in read_tests(after, SourceLanguage.PYTHON).tests]
    assert names == ["TestA.test_a", "TestA.test_b"]


MARKED = """\
import pytest


class TestA:
    @pytest.mark.smoke
    @pytest.mark.usefixtures("books")
    @pytest.mark.asyncio
    @pytest.mark.parametrize("x", [1])
    @pytest.mark.testcase("B-12")
    @pytest.mark.skip
    @allure.title("A")
    async def test_a(self, x):
        pass
"""


def test_marks_of_the_sibling_are_kept() -> None:
    after = inserted(MARKED, SourceLanguage.PYTHON, "def test_b():\n    pass\n")
    assert after.endswith(
        '        pass\n\n    @pytest.mark.smoke\n    @pytest.mark.usefixtures("books")\n'
        "    def test_b(self):\n        pass\n"
    )
    block = "@pytest.mark.smoke\nasync def test_c(self, y):\n    pass\n"
    after = inserted(MARKED, SourceLanguage.PYTHON, block)
    assert after.endswith(
        '    @pytest.mark.usefixtures("books")\n    @pytest.mark.asyncio\n'
        "    @pytest.mark.smoke\n    async def test_c(self, y):\n        pass\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "class TestA:\n\t@staticmethod\n\tdef test_a(c):\n\t\tpass\n",
        "def test_a(c):\n    pass\n",
    ],
)
def test_no_self_where_the_sibling_has_none(text: str) -> None:
    assert "def test_b(client):" in inserted(text, SourceLanguage.PYTHON, BLOCK)


def test_at_the_end_without_a_line_end() -> None:
    after = inserted(
        "def test_a(c):\n    c.get('/a')", SourceLanguage.PYTHON, "def test_b():\n    pass\n"
    )
    assert after == "def test_a(c):\n    c.get('/a')\n\n\ndef test_b():\n    pass"


def test_beside_a_java_method() -> None:
    block = "@Test\nvoid b() {\n    get();\n}\n"
    after = inserted(JAVA, SourceLanguage.JAVA, block, block.replace("b()", "c()"), imports="a.B")
    assert after.startswith("import a.B;\n\nclass ATest {")
    assert "} // one\n\n    @Test\n    void b() {\n        get();\n    }\n\n    @Test\n" in after
    assert [test.name for test in read_tests(after, SourceLanguage.JAVA).tests] == ["a", "b", "c"]


def test_refuses_a_name_that_exists() -> None:
    with pytest.raises(RefusedError) as refusal:
        inserted(PYTHON, SourceLanguage.PYTHON, BLOCK.replace("test_b", "test_a"))
    assert "test_a" in refusal.value.message.ru
    with pytest.raises(RefusedError):
        inserted(JAVA, SourceLanguage.JAVA, "@Test\nvoid a() {\n}\n")


def test_refuses_a_damaged_sibling() -> None:
    with pytest.raises(RefusedError):
        inserted("def test_a(c):\n    c.get(\n", SourceLanguage.PYTHON, BLOCK)


def test_docstring() -> None:
    text = "class TestA:\n\tdef test_a(self):\n\t\t# why\n\t\tpass\n"
    after = documented(text, SourceLanguage.PYTHON, "Checks that a book is there.")
    assert '\t\t"""Checks that a book is there."""\n\t\tpass\n' in after
    long = documented(PYTHON, SourceLanguage.PYTHON, "First line.\n\n- one\n- two " + "word " * 30)
    assert '    """First line.\n\n    - one\n    - two word' in long
    assert '\n    """\n    client.get' in long


def test_javadoc() -> None:
    after = documented(JAVA, SourceLanguage.JAVA, "Checks a book.\nTwice.")
    assert "    /**\n     * Checks a book.\n     * Twice.\n     */\n    @Test\n" in after


def test_refuses_second_documentation() -> None:
    once = documented(PYTHON, SourceLanguage.PYTHON, "Once.")
    with pytest.raises(RefusedError, match="already"):
        documented(once, SourceLanguage.PYTHON, "Twice.")
    java = documented(JAVA, SourceLanguage.JAVA, "Once.")
    with pytest.raises(RefusedError):
        documented(java, SourceLanguage.JAVA, "Twice.")


@pytest.mark.parametrize("text", ["def test_a(c): c.get('/a')\n", "def test_a(c):\n    c.get(\n"])
def test_refuses_where_it_does_not_fit(text: str) -> None:
    with pytest.raises(RefusedError):
        documented(text, SourceLanguage.PYTHON, "Text.")


HOSTILE = st.text(
    st.sampled_from(['"', "'", "\\", "*", "/", "u", "0", "2", "a", "\n", "\r", "\u2028", "\x00",
                     "\u202e", "{", "<", "@", "ё", " "]) | st.characters(codec="utf-8"),
    max_size=80,
)  # fmt: skip


@given(comment=HOSTILE)
def test_nothing_leaves_the_docstring(comment: str) -> None:
    after = documented("def test_a():\n    pass\n", SourceLanguage.PYTHON, comment)
    (function,) = ast.parse(after).body
    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == (2 if after.count("\n") > 2 else 1)
    if len(function.body) == 2:
        assert ast.get_docstring(function) is not None


@given(comment=HOSTILE)
def test_nothing_leaves_the_javadoc(comment: str) -> None:
    after = documented(JAVA, SourceLanguage.JAVA, comment)
    added = after.replace("    @Test\n    void a() {\n    } // one\n\n    int x;\n}\n", "")
    assert added.count("*/") == added.count("/**") <= 1
    assert not re.search(r"\\", added)
    assert [test.name for test in read_tests(after, SourceLanguage.JAVA).tests] == ["a"]
