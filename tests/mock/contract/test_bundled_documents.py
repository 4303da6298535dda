"""Documents of several files are judged as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.bundling import bundled, may_lead_elsewhere
from pe4king_core.mock.contract.operations import single_file
from pe4king_core.mock.contract.pointers import UnjudgedError
from pe4king_core.mock.exchange import Answer
from pe4king_core.openapi.parsing.reading import read
from tests.mock.contract.raw_documents import JSON, answering, told

FILES = {
    "pets.yaml": "Pet: {type: object, required: [name, friend], properties: "
    "{name: {$ref: 'names.yaml'}, friend: {$ref: '#/Friend'}}}\nFriend: {$ref: 'root.yaml#/x-own'}",
    "names.yaml": "type: string",
    "broken.yaml": "a: [",
}


class Memory:
    """Files by name."""

    def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
        if reference == "root.yaml":
            return "root.yaml", ""
        return (reference, FILES[reference]) if reference in FILES else None


def test_references_lead_through_files_and_back() -> None:
    raw = answering({"$ref": "pets.yaml#/Pet"})
    raw["x-own"] = {"type": "integer"}
    made = bundled(raw, "root.yaml", Memory())
    assert single_file(made)
    assert not told(made, b'{"name": "Rex", "friend": 5}')
    assert told(made, b'{"name": 5, "friend": 5}')
    assert told(made, b'{"name": "Rex", "friend": "Bo"}')


@pytest.mark.parametrize("reference", ["absent.yaml", "broken.yaml", "https://x.example/a.yaml"])
def test_what_cannot_be_read_is_not_judged(reference: str) -> None:
    made = bundled(answering({"$ref": reference}), "root.yaml", Memory())
    with pytest.raises(UnjudgedError):
        told(made, b"5")


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("$ref: 'pets.yaml#/Pet'", True),
        ('{"$ref": "pets.yaml"}', True),
        ("$ref: ./pets.yaml", True),
        ("$ref: '#/components/schemas/Pet'", False),
        ('{"$ref":"#/a"}', False),
    ],
)
def test_whether_a_text_leads_elsewhere(text: str, leads: bool) -> None:
    assert may_lead_elsewhere(text) is leads


def test_a_public_document_of_many_files(shared_specs: Path) -> None:
    root = shared_specs / "multi" / "cafe-split" / "cafe.yaml"

    class Disk:
        def read(self, base_uri: str, reference: str) -> tuple[str, str] | None:
            path = (Path(base_uri).parent / reference).resolve()
            return (str(path), path.read_text(encoding="utf-8")) if path.is_file() else None

    data = read(root.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    assert not single_file(data)
    made = bundled(data, str(root), Disk())
    assert single_file(made)
    answer = Answer(200, (("Content-Type", JSON),), b'{"items": 5}')
    assert AnswerJudge(made).faults("GET", "/menu", answer)
