"""No text makes reading fail, and every place it gives lies in the text and nests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.model.text import Span
from pe4king_core.testcode import read_tests

SAMPLES = Path(__file__).parent / "samples"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in SAMPLES.glob("*.txt")}
PIECES = st.sampled_from(
    ['"', '"""', "'", "(", ")", "{", "}", "[", "]", ".", ",", ";", "\\", "\n", "\r", "\t", "\0",
     "\ufeff", "\u2028", "\ud800", "😀", "ё", "/*", "*/", "//", "#", "f'{", "def test_", "@Test ",
     "class X", "lambda ", "await ", "*" * 40, "(" * 300, "{" * 300, "a." * 300, "not " * 200]
)  # fmt: skip
MUTATIONS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES | st.text(max_size=5)), max_size=6
)


def mutated(text: str, mutations: list[tuple[float, int, str]]) -> str:
    for place, removed, inserted in mutations:
        at = int(place * len(text))
        text = text[:at] + inserted + text[at + removed :]
    return text


def check(file: TestFile) -> None:
    whole = Span(0, len(file.text))
    assert 0 <= file.import_anchor <= whole.end
    for test in file.tests:
        for outer, inner in ((whole, test.span), (test.span, test.name_span)):
            assert outer.start <= inner.start <= inner.end <= outer.end
        assert test.span.start <= test.body_span.start <= test.body_span.end <= test.span.end
        for call in test.calls:
            assert 0 <= call.statement.start <= call.span.start
            assert call.span.end <= test.span.end
            assert call.statement.end <= test.span.end
            assert test.span.contains(call.anchor)
        for assertion in test.assertions:
            assert test.span.start <= assertion.span.start <= assertion.span.end <= test.span.end
            assert assertion.text == assertion.span.of(file.text)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TEXTS))
@given(mutations=MUTATIONS)
@settings(max_examples=60, deadline=None)
def test_mutated_samples(name: str, mutations: list[tuple[float, int, str]]) -> None:
    text = mutated(TEXTS[name], mutations)
    language = SourceLanguage.JAVA if ".java" in name else SourceLanguage.PYTHON
    check(read_tests(text, language))


@given(text=st.text(max_size=200), language=st.sampled_from(SourceLanguage))
@settings(max_examples=100, deadline=None)
def test_any_text(text: str, language: SourceLanguage) -> None:
    check(read_tests(text, language))


@pytest.mark.slow
@pytest.mark.parametrize("language", list(SourceLanguage))
def test_deep_nesting(language: SourceLanguage) -> None:
    deep = {
        "calls": "f(" * 3000 + ")" * 3000,
        "sums": " + ".join(["'a'"] * 3000),
        "chain": "given()" + ".x()" * 3000,
        "attributes": "a" + ".b" * 3000,
        "conditions": " and ".join(["a"] * 3000),
        "negations": "not " * 3000 + "a",
    }
    for expression in deep.values():
        check(read_tests(f"def test_a(c):\n    x = c.get({expression})\n", SourceLanguage.PYTHON))
        check(read_tests(f"def test_a(c):\n    assert {expression}\n", SourceLanguage.PYTHON))
        code = expression.replace("'", '"').replace(" and ", " && ").replace("not ", "!")
        check(read_tests(f"class A {{ @Test void a() {{ assertTrue({code}); }} }}", language))


def test_deep_blocks() -> None:
    lines = ["def test_a(c):"]
    lines += [" " * (depth + 1) + "if x:" for depth in range(90)]
    lines.append(" " * 91 + "c.get('/a')")
    check(read_tests("\n".join(lines), SourceLanguage.PYTHON))
    code = "class A { @Test void a() { " + "if (x) { " * 900 + "}" * 900 + " } }"
    check(read_tests(code, SourceLanguage.JAVA))
