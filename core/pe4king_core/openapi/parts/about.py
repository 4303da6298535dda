"""What a document says about itself: tags and further documentation."""

from __future__ import annotations

from pe4king_core.model.operation import ExternalDocs, Tag
from pe4king_core.openapi.parts.context import Reading
from pe4king_core.openapi.raw import Place, text_of


def external_docs_of(holder: Place) -> ExternalDocs | None:
    """`externalDocs` of an operation, a tag or a document; None without a URL."""
    place = holder.get("externalDocs")
    raw = place.value if place is not None and isinstance(place.value, dict) else {}
    url = text_of(raw.get("url"))
    return ExternalDocs(url, text_of(raw.get("description"))) if url else None


def tags_of(reading: Reading, root: Place) -> tuple[Tag, ...]:
    """The declared tags in their order; of a repeated name the first."""
    stated = root.get("tags")
    found: dict[str, tuple[Tag, Place]] = {}
    for place in stated.elements() if stated else ():
        raw = place.value if isinstance(place.value, dict) else {}
        name = text_of(raw.get("name"))
        if name in found:
            reading.warn(
                "doc-tag-duplicate",
                place,
                f"The tag `{name}` is declared more than once; the first one counts.",
                f"Тег `{name}` объявлен несколько раз; действует первый.",
            )
        elif name:
            tag = Tag(
                name=name,
                description=text_of(raw.get("description")),
                summary=text_of(raw.get("summary")),
                parent=text_of(raw.get("parent")),
                kind=text_of(raw.get("kind")),
                external_docs=external_docs_of(place),
                pointer=place.pointer,
            )
            found[name] = (tag, place)
    _report_parents(reading, found)
    return tuple(tag for tag, _ in found.values())


def _report_parents(reading: Reading, tags: dict[str, tuple[Tag, Place]]) -> None:
    """Parents that are not declared, and tags that are among their own ancestors."""
    sound: set[str] = set()
    for tag, place in tags.values():
        if tag.parent and tag.parent not in tags:
            reading.warn(
                "doc-tag-parent",
                place,
                f"The parent `{tag.parent}` of the tag `{tag.name}` is not declared.",
                f"Родительский тег `{tag.parent}` тега `{tag.name}` не объявлен.",
            )
        above: list[str] = []
        name, seen = tag.name, set[str]()
        while name in tags and name not in sound and name not in seen:
            seen.add(name)
            above.append(name)
            name = tags[name][0].parent
        if name == tag.name and seen and tag.name not in sound:
            reading.warn(
                "doc-tag-parent",
                place,
                f"The tag `{tag.name}` is its own ancestor by `parent`.",
                f"Тег `{tag.name}` через `parent` оказывается собственным предком.",
            )
        sound.update(above)
