"""Where the OpenAPI documents of a workspace are: named by the setting, or looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from pe4king_core.errors import DocumentError
from pe4king_core.model.message import Message
from pe4king_server.document_choice import distance
from pe4king_server.files import Files, is_below, join_uri

ENDINGS = (".yaml", ".yml", ".json")
_LIKELY = re.compile(r"open[-_.]?api|swagger|api[-_.]?docs?|(?:^|[-_.])(?:api|spec)s?(?=[-_.])")
_GLOB = re.compile(r"[*?\[]")
_LONGEST = 500


def candidates(files: Files, near: str) -> list[str]:
    """URIs that may be documents: those named like one first, then the nearest to `near`."""
    found = files.list(ENDINGS)
    if not near:
        return list(found)
    return sorted(found, key=lambda uri: (not _is_likely(uri), distance(uri, near)))


def _is_likely(uri: str) -> bool:
    return _LIKELY.search(unquote(uri).rpartition("/")[2].lower()) is not None


def is_glob(configured: str) -> bool:
    """Whether the entry of the setting names several files."""
    return not configured.startswith("file:") and _GLOB.search(configured) is not None


def named(configured: str, files: Files) -> list[str]:
    """Where the document of the setting may be: at a URI, a full path, below each root."""
    if configured.startswith("file:"):
        return [configured]
    if Path(configured).is_absolute():
        return [Path(configured).as_uri()]
    relative = configured.replace("\\", "/") if "\\" in configured else configured
    return [join_uri(root, relative) for root in files.roots]


def matching(glob: str, files: Files) -> Iterator[str]:
    """The workspace's files that `glob` names, seen from each root.

    Raises DocumentError for a pattern that cannot be used.
    """
    pattern = _pattern(glob)
    for uri in files.list(ENDINGS):
        for root in files.roots:
            inside = unquote(uri).removeprefix(unquote(root).rstrip("/") + "/")
            if is_below(uri, root) and _fits(inside.split("/"), pattern):
                yield uri
                break


def _pattern(glob: str) -> list[str]:
    """The segments of `glob`."""
    path = glob.replace("\\", "/").removeprefix("./")
    if PurePosixPath(path).is_absolute() or len(path) > _LONGEST or ".." in path.split("/"):
        raise DocumentError(
            Message(
                f"pe4king.document cannot look for {glob}.",
                f"pe4king.document не может искать {glob}.",
            ),
            next_step=Message(
                "Patterns are relative to the workspace, such as **/openapi.yaml.",
                "Шаблоны задаются относительно рабочей области, например **/openapi.yaml.",
            ),
            code="document-missing",
        )
    return path.split("/")


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path fits: `**` stands for any number of folders, the rest stays in one."""
    reached = {0}
    for wanted in pattern:
        if wanted == "**":
            reached = set(range(min(reached), len(parts) + 1)) if reached else reached
        else:
            reached = {
                place + 1
                for place in reached
                if place < len(parts) and fnmatchcase(parts[place], wanted)
            }
    return len(parts) in reached


def nothing_found() -> DocumentError:
    """There is no document."""
    return DocumentError(
        Message(
            "There is no OpenAPI document in this workspace.",
            "В рабочей области нет документа OpenAPI.",
        ),
        next_step=Message(
            "Add one, or name it in the setting pe4king.document (command line: --spec).",
            "Добавьте его или укажите в настройке pe4king.document (в консоли: --spec).",
        ),
        code="document-missing",
    )


def not_readable(configured: str) -> DocumentError:
    """The named document is not there, or is no text."""
    return DocumentError(
        Message(
            f"The OpenAPI document {configured} cannot be read.",
            f"Не удаётся прочитать документ OpenAPI {configured}.",
        ),
        code="document-missing",
    )
