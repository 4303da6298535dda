"""Everything that can go wrong, at every provider, with streams and without.

Each cell: the right kind of error, after the right number of requests, within the deadline. The
pauses between attempts are counted, not waited for.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.errors import ErrorKind, LlmError
from pe4king_adapter.problems import Problem
from pe4king_adapter.provider import LlmProvider, Prompt
from pe4king_adapter.registry import create_provider
from pe4king_adapter.tools import Tools
from pe4king_adapter.transport.retry import RetryPolicy

from .fake_server import FakeModel
from .spoken import ALL, SPOKEN
from .wire_server import KEY, TOKEN, WireServer, config_of

PROMPT = Prompt.of("you are terse", "say something")
SHORT = 0.25
SAMPLE = ("openai",)
WHOLE_ONLY = ("custom-http",)
PAGE = b"<html><body>Sign in to the network</body></html>"

CONNECTION, TIMEOUT = ErrorKind.CONNECTION, ErrorKind.TIMEOUT
AUTHENTICATION, QUOTA = ErrorKind.AUTHENTICATION, ErrorKind.QUOTA_EXCEEDED
RATE, INVALID = ErrorKind.RATE_LIMIT, ErrorKind.INVALID_RESPONSE


@dataclass(frozen=True)
class Fault:
    """What the server does, and what has to come of it.

    `streamed`: code and attempts where a stream was asked for, if they differ: a part of the
    answer was handed on already.
    """

    script: Callable[[WireServer], object]
    kind: ErrorKind
    code: Problem
    attempts: int
    streamed: tuple[Problem, int] | None = None
    timeout: float = 5.0


def status(number: int, kind: ErrorKind, code: Problem, attempts: int, word: str = "") -> Fault:
    return Fault(lambda server: server.fails(number, word), kind, code, attempts)


FAULTS: dict[str, Fault] = {
    "400": status(400, INVALID, Problem.BAD_REQUEST, 1),
    "401": status(401, AUTHENTICATION, Problem.KEY_REFUSED, 1),
    "402": status(402, QUOTA, Problem.QUOTA, 1),
    "403": status(403, AUTHENTICATION, Problem.FORBIDDEN, 1),
    "404": status(404, INVALID, Problem.ADDRESS_UNKNOWN, 1),
    "404 model": status(404, INVALID, Problem.MODEL_UNKNOWN, 1, "model"),
    "408": status(408, TIMEOUT, Problem.TIMEOUT, 3),
    "409": status(409, INVALID, Problem.BAD_REQUEST, 1),
    "413": status(413, INVALID, Problem.CONTEXT_LENGTH, 1),
    "422": status(422, INVALID, Problem.BAD_REQUEST, 1),
    "429 rate": status(429, RATE, Problem.RATE_LIMIT, 3, "rate"),
    "429 quota": status(429, QUOTA, Problem.QUOTA, 1, "quota"),
    "500": status(500, CONNECTION, Problem.SERVER, 3),
    "502": status(502, CONNECTION, Problem.SERVER, 3),
    "502 page": Fault(
        lambda s: s.status(502, PAGE, {"content-type": "text/html"}), CONNECTION, Problem.SERVER, 3
    ),
    "503": status(503, RATE, Problem.OVERLOADED, 3),
    "504": status(504, TIMEOUT, Problem.TIMEOUT, 3),
    "529": status(529, RATE, Problem.OVERLOADED, 3),
    "slow headers": Fault(WireServer.hang, TIMEOUT, Problem.TIMEOUT, 1, timeout=SHORT),
    "slow body": Fault(WireServer.stalls, TIMEOUT, Problem.TIMEOUT, 1, timeout=SHORT),
    "cut before the answer": Fault(WireServer.hangs_up, CONNECTION, Problem.BROKEN, 3),
    "cut mid-stream": Fault(
        WireServer.breaks, CONNECTION, Problem.BROKEN, 3, streamed=(Problem.BROKEN, 1)
    ),
    "clean end without end sign": Fault(
        WireServer.ends_early, INVALID, Problem.NOT_JSON, 3, streamed=(Problem.STREAM_CUT, 1)
    ),
    "malformed": Fault(
        WireServer.stammers, INVALID, Problem.NOT_JSON, 3, streamed=(Problem.STREAM_CUT, 3)
    ),
    "malformed after the first text": Fault(
        WireServer.derails, INVALID, Problem.NOT_JSON, 3, streamed=(Problem.STREAM_CUT, 1)
    ),
    "wrong content type": Fault(lambda s: s.sends(PAGE, "text/html"), INVALID, Problem.WEB_PAGE, 1),
    "endless answer": Fault(
        WireServer.babbles, INVALID, Problem.TOO_LARGE, 1, streamed=(Problem.TOO_LARGE, 1)
    ),
}

UNLIKE: dict[tuple[str, str], tuple[ErrorKind, Problem, int]] = {
    ("gigachat", "401"): (AUTHENTICATION, Problem.KEY_REFUSED, 2),
    ("custom-http", "404 model"): (INVALID, Problem.ADDRESS_UNKNOWN, 1),
    ("custom-http", "429 quota"): (RATE, Problem.RATE_LIMIT, 3),
    ("gigachat", "429 quota"): (RATE, Problem.RATE_LIMIT, 3),
    ("ollama", "429 quota"): (RATE, Problem.RATE_LIMIT, 3),
    ("yandexgpt", "429 quota"): (RATE, Problem.RATE_LIMIT, 3),
}
"""GigaChat buys a new token once; some protocols have no word for an empty account."""

slow = pytest.mark.slow
CELLS = [
    pytest.param(
        name,
        fault,
        streaming,
        id=f"{name}-{fault}-{'stream' if streaming else 'whole'}",
        marks=() if name in SAMPLE else slow,
    )
    for name in ALL
    for fault in FAULTS
    for streaming in (False, True)
]


def tools() -> Tools:
    async def sleep(_: float) -> None:
        return

    return Tools(policy=RetryPolicy(sleep=sleep), body_limit=256 * 1024)


@asynccontextmanager
async def provider(config: LlmProviderConfig) -> AsyncIterator[LlmProvider]:
    made = create_provider(config, tools())
    try:
        yield made
    finally:
        await made.close()


async def failure(config: LlmProviderConfig, streaming: bool) -> LlmError:
    """How a question fails; never later than its deadline, with room for a busy machine."""
    async with provider(config) as asked, asyncio.timeout(config.timeout + 10):
        with pytest.raises(LlmError) as caught:
            await answer(asked, streaming)
    return caught.value


async def answer(asked: LlmProvider, streaming: bool) -> str:
    if streaming:
        return "".join([part.text async for part in asked.stream(PROMPT)])
    return (await asked.complete(PROMPT)).text


@pytest.mark.parametrize(("name", "fault", "streaming"), CELLS)
async def test_fault(name: str, fault: str, streaming: bool) -> None:
    kind, spoken = ALL[name]
    expected = FAULTS[fault]
    with WireServer(spoken) as server:
        assert isinstance(server, WireServer)
        expected.script(server)
        config = config_of(kind, spoken, server.root, timeout=expected.timeout)
        raised = await failure(config, streaming)
        code, attempts = expected.code, expected.attempts
        if streaming and expected.streamed and kind not in WHOLE_ONLY:
            code, attempts = expected.streamed
        error_kind = expected.kind
        if (kind, fault) in UNLIKE:
            error_kind, code, attempts = UNLIKE[kind, fault]
        assert (raised.kind, raised.code) == (error_kind, code)
        assert raised.attempts == attempts
        # On a busy machine a short deadline may pass before the request has arrived.
        assert len(server.asked) == attempts or expected.timeout == SHORT
        assert raised.provider == kind
        told = f"{raised} {raised.text('ru')} {vars(raised)}"
        assert KEY not in told
        assert TOKEN not in told


def cases() -> list[object]:
    return [
        pytest.param(name, streaming, marks=() if name in SAMPLE else slow)
        for name in SPOKEN
        for streaming in (False, True)
    ]


@pytest.mark.parametrize(("name", "streaming"), cases())
async def test_nobody_listens(name: str, streaming: bool) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        root = f"http://127.0.0.1:{unused.getsockname()[1]}"
        raised = await failure(config_of(name, SPOKEN[name], root), streaming)
    assert (raised.code, raised.attempts) == (Problem.REFUSED, 3)


@pytest.mark.parametrize(("name", "streaming"), cases())
async def test_there_is_no_such_host(
    name: str, streaming: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    raised = await failure(config_of(name, SPOKEN[name], "https://model.invalid"), streaming)
    assert (raised.code, raised.attempts) == (Problem.NO_HOST, 3)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key in one file, signed by nobody."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=loopback"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return both


@pytest.fixture(scope="module")
def tls_root(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeModel(tls=context) as server:
        yield f"https://127.0.0.1:{server.port}"


@pytest.mark.parametrize(("name", "streaming"), cases())
async def test_the_certificate_is_not_trusted(name: str, streaming: bool, tls_root: str) -> None:
    raised = await failure(config_of(name, SPOKEN[name], tls_root), streaming)
    assert (raised.code, raised.attempts) == (Problem.TLS, 1)
    assert "certificate authority" in raised.text("en")


@pytest.mark.parametrize(("name", "streaming"), cases())
@pytest.mark.parametrize("number", [301, 307])
async def test_a_redirect_carries_nothing_elsewhere(
    name: str, streaming: bool, number: int
) -> None:
    spoken = SPOKEN[name]
    with WireServer(spoken) as server, WireServer(spoken) as elsewhere:
        assert isinstance(server, WireServer)
        assert isinstance(elsewhere, WireServer)
        elsewhere.says()
        server.status(number, b"", {"location": f"{elsewhere.root}{spoken.path}"})
        raised = await failure(config_of(name, spoken, server.root), streaming)
        assert (raised.code, raised.attempts) == (Problem.REDIRECT, 1)
        assert elsewhere.requests == []
        assert len(server.asked) == 1
