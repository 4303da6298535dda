"""The four actions through LSP messages, in four editors: three position encodings, non-ASCII
text, editors that check versions and editors that do not.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from lsprotocol import types

from tests.adapter.fake_server import FakeModel
from tests.conftest import ROOT
from tests.lsp_kit.client import Reaction
from tests.lsp_kit.session import Session, editor

EDITORS = (
    "vscode",
    pytest.param("lsp4ij", marks=pytest.mark.slow),
    pytest.param("neovim", marks=pytest.mark.slow),
    pytest.param("emacs", marks=pytest.mark.slow),
)
BOOKSTORE = ROOT / "examples" / "bookstore"
TITLES = {
    "en": ("Generate tests", "Enhance with AI", "Generate negative tests", "Explain"),
    "ru": (
        "Сгенерировать тесты",
        "Улучшить с помощью AI",
        "Сгенерировать негативные тесты",
        "Объяснить тест",
    ),
}
# Astral characters stand before the place of every edit, in the line and above it.
SHALLOW = '''"""Тесты 📚 магазина."""
import requests

BASE = "http://127.0.0.1:8765/v1"  # база 🌐


def test_health():  # проверка 🩺 здоровья
    """Здоровье 🩺."""
    пусто = "📖"
    response = requests.get(f"{BASE}/health", headers={"X-Читатель": "🩺"})  # запрос 🌐
    assert response.status_code == 200  # ответ ✅🩺


def test_last():
    response = requests.get(f"{BASE}/health")
    assert response.status_code == 200
'''
FACT = {
    "call": "C1",
    "pointer": "/status",
    "check": "not_null",
    "args": [],
    "presence": "required",
    "reason": "the monitor needs it",
}


shared = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path


def lay_out(folder: Path) -> None:
    shutil.copy(BOOKSTORE / "openapi.yaml", folder / "openapi.yaml")
    (folder / "test_shallow.py").write_text(SHALLOW, encoding="utf-8")


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


def using(model: FakeModel) -> dict[str, str]:
    return {"LLM_API_KEY": "test-key", "LLM_BASE_URL": model.base_url, "LLM_MODEL": "fake"}


@pytest_asyncio.fixture(params=EDITORS, scope="module", loop_scope="module")
async def shared_session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Session]:
    """One server and editor of each kind for all tests that need nothing of their own."""
    environment = {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    folder = tmp_path_factory.mktemp("workspace")
    async with editor(request.param, workspace=folder, environment=environment) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def session(shared_session: Session) -> AsyncIterator[Session]:
    """The shared session with a fresh workspace, nothing open and nothing told."""
    folder, client = shared_session.workspace, shared_session.client
    for document in tuple(client.documents.values()):
        await shared_session.close(document.uri)
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    lay_out(folder)
    for told in (client.messages, client.shown, client.applied, client.refused, client.asked):
        told.clear()
    yield shared_session
    assert not client.violations
    assert all(progress.ended for progress in shared_session.progress)


def insertions_only(before: str, after: str) -> None:
    """Every character of `before` is in `after`, in its order, and no line of it was changed."""
    lines = iter(after.splitlines(keepends=True))
    for line in before.splitlines(keepends=True):
        assert any(line == candidate for candidate in lines), line


@pytest.mark.parametrize("locale", ["en", "ru"])
async def test_actions_are_offered_on_operations_and_tests(locale: str, workspace: Path) -> None:
    async with editor("vscode", workspace=workspace, locale=locale) as ed:
        for path, place in (
            ("openapi.yaml", "summary: Ask whether"),
            ("test_shallow.py", "BASE}"),
        ):
            await ed.open(path)
            offered = await ed.code_actions(path, place)
            assert [action.title for action in offered] == [f"Pe4King: {t}" for t in TITLES[locale]]
            for action in offered:
                assert action.command is not None
                assert action.command.command.startswith("pe4king.server.")
                assert action.edit is None


@shared
async def test_nothing_is_offered_elsewhere(session: Session) -> None:
    (session.workspace / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    (session.workspace / "helper.py").write_text("def help():\n    return 1\n", encoding="utf-8")
    for path, place in (
        ("other.yaml", "a:"),
        ("helper.py", "return"),
        ("openapi.yaml", "info:"),
        ("test_shallow.py", "import requests"),
    ):
        await session.open(path)
        assert await session.code_actions(path, place) == []


@shared
async def test_generate_writes_tests_and_what_they_need_once(session: Session) -> None:
    await session.open("openapi.yaml")
    action = await session.action("openapi.yaml", "summary: Ask whether", "Generate tests")
    result = await session.run(action)
    assert result["status"] == "applied"
    text = session.text("api-tests/test_service.py")
    compile(text, "test_service.py", "exec")
    assert "def test_get_health_returns_200(api):" in text
    compile(session.text("api-tests/conftest.py"), "conftest.py", "exec")
    assert session.messages == [result["message"]]
    again = await session.run(action)
    assert again["status"] == "nothing"
    assert session.text("api-tests/test_service.py") == text


@shared
async def test_generate_adds_beside_tests_that_are_there(session: Session) -> None:
    await session.open("openapi.yaml")
    first = await session.action("openapi.yaml", "summary: Read a book", "Generate tests")
    await session.run(first)
    mine = session.text("api-tests/test_books.py") + "\n\ndef test_mine():\n    assert 1\n"
    (session.workspace / "api-tests").mkdir(exist_ok=True)
    (session.workspace / "api-tests" / "test_books.py").write_text(mine, encoding="utf-8")
    await session.open("api-tests/test_books.py", text=mine)
    second = await session.action("openapi.yaml", "summary: Search the catalogue", "Generate tests")
    result = await session.run(second)
    assert result["status"] == "applied"
    text = session.text("api-tests/test_books.py")
    compile(text, "test_books.py", "exec")
    insertions_only(mine, text)
    assert "def test_list_books_returns_200(api):" in text
    assert text.count("def test_get_book_returns_200(") == 1


@shared
async def test_enhance_adds_checks_and_changes_no_other_byte(session: Session) -> None:
    await session.open("test_shallow.py")
    for place in ("def test_health", "def test_last"):
        before = session.text("test_shallow.py")
        action = await session.action("test_shallow.py", place, "Enhance with AI")
        result = await session.run(action)
        assert result["status"] == "applied", result
        assert "no model is configured" in result["message"]
        after = session.text("test_shallow.py")
        insertions_only(before, after)
        compile(after, "test_shallow.py", "exec")
        assert 'body["status"]' in after
    again = await session.run(action)
    assert again["status"] == "nothing"


@shared
async def test_negative_tests_stand_beside_generated_ones(session: Session) -> None:
    await session.open("openapi.yaml")
    action = await session.action("openapi.yaml", "summary: Place an order", "Generate negative")
    result = await session.run(action)
    assert result["status"] == "applied"
    text = session.text("api-tests/test_orders.py")
    assert "def test_create_order_rejects_missing_items(" in text
    assert "returns_201" not in text


@shared
async def test_negative_tests_of_a_foreign_test_get_their_own_file(session: Session) -> None:
    """`test_health` calls requests by itself: our clients are not in that file."""
    before = SHALLOW.replace("/health", "/books")
    await session.open("test_shallow.py", text=before)
    action = await session.action("test_shallow.py", "def test_last", "Generate negative")
    result = await session.run(action)
    assert result["status"] == "applied", result
    assert session.text("test_shallow.py") == before
    assert "rejects_missing_credentials" in session.text("api-tests/test_books.py")


@pytest.mark.parametrize("kind", EDITORS)
async def test_explain_shows_and_offers_to_insert(kind: str, workspace: Path) -> None:
    async with editor(kind, workspace=workspace, locale="ru") as ed:
        await ed.open("test_shallow.py")
        action = await ed.action("test_shallow.py", "def test_last", "Объяснить")
        ed.client.answers.append(None)
        declined = await ed.run(action)
        assert declined["status"] == "shown"
        assert ed.text("test_shallow.py") == SHALLOW
        ed.client.answers.append("Вставить")
        accepted = await ed.run(action)
        assert accepted["status"] == "applied"
        after = ed.text("test_shallow.py")
        insertions_only(SHALLOW, after)
        compile(after, "test_shallow.py", "exec")
        assert "Проверяет" in after


async def test_a_model_adds_what_the_document_supports(workspace: Path, model: FakeModel) -> None:
    invented = {**FACT, "pointer": "/invented"}
    model.answer({"assertions": [FACT, invented]})
    async with editor("vscode", workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_shallow.py")
        result = await ed.run(await ed.action("test_shallow.py", "def test_last", "Enhance"))
        assert result["status"] == "applied", result
        assert "is not None" in ed.text("test_shallow.py")
        assert "invented" not in ed.text("test_shallow.py")
    assert len(model.requests) == 1
    assert b"test-key" not in model.requests[0].body


FAILURES = {
    "key": lambda model: model.error(401, {"code": "invalid_api_key"}),
    "quota": lambda model: model.error(429, {"type": "insufficient_quota"}),
    "rubbish": lambda model: model.garbage(),
    "prose": lambda model: model.answer("I am sorry, I cannot do that."),
    "page": lambda model: model.status(200, "<html><body>Login</body></html>"),
    "empty": lambda model: model.answer(""),
}


RETRIED = ("rubbish", "empty")
"""Failures that are worth a second try, which takes a while."""


@pytest.mark.slow
@pytest.mark.parametrize("failure", sorted(FAILURES))
async def test_a_failing_model_costs_nothing(
    failure: str, workspace: Path, model: FakeModel
) -> None:
    """The rules' result is there all the same, and one message says what to do."""
    FAILURES[failure](model)
    async with editor("vscode", workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_shallow.py", text=SHALLOW.replace("/health", "/books"))
        for title in ("Explain", "Enhance", "Generate negative")[: 1 if failure in RETRIED else 3]:
            ed.client.messages.clear()
            action = await ed.action("test_shallow.py", "def test_last", title)
            ed.client.answers.append(None)
            result = await ed.run(action)
            assert result["status"] in ("applied", "shown"), result
            assert len(ed.messages) == 1
            assert "test-key" not in ed.messages[0]
            assert "Traceback" not in ed.messages[0]
    assert model.requests


async def test_a_model_that_is_not_there_costs_nothing(workspace: Path) -> None:
    nobody = {"LLM_BASE_URL": "http://127.0.0.1:9/v1", "LLM_API_KEY": "test-key"}
    async with editor("vscode", workspace=workspace, environment=nobody) as ed:
        await ed.open("test_shallow.py")
        result = await ed.run(await ed.action("test_shallow.py", "def test_last", "Enhance"))
        assert result["status"] == "applied", result
        assert "without the model" in ed.messages[0]


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["begin", "report"])
async def test_cancel_stops_the_model_and_edits_nothing(
    moment: str, workspace: Path, model: FakeModel
) -> None:
    model.hang()
    async with editor("vscode", workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_shallow.py")
        ed.client.cancel_progress = moment
        result = await ed.run(await ed.action("test_shallow.py", "def test_last", "Enhance"))
        assert result["status"] == "cancelled"
        assert ed.text("test_shallow.py") == SHALLOW
        assert not ed.messages


@pytest.mark.slow
@pytest.mark.parametrize("kind", EDITORS[:2])
async def test_an_edit_made_meanwhile_is_respected(
    kind: str, workspace: Path, model: FakeModel
) -> None:
    """Typing above moves the edit along; typing at its place refuses it."""
    model.slow(0.5, {"assertions": [FACT]})
    async with editor(kind, workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_shallow.py")
        action = await ed.action("test_shallow.py", "def test_last", "Enhance")
        running = asyncio.ensure_future(ed.run(action))
        await asyncio.to_thread(model.arrived.wait, 10)
        above = SHALLOW.replace("магазина", "книжного 📚 магазина")
        await ed.replace("test_shallow.py", "магазина", "книжного 📚 магазина")
        result = await running
        assert result["status"] == "applied", result
        after = ed.text("test_shallow.py")
        insertions_only(above, after)
        compile(after, "test_shallow.py", "exec")


@pytest.mark.slow
@pytest.mark.parametrize("kind", EDITORS[:2])
async def test_a_test_rewritten_meanwhile_is_left_alone(
    kind: str, workspace: Path, model: FakeModel
) -> None:
    model.slow(0.5, {"assertions": [FACT]})
    async with editor(kind, workspace=workspace, environment=using(model)) as ed:
        await ed.open("test_shallow.py")
        action = await ed.action("test_shallow.py", "def test_last", "Enhance")
        running = asyncio.ensure_future(ed.run(action))
        await asyncio.to_thread(model.arrived.wait, 10)
        await ed.replace(
            "test_shallow.py", "def test_last():\n    response", "def test_last():\n    ответ"
        )
        rewritten = ed.text("test_shallow.py")
        result = await running
        assert result["status"] == "stale", result
        assert ed.text("test_shallow.py") == rewritten
        assert "changed meanwhile" in ed.messages[0]


@shared
async def test_a_half_typed_neighbour_does_not_stop_a_healthy_test(session: Session) -> None:
    broken = SHALLOW + "\n\ndef test_half():\n    r = requests.get(\n"
    await session.open("test_shallow.py", text=broken)
    action = await session.action("test_shallow.py", "def test_health", "Enhance")
    result = await session.run(action)
    assert result["status"] == "applied", result
    insertions_only(broken, session.text("test_shallow.py"))


@shared
async def test_what_cannot_be_done_is_told_and_changes_nothing(session: Session) -> None:
    """One session, since nothing is written: explanations, half-typed and foreign texts."""
    await session.open("openapi.yaml")
    explain = await session.action("openapi.yaml", "summary: Place an order", "Explain")
    assert (await session.run(explain))["status"] == "shown"

    half_typed = SHALLOW + "\n\ndef test_half():\n    r = requests.get(\n"
    await session.open("test_shallow.py", text=half_typed)
    offered = await session.code_actions("test_shallow.py", "def test_half")
    assert len(offered) == 4
    for action in offered:
        await fails(session, action, "test_half")

    await session.open("test_shallow.py", text=SHALLOW.replace("/health", "/unheard-of"))
    enhance = await session.action("test_shallow.py", "def test_last", "Enhance")
    await fails(session, enhance, "/unheard-of")

    text = (session.workspace / "openapi.yaml").read_text(encoding="utf-8")
    await session.open("openapi.yaml", text=text.replace("openapi: 3", "openapi: 4", 1))
    generate = await session.action("openapi.yaml", "summary: Ask whether", "Generate tests")
    await fails(session, generate, "Line 1")

    (session.workspace / "openapi.yaml").unlink()
    await session.close("openapi.yaml")
    await fails(session, enhance, "no OpenAPI document")
    assert not session.applied


async def fails(session: Session, action: types.CodeAction, told: str) -> None:
    session.client.messages.clear()
    result = await session.run(action)
    assert result["status"] == "failed", result
    assert session.messages == [result["message"]]
    assert told in result["message"]


RUBBISH: tuple[tuple[object, ...], ...] = (
    (),
    (None,),
    ("x",),
    ({},),
    ({"uri": 5},),
    ({"uri": "file:///none.py", "test": "t"},),
    ({"uri": "untitled:1"},),
)


async def test_rubbish_arguments_get_a_clear_message(workspace: Path) -> None:
    async with editor("vscode", workspace=workspace) as ed:
        for arguments in RUBBISH:
            ed.client.messages.clear()
            result = await ed.execute("pe4king.server.enhance", *arguments)
            assert result["status"] == "failed", arguments
            assert len(ed.messages) == 1


WRONG_SETTINGS: tuple[tuple[object, str], ...] = (
    ({"format": "junit5"}, "junit5"),
    ({"depth": "L9"}, "depth"),
    ({"client": 5}, "client"),
    ({"ai": "yes"}, "ai"),
    ("text", "pe4king"),
    ({"llm": {"endpont": "x"}}, "llm"),
)


@pytest.mark.slow
async def test_wrong_settings_name_the_entry(workspace: Path) -> None:
    async with editor("vscode", workspace=workspace) as ed:
        await ed.open("openapi.yaml")
        action = await ed.action("openapi.yaml", "summary: Ask whether", "Generate negative")
        for settings, named in WRONG_SETTINGS:
            ed.client.messages.clear()
            await ed.configure("pe4king", settings)
            await ed.run(action)
            assert len(ed.messages) == 1
            assert named in ed.messages[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    "method", ["window/showDocument", "workspace/configuration", "window/workDoneProgress/create"]
)
async def test_an_editor_that_refuses_requests_still_gets_its_edit(
    method: str, workspace: Path
) -> None:
    async with editor("vscode", workspace=workspace) as ed:
        await ed.open("openapi.yaml")
        for reaction, place in (
            (Reaction.ERROR, "summary: Ask whether"),
            (Reaction.MISSING, "summary: Place an order"),
        ):
            ed.client.reactions[method] = reaction
            action = await ed.action("openapi.yaml", place, "Generate tests")
            assert (await ed.run(action))["status"] == "applied"


async def test_an_edit_that_the_user_declines_is_told(workspace: Path, model: FakeModel) -> None:
    model.answer({"assertions": [FACT]})
    async with editor("vscode", workspace=workspace, environment=using(model)) as ed:
        ed.client.accept_edits = False
        await ed.open("test_shallow.py")
        result = await ed.run(await ed.action("test_shallow.py", "def test_last", "Enhance"))
        assert result["status"] in ("declined", "applied")
        if result["status"] == "declined":
            assert ed.text("test_shallow.py") == SHALLOW


async def test_known_commands_are_the_actions(workspace: Path) -> None:
    from pe4king_server.actions import actions
    from pe4king_server.commands.registration import ACTION_IDS

    assert tuple(actions()) == ACTION_IDS


@shared
async def test_enhance_on_an_operation_enhances_all_its_tests(session: Session) -> None:
    await session.open("openapi.yaml")
    await session.open("test_shallow.py")
    action = await session.action("openapi.yaml", "summary: Ask whether", "Enhance")
    result = await session.run(action)
    assert result["status"] == "applied", result
    assert "2 tests" in result["message"]
    after = session.text("test_shallow.py")
    insertions_only(SHALLOW, after)
    compile(after, "test_shallow.py", "exec")
    assert after.count('body["status"]') >= 2
    again = await session.run(action)
    assert again["status"] == "nothing"


@shared
async def test_enhance_on_an_operation_without_tests_writes_some(session: Session) -> None:
    (session.workspace / "test_shallow.py").unlink()
    await session.open("openapi.yaml")
    action = await session.action("openapi.yaml", "summary: Ask whether", "Enhance")
    result = await session.run(action)
    assert result["status"] == "applied", result
    assert "def test_get_health_returns_200(api):" in session.text("api-tests/test_service.py")


@shared
async def test_generate_on_a_test_writes_what_its_operation_lacks(session: Session) -> None:
    await session.open("test_shallow.py")
    action = await session.action("test_shallow.py", "def test_last", "Generate tests")
    result = await session.run(action)
    assert result["status"] == "applied", result
    assert session.text("test_shallow.py") == SHALLOW
    assert "def test_get_health_returns_200(api):" in session.text("api-tests/test_service.py")


@shared
async def test_negative_tests_of_a_generated_test_stand_beside_it(session: Session) -> None:
    await session.open("openapi.yaml")
    positive = await session.action("openapi.yaml", "summary: Place an order", "Generate tests")
    await session.run(positive)
    whole = session.text("api-tests/test_orders.py")
    start = whole.index("\n\n\n", whole.index("def test_create_order_returns_201"))
    only_positive = whole[:start].rstrip() + "\n"
    if session.client.document(session.uri("api-tests/test_orders.py")) is None:
        await session.open("api-tests/test_orders.py")
    await session.replace("api-tests/test_orders.py", whole, only_positive)
    place = "def test_create_order_returns_201"
    action = await session.action("api-tests/test_orders.py", place, "Generate negative")
    result = await session.run(action)
    assert result["status"] == "applied", result
    after = session.text("api-tests/test_orders.py")
    insertions_only(only_positive, after)
    compile(after, "test_orders.py", "exec")
    assert "def test_create_order_rejects_missing_items(api):" in after


@pytest.mark.slow
async def test_two_documents_and_a_setting_that_chooses(workspace: Path) -> None:
    text = (workspace / "openapi.yaml").read_text(encoding="utf-8")
    (workspace / "a-copy.yaml").write_text(
        text.replace("[ok, degraded]", "[fine]"), encoding="utf-8"
    )
    settings = {"pe4king": {"document": "openapi.yaml"}}
    async with editor("vscode", workspace=workspace, settings=settings) as ed:
        await ed.open("test_shallow.py")
        await ed.run(await ed.action("test_shallow.py", "def test_last", "Enhance"))
        assert "fine" not in ed.text("test_shallow.py")


@shared
async def test_java_tests_are_enhanced_with_their_line_ends(session: Session) -> None:
    source = (BOOKSTORE / "tests" / "java" / "SmokeTest.java").read_text(encoding="utf-8")
    source = source.replace("@Test", "/* 📚 проверка 🩺 */ @Test").replace("\n", "\r\n")
    (session.workspace / "SmokeTest.java").write_bytes(source.encode())
    await session.open("SmokeTest.java", text=source)
    before = session.text("SmokeTest.java")  # LSP4IJ sends its own line ends, always \n
    action = await session.action("SmokeTest.java", "void listBooks", "Enhance")
    result = await session.run(action)
    assert result["status"] == "applied", result
    after = session.text("SmokeTest.java")
    assert after.count("\n") > before.count("\n")
    assert after.count("\r\n") in (0, after.count("\n"))
    assert ("\r\n" in after) is ("\r\n" in before)
    position = 0
    for character in before:
        position = after.index(character, position) + 1
    assert '.body("items", ' in after
    negative = await session.action("SmokeTest.java", "void listBooks", "Generate negative")
    assert (await session.run(negative))["status"] == "applied"
    assert session.text("SmokeTest.java") == after
