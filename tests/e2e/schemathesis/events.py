"""What a run of schemathesis found, read from its report of events (NDJSON)."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pe4king_core.mock.exchange import Answer, Sent

_CANNOT = frozenset({"Unsatisfiable", "SerializationNotPossible", "InvalidSchema"})
"""Errors of schemathesis that say it cannot make requests."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed, with the request and the answer that it looked at."""

    check: str
    operation: str
    message: str
    sent: Sent
    answer: Answer
    case: Mapping[str, Any]
    """What was generated, and how: its `meta` names the mode, phase, scenario and place."""

    @property
    def is_negative(self) -> bool:
        """Whether schemathesis means the request to be wrong."""
        return bool(self.case["meta"]["generation"]["mode"] == "negative")

    def __str__(self) -> str:
        return (
            f"{self.check}: {self.operation}: {self.message}\n"
            f"    {self.sent.method} {self.sent.target} {list(self.sent.headers)} "
            f"{self.sent.body[:600]!r}\n    {self.answer.status} {self.answer.body[:600]!r}"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one document.

    `untested` says what schemathesis cannot make requests for, `broken` why it did not get to the
    end.
    """

    cases: int = 0
    checks: int = 0
    failures: tuple[Failure, ...] = ()
    untested: tuple[str, ...] = ()
    broken: str = ""


def verdict(report: Path, printed: str) -> Verdict:
    """The verdict told by `report`; `printed` is what the program said otherwise."""
    if not report.exists():
        return Verdict(broken=printed[-1500:])
    events = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    found: dict[tuple[str, ...], Failure] = {}
    cases = checks = 0
    for record in _records(events):
        cases += len(record["cases"])
        for case, results in record["checks"].items():
            checks += len(results)
            for each in results:
                if each["status"] == "failure":
                    failure = _failure(each, record, case)
                    found.setdefault((failure.check, failure.operation, failure.message), failure)
    ended = any("EngineFinished" in event for event in events)
    wrong = [event["NonFatalError"] for event in events if "NonFatalError" in event]
    untested = tuple(_told(each) for each in wrong if each["value"]["type"] in _CANNOT)
    others = [_told(each) for each in wrong if each["value"]["type"] not in _CANNOT]
    broken = "\n".join(others) or ("" if ended else printed[-1500:])
    return Verdict(cases, checks, tuple(found.values()), untested, broken)


def _told(error: Mapping[str, Any]) -> str:
    value = error["value"]
    return f"{error.get('label', '')}: {value['type']}: {value.get('message', '')}"[:300]


def _records(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        record = event.get("ScenarioFinished", {}).get("recorder", {})
        if "checks" in record:
            yield record


def _failure(result: Mapping[str, Any], record: Mapping[str, Any], case: str) -> Failure:
    told = result["failure_info"]["failure"]
    interaction = record["interactions"].get(case, {})
    request, answer = interaction.get("request") or {}, interaction.get("response") or {}
    url = urlsplit(request.get("uri", ""))
    target = f"{url.path}?{url.query}" if url.query else url.path
    return Failure(
        result["name"],
        told["operation"],
        told["message"],
        Sent(request.get("method", ""), target, _headers(request), _bytes(request.get("body"))),
        Answer(answer.get("status_code", 0), _headers(answer), _bytes(answer.get("content"))),
        record["cases"][case]["value"],
    )


def _headers(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in told.get("headers", {}).items() for value in values]


def _bytes(told: Mapping[str, str] | None) -> bytes:
    return b64decode(told["$base64"]) if told else b""
