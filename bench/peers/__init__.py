"""Other generators of tests, each run on a document in a process of its own.

openapi-generator comes from PyPI, portman from npm, both into `.cache/bench/peers/`. The earlier
Pe4King is run where `PE4KING_PEER` names a checkout of it; nothing of it is kept here. A process
that reads the document itself is charged for that too, as it cannot be told apart.
"""

from __future__ import annotations

import ast
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pe4king_core.model.source import SourceLanguage
from pe4king_core.testcode.syntax import parse

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
HOME = _ROOT / ".cache" / "bench" / "peers"
_LIMIT = 300
_CONTRACT = {
    "version": 1.0,
    "tests": {
        "contractTests": [
            {"openApiOperation": "*::/*", name: {"enabled": True}}
            for name in ("statusSuccess", "contentType", "schemaValidation")
        ]
    },
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What a generator did with a document; `failed` says why it did not.

    `tests` assert something and stand in files without syntax errors; `broken` are all others
    that would assert something.
    """

    seconds: float = 0.0
    tests: int = 0
    peak: int = 0
    failed: str = ""
    cpu: float = 0.0
    broken: int = 0

    @property
    def rate(self) -> float:
        return self.tests / self.seconds if self.seconds else 0.0

    @property
    def written_rate(self) -> float:
        """Tests a second, whether they can be run or not."""
        return (self.tests + self.broken) / self.seconds if self.seconds else 0.0


Runner = Callable[[Path, Path], Figures]


def peers() -> Iterator[tuple[str, Runner | str]]:
    """Every peer with how it is run, or why it cannot be had here."""
    for name, prepare in (
        ("openapi-generator java", lambda: _openapi_generator("java", "--library=rest-assured")),
        ("openapi-generator python", lambda: _openapi_generator("python")),
        ("portman", _portman),
        ("Pe4King TypeScript pytest", lambda: _earlier("pytest")),
        ("Pe4King TypeScript java", lambda: _earlier("rest-assured")),
    ):
        try:
            yield name, prepare()
        except (OSError, subprocess.SubprocessError) as error:
            yield name, str(error)[:200]


def asserting_tests(folder: Path) -> tuple[int, int]:
    """How many tests below `folder` assert something of an answer, in files that parse and not."""
    sound = broken = 0
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".java"):
            text = path.read_text(encoding="utf-8")
            python = path.suffix == ".py"
            found = _asserting_python(text) if python else _asserting_java(text)
            parses = found and (_is_python(text) if python else _is_java(text))
            sound, broken = (sound + found, broken) if parses else (sound, broken + found)
    return sound, broken


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _is_java(text: str) -> bool:
    return not parse(text, SourceLanguage.JAVA).root.has_error


def _asserting_python(text: str) -> int:
    tests = re.split(r"^\s*(?:async )?def (?=test)", text, flags=re.MULTILINE)[1:]
    return sum(
        bool(re.search(r"^\s+assert\b|\.assert_?\w+\(|^\s+assert_\w+\(", each, re.MULTILINE))
        for each in tests
    )


def _asserting_java(text: str) -> int:
    tests = text.split("@Test")[1:]
    return sum(
        bool(re.search(r"\.statusCode\(|assert\w+\(|\.spec\(", _code(each))) for each in tests
    )


def _code(text: str) -> str:
    return re.sub(r"^\s*(//|\*|/\*).*$", "", text, flags=re.MULTILINE)


def _openapi_generator(language: str, *options: str) -> Runner:
    home = HOME / "openapi-generator"
    if shutil.which("java") is None:
        raise OSError("no Java")
    if not (home / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, "openapi-generator-cli==7.26.0"], check=True)
        (home / "complete").touch()
    jar = next(home.glob("lib/python3*/site-packages/openapi_generator_cli/*.jar"))
    parts = "apis,apiTests=true,models,modelTests=false,supportingFiles"

    def run(document: Path, output: Path) -> Figures:
        command = ["java", "-Xmx6g", "-jar", str(jar), "generate", "--skip-validate-spec"]
        command += ["-i", str(document), "-o", str(output), "-g", language, *options]
        return _measured([*command, "--global-property", parts], output)

    return run


def _portman() -> Runner:
    if shutil.which("npm") is None:
        raise OSError("no npm")
    home = HOME / "npm"
    if not (home / "complete").exists():
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_HERE / name, home / name)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=home, check=True, capture_output=True, timeout=900)
        (home / "complete").touch()
    program = str(home / "node_modules" / ".bin" / "portman")

    def run(document: Path, output: Path) -> Figures:
        settings, made = output / "portman.json", output / "collection.json"
        settings.write_text(json.dumps(_CONTRACT), encoding="utf-8")
        command = [program, "-l", str(document), "-o", str(made), "-c", str(settings)]
        figures = _measured(command, output)
        if not figures.failed and not made.exists():
            return Figures(failed="wrote no collection")
        tests = made.read_text(encoding="utf-8").count("pm.test(") if made.exists() else 0
        return replace(figures, tests=tests)

    return run


def _earlier(framework: str) -> Runner:
    checkout = os.environ.get("PE4KING_PEER")
    if not checkout:
        raise OSError("PE4KING_PEER names no checkout")
    bundle = HOME / "pe4king_ts.js"
    _bundle(Path(checkout), bundle)

    def run(document: Path, output: Path) -> Figures:
        script = str(_HERE / "pe4king_ts.cjs")
        command = ["node", script, str(bundle), str(document), framework, str(output)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False)
        if done.returncode != 0:
            return Figures(failed=_reason(done.stderr) or f"exit code {done.returncode}")
        told = json.loads(done.stdout.splitlines()[-1])
        failed = "; ".join(told["errors"])[:200]
        tests, broken = asserting_tests(output)
        return Figures(told["seconds"], tests, told["peak"], failed, told["cpu"], broken)

    return run


def _bundle(checkout: Path, target: Path) -> None:
    """One script of its generator; what it is built with is installed into the checkout."""
    if not (checkout / "node_modules").is_dir():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, cwd=checkout, check=True, capture_output=True, timeout=900)
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [str(checkout / "node_modules" / ".bin" / "esbuild"), "src/generator.ts", "--bundle"]
    command += [f"--outfile={target}", "--platform=node", "--format=cjs", "--log-level=error"]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True, timeout=300)


def _measured(command: list[str], output: Path) -> Figures:
    """Wall-clock seconds and the peak of the largest process."""
    environment = {**os.environ, "NODE_OPTIONS": "--max-old-space-size=6144", "CI": "1"}
    start, before = time.perf_counter(), _cpu_of_children()
    try:
        done = subprocess.run(
            command,
            cwd=output,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Figures(failed=f"not done in {_LIMIT} s")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if done.returncode != 0:
        return Figures(failed=_reason(done.stdout + done.stderr) or f"exit code {done.returncode}")
    tests, broken = asserting_tests(output)
    return Figures(seconds, tests, peak, cpu=_cpu_of_children() - before, broken=broken)


def _reason(printed: str) -> str:
    """The line that names what went wrong."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in printed.splitlines()]
    telling = [line for line in lines if re.search(r"error|exception", line, re.IGNORECASE)]
    return (telling or lines or [""])[0][:150]


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
