"""Validators for the schemas of one document, made when they are first needed and kept.

What a schema reaches may be most of a document (everything in Stripe's leads everywhere). Beyond
a limit only what speaks of the members that a value really has is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from pe4king_core.mock.contract.conversion import Conversion, TooLargeError
from pe4king_core.mock.contract.pointers import UnjudgedError, resolved

__all__ = ["Schemas", "UnjudgedError", "is_one_of", "pointer", "resolved"]

_MOST_REFERENCES = 60
_MOST_VALIDATORS = 8
"""For values of different members, of one schema."""


def pointer(*parts: object) -> str:
    """A JSON pointer as it stands in a reference."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join("/" + quote(part, safe="~!$&'()*+,;=:@-._") for part in escaped)


class Schemas:
    """The schemas of one document, as they hold of requests and of answers. Thread-safe."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._requests = _Direction(Conversion(document, "readOnly"))
        self._answers = _Direction(Conversion(document, "writeOnly"))

    def in_request(self, schema: Any, value: Any) -> bool:
        """Whether `value` may be sent where `schema` is asked for."""
        return self._requests.is_valid(schema, value)

    def in_answer(self, schema: Any, value: Any) -> bool:
        """Whether `value` may be answered where `schema` is promised."""
        return self._answers.is_valid(schema, value)

    def why_not_sent(self, schema: Any, value: Any) -> str:
        """The first thing wrong with a request."""
        return self._requests.first_error(schema, value)

    def why(self, schema: Any, value: Any) -> str:
        """The first thing wrong with an answer."""
        return self._answers.first_error(schema, value)


class _Direction:
    """Validators for one direction, by the schema they are for."""

    def __init__(self, conversion: Conversion) -> None:
        self._conversion = conversion
        self._lock = RLock()
        self._known: dict[object, _Validators] = {}

    def is_valid(self, schema: Any, value: Any) -> bool:
        with _told():
            return bool(self._validator(schema, value).is_valid(value))

    def first_error(self, schema: Any, value: Any) -> str:
        with _told():
            error = next(self._validator(schema, value).iter_errors(value), None)
        if error is None:
            return ""
        place = "/".join(str(part) for part in error.instance_path)
        return f"/{place}: {error.message}"[:300]

    def _validator(self, schema: Any, value: Any) -> Any:
        key: object = id(schema)
        if isinstance(schema, dict) and len(schema) == 1 and isinstance(schema.get("$ref"), str):
            key = schema["$ref"]
        found = self._known.get(key)
        if found is None:
            with self._lock:
                found = self._known.setdefault(key, _Validators(schema, self._conversion))
        with self._lock:
            return found.for_value(value)


class _Validators:
    """The validators of one schema: one for all values, or some for values of certain members."""

    def __init__(self, schema: Any, conversion: Conversion) -> None:
        self.schema = schema  # keeps its id from being given to another one
        self._conversion = conversion
        self._pruned: list[tuple[frozenset[str], Any]] = []
        self._names: frozenset[str] = frozenset()
        self._whole: Any = None
        self._failed: UnjudgedError | None = None
        self._is_large = False

    def for_value(self, value: Any) -> Any:
        """The validator for a value; the same error each time where there is none."""
        if self._failed is not None:
            raise self._failed
        if self._whole is None and not self._is_large:
            try:
                self._whole = _compiled(self._conversion.whole(self.schema, _MOST_REFERENCES))
            except TooLargeError:
                self._is_large = True
            except UnjudgedError as error:
                self._failed = error
                raise
        return self._for_members(value) if self._is_large else self._whole

    def _for_members(self, value: Any) -> Any:
        names = frozenset(_member_names(value))
        for left, validator in self._pruned:
            if names.isdisjoint(left):
                return validator
        pruned = self._conversion.pruned(self.schema, self._names | names)
        self._names = pruned.kept
        validator = _compiled(pruned.schema)
        self._pruned = [(pruned.left, validator), *self._pruned[: _MOST_VALIDATORS - 1]]
        return validator


def _member_names(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _compiled(schema: Any) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, ignore_unknown_formats=True, offline=True
        )
    except (ValueError, TypeError, jsonschema_rs.ValidationError) as error:
        raise UnjudgedError(str(error)[:200]) from error


@contextmanager
def _told() -> Iterator[None]:
    """What the validator cannot do with a schema or a value is told in one way."""
    try:
        yield
    except (ValueError, TypeError, RecursionError, jsonschema_rs.ValidationError) as error:
        raise UnjudgedError(f"{type(error).__name__}: {error}"[:200]) from error


def is_one_of(value: str, names: Sequence[str]) -> bool:
    """Whether a media type is one of `names`, ranges such as `image/*` included."""
    plain = value.split(";", maxsplit=1)[0].strip().lower()
    return any(_covers(name.split(";")[0].strip().lower(), plain) for name in names)


def _covers(name: str, plain: str) -> bool:
    main, _, sub = name.partition("/")
    return name in (plain, "*/*", "*") or (sub == "*" and plain.startswith(main + "/"))
