"""Which edge values are worth sending: a document allows more than a service has a meaning for."""

from __future__ import annotations

from pe4king_core.generation.proofs.boundaries import WITH_CALENDAR, Boundary
from pe4king_core.generation.proofs.ranking import Worth
from pe4king_core.generation.resources.fresh import is_fresh
from pe4king_core.generation.wording import words_of
from pe4king_core.model.json import Json
from pe4king_core.model.schema import Schema

# fmt: off
_REFERENCES = frozenset({
    "id", "ids", "uuid", "guid", "key", "keys", "token", "tokens", "cursor", "ref", "reference",
    "sha", "hash", "etag", "slug", "code", "codes", "user", "owner", "org", "organization", "repo",
    "repository", "project", "namespace", "commit", "branch", "tag", "secret", "signature",
})
_WRITTEN = frozenset({
    "url", "urls", "uri", "link", "path", "paths", "file", "filename", "directory", "address",
    "host", "hostname", "domain", "ip", "email", "phone", "currency", "country", "region", "locale",
    "language", "timezone", "zone", "username", "login", "password", "after", "before", "since",
    "until", "sku", "isbn", "ean", "iban", "bic", "vat", "version", "number", "type", "status",
    "state", "role", "scope", "format", "mode", "kind", "sort", "order", "direction", "date",
    "time", "at", "mime", "color", "cron",
})
_PROSE = frozenset({
    "title", "subtitle", "heading", "headline", "name", "names", "label", "labels", "description",
    "comment", "comments", "message", "note", "notes", "text", "summary", "subject", "caption",
    "content", "bio", "about", "reason", "details", "remark", "question", "answer", "review",
    "feedback", "author", "authors", "city", "street", "company", "topic", "instructions", "task",
    "название", "имя", "фамилия", "отчество", "заголовок", "описание", "комментарий", "сообщение",
    "примечание", "заметка", "текст", "тема", "причина", "отзыв", "вопрос", "ответ", "город",
    "улица", "адрес", "компания", "автор",
})
# fmt: on
"""Last words of names whose values mean something that has to exist, and of texts that are
written by a rule which the schema does not state; then of those that people write freely."""
_SPELLED = frozenset(
    {"domain", "subdomain", "host", "hostname", "zone", "namespace", "bucket", "branch", "repo"}
    | {"repository", "container", "image", "network", "volume", "secret", "config", "variable"}
    | {"slug", "key", "node", "cluster", "database", "table", "index", "queue", "stream"}
)
"""Resources whose names computers read."""
_MOST_VALUES = 12
_MOST_TEXTS = 3
_MOST = 100


def is_reference(name: str, value: Json) -> bool:
    """Whether only some of the values that the document allows can mean anything."""
    last = words_of(name)[-1:]
    if not last:
        return False
    return last[0] in _REFERENCES or (isinstance(value, str) and last[0] in _WRITTEN)


def is_prose(name: str) -> bool:
    """Whether people write what they like there, in any script."""
    return any(word in _PROSE for word in words_of(name.removesuffix(" item"))[-1:])


def is_free(schema: Schema) -> bool:
    """Whether the schema leaves it to the server which texts mean something."""
    return schema.enum is None and schema.format not in WITH_CALENDAR


class EdgeLimits:
    """Counts what one operation has already: a few cases of a kind tell as much as all."""

    __slots__ = ("_left", "_scripts", "_things", "_values")

    def __init__(self, things: frozenset[str] = frozenset()) -> None:
        self._things = things
        self._values = 0
        self._left = _MOST
        self._scripts: list[str] = []

    def wants(self, name: str, boundary: Boundary, place: str) -> bool:
        """Whether the case of the field `name` at `place` is wanted."""
        if self._left <= 0 or is_fresh(name):
            return False
        if boundary.worth is Worth.ENUM_VALUE:
            self._values += 1
            return self._take(wanted=self._values <= _MOST_VALUES)
        if not boundary.anywhere and is_reference(name, boundary.value):
            return False
        if boundary.worth is Worth.UNICODE:
            return self._take(wanted=self._is_prose(name) and self._wants_script(place))
        return self._take(wanted=True)

    def _is_prose(self, name: str) -> bool:
        """The name of a domain is a domain."""
        spelled = not _SPELLED.isdisjoint(self._things) and words_of(name)[-1:] == ("name",)
        return is_prose(name) and not spelled

    def _wants_script(self, place: str) -> bool:
        """All scripts in the first text, one in the next ones."""
        again = place in self._scripts
        self._scripts.append(place)
        others = len(set(self._scripts))
        return others == 1 or (not again and others <= _MOST_TEXTS)

    def _take(self, *, wanted: bool) -> bool:
        self._left -= wanted
        return wanted
