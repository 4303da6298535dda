"""A program that loads hostile documents in a process of limited memory.

`python hostile_loading.py SCALE MEGABYTES [NAME...]` prints two JSON lines for each document:
its name before it is loaded, so that the last name tells who hangs, and what came of it after.
A name is one of `DOCUMENTS`, or `PATH#SEED` for a real document damaged at random.
"""

from __future__ import annotations

import json
import random
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from hostile_documents import DOCUMENTS, Make
from openapi_kit import schemas_of

from pe4king_core.errors import DocumentError
from pe4king_core.openapi import index_of, is_openapi, load
from pe4king_core.openapi.parsing.reading import UnreadableError
from pe4king_core.openapi.parsing.text_findings import text_findings

MARKS = (
    *("\n", " ", "  ", "\t", ":", ": ", "-", "- ", "?", "{", "}", "[", "]", ",", '"', "'", "\\"),
    *("#", "|", ">", "&a ", "*a ", "!", "<<: *a\n", "%", "\n---\n", "\r", "\0", "\ud800", "\u2028"),
    *("null", "true", "1e999", "$ref: '#'", "\n  a: 1\n", "[[[[", "я", "😀", "get:", "paths:"),
)
"""What is put into real documents."""


def outcome(text: str) -> dict[str, object]:
    """What loading `text` and looking at all of it comes to. Raises AssertionError."""
    is_openapi(text)
    index_of(text)
    found = [*text_findings(text)]
    for finding in found:
        assert 0 <= finding.span.start <= finding.span.end <= len(text), finding
    try:
        document = load(text, "file:///api/openapi.yaml")
        found += document.findings
        for view in schemas_of(document, limit=200):
            assert isinstance(view.nullable, bool)
        names = [each.name_span.of(text) for each in document.operations]
        for each in document.operations[:1_000]:
            found += each.findings if hasattr(each, "findings") else ()
    except DocumentError as error:
        return refusal(error, text)
    for finding in found:
        assert 0 <= finding.span.start <= finding.span.end <= len(text), finding
        assert finding.message.en.encode() != finding.message.ru.encode()
    return {"operations": len(names), "codes": sorted({each.code for each in found})}


def refusal(error: DocumentError, text: str) -> dict[str, object]:
    """What an error tells. Raises AssertionError where it lacks a place."""
    assert isinstance(error, UnreadableError)
    assert 0 <= error.span.start <= error.span.end <= len(text), error.code
    assert error.message.ru != error.message.en
    return {"codes": [error.code], "message": error.message.en[:200]}


def damaged(name: str, _scale: int) -> str:
    """The document at `PATH#SEED` with some of its text deleted, doubled, moved or replaced."""
    path, _, seed = name.rpartition("#")
    source = random.Random(int(seed))
    text = Path(path).read_bytes().decode("utf-8", "replace")
    for _ in range(source.choice((1, 1, 2, 3, 8))):
        start = source.randrange(len(text) + 1)
        longest = source.choice((1, 5, 50, 1_000))
        end = min(start + source.randrange(longest + 1), len(text))
        elsewhere = source.randrange(len(text) + 1)
        text = source.choice(
            (
                text[:start] + text[end:],
                text[:end] + text[start:],
                text[:start] + source.choice(MARKS) + text[start:],
                text[:start] + source.choice(MARKS) + text[end:],
                text[:elsewhere] + text[start:end] + text[elsewhere:],
                text[:start],
            )
        )
    return text


def documents(names: list[str]) -> dict[str, Make]:
    """Those of `names`, all where there are none."""
    if not names:
        return DOCUMENTS
    return {name: DOCUMENTS.get(name) or partial(damaged, name) for name in names}


def run(scale: int, names: list[str]) -> Iterator[dict[str, object]]:
    for name, make in documents(names).items():
        yield {"name": name}
        try:
            yield {"name": name, **outcome(make(scale))}
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
            yield {"name": name, "failure": f"{type(error).__name__} at {place}: {error}"[:500]}


if __name__ == "__main__":
    import resource

    limit = int(sys.argv[2]) << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in run(int(sys.argv[1]), sys.argv[3:]):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
