"""Parts of operations: parameters, bodies, answers, security, servers and tags."""

from __future__ import annotations

import pytest
from openapi_kit import api, codes, operation

from pe4king_core.model.operation import (
    ApiDocument,
    FlowKind,
    MediaKind,
    MediaType,
    ParameterIn,
    SchemeKind,
)
from pe4king_core.model.schema import JsonType

OK = "responses: {200: {description: ok}}"


def own(document: ApiDocument, *others: str) -> list[str]:
    """The codes of all findings but `others`, which other checks give."""
    return [code for code in codes(document) if code not in others]


def test_parameter_details():
    found = operation(
        """
        parameters:
          - name: q
            in: query
            description: What to look for
            deprecated: true
            allowReserved: true
            allowEmptyValue: true
            schema: {type: string, example: schema}
            examples:
              one: {summary: First, description: The first, value: a}
              two: {$ref: "#/components/examples/Two", summary: Other}
              far: {externalValue: "https://example.com/q.txt"}
        responses: {}
        """,
        "components: {examples: {Two: {summary: Second, value: b}}}",
    ).parameters[0]
    assert (found.deprecated, found.allow_reserved, found.allow_empty_value) == (True, True, True)
    assert found.examples == ("a", "b", "schema")
    one, two, far = found.named_examples
    assert (one.name, one.value, one.summary, one.description) == ("one", "a", "First", "The first")
    assert one.pointer == "/paths/~1x/get/parameters/0/examples/one"
    assert (two.value, two.summary, two.pointer) == ("b", "Other", "/components/examples/Two")
    assert (far.has_value, far.external_value) == (False, "https://example.com/q.txt")


def test_parameter_with_content_has_its_media_type():
    found = operation(
        """
        parameters:
          - name: filter
            in: query
            content:
              application/json: {schema: {type: object}, examples: {one: {value: {a: 1}}}}
        responses: {}
        """
    ).parameters[0]
    assert found.content_type == "application/json"
    assert found.media.kind is MediaKind.JSON
    assert found.examples == ({"a": 1},)
    assert [example.name for example in found.named_examples] == ["one"]


def test_description_beside_a_reference_counts_since_3_1():
    text = """
    parameters: [{$ref: "#/components/parameters/P", description: here}]
    responses: {}
    """
    shared = """
    components:
      parameters: {P: {name: p, in: query, description: there, schema: {type: string}}}
    """
    assert operation(text, shared, "3.1.0").parameters[0].description == "here"
    assert operation(text, shared, "3.0.3").parameters[0].description == "there"


@pytest.mark.parametrize(
    ("text", "version", "style", "code"),
    [
        ("in: path, required: true, style: matrix", "3.0.0", "matrix", None),
        ("in: path, required: true, style: form", "3.0.0", "simple", "doc-parameter-style"),
        ("in: header, style: form", "3.1.0", "simple", "doc-parameter-style"),
        ("in: query, style: label", "3.1.0", "form", "doc-parameter-style"),
        ("in: cookie, style: cookie", "3.2.0", "cookie", None),
        ("in: cookie, style: cookie", "3.1.0", "form", "doc-parameter-style"),
        ("in: cookie, style: deepObject", "3.2.0", "form", "doc-parameter-style"),
    ],
)
def test_styles_that_a_place_allows(text, version, style, code):
    document = api(
        f"/x/{{p}}: {{get: {{parameters: [{{name: p, {text}, schema: {{}}}}], {OK}}}}}",
        version=version,
    )
    assert document.operations[0].parameters[0].style == style
    assert own(document, "doc-path-parameter-undeclared") == ([code] if code else [])


