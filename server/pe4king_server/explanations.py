"""Read-only documents: virtual where the editor asks for their text, else a file in our cache."""

from __future__ import annotations

import hashlib
import os
import re
from collections import OrderedDict
from pathlib import Path
from urllib.parse import quote, unquote

SCHEME = "pe4king"
_KEPT = 50


class Explanations:
    """The texts of virtual documents by URI; the oldest are forgotten."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, str] = OrderedDict()

    def add(self, title: str, text: str) -> str:
        """Keep `text` and return the URI of its document."""
        name = re.sub(r"[^\w.-]+", "-", title).strip("-") or "explanation"
        uri = f"{SCHEME}:/explain/{_digest(text)}/{quote(name, errors='replace')}.md"
        self._texts[unquote(uri)] = text
        while len(self._texts) > _KEPT:
            self._texts.popitem(last=False)
        return uri

    def text(self, uri: str) -> str | None:
        """The text of the document `uri`."""
        return self._texts.get(unquote(uri))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def write_file(title: str, text: str) -> Path | None:
    """`text` as a read-only file in the user's cache; None where that cannot be written."""
    from platformdirs import user_cache_path

    name = re.sub(r"[^\w.-]+", "-", title).strip("-")[:60] or "explanation"
    try:
        folder = user_cache_path("pe4king") / "explain"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}-{_digest(text)}.md"
        if not path.exists():
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(text, encoding="utf-8", errors="replace")
            temporary.chmod(0o444)
            temporary.replace(path)
    except OSError:
        return None
    return path
