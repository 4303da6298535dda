"""Tests that speak in the test runner's place: what they say does not count."""

from __future__ import annotations

import pytest

from tests.proof.runners.pytest_kit import Project, other_title

HEAD = """
import json
import os
import stat

import requests

URL = os.environ["BASE_URL"] + "/books/7"


def pipes():
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass


def tell(text):
    for number in list(pipes()):
        for place in (number, f"/proc/self/fd/{number}"):
            try:
                if isinstance(place, int):
                    os.write(place, text.encode())
                else:
                    with open(place, "w") as file:
                        file.write(text)
            except OSError:
                pass


def said(name, ended):
    return json.dumps({"ran": f"test_lies.py::{name}", "ended": ended, "seconds": 0}) + chr(10)
"""
FORGED = (
    "test_forged: lines that only the test runner may write were written into its output; "
    "they were ignored."
)


def test_forged_lines_are_ignored_and_told_of(project: Project) -> None:
    project.write(
        test_lies=HEAD
        + """

def test_forged():
    tell(said("test_forged", "failed") + json.dumps({"go": True}) + chr(10))
    assert requests.get(URL).json()["title"]


def test_unfinished_line():
    tell("half a line")
    assert requests.get(URL).json()["title"] == "Solaris"


def test_bye():
    tell(chr(10) + json.dumps({"bye": True}) + chr(10))
    assert requests.get(URL).json()["title"] == "Solaris"
"""
    )

    played = project.play(other_title)

    assert played.plan.endings("test_forged") == ["passed", "passed"]
    assert played.plan.endings("test_unfinished_line") == ["passed", "failed"]
    assert played.plan.endings("test_bye") == ["passed", "failed"]
    assert played.problems == [FORGED, FORGED.replace("test_forged", "test_bye")]
    assert played.report.restarts == 0
    assert len(played.api.requests) == 6


@pytest.mark.slow
def test_lines_that_come_again_are_ignored_and_told_of(project: Project) -> None:
    """A test in the same process can always find the secret; nothing but a lie comes of it."""
    project.write(
        test_lies=HEAD
        + """
import gc


def line():
    return next(
        each for each in gc.get_objects() if type(each).__name__ == "Line" and hasattr(each, "say")
    )


def test_forged():
    requests.get(URL)


def test_twice():
    line().say({"tests": [], "problems": []}, {"ready": "test_lies.py::test_forged"})
    line().say({"ran": "test_lies.py::test_forged", "ended": "failed", "seconds": 0})
    assert requests.get(URL).json()["title"] == "Solaris"
"""
    )

    played = project.play(other_title)

    assert played.plan.endings("test_forged") == ["passed", "passed"]
    assert played.plan.endings("test_twice") == ["passed", "failed"]
    assert played.problems == [FORGED.replace("test_forged", "test_twice")]
    assert played.plan.starts == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", ["os.environ", "sys.argv", "sys.orig_argv", "globals()"])
def test_the_secret_is_in_no_place_that_tests_look_at(project: Project, place: str) -> None:
    project.write(
        test_lies=HEAD
        + f"""
import gc
import re
import sys

[SECRET] = [
    each._secret.strip()
    for each in gc.get_objects()
    if type(each).__name__ == "Line" and hasattr(each, "say")
]
SAID = str({place}) if "{place}" != "globals()" else open("/proc/self/environ").read()


def test_it():
    assert len(SECRET) == 64
    assert SECRET not in SAID
"""
    )

    assert project.play().plan.endings("test_it") == ["passed"]
