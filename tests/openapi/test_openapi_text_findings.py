"""What a text says that its data do not show, at its place."""

from __future__ import annotations

import pytest

from pe4king_core.model.finding import Severity
from pe4king_core.openapi.parsing.text_findings import MAX_OF_A_KIND, text_findings

DUPLICATE, ODD = "doc-duplicate-key", "doc-key-not-text"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openapi: 3.1.0\npaths: {}\n", []),
        ("a: 1\nb: {c: 1, 'c': 2}\na: 2\n", [(DUPLICATE, "'c'"), (DUPLICATE, "a")]),
        ("a: |\n  b: 1\n  b: 2\nc: 'd: 1\n  d: 2'\n", []),
        ("é: 1\nя: '😀'\né: 2\n", [(DUPLICATE, "é")]),
        ("200: a\n'200': b\n200: c\n", [(DUPLICATE, "200")]),
        ("a:\n- b: 1\n  b: 2\n- b: 3\n", [(DUPLICATE, "b")]),
        ("a: 1\na: 2\nb: [\n", [(DUPLICATE, "a")]),
        ("key: [\n]\nkey: 1\n", [(DUPLICATE, "key")]),
        ('{"a": 1, "b": [{"a": 1}], "\\u0061": 2}', [(DUPLICATE, '"\\u0061"')]),
        ('{"a": {"b": 1, "b": ",\\"b\\":"}}', [(DUPLICATE, '"b"')]),
        ('\ufeff{"a": 1, "a": 2}', [("doc-byte-order-mark", "\ufeff"), (DUPLICATE, '"a"')]),
        ("\ufeffa: 1\na: 2", [("doc-byte-order-mark", "\ufeff"), (DUPLICATE, "a")]),
        ("{a: 1, a: 2, # comment\n}", [(DUPLICATE, "a")]),
        (
            "200: a\nno: b\ntrue: c\n1.10: d\n0x10: e\n~: f\n? [a]\n: g\n",
            [(ODD, "true"), (ODD, "1.10"), (ODD, "0x10"), (ODD, "~"), (ODD, "[a]")],
        ),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", [("doc-merge-key", "<<")]),
        ("a: 1\n---\nb: 1\n", [("doc-several-documents", "---")]),
        ("--- # first\na: 1\n...\n# the end\n", []),
        ("a: 1\n---\n# nothing\n---\n", []),
        ("a: 1\n...\n\n--- b\n", [("doc-several-documents", "...")]),
        ("a:\n\tb: 1\n", [("doc-tab-indentation", "\t")]),
        ("a: |\n  \tb\n", []),
        ('{\n\t"a": 1\n}\n', []),
        ("a: 1\nb: 2\r\nc: 3\n", [("doc-line-ends", "\r\n")]),
        ("a: 1\r\nb: 2\rc: 3\r\n", [("doc-line-ends", "\r")]),
        ("a: 1\r\nb: 2\r\n", []),
        ("a: x\x00\nb: 1\nb: \x9f\n", [("doc-control-character", "\x00"), (DUPLICATE, "b")]),
        ("a: \ud800", [("doc-control-character", "\ud800")]),
        ('{"a": "\\ud800 \\ud83d\\ude00 \\\\ud800"}', [("doc-surrogate", "\\ud800")]),
        ('a: "\\udc00"', [("doc-surrogate", "\\udc00")]),
        ("", []),
    ],
)
def test_findings(text, expected):
    found = text_findings(text)
    if "\x9f" in text:
        expected = [*expected, ("doc-control-character", "\x9f")]
    assert [(each.code, each.span.of(text)) for each in found] == expected
    for each in found:
        assert each.message.en != each.message.ru


def test_a_repeated_key_names_the_first():
    found = text_findings("a: 1\r\nb: 2\r\na: 3\r\n")
    assert found[0].severity is Severity.ERROR
    assert "line 1;" in found[0].message.en
    assert "строке 1;" in found[0].message.ru
    in_json = text_findings('{"b": {\n"a": 1,\n\n"a": 2}}')
    assert "line 2;" in in_json[0].message.en


def test_findings_of_a_kind_are_limited():
    for text in (
        "a: 1\n" * 1_000,
        '{"a": 1' + ', "a": 1' * 1_000 + "}",
        "true: 1\n" * 1_000,
        "a: \x01" * 1_000,
        '{"a": "' + "\\ud800" * 1_000 + '"}',
    ):
        counted = [each.code for each in text_findings(text)]
        assert all(counted.count(code) <= MAX_OF_A_KIND for code in counted)
        assert len(counted) >= MAX_OF_A_KIND


def test_real_documents_are_clean(shared_specs):
    known = {"yaml-merge.yaml": {"doc-merge-key"}, "duplicateHttpStatusCodes.yaml": {DUPLICATE}}
    for path in sorted(shared_specs.rglob("*.*")):
        if path.suffix in (".yaml", ".yml", ".json") and path.stat().st_size < 1_000_000:
            found = text_findings(path.read_bytes().decode("utf-8", "replace"))
            assert {each.code for each in found} == known.get(path.name, set()), path.name
