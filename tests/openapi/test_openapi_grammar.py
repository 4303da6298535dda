"""The grammar: tables that hold together, and what every pointer of a document names."""

from __future__ import annotations

import pytest

from pe4king_core.openapi.checks.elements import describe, kind_of
from pe4king_core.openapi.checks.grammar import VERSIONS, ElementKind, version_of
from pe4king_core.openapi.checks.grammar_tables import grammar_of, versions_with
from pe4king_core.openapi.schema.vocabulary import READ, vocabulary

K = ElementKind
DATA = {
    "openapi": "3.1.0",
    "paths": {
        "/books/{id}": {
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"$ref": "#/components/parameters/Page~1Size"},
                ],
                "responses": {200: {"description": "ok"}},
            }
        }
    },
    "tags": [{"name": "books"}],
}
GET = "/paths/~1books~1{id}/get"
JSON = "content/application~1json"
A = "/components/schemas/A"


@pytest.mark.parametrize(
    ("pointer", "kind", "name", "en", "ru"),
    [
        ("", K.DOCUMENT, "", "document", "документ"),
        ("/paths/~1books~1{id}", K.PATH_ITEM, "/books/{id}", "path item `/books/{id}`", None),
        (GET, K.OPERATION, "GET", "GET /books/{id}", "операция GET /books/{id}"),
        (
            f"{GET}/parameters/0",
            K.PARAMETER,
            "limit",
            "parameter `limit` of GET /books/{id}",
            "параметр `limit` операции GET /books/{id}",
        ),
        (f"{GET}/parameters/1", K.PARAMETER, "Page/Size", None, None),
        (f"{GET}/parameters/7", K.PARAMETER, "8", None, None),
        (f"{GET}/parameters", K.GROUP, "parameters", None, None),
        (f"{GET}/parameters/0/in", K.FIELD, "in", None, None),
        (
            f"{GET}/parameters/0/schema/type",
            K.KEYWORD,
            "type",
            "keyword `type` of parameter `limit` of GET /books/{id}",
            "ключевое слово `type` параметра `limit` операции GET /books/{id}",
        ),
        (
            f"{GET}/responses/200",
            K.RESPONSE,
            "200",
            "response `200` of GET /books/{id}",
            "ответ `200` операции GET /books/{id}",
        ),
        (f"{GET}/responses/200/headers/X-A", K.HEADER, "X-A", None, None),
        (f"{GET}/responses/200/links/next", K.LINK, "next", None, None),
        (f"{GET}/responses/4XX/{JSON}", K.MEDIA_TYPE, "application/json", None, None),
        (f"{GET}/responses/200/{JSON}/example", K.EXAMPLE, "example", None, None),
        (f"{GET}/responses/200/{JSON}/example/id", K.VALUE, "id", None, None),
        (f"{GET}/responses/200/{JSON}/examples/one", K.EXAMPLE, "one", None, None),
        (f"{GET}/responses/200/{JSON}/examples/one/value/x/0", K.VALUE, "1", None, None),
        (
            f"{GET}/requestBody/{JSON}/schema/properties/title",
            K.PROPERTY,
            "title",
            "property `title` of request body of GET /books/{id}",
            "свойство `title` тела запроса операции GET /books/{id}",
        ),
        (f"{GET}/callbacks/cb/{{$url}}/post", K.OPERATION, "POST", None, None),
        (f"{GET}/security/0", K.SECURITY_REQUIREMENT, "1", None, None),
        (A, K.SCHEMA, "A", "schema `A`", "схема `A`"),
        (
            f"{A}/properties/a",
            K.PROPERTY,
            "a",
            "property `a` of schema `A`",
            "свойство `a` схемы `A`",
        ),
        (
            f"{A}/allOf/0/properties/a/minLength",
            K.KEYWORD,
            "minLength",
            "keyword `minLength` of property `a` of schema `A`",
            "ключевое слово `minLength` свойства `a` схемы `A`",
        ),
        (f"{A}/properties/a/items", K.SCHEMA, "items", None, None),
        (f"{A}/items/0/type", K.KEYWORD, "type", None, None),
        (f"{A}/allOf/3", K.SCHEMA, "4", None, None),
        (f"{A}/enum/0", K.VALUE, "1", None, None),
        (f"{A}/example/type", K.VALUE, "type", None, None),
        (f"{A}/discriminator", K.DISCRIMINATOR, "discriminator", None, None),
        (f"{A}/maxLenght", K.UNKNOWN, "maxLenght", None, None),
        (f"{A}/x-own/y", K.EXTENSION, "y", None, None),
        ("/components/securitySchemes/S", K.SECURITY_SCHEME, "S", None, None),
        ("/components/securitySchemes/S/flows/implicit", K.FLOW, "implicit", None, None),
        ("/info", K.INFO, "info", "info", "сведения об API"),
        ("/tags/0", K.TAG, "books", "tag `books`", "тег `books`"),
        ("/servers/0/variables/v", K.SERVER_VARIABLE, "v", None, None),
        ("/webhooks/w/post", K.OPERATION, "POST", "POST w", None),
        ("/definitions/A", K.UNKNOWN, "A", None, None),
        ("/no~1where/~0", K.UNKNOWN, "~", None, None),
    ],
)
def test_what_a_pointer_names(pointer, kind, name, en, ru):
    assert kind_of(pointer, "3.1.0") is kind
    element = describe(pointer, "3.1.0", DATA)
    assert (element.kind, element.name, element.pointer) == (kind, name, pointer)
    assert element.label.en == (en or element.label.en)
    assert element.label.ru == (ru or element.label.ru)
    assert element.label.en != element.label.ru


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        ("/definitions/A/properties/a", K.PROPERTY),
        ("/paths/~1x/get/parameters/0/maximum", K.FIELD),
        ("/paths/~1x/get/responses/200/schema/items", K.SCHEMA),
        ("/paths/~1x/get/responses/200/examples/application~1json", K.VALUE),
        ("/paths/~1x/get/responses/200/headers/X/type", K.FIELD),
        ("/securityDefinitions/S/scopes/read", K.VALUE),
        ("/components/schemas/A", K.UNKNOWN),
        ("/paths/~1x/trace", K.UNKNOWN),
    ],
)
def test_pointers_of_swagger(pointer, kind):
    assert kind_of(pointer, "2.0") is kind


