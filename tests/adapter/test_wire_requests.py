"""What is asked of every protocol: the body to the letter, the place, the key's header."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import AnswerSchema, ChatMessage, CompletionOptions, Prompt, Role
from pe4king_adapter.secret import SecretValue
from pe4king_adapter.wire import Ask, Codec
from pe4king_adapter.wire.anthropic import AnthropicCodec
from pe4king_adapter.wire.custom_json import CustomJsonCodec
from pe4king_adapter.wire.failures import Failure
from pe4king_adapter.wire.gemini import GeminiCodec
from pe4king_adapter.wire.gigachat import GigaChatCodec
from pe4king_adapter.wire.ollama import OllamaCodec
from pe4king_adapter.wire.openai_chat import OpenAiChatCodec, SchemaMeans
from pe4king_adapter.wire.openai_responses import ResponsesCodec
from pe4king_adapter.wire.yandex import YandexCodec

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}
PLAIN = Prompt.of("Be brief.", "Привет")
WITH_SCHEMA = Prompt.of("Be brief.", "Привет", AnswerSchema("words", SCHEMA))
ALL = CompletionOptions(max_tokens=50, temperature=1.5, stop=("END",), seed=7)
CHAT_TURNS = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Привет"},
]
JSON_SCHEMA = {"type": "json_schema", "name": "words", "schema": SCHEMA, "strict": True}
CHAT_FORMAT = {
    "type": "json_schema",
    "json_schema": {"name": "words", "schema": SCHEMA, "strict": True},
}
FULL: list[tuple[Codec, str, dict[str, Any]]] = [
    (
        OpenAiChatCodec(),
        "/chat/completions",
        {
            "model": "m/1",
            "messages": CHAT_TURNS,
            "stream": True,
            "temperature": 1.5,
            "seed": 7,
            "stop": ["END"],
            "max_tokens": 50,
            "stream_options": {"include_usage": True},
            "response_format": CHAT_FORMAT,
        },
    ),
    (
        ResponsesCodec(),
        "/responses",
        {
            "model": "m/1",
            "instructions": "Be brief.",
            "input": [{"role": "user", "content": "Привет"}],
            "stream": True,
            "store": False,
            "temperature": 1.5,
            "max_output_tokens": 50,
            "text": {"format": JSON_SCHEMA},
        },
    ),
    (
        AnthropicCodec(),
        "/messages",
        {
            "model": "m/1",
            "max_tokens": 50,
            "system": "Be brief.",
            "messages": [{"role": "user", "content": "Привет"}],
            "stream": True,
            "temperature": 1.0,
            "stop_sequences": ["END"],
            "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        },
    ),
    (
        GeminiCodec(),
        "/models/m%2F1:streamGenerateContent?alt=sse",
        {
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": "Привет"}]}],
            "generationConfig": {
                "temperature": 1.5,
                "seed": 7,
                "stopSequences": ["END"],
                "maxOutputTokens": 50,
                "responseMimeType": "application/json",
                "responseJsonSchema": SCHEMA,
            },
        },
    ),
    (
        OllamaCodec(think=False),
        "/api/chat",
        {
            "model": "m/1",
            "messages": CHAT_TURNS,
            "stream": True,
            "think": False,
            "format": SCHEMA,
            "options": {
                "temperature": 1.5,
                "seed": 7,
                "stop": ["END"],
                "num_predict": 50,
                "num_ctx": 8192,
            },
        },
    ),
    (
        YandexCodec(folder_id="b1g"),
        "/foundationModels/v1/completion",
        {
            "modelUri": "gpt://b1g/m/1",
            "completionOptions": {"stream": True, "temperature": 1.0, "maxTokens": "50"},
            "messages": [
                {"role": "system", "text": "Be brief."},
                {"role": "user", "text": "Привет"},
            ],
            "jsonSchema": {"schema": SCHEMA},
        },
    ),
    (
        GigaChatCodec(),
        "/chat/completions",
        {
            "model": "m/1",
            "messages": [
                {"role": "system", "content": [{"text": "Be brief."}]},
                {"role": "user", "content": [{"text": "Привет"}]},
            ],
            "stream": True,
            "model_options": {
                "temperature": 1.5,
                "max_tokens": 50,
                "response_format": {"type": "json_schema", "schema": SCHEMA, "strict": True},
            },
        },
    ),
    (CustomJsonCodec(), "", {"prompt": "Be brief.\n\nПривет", "max_tokens": 50}),
]
EVERYTHING = frozenset(
    {"response_format", "temperature", "seed", "max_tokens", "stop", "stream_options", "think"}
)


def name_of(value: object) -> str | None:
    return type(value).__name__ if hasattr(value, "probe") else None


@pytest.mark.parametrize(("codec", "path", "body"), FULL, ids=name_of)
def test_everything_that_can_be_asked(codec: Codec, path: str, body: dict[str, Any]) -> None:
    ask = Ask(WITH_SCHEMA, "m/1", ALL, stream=True)
    assert codec.path(ask) == path
    assert json.loads(codec.body(ask)) == body
    assert codec.body(ask) == codec.body(ask)


@pytest.mark.parametrize(("codec", "path", "body"), FULL, ids=name_of)
def test_extra_fields_are_sent_and_unwanted_ones_are_not(
    codec: Codec, path: str, body: dict[str, Any]
) -> None:
    ask = Ask(WITH_SCHEMA, "m", ALL, without=EVERYTHING, extra={"top_k": 3})
    sent = codec.body(ask).decode()
    assert json.loads(sent)["top_k"] == 3
    for word in ("1.5", "END", '"seed"', "json_schema", "Schema", '"format"', "include_usage"):
        assert word not in sent
    plain = codec.body(Ask(PLAIN, "m", CompletionOptions())).decode()
    assert "null" not in plain
    assert '"stream": true' not in plain


def test_a_refused_limit_has_another_name_in_newer_chats() -> None:
    ask = Ask(PLAIN, "m", ALL, without=frozenset({"max_tokens"}))
    assert json.loads(OpenAiChatCodec().body(ask))["max_completion_tokens"] == 50
    renamed = OpenAiChatCodec(
        renamed={"max_tokens": "max_completion_tokens", "seed": "random_seed"}
    )
    body = json.loads(renamed.body(Ask(PLAIN, "m", ALL)))
    assert (body["max_completion_tokens"], body["random_seed"]) == (50, 7)
    assert "max_completion_tokens" not in json.loads(renamed.body(ask))


def test_a_chat_may_know_only_json_or_no_format_at_all() -> None:
    ask = Ask(WITH_SCHEMA, "m", ALL)
    loose = json.loads(OpenAiChatCodec(schema=SchemaMeans.JSON_OBJECT).body(ask))
    assert loose["response_format"] == {"type": "json_object"}
    assert "response_format" not in json.loads(OpenAiChatCodec(schema=SchemaMeans.NONE).body(ask))


def test_deployments_stand_in_the_path() -> None:
    codec = OpenAiChatCodec(
        path="/openai/deployments/{model}/chat/completions",
        query="api-version=2024-10-21",
        key_header="api-key",
        key_prefix="",
    )
    ask = Ask(PLAIN, "my deployment/1", ALL)
    assert codec.path(ask) == (
        "/openai/deployments/my%20deployment%2F1/chat/completions?api-version=2024-10-21"
    )
    assert {n: v.reveal() for n, v in codec.secrets(SecretValue("k")).items()} == {"api-key": "k"}


def test_anthropic_always_needs_a_limit_and_may_refuse_sampling() -> None:
    unlimited = json.loads(AnthropicCodec().body(Ask(PLAIN, "m", CompletionOptions())))
    assert unlimited["max_tokens"] == 8192
    less = Ask(PLAIN, "m", CompletionOptions(), without=frozenset({"max_tokens"}))
    assert json.loads(AnthropicCodec().body(less))["max_tokens"] == 4096
    assert AnthropicCodec().headers == {"anthropic-version": "2023-06-01"}
    newer = AnthropicCodec(version="2026-10-21")
    assert "temperature" not in json.loads(newer.body(Ask(PLAIN, "m", ALL)))
    assert newer.headers["anthropic-version"] == "2026-10-21"


def test_ollama_gets_a_context_that_holds_the_prompt() -> None:
    def context(text: str, **options: Any) -> int:
        ask = Ask(Prompt.of("", text), "m", CompletionOptions(**options))
        return int(json.loads(OllamaCodec(num_ctx=4096).body(ask))["options"]["num_ctx"])

    assert context("short") == 4096
    assert context("x" * 30_000) == 16_384
    assert context("short", max_tokens=5000) == 8192


def test_turns_of_the_model_have_the_protocols_name() -> None:
    turns = PLAIN.continued("answer", "better")
    gemini = json.loads(GeminiCodec().body(Ask(turns, "models/g", ALL)))
    assert [turn["role"] for turn in gemini["contents"]] == ["user", "model", "user"]
    claude = json.loads(AnthropicCodec().body(Ask(turns, "m", ALL)))
    assert [turn["role"] for turn in claude["messages"]] == ["user", "assistant", "user"]
    assert GeminiCodec().path(Ask(turns, "models/g", ALL)) == "/models/g:generateContent"


def test_yandex_models_are_addresses() -> None:
    def uri(model: str) -> str:
        body = YandexCodec(folder_id="b1g").body(Ask(PLAIN, model, ALL))
        return str(json.loads(body)["modelUri"])

    assert uri("yandexgpt") == "gpt://b1g/yandexgpt/latest"
    assert uri("yandexgpt/rc") == "gpt://b1g/yandexgpt/rc"
    assert uri("gpt://other/own") == "gpt://other/own"


def test_lone_surrogates_are_sent_as_question_marks() -> None:
    prompt = Prompt((ChatMessage(Role.USER, "a\ud800b"),))
    for codec, _, _ in FULL:
        assert b"a?b" in codec.body(Ask(prompt, "m", ALL))


KEYS = {
    "OpenAiChatCodec": ("authorization", "Bearer k"),
    "ResponsesCodec": ("authorization", "Bearer k"),
    "AnthropicCodec": ("x-api-key", "k"),
    "GeminiCodec": ("x-goog-api-key", "k"),
    "OllamaCodec": ("authorization", "Bearer k"),
    "YandexCodec": ("authorization", "Api-Key k"),
    "GigaChatCodec": ("authorization", "Bearer k"),
    "CustomJsonCodec": ("authorization", "Bearer k"),
}
PROBES = {
    "OpenAiChatCodec": "/models",
    "ResponsesCodec": "/models",
    "AnthropicCodec": "/models?limit=1000",
    "GeminiCodec": "/models?pageSize=1000",
    "OllamaCodec": "/api/tags",
    "YandexCodec": "/foundationModels/v1/tokenize",
    "GigaChatCodec": "/models",
    "CustomJsonCodec": None,
}


@pytest.mark.parametrize("codec", [row[0] for row in FULL], ids=name_of)
def test_keys_travel_in_headers_and_probes_cost_nothing(codec: Codec) -> None:
    name = type(codec).__name__
    secrets = codec.secrets(SecretValue("k"))
    assert [(header, value.reveal()) for header, value in secrets.items()] == [KEYS[name]]
    assert "k" not in repr(secrets).replace("key", "").replace("token", "").split("'")
    probe = codec.probe("m")
    assert (probe.path if probe else None) == PROBES[name]
    if name == "YandexCodec":
        assert probe is not None
        assert json.loads(probe.body) == {"modelUri": "gpt://b1g/m/latest", "text": "test"}


_ALL = {"OpenAiChat", "Responses", "Anthropic", "Gemini", "Ollama", "Yandex", "GigaChat"}
EXPECTED_DROPS = {
    "temperature": _ALL,
    "response_format": _ALL,
    "": _ALL,
    "stop": {"OpenAiChat", "Anthropic", "Gemini", "Ollama"},
    "max_tokens": _ALL - {"Anthropic"} | {"CustomJson"},
    "think": {"Ollama"},
    "seed": {"OpenAiChat", "Gemini", "Ollama"},
}


@pytest.mark.parametrize(
    ("message", "parameter"),
    [
        ("temperature: Extra inputs are not permitted", "temperature"),
        ("output_config: Extra inputs are not permitted", "response_format"),
        ("stop_sequences: at most 4", "stop"),
        ("max_tokens: 8192 > 4096, which is the maximum allowed", "max_tokens"),
        ('Unknown name "responseJsonSchema" at generation_config', "response_format"),
        ('"m" does not support thinking', "think"),
        ("`seed` is not supported", "seed"),
        ("something else", ""),
    ],
)
def test_a_refused_parameter_is_left_out_once(message: str, parameter: str) -> None:
    ask = Ask(WITH_SCHEMA, "m", ALL)
    for codec, _, _ in FULL:
        failure = codec.failure(400, {}, json.dumps({"error": {"message": message}}).encode())
        assert failure == Failure(Problem.BAD_REQUEST, parameter=parameter)
        dropped = codec.droppable(ask, failure)
        if dropped is not None:
            less = replace(ask, without=frozenset({dropped}))
            assert codec.body(less) != codec.body(ask)
            assert codec.droppable(less, failure) is None
    assert all_droppable(message) == EXPECTED_DROPS[parameter]


def all_droppable(message: str) -> set[str]:
    failed = json.dumps({"error": {"message": message}}).encode()
    ask = Ask(WITH_SCHEMA, "m", ALL)
    codecs = [codec for codec, _, _ in FULL]
    return {
        type(codec).__name__.removesuffix("Codec")
        for codec in codecs
        if codec.droppable(ask, codec.failure(400, {}, failed))
    }


def test_where_no_parameter_is_named_the_schema_is_left_out() -> None:
    nameless = Failure(Problem.BAD_REQUEST)
    assert AnthropicCodec().droppable(Ask(WITH_SCHEMA, "m", ALL), nameless) == "response_format"
    assert AnthropicCodec().droppable(Ask(PLAIN, "m", ALL), nameless) is None


MODELS = [
    (b'{"object": "list", "data": [{"id": "b"}, {"id": "a"}, {"id": "b"}, 5]}', ("b", "a")),
    (b'{"models": [{"name": "qwen3:8b", "model": "qwen3:8b"}]}', ("qwen3:8b",)),
    (
        b'{"models": [{"name": "models/g", "supportedGenerationMethods": ["generateContent"]},'
        b' {"name": "models/e", "supportedGenerationMethods": ["embedContent"]}]}',
        ("g",),
    ),
    (b'[{"id": "together"}]', ("together",)),
    (b'{"data": {"id": 1}}', ()),
    (b"<html>", ()),
]


@pytest.mark.parametrize(("body", "names"), MODELS)
def test_lists_of_models_in_every_form(body: bytes, names: tuple[str, ...]) -> None:
    for codec, _, _ in FULL:
        assert codec.read_models(body) == names
