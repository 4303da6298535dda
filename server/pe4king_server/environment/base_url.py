"""Where the API under test is: the user's setting, or what the tests themselves read.

Addresses are found in texts. None is ever contacted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_core.model.source import SourceLanguage
from pe4king_server.environment.look import Look
from pe4king_server.environment.model import BaseUrl

_URL = re.compile(r"https?://[^\s\"'`<>\\{}$]+", re.IGNORECASE)
ABOUT_ADDRESS = re.compile(r"url|uri|host|endpoint|base|server|address", re.IGNORECASE)
PYTHON_READS = re.compile(
    r"(?:environ\s*\[\s*|environ\.(?:get|setdefault)\s*\(\s*|getenv\s*\(\s*)[\"'](\w+)[\"']"
    r"(?:\s*,\s*[\"']([^\"'\n]*)[\"'])?"
)
JAVA_READS = re.compile(r"System\.getenv\s*\(\s*\"([\w.]+)\"")
JAVA_PROPERTIES = re.compile(r"System\.getProperty\s*\(\s*\"([\w.-]+)\"(?:\s*,\s*\"([^\"\n]*)\")?")
_CONSTANT = re.compile(
    r"\b(\w{0,40}(?:url|uri|host|endpoint|base|server|address)\w{0,40})[ \t]{0,9}"
    r"(?::[ \t]{0,9}\w{1,40}[ \t]{0,9})?=[ \t]{0,9}[\"']([^\"'\n]*)",
    re.IGNORECASE,
)
_JAVA_BASE = re.compile(r"\b(baseURI\s*=|(?:set)?[bB]aseUri\s*\()\s*\"([^\"\n]*)\"")
_JAVA_PORT = re.compile(r"\bRestAssured\.port\s*=\s*(\d{1,5})\b|\bsetPort\s*\(\s*(\d{1,5})\s*\)")
_PROPERTY = re.compile(
    r"^[ \t]{0,40}"
    r"([\w.-]{0,80}(?:base[._-]?(?:uri|url)|(?:api|service|server)[._-]?(?:url|uri|host)))"
    r"[ \t]*[=:][ \t]*(\S+)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ENTRY = re.compile(r"^(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*[\"']?([^\"'\n#]*)", re.MULTILINE)
_INI = (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))
_ENV_FILES = (".env", ".env.test", ".env.local")
_ENV_NAMES = ("API_BASE_URL", "BASE_URL", "API_URL", "TEST_BASE_URL", "SERVICE_URL", "BASE_URI")
_RESOURCES = ("src/test/resources", "src/main/resources")
_BASE_CLASS = re.compile(r"(?:Abstract|Base)\w*|\w*(?:Base|Config|Specs?|Constants|Settings)")
_MOST_FILES = 20


def find_base_url(
    look: Look, file: Path | None, folder: Path, language: SourceLanguage | None, configured: str
) -> BaseUrl | None:
    """The address of the API for the tests in `file`, or in `folder`; `configured` comes first."""
    if configured:
        if _URL.fullmatch(configured):
            origin = Message("the setting pe4king.baseUrl", "настройка pe4king.baseUrl")
            return BaseUrl(configured, origin)
        look.problem(
            Message(
                "pe4king.baseUrl is not used: it is no http or https address.",
                "pe4king.baseUrl не используется: это не адрес http или https.",
            )
        )
    for value, origin in _found(look, file, folder, language):
        if _URL.fullmatch(value):
            return BaseUrl(value, origin)
    return None


def _found(
    look: Look, file: Path | None, folder: Path, language: SourceLanguage | None
) -> Iterator[tuple[str, Message]]:
    above = look.above(folder)
    sources = list(sources_of(look, file, above, language))
    entries = [(path, dict(_ENTRY.findall(text))) for path, text in _env_files(look, above)]
    for path, text in sources:
        yield from _java_properties(look, path, text)
        for name, default in _names_read(text):
            yield look.variable(name), _variable(name)
            for place, values in entries:
                yield values.get(name, "").strip(), _entry(look, name, place)
            yield default, _entry(look, name, path)
    yield from _pytest(look, above)
    for path, text in sources:
        yield from _written(look, path, text)
    for place in above:
        yield from _properties(look, place)
    for place, values in entries:
        for name in _ENV_NAMES:
            yield values.get(name, "").strip(), _entry(look, name, place)


def _names_read(text: str) -> Iterator[tuple[str, str]]:
    """Variables that the code reads an address from, with what it takes where they are not set."""
    for name, default in PYTHON_READS.findall(text):
        if ABOUT_ADDRESS.search(name):
            yield name, default
    for name in JAVA_READS.findall(text):
        if ABOUT_ADDRESS.search(name):
            yield name, ""


def _java_properties(look: Look, path: Path, text: str) -> Iterator[tuple[str, Message]]:
    """What the code takes where a system property is not set: nobody has set one yet."""
    for name, default in JAVA_PROPERTIES.findall(text):
        if ABOUT_ADDRESS.search(name):
            yield default, _entry(look, name, path)


def _written(look: Look, path: Path, text: str) -> Iterator[tuple[str, Message]]:
    """Addresses that the code writes out."""
    port = _JAVA_PORT.search(text)
    for call, value in _JAVA_BASE.findall(text):
        name = re.match(r"\w+", call)
        whole = re.fullmatch(r"https?://[^/:]+/?", value)
        if port is not None and whole is not None:
            value = f"{value.rstrip('/')}:{port[1] or port[2]}"  # noqa: PLW2901 - the same address
        yield value, _entry(look, name[0] if name else call, path)
    for name, value in _CONSTANT.findall(text):
        yield value, _entry(look, name, path)


def sources_of(
    look: Look, file: Path | None, above: list[Path], language: SourceLanguage | None
) -> Iterator[tuple[Path, str]]:
    """The test file, and the files that hold what its neighbours share."""
    paths = [] if file is None else [file]
    if language is not SourceLanguage.JAVA:
        names = ("conftest.py", "config.py", "settings.py", "constants.py", "tests/conftest.py")
        paths += [folder / name for folder in above for name in names]
    if language is SourceLanguage.JAVA and file is not None:
        packages = [folder for folder in above if "java" in (*folder.parts,)][:3]
        paths += [
            folder / name
            for folder in packages
            for name in look.names(folder)[:500]
            if name.endswith(".java") and _BASE_CLASS.fullmatch(name.removesuffix(".java"))
        ][:_MOST_FILES]
    for path in dict.fromkeys(paths):
        text = look.text(path)
        if text is not None:
            yield path, text


def _env_files(look: Look, above: list[Path]) -> Iterator[tuple[Path, str]]:
    for folder in above:
        for name in _ENV_FILES:
            text = look.text(folder / name)
            if text is not None:
                yield folder / name, text


def _pytest(look: Look, above: list[Path]) -> Iterator[tuple[str, Message]]:
    """`base_url` of pytest's configuration (pytest-base-url)."""
    for folder in above:
        for name, section in _INI:
            parsed = look.ini(folder / name)
            value = parsed.get(section, "base_url", fallback=None)
            yield (value or "").strip(), _entry(look, "base_url", folder / name)
        tool = look.toml(folder / "pyproject.toml").get("tool")
        options = tool.get("pytest") if isinstance(tool, dict) else None
        options = options.get("ini_options") if isinstance(options, dict) else None
        value = options.get("base_url") if isinstance(options, dict) else None
        if isinstance(value, str):
            yield value, _entry(look, "base_url", folder / "pyproject.toml")


def _properties(look: Look, folder: Path) -> Iterator[tuple[str, Message]]:
    """Entries such as `base.uri` of property files among the resources."""
    for resources in _RESOURCES:
        names = [
            name
            for name in look.names(folder / resources)
            if name.endswith((".properties", ".yml", ".yaml", ".conf"))
        ]
        for name in names[:_MOST_FILES]:
            text = look.text(folder / resources / name) or ""
            for key, value in _PROPERTY.findall(text):
                yield value.strip("\"'"), _entry(look, key, folder / resources / name)


def _variable(name: str) -> Message:
    return Message(f"the environment variable {name}", f"переменная окружения {name}")


def _entry(look: Look, name: str, path: Path) -> Message:
    return Message(f"{name} in {look.shown(path)}", f"{name} в {look.shown(path)}")
