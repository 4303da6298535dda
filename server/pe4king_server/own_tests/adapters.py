"""A `conftest.py` beside generated tests, for what the user's own fixtures do not give them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pe4king_core.model.operation import ParameterIn, SecurityScheme
from pe4king_core.model.security import SchemeKind
from pe4king_core.rendering.format import RenderedFile
from pe4king_server.own_tests.fixtures import Fixture

_CLIENTS = {
    "httpx": ("httpx", "httpx.Client", ("base_url={name}.base_url",)),
    "starlette": (
        "starlette.testclient import TestClient",
        "TestClient",
        ("{name}.app", "base_url=str({name}.base_url)"),
    ),
}
"""What is imported, called, and given to it."""
_WIDTH = 88
_PLACES = {
    ParameterIn.HEADER: "headers",
    ParameterIn.QUERY: "params",
    ParameterIn.COOKIE: "cookies",
}
_WRONG = "wrong-credentials"


@dataclass(frozen=True, slots=True)
class Adapter:
    """The fixtures that the file gives, and the file."""

    anonymous: str = ""
    wrong: str = ""
    files: tuple[RenderedFile, ...] = ()


def conftest(fixture: Fixture, place: str, schemes: Sequence[SecurityScheme]) -> Adapter:
    """The markers of generated tests, and clients without valid credentials.

    The clients are made from that of `fixture`; no such client can be made of a session, which
    does not say where its API is.
    """
    module, call, given = _CLIENTS.get(fixture.kind, ("", "", ()))
    name = fixture.name
    shown = place.replace("\\", "/").replace('"', "'")
    if not call or not schemes:
        text = _HEAD.format(about=f"What generated tests need beside the fixtures of {shown}.")
        return Adapter(files=(*_PACKAGE, RenderedFile("conftest.py", text)))
    arguments = [each.format(name=name) for each in given]
    anonymous = _opened(call, arguments)
    wrong = _opened(call, [*arguments, *_wrong(schemes)])
    about = f"Clients without valid credentials, made from `{name}` of {shown}."
    text = (
        _HEAD.format(about=about).replace("\n\n\n", f"\n\n{_imports(module)}\n\n", 1)
        + _FIXTURES.format(name=name, anonymous=anonymous, wrong=wrong)
    )  # fmt: skip
    files = (*_PACKAGE, RenderedFile("conftest.py", text))
    return Adapter("anonymous_api", "wrong_credentials_api", files)


def _opened(call: str, arguments: Sequence[str]) -> str:
    """The line or lines that open a client, four columns in, as a formatter breaks them."""
    listed = ", ".join(arguments)
    flat = f"with {call}({listed}) as opened:"
    if len(flat) + 4 <= _WIDTH:
        return flat
    broken = [line for each in arguments for line in _argument(each)]
    lines = [listed] if len(listed) + 8 <= _WIDTH else broken
    return "\n".join((f"with {call}(", *(f"        {line}" for line in lines), "    ) as opened:"))


def _argument(written: str) -> list[str]:
    """The lines of one argument; a long object has one for each member."""
    name, _, value = written.partition("=")
    if len(written) + 9 <= _WIDTH or not value.startswith("{"):
        return [f"{written},"]
    members = json.loads(value).items()
    inner = (f"    {json.dumps(key)}: {json.dumps(member)}," for key, member in members)
    return [f"{name}={{", *inner, "},"]


def _imports(module: str) -> str:
    """The import lines, in their order."""
    if " import " in module:
        return f"import pytest\nfrom {module}\n"
    return f"import {module}\nimport pytest\n"


def _wrong(schemes: Sequence[SecurityScheme]) -> list[str]:
    """The arguments that send credentials which nobody has."""
    sent: dict[str, dict[str, str]] = {}
    for scheme in schemes:
        if scheme.kind is SchemeKind.API_KEY:
            place = _PLACES.get(scheme.location or ParameterIn.HEADER, "headers")
            sent.setdefault(place, {})[scheme.parameter] = _WRONG
        elif scheme.kind is SchemeKind.BASIC:
            sent.setdefault("headers", {})["Authorization"] = "Basic d3Jvbmc6Y3JlZGVudGlhbHM="
        else:
            sent.setdefault("headers", {})["Authorization"] = f"Bearer {_WRONG}"
    return [f"{place}={json.dumps(values)}" for place, values in sorted(sent.items())]


_PACKAGE = (RenderedFile("__init__.py", '"""Tests of the API."""\n'),)
"""Makes a package of the folder: its files may be called like those of the user's tests."""

_HEAD = '''"""{about}"""


def pytest_configure(config):
    """The kinds of tests, for `pytest -m "not behaviour"`."""
    for marker in ("positive", "negative", "edge", "behaviour"):
        config.addinivalue_line("markers", f"{{marker}}: generated from a document")
'''
_FIXTURES = '''

@pytest.fixture
def anonymous_api({name}):
    """A client without credentials."""
    {anonymous}
        yield opened


@pytest.fixture
def wrong_credentials_api({name}):
    """A client whose credentials nobody knows."""
    {wrong}
        yield opened
'''
