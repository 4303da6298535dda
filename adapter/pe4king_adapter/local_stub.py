"""The answer where there is no model: tests for the endpoints that the prompt names.

The same prompt gives the same text, always a Python file that pytest collects.
"""

from __future__ import annotations

import re

_METHODS = "get|put|post|delete|options|head|patch"
_MENTION = re.compile(
    rf"""(?P<method>\b(?:{_METHODS.upper()}))\s+(?P<target>/[\w{{}}./~%-]*)
        |(?<![\w:/.])["']?(?P<path>/[\w{{}}./~%-]*)["']?[ \t]*:(?=[ \t]*(?:\{{|\r?\n|$))
        |(?<![\w-])["']?(?P<under>{_METHODS})["']?[ \t]*:(?=[ \t]*(?:\{{|\r?\n|$))""",
    re.VERBOSE | re.MULTILINE,
)
_PARAMETER = re.compile(r"\{[^{}]*\}")
_MOST = 50

_HEAD = '''\
"""API tests written without a model: one call of each endpoint that the request names."""

import os

import httpx
import pytest

BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")


@pytest.fixture
def client():
    with httpx.Client(base_url=BASE_URL) as opened:
        yield opened
'''
_TEST = '''

def {name}(client):
    """{method} {path}: the server answers without an error of its own."""
    # Arrange
    path = {target!r}

    # Act
    response = client.request({method!r}, path)

    # Assert
    assert response.status_code < 500, response.text
'''


class LocalLLMStub:
    """Answers without a model, a key or a network."""

    def generate(self, prompt: str) -> str:
        """Tests for the endpoints in `prompt`, or one for the server's root."""
        used: set[str] = set()
        tests = [_test(method, path, used) for method, path in endpoints(prompt)]
        return _HEAD + "".join(tests)

    async def agenerate(self, prompt: str) -> str:
        """As `generate`."""
        return self.generate(prompt)


def endpoints(prompt: str) -> tuple[tuple[str, str], ...]:
    """Methods and paths in `prompt`: `GET /books`, or those of an OpenAPI document in it."""
    found: dict[tuple[str, str], None] = {}
    path = ""
    for mention in _MENTION.finditer(prompt):
        if mention["method"]:
            found[mention["method"], mention["target"].rstrip(".")] = None
        elif mention["path"]:
            path = mention["path"]
        elif path:
            found[mention["under"].upper(), path] = None
    return tuple(found)[:_MOST] or (("GET", "/"),)


def _test(method: str, path: str, used: set[str]) -> str:
    words = re.findall(r"[a-z0-9]+", f"{method}_{path}".lower())
    base = "test_" + "_".join(words if len(words) > 1 else [*words, "root"])
    name, count = base, 1
    while name in used:
        count += 1
        name = f"{base}_{count}"
    used.add(name)
    target = _PARAMETER.sub("1", path)
    return _TEST.format(name=name, method=method, path=path, target=target)
