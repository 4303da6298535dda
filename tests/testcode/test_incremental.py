"""Reading again after an edit gives what reading afresh gives, and reads little."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import CodeBase, CodeView, read_tests
from pe4king_core.testcode.incremental import TestReader

HERE = Path(__file__).parent
PATHS = [
    path
    for folder in ("samples", "corpus")
    for path in sorted((HERE / folder).rglob("*.txt"))
    if path.name.endswith((".py.txt", ".java.txt"))
]
TEXTS = {str(path.relative_to(HERE)): path.read_bytes().decode("utf-8")[:12_000] for path in PATHS}
TYPED = (
    "x", '"', '"""', "'''", "(", ")", "{", "}", "[", "]", ".", ";", "\\", "\n", "\r", "\r\n", "\t",
    "    ", "\ufeff", "ё", "😀", "/*", "*/", "//", "#", "def test_x():\n", "class X:\n", "@Test ",
    "    def test_y(self):\n        pass\n", "@Test void a() { x = 1; }\n", "class X {", "}\n",
    "@pytest.fixture\n", "import os\n", "x = 1\n",
)  # fmt: skip
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 50), st.sampled_from(TYPED) | st.text(max_size=4)),
    min_size=1,
    max_size=12,
)
PYTHON_HEAD = 'import httpx\n\nBASE = "/api"\n\n\nclass TestBooks:\n'
PYTHON_TEST = """\
    def test_{0}(self, client):
        response = client.get(f"{{BASE}}/books/{0}")
        assert response.status_code == 200

"""
JAVA_HEAD = "package a;\n\nimport static io.restassured.RestAssured.given;\n\nclass BooksTest {\n"
JAVA_TEST = """\
    /** Reads a book. */
    @Test
    @DisplayName("GET /books/{{id}}")
    void test{0}() {{
        given().get("/books/{0}").then().statusCode(200);
    }}

"""


def language_of(name: str) -> SourceLanguage:
    return SourceLanguage.JAVA if ".java" in name else SourceLanguage.PYTHON


def large(language: SourceLanguage, count: int = 60) -> str:
    python = language is SourceLanguage.PYTHON
    tests = [(PYTHON_TEST if python else JAVA_TEST).format(number) for number in range(count)]
    return (PYTHON_HEAD if python else JAVA_HEAD) + "".join(tests) + ("" if python else "}\n")


@pytest.mark.slow
@given(name=st.sampled_from(sorted(TEXTS)), edits=EDITS, back=st.booleans())
@settings(max_examples=150, deadline=None)
def test_edits_are_read_as_if_afresh(
    name: str, edits: list[tuple[float, int, str]], back: bool
) -> None:
    language, text = language_of(name), TEXTS[name]
    reader = TestReader(language)
    states = [text]
    for place, removed, inserted in edits:
        at = int(place * len(text))
        text = text[:at] + inserted + text[at + removed :]
        states.append(text)
    for state in [*states, *reversed(states)] if back else states:
        assert reader.read(state) == TestReader(language).read(state)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_keystrokes_in_a_large_file(language: SourceLanguage) -> None:
    chance = random.Random(3)
    text = large(language)
    reader = TestReader(language)
    for _ in range(150):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(TYPED) + text[at + chance.choice((0, 0, 0, 1, 2)) :]
        assert reader.read(text) == read_tests(text, language)
        if chance.random() < 0.2:
            text = large(language)


@pytest.mark.parametrize("typed", ["x", '"', '"""', "(", "{", "["])
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_other_tests_are_kept(language: SourceLanguage, typed: str) -> None:
    text = large(language)
    reader = TestReader(language)
    before = reader.read(text).tests
    at = before[30].body_span.start
    after = reader.read(text[:at] + typed + text[at:]).tests
    assert [test.name for test in after] == [test.name for test in before]
    assert all(old is new for old, new in zip(before[:30], after[:30], strict=True))
    assert [old.calls[0].path for old in before[31:]] == [new.calls[0].path for new in after[31:]]
    assert not any(test.damaged for number, test in enumerate(after) if number != 30)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "@Test ",
        "@Test void a(",
        "@A(",
        "@A(/* ",
        '@Test @A("x") a b ',
        '"""',
        "class X ",
        "/** */ @T ",
    ],
)
def test_heads_without_end_are_looked_through_once(piece: str) -> None:
    text = piece * 2_000
    for language in SourceLanguage:
        assert TestReader(language).read(text).tests == read_tests(text, language).tests


def test_tests_in_a_string_are_none() -> None:
    code = 'CODE = """\ndef test_inner():\n    pass\n"""\n\n\ndef test_outer(c):\n    c.get("/a")\n'
    reader = TestReader(SourceLanguage.PYTHON)
    for text in (code, code.replace("pass", "pas"), code):
        assert [test.name for test in reader.read(text).tests] == ["test_outer"]


def test_all_public_methods_of_a_class_of_tests() -> None:
    code = (
        'import org.testng.annotations.Test;\n\n@Test(groups = {"api"})\npublic class ATest {\n'
        '    public void list() {\n        given().get("/a").then().statusCode(200);\n    }\n\n'
        '    public void read() {\n        given().get("/b").then().statusCode(200);\n    }\n}\n'
    )
    reader = TestReader(SourceLanguage.JAVA)
    for text in (code, code.replace('get("/a")', "get("), code):
        assert [test.name for test in reader.read(text).tests] == ["list", "read"]


def test_a_field_that_a_test_assigns_is_not_constant() -> None:
    code = (
        'class ATest {\n    static String path = "/a";\n    @Test void one() { path = "/b"; }\n'
        "    @Test void two() { given().get(path).then().statusCode(200); }\n}\n"
    )
    (_, two) = read_tests(code, SourceLanguage.JAVA).tests
    assert two.calls[0].unresolved is not None or two.calls[0].path != "/a"


def test_a_changed_helper_is_read_again() -> None:
    texts = {"file:///w/routes.py": 'BOOKS = "/books"\n'}
    base = CodeBase(texts.get, texts)
    code = "import routes\n\n\ndef test_a(client):\n    client.get(routes.BOOKS)\n"
    reader = TestReader(SourceLanguage.PYTHON)

    def path() -> str:
        (test,) = reader.read(code, CodeView(base, "file:///w/test_a.py")).tests
        return test.calls[0].path

    assert path() == "/books"
    texts["file:///w/routes.py"] = 'BOOKS = "/volumes"\n'
    assert path() == "/books"
    base.changed("file:///w/routes.py")
    assert path() == "/volumes"
    del texts["file:///w/routes.py"]
    base.list(texts)
    assert path() != "/volumes"


@pytest.mark.slow
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_memory_does_not_grow(language: SourceLanguage) -> None:
    text = large(language, 12)
    reader = TestReader(language)

    def type_much(count: int) -> int:
        for number in range(count):
            at = len(text) // 2
            reader.read(f"{text[:at]}{number}{text[at:]}")
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = type_much(200)
        after = type_much(600)
    finally:
        tracemalloc.stop()
    assert after - before < 200_000
