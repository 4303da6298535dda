"""The settings that say how to get to an endpoint: files with certificates, and the proxy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from pe4king_adapter.config.values import Setting, text, value_error
from pe4king_core.model.message import Message

_PROXY_SCHEMES = ("http", "https")


def file_path(entries: Mapping[str, Setting], key: str) -> str | None:
    """The path at `key`, `~` being the user's home; ConfigError where no file is there."""
    given = text(entries, key)
    if given is None:
        return None
    path = os.path.expanduser(given)
    if not os.path.isfile(path):
        wanted = Message("the path of a PEM file that is there", "путь к существующему файлу PEM")
        raise value_error(entries[key], key, repr(given[:200]), wanted)
    return path


def proxy_address(entries: Mapping[str, Setting], key: str) -> str | None:
    """The proxy at `key`, `http://` where it has no scheme; it may hold a password."""
    given = text(entries, key)
    if given is None:
        return None
    address = given if "://" in given else f"http://{given}"
    if _is_proxy(address):
        return address
    wanted = Message(
        "an address such as http://proxy.example:3128 (SOCKS is not spoken)",
        "адрес вида http://proxy.example:3128 (SOCKS не поддерживается)",
    )
    raise value_error(entries[key], key, "", wanted)


def _is_proxy(address: str) -> bool:
    try:
        parts = urlsplit(address)
        usable = parts.port != 0
    except ValueError:
        return False
    return usable and parts.scheme in _PROXY_SCHEMES and bool(parts.hostname)
