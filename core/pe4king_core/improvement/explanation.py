"""What a test or an operation is about, told without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pe4king_core.improvement.expectation import expectation
from pe4king_core.improvement.missing import missing_facts
from pe4king_core.improvement.wording import check_words, fact_words, subject_words
from pe4king_core.model.case import Depth
from pe4king_core.model.fact import AssertionFact, SubjectKind
from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation
from pe4king_core.model.source import TestAssertion, TestFunction

_SHOWN = 12


def explain_test(
    test: TestFunction, operations: Mapping[str, Operation], source: str
) -> Explanation:
    """What `test`, a part of `source`, calls and checks, how deep, and what it leaves out.

    `operations` maps the ids of its calls to the operations they mean.
    """
    missing = [
        fact
        for call in test.calls
        if call.id in operations
        for fact in missing_facts(test, call, operations[call.id], source)
    ]
    problems = _problems(test, operations, source)
    return Explanation(
        title=Message(en=f"What {test.name} checks", ru=f"Что проверяет {test.name}"),
        markdown=Message(
            en=_test_markdown(test, operations, missing, problems, "en"),
            ru=_test_markdown(test, operations, missing, problems, "ru"),
        ),
        comment=Message(en=_comment(test, operations, "en"), ru=_comment(test, operations, "ru")),
    )


_TEXTS: Mapping[str, tuple[str, str]] = {
    "calls": ("Calls", "Вызовы"),
    "checks": ("Checks", "Проверки"),
    "missing": ("Not checked yet", "Пока не проверяется"),
    "nothing": ("nothing", "ничего"),
    "unknown": ("not in the document", "нет в документе"),
    "all": ("Everything the document promises is checked.", "Проверено всё, что обещает документ."),
    "untold": ("Cannot be told", "Нельзя сказать"),
    "more": ("and {} more", "и ещё {}"),
    "depth": ("Depth", "Глубина"),
    "other": ("a check we cannot read", "проверка, которую не удалось разобрать"),
}


def _text(key: str, language: str) -> str:
    return _TEXTS[key][language == "ru"]


def _test_markdown(
    test: TestFunction,
    operations: Mapping[str, Operation],
    missing: Sequence[AssertionFact],
    problems: Sequence[Message],
    language: str,
) -> str:
    lines = [f"# `{test.qualified_name}`", "", f"## {_text('calls', language)}", ""]
    for call in test.calls:
        operation = operations.get(call.id)
        if call.unresolved is not None:
            known = call.unresolved.text(language)
        elif operation is None:
            known = _text("unknown", language)
        else:
            known = operation.summary or operation.operation_id or operation.key
        lines.append(f"- `{call.method} {call.path}`: {known}")
    lines += ["", f"## {_text('checks', language)}", ""]
    lines += [f"- {sentence}" for sentence in _checks(test, language)]
    lines += ["", f"## {_text('missing', language)}", ""]
    lines += _missing_lines(missing, problems, language)
    lines += ["", f"{_text('depth', language)}: {oracle_depth(test).name.split('_')[0]}", ""]
    return "\n".join(lines)


def _problems(
    test: TestFunction, operations: Mapping[str, Operation], source: str
) -> tuple[Message, ...]:
    """Why it cannot be told for some calls what is missing."""
    found = []
    for call in test.calls:
        if call.id not in operations:
            found.append(call.unresolved or Message(*_TEXTS["unknown"]))
            continue
        problem = expectation(test, call, operations[call.id], source).problem
        if problem is not None:
            found.append(problem)
    if not test.calls:
        found.append(Message("no HTTP call is visible in the test", "в тесте не видно HTTP-вызова"))
    return tuple(dict.fromkeys(found))


def _missing_lines(
    missing: Sequence[AssertionFact], problems: Sequence[Message], language: str
) -> list[str]:
    unknown = [f"- {_text('untold', language)}: {item.text(language)}" for item in problems]
    if not missing:
        return unknown or [_text("all", language)]
    lines = unknown + [f"- {fact_words(fact).text(language)}" for fact in missing[:_SHOWN]]
    if len(missing) > _SHOWN:
        lines.append(f"- {_text('more', language).format(len(missing) - _SHOWN)}")
    return lines


def _checks(test: TestFunction, language: str) -> list[str]:
    """One line a subject with all that is asked of it; what we cannot read stands last."""
    asked: dict[str, list[str]] = {}
    unread: list[str] = []
    for item in test.assertions:
        if item.subject is None:
            unread.append(f"{_text('other', language)}: `{_one_line(item.text)}`")
            continue
        words = check_words(item.check).text(language)
        asked.setdefault(subject_words(item.subject).text(language), []).append(words)
    lines = [f"**{name}**: {', '.join(dict.fromkeys(words))}" for name, words in asked.items()]
    return [*lines, *dict.fromkeys(unread)] or [_text("nothing", language)]


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")


def oracle_depth(test: TestFunction) -> Depth:
    """How much of the answer the test looks at (SPEC section 2), at least L1."""
    depth = Depth.L1_STATUS
    for assertion in test.assertions:
        depth = max(depth, _assertion_depth(assertion))
    return depth


def _assertion_depth(assertion: TestAssertion) -> Depth:
    subject = assertion.subject
    if subject is None or subject.kind is SubjectKind.STATUS:
        return Depth.L1_STATUS
    if subject.kind is not SubjectKind.BODY or not subject.name:
        return Depth.L2_BODY
    if assertion.check is not None and type(assertion.check).__name__ in (
        "HasType",
        "HasFormat",
        "Matches",
        "InRange",
        "OneOf",
    ):
        return Depth.L5_TYPES
    return Depth.L4_NESTED if subject.name.count("/") > 1 else Depth.L3_FIELDS


def _comment(test: TestFunction, operations: Mapping[str, Operation], language: str) -> str:
    """Two or three plain sentences for a docstring or Javadoc."""
    calls = [f"{call.method} {call.path}" for call in test.calls if call.method and call.path]
    subjects = list(
        dict.fromkeys(
            subject_words(item.subject).text(language)
            for item in test.assertions
            if item.subject is not None
        )
    )
    known = [
        operations[call.id].summary.rstrip(".")
        for call in test.calls
        if call.id in operations and operations[call.id].summary
    ]
    first = known[-1] if known else test.name.replace("_", " ").strip()
    listed = ", ".join(subjects[:6]) or _text("nothing", language)
    if language == "ru":
        return f"{first}. Вызывает {', '.join(calls) or 'ничего'}. Проверяет: {listed}."
    return f"{first}. Calls {', '.join(calls) or 'nothing'}. Checks {listed}."


def explain_operation(operation: Operation) -> Explanation:
    """What `operation` takes and answers, and which tests it deserves."""
    return Explanation(
        title=Message(en=f"What {operation.key} does", ru=f"Что делает {operation.key}"),
        markdown=Message(
            en=_operation_markdown(operation, "en"), ru=_operation_markdown(operation, "ru")
        ),
        comment=Message("", ""),
    )


def _operation_markdown(operation: Operation, language: str) -> str:
    russian = language == "ru"
    lines = [f"# {operation.key}", ""]
    lines += [
        text
        for text in (operation.summary, "", operation.description.strip(), "")
        if text or lines[-1]
    ]
    lines += ["## " + ("Запрос" if russian else "Request"), ""]
    for parameter in operation.parameters:
        need = (
            ("обязательный" if russian else "required")
            if parameter.required
            else ("необязательный" if russian else "optional")
        )
        lines.append(
            f"- `{parameter.name}` ({parameter.location}, {need}) {parameter.description}".rstrip()
        )
    body = operation.request_body
    if body is not None:
        lines.append(f"- {'тело' if russian else 'body'}: {', '.join(body.content)}")
    if not operation.parameters and body is None:
        lines.append("- " + ("без параметров" if russian else "no parameters"))
    lines += ["", "## " + ("Ответы" if russian else "Responses"), ""]
    lines += [f"- `{r.status}` {r.description}".rstrip() for r in operation.responses.values()]
    lines += ["", "## " + ("Стоит проверить" if russian else "Worth testing"), ""]
    lines += [f"- {idea}" for idea in _ideas(operation, russian=russian)]
    return "\n".join((*lines, ""))


def _ideas(operation: Operation, *, russian: bool) -> list[str]:
    statuses = ", ".join(str(status) for status in operation.success_statuses)
    ideas = (
        [f"успешный ответ {statuses}" if russian else f"the success answer {statuses}"]
        if statuses
        else []
    )
    if operation.requires_credentials:
        ideas.append("запрос без учётных данных" if russian else "a request without credentials")
    required = [item.name for item in operation.parameters if item.required]
    if required:
        names = ", ".join(required)
        ideas.append(
            f"обязательные параметры: {names}" if russian else f"required parameters: {names}"
        )
    errors = [status for status in operation.responses if status[:1] in "45"]
    if errors:
        listed = ", ".join(errors)
        ideas.append(f"описанные ошибки: {listed}" if russian else f"documented errors: {listed}")
    return ideas or ["доступность операции" if russian else "that the operation answers"]
