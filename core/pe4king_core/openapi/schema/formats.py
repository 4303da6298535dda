"""Named string and number formats (JSON Schema 2020-12 section 7.3, OpenAPI format registry)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from types import MappingProxyType

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"(?:[^\s@\"]+|\"[^\"]+\")@[^\s@]+")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def is_date(text: str) -> bool:
    """RFC 3339 full-date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """RFC 3339 full-time; a leap second is 60."""
    match = _TIME.fullmatch(text)
    return match is not None and all(
        part is None or int(part) <= limit
        for part, limit in zip(match.groups(), (23, 59, 60, 23, 59), strict=True)
    )


def is_date_time(text: str) -> bool:
    """RFC 3339 date-time."""
    return len(text) > 11 and text[10] in "Tt" and is_date(text[:10]) and is_time(text[11:])


def is_uuid(text: str) -> bool:
    """RFC 9562, written with hyphens."""
    return _UUID.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Something before and after one `@`; RFC 5321 allows little more than anybody checks."""
    return _EMAIL.fullmatch(text) is not None


def is_ipv4(text: str) -> bool:
    """Dotted decimal without leading zeros."""
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def is_ipv6(text: str) -> bool:
    """RFC 4291 section 2.2, with no zone."""
    try:
        return IPv6Address(text).scope_id is None
    except AddressValueError:
        return False


def is_uri(text: str) -> bool:
    """RFC 3986 URI with a scheme, characters as far as they are certainly wrong."""
    return _URI.fullmatch(text) is not None


def is_hostname(text: str) -> bool:
    """RFC 1123 section 2.1."""
    labels = text.split(".")
    return 0 < len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def is_byte(text: str) -> bool:
    """RFC 4648 base64 with padding."""
    return _BASE64.fullmatch(text) is not None


STRING_FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "date": is_date,
        "time": is_time,
        "date-time": is_date_time,
        "uuid": is_uuid,
        "email": is_email,
        "ipv4": is_ipv4,
        "ipv6": is_ipv6,
        "uri": is_uri,
        "hostname": is_hostname,
        "byte": is_byte,
    }
)

NUMBER_RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
)


def has_format(value: str | int | float, name: str) -> bool:
    """Whether `value` is of the format `name`; true for formats that we do not know."""
    if isinstance(value, str):
        known = STRING_FORMATS.get(name)
        return known is None or known(value)
    low, high = NUMBER_RANGES.get(name, (value, value))
    return low <= value <= high
