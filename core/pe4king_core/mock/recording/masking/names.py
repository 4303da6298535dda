"""Which names of headers, parameters, cookies and members say that their value is secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache

from pe4king_core.mock.recording.words import words

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_LONGEST = 200

_SECRET = words(
    "password passwords passwd pwd passphrase passcode pass secret secrets token tokens jwt"
    " credential credentials apikey apikeys accesskey privatekey pin otp totp cvv cvc csc"
    " authorization sid sessionid sessid phpsessid jsessionid csrf xsrf csrftoken signature sig"
    " assertion mnemonic cardnumber ccnumber iban"
    " пароль секрет токен"
)
_PHRASES = (
    ("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("auth", "key"),
    ("account", "key"), ("encryption", "key"), ("signing", "key"), ("license", "key"),
    ("session", "id"), ("session", "key"), ("card", "number"), ("card", "no"),
    ("security", "code"), ("verification", "code"), ("recovery", "code"), ("backup", "code"),
    ("one", "time", "code"), ("cc", "number"), ("seed", "phrase"),
)  # fmt: skip
_PERHAPS = words("session sessions auth card key keys code cookie nonce verifier state")
_OF_SECRETS = words(
    "type types count counts limit limits expires expiry expiration expire in at on url uri"
    " endpoint length policy required enabled disabled valid status strength hint name names"
    " description scheme format algorithm ttl date time used usage budget method methods"
    " details exists set changed updated created last4 brand country"
)
"""A name that ends so tells of a secret and is none: `token_type`, `password_changed_at`."""
_POSITIONS = words("page next previous prev continuation cursor sync resume")
"""Tokens that say where a list goes on open nothing."""
_PHONE = words("phone phones mobile tel telephone fax cell msisdn телефон")


class Secrecy(Enum):
    """What a name says of its value."""

    NONE = auto()
    PERHAPS = auto()
    """The value is secret if it looks like one (`session`, `code`)."""
    SECRET = auto()
    PHONE = auto()
    KEPT = auto()
    """The user wants to see it."""


class Names:
    """Judges names; `more` are secret and `kept` are not, whatever they say."""

    def __init__(self, more: Iterable[str] = (), kept: Iterable[str] = ()) -> None:
        self._more = frozenset(map(_plain, more))
        self._kept = frozenset(map(_plain, kept))

    def secrecy(self, name: str) -> Secrecy:
        """What `name` says; case and the way its words are joined do not matter."""
        plain = _plain(name)
        if plain in self._kept:
            return Secrecy.KEPT
        return Secrecy.SECRET if plain in self._more else _secrecy(name[:_LONGEST])

    def is_secret(self, name: str) -> bool:
        """Whether every value of `name` is secret."""
        return self.secrecy(name) is Secrecy.SECRET


@lru_cache(maxsize=4_096)
def _secrecy(name: str) -> Secrecy:
    found = [word.lower() for word in _WORD.findall(name)]
    while found and found[-1].isdecimal():
        found.pop()  # `password2`
    if not found or found[-1] in _OF_SECRETS or _POSITIONS.intersection(found):
        return Secrecy.NONE
    if not _SECRET.isdisjoint(found) or any(_within(phrase, found) for phrase in _PHRASES):
        return Secrecy.SECRET
    if not _PHONE.isdisjoint(found):
        return Secrecy.PHONE
    return Secrecy.NONE if _PERHAPS.isdisjoint(found) else Secrecy.PERHAPS


def is_count(name: str) -> bool:
    """Whether a number of this name counts tokens: `max_tokens`."""
    return "tokens" in [word.lower() for word in _WORD.findall(name[:_LONGEST])]


def _within(phrase: tuple[str, ...], found: list[str]) -> bool:
    size = len(phrase)
    return any(tuple(found[at : at + size]) == phrase for at in range(len(found) - size + 1))


def _plain(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name)).lower()
