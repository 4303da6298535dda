"""New Java tests beside a sibling: annotations, `public`, steps and imports as it has them."""

from __future__ import annotations

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import apply_edits
from pe4king_core.testcode import read_tests
from pe4king_core.weaving import insert_tests

OURS_BESIDE = '''\
@Test
@DisplayName("books: rejects a negative price")
@Tag("negative")
void rejects() {
  // Arrange
  String body =
      """
      {
        "price": -1
      }
      """;
  given()
      .body(body)
      .post("/books")
      .then()
      .statusCode(400);
}
'''
"""A test as our generator writes it."""
OURS_IMPORTS = frozenset(
    {f"org.junit.jupiter.api.{name}" for name in ("Test", "DisplayName", "Tag")}
    | {"static io.restassured.RestAssured.given"}
)


def beside(text: str, block: str = OURS_BESIDE) -> str:
    file = read_tests(text, SourceLanguage.JAVA)
    edits = insert_tests(file, file.tests[0], [block], OURS_IMPORTS)
    assert all(edit.span.start == edit.span.end for edit in edits)
    after = apply_edits(text, edits)
    names = [test.qualified_name for test in read_tests(after, SourceLanguage.JAVA).tests]
    scope = file.tests[0].qualified_name.rpartition(".")[0]
    assert f"{scope}.rejects" in names
    return after


def test_beside_a_junit_4_test() -> None:
    text = (
        "package a;\n\nimport org.junit.Test;\n\npublic class ATest {\n"
        "\t@Test\n\tpublic void a() {\n\t\tx();\n\t}\n}\n"
    )
    after = beside(text)
    assert "\t@Test\n\tpublic void rejects() {\n\t\t// Arrange\n\t\tString body =\n" in after
    assert '\n\t\t\t\t"""\n\t\t\t\t{\n\t\t\t\t  "price": -1\n\t\t\t\t}\n\t\t\t\t""";\n' in after
    assert '\n\t\t\t\t.post("/books")\n' in after
    assert "DisplayName" not in after
    assert "jupiter" not in after
    assert "import static io.restassured.RestAssured.given;\n" in after


def test_beside_a_testng_test() -> None:
    text = (
        "import org.testng.annotations.*;\n\npublic class ATest {\n"
        '    @Test(groups = {"books", "smoke"}, description = "one", priority = 3)\n'
        "    public void a() {\n        x();\n    }\n}\n"
    )
    assert (
        '    @Test(groups = {"books", "smoke"}, description = "books: rejects a negative price")\n'
        "    public void rejects() {\n        // Arrange\n" in beside(text)
    )


def test_beside_a_nested_test_with_marks() -> None:
    text = (
        "import org.junit.jupiter.api.*;\n\nclass ATest {\n  @Nested\n  class Wrong {\n"
        '    @Test\n    @Tag("books")\n    @DisplayName("один")\n    @Order(3)\n'
        "    void a() {\n      x();\n    }\n  }\n}\n"
    )
    after = beside(text)
    assert (
        '    @Test\n    @DisplayName("books: rejects a negative price")\n    @Tag("negative")\n'
        "    void rejects() {\n      // Arrange\n" in after
    )
    assert after.count("@Order") == 1
    assert "import org.junit.jupiter.api.Test;" not in after


def test_beside_one_of_our_own_nothing_changes() -> None:
    names = ("DisplayName", "Tag", "Test")
    imports = "".join(f"import org.junit.jupiter.api.{name};\n" for name in names)
    lines = OURS_BESIDE.replace("rejects()", "other()").splitlines()
    block = "\n".join("  " + line for line in lines)
    head = "import static io.restassured.RestAssured.given;\n\n"
    text = f"{head}{imports}\nclass ATest {{\n{block}\n}}\n"
    assert block.replace("other()", "rejects()") in beside(text)
