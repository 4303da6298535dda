"""Which names of the environment tests read: the API's address, and what else they want to know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pe4king_core.model.source import SourceLanguage
from pe4king_server.environment.base_url import (
    ABOUT_ADDRESS,
    JAVA_PROPERTIES,
    JAVA_READS,
    PYTHON_READS,
    sources_of,
)
from pe4king_server.environment.imported import with_imported
from pe4king_server.environment.look import Look

_INDEX = re.compile(r"environ\s*\[\s*[\"'](\w+)[\"']\s*\]")
_CALLED = re.compile(r"\b(?:env|config|env\.(?:str|url))\s*\(\s*[\"']([A-Z][A-Z0-9_]+)[\"']\s*(,)?")
"""environs, django-environ, python-decouple."""

_JAVA_MAP = re.compile(r"getenv\s*\(\s*\)\s*\.\s*(?:get|getOrDefault)\s*\(\s*\"([\w.]+)\"")
_ADDRESS_TOO = re.compile(r"target|origin|(?:\A|_)(?:api|root)\Z|адрес", re.I)
_NOT_ADDRESSES = re.compile(
    r"DATABASE|REDIS|KAFKA|BROKER|MONGO|SMTP|PROXY|WEBHOOK|CALLBACK"
    r"|(?:PROJECT|REPO|DATA|SOURCE|TEST|DJANGO|MEDIA|STATIC)_?ROOT",
    re.I,
)
_LEFT_ALONE = re.compile(
    r"(?:CI|DEBUG|PATH|HOME|USER|LANG|TMPDIR|TEMP|SHELL|PWD|TZ|GITHUB_\w+|PYTEST_\w+|PYTHON\w+"
    r"|JAVA_HOME|DISPLAY|TERM|NO_COLOR|XDG_\w+|LC_\w+|PE4KING_\w+)\Z"
)
"""What says something of the machine: a made-up value would be a lie that tests act on."""

_SECRET = re.compile(r"KEY|TOKEN|AUTH|SECRET|PASS|BEARER|CREDENTIAL|LOGIN|USER", re.I)
_PLACEHOLDERS = MappingProxyType(
    {
        r"MAIL": "user@example.com",
        r"BASIC": "user:password",
        r"USER|LOGIN|ACCOUNT": "user",
        r"PASS": "password",
        r"TIMEOUT|RETR|PORT|COUNT|SIZE|LIMIT|ID\Z": "1",
        r"EXISTING|ENABLE|FLAG": "1",
    }
)
_PLACEHOLDER = "token"


@dataclass(frozen=True, slots=True)
class Names:
    """`addresses` tell where the API is; `others` are read with nothing of use to fall back on."""

    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    read: frozenset[str] = frozenset()
    """All names that are read at all."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    """Harmless values for `others`."""


def names_read(
    look: Look, files: Iterable[Path], language: SourceLanguage, more: Iterable[str] = ()
) -> Names:
    """What the test `files`, and what stands around them, read; `more` are further texts."""
    texts: dict[Path, str] = {}
    for file in files:
        above = look.above(file.parent)
        near = dict(sources_of(look, file, above, language))
        texts.update(with_imported(look, near, above, language))
    found: dict[str, bool] = {}
    for text in (*texts.values(), *more):
        for name, falls_back in _read(text, language):
            found[name] = found.get(name, True) and falls_back
    addresses = tuple(name for name in found if _is_address(name))
    others = tuple(
        name
        for name, falls_back in found.items()
        if name not in addresses and not falls_back and not _LEFT_ALONE.match(name)
    )
    values = {name: _placeholder(name) for name in others}
    return Names(addresses, others, frozenset(found), values)


def _is_address(name: str) -> bool:
    told = ABOUT_ADDRESS.search(name) or _ADDRESS_TOO.search(name)
    return told is not None and not _NOT_ADDRESSES.search(name)


def _read(text: str, language: SourceLanguage) -> Iterator[tuple[str, bool]]:
    """Names, and whether the code has a value of its own where they are not set."""
    if language is SourceLanguage.PYTHON:
        for match in PYTHON_READS.finditer(text):
            yield match[1], _is_enough(match[1], match[2])
        for match in _INDEX.finditer(text):
            yield match[1], False
        for match in _CALLED.finditer(text):
            yield match[1], match[2] is not None
        return
    for match in JAVA_READS.finditer(text):
        yield match[1], False
    for match in _JAVA_MAP.finditer(text):
        yield match[1], False
    for match in JAVA_PROPERTIES.finditer(text):
        yield match[1], _is_enough(match[1], match[2])


def _is_enough(name: str, default: str | None) -> bool:
    """Whether the code can do with its own value: nobody is let in with an empty secret."""
    return bool(default) or (default is not None and not _SECRET.search(name))


def _placeholder(name: str) -> str:
    return next(
        (value for part, value in _PLACEHOLDERS.items() if re.search(part, name, re.I)),
        _PLACEHOLDER,
    )
