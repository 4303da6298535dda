"""Suites of one document that differ in what they check: the same requests, another oracle.

skeleton  what is generated at depth L1: requests, flows, the status
enhanced  the skeleton after `enhance` without a model
generated what `pe4king generate` writes
bare      the same requests without behaviour; statuses, and bodies judged by the schemas
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pe4king_core.errors import UserError
from pe4king_core.generation import generate
from pe4king_core.model.case import Depth, TestCase, TestModel, TestPlan, TestStyle
from pe4king_core.model.fact import Basis
from pe4king_core.model.operation import ApiDocument
from pe4king_core.model.record import replace
from pe4king_core.rendering.formats import formats
from pe4king_server.actions.base import (
    ActionContext,
    TestInContext,
    TestTarget,
    require_operations,
    understand,
)
from pe4king_server.actions.enhance import enhance_tests
from pe4king_server.actions.writing import schemes_of
from pe4king_server.cli.reading import document_store
from pe4king_server.disk import write_edits
from pe4king_server.files import DiskFiles, uri_of
from pe4king_server.models import NoModels
from pe4king_server.settings import parse_settings

_OPENED = "verify=TLS,"
_HOOK = '''

def schema_checked(response):
    """What a validating client sees: the body fits its schema."""
    response.read()
    sent = response.request
    answer = Answer(response.status_code, response.headers.multi_items(), response.content)
    target = sent.url.raw_path.decode("ascii").removeprefix(urlsplit(BASE_URL).path)
    found = OPERATIONS.matching(sent.method, target)
    if not found:
        return
    faults = ANSWERS.faults(found[0].method, found[0].path, answer)
    told = [each.words for each in faults if each.kind is FaultKind.BODY]
    assert not told, told
'''
_IMPORTS = """
import json
from pathlib import Path
from urllib.parse import urlsplit

from pe4king_core.mock.contract.answers import AnswerJudge
from pe4king_core.mock.contract.fault import FaultKind
from pe4king_core.mock.contract.operations import Operations
from pe4king_core.mock.exchange import Answer

_RAW = json.loads(Path(__file__).with_name("document.json").read_text(encoding="utf-8"))
OPERATIONS = Operations(_RAW)
ANSWERS = AnswerJudge(_RAW, OPERATIONS)
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A document on disk, what is taken of it, and its data."""

    path: Path
    document: ApiDocument
    raw: Mapping[str, Any]
    operations: frozenset[str]
    seed: int = 1

    def plan(self, depth: Depth) -> TestPlan:
        """The tests of all suites: all kinds, a budget as by default."""
        return TestPlan(
            operations=self.operations, depth=depth, seed=self.seed, max_tests_per_endpoint=30
        )


def skeleton(source: Source, folder: Path) -> Sequence[Path]:
    """Requests, flows and statuses."""
    return _written(source, Depth.L1_STATUS, folder)


def generated(source: Source, folder: Path) -> Sequence[Path]:
    """What the generator writes."""
    return _written(source, Depth.L5_TYPES, folder)


def bare(source: Source, folder: Path) -> Sequence[Path]:
    """Requests and statuses, with a client that validates every answer."""
    paths = _written(source, Depth.L1_STATUS, folder, laws=False)
    conftest = folder / "conftest.py"
    text = conftest.read_text(encoding="utf-8")
    hooked = text.replace(_OPENED, f'{_OPENED} event_hooks={{"response": [schema_checked]}},')
    if hooked == text:
        raise RuntimeError("the generated conftest opens its clients in another way now")
    head, mark, rest = hooked.partition("\nimport httpx\n")
    conftest.write_text(head + mark + _IMPORTS + rest + _HOOK, encoding="utf-8")
    (folder / "document.json").write_text(json.dumps(source.raw), encoding="utf-8")
    return paths


def enhanced(source: Source, folder: Path) -> Sequence[Path]:
    """The skeleton after the rules have added what the document supports."""
    paths = skeleton(source, folder)
    settings = parse_settings({"document": uri_of(source.path), "depth": "L5"})
    with document_store() as store:
        files = DiskFiles(folder)
        context = ActionContext(files, store, settings, NoModels())
        for path in paths:
            text = path.read_text(encoding="utf-8")
            asyncio.run(_enhance(uri_of(path), text, context))
    return paths


async def _enhance(uri: str, text: str, context: ActionContext) -> None:
    file = context.sources.tests_of(uri, text, context.files)
    found: list[TestInContext] = []
    for test in file.tests:
        target = TestTarget(uri, text, test.qualified_name)
        try:
            understood = understand(target, context)
            require_operations(understood)
        except UserError:
            continue  # a test of what no document has: nothing can be added
        found.append(understood)
    proposal = await enhance_tests(uri, file, found, context)
    write_edits(proposal.edits)


def _written(source: Source, depth: Depth, folder: Path, *, laws: bool = True) -> Sequence[Path]:
    models = generate(source.document, source.plan(depth))
    if not laws:
        models = tuple(replace(model, cases=_without_laws(model)) for model in models)
    style, chosen = TestStyle(allure=False), formats()["pytest"]
    files = [chosen.render(model, style) for model in models]
    files += chosen.support(models, schemes_of(source.document), style)
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return sorted(folder.rglob("test_*.py"))


def _without_laws(model: TestModel) -> tuple[TestCase, ...]:
    return tuple(case for case in model.cases if case.basis is not Basis.LAW)


SUITES: Mapping[str, Callable[[Source, Path], Sequence[Path]]] = MappingProxyType(
    {"skeleton": skeleton, "enhanced": enhanced, "generated": generated, "bare": bare}
)
