"""The `Prefer` header: which of the documented answers a client wants (RFC 7240)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pe4king_core.mock.exchange import Sent

_PREFERENCE = re.compile(r"""([A-Za-z_]+)\s*=\s*("([^"]*)"|[^\s,;"]+)""")


@dataclass(frozen=True, slots=True)
class Preferred:
    """What is wanted; `code` is None and `example` empty where it does not matter."""

    code: int | None = None
    example: str = ""
    dynamic: bool = False
    wrong: str = ""
    """What cannot be understood, and how it would be written."""

    @property
    def anything(self) -> bool:
        """Whether anything is wanted at all."""
        return self.code is not None or bool(self.example) or self.dynamic or bool(self.wrong)

    @property
    def applied(self) -> str:
        """The `Preference-Applied` header (RFC 7240 section 3)."""
        texts = [] if self.code is None else [f"code={self.code}"]
        if self.example:
            texts.append(f'example="{self.example}"')
        return ", ".join([*texts, "dynamic=true"] if self.dynamic else texts)


_NOTHING = Preferred()


def preferred(sent: Sent) -> Preferred:
    """What the request prefers; preferences that mean nothing here are left alone."""
    texts = [value for name, value in sent.headers if name.lower() == "prefer"]
    if not texts:
        return _NOTHING
    wanted: dict[str, str] = {}
    for match in _PREFERENCE.finditer(", ".join(texts)):
        value = match[2] if match[3] is None else match[3]
        wanted.setdefault(match[1].lower(), value)
    code, dynamic = wanted.get("code"), wanted.get("dynamic", "").lower()
    is_code = code is None or re.fullmatch("[2-5][0-9][0-9]", code) is not None
    wrong = "" if is_code else f"Prefer: code is a status from 200 to 599, not {code!r}."
    if dynamic not in ("", "true", "false"):
        wrong = wrong or f"Prefer: dynamic is true or false, not {dynamic!r}."
    return Preferred(
        int(code) if code is not None and is_code else None,
        wanted.get("example", ""),
        dynamic == "true",
        wrong,
    )