def test_fields_belong_to_versions():
    assert kind_of("/webhooks", "3.0.3") is K.UNKNOWN
    assert kind_of("/webhooks", "3.1.0") is K.GROUP
    assert kind_of("/paths/~1x/query", "3.1.1") is K.UNKNOWN
    assert kind_of("/paths/~1x/query", "3.2.0") is K.OPERATION
    assert kind_of("/paths/~1x/additionalOperations/LINK", "3.2.0") is K.OPERATION
    assert versions_with(K.INFO, "summary") == ("3.1", "3.2")
    assert versions_with(K.OPERATION, "consumes") == ("2.0",)
    assert [version_of(v) for v in ("2.0", "3.0.4", "3.1", "3.2.0", "3.9")] == [*VERSIONS, "3.2"]
    required = [grammar_of(v)[K.DOCUMENT].required for v in ("3.0", "3.1")]
    assert required == [("openapi", "info", "paths"), ("openapi", "info")]


@pytest.mark.parametrize("version", VERSIONS)
def test_tables_hold_together(version):
    grammar = grammar_of(version)
    reached, waiting = {K.DOCUMENT}, [K.DOCUMENT]
    while waiting:
        rules = grammar[waiting.pop()]
        fields = [*rules.fields.values(), *([rules.members] if rules.members else [])]
        for kind in {field.kind for field in fields if field.kind is not None} - reached:
            reached.add(kind)
            waiting.append(kind)
    assert reached == set(grammar)
    assert vocabulary(version) | READ == set(grammar[K.SCHEMA].fields)


def test_long_and_odd_pointers():
    deep = "/components/schemas/A" + "/properties/a/items" * 2_000
    assert kind_of(deep, "3.0.0") is K.SCHEMA
    assert describe("/paths/" + "9" * 5_000, "3.0.0", {"paths": [1]}).kind is K.PATH_ITEM
    assert describe("/tags/" + "9" * 30, "3.0.0", {"tags": [1]}).kind is K.TAG
