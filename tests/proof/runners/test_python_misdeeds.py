"""What a run tells of tests that do more than test: whom they call, what they do to the runner."""

from __future__ import annotations

import pytest

from pe4king_core.proof.running import Ended
from tests.proof.runners.pytest_kit import Project

TESTS = """
import os
import socket
import sys
import time

import httpx
import pytest
import requests

URL = os.environ["BASE_URL"] + "/books/7"


def test_at_home():
    assert requests.get(URL).ok
    assert requests.get("http://localhost:1/books/7").ok


def test_elsewhere():
    assert requests.get("https://One.Example/books/7").ok
    assert httpx.get("http://two.example:8080/books/7").is_success


def test_by_socket():
    with pytest.raises(OSError):
        socket.create_connection(("three.example", 80), 1)


def test_deaf():
    try:
        time.sleep(20)
    except BaseException:
        pass
    assert requests.get(URL).ok


def test_leaves():
    sys.exit(0)


def test_stops():
    pytest.exit("enough")
"""


@pytest.mark.slow
def test_hosts_and_harm_are_told_by_test(project: Project) -> None:
    project.write(test_deeds=TESTS)
    played = project.play(test_seconds=1.0)
    report = played.report
    hosts = {identity.partition("::")[2]: each for identity, each in report.hosts.items()}
    assert hosts == {
        "test_elsewhere": ("one.example", "two.example"),
        "test_by_socket": ("three.example",),
    }
    harms = {identity.partition("::")[2]: each for identity, each in report.harms.items()}
    assert set(harms) == {"test_leaves", "test_stops"}
    assert {each.en for each in harms.values()} == {"it ends the test runner"}
    assert played.plan.results["test_deaf"][-1].ended is Ended.TIMEOUT


def test_what_ends_the_runner_before_any_test_is_the_harm_of_all(project: Project) -> None:
    project.write(test_gone="import os\n\nos._exit(0)\n\n\ndef test_a():\n    assert 1\n")
    report = project.play().report
    assert report.harms[""].en == "it ends the test runner"


def test_a_file_that_cannot_be_collected_does_no_harm(project: Project) -> None:
    project.write(test_gone="import nowhere\n\n\ndef test_a():\n    assert 1\n")
    assert project.play().report.harms == {}
