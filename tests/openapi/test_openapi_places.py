"""Pointer to range and offset to pointer, compared with libyaml's marks, and in broken texts."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from positions_kit import Judge

from pe4king_core.model.json import join
from pe4king_core.model.text import Encoding, LineTable
from pe4king_core.openapi.layout.members import FoundMembers
from pe4king_core.openapi.layout.positions import Positions, index_of

TEXT = """\
openapi: 3.1.0
info: &info
  title: |   # comment
    # a heading
    text

  plain: several
    words # comment
paths:
  "/a~b/{c}":
    get:
      tags: [one, "two: three", {k: v}]
      parameters:
      - name: x   # the name
        in: query
      -
        name: y
      - - 1
        - 2
      ? explicit key
      : - z
      <<: *info
      empty:

    post: {summary: it's, "responses":{"200": null}}
"""


@pytest.mark.parametrize(
    ("pointer", "key", "value"),
    [
        ("/info/title", "title", "|   # comment\n    # a heading\n    text"),
        ("/info/plain", "plain", "several\n    words"),
        ("/paths/~1a~0b~1{c}/get/tags/1", '"two: three"', '"two: three"'),
        ("/paths/~1a~0b~1{c}/get/tags/2/k", "k", "v"),
        ("/paths/~1a~0b~1{c}/get/parameters/0", "name: x   # the name", "name: x   # the name\n"
         "        in: query"),
        ("/paths/~1a~0b~1{c}/get/parameters/0/name", "name", "x"),
        ("/paths/~1a~0b~1{c}/get/parameters/1/name", "name", "y"),
        ("/paths/~1a~0b~1{c}/get/parameters/2/1", "2", "2"),
        ("/paths/~1a~0b~1{c}/get/explicit key/0", "z", "z"),
        ("/paths/~1a~0b~1{c}/get/<<", "<<", "*info"),
        ("/paths/~1a~0b~1{c}/get/empty", "empty", ""),
        ("/paths/~1a~0b~1{c}/post/summary", "summary", "it's"),
        ("/paths/~1a~0b~1{c}/post/responses/200", '"200"', "null"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_ranges_of_a_pointer(pointer, key, value, line_end):
    text = TEXT.replace("\n", line_end)
    positions = Positions(text)
    assert positions.key_span(pointer).of(text) == key
    assert positions.value_span(pointer).of(text) == value.replace("\n", line_end)


def test_a_pointer_that_leads_nowhere_gives_its_deepest_ancestor():
    found = Positions(TEXT).find("/info/title/x/y")
    assert (found.pointer, found.key.name, found.exact) == ("/info/title", "title", False)
    assert Positions(TEXT).find("/nothing") is None
    assert Positions(TEXT).value_span("/info/nothing") is None


@pytest.mark.parametrize(
    ("before", "pointer"),
    [
        ("title: |   # com", "/info/title"),
        ("words # com", "/info/plain"),
        ("    get:", "/paths/~1a~0b~1{c}/get"),
        ("empty:\n", "/paths/~1a~0b~1{c}"),
        ("    text\n", "/info"),
        ("in: query", "/paths/~1a~0b~1{c}/get/parameters/0/in"),
        ('"two: three",', "/paths/~1a~0b~1{c}/get/tags"),
    ],
)
def test_what_is_at_an_offset(before, pointer):
    assert Positions(TEXT).at(TEXT.index(before) + len(before)) == pointer


def test_blank_lines_belong_to_what_could_go_on_in_their_column():
    text = "paths:\n  /a:\n    get:\n      x: 1\n      \n    \n  \n"
    lines = text.split("\n")
    ends = [len("\n".join(lines[: number + 1])) for number in (4, 5, 6)]
    assert [Positions(text).at(end) for end in ends] == ["/paths/~1a/get", "/paths/~1a", "/paths"]


def test_members_that_are_known_are_not_looked_for():
    asked: list[str] = []
    paths = FoundMembers(tuple(Positions(TEXT).children("/paths").values()))
    positions = Positions(
        TEXT, lambda pointer: asked.append(pointer) or {"/paths": paths}.get(pointer)
    )
    assert positions.key_span("/paths/~1a~0b~1{c}/get") is not None
    assert asked == ["", "/paths", "/paths/~1a~0b~1{c}"]


def test_additional_operations_are_indexed():
    text = "paths:\n  /a:\n    query: {}\n    additionalOperations:\n      COPY: {}\n"
    assert [found.method for found in index_of(text).operations] == ["QUERY", "COPY"]


def documents(shared_specs: Path, *, large: bool) -> list[Path]:
    return [
        path
        for path in sorted(shared_specs.rglob("*"))
        if path.suffix in (".json", ".yaml", ".yml")
        and path.name != "manifest.json"
        and (path.stat().st_size > 100_000) is large
    ]


def check_documents(paths: list[Path], limit: int) -> None:
    faults: list[str] = []
    for path in paths:
        try:
            judge = Judge(path.read_bytes().decode("utf-8", "replace"))
            faults += (f"{path.name} {fault}" for fault in judge.faults(limit))
        except yaml.YAMLError:
            assert path.name == "invalid-yaml-syntax.yaml"
    assert faults == []


def test_positions_in_real_documents(shared_specs):
    check_documents(documents(shared_specs, large=False), limit=60)


@pytest.mark.slow
def test_all_positions_in_real_documents(shared_specs):
    check_documents(documents(shared_specs, large=False), limit=100_000)
    check_documents(documents(shared_specs, large=True), limit=5_000)


CHARACTERS = "ab :#-?'\"\\\n\t{}[],&*!|>%@`~é😀1./$<="
STRINGS = st.one_of(
    st.text(st.sampled_from(CHARACTERS), max_size=12),
    st.sampled_from(
        ["a: b", "- x", "# c", "'q'", "long text " * 12, "line\nline2\n", "  lead", "trail ",
         "x\n\n\ny\n", "---", "...", "null", "a #b", "key with space", "/a/{b}",
         "multi\n# no comment\n  indented\n", "https://x.y:80/z?a=b#c"]
    ),
)  # fmt: skip
DATA = st.recursive(
    STRINGS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4),
    max_leaves=14,
)


def dumped(data: object, seed: int, *, wide: bool, **options: object) -> str:
    """`data` as YAML in styles that change from node to node; `wide` indents sequences."""
    choice = random.Random(seed)

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data):
            return True

        def increase_indent(self, flow=False, indentless=False):
            return super().increase_indent(flow, indentless and not wide)

    def text(dumper, value):
        style = choice.choice([None, None, "'", '"', "|", ">"])
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def mapping(dumper, value):
        flow = choice.random() < 0.2
        return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=flow)

    def sequence(dumper, value):
        flow = choice.random() < 0.2
        return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)

    Dumper.add_representer(str, text)
    Dumper.add_representer(dict, mapping)
    Dumper.add_representer(list, sequence)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, **options)


def _begins_like_json(text: str) -> bool:
    """The known exception: a flow document that begins as JSON is taken for broken JSON."""
    return text.lstrip("\ufeff").startswith('{"')


@settings(max_examples=150)
@given(
    DATA, st.integers(0, 9999), st.booleans(), st.booleans(), st.sampled_from([20, 80, 1000]),
    st.integers(2, 6), st.sampled_from(["", "---\n", "# c\n", "%YAML 1.1\n---\n", "\ufeff"]),
    st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_positions_in_random_yaml(data, seed, wide, unicode, width, indent, head, line_end):
    text = head + dumped(
        data, seed, wide=wide, allow_unicode=unicode, width=width, indent=indent
    ).replace("\n", line_end)
    assume(not _begins_like_json(text))
    judge = Judge(text)
    try:
        assert list(judge.faults()) == []
    except yaml.YAMLError:
        return  # libyaml does not read all that it writes


@settings(max_examples=100)
@given(DATA, st.sampled_from([None, 0, 1, 4, "\t"]), st.booleans(), st.sampled_from(Encoding))
def test_positions_in_random_json(data, indent, escaped, encoding):
    text = json.dumps(data, indent=indent, ensure_ascii=escaped)
    positions, table = Positions(text), LineTable(text)
    waiting = [("", data)]
    while waiting:
        pointer, value = waiting.pop()
        span = positions.value_span(pointer)
        assert json.loads(span.of(text)) == value
        for offset in (span.start, span.end):
            assert table.offset(table.position(offset, encoding), encoding) == offset
        if isinstance(value, dict):
            for name, member in value.items():
                inner = join(pointer, name)
                assert json.loads(positions.key_span(inner).of(text)) == name
                assert positions.at(positions.key_span(inner).start) == inner
                waiting.append((inner, member))
        elif isinstance(value, list):
            waiting += ((join(pointer, str(n)), item) for n, item in enumerate(value))


INSERTED = ["foo", "foo:", '"', "{", "foo\n", "foo:\n", '"\n', "{\n", ""]


def broken(text: str, choice: random.Random, inserted: str) -> tuple[int, int, str]:
    """Start and end of what is replaced, and the new text; "" deletes a line."""
    offset = choice.randrange(len(text))
    line = text.rfind("\n", 0, offset) + 1
    if not inserted:
        end = text.find("\n", offset) + 1
        return line, end or len(text), text[:line] + text[end or len(text) :]
    offset = line if inserted.endswith("\n") else offset
    return offset, offset, text[:offset] + inserted + text[offset:]


def lost_share(text: str, choice: random.Random, rounds: int) -> float:
    """The share of untouched path items that are not found where they are."""
    items = Positions(text).children("/paths")
    lost = tried = 0
    for inserted in INSERTED * rounds:
        start, end, changed = broken(text, choice, inserted)
        positions = Positions(changed)
        found = positions.children("/paths")
        assert isinstance(positions.at(start), str)
        for name, key in items.items():
            if start <= key.span.start < end or key.span.start <= start <= key.span.end:
                continue
            moved = key.span.start + (len(changed) - len(text)) * (key.span.start >= end)
            tried += 1
            lost += name not in found or found[name].span.start != moved
    return lost / max(tried, 1)


@pytest.mark.parametrize("layout", ["yaml", "json", "one line"])
def test_other_path_items_are_found_while_one_is_being_typed(layout):
    item = {
        "get": {"parameters": [{"name": "a", "in": "query"}], "responses": {"200": {"x": "y z"}}}
    }
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {f"/a{number}": item for number in range(40)},
        "components": {"schemas": {"A": {"type": "object"}}},
    }
    if layout == "yaml":
        text = yaml.dump(data, sort_keys=False, Dumper=_Plain)
    else:
        text = json.dumps(data, indent=2 if layout == "json" else None)
    if layout == "one line":
        text = text.replace("}, ", "},")
    share = lost_share(text, random.Random(4), 12)
    assert share < 0.03 if layout != "one line" else share < 0.15


class _Plain(yaml.SafeDumper):
    """Without anchors."""

    def ignore_aliases(self, data):
        return True


@pytest.mark.parametrize(
    "part", ["[", '{"a":', '{"a":[', "- ", "a: ", "'", '"', "? ", "&a ", " \n", "{a: ", "a: |\n",
             "- [", '"a" ', '{"a" ', '{"a":"\\x",', "---\n", "\r"]
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "paths: ", '{"paths": '])
def test_hostile_texts_are_looked_through(part, before):
    text = before + part * (20_000 // len(part))
    positions = Positions(text)
    positions.at(len(text) // 2)
    positions.at(len(text))
    assert positions.value_span("") is not None
    assert positions.find("/nothing/0") is None
    assert index_of(text).operations == ()
