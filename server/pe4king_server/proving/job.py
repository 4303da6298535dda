"""From test files and documents to what core proves: one job a language, and who runs it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_core.model.security import SchemeKind
from pe4king_core.model.source import SourceLanguage, TestFile
from pe4king_core.proof.proving.job import Api, ProofJob, TestSource
from pe4king_core.proof.running import Choice, RunRequest
from pe4king_core.rendering.format import environment_name
from pe4king_server.environment.finding import environment_of
from pe4king_server.environment.look import Look
from pe4king_server.environment.model import Environment
from pe4king_server.environment.names import names_read
from pe4king_server.files import Files, uri_of
from pe4king_server.proving.carrying import KeptRunner
from pe4king_server.proving.class_paths import class_path, proof_cache
from pe4king_server.proving.selection import ReadFile
from pe4king_server.settings import Settings

_OURS = "API_BASE_URL"
_EXISTING = {"API_EXISTING_DATA": "1"}
"""Whatever is asked for exists on our server, so tests of such data need not be left out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How far to go. `names` are qualified names of tests, empty: all."""

    seeds: int
    mutants: int
    seconds: float
    names: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    """What is wanted of these; empty: all."""
    address_names: tuple[str, ...] = ()
    """Environment names with the address of the API, told by the user."""
    overlay: Mapping[Path, str] = field(default_factory=dict)
    before: Mapping[Path, TestFile] = field(default_factory=dict)
    """Files without the proposal, where one is proven."""
    new: Mapping[Path, frozenset[str]] = field(default_factory=dict)
    """Tests of a proposal that were not there before."""


def made_job(
    root: Path,
    files: Sequence[ReadFile],
    apis: Sequence[Api],
    wanted: Wanted,
    surroundings: Files,
    environ: Mapping[str, str] = os.environ,
) -> ProofJob:
    """The job for `files` of one language in the project `root`."""
    language = files[0].file.language
    look = Look(surroundings, environ, Path.home())
    texts = [each.file.text for each in files]
    names = names_read(look, [each.path for each in files], language, texts)
    request = RunRequest(
        root,
        tuple(each.path for each in files),
        names=wanted.names,
        choices=wanted.choices,
        overlay=wanted.overlay,
        base_urls=tuple(dict.fromkeys((*wanted.address_names, *names.addresses, _OURS))),
        environment={**names.placeholders, **_credentials(apis), **_EXISTING},
        total_seconds=wanted.seconds,
    )
    sources = tuple(
        TestSource(
            each.path,
            each.file,
            _generated(each) | wanted.new.get(each.path, frozenset()),
            wanted.before.get(each.path),
            each.operations,
        )
        for each in files
    )
    return ProofJob(tuple(apis), request, sources, wanted.seeds, wanted.mutants)


def _credentials(apis: Sequence[Api]) -> dict[str, str]:
    """What generated tests read for each way to be let in: the server takes any that is well made.

    Java hands the reading on as a function, so the names cannot be found in the text.
    """
    schemes = (each for api in apis for each in api.document.security_schemes.values())
    return {
        environment_name(each): "user:password" if each.kind is SchemeKind.BASIC else "token"
        for each in schemes
    }


def _generated(file: ReadFile) -> frozenset[str]:
    return frozenset(test.qualified_name for test in file.file.tests) if file.ours else frozenset()


def environment_for(
    file: Path, files: Files, settings: Settings, environ: Mapping[str, str] = os.environ
) -> Environment:
    """What the tests of `file` run with."""
    return environment_of(uri_of(file), files, settings, environ, Path.home())


def runner_for(
    language: SourceLanguage, environment: Environment, another: Message | None = None
) -> KeptRunner:
    """Who runs tests of `language`; only with consent, as a build is asked for its class path.

    `another` says where one names another interpreter. Raises UserError, saying what is missing.
    """
    if language is SourceLanguage.PYTHON:
        return _python(environment, another)
    return _java(environment)


def _python(environment: Environment, another: Message | None) -> KeptRunner:
    from pe4king_core.proof.runners.python.runner import ANOTHER, PythonRunner

    if environment.python is None:
        raise _missing(environment, _NAMED)
    return PythonRunner(environment.python.interpreter, another or ANOTHER)


def _java(environment: Environment) -> KeptRunner:
    from pe4king_core.proof.runners.java.runner import JavaRunner

    jdk = environment.jdk
    if jdk is None or not jdk.compiler:
        raise _missing(environment)
    cache = proof_cache()
    return JavaRunner(jdk.home, class_path(environment, cache), cache)


_STATUS = Message("`pe4king status FILE` tells what was found.",
                  "`pe4king status ФАЙЛ` скажет больше.")  # fmt: skip
_NAMED = Message(
    f"{_STATUS.en} `pe4king prove --python FILE` names another interpreter.",
    f"{_STATUS.ru} `pe4king prove --python ФАЙЛ` назовёт другой интерпретатор.",
)


def _missing(environment: Environment, next_step: Message = _STATUS) -> UserError:
    reason = next(
        (each.reason for each in environment.not_checked),
        Message("What the tests run with was not found.", "Не найдено, чем запускать тесты."),
    )
    return UserError(
        reason,
        next_step=next_step,
        code="environment-missing",
    )
