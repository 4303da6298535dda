"""Runs the bookstore of openapi.yaml: `python service.py [--port 8765] [--host 127.0.0.1]`.

Needs nothing but Python 3.11. `BookstoreServer` can also be used from a program, as a context
manager; it does not matter whether this file is run, imported or loaded by its path.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

FOLDER = str(Path(__file__).resolve().parent)
if FOLDER not in sys.path:
    sys.path.append(FOLDER)

from bookstore_app.server import BookstoreServer  # noqa: E402 - found only once FOLDER is known

__all__ = ["BookstoreServer", "main"]


def main() -> int:
    """Serves until SIGTERM or SIGINT; returns the exit code."""
    parser = argparse.ArgumentParser(description="The service behind openapi.yaml.")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free port")
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    try:
        server = BookstoreServer(options.port, options.host)
    except (OSError, OverflowError) as error:
        print(f"Cannot listen on {options.host}:{options.port}: {error}", file=sys.stderr)
        return 1
    with server:
        print(f"Bookstore listening on {server.base_url}", flush=True)
        # Windows delivers no signal to a thread that waits without an end.
        while not end.wait(0.5):
            continue
    return 0


if __name__ == "__main__":
    sys.exit(main())
