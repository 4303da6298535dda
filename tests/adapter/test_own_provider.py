"""The user's own provider writes a test: only `make provider` asks it, as that costs money.

`LLM_API_KEY`, `LLM_BASE_URL` and `LLM_MODEL` say which one, as for `create_llm_service`.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from pe4king_adapter.service import QwenLLMClient, create_llm_service

SETTINGS = {
    name: os.environ.get(name, "")
    for name in ("LLM_API_KEY", "LLM_BASE_URL", "LLM_MODEL", "LLM_TIMEOUT")
}
"""Read before the environment is cleaned for tests."""
PROMPT = (
    "Write a pytest test for the endpoint GET /books of a web API, which answers with status 200 "
    "and a JSON list. Use the requests library; BASE_URL comes from the environment. Answer with "
    "Python code only."
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("PE4KING_OWN_PROVIDER"), reason="only `make provider` asks a real model"
    ),
    pytest.mark.skipif(not SETTINGS["LLM_API_KEY"], reason="LLM_API_KEY is not set"),
]


def test_the_own_provider_writes_a_test(tmp_path: Path) -> None:
    service = create_llm_service({**SETTINGS, "USE_REAL_LLM": "true"}, folder=tmp_path)
    assert isinstance(service, QwenLLMClient)
    with service:
        code = code_of(service.generate(PROMPT))
    ast.parse(code)
    assert "def test_" in code


def code_of(answer: str) -> str:
    """Many models put code into a fence all the same."""
    fenced = re.search(r"^```\w*\n(.*?)^```", answer, re.DOTALL | re.MULTILINE)
    return fenced[1] if fenced else answer
