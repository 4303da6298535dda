"""Operations and a plan to test models: positive and negative cases, deterministic by seed."""

from __future__ import annotations

from pe4king_core.generation.answers.assertions import response_facts
from pe4king_core.generation.generate import (
    Models,
    generate,
    generate_cases,
    iter_models,
)
from pe4king_core.generation.generation import Cases, Generation
from pe4king_core.generation.names import case_ids
from pe4king_core.generation.selection import selected_operations

__all__ = [
    "Cases",
    "Generation",
    "Models",
    "case_ids",
    "generate",
    "generate_cases",
    "iter_models",
    "response_facts",
    "selected_operations",
]
