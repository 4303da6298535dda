"""All dangers of a Java text."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from pe4king_core.proof.gates.safety import characters
from pe4king_core.proof.gates.safety.danger import Danger
from pe4king_core.proof.gates.safety.java import addresses, endless, filters, hidden, system, types
from pe4king_core.proof.gates.safety.java.code import JavaCode
from pe4king_core.proof.gates.safety.knowing import Known


def dangers(text: str, known: Known) -> list[Danger]:
    """Everything in `text` that a test should not do."""
    code = JavaCode(text)
    return list(
        chain(
            characters.dangers(text),
            types.dangers(code, known),
            system.dangers(code, known),
            addresses.dangers(code, known),
            endless.dangers(code),
            hidden.dangers(code),
            filters.dangers(code),
        )
    )


def with_habits(known: Known, text: str) -> Known:
    """`known` with what the text as it was reads and calls already."""
    code = JavaCode(text)
    return replace(
        known,
        names=known.names | system.names_read(code),
        hosts=known.hosts | addresses.called_hosts(code),
    )