def test_whole_query_string_as_one_parameter():
    text = """
    /x:
      get:
        parameters:
          - name: all
            in: querystring
            content:
              application/x-www-form-urlencoded:
                schema: {type: object, properties: {a: {type: array}}}
                encoding: {a: {explode: false}}
        responses: {200: {description: ok}}
    """
    document = api(text, version="3.2.0")
    [found] = document.operations[0].parameters
    assert (found.location, found.content_type) == (
        ParameterIn.QUERYSTRING,
        "application/x-www-form-urlencoded",
    )
    assert found.media.encoding["a"].explode is False
    assert document.findings == ()
    assert "doc-parameter-in" in codes(api(text, version="3.1.0"))


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ("{name: a, in: query}", "doc-parameter-no-schema"),
        (
            "{name: a, in: query, schema: {}, content: {text/plain: {}}}",
            "doc-parameter-schema-and-content",
        ),
        ("{name: a, in: query, content: {a/b: {}, c/d: {}}}", "doc-parameter-content"),
        (
            "{name: a, in: query, schema: {}, example: 1, examples: {b: {value: 2}}}",
            "doc-example-both",
        ),
        (
            "{name: a, in: query, schema: {}, examples: {b: {value: 2, externalValue: x}}}",
            "doc-example-value-both",
        ),
        ("{name: a, in: querystring, schema: {}}", "doc-parameter-querystring"),
        ("{name: a, in: querystring, content: {a/b: {}}}, " * 2, "doc-parameter-duplicate"),
    ],
)
def test_faults_of_parameters(parameter, code):
    document = api(f"/x: {{get: {{parameters: [{parameter}], {OK}}}}}", version="3.2.0")
    assert code in codes(document)
    assert code in [finding.code for finding in document.operations[0].findings]
    assert document.operations[0].parameters[0].name == "a"


def test_examples_of_a_media_type_by_name():
    media = (
        operation(
            """
        responses:
          200:
            content:
              application/json:
                examples:
                  data: {dataValue: {a: 1}, serializedValue: '{"a":1}'}
                  text: {serializedValue: '{"a":2}'}
        """,
            version="3.2.0",
        )
        .responses["200"]
        .json
    )
    data, text = media.named_examples
    assert (data.value, data.serialized_value) == ({"a": 1}, '{"a":1}')
    assert (text.has_value, text.serialized_value) == (False, '{"a":2}')
    assert media.examples == ({"a": 1},)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("application/json", MediaKind.JSON),
        ("Application/Problem+JSON; charset=utf-8", MediaKind.JSON),
        ("application/x-www-form-urlencoded", MediaKind.FORM),
        ("multipart/form-data; boundary=x", MediaKind.MULTIPART),
        ("multipart/mixed", MediaKind.MULTIPART),
        ("application/xml", MediaKind.XML),
        ("image/svg+xml", MediaKind.XML),
        ("text/plain", MediaKind.TEXT),
        ("text/*", MediaKind.TEXT),
        ("application/yaml", MediaKind.TEXT),
        ("application/octet-stream", MediaKind.BINARY),
        ("image/*", MediaKind.BINARY),
        ("text/event-stream", MediaKind.EVENT_STREAM),
        ("application/jsonl", MediaKind.JSON_SEQUENCE),
        ("application/json-seq", MediaKind.JSON_SEQUENCE),
        ("*/*", MediaKind.OTHER),
        ("", MediaKind.OTHER),
    ],
)
def test_kinds_of_media_types(name, kind):
    assert MediaType(name, None, "").kind is kind
    assert MediaType(name, None, "").is_json is (kind is MediaKind.JSON)


def test_encoding_of_forms_and_multipart():
    document = api(
        """
        /x:
          post:
            requestBody:
              content:
                multipart/form-data:
                  schema: {type: object, properties: {photo: {}, tags: {}, note: {}}}
                  encoding:
                    photo:
                      contentType: image/png, image/jpeg
                      headers: {X-Size: {schema: {type: integer}}}
                    tags: {style: pipeDelimited, explode: false, allowReserved: true}
                    other: {contentType: text/plain}
                application/json: {schema: {}, encoding: {a: {contentType: text/plain}}}
            responses: {200: {description: ok}}
        """
    )
    media = document.operations[0].request_body.content["multipart/form-data"]
    photo, tags = media.encoding["photo"], media.encoding["tags"]
    assert (photo.content_type, photo.styled) == ("image/png, image/jpeg", False)
    assert photo.headers["X-Size"].schema.types == {JsonType.INTEGER}
    assert (tags.style, tags.explode, tags.allow_reserved) == ("pipeDelimited", False, True)
    assert tags.styled
    assert tags.pointer.endswith("/encoding/tags")
    assert codes(document) == ["doc-encoding-ignored", "doc-encoding-property"]


