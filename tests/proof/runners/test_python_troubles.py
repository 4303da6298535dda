"""Python tests that hang, die or cannot be collected; configurations that stand in the way."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from pe4king_core.proof.running import Ended
from tests.proof.runners.pytest_kit import Project, other_title


@pytest.mark.slow
def test_a_test_that_hangs_is_stopped_and_the_others_are_run(project: Project) -> None:
    project.write(
        test_hanging="""
import time

import pytest


def test_before():
    pass


def test_sleep():
    time.sleep(60)


def test_deaf():
    while True:
        try:
            time.sleep(60)
        except Exception:
            pass


@pytest.fixture
def slow():
    time.sleep(60)


def test_fixture(slow):
    pass


@pytest.fixture
def slow_end():
    yield
    time.sleep(60)


def test_end(slow_end):
    pass


def test_after():
    pass
"""
    )

    played = project.play(other_title, test_seconds=0.3)

    assert played.plan.endings("test_before") == ["passed"] * 2
    for name in ("test_sleep", "test_deaf", "test_fixture", "test_end"):
        assert played.plan.endings(name) == ["timeout"] * 2, name
    assert played.plan.endings("test_after") == ["passed"] * 2
    assert played.plan.results["test_sleep"][0].message == "did not end within 0.3 s"


@pytest.mark.slow
def test_a_test_that_no_alarm_reaches_is_killed(project: Project) -> None:
    """It runs in the machine's own code, or holds off all signals."""
    project.write(
        test_deaf="""
import signal
import time


def test_deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    time.sleep(60)


def test_after():
    pass
"""
    )

    played = project.play(other_title, test_seconds=0.2)

    assert played.plan.endings("test_deaf") == ["timeout"] * 2
    assert played.plan.endings("test_after") == ["passed"] * 2
    assert played.report.restarts == 2


@pytest.mark.slow
def test_a_test_that_ends_pytest_costs_no_other_test(project: Project) -> None:
    project.write(
        test_ending="""
import os
import sys

import pytest


def test_before():
    pass


def test_exit():
    os._exit(1)


def test_system_exit():
    sys.exit(1)


def test_pytest_exit():
    pytest.exit("no more")


def test_interrupt():
    raise KeyboardInterrupt


def test_abort():
    os.abort()


def test_after():
    pass
"""
    )

    played = project.play()

    assert list(played.plan.results) == [each.name for each in played.plan.items]
    for name in ("test_before", "test_after"):
        assert played.plan.endings(name) == ["passed"]
    for name in ("test_exit", "test_system_exit", "test_pytest_exit", "test_interrupt"):
        assert played.plan.endings(name) == ["crashed"], name
    assert played.plan.results["test_exit"][0].message == "the test ended the whole test runner"
    assert played.problems == []


@pytest.mark.slow
def test_a_test_that_takes_pytest_with_it_again_and_again_is_left_out(project: Project) -> None:
    project.write(
        test_exit="""
import os


def test_exit():
    os._exit(1)


def test_after():
    pass
"""
    )

    played = project.play(*[other_title] * 9)

    assert played.plan.endings("test_exit") == ["crashed"] * 3
    assert played.plan.endings("test_after") == ["passed"] * 10
    assert played.problems == ["test_exit ended the test runner 3 times: it is not run any more."]
    assert (played.report.restarts, played.plan.starts) == (3, 4)


def test_what_tests_print_and_read_is_not_our_conversation(project: Project) -> None:
    project.write(
        test_streams="""
import os
import stat
import sys

SAID = '{"ran": "x", "ended": "passed"}\\n'


def test_streams(capsys):
    print(SAID)
    sys.__stdout__.write(SAID)
    os.write(1, SAID.encode())
    assert sys.stdin.read() == ""
    assert os.read(0, 10) == b""
    assert SAID in capsys.readouterr().out


def test_noise():
    for number in range(3, 50):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                os.write(number, b"noise\\n[1]\\n")
        except OSError:
            pass
"""
    )

    played = project.play(other_title)

    assert played.plan.endings("test_streams") == ["passed"] * 2
    assert played.plan.endings("test_noise") == ["passed"] * 2


def test_files_that_cannot_be_collected_are_problems_and_the_others_are_run(
    project: Project,
) -> None:
    project.write(
        test_broken="import no_such_module\n",
        test_syntax="def test(:\n",
        test_skipping="import pytest\n\npytest.skip('no server', allow_module_level=True)\n",
        test_good="def test_good():\n    pass\n",
    )

    played = project.play()

    assert played.plan.endings("test_good") == ["passed"]
    assert played.problems == [
        "test_broken.py: cannot be collected: "
        "ModuleNotFoundError: No module named 'no_such_module'",
        "test_skipping.py: skips itself: Skipped: no server",
        played.problems[2],
    ]
    assert played.problems[2].startswith("test_syntax.py: cannot be collected: ")
    assert "SyntaxError" in played.problems[2]


