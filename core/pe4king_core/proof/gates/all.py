"""All gates that only read, in their order, and what they say of one proposed file."""

from __future__ import annotations

from pe4king_core.model.message import Message
from pe4king_core.model.verdict import Level, LevelResult, LevelState
from pe4king_core.proof.proposed import Gate, Proposed, Surroundings

_NO_PARSE = Message("the text does not parse", "текст не разбирается")


def static_gates() -> tuple[Gate, ...]:
    """The gates in the order of their levels."""
    from pe4king_core.proof.gates.contract.gate import ContractGate
    from pe4king_core.proof.gates.keeping.gate import KeepingGate
    from pe4king_core.proof.gates.parsing import ParsingGate
    from pe4king_core.proof.gates.resolving.gate import ResolvingGate
    from pe4king_core.proof.gates.safety.gate import SafetyGate

    return (ParsingGate(), ResolvingGate(), KeepingGate(), ContractGate(), SafetyGate())


def static_levels(proposed: Proposed, around: Surroundings) -> tuple[LevelResult, ...]:
    """What every gate says of `proposed`; what does not parse is not looked at any further."""
    return judged(static_gates(), proposed, around)


def judged(
    gates: tuple[Gate, ...], proposed: Proposed, around: Surroundings
) -> tuple[LevelResult, ...]:
    """What `gates` say of `proposed`, in their order; after a failed parse they are not run."""
    found: list[LevelResult] = []
    for gate in gates:
        failed = any(
            each.level is Level.PARSES and each.state is LevelState.FAILED for each in found
        )
        not_run = LevelResult(gate.level, LevelState.NOT_RUN, _NO_PARSE)
        found.append(not_run if failed else gate.check(proposed, around))
    return tuple(found)
