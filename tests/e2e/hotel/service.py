"""Runs the hotel service in a thread of the test process, on a free port of loopback."""

from __future__ import annotations

import socket
import threading
from typing import Any, Self

import uvicorn

from tests.e2e.hotel.app import hotel_app


class HotelService:
    """A fresh service; `base_url` and `document` are there once it is entered."""

    def __init__(self) -> None:
        app = hotel_app()
        self.document: dict[str, Any] = app.openapi()
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    @property
    def environment(self) -> dict[str, str]:
        """What the generated tests read."""
        return {
            "API_BASE_URL": self.base_url,
            "API_KEY": "demo-key",
            "API_BEARER_AUTH": "demo-token",
        }

    def __enter__(self) -> Self:
        # A socket that listens takes connections before the server looks at them.
        self._socket.listen(128)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
