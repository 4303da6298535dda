"""Who may use the control room: programs of this machine, no pages of other origins."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence

_PORT = re.compile(r":\d*\Z")


def refusal(headers: Mapping[str, str], hosts: Sequence[str]) -> str:
    """Why a request with `headers` (names in lower case) is refused; empty where it is not.

    A page of another origin sends `Origin` or `Sec-Fetch-Site`. A name that somebody points to
    this machine (DNS rebinding) is in `Host`: only this machine's own names and plain addresses
    are taken, as no browser was led to those by a name.
    """
    host = headers.get("host", "")
    if not _is_own(_PORT.sub("", host), hosts):
        return f"The control endpoints are not there for the host {host!r}."
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return "The control endpoints are not there for pages of other origins."
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "The control endpoints are not there for pages of other origins."
    return ""


def _is_own(host: str, hosts: Sequence[str]) -> bool:
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or name in hosts:
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
