"""Tests of the Java runner: how runs end, and that no test takes others with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.runners.java_runner_kit import JavaProject, Played
from tests.proof.runners.pytest_kit import wrong_status

pytestmark = [pytest.mark.java, pytest.mark.slow]

ENDINGS = """
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.junit.jupiter.InjectSoftAssertions;
import org.assertj.core.api.junit.jupiter.SoftAssertionsExtension;
import org.junit.jupiter.api.extension.ExtendWith;

class EndingsTest {
  @Test void passes() { }
  @Test void asserted() {
    assertEquals("Solaris", "Fiasco");
  }
  @Test void asserted_by_its_own_error() { throw new AssertionError("ours") { }; }
  @Test void asserted_elsewhere() {
    CompletableFuture.runAsync(() -> fail("in another thread")).join();
  }
  @Test void crashed() { Map<String, String> none = null; none.get("title"); }
  @Test void out_of_memory() {
    long[][] all = new long[100][];
    for (int i = 0; i < 100; i++) { all[i] = new long[9_000_000]; }
  }
  @Test void assumed() { Assumptions.assumeTrue(false, "not today"); }
  @Test @Disabled("broken since May") void disabled() { fail(); }

  @Nested class BeforeFails {
    @BeforeEach void before() { fail("set-up"); }
    @Test void before_fails() { }
  }
  @Nested class AfterFails {
    @AfterEach void after() { fail("clean-up"); }
    @Test void after_fails() { }
    @Test void both_fail() { fail("the test"); }
  }
  @Nested @ExtendWith(SoftAssertionsExtension.class) class Softly {
    @InjectSoftAssertions SoftAssertions softly;
    @Test void softly() { softly.assertThat("Fiasco").isEqualTo("Solaris"); }
  }
}
"""
CLASSES = {
    "shop.ClassSetUpTest": """
        class ClassSetUpTest {
          @BeforeAll static void of() { throw new IllegalStateException("no data"); }
          @Test void first() { }
          @Test void second() { }
        }
        """,
    "shop.DisabledTest": """
        @Disabled("not yet") class DisabledTest { @Test void whole_class() { } }
        """,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    project = JavaProject(tmp_path_factory.mktemp("endings") / "shop")
    project.write("shop.EndingsTest", ENDINGS)
    for name, body in CLASSES.items():
        project.write(name, body)
    return project.play()


@pytest.mark.parametrize(
    ("name", "ended", "message"),
    [
        ("passes", "passed", ""),
        ("asserted", "failed", "expected: <Solaris> but was: <Fiasco>"),
        ("asserted_by_its_own_error", "failed", "ours"),
        ("asserted_elsewhere", "failed", "AssertionFailedError: in another thread"),
        ("crashed", "crashed", "NullPointerException"),
        ("assumed", "skipped", "not today"),
        ("disabled", "skipped", "broken since May"),
        ("BeforeFails.before_fails", "fixture error", "set-up"),
        ("AfterFails.after_fails", "fixture error", "clean-up"),
        ("AfterFails.both_fail", "failed", "the test"),
        ("Softly.softly", "failed", "Solaris"),
    ],
)
def test_endings(played: Played, name: str, ended: str, message: str) -> None:
    assert played.endings(f"EndingsTest.{name}") == [ended]
    assert message in played.message(f"EndingsTest.{name}")


def test_a_failure_tells_its_line(played: Played) -> None:
    result = played.plan.results["EndingsTest.asserted"][0]
    item = next(each for each in played.plan.items if each.name == "EndingsTest.asserted")
    assert result.line is not None
    line = item.file.read_text(encoding="utf-8").splitlines()[result.line - 1]
    assert line.strip() == 'assertEquals("Solaris", "Fiasco");'


def test_memory_that_is_used_up_is_a_crash_of_that_test_alone(played: Played) -> None:
    assert played.endings("EndingsTest.out_of_memory") == ["crashed"]
    assert played.endings("EndingsTest.Softly.softly") == ["failed"]


def test_a_class_that_cannot_be_set_up_has_fixture_errors(played: Played) -> None:
    for name in ("first", "second"):
        assert played.endings(f"ClassSetUpTest.{name}") == ["fixture error"]
        assert "no data" in played.message(f"ClassSetUpTest.{name}")


def test_a_disabled_class_is_skipped(played: Played) -> None:
    assert played.endings("DisabledTest.whole_class") == ["skipped"]
    assert played.message("DisabledTest.whole_class") == "not yet"


BAD_COMPANY = {
    "shop.AsleepTest": """
        class AsleepTest { @Test void asleep() throws Exception { Thread.sleep(600_000); } }
        """,
    "shop.DoorTest": """
        class DoorTest {
          @BeforeAll static void leave() { System.exit(3); }
          @Test void door() { }
        }
        """,
    "shop.LeavesTest": """
        class LeavesTest {
          @Test void a_before() { }
          @Test void leaves() {
            if (get(System.getenv("BASE_URL") + "/books").statusCode() == 500) { System.exit(0); }
          }
        }
        """,
    "shop.LoopTest": """
        class LoopTest { @Test void loop() { while (true) { Thread.onSpinWait(); } } }
        """,
    "shop.NoisyTest": """
        class NoisyTest {
          @Test void noisy() throws Exception {
            System.out.println("{\\"ran\\": \\"x\\", \\"ended\\": \\"passed\\"}");
            assertEquals(-1, System.in.read());
            new Thread(() -> {
              while (true) { try { Thread.sleep(1000); } catch (Exception e) { } }
            }).start();
            fail("quietly");
          }
        }
        """,
    "shop.ZLastTest": """
        class ZLastTest {
          @Test void last() { get(System.getenv("BASE_URL") + "/books").then().statusCode(200); }
        }
        """,
}


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Played:
    project = JavaProject(tmp_path_factory.mktemp("company") / "shop")
    for name, body in BAD_COMPANY.items():
        project.write(name, body)
    return project.play(wrong_status, test_seconds=3.0)


def test_a_test_that_sleeps_is_interrupted(survived: Played) -> None:
    assert survived.endings("AsleepTest.asleep") == ["timeout", "timeout"]


def test_a_test_that_never_ends_is_killed_and_the_rest_is_run(survived: Played) -> None:
    assert survived.endings("LoopTest.loop") == ["timeout", "timeout"]
    assert survived.endings("ZLastTest.last") == ["passed", "failed"]


def test_a_test_that_ends_the_process_has_crashed(survived: Played) -> None:
    assert survived.endings("LeavesTest.leaves") == ["passed", "crashed"]
    assert survived.endings("LeavesTest.a_before") == ["passed", "passed"]


def test_a_class_that_ends_the_process_takes_no_other_with_it(survived: Played) -> None:
    assert survived.endings("DoorTest.door") == ["fixture error"]
    assert survived.report.restarts == 5  # one exit, two endless loops, twice this class


def test_streams_and_threads_of_tests_are_no_part_of_the_talk(survived: Played) -> None:
    assert survived.endings("NoisyTest.noisy") == ["failed", "failed"]
    assert survived.message("NoisyTest.noisy") == "quietly"
    assert survived.problems == []


def test_a_file_that_does_not_compile_takes_no_other_with_it(tmp_path: Path) -> None:
    project = JavaProject(tmp_path / "shop")
    project.write("shop.BrokenTest", "class BrokenTest { @Test void broken() { nothing(); } }")
    project.write("shop.GoodTest", "class GoodTest { @Test void good() { Helper.help(); } }")
    project.write("shop.Helper", "class Helper { static void help() { } }", folder="main")
    project.write("shop.NothingTest", "class NothingTest { }")
    played = project.play()
    assert played.endings("GoodTest.good") == ["passed"]
    broken, nothing = sorted(played.problems)
    assert broken.startswith("src/test/java/shop/BrokenTest.java: does not compile: ")
    assert "BrokenTest.java:9: cannot find symbol" in broken
    assert nothing.startswith("src/test/java/shop/NothingTest.java: no test was found")
