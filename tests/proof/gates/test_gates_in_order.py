"""All static gates together: one result a level, in their order, whatever is proposed."""

from __future__ import annotations

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import Level, LevelState
from pe4king_core.proof.gates.all import static_gates, static_levels
from pe4king_core.proof.proposed import Proposed, Surroundings

ORDER = [Level.PARSES, Level.RESOLVES, Level.KEEPS, Level.CONTRACT, Level.SAFE]


def new(text: str) -> Proposed:
    """A new file in Python."""
    return Proposed(SourceLanguage.PYTHON, "", (Edit(Span(0, 0), text),))


def test_gates_stand_in_the_order_of_levels() -> None:
    assert [gate.level for gate in static_gates()] == ORDER


def test_every_level_has_one_result() -> None:
    text = "def test_a():\n    assert [1]\n"
    assert [each.level for each in static_levels(new(text), Surroundings())] == ORDER


def test_what_does_not_parse_is_not_looked_at_further() -> None:
    results = static_levels(new("def test_a(:\n"), Surroundings())
    assert [each.level for each in results] == ORDER
    assert results[0].state is LevelState.FAILED
    assert {each.state for each in results[1:]} == {LevelState.NOT_RUN}
    assert {each.reason.en for each in results[1:]} == {"the text does not parse"}
