"""What the user may choose, parsed once into types; every error names the entry and helps."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pe4king_core.errors import UserError
from pe4king_core.model.case import Depth, Focus, Labels
from pe4king_core.model.fact import CaseKind
from pe4king_core.model.message import Message

T = TypeVar("T")

_DRIVE = re.compile(r"[A-Za-z]:")

AUTO = "auto"
DEPTHS = {f"L{depth.value}": depth for depth in Depth if depth}
KINDS = {str(kind): kind for kind in CaseKind}
SEVERITIES = ("blocker", "critical", "normal", "minor", "trivial")
"""Those of Allure, the gravest first."""
DEFAULT_OUTPUT = "api-tests"
DEFAULT_MAXIMUM = 30
"""Tests of an operation: what a person can still read through."""


MOST_SEEDS = 20
MOST_MUTANTS = 1_000
MOST_SECONDS = 3_600
"""More of it than this no workspace may ask for."""


class SettingsError(UserError):
    """A setting that cannot be used."""

    code = "settings"


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """`pe4king.proof.*`: how far tests are proven.

    They can switch running off, never on: that takes the user's consent, which is no setting.
    What keeps tests in (network, files, memory) cannot be set at all.
    """

    run: bool = True
    """Whether tests are run, where the user consented; without it only the static levels are."""
    seeds: int = 3
    """On how many varied servers a test has to pass."""
    mutants: int = 100
    """The most mutants that one test is run against."""
    seconds: int = 60
    """The most time that an action of the editor takes for it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`pe4king.*`: how tests are written and which model may be asked."""

    format: str = AUTO
    """Output format by name, or `auto`: what the workspace uses."""
    client: str = "httpx"
    output: str = ""
    """Folder of generated tests, relative to the workspace; empty means: beside the user's own
    tests where their fixtures or base classes can be used, else `api-tests`."""
    document: tuple[str, ...] = ()
    """The OpenAPI documents of the workspace's tests: paths or globs, relative to it; empty means:
    find them."""
    python: str = ""
    """The interpreter that runs the tests; empty means: find it."""
    base_url: str = ""
    """Where the API under test is; empty means: what the tests themselves read."""
    depth: Depth = Depth.L5_TYPES
    focus: frozenset[Focus] = frozenset()
    kinds: frozenset[CaseKind] = frozenset(CaseKind)
    """Which kinds of cases are generated."""
    behavioural: bool = True
    """Whether tests are generated that rest on a law (create-then-read, unknown id ...)."""
    max_tests_per_endpoint: int | None = DEFAULT_MAXIMUM
    """None means: all."""
    seed: int = 1
    classes: bool = False
    """Whether generated Python tests stand in classes."""
    labels: Labels = field(default_factory=Labels)
    package: str = ""
    """The Java package; empty means: that of the tests that are there, else `api`."""
    allure: bool = True
    """Whether generated tests carry Allure labels."""
    own_tests: bool = True
    """Whether the user's fixtures and base classes are looked for and used."""
    ai: bool = True
    """One switch that turns every model off."""
    proof: ProofSettings = field(default_factory=ProofSettings)
    llm: Mapping[str, object] = field(default_factory=dict)
    """The section of the model's provider as it was given."""


def _choice(section: str, value: object, choices: Mapping[str, T]) -> T:
    if isinstance(value, str) and value in choices:
        return choices[value]
    near = difflib.get_close_matches(str(value), choices, n=1)
    hint = (
        Message(f"Did you mean {near[0]}?", f"Возможно, {near[0]}?")
        if near
        else Message(f"Use one of: {', '.join(choices)}.", f"Допустимо: {', '.join(choices)}.")
    )
    raise SettingsError(
        Message(
            f"The setting pe4king.{section} cannot be {value!r}.",
            f"Настройка pe4king.{section} не может быть {value!r}.",
        ),
        next_step=hint,
    )


def _text(section: str, value: object) -> str:
    if isinstance(value, str):
        return value
    raise SettingsError(
        Message(f"pe4king.{section} must be a text.", f"pe4king.{section} должен быть строкой.")
    )


def _texts(section: str, value: object) -> tuple[str, ...]:
    """One text or a list of them; empty ones are left out."""
    given = value if isinstance(value, list | tuple) else [value]
    return tuple(text for item in given if (text := _text(section, item)))


