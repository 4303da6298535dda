"""Builds prompts from Jinja2 templates in English and Russian, and the schema of each answer.

A template has two blocks, `system` and `user`. Everything that comes from documents and tests
reaches it neutralised (`prompt_data.py`); the templates put it between delimiters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pe4king_adapter.answer_schemas import (
    assertions_schema,
    cases_schema,
    client_errors,
    explanation_schema,
)
from pe4king_adapter.fact_forms import assertion_form, case_form
from pe4king_adapter.prompt_data import data_block, data_json, data_line
from pe4king_adapter.provider import AnswerSchema, Prompt
from pe4king_adapter.schema_slice import schema_slice
from pe4king_adapter.targets import CallTargets, call_targets
from pe4king_adapter.tasks import EnhanceTask, ExplainTask, NegativeTask, expected_status
from pe4king_core.model.case import Focus
from pe4king_core.model.fact import AssertionFact
from pe4king_core.model.json import Json
from pe4king_core.model.message import Language
from pe4king_core.model.operation import Operation
from pe4king_core.model.source import SourceLanguage, TestFunction

if TYPE_CHECKING:
    from jinja2 import Environment

    Values = Mapping[str, object]

_KNOWN_LIMIT = 40
_SOURCE_LIMIT = 12_000
_LANGUAGES = {SourceLanguage.PYTHON: "Python", SourceLanguage.JAVA: "Java"}
_FRAMEWORKS = {SourceLanguage.PYTHON: "pytest", SourceLanguage.JAVA: "JUnit 5 + REST Assured"}


class PromptBuilder:
    """Makes a prompt for each task; loads Jinja2 and the templates at the first one."""

    def __init__(self) -> None:
        self._loaded: Environment | None = None

    def build_enhance_prompt(
        self, task: EnhanceTask, calls: Mapping[str, CallTargets] | None = None
    ) -> Prompt:
        """Asks for assertions that `task.test` lacks; `calls` as from `targets_of`."""
        calls = targets_of(task) if calls is None else calls
        values = {
            **_test_values(task.test, task.source, task.operations, task.framework),
            "depth": f"L{int(task.depth)}",
            "focus": [str(focus) for focus in Focus if focus in task.focus],
            "assertions": _assertions(task.test, task.source),
            "known": _known(task.known),
            "response_schema": data_block("response_schema", _response_schemas(calls.values())),
        }
        return self._prompt("enhance_test", task.language, values, assertions_schema(calls))

    def build_negative_test_prompt(self, task: NegativeTask) -> Prompt:
        """Asks for negative cases of `task.operation`."""
        operation = task.operation
        values = {
            **_operation_values([operation]),
            "language": _LANGUAGES[task.code_language],
            "framework": data_line(task.framework or _FRAMEWORKS[task.code_language]),
            "skeleton_code": "",
            "request": data_block("request", _request(operation)),
            "response_schema": data_block("response_schema", _errors(operation)),
            "statuses": list(client_errors(operation)),
            "known": [data_json(case_form(case)) for case in task.known[:_KNOWN_LIMIT]],
            "limit": task.limit,
        }
        return self._prompt("negative_tests", task.language, values, cases_schema(operation))

    def build_explain_prompt(self, task: ExplainTask) -> Prompt:
        """Asks what `task.test` checks."""
        calls = {
            call: call_targets(call, operation, expected_status(task.test, call, operation))
            for call, operation in task.operations.items()
        }
        values = {
            **_test_values(task.test, task.source, task.operations, task.framework),
            "assertions": _assertions(task.test, task.source),
            "response_schema": data_block("response_schema", _response_schemas(calls.values())),
        }
        return self._prompt("explain_test", task.language, values, explanation_schema())

    def correction(self, reasons: Sequence[str], language: Language) -> str:
        """What is said back to the model after an answer that could not be used."""
        values = {"reasons": [data_line(reason) for reason in reasons[:_KNOWN_LIMIT]]}
        return self._rendered("correction", language, values, "user")

    def _prompt(
        self, name: str, language: Language, values: Values, schema: AnswerSchema
    ) -> Prompt:
        system = self._rendered(name, language, values, "system")
        user = self._rendered(name, language, values, "user")
        return Prompt.of(system, user, schema)

    def _rendered(self, name: str, language: Language, values: Values, block: str) -> str:
        if self._loaded is None:
            self._loaded = _environment()
        template = self._loaded.get_template(f"{language}/{name}.jinja")
        context = template.new_context(dict(values))
        return "".join(template.blocks[block](context)).strip()


def targets_of(task: EnhanceTask) -> dict[str, CallTargets]:
    """What may be asserted, by call."""
    return {
        call: call_targets(
            call,
            operation,
            task.statuses.get(call) or expected_status(task.test, call, operation),
        )
        for call, operation in task.operations.items()
    }


def _environment() -> Environment:
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("pe4king_templates", "prompts"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _test_values(
    test: TestFunction, source: str, operations: Mapping[str, Operation], framework: str
) -> dict[str, object]:
    return {
        **_operation_values(list(operations.values())),
        "language": _LANGUAGES[test.language],
        "framework": data_line(framework or _FRAMEWORKS[test.language]),
        "skeleton_code": data_block("test", test.span.of(source)[:_SOURCE_LIMIT]),
        "calls": [
            data_line(f"{call.id}: {call.method} {operations[call.id].path}")
            for call in test.calls
            if call.id in operations
        ],
    }


def _operation_values(operations: Sequence[Operation]) -> dict[str, object]:
    first = operations[0] if operations else None
    described = [
        f"{operation.key}: {operation.summary or operation.description}" for operation in operations
    ]
    return {
        "endpoint_path": data_line(first.path) if first else "",
        "http_method": data_line(first.method) if first else "",
        "operations": [data_line(line) for line in dict.fromkeys(described)],
    }


def _assertions(test: TestFunction, source: str) -> list[str]:
    return [
        data_line(f"{item.id} ({item.call or '-'}): {item.span.of(source) or item.text}")
        for item in test.assertions
    ]


def _known(facts: Sequence[AssertionFact]) -> list[str]:
    forms = [assertion_form(fact) for fact in facts[:_KNOWN_LIMIT]]
    short = [{k: v for k, v in form.items() if k != "reason"} for form in forms if form is not None]
    return [data_json(form) for form in short]


def _response_schemas(calls: Iterable[CallTargets]) -> str:
    return "\n".join(map(_response_schema, calls))


def _response_schema(call: CallTargets) -> str:
    response = call.operation.response_for(call.status)
    media = response.json if response is not None else None
    shown: Json = schema_slice(media.schema) if media is not None and media.schema else None
    return f"{call.call} status {call.status}: {data_json(shown)}"


def _errors(operation: Operation) -> str:
    return "\n".join(
        f"{status} {data_line(response.description)}"
        for status, response in operation.responses.items()
        if status[:1] == "4" or status == "default"
    )


def _request(operation: Operation) -> str:
    lines = [
        f"{parameter.location} {data_line(parameter.name)}"
        f"{' (required)' if parameter.required else ''}: "
        + data_json(schema_slice(parameter.schema, 2) if parameter.schema is not None else {})
        for parameter in operation.parameters
    ]
    body = operation.request_body
    if body is not None and body.json is not None and body.json.schema is not None:
        required = " (required)" if body.required else ""
        lines.append(f"body{required}: {data_json(schema_slice(body.json.schema))}")
    lines.append(f"credentials needed: {'yes' if operation.requires_credentials else 'no'}")
    return "\n".join(lines)
