"""Files that we have written are proved free of syntax errors, and only those that are."""

from __future__ import annotations

import random
import symtable
import warnings

import pytest

from pe4king_core.generation import generate
from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.model.source import SourceLanguage
from pe4king_core.openapi import load
from pe4king_core.rendering.formats import formats
from pe4king_core.testcode.syntax import parse
from pe4king_server.generating.syntax import Syntax
from tests.server.test_generating import document_with

_LANGUAGES = {"pytest": SourceLanguage.PYTHON, "junit-restassured": SourceLanguage.JAVA}
_PUT_IN = (*"\"'(){}[]:;,.#\\\n\t@=f*", '"""', "\\\n", 'f"', "/*", "*/", "//", "\n\n\n", "\r", "{x")
_DAMAGES = 150


def texts_of(name: str) -> list[str]:
    document = load(document_with(4), "file:///things.yaml")
    models = generate(document, TestPlan())
    return [formats()[name].render(model, TestStyle()).text for model in models]


def is_sound(text: str, language: SourceLanguage) -> bool:
    """What the parsers say of the whole text."""
    if language is SourceLanguage.JAVA:
        return not parse(text, language).root.has_error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            symtable.symtable(text, "tests", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def damaged(text: str, chance: random.Random) -> str:
    """`text` with a character less, something more, or a line elsewhere."""
    at = chance.randrange(len(text))
    match chance.randrange(5):
        case 0:
            return text[:at] + text[at + chance.randint(1, 3) :]
        case 1:
            return text[:at] + chance.choice(_PUT_IN) + text[at:]
        case kind:
            lines = text.split("\n")
            here = chance.randrange(len(lines))
            if kind == 2:
                lines.insert(here, chance.choice(lines))
            elif kind == 3:
                lines[here] = lines[here][4:]
            else:
                del lines[here]
            return "\n".join(lines)


@pytest.mark.parametrize("name", _LANGUAGES)
def test_what_is_written_holds(name: str) -> None:
    syntax = Syntax(_LANGUAGES[name])
    assert all(syntax.holds(text) for text in texts_of(name))


@pytest.mark.parametrize("name", _LANGUAGES)
def test_a_damaged_file_is_judged_as_the_parser_judges_it(name: str) -> None:
    language, chance = _LANGUAGES[name], random.Random(7)
    texts = texts_of(name)
    syntax = Syntax(language)
    assert all(map(syntax.holds, texts))  # so the parts of the sound files are known
    judged = []
    for _ in range(_DAMAGES):
        text = damaged(chance.choice(texts), chance)
        judged.append(is_sound(text, language))
        assert syntax.holds(text) is judged[-1], text
    assert len(set(judged)) == 2, "both kinds have to be there"


@pytest.mark.parametrize(
    "text",
    [
        "def test_a():\n    x = (\n\n\ndef test_b():\n    )\n",
        "def test_a():\n    # Arrange\nx = 1\n    y = 2\n",
        "@first\n\n\nsecond\ndef test_a():\n    pass\n",
        "def test_a(b, b):\n    pass\n",
        'def test_a():\n    x = "\ud800"\n',
        'def test_a():\n    x = f"{a b}"\n',
        'def test_a():\n    x = """a\n\n\ndef test_b():\n    y = 1\n',
    ],
)
def test_parts_do_not_mend_each_other(text: str) -> None:
    syntax = Syntax(SourceLanguage.PYTHON)
    assert syntax.holds('def test_a():\n    x = ""\n\n\ndef test_b():\n    y = 1\n')
    assert not syntax.holds(text)


@pytest.mark.parametrize(
    "member",
    [
        "  void aB() {\n    if (x) {\n  }",
        '  void aB() {\n    x("\\q");\n    y("a" "b");\n  }',
        "  void aB() {\n    /* x();\n  }\n\n  void bC() {\n    y(); */\n    z(;\n  }",
        "  void aB() {\n    x();\n  }\n}",
        "  // void aB() {\n    x();\n  }",
        "  void aB() {\n    x()\n        .a()\n        .b(\n        .c();\n  }",
        "  void aB() {\n    x()\n        .a()\n        .b() x\n        .c();\n  }",
        "  void aB() {\n    // Act\n        .a()\n        .b()\n        .c();\n  }",
        "  void aB() {\n    x() +\n        .a()\n        .b()\n        .c();\n  }",
        "  void aB() {\n    x()\n        .a()\n        .b(1 2)\n        .c();\n  }",
        "  void aB() {\n    x()\n        .a()\n        .b()\n        .c()\n  }",
    ],
)
def test_members_do_not_mend_each_other(member: str) -> None:
    syntax = Syntax(SourceLanguage.JAVA)
    for sound in ("x();", "x()\n        .a()\n        .b()\n        .c();"):
        assert syntax.holds(f"class A {{\n\n  void aB() {{\n    {sound}\n  }}\n}}\n")
    assert not syntax.holds(f"class A {{\n\n{member}\n}}\n")
