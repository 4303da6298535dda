"""`pe4king providers`: which models are configured, and whether they answer."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pe4king_core.errors import UserError
from pe4king_core.model.message import Message
from pe4king_server.cli.inspect_json import print_json
from pe4king_server.cli.output import Output
from pe4king_server.cli.providers_table import print_profiles, print_types, profile_json, type_json
from pe4king_server.files import DiskFiles, workspace_of
from pe4king_server.model_setup import model_setup

if TYPE_CHECKING:
    from pe4king_adapter.config import LlmSetup, NamedProfile


def providers_command(options: argparse.Namespace, output: Output) -> int:
    """Show, test, or list types; 1 where a profile cannot be used."""
    if options.what == "types":
        return _types(options, output)
    setup = setup_here()
    if options.what == "test":
        from pe4king_server.cli.providers_check import test_profiles

        return asyncio.run(test_profiles(setup, _wanted(setup, options.name), options, output))
    chosen = _wanted(setup, options.name) if options.name else setup.profiles
    states = asyncio.run(_key_states(chosen, output.language))
    if options.json:
        print_json(_report(setup, chosen, states, output.language))
    else:
        print_profiles(setup, chosen, states, output)
        for told in setup.led_by_workspace([each.config for each in chosen if each.config]):
            output.note(told)
    return 1 if any(profile.error is not None for profile in chosen) else 0


def setup_here() -> LlmSetup:
    """What is configured for somebody who stands in the current folder. Raises ConfigError."""
    return model_setup(DiskFiles(workspace_of(Path.cwd() / "_", Path.cwd())))


def nothing_configured(setup: LlmSetup) -> UserError:
    """Why there is nobody to ask, and what to do about it."""
    if setup.off:
        return UserError(
            Message(
                f"Every model is turned off by {setup.off}.",
                f"Все модели выключены: {setup.off}.",
            ),
            next_step=Message(
                "Without a model everything comes from the documents; remove that switch to ask.",
                "Без модели всё берётся из документов; чтобы спрашивать модель, уберите это.",
            ),
            code="ai-off",
        )
    from pe4king_adapter.config.files import shown_user_file

    place = shown_user_file()
    return UserError(
        Message("No model is configured.", "Модель не настроена."),
        next_step=Message(
            "Everything else works without one. To use one, set LLM_API_KEY (and LLM_BASE_URL, "
            f"LLM_MODEL) in the environment or in .env, or write a profile to {place}:\n\n"
            '  [llm.profiles.local]\n  type = "ollama"\n  model = "qwen2.5-coder:7b"\n\n'
            "`pe4king providers types` lists the types.",
            "Всё остальное работает и без неё. Чтобы её подключить, задайте LLM_API_KEY (и "
            f"LLM_BASE_URL, LLM_MODEL) в окружении или в .env либо опишите профиль в {place}:\n\n"
            '  [llm.profiles.local]\n  type = "ollama"\n  model = "qwen2.5-coder:7b"\n\n'
            "Типы перечисляет `pe4king providers types`.",
        ),
        code="no-model",
    )


def _wanted(setup: LlmSetup, name: str) -> tuple[NamedProfile, ...]:
    return (setup.profile(name),) if name else setup.profiles


async def _key_states(profiles: tuple[NamedProfile, ...], language: str) -> dict[str, str]:
    from pe4king_server.cli.providers_keys import key_state

    found = await asyncio.gather(*(key_state(profile) for profile in profiles))
    told = (state.text(language) for state in found)
    return {profile.name: text for profile, text in zip(profiles, told, strict=True)}


def _report(
    setup: LlmSetup, chosen: tuple[NamedProfile, ...], states: dict[str, str], language: str
) -> dict[str, Any]:
    return {
        "off": setup.off,
        "active": setup.active,
        "fallbacks": list(setup.fallbacks),
        "tasks": {task: list(names) for task, names in setup.tasks.items()},
        "profiles": [profile_json(setup, p, states[p.name], language) for p in chosen],
    }


def _types(options: argparse.Namespace, output: Output) -> int:
    from pe4king_adapter.registry import built_in_profiles, provider_types

    known = {profile.type: profile for profile in built_in_profiles()}
    if options.json:
        plugins = [{"type": name} for name in provider_types() if name not in known]
        types = [type_json(profile, output.language) for profile in known.values()]
        print_json({"types": [*types, *plugins]})
        return 0
    plugins_only = [name for name in provider_types() if name not in known]
    print_types(list(known.values()), plugins_only, output)
    return 0
