"""JSON objects of the control room as scripts, options and mutants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from pe4king_core.mock.answers.variations import Variety
from pe4king_core.mock.mutant import Law, Mutant, MutantKind
from pe4king_core.mock.scripts import Listed, Script
from pe4king_core.mock.service import Options
from pe4king_core.mock.state.unknown import Unknown
from pe4king_core.model.operation import ApiDocument

_LONGEST_DELAY = 600_000.0
_ENDLESS = 10**9
"""Numbers from here on are no bound that anybody meets."""
_SCRIPT = frozenset(
    {"operation", "method", "path", "status", "body", "members", "headers", "mediaType", "delay"}
    | {"nth", "times", "always"}
)
_CHANGES = frozenset({"status", "body", "members", "headers", "mediaType", "delay"})
_OPTIONS = frozenset({"document", "seed", "variety", "lenient", "unknown", "delay", "fail"})


class CommandError(Exception):
    """What was asked for cannot be done; the text says why."""


def text(told: Mapping[str, Any], name: str) -> str:
    """The text called `name`; empty where there is none."""
    found = told.get(name) or ""
    if not isinstance(found, str):
        raise CommandError(f"`{name}` has to be a text.")
    return found


def whole_number(
    told: Mapping[str, Any], name: str, *, least: int, usual: int, most: int = 2**63
) -> int:
    """The whole number called `name`, also as digits."""
    found = told.get(name, usual)
    if isinstance(found, str) and found.isdecimal() and len(found) < 20:
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        span = f"from {least} on" if most >= _ENDLESS else f"from {least} to {most}"
        raise CommandError(f"`{name}` has to be a whole number {span}.")
    return found


def number(told: Mapping[str, Any], name: str, usual: float, most: float) -> float:
    """The number called `name`, from 0 to `most`."""
    return _number(told.get(name, usual), name, most)


def flag(told: Mapping[str, Any], name: str, usual: bool) -> bool:
    """The truth value called `name`."""
    found = told.get(name, usual)
    if not isinstance(found, bool):
        raise CommandError(f"`{name}` has to be true or false.")
    return found


def scripts_of(told: Mapping[str, Any], document: ApiDocument) -> list[Script]:
    """The objects in `scripts`; one object alone is a script as well."""
    listed = told.get("scripts")
    if listed is None:
        listed = [{name: value for name, value in told.items() if name != "document"}]
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise CommandError("`scripts` has to be a list of objects.")
    return [_script(each, document) for each in listed]


def _variety(told: Mapping[str, Any], usual: Variety) -> Variety:
    found = told.get("variety", str(usual))
    if found not in [str(each) for each in Variety]:
        raise CommandError(f"`variety` has to be one of: {', '.join(map(str, Variety))}.")
    return Variety(found)


def the_options(told: Mapping[str, Any], before: Options) -> Options:
    """`before` with what is told."""
    _only(told, _OPTIONS)
    unknown = told.get("unknown", str(before.unknown))
    if unknown not in [str(each) for each in Unknown]:
        raise CommandError(f"`unknown` has to be one of: {', '.join(map(str, Unknown))}.")
    return replace(
        before,
        seed=whole_number(told, "seed", least=0, usual=before.seed),
        variety=_variety(told, before.variety),
        lenient=flag(told, "lenient", before.lenient),
        unknown=Unknown(unknown),
        delay=_delay(told["delay"]) if "delay" in told else before.delay,
        fail_rate=number(told, "fail", before.fail_rate, 1.0),
    )


def script_parts(listed: Listed) -> dict[str, Any]:
    """A script as it would be sent, with its number and how often it has played."""
    script = listed.script
    parts: dict[str, Any] = {
        "status": script.status,
        "members": dict(script.members),
        "headers": dict(script.headers),
        "mediaType": script.media_type,
        "delay": script.delay,
        "nth": script.nth,
        "times": script.times,
        "always": script.always,
    }
    told = {name: value for name, value in parts.items() if value}
    body = {"body": script.body} if script.has_body else {}
    named = {"id": listed.number, "operation": script.operation}
    return {**named, **told, **body, "played": listed.played}


def mutant_parts(mutant: Mutant) -> dict[str, Any]:
    """A mutant as it is listed."""
    parts = {name: value for name, value in asdict(mutant).items() if value not in (None, "")}
    return {**parts, "kind": str(mutant.kind)}


def mutant_of(told: Mapping[str, Any]) -> Mutant:
    """A mutant as it was listed."""
    try:
        kind = MutantKind(text(told, "kind"))
        law = Law(text(told, "law")) if told.get("law") else None
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    texts = ("name", "operator", "operation", "place", "status", "subject")
    name, operator, operation, place, status, subject = (text(told, each) for each in texts)
    return Mutant(name, kind, operator, operation, place, status, subject, law, told.get("value"))


def _script(told: Mapping[str, Any], document: ApiDocument) -> Script:
    _only(told, _SCRIPT)
    members, headers = told.get("members", {}), told.get("headers", {})
    if not isinstance(members, dict) or not isinstance(headers, dict):
        raise CommandError("`members` and `headers` have to be objects.")
    operation = _operation(told, document)
    if not told.keys() & _CHANGES:
        names = ", ".join(f"`{name}`" for name in sorted(_CHANGES))
        raise CommandError(f"The script changes nothing; it needs one of {names}.")
    return Script(
        operation,
        _count(told, "status", least=200, most=599),
        told.get("body"),
        "body" in told,
        members,
        tuple((name, str(value)) for name, value in headers.items()),
        text(told, "mediaType"),
        number(told, "delay", 0.0, _LONGEST_DELAY),
        _count(told, "nth"),
        _count(told, "times"),
        flag(told, "always", False),
    )


def _operation(told: Mapping[str, Any], document: ApiDocument) -> str:
    """The name of the calls: an operation that is documented, or a method and a path."""
    if "path" in told:
        return f"{text(told, 'method').upper() or 'GET'} {text(told, 'path')}"
    name = text(told, "operation")
    if not name:
        raise CommandError("`operation` is missing (or `method` and `path`).")
    if document.operation(name) is None:
        raise CommandError(
            f"There is no operation {name!r}; `operation` is a key such as `GET /books` or an"
            " operationId. Calls by their path have `method` and `path` instead."
        )
    return name


def _count(told: Mapping[str, Any], name: str, *, least: int = 1, most: int = 10**9) -> int | None:
    if told.get(name) is None:
        return None
    return whole_number(told, name, least=least, usual=least, most=most)


def _delay(value: Any) -> tuple[float, float]:
    bounds: Sequence[Any] = value if isinstance(value, list) else [value, value]
    if len(bounds) != 2:
        raise CommandError("`delay` has to be milliseconds, or the least and the most of them.")
    least, most = (_number(each, "delay", _LONGEST_DELAY) for each in bounds)
    if least > most:
        raise CommandError("`delay` has to be the least milliseconds, then the most.")
    return least, most


def _number(found: Any, name: str, most: float) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= most:
        raise CommandError(f"`{name}` has to be a number from 0 to {most:g}.")
    return float(found)


def _only(told: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in told:
        if name not in known:
            raise CommandError(f"There is no `{name}`, only {', '.join(sorted(known))}.")
