"""Java: the module, package, base class and variables of existing API tests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pe4king_core.model.case import OwnTests
from pe4king_core.model.message import Message
from pe4king_core.model.operation import ApiDocument, Operation
from pe4king_core.model.source import SourceLanguage
from pe4king_server.actions.base import ActionContext
from pe4king_server.own_tests.around import calling_tests, texts_around
from pe4king_server.own_tests.evidence import Sent, requests_of
from pe4king_server.own_tests.java_base import bases_of
from pe4king_server.own_tests.java_suite import Suite, suite_of
from pe4king_server.own_tests.model import NOTHING, Recognised
from pe4king_server.own_tests.shared import from_variables

_SECTIONS = re.compile(r"//\s*(?:arrange|act|assert|given|when|then)\b", re.IGNORECASE)


def recognise_java(
    document: ApiDocument, operations: Sequence[Operation], context: ActionContext, folder: str
) -> Recognised:
    """What tests in `folder` (empty: anywhere) can use; `operations` are those to be tested."""
    near = folder or document.uri
    tests = calling_tests(document, context, SourceLanguage.JAVA, near)
    sent = list(requests_of(tests, document, context))
    if not sent:
        return NOTHING
    callers = list({each.uri: None for each in sent})
    texts = texts_around(callers, context, SourceLanguage.JAVA)
    found = from_variables(sent, texts.values(), operations)
    suite = suite_of(callers, texts, context.files)
    if suite is None:
        return found
    if not suite.jupiter:
        return replace(found, told=(*found.told, _other_runner(suite)))
    if folder and folder != suite.module:
        return found
    based = _with_base(sent, texts, suite, operations, context)
    if based is not None:
        return based
    if not suite.mapper:
        return replace(found, told=(*found.told, _NO_MAPPER))
    return replace(_joined(found, suite), told=(*found.told, _package(suite)))


def _joined(found: Recognised, suite: Suite) -> Recognised:
    """In the module of the existing tests, in a package below theirs."""
    return replace(
        found,
        folder=suite.module,
        source_root=suite.source_root,
        package=suite.package,
        project=False,
        allure=suite.allure,
    )


def _with_base(
    sent: Sequence[Sent],
    texts: Mapping[str, str],
    suite: Suite,
    operations: Sequence[Operation],
    context: ActionContext,
) -> Recognised | None:
    """The base class of the existing tests, where it serves every operation."""
    bases = list(bases_of(sent, texts, suite, context))
    for base in bases:
        if base.is_anonymous or not all(map(base.opens, operations)):
            continue
        without = next((each for each in bases if each.is_anonymous_beside(base)), None)
        own = OwnTests(
            client=base.expression,
            anonymous_client="" if without is None else without.expression,
            prefix=base.prefix,
            base_class=base.name,
            imports=base.imports if without is None else (*base.imports, *without.imports),
            sections=any(_SECTIONS.search(texts[each.uri]) for each in base.requests),
            support=False,
        )
        told = (_base(base.name, base.expression), _package(suite))
        return replace(_joined(Recognised(), suite), own=own, told=told)
    return None


def _base(name: str, expression: str) -> Message:
    return Message(
        f"Uses your base class {name}; requests begin with {expression}.",
        f"Используется ваш базовый класс {name}; запросы начинаются с {expression}.",
    )


def _package(suite: Suite) -> Message:
    return Message(
        f"Goes into the package {suite.package} of your tests.",
        f"Пишется в пакет {suite.package} ваших тестов.",
    )


def _other_runner(suite: Suite) -> Message:
    return Message(
        f"Your tests are {suite.runner}, generated ones JUnit 5: they get a project of their own.",
        f"Ваши тесты — {suite.runner}, сгенерированные — JUnit 5: им создаётся отдельный проект.",
    )


_NO_MAPPER = Message(
    "Nothing in your tests shows Jackson or Gson, which generated ones need: they get a project "
    "of their own.",
    "В ваших тестах не видно Jackson или Gson, нужных сгенерированным: им создаётся отдельный "
    "проект.",
)
