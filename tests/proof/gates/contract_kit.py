"""Cases of the gate `contract`: files of code, each below a line that says what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult
from pe4king_core.openapi import load
from pe4king_core.proof.gates.contract.gate import ContractGate
from pe4king_core.proof.proposed import Proposed, Surroundings

CASES = Path(__file__).parent / "contract"
BOOKSTORE = Path(__file__).resolve().parents[3] / "examples" / "bookstore" / "openapi.yaml"
JAVA = """\
package shop;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShopTest {{
  @Test
  void {name}() {{
    {body}
  }}
}}
"""


@cache
def bookstore() -> ApiDocument:
    return load(BOOKSTORE.read_text(encoding="utf-8"), BOOKSTORE.as_uri())


def cases(kind: str) -> list[object]:
    """The language, the last word of the title, and the file, for each case of `<kind>_*.txt`."""
    found: list[object] = []
    for language in SourceLanguage:
        text = (CASES / f"{kind}_{language}.txt").read_text(encoding="utf-8")
        for part in text.split("### ")[1:]:
            title, _, code = part.partition("\n")
            file = code if language is SourceLanguage.PYTHON else in_class(code)
            values = (language, title.split()[-1], file)
            found.append(pytest.param(*values, id=f"{language}: {title}"))
    return found


def in_class(code: str) -> str:
    """Statements as the body of a test; the first line may be `// name`."""
    name = "works"
    if code.startswith("// "):
        first, _, code = code.partition("\n")
        name = first.removeprefix("// ")
    return JAVA.format(name=name, body=code.strip().replace("\n", "\n    "))


def judged(
    language: SourceLanguage,
    text: str,
    *,
    before: str = "",
    texts: Mapping[str, str] | None = None,
    path: str = "",
) -> LevelResult:
    """What the gate says of `text` in place of `before`, for the bookstore."""
    edit = Edit(Span(0, len(before)), text)
    if before and text.startswith(before):
        edit = Edit(Span(len(before), len(before)), text[len(before) :])
    around = Surroundings(documents=(bookstore(),), texts=texts or {})
    return ContractGate().check(Proposed(language, before, (edit,), path), around)
