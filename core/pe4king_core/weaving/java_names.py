"""What inserted Java code calls things: imports, qualified names, and names that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pe4king_core.model.source import TestFile
from pe4king_core.weaving.imports import is_imported

MATCHERS = "org.hamcrest.Matchers"
_STATIC = f"static {MATCHERS}."
_OTHER_MATCHERS = frozenset({"Mockito", "ArgumentMatchers", "AdditionalMatchers", "EasyMock"})
_THEIR_NAMES = frozenset({"startsWith", "endsWith", "isA", "not", "or", "and", "matches", "eq"})
_STRINGS = re.compile(r'("(?:\\.|[^"\\])*")')


def clash(file: TestFile, imports: Iterable[str]) -> str | None:
    """A name we would import that the file declares or imports as something else."""
    for name in sorted(imports):
        simple = name.rpartition(".")[2]
        if _is_hidden(file, name, simple):
            return simple
        if not is_imported(file, name) and _is_taken(file, name, simple):
            return simple
    return None


def _is_hidden(file: TestFile, name: str, simple: str) -> bool:
    """Whether another matcher library, imported with a `*`, has the name as well."""
    if not name.startswith("static org.hamcrest.") or simple not in _THEIR_NAMES:
        return False
    return any(
        other.startswith("static ")
        and other.endswith(".*")
        and other[:-2].rpartition(".")[2] in _OTHER_MATCHERS
        for other in file.imports
    )


def _is_taken(file: TestFile, name: str, simple: str) -> bool:
    is_static = name.startswith("static ")
    for other in file.imports:
        if other.startswith("static ") == is_static and other.endswith("." + simple):
            return True
    if is_static and _is_used(file, name, simple):
        return True
    if is_static:
        declared = rf"[\w>\]]\s+{simple}\s*\([^()]*\)\s*(?:throws[\w\s.,]+)?\{{"
        return re.search(declared, file.text) is not None
    return re.search(rf"\b(?:class|record|enum|interface)\s+{simple}\b", file.text) is not None


def _is_used(file: TestFile, name: str, simple: str) -> bool:
    """Whether the file calls something by the plain name already that comes from elsewhere.

    An import of the single name would take its place: it may be inherited, or be in a `.*`.
    """
    same_family = name.startswith("static org.hamcrest.Matchers.") and any(
        other.startswith("static org.hamcrest.") for other in file.imports
    )
    called = rf"(?<![.\w]){re.escape(simple)}\s*\("
    return not same_family and re.search(called, file.text) is not None


def named(
    file: TestFile, code: Sequence[str], imports: frozenset[str]
) -> tuple[tuple[str, ...], frozenset[str], str | None]:
    """`code` with its matchers spelled as the file does it, its imports, and a name that is taken.

    Matchers are called through their class (`Matchers.is`) where the file does so, or where a
    plain name means something else.
    """
    static = frozenset(name for name in imports if name.startswith(_STATIC))
    if static and (_qualifies(file) or clash(file, static) is not None):
        simple = frozenset(name.removeprefix(_STATIC) for name in static)
        imports = (imports - static) | {MATCHERS}
        code = tuple(_qualified(each, simple) for each in code)
    return tuple(code), imports, clash(file, imports)


def _qualifies(file: TestFile) -> bool:
    """Whether the file calls matchers through their class only."""
    through_class = MATCHERS in file.imports or "org.hamcrest.*" in file.imports
    return through_class and not any(
        name.startswith(("static org.hamcrest.Matchers", "static org.hamcrest.CoreMatchers"))
        for name in file.imports
    )


def _qualified(code: str, names: frozenset[str]) -> str:
    parts = _STRINGS.split(code)
    pattern = rf"(?<![.\w>])({'|'.join(sorted(names))})\("
    outside = [re.sub(pattern, r"Matchers.\1(", part) for part in parts[::2]]
    parts[::2] = outside
    return "".join(parts)
