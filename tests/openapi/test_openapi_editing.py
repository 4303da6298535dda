"""After any edit a document is what reading its new text gives."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from editing_kit import (
    URI,
    CountingReader,
    DyingReader,
    applied,
    check,
    edited,
    fresh,
    keeps_the_others,
    random_edit,
    undone,
    units,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_core.model.text import Edit, Span
from pe4king_core.openapi.loading import load_text
from pe4king_core.openapi.parsing.reading import UnreadableError
from pe4king_core.openapi.units.document_text import DocumentText

YAML = """\
openapi: 3.1.0
info: {title: T, version: "1"}
tags:
- name: one
# the paths
paths:
  /a/{id}:
    get:
      summary: It's a "test"
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      responses: {'200': {description: fine}}
  # the next
  '/b':
    put:
      description: |
        text: [
      responses: {}

  /c: {get: {responses: {}}, post: {responses: {}}}
components:
  schemas:
    A:
      type: object
      properties:
        b: {$ref: '#/components/schemas/B'}
    B: {type: [string, "null"]}
  responses:
    R: {description: "x"}
webhooks:
  w:
    post: {responses: {}}
x-last: 1
"""
ITEM = """\
  /new/{id}:
    get:
      summary: "It's a: b"
      # a comment
      parameters:
        - name: id
          in: path
          schema: {type: [string, "null"]}
      description: |
        some text: [
      responses:
        "200": {description: 'ok'}
"""
JSON_ITEM = '    "/new": {\n      "get": {"tags": ["a"], "responses": {"200": {}}}\n    }'


def data() -> object:
    import yaml

    return yaml.safe_load(YAML)


JSON = json.dumps(data(), indent=2)
COMPACT = json.dumps(data(), separators=(",", ":"))
LAYOUTS = [YAML, YAML.replace("\n", "\r\n"), "\ufeff" + YAML, YAML.rstrip("\n"), JSON, COMPACT]


def typed(document: DocumentText, at: int, what: str, reader: CountingReader) -> DocumentText:
    """Types `what` character by character and checks some of the states."""
    chance = random.Random(1)
    for number, letter in enumerate(what):
        edit = Edit(Span(at + number, at + number), letter)
        after = edited(document, edit, reader)
        if chance.random() < 0.1 or number == len(what) - 1:
            check(after, chance)
        document = after
    return document


@pytest.mark.parametrize("before", ["  '/b'", "components:", "  # the next"])
@pytest.mark.parametrize("spaces", range(5))
def test_typing_a_path_item_in_yaml(before, spaces):
    item = ITEM.replace("\n  ", "\n" + " " * spaces).strip(" ")
    at = YAML.index(before) - 1
    document = fresh(YAML)
    reader = CountingReader()
    after = typed(document, at, "\n" + " " * spaces + item.rstrip("\n"), reader)
    if spaces == 2:
        assert reader.whole == 0
        assert "GET /new/{id}" in [operation.key for operation in load_text(after, URI).operations]


@pytest.mark.parametrize("at", [JSON.index('    "/b"'), JSON.index('    "/a')])
def test_typing_a_path_item_in_json(at):
    after = typed(fresh(JSON), at, JSON_ITEM + ",\n", CountingReader())
    assert len(load_text(after, URI).operations) == 5


def test_typing_the_last_path_item_in_json():
    """No keystroke costs the reading of the whole text."""
    at = JSON.index('\n  },\n  "components"')
    reader = CountingReader()
    after = typed(fresh(JSON), at, ",\n" + JSON_ITEM, reader)
    assert reader.whole == 0
    assert len(load_text(after, URI).operations) == 5


@pytest.mark.parametrize("text", LAYOUTS)
def test_every_deletion_of_a_character_and_its_undo(text):
    chance = random.Random(2)
    document = fresh(text)
    for at in range(0, len(text), 1 + len(text) // 25):
        edit = Edit(Span(at, at + 1), "")
        after = fresh(text) if at == 0 else None
        try:
            after = edited(document, edit)
        except DocumentError:
            assert fresh(applied(edit, text)) is None
            continue
        check(after, chance)
        back = edited(after, undone(edit, text))
        assert units(back) == units(document)
        assert not back.faults


@pytest.mark.parametrize("text", LAYOUTS)
def test_line_borders(text):
    """Edits that end where a unit begins, and lines that are joined, split or moved."""
    chance = random.Random(3)
    document = fresh(text)
    for start, unit in document.numbered():
        for at in {start, start + unit.length}:
            for before in (0, 1, 2):
                for after in (0, 1, 3):
                    for new in ("", "x", " ", "\n", "  ", ",", "k: 1\n", "#", "}"):
                        span = Span(max(at - before, 0), min(at + after, len(text)))
                        edit = Edit(span, new)
                        if chance.random() < 0.015:
                            check_one(document, edit, chance)


def check_one(document: DocumentText, edit: Edit, chance: random.Random) -> None:
    try:
        after = edited(document, edit)
    except DocumentError:
        assert fresh(applied(edit, document.text)) is None
        return
    check(after, chance)


def test_an_edit_that_ends_where_the_next_unit_begins_joins_it():
    text = "openapi: 3.0.0\npaths:\n  /a:\n    get: {}\n  /b:\n    get: {}\n  /c:\n    get: {}\n"
    at = text.index("\n  /b")
    after = edited(fresh(text), Edit(Span(at, at + 1), "x"))
    assert units(after) == units(fresh(after.text))
    assert [unit.path[-1] for unit in after.units] == ["openapi", "/a", "/c"]


def test_a_quote_that_is_closed_in_another_unit():
    text = "openapi: 3.0.0\npaths:\n  /a:\n    x: \"b\n  /b:\n    get: {}\n  /c: {y: 'z'}\n"
    chance = random.Random(4)
    document = fresh(text)
    assert document.faults
    at = text.index("get")
    after = edited(document, Edit(Span(at, at), '"'))
    check(after, chance)
    after = edited(after, Edit(Span(at + 1, at + 8), "\n"))
    check(after, chance)
    assert not after.faults


def test_a_bracket_that_is_closed_in_another_unit_of_json():
    chance = random.Random(5)
    text = JSON
    at = text.index("}", text.index('"/b"') - 12)
    document = edited(fresh(text), Edit(Span(at, at + 1), ""))
    check(document, chance)
    assert document.faults
    other = document.text.index('"components"')
    closing = document.text.rindex("}", 0, other) + 1
    document = edited(document, Edit(Span(closing, closing), "}"))
    check(document, chance)


def test_an_alias_reads_the_whole_text():
    chance = random.Random(6)
    document = fresh(YAML)
    at = YAML.index("string}")
    after = edited(document, Edit(Span(at, at + 6), "&s string"))
    check(after, chance)
    at = after.text.index("'#/comp")
    after = edited(after, Edit(Span(at, at + 24), "*s"))
    assert after.is_whole
    assert not after.faults
    check(after, chance)


def test_a_broken_unit_leaves_the_others_alone():
    for text in (YAML, JSON):
        document = fresh(text)
        for broken in ('"', "'", "{", "}", "[", ": : ", "\n- "):
            at = text.index("responses", text.index("/b"))
            edit = Edit(Span(at, at), broken)
            after = edited(document, edit)
            check(after, random.Random(7))
            if after.faults:
                keeps_the_others(document, after, edit)
                assert {fault.pointer.split("/")[2] for fault in after.faults} == {"~1b"}


def test_duplicate_units_keep_the_faults_of_both():
    text = "openapi: 3.0.0\npaths:\n  /a:\n    x: y: z\n  /a:\n    get: {a: b: c}\n"
    assert len(fresh(text).faults) == 2


@pytest.mark.parametrize("code", ["document-parser-died", "document-too-slow"])
def test_a_part_that_ends_the_parser_is_a_fault_of_its_unit(code):
    error = UnreadableError(
        Message("Dead.", "Умер."), code=code, span=Span(0, 3), next_step=Message("Wait.", "Ждите.")
    )
    for text in (YAML, JSON):
        reader = DyingReader("poison", error)
        document = fresh(text)
        at = text.index("responses", text.index("/b"))
        after = edited(document, Edit(Span(at, at), "poison"), reader)
        (fault,) = after.faults
        assert (fault.code, fault.pointer) == (code, "/paths/~1b")
        assert text.count("\n", 0, fault.span.start) == text.count("\n", 0, text.index("/b"))
        assert reader.whole == 0
        keeps_the_others(document, after, Edit(Span(at, at), "poison"))
        keys = [operation.key for operation in load_text(after, URI).operations]
        assert keys == ["GET /a/{id}", "GET /c", "POST /c"]
        assert code in [finding.code for finding in load_text(after, URI).findings]
        elsewhere = after.text.index("T", after.text.index("title"))
        later = edited(after, Edit(Span(elsewhere, elsewhere), "x"), reader)
        assert [fault.code for fault in later.faults] == [code]
        healed = edited(later, Edit(Span(at + 1, at + 7), ""), reader)
        assert healed.faults == ()
        assert units(healed) == units(fresh(healed.text))


def test_what_ends_the_parser_everywhere_is_refused():
    error = UnreadableError(
        Message("Large.", "Велик."), code="document-too-large", span=Span(0, 3),
        next_step=Message("Split.", "Разделите."),
    )  # fmt: skip
    after = edited(fresh(YAML), Edit(Span(40, 40), "poison"), DyingReader("poison", error))
    check(after, random.Random(8))


def walk(text: str, seed: int, steps: int) -> Iterator[tuple[DocumentText, Edit]]:
    """Edits one after the other, some taken back; a refused text ends the walk."""
    chance = random.Random(seed)
    document = fresh(text)
    back: Edit | None = None
    for _ in range(steps):
        if document is None:
            return
        edit = back or random_edit(document.text, chance)
        back = undone(edit, document.text) if back is None and chance.random() < 0.4 else None
        try:
            document = edited(document, edit)
        except DocumentError:
            assert fresh(applied(edit, document.text)) is None
            return
        check(document, chance)
        yield document, edit


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(LAYOUTS), st.integers(0, 10**9))
def test_random_edits(text, seed):
    for _ in walk(text, seed, 6):
        pass


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.sampled_from(LAYOUTS), st.integers(0, 10**9))
def test_many_random_edits(text, seed):
    for _ in walk(text, seed, 10):
        pass


SMALL = ["small/petstore3.yaml", "small/petstore-3.2.json", "edge/baseline-mixed-flow-3.1.yaml"]


@pytest.mark.parametrize("name", SMALL)
def test_edits_of_small_documents(shared_specs: Path, name: str) -> None:
    text = (shared_specs / name).read_text(encoding="utf-8")[:15_000]
    for seed in range(2):
        for _ in walk(text, seed, 4):
            pass


@pytest.mark.slow
def test_edits_of_all_documents(shared_specs: Path) -> None:
    for path in sorted(shared_specs.rglob("*")):
        if path.suffix not in (".json", ".yaml", ".yml") or path.name == "manifest.json":
            continue
        if path.stat().st_size > 600_000:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for seed in range(2 if len(text) > 50_000 else 4):
            for _ in walk(text, seed, 5):
                pass


@pytest.mark.slow
@pytest.mark.parametrize("name", ["large/stripe-spec3.yaml", "large/kubernetes.json"])
def test_typing_in_large_documents_reads_no_whole_text(shared_specs: Path, name: str) -> None:
    text = (shared_specs / name).read_text(encoding="utf-8")
    document = fresh(text)
    reader = CountingReader()
    at = document.span_of(len(document.units) // 2).start
    at = text.index("description", at)
    at = text.index(":", at) + 3
    for number, letter in enumerate("some words"):
        document = edited(document, Edit(Span(at + number, at + number), letter), reader)
    assert reader.whole == 0
    check(document, random.Random(9))
