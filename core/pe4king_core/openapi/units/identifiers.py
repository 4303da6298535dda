"""Whether a text may state identifiers, told without reading it."""

from __future__ import annotations

import re

ANCHOR_NAMES = ("$id", "$anchor", "$dynamicAnchor")

_STATED = re.compile(r"""\$(?:id|anchor|dynamicAnchor)["']?[ \t]{0,9}:[ \t]{0,9}[^\s{\[]""")


def may_have_anchors(text: str) -> bool:
    """Whether `text` may state `$id`, `$anchor` or `$dynamicAnchor` with a text beside it."""
    return any(name in text for name in ANCHOR_NAMES) and _STATED.search(text) is not None
