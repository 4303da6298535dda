"""The rules of CONTRIBUTING that can be checked by reading the source."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "pe4king_core": ROOT / "core",
    "pe4king_adapter": ROOT / "adapter",
    "pe4king_server": ROOT / "server",
    "pe4king_templates": ROOT / "templates",
}
MAY_IMPORT = {
    "pe4king_core": {"pe4king_core", "pe4king_templates"},
    "pe4king_adapter": {"pe4king_adapter", "pe4king_core", "pe4king_templates"},
    "pe4king_server": {"pe4king_server", "pe4king_adapter", "pe4king_core", "pe4king_templates"},
    "pe4king_templates": set[str](),
}
CORE_ORDER = (
    "model", "errors", "openapi", "testcode", "generation",
    "improvement", "rendering", "weaving", "mock", "proof",
)  # fmt: skip
OPENAPI_ORDER = (
    "raw",
    "parsing",
    "layout",
    "units",
    "refs",
    "schema",
    "findings",
    "parts",
    "checks",
)
GENERATION_ORDER = (
    "wording",
    "places",
    "answers",
    "samples",
    "requests",
    "proofs",
    "resources",
    "variations",
    "flows",
)
MOCK_ORDER = (
    "exchange",
    "mutant",
    "contract",
    "answers",
    "requests",
    "handled",
    "state",
    "mutants",
    "recording",
    "chance",
    "preferring",
    "conditions",
    "replies",
    "scripts",
    "scripting",
    "calling",
    "service",
    "http",
)
PROOF_ORDER = (
    "proposed",
    "gates",
    "validating",
    "sandbox",
    "running",
    "runners",
    "report",
    "baseline",
    "proving",
)
ADAPTER_MAY_USE = ("pe4king_core.model", "pe4king_core.errors", "pe4king_core.daemon_threads")
ONE_MODULE_ONLY = {"httpx": "adapter/pe4king_adapter/transport/http.py"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def modules() -> list[Path]:
    found = [path for room in ROOMS.values() for path in sorted(room.rglob("*.py"))]
    assert len(found) > 80
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every absolute import, also those inside functions and under TYPE_CHECKING."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.extend(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module or "")
    return tuple(found)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_rooms_import_downwards_only(room: str) -> None:
    for path in sorted(ROOMS[room].rglob("*.py")):
        for name in imports(path):
            top = name.split(".")[0]
            assert top not in ROOMS or top in MAY_IMPORT[room], f"{path} imports {name}"


def test_core_rooms_import_earlier_rooms_only() -> None:
    core = ROOMS["pe4king_core"] / "pe4king_core"
    for path in sorted(core.rglob("*.py")):
        room = path.relative_to(core).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "pe4king_core" and len(parts) > 1 and room != "errors":
                assert CORE_ORDER.index(parts[1]) <= CORE_ORDER.index(room), (
                    f"{path} imports {name}"
                )


@pytest.mark.parametrize(
    ("house", "order"),
    [
        ("openapi", OPENAPI_ORDER),
        ("generation", GENERATION_ORDER),
        ("mock", MOCK_ORDER),
        ("proof", PROOF_ORDER),
    ],
)
def test_rooms_inside_import_earlier_rooms_only(house: str, order: tuple[str, ...]) -> None:
    folder = ROOMS["pe4king_core"] / "pe4king_core" / house
    for path in sorted(folder.rglob("*.py")):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        if room not in order:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[:2] == ["pe4king_core", house]:
                assert len(parts) > 2, f"{path} imports {name}"
                assert parts[2] in order, f"{path} imports {name}"
                assert order.index(parts[2]) <= order.index(room), f"{path} imports {name}"


def test_adapter_sees_only_the_vocabulary() -> None:
    for path in sorted(ROOMS["pe4king_adapter"].rglob("*.py")):
        for name in imports(path):
            if name.startswith("pe4king_core"):
                assert name.startswith(ADAPTER_MAY_USE), f"{path} imports {name}"


@pytest.mark.parametrize("library", sorted(ONE_MODULE_ONLY))
def test_library_is_imported_in_one_module(library: str) -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if any(name.split(".")[0] == library for name in imports(path))
    ]
    assert users == [ONE_MODULE_ONLY[library]]


def test_actions_know_no_lsp() -> None:
    for path in sorted((ROOMS["pe4king_server"] / "pe4king_server" / "actions").glob("*.py")):
        for name in imports(path):
            assert not name.startswith(("lsprotocol", "pygls", "pe4king_server.lsp")), path


def test_every_module_says_what_it_is_for() -> None:
    for path in modules():
        assert ast.get_docstring(tree(path)), path


def test_files_and_functions_hold_one_idea() -> None:
    for path in modules():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_FILE, path
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno
                assert length <= LONGEST_FUNCTION, f"{path}: {node.name} has {length} lines"


def test_every_message_has_russian() -> None:
    """A text for the user that has no Cyrillic letter is a name, a number or a mistake."""
    same = {"null"}
    for path in modules():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message"):
                continue
            texts = [*node.args, *(keyword.value for keyword in node.keywords)]
            if len(texts) != 2 or not all(isinstance(text, ast.Constant) for text in texts):
                continue
            english, russian = (str(text.value) for text in texts if isinstance(text, ast.Constant))
            if english and english not in same:
                assert any("а" <= letter.lower() <= "я" for letter in russian), f"{path}: {english}"


def test_nothing_of_this_machine_is_in_the_repository() -> None:
    home = str(Path.home())
    for path in [*modules(), *ROOT.glob("*.*"), *(ROOT / "requirements").glob("*")]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text, path
            assert home == "/" or f"{home}/" not in text, path