def test_streams_and_positional_encoding():
    document = api(
        """
        /x:
          post:
            requestBody:
              content:
                multipart/mixed:
                  itemSchema: {type: object}
                  prefixEncoding: [{contentType: application/json}, {contentType: image/*}]
                  itemEncoding: {contentType: text/plain, encoding: {a: {contentType: a/b}}}
            responses:
              200:
                summary: Stream
                description: ok
                content:
                  application/jsonl: {itemSchema: {type: integer}}
                  text/plain: {$ref: "#/components/mediaTypes/Text"}
        """,
        "components: {mediaTypes: {Text: {schema: {type: string}, example: shared}}}",
        "3.2.0",
    )
    found = document.operations[0]
    mixed = found.request_body.content["multipart/mixed"]
    assert [each.content_type for each in mixed.prefix_encoding] == ["application/json", "image/*"]
    assert mixed.item_encoding.encoding["a"].content_type == "a/b"
    assert (mixed.schema, mixed.item_schema.types) == (None, {JsonType.OBJECT})
    answer = found.responses["200"]
    assert answer.summary == "Stream"
    assert answer.content["application/jsonl"].item_schema.types == {JsonType.INTEGER}
    shared = answer.content["text/plain"]
    assert (shared.pointer, shared.examples) == ("/components/mediaTypes/Text", ("shared",))


def test_header_details():
    document = api(
        """
        /x:
          get:
            responses:
              200:
                description: ok
                headers:
                  X-Ids:
                    description: Ids
                    deprecated: true
                    explode: true
                    schema: {type: array, items: {type: integer}}
                    example: [1, 2]
                  X-Json: {content: {application/json: {schema: {type: object}, example: {a: 1}}}}
                  X-Bad: {style: form, schema: {}}
                  X-None: {}
        """
    )
    headers = document.operations[0].responses["200"].headers
    ids, json = headers["X-Ids"], headers["X-Json"]
    assert (ids.description, ids.deprecated, ids.style, ids.explode) == (
        "Ids",
        True,
        "simple",
        True,
    )
    assert ids.examples == ([1, 2],)
    assert (json.content_type, json.examples) == ("application/json", ({"a": 1},))
    assert json.schema.types == {JsonType.OBJECT}
    assert headers["X-Bad"].style == "simple"
    assert codes(document) == ["doc-parameter-no-schema", "doc-parameter-style"]


def test_name_that_is_no_media_type():
    document = api("/x: {get: {responses: {200: {description: o, content: {json: {}}}}}}")
    assert codes(document) == ["doc-media-type-name"]
    assert list(document.operations[0].responses["200"].content) == ["json"]