def test_a_broken_conftest_is_told_of(project: Project) -> None:
    project.write(
        tests__conftest="raise RuntimeError('no database')\n",
        tests__test_good="def test_good():\n    pass\n",
    )

    played = project.play()

    assert played.plan.items == []
    [problem] = played.problems
    assert problem.startswith("pytest did not start: ")
    assert "RuntimeError: no database" in problem


def test_a_clean_up_that_fails_is_told_of_and_is_nobodys_failure(project: Project) -> None:
    project.write(
        test_left="""
import pytest


@pytest.fixture(scope="class")
def shop():
    yield
    raise RuntimeError("still open")


class TestShop:
    def test_open(self, shop):
        pass


def test_after():
    pass
"""
    )

    played = project.play(other_title)

    assert played.plan.endings("TestShop.test_open") == ["passed"] * 2
    assert played.plan.endings("test_after") == ["passed"] * 2
    assert played.problems == [
        "test_left.py: clean-up after its tests failed: RuntimeError: still open"
    ]


@pytest.mark.slow
def test_when_the_time_is_over_what_is_left_has_no_verdict(project: Project) -> None:
    project.write(test_slow="import time\n\n\ndef test_slow():\n    time.sleep(0.5)\n")

    played = project.play(*[other_title] * 100, total_seconds=15)

    assert 1 <= len(played.plan.results["test_slow"]) < 100
    assert played.problems == [
        "The time for all runs is over; what was not run yet has no verdict."
    ]


ADDOPTS = (
    "-n 4 --dist loadfile -x --maxfail=1 -k nothing -m 'not slow' --cov=shop --cov-report term "
    "--timeout=1 --reruns 3 --junitxml=report.xml --html=report.html -p no:cacheprovider -ra "
    "--strict-markers --strict-config --lf --deselect test_it.py::test_second -vv --tb=short "
    "-W ignore::UserWarning"
)
PLUGIN = "required_plugins = pytest-timeout\ntimeout = 1\n"
STRICT = """[pytest]
addopts = ["-n", "4", "-x", "-k", "nothing", "-W", "ignore"]
strict = true
"""
CONFIGURATIONS = {
    "pytest.ini": f"[pytest]\naddopts = {ADDOPTS}\n{PLUGIN}",
    "tox.ini": f"[pytest]\naddopts = {ADDOPTS}\n",
    "setup.cfg": f"[tool:pytest]\naddopts = {ADDOPTS}\n",
    "pyproject.toml": f'[tool.pytest.ini_options]\naddopts = "{ADDOPTS}"\nxfail_strict = true\n',
    "pytest.toml": STRICT,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configurations_do_not_change_which_tests_run_and_how_often(
    project: Project, name: str
) -> None:
    (project.root / name).write_text(CONFIGURATIONS[name], encoding="utf-8")
    project.write(
        tests__test_it="""
import warnings

import pytest


@pytest.mark.timeout(1)
@pytest.mark.flaky(reruns=3)
@pytest.mark.repeat(3)
def test_first():
    warnings.warn("ignored")


@pytest.mark.slow
def test_second():
    assert False
"""
    )
    played = project.play(other_title)

    assert played.problems == []
    assert played.plan.endings("test_first") == ["passed"] * 2
    assert played.plan.endings("test_second") == ["failed"] * 2


def test_the_users_own_settings_count(project: Project) -> None:
    project.write(
        tests__conftest="""
def pytest_addoption(parser):
    parser.addoption("--stage", default="none")
""",
        tests__unit__test_stage="""
import tests.unit.helper


def test_stage(request):
    assert request.config.getoption("--stage") == "local"
""",
        tests__unit__helper="",
    )
    (project.root / "tests" / "pytest.ini").write_text(
        "[pytest]\naddopts = -q --stage local -x\n", encoding="utf-8"
    )

    played = project.play()

    assert played.problems == []
    assert played.plan.endings("test_stage") == ["passed"]


def test_an_environment_without_pytest_is_told_of_with_a_next_step(
    project: Project, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    interpreter = tmp_path / "bare" / "bin" / "python"
    project.write(test_good="def test_good():\n    pass\n")

    played = project.play(interpreter=interpreter)

    assert played.problems == [
        f"pytest is not installed for {interpreter}: install it there "
        f"({interpreter} -m pip install pytest), or name another interpreter "
        "(pe4king.python in the editor, the variable PE4KING_PYTHON on the command line)."
    ]


def test_the_proposed_text_is_run_and_not_the_file(project: Project) -> None:
    project.write(test_it="def test_it():\n    assert False\n")
    file = project.root / "test_it.py"

    played = project.play(overlay={file: "def test_it():\n    pass\n"})

    assert played.plan.endings("test_it") == ["passed"]
    assert file.read_text(encoding="utf-8") == "def test_it():\n    assert False\n"
    assert sorted(each.name for each in project.root.iterdir()) == ["test_it.py"]


def test_the_runner_names_pytest_and_python(project: Project) -> None:
    project.write(test_it="def test_it():\n    pass\n")

    played = project.play()

    python = sysconfig.get_python_version()
    assert played.report.runner.startswith(f"pytest {pytest.__version__}, Python {python}.")
    assert [each.ended for each in played.plan.results["test_it"]] == [Ended.PASSED]
