"""Tests of the Java runner: one virtual machine, every test again and again, really set up anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.runners.java_runner_kit import IMPORTS, JavaProject, Played
from tests.proof.runners.pytest_kit import Api, no_price, other_title, wrong_status

pytestmark = [pytest.mark.java, pytest.mark.slow]

BOOKS = """
class BooksTest {
  static int setUps;
  int runs;

  @BeforeAll static void of() { baseURI = System.getenv("BASE_URL"); get("/of-the-class"); }
  @BeforeEach void each() { get("/of-each"); }
  @AfterEach void after() { get("/after-each"); }

  @Test void status() { get("/books").then().statusCode(200); }
  @Test void title() { get("/books").then().body("title", equalTo("Solaris")); }
  @Test @Tag("slow") void price() { get("/books").then().body("price", notNullValue()); }
  @Test void fresh() { assertEquals(1, ++runs); }

  @Nested class Inside {
    @Test @DisplayName("inner") void nested() { get("/books").then().statusCode(200); }
  }
}
"""
TABLES = """
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TablesTest extends Inherited {
  int kept;

  @ParameterizedTest @ValueSource(strings = {"title", "price"}) @Order(1)
  void row(String field) { get(url("/books")).then().body("$", hasKey(field)); }

  @RepeatedTest(3) @Order(2) void repeated() { get(url("/books")).then().statusCode(200); }

  @TestFactory @Order(3) Stream<DynamicTest> made() {
    return Stream.of(1, 2).map(n -> DynamicTest.dynamicTest("made " + n,
        () -> get(url("/books")).then().statusCode(200)));
  }

  @Test @Order(4) @ResourceLock("book") void locked() { get(url("/books")).then().statusCode(200); }
  @Test @Order(5) void kept() { assertTrue(++kept >= 1); }
}
"""
INHERITED = """
abstract class Inherited {
  static String url(String path) { return System.getProperty("base.url") + path; }
  @Test void inherited() { get(url("/books")).then().statusCode(200); }
}
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    project = JavaProject(tmp_path_factory.mktemp("repeats") / "shop")
    project.write("shop.BooksTest", BOOKS)
    project.write("shop.TablesTest", TABLES)
    project.write("shop.Inherited", INHERITED)
    return project.play(other_title, no_price, wrong_status)


def test_every_test_is_run_plain_and_with_each_fault_in_one_machine(played: Played) -> None:
    assert played.problems == []
    assert played.report.restarts == 0
    assert played.endings("BooksTest.status") == ["passed", "passed", "passed", "failed"]
    assert played.endings("BooksTest.title") == ["passed", "failed", "passed", "passed"]
    assert played.endings("BooksTest.price") == ["passed", "passed", "failed", "passed"]
    assert played.report.runner.startswith("junit-jupiter 5.11.4")


def test_nested_classes_have_the_names_of_the_reader(played: Played) -> None:
    assert played.endings("BooksTest.Inside.nested") == ["passed", "passed", "passed", "failed"]


def test_instances_and_set_up_are_new_for_every_run(played: Played) -> None:
    assert played.endings("BooksTest.fresh") == ["passed"] * 4
    runs = 5 * 4
    assert played.paths.count("/of-each") == runs
    assert played.paths.count("/after-each") == runs


def test_what_a_class_sets_up_stays_for_all_runs(played: Played) -> None:
    assert played.paths.count("/of-the-class") == 1


def test_tables_and_factories_are_one_test_whose_worst_row_counts(played: Played) -> None:
    assert played.endings("TablesTest.row") == ["passed", "passed", "failed", "passed"]
    assert played.message("TablesTest.row", 2).startswith("[2] field=price: 1 expectation")
    assert played.endings("TablesTest.repeated") == ["passed", "passed", "passed", "failed"]
    assert played.endings("TablesTest.made") == ["passed", "passed", "passed", "failed"]


