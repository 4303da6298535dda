"""Text to data: the same from both YAML parsers, plain, and refused with a line and a reason."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import pytest

from pe4king_core.errors import DocumentError
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.parser_messages import parser_message
from pe4king_core.openapi.parsing.reading import UnreadableError, document_end, line_span, read
from pe4king_core.openapi.parsing.yaml_events import read_events
from pe4king_core.openapi.parsing.yaml_fast import read_fast
from pe4king_core.openapi.parsing.yaml_problem import Kind, YamlProblemError

SCALARS = [
    *((word, None) for word in ("~", "null", "Null", "NULL", "")),
    *((word, True) for word in ("true", "True", "TRUE")),
    *((word, False) for word in ("false", "False", "FALSE")),
    *((word, word) for word in ("yes", "no", "On", "OFF", "y", "n", "nULL", "tRUE", "Yes")),
    ("0", 0),
    ("-0", 0),
    ("+12", 12),
    ("017", 17),
    ("08", 8),
    ("0o17", 15),
    ("0o8", "0o8"),
    ("0x1F", 31),
    ("0x", "0x"),
    ("0b11", "0b11"),
    ("1_000", "1_000"),
    ("10:10:09", "10:10:09"),
    ("2001-01-01", "2001-01-01"),
    ("2001-01-01T00:00:00Z", "2001-01-01T00:00:00Z"),
    ("12345678901234567890123", 12345678901234567890123),
    ("1.5", 1.5),
    ("5.", 5.0),
    (".5", 0.5),
    ("-.5e+2", -50.0),
    ("1e3", 1000.0),
    ("1e", "1e"),
    (".", "."),
    ("1.2.3", "1.2.3"),
    (".inf", math.inf),
    ("+.INF", math.inf),
    ("-.Inf", -math.inf),
    (".iNF", ".iNF"),
    ("+.nan", "+.nan"),
    ("=", "="),
    ("<<x", "<<x"),
    ("'5'", "5"),
    ('"true"', "true"),
    ("!!str 5", "5"),
    ("! 5", "5"),
    ("!!int '5'", 5),
    ("!!float 5", 5.0),
    ("!!bool yes", "yes"),
    ("!!null x", "x"),
    ("!!binary aGk=", "aGk="),
    ("!!timestamp 2001-01-01", "2001-01-01"),
    ("!custom 5", 5),
    ("!custom {a: 1}", {"a": 1}),
    ("!!python/object:os.system x", "x"),
    ("!!set {b, a}", {"b": None, "a": None}),
]


@pytest.mark.parametrize(("text", "value"), SCALARS, ids=[text for text, _ in SCALARS])
def test_scalars_of_the_core_schema(text, value):
    document = f"a: {text}\n"
    for found in (read(document), read_events(document)):
        assert isinstance(found, dict)
        assert found["a"] == value
        assert type(found["a"]) is type(value)


def test_not_a_number():
    for found in (read("a: .NaN"), read_events("a: .NaN")):
        assert isinstance(found, dict)
        assert math.isnan(found["a"])


STRUCTURES = [
    ("a: 1\nb: 2\na: 3\n", {"a": 3, "b": 2}),
    ("1: a\n'1': b\n", {1: "a", "1": "b"}),
    ("200: a\nnull: b\n1.5: c\nfalse: d\n", {200: "a", None: "b", 1.5: "c", False: "d"}),
    ("x: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n", {"x": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
    (
        "c: {<<: [{b: 1}, {b: 2, e: 3}], f: 4}",
        {"c": {"b": 1, "e": 3, "f": 4}},
    ),
    ("d:\n  !!merge <<: {a: 1}\n", {"d": {"a": 1}}),
    ("d: {'<<': {a: 1}}", {"d": {"<<": {"a": 1}}}),
    ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
    ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
    ("? a\n? b\n: c\n", {"a": None, "b": "c"}),
    ("[a: b, ? c]", [{"a": "b"}, {"c": None}]),
    ("a: b\rc: d\r", {"a": "b", "c": "d"}),
    ("a: x\u2028y\x85z\n", {"a": "x\u2028y\x85z"}),
    ("%YAML 1.1\n---\na: no\n", {"a": "no"}),
    ("%OTHER\n---\na: no\n", {"a": "no"}),
    ("%TAG !e! tag:yaml.org,2002:\n---\na: !e!int '5'\n", {"a": 5}),
    ("a: 1\n---\nb: 2\n", {"a": 1}),
    ("--- a\n--- b\n", "a"),
    ("a: 'b\n\n  c'\nd: |\n  x\n   y\n", {"a": "b\nc", "d": "x\n y\n"}),
    ("# only a comment\n", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), STRUCTURES, ids=[repr(text) for text, _ in STRUCTURES])
def test_structures(text, value):
    for found in (read(text), read_fast(text), read_events(text)):
        assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\ufeffa: 1", {"a": 1}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ("key: [\n]\n", {"key": []}),
        ("a: 1\n---\nb: [\n", {"a": 1}),
        ("a: 1\n...\n}\n", {"a": 1}),
        ("a: 1\n---\nb: " + "[" * 300, {"a": 1}),
        ("a: 1\n" + "---\n" * 100_001, {"a": 1}),
        ("1: a\ntrue: b\n1.0: c\n", {1: "a", "true": "b", "1.0": "c"}),
        ("? [a, b]\n: c\n", {"[a, b]": "c"}),
        ("<<: {a: 1}\n<<: {b: 2}\n", {"a": 1, "b": 2}),
        ("<<: 5\n", {"<<": 5}),
        ("a: !!set {b: 1}\n", {"a": {"b": 1}}),
        ("a: x\x07\x00y\n", {"a": "x\ufffd\ufffdy"}),
        ("a: x\ud800y\n", {"a": "x\ufffdy"}),
        ('a: "\\ud83d\\ude00 \\\\ud83d \\udc00"\n', {"a": "😀 \\ud83d \ufffd"}),
        ('{"a": "\\ud800"}', {"a": "\ufffd"}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('{"a": "x\ty\nz"}', {"a": "x\ty\nz"}),
        ('{"a": 1, # comment\n "b": [2,],}', {"a": 1, "b": [2]}),
        ('{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_what_is_not_quite_right_is_read(text, value):
    assert repr(read(text)) == repr(value)


@pytest.mark.parametrize(
    ("text", "code", "line", "russian"),
    [
        ("a:\n  b: c: d\n", "document-syntax", 2, "проверьте отступ"),
        ("a:\n\tb: 1\n", "document-syntax", 2, "отступы в YAML делают пробелами"),
        ("a: [1, 2\n", "document-syntax", 2, "закрывающей `]`"),
        ("a: {b: 1\n", "document-syntax", 2, "закрывающей `}`"),
        ("x: 1\na: 'b\n", "document-syntax", 2, "нет закрывающей кавычки"),
        ("x: 1\na: *b\n", "document-syntax", 2, "якорь"),
        ("x: 1\ra: *b\r", "document-syntax", 2, "якорь"),
        ("a: &b\n  c: *b\n", "document-syntax", 2, "внутри того значения"),
        ("a: @b\n", "document-syntax", 1, "возьмите его в кавычки"),
        ("- a\nb: c\n", "document-syntax", 2, "элемент списка"),
        ('a: "\\q"\n', "document-syntax", 1, "после `\\`"),
        ('{\n"a": 1\n"b": 2}', "document-syntax", 3, "не хватает `,`"),
        ('{\n"a": "b', "document-syntax", 2, "нет закрывающей кавычки"),
        ('{\n"a": ]}', "document-syntax", 2, "должно быть значение"),
        ('{"a": 1}\n}', "document-syntax", 2, "лишний текст"),
        ("a: 1\nb: " + "9" * 4301, "document-number", 2, "4300"),
        ("a: 1\nb: 0x" + "f" * 4301, "document-number", 2, "4300"),
        ('{"a":\n' + "9" * 4301 + "}", "document-number", 2, "4300"),
        ("a: 1\nb: " + "[" * 300, "document-too-deep", 2, "вложенность"),
        ("a: 1\nb:\n" + "- " * 300, "document-too-deep", 3, "вложенность"),
        ('{"a":\n' + "[" * 100_000, "document-too-deep", 2, "вложенность"),
        (
            "a: &a [" + "x," * 10_000 + "]\nb: [" + "*a," * 10_000 + "]",
            "document-aliases",
            2,
            "псевдонимы",
        ),
    ],
)
def test_why_a_text_cannot_be_read(text, code, line, russian):
    with pytest.raises(UnreadableError) as caught:
        read(text)
    error = caught.value
    assert error.code == code
    assert error.message.en.startswith(f"Line {line}: ")
    assert error.message.ru.startswith(f"Строка {line}: ")
    assert russian in error.message.ru
    assert not re.search(r"[а-яё]", error.message.en)
    assert error.span == line_span(text, line)


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("\n".join(" " * depth + "a:" for depth in range(300)), Kind.DEPTH, 257),
        ("[" * 100_000, Kind.DEPTH, 1),
        ("a: &a " + "[" * 200 + "]" * 200 + "\nb: " + "[" * 100 + "*a", Kind.DEPTH, 2),
        ("a: &a [x]\nb: &b [*a, *a, *b]", Kind.SYNTAX, 2),
        ("a: *b", Kind.SYNTAX, 1),
        (
            "a: &a [" + "x," * 10_000 + "]\nb: &b [" + "*a," * 1_000 + "]\nc: [" + "*b," * 1_000,
            Kind.ALIASES,
            2,
        ),
        ("a: " + "9" * 4301, Kind.NUMBER, 1),
    ],
)
def test_the_tolerant_parser_has_the_same_limits(text, kind, line):
    with pytest.raises(YamlProblemError) as caught:
        read_events(text)
    assert (caught.value.kind, caught.value.line) == (kind, line)


@pytest.mark.parametrize(("text", "value"), STRUCTURES, ids=[repr(text) for text, _ in STRUCTURES])
def test_without_native_parsers(monkeypatch, text, value):
    monkeypatch.delattr("yaml.CSafeLoader")
    monkeypatch.setitem(sys.modules, "fast_yaml", None)
    assert repr(read(text)) == repr(value)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\n b: 2\n", 2), ("a: [\n", 2), ("a:\n\tb: 1", 2), ("\n" + "[" * 100_000, 2)],
)
def test_errors_without_native_parsers(monkeypatch, text, line):
    monkeypatch.delattr("yaml.CSafeLoader")
    monkeypatch.setitem(sys.modules, "fast_yaml", None)
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert caught.value.message.en.startswith(f"Line {line}: ")


def test_words_of_parsers_that_nobody_foresaw_are_shown():
    message = parser_message("something\nnew")
    assert message.en == "something new"
    assert message.ru == "сообщение анализатора: something new"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("a: 1\n---\nb: 2", "---\nb: 2"),
        ("# c\n%YAML 1.2\n---\na: 1\n...\nb", "...\nb"),
        ("---\n---\na: 1", "---\na: 1"),
        ("a: 1\r---\rb: 2", "---\rb: 2"),
        ("a: |\n  ---\n ...\nb: ---x\n---x: 1\n", ""),
    ],
)
def test_end_of_the_first_document(text, rest):
    assert text[document_end(text) :] == rest


@pytest.mark.parametrize(
    ("text", "line", "content"),
    [
        ("a\nb\r\nc\rd", 1, "a"),
        ("a\nb\r\nc\rd", 2, "b"),
        ("a\nb\r\nc\rd", 3, "c"),
        ("a\nb\r\nc\rd", 4, "d"),
        ("a\nb\r\nc\rd", 9, "d"),
        ("a\n\nb\u2028c", 3, "b\u2028c"),
        ("a\nb", 9, "b"),
    ],
)
def test_span_of_a_line(text, line, content):
    assert line_span(text, line).of(text) == content


def test_both_parsers_read_every_real_document_alike(shared_specs: Path):
    count = 0
    for path in sorted(shared_specs.rglob("*.y*ml")):
        text = path.read_bytes().decode("utf-8", "replace")
        if len(text) > 1_000_000:
            continue
        try:
            strict = read_fast(text)
        except YamlProblemError:
            # docker.yaml: libyaml takes its indentation, and others of its kind.
            continue
        assert repr(strict) == repr(read_events(text)), path.name
        count += 1
    assert count > 80


@pytest.mark.slow
def test_both_parsers_read_the_largest_documents_alike(shared_specs: Path):
    for name in ("stripe-spec3.yaml", "openai.yaml"):
        text = (shared_specs / "large" / name).read_text(encoding="utf-8")
        assert repr(read_fast(text)) == repr(read_events(text))


def test_a_real_document_that_the_strict_parser_refuses(shared_specs: Path):
    text = (shared_specs / "mid" / "docker.yaml").read_text(encoding="utf-8")
    with pytest.raises(YamlProblemError):
        read_fast(text)
    data = read(text)
    assert isinstance(data, dict)
    assert len(data["paths"]) == text.count("\n  /", text.index("\npaths:"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"openapi": "3.0.0", // c\n "paths": {"/a": {"get": {}}}}', 1),
        ('{\n /* c\n */ "openapi": "3.0.0", "paths": {"/a": {"get": {}},},\n}', 2),
        ('// c\n{"openapi": "3.0.0", "paths": {"/a": {"get": {"x-u": "http://x/*"}}}}', 1),
    ],
)
def test_comments_and_trailing_commas_in_json_hide_nothing(text, line):
    document = load(text, "file:///api/openapi.json")
    assert [operation.key for operation in document.operations] == ["GET /a"]
    assert document.operations[0].name_span.of(text) == '"get"'
    told = [finding for finding in document.findings if finding.code == "document-syntax"]
    assert [text.count("\n", 0, finding.span.start) + 1 for finding in told] == [line]


@pytest.mark.parametrize(
    "text",
    [
        '{"openapi": "3.0.0", "paths": {"/a": {"get": {}}}',
        '{"openapi": "3.0.0", "paths": {"/a": {"get": {}}}}\nxyz',
        '{"openapi": "3.0.0" "paths": {"/a": {"get": {}}}}',
        '{"openapi": "3.0.0", \'paths\' {}}',
    ],
)
def test_what_is_neither_json_nor_yaml_is_never_silent(text):
    assert "document-syntax" in codes_of(text)


def codes_of(text):
    try:
        return [finding.code for finding in load(text, "file:///api/openapi.json").findings]
    except DocumentError as error:
        return [error.code]


@pytest.mark.parametrize(
    "text", ['{"a": ' + "/*" * 100_000, '{"a": "' + '\\"' * 100_000 + "x", "{" + "//" * 100_000]
)
def test_open_comments_and_quotes_end_in_time(text):
    with pytest.raises(UnreadableError):
        read(text)
