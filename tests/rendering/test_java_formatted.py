"""google-java-format has nothing to change in what we write."""

from __future__ import annotations

from pathlib import Path

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.openapi import load
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from pe4king_server.actions.writing import schemes_of
from tests.conftest import ROOT
from tests.rendering.java_formatter import reformatted
from tests.rendering.java_kit import java_kit

pytestmark = [pytest.mark.slow, pytest.mark.java]

DOCUMENTS = (
    ROOT / "examples" / "bookstore" / "openapi.yaml",
    ROOT.parent / "shared" / "specs" / "small" / "petstore3.yaml",
    ROOT.parent / "shared" / "specs" / "small" / "museum.yaml",
    ROOT.parent / "shared" / "specs" / "mid" / "resend.yaml",
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_files_compile_and_stay_as_they_are(path: Path, tmp_path: Path) -> None:
    if not path.exists():
        pytest.skip("the public documents are not here")
    kit = java_kit()
    document = load(path.read_text("utf-8"), path.as_uri())
    models = generate(document, TestPlan())
    style = TestStyle()
    files = [FORMAT.render(model, style) for model in models]
    files += FORMAT.support(models, schemes_of(document), style)
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))
    assert reformatted(sources, tmp_path / "formatted") == {}