def test_locks_orders_and_instances_of_classes_are_kept(played: Played) -> None:
    names = [item.name for item in played.plan.items if item.name.startswith("TablesTest")]
    ordered = [f"TablesTest.{each}" for each in ("row", "repeated", "made", "locked", "kept")]
    assert [each for each in names if each in ordered] == ordered
    assert played.endings("TablesTest.locked") == ["passed", "passed", "passed", "failed"]
    assert played.endings("TablesTest.kept") == ["passed"] * 4


def test_inherited_tests_belong_to_the_class_that_inherits(played: Played) -> None:
    assert played.endings("TablesTest.inherited") == ["passed", "passed", "passed", "failed"]
    item = next(each for each in played.plan.items if each.name == "TablesTest.inherited")
    assert item.file.name == "TablesTest.java"


def test_only_what_is_asked_for_is_run(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.BooksTest", BOOKS)
    played = project.play(names=("BooksTest.title", "BooksTest.Inside"))
    assert [each.name for each in played.plan.items] == [
        "BooksTest.title",
        "BooksTest.Inside.nested",
    ]


def test_junit_4_and_testng_are_run_by_their_engines(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    four = IMPORTS.replace("org.junit.jupiter.api.*", "org.junit.*")
    four = four.replace("org.junit.jupiter.api.Assertions", "org.junit.Assert")
    body = """
    public class FourTest {
      int runs;
      @BeforeClass public static void of() { get(System.getenv("BASE_URL") + "/of-the-class"); }
      @Test public void title() {
        assertEquals(1, ++runs);
        get(System.getenv("BASE_URL") + "/books").then().body("title", equalTo("Solaris"));
      }
    }
    """
    project.write("shop.FourTest", body, imports=four)
    ng = body.replace("FourTest", "NgTest").replace("assertEquals(1, ++runs);", "")
    imports = four.replace("org.junit.*", "org.testng.annotations.*")
    imports = imports.replace("import static org.junit.Assert.*;\n", "")
    project.write("shop.NgTest", ng, imports=imports)
    played = project.play(other_title)
    assert played.problems == []
    assert played.endings("FourTest.title") == ["passed", "failed"]
    assert played.endings("NgTest.title") == ["passed", "failed"]


def test_a_class_that_could_not_be_set_up_is_set_up_anew_in_the_next_run(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    body = """
    class LoginTest {
      @BeforeAll static void login() {
        get(System.getenv("BASE_URL") + "/login").then().statusCode(200);
      }
      @Test void title() {
        get(System.getenv("BASE_URL") + "/books").then().body("title", equalTo("Solaris"));
      }
    }
    """
    project.write("shop.LoginTest", body)
    played = project.play(no_price, other_title, api=Api(status=500))
    assert played.endings("LoginTest.title") == ["fixture error", "passed", "failed"]


def test_rows_and_dependences_of_other_engines(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    four = """
    import org.junit.*;
    import org.junit.runner.RunWith;
    import org.junit.runners.Parameterized;

    @RunWith(Parameterized.class)
    public class RowsTest {
      @Parameterized.Parameters(name = "{0}") public static Object[] rows() {
        return new Object[] {1, 2};
      }
      @Parameterized.Parameter public int row;
      @Test public void row() { Assert.assertEquals(1, row); }
    }
    """
    ng = """
    import org.testng.annotations.*;

    public class DependentTest {
      int made;
      @Test public void first() { made = 7; }
      @Test(dependsOnMethods = "first") public void second() {
        if (made != 7) throw new AssertionError("nothing was made");
      }
    }
    """
    project.write("shop.RowsTest", four, imports="")
    project.write("shop.DependentTest", ng, imports="")
    played = project.play()
    assert played.problems == []
    assert played.endings("RowsTest.row[1]") == ["passed"]
    assert played.endings("RowsTest.row[2]") == ["failed"]
    assert played.endings("DependentTest.first") == ["passed"]
    assert played.endings("DependentTest.second") == ["passed"]
