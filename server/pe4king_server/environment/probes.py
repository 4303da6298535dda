"""Asking found programs for their versions: the only thing that is run, and only when asked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pe4king_core.model.message import Message
from pe4king_server.environment.model import Environment

_SECONDS = 10
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Probe:
    """What a program said when it was asked for its version; `problem` where it did not."""

    program: Path
    answer: str = ""
    problem: Message | None = None


def probe(environment: Environment) -> tuple[Probe, ...]:
    """The versions of the interpreter, the Java installation and the build tool."""
    return tuple(_asked(*command) for command in _commands(environment))


def _commands(environment: Environment) -> Iterator[tuple[Path, str]]:
    if environment.python is not None:
        yield environment.python.interpreter, "--version"
    if environment.jdk is not None:
        name = "javac" if environment.jdk.compiler else "java"
        found = environment.jdk.home / "bin" / name
        yield (found if found.exists() else found.with_suffix(".exe")), "-version"
    # A project's own wrapper is a script that may download things: it is not asked.
    if environment.java is not None and environment.java.program is not None:
        yield environment.java.program, "--version"


def _asked(program: Path, option: str) -> Probe:
    try:
        done = subprocess.run(  # noqa: S603 - a program that was found, with one fixed option
            [program, option],
            cwd=program.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = Message(f"no answer in {_SECONDS} seconds", f"нет ответа за {_SECONDS} секунд")
        return Probe(program, problem=reason)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return Probe(
            program, problem=Message(f"it does not start: {why}", f"не запускается: {why}")
        )
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    answer = lines[0].strip()[:_LONGEST] if lines else ""
    if done.returncode != 0 or not answer:
        code = done.returncode
        return Probe(
            program, problem=Message(f"it ended with {code}", f"завершился с кодом {code}")
        )
    return Probe(program, answer)
