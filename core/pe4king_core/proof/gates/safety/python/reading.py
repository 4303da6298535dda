"""All dangers of a Python text."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from pe4king_core.proof.gates.safety import characters
from pe4king_core.proof.gates.safety.danger import Danger
from pe4king_core.proof.gates.safety.knowing import Known
from pe4king_core.proof.gates.safety.python import (
    addresses,
    endless,
    environment,
    modules,
    names,
    payloads,
)
from pe4king_core.proof.gates.safety.python.code import PythonCode


def dangers(text: str, known: Known) -> list[Danger]:
    """Everything in `text` that a test should not do. Raises SyntaxError where it is no Python."""
    code = PythonCode(text)
    return list(
        chain(
            characters.dangers(text),
            modules.dangers(code, known),
            names.dangers(code),
            endless.dangers(code),
            addresses.dangers(code, known),
            environment.dangers(code, known),
            payloads.dangers(code),
        )
    )


def with_habits(known: Known, text: str) -> Known:
    """`known` with what the text as it was reads and calls already."""
    code = PythonCode(text)
    return replace(
        known,
        names=known.names | environment.names_read(code),
        hosts=known.hosts | addresses.called_hosts(code),
    )
