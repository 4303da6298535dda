"""`resolves` for Java: what the compiler says, without annotation processors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Edit, Span
from pe4king_core.model.verdict import LevelResult, LevelState
from pe4king_core.proof.gates.resolving.gate import ResolvingGate
from pe4king_core.proof.proposed import Proposed, Surroundings
from tests.rendering.java_kit import JavaKit, java_kit

pytestmark = [pytest.mark.java, pytest.mark.slow]

TEST = """package shop;

import static io.restassured.RestAssured.given;

import org.junit.jupiter.api.Test;

class BooksTest extends Base {
  @Test
  void books() {
    given().baseUri(url()).get("/books").then().statusCode(200);
  }
}
"""
BASE = 'package shop;\n\nclass Base {\n  String url() {\n    return "";\n  }\n}\n'


@pytest.fixture(scope="module")
def kit() -> JavaKit:
    return java_kit()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "src" / "test" / "java" / "shop"
    folder.mkdir(parents=True)
    (folder / "Base.java").write_text(BASE)
    return tmp_path


def check(kit: JavaKit, project: Path, after: str, before: str = "") -> LevelResult:
    javac = shutil.which("javac")
    assert javac is not None
    around = Surroundings(
        root=project,
        jdk=Path(javac).resolve().parents[1],
        class_path=tuple(sorted(kit.libraries.glob("*.jar"))),
    )
    path = str(project / "src/test/java/shop/BooksTest.java")
    edit = Edit(Span(0, len(before)), after)
    return ResolvingGate().check(Proposed(SourceLanguage.JAVA, before, (edit,), path), around)


def test_what_compiles_passes(kit: JavaKit, project: Path) -> None:
    result = check(kit, project, TEST)
    assert result.state is LevelState.PASSED, result.reason.en
    assert [each.name for each in project.rglob("*.class")] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("statusCode", "statusCod", "cannot find symbol: method statusCod(int)"),
        ("url()", "adress()", "cannot find symbol: method adress()"),
        ("io.restassured.RestAssured", "io.rest.Assured", "package io.rest does not exist"),
        ("statusCode(200)", "statusCode(new Object())", "no suitable method found"),
    ],
)
def test_what_does_not_compile_is_red(
    kit: JavaKit, project: Path, old: str, new: str, said: str
) -> None:
    text = TEST.replace(old, new)
    result = check(kit, project, text)
    assert result.state is LevelState.FAILED
    assert said in result.reason.en
    assert result.span is not None
    assert new.rpartition(".")[0][:8] in result.span.of(text)


def test_an_error_that_was_there_before_is_amber(kit: JavaKit, project: Path) -> None:
    before = TEST.replace("url()", "adress()")
    after = before.replace("statusCode(200)", "statusCode(200).log().all()")
    assert check(kit, project, after, before).state is LevelState.WARNED
    worse = before.replace("    given()", "    nothing();\n    given()")
    assert check(kit, project, worse, before).state is LevelState.FAILED


def test_annotation_processors_do_not_run(kit: JavaKit, project: Path) -> None:
    services = project / "src/test/java/META-INF/services"
    services.mkdir(parents=True)
    (services / "javax.annotation.processing.Processor").write_text("shop.Evil\n")
    assert check(kit, project, TEST).state is LevelState.PASSED


def test_without_a_jdk_or_a_class_path_it_is_not_run() -> None:
    edit = Edit(Span(0, 0), TEST)
    proposed = Proposed(SourceLanguage.JAVA, "", (edit,))
    gate = ResolvingGate()
    assert gate.check(proposed, Surroundings()).reason.en == "no JDK was found"
    known = Surroundings(jdk=Path("/nowhere"), class_path=(Path("a.jar"),))
    assert gate.check(proposed, known).state is LevelState.NOT_RUN
    bare = gate.check(proposed, Surroundings(jdk=Path("/nowhere")))
    assert bare.reason.en == "the class path of the tests is not known"
