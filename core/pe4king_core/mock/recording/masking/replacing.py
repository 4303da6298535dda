"""Replacements of the same type, length and format; the same value gets the same one.

They are derived from the value with a key that stands in no recording, so that guesses cannot be
tried against them.
"""

from __future__ import annotations

import base64
import hmac
import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from pe4king_core.mock.recording.masking.shapes import (
    CARD,
    EMAIL,
    HEX,
    JWT,
    PREFIX,
    UUID,
    check_sum,
    is_card,
)

_REMEMBERED = 50_000
_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыьэюя"
_ALPHABETS = ("0123456789", _LOWER, _UPPER, _RUSSIAN, _RUSSIAN.upper())
_ALPHABET_OF = {letter: letters for letters in _ALPHABETS for letter in letters}
_HEX_OF = {
    **dict.fromkeys("0123456789abcdef", "0123456789abcdef"),
    **dict.fromkeys("ABCDEF", "0123456789ABCDEF"),
}
_TRIES = 8
_DRAWN = 1_024
_ALNUM = re.compile(r"[0-9]+|[a-z]+|[A-Z]+|[^\W_]")
_TIMES = frozenset({"exp", "iat", "nbf", "auth_time"})

Numbers = Iterator[int]
Made = Callable[[str, Numbers], str]


class Replacements:
    """Makes replacements with one key; not thread-safe."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._made: dict[str, None] = {}

    def text(self, value: str) -> str:
        """The replacement of a secret text, whatever it is."""
        if not value:
            return value
        if JWT.fullmatch(value) and value.count(".") >= 1:
            return self._replaced(value, self._web_token)
        if UUID.fullmatch(value):
            return self._replaced(value, _uuid)
        if EMAIL.fullmatch(value):
            return self.email(value)
        if CARD.fullmatch(value) and is_card(_digits(value)):
            return self.card(value)
        if HEX.fullmatch(value) and not value.isalpha() and not value.isdecimal():
            return self._replaced(value, _hexadecimal)
        return self._replaced(value, _prefixed)

    def email(self, value: str) -> str:
        """An address that leads nowhere."""
        return self._replaced(value, _address)

    def phone(self, value: str) -> str:
        """A number with the same first digit."""
        return self._replaced(value, _phone)

    def card(self, value: str) -> str:
        """A number of the same issuer that passes Luhn's check."""
        return self._replaced(value, _card)

    def number(self, value: float) -> int | float:
        """A number with as many digits."""
        made = self._replaced(repr(value), _number)
        if isinstance(value, int):
            return int(made)
        number = float(made)
        return number if math.isfinite(number) else float(made.partition("e")[0])

    def _replaced(self, value: str, make: Made) -> str:
        # What was replaced already stays: several rules may meet the same text.
        if value in self._made:
            return value
        made = value
        for attempt in range(_TRIES):
            made = make(value, self._numbers(f"{attempt}:{value}"))
            if made != value:
                break
        self.note(made)
        return made

    def note(self, made: str) -> None:
        """Leave `made` as it is from now on."""
        if len(self._made) >= _REMEMBERED:
            self._made.pop(next(iter(self._made)))
        self._made[made] = None

    def _numbers(self, value: str) -> Numbers:
        block = 0
        while True:
            told = f"{block}:{value}".encode("utf-8", "surrogatepass")
            yield from hmac.digest(self._key, told, "sha256")
            block += 1

    def _web_token(self, value: str, numbers: Numbers) -> str:
        """A token that can still be read: its claims are replaced, its times stay."""
        head, claims, *rest = value.split(".")
        parts = [self._claims(head, numbers), self._claims(claims, numbers)]
        return ".".join([*parts, *("".join(_letters(each, numbers)) for each in rest)])

    def _claims(self, part: str, numbers: Numbers) -> str:
        try:
            told = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
            plain = json.dumps(self._claim("", told), separators=(",", ":"))
        except (ValueError, RecursionError):
            return "".join(_letters(part, numbers))
        return base64.urlsafe_b64encode(plain.encode()).decode("ascii").rstrip("=")

    def _claim(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {each: self._claim(each, inner) for each, inner in value.items()}
        if isinstance(value, list):
            return [self._claim(name, inner) for inner in value]
        if isinstance(value, str):
            return value if name in ("alg", "typ") else self.text(value)
        kept = isinstance(value, bool) or value is None or name in _TIMES
        return value if kept or not math.isfinite(value) else self.number(value)


def _letters(text: str, numbers: Numbers) -> Iterator[str]:
    """Each letter and digit replaced by one of its kind; all else stays."""
    for letter in text[:_DRAWN]:
        alphabet = _ALPHABET_OF.get(letter)
        if alphabet is not None:
            yield alphabet[next(numbers) % len(alphabet)]
        elif letter.isalnum():
            yield _LOWER[next(numbers) % 26]
        else:
            yield letter
    yield _ALNUM.sub(_same_for_all, text[_DRAWN:])


def _same_for_all(match: re.Match[str]) -> str:
    """Letters of a very long secret: drawing each would take seconds."""
    letters = _ALPHABET_OF.get(match[0][0], _LOWER)
    return letters[-1] * len(match[0])


def _prefixed(value: str, numbers: Numbers) -> str:
    match = PREFIX.match(value)
    start = match[0] if match else ""
    made = start + "".join(_letters(value[len(start) :], numbers))
    if made != value or any(letter.isalnum() for letter in value):
        return made
    return "".join(_LOWER[next(numbers) % 26] for _ in value)


def _hexadecimal(value: str, numbers: Numbers) -> str:
    # Digits of an upper case number may become letters of that case.
    upper = any(letter in "ABCDEF" for letter in value)
    letters = "0123456789ABCDEF" if upper else "0123456789abcdef"
    return "".join(letters[next(numbers) % 16] for _ in value)


def _uuid(value: str, numbers: Numbers) -> str:
    made = [letter if letter == "-" else _HEX_OF[letter][next(numbers) % 16] for letter in value]
    made[14], made[19] = value[14], value[19]  # version and variant, RFC 9562
    return "".join(made)


def _address(value: str, numbers: Numbers) -> str:
    local, _, domain = value.rpartition("@")
    host, _, top = domain.rpartition(".")
    # No top-level domain begins so.
    fixed = "zq"[: len(top)] + "".join(_LOWER[next(numbers) % 26] for _ in top[2:])
    return f"{''.join(_letters(local, numbers))}@{''.join(_letters(host, numbers))}.{fixed}"


def _phone(value: str, numbers: Numbers) -> str:
    first = next((at for at, letter in enumerate(value) if letter.isdecimal()), 0) + 1
    return value[:first] + "".join(_letters(value[first:], numbers))


def _card(value: str, numbers: Numbers) -> str:
    digits = _digits(value)
    body = digits[:4] + "".join(str(next(numbers) % 10) for _ in digits[4:-1])
    made = iter(body + str(-check_sum(body + "0") % 10))
    return "".join(next(made) if letter.isdecimal() else letter for letter in value)


def _number(value: str, numbers: Numbers) -> str:
    made = list(_letters(value.partition("e")[0], numbers))
    first = next(at for at, letter in enumerate(made) if letter.isdecimal())
    if made[first] == "0" and value[first] != "0":
        made[first] = str(1 + next(numbers) % 9)
    return "".join(made) + "".join(value.partition("e")[1:])


def _digits(value: str) -> str:
    return "".join(letter for letter in value if letter.isdecimal())
