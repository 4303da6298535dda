"""A class of tests: what its tests share is written once, as private methods behind them."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pe4king_core.model.case import Request, TestCase, TestModel, TestStyle
from pe4king_core.model.fact import Basis, CaseKind
from pe4king_core.model.operation import Operation
from pe4king_core.rendering.format import RenderedFile
from pe4king_core.rendering.java.answers import Answers
from pe4king_core.rendering.java.imports import (
    OF_STATUSES,
    calls_of,
    import_block,
    imports_of,
)
from pe4king_core.rendering.java.layout import WIDTH, link
from pe4king_core.rendering.java.matchers import NAMES, definitions
from pe4king_core.rendering.java.method import Requests
from pe4king_core.rendering.java.payloads import Factory, factory, takes_map, with_unique
from pe4king_core.rendering.java.test import INHERITED, Members, method_name, test_method
from pe4king_core.rendering.java.text import (
    camel,
    comment,
    literal_string,
    package_name,
    pascal,
    unique,
)
from pe4king_core.rendering.java.values import NotAMap
from pe4king_core.rendering.templates import template

_FOLDER = "junit_restassured"
_MOST_TESTS = 1500
"""Tests of one class; the constants of a class file are counted with 16 bits."""


@dataclass(frozen=True, slots=True)
class _Written:
    """One class of the file."""

    code: str
    imports: frozenset[str]


def java_folder(style: TestStyle) -> str:
    """Where the classes of the package are."""
    return "src/test/java/" + package_name(style.package).replace(".", "/")


def class_file(model: TestModel, style: TestStyle) -> RenderedFile:
    """The file with the class of `model`, or with several where one would be too large."""
    feature = _common_feature(model)
    stem = class_stem(model.group)
    names: set[str] = set()
    classes = [
        _class(f"{stem}{index or ''}Test", cases, style, feature, model, names)
        for index, cases in zip((0, *range(2, 1000)), _chunks(model.cases), strict=False)
    ]
    text = template(f"{_FOLDER}/tests.java.jinja").render(
        package=package_name(style.package),
        imports=import_block(_imports(classes, style)),
        classes=[each.code for each in classes],
    )
    return RenderedFile(f"{java_folder(style)}/{stem}Test.java", text)


def class_stem(group: str) -> str:
    """The name of the class of `group`, without `Test`."""
    name = pascal(group)
    return "BaseApiGroup" if name == "BaseApi" else name


def _imports(classes: Sequence[_Written], style: TestStyle) -> frozenset[str]:
    found = frozenset[str]().union(*(each.imports for each in classes))
    own = style.own
    if own.base_class and own.base_class.rpartition(".")[0] != package_name(style.package):
        found |= {own.base_class}
    return found | frozenset(own.imports)


def _chunks(cases: Sequence[TestCase]) -> Iterator[Sequence[TestCase]]:
    """`cases` in parts that fit into a class; those of one operation stay together."""
    if len(cases) <= _MOST_TESTS:
        yield cases
        return
    start = 0
    for index in range(1, len(cases)):
        full = index - start >= _MOST_TESTS
        if full and cases[index].operation is not cases[index - 1].operation:
            yield cases[start:index]
            start = index
    yield cases[start:]


def _class(
    name: str,
    cases: Sequence[TestCase],
    style: TestStyle,
    feature: str,
    model: TestModel,
    taken: set[str],
) -> _Written:
    methods: list[str] = []
    for case in cases:
        methods.append(method_name(case, taken))
        taken.add(methods[-1])
    requests = Requests(style.own)
    helpers = set(taken | INHERITED)
    if style.own.support:
        requests = replace(requests, factories=_factories(cases, helpers))
    members = Members(requests, answers=Answers(short=True))
    flows = members.flows.share(cases, requests, helpers)
    answers = members.answers.share(cases, helpers)
    tests = [
        test_method(case, style, members, name=method, feature=feature)
        for case, method in zip(cases, methods, strict=True)
    ]
    made = [each.code for each in requests.factories.values()]
    own = style.own.base_class.rpartition(".")[2]
    head = [_javadoc(f"{model.group}: tests of {model.title}, written by Pe4King.")]
    head += [link(f"@Feature({literal_string(feature)})", 0)] * style.allure
    head.append(f"class {name} extends {own or 'BaseApiTest'} {{")
    lacking = _lacking(style, [*tests, *flows])
    seen = "\n".join((*head, *lacking, *members.statements, *made, *flows, *answers[:1]))
    matchers = definitions(calls_of("\n".join((seen, *answers[1:])), NAMES))
    parts = "\n\n".join((*lacking, *tests, *made, *flows, *answers))
    code = "\n".join((*head, "", parts, *(f"\n{each}" for each in matchers), "}"))
    imports = imports_of(seen, OF_STATUSES) | imports_of("\n".join(matchers))
    return _Written(code, imports | members.answers.imports)


def _lacking(style: TestStyle, code: Sequence[str]) -> list[str]:
    """What the user's base class does not have and the tests call."""
    if style.own.support:
        return []
    names = ("afterwards", "unique")
    used = {name: any(f"{name}(" in text for text in code) for name in names}
    if not any(used.values()):
        return []
    return [template(f"{_FOLDER}/members.java.jinja").render(access="private", **used).strip("\n")]


def _common_feature(model: TestModel) -> str:
    features = {case.labels.feature for case in model.cases}
    return (features.pop() if len(features) == 1 else "") or model.group


def _factories(cases: Sequence[TestCase], taken: set[str]) -> dict[str, Factory]:
    """A factory for every operation whose JSON object is sent twice or more."""
    uses: Counter[str] = Counter()
    usual: dict[str, tuple[int, Request, Operation]] = {}
    for case in cases:
        for rank, operation, request in _sent(case):
            if takes_map(request.body):
                uses[operation.key] += 1
                best = usual.get(operation.key)
                if best is None or rank < best[0]:
                    usual[operation.key] = (rank, request, operation)
    made: dict[str, Factory] = {}
    for key, (_, request, operation) in usual.items():
        if uses[key] > 1 and request.body is not None:
            name = unique(_factory_name(operation), taken)
            try:
                made[key] = factory(name, with_unique(request.body))
            except NotAMap:
                continue
            taken.add(name)
    return made


def _sent(case: TestCase) -> Iterator[tuple[int, Operation, Request]]:
    """The requests of `case` as they are usually sent; the lower the number the more usual.

    An operation's own valid request comes first, then what its other tests change, then what
    is sent for the sake of other operations, then what one test alone sends.
    """
    for step in case.given:
        yield 2, step.operation, step.request
    valid = case.kind is CaseKind.POSITIVE and case.basis is not Basis.LAW
    own = 0 if valid else 1 if case.base is not None else 3
    yield own, case.operation, case.base or case.request


def _factory_name(operation: Operation) -> str:
    return camel(f"{operation.operation_id or operation.key} body", "request")


def _javadoc(text: str) -> str:
    """`text` as a class comment, on one line where it fits."""
    safe = comment(text).replace("@", "{@literal @}").replace("<", "&lt;")
    if len(safe) + 7 <= WIDTH:
        return f"/** {safe} */"
    lines = textwrap.wrap(safe, WIDTH - 3, break_on_hyphens=False, break_long_words=False)
    return "\n".join(("/**", *(f" * {line}" for line in lines), " */"))
