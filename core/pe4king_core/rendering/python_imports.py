"""Import lines of Python as ruff and isort order them."""

from __future__ import annotations

import sys
from collections.abc import Iterable


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
