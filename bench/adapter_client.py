"""One client in a process of its own, started with the Python that has it installed.

    python adapter_client.py CLIENT PORT

It reads jobs from its input, `NAME COUNT`, and prints a JSON line for each: the CPU seconds of
this process, the seconds on the clock, how many calls, what it holds in memory afterwards.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

SYSTEM = "You write test scenarios for a web API, in the order in which a user meets them."
LINE = "GET /pets/{petId}: 200 application/json Pet (id: int64, name: string, tag?: string)\n"
USER = (LINE * 24)[:2000]
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
CHUNKS = 1000
MODEL = f"chunks-{CHUNKS}"
SHORT = "chunks-10"
CALLERS = 50
POOL = 100

Whole = Callable[[], Awaitable[str]]
Streamed = Callable[[str], Awaitable[int]]
"""The length of the text that a model streams."""
Client = tuple[Whole, Streamed]


def httpx_client(base: str) -> Client:
    """httpx as everybody uses it: one pool, `json()`, `aiter_lines()`."""
    import httpx

    limits = httpx.Limits(max_connections=POOL, max_keepalive_connections=POOL)
    client = httpx.AsyncClient(trust_env=False, limits=limits, timeout=60)
    url, headers = f"{base}/chat/completions", {"authorization": "Bearer k"}

    async def whole() -> str:
        body = {"model": MODEL, "messages": MESSAGES}
        answer = await client.post(url, json=body, headers=headers)
        text: str = answer.json()["choices"][0]["message"]["content"]
        return text

    async def streamed(model: str) -> int:
        body, parts = {"model": model, "messages": MESSAGES, "stream": True}, []
        async with client.stream("POST", url, json=body, headers=headers) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: ") and line != "data: [DONE]":
                    text = json.loads(line[6:])["choices"][0]["delta"].get("content")
                    if text:
                        parts.append(text)
        return len("".join(parts))

    return whole, streamed


def pe4king_client(base: str) -> Client:
    """Our adapter, as the server uses it."""
    from pe4king_adapter.config import LlmProviderConfig
    from pe4king_adapter.config.endpoint import Endpoint
    from pe4king_adapter.config.values import Setting, Source
    from pe4king_adapter.provider import Prompt
    from pe4king_adapter.registry import create_provider
    from pe4king_adapter.secret import SecretValue

    endpoint = Endpoint.parse(Setting(base, Source.USER), "endpoint")

    def provider_of(model: str) -> Any:
        key = SecretValue("k-0123456789")
        return create_provider(
            LlmProviderConfig(endpoint, "openai-compatible", model, api_key=key, timeout=300.0)
        )

    providers = {model: provider_of(model) for model in (MODEL, SHORT)}
    prompt = Prompt.of(SYSTEM, USER)

    async def whole() -> str:
        text: str = (await providers[MODEL].complete(prompt)).text
        return text

    async def streamed(model: str) -> int:
        parts = [part.text async for part in providers[model].stream(prompt)]
        return len("".join(parts))

    return whole, streamed


def openai_client(base: str) -> Client:
    """OpenAI's SDK."""
    import openai

    client = openai.AsyncOpenAI(base_url=base, api_key="k", max_retries=0)

    async def whole() -> str:
        answer = await client.chat.completions.create(model=MODEL, messages=MESSAGES)
        return answer.choices[0].message.content or ""

    async def streamed(model: str) -> int:
        stream = await client.chat.completions.create(model=model, messages=MESSAGES, stream=True)
        said = [c.choices[0].delta.content or "" async for c in stream if c.choices]
        return len("".join(said))

    return whole, streamed


def litellm_client(base: str) -> Client:
    """LiteLLM."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True
    common = {"api_base": base, "api_key": "k", "messages": MESSAGES, "num_retries": 0}

    async def whole() -> str:
        answer = await litellm.acompletion(model=f"openai/{MODEL}", **common)
        text: str = answer.choices[0].message.content or ""
        return text

    async def streamed(model: str) -> int:
        stream = await litellm.acompletion(model=f"openai/{model}", stream=True, **common)
        said = [c.choices[0].delta.content or "" async for c in stream if c.choices]
        return len("".join(said))

    return whole, streamed


CLIENTS = {
    "httpx": httpx_client,
    "pe4king": pe4king_client,
    "openai": openai_client,
    "litellm": litellm_client,
}


async def call(client: Client, count: int) -> int:
    """One call after the other."""
    for _ in range(count):
        assert await client[0]()
    return count


async def stream(client: Client, count: int) -> int:
    """One stream of many chunks after the other; counts chunks, which some clients join."""
    for _ in range(count):
        assert await client[1](MODEL) > 5 * CHUNKS
    return count * CHUNKS


async def callers(client: Client, count: int) -> int:
    """Many callers at once, who share `count` calls."""
    left = iter(range(count))

    async def caller(left: Iterator[int]) -> None:
        for _ in left:
            assert await client[0]()

    await asyncio.gather(*(caller(left) for _ in range(CALLERS)))
    return count


async def mixed(client: Client, count: int) -> int:
    """One call in ten is a short stream."""
    for number in range(count):
        if number % 10:
            assert await client[0]()
        else:
            assert await client[1](SHORT) > 1
    return count


JOBS = {"call": call, "stream": stream, "callers": callers, "mixed": mixed}


def held() -> int:
    """KiB that this process holds by itself, garbage given back (Linux)."""
    gc.collect()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).malloc_trim(0)
        for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1])
    return 0


async def main(name: str, port: str) -> None:
    """Do jobs until there are none."""
    client = CLIENTS[name](f"http://127.0.0.1:{port}/v1")
    while line := await asyncio.to_thread(sys.stdin.readline):
        job, count = line.split()
        began, cpu = time.perf_counter(), time.process_time()
        done = await JOBS[job](client, int(count))
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
        print(
            json.dumps({"cpu": cpu, "seconds": seconds, "done": done, "held": held()}), flush=True
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
