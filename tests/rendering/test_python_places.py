"""Where generated Python finds things: in answers, and by ids in paths."""

from __future__ import annotations

import json
from urllib.parse import unquote

import httpx
import pytest

from pe4king_core.model.case import TestStyle
from tests.rendering.python_kit import FORMAT, answering, models, module, rendered

_NESTED = """
openapi: 3.1.0
info: {title: Tasks, version: "1"}
paths:
  /tasks:
    get:
      tags: [task]
      responses:
        "200":
          description: all
          content:
            application/json:
              schema:
                type: array
                items:
                  type: object
                  properties:
                    AssignedGenericResources:
                      type: array
                      items:
                        type: object
                        properties:
                          NamedResourceSpec: &spec
                            type: object
                            properties:
                              Kind: {type: string}
                              Value: {type: string}
                          DiscreteResourceSpec: *spec
"""
_PLUGINS = """
openapi: 3.1.0
info: {title: Plugins, version: "1"}
paths:
  /plugins:
    post:
      tags: [plugin]
      responses:
        "201":
          description: made
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: string}}}
  /plugins/{id}:
    get:
      tags: [plugin]
      parameters: [{name: id, in: path, required: true, schema: {TYPE}}]
      responses: {"200": {description: one}}
"""


def test_no_variable_takes_the_place_of_one_around_it() -> None:
    made = rendered(_NESTED, TestStyle(allure=False, markers=False))
    both = {"Kind": "GPU", "Value": "1"}
    item = {"NamedResourceSpec": both, "DiscreteResourceSpec": both}
    answer = [{"AssignedGenericResources": [item, item]}]
    with answering(lambda _: httpx.Response(200, json=answer)) as (client, _):
        module(made).test_get_tasks_returns_200(client)
    wrong = [{"AssignedGenericResources": [{"DiscreteResourceSpec": {"Value": 7}}]}]
    with (
        answering(lambda _: httpx.Response(200, json=wrong)) as (client, _),
        pytest.raises(AssertionError),
    ):
        module(made).test_get_tasks_returns_200(client)


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("key", ["a/b", "50%", "what?", "a#b", "a b", "ключ", "a%2Fb", "{x}"])
def test_any_id_of_an_answer_reaches_its_operation(key: str, alone: bool) -> None:
    [model] = models(_PLUGINS.replace("TYPE", "type: string"))
    [case] = [case for case in model.cases if case.name == "get_plugins_by_id_returns_200"]
    style = TestStyle(allure=False, markers=False)
    text = FORMAT.render(model, style).text
    if alone:
        text = "from urllib.parse import quote\n" + FORMAT.render_case(case, style).code

    def answer(request: httpx.Request) -> httpx.Response:
        made = request.method == "POST"
        return httpx.Response(201 if made else 200, content=json.dumps({"id": key}))

    with answering(answer) as (client, sent):
        made = module(text)
        if not alone:
            client.post("/plugins")
            created = {"created_plugin": {"id": key}}
            made.test_get_plugins_by_id_returns_200(client, **created)
        else:
            made.test_get_plugins_by_id_returns_200(client)
    segments = sent[1].url.raw_path.decode().split("/")
    assert [unquote(each) for each in segments] == ["", "plugins", key]


@pytest.mark.parametrize(
    "schema",
    ["type: integer", "type: string, format: uuid", "type: string, pattern: '^[A-Z0-9]+$'"],
)
def test_ids_that_need_no_quotes_have_none(schema: str) -> None:
    text = rendered(_PLUGINS.replace("TYPE", schema), TestStyle(allure=False, markers=False))
    assert "quote" not in text
