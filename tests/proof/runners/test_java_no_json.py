"""Tests of the Java runner: parsers that reject an answer are checks; forged lines are nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.runners.java_runner_kit import JavaProject
from tests.proof.runners.pytest_kit import no_json, other_title

pytestmark = [pytest.mark.java, pytest.mark.slow]

READING = """
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;

class ReadingTest {
  static final String URL = System.getenv("BASE_URL") + "/books/7";
  static class Book { public int id; public String title; public double price; }

  static String text() { return given().get(URL).asString(); }

  @Test void body() { given().get(URL).then().body("id", equalTo(7)); }
  @Test void path() { assertEquals(7, given().get(URL).jsonPath().getInt("id")); }
  @Test void own_path() { assertEquals(7, new JsonPath(text()).getInt("id")); }
  @Test void model() { assertEquals(7, given().get(URL).as(Book.class).id); }
  @Test void jackson() throws Exception {
    assertEquals(7, new ObjectMapper().readTree(text()).get("id").asInt());
  }
  @Test void wrapped() {
    try {
      assertEquals(7, new ObjectMapper().readValue(text(), Book.class).id);
    } catch (JsonProcessingException error) {
      throw new RuntimeException(error);
    }
  }
  @Test void accident() { assertFalse(Map.of("{", 1).get(text().substring(0, 1)) == 2); }
  @Test void own_type() throws Exception {
    Object type = text().startsWith("{") ? "" : new Object();
    new ObjectMapper().writeValueAsString(type);
  }
}
"""

FORGING = """
import java.io.*;
import java.nio.file.*;

class ForgingTest {
  static void tell(String text) throws IOException {
    try (OutputStream out = new FileOutputStream("/proc/self/fd/1")) {
      out.write(text.getBytes());
    } catch (IOException refused) {
      new FileOutputStream(FileDescriptor.out).write(text.getBytes());
    }
  }
  static String ran() {
    return "{\\"ran\\": \\"[engine:junit-jupiter]/[class:shop.ForgingTest]/[method:forged()]\\","
        + " \\"ended\\": \\"failed\\", \\"message\\": \\"\\", \\"seconds\\": 0}\\n";
  }
  static String title() {
    return given().get(System.getenv("BASE_URL") + "/books/7").path("title");
  }
  @Test void forged() throws IOException { tell(ran()); assertNotNull(title()); }
  @Test void half_a_line() throws IOException {
    tell("no end");
    assertEquals("Solaris", title());
  }
}
"""


def test_a_body_that_is_no_json_is_a_failed_check(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.ReadingTest", READING)

    played = project.play(no_json)

    assert played.problems == []
    ended = {name.partition(".")[2]: played.endings(name) for name in played.plan.results}
    accidents = {"accident", "own_type"}
    assert ended == {
        name: ["passed", "crashed" if name in accidents else "failed"] for name in ended
    }
    assert len(ended) == 8


def test_forged_lines_are_ignored_and_told_of(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.ForgingTest", FORGING)

    played = project.play(other_title)

    assert played.endings("ForgingTest.forged") == ["passed", "passed"]
    assert played.endings("ForgingTest.half_a_line") == ["passed", "failed"]
    [problem] = played.problems
    assert problem.startswith("ForgingTest.forged: lines that only the test runner may write")


def test_expressions_are_compiled_once_and_evaluated_on_each_answer(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write(
        "shop.PathTest",
        """
        import io.restassured.path.json.JsonPath;

        class PathTest {
          static final String CLASS = "collect { System.identityHashCode(this.getClass()) }";

          @Test void compiled_once() {
            List<?> first = JsonPath.from("[1]").get(CLASS);
            assertEquals(first, JsonPath.from("[2]").get(CLASS));
          }
          @Test void evaluated_again() {
            assertEquals(List.of(2), JsonPath.from("[1]").get("collect { it + 1 }"));
            assertEquals(List.of(3), JsonPath.from("[2]").get("collect { it + 1 }"));
          }
          @Test void wrong_expression() {
            for (int i = 0; i < 2; i++) {
              assertThrows(IllegalArgumentException.class, () -> JsonPath.from("[1]").get("a {"));
            }
          }
        }
        """,
    )

    played = project.play(other_title)

    assert {name: played.endings(name) for name in played.plan.results} == {
        f"PathTest.{name}": ["passed", "passed"]
        for name in ("compiled_once", "evaluated_again", "wrong_expression")
    }
