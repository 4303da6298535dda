"""Which documented path a concrete one is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote

_VARIABLE = re.compile(r"{([^}]+)}")


@dataclass(frozen=True)
class Template:
    """A path of the document; `route` is what of it stands before a query or a fragment."""

    path: str

    @property
    def route(self) -> str:
        """The part that a request's path can be."""
        return self.path.partition("#")[0].partition("?")[0]

    @property
    def rank(self) -> tuple[int, int]:
        """Low for what says more."""
        return self.path.count("{"), -len(_VARIABLE.sub("", self.path))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = _VARIABLE.split(self.route)[::2]
        return re.compile("([^/]*)".join(re.escape(part) for part in parts))

    def values(self, target: str) -> dict[str, str] | None:
        """The values of its variables in a request's target; None where it is another path."""
        path, _, query = target.partition("?")
        match = self._pattern.fullmatch(path) or self._pattern.fullmatch(unquote(path))
        written = self.path.partition("#")[0].partition("?")[2]
        if match is None or not _asked(written, query):
            return None
        names = _VARIABLE.findall(self.route)
        return {n: unquote(v) for n, v in zip(names, match.groups(), strict=True)}


def _asked(written: str, query: str) -> bool:
    """Whether a query that the document has written into its path was sent."""
    if not written:
        return True
    sent = parse_qsl(query, keep_blank_values=True)
    return all(
        any(name == key and ("{" in text or text == value) for key, value in sent)
        for name, text in parse_qsl(written, keep_blank_values=True)
    )


class Templates:
    """The paths of a document, found by how many segments they have and by the first one."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._found: dict[tuple[int, str], list[Template]] = {}
        for each in sorted(map(Template, paths), key=lambda one: one.rank):
            self._found.setdefault(_key(each.route), []).append(each)

    def matching(self, target: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Templates with the values of their variables; what says most comes first."""
        path = target.partition("?")[0]
        count, first = _key(path)
        keys = dict.fromkeys([(count, first), (count, unquote(first)), (count, "{")])
        listed = [each for key in keys for each in self._found.get(key, ())]
        for each in sorted(listed, key=lambda one: one.rank):
            values = each.values(target)
            if values is not None:
                yield each.path, values


def _key(route: str) -> tuple[int, str]:
    segments = route.split("/")
    first = segments[1] if len(segments) > 1 else ""
    return len(segments), "{" if "{" in first else first
