"""Calls that a test hands to somebody else, to be made later."""

from __future__ import annotations

import pytest

from pe4king_core.improvement.missing import is_judged
from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode import read_tests

HEAD = "import requests\n\n\ndef test_a(afterwards, wait_for):\n"


@pytest.mark.parametrize(
    ("lines", "judged"),
    [
        (
            "    r = requests.post('/x', json={})\n"
            "    afterwards(lambda: requests.delete('/x/1'))\n"
            "    assert r.status_code == 201\n",
            {"POST": True, "DELETE": False},
        ),
        (
            "    def clean_up():\n        requests.delete('/x/1')\n\n"
            "    r = requests.post('/x', json={})\n"
            "    afterwards(clean_up)\n"
            "    assert r.status_code == 201\n",
            {"POST": True, "DELETE": False},
        ),
        (
            "    r = wait_for(lambda: requests.get('/x'))\n    assert r.status_code == 200\n",
            {"GET": True},
        ),
        ("    requests.delete('/x/1')\n", {"DELETE": True}),
    ],
)
def test_a_clean_up_is_not_the_tests_business(lines: str, judged: dict[str, bool]) -> None:
    [test] = read_tests(HEAD + lines, SourceLanguage.PYTHON).tests
    assert {call.method: is_judged(test, call) for call in test.calls} == judged
