"""Headers, cookies, targets and URLs without what is secret in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pe4king_core.mock.exchange import HeaderList
from pe4king_core.mock.recording.masking.names import Secrecy
from pe4king_core.mock.recording.masking.shapes import looks_random
from pe4king_core.mock.recording.masking.texts import Texts
from pe4king_core.mock.recording.words import words

_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_CHALLENGES = frozenset({"www-authenticate", "proxy-authenticate"})
_URLS = frozenset({"location", "content-location", "referer", "referrer", "origin"})
_PARAMETER = re.compile(r'([\w-]+)(\s*=\s*)("[^"]*"|[^",\s]+)')
_OPEN = words("realm algorithm qop nc charset opaque signedheaders stale")
"""Parameters of credentials that tell nothing (RFC 7616)."""
_LINK = re.compile(r"<([^<>]*)>")
_SAFE = "/:@!$&'()*+,;=~-._"


def masked_headers(texts: Texts, headers: HeaderList) -> list[tuple[str, str]]:
    """All headers, in their order."""
    return [(name, _header(texts, name.lower(), value)) for name, value in headers]


def _header(texts: Texts, name: str, value: str) -> str:
    if texts.names.secrecy(name) is Secrecy.KEPT:
        return value
    if name in _CREDENTIALS:
        return _credentials(texts, value)
    if name == "cookie":
        return "; ".join(_cookie(texts, each.strip()) for each in value.split(";"))
    if name == "set-cookie":
        first, semicolon, rest = value.partition(";")
        return _cookie(texts, first) + semicolon + rest
    if name in _CHALLENGES:
        return texts.without_known(value)
    if name in _URLS:
        return masked_target(texts, value)
    if name == "link":
        return _LINK.sub(lambda each: f"<{masked_target(texts, each[1])}>", value)
    return texts.named(name, value)


def _credentials(texts: Texts, value: str) -> str:
    scheme, blank, rest = value.partition(" ")
    if not blank or not re.search(r"\w=[\w\"]", rest):
        return texts.secret(value)
    return scheme + blank + _PARAMETER.sub(lambda each: _parameter(texts, each), rest)


def _parameter(texts: Texts, match: re.Match[str]) -> str:
    name, joint, value = match.groups()
    if name.lower() in _OPEN:
        return match[0]
    if name.lower() == "uri":
        return name + joint + masked_target(texts, value)
    mark = '"' if value.startswith('"') else ""
    return f"{name}{joint}{mark}{texts.secret(value.strip(mark) if mark else value)}{mark}"


def _cookie(texts: Texts, pair: str) -> str:
    """A cookie's value is secret whatever its name says, unless the user wants to see it."""
    name, equals, value = pair.partition("=")
    if not equals or texts.names.secrecy(name) is Secrecy.KEPT:
        return pair
    mark = '"' if len(value) > 1 and value[0] == value[-1] == '"' else ""
    plain = unquote(value[len(mark) : len(value) - len(mark)])
    made = texts.replacements.text(plain)
    if any(map(str.isdecimal, plain)):  # no word such as `dark`, which may stand anywhere
        texts.remember(plain, made)
    return f"{name}={mark}{quote(made, safe=_SAFE) if '%' in value else made}{mark}"


def masked_target(texts: Texts, target: str, parameters: Mapping[str, str] | None = None) -> str:
    """A target or URL; `parameters` are those of its path as they were sent, by name."""
    url, hash_mark, fragment = target.partition("#")
    path, question, query = url.partition("?")
    origin, path = _parted(path)
    path = _path(texts, path, {} if parameters is None else parameters)
    if fragment:
        fragment = masked_pairs(texts, fragment) if "=" in fragment else texts.masked(fragment)
    query = masked_pairs(texts, query) if query else query
    return f"{texts.masked(origin)}{path}{question}{query}{hash_mark}{fragment}"


def _parted(url: str) -> tuple[str, str]:
    match = re.match(r"(?:[A-Za-z][\w+.-]*:)?//[^/]*", url)
    end = match.end() if match else 0
    return url[:end], url[end:]


def _path(texts: Texts, path: str, parameters: Mapping[str, str]) -> str:
    names = {value: name for name, value in parameters.items()}
    before, made = "", []
    for segment in path.split("/"):
        plain = unquote(segment)
        name = names.get(segment, "")
        if name:
            masked = texts.named(name, plain)
        elif looks_random(plain) and texts.names.is_secret(before):
            masked = texts.secret(plain)  # /tokens/4f2a91…
        else:
            masked = texts.masked(plain)
        made.append(segment if masked == plain else quote(masked, safe=_SAFE.replace("/", "")))
        before = plain
    return "/".join(made)


def masked_pairs(texts: Texts, text: str) -> str:
    """`a=b&c=d`: a query or a form; what is not secret stays as it was written."""
    return "&".join(_pairs(texts, text.split("&")))


def _pairs(texts: Texts, pairs: Iterable[str]) -> Iterable[str]:
    for pair in pairs:
        name, equals, value = pair.partition("=")
        plain = unquote_plus(value)
        masked = texts.named(unquote_plus(name), plain) if value else plain
        if masked == plain:
            yield texts.without_known(pair) if not equals else pair
        else:
            written = quote_plus(masked) if "+" in value else quote(masked, safe=_SAFE)
            yield f"{name}={written.replace('&', '%26')}"
