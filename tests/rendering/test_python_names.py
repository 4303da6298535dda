"""What functions of a pytest file are called: whole words, and what tells them apart."""

from __future__ import annotations

import re
import subprocess
import sys

from pe4king_core.model.case import TestStyle
from pe4king_core.rendering.java.text import pascal
from pe4king_core.rendering.python.text import short_identifier
from tests.rendering.python_kit import rendered

CAPABILITIES = """
openapi: 3.1.0
info: {title: Accounts, version: "1"}
security: [{token: []}]
paths:
  /capabilities:
    post:
      operationId: PostAccountsAccountCapabilitiesCapabilityOfEveryAccountHolder
      tags: [accounts]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [requested]
              properties: {requested: {type: boolean}}
      responses:
        "200": {description: done}
        "400": &error
          description: wrong
          content: {application/json: {schema: {$ref: '#/components/schemas/Failure'}}}
        "401": &denied
          description: denied
          content: {application/json: {schema: {$ref: '#/components/schemas/Denied'}}}
        "403": *denied
        "422": *error
    get:
      operationId: listCapabilities
      tags: [accounts]
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: page, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
      responses:
        "200": {description: all}
        "400": *error
        "401": *error
        "403": *error
  /limits:
    get:
      operationId: readLimits
      tags: [accounts]
      responses: {"200": {description: all}, "401": *denied, "403": *denied}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Denied:
      type: object
      required: [who, wants]
      properties: {who: {type: string}, wants: {type: string}}
    Failure:
      type: object
      required: [code, reason, hint]
      properties: {code: {type: integer}, reason: {type: string}, hint: {type: string}}
"""


def test_names_are_cut_between_words() -> None:
    assert short_identifier("postAccountsCapability", 16) == "post_accounts"
    assert short_identifier("postAccountsCapability", 13) == "post_accounts"
    assert short_identifier("getBook", 40) == "get_book"
    assert short_identifier("classification", 5) == "class_"
    long = " ".join(["capability"] * 9)
    assert pascal(long) == "Capability" * 6


def test_payloads_have_whole_words() -> None:
    text = rendered(CAPABILITIES)
    [name] = re.findall(r"^def (\w+_payload)\(", text, re.M)
    assert name == "post_accounts_account_capabilities_capability_of_every_payload"


def test_answers_of_one_kind_are_told_apart_by_their_schemas() -> None:
    found = re.findall(r"^def (assert_\w+_response)\(", rendered(CAPABILITIES), re.M)
    assert sorted(found) == ["assert_error_response", "assert_failure_response"]


def test_long_names_with_a_number_fit_on_a_line_of_a_method() -> None:
    name = "replace_autoscaling_v1_namespaced_horizontal_pod_autoscaler"
    schema = "{type: object, required: [a], properties: {a: {type: boolean}}}"
    sent = f"{{content: {{application/json: {{schema: {schema}}}}}}}"
    paths = "".join(
        f"  /{path}:\n    put:\n      operationId: {name}{path}\n      requestBody: {sent}\n"
        '      responses: {"200": {description: done}, "400": {description: wrong}}\n'
        "      tags: [scaling]\n"
        for path in ("", "_status")
    )
    head = CAPABILITIES.partition("security:")[0]
    code = rendered(f"{head}paths:\n{paths}", TestStyle(classes=True, allure=False))
    assert f" = {name}_payload()" in code
    assert re.search(r" = replace_\w+_payload(_2)?\(\)", code.replace(f"{name}_payload()", ""))
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(command, input=code, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
