"""A small document for the tests of the service, with something of everything it decides on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.handled import Handled
from pe4king_core.mock.service import Options, Service
from pe4king_core.openapi import load
from pe4king_core.openapi.units.document_text import DocumentText

TEXT = """\
openapi: 3.1.0
info: {title: Shelves, version: "1"}
servers: [{url: "https://api.example.org/v1"}]
security: [{key: []}]
paths:
  /health:
    get:
      operationId: health
      security: []
      responses: {"200": {description: up, content: {text/plain: {schema: {type: string}}}}}
  /shelves:
    get:
      operationId: listShelves
      parameters:
      - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 50}}
      responses:
        "200":
          description: shelves
          headers: {X-Total: {required: true, schema: {type: integer, minimum: 0}}}
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Shelf"}}}
            application/xml: {schema: {type: array, items: {$ref: "#/components/schemas/Shelf"}}}
        "400": {$ref: "#/components/responses/Error"}
        "401": {$ref: "#/components/responses/Error"}
    post:
      operationId: addShelf
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/NewShelf"}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}
        "413": {$ref: "#/components/responses/Error"}
        "422": {$ref: "#/components/responses/Error"}
        "503": {$ref: "#/components/responses/Error"}
  /shelves/{shelfId}:
    parameters: [{name: shelfId, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getShelf
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Shelf"}
              examples:
                small: {value: {id: 7, theme: small, color: red}}
                large: {value: {id: 8, theme: large, color: blue}}
        "404": {$ref: "#/components/responses/Error"}
    delete:
      operationId: removeShelf
      responses: {"204": {description: gone}, "404": {$ref: "#/components/responses/Error"}}
webhooks:
  shelfAdded: {post: {responses: {"200": {description: noted}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  responses:
    Error:
      description: wrong
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
  schemas:
    NewShelf:
      type: object
      required: [theme]
      properties:
        theme: {type: string, minLength: 1, maxLength: 100}
        color: {type: string, enum: [red, green, blue]}
    Shelf:
      allOf: [{$ref: "#/components/schemas/NewShelf"}]
      type: object
      required: [id, theme]
      properties: {id: {type: integer}, size: {type: integer, minimum: 1}}
    Error:
      type: object
      required: [message]
      properties: {message: {type: string}}
"""
KEY = ("X-Key", "k")


def service(text: str = TEXT, **options: Any) -> Service:
    read = DocumentText.read(text)
    raw: Mapping[str, Any] = read.data  # type: ignore[assignment]
    return Service(load(text, "file:///shelves.yaml"), Options(**options), raw=lambda: raw)


def asked(
    of: Service,
    method: str,
    target: str,
    body: Any = None,
    *headers: tuple[str, str],
    key: bool = True,
) -> Handled:
    """What `of` does with a request; a body is sent as JSON."""
    own = [("Content-Type", "application/json")] if body is not None else []
    content = (
        body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    )
    secret = [KEY] if key else []
    return of.answer(Sent(method, target, [*headers, *secret, *own], content))


def said(answer: Answer) -> Any:
    return json.loads(answer.body)
