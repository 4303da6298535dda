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
    members: dict[str, list[str]] = {}
    lines = set[tuple[bool, str]]()
    for name in names:
        module, _, member = name.rpartition(".")
        if module:
            members.setdefault(module, []).append(member)
        else:
            lines.add((False, import_line(name)))
    for module, found in members.items():
        listed = ", ".join(sorted(set(found), key=_by_kind))
        lines.add((True, f"from {module} import {listed}"))
    paragraphs: tuple[list[str], list[str]] = ([], [])
    for _, line in sorted(lines):
        root = line.split()[1].split(".", 1)[0]
        paragraphs[root not in sys.stdlib_module_names].append(line)
    return "\n\n".join("\n".join(found) for found in paragraphs if found)


def _by_kind(member: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    kind = 0 if member.isupper() else 1 if member[:1].isupper() else 2
    return kind, member
