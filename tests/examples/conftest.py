"""The bookstore on a free port, and its document."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from types import ModuleType

import httpx
import pytest
from bookstore_contract import BOOKSTORE, Contract, load_document
from bookstore_requests import Shop


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract(load_document())


@pytest.fixture(scope="session")
def service() -> ModuleType:
    """`service.py`, loaded by its path as an installed copy would be."""
    specification = importlib.util.spec_from_file_location(
        "bookstore_service", BOOKSTORE / "service.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def base_url(service: ModuleType) -> Iterator[str]:
    with service.BookstoreServer(port=0) as server:
        yield server.base_url


@pytest.fixture(scope="module")
def shop(base_url: str, contract: Contract) -> Iterator[Shop]:
    with httpx.Client(base_url=base_url, timeout=10) as client:
        yield Shop(client, contract)
