"""`pe4king serve`: the language server over standard streams or a loopback socket."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence


def serve(arguments: Sequence[str]) -> int:
    """Serve one client until it leaves; the exit code follows LSP."""
    options = parser().parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if options.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    from pe4king_server.lsp.stdio import run_stdio, run_tcp
    from pe4king_server.server import create_server

    server = create_server()
    if options.tcp is None:
        return run_stdio(server)
    return run_tcp(server, options.host, options.tcp, listening=_announce)


def parser() -> argparse.ArgumentParser:
    """The options of `serve`."""
    made = argparse.ArgumentParser(prog="pe4king serve", description=__doc__)
    made.add_argument("--stdio", action="store_true", help="standard streams (the default)")
    made.add_argument("--tcp", type=int, metavar="PORT", help="listen on PORT; 0 takes a free one")
    made.add_argument("--host", default="127.0.0.1", help="address for --tcp (default: loopback)")
    made.add_argument("--verbose", action="store_true", help="more in the log on standard error")
    return made


def _announce(host: str, port: int) -> None:
    sys.stderr.write(f"Pe4King listens on {host}:{port}\n")
    sys.stderr.flush()
