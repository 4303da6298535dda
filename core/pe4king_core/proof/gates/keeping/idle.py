"""New tests that surely check nothing, and assertions that chance decides.

Only what is certain by the text: whatever else is called may check something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pe4king_core.model.source import SourceLanguage
from pe4king_core.proof.gates.keeping.definitions import Definition, Definitions
from pe4king_core.testcode.syntax import Source, children, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = r"get|post|put|patch|delete|head|options|request"
_CALLS = re.compile(rf"(?:requests|httpx)\.(?:{_VERBS})")
_HARMLESS = re.compile(r"print|str|int|len|range|dict|list|uuid\.uuid[14]|os\.environ\.get")
_VERB = re.compile(_VERBS)
_LINKS = re.compile(
    r"given|when|and|with|headers?|(?:query|path|form)?[pP]arams?|body|contentType|accept|cookies?"
    r"|auth|oauth2|basic|preemptive|baseUri|basePath|randomUUID|toString|of|println|print"
)
_CHECKS = frozenset(
    {"assert_statement", "with_statement", "raise_statement", "assert", "throw_statement"}
    | {"try_statement", "try_with_resources_statement", "lambda", "lambda_expression"}
)
_CHANCE = frozenset({"random", "secrets", "uuid"})
_TYPES = frozenset({"bool", "float", "int", "len", "str"})


def idle(new: Definitions, fresh: Sequence[str]) -> Iterator[str]:
    """Those of the tests `fresh` that call the API and look at nothing."""
    tests = new.tests()
    for name in fresh:
        if _is_idle(new.source, new.language, tests[name]):
            yield name


def _is_idle(source: Source, language: SourceLanguage, test: Definition) -> bool:
    body, given = test.body, test.node.child_by_field_name("parameters")
    # What a test is given may check something by itself: a fixture, when it cleans up.
    names = [source.of(each) for each in children(given)] if given is not None else []
    if body is None or [each for each in names if each != "self"]:
        return False
    nodes = list(walk(body))
    if any(each.type in _CHECKS for each in nodes):
        return False
    called = [_called(source, each) for each in nodes if each.type in ("call", "method_invocation")]
    verbs, others = (_CALLS, _HARMLESS) if language is SourceLanguage.PYTHON else (_VERB, _LINKS)
    if any(not verbs.fullmatch(each) and not others.fullmatch(each) for each in called):
        return False
    return any(verbs.fullmatch(each) for each in called)


def _called(source: Source, node: Node) -> str:
    name = node.child_by_field_name("function") or node.child_by_field_name("name")
    return "" if name is None else source.of(name)


def of_chance(old: Definitions, new: Definitions) -> list[str]:
    """The assertions that `new` has and `old` has not, and that only random values decide."""
    return list((_of_chance(new) - _of_chance(old)).keys())


def _of_chance(defined: Definitions) -> Counter[str]:
    source = defined.source
    found: Counter[str] = Counter()
    for node in walk(source.root):
        if node.type == "assert_statement" and children(node):
            names = {source.of(each) for each in walk(children(node)[0]) if _is_root(each)}
            if names & _CHANCE and names <= _CHANCE | _TYPES:
                found[source.of(node)] += 1
    return found


def _is_root(node: Node) -> bool:
    """Whether it is a name by itself, no attribute's and no argument's."""
    parent = node.parent
    if node.type != "identifier" or parent is None:
        return False
    return parent.child_by_field_name("attribute") != node and not (
        parent.type == "keyword_argument" and parent.child_by_field_name("name") == node
    )
