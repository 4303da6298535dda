"""References: every spelling that real documents use, other files, identifiers, limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_kit import URI, Files, codes

from pe4king_core.model.message import Message
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from pe4king_core.openapi.raw import Place, Source, entries
from pe4king_core.openapi.refs import sources
from pe4king_core.openapi.refs.references import References, Unresolved
from pe4king_core.openapi.units.identifiers import may_have_anchors

FAULTS = {
    f"doc-ref-{kind}"
    for kind in ("unresolved", "cycle", "broken", "file", "remote", "fetch", "limit", "spelling")
}


def references(document: object, files: object = None) -> References:
    """The references of a document given as JSON."""
    text = document if isinstance(document, str) else json.dumps(document)
    reader = Files(files) if isinstance(files, dict) else files
    source = Source(URI, read(text), has_anchors=may_have_anchors(text))
    return References(source, reader)  # type: ignore[arg-type]


def at(found: References, pointer: str) -> Place:
    """The place that a pointer of the document names."""
    place = found.resolve(found.root, f"#{pointer}")
    assert isinstance(place, Place), place
    return place


def value(found: References, reference: str, pointer: str = "") -> object:
    """What a reference at `pointer` leads to: the value, or the code of the fault."""
    target = found.resolve(at(found, pointer) if pointer else found.root, reference)
    return target.code if isinstance(target, Unresolved) else target.value


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("#/components/schemas/A", 1),
        ("#/components/schemas/a~1b~0c", 2),
        ("#/components/schemas/a%2Fb", "doc-ref-unresolved"),
        ("#/components/schemas/%7Bid%7D", 3),
        ("#/components/schemas/{id}", 3),
        ("#/components/schemas/100%25", 4),
        ("#/components/schemas/100%", 4),
        ("#/components/schemas/%D0%AF", 5),
        ("#/components/schemas/Я", 5),
        ("#/components/schemas/with space", 6),
        ("#/components/schemas/with%20space", 6),
        ("#/components/schemas/", 7),
        ("#/list/1", "b"),
        ("#/list/01", "b"),
        ("#/list/2", "doc-ref-unresolved"),
        ("#/list/-", "doc-ref-unresolved"),
        ("#/components/schemas/Nothing", "doc-ref-unresolved"),
        ("#/components/schemas/A/deeper", "doc-ref-unresolved"),
        ("#/components/schemas/Null", "doc-ref-broken"),
        ("", "doc-ref-unresolved"),
        ("#nowhere", "doc-ref-unresolved"),
        ("openapi.yaml#/components/schemas/A", 1),
        ("./openapi.yaml#/components/schemas/A", 1),
    ],
)
def test_pointers(reference: str, expected: object) -> None:
    names = {"A": 1, "a/b~c": 2, "{id}": 3, "100%": 4, "Я": 5, "with space": 6, "": 7, "Null": None}
    found = references({"components": {"schemas": names}, "list": ["a", "b"]})
    assert value(found, reference) == expected


def test_pointers_lead_through_references_and_references_to_references() -> None:
    found = references(
        {
            "a": {"$ref": "#/b"},
            "b": {"$ref": "other.yaml#/c"},
            "d": {"$ref": "#/a/properties/id"},
            "loop": {"$ref": "#/loop"},
            "ring": {"$ref": "#/gnir"},
            "gnir": {"$ref": "#/ring"},
            "through": {"$ref": "#/ring/x"},
            "self": {"$ref": "#/self/x"},
        },
        {"other.yaml": "c: {properties: {id: {$ref: '#/types/id'}}}\ntypes: {id: 5}"},
    )
    assert value(found, "#/a/properties/id") == {"$ref": "#/types/id"}
    end = found.follow(at(found, "/d"))
    assert isinstance(end, Place)
    assert (end.value, end.pointer) == (5, "file:///api/other.yaml#/types/id")
    for pointer in ("/loop", "/ring"):
        ended = found.follow(at(found, pointer))
        assert isinstance(ended, Unresolved)
        assert ended.code == "doc-ref-cycle"
    assert value(found, "#/ring/x") == "doc-ref-unresolved"
    assert value(found, "#/self/x/y") == "doc-ref-unresolved"


def test_long_chains_are_followed_to_their_end() -> None:
    count = 5_000
    chain: dict[str, object] = {f"S{n}": {"$ref": f"#/S{n + 1}"} for n in range(count)}
    found = references({**chain, f"S{count}": {"type": "string"}})
    for number in range(count):
        end = found.follow(at(found, f"/S{number}"))
        assert isinstance(end, Place)
        assert end.value == {"type": "string"}


def test_pointers_nested_in_pointers_end() -> None:
    chain = {f"S{n}": {"$ref": f"#/S{n + 1}/x"} for n in range(3_000)}
    found = references({**chain, "A": {"$ref": "#/B"}, "B": {"x": 1}})
    assert value(found, "#/S0/x") == "doc-ref-limit"
    assert value(found, "#/A/x") == 1
    assert isinstance(found.follow(at(found, "/S7")), Unresolved)
    short = {f"S{n}": {"$ref": f"#/S{n + 1}/x"} for n in range(20)}
    end = {"x": {"x": 5}}
    for _ in range(20):
        end = {"x": end}
    assert value(references({**short, "S20": end}), "#/S0/x") is not None


EMBEDDED = {
    "components": {
        "schemas": {
            "Tree": {
                "$id": "https://example.com/schemas/tree",
                "$anchor": "top",
                "properties": {
                    "node": {"$ref": "#node"},
                    "leaf": {"$ref": "leaf"},
                    "local": {"$ref": "#/$defs/Node"},
                    "outer": {"$ref": "#/components/schemas/Plain"},
                },
                "$defs": {
                    "Node": {"$anchor": "node", "type": "object"},
                    "Leaf": {"$id": "leaf", "type": "string", "$defs": {"X": {"type": "null"}}},
                    "Old": {"$id": "#old", "type": "boolean"},
                },
            },
            "Plain": {"type": "integer", "$anchor": "plain"},
            "Relative": {"$id": "relative.json", "type": "number"},
            "Properties": {
                "properties": {
                    "$id": {"type": "string"},
                    "id": {"type": "string"},
                    "$anchor": {"type": "string"},
                },
                "example": {"$id": "https://example.com/example", "$anchor": "example"},
                "default": {"$id": "https://example.com/default"},
            },
            "default": {"$id": "https://example.com/named-default", "type": "array"},
            "Draft4": {"id": "https://example.com/draft4"},
        }
    }
}


@pytest.mark.parametrize(
    ("reference", "pointer", "expected"),
    [
        ("https://example.com/schemas/tree", "", "/components/schemas/Tree"),
        ("https://example.com/schemas/tree#", "", "/components/schemas/Tree"),
        ("https://example.com/schemas/tree#top", "", "/components/schemas/Tree"),
        ("https://example.com/schemas/tree#node", "", "/components/schemas/Tree/$defs/Node"),
        (
            "https://example.com/schemas/tree#/$defs/Leaf",
            "",
            "/components/schemas/Tree/$defs/Leaf",
        ),
        ("https://example.com/schemas/leaf", "", "/components/schemas/Tree/$defs/Leaf"),
        (
            "#node",
            "/components/schemas/Tree/properties/node",
            "/components/schemas/Tree/$defs/Node",
        ),
        ("leaf", "/components/schemas/Tree/properties/leaf", "/components/schemas/Tree/$defs/Leaf"),
        ("#", "/components/schemas/Tree/properties/leaf", "/components/schemas/Tree"),
        ("#", "/components/schemas/Tree/$defs/Leaf/$defs/X", "/components/schemas/Tree/$defs/Leaf"),
        ("tree", "/components/schemas/Tree/$defs/Leaf", "/components/schemas/Tree"),
        (
            "#/$defs/Node",
            "/components/schemas/Tree/properties/local",
            "/components/schemas/Tree/$defs/Node",
        ),
        (
            "#/components/schemas/Plain",
            "/components/schemas/Tree/properties/outer",
            "/components/schemas/Plain",
        ),
        ("#old", "/components/schemas/Tree", "/components/schemas/Tree/$defs/Old"),
        ("#plain", "", "/components/schemas/Plain"),
        ("#plain", "/components/schemas/Plain", "/components/schemas/Plain"),
        ("relative.json", "", "/components/schemas/Relative"),
        ("file:///api/relative.json", "", "/components/schemas/Relative"),
        ("https://example.com/named-default", "", "/components/schemas/default"),
        ("#node", "", "doc-ref-unresolved"),
        ("#example", "", "doc-ref-unresolved"),
        ("https://example.com/example", "", "doc-ref-remote"),
        ("https://example.com/default", "", "doc-ref-remote"),
        ("https://example.com/draft4", "", "doc-ref-remote"),
        ("leaf", "", "doc-ref-file"),
    ],
)
def test_identifiers(reference: str, pointer: str, expected: str) -> None:
    found = references(EMBEDDED)
    target = found.resolve(at(found, pointer) if pointer else found.root, reference)
    assert (target.code if isinstance(target, Unresolved) else target.pointer) == expected


def test_definitions_of_the_schema_around_a_reference() -> None:
    document = {
        "components": {
            "schemas": {
                "A": {
                    "$defs": {"X": {"const": "A"}},
                    "items": {"$defs": {"Y": {"const": "inner"}}, "items": {"$ref": "#/$defs/X"}},
                },
                "B": {"definitions": {"X": {"const": "B"}}, "items": {"$ref": "#/definitions/X"}},
            }
        },
        "$defs": {"Z": {"const": "Z"}},
    }
    found = references(document)
    inner = "/components/schemas/A/items/items"
    assert value(found, "#/$defs/X", inner) == {"const": "A"}
    assert value(found, "#/$defs/Y", inner) == {"const": "inner"}
    assert value(found, "#/$defs/Z", inner) == {"const": "Z"}
    assert value(found, "#/definitions/X", "/components/schemas/B/items") == {"const": "B"}
    assert value(found, "#/$defs/X", "/components/schemas/B/items") == "doc-ref-unresolved"
    assert value(found, "#/$defs/X") == "doc-ref-unresolved"


def test_definitions_that_lead_through_each_other_end() -> None:
    count = 500
    nested = {
        f"S{n}": {"$ref": f"#/$defs/D{n + 1}/x", "$defs": {f"D{n}": {"$ref": f"#/S{n + 1}"}}}
        for n in range(count)
    }
    found = references(nested)
    assert isinstance(found.follow(at(found, "/S0")), Unresolved)
    assert isinstance(found.follow(at(found, "/S0/$defs/D0")), Unresolved)


def test_dynamic_references_start_at_their_initial_target() -> None:
    page = {
        "$id": "https://example.com/page",
        "items": {"$dynamicRef": "#item"},
        "$defs": {"any": {"$dynamicAnchor": "item", "not": {}}, "fixed": {"$anchor": "plain"}},
    }
    pets = {
        "$id": "https://example.com/pets",
        "$ref": "page",
        "$defs": {"pet": {"$dynamicAnchor": "item", "type": "object"}},
    }
    found = references({"components": {"schemas": {"Page": page, "Pets": pets}}})
    reference = at(found, "/components/schemas/Page/items")
    outer = at(found, "/components/schemas/Pets")
    initial = found.resolve_dynamic(reference, "#item")
    entered = found.resolve_dynamic(reference, "#item", [outer, reference])
    plain = found.resolve_dynamic(reference, "#plain", [outer])
    assert isinstance(initial, Place)
    assert isinstance(entered, Place)
    assert isinstance(plain, Place)
    assert initial.pointer == "/components/schemas/Page/$defs/any"
    assert entered.pointer == "/components/schemas/Pets/$defs/pet"
    assert plain.pointer == "/components/schemas/Page/$defs/fixed"
    assert isinstance(found.resolve_dynamic(reference, "#other", [outer]), Unresolved)


def test_self_is_the_base_of_a_document() -> None:
    found = references(
        {
            "openapi": "3.2.0",
            "$self": "https://example.com/api/openapi",
            "components": {"schemas": {"A": {"$id": "schemas/a", "type": "string"}}},
        },
        {"schemas/b.yaml": "type: number"},
    )
    assert value(found, "https://example.com/api/openapi#/openapi") == "3.2.0"
    assert value(found, "openapi#/openapi") == "3.2.0"
    expected = {"$id": "schemas/a", "type": "string"}
    assert value(found, "https://example.com/api/schemas/a") == expected
    assert value(found, "schemas/a") == expected
    assert value(found, "schemas/b.yaml") == {"type": "number"}
    assert value(found, "schemas/c.yaml") == "doc-ref-file"


def test_identifiers_count_in_a_whole_load() -> None:
    text = """
        openapi: 3.1.0
        info: {title: T, version: "1"}
        paths:
          /x:
            get:
              responses:
                "200":
                  description: ok
                  content: {application/json: {schema: {$ref: "https://example.com/pet"}}}
        components:
          schemas:
            Pet:
              $id: https://example.com/pet
              type: object
              properties: {name: {$ref: "#/$defs/Name"}, tag: {$ref: "#tag"}}
              $defs: {Name: {enum: [n]}, Tag: {$anchor: tag, enum: [a, b]}}
    """
    document = load(text, URI)
    media = document.operations[0].responses["200"].json
    assert media is not None
    assert media.schema is not None
    assert media.schema.properties["name"].enum == ("n",)
    assert media.schema.properties["tag"].enum == ("a", "b")
    assert FAULTS.isdisjoint(codes(document))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"$id": "x"}', True),
        ("$anchor: x", True),
        ("'$dynamicAnchor': x", True),
        ("$id: >-\n  x", True),
        ("$id:\n  type: string", False),
        ("$id: {type: string}", False),
        ("id: x", False),
        ("in prose the $id of a schema", False),
    ],
)
def test_a_text_without_identifiers_is_not_searched(text: str, expected: bool) -> None:
    assert may_have_anchors(text) is expected


@pytest.mark.parametrize(
    ("reference", "meant", "expected"),
    [
        (r".\schemas\pet.yaml#/Pet", "./schemas/pet.yaml#/Pet", 1),
        (" #/definitions/Cat ", "#/definitions/Cat", 2),
        ("#definitions/Cat", "#/definitions/Cat", 2),
        ("Cat", "#/definitions/Cat", 2),
        ("v1.Cat", "#/definitions/v1.Cat", 3),
        ("definitions/Cat", "#/definitions/Cat", 2),
        ("/definitions/Cat", "#/definitions/Cat", 2),
    ],
)
def test_loose_spellings_are_read_and_remarked(
    reference: str, meant: str, expected: object
) -> None:
    found = references(
        {"definitions": {"Cat": 2, "v1.Cat": 3, "Dog": 4}},
        {"schemas/pet.yaml": "Pet: 1", "Dog": "file: true"},
    )
    assert value(found, reference) == expected
    remark = found.remark(found.root, reference)
    assert remark is not None
    assert remark.code == "doc-ref-spelling"
    assert f"`{meant}`" in remark.message.en
    assert f"`{meant}`" in remark.message.ru


def test_a_file_comes_before_a_component_of_its_name() -> None:
    found = references({"definitions": {"Dog": 4}}, {"Dog": "file: true"})
    assert value(found, "Dog") == {"file": True}
    assert found.remark(found.root, "Dog") is None
    assert found.remark(found.root, "#/definitions/Dog") is None
    assert found.remark(found.root, "#/definitions/Nothing") is None


@pytest.mark.parametrize("reference", [r"\\host\share\x.yaml", "//host/x.yaml", r"C:\x.yaml"])
def test_network_paths_of_windows_are_never_asked_for(reference: str) -> None:
    files = Files({})
    target = references({}, files).resolve(references({}, files).root, reference)
    assert isinstance(target, Unresolved)
    assert not [name for name in files.asked if name.startswith("//")]


def test_other_files_in_every_notation() -> None:
    whole = {"openapi": "3.0.0", "paths": {}, "components": {"schemas": {"A": {"type": "string"}}}}
    files = {
        "whole.json": json.dumps(whole),
        "fragment.yml": "type: object\nproperties: {next: {$ref: '../fragment.yml'}}",
        "deep/a.yaml": "inner: {$ref: 'b.yaml#/x'}",
        "deep/b.yaml": "x: {$ref: '../openapi.yaml#/here'}",
        "имя файла.yaml": "v: 1",
        "a#b.yaml": "v: 2",
        "per%20cent.yaml": "v: 3",
        "list.yaml": "- one\n- two",
        "prose.md": "# Title\n\ttext: [",
        "empty.yaml": "# nothing",
        "broken.yaml": "a: [b: c: d",
    }
    found = references({"here": "root"}, files)
    assert value(found, "whole.json#/components/schemas/A") == {"type": "string"}
    assert value(found, "fragment.yml") == read(files["fragment.yml"])
    assert value(found, "./deep/../fragment.yml") == read(files["fragment.yml"])
    inner = found.resolve(found.root, "deep/a.yaml#/inner")
    assert isinstance(inner, Place)
    end = found.follow(inner)
    assert isinstance(end, Place)
    assert (end.value, end.pointer) == ("root", "/here")
    assert value(found, "имя файла.yaml#/v") == 1
    assert value(found, "%D0%B8%D0%BC%D1%8F%20файла.yaml#/v") == 1
    assert value(found, "a%23b.yaml#/v") == 2
    assert value(found, "per%20cent.yaml#/v") == 3
    assert value(found, "list.yaml#/1") == "two"
    assert value(found, "prose.md") == files["prose.md"]
    for reference in ("empty.yaml", "broken.yaml", "missing.yaml", "../../outside.yaml"):
        assert value(found, reference) == "doc-ref-file", reference


def test_one_file_under_two_spellings_is_read_once() -> None:
    found = references({}, {"a b.yaml": "x: 1", "sub/c.yaml": "y: {$ref: '../a b.yaml#/x'}"})
    spellings = ("a b.yaml", "a%20b.yaml", "./a b.yaml", "sub/../a%20b.yaml")
    places = [found.resolve(found.root, spelling) for spelling in spellings]
    assert len({place.source for place in places if isinstance(place, Place)}) == 1
    assert all(isinstance(place, Place) for place in places)


def test_a_fault_in_another_file_names_file_and_line() -> None:
    other = "a: 1\n\nb:\n  items: {$ref: '#/no'}\nc:\n  $ref: >-\n    #/none\n"
    found = references({}, {"sub/other file.yaml": other})
    place = found.resolve(found.root, "sub/other%20file.yaml#/b/items")
    assert isinstance(place, Place)
    fault = found.resolve(place, "#/no")
    assert isinstance(fault, Unresolved)
    assert fault.message.en.startswith("sub/other file.yaml, line 4: `$ref: #/no` leads nowhere")
    assert fault.message.ru.startswith("sub/other file.yaml, строка 4: `$ref: #/no` никуда")
    folded = found.resolve(place, "#/none")
    assert isinstance(folded, Unresolved)
    assert "line 6: " in folded.message.en
    told = found.elsewhere.of_place(place, Message("wrong", "не то"))
    assert told == Message(
        "sub/other file.yaml, line 4: wrong", "sub/other file.yaml, строка 4: не то"
    )
    assert found.elsewhere.of_place(at(found, ""), Message("a", "б")) == Message("a", "б")


def test_numbers_and_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    found = references({}, {f"{n}.yaml": f"n: {n}" for n in range(10)})
    kinds = [value(found, f"{n}.yaml#/n") for n in range(5)]
    assert kinds == [0, 1, 2, "doc-ref-limit", "doc-ref-limit"]
    assert value(found, "0.yaml#/n") == 0

    monkeypatch.setattr(sources, "MAX_CHARACTERS", 100)
    found = references({}, {"a.yaml": "a: 1", "big.yaml": "b: " + "x" * 100})
    assert value(found, "big.yaml") == "doc-ref-limit"
    assert value(found, "a.yaml#/a") == 1

    monkeypatch.setattr(sources, "MAX_TRIES", 4)
    files = Files({})
    found = references({}, files)
    kinds = [value(found, f"{n}.yaml") for n in range(6)]
    assert kinds == ["doc-ref-file"] * 4 + ["doc-ref-limit"] * 2
    assert len(set(files.asked)) == 4


class Web(Files):
    """Files in memory and a web of one listed host."""

    def __init__(self, files: Mapping[str, str], web: Mapping[str, str]) -> None:
        super().__init__(files)
        self._web = web
        self.fetched: list[str] = []

    def fetch(self, url: str) -> tuple[str, str] | Message | None:
        self.fetched.append(url)
        if not url.startswith("https://listed.example/"):
            return None
        text = self._web.get(url)
        return Message("No.", "Нет.") if text is None else (url, text)


def test_remote_references_need_a_list_and_say_how_to_allow_them() -> None:
    found = references({}, {})
    target = found.resolve(found.root, "https://user:pw@Example.com:8443/a.yaml#/x")
    assert isinstance(target, Unresolved)
    assert target.code == "doc-ref-remote"
    for text in (target.message.en, target.message.ru):
        assert " example.com:8443 " in text
        assert "PE4KING_REMOTE_REFERENCES" in text
        assert "--allow-host example.com:8443" in text


def test_remote_files_and_what_they_refer_to() -> None:
    web = Web(
        {"local.yaml": "x: {$ref: 'https://listed.example/a.yaml#/x'}"},
        {
            "https://listed.example/a.yaml": (
                "x: {$ref: 'sub/b.yaml#/y'}\nlocal: {$ref: 'file:///api/local.yaml'}\n"
                "other: {$ref: '//other.example/c.yaml'}\nup: {$ref: '../../openapi.yaml'}"
            ),
            "https://listed.example/sub/b.yaml": "y: {type: string}",
        },
    )
    found = references({"top": 1}, web)
    start = found.resolve(found.root, "local.yaml#/x")
    assert isinstance(start, Place)
    end = found.follow(start)
    assert isinstance(end, Place)
    assert end.value == {"type": "string"}
    assert end.pointer == "https://listed.example/sub/b.yaml#/y"
    remote = found.resolve(found.root, "https://listed.example/a.yaml")
    assert isinstance(remote, Place)
    for name, code in (
        ("local", "doc-ref-remote"),
        ("other", "doc-ref-remote"),
        ("up", "doc-ref-fetch"),
    ):
        child = remote.get(name)
        assert child is not None
        fault = found.follow(child)
        assert isinstance(fault, Unresolved), name
        assert fault.code == code
        assert "https://listed.example/a.yaml, line " in fault.message.en
    assert web.fetched.count("https://listed.example/a.yaml") == 1


def test_an_identifier_on_the_web_prefers_the_file_beside_the_document() -> None:
    schema = {"$id": "https://listed.example/a/pet.json", "items": {"$ref": "tag.json"}}
    web = Web({"tag.json": '{"here": true}'}, {"https://listed.example/a/tag.json": "there: true"})
    assert value(references(schema, web), "tag.json") == {"here": True}
    assert web.fetched == []
    web = Web({}, {"https://listed.example/a/tag.json": "there: true"})
    assert value(references(schema, web), "tag.json") == {"there": True}
    unlisted = {"$id": "https://other.example/a/pet.json"}
    assert value(references(unlisted, web), "tag.json") == "doc-ref-file"


MULTI = (
    "cafe-split/cafe.yaml",
    "kin-circularRef/circularRef/base.yml",
    "kin-circularRef/circularRef2/circular2.yaml",
    "kin-recursiveRef/openapi.yml",
    "kin-recursiveRef/issue615.yml",
    "kin-recursiveRef/openapi.yml.internalized.yml",
    "petstore-separate-v2/spec/swagger.yaml",
)


class Disk:
    """Files below one folder; remembers which were read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self.texts: dict[str, str] = {}

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        path = (Path(base_uri.removeprefix("file://")).parent / reference).resolve()
        if not path.is_file() or not path.is_relative_to(self._folder):
            return None
        self.texts[path.as_uri()] = path.read_text(encoding="utf-8")
        return path.as_uri(), self.texts[path.as_uri()]


