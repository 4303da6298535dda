"""Positions: operations are found in any layout, and while the document is being typed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_kit import URI, schemas_of

from pe4king_core.errors import DocumentError
from pe4king_core.openapi import index, index_of, is_openapi, load
from pe4king_core.openapi.layout.keys import unquoted

BLOCK = """\
openapi: 3.1.0  # a comment
info:
  description: |
    paths:
      /not/a/path:
        get: nothing
paths:
  # first
  /a/{id}:
    get:
      summary: 😀 one
      description: >
        post:
          nothing

    # about put
    "put":
      tags:
      - x

  '/b':
    parameters: []
    ? delete
    : responses: {}
  /c: {get: {summary: "}", responses: {}}, post: {}}
  x-other: {get: {}}
components:
  get: {}
"""


def test_block_yaml():
    found = index(BLOCK)
    assert [(o.method, o.path, o.name_span.of(BLOCK)) for o in found] == [
        ("GET", "/a/{id}", "get"),
        ("PUT", "/a/{id}", '"put"'),
        ("DELETE", "/b", "delete"),
        ("GET", "/c", "get"),
        ("POST", "/c", "post"),
        ("GET", "x-other", "get"),
    ]
    assert found[0].span.of(BLOCK) == (
        "    get:\n      summary: 😀 one\n      description: >\n        post:\n          nothing\n"
    )
    assert found[1].span.of(BLOCK) == '    "put":\n      tags:\n      - x\n'
    assert [path.name_span.of(BLOCK) for path in index_of(BLOCK).paths] == [
        "/a/{id}",
        "'/b'",
        "/c",
        "x-other",
    ]


def test_line_ends_of_other_systems():
    for end in ("\r\n", "\r"):
        text = BLOCK.replace("\n", end)
        assert [o.name_span.of(text).strip('"') for o in index(text)] == [
            "get", "put", "delete", "get", "post", "get"
        ]  # fmt: skip


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": '"paths": {"/no": {"get": {}}}', "x": [{"get": 1}]},
    "paths": {
        "/a/{b}": {"get": {"summary": "}{"}, "parameters": [], "post": {"tags": ["é😀"]}},
        '/"quoted"': {"query": {}},
        "/empty": {},
    },
    "components": {},
}


@pytest.mark.parametrize("layout", [{"indent": 2}, {}, {"indent": 0}, {"separators": (",", ":")}])
@pytest.mark.parametrize("escaped", [True, False])
def test_json_of_any_layout(layout, escaped):
    text = json.dumps(DOCUMENT, ensure_ascii=escaped, **layout)
    found = index(text)
    assert [(o.method, o.path) for o in found] == [
        ("GET", "/a/{b}"),
        ("POST", "/a/{b}"),
        ("QUERY", '/"quoted"'),
    ]
    for operation in found:
        assert json.loads(operation.name_span.of(text)).upper() == operation.method
        assert operation.span.start <= operation.name_span.start
        body = "{" + operation.span.of(text).strip().rstrip(",") + "}"
        assert list(json.loads(body)) == [operation.method.lower()]


BROKEN = [
    ("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      summary: [\n"
     "  /b:\n    put:\n      - : :\n    post: {", 3, ["GET /a"], [5, 9]),
    ('{\n  "openapi": "3.1.0",\n  "paths": {\n    "/a": {\n      "get": {\n        "tags": [\n'
     '      },\n      "put": {"x\n    },\n    "/b": {\n      "post": {}\n    }\n  }\n}', 3,
     ["GET /a", "POST /b"], [7, 8]),
    ('{"openapi": "3.1.0", "paths": {"/a": {"get": {}, "put": {"x": ', 2,
     ["GET /a", "PUT /a"], [1]),
    ("paths:\n  /a:\n    get", 0, [], []),
    ("paths:\n  /a:\n    get:", 1, [], []),
    ("openapi: 3.1.0\npaths:\n  /a:\n    get:\n      x: y\n  /b:\n    pos", 1, ["GET /a"], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count", "sound", "lines"), BROKEN)
def test_half_typed_documents(text, count, sound, lines):
    found = index(text)
    assert len(found) == count
    for operation in found:
        assert unquoted(operation.name_span.of(text)).upper() == operation.method
    if "openapi" not in text:
        with pytest.raises(DocumentError):
            load(text, URI)
        return
    document = load(text, URI)
    assert [operation.key for operation in document.operations] == sound
    told = [f for f in document.findings if f.code == "document-syntax"]
    assert [text.count("\n", 0, f.span.start) + 1 for f in told] == lines


def test_operation_at_offset():
    document = load(BLOCK, URI)
    assert document.operation_at(BLOCK.index("one")).key == "GET /a/{id}"
    assert document.operation_at(BLOCK.index("- x")).key == "PUT /a/{id}"
    assert document.operation_at(BLOCK.index("components")) is None


def test_operation_of_a_referenced_path_item_stands_where_it_is_written():
    text = (
        "openapi: 3.1.0\npaths:\n  /a: {$ref: '#/components/pathItems/A'}\n"
        "components:\n  pathItems:\n    A:\n      get:\n        responses: {}\n"
    )
    operation = load(text, URI).operations[0]
    assert operation.name_span.start == text.index("get")
    assert operation.span.of(text) == "      get:\n        responses: {}\n"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("openapi: 3.1.0\n", True),
        ("\ufeffopenapi: '3.0.0'\n", True),
        ("info: {}\nx: |\n  text\nopenapi: 3.1.0", True),
        ('swagger: "2.0"', True),
        ("info:\n  openapi: 3.1.0", False),
        ("openapi_version: 3", False),
        ("name: ci\non: push", False),
        ('{"openapi": "3.1.0"}', True),
        ('{\n  "info": {"openapi": "x"},\n  "openapi": "3.0.0"}', True),
        ('{"dependencies": {"openapi": "3.1.0"}}', False),
        ('{"info": {"description": "' + "x" * 70_000 + '"},\n"swagger": "2.0", "paths": {}}', True),
        ('{\n  "a": "' + "x" * 70_000 + '",\n  "openapi": "3.1.0"\n}', True),
        ('{\n  "a": "' + "x" * 70_000 + '",\n  "b": {\n    "openapi": "3.1.0"\n}}', False),
        ("", False),
        ("[]", False),
    ],
)
def test_is_openapi(text, answer):
    assert is_openapi(text) is answer


PIECES = st.sampled_from(
    ["\n", "  ", "    ", ":", " ", "{", "}", "[", "]", '"', "'", "#", "- ", "&a ", "*a", "? ", "|",
     "get:", "/x:", "paths:", "openapi: 3.1.0", "$ref: '#/paths'", "a", "\t", "!!x ", "<<: ", "---",
     "parameters:", "responses:", "200:", "schema:", "allOf:", "null", "\ufeff", "😀", "%7B"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(BLOCK)), st.integers(0, 30), st.lists(PIECES, max_size=4)),
        max_size=6,
    ),
    st.booleans(),
)
def test_mutated_documents_give_findings_or_an_error(changes, as_json):
    text = json.dumps(DOCUMENT, indent=2) if as_json else BLOCK
    for start, length, pieces in changes:
        text = text[:start] + "".join(pieces) + text[start + length :]
    for operation in index(text):
        assert unquoted(operation.name_span.of(text)).upper() == operation.method
        assert operation.span.start <= operation.name_span.start
        assert operation.name_span.end <= operation.span.end
    try:
        document = load(text, URI)
    except DocumentError:
        return
    assert len(list(schemas_of(document, 500))) <= 500
