"""References within a raw document."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

_LONGEST_CHAIN = 50


class UnjudgedError(Exception):
    """The judge cannot work with a part (a pattern it does not read, a lost reference)."""


def target(document: Any, reference: str) -> Any:
    """What `reference` names within the document. Raises UnjudgedError where it is nothing."""
    if reference == "#":
        return document
    if not reference.startswith("#/"):
        raise UnjudgedError(f"the reference {reference[:100]}")
    node = document
    for part in reference[2:].split("/"):
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        node = _member(node, name)
        if node is None:
            raise UnjudgedError(f"the reference {reference[:100]}")
    return node


def _member(node: Any, name: str) -> Any:
    if isinstance(node, dict):
        found = node.get(name)
        # YAML reads the key of a status as a number.
        return node.get(int(name)) if found is None and name.isdecimal() else found
    if isinstance(node, list) and name.isdecimal() and int(name) < len(node):
        return node[int(name)]
    return None


def resolved(document: Any, node: Any) -> Any:
    """`node` with references followed. Raises UnjudgedError where one leads nowhere."""
    for _ in range(_LONGEST_CHAIN):
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            return node
        node = target(document, node["$ref"])
    raise UnjudgedError("a reference to itself")