def _all_references(place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(place.value, dict):
        if isinstance(place.value.get("$ref"), str):
            yield place, place.value["$ref"]
        for name, member in entries(place.value):
            yield from _all_references(place.child(name, member))
    for element in place.elements():
        yield from _all_references(element)


@pytest.mark.parametrize("name", MULTI)
def test_every_reference_of_documents_in_many_files(shared_specs: Path, name: str) -> None:
    path = (shared_specs / "multi" / name).resolve()
    text = path.read_text(encoding="utf-8")
    files = Disk(shared_specs / "multi")
    found = References(Source(path.as_uri(), read(text)), files)
    waiting = [Place(found.root, "", found.root.data)]
    seen, count = {found.root}, 0
    while waiting:
        for place, reference in _all_references(waiting.pop()):
            count += 1
            target = found.resolve(place, reference)
            assert isinstance(target, Place), target
            assert not isinstance(found.follow(place), Unresolved)
            if target.source not in seen:
                seen.add(target.source)
                waiting.append(Place(target.source, target.source.prefix, target.source.data))
    texts = {path.as_uri(): text, **files.texts}
    written = sum(len(re.findall(r"\$ref[\"']?\s*:", each)) for each in texts.values())
    assert count == written > 0
    assert FAULTS.isdisjoint(codes(load(text, path.as_uri(), files)))


_TEXTS = st.sampled_from(
    [
        "#", "#/a", "#/b", "#/a/b", "#/$defs/a", "#/definitions/b", "#/b/$defs/a/c", "#a", "#b",
        "a", "b", "c", "a#/b", "b#a", "openapi.yaml", "openapi.yaml#/a", "https://h/a", "https://h/a#b",
        "other.yaml", "other.yaml#/a", "other.yaml#b", "#/other/0", "", "/a", "#//", "#/~01", "#%",
        "http://[", "urn:x:y", "//h/a", "\ud800", "a\\b", "\0",
    ]
)  # fmt: skip
_NODES = st.recursive(
    st.none() | st.booleans() | _TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "b", "c", "$defs", "definitions", "properties", "other"]), inner
        )
        | st.fixed_dictionaries(
            {"$ref": _TEXTS},
            optional={"$id": _TEXTS, "$anchor": _TEXTS, "$dynamicAnchor": _TEXTS, "$defs": inner},
        )
        | st.fixed_dictionaries({"$id": _TEXTS, "a": inner, "$anchor": st.just("a")})
    ),
    max_leaves=30,
)


