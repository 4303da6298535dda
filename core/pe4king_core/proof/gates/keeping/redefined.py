"""Names that tests use and that would mean something else: shadowed helpers, patched libraries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from pe4king_core.proof.gates.keeping.arguments import parameters
from pe4king_core.proof.gates.keeping.canonical import Speller, callee
from pe4king_core.proof.gates.keeping.definitions import Definitions
from pe4king_core.testcode.python.header import imported_names
from pe4king_core.testcode.syntax import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLED = re.compile(r"(?<![\w.])(?:self\.|this\.|cls\.)?([^\W\d]\w*)\s*\(")
_PATCHING = re.compile(
    r"(?:monkeypatch\.set\w+|(?:\w+\.)?patch(?:\.\w+)?|setattr|delattr|mockStatic"
    r"|mockConstruction)\Z"
)
_ALWAYS = frozenset({"Test", "ParameterizedTest", "RepeatedTest", "pytest", "unittest"})
_LIBRARIES = (
    "org.junit",
    "org.hamcrest",
    "org.assertj",
    "org.testng",
    "io.restassured",
    "com.google.common.truth",
    "assertpy",
    "hamcrest",
    "pytest_check",
    "jsonschema",
    "unittest",
)


def redefined(old: Definitions, new: Definitions, fresh: Iterable[str]) -> list[str]:
    """What tests of `old` use and `new` defines anew; `fresh` are tests that only `new` has."""
    used = _used(old)
    found = [
        name
        for name in _defined(new)
        if name in used and name not in _defined(old) and name not in fresh
    ]
    found += [each for each in _doubled(new) if each not in _doubled(old)]
    found += _moved(old, new, used)
    found += (_patched(new, fresh) - _patched(old, ())).keys()
    return list(dict.fromkeys(found))


def _used(defined: Definitions) -> frozenset[str]:
    """The names that the tests of a file call, and the fixtures that they are given."""
    texts = (defined.source.of(test.node) for test in defined.tests().values())
    called = {name for text in texts for name in _CALLED.findall(text)}
    given = {name for test in defined.tests().values() for name in parameters(defined, test)}
    return frozenset(called | given | _ALWAYS)


def _defined(defined: Definitions) -> dict[str, None]:
    """What a file gives a name to, outside of functions."""
    names = dict.fromkeys(defined.functions)
    names |= dict.fromkeys(path[-1] for path in defined.classes)
    names |= dict.fromkeys(defined.source.of(target) for _, target, _ in defined.assigned)
    return names


def _doubled(defined: Definitions) -> dict[str, None]:
    """Names that one class or module gives away twice, so that only the last counts."""
    places = Counter(
        (each.owner, each.name) for listed in defined.functions.values() for each in listed
    )
    places.update((owner, defined.source.of(target)) for owner, target, _ in defined.assigned)
    places.update((path[:-1], path[-1]) for path in defined.classes)
    if defined.language == "java":
        return {}
    return dict.fromkeys(name for (_, name), count in places.items() if count > 1)


def _moved(old: Definitions, new: Definitions, used: frozenset[str]) -> list[str]:
    """Names that are imported from elsewhere now, and not from a known library."""
    before, after = _imports(old), _imports(new)
    return [
        name
        for name, origin in after.items()
        if name in used
        and name in before
        and before[name] != origin
        and not origin.startswith(_LIBRARIES)
    ]


def _imports(defined: Definitions) -> dict[str, str]:
    """Imported names and what they stand for."""
    found: dict[str, str] = {}
    for node in walk(defined.source.root):
        if node.type == "import_declaration":
            origin = defined.source.of(node).removeprefix("import").strip(" ;")
            origin = origin.removeprefix("static ").strip()
            found[origin.rpartition(".")[2]] = origin
        elif node.type in ("import_statement", "import_from_statement"):
            for each in sorted(imported_names(defined.source, node)):
                origin, _, alias = each.partition(" as ")
                found[alias.strip() or origin.rpartition(".")[2]] = origin
    return found


def _patched(defined: Definitions, fresh: Iterable[str]) -> Counter[str]:
    """Code that changes libraries or classes, outside of the tests called `fresh`."""
    source = defined.source
    names = set(fresh)
    skipped = [source.span(each.whole) for name, each in defined.tests().items() if name in names]
    imported = _imports(defined)
    found: Counter[str] = Counter()
    for node in walk(source.root):
        named = _changed(defined, node, imported)
        if named and not any(span.contains(source.span(node).start) for span in skipped):
            found[named] += 1
    return found


def _changed(defined: Definitions, node: Node, imported: Collection[str]) -> str:
    """What `node` changes of a library or class, as spelt; empty for other code."""
    source = defined.source
    if node.type in ("call", "method_invocation"):
        speller = Speller(source)
        matches = _PATCHING.match(callee(speller, node, {}))
        return speller.spell(node, {}) if matches else ""
    left = node.child_by_field_name("left") if node.type == "assignment" else None
    if left is None or left.type != "attribute":
        return ""
    root = source.of(left).partition(".")[0]
    known = root in imported or root in ("builtins", "__builtins__") or root[:1].isupper()
    return source.of(left) if known else ""
