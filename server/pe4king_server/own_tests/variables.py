"""Which environment variables existing tests read the address and the credentials from.

A claim is made only where it is certain enough: each scheme has one variable, and one variable
is left that is an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pe4king_core.model.operation import SecurityScheme
from pe4king_core.model.security import SchemeKind
from pe4king_core.rendering.format import RenderedFile, environment_name
from pe4king_server.own_tests.evidence import Sent, prefix_of

_READ = re.compile(
    r"(?:environ\s*\[\s*|environ\.get\(\s*|getenv\(\s*|getenv\(\)\.getOrDefault\(\s*"
    r"|getenv\(\)\.get\(\s*)[\"'](?P<name>\w+)[\"'](?:\s*,\s*[\"'](?P<default>[^\"'\n]*)[\"'])?"
)
_ASSIGNED = re.compile(
    r"(?P<name>\w+)[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*[^\n=]*?"
    + _READ.pattern.replace("<name>", "<variable>")
)
_ADDRESS = re.compile(
    r"url|uri|host|endpoint|base|server|address|target|origin|api$|адрес", re.IGNORECASE
)
_BEARER = re.compile(r"Bearer |oauth2\(|setAccessToken\(")
_BASIC = re.compile(r"Basic |\.basic\(|HTTPBasicAuth\(|BasicAuth\(")
_NEAR = 160
"""Characters behind the name of a header in which its value stands."""
_OURS = "API_BASE_URL"


@dataclass(frozen=True, slots=True)
class Variables:
    """Names of environment variables: the address, and credentials by our own names."""

    address: str
    default: str
    """The address where the variable is not set, as the code has it."""
    credentials: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((self.address, *self.credentials.values())))

    @property
    def base_path(self) -> str:
        """The path that the default address ends in."""
        try:
            return urlsplit(self.default).path.rstrip("/")
        except ValueError:
            return ""

    def put_into(self, file: RenderedFile) -> RenderedFile:
        """`file`, one of our support files, with these names in place of ours."""
        names = {**self.credentials, _OURS: self.address}
        ours = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        text = ours.sub(lambda found: names[found[0]], file.text)
        return RenderedFile(file.path, text, file.support)


def variables_of(texts: Iterable[str], schemes: Sequence[SecurityScheme]) -> Variables | None:
    """The variables that `texts` read; None where one of them is not certain."""
    code = "\n".join(texts)
    constants = {found["name"]: found["variable"] for found in _ASSIGNED.finditer(code)}
    credentials: dict[str, str] = {}
    for scheme in schemes:
        found = set(_near(code, _anchors(scheme), constants))
        if len(found) != 1:
            return None
        credentials[environment_name(scheme)] = found.pop()
    read = {
        found["name"]: found["default"] or ""
        for found in _READ.finditer(code)
        if found["name"] not in credentials.values()
    }
    likely = [name for name in read if _ADDRESS.search(name)] or list(read)
    if len(likely) != 1 or len(set(credentials.values())) != len(credentials):
        return None
    return Variables(likely[0], read[likely[0]], credentials)


def _anchors(scheme: SecurityScheme) -> re.Pattern[str]:
    if scheme.kind is SchemeKind.API_KEY:
        return re.compile(rf"[\"']{re.escape(scheme.parameter)}[\"']", re.IGNORECASE)
    return _BASIC if scheme.kind is SchemeKind.BASIC else _BEARER


def _near(code: str, anchor: re.Pattern[str], constants: Mapping[str, str]) -> Iterator[str]:
    """The variable that is read first behind each `anchor`."""
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, constants))})\b")
    for found in anchor.finditer(code):
        window = code[found.end() : found.end() + _NEAR]
        read = _READ.search(window)
        name = known.search(window) if constants else None
        if name is not None and (read is None or name.start() < read.start()):
            yield constants[name[0]]
        elif read is not None:
            yield read["name"]


def shared_variables(
    sent: Sequence[Sent],
    texts: Iterable[str],
    schemes: Sequence[SecurityScheme],
) -> tuple[Variables, str] | None:
    """The variables behind the requests `sent`, and the prefix in front of documented paths."""
    variables = variables_of(texts, schemes)
    prefixes = {prefix_of(each) for each in sent}
    if variables is None or len(prefixes) != 1:
        return None
    [prefix] = prefixes
    if prefix is None:
        return None
    return variables, prefix.removeprefix(variables.base_path)
