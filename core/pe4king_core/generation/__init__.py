"""Operations and a plan to test models: positive and negative cases, deterministic by seed."""

from __future__ import annotations

from pe4king_core.generation.assertions import response_facts
from pe4king_core.generation.generate import generate, generate_cases

__all__ = ["generate", "generate_cases", "response_facts"]
