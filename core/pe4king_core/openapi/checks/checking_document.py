"""Checks that compare parts of a document with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pe4king_core.model.finding import Severity
from pe4king_core.model.message import Message
from pe4king_core.openapi.checks.checking_walk import Part
from pe4king_core.openapi.checks.grammar import ElementKind
from pe4king_core.openapi.checks.grammar_tables import COMPONENT_SECTIONS, SHARED_SECTIONS
from pe4king_core.openapi.findings.faults import Fault, shown
from pe4king_core.openapi.raw import Place, entries, text_of

_K = ElementKind
_OPERATIONS = ("/paths/", "/webhooks/")
"""Path items of components are no operations until somebody refers to them."""


def document_faults(root: Place, parts: Iterable[Part], *, unused: bool) -> Iterator[Fault]:
    """Equal operationIds; with `unused`, components that nothing refers to.

    `parts` are in the order of the document.
    """
    known = list(parts)
    yield from _repeated_ids(known)
    if unused:
        yield from _unused_components(root, known)


def _repeated_ids(parts: list[Part]) -> Iterator[Fault]:
    seen: set[str] = set()
    for part in parts:
        if part.kind is not _K.OPERATION or not isinstance(part.place.value, dict):
            continue
        if not part.place.pointer.startswith(_OPERATIONS):
            continue
        name = text_of(part.place.value.get("operationId"))
        if name and name in seen:
            yield Fault(
                "doc-operation-id-duplicate",
                part.place.pointer,
                Message(
                    f"The operationId `{name}` is used more than once. Give each its own.",
                    f"operationId `{name}` встречается несколько раз. Он должен быть уникальным.",
                ),
                Severity.WARNING,
            )
        seen.add(name)


def _unused_components(root: Place, parts: list[Part]) -> Iterator[Fault]:
    used = {target.place.pointer for part in parts for target in part.targets}
    for name, place in _components(root):
        if place.pointer not in used:
            yield Fault(
                "doc-component-unused",
                place.pointer,
                Message(
                    f"Nothing refers to `{shown(name)}`.",
                    f"На `{shown(name)}` ничто не ссылается.",
                ),
                Severity.INFORMATION,
            )


def _components(root: Place) -> Iterator[tuple[str, Place]]:
    """Shared parts but for security schemes, which are used by name."""
    components = root.get("components")
    sections = [
        components.get(name)
        for name, kind in COMPONENT_SECTIONS.items()
        if components and kind is not _K.SECURITY_SCHEME
    ]
    if not components:
        sections = [
            root.get(name)
            for name, kind in SHARED_SECTIONS.items()
            if kind is not _K.SECURITY_SCHEME
        ]
    for section in sections:
        for name, _ in entries(section.value) if section else ():
            if section is not None:
                yield name, section.child(name, None)
