"""A text's units as bytes for another process: all of the data, not the text itself.

A document of such units has the same operations; what asks for positions finds none.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import cast

from pe4king_core.openapi.units.document_text import DocumentText
from pe4king_core.openapi.units.unit import Batch, Units, assembled


def packed(text: DocumentText) -> bytes:
    """What `unpacked` makes the units of `text` of."""
    frame = replace(text.frame, units=(), starts=[], has_anchors=text.has_anchors)
    rows: Batch = [
        (
            start,
            unit.path,
            unit.length,
            unit.key.start,
            unit.key.end,
            unit.value_span.start,
            unit.value_span.end,
            unit.payload,
            unit.members,
            unit.faults,
        )
        for start, unit in text.numbered()
    ]
    return pickle.dumps((rows, frame), pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> DocumentText:
    """A document with no text. `data` must come from a process of ours."""
    parts = cast("tuple[Batch, Units]", pickle.loads(data))  # noqa: S301 - see above
    return DocumentText("", assembled(parts))
