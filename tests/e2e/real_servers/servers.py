"""PowerDNS, Kinto and Chroma: installed into `.cache/real/`, started on free ports of loopback."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx

ROOT = Path(__file__).resolve().parents[3]
HOME = ROOT / ".cache" / "real"
_START = 60.0


class NotToBeHadError(Exception):
    """A server that cannot be installed here, and why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its document as text, and what its tests need to know."""

    base_url: str
    prefix: str
    document: str
    credentials: str = ""
    """What is put into the environment for every documented security scheme."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the server wants and its document does not tell."""
    left_out: frozenset[str] = frozenset()
    """Operations that would end the run, by key."""


class Server(Protocol):
    name: str

    def install(self) -> None:
        """Raises NotToBeHadError."""

    def command(self, folder: Path, port: int) -> list[str]:
        """How it is started with its data in `folder`."""

    def ready(self, base_url: str) -> Running:
        """Its document and credentials; raises httpx.HTTPError while it does not answer."""


class PowerDns:
    name = "PowerDNS"
    _schema = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")

    def install(self) -> None:
        if shutil.which("pdns_server") and self._schema.exists():
            return
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            raise NotToBeHadError("apt-get install pdns-server pdns-backend-sqlite3")
        packages = ["pdns-server", "pdns-backend-sqlite3"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update", "-q"], ["install", "-y", "-q", *packages]):
            _install(["apt-get", *command], quiet)

    def command(self, folder: Path, port: int) -> list[str]:
        data = folder / "pdns.sqlite3"
        with sqlite3.connect(data) as database:
            database.executescript(self._schema.read_text(encoding="utf-8"))
        database.close()
        return [
            "pdns_server",
            f"--config-dir={folder}",
            f"--socket-dir={folder}",
            "--daemon=no",
            "--guardian=no",
            "--launch=gsqlite3",
            f"--gsqlite3-database={data}",
            "--gsqlite3-dnssec=yes",
            "--local-address=127.0.0.1",
            f"--local-port={free_port()}",
            "--api=yes",
            "--api-key=secret",
            "--webserver=yes",
            "--webserver-address=127.0.0.1",
            f"--webserver-port={port}",
        ]

    def ready(self, base_url: str) -> Running:
        headers = {"X-API-Key": "secret", "Accept": "application/json"}
        answer = httpx.get(f"{base_url}/api/docs", headers=headers).raise_for_status()
        return Running(base_url, "/api/v1", answer.text, "secret")


class Kinto:
    name = "Kinto"

    def install(self) -> None:
        _venv("kinto", "kinto==26.5.0")

    def command(self, folder: Path, port: int) -> list[str]:
        program = str(HOME / "kinto" / "bin" / "kinto")
        settings = folder / "kinto.ini"
        backends = ["--backend", "memory", "--cache-backend", "memory", "--host", "127.0.0.1"]
        subprocess.run(
            [program, "init", "--ini", str(settings), *backends], check=True, capture_output=True
        )
        text = settings.read_text(encoding="utf-8")
        wanted = "kinto.bucket_create_principals = system.Authenticated"
        text = text.replace("kinto.bucket_create_principals = account:admin", wanted)
        settings.write_text(text, encoding="utf-8")
        return [program, "start", "--ini", str(settings), "--port", str(port)]

    def ready(self, base_url: str) -> Running:
        document = httpx.get(f"{base_url}/v1/__api__").raise_for_status().text
        account = {"data": {"password": "secret"}}
        made = httpx.put(f"{base_url}/v1/accounts/admin", json=account)
        made.raise_for_status()
        basic = b64encode(b"admin:secret").decode()
        headers = {"Authorization": f"Basic {basic}"}
        left_out = frozenset({"DELETE /accounts"})
        return Running(base_url, "/v1", document, headers=headers, left_out=left_out)


class Chroma:
    name = "Chroma"

    def install(self) -> None:
        _venv("chroma", "chromadb==1.5.9")

    def command(self, folder: Path, port: int) -> list[str]:
        program = str(HOME / "chroma" / "bin" / "chroma")
        return [program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)]

    def ready(self, base_url: str) -> Running:
        document = httpx.get(f"{base_url}/openapi.json").raise_for_status().text
        return Running(base_url, "", document, left_out=frozenset({"POST /api/v2/reset"}))


SERVERS: tuple[Server, ...] = (PowerDns(), Kinto(), Chroma())


class Started:
    """A server as a process of ours, ended whatever happens."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[Any] | None = None

    def __enter__(self) -> Running:
        self._server.install()
        command = self._server.command(self._folder, self._port)
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder
            )
        deadline = time.monotonic() + _START
        while True:
            try:
                return self._server.ready(f"http://127.0.0.1:{self._port}")
            except httpx.HTTPError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise NotToBeHadError(f"does not start: {error}") from error
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _venv(name: str, requirement: str) -> None:
    """An environment of its own, so that nothing of it reaches ours."""
    home = HOME / name
    if (home / "complete").exists():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    _install([sys.executable, "-m", "venv", str(home)])
    _install([str(home / "bin" / "python"), "-m", "pip", "install", "-q", requirement])
    (home / "complete").touch()


def _install(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode != 0:
        raise NotToBeHadError(done.stderr.strip()[-300:])
