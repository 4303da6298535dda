"""What can keep all Java tests from being run.

JavaRunnerError    there is no compiler, or no JUnit
"""

from __future__ import annotations

from pathlib import Path

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message


class JavaRunnerError(UserError):
    """Java tests cannot be run here at all."""

    code = "java"


def no_compiler(jdk: Path) -> JavaRunnerError:
    """The Java installation has no compiler."""
    return JavaRunnerError(
        Message(
            f"Java tests were not run: {jdk} has no Java compiler.",
            f"Тесты на Java не выполнялись: в {jdk} нет компилятора Java.",
        ),
        next_step=Message(
            "Install a JDK, version 11 or newer, and name it in JAVA_HOME.",
            "Установите JDK версии 11 или новее и укажите его в JAVA_HOME.",
        ),
    )


def no_platform(said: str) -> JavaRunnerError:
    """Our part cannot be compiled against the tests' class path."""
    why = ("the class path has no usable JUnit", "в class path нет пригодной JUnit")
    end = f". {said}" if said else "."
    return JavaRunnerError(
        Message(
            f"Java tests were not run: {why[0]}{end}",
            f"Тесты на Java не выполнялись: {why[1]}{end}",
        ),
        next_step=Message(
            "Add org.junit.jupiter:junit-jupiter (5.4 or newer) to the tests.",
            "Добавьте к тестам org.junit.jupiter:junit-jupiter (5.4 или новее).",
        ),
    )


def no_class_path(tool: str, said: str) -> JavaRunnerError:
    """The build tool does not tell what the tests need."""
    return JavaRunnerError(
        Message(
            f"Java tests were not run: their class path is not known; {tool}: {said}",
            f"Тесты на Java не выполнялись: их class path неизвестен; {tool}: {said}",
        ),
        next_step=Message(
            "Build the project once in a terminal, then try again.",
            "Соберите проект один раз в терминале и повторите.",
        ),
    )
