"""What secrets and personal data look like, wherever they stand."""

from __future__ import annotations

import re

EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,8}[^\W\d_][\w-]{1,62}"
)
JWT = re.compile(r"(?<![\w-])eyJ[\w-]{6,}(?:\.[\w-]*){0,4}", re.ASCII)
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
HEX = re.compile(r"(?:[0-9a-f]{8,}|[0-9A-F]{8,})")
PREFIX = re.compile(
    r"(?:(?:sk|pk|rk|whsec|tok|key|pat|gh[pousr]|github_pat|glpat|xox[a-z]|hf|npm|shp[a-z]{2})[-_]"
    r"(?:(?:live|test|prod|proj|ant|or|v\d+)[-_])*)(?=.{12})"
)
"""How services let their keys begin."""
PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){7,14}(?!\d)")
CARD = re.compile(r"(?<![\d.+-])\d(?:[ -]?\d){12,18}(?![\d-])")
PRIVATE_KEY = re.compile(r"(?<=-----BEGIN )([A-Z0-9 ]{0,30}PRIVATE KEY-----)([^-]*)", re.ASCII)
USER_INFO = re.compile(r"(?<=://)([^\s/?#@:\"'<>]*)(:?)([^\s/?#@\"'<>]*)@")
SCHEME = re.compile(
    r"(?i)\b(Bearer|Basic|Token|Digest|DPoP|ApiKey|Negotiate|NTLM)(\s+)"
    r"(?![\w-]+\s*=\s*[\"'])([\w.~+/=-]{6,})"
)
KEYS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:sk|pk|rk|whsec|tok|key|pat)[-_](?:(?:live|test|prod|proj|ant|or|v\d+)[-_])*[\w-]{12,}"
    r"|gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|1//[\w-]{20,}"
    r"|SG\.[\w-]{10,}\.[\w-]{10,}|hf_\w{16,}|npm_\w{16,}|shp(?:at|ss|ca|pa)_\w{16,}"
    r"|dop_v1_\w{16,}|pypi-[\w-]{16,}|AGE-SECRET-KEY-\w{16,}|y[0-3]_[\w-]{20,}|t1\.[\w-]{20,}"
    r")",
    re.ASCII,
)

_ISSUERS = re.compile(
    r"(?:4|5[0-8]|6|3[0-9]|2(?:2[0-9]{2}|[3-6][0-9]{2}|7[01][0-9]|720))\d*", re.ASCII
)


def is_card(digits: str) -> bool:
    """Whether `digits` can be the number of a payment card (ISO/IEC 7812, Luhn's check)."""
    known = 12 < len(digits) < 20 and _ISSUERS.fullmatch(digits) is not None
    return known and check_sum(digits) == 0


def check_sum(digits: str) -> int:
    """Luhn's sum of `digits`, modulo 10."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10


def looks_random(text: str) -> bool:
    """Whether `text` is one word as nobody writes it: letters and digits, not short."""
    if len(text) < 10 or any(letter.isspace() for letter in text):
        return False
    return any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)
