"""Text of documents and tests on its way into a prompt: delimited, and unable to leave it.

Whatever stands between `<<<DATA name` and `>>>END name` is data. Runs of angle brackets inside
are broken up, so no text can close its own block or open another; control characters, invisible
and text-direction characters and the tokens of chat templates are taken out of effect first.
"""

from __future__ import annotations

import json
import re
import unicodedata

from pe4king_core.model.json import Json

LINE_LIMIT = 300
_RUNS = re.compile(r"[<>]{2,}")
_TEMPLATE_TOKENS = re.compile(r"<(?=[|｜/])|(?<=[|｜])>|\[(?=/?INST\])", re.IGNORECASE)


def data_block(name: str, text: str) -> str:
    """`text` as a block of data called `name`."""
    return f"<<<DATA {name}\n{neutral(text).rstrip()}\n>>>END {name}"


def data_line(text: str) -> str:
    """`text` as one short line of data, for lists inside a block."""
    return " ".join(neutral(text).split())[:LINE_LIMIT]


def data_json(value: Json) -> str:
    """`value` as compact JSON that is safe inside a block."""
    return neutral(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))


def neutral(text: str) -> str:
    """`text` without anything that could be taken for our delimiters or for a chat's turns."""
    visible = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    apart = _RUNS.sub(lambda run: " ".join(run[0]), visible)
    return _TEMPLATE_TOKENS.sub(lambda token: f"{token[0]} ", apart)
