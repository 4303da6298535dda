"""What the vendors' own libraries read in the recorded exchanges, as JSON lines.

Runs in an environment of its own, without this project (`make wire`): a server on the loopback
interface plays every recorded answer to the library of whoever sent it.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anthropic
import gigachat
import ollama
import openai
from exchanges import Exchange, exchanges
from google import genai
from google.genai import errors as genai_errors
from mistralai.client import Mistral
from mistralai.client import errors as mistral_errors
from pydantic import TypeAdapter, ValidationError

SAY = [{"role": "user", "content": "hello"}]
COMPLETE, TRUNCATED, FILTERED = "complete", "truncated", "filtered"
REASONS: Mapping[str, Mapping[str, str]] = {
    "chat": {"stop": COMPLETE, "length": TRUNCATED, "content_filter": FILTERED},
    "anthropic": {
        "end_turn": COMPLETE,
        "stop_sequence": COMPLETE,
        "max_tokens": TRUNCATED,
        "refusal": "refused",
    },
    "gemini": {
        "STOP": COMPLETE,
        "MAX_TOKENS": TRUNCATED,
        **dict.fromkeys(
            (
                "SAFETY",
                "RECITATION",
                "LANGUAGE",
                "BLOCKLIST",
                "PROHIBITED_CONTENT",
                "SPII",
                "MODEL_ARMOR",
                "IMAGE_SAFETY",
            ),
            FILTERED,
        ),
        "FINISH_REASON_UNSPECIFIED": "unknown",
    },
    "ollama": {"stop": COMPLETE, "length": TRUNCATED},
    "gigachat": {"stop": COMPLETE, "length": TRUNCATED},
}
STATUSES = {400: "bad-request", 401: "key", 403: "key", 404: "unknown", 429: "rate-limit"}


class Player:
    """Answers every request with the exchange that is set."""

    def __init__(self) -> None:
        self.exchange: Exchange | None = None
        player = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.do_GET()

            def do_GET(self) -> None:
                assert player.exchange is not None
                self.send_response(player.exchange.status)
                content = player.exchange.headers.get("content-type", "application/json")
                self.send_header("content-type", content)
                self.send_header("content-length", str(len(player.exchange.body)))
                self.end_headers()
                self.wfile.write(player.exchange.body)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def found(text: str | None, reason: str, prompt: int | None, completion: int | None) -> dict:
    return {"text": text or "", "finish": reason, "usage": [prompt, completion]}


def reason_of(protocol: str, reason: Any) -> str:
    if not reason:
        return "unknown"
    name = getattr(reason, "value", reason)
    return REASONS[protocol].get(name, "other")


class Libraries:
    """One client a vendor, all talking to the player."""

    def __init__(self, url: str) -> None:
        self.openai = openai.OpenAI(api_key="k", base_url=url, max_retries=0)
        self.anthropic = anthropic.Anthropic(api_key="k", base_url=url, max_retries=0)
        self.gemini = genai.Client(api_key="k", http_options={"base_url": url})
        self.mistral = Mistral(api_key="k", server_url=url)
        self.ollama = ollama.Client(host=url)
        self.gigachat = gigachat.GigaChat(base_url=f"{url}/api/v2", access_token="k")

    def chat(self, exchange: Exchange) -> dict:
        if exchange.host == "api.mistral.ai":
            return self._mistral(exchange)
        create = self.openai.chat.completions.create
        if not exchange.streamed:
            answer = create(model="m", messages=SAY)
            choice, usage = answer.choices[0], answer.usage
            refused = choice.message.refusal
            reason = "refused" if refused else reason_of("chat", choice.finish_reason)
            return self._openai(choice.message.content, reason, usage)
        text, reason, usage = "", None, None
        for chunk in create(model="m", messages=SAY, stream=True):
            usage = chunk.usage or usage
            for choice in chunk.choices[:1]:
                text += choice.delta.content or ""
                reason = choice.finish_reason or reason
        return self._openai(text, reason_of("chat", reason), usage)

    def _openai(self, text: str | None, reason: str, usage: Any) -> dict:
        counts = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
        return found(without_thinking(text), reason, *counts)

    def _mistral(self, exchange: Exchange) -> dict:
        if not exchange.streamed:
            answer = self.mistral.chat.complete(model="m", messages=SAY)
            choice, usage = answer.choices[0], answer.usage
            return self._openai(
                chunks_text(choice.message.content), reason_of("chat", choice.finish_reason), usage
            )
        text, reason, usage = "", None, None
        for event in self.mistral.chat.stream(model="m", messages=SAY):
            usage = event.data.usage or usage
            for choice in event.data.choices[:1]:
                text += chunks_text(choice.delta.content)
                reason = choice.finish_reason or reason
        return self._openai(text, reason_of("chat", reason), usage)

    def responses(self, exchange: Exchange) -> dict:
        if not exchange.streamed:
            return self._response(self.openai.responses.create(model="m", input="hello"))
        text, last = "", None
        for event in self.openai.responses.create(model="m", input="hello", stream=True):
            if event.type == "response.output_text.delta":
                text += event.delta
            if event.type in ("response.completed", "response.incomplete", "response.failed"):
                last = event.response
        if last is None:
            return {"problem": "cut"}
        return {**self._response(last), "text": text}

    def _response(self, answer: Any) -> dict:
        reason = {"completed": COMPLETE, "complete": COMPLETE}.get(answer.status, "unknown")
        if answer.status == "incomplete":
            why = answer.incomplete_details.reason
            reason = {"max_output_tokens": TRUNCATED, "content_filter": FILTERED}.get(why, "other")
        text = answer.output_text
        usage = answer.usage
        counts = (usage.input_tokens, usage.output_tokens) if usage else (None, None)
        return found(text, reason, *counts)

    def messages(self, exchange: Exchange) -> dict:
        asked: Any = {"model": "m", "messages": SAY, "max_tokens": 5}
        if exchange.streamed:
            with self.anthropic.messages.stream(**asked) as stream:
                answer = stream.get_final_message()
        else:
            answer = self.anthropic.messages.create(**asked)
        text = "".join(block.text for block in answer.content if block.type == "text")
        reason = reason_of("anthropic", answer.stop_reason)
        return found(text, reason, answer.usage.input_tokens, answer.usage.output_tokens)

    def generate(self, exchange: Exchange) -> dict:
        models = self.gemini.models
        if exchange.streamed:
            answers = list(models.generate_content_stream(model="m", contents="hello"))
        else:
            answers = [models.generate_content(model="m", contents="hello")]
        candidates = [(answer.candidates or [None])[0] for answer in answers]
        parts = [p for c in candidates if c and c.content for p in c.content.parts or []]
        text = "".join(part.text for part in parts if part.text and not part.thought)
        stated = [c.finish_reason for c in candidates if c and c.finish_reason]
        reason = reason_of("gemini", stated[-1] if stated else None)
        if any(a.prompt_feedback and a.prompt_feedback.block_reason for a in answers):
            reason = FILTERED
        prompt = [u.prompt_token_count for u in usages(answers) if u.prompt_token_count is not None]
        completion = [
            u.candidates_token_count
            for u in usages(answers)
            if u.candidates_token_count is not None
        ]
        return found(text, reason, (prompt or [None])[-1], (completion or [None])[-1])

    def ollama_chat(self, exchange: Exchange) -> dict:
        if exchange.streamed:
            answers = list(self.ollama.chat(model="m", messages=SAY, stream=True))
        else:
            answers = [self.ollama.chat(model="m", messages=SAY)]
        text = "".join(answer.message.content or "" for answer in answers)
        last = answers[-1]
        reason = reason_of("ollama", last.done_reason)
        return found(without_thinking(text), reason, last.prompt_eval_count, last.eval_count)

    def gigachat_chat(self, exchange: Exchange) -> dict:
        asked: Any = {"model": "m", "messages": SAY}
        if exchange.streamed:
            answers = list(self.gigachat.chat.stream(asked))
        else:
            answers = [self.gigachat.chat.create(asked)]
        messages = [message for answer in answers for message in answer.messages or []]
        parts = [part for message in messages for part in message.content or []]
        reasons = [answer.finish_reason for answer in answers if answer.finish_reason]
        counts = [answer.usage for answer in answers if answer.usage]
        return found(
            "".join(part.text or "" for part in parts),
            reason_of("gigachat", (reasons or [None])[-1]),
            counts[-1].input_tokens if counts else None,
            counts[-1].output_tokens if counts else None,
        )

    def models(self, exchange: Exchange) -> dict:
        return {"models": [model.id for model in self.openai.models.list().data]}


def usages(answers: list[Any]) -> list[Any]:
    return [answer.usage_metadata for answer in answers if answer.usage_metadata]


def chunks_text(content: Any) -> str:
    if isinstance(content, str) or not content:
        return content or ""
    return "".join(chunk.text for chunk in content if chunk.type == "text")


def without_thinking(text: str | None) -> str:
    """The libraries leave the tags of thinking in the text; an answer never holds them."""
    return re.sub(r"\A\s*<think>.*?(</think>|\Z)", "", text or "", flags=re.DOTALL)


def read(libraries: Libraries, exchange: Exchange) -> dict:
    readers: Mapping[str, Callable[[Exchange], dict]] = {
        "chat": libraries.chat,
        "responses": libraries.responses,
        "anthropic": libraries.messages,
        "gemini": libraries.generate,
        "ollama": libraries.ollama_chat,
        "gigachat": libraries.gigachat_chat,
        "models": libraries.models,
    }
    try:
        return readers[exchange.protocol](exchange)
    except (openai.APIStatusError, anthropic.APIStatusError) as error:
        return {"problem": STATUSES.get(error.status_code, "server")}
    except genai_errors.APIError as error:
        return {"problem": STATUSES.get(error.code, "server")}
    except mistral_errors.MistralError as error:
        return {"problem": STATUSES.get(error.status_code, "server")}
    except openai.APIError:
        return {"problem": "in-stream"}
    except Exception as error:  # noqa: BLE001  what a library cannot read is a result, too
        return {"unread": f"{type(error).__name__}: {str(error)[:200]}"}


def judge_requests(bodies: Mapping[str, Any]) -> Mapping[str, str]:
    """What the libraries' types say against our requests, "" where nothing."""
    types: Mapping[str, Any] = {
        "chat": openai.types.chat.completion_create_params.CompletionCreateParamsStreaming,
        "responses": openai.types.responses.response_create_params.ResponseCreateParamsStreaming,
        "anthropic": anthropic.types.message_create_params.MessageCreateParamsStreaming,
        "ollama": ollama._types.ChatRequest,
        "gigachat": gigachat.models.chat_completions.ChatCompletionRequest,
    }
    found = {name: complaint(types[name], bodies[name]) for name in types}
    gemini = bodies["gemini"]
    parts = {
        "contents": list[genai.types.Content],
        "systemInstruction": genai.types.Content,
        "generationConfig": genai.types.GenerationConfig,
    }
    said = [complaint(kind, gemini[name]) for name, kind in parts.items()]
    unknown = sorted(set(gemini) - set(parts))
    return {**found, "gemini": "".join([*said, *unknown])}


def complaint(kind: Any, value: Any) -> str:
    try:
        known = TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return str(error)
    names = set(known) if isinstance(known, dict) else set()
    unknown = sorted(set(value) - names) if names else []
    return f"unknown: {unknown}" if unknown else ""


def main() -> None:
    if "--requests" in sys.argv:
        sys.stdout.write(json.dumps(judge_requests(json.load(sys.stdin))))
        return
    player = Player()
    libraries = Libraries(player.url)
    for exchange in exchanges():
        if exchange.protocol in ("", "yandex"):
            continue
        player.exchange = exchange
        sys.stdout.write(
            json.dumps({"number": exchange.number, **read(libraries, exchange)}) + "\n"
        )


if __name__ == "__main__":
    main()
