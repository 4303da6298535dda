"""Loading all that the making of files needs, by making those of a small document.

Much is imported, and every template compiled, when it is first used.
"""

from __future__ import annotations

from pe4king_core.model.case import TestPlan, TestStyle
from pe4king_core.openapi.loading import load
from pe4king_core.rendering.formats import formats
from pe4king_server.generating.making import Making, Wish

_DOCUMENT = """\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '201':
          description: made
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  schemas:
    Thing: {type: object, required: [name], properties: {name: {type: string, maxLength: 9}}}
"""


def warm_up() -> None:
    """Make the files of the small document in every format."""
    document, style = load(_DOCUMENT, "memory:things"), TestStyle()
    for name, format_ in formats().items():
        making = Making(document, Wish(TestPlan(), name, style))
        list(making.all())
        format_.support((making.head,), (), style)