def test_oauth_flows_and_other_schemes():
    document = api(
        f"/x: {{get: {{security: [{{oauth: [read, write]}}], {OK}}}}}",
        """
        components:
          securitySchemes:
            oauth:
              type: oauth2
              description: D
              deprecated: true
              oauth2MetadataUrl: https://a/.well-known
              flows:
                deviceAuthorization:
                  deviceAuthorizationUrl: https://a/device
                  tokenUrl: https://a/token
                  scopes: {read: Read things}
                authorizationCode:
                  authorizationUrl: https://a/authorize
                  tokenUrl: https://a/token
                  refreshUrl: https://a/refresh
                  scopes: {admin: ""}
            oidc: {type: openIdConnect, openIdConnectUrl: https://a/oidc}
            digest: {type: http, scheme: Digest}
            token: {type: http, scheme: bearer, bearerFormat: JWT}
            tls: {type: mutualTLS, description: T}
        """,
        "3.2.0",
    )
    schemes = document.security_schemes
    assert list(schemes) == ["oauth", "oidc", "digest", "token", "tls"]
    oauth = document.operations[0].security[0].schemes[0]
    assert oauth == schemes["oauth"]
    assert (oauth.description, oauth.deprecated, oauth.type) == ("D", True, "oauth2")
    assert oauth.metadata_url == "https://a/.well-known"
    device, code = oauth.flows
    assert device.kind is FlowKind.DEVICE_AUTHORIZATION
    assert device.device_authorization_url == "https://a/device"
    assert device.scopes == {"read": "Read things"}
    assert (code.authorization_url, code.token_url, code.refresh_url) == (
        "https://a/authorize",
        "https://a/token",
        "https://a/refresh",
    )
    assert oauth.scopes == {"read", "admin"}
    assert schemes["oidc"].openid_url == "https://a/oidc"
    assert (schemes["digest"].kind, schemes["digest"].http_scheme) == (SchemeKind.OTHER, "digest")
    assert schemes["token"].bearer_format == "JWT"
    assert (schemes["tls"].type, schemes["tls"].description) == ("mutualTLS", "T")
    [finding] = document.operations[0].findings
    assert finding.code == "doc-security-scope"
    assert "`write`" in finding.message.en
    assert len({*schemes.values()}) == 5


def test_scheme_named_by_its_uri():
    document = api(
        f"/x: {{get: {{security: [{{'#/components/securitySchemes/key': []}}], {OK}}}}}",
        "components: {securitySchemes: {key: {type: apiKey, in: query, name: k}}}",
        "3.2.0",
    )
    scheme = document.operations[0].security[0].schemes[0]
    assert (scheme.kind, scheme.parameter) == (SchemeKind.API_KEY, "k")


def test_servers_with_variables():
    document = api(
        rest="""
        servers:
          - url: "https://{region}.example.com:{port}/{base}"
            name: production
            description: Main
            variables:
              region: {default: eu, enum: [eu, us], description: Where}
              port: {default: 8443}
              base: {enum: [v1, v2]}
              spare: {default: x}
          - {url: "https://{host}"}
          - {url: "https://{a}", variables: {a: {default: c, enum: [a, b]}}}
        """,
        version="3.2.0",
    )
    first, second, third = document.servers
    assert first.url == "https://eu.example.com:8443/v1"
    assert first.template == "https://{region}.example.com:{port}/{base}"
    assert (first.name, first.description, first.pointer) == ("production", "Main", "/servers/0")
    assert [(v.name, v.default, v.enum) for v in first.variables] == [
        ("region", "eu", ("eu", "us")),
        ("port", "8443", ()),
        ("base", "v1", ("v1", "v2")),
    ]
    assert first.variables[0].description == "Where"
    assert (second.url, second.variables) == ("https://{host}", ())
    assert third.url == "https://c"
    assert own(document, "doc-field-missing", "doc-wrong-type") == [
        "doc-server-variable",
        "doc-server-variable",
        "doc-server-variable-default",
        "doc-server-variable-unused",
    ]


def test_tags_and_the_name_of_the_document():
    document = api(
        rest="""
        $self: https://example.com/api.yaml
        tags:
          - {name: a, summary: A, description: D, kind: nav, externalDocs: {url: https://a}}
          - {name: b, parent: a}
          - {name: c, parent: no}
          - {name: d, parent: e}
          - {name: e, parent: d}
          - {name: a}
        """,
        version="3.2.0",
    )
    assert document.self_uri == "https://example.com/api.yaml"
    assert [tag.name for tag in document.tags] == ["a", "b", "c", "d", "e"]
    a, b = document.tags[:2]
    assert (a.summary, a.description, a.kind, a.external_docs.url) == ("A", "D", "nav", "https://a")
    assert (b.parent, b.pointer) == ("a", "/tags/1")
    assert own(document) == ["doc-tag-duplicate"] + ["doc-tag-parent"] * 2
