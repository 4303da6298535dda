"""New files that would be taken for a library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from pe4king_core.model.source import SourceLanguage
from pe4king_core.model.text import Span
from pe4king_core.proof.gates.safety.danger import Danger, Harm
from pe4king_core.proof.gates.safety.java import tables as java
from pe4king_core.proof.gates.safety.python import tables as python
from pe4king_core.proof.proposed import Proposed

_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_HARMLESS = frozenset({"test", "__future__"})


def shadows(proposed: Proposed) -> Iterator[Danger]:
    """The library that a new file at this place would stand in for."""
    if not proposed.is_new or not proposed.path:
        return
    is_python = proposed.language is SourceLanguage.PYTHON
    name = _module(proposed.path) if is_python else _package(proposed.after)
    if name:
        yield Danger.of(name, Harm.SHADOWING, name, Span(0, 0))


def _module(path: str) -> str:
    place = PurePath(path)
    name = place.parent.name if place.name == "__init__.py" else place.stem
    known = (python.STANDARD | python.LIBRARIES) - _HARMLESS
    return name if name in known else ""


def _package(text: str) -> str:
    found = _PACKAGE.search(text)
    name = "" if found is None else f"{found[1]}."
    return name.rstrip(".") if name.startswith((*java.PLATFORM, *java.LIBRARIES)) else ""
