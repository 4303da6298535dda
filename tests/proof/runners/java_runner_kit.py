"""Projects of Java tests, run in a sandbox against a server with faults."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pe4king_core.proof.runners.java.runner import JavaRunner
from pe4king_core.proof.running import RunReport, RunRequest
from pe4king_core.proof.sandbox.sandbox import Sandbox
from tests.proof.runners.pytest_kit import Api, Fault, Plan, served
from tests.rendering.java_kit import java_kit

CACHE = Path(__file__).resolve().parents[3] / ".cache" / "java" / "child"
IMPORTS = """\
import static io.restassured.RestAssured.*;
import static org.hamcrest.Matchers.*;
import static org.junit.jupiter.api.Assertions.*;
import io.restassured.RestAssured;
import java.util.*;
import org.junit.jupiter.api.*;
"""


def jdk() -> Path:
    compiler = shutil.which("javac")
    if compiler is None:
        pytest.skip("javac is not installed")
    return Path(os.path.realpath(compiler)).parents[1]


@dataclass
class Played:
    """All there is to see after a run."""

    plan: Plan
    report: RunReport
    api: Api

    @property
    def problems(self) -> list[str]:
        return [each.en for each in self.report.problems]

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.api.requests]

    def endings(self, name: str) -> list[str]:
        return self.plan.endings(name)

    def message(self, name: str, run: int = 0) -> str:
        return self.plan.results[name][run].message


@dataclass
class JavaProject:
    """A user's Maven project."""

    root: Path

    def write(self, name: str, body: str, *, imports: str = IMPORTS, folder: str = "test") -> None:
        """`shop.BooksTest` is src/test/java/shop/BooksTest.java; `body` follows the imports."""
        package, _, simple = name.rpartition(".")
        path = self.root.joinpath("src", folder, "java", *package.split("."), f"{simple}.java")
        path.parent.mkdir(parents=True, exist_ok=True)
        stated = f"package {package};\n" if package else ""
        path.write_text(f"{stated}{imports}\n{dedent(body)}", encoding="utf-8")

    def play(
        self,
        *faults: Fault,
        libraries: Path | None = None,
        files: Sequence[str] = (),
        api: Api | None = None,
        **wanted: Any,
    ) -> Played:
        """Run the tests of these files (all `*Test.java`) plain, then with each fault."""
        jars = sorted((libraries or java_kit().libraries).glob("*.jar"))
        tests = self.root / "src" / "test" / "java"
        found = [tests / each for each in files] or sorted(tests.rglob("*Test.java"))
        request = RunRequest(self.root, tuple(found), base_urls=("BASE_URL", "base.url"))
        request = replace(request, total_seconds=240, **wanted)
        runner = JavaRunner(jdk(), jars, CACHE)
        api = api or Api()
        plan = Plan(api, faults)
        sandbox = Sandbox(sources=self.root, overlay=request.overlay, readable=runner.readable)
        with sandbox as box, served(api, box.listener):
            return Played(plan, runner.run(request, plan, box), api)
