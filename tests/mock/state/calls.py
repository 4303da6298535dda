"""Calls of a service in this process; a validator that is not ours judges every answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pe4king_core.mock.contract.exchanges import ExchangeJudge
from pe4king_core.mock.exchange import Exchange, Sent
from pe4king_core.mock.mutant import Mutant
from pe4king_core.mock.service import Options, Service
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.json import Json
from pe4king_core.model.operation import ApiDocument
from pe4king_core.openapi import load
from pe4king_core.openapi.parsing.reading import read
from tests.conftest import ROOT
from tests.e2e.hotel.app import hotel_app

BOOKSTORE = ROOT / "examples" / "bookstore" / "openapi.yaml"
_CREDENTIALS = (("X-API-Key", "k"), ("api_key", "k"), ("Authorization", "Bearer t"))


@cache
def bookstore() -> str:
    return BOOKSTORE.read_text(encoding="utf-8")


@cache
def hotel() -> str:
    return json.dumps(hotel_app().openapi())


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def written(paths: Mapping[str, Any], **more: Any) -> str:
    """A document with these `paths`."""
    info = {"title": "T", "version": "1"}
    return json.dumps({"openapi": "3.1.0", "info": info, "paths": paths, **more})


def answers(schema: Any, status: str = "200", **more: Any) -> dict[str, Any]:
    """The documented responses: one with a body, and 404."""
    content = {"application/json": {"schema": schema}}
    return {
        status: {"description": "", "content": content, **more},
        "404": {"description": ""},
    }


def takes(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": schema}}}


def named(name: str, schema: Any, place: str = "path") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: Any


class Calls:
    """Sends requests to a service; answers that break the document fail the test."""

    def __init__(
        self,
        text: str,
        *,
        seed: int = 1,
        unknown: Unknown = Unknown.INVENTED,
        base: str = "",
    ) -> None:
        self.document: ApiDocument = load(text, "file:///document.yaml")
        self.service = Service(self.document, Options(seed=seed, unknown=unknown))
        raw = read(text)
        assert isinstance(raw, dict)
        self._judge = ExchangeJudge(raw, (base,) if base else ())
        self._base = base
        self._removed: set[str] = set()

    def use(self, mutant: Mutant | None) -> None:
        """Breaks the service this way."""
        self.service.mutant = mutant

    def __call__(
        self, method: str, target: str, body: Json = None, *, media: str = "application/json"
    ) -> Reply:
        headers = [*_CREDENTIALS, ("Host", "localhost"), ("Accept", "application/json, */*;q=0.1")]
        content = b"" if body is None else json.dumps(body).encode()
        if body is not None:
            headers += [("Content-Type", media), ("Content-Length", str(len(content)))]
        if target.startswith("/orders"):
            headers.append(("Idempotency-Key", "0e4b7a1d-5c39-4c0e-b7f2-93a85d10c6aa"))
        sent = Sent(method, self._base + target, tuple(headers), content)
        answer = self.service.answer(sent).answer
        faults = self._judge.faults(Exchange(sent, answer), removed=self._removed)
        assert not faults, f"{method} {unquote(target)}: {faults}"
        if method == "DELETE" and answer.status < 300:
            self._removed.add(sent.path)
        try:
            value = json.loads(answer.body)
        except ValueError:
            value = answer.body
        return Reply(answer.status, {n.lower(): v for n, v in answer.headers}, value)
