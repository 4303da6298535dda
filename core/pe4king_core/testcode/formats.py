"""Regular expressions as tests write them: common spellings of formats, ECMA-262 spelling."""

from __future__ import annotations

import re

_HEX = "[0-9a-f]"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
_SPELLINGS = {
    "uuid": (
        f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
        f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
        f"{_HEX}{{8}}-({_HEX}{{4}}-){{3}}{_HEX}{{12}}",
    ),
    "date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{4}-(?!02-3)[01][0-9]-[0-3][0-9]"),
    "date-time": (
        f"{_DAY}[tt ]{_TIME}([zz]|[+-][0-9]{{2}}:[0-9]{{2}})",
        f"{_DAY}t{_TIME}(z|[+-][0-9]{{2}}:[0-9]{{2}})",
        f"{_DAY}t{_TIME}z",
    ),
    "time": ("[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([zz]|[+-][0-9]{2}:[0-9]{2})",),
    "email": (".+@.+", ".+@.+\\..+", "[^@]+@[^@]+", "[^@]+@[^@]+\\.[^@]+", "\\s+@\\s+"),
    "uri": ("[a-za-z][a-za-z0-9+.-]*:\\s*", "https?://.+", "https?://.*"),
    "uri-template": ("([^{}\\s]|\\{[^{}\\s]+\\})*",),
    "duration": ("p[0-9ymwdths.,]+",),
    "ipv4": ("[0-9]{1,3}(\\.[0-9]{1,3}){3}",),
    "ipv6": ("[0-9a-fa-f:.]*:[0-9a-fa-f:.]*",),
    "hostname": ("[a-za-z0-9]([a-za-z0-9.-]*[a-za-z0-9])?",),
}
_JAVA_SPACES = (
    (r"[^\s\p{Z}\ufeff]", r"\S"),
    (r"[\s\p{Z}\ufeff]", r"\s"),
    (r"\s\p{Z}\ufeff", r"\s"),
)
"""How Java spells the white space of ECMA-262."""
_SYNTAX = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_LOWER_HEX = re.compile(r"\[(?:a-f0-9|0-9a-fa-f|a-fa-f0-9|a-f[0-9]|a-f\\d|\\da-f)\]")


def format_of(pattern: str) -> str | None:
    """The format that values matched as a whole by `pattern` have, for known spellings."""
    plain = _plain(pattern)
    return next((name for name, spellings in _SPELLINGS.items() if plain in spellings), None)


def _plain(pattern: str) -> str:
    """`pattern` without anchors, in lower case, `\\d` and hexadecimal classes spelled one way."""
    plain = pattern.removeprefix("^").removeprefix("\\A")
    plain = re.sub(r"(?<!\\)\$\Z|\\[zZ]\Z", "", plain)
    plain = plain.replace("(?:", "(").replace("(?i)", "").replace("\\d", "[0-9]")
    plain = plain.replace("\\-", "-").replace("\\S", "\\s").lower()
    return plain if plain in _all_spellings() else _LOWER_HEX.sub(_HEX, plain)


def _all_spellings() -> frozenset[str]:
    return frozenset(spelling for spellings in _SPELLINGS.values() for spelling in spellings)


def ecma(pattern: str) -> str:
    """A pattern of Python or Java in the spelling of ECMA-262, as documents have it."""
    plain = (
        pattern.removeprefix("(?a)").replace("(?P<", "(?<").replace("\\/", "/").replace("\\A", "^")
    )
    for spelling, meaning in _JAVA_SPACES:
        plain = plain.replace(spelling, meaning)
    return re.sub(r"\\[zZ]\Z", "$", plain)


def anchored(pattern: str, *, whole: bool = False, start: bool = False, end: bool = False) -> str:
    """`pattern` so that finding it means what matching at an end or as a whole means."""
    plain = ecma(pattern)
    if not (whole or start or end):
        return plain
    inner = plain if end else plain.removeprefix("^")
    if (whole or end) and inner.endswith("$") and not inner.endswith("\\$"):
        inner = inner[:-1]
    if _has_choice(inner):
        inner = f"(?:{inner})"
    return f"{'' if end else '^'}{inner}{'$' if whole or end else ''}"


def _has_choice(pattern: str) -> bool:
    """Whether `pattern` has a `|` outside groups and character classes."""
    depth = 0
    for match in _SYNTAX.finditer(pattern):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        elif match[0] == "|" and depth == 0:
            return True
    return False


def prefix(text: str, *, end: bool = False) -> str:
    """The pattern of texts that start (or end) with `text`."""
    escaped = re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)
    return f"{escaped}$" if end else f"^{escaped}"
