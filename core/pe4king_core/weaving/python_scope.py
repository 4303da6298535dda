"""Names around a test: whether an import can be used in it, or would mean something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pe4king_core.model.source import TestFile, TestFunction
from pe4king_core.weaving.imports import is_imported


def usable_imports(
    file: TestFile, test: TestFunction, names: Iterable[str], place: int
) -> tuple[frozenset[str], str | None]:
    """Those of `names` that the file must import for the test, and a name that is in the way.

    What the test itself imports above `place` needs no import of the file.
    """
    missing = set()
    for name in names:
        bound = name.rpartition(".")[2]
        if bound in test.local_names:
            if not _imports_itself(file, test, name, place):
                return frozenset(), bound
        elif not is_imported(file, name) and _means_else(file, bound):
            return frozenset(), bound
        else:
            missing.add(name)
    return frozenset(missing), None


def _imports_itself(file: TestFile, test: TestFunction, name: str, place: int) -> bool:
    module, _, member = name.rpartition(".")
    start = f"from[ ]{re.escape(module)}[ ]import" if module else "import"
    found = re.findall(
        rf"^{re.escape(test.indent)}{start}[ ](?:[\w.]+,[ ])*{member}[ \t]*(?:[,#].*)?$",
        file.text[test.body_span.start - len(test.indent) : place],
        re.MULTILINE,
    )
    assigned = len(
        re.findall(rf"(?<![\w.]){re.escape(name.rpartition('.')[2])}\s*=(?!=)", file.text)
    )
    return len(found) == 1 and not assigned


def _means_else(file: TestFile, bound: str) -> bool:
    """Whether the module has something else of the name `bound`."""
    imported = {re.split(r"\s+as\s+|\.", each)[-1] for each in file.imports}
    defined = re.search(
        rf"^(?:(?:async\s+)?def|class)\s+{bound}\b|^{bound}\s*(?::|=(?!=))", file.text, re.MULTILINE
    )
    return bound in imported or defined is not None
