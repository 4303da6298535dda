"""What is said again and again, as a method of the class: `optional("slot", integer())`.

They mean exactly what they stand for: links are written out first and shortened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pe4king_core.rendering.java.layout import link
from pe4king_core.rendering.java.text import camel, literal_string
from pe4king_core.rendering.patterns import FORMATS

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLACE = re.compile(r'"(\d+)"')
_PATTERN = re.compile(r'matchesPattern\("(\d+)"\)')
_OPTIONAL = re.compile(r'anyOf\(not\(hasKey\("(\d+)"\)\), hasEntry\(equalTo\("(\d+)"\), ')
_INTEGER = "isA(Integer.class), isA(Long.class), isA(BigInteger.class)"
_NAMED = {
    literal_string(FORMATS[name]): camel(name) for name in ("uuid", "date-time", "date", "uri")
}
"""The methods of formats by their expressions; the others are short enough to be read."""
_DEFINITIONS = {
    "optional": """\
  /** A member that may be missing. */
  private static <V> Matcher<Map<String, V>> optional(String name, Matcher<? super V> value) {
    return anyOf(not(hasKey(name)), hasEntry(equalTo(name), value));
  }""",
    "integer": f"""\
  /** A whole number of any size. */
  private static Matcher<Object> integer() {{
    return anyOf({_INTEGER});
  }}""",
    **{
        name: f"""\
  private static Matcher<String> {name}() {{
    {link(f"return matchesPattern({expression})", 4, 1)};
  }}"""
        for expression, name in _NAMED.items()
    },
    "textPart": """\
  /** A text of a form; REST Assured would write it in ASCII. */
  private static MultiPartSpecification textPart(String name, String text) {
    return new MultiPartSpecBuilder(text)
        .controlName(name)
        .charset(StandardCharsets.UTF_8)
        .emptyFileName()
        .build();
  }""",
}
NAMES = frozenset(_DEFINITIONS)


def definitions(names: Iterable[str]) -> list[str]:
    """The methods `names` as members of a class."""
    wanted = set(names)
    return [code for name, code in _DEFINITIONS.items() if name in wanted]


def shortened(code: str) -> str:
    """The link `code` with the methods of this module where it says what they do."""
    if "\r" in code or not ("anyOf(" in code or "matchesPattern(" in code):
        return code
    return _shortened(code)


@lru_cache(maxsize=8192)
def _shortened(code: str) -> str:
    literals: list[str] = []

    def held(literal: re.Match[str]) -> str:
        literals.append(literal[0])
        return f'"{len(literals) - 1}"'

    bare = _STRING.sub(held, code)
    bare = bare.replace(f"anyOf({_INTEGER})", "integer()").replace(_INTEGER, "integer()")
    bare = _PATTERN.sub(lambda found: _format(found, literals), bare)
    for found in reversed(list(_OPTIONAL.finditer(bare))):
        if literals[int(found[1])] == literals[int(found[2])]:
            bare = _as_optional(bare, found)
    return _PLACE.sub(lambda place: literals[int(place[1])], bare)


def _format(found: re.Match[str], literals: list[str]) -> str:
    name = _NAMED.get(literals[int(found[1])])
    return found[0] if name is None else f"{name}()"


def _as_optional(bare: str, found: re.Match[str]) -> str:
    """`bare` with one call of `optional`, where nothing else stands in its `anyOf`."""
    depth, end = 1, found.end()
    while depth:
        depth += {"(": 1, ")": -1}.get(bare[end], 0)
        end += 1
    if bare[end : end + 1] != ")":
        return bare
    value = bare[found.end() : end - 1]
    return f'{bare[: found.start()]}optional("{found[1]}", {value}){bare[end + 1 :]}'
