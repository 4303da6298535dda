"""The OpenAPI grammar as data: which kinds of objects there are, and which fields each may have.

Source: the tables "Fixed Fields" and "Patterned Fields" of the OpenAPI specifications 2.0,
3.0.4, 3.1.1 and 3.2.0. The tables themselves are in `grammar_tables`; here is what they are made
of, and `grammar_of`, which gives the tables of one version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class ElementKind(StrEnum):
    """What an element of a document is."""

    DOCUMENT = "document"
    INFO = "info"
    CONTACT = "contact"
    LICENSE = "license"
    SERVER = "server"
    SERVER_VARIABLE = "server variable"
    PATHS = "paths"
    PATH_ITEM = "path item"
    OPERATION = "operation"
    PARAMETER = "parameter"
    REQUEST_BODY = "request body"
    MEDIA_TYPE = "media type"
    ENCODING = "encoding"
    RESPONSES = "responses"
    RESPONSE = "response"
    HEADER = "header"
    EXAMPLE = "example"
    LINK = "link"
    CALLBACK = "callback"
    SCHEMA = "schema"
    DISCRIMINATOR = "discriminator"
    XML = "xml"
    SECURITY_SCHEME = "security scheme"
    FLOWS = "flows"
    FLOW = "flow"
    SECURITY_REQUIREMENT = "security requirement"
    TAG = "tag"
    EXTERNAL_DOCS = "external documentation"
    COMPONENTS = "components"
    # What is no object of the specification, but may stand under a cursor.
    PROPERTY = "schema property"
    KEYWORD = "schema keyword"
    GROUP = "group"
    FIELD = "field"
    VALUE = "value"
    EXTENSION = "extension"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """How often the thing that a field speaks of stands in it."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


class ValueType(StrEnum):
    """The type of a value that is no object of the specification."""

    ANY = "any"
    STRING = "string"
    BOOLEAN = "boolean"
    NUMBER = "number"
    COUNT = "count"
    """An integer that is not negative."""
    NUMBER_OR_BOOLEAN = "number or boolean"
    STRING_OR_LIST = "string or list"
    STRING_OR_BOOLEAN = "string or boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `kind` where its content is an object of the specification, else `value`.

    `since` and `until` are the versions of OpenAPI 3 that have it. An `open` field of a kind may
    also hold what is no mapping (`items` as a list, `additionalProperties` as a boolean).
    """

    form: Form = Form.ONE
    kind: ElementKind | None = None
    value: ValueType = ValueType.ANY
    required: bool = False
    choices: frozenset[str] = frozenset()
    since: str = "2.0"
    until: str = "3.2"
    open: bool = False

    def exists_in(self, version: str) -> bool:
        """Whether `version` (a name of `VERSIONS`) has this field."""
        return self.since <= version <= self.until


@dataclass(frozen=True, slots=True)
class ObjectGrammar:
    """One kind of object in one version.

    `members` is the form of fields that `fields` does not name (paths, status codes, names of
    components); `reference` says whether `$ref` may stand in its place; `required` names the fields
    that must be there.
    """

    kind: ElementKind
    fields: Mapping[str, Field]
    members: Field | None = None
    reference: bool = False
    extensions: bool = True
    required: tuple[str, ...] = ()


Grammar = Mapping[ElementKind, ObjectGrammar]

VERSIONS = ("2.0", "3.0", "3.1", "3.2")
"""The versions of which tables exist."""

METHOD_FIELDS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""Fields of a path item that are operations; `query` since 3.2."""


def version_of(specification: str) -> str:
    """The table that is used for `specification`: "3.0.3" is "3.0", "3.7" is the newest."""
    if specification.startswith("2"):
        return "2.0"
    return next((name for name in VERSIONS[1:] if specification.startswith(name)), "3.2")


def string(*choices: str, required: bool = False) -> Field:
    """A text, one of `choices` where there are any."""
    return Field(value=ValueType.STRING, choices=frozenset(choices), required=required)


def strings(*choices: str) -> Field:
    """A list of texts."""
    return Field(Form.LIST, value=ValueType.STRING, choices=frozenset(choices))


def named_strings(*, required: bool = False) -> Field:
    """A mapping of names to texts."""
    return Field(Form.MAP, value=ValueType.STRING, required=required)


def one(kind: ElementKind, *, required: bool = False) -> Field:
    """An object of `kind`."""
    return Field(Form.ONE, kind, required=required)


def many(kind: ElementKind) -> Field:
    """A list of objects of `kind`."""
    return Field(Form.LIST, kind)


def named(kind: ElementKind, *, required: bool = False) -> Field:
    """A mapping of names to objects of `kind`."""
    return Field(Form.MAP, kind, required=required)


def since(version: str, field: Field) -> Field:
    """`field`, which older versions do not have."""
    return replace(field, since=version)


def until(version: str, field: Field) -> Field:
    """`field`, which newer versions do not have or do not demand."""
    return replace(field, until=version)


BOOLEAN = Field(value=ValueType.BOOLEAN)
ANY = Field()
