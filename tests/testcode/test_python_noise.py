"""Code bases that nobody wrote on purpose: reading them ends, soon, and says nothing wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.testcode import CodeBase, CodeView, read_tests

ROOT = "file:///w/"
TEST = "from a import *\nfrom a import helper, Api\n\n\ndef test_a(fix0):\n    helper(Api())\n"
TANGLES = {
    "import cycle": {"a": "from b import *\n", "b": "from a import *\n"},
    "names in a circle": {"a": "from b import helper, Api\n", "b": "from a import helper, Api\n"},
    "helper calls itself": {"a": "class Api: pass\ndef helper(x):\n    return helper(helper(x))\n"},
    "helpers call each other": {
        "a": "from b import other\nclass Api: pass\ndef helper(x):\n    return other(x)\n",
        "b": "from a import helper\ndef other(x):\n    return helper(other(x))\n",
    },
    "two modules of one name": {"x/a": "def helper(x): pass\n", "y/a": "class Api: pass\n"},
    "does not parse": {"a": "class Api(:\n  def helper(x)):\n    return [[[\n'''"},
    "classes in a circle": {
        "a": "from b import B\nclass Api(B): pass\ndef helper(x):\n    x.y; x.z()\n",
        "b": "from a import Api\nclass B(Api): pass\n",
    },
    "deep inheritance": {
        "a": "".join(f"class C{i + 1}(C{i}): pass\n" for i in range(300))
        + "class Api(C299): pass\ndef helper(x):\n    return x.y()\n"
    },
    "properties in a circle": {
        "a": "class Api:\n    @property\n    def a(self): return self.b\n"
        "    @property\n    def b(self): return self.a\ndef helper(x):\n    return x.a.b.a\n"
    },
    "many fixtures": {
        "conftest": "import pytest\n"
        + "".join(
            f"@pytest.fixture\ndef fix{i}(fix{i + 1}, fix{(i * 7) % 300}): return fix{i + 1}\n"
            for i in range(300)
        )
    },
    "a long file": {"a": "X = [1, 2, 3]\n" * 70_000 + "class Api: pass\ndef helper(x): pass\n"},
    "constants of constants": {
        "a": "C0 = 'ab'\n" + "".join(f"C{i + 1} = C{i} + C{i}\n" for i in range(60))
        + "class Api: pass\ndef helper(x):\n    return C60\n"
    },
    "lists of lists": {
        "a": "L0 = [1, 2]\n" + "".join(f"L{i + 1} = [*L{i}, *L{i}]\n" for i in range(60))
        + "class Api: pass\ndef helper(x):\n    return L60\n"
    },
}  # fmt: skip


def read(files: dict[str, str], text: str = TEST) -> TestFile:
    texts = {f"{ROOT}{name}.py": content for name, content in files.items()}
    texts[f"{ROOT}test_it.py"] = text
    view = CodeView(CodeBase(texts.get, texts), f"{ROOT}test_it.py")
    return read_tests(text, SourceLanguage.PYTHON, view)


@pytest.mark.parametrize("files", TANGLES.values(), ids=TANGLES)
def test_tangles(files: dict[str, str]) -> None:
    before = time.process_time()
    (test,) = read(files).tests
    assert not test.damaged
    assert all(call.unresolved for call in test.calls)
    assert time.process_time() - before < 5


PIECES = st.sampled_from(
    ["from a import *\n", "from .b import helper\n", "import a.b as c\n", "class Api(Api): pass\n",
     "class Api:\n    def get(self): return self.get()\n", "def helper(x, *a): return x\n",
     "@helper\ndef helper(x):\n    yield helper\n", "X = Y\nY = X\n", "def f(:\n", "    return\n",
     "@pytest.fixture\ndef fix0(fix0): return fix0\n", "pytest_plugins = ['a', 'b']\n", "'''\n",
     "helper = lambda x: helper(x)\n", "with x as y: yield y\n", "for i in i: i\n", "a, b = b, a\n"]
)  # fmt: skip


@given(first=st.lists(PIECES, max_size=6), second=st.lists(PIECES, max_size=6))
@settings(max_examples=80, deadline=None)
def test_noise(first: list[str], second: list[str]) -> None:
    files = {"a": "".join(first), "b": "".join(second), "conftest": "".join(second)}
    file = read(files, TEST + "".join(first))
    for test in file.tests:
        for call in test.calls:
            assert test.span.start <= call.span.start <= call.span.end <= test.span.end
        for assertion in test.assertions:
            assert assertion.text == assertion.span.of(file.text)
