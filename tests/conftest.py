"""What all tests share: where real documents are, and a clean environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Machines differ in speed: no time limits on examples. In CI the same examples every time.
settings.register_profile(
    "pe4king",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("pe4king")


@pytest.fixture(autouse=True)
def clean_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No key, model or language of the developer's machine reaches a test."""
    for name in (
        "LLM_API_KEY",
        "LLM_BASE_URL",
        "LLM_MODEL",
        "USE_REAL_LLM",
        "PE4KING_LANG",
        "PE4KING_REMOTE_REFERENCES",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / name.lower()))


@pytest.fixture(scope="session")
def shared_specs() -> Path:
    """Real OpenAPI documents beside the checkout; tests that need them are skipped without."""
    folder = Path(os.environ.get("PE4KING_SHARED", ROOT.parent / "shared")) / "specs"
    if not folder.is_dir():
        pytest.skip(
            f"no real documents: PE4KING_SHARED or {folder.parent.name}/ beside the checkout"
        )
    return folder


@pytest.fixture(scope="session")
def bookstore_service() -> Iterator[str]:
    """The base URL of a running bookstore."""
    from pe4king_server.cli.bookstore import Bookstore

    with Bookstore() as service:
        yield service.base_url
