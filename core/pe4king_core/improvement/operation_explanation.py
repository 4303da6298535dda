"""What an operation takes and answers, told without a model, and which tests it deserves."""

from __future__ import annotations

from pe4king_core.model.message import Message
from pe4king_core.model.operation import Operation
from pe4king_core.model.proposal import Explanation


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