@given(
    document=st.dictionaries(st.sampled_from(["a", "b", "c", "$defs", "$self", "other"]), _NODES),
    other=_NODES,
    strings=st.lists(_TEXTS, max_size=10),
)
def test_any_reference_ends_at_a_place_or_a_reason(
    document: object, other: object, strings: list[str]
) -> None:
    files = Files({"other.yaml": json.dumps(other)})
    found = References(Source(URI, document, has_anchors=True), files)
    root = Place(found.root, "", document)
    for place, reference in [*_all_references(root), *((root, text) for text in strings)]:
        ends = found.resolve(place, reference), found.follow(place)
        for end in (*ends, found.resolve_dynamic(place, reference, [root, place])):
            if isinstance(end, Unresolved):
                assert end.code.startswith("doc-ref-")
                assert end.message.en
                assert end.message.ru
            else:
                pointer = end.pointer.removeprefix(end.source.prefix)
                assert at_pointer(end.source.data, pointer) is end.value
        assert ends[0] == found.resolve(place, reference)
        found.remark(place, reference)


def at_pointer(data: object, pointer: str) -> object:
    """The value that a pointer names (RFC 6901), by a walk of its own."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        data = data[int(name)] if isinstance(data, list) else data[name]  # type: ignore[index]
    return data


def test_threads_do_not_see_what_another_has_half_resolved() -> None:
    count = 200
    document = {f"T{n}": {"$ref": f"other{n}.yaml"} for n in range(count)}
    files = {f"other{n}.yaml": f"x: {n}" for n in range(count)}
    for _ in range(5):
        found = references(document, files)

        def all_values(found: References = found) -> list[object]:
            return [value(found, f"#/T{n}/x") for n in range(count)]

        with ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(all_values) for _ in range(4)]
        for run in runs:
            assert run.result() == list(range(count))


def test_findings_of_a_load_name_the_file_and_the_spelling() -> None:
    text = """
        swagger: "2.0"
        info: {title: T, version: "1"}
        paths:
          /x:
            get:
              responses:
                200: {description: ok, schema: {$ref: Pet}}
                404: {description: no, schema: {$ref: "sub/error.yaml"}}
        definitions:
          Pet: {type: object}
    """
    error = "type: object\nproperties:\n  code:\n    $ref: '#/no'\n"
    document = load(dedent(text), URI, Files({"sub/error.yaml": error}))
    found = {finding.code: finding for finding in document.findings}
    assert "`#/definitions/Pet`" in found["doc-ref-spelling"].message.en
    unresolved = found["doc-ref-unresolved"]
    assert unresolved.message.en.startswith("sub/error.yaml, line 4: `$ref: #/no` leads nowhere")
    assert unresolved.span.of(dedent(text)) == "schema"
    assert dedent(text)[unresolved.span.end :].startswith(': {$ref: "sub/error.yaml"}')
