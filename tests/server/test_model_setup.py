"""Profiles in the editor and on the command line: whom each action asks, and what is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from tests.adapter.fake_server import FakeModel
from tests.conftest import ROOT
from tests.lsp_kit.session import editor


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "bookstore" / "openapi.yaml", folder)
    shutil.copy(ROOT / "examples" / "bookstore" / "tests" / "test_smoke.py", folder)
    return folder


@pytest.fixture
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake.answer({"assertions": []})


def configured(tmp_path: Path, text: str) -> dict[str, str]:
    """The environment of a user whose file says `text`."""
    file = tmp_path / "config" / "pe4king" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}


def profile(name: str, url: str) -> str:
    return (
        f'[llm.profiles.{name}]\ntype = "openai-compatible"\nendpoint = "{url}"\n'
        f'model = "{name}"\ntimeout = 5\n'
    )


async def run(
    workspace: Path, environment: dict[str, str], *titles: str, settings: object = None
) -> list[str]:
    """What was told after the actions with these titles."""
    async with editor(
        "vscode",
        workspace=workspace,
        environment=environment,
        settings=None if settings is None else {"pe4king": settings},
    ) as ed:
        await ed.open("test_smoke.py")
        for title in titles:
            result = await ed.run(await ed.action("test_smoke.py", "def test_", title))
            assert result["status"] in ("applied", "shown", "nothing"), result
        return list(ed.messages)


@pytest.mark.slow
async def test_each_task_asks_its_own_profile(
    workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    environment = configured(
        tmp_path,
        '[llm]\nactive = "work"\n[llm.tasks]\nexplain = "local"\nnegative = "offline"\n'
        + profile("work", model.base_url)
        + profile("local", model.base_url),
    )
    await run(workspace, environment, "Generate negative", "Enhance", "Explain")
    models = [request.json["model"] for request in model.requests]
    assert models[0] == "work"
    assert set(models[1:]) == {"local"}


@pytest.mark.slow
async def test_a_fallback_answers_for_a_profile_that_does_not(
    workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    environment = configured(
        tmp_path,
        '[llm]\nactive = "work"\nfallbacks = ["local"]\n'
        + profile("work", "http://127.0.0.1:9/v1")
        + profile("local", model.base_url),
    )
    messages = await run(workspace, environment, "Enhance")
    assert [request.json["model"] for request in model.requests] == ["local"]
    assert "without the model" not in "".join(messages)


@pytest.mark.slow
async def test_a_broken_file_costs_only_the_model(workspace: Path, tmp_path: Path) -> None:
    environment = configured(tmp_path, "[llm]\nactive = work\n")
    (told,) = await run(workspace, environment, "Enhance")
    assert "config.toml:2:10: this is no valid TOML." in told
    assert "without the model" in told


@pytest.mark.slow
async def test_a_workspace_that_leads_the_users_profile_elsewhere(
    workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    environment = configured(tmp_path, '[llm.profiles.work]\ntype = "qwen"\nmodel = "m"\n')
    elsewhere = {"llm": {"profiles": {"work": {"endpoint": model.base_url}}}}
    (told,) = await run(workspace, environment, "Enhance", settings=elsewhere)
    assert "the key is yours: it is not sent there" in told
    assert "config.toml" in told
    assert model.requests == []


@pytest.mark.slow
async def test_one_switch(workspace: Path, tmp_path: Path, model: FakeModel) -> None:
    (workspace / ".pe4king.toml").write_text("[llm]\nenabled = false\n")
    environment = configured(tmp_path, profile("work", model.base_url))
    await run(workspace, environment, "Enhance", "Explain")
    assert model.requests == []


async def test_what_a_client_sends_later_takes_the_place_of_its_start_options(
    workspace: Path, tmp_path: Path, model: FakeModel
) -> None:
    def own(name: str) -> dict[str, object]:
        flat = {"type": "openai-compatible", "endpoint": model.base_url, "model": name}
        return {"userSettings": {"llm": flat}}

    async with editor(
        "vscode",
        workspace=workspace,
        environment=configured(tmp_path, ""),
        initialization_options=own("first"),
    ) as ed:
        await ed.open("test_smoke.py")
        for name in ("first", "second"):
            if name == "second":
                changed = types.DidChangeConfigurationParams(settings=own(name))
                ed.client.workspace_did_change_configuration(changed)
            await ed.run(await ed.action("test_smoke.py", "def test_", "Explain"))
            assert model.requests[-1].json["model"] == name
