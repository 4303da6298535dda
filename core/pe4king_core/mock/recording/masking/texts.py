"""Secrets and personal data inside texts: known ones, named ones, those that look like it."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from urllib.parse import quote

from pe4king_core.mock.recording.masking import shapes
from pe4king_core.mock.recording.masking.names import Names, Secrecy
from pe4king_core.mock.recording.masking.replacing import Replacements
from pe4king_core.mock.recording.words import words

_SHORTEST = 8
"""Shorter secrets are replaced where they are named, not wherever they stand."""
_SHORT_TEXT = 4
_KNOWN = 20_000
_PAIR = re.compile(
    r"""(?P<name>[^\W\d][\w.\[\]-]{1,60})(?P<joint>\\?["']?\s{0,4}[:=]\s{0,4})"""
    r"""(?P<value>\\"(?:[^"\\]|\\[^"])*|"(?:[^"\\]|\\.)*"?|'[^'\n]*'?"""
    r"""|(?:(?i:bearer|basic|token) )?[^\s"'&;,<>{}\[\]\\]+)"""
)
_ELEMENT = re.compile(r"<(?P<name>[\w:.-]{1,80})(?P<more>\s[^<>]*)?>(?P<value>[^<>]+)(?=</|\Z)")
_PLAIN = words("null true false none undefined bearer basic token digest dpop apikey")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


class Texts:
    """Masks texts; what was secret once is replaced wherever it stands from then on."""

    def __init__(self, replacements: Replacements, names: Names) -> None:
        self.replacements = replacements
        self.names = names
        self._known: dict[str, str] = {}
        self._by_head: dict[str, list[str]] = {}

    def masked(self, text: str) -> str:
        """`text` without the secrets that it tells."""
        if len(text) < _SHORT_TEXT:
            return text
        text = self._looks(self.without_known(text))
        if ":" in text or "=" in text:
            text = _PAIR.sub(self._pair, text)
        if "<" in text:
            text = _ELEMENT.sub(self._element, text)
        return self._personal(text)

    def keys_only(self, text: str) -> str:
        """`text` without known secrets and what looks like a key: for bytes that are no text."""
        return self._looks(self.without_known(text))

    def named(self, name: str, value: str) -> str:
        """The value of what is called `name`."""
        secrecy = self.names.secrecy(name)
        if secrecy is Secrecy.KEPT:
            return value
        if secrecy is Secrecy.SECRET:
            return self.secret(value)
        if secrecy is Secrecy.PERHAPS:
            return self.perhaps(value)
        if secrecy is Secrecy.PHONE and any(letter.isdecimal() for letter in value):
            return self.replacements.phone(value)
        return self.masked(value)

    def perhaps(self, value: str) -> str:
        """A value that is secret if it looks like one."""
        if shapes.looks_random(value) and not _TIME.fullmatch(value):
            return self.secret(value)
        return self.masked(value)

    def secret(self, value: str) -> str:
        """A secret value; a scheme before it (`Bearer`) stays."""
        scheme, blank, rest = value.partition(" ")
        if blank and scheme.lower() in _PLAIN and rest.strip():
            kept = rest[: len(rest) - len(rest.lstrip())]
            return f"{scheme} {kept}{self._credential(scheme.lower(), rest.lstrip())}"
        return self._credential("", value)

    def remember(self, value: str, replacement: str) -> None:
        """Replace `value` wherever it stands from now on."""
        word = value.strip()
        if len(word) < _SHORTEST or word == replacement:
            return
        if word.isalpha() and self.names.is_secret(word):
            return  # whose password is `password`
        if len(self._known) >= _KNOWN:
            self._forget()
        for written in (str, _in_url, html.escape, _in_json):
            known = written(value)
            if known not in self._known:
                self._by_head.setdefault(known[:_SHORTEST], []).append(known)
            self._known[known] = written(replacement)

    def without_known(self, text: str) -> str:
        """`text` without what is known to be secret."""
        if not self._known or len(text) < _SHORTEST:
            return text
        # So the cost depends on the text, not on how much is known.
        heads = {text[at : at + _SHORTEST] for at in range(len(text) - _SHORTEST + 1)}
        found = [
            known
            for head in heads & self._by_head.keys()
            for known in self._by_head[head]
            if known in text
        ]
        for known in sorted(found, key=lambda each: (-len(each), each)):
            text = text.replace(known, self._known[known])
        return text

    def _forget(self) -> None:
        """Forget what was learnt first."""
        known = next(iter(self._known))
        del self._known[known]
        head = self._by_head[known[:_SHORTEST]]
        head.remove(known)
        if not head:
            del self._by_head[known[:_SHORTEST]]

    def _credential(self, scheme: str, value: str) -> str:
        made = self._basic(value) if scheme == "basic" else self.replacements.text(value)
        self.remember(value, made)
        return made

    def _basic(self, value: str) -> str:
        """Credentials of RFC 7617: user and password are replaced each for itself."""
        try:
            user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return self.replacements.text(value)
        if not colon:
            return self.replacements.text(value)
        plain = f"{self.replacements.text(user)}:{self.secret(password)}"
        made = base64.b64encode(plain.encode()).decode("ascii")
        self.replacements.note(made)
        return made

    def _looks(self, text: str) -> str:
        replaced = self.replacements.text
        if "PRIVATE KEY" in text:
            text = shapes.PRIVATE_KEY.sub(lambda each: each[1] + replaced(each[2]), text)
        if "@" in text and "://" in text:
            text = shapes.USER_INFO.sub(self._user_info, text)
        if "eyJ" in text:
            text = shapes.JWT.sub(lambda each: replaced(each[0]), text)
        if " " in text:
            text = shapes.SCHEME.sub(self._scheme, text)
        return shapes.KEYS.sub(lambda each: replaced(each[0]), text)

    def _personal(self, text: str) -> str:
        if "@" in text:
            text = shapes.EMAIL.sub(lambda each: self.replacements.email(each[0]), text)
        if "+" in text:
            text = shapes.PHONE.sub(lambda each: self.replacements.phone(each[0]), text)
        return shapes.CARD.sub(self._card, text)

    def _user_info(self, match: re.Match[str]) -> str:
        user, colon, password = match.groups()
        return f"{self.replacements.text(user)}{colon}{self.replacements.text(password)}@"

    def _scheme(self, match: re.Match[str]) -> str:
        scheme, blank, value = match.groups()
        if value.islower() and len(value) < 20 and not any(map(str.isdecimal, value)):
            return match[0]  # "token expired", "Bearer authentication"
        return scheme + blank + self._credential(scheme.lower(), value)

    def _card(self, match: re.Match[str]) -> str:
        digits = "".join(letter for letter in match[0] if letter.isdecimal())
        return self.replacements.card(match[0]) if shapes.is_card(digits) else match[0]

    def _pair(self, match: re.Match[str]) -> str:
        name, joint, value = match["name"], match["joint"], match["value"]
        secrecy = self.names.secrecy(name)
        mark = '\\"' if value.startswith('\\"') else value[0] if value[0] in "\"'" else ""
        plain = value[len(mark) :]
        end = mark if len(mark) == 1 and plain.endswith(mark) else ""
        plain = plain[: len(plain) - len(end)]
        if plain.lower() in _PLAIN:
            return match[0]
        if secrecy is Secrecy.SECRET:
            return f"{name}{joint}{mark}{self.secret(plain)}{end}"
        if secrecy is Secrecy.PERHAPS and shapes.looks_random(plain):
            return f"{name}{joint}{mark}{self.perhaps(plain)}{end}"
        if mark and ("=" in plain or ":" in plain):
            return f"{name}{joint}{mark}{_PAIR.sub(self._pair, plain)}{end}"
        return match[0]

    def _element(self, match: re.Match[str]) -> str:
        value = self.named(match["name"].rpartition(":")[2], match["value"])
        return f"<{match['name']}{match['more'] or ''}>{value}"


def _in_url(text: str) -> str:
    return quote(text, safe="", errors="replace")


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]
