"""What an output format is: a name and two functions from test models to files."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from pe4king_core.model.case import TestCase, TestModel, TestStyle
from pe4king_core.model.fact import Credentials
from pe4king_core.model.humps import spaced_humps
from pe4king_core.model.operation import SecurityScheme
from pe4king_core.model.source import SourceLanguage


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file: `path` is relative with forward slashes; support files are written once."""

    path: str
    text: str
    support: bool = False


@dataclass(frozen=True, slots=True)
class RenderedTest:
    """One test as source without base indentation, ready to stand beside its siblings."""

    name: str
    code: str
    imports: frozenset[str]


class Format(Protocol):
    """An output format. Rendering is deterministic byte for byte."""

    name: str
    """As on the command line: `pytest`, `junit-restassured`."""
    language: SourceLanguage

    def render(self, model: TestModel, style: TestStyle) -> RenderedFile:
        """One file with every case of `model`."""
        ...

    def render_case(self, case: TestCase, style: TestStyle) -> RenderedTest:
        """One case alone, to be put into an existing file of this language."""
        ...

    def support(
        self, models: Sequence[TestModel], schemes: Sequence[SecurityScheme], style: TestStyle
    ) -> tuple[RenderedFile, ...]:
        """What the tests need once: base URL and credentials from the environment, build file."""
        ...


def excludes_refusal(case: TestCase) -> bool:
    """Whether "any 4xx" must not be a refused caller, as the case sends credentials.

    Without this, tests that run with no credentials would pass for the wrong reason.
    """
    valid = case.request.credentials is Credentials.VALID
    return case.any_client_error and valid and case.operation.requires_credentials


def default_base_url(base_url: str) -> str:
    """`base_url` where it is this machine's; else "", as tests never go to a live API unasked."""
    try:
        host = urlsplit(base_url).hostname or ""
    except ValueError:
        return ""
    local = host in ("localhost", "::1") or host.startswith("127.") or host.endswith(".localhost")
    return base_url if local else ""


def environment_name(scheme: SecurityScheme) -> str:
    """The environment variable that holds the credentials of `scheme`.

    `apiKey` is `API_KEY`, `bearerAuth` is `API_BEARER_AUTH`, `ключ` is `API_KLYUCH`: shells take
    ASCII only.
    """
    spelled = "".join(_LATIN.get(c, c) for c in spaced_humps(scheme.name, "_").upper())
    words = "".join(c if c.isascii() and c.isalnum() else "_" for c in spelled).split("_")
    upper = "_".join(word for word in words if word)
    if not upper:
        # A name in another script: told apart by what it says, the same in every run.
        upper = f"CREDENTIALS_{zlib.crc32(scheme.name.encode()):08X}"
    return upper if upper.startswith("API_") else f"API_{upper}"


_LATIN = {
    **dict(zip("АБВГДЕЁЗИЙКЛМНОПРСТУФ", "ABVGDEEZIYKLMNOPRSTUF", strict=True)),
    "Ж": "ZH",
    "Х": "KH",
    "Ц": "TS",
    "Ч": "CH",
    "Ш": "SH",
    "Щ": "SHCH",
    "Ы": "Y",
    "Э": "E",
    "Ю": "YU",
    "Я": "YA",
    "Ъ": "",
    "Ь": "",
}
"""How Russian letters are spelled in passports (ICAO Doc 9303), without the signs."""
