"""The judge reads what it needs: not the whole document, not schemas that no value touches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pe4king_core.mock.contract.conversion import Conversion
from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Answer
from pe4king_core.openapi.units.document_text import DocumentText
from tests.mock.contract.raw_documents import answering, told


class Counted(dict[str, Any]):
    """A mapping that remembers which members were looked at."""

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.seen: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(key)
        return super().get(key, default)


def chain(length: int) -> dict[str, Any]:
    """Schemas that lead to each other: `A0` has a member `next0` which is `A1`, and so on."""
    return {
        f"A{n}": {
            "properties": {
                f"next{n}": {"$ref": f"#/components/schemas/A{(n + 1) % length}"},
                "size": {"type": "integer"},
            }
        }
        for n in range(length)
    }


def test_one_path_and_the_schemas_it_reaches() -> None:
    raw = answering({"$ref": "#/components/schemas/A1"}, components=chain(3))
    raw["paths"]["/other"] = raw["paths"]["/x"]
    raw["paths"] = paths = Counted(raw["paths"])
    schemas = {**raw["components"]["schemas"], "Apart": {"type": "string"}}
    raw["components"]["schemas"] = read = Counted(schemas)
    judge = ExchangeJudge(raw)
    wrong = Answer(200, (("Content-Type", "application/json"),), b'{"size": "large"}')
    assert judge.answer_faults("GET /x", wrong)
    assert paths.seen == {"/x"}
    assert read.seen == {"A0", "A1", "A2"}


def test_of_very_much_only_what_a_value_has() -> None:
    raw = answering({"$ref": "#/components/schemas/A0"}, components=chain(500))
    known = {"next0", "size", "of no matter"}
    made = Conversion(raw, "writeOnly").pruned({"$ref": "#/components/schemas/A0"}, known)
    assert len(made.schema["$defs"]) == 2
    assert made.left == {"next1"}
    assert made.kept == {"next0", "size"}


def test_values_of_other_members_are_judged_as_well() -> None:
    raw = answering({"$ref": "#/components/schemas/A0"}, components=chain(500))
    value: dict[str, Any] = {"size": "large"}
    assert told(raw, json.dumps({"size": "large"}).encode())
    assert not told(raw, json.dumps({"size": 5}).encode())
    for number in (2, 1, 0):
        value = {f"next{number}": value}
    judge = ExchangeJudge(raw)
    for body, is_wrong in ((value, True), ({"size": 5}, False), ({"size": ""}, True)):
        answer = Answer(200, (("Content-Type", "application/json"),), json.dumps(body).encode())
        assert bool(judge.answer_faults("GET /x", answer)) is is_wrong


def test_stripe_compiles_a_small_part(shared_specs: Path) -> None:
    text = (shared_specs / "large" / "stripe-spec3.yaml").read_text(encoding="utf-8")
    data = DocumentText.read(text).data
    assert isinstance(data, dict)
    charge = {"$ref": "#/components/schemas/charge"}
    made = Conversion(data, "writeOnly").pruned(charge, {"id", "object", "amount"})
    assert len(made.schema["$defs"]) < 20
