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

PUBLIC = ("small/petstore3.yaml", "small/museum.yaml", "mid/resend.yaml")


def test_files_of_the_bookstore_stay_as_they_are(tmp_path: Path) -> None:
    check(ROOT / "examples" / "bookstore" / "openapi.yaml", tmp_path)


@pytest.mark.parametrize("name", PUBLIC)
def test_files_of_public_documents_stay_as_they_are(
    name: str, tmp_path: Path, shared_specs: Path
) -> None:
    check(shared_specs / name, tmp_path)


def check(path: Path, folder: Path) -> None:
    """The files compile, and the formatter leaves them as they are."""
    kit = java_kit()
    document = load(path.read_text("utf-8"), path.as_uri())
    models = generate(document, TestPlan())
    style = TestStyle()
    files = [FORMAT.render(model, style) for model in models]
    files += FORMAT.support(models, schemes_of(document), style)
    sources = {file.path: file.text for file in files if file.path.endswith(".java")}
    kit.compile(sources, folder, options=("-Xlint:all", "-Werror"))
    assert reformatted(sources, folder / "formatted") == {}