def _whole(section: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise SettingsError(
        Message(
            f"pe4king.{section} must be a whole number from 0 on.",
            f"pe4king.{section} должен быть целым числом от 0 и больше.",
        )
    )


def _flag(section: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise SettingsError(
        Message(
            f"pe4king.{section} must be true or false.",
            f"pe4king.{section} должен быть true или false.",
        )
    )


def _section(section: str, value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return dict(value)
    raise SettingsError(
        Message(f"pe4king.{section} must be an object.", f"pe4king.{section} должен быть объектом.")
    )


def _labels(given: Mapping[str, object]) -> Labels:
    severities = {"": "", **{name: name for name in SEVERITIES}}
    return Labels(
        feature=_text("feature", given.get("feature", "")),
        owner=_text("owner", given.get("owner", "")),
        severity=_choice("severity", given.get("severity", ""), severities),
    )


def _proof(given: Mapping[str, object]) -> ProofSettings:
    usual = ProofSettings()
    for key in given:
        _choice("proof", key, {"run": "", "seeds": "", "mutants": "", "seconds": ""})
    return ProofSettings(
        run=_flag("proof.run", given.get("run", usual.run)),
        seeds=_upto("proof.seeds", given.get("seeds", usual.seeds), MOST_SEEDS),
        mutants=_upto("proof.mutants", given.get("mutants", usual.mutants), MOST_MUTANTS),
        seconds=_upto("proof.seconds", given.get("seconds", usual.seconds), MOST_SECONDS),
    )


def _upto(section: str, value: object, most: int) -> int:
    if 0 < _whole(section, value) <= most:
        return _whole(section, value)
    raise SettingsError(
        Message(
            f"pe4king.{section} must be from 1 to {most}.",
            f"pe4king.{section} должен быть от 1 до {most}.",
        )
    )


def parse_settings(raw: object) -> Settings:
    """Settings from the JSON of the section `pe4king`; absent entries keep their defaults.

    Raises SettingsError for the first entry that cannot be used.
    """
    if raw is None:
        return Settings()
    if not isinstance(raw, Mapping):
        raise SettingsError(
            Message(
                "The section pe4king must be an object.", "Раздел pe4king должен быть объектом."
            )
        )
    given = {key: value for key, value in raw.items() if value is not None}
    defaults = Settings()
    focuses = {str(item): item for item in Focus}
    known = {
        "format", "client", "output", "document", "depth", "focus",
        "maxTestsPerEndpoint", "package", "allure", "ai", "llm", "python", "baseUrl",
        "kinds", "behavioural", "seed", "classes", "feature", "owner", "severity", "ownTests",
        "proof",
    }  # fmt: skip
    for key in given:
        if key not in known and difflib.get_close_matches(key, known, n=1, cutoff=0.8):
            _choice("*", key, {name: name for name in sorted(known)})
    llm = given.get("llm", {})
    focus = given.get("focus", [])
    kinds = given.get("kinds", list(KINDS))
    return Settings(
        format=_text("format", given.get("format", defaults.format)),
        client=_choice(
            "client", given.get("client", "httpx"), {"httpx": "httpx", "requests": "requests"}
        ),
        output=_text("output", given.get("output", defaults.output)),
        document=_texts("document", given.get("document", ())),
        python=_text("python", given.get("python", "")),
        base_url=_text("baseUrl", given.get("baseUrl", "")),
        depth=_choice("depth", given.get("depth", "L5"), DEPTHS),
        focus=frozenset(
            _choice("focus", item, focuses)
            for item in (focus if isinstance(focus, list) else [focus])
        ),
        kinds=frozenset(
            _choice("kinds", item, KINDS)
            for item in (kinds if isinstance(kinds, list) else [kinds])
        ),
        behavioural=_flag("behavioural", given.get("behavioural", True)),
        max_tests_per_endpoint=_whole(
            "maxTestsPerEndpoint", given.get("maxTestsPerEndpoint", DEFAULT_MAXIMUM)
        )
        or None,
        seed=_whole("seed", given.get("seed", defaults.seed)),
        classes=_flag("classes", given.get("classes", False)),
        labels=_labels(given),
        package=_text("package", given.get("package", defaults.package)),
        allure=_flag("allure", given.get("allure", True)),
        own_tests=_flag("ownTests", given.get("ownTests", True)),
        ai=_flag("ai", given.get("ai", True)),
        proof=_proof(_section("proof", given.get("proof", {}))),
        llm=_section("llm", llm),
    )


def user_llm_settings(options: object) -> Mapping[str, object]:
    """`userSettings.llm` of a client's start options: what it knows to be the user's own.

    All other settings may come from a workspace. Anything else there counts as nothing.
    """
    own = options.get("userSettings") if isinstance(options, Mapping) else None
    llm = own.get("llm") if isinstance(own, Mapping) else None
    return dict(llm) if isinstance(llm, Mapping) else {}


def require_inside(settings: Settings) -> Settings:
    """`settings` where their output folder lies in the workspace, as any editor's must.

    They may come with a workspace that the user only opened. Raises SettingsError.
    """
    output = settings.output.replace("\\", "/")
    outside = output.startswith("/") or _DRIVE.match(output) or ".." in output.split("/")
    if not outside and ":" not in output and "\0" not in output:
        return settings
    raise SettingsError(
        Message(
            f"pe4king.output must be a folder inside the workspace, not {settings.output}.",
            f"pe4king.output должна быть папкой внутри рабочей области, а не {settings.output}.",
        ),
        next_step=Message(
            "Use a relative path such as api-tests.",
            "Укажите относительный путь, например api-tests.",
        ),
    )
