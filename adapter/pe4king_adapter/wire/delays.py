"""How long a server asks us to wait, in all spellings of the headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

_PREFIXES = ("x-ratelimit", "anthropic-ratelimit")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|d)")


def retry_after(headers: Mapping[str, str], now: float, *, limited: bool = False) -> float | None:
    """Seconds to wait, the longest that is named: `retry-after-ms`, `retry-after`.

    Where neither is there and a rate is `limited`: when the exhausted limits are reset.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    found = [] if milliseconds is None else [milliseconds / 1000]
    value = headers.get("retry-after", "")
    seconds = _number(value)
    seconds = _date(value, now) if seconds is None and value else seconds
    found += [] if seconds is None else [seconds]
    if not found and limited:
        found = _resets(headers, now)
    return max((max(delay, 0.0) for delay in found), default=None)


def _resets(headers: Mapping[str, str], now: float) -> list[float]:
    found = []
    for name, value in headers.items():
        if name.startswith(_PREFIXES) and "reset" in name:
            remaining = headers.get(name.replace("reset", "remaining"), "0").strip()
            delay = _reset(value, now)
            if remaining.startswith(("0", "-")) and delay is not None:
                found.append(delay)
    return found


def _reset(value: str, now: float) -> float | None:
    seconds = _number(value)
    if seconds is not None:
        return seconds if seconds < 10_000_000 else _since(seconds, now)
    parts = _DURATION.findall(value)
    if parts and "".join(number + unit for number, unit in parts) == value.strip():
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
    return _moment(value, now)


def _since(moment: float, now: float) -> float:
    """Until a moment in seconds or milliseconds since 1970 (OpenRouter's form)."""
    return (moment / 1000 if moment > 100_000_000_000 else moment) - now


def _number(text: str) -> float | None:
    if not re.fullmatch(r"\s*\d{1,13}(\.\d{1,9})?\s*", text):
        return None
    return float(text)


def _date(text: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _moment(text: str, now: float) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.timestamp() - now if moment.tzinfo is not None else None
