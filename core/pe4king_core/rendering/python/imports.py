"""Import lines of Python as ruff and isort order them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable

_SOMETIMES = {
    "uuid4": "uuid.uuid4",
    "Decimal": "decimal.Decimal",
    "last_segment": "urllib.parse.urlsplit",
    "quoted": "urllib.parse.quote",
    "quote": "urllib.parse.quote",
    "needed": "pytest",
    "suppress": "contextlib.suppress",
}
"""Names that only some code uses, and what has to be imported for them."""


def used_imports(pieces: Iterable[str]) -> dict[str, str]:
    """The names that code really uses, texts left out, with what is imported for each."""
    left, found = dict(_SOMETIMES), dict[str, str]()
    for piece in pieces:
        used = [name for name in left if name in piece and _uses(name, piece)]
        for name in used:
            found[name] = left.pop(name)
    return found


def _uses(name: str, code: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(ast.parse(code)))


def import_line(name: str) -> str:
    """`re` is `import re`; `uuid.UUID` is `from uuid import UUID`."""
    module, _, member = name.rpartition(".")
    return f"from {module} import {member}" if module else f"import {name}"


def import_block(names: Iterable[str]) -> str:
    """All `names` in two paragraphs: the standard library, then everything else."""
    paragraphs: tuple[list[str], list[str]] = ([], [])
    for name in names:
        root = name.split(".", 1)[0]
        paragraphs[root not in sys.stdlib_module_names].append(import_line(name))
    ordered = [
        sorted(lines, key=lambda line: (line.startswith("from"), line)) for lines in paragraphs
    ]
    return "\n\n".join("\n".join(lines) for lines in ordered if lines)
